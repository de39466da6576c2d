import { NOTHING_MANAGED, NO_OPERATING_SYSTEM, type Family } from '../family.ts';
import { addressAssignmentOperations } from './address-assignments.ts';
import { interfacePermissionOperations, interfacePermissions } from './interface-permissions.ts';
import { networkInterfaceOperations } from './network-interface-operations.ts';
import { networkInterfaces } from './network-interfaces.ts';
import { publicHostnameOperations } from './public-hostnames.ts';
import { trunkAssociationOperations, trunkAssociations } from './trunk-associations.ts';

export const networkInterfacesFamily: Family = {
  resources: [networkInterfaces, interfacePermissions, trunkAssociations],
  operations: { ...networkInterfaceOperations, ...addressAssignmentOperations, ...interfacePermissionOperations, ...trunkAssociationOperations, ...publicHostnameOperations },
  effectless: {
    DescribeNetworkInterfaces: { IncludeManagedResources: NOTHING_MANAGED },
    DetachNetworkInterface: { Force: NO_OPERATING_SYSTEM },
  },
};
