import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import type { WireRequest } from '../../protocols/types.ts';
import { canonicalRequest, queryPairs, sha256Hex } from './canonical-request.ts';
import { SignatureError } from './errors.ts';
import { memo } from '../memo.ts';

/**
 * Signature Version 4, from the verifier's side. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
 * Pure: the time and the secret are passed in. The texts of the refusals are those of
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html where it has them.
 */
export interface Signature extends CredentialScope {
  /** Lower-case names, in the order in which they were signed. */
  readonly signedHeaders: readonly string[];
  /** 64 hexadecimal digits. */
  readonly signature: string;
  /** '20261121T060000Z'. */
  readonly timestamp: string;
  readonly sessionToken: string | undefined;
  /** Whether the signature came in the query string. */
  readonly presigned: boolean;
  /** How long a presigned request says that it holds. */
  readonly expiresSeconds: number | undefined;
}

interface CredentialScope {
  readonly accessKeyId: string;
  /** The scope's date: '20261121'. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
/** "Signature expired: … (… - 5 min.)": https://github.com/convox/rack/issues/235 */
const SKEW_MS = 5 * 60_000;
// assumed: presigned requests without X-Amz-Expires hold as long as presigned calls of STS do,
// https://github.com/kubernetes-sigs/aws-iam-authenticator#api-authorization-from-outside-a-cluster
const PRESIGNED_MS = 15 * 60_000;
/** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */
const EXPIRES_SECONDS_MAX = 604_800;

/** The signature that a request carries in its header or its query string; undefined where there is none. Throws SignatureError. */
export function readSignature(request: WireRequest): Signature | undefined {
  const authorization = single(request, 'authorization');
  if (authorization !== undefined) return fromHeader(request, authorization);
  return /(^|&)X-Amz-(Algorithm|Credential|Signature)=/.test(request.query) ? fromQuery(request.query) : undefined;
}

/** Throws SignatureError where the signature is not of this time, or not what `secret` gives. */
export function verifySignature(signature: Signature, request: WireRequest, secret: string, nowMs: number): void {
  checkTime(signature, nowMs);
  const { date, region, service, timestamp, signedHeaders } = signature;
  const scope = `${date}/${region}/${service}/aws4_request`;
  const stringToSign = `${ALGORITHM}\n${timestamp}\n${scope}\n${sha256Hex(canonicalRequest(request, signedHeaders))}`;
  if (!timingSafeEqual(signingKey(`${secret}\0${date}\0${region}\0${service}`)(stringToSign), Buffer.from(signature.signature, 'hex'))) throw mismatch();
}

export { sha256Hex };

const incomplete = (message: string) => new SignatureError('incomplete', message);
const mismatch = () => new SignatureError('mismatch', 'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.');

// ---- reading ----

/** As every SDK writes it; anything else takes the longer way below. */
const AUTHORIZATION = /^AWS4-HMAC-SHA256 Credential=([^, ]+), ?SignedHeaders=([^, ]+), ?Signature=([^, ]+)$/;

function fromHeader(request: WireRequest, authorization: string): Signature {
  const usual = AUTHORIZATION.exec(authorization);
  const { credential, signedHeaders, signature } = usual
    ? { credential: usual[1], signedHeaders: usual[2], signature: usual[3] }
    : partsOf(authorization);
  const timestamp = single(request, 'x-amz-date') ?? basicForm(single(request, 'date'));
  if (!credential || !signature || !signedHeaders || timestamp === undefined) {
    // All that is missing, in one message: https://github.com/aws/chalice/issues/828
    const wants = [credential ? '' : `'Credential' parameter`, signature ? '' : `'Signature' parameter`, signedHeaders ? '' : `'SignedHeaders' parameter`,
      timestamp === undefined ? `existence of either a 'X-Amz-Date' or a 'Date' header` : ''];
    throw incomplete(`${wants.filter(Boolean).map((what) => `Authorization header requires ${what}. `).join('')}Authorization=${authorization.slice(0, 300)}`);
  }
  const sessionToken = single(request, 'x-amz-security-token');
  return assemble({ credential, signedHeaders, signature, timestamp, sessionToken, presigned: false, expiresSeconds: undefined });
}

interface HeaderParts { credential?: string; signedHeaders?: string; signature?: string }

function partsOf(authorization: string): HeaderParts {
  const [algorithm, ...rest] = authorization.trim().split(/\s+/);
  if (algorithm !== ALGORITHM) throw incomplete(`Unsupported AWS 'algorithm': '${algorithm!.slice(0, 60)}'.`);
  const parts = new Map<string, string>();
  for (const part of rest.join(' ').split(/[, ]+/).filter(Boolean)) {
    const cut = part.indexOf('=');
    // https://github.com/iann0036/cloud9-sync/issues/10
    if (cut < 0) throw incomplete(`'${part.slice(0, 200)}' not a valid key=value pair (missing equal-sign) in Authorization header: '${authorization.slice(0, 300)}'.`);
    parts.set(part.slice(0, cut), part.slice(cut + 1));
  }
  return { credential: parts.get('Credential'), signedHeaders: parts.get('SignedHeaders'), signature: parts.get('Signature') };
}

const QUERY_NAMES = ['X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Signature', 'X-Amz-SignedHeaders', 'X-Amz-Date'] as const;

function fromQuery(query: string): Signature {
  const given = new Map(queryPairs(query));
  const missing = QUERY_NAMES.filter((name) => !given.get(name));
  if (missing.length > 0) throw incomplete(`${missing.map((name) => `AWS query-string parameters must include '${name}'. `).join('')}Re-examine the query-string parameters.`);
  const [algorithm, credential, signature, signedHeaders, timestamp] = QUERY_NAMES.map((name) => given.get(name)!) as [string, string, string, string, string];
  if (algorithm !== ALGORITHM) throw incomplete(`Unsupported AWS 'algorithm': '${algorithm.slice(0, 60)}'.`);
  const expires = given.get('X-Amz-Expires');
  if (expires !== undefined && (!/^\d{1,6}$/.test(expires) || +expires < 1 || +expires > EXPIRES_SECONDS_MAX)) {
    throw incomplete(`X-Amz-Expires must be a number of seconds from 1 to ${EXPIRES_SECONDS_MAX}.`); // assumed: the text
  }
  return assemble({
    credential, signedHeaders, signature, timestamp, sessionToken: given.get('X-Amz-Security-Token'),
    presigned: true, expiresSeconds: expires === undefined ? undefined : Number(expires),
  });
}

interface Parts extends Pick<Signature, 'signature' | 'timestamp' | 'sessionToken' | 'presigned' | 'expiresSeconds'> {
  readonly credential: string;
  readonly signedHeaders: string;
}

function assemble({ credential, signedHeaders, signature, timestamp, sessionToken, presigned, expiresSeconds }: Parts): Signature {
  const { accessKeyId, date, region, service } = scopeOf(credential);
  timeOf(timestamp);
  if (date !== timestamp.slice(0, 8)) {
    throw new SignatureError('scope', `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${date.slice(0, 20)}' != '${timestamp.slice(0, 8)}', from '${timestamp}'.`);
  }
  const names = namesIn(signedHeaders);
  if (!/^[0-9a-f]{64}$/.test(signature)) throw mismatch();
  return { accessKeyId, date, region, service, signedHeaders: names, signature, timestamp, sessionToken, presigned, expiresSeconds };
}

// A client says the same of itself in every request: what is read of it once is known. What is refused is not remembered.

const scopeOf = memo((credential): CredentialScope => {
  const scope = credential.split('/');
  const [accessKeyId, date, region, service, terminator] = scope as [string, string, string, string, string];
  if (scope.length !== 5 || !scope.every(Boolean)) {
    throw incomplete(`Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential.slice(0, 200)}'`);
  }
  if (terminator !== 'aws4_request') throw new SignatureError('scope', `Credential should be scoped with a valid terminator: 'aws4_request', not '${terminator.slice(0, 40)}'. `);
  return { accessKeyId, date, region, service };
});

const namesIn = memo((signedHeaders): readonly string[] => {
  const names = signedHeaders.split(';');
  if (!names.includes('host')) throw incomplete(`'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.`);
  return names;
});

/** Milliseconds since the epoch. */
const timeOf = memo((timestamp): number => {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(timestamp);
  if (!parts) throw incomplete(`Date must be in ISO-8601 'basic format'. Got '${timestamp.slice(0, 60)}'. See http://en.wikipedia.org/wiki/ISO_8601`);
  const [year, month, day, hours, minutes, seconds] = parts.slice(1).map(Number) as [number, number, number, number, number, number];
  return Date.UTC(year, month - 1, day, hours, minutes, seconds);
});

/** The date header may be of HTTP's form or already of ISO 8601's basic one. */
function basicForm(date: string | undefined): string | undefined {
  const ms = date === undefined ? NaN : Date.parse(date);
  return Number.isNaN(ms) ? date : basic(ms);
}

function single(request: WireRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

// ---- time ----

function checkTime({ timestamp, presigned, expiresSeconds }: Signature, nowMs: number): void {
  const at = timeOf(timestamp);
  if (at > nowMs + SKEW_MS) {
    throw new SignatureError('expired', `Signature not yet current: ${timestamp} is still later than ${basic(nowMs + SKEW_MS)} (${basic(nowMs)} + 5 min.)`);
  }
  const holdsMs = !presigned ? SKEW_MS : expiresSeconds === undefined ? PRESIGNED_MS : expiresSeconds * 1000;
  if (nowMs <= at + holdsMs) return;
  // assumed: a presigned request's own time is told in the same words
  const span = holdsMs % 60_000 === 0 ? `${holdsMs / 60_000} min.` : `${holdsMs / 1000} s`;
  throw new SignatureError('expired', `Signature expired: ${timestamp} is now earlier than ${basic(nowMs - holdsMs)} (${basic(nowMs)} - ${span})`);
}

const basic = (ms: number): string => new Date(Math.floor(ms)).toISOString().replace(/[-:]|\.\d{3}/g, '');

// ---- keys ----

/** Derived once a day for each secret, region and service, which its argument names in this order. */
const signingKey = memo((name): ((data: string) => Buffer) => {
  const [secret, date, region, service] = name.split('\0') as [string, string, string, string];
  const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();
  return hmacWith(hmac(hmac(hmac(hmac(`AWS4${secret}`, date), region), service), 'aws4_request'));
});

const BLOCK_BYTES = 64;

/** HMAC-SHA256 with one key: two hashes over padded keys that are made once, a quarter of what a Hmac object costs. https://www.rfc-editor.org/rfc/rfc2104 */
function hmacWith(key: Buffer): (data: string) => Buffer {
  const padded = (byte: number) => Buffer.alloc(BLOCK_BYTES).map((_, i) => (key[i] ?? 0) ^ byte);
  const inner = padded(0x36);
  const outer = padded(0x5c);
  return (data) => hash('sha256', Buffer.concat([outer, hash('sha256', Buffer.concat([inner, Buffer.from(data)]), 'buffer')]), 'buffer');
}
