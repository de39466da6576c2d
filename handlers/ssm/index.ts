import type { Service } from '../../src/kit/index.ts';
import * as errors from './errors.ts';
import { parameterLabelOperations } from './parameter-labels.ts';
import { parameterListingOperations } from './parameter-listings.ts';
import { namedParameter, parameterOperations, parameters, parameterVersions } from './parameters.ts';
import { permissions } from './permissions.ts';
import { putParameterOperations } from './put-parameter.ts';
import { tagOperations } from './tags.ts';

/** Of Systems Manager: Parameter Store. */
export const ssm: Service = {
  name: 'ssm',
  resources: [parameters, parameterVersions],
  operations: { ...putParameterOperations, ...parameterOperations, ...parameterListingOperations, ...parameterLabelOperations, ...tagOperations },
  refused: { error: errors.validation, paths: { PutParameter: ['Policies'] } },
  permissions,
  answers: { parameter: namedParameter },
};
