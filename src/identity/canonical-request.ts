import { hash } from 'node:crypto';
import type { WireRequest } from '../../protocols/types.ts';

/**
 * The form of a request that both sides hash: method, path, query, exactly the signed headers, the body's hash.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-canonical-request
 */
export function canonicalRequest(request: WireRequest, signedHeaders: readonly string[]): string {
  let headers = '';
  for (const name of signedHeaders) headers += `${name}:${headerText(request.headers[name])}\n`;
  return `${request.method}\n${canonicalPath(request.path)}\n${canonicalQuery(request.query)}\n${headers}\n${signedHeaders.join(';')}\n${payloadHash(request)}`;
}

export const sha256Hex = (data: string | Buffer): string => hash('sha256', data, 'hex');

/** A body's hash is always computed: where a signed header declares another one, the signature does not match. */
const payloadHash = (request: WireRequest): string =>
  request.headers['x-amz-content-sha256'] === 'UNSIGNED-PAYLOAD' ? 'UNSIGNED-PAYLOAD' : sha256Hex(request.signedBody ?? request.body);

// ---- headers ----

const headerText = (value: string | string[] | undefined): string =>
  value === undefined ? '' : typeof value === 'string' ? trimmed(value) : value.map(trimmed).join(',');

/** Outer spaces go, inner runs become one. */
const trimmed = (value: string): string => (/^\s|\s$|\s\s|[^\S ]/.test(value) ? value.trim().replace(/\s+/g, ' ') : value);

// ---- path ----

/** Every service but S3 takes '.', '..' and empty segments out of the path, and encodes it as sent once more. */
export function canonicalPath(path: string): string {
  if (path === '/' || path === '') return '/';
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(encoded(segment));
  }
  return `/${segments.join('/')}${path.endsWith('/') && segments.length > 0 ? '/' : ''}`;
}

// ---- query ----

export type Pair = readonly [name: string, value: string];

/** Sorted by encoded name, then by encoded value. The signature itself is not part of what it signs. */
export function canonicalQuery(query: string): string {
  if (query === '') return '';
  return queryPairs(query)
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encoded(name), encoded(value)] as const)
    .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

export const queryPairs = (query: string): Pair[] => query.split('&').filter((pair) => pair !== '').map((pair) => {
  const cut = pair.indexOf('=');
  return cut < 0 ? [decoded(pair), ''] : [decoded(pair.slice(0, cut)), decoded(pair.slice(cut + 1))];
});

function decoded(text: string): string {
  if (!/[%+]/.test(text)) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/** RFC 3986: encodeURIComponent leaves five characters alone that it reserves; a lone surrogate is none that UTF-8 can carry. */
const encoded = (text: string): string =>
  /^[\w.~-]*$/.test(text) ? text : encodeURIComponent(text.toWellFormed()).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
