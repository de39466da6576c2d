import type { StsOperations } from '../../fixtures/models/sts.ts';
import { BASE32, isoTime, type Context, type Principal, type Session } from '../../src/kit/index.ts';
import * as errors from './errors.ts';

export interface Issued {
  readonly Credentials: NonNullable<StsOperations['AssumeRole']['output']['Credentials']>;
  readonly SessionTokenSize: number;
  readonly SessionTokenUtilization: number;
}

const SECRET_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const TOKEN_BEGINNING = 'FwoGZXIvYXdz';
const TOKEN_CHARACTERS = 252;
/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const TOKEN_CHARACTERS_MAX = 4096;
export const HOUR_SECONDS = 3600;

/** Temporary credentials, verified by the machine until they expire. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp.html */
export async function issue(ctx: Context, principal: Omit<Principal, 'accessKeyId'> & { session: Session }, seconds: number, minimumTokenSize = 0): Promise<Issued> {
  // assumed: the texts.
  if (!Number.isInteger(minimumTokenSize) || minimumTokenSize < 0 || minimumTokenSize > TOKEN_CHARACTERS_MAX) {
    throw errors.validationError(`1 validation error detected: Value '${minimumTokenSize}' at 'minimumSessionTokenSize' failed to satisfy constraint: Member must be between 0 and ${TOKEN_CHARACTERS_MAX}`);
  }
  const accessKeyId = `ASIA${ctx.ids.text(BASE32, 16)}`;
  const secret = ctx.ids.text(SECRET_ALPHABET, 40);
  const size = Math.max(TOKEN_CHARACTERS, minimumTokenSize);
  const token = `${TOKEN_BEGINNING}${ctx.ids.bytes(Math.ceil((size * 3) / 4)).toString('base64')}`.slice(0, size);
  const expires = Math.floor(ctx.nowMs / 1000) * 1000 + seconds * 1000;
  await ctx.putCredential({ accessKeyId, secret, sessionToken: token, expires, active: true, principal: { ...principal, accessKeyId } });
  return {
    Credentials: { AccessKeyId: accessKeyId, SecretAccessKey: secret, SessionToken: token, Expiration: isoTime(expires) },
    SessionTokenSize: token.length, SessionTokenUtilization: Math.ceil((token.length / TOKEN_CHARACTERS_MAX) * 100),
  };
}
