import type { Family } from '../family.ts';
import { networkInterfaceOperations } from './network-interface-operations.ts';
import { networkInterfaces } from './network-interfaces.ts';

export const networkInterfacesFamily: Family = {
  resources: [networkInterfaces],
  operations: { ...networkInterfaceOperations },
};
