// One request of a run: a template, mutated, signed (mostly), and written to bytes.
import aws4 from 'aws4';
import { mutate, tamper } from './mutations.mjs';
import { source } from './random.mjs';

const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };
const OTHERS = [['123456789012', 'test'], ['test', 'wrong'], ['AKIAIOSFODNN7EXAMPLE', 'x']].map(([accessKeyId, secretAccessKey]) => ({ accessKeyId, secretAccessKey }));

/** `{ index, bytes, headBytes, method, what, names }`; its own source of chance, so that it can be made without those before it. */
export function makeRequest(seed, index, world) {
  const random = source(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
  const template = world.choose(random);
  const request = { ...template.request, headers: { ...template.request.headers } };
  const names = mutate(request, random, world);
  const { headers, done } = signed(request, template, random, world);
  names.push(...done);
  const bytes = written(request, headers);
  return { index, bytes, headBytes: bytes.length - request.body.length, method: request.method, what: `${template.service}:${template.operation}`, names };
}

/** A template as it is, rightly signed. */
export function plainRequest({ request, signingName }, to) {
  const { headers } = aws4.sign({ service: signingName, region: 'us-east-1', method: request.method, path: urlOf(request), body: request.body, headers: { ...request.headers, Host: to.hostHeader } }, CREDENTIALS);
  return written(request, { ...headers, 'Content-Length': request.body.length });
}

function written(request, headers) {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const head = `${request.method} ${urlOf(request).replace(/[^\x21-\x7e]/g, '')} HTTP/1.1\r\n${lines}Connection: keep-alive\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), request.body]);
}

const urlOf = ({ path, query }) => (query ? `${path}?${query}` : path);

/** Headers with a signature over what was mutated: mostly right, sometimes of another key, scope or none, or tampered with. */
function signed(request, { signingName }, random, { to }) {
  const headers = { ...request.headers, Host: to.hostHeader };
  const bare = { headers: { ...headers, 'Content-Length': request.body.length }, done: ['unsigned'] };
  if (random.chance(0.03)) return bare;
  const credentials = random.chance(0.95) ? CREDENTIALS : random.pick(OTHERS);
  const service = random.chance(0.98) ? signingName : random.pick(['ec2', 'iam', 's3', 'nothing', '']);
  const region = random.chance(0.97) ? 'us-east-1' : random.pick(['eu-west-1', 'mars-1']);
  try {
    const result = aws4.sign({ service, region, method: request.method, path: urlOf(request), body: request.body, headers }, credentials);
    result.headers['Content-Length'] = request.body.length;
    if (!random.chance(0.05)) return { headers: result.headers, done: [] };
    tamper(result, random);
    return { headers: result.headers, done: ['tamper'] };
  } catch {
    // A date that the signer cannot read: sent without a signature.
    return bare;
  }
}
