import type { Family } from '../family.ts';
import { billingRequestOperations, billingRequests } from './billing-requests.ts';
import { capacityReservations } from './capacity-reservations.ts';
import { reservationFleetOperations, reservationFleets } from './reservation-fleets.ts';
import { reservationOperations } from './reservation-operations.ts';
import { reservationTopologyOperations } from './reservation-topologies.ts';

export const capacityReservationsFamily: Family = {
  resources: [capacityReservations, reservationFleets, billingRequests],
  operations: { ...reservationOperations, ...reservationFleetOperations, ...billingRequestOperations, ...reservationTopologyOperations },
};
