import { isoTime } from '../clock/clock.ts';
import type { Machine } from '../machine.ts';
import { version } from '../version.ts';
import { ControlError, type Control } from './control.ts';

const name = { type: 'string', help: 'the name of a snapshot' } as const;

/** The store is asked for something it must read; what is due and not done would be a clock that nobody follows. */
async function health(machine: Machine): Promise<object> {
  const { simulatedMs, rate } = machine.clock.state();
  const next = machine.store.nextDueAt();
  await machine.kept();
  const parts = {
    store: { status: 'ok', resources: Object.values(await machine.store.counts()).reduce((sum, n) => sum + n, 0) },
    clock: { status: 'ok', now: isoTime(simulatedMs), rate, overdueMs: Math.max(0, Math.floor(simulatedMs - (next ?? simulatedMs))) },
    faults: { status: 'ok', rules: machine.world.faults.list().length },
  };
  return { status: 'ok', parts };
}

/** The world as a whole: what is in it, snapshots and forks of it. */
export const worldControls: readonly Control[] = [
  { name: 'health', method: 'GET', path: '/_fogbank/health', summary: 'whether it answers, and how its parts are', run: health, text: (a) => a.status },
  {
    name: 'info', method: 'GET', path: '/_fogbank/info', summary: 'settings, and how much there is of what',
    run: async (machine) => ({
      version, account: machine.settings.account, region: machine.settings.region, auth: machine.settings.auth, iam: machine.settings.iam, pace: machine.settings.pace, seed: machine.settings.seed ?? null,
      clock: machine.clock.state(), services: [...machine.world.registry.services].map((s) => ({ name: s.name, operations: Object.keys(s.operations).length })),
      resources: await machine.store.counts(), lingering: await machine.store.lingering(),
    }),
  },
  {
    name: 'reset', method: 'POST', path: '/_fogbank/reset', summary: 'go back to an empty world; or make one account, one region, or one account in a region new again',
    parameters: { account: { type: 'string', help: 'twelve digits', optional: true }, region: { type: 'string', help: 'us-east-1', optional: true } },
    run: async (machine, part) => {
      if (part.account !== undefined && !/^\d{12}$/.test(part.account)) throw new ControlError(`reset: '${String(part.account)}' is no account; an account has twelve digits`);
      if (part.region !== undefined && !machine.isRegion(part.region)) throw new ControlError(`reset: there is no region '${String(part.region)}'`);
      await machine.reset(part);
      return { status: 'ok', ...part };
    }, text: ({ status: _status, ...part }) => (Object.keys(part).length === 0 ? 'it is empty' : `${Object.values(part).join(' in ')} is new`),
  },
  {
    name: 'snapshot save', method: 'POST', path: '/_fogbank/snapshots', summary: 'keep the world as it stands under a name', parameters: { name },
    run: async (machine, given) => machine.snapshots.save(given.name as string, await machine.snapshot()), text: (a) => `${a.name}: ${a.bytes} bytes`,
  },
  { name: 'snapshot list', method: 'GET', path: '/_fogbank/snapshots', summary: 'the snapshots that there are', run: (machine) => ({ snapshots: machine.snapshots.list() }), text: (a) => a.snapshots.map((s: { name: string; bytes: number }) => `${s.name}  ${s.bytes} bytes`).join('\n') || 'there are none' },
  {
    name: 'snapshot restore', method: 'POST', path: '/_fogbank/snapshots/:name/restore', summary: 'go on from a snapshot: its resources, time, steps and ids', parameters: { name },
    run: async (machine, given) => {
      await machine.restore(machine.snapshots.get(given.name as string));
      return { name: given.name, resources: await machine.store.counts() };
    }, text: (a) => `restored ${a.name}`,
  },
  {
    name: 'snapshot diff', method: 'GET', path: '/_fogbank/snapshots/:name/diff', summary: 'what became of the resources since a snapshot', parameters: { name, to: { type: 'string', help: 'another snapshot; now, when it is left out', optional: true } },
    run: async (machine, given) => (await import('./snapshots.ts')).difference(machine.snapshots.get(given.name as string), given.to === undefined ? await machine.snapshot() : machine.snapshots.get(given.to as string)),
  },
  { name: 'snapshot delete', method: 'DELETE', path: '/_fogbank/snapshots/:name', summary: 'forget a snapshot', parameters: { name }, run: (machine, given) => {
    machine.snapshots.remove(given.name as string);
    return { name: given.name };
  }, text: (a) => `${a.name} is gone` },
  { name: 'fork', method: 'POST', path: '/_fogbank/forks', summary: 'a second world that starts as this one stands, in memory, at an endpoint of its own; it ends with this one', run: (machine) => machine.fork(), text: (a) => a.endpoint },
];
