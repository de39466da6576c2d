import type { FastifyInstance } from 'fastify';
import { issuerFact } from '../kit/context.ts';
import type { Machine } from '../machine.ts';

interface Given {
  readonly issuer: string;
  readonly jwks: { readonly keys: readonly object[] };
}

/**
 * The keys of OpenID Connect issuers, as AWS would find them at `<issuer>/.well-known/jwks.json`. Fogbank does not ask
 * the network: `PUT /_fogbank/issuers` with `{"issuer": "https://…", "jwks": {"keys": […]}}` says what it would answer.
 */
export function issuers(app: FastifyInstance, machine: Machine): void {
  app.put<{ Body: Buffer }>('/_fogbank/issuers', async ({ body }, reply) => {
    const given = read(body);
    if (!given) return reply.code(400).send({ error: 'give {"issuer": "https://…", "jwks": {"keys": […]}}' });
    await machine.transact(() => machine.store.putFact(issuerFact(given.issuer), JSON.stringify(given.jwks)));
    await machine.kept();
    return { status: 'ok' };
  });
  app.get<{ Querystring: { issuer?: string } }>('/_fogbank/issuers', async ({ query }, reply) => {
    const keys = query.issuer === undefined ? undefined : await machine.store.fact(issuerFact(query.issuer));
    return keys === undefined ? reply.code(404).send({ error: 'no keys of that issuer are known; give ?issuer=https://…' }) : reply.type('application/json').send(keys);
  });
}

function read(body: Buffer): Given | undefined {
  try {
    const { issuer, jwks } = JSON.parse(body.toString('utf8')) as Given;
    return /^https:\/\/[^\s?#]+$/.test(issuer) && Array.isArray(jwks.keys) ? { issuer, jwks } : undefined;
  } catch {
    return undefined;
  }
}
