import type { Family } from '../family.ts';
import { defaultCreditOperations } from './default-credits.ts';
import { instanceAttributeOperations } from './instance-attributes.ts';
import { instanceOperations } from './instance-operations.ts';
import { instanceProfileAssociationOperations } from './instance-profile-associations.ts';
import { instanceTypeOperations } from './instance-types.ts';
import { instances } from './instances.ts';
import { keyPairOperations, keyPairs } from './key-pairs.ts';
import { launchTemplateOperations, launchTemplates, launchTemplateVersions } from './launch-templates.ts';
import { privateDnsNameOperations } from './private-dns-names.ts';

export const instancesFamily: Family = {
  resources: [instances, keyPairs, launchTemplates, launchTemplateVersions],
  operations: { ...instanceOperations, ...instanceAttributeOperations, ...instanceProfileAssociationOperations, ...instanceTypeOperations, ...keyPairOperations, ...launchTemplateOperations, ...defaultCreditOperations, ...privateDnsNameOperations },
};
