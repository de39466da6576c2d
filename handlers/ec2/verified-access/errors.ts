import { AwsError } from '../../../src/kit/index.ts';

const error = (code: string, message: string): AwsError => new AwsError(code, message, 400);

export const documentWithoutPolicy = (): AwsError => error('InvalidParameterValue', 'Policy Document cannot be provided when Policy Enabled is false or missing');
// assumed: how these words end.
export const policyWithoutDocument = (): AwsError => error('MissingParameter', 'Policy Document must be provided when Policy Enabled is true');
// assumed: the code and words of a policy that is no Cedar.
export const invalidPolicy = (why: string): AwsError => error('InvalidParameterValue', `The policy document is not valid: ${why}`);
// assumed: the code and words of the wrong state.
export const incorrectState = (noun: string, id: string, state: string): AwsError => error('IncorrectState', `The ${noun} '${id}' is in the '${state}' state.`);
// assumed: the codes and words of trust providers that are attached twice, or not at all.
export const alreadyAttached = (providerId: string, instanceId: string): AwsError => error('InvalidParameterValue', `The Verified Access trust provider ${providerId} is already attached to the Verified Access instance ${instanceId}`);
export const notAttached = (providerId: string, instanceId: string): AwsError => error('InvalidParameterValue', `The Verified Access trust provider ${providerId} is not attached to the Verified Access instance ${instanceId}`);
export const oneUserProvider = (instanceId: string): AwsError => error('InvalidParameterValue', `The Verified Access instance ${instanceId} already has a user trust provider attached`);
// assumed: this code, and these words.
export const endpointLimitExceeded = (): AwsError => error('VerifiedAccessEndpointLimitExceeded', 'The maximum number of Verified Access Endpoints has been reached.');
