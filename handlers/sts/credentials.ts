import type { StsOperations } from '../../fixtures/models/sts.ts';
import { BASE32, isoTime, type Context, type Principal, type Session } from '../../src/kit/index.ts';

export type Issued = NonNullable<StsOperations['AssumeRole']['output']['Credentials']>;

const SECRET_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
export const HOUR_SECONDS = 3600;

/** Temporary credentials, verified by the machine until they expire. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp.html */
export async function issue(ctx: Context, principal: Omit<Principal, 'accessKeyId'> & { session: Session }, seconds: number): Promise<Issued> {
  const accessKeyId = `ASIA${ctx.ids.text(BASE32, 16)}`;
  const secret = ctx.ids.text(SECRET_ALPHABET, 40);
  const token = `FwoGZXIvYXdz${ctx.ids.bytes(180).toString('base64')}`;
  const expires = Math.floor(ctx.nowMs / 1000) * 1000 + seconds * 1000;
  await ctx.putCredential({ accessKeyId, secret, sessionToken: token, expires, active: true, principal: { ...principal, accessKeyId } });
  return { AccessKeyId: accessKeyId, SecretAccessKey: secret, SessionToken: token, Expiration: isoTime(expires) };
}
