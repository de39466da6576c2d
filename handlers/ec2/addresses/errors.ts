import { AwsError } from '../../../src/kit/index.ts';

/** Errors of addresses and of what they are taken from: one function a code. */
const error = (code: string, message: string): AwsError => new AwsError(code, message, 400);

export const addressNotFound = (publicIp: string): AwsError => error('InvalidAddress.NotFound', `Address '${publicIp}' not found.`);
export const addressInUse = (publicIp: string): AwsError => error('InvalidIPAddress.InUse', `Address ${publicIp} is in use.`);

// The codes of transfers are listed at https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/transfer-EIPs-intro-ec2.html
// assumed: their texts, and the code of a transfer that is not offered.
export const transferAssociated = (publicIp: string): AwsError => error('InvalidTransfer.AddressAssociated', `The address ${publicIp} is associated and cannot be transferred. Disassociate it first.`);
export const transferHasPtr = (publicIp: string): AwsError => error('InvalidTransfer.AddressCustomPtrSet', `The address ${publicIp} has a reverse DNS record and cannot be transferred. Remove the record first.`);
export const noTransfer = (what: string): AwsError => error('InvalidTransfer.NotFound', `There is no pending transfer of ${what}.`);

// assumed: the code and text of a range that was not brought.
export const rangeNotFound = (cidr: string): AwsError => error('InvalidByoipCidr.NotFound', `The address range ${cidr} is not provisioned.`);
export const rangeState = (cidr: string, state: string): AwsError => error('IncorrectState', `The address range ${cidr} is in the state ${state}.`);
export const noAddresses = (poolId: string): AwsError => error('InsufficientAddressCapacity', `The address pool ${poolId} has no free addresses.`);
