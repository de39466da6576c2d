import { AwsError } from '../../../src/kit/index.ts';

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
const error = (code: string, message: string): AwsError => new AwsError(code, message, 400);

export const invalidReservedInstances = (ids: readonly string[]): AwsError => error('InvalidReservedInstancesId', `The ID '${ids.join(', ')}' for the Reserved Instances is not valid.`);
export const invalidOffering = (id: string): AwsError => error('InvalidReservedInstancesOfferingId', `The specified Reserved Instances offering '${id}' does not exist.`);
export const invalidInput = (message: string): AwsError => error('InvalidInput', message);
export const limitPriceExceeded = (): AwsError => error('InvalidLimitPrice', 'The price of the offering exceeds the specified limit price.');
