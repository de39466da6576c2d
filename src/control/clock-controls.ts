import { isoTime } from '../clock/clock.ts';
import type { Machine } from '../machine.ts';
import { ControlError, duration, type Control } from './control.ts';

const reading = ({ clock }: Machine) => {
  const { simulatedMs, rate } = clock.state();
  return { now: isoTime(simulatedMs), rate, mode: rate === 0 ? 'held' : rate === 1 ? 'running' : 'scaled', aheadMs: Math.round(simulatedMs - clock.real()) };
};

interface Moved {
  from: string;
  to: string;
  steps: { at: string; kind: string; id: string; from: string; to: string }[];
  count: number;
}

const movedText = ({ from, to, steps, count }: Moved): string =>
  [`${from} -> ${to}: ${count} step${count === 1 ? '' : 's'}`, ...steps.map((s) => `  ${s.at}  ${s.kind} ${s.id}: ${s.from} -> ${s.to}`), ...(count > steps.length ? [`  … and ${count - steps.length} more`] : [])].join('\n');

export const clockControls: readonly Control[] = [
  { name: 'clock read', method: 'GET', path: '/_fogbank/clock', summary: 'the time that Fogbank has, and how it passes', run: reading, text: (a) => `${a.now} ${a.mode}${a.rate > 1 ? ` at ${a.rate}` : ''}` },
  { name: 'clock hold', method: 'POST', path: '/_fogbank/clock/hold', summary: 'stop the time: nothing becomes due until it is advanced or runs again', run: async (machine) => {
    await machine.setClock((clock) => clock.hold());
    return reading(machine);
  }, text: (a) => `held at ${a.now}` },
  {
    name: 'clock run', method: 'POST', path: '/_fogbank/clock/run', summary: 'let the time pass, as it does outside or faster',
    parameters: { rate: { type: 'number', help: 'simulated seconds a second, above 0; 1 when it is left out', optional: true } },
    run: async (machine, { rate = 1 }) => {
      if (!(rate > 0 && rate <= 1_000_000)) throw new ControlError('clock run: rate must be above 0 and at most 1000000; clock hold stops the time');
      await machine.setClock((clock) => clock.run(rate as number));
      return reading(machine);
    }, text: (a) => `runs at ${a.rate} from ${a.now}`,
  },
  {
    name: 'clock advance', method: 'POST', path: '/_fogbank/clock/advance', summary: 'move the time on; every step that becomes due has run, in order, when it answers',
    parameters: { by: { type: 'string', help: 'a duration: 500ms, 90s, 15m, 1h30m, 2d' } },
    run: (machine, { by }) => machine.advance(duration(by as string)), text: movedText,
  },
  {
    name: 'clock set', method: 'POST', path: '/_fogbank/clock/set', summary: 'move the time on to a moment',
    parameters: { to: { type: 'string', help: 'a later time in ISO 8601: 2027-01-01T00:00:00Z' } },
    run: (machine, { to }) => {
      const at = Date.parse(to as string);
      const { simulatedMs } = machine.clock.state();
      if (Number.isNaN(at)) throw new ControlError(`clock set: '${String(to)}' is no time in ISO 8601`);
      if (at < simulatedMs) throw new ControlError(`clock set: ${isoTime(at)} is before ${isoTime(simulatedMs)}, and the clock only moves forward; reset goes back to the beginning`);
      return machine.advance(at - simulatedMs);
    }, text: movedText,
  },
];
