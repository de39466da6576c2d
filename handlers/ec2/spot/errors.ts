import { AwsError } from '../../../src/kit/index.ts';

/** Errors of spot requests and fleets. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
const error = (code: string, message: string): AwsError => new AwsError(code, message, 400);

export const maxPriceTooLow = (maxUsd: string, minUsd: string): AwsError =>
  error('SpotMaxPriceTooLow', `Your Spot request price of ${maxUsd} is lower than the minimum required Spot request fulfillment price of ${minUsd}.`);
export const spotCountExceeded = (): AwsError => error('MaxSpotInstanceCountExceeded', 'Max spot instance count exceeded');
export const invalidTime = (message: string): AwsError => error('InvalidTime', message);
export const invalidSpotPrice = (price: string): AwsError => error('InvalidParameterValue', `Invalid value '${price}' for spotPrice. Must be a positive number with at most 6 decimals.`);
export const oneTimeNotStoppable = (id: string): AwsError =>
  error('UnsupportedOperation', `You can't stop the Spot Instance '${id}' because it is associated with a one-time Spot Instance request. You can only stop Spot Instances associated with persistent Spot Instance requests.`);
export const incorrectRequestState = (id: string): AwsError =>
  error('IncorrectSpotRequestState', `You can't start the Spot Instance '${id}' because the associated Spot Instance request is not in an appropriate state to support start.`);
export const invalidFleetRequest = (message: string): AwsError => error('InvalidSpotFleetRequestConfig', message);
export const invalidToken = (): AwsError => error('IdempotentParameterMismatch', 'The client token you have provided is associated with a resource that has different parameters from this request.');
export const datafeedNotFound = (): AwsError => error('InvalidSpotDatafeed.NotFound', 'Spot datafeed subscription does not exist.');
