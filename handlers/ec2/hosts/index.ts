import type { Family } from '../family.ts';
import { hostOperations } from './host-operations.ts';
import { hostReservationOperations, hostReservations } from './host-reservations.ts';
import { hosts } from './hosts.ts';

export const hostsFamily: Family = {
  resources: [hosts, hostReservations],
  operations: { ...hostOperations, ...hostReservationOperations },
  refused: { AllocateHosts: ['OutpostArn', 'AssetIds', 'CpuOptions'] },
};
