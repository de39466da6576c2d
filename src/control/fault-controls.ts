import type { FaultRule } from '../faults/rules.ts';
import { problemOf } from '../faults/rules.ts';
import type { Fault } from '../faults/faults.ts';
import { ControlError, type Control } from './control.ts';

/** Situations that come as several rules. */
const PRESETS: Readonly<Record<string, (zone: string) => FaultRule[]>> = {
  'one-in-ten': () => [{ effect: { error: 'RequestLimitExceeded' }, match: { service: 'ec2' }, when: { rate: 0.1 } }, { effect: { error: 'Throttling' }, match: { service: 'iam' }, when: { rate: 0.1 } }],
  'zone-outage': (zone) => [
    { match: { service: 'ec2', operation: 'RunInstances', zone }, effect: { error: 'InsufficientInstanceCapacity' } },
    { match: { service: 'ec2', operation: 'StartInstances', zone }, effect: { error: 'InsufficientInstanceCapacity' } },
    { match: { service: 'ec2', operation: 'CreateVolume', zone }, effect: { error: 'InternalError' } },
    { match: { kind: 'ec2:instance', zone }, effect: { impaired: 'system' } },
  ],
  'eventual-consistency': () => [{ match: { service: 'ec2' }, effect: { lagMs: 2000 } }],
  'brown-out': () => [{ effect: { latencyMs: 250 } }, { effect: { error: 'ServiceUnavailable' }, when: { rate: 0.3 } }],
};

const line = (f: Fault): string => `${f.id}  struck ${f.struck} of ${f.matched}  ${JSON.stringify({ match: f.match, effect: f.effect, when: f.when })}`;

export const faultControls: readonly Control[] = [
  {
    name: 'fault add', method: 'POST', path: '/_fogbank/faults', summary: 'make calls or steps fail by a rule',
    parameters: {
      effect: { type: 'object', help: 'error (a code) with message and status; latencyMs; lagMs; connection reset or truncate; step {to, set}; impaired instance, system or attached-ebs' },
      match: { type: 'object', help: 'service, operation, account, region, zone, principal, parameters, resource, tag, kind; * and ? are wildcards', optional: true },
      when: { type: 'object', help: 'rate, first, every, after, until', optional: true },
    },
    run: async (machine, rule) => {
      const problem = problemOf(rule);
      if (problem !== undefined) throw new ControlError(`fault add: ${problem}`);
      const fault = machine.world.faults.add(rule as FaultRule);
      await machine.keepFaults();
      return fault;
    }, text: line,
  },
  {
    name: 'fault preset', method: 'POST', path: '/_fogbank/faults/presets', summary: 'several rules at once',
    parameters: { preset: { type: 'string', help: 'one-in-ten: throttling; zone-outage: no capacity in a zone, its instances impaired; eventual-consistency: what is new is not found for two seconds, what is deleted still is; brown-out: slow and often unavailable', choices: Object.keys(PRESETS) }, zone: { type: 'string', help: 'of zone-outage: us-east-1a', optional: true } },
    run: async (machine, { preset, zone }) => {
      if (preset === 'zone-outage' && zone === undefined) throw new ControlError('fault preset: zone-outage needs a zone, such as us-east-1a');
      const faults = PRESETS[preset as string]!(zone as string).map((rule) => machine.world.faults.add(rule));
      await machine.keepFaults();
      return { faults };
    }, text: (a) => a.faults.map(line).join('\n'),
  },
  { name: 'fault list', method: 'GET', path: '/_fogbank/faults', summary: 'the rules in force, with how often they matched and struck', run: (machine) => ({ faults: machine.world.faults.list() }), text: (a) => a.faults.map(line).join('\n') || 'there are none' },
  { name: 'fault remove', method: 'DELETE', path: '/_fogbank/faults/:id', summary: 'take one rule away', parameters: { id: { type: 'string', help: 'as fault list shows it' } }, run: async (machine, { id }) => {
    if (!machine.world.faults.remove(id as string)) throw new ControlError(`there is no fault '${String(id)}'`, 404);
    await machine.keepFaults();
    return { id };
  }, text: (a) => `${a.id} is gone` },
  { name: 'fault clear', method: 'DELETE', path: '/_fogbank/faults', summary: 'take all rules away', run: async (machine) => {
    machine.world.faults.clear();
    await machine.keepFaults();
    return { faults: [] };
  }, text: () => 'there are none' },
];
