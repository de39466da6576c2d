import { createECDH, createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import type { StsOperations } from '../../fixtures/models/sts.ts';
import { generateRsaKey, identityOf, isoTime, resource, type Context, type Handlers } from '../../src/kit/index.ts';
import * as errors from './errors.ts';

/** Tokens that say to others who somebody is in AWS. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetWebIdentityToken.html */

interface SigningKey {
  Algorithm: string;
  KeyId: string;
  $: { sealed: string };
}

/** An account's, made when first used; the public halves are at the issuer's address, which `/_fogbank/issuers` shows. */
export const signingKeys = resource<SigningKey>({
  service: 'sts',
  kind: 'signing-key',
  global: true,
  shape: 'GetWebIdentityTokenRequest',
  id: { member: 'Algorithm' },
  notFound: ([algorithm]) => errors.validationError(`There is no key for ${algorithm}.`),
  tags: null,
});

const HASHES: Readonly<Record<string, string>> = { RS256: 'sha256', ES384: 'sha384' };
const RSA_BITS = 2048;
const P384_BYTES = 48;
const SECONDS_DEFAULT = 300;
const NAMESPACE = 'https://sts.amazonaws.com/';

function generate(algorithm: string, ctx: Context): KeyObject {
  if (algorithm === 'RS256') return generateRsaKey(RSA_BITS, (count) => ctx.ids.bytes(count));
  const ecdh = createECDH('secp384r1');
  const d = ctx.ids.bytes(P384_BYTES);
  // Below the order of the curve, and not nought.
  d[0]! &= 0x7f;
  d[P384_BYTES - 1]! |= 1;
  ecdh.setPrivateKey(d);
  const point = ecdh.getPublicKey();
  const part = (bytes: Buffer) => bytes.toString('base64url');
  return createPrivateKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-384', d: part(d), x: part(point.subarray(1, 1 + P384_BYTES)), y: part(point.subarray(1 + P384_BYTES)) } });
}

async function signingKey(algorithm: string, issuer: string, ctx: Context): Promise<{ id: string; key: KeyObject }> {
  const present = await ctx.find(signingKeys, algorithm);
  if (present) return { id: present.KeyId, key: createPrivateKey(ctx.unseal(present.$.sealed)) };
  const key = generate(algorithm, ctx);
  const id = ctx.ids.uuid();
  await ctx.create(signingKeys, { Algorithm: algorithm, KeyId: id, $: { sealed: ctx.seal(String(key.export({ type: 'pkcs8', format: 'pem' }))) } });
  const { keys } = JSON.parse((await ctx.issuerKeys(issuer)) ?? '{"keys":[]}') as { keys: object[] };
  await ctx.putIssuerKeys(issuer, JSON.stringify({ keys: [...keys, { ...createPublicKey(key).export({ format: 'jwk' }), kid: id, use: 'sig', alg: algorithm }] }));
  return { id, key };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_outbound_token_claims.html */
async function claims(input: StsOperations['GetWebIdentityToken']['input'], ctx: Context, issuer: string, expires: number): Promise<object> {
  const identity = await identityOf(ctx);
  const requested = Object.fromEntries((input.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
  return {
    iss: issuer, aud: input.Audience.length === 1 ? input.Audience[0] : input.Audience, sub: identity.arn, iat: Math.floor(ctx.nowMs / 1000), exp: expires, jti: ctx.ids.uuid(),
    [NAMESPACE]: {
      aws_account: ctx.account, source_region: ctx.region,
      ...(Object.keys(identity.tags).length === 0 ? {} : { principal_tags: identity.tags }), ...(Object.keys(requested).length === 0 ? {} : { request_tags: requested }),
    },
  };
}

function checkTags(tags: StsOperations['GetWebIdentityToken']['input']['Tags']): void {
  const seen = new Set((tags ?? []).map(({ Key = '' }) => Key.toLowerCase()));
  if (seen.size < (tags ?? []).length) throw errors.invalidParameterValue('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
}

async function getWebIdentityToken(input: StsOperations['GetWebIdentityToken']['input'], ctx: Context): Promise<StsOperations['GetWebIdentityToken']['output']> {
  const hash = HASHES[input.SigningAlgorithm];
  // assumed: the text.
  if (hash === undefined) throw errors.validationError(`Value '${input.SigningAlgorithm}' at 'signingAlgorithm' failed to satisfy constraint: Member must satisfy enum value set: [RS256, ES384]`);
  checkTags(input.Tags);
  const federation = await ctx.findForeign('iam:outbound-web-identity-federation', ctx.account);
  if (federation?.JwtVendingEnabled !== true) throw errors.outboundFederationDisabled();
  const issuer = String(federation.IssuerIdentifier);
  const expires = Math.floor(ctx.nowMs / 1000) + (input.DurationSeconds ?? SECONDS_DEFAULT);
  const session = ctx.principal.session && (await ctx.issuedKey(ctx.principal.accessKeyId));
  if (session?.expires && expires * 1000 > session.expires) throw errors.sessionDurationEscalation();
  const { id, key } = await signingKey(input.SigningAlgorithm, issuer, ctx);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ kid: id, typ: 'JWT', alg: input.SigningAlgorithm })}.${part(await claims(input, ctx, issuer, expires))}`;
  const signature = sign(hash, Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  return { WebIdentityToken: `${text}.${signature}`, Expiration: isoTime(expires * 1000) };
}

export const webIdentityTokenOperations = { GetWebIdentityToken: getWebIdentityToken } satisfies Handlers<StsOperations>;
