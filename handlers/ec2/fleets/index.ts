import type { Family } from '../family.ts';
import { fleetOperations } from './fleet-operations.ts';
import { fleets } from './fleets.ts';

export const fleetsFamily: Family = {
  resources: [fleets],
  operations: fleetOperations,
  refused: { CreateFleet: ['ReservedCapacityOptions'] },
  effectless: { CreateFleet: { 'SpotOptions.MaintenanceStrategies': 'no rebalance recommendation is ever sent' } },
};
