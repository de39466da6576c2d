import { createPublicKey, verify, type JsonWebKey } from 'node:crypto';

/** JSON Web Tokens: RFC 7515 and RFC 7519. */
export interface Token {
  readonly header: { readonly alg?: unknown; readonly kid?: unknown };
  readonly claims: Readonly<Record<string, unknown>>;
  readonly signed: Buffer;
  readonly signature: Buffer;
}

const BASE64URL = /^[A-Za-z0-9_-]+$/;

/** Undefined where the text is no token. */
export function readToken(text: string): Token | undefined {
  const parts = text.split('.');
  if (parts.length !== 3 || !parts.every((part) => BASE64URL.test(part))) return undefined;
  const [header, claims, signature] = parts as [string, string, string];
  const [h, c] = [json(header), json(claims)];
  return h && c ? { header: h, claims: c, signed: Buffer.from(`${header}.${claims}`, 'latin1'), signature: Buffer.from(signature, 'base64url') } : undefined;
}

function json(part: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** What AWS accepts. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html#manage-oidc-provider-prerequisites */
const ALGORITHMS: Readonly<Record<string, { readonly hash: string; readonly type: 'RSA' | 'EC'; readonly curve?: string }>> = {
  RS256: { hash: 'sha256', type: 'RSA' }, RS384: { hash: 'sha384', type: 'RSA' }, RS512: { hash: 'sha512', type: 'RSA' },
  ES256: { hash: 'sha256', type: 'EC', curve: 'P-256' }, ES384: { hash: 'sha384', type: 'EC', curve: 'P-384' }, ES512: { hash: 'sha512', type: 'EC', curve: 'P-521' },
};

type Key = JsonWebKey & { readonly kid?: string; readonly use?: string; readonly alg?: string };

/** The keys of a set that may have signed the token: by its key id, where it has one. */
export function candidates(token: Token, keys: readonly Key[]): Key[] {
  const algorithm = ALGORITHMS[String(token.header.alg)];
  return keys.filter((key) => algorithm !== undefined && key.kty === algorithm.type && (algorithm.curve === undefined || key.crv === algorithm.curve) && (key.use ?? 'sig') === 'sig'
    && (key.alg ?? token.header.alg) === token.header.alg && (token.header.kid === undefined || key.kid === token.header.kid));
}

export function signedBy(token: Token, key: Key): boolean {
  const { hash } = ALGORITHMS[String(token.header.alg)]!;
  try {
    return verify(hash, token.signed, { key: createPublicKey({ format: 'jwk', key }), dsaEncoding: 'ieee-p1363' }, token.signature);
  } catch {
    return false;
  }
}
