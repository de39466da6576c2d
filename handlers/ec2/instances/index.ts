import type { Family } from '../family.ts';
import { cpuOptionOperations } from './cpu-options.ts';
import { defaultCreditOperations } from './default-credits.ts';
import { instanceAttributeOperations } from './instance-attributes.ts';
import { instanceOperations } from './instance-operations.ts';
import { instancePlacementOperations } from './instance-placements.ts';
import { instanceProfileAssociationOperations } from './instance-profile-associations.ts';
import { instanceStatusOperations } from './instance-statuses.ts';
import { instanceTypeOperations } from './instance-types.ts';
import { instances } from './instances.ts';
import { keyPairOperations, keyPairs } from './key-pairs.ts';
import { launchOptionOperations } from './launch-options.ts';
import { launchTemplateOperations, launchTemplates, launchTemplateVersions } from './launch-templates.ts';
import { metadataOptionOperations } from './metadata-options.ts';
import { privateDnsNameOperations } from './private-dns-names.ts';

export const instancesFamily: Family = {
  resources: [instances, keyPairs, launchTemplates, launchTemplateVersions],
  operations: {
    ...instanceOperations, ...instanceStatusOperations, ...instanceAttributeOperations, ...instanceProfileAssociationOperations, ...instanceTypeOperations, ...keyPairOperations, ...launchTemplateOperations,
    ...defaultCreditOperations, ...privateDnsNameOperations, ...cpuOptionOperations, ...launchOptionOperations, ...metadataOptionOperations, ...instancePlacementOperations,
  },
};
