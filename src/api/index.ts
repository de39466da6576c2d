import pino from 'pino';
import { duration } from '../control/control.ts';
import { problemOf } from '../faults/rules.ts';
import { isoTime } from '../clock/clock.ts';
import { isRegion, start, type Running } from '../main.ts';
import { settingsFrom } from '../settings.ts';
import { requestHandler } from './request-handler.ts';
import type { Fogbank, FogbankOptions } from './types.ts';

/** Fogbank in this process, for tests: in memory, on a free port, silent. */
export async function startFogbank(options: FogbankOptions = {}): Promise<Fogbank> {
  const { clock, ...rest } = options;
  const settings = settingsFrom({ port: '0', data: ':memory:', log: 'silent', pace: clock === 'held' ? 'realistic' : 'instant', ...rest }, {}, isRegion);
  const running = await start(settings, pino({ level: 'silent' }));
  if (clock === 'held') await running.machine.setClock((c) => c.hold());
  return facade(running);
}

function facade(running: Running): Fogbank {
  const { machine, endpoint } = running;
  const handler = requestHandler(machine, endpoint);
  const { settings } = machine;
  const { faults } = machine.world;
  return {
    endpoint,
    clientConfig: ({ region = settings.region, credentials = { accessKeyId: 'test', secretAccessKey: 'test' } } = {}) => ({ region, endpoint, credentials, requestHandler: handler }),
    clock: {
      now: () => isoTime(machine.clock.peek()),
      hold: () => machine.setClock((c) => c.hold()),
      run: (rate = 1) => machine.setClock((c) => c.run(rate)),
      advance: (by) => machine.advance(typeof by === 'number' ? by : duration(by)),
    },
    faults: {
      add: (rule) => {
        const problem = problemOf(rule as unknown as Record<string, unknown>);
        if (problem !== undefined) throw new TypeError(problem);
        return faults.add(rule);
      },
      list: () => faults.list(), remove: (id) => faults.remove(id), clear: () => faults.clear(),
    },
    snapshot: async () => ({ bytes: await machine.snapshot() }),
    restore: ({ bytes }) => machine.restore(Buffer.from(bytes)),
    fork: async () => facade(await running.fork()),
    reset: (part) => machine.reset(part),
    load: async (plan) => (await (await import('../control/load.ts')).load(machine, plan)).answers,
    calls: (filter = {}) => machine.calls.select(filter).map(({ requestId, at, principal, service, operation, error, parameters, changes }) => ({ requestId, at, principal, service, operation, error, parameters, changes })),
    stop: () => running.stop(),
    [Symbol.asyncDispose]: () => running.stop(),
  };
}

export type * from './types.ts';
