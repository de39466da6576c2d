import type { Family } from '../family.ts';
import { connectionNotificationOperations, connectionNotifications } from './connection-notifications.ts';
import { connectionOperations, endpointConnections } from './connections.ts';
import { endpointAssociationOperations } from './endpoint-associations.ts';
import { endpointServices, serviceConfigurationOperations } from './service-configurations.ts';
import { servicePermissionOperations, servicePermissions } from './service-permissions.ts';
import { endpointServiceListingOperations, serviceOwners } from './services.ts';
import { vpcEndpointOperations, vpcEndpoints } from './vpc-endpoints.ts';

export const vpcEndpointsFamily: Family = {
  resources: [vpcEndpoints, endpointServices, servicePermissions, endpointConnections, connectionNotifications, serviceOwners],
  operations: {
    ...vpcEndpointOperations, ...endpointAssociationOperations, ...endpointServiceListingOperations, ...serviceConfigurationOperations, ...servicePermissionOperations, ...connectionOperations, ...connectionNotificationOperations,
  },
};
