import { AwsError } from '../../src/kit/index.ts';

/** STS's errors, one function a code. https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html and each operation's page. */
export const validationError = (message: string): AwsError => new AwsError('ValidationError', message);
export const invalidParameterValue = (message: string): AwsError => new AwsError('InvalidParameterValue', message);
export const malformedPolicyDocument = (message: string): AwsError => new AwsError('MalformedPolicyDocument', message);
export const packedPolicyTooLarge = (percent: number): AwsError => new AwsError('PackedPolicyTooLarge', `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`);
export const accessDenied = (message: string): AwsError => new AwsError('AccessDenied', message, 403);
/** Who has no name, because the request is not signed. */
export const notAuthorized = (action: string): AwsError => accessDenied(`Not authorized to perform ${action}`);
export const expiredToken = (message: string): AwsError => new AwsError('ExpiredTokenException', message);
export const invalidIdentityToken = (message: string): AwsError => new AwsError('InvalidIdentityToken', message);
export const idpCommunicationError = (message: string): AwsError => new AwsError('IDPCommunicationError', message);
export const sessionDurationEscalation = (): AwsError => new AwsError('SessionDurationEscalationException', 'The requested token duration would extend the session beyond its original expiration time.', 403);
export const outboundFederationDisabled = (): AwsError => new AwsError('OutboundWebIdentityFederationDisabledException', 'The outbound web identity federation feature is not enabled for this account. To use this feature, you must first enable it through the Amazon Web Services Management Console or API.', 403);
export const expiredTradeInToken = (): AwsError => new AwsError('ExpiredTradeInTokenException', 'The trade-in token provided in the request has expired and can no longer be exchanged for credentials. Request a new token and retry the operation.');
