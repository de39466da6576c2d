import type { Family } from '../family.ts';
import { authorizationPolicies, authorizationPolicyOperations } from './authorization-policies.ts';
import { authorizationRuleOperations, authorizationRules } from './authorization-rules.ts';
import { clientConfigurationOperations } from './client-configurations.ts';
import { clientConnectionOperations } from './client-connections.ts';
import { clientVpnEndpoints, endpointOperations } from './endpoints.ts';
import { gatewayAttachmentOperations } from './gateway-attachments.ts';
import { revocationListOperations } from './revocation-lists.ts';
import { clientVpnRouteOperations, clientVpnRoutes } from './routes.ts';
import { targetNetworkOperations, targetNetworks } from './target-networks.ts';

export const clientVpnFamily: Family = {
  resources: [clientVpnEndpoints, targetNetworks, clientVpnRoutes, authorizationRules, authorizationPolicies],
  operations: {
    ...endpointOperations, ...targetNetworkOperations, ...clientVpnRouteOperations, ...authorizationRuleOperations, ...revocationListOperations,
    ...clientConfigurationOperations, ...clientConnectionOperations, ...authorizationPolicyOperations, ...gatewayAttachmentOperations,
  },
};
