import { AwsError } from '../../../src/kit/index.ts';

/** Errors of VPC peering. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
const error = (code: string, message: string): AwsError => new AwsError(code, message, 400);

export const peeringExists = (): AwsError => error('VpcPeeringConnectionAlreadyExists', 'A VPC peering connection between the VPCs already exists.');
export const invalidTransition = (id: string, from: string, to: string): AwsError => error('InvalidStateTransition', `Invalid state transition for ${id}, attempted to transition from ${from} to ${to}`);
export const wrongRegion = (region: string, id: string, verb: string, right: string): AwsError =>
  error('OperationNotPermitted', `Incorrect region (${region}) specified for this request. VPC peering connection ${id} must be ${verb} in region ${right}`);
export const wrongUser = (account: string, verb: string, id: string): AwsError => error('OperationNotPermitted', `User (${account}) cannot ${verb} peering ${id}`);
