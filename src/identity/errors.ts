import { AwsError, type ProtocolName } from '../../protocols/types.ts';

/**
 * What the verifier finds, in neutral words; each protocol family has its own code, status and text for it.
 * EC2: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
 * Query: https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
 * JSON: https://docs.aws.amazon.com/systems-manager/latest/APIReference/CommonErrors.html
 */
export type SignatureProblem = 'missing' | 'incomplete' | 'mismatch' | 'expired' | 'scope' | 'unknownKey' | 'expiredToken';

export class SignatureError extends Error {
  constructor(readonly problem: SignatureProblem, message: string) {
    super(message);
  }
}

type Family = 'ec2' | 'query' | 'json';
type Answer = readonly [code: string, status: number, text?: string];

const UNKNOWN_KEY = 'The security token included in the request is invalid.';
const EXPIRED_TOKEN = 'The security token included in the request is expired';
const NOT_VALIDATED = 'AWS was not able to validate the provided access credentials';

const ANSWERS: Readonly<Record<Family, Readonly<Record<SignatureProblem, Answer>>>> = {
  ec2: {
    missing: ['MissingAuthenticationToken', 403, 'Request is missing Authentication Token'],
    incomplete: ['IncompleteSignature', 400],
    mismatch: ['AuthFailure', 401, NOT_VALIDATED],
    expired: ['RequestExpired', 400, 'Request has expired.'],
    scope: ['AuthFailure', 401, NOT_VALIDATED],
    unknownKey: ['AuthFailure', 401, NOT_VALIDATED],
    expiredToken: ['RequestExpired', 400, 'Request has expired.'],
  },
  query: {
    missing: ['MissingAuthenticationToken', 403, 'Request is missing Authentication Token'],
    incomplete: ['IncompleteSignature', 400],
    mismatch: ['SignatureDoesNotMatch', 403],
    expired: ['SignatureDoesNotMatch', 403],
    scope: ['SignatureDoesNotMatch', 403],
    unknownKey: ['InvalidClientTokenId', 403, UNKNOWN_KEY],
    expiredToken: ['ExpiredToken', 403, EXPIRED_TOKEN],
  },
  json: {
    missing: ['MissingAuthenticationTokenException', 400, 'Missing Authentication Token'],
    incomplete: ['IncompleteSignatureException', 400],
    mismatch: ['InvalidSignatureException', 400],
    expired: ['InvalidSignatureException', 400],
    scope: ['InvalidSignatureException', 400],
    unknownKey: ['UnrecognizedClientException', 400, UNKNOWN_KEY],
    expiredToken: ['ExpiredTokenException', 400, EXPIRED_TOKEN],
  },
};

const familyOf = (protocol: ProtocolName): Family => (protocol === 'ec2Query' ? 'ec2' : protocol === 'awsQuery' ? 'query' : 'json');

export function signatureError(protocol: ProtocolName, problem: SignatureProblem, message: string): AwsError {
  const [code, status, text] = ANSWERS[familyOf(protocol)][problem];
  return new AwsError(code, text ?? message, status);
}
