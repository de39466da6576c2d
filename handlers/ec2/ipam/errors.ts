import { AwsError } from '../../../src/kit/index.ts';

/** Errors of IPAM: one function a code, texts as EC2 answers them where they are known. */
const error = (code: string, message: string): AwsError => new AwsError(code, message, 400);

/** "The ipam-pool ID 'ipam-pool-1' does not exist" with InvalidIpamPoolId.NotFound. */
export const missing = (code: string, noun: string) => (ids: readonly string[]): AwsError =>
  error(`${code}.NotFound`, ids.length === 1 ? `The ${noun} ID '${ids[0]}' does not exist` : `The ${noun} IDs '${ids.join(', ')}' do not exist`);

export const limitReached = (noun: string, present: number, limit: number): AwsError =>
  error('ResourceLimitExceeded', `You've reached the limit for ${noun}. You have created ${present} ${noun} and you are limited to ${limit}.`);

/** Known of pools: "There are one or more pool cidrs provisioned in the pool." */
export const stillHas = (id: string, what: string): AwsError => error('DependencyViolation', `The specified action is not valid for ${id}. There are one or more ${what}.`);

// assumed: these words; the code is the one that clients know of what is on its way.
export const wrongState = (id: string, state: string): AwsError => error('IncorrectState', `The specified action is not valid for ${id}. Its state is ${state}.`);

export const nothingToModify = (noun: string): AwsError => error('InvalidParameterCombination', `The request must contain a modification to the ${noun}`);

export const isDefault = (id: string, verb: string): AwsError => error('OperationNotPermitted', `The specified action is not valid for ${id}. You cannot ${verb} what is the default of an IPAM.`);

export const tooBig = (): AwsError => error('InvalidParameterValue', 'The allocation size is too big for the pool.');
export const missingTags = (): AwsError => error('InvalidParameterValue', 'The resource is missing one or more of the resource tags required by the IPAM pool.');
export const noSourceResource = (poolId: string): AwsError => error('InvalidParameterValue', `IpamPool '${poolId}' is missing a source resource`);
export const noLength = (): AwsError =>
  error('InvalidParameterCombination', 'The request cannot contain empty CIDR and Netmask Length for a pool with no default allocation netmask length set. Exactly one of them should be provided.');
export const noAllocation = (id: string): AwsError => error('InvalidParameterCombination', `No allocation found for ${id}`);
export const notRegistered = (account: string): AwsError => error('IpamOrganizationAccountNotRegistered', `The account ${account} is not registered as a delegated administrator of IPAM.`);
// assumed: the code of an account that is in no organization.
export const noOrganization = (): AwsError => error('InvalidParameterValue', 'Your account is not a member of an organization.');
