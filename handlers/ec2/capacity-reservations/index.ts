import type { Family } from '../family.ts';
import { billingRequestOperations, billingRequests } from './billing-requests.ts';
import { blockOfferingOperations } from './block-offerings.ts';
import { capacityBlockOperations, capacityBlocks } from './capacity-blocks.ts';
import { capacityReservations } from './capacity-reservations.ts';
import { reservationFleetOperations, reservationFleets } from './reservation-fleets.ts';
import { reservationOperations } from './reservation-operations.ts';
import { reservationTopologyOperations } from './reservation-topologies.ts';

export const capacityReservationsFamily: Family = {
  resources: [capacityReservations, reservationFleets, billingRequests, capacityBlocks],
  operations: { ...reservationOperations, ...reservationFleetOperations, ...billingRequestOperations, ...reservationTopologyOperations, ...blockOfferingOperations, ...capacityBlockOperations },
  refused: {
    CreateCapacityReservation: ['OutpostArn', 'PlacementGroupArn'],
    ModifyCapacityReservation: ['StartDate', 'QuoteId', 'AdditionalInfo', 'AcceptModificationTerms'],
    CancelCapacityReservation: ['ApplyCancellationCharges', 'QuoteId'],
    CreateCapacityReservationFleet: ['InstanceRequirements'],
    DescribeCapacityBlockOfferings: ['UltraserverType', 'UltraserverCount'],
  },
  effectless: { DescribeCapacityBlockOfferings: { AllAvailabilityZones: 'every zone that has offerings is one that nobody opts in to' } },
};
