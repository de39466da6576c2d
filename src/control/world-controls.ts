import { version } from '../version.ts';
import { explain } from './calls.ts';
import { ControlError, type Control } from './control.ts';
import { leastPolicy } from './least-policy.ts';

const name = { type: 'string', help: 'the name of a snapshot' } as const;
const principal = { type: 'string', help: 'ARN of a user, role or session' } as const;

/** The world as a whole: what is in it, snapshots and forks of it. */
export const worldControls: readonly Control[] = [
  { name: 'health', method: 'GET', path: '/_fogbank/health', summary: 'whether it answers', run: () => ({ status: 'ok' }), text: (a) => a.status },
  {
    name: 'info', method: 'GET', path: '/_fogbank/info', summary: 'settings, and how much there is of what',
    run: async (machine) => ({
      version, account: machine.settings.account, region: machine.settings.region, auth: machine.settings.auth, iam: machine.settings.iam, pace: machine.settings.pace, seed: machine.settings.seed ?? null,
      clock: machine.clock.state(), services: [...machine.world.registry.services].map((s) => ({ name: s.name, operations: Object.keys(s.operations).length })),
      resources: await machine.store.counts(), lingering: await machine.store.lingering(),
    }),
  },
  { name: 'reset', method: 'POST', path: '/_fogbank/reset', summary: 'go back to an empty world', run: async (machine) => {
    await machine.reset();
    return { status: 'ok' };
  }, text: () => 'it is empty' },
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
  {
    name: 'calls', method: 'GET', path: '/_fogbank/calls', summary: 'the last calls of a principal, with what was decided', parameters: { principal },
    run: (machine, given) => ({ calls: machine.calls.of(given.principal as string).map(({ judgements, ...call }) => ({ ...call, decisions: judgements.map(({ permission, decision }) => ({ action: permission.action, resource: permission.resource, outcome: decision.outcome })) })) }),
  },
  {
    name: 'call', method: 'GET', path: '/_fogbank/calls/:requestId', summary: 'one call, with every policy statement that spoke to it', parameters: { requestId: { type: 'string', help: 'the request id of the answer' } },
    run: (machine, given) => {
      const call = machine.calls.find(given.requestId as string);
      if (!call) throw new ControlError(`nothing was decided for request ${String(given.requestId)}, or it was too long ago; the calls of an account's root are decided with --iam observe only`, 404);
      const { judgements, ...rest } = call;
      return { ...rest, decisions: judgements.map(explain) };
    },
  },
  {
    name: 'least-policy', method: 'GET', path: '/_fogbank/policy', summary: 'the least policy that allows what a principal did', parameters: { principal },
    run: (machine, given) => {
      const calls = machine.calls.of(given.principal as string);
      if (calls.length === 0) throw new ControlError(`no calls of '${String(given.principal)}' are in the log; root's calls are decided with --iam observe only`, 404);
      return leastPolicy(calls);
    },
  },
];
