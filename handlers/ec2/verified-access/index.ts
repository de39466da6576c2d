import type { Family } from '../family.ts';
import { clientConfigurationOperations } from './client-configurations.ts';
import { verifiedAccessEndpointOperations, verifiedAccessEndpoints } from './endpoints.ts';
import { verifiedAccessGroupOperations, verifiedAccessGroups } from './groups.ts';
import { verifiedAccessInstanceOperations, verifiedAccessInstances } from './instances.ts';
import { loggingConfigurationOperations } from './logging-configurations.ts';
import { trustProviderOperations, trustProviders } from './trust-providers.ts';

/** https://docs.aws.amazon.com/verified-access/latest/ug/what-is-verified-access.html */
export const verifiedAccessFamily: Family = {
  resources: [verifiedAccessInstances, trustProviders, verifiedAccessGroups, verifiedAccessEndpoints],
  operations: {
    ...verifiedAccessInstanceOperations, ...trustProviderOperations, ...verifiedAccessGroupOperations, ...verifiedAccessEndpointOperations, ...loggingConfigurationOperations, ...clientConfigurationOperations,
  },
  effectless: {
    CreateVerifiedAccessEndpoint: { 'RdsOptions.RdsEndpoint': 'it is shown; nothing connects to a database' },
    ModifyVerifiedAccessEndpoint: { 'RdsOptions.RdsEndpoint': 'it is shown; nothing connects to a database' },
  },
};
