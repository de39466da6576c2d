import type { OperationModel } from '../../protocols/types.ts';
import type { Machine } from '../machine.ts';
import type { Exchange } from '../pipeline/exchange.ts';

/** Upper bounds in milliseconds. */
const BUCKETS_MS = [0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 1000];

interface Operation {
  readonly service: string;
  readonly operation: string;
  /** By the code that was answered; '' of successes. */
  readonly codes: Map<string, number>;
  readonly buckets: number[];
  count: number;
  sumMs: number;
}

/** Requests by service, operation and outcome, for Prometheus. https://prometheus.io/docs/instrumenting/exposition_formats/ */
export class Metrics {
  private readonly operations = new Map<OperationModel | string, Operation>();

  note({ model, operation }: Exchange, code: string | undefined, ms: number): void {
    // What names no operation is counted together: names that callers invent must not fill the memory.
    const key = operation ?? model?.service ?? '';
    let known = this.operations.get(key);
    if (!known) this.operations.set(key, (known = { service: model?.service ?? '', operation: operation?.name ?? '', codes: new Map(), buckets: BUCKETS_MS.map(() => 0), count: 0, sumMs: 0 }));
    known.count++;
    known.sumMs += ms;
    known.codes.set(code ?? '', (known.codes.get(code ?? '') ?? 0) + 1);
    const bucket = BUCKETS_MS.findIndex((bound) => ms <= bound);
    if (bucket >= 0) known.buckets[bucket]!++;
  }

  async text(machine: Machine): Promise<string> {
    const { simulatedMs, rate } = machine.clock.state();
    const counts = await machine.store.counts();
    const faults = machine.world.faults.list();
    return [
      ...metric('fogbank_requests_total', 'counter', 'Requests answered; code is empty for successes.', [...this.operations.values()].flatMap(({ service, operation, codes }) => [...codes].map(([code, n]) => [{ service, operation, code }, n] as const))),
      ...this.durations(),
      ...metric('fogbank_resources', 'gauge', 'Resources in all accounts and regions.', Object.entries(counts).map(([kind, n]) => [{ kind }, n] as const)),
      ...metric('fogbank_clock_seconds', 'gauge', "Fogbank's time, in seconds since the epoch.", [[{}, simulatedMs / 1000]]),
      ...metric('fogbank_clock_rate', 'gauge', 'Simulated seconds a second; 0 where the clock is held.', [[{}, rate]]),
      ...metric('fogbank_next_step_seconds', 'gauge', 'When the next step is due, in seconds since the epoch; 0 where none is.', [[{}, (machine.store.nextDueAt() ?? 0) / 1000]]),
      ...metric('fogbank_faults_struck_total', 'counter', 'How often the fault rules in force struck.', faults.map(({ id, struck }) => [{ fault: id }, struck] as const)),
      ...metric('process_resident_memory_bytes', 'gauge', 'Resident memory.', [[{}, process.memoryUsage.rss()]]),
      '',
    ].join('\n');
  }

  private durations(): string[] {
    const lines = ['# HELP fogbank_request_duration_seconds How long requests took.', '# TYPE fogbank_request_duration_seconds histogram'];
    for (const { service, operation, buckets, count, sumMs } of this.operations.values()) {
      let below = 0;
      for (const [i, bound] of BUCKETS_MS.entries()) lines.push(`fogbank_request_duration_seconds_bucket${labels({ service, operation, le: String(bound / 1000) })} ${(below += buckets[i]!)}`);
      lines.push(`fogbank_request_duration_seconds_bucket${labels({ service, operation, le: '+Inf' })} ${count}`);
      lines.push(`fogbank_request_duration_seconds_sum${labels({ service, operation })} ${sumMs / 1000}`, `fogbank_request_duration_seconds_count${labels({ service, operation })} ${count}`);
    }
    return lines;
  }
}

type Labels = Readonly<Record<string, string>>;

const metric = (name: string, type: string, help: string, values: readonly (readonly [Labels, number])[]): string[] => [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...values.map(([by, value]) => `${name}${labels(by)} ${value}`)];

const labels = (by: Labels): string => {
  const pairs = Object.entries(by).map(([name, value]) => `${name}="${value.replace(/["\\\n]/g, (c) => (c === '\n' ? '\\n' : `\\${c}`))}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
};
