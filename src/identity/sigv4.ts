import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { WireRequest } from '../../protocols/types.ts';
import { SignatureError } from './errors.ts';

/**
 * Signature Version 4, from the verifier's side. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 * Pure: the time and the secret are passed in.
 */
export interface Signature {
  readonly accessKeyId: string;
  /** The scope's date: '20261121'. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  /** Lower-case names, in the order in which they were signed. */
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** '20261121T060000Z'. */
  readonly timestamp: string;
  readonly sessionToken: string | undefined;
  /** Only presigned requests say how long they hold. */
  readonly expiresSeconds: number | undefined;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const SKEW_MS = 5 * 60_000;
const EXPIRES_SECONDS_MAX = 604_800;

/** The signature that a request carries in its header or its query string; undefined where there is none. Throws SignatureError. */
export function readSignature(request: WireRequest): Signature | undefined {
  const authorization = one(request, 'authorization');
  if (authorization !== undefined) return fromHeader(request, authorization);
  return request.query.includes('X-Amz-Signature=') || request.query.includes('X-Amz-Credential=') ? fromQuery(request) : undefined;
}

/** Throws SignatureError where the signature is not what `secret` gives, or not of this time. */
export function verifySignature(signature: Signature, request: WireRequest, secret: string, nowMs: number): void {
  checkTime(signature, nowMs);
  const canonical = canonicalRequest(signature, request);
  const scope = `${signature.date}/${signature.region}/${signature.service}/aws4_request`;
  const toSign = `${ALGORITHM}\n${signature.timestamp}\n${scope}\n${sha256Hex(canonical)}`;
  const expected = createHmac('sha256', signingKey(secret, signature)).update(toSign).digest();
  const given = Buffer.from(signature.signature, 'hex');
  if (given.length !== expected.length || !timingSafeEqual(expected, given)) {
    throw new SignatureError('mismatch', 'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.');
  }
}

export const sha256Hex = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');

// ---- reading ----

function fromHeader(request: WireRequest, authorization: string): Signature {
  const incomplete = (what: string) => new SignatureError('incomplete', `Authorization header requires ${what}. Authorization=${authorization.slice(0, 200)}`);
  const space = authorization.indexOf(' ');
  if (authorization.slice(0, space < 0 ? undefined : space) !== ALGORITHM) throw new SignatureError('incomplete', `Unsupported AWS 'algorithm': '${authorization.slice(0, Math.min(60, space < 0 ? 60 : space))}'.`);
  const parts = new Map(authorization.slice(space + 1).split(',').map((part) => {
    const [name, ...value] = part.trim().split('=');
    return [name!, value.join('=')];
  }));
  const credential = parts.get('Credential');
  const signedHeaders = parts.get('SignedHeaders');
  const signature = parts.get('Signature');
  if (!credential) throw incomplete(`'Credential' parameter`);
  if (!signature) throw incomplete(`'Signature' parameter`);
  if (!signedHeaders) throw incomplete(`'SignedHeaders' parameter`);
  const timestamp = one(request, 'x-amz-date') ?? isoBasic(one(request, 'date'));
  if (timestamp === undefined) throw incomplete(`existence of either a 'X-Amz-Date' or a 'Date' header`);
  return assemble(credential, signedHeaders, signature, timestamp, one(request, 'x-amz-security-token'), undefined);
}

function fromQuery(request: WireRequest): Signature {
  const given = new Map(pairsOf(request.query));
  const need = (name: string): string => {
    const value = given.get(name);
    if (!value) throw new SignatureError('incomplete', `AWS query-string parameters must include '${name}'. Re-examine the query-string parameters.`);
    return value;
  };
  if (need('X-Amz-Algorithm') !== ALGORITHM) throw new SignatureError('incomplete', `Unsupported AWS 'algorithm'.`);
  const expires = Number(need('X-Amz-Expires'));
  if (!Number.isInteger(expires) || expires < 1 || expires > EXPIRES_SECONDS_MAX) throw new SignatureError('incomplete', `X-Amz-Expires must be a number of seconds from 1 to ${EXPIRES_SECONDS_MAX}.`);
  return assemble(need('X-Amz-Credential'), need('X-Amz-SignedHeaders'), need('X-Amz-Signature'), need('X-Amz-Date'), given.get('X-Amz-Security-Token'), expires);
}

function assemble(credential: string, signedHeaders: string, signature: string, timestamp: string, sessionToken: string | undefined, expiresSeconds: number | undefined): Signature {
  const scope = credential.split('/');
  const [accessKeyId, date, region, service, end] = scope;
  if (scope.length !== 5 || end !== 'aws4_request' || !accessKeyId || !region || !service) {
    throw new SignatureError('incomplete', `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential.slice(0, 200)}'`);
  }
  if (!/^\d{8}T\d{6}Z$/.test(timestamp)) throw new SignatureError('incomplete', `Date must be in ISO-8601 'basic format'. Got '${timestamp.slice(0, 60)}'.`);
  if (date !== timestamp.slice(0, 8)) throw new SignatureError('scope', `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${date!.slice(0, 20)}' != '${timestamp.slice(0, 8)}', from '${timestamp}'.`);
  if (!/^[0-9a-f]{64}$/.test(signature)) throw new SignatureError('mismatch', 'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.');
  const names = signedHeaders.split(';');
  if (!names.includes('host')) throw new SignatureError('incomplete', `'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.`);
  return { accessKeyId, date: date!, region, service, signedHeaders: names, signature, timestamp, sessionToken, expiresSeconds };
}

function checkTime({ timestamp, expiresSeconds }: Signature, nowMs: number): void {
  const at = Date.UTC(+timestamp.slice(0, 4), +timestamp.slice(4, 6) - 1, +timestamp.slice(6, 8), +timestamp.slice(9, 11), +timestamp.slice(11, 13), +timestamp.slice(13, 15));
  const now = basic(nowMs);
  if (at > nowMs + SKEW_MS) throw new SignatureError('expired', `Signature not yet current: ${timestamp} is still later than ${basic(nowMs + SKEW_MS)} (${now} + 5 min.)`);
  const lastMs = at + (expiresSeconds === undefined ? SKEW_MS : expiresSeconds * 1000);
  if (nowMs > lastMs) throw new SignatureError('expired', `Signature expired: ${timestamp} is now earlier than ${basic(nowMs - (lastMs - at))} (${now} - ${expiresSeconds === undefined ? '5 min.' : `${expiresSeconds} s`})`);
}

const basic = (ms: number): string => new Date(Math.floor(ms)).toISOString().replace(/[-:]|\.\d{3}/g, '');

function isoBasic(date: string | undefined): string | undefined {
  const ms = date === undefined ? NaN : Date.parse(date);
  return Number.isNaN(ms) ? date : basic(ms);
}

// ---- the canonical request ----

function canonicalRequest(signature: Signature, request: WireRequest): string {
  const headers = signature.signedHeaders.map((name) => {
    const value = request.headers[name];
    const text = value === undefined ? '' : Array.isArray(value) ? value.map(trimmed).join(',') : trimmed(value);
    return `${name}:${text}\n`;
  });
  const presigned = signature.expiresSeconds !== undefined;
  const declared = one(request, 'x-amz-content-sha256');
  const bodyHash = declared === 'UNSIGNED-PAYLOAD' ? declared : sha256Hex(request.body);
  return `${request.method}\n${canonicalPath(request.path)}\n${canonicalQuery(request.query, presigned)}\n${headers.join('')}\n${signature.signedHeaders.join(';')}\n${bodyHash}`;
}

const trimmed = (value: string): string => (/^ | $| {2}|\t/.test(value) ? value.trim().replace(/\s+/g, ' ') : value);

/** Every service but S3 encodes the path as sent once more, after taking '.' and '..' out of it. */
function canonicalPath(path: string): string {
  if (path === '/' || path === '') return '/';
  const out: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') out.pop();
    else if (segment !== '' && segment !== '.') out.push(encoded(segment));
  }
  const slash = path.endsWith('/') && out.length > 0 ? '/' : '';
  return `/${out.join('/')}${slash}`;
}

function canonicalQuery(query: string, presigned: boolean): string {
  if (query === '') return '';
  return pairsOf(query)
    .filter(([name]) => !(presigned && name === 'X-Amz-Signature'))
    .map(([name, value]) => [encoded(name), encoded(value)] as const)
    .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

const pairsOf = (query: string): [string, string][] => query.split('&').filter((pair) => pair !== '').map((pair) => {
  const cut = pair.indexOf('=');
  return cut < 0 ? [decoded(pair), ''] : [decoded(pair.slice(0, cut)), decoded(pair.slice(cut + 1))];
});

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/** RFC 3986: encodeURIComponent leaves five characters that it reserves; a lone surrogate is none that UTF-8 can carry. */
const encoded = (text: string): string => encodeURIComponent(text.toWellFormed()).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

// ---- keys ----

const KEYS_MAX = 1000;
const keys = new Map<string, Buffer>();

/** Derived once a day for each key, region and service; keyed by the secret, so that a changed one is never served stale. */
function signingKey(secret: string, { date, region, service }: Signature): Buffer {
  const name = `${secret}\0${date}\0${region}\0${service}`;
  const known = keys.get(name);
  if (known) return known;
  const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();
  const key = hmac(hmac(hmac(hmac(`AWS4${secret}`, date), region), service), 'aws4_request');
  if (keys.size >= KEYS_MAX) keys.clear();
  keys.set(name, key);
  return key;
}

function one(request: WireRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
