// What can go wrong with a request on its way. Each takes `{ method, path, query, headers, body, … }` and changes it in place.

const NASTY = [
  '', '0', '-1', '2147483648', '-9223372036854775809', '99999999999999999999999', '1e309', 'NaN', 'true', 'null', '[]', '{}', '*', '%', '%zz', '%00', '%ff%fe',
  '../../etc/passwd', "' OR 1=1 --", '<x/>', ']]>', '&amp;', '__proto__', 'constructor', 'toString', '😀', '\u0000', '\ud800', '10.0.0.0/33', '::/0', 'arn:aws:iam::', 'i-', 'vpc-00000000000000000',
  'a'.repeat(300), 'ß'.repeat(70_000), '2026-13-45T99:99:99Z', '-0', '01', ' ', '\n',
];
const CONTENT_TYPES = ['application/json', 'application/x-amz-json-1.0', 'application/x-amz-json-1.1', 'application/cbor', 'application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x', 'nonsense', '', 'application/x-www-form-urlencoded; charset=utf-16'];
const METHODS = ['GET', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH', 'POST'];
const HEADERS = ['x-amz-target', 'content-type', 'smithy-protocol', 'content-encoding', 'x-amz-date', 'x-amz-security-token', 'accept', 'x-amzn-query-mode', 'x-amz-content-sha256', 'content-md5', 'date', 'x-forwarded-for', 'cookie', 'authorization'];
const BIG_BYTES = [100_000, 1_000_000, 4_200_000];

const isForm = ({ headers }) => /urlencoded/.test(headers['content-type'] ?? '');
const encodedNasty = (random) => encodeURIComponent(random.pick(NASTY).toWellFormed());
const splice = (body, at, remove, ...insert) => Buffer.concat([body.subarray(0, at), ...insert, body.subarray(at + remove)]);

function flipBytes(request, random) {
  const body = Buffer.from(request.body);
  for (let count = 1 + random.below(8); count > 0 && body.length > 0; count--) body[random.below(body.length)] ^= 1 << random.below(8);
  request.body = body;
}

function cutBody(request, random) {
  request.body = request.body.subarray(0, random.below(request.body.length + 1));
}

function repeatPiece(request, random) {
  const { body } = request;
  const from = random.below(body.length + 1);
  request.body = splice(body, random.below(body.length + 1), 0, body.subarray(from, from + random.below(200)));
}

function randomBytes(request, random) {
  request.body = splice(request.body, random.below(request.body.length + 1), random.below(20), Buffer.from(Array.from({ length: random.below(60) }, () => random.below(256))));
}

/** One of a form's parameters: gone, doubled, renamed, moved to a far index, nested deeply, or with another value. */
function formParameter(request, random) {
  const pairs = request.body.toString('latin1').split('&');
  const at = random.below(pairs.length);
  const [name, value = ''] = pairs[at].slice(0, 5000).split('=');
  const changes = [
    () => pairs.splice(at, 1), () => pairs.push(pairs[at]), () => { pairs[at] = `${name}X=${value}`; }, () => { pairs[at] = `${name}=${encodedNasty(random)}`; },
    () => { pairs[at] = `${name}.${random.pick([0, 1, 7, 999_999_999, -1])}=${value}`; }, () => { pairs[at] = `${name}${'.1.A'.repeat(random.below(200))}=${value}`; },
    () => { pairs[at] = `${name.toLowerCase()}=${value}`; }, () => { pairs[at] = name; }, () => { pairs[at] = `${encodedNasty(random)}=${value}`; },
    () => { for (let i = random.below(3000); i > 0; i--) pairs.push(`${name.slice(0, 60)}.${i}=x`); },
  ];
  random.pick(changes)();
  request.body = Buffer.from(pairs.join('&'), 'latin1');
}

/** Something inside a JSON text becomes something else, or the text gets very deep. */
function jsonValue(request, random) {
  if (random.chance(0.1)) {
    const depth = random.below(20_000);
    request.body = Buffer.from('{"a":'.repeat(depth) + '1' + '}'.repeat(random.chance(0.5) ? depth : 0));
    return;
  }
  const text = request.body.toString();
  const values = [...text.matchAll(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|true|false|null/g)];
  if (values.length === 0) return;
  const { index, 0: old } = random.pick(values);
  const replacement = random.pick([() => JSON.stringify(random.pick(NASTY)), () => random.pick(NASTY).slice(0, 50), () => '[1,2,3]', () => '{"x":1}', () => 'null', () => String(random.below(2 ** 31))])();
  request.body = Buffer.from(text.slice(0, index) + replacement + text.slice(index + old.length));
}

const parameter = (request, random) => (isForm(request) ? formParameter : /json/.test(request.headers['content-type'] ?? '') ? jsonValue : flipBytes)(request, random);

/** An id that the server gave goes where another one was: what reaches the handlers. */
function liveId(request, random, { ids }) {
  if (ids.length === 0 || !isForm(request)) return;
  const pairs = request.body.toString('latin1').split('&');
  const named = pairs.flatMap((pair, i) => (/(Id|Ids?\.\d+|Arn|Name|Resource\w*)=/.test(pair) ? [i] : []));
  for (const i of named) if (random.chance(0.7)) pairs[i] = `${pairs[i].split('=')[0]}=${encodeURIComponent(random.pick(ids))}`;
  request.body = Buffer.from(pairs.join('&'), 'latin1');
}

function header(request, random) {
  const name = random.pick(HEADERS);
  if (random.chance(0.3)) delete request.headers[name];
  else request.headers[name] = name === 'content-type' ? random.pick(CONTENT_TYPES) : random.pick(NASTY).replace(/[^\t\x20-\x7e\x80-\xff]/g, '').slice(0, 2000);
}

function contentType(request, random) {
  request.headers['content-type'] = random.pick(CONTENT_TYPES);
}

function method(request, random) {
  request.method = random.pick(METHODS);
  if (request.method === 'GET' && random.chance(0.7) && isForm(request)) [request.query, request.body] = [request.body.toString('latin1').replace(/[^\x21-\x7e]/g, ''), Buffer.alloc(0)];
}

function address(request, random) {
  request.path = random.pick(['/', '//', '/%', '/a/../b', '/%2e%2e/', '/service/X/operation/Y', '/service/GraniteServiceVersion20100801/operation/PutMetricData', `/${'a/'.repeat(500)}`, '/_fogbank/none', '/?']);
  if (random.chance(0.5)) request.query = random.pick(['a', '=', '&&&', 'Action=DescribeVpcs&Version=2016-11-15', 'X-Amz-Signature=1', 'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=-1', `${'x'.repeat(5000)}=1`, '%zz=%zz']);
}

function big(request, random) {
  const bytes = random.pick(BIG_BYTES);
  request.body = random.chance(0.5) ? Buffer.concat([request.body, Buffer.alloc(bytes, random.pick(['a', '&', '=', '.', '[', '{', '\u0000']))]) : Buffer.alloc(bytes, random.below(256));
}

function foreignTarget(request, random, { templates }) {
  const { headers } = random.pick(templates).request;
  for (const name of ['x-amz-target', 'content-type', 'smithy-protocol']) {
    delete request.headers[name];
    if (headers[name] !== undefined) request.headers[name] = headers[name];
  }
}

/** With their weights. */
const MUTATIONS = [
  [flipBytes, 10], [cutBody, 6], [repeatPiece, 5], [randomBytes, 5], [parameter, 30], [liveId, 25], [header, 8], [contentType, 3], [method, 4], [address, 3], [foreignTarget, 3], [big, 0.3],
];
const TOTAL = MUTATIONS.reduce((sum, [, weight]) => sum + weight, 0);

/** None to three mutations; their names. */
export function mutate(request, random, world) {
  const names = [];
  for (let count = random.pick([0, 1, 1, 1, 2, 3]); count > 0; count--) {
    let at = random.next() * TOTAL;
    const [mutation] = MUTATIONS.find(([, weight]) => (at -= weight) < 0) ?? MUTATIONS[0];
    mutation(request, random, world);
    names.push(mutation.name);
  }
  return names;
}

/** Changes to what is already signed. */
export function tamper(signed, random) {
  const { headers } = signed;
  const changes = [
    () => { delete headers.Authorization; },
    () => { headers.Authorization = headers.Authorization?.replace(/.$/, (c) => (c === '0' ? '1' : '0')); },
    () => { headers.Authorization = headers.Authorization?.slice(0, random.below(headers.Authorization.length)); },
    () => { headers.Authorization = headers.Authorization?.replace(/Credential=[^,]*/, () => `Credential=${random.pick(['', 'a', 'a/b/c/d/e', 'test/20260101/us-east-1/ec2/aws4_request', '////'])}`); },
    () => { headers.Authorization = random.pick(['', 'Basic dGVzdDp0ZXN0', 'AWS4-HMAC-SHA256', 'AWS test:abc', 'AWS4-HMAC-SHA256 Credential=,SignedHeaders=,Signature=']); },
    () => { headers['X-Amz-Date'] = random.pick(['', '20260101T000000Z', 'yesterday', '99999999T999999Z']); },
  ];
  random.pick(changes)();
}
