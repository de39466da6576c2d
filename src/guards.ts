import { timingSafeEqual, createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Settings } from './settings.ts';

const CONTROL = /^\/(_fogbank|moto-api)(\/|\?|$)/;
/** Whoever watches whether it is there needs no token. */
const OPEN = /^\/_fogbank\/(health|metrics)(\?|$)/;
const ADDRESSES_MAX = 10_000;

/** What stands before everything: pages of other origins, the control API's token, and how often an address may ask. */
export function guard(app: FastifyInstance, { cors, controlToken, rateLimit }: Settings, realMs: () => number, refuse: (request: FastifyRequest, reply: FastifyReply) => FastifyReply): void {
  if (cors !== '') app.addHook('onRequest', async (request, reply) => allowOrigin(cors, request, reply));
  if (controlToken !== '') {
    app.addHook('onRequest', async (request, reply) => {
      const url = request.originalUrl;
      if (!CONTROL.test(url) || OPEN.test(url)) return undefined;
      const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
      if (given !== undefined && same(given, controlToken)) return undefined;
      return reply.code(401).header('www-authenticate', 'Bearer').send({ error: 'the control API wants its token: Authorization: Bearer …; the commands take it from FOGBANK_CONTROL_TOKEN' });
    });
  }
  if (rateLimit > 0) {
    const limiter = new Limiter(rateLimit, realMs);
    app.addHook('onRequest', async (request, reply) => (CONTROL.test(request.originalUrl) || limiter.takes(request.ip) ? undefined : refuse(request, reply)));
  }
}

/** https://fetch.spec.whatwg.org/#http-cors-protocol */
function allowOrigin(allowed: string, request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
  const { origin } = request.headers;
  if (origin === undefined || (allowed !== '*' && !allowed.split(',').includes(origin))) return undefined;
  const headers = { 'access-control-allow-origin': allowed === '*' ? '*' : origin, 'access-control-expose-headers': 'x-amzn-requestid, x-amzn-errortype, x-amzn-query-error', vary: 'origin' };
  if (request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined) {
    return reply.code(204).headers({ ...headers, 'access-control-allow-methods': 'GET, POST, PUT, DELETE, HEAD, PATCH', 'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '*', 'access-control-max-age': '600' }).send();
  }
  for (const [name, value] of Object.entries(headers)) reply.raw.setHeader(name, value);
  return undefined;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const same = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));

/** So many a second for each address; those of one second may come at once. */
class Limiter {
  private readonly left = new Map<string, { tokens: number; atMs: number }>();

  constructor(private readonly perSecond: number, private readonly realMs: () => number) {}

  takes(address: string): boolean {
    const atMs = this.realMs();
    const known = this.left.get(address);
    if (!known && this.left.size >= ADDRESSES_MAX) this.left.clear();
    const tokens = known ? Math.min(this.perSecond, known.tokens + ((atMs - known.atMs) / 1000) * this.perSecond) : this.perSecond;
    this.left.set(address, { tokens: tokens >= 1 ? tokens - 1 : tokens, atMs });
    return tokens >= 1;
  }
}
