import type { Family } from '../family.ts';
import { coipPoolOperations, coipPools } from './coip-pools.ts';
import { groupAssociationOperations, groupAssociations } from './group-associations.ts';
import { localGatewayOperations, localGateways } from './local-gateways.ts';
import { outpostLagOperations, outpostLags, serviceLinks } from './outpost-lags.ts';
import { localTableOperations, localTables } from './route-tables.ts';
import { localRouteOperations, localRoutes } from './routes.ts';
import { interfaceGroupOperations, interfaceGroups } from './virtual-interface-groups.ts';
import { virtualInterfaceOperations, virtualInterfaces } from './virtual-interfaces.ts';
import { vpcAssociationOperations, vpcAssociations } from './vpc-associations.ts';

export { installOutpost } from './outposts.ts';

/** Local gateways of Outposts, which stand in an account where one was delivered. */
export const localGatewaysFamily: Family = {
  resources: [localGateways, outpostLags, serviceLinks, interfaceGroups, virtualInterfaces, localTables, localRoutes, groupAssociations, vpcAssociations, coipPools],
  operations: {
    ...localGatewayOperations, ...outpostLagOperations, ...interfaceGroupOperations, ...virtualInterfaceOperations, ...localTableOperations, ...localRouteOperations, ...groupAssociationOperations,
    ...vpcAssociationOperations, ...coipPoolOperations,
  },
};
