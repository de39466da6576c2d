// What a request costs on Node before any emulator's logic: `raw` is node:http with a fixed answer, `fastify-sqlite` adds
// Fastify, a form parser, SigV4 and one SQLite transaction (file, WAL, synchronous=NORMAL) a request.
//   node scripts/bench/floor-server.mjs raw|fastify-sqlite PORT [FOLDER]
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parse } from 'node:querystring';

const [mode, port, folder] = process.argv.slice(2);
const ANSWER = `<?xml version="1.0" encoding="UTF-8"?><R xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">${'<item><k>v</k></item>'.repeat(43)}</R>`;
const SECRETS = { test: 'test' };
const SKEW_MS = 5 * 60_000;

const sha256 = (data) => createHash('sha256').update(data).digest('hex');
const hmac = (key, data) => createHmac('sha256', key).update(data).digest();
const AUTHORIZATION = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;
const keys = new Map();

function signingKey(keyId, date, region, service) {
  const name = `${keyId}/${date}/${region}/${service}`;
  if (!keys.has(name)) keys.set(name, [date, region, service, 'aws4_request'].reduce(hmac, `AWS4${SECRETS[keyId]}`));
  return keys.get(name);
}

function verified({ method, headers, body }) {
  const [, keyId, date, region, service, signed, signature] = AUTHORIZATION.exec(headers.authorization ?? '') ?? [];
  if (!(keyId in SECRETS)) return false;
  const at = headers['x-amz-date'];
  const ms = Date.parse(at.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5'));
  if (!(Math.abs(Date.now() - ms) < SKEW_MS)) return false;
  const canonical = `${method}\n/\n\n${signed.split(';').map((name) => `${name}:${headers[name].trim().replace(/ +/g, ' ')}\n`).join('')}\n${signed}\n${sha256(body)}`;
  const toSign = `AWS4-HMAC-SHA256\n${at}\n${date}/${region}/${service}/aws4_request\n${sha256(canonical)}`;
  return timingSafeEqual(hmac(signingKey(keyId, date, region, service), toSign), Buffer.from(signature, 'hex'));
}

function raw() {
  createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      Buffer.concat(chunks);
      response.writeHead(200, { 'content-type': 'text/xml', 'content-length': ANSWER.length });
      response.end(ANSWER);
    });
  }).listen(Number(port), '127.0.0.1');
}

function fastifyWithSqlite() {
  const require = createRequire(import.meta.url);
  const database = new (require('better-sqlite3'))(join(folder, 'floor.sqlite'));
  database.pragma('journal_mode=WAL');
  database.pragma('synchronous=NORMAL');
  // A rowid table: WITHOUT ROWID gets slower with every row of a kilobyte.
  database.exec('CREATE TABLE documents(id TEXT PRIMARY KEY, account TEXT, region TEXT, kind TEXT, document TEXT)');
  const insert = database.prepare('INSERT INTO documents VALUES(?,?,?,?,?)');
  const document = JSON.stringify({ state: 'running', padding: 'x'.repeat(980) });
  const write = database.transaction(() => insert.run(`i-${randomBytes(9).toString('hex').slice(0, 17)}`, '000000000000', 'us-east-1', 'instance', document));
  const app = require('fastify')({ logger: false });
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.post('/', async (request, reply) => {
    if (!verified({ method: 'POST', headers: request.headers, body: request.body })) return reply.code(403).send('<Error/>');
    if (!parse(request.body.toString()).Action) return reply.code(400).send('<Error/>');
    write();
    return reply.type('text/xml').send(ANSWER);
  });
  app.listen({ port: Number(port), host: '127.0.0.1' });
}

if (mode === 'raw') raw();
else fastifyWithSqlite();
