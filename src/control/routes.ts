import type { FastifyInstance } from 'fastify';
import type { Machine } from '../machine.ts';
import { version } from '../version.ts';
import { explain } from './calls.ts';
import { issuers } from './issuers.ts';
import { leastPolicy } from './least-policy.ts';

/** The control API: what AWS has no call for. */
export function control(app: FastifyInstance, machine: Machine): void {
  app.get('/_fogbank/health', () => ({ status: 'ok' }));
  app.get('/_fogbank/info', async () => ({
    version,
    account: machine.settings.account,
    region: machine.settings.region,
    auth: machine.settings.auth,
    iam: machine.settings.iam,
    pace: machine.settings.pace,
    seed: machine.settings.seed ?? null,
    clock: machine.clock.state(),
    services: [...machine.world.registry.services].map((s) => ({ name: s.name, operations: Object.keys(s.operations).length })),
    resources: await machine.store.counts(),
    lingering: await machine.store.lingering(),
  }));
  app.get<{ Querystring: { principal?: string } }>('/_fogbank/calls', ({ query }, reply) => {
    if (!query.principal) return reply.code(400).send({ error: 'which principal? Give ?principal=<ARN of a user, role or session>' });
    return machine.calls.of(query.principal).map(({ judgements, ...call }) => ({ ...call, decisions: judgements.map(({ permission, decision }) => ({ action: permission.action, resource: permission.resource, outcome: decision.outcome })) }));
  });
  app.get<{ Params: { requestId: string } }>('/_fogbank/calls/:requestId', ({ params }, reply) => {
    const call = machine.calls.find(params.requestId);
    if (!call) return reply.code(404).send({ error: `nothing was decided for request ${params.requestId}, or it was too long ago; the calls of an account's root are decided with --iam observe only` });
    const { judgements, ...rest } = call;
    return { ...rest, decisions: judgements.map(explain) };
  });
  app.get<{ Querystring: { principal?: string } }>('/_fogbank/policy', ({ query }, reply) => {
    const calls = query.principal ? machine.calls.of(query.principal) : [];
    if (calls.length === 0) return reply.code(404).send({ error: `no calls of '${query.principal ?? ''}' are in the log; give ?principal=<ARN>, and mind that root's calls are decided with --iam observe only` });
    return leastPolicy(calls);
  });
  issuers(app, machine);
  app.post('/_fogbank/reset', async () => {
    await machine.reset();
    return { status: 'ok' };
  });
  // What people who come from moto have in their fixtures. https://docs.getmoto.org/en/latest/docs/server_mode.html#reset-api
  app.post('/moto-api/reset', async () => {
    await machine.reset();
    return { status: 'ok' };
  });
}
