import type { Family } from '../family.ts';
import { allocationOperations, allocations } from './allocations.ts';
import { byoasnAssociations } from './byoasn-associations.ts';
import { byoasnOperations, byoasns } from './byoasns.ts';
import { discoveredOperations } from './discovered.ts';
import { ipamOperations, ipams } from './ipams.ts';
import { organizationAdminAccountOperations } from './organization-admin-accounts.ts';
import { policies, policyOperations } from './policies.ts';
import { poolCidrOperations, poolCidrs } from './pool-cidrs.ts';
import { presences } from './pool-presences.ts';
import { poolOperations, pools } from './pools.ts';
import { resolverTargetOperations, targets } from './prefix-list-resolver-targets.ts';
import { resolverOperations, resolvers } from './prefix-list-resolvers.ts';
import { resourceCidrOperations } from './resource-cidrs.ts';
import { discoveries, discoveryOperations } from './resource-discoveries.ts';
import { associations, discoveryAssociationOperations } from './resource-discovery-associations.ts';
import { overrides } from './resource-overrides.ts';
import { scopeOperations, scopes } from './scopes.ts';
import { verificationTokenOperations, verificationTokens } from './verification-tokens.ts';

export const ipamFamily: Family = {
  resources: [ipams, scopes, pools, presences, poolCidrs, allocations, discoveries, associations, overrides, byoasns, byoasnAssociations, verificationTokens, resolvers, targets, policies],
  operations: {
    ...ipamOperations, ...scopeOperations, ...poolOperations, ...poolCidrOperations, ...allocationOperations, ...discoveryOperations, ...discoveryAssociationOperations, ...discoveredOperations,
    ...resourceCidrOperations, ...byoasnOperations, ...verificationTokenOperations, ...resolverOperations, ...resolverTargetOperations, ...policyOperations, ...organizationAdminAccountOperations,
  },
};
