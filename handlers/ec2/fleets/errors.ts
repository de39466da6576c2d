import { AwsError } from '../../../src/kit/index.ts';

const error = (code: string, message: string): AwsError => new AwsError(code, message, 400);

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
export const invalidTargetCapacity = (message: string): AwsError => error('InvalidTargetCapacitySpecification', message);
export const invalidFleetConfig = (message: string): AwsError => error('InvalidFleetConfig', message);
