import { AwsError } from '../../../src/kit/index.ts';

const error = (code: string, message: string): AwsError => new AwsError(code, message, 400);

// assumed: how these words begin.
export const notModifiable = (noun: string, id: string): AwsError => error('InvalidState', `The ${noun} ${id} is not in a modifiable state`);
// assumed: the codes and words of blocks that do not fit.
export const blockSize = (cidr: string): AwsError => error('InvalidParameterValue', `Value (${cidr}) for parameter Ipv4CidrBlock is invalid. The CIDR block size must be between /12 and /28.`);
export const blockOutside = (cidr: string, networkId: string): AwsError => error('InvalidParameterValue', `Value (${cidr}) for parameter Ipv4CidrBlock is invalid. It is not within a CIDR block of the secondary network ${networkId}.`);
export const blockConflict = (cidr: string, subnetId: string): AwsError => error('InvalidParameterValue', `Value (${cidr}) for parameter Ipv4CidrBlock is invalid. It overlaps with the CIDR block of the secondary subnet ${subnetId}.`);
