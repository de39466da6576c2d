import { paceNamed } from '../clock/pace.ts';
import { ControlError, type Control } from './control.ts';

const text = ({ pace, rules }: { pace: string; rules: { kind: string; from?: string; pace: string }[] }): string =>
  [pace, ...rules.map((r) => `  ${r.kind}${r.from === undefined ? '' : ` from ${r.from}`}: ${r.pace}`)].join('\n');

/** How long what takes time takes, and how often one may ask. */
export const paceControls: readonly Control[] = [
  { name: 'pace read', method: 'GET', path: '/_fogbank/pace', summary: 'how fast transitions go, and what goes at another pace', run: (machine) => machine.world.pace.state(), text },
  {
    name: 'pace set', method: 'PUT', path: '/_fogbank/pace', summary: 'let transitions that begin from now on take another time: all, those of a kind, or one',
    parameters: {
      pace: { type: 'string', help: 'instant, fast, realistic, or a factor such as 0.1' },
      kind: { type: 'string', help: 'ec2:volume', optional: true }, from: { type: 'string', help: 'the state that is left: creating', optional: true },
    },
    run: async (machine, { pace, kind, from }) => {
      if (!paceNamed(pace as string)) throw new ControlError(`pace set: '${String(pace)}' is none of instant, fast, realistic, or a factor of zero or more`);
      if (from !== undefined && kind === undefined) throw new ControlError('pace set: from needs a kind');
      const resource = kind === undefined ? undefined : machine.world.registry.resource(kind as string);
      if (kind !== undefined && !resource) throw new ControlError(`pace set: there is no kind '${String(kind)}'; kinds are written as ec2:instance`);
      if (from !== undefined && !resource!.lifecycle?.[from as string]) throw new ControlError(`pace set: nothing of ${String(kind)} leaves '${String(from)}' by itself; there is ${Object.keys(resource!.lifecycle ?? {}).join(', ') || 'no such state'}`);
      machine.world.pace.set(pace as string, kind as string | undefined, from as string | undefined);
      await machine.keepPace();
      return machine.world.pace.state();
    }, text,
  },
  {
    name: 'throttle', method: 'PUT', path: '/_fogbank/throttle', summary: "let calls through as often as AWS does, or as often as they come", parameters: { mode: { type: 'string', help: 'aws or off', choices: ['aws', 'off'] } },
    run: (machine, { mode }) => {
      machine.throttling.on = mode === 'aws';
      machine.throttling.clear();
      return { mode };
    }, text: ({ mode }) => mode as string,
  },
];
