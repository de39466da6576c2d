import { AwsError } from '../../../src/kit/index.ts';

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
const error = (code: string, message: string): AwsError => new AwsError(code, message, 400);

export const insufficientCapacityOnHost = (id?: string): AwsError => error('InsufficientCapacityOnHost', id === undefined ? 'There is no Dedicated Host with auto-placement and enough capacity to launch or start the instance.' : `There is not enough capacity on the Dedicated Host '${id}' to launch or start the instance.`);
export const invalidHostConfiguration = (message: string): AwsError => error('InvalidHostConfiguration', message);
export const invalidHostState = (id: string, state: string): AwsError => error('InvalidHostState', `The Dedicated Host '${id}' is in the state '${state}' and cannot be used.`);
export const hostReserved = (id: string): AwsError => error('InvalidHost.Reserved', `The Dedicated Host '${id}' already has a reservation.`);
export const offeringNotFound = (id: string): AwsError => error('InvalidHostReservationOfferingID.NotFound', `The host reservation offering ID '${id}' does not exist`);
export const limitPriceExceeded = (): AwsError => error('InvalidLimitPrice', 'The total price exceeds the specified limit price.');

/** What the answers of ModifyHosts and ReleaseHosts say of a host that they leave as it is. */
export const occupied = (id: string) => ({ Code: 'Client.InvalidHost.Occupied', Message: `Dedicated host '${id}' cannot be released as it is occupied.` });
export const minimumNotOver = (id: string) => ({ Code: 'Client.HostMinAllocationPeriodUnexpired', Message: `Dedicated host '${id}' cannot be released before its minimum allocation period of 24 hours is over.` });
export const notReleasable = (id: string) => ({ Code: 'Client.InvalidHost.Reserved', Message: `Dedicated host '${id}' cannot be released as it has a reservation.` });
