import { gunzip, inflate } from 'node:zlib';
import { promisify } from 'node:util';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import pino, { type Logger } from 'pino';
import { AwsError, bytesOf, protocolFor, type WireRequest } from '../protocols/index.ts';
import { control } from './control/routes.ts';
import { bodyOf, leaveBodies } from './body.ts';
import type { Transport } from './faults/faults.ts';
import { guard } from './guards.ts';
import type { Machine } from './machine.ts';
import { answer, type Answered } from './pipeline/index.ts';

/** What a body may be longer than it came when it was compressed. RunInstances' user data of 16 KB and policies of 128 KB fit many times over; CloudWatch's PutMetricData is the largest, with 1 MB. */
const INFLATED_BYTES_MAX = 4 * 1024 * 1024;
const MIB = 1024 * 1024;

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS'] as const;

/** The wire's outer side: HTTP, decompression, the log line. Everything of AWS happens in `answer`. */
export function createServer(machine: Machine, logger: Logger = createLogger(machine.settings.log)): FastifyInstance {
  const bodyBytesMax = machine.settings.bodyLimitMib * MIB;
  const app = Fastify({
    logger: false,
    bodyLimit: bodyBytesMax,
    exposeHeadRoutes: false,
    // No route has a schema: what would compile one is 0.4 MB, and not in the bundle.
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    // Paths of signed requests must reach the verifier as they were sent.
    rewriteUrl: (request) => (/^\/(_fogbank|moto-api)(\/|\?|$)/.test(request.url ?? '') ? request.url! : '/'),
  });
  leaveBodies(app);
  guard(app, machine.settings, () => machine.clock.real(), (request, reply) => {
    const protocol = guessProtocol(request);
    const refusal = protocol === 'awsQuery' ? new AwsError('RequestLimitExceeded', 'Request limit exceeded.', 503) : new AwsError('ThrottlingException', 'Rate exceeded', 400);
    return sendWire(reply, protocolFor(protocol).writeError(undefined, refusal, machine.requestIds.uuid()));
  });
  app.register((scope, _options, done) => {
    control(scope, machine);
    done();
  });
  app.route({
    method: [...METHODS],
    url: '/',
    handler: (request, reply) => {
      serve(request, reply).catch((error: unknown) => reply.send(error));
    },
  });
  async function serve(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const started = performance.now();
    const answered = await answerTo(machine, request, await bodyOf(request, bodyBytesMax));
    logLine(logger, answered, performance.now() - started);
    const { response, exchange } = answered;
    if (exchange.transport) await sendSpoilt(machine, reply, answered, exchange.transport);
    else sendWire(reply, response);
  }
  app.setErrorHandler((error: { statusCode?: number; message: string }, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) logger.error({ err: error }, 'a request failed outside the pipeline');
    // What is still to come of a body that is too long is not waited for.
    if (status === 413) reply.raw.shouldKeepAlive = false;
    const refusal = status === 413 ? new AwsError('RequestEntityTooLarge', 'Request entity too large', 413)
      : status >= 500 ? new AwsError('InternalError', 'An internal error has occurred', 500)
      : new AwsError('MalformedQueryString', 'The request could not be read', status);
    return sendWire(reply, protocolFor(guessProtocol(request)).writeError(undefined, refusal, machine.requestIds.uuid()));
  });
  app.setNotFoundHandler((request, reply) =>
    sendWire(reply, protocolFor(guessProtocol(request)).writeError(undefined, new AwsError('InvalidAction', `There is nothing at ${request.method} ${request.url}`, 404), machine.requestIds.uuid())));
  app.addHook('onClose', () => machine.close());
  return app;
}

function noSchemas(): never {
  throw new Error('routes have no schemas');
}

const guessProtocol = (request: FastifyRequest) =>
  request.headers['smithy-protocol'] === 'rpc-v2-cbor' ? 'rpcv2Cbor' : request.headers['x-amz-target'] !== undefined ? 'awsJson1_1' : 'awsQuery';

function answerTo(machine: Machine, request: FastifyRequest, body: Buffer): Promise<Answered> {
  const url = request.raw.url === '/' ? request.originalUrl : (request.originalUrl ?? request.raw.url ?? '/');
  const cut = url.indexOf('?');
  const wire: WireRequest = {
    method: request.method,
    path: cut < 0 ? url : url.slice(0, cut),
    query: cut < 0 ? '' : url.slice(cut + 1),
    headers: request.headers,
    body,
  };
  const encoding = request.headers['content-encoding'];
  const sourceIp = sourceIpOf(request);
  return encoding === undefined ? answer(machine, wire, sourceIp) : decompressed(body, encoding).then((inflated) => answer(machine, { ...wire, signedBody: body, body: inflated }, sourceIp));
}

/** Of a caller behind a proxy what the proxy says; a test may say it too, to ask what a policy makes of another address. */
function sourceIpOf(request: FastifyRequest): string | undefined {
  const forwarded = request.headers['x-forwarded-for'];
  if (forwarded !== undefined) return (Array.isArray(forwarded) ? forwarded[0]! : forwarded).split(',')[0]!.trim();
  return request.socket.remoteAddress?.replace(/^::ffff:(?=\d+\.)/, '');
}

const unzip = { gzip: promisify<Buffer, { maxOutputLength: number }, Buffer>(gunzip), deflate: promisify<Buffer, { maxOutputLength: number }, Buffer>(inflate) };

/** A body that cannot be decompressed is passed on as it came, for the protocol to refuse in its own words. */
async function decompressed(body: Buffer, encoding: string): Promise<Buffer> {
  const method = encoding.trim().toLowerCase();
  if (method !== 'gzip' && method !== 'deflate') return body;
  try {
    return await unzip[method](body, { maxOutputLength: INFLATED_BYTES_MAX });
  } catch {
    return body;
  }
}

/** A fault may hold an answer back, break it off, or break the connection instead. */
async function sendSpoilt(machine: Machine, reply: FastifyReply, { response }: Answered, transport: Transport): Promise<FastifyReply> {
  if (transport.delayMs > 0) await machine.clock.pause(transport.delayMs);
  if (transport.connection === undefined) return sendWire(reply, response);
  reply.hijack();
  const body = bytesOf(response);
  if (transport.connection === 'truncate') {
    reply.raw.writeHead(response.status, { ...response.headers, 'content-length': body.length });
    await new Promise((resolve) => reply.raw.write(body.subarray(0, body.length >> 1), resolve));
  }
  reply.raw.socket?.resetAndDestroy();
  return reply;
}

/** Up to here an answer is cheaper as one string with its head, which Node writes in one go, than as head and buffer. */
const ONE_WRITE_BYTES_MAX = 32 * 1024;

/** The wire has written status, headers and body already: there is nothing for Fastify to add. */
function sendWire(reply: FastifyReply, { status, headers, body }: Answered['response']): FastifyReply {
  reply.hijack();
  const { raw } = reply;
  const write = () => {
    const text = typeof body === 'string' && body.length <= ONE_WRITE_BYTES_MAX ? body : undefined;
    const bytes = text === undefined ? bytesOf({ body }) : undefined;
    const length = bytes?.length ?? Buffer.byteLength(text!);
    raw.writeHead(status, { 'content-length': length, ...headers });
    if (reply.request.method === 'HEAD') raw.end();
    else if (text === undefined) raw.end(bytes);
    // Where no character takes two bytes, this is the cheaper spelling of the same.
    else raw.end(text, length === text.length ? 'latin1' : 'utf8');
  };
  if (leaving.push(write) === 1) setImmediate(leave);
  return reply;
}

/** Answers of one turn of the event loop, which go out together: to wake a client on another core costs more than to write, and so it is woken once for all of them. */
let leaving: (() => void)[] = [];

function leave(): void {
  const all = leaving;
  leaving = [];
  for (const write of all) write();
}

/**
 * Lines are gathered: one write for each would cost as much as the rest of a small request. As bytes, since sonic-boom
 * measures the whole of what it has gathered with every line of text.
 */
export function createLogger(level: string): Logger {
  const destination = pino.destination({ dest: 1, sync: false, minLength: 32_768, maxWrite: 65_536, periodicFlush: 100, contentMode: 'buffer' });
  return pino({ level, base: undefined }, { write: (line) => void destination.write(Buffer.from(line) as unknown as string) });
}

function logLine(logger: Logger, { exchange: x, response, code, fault }: Answered, ms: number): void {
  const line = {
    service: x.model?.service, operation: x.operation?.name, account: x.principal?.account, region: x.region,
    status: response.status, code, ms: Math.round(ms * 100) / 100, requestId: x.requestId,
  };
  if (fault !== undefined) logger.error({ ...line, err: fault }, 'internal error');
  else logger.info(line);
}
