import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import aws4 from 'aws4';
import { describe, expect, it } from 'vitest';
import type { WireRequest } from '../../../protocols/types.ts';
import { SignatureError, signatureError, type SignatureProblem } from '../../../src/identity/errors.ts';
import { readSignature, sha256Hex, verifySignature } from '../../../src/identity/sigv4.ts';

/** The verifier against two signers that were written by others (aws4 and the SDK's own), and AWS's published vectors. */

const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const KEY = 'AKIDEXAMPLE';
const NOW = Date.UTC(2026, 10, 21, 6, 0, 0);
const TIMESTAMP = '20261121T060000Z';

const wire = (over: Partial<WireRequest>): WireRequest => ({ method: 'POST', path: '/', query: '', headers: {}, body: Buffer.alloc(0), ...over });

const passes = (request: WireRequest, secret = SECRET, nowMs = NOW): void => verifySignature(readSignature(request)!, request, secret, nowMs);

function problem(run: () => unknown): SignatureProblem | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof SignatureError) return error.problem;
    throw error;
  }
}

/** mulberry32: a small repeatable source. */
function source(seed: number) {
  const next = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const upTo = (n: number) => Math.floor(next() * n);
  const ODD = [...'abcXYZ019-_.~ !\'()*+,;:@&=/?#[]%<>"|{}$^`\\', 'é', 'ß', 'ሴ', '漢', '😀'];
  const text = (max: number, from = ODD) => Array.from({ length: upTo(max + 1) }, () => from[upTo(from.length)]).join('');
  return { upTo, text, next };
}
const HEADER_CHARACTERS = [...'abcXYZ019-_.~ !\'()*+,;:@&=/?#[]%<>"|{}$^`\t '];

type Random = ReturnType<typeof source>;

function randomQuery({ upTo, text }: Random): [string, string][] {
  return Array.from({ length: upTo(6) }, () => [`p${text(5)}`, text(8)]);
}
const queryText = (pairs: [string, string][]) => pairs.map(([k, v]) => `${encodeURIComponent(k)}=${encodeURIComponent(v)}`).join('&');

function randomHeaders({ upTo, text }: Random): Record<string, string> {
  return Object.fromEntries(Array.from({ length: upTo(4) }, (_, i) => [`x-odd-${i}`, text(12, HEADER_CHARACTERS)]));
}

const lower = (headers: Record<string, unknown>): Record<string, string> => Object.fromEntries(Object.entries(headers).map(([k, v]) => [k.toLowerCase(), String(v)]));

/** One request signed by aws4, in the header or in the query string. */
function byAws4(random: Random, over: { presigned?: boolean; sessionToken?: string } = {}): WireRequest {
  const method = random.upTo(2) ? 'POST' : 'GET';
  const body = method === 'POST' ? random.text(200) : '';
  const query = queryText([...randomQuery(random), ...(over.presigned ? [['X-Amz-Date', TIMESTAMP] as [string, string]] : [])]);
  const path = ['/', '/service/A/operation/B', '/a%20b/c', '/a/./b/../c/'][random.upTo(4)]!;
  const signed = aws4.sign({
    service: 'ec2', region: 'eu-west-1', method, path: query ? `${path}?${query}` : path, body, signQuery: over.presigned ?? false,
    headers: { Host: '127.0.0.1:4566', ...(over.presigned ? {} : { 'X-Amz-Date': TIMESTAMP, ...randomHeaders(random) }) },
  }, { accessKeyId: KEY, secretAccessKey: SECRET, ...(over.sessionToken ? { sessionToken: over.sessionToken } : {}) });
  const [sentPath, ...sentQuery] = signed.path!.split('?');
  return wire({ method, path: sentPath!, query: sentQuery.join('?'), headers: lower(signed.headers as Record<string, string>), body: Buffer.from(body) });
}

class Sha256 {
  private readonly hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as string);
  }
  update(data: Uint8Array | string) { this.hash.update(data); }
  async digest() { return new Uint8Array(this.hash.digest()); }
  reset() { /* one use each */ }
}

/** One request signed by the SDK's signer. */
async function bySdk(random: Random, over: { presigned?: boolean; sessionToken?: string; expiresIn?: number } = {}): Promise<WireRequest> {
  const signer = new SignatureV4({
    service: 'sts', region: 'us-east-1', sha256: Sha256,
    credentials: { accessKeyId: KEY, secretAccessKey: SECRET, ...(over.sessionToken ? { sessionToken: over.sessionToken } : {}) },
  });
  const method = random.upTo(2) ? 'POST' : 'GET';
  const body = method === 'POST' && !over.presigned ? random.text(200) : '';
  const request = {
    method, body, protocol: 'http:', hostname: '127.0.0.1', port: 4566, path: ['/', '/a b/c', '/x//y/'][random.upTo(3)]!.replace(' ', '%20'),
    query: Object.fromEntries(randomQuery(random)), headers: { host: '127.0.0.1:4566', ...(over.presigned ? {} : randomHeaders(random)) },
  };
  const signingDate = new Date(NOW);
  const signed = over.presigned ? await signer.presign(request, { signingDate, expiresIn: over.expiresIn ?? 900 }) : await signer.sign(request, { signingDate });
  const query = Object.entries(signed.query ?? {}).map(([k, v]) => [k, String(v)] as [string, string]);
  return wire({ method, path: signed.path, query: queryText(query), headers: lower(signed.headers), body: Buffer.from(body) });
}

describe('readSignature and verifySignature', () => {
  it('accept what aws4 signs, in the header and presigned, with and without a session token', () => {
    for (let seed = 0; seed < 300; seed++) {
      const request = byAws4(source(seed), { presigned: seed % 3 === 0, ...(seed % 2 ? { sessionToken: `token/${seed}+=` } : {}) });
      expect(problem(() => passes(request)), `seed ${seed}: ${JSON.stringify(request)}`).toBeUndefined();
      expect(readSignature(request)!.sessionToken).toBe(seed % 2 ? `token/${seed}+=` : undefined);
    }
  });

  it("accept what the SDK's signer signs, in the header and presigned, with and without a session token", async () => {
    for (let seed = 0; seed < 300; seed++) {
      const request = await bySdk(source(seed), { presigned: seed % 3 === 0, ...(seed % 2 ? { sessionToken: `token/${seed}+=` } : {}) });
      expect(problem(() => passes(request)), `seed ${seed}: ${JSON.stringify(request)}`).toBeUndefined();
    }
  });

  it('refuse every request of which one thing was changed', async () => {
    for (let seed = 0; seed < 60; seed++) {
      const random = source(1000 + seed);
      const request = seed % 2 ? byAws4(random, { presigned: seed % 4 === 1 }) : await bySdk(random, { presigned: seed % 4 === 2 });
      passes(request);
      for (const [what, changed] of mutations(request, random)) expect(problem(() => passes(changed)), `seed ${seed}, ${what}: ${JSON.stringify(changed)}`).toBeDefined();
    }
  });

  it('refuse another secret, also after the right one was seen', () => {
    const request = byAws4(source(7));
    passes(request);
    expect(problem(() => passes(request, `${SECRET}x`))).toBe('mismatch');
    passes(request);
  });

  it('leave headers alone that were not signed', () => {
    const request = byAws4(source(8));
    passes({ ...request, headers: { ...request.headers, 'x-forwarded-for': '10.0.0.1' } });
  });

  it('join several values of a header with commas, and make runs of spaces one', () => {
    const headers = { host: 'example.amazonaws.com', 'my-header1': ['a', ' b   c '], 'x-amz-date': TIMESTAMP };
    const canonical = `GET\n/\n\nhost:example.amazonaws.com\nmy-header1:a,b c\nx-amz-date:${TIMESTAMP}\n\nhost;my-header1;x-amz-date\n${sha256Hex('')}`;
    const scope = '20261121/us-east-1/service/aws4_request';
    const key = ['20261121', 'us-east-1', 'service', 'aws4_request'].reduce<string | Buffer>((k, d) => createHmac('sha256', k).update(d).digest(), `AWS4${SECRET}`);
    const signature = createHmac('sha256', key).update(`AWS4-HMAC-SHA256\n${TIMESTAMP}\n${scope}\n${sha256Hex(canonical)}`).digest('hex');
    passes(wire({ method: 'GET', headers: { ...headers, authorization: `AWS4-HMAC-SHA256 Credential=${KEY}/${scope}, SignedHeaders=host;my-header1;x-amz-date, Signature=${signature}` } }));
  });

  it('hash the body as it came where it was compressed', () => {
    const request = byAws4(source(9));
    passes({ ...request, signedBody: request.body, body: Buffer.from('decompressed') });
  });
});

function flipped(text: string, { upTo }: Random): string {
  const at = upTo(text.length);
  const other = text[at] === 'a' ? 'b' : 'a';
  return text.slice(0, at) + other + text.slice(at + 1);
}

function mutations(request: WireRequest, random: Random): [string, WireRequest][] {
  const { headers, query } = request;
  const signature = readSignature(request)!;
  const header = (name: string, value: string) => ({ ...request, headers: { ...headers, [name]: value } });
  const inBoth = (from: string, to: string): WireRequest => ({
    ...request, query: query.replace(from, to), headers: headers.authorization ? { ...headers, authorization: (headers.authorization as string).replace(from, to) } : headers,
  });
  const body = Buffer.from(request.body);
  if (body.length > 0) body[random.upTo(body.length)]! ^= 1 << random.upTo(8);
  const all: [string, WireRequest][] = [
    ['method', { ...request, method: request.method === 'GET' ? 'POST' : 'GET' }],
    ['path', { ...request, path: `${request.path}x` }],
    ['query added', { ...request, query: query ? `${query}&z=1` : 'z=1' }],
    ['body', { ...request, body: body.length > 0 ? body : Buffer.from('x') }],
    ['host', header('host', '127.0.0.1:4567')],
    ['date', signature.presigned ? { ...request, query: query.replace(TIMESTAMP, '20261121T060001Z') } : header('x-amz-date', '20261121T060001Z')],
    ['signature', inBoth(signature.signature, (signature.signature[0] === 'a' ? 'b' : 'a') + signature.signature.slice(1))],
    ['signature cut', inBoth(signature.signature, signature.signature.slice(0, 62))],
    ['region', inBoth(signature.region, 'us-west-2')],
    ['service', inBoth(signature.presigned ? `%2F${signature.service}%2F` : `/${signature.service}/`, signature.presigned ? '%2Fiam%2F' : '/iam/')],
    ['signed headers', inBoth(signature.presigned ? 'SignedHeaders=host' : ';host', signature.presigned ? 'SignedHeaders=host%3Bx-a' : ';host;x-a')],
  ];
  if (query) all.push(['query cut', { ...request, query: query.slice(0, query.lastIndexOf('=') - 1) }]);
  for (const name of signature.signedHeaders) {
    const value = String(headers[name] ?? '');
    if (name === 'x-amz-date' || value.trim() === '') continue;
    all.push([`header ${name}`, header(name, flipped(value.trim(), random))]);
  }
  const unchanged = (changed: WireRequest) => changed.query === query && JSON.stringify(changed.headers) === JSON.stringify(headers)
    && changed.method === request.method && changed.path === request.path && changed.body.equals(request.body);
  return all.filter(([, changed]) => !unchanged(changed));
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-test-suite.html (aws-sig-v4-test-suite), service "service". */
describe("AWS's published vectors", () => {
  const at = Date.UTC(2015, 7, 30, 12, 36, 0);
  const vector = (name: string, over: Partial<WireRequest>, signedHeaders: string, signature: string, service = 'service', host = 'example.amazonaws.com') =>
    it(name, () => passes(wire({
      method: 'GET', ...over,
      headers: { host, 'x-amz-date': '20150830T123600Z', ...over.headers, authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/${service}/aws4_request, SignedHeaders=${signedHeaders}, Signature=${signature}` },
    }), SECRET, at));
  vector('get-vanilla', {}, 'host;x-amz-date', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31');
  vector('get-vanilla-query-order-key-case', { query: 'Param2=value2&Param1=value1' }, 'host;x-amz-date', 'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500');
  vector('get-vanilla-utf8-query', { query: 'ሴ=bar' }, 'host;x-amz-date', '2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04');
  vector('get-utf8', { path: '/ሴ' }, 'host;x-amz-date', '8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85');
  vector('get-unreserved', { path: '/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz' }, 'host;x-amz-date', '07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f');
  vector('get-slash-dot-slash', { path: '/./' }, 'host;x-amz-date', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31');
  vector('get-relative-relative', { path: '/example1/example2/../..' }, 'host;x-amz-date', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31');
  vector('get-header-value-trim', { headers: { 'my-header1': ' value1', 'my-header2': ' "a   b   c"' } }, 'host;my-header1;my-header2;x-amz-date', 'acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736');
  vector('post-vanilla', { method: 'POST' }, 'host;x-amz-date', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b');
  vector('post-header-key-sort', { method: 'POST', headers: { 'my-header1': 'value1' } }, 'host;my-header1;x-amz-date', 'c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c');
  vector('post-x-www-form-urlencoded', { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: Buffer.from('Param1=value1') }, 'content-type;host;x-amz-date', 'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a');
  vector("the guide's ListUsers", { query: 'Action=ListUsers&Version=2010-05-08', headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' } },
    'content-type;host;x-amz-date', '5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7', 'iam', 'iam.amazonaws.com');
});

describe('time', () => {
  const MINUTE = 60_000;
  it('allows a clock five minutes slow and five minutes fast, and no more', () => {
    const request = byAws4(source(1));
    for (const nowMs of [NOW - 5 * MINUTE, NOW, NOW + 5 * MINUTE]) passes(request, SECRET, nowMs);
    expect(() => passes(request, SECRET, NOW + 5 * MINUTE + 1000)).toThrow('Signature expired: 20261121T060000Z is now earlier than 20261121T060001Z (20261121T060501Z - 5 min.)');
    expect(() => passes(request, SECRET, NOW - 5 * MINUTE - 1000)).toThrow('Signature not yet current: 20261121T060000Z is still later than 20261121T055959Z (20261121T055459Z + 5 min.)');
    expect(problem(() => passes(request, SECRET, NOW + 6 * MINUTE))).toBe('expired');
  });

  it('holds a presigned request to its own X-Amz-Expires', async () => {
    const request = await bySdk(source(2), { presigned: true, expiresIn: 60 });
    passes(request, SECRET, NOW + MINUTE);
    expect(problem(() => passes(request, SECRET, NOW + MINUTE + 1))).toBe('expired');
    const week = await bySdk(source(3), { presigned: true, expiresIn: 604_800 });
    passes(week, SECRET, NOW + 604_800_000);
    expect(problem(() => passes(week, SECRET, NOW + 604_800_001))).toBe('expired');
  });

  it('gives a presigned request without X-Amz-Expires fifteen minutes', () => {
    const request = byAws4(source(4), { presigned: true });
    expect(readSignature(request)!.expiresSeconds).toBeUndefined();
    passes(request, SECRET, NOW + 15 * MINUTE);
    expect(problem(() => passes(request, SECRET, NOW + 15 * MINUTE + 1))).toBe('expired');
  });
});

describe('what is no signature', () => {
  const headers = (authorization: string, over: Record<string, string> = { 'x-amz-date': TIMESTAMP }) => wire({ headers: { host: 'h', authorization, ...over } });
  const HEX = '0'.repeat(64);
  const good = `Credential=${KEY}/20261121/us-east-1/ec2/aws4_request`;
  const refusals: [name: string, request: WireRequest, expected: SignatureProblem, text: string][] = [
    ['all parts missing', headers('AWS4-HMAC-SHA256', {}), 'incomplete',
      "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=AWS4-HMAC-SHA256"],
    ['a part without equal-sign', headers(`AWS4-HMAC-SHA256 ${good}, rubbish`), 'incomplete', "'rubbish' not a valid key=value pair (missing equal-sign) in Authorization header"],
    ['another algorithm', headers('Bearer abc'), 'incomplete', "Unsupported AWS 'algorithm': 'Bearer'."],
    ['an empty header', headers(''), 'incomplete', "Unsupported AWS 'algorithm'"],
    ['four elements of scope', headers(`AWS4-HMAC-SHA256 Credential=${KEY}/20261121/us-east-1/ec2, SignedHeaders=host, Signature=${HEX}`), 'incomplete', 'Credential must have exactly 5 slash-delimited elements'],
    ['another terminator', headers(`AWS4-HMAC-SHA256 Credential=${KEY}/20261121/us-east-1/ec2/aws3, SignedHeaders=host, Signature=${HEX}`), 'scope', 'valid terminator'],
    ['another day in the scope', headers(`AWS4-HMAC-SHA256 Credential=${KEY}/20261120/us-east-1/ec2/aws4_request, SignedHeaders=host, Signature=${HEX}`), 'scope', 'Date in Credential scope does not match YYYYMMDD'],
    ['a date of another form', headers(`AWS4-HMAC-SHA256 ${good}, SignedHeaders=host, Signature=${HEX}`, { 'x-amz-date': '2026-11-21' }), 'incomplete', "Date must be in ISO-8601 'basic format'"],
    ['host not signed', headers(`AWS4-HMAC-SHA256 ${good}, SignedHeaders=x-amz-date, Signature=${HEX}`), 'incomplete', 'must be a \'SignedHeader\''],
    ['a signature that is not hexadecimal', headers(`AWS4-HMAC-SHA256 ${good}, SignedHeaders=host, Signature=zz`), 'mismatch', 'The request signature we calculated does not match'],
    ['presigned, the rest missing', wire({ query: 'X-Amz-Algorithm=AWS4-HMAC-SHA256' }), 'incomplete',
      "AWS query-string parameters must include 'X-Amz-Credential'. AWS query-string parameters must include 'X-Amz-Signature'. AWS query-string parameters must include 'X-Amz-SignedHeaders'. AWS query-string parameters must include 'X-Amz-Date'. Re-examine the query-string parameters."],
    ['presigned for longer than a week', wire({ query: `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-${good}&X-Amz-Date=${TIMESTAMP}&X-Amz-SignedHeaders=host&X-Amz-Signature=${HEX}&X-Amz-Expires=604801` }), 'incomplete', 'X-Amz-Expires'],
  ];
  for (const [name, request, expected, text] of refusals) {
    it(`${name} is refused as ${expected}`, () => {
      expect(problem(() => readSignature(request))).toBe(expected);
      expect(() => readSignature(request)).toThrow(text);
    });
  }

  it('a request without any is told apart', () => {
    expect(readSignature(wire({ query: 'Action=GetCallerIdentity', headers: { host: 'h' } }))).toBeUndefined();
  });

  it('Date of HTTP stands in for X-Amz-Date', () => {
    const request = headers(`AWS4-HMAC-SHA256 ${good},SignedHeaders=date;host,Signature=${HEX}`, { date: 'Sat, 21 Nov 2026 06:00:00 GMT' });
    expect(readSignature(request)!.timestamp).toBe(TIMESTAMP);
  });

  it('each protocol family has its own code', () => {
    const codes = (['ec2Query', 'awsQuery', 'awsJson1_1'] as const).map((protocol) => signatureError(protocol, 'mismatch', 'text').code);
    expect(codes).toEqual(['AuthFailure', 'SignatureDoesNotMatch', 'InvalidSignatureException']);
  });
});
