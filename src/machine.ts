import { Clock, isoTime, type ClockState } from './clock/clock.ts';
import { Paces } from './clock/pace.ts';
import { Faults } from './faults/faults.ts';
import { IdSource } from './ids/source.ts';
import { CallLog } from './control/calls.ts';
import { Metrics } from './control/metrics.ts';
import { Snapshots } from './control/snapshots.ts';
import { Changes, type Context, type World } from './kit/context.ts';
import { Journal } from './kit/journal.ts';
import { Throttling } from './kit/token-buckets.ts';
import { Registry, type Service } from './kit/registry.ts';
import { due, type Taken } from './kit/steps.ts';
import type { Settings } from './settings.ts';
import { SqliteStore } from './store/sqlite.ts';
import type { Awaitable, Store } from './store/store.ts';

const STEPS_TOLD_MAX = 1000;

/** The time as it was when the world was copied or put away, and what passes with it. */
interface Kept extends ClockState {
  readonly wallMs: number;
  /** How far the request ids had come. */
  readonly requests: number;
}

/** The simulated cloud without its wire: services, store, clock, ids; and the rule that everything happens in a transaction. */
export class Machine {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: IdSource;
  /** Request ids draw from a stream of their own, so that reading changes no resource's id. */
  readonly requestIds: IdSource;
  readonly world: World;
  readonly calls = new CallLog();
  readonly metrics = new Metrics();
  readonly throttling: Throttling;
  readonly snapshots: Snapshots;
  /** Starts a second world from this one's state; set by who can start one. */
  fork: () => Promise<{ endpoint: string }> = () => Promise.reject(new Error('this machine cannot fork'));
  private readonly provisioned = new Set<string>();
  private provisioning: string[] = [];

  constructor(
    readonly settings: Settings,
    services: readonly Service[],
    readonly isRegion: (name: string) => boolean,
  ) {
    const registry = new Registry(services);
    this.store = new SqliteStore(settings.data, (kind, document) => registry.termsOf(kind, document), settings.seed);
    this.snapshots = new Snapshots(settings.data);
    this.throttling = new Throttling(settings.throttle === 'aws');
    this.clock = new Clock();
    this.clock.restore(this.keptClock());
    this.ids = new IdSource(settings.seed, this.recall('ids'));
    this.requestIds = new IdSource(settings.seed === undefined ? undefined : `${settings.seed}/requests`, this.recall<Kept>('clock')?.requests);
    this.world = { store: this.store, ids: this.ids, pace: new Paces(settings.pace), registry, settings: { adoptImages: settings.adoptImages, iam: settings.iam, quotas: settings.quotas === 'enforce' }, changes: new Changes(), journal: new Journal(), faults: new Faults(new IdSource(settings.seed === undefined ? undefined : `${settings.seed}/faults`), () => isoTime(this.clock.peek())) };
    this.world.pace.restore(this.recall('pace'));
    this.world.faults.restore(this.recall('faults'));
    this.wake();
  }

  /** One transaction; what failed leaves no trace, not even in the id source. */
  async transact<T>(work: () => Awaitable<T>): Promise<T> {
    const provisioned: string[] = [];
    try {
      const result = await this.store.transaction(async () => {
        const start = this.ids.position;
        this.provisioning = provisioned;
        this.world.journal.remembers = !this.world.faults.none && this.world.faults.lags;
        try {
          const working = work();
          const done = working instanceof Promise ? await working : working;
          if (this.ids.seed !== undefined && this.ids.position !== start) await this.store.putFact('ids', String(this.ids.position));
          if (this.world.faults.changed) await this.store.putFact('faults', JSON.stringify(this.world.faults.state()));
          this.world.journal.end(true);
          return done;
        } catch (error) {
          this.world.journal.end(false);
          this.ids.rewind(start);
          throw error;
        }
      });
      for (const name of provisioned) this.provisioned.add(name);
      this.world.faults.changed = false;
      return result;
    } finally {
      this.wake();
    }
  }

  /**
   * Nothing may be answered before what stands would survive the process. With `due`, what follows at once is taken first, so
   * that it is written once and not twice; a step that fails is told to the next call.
   */
  kept({ due: dueToo = false, epoch }: { due?: boolean; epoch?: number | undefined } = {}): Promise<void> | undefined {
    return this.store.kept(dueToo ? () => this.catchUp().catch(() => undefined) : undefined, epoch)?.catch((error: unknown) => {
      // Everything is as it was kept last, the regions too.
      this.provisioned.clear();
      throw error;
    });
  }

  /** Whether a step is due. */
  get behind(): boolean {
    const at = this.store.nextDueAt();
    return at !== undefined && at <= this.clock.peek();
  }

  /** Takes every step that is due, in order. */
  async catchUp(taken?: (step: Taken) => void): Promise<void> {
    while (this.behind) {
      const step = await this.transact(() => due(this.world, this.clock.peek()));
      if (step) taken?.(step);
    }
  }

  /**
   * Changes how the time passes; kept, so that a restart goes on with it. So is how far the request ids have come: not worth
   * a write with every answer, they are kept whenever the world is copied or put away.
   */
  async setClock(change: (clock: Clock) => void): Promise<void> {
    change(this.clock);
    await this.transact(() => this.store.putFact('clock', JSON.stringify({ ...this.clock.state(), wallMs: this.clock.real(), requests: this.requestIds.position } satisfies Kept)));
    await this.kept();
  }

  /** Another pace than at the start is the world's: a restart and a fork go on with it. */
  async keepPace(): Promise<void> {
    await this.transact(() => this.store.putFact('pace', JSON.stringify(this.world.pace.state())));
    await this.kept();
  }

  /** Rules that were made stand before it is said. */
  async keepFaults(): Promise<void> {
    await this.transact(async () => undefined);
    await this.kept();
  }

  private recall<T>(name: string): T | undefined {
    const text = this.store.recall(name);
    return text === undefined ? undefined : (JSON.parse(text) as T);
  }

  /** Moves the time on; every step that becomes due is taken before it answers. The first thousand are told. */
  async advance(milliseconds: number): Promise<{ from: string; to: string; steps: (Omit<Taken, 'at'> & { at: string })[]; count: number }> {
    const from = isoTime(this.clock.peek());
    const steps: (Omit<Taken, 'at'> & { at: string })[] = [];
    let count = 0;
    await this.setClock((clock) => clock.advance(milliseconds));
    await this.catchUp((step) => {
      if (++count <= STEPS_TOLD_MAX) steps.push({ ...step, at: isoTime(step.at) });
    });
    await this.kept();
    return { from, to: isoTime(this.clock.peek()), steps, count };
  }

  /** Makes what an account has in a region from the start, when the region is first looked at; part of the first request's transaction. */
  provision(service: string, ctx: Context): Awaitable<void> {
    const furnish = this.world.registry.service(service)?.provision;
    if (!furnish) return;
    const name = `provisioned/${service}/${ctx.account}/${ctx.region}`;
    if (!this.provisioned.has(name)) return this.furnish(name, () => furnish(ctx));
  }

  private async furnish(name: string, furnish: () => Promise<void>): Promise<void> {
    if ((await this.store.fact(name)) === undefined) {
      await this.store.putFact(name, 'true');
      await furnish();
    }
    this.provisioning.push(name);
  }

  /** The world as it stands, with its time. */
  async snapshot(): Promise<Buffer> {
    await this.catchUp();
    await this.setClock(() => undefined);
    return this.store.image();
  }

  /** Goes on from a snapshot, exactly: its time, its steps, its ids. */
  async restore(image: Buffer): Promise<void> {
    await this.store.replace(image);
    this.clock.restore(this.recall('clock'));
    this.ids.rewind(this.recall('ids') ?? 0);
    this.requestIds.rewind(this.recall<Kept>('clock')?.requests ?? 0);
    this.world.pace.restore(this.recall('pace'));
    this.world.faults.restore(this.recall('faults'));
    this.forget();
  }

  /** Back to an empty world; or one account, one region, or one account in a region is new again, and all else goes on. */
  async reset(part: { readonly account?: string; readonly region?: string } = {}): Promise<void> {
    if (part.account !== undefined || part.region !== undefined) {
      await this.transact(() => this.store.clear(part));
      await this.kept();
      this.provisioned.clear();
      for (const { name } of this.world.registry.services) this.world.changes.note(name);
      return;
    }
    await this.store.transaction(() => this.store.clear());
    await this.kept();
    this.clock.restore(undefined);
    this.ids.rewind(0);
    this.requestIds.rewind(0);
    this.world.faults.restore(undefined);
    this.world.pace.restore(undefined);
    this.forget();
  }

  /** What was remembered of another world. */
  private forget(): void {
    this.provisioned.clear();
    this.calls.clear();
    this.world.journal.forget();
    this.throttling.clear();
    for (const { name } of this.world.registry.services) this.world.changes.note(name);
    this.wake();
  }

  /** The clock of the world that was kept; it has gone on meanwhile unless it was held. */
  private keptClock(): ClockState | undefined {
    const kept = this.recall<Kept>('clock');
    if (kept === undefined) return undefined;
    const { simulatedMs, rate, wallMs } = kept;
    return { simulatedMs: simulatedMs + (this.clock.real() - wallMs) * rate, rate };
  }

  async close(): Promise<void> {
    try {
      await this.setClock(() => undefined);
    } finally {
      this.clock.stop();
      this.store.close();
    }
  }

  private wake(): void {
    const next = this.store.nextDueAt();
    // A step that is lost runs again: nobody has been told of it.
    this.clock.wake(next, () => void this.catchUp().then(() => this.kept()).then(() => this.wake()).catch(() => undefined));
  }
}
