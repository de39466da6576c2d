import type { FastifyInstance } from 'fastify';
import type { Machine } from '../machine.ts';
import { version } from '../version.ts';

/** The control API: what AWS has no call for. */
export function control(app: FastifyInstance, machine: Machine): void {
  app.get('/_fogbank/health', () => ({ status: 'ok' }));
  app.get('/_fogbank/info', async () => ({
    version,
    account: machine.settings.account,
    region: machine.settings.region,
    auth: machine.settings.auth,
    iam: 'not evaluated',
    pace: machine.settings.pace,
    seed: machine.settings.seed ?? null,
    clock: machine.clock.state(),
    services: [...machine.world.registry.services].map((s) => ({ name: s.name, operations: Object.keys(s.operations).length })),
    resources: await machine.store.counts(),
    lingering: await machine.store.lingering(),
  }));
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
