import { AwsError } from '../../../src/kit/index.ts';

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
const error = (code: string, message: string): AwsError => new AwsError(code, message, 400);

export const capacityExceeded = (): AwsError => error('ReservationCapacityExceeded', 'The requested reservation does not have sufficient compatible and available capacity for this request.');
export const invalidReservationState = (id: string, state: string): AwsError => error('InvalidCapacityReservationState', `The Capacity Reservation '${id}' is in the state '${state}' and does not allow this operation.`);
export const noBillingRequest = (id: string): AwsError => error('InvalidCapacityReservationBillingRequest.NotFound', `There is no pending billing ownership request for the Capacity Reservation '${id}'.`);
