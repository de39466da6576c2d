import { Clock } from './clock/clock.ts';
import { paceNamed } from './clock/pace.ts';
import { IdSource } from './ids/source.ts';
import { CallLog } from './control/calls.ts';
import { Changes, type Context, type World } from './kit/context.ts';
import { Registry, type Service } from './kit/registry.ts';
import { due } from './kit/steps.ts';
import type { Settings } from './settings.ts';
import { SqliteStore } from './store/sqlite.ts';
import type { Store } from './store/store.ts';

/** The simulated cloud without its wire: services, store, clock, ids; and the rule that everything happens in a transaction. */
export class Machine {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: IdSource;
  /** Request ids draw from a stream of their own, so that reading changes no resource's id. */
  readonly requestIds: IdSource;
  readonly world: World;
  readonly calls = new CallLog();
  private readonly provisioned = new Set<string>();
  private provisioning: string[] = [];

  constructor(
    readonly settings: Settings,
    services: readonly Service[],
    readonly isRegion: (name: string) => boolean,
  ) {
    const registry = new Registry(services);
    this.store = new SqliteStore(settings.data, (kind, document) => registry.termsOf(kind, document));
    this.clock = new Clock();
    this.ids = new IdSource(settings.seed, this.store.position());
    this.requestIds = new IdSource(settings.seed === undefined ? undefined : `${settings.seed}/requests`);
    this.world = { store: this.store, ids: this.ids, pace: paceNamed(settings.pace)!, registry, settings: { adoptImages: settings.adoptImages, iam: settings.iam }, changes: new Changes() };
    this.wake();
  }

  /** One transaction; what failed leaves no trace, not even in the id source. */
  async transact<T>(work: () => Promise<T>): Promise<T> {
    const provisioned: string[] = [];
    try {
      const result = await this.store.transaction(async () => {
        const start = this.ids.position;
        this.provisioning = provisioned;
        try {
          const done = await work();
          if (this.ids.seed !== undefined && this.ids.position !== start) await this.store.putFact('ids', String(this.ids.position));
          return done;
        } catch (error) {
          this.ids.rewind(start);
          throw error;
        }
      });
      for (const name of provisioned) this.provisioned.add(name);
      return result;
    } finally {
      this.wake();
    }
  }

  /** Nothing may be answered before what stands would survive the process. */
  async kept(): Promise<void> {
    try {
      await this.store.kept();
    } catch (error) {
      // Everything is as it was kept last, the regions too.
      this.provisioned.clear();
      throw error;
    }
  }

  /** Runs every step that is due, in order. */
  async catchUp(): Promise<void> {
    for (let at = this.store.nextDueAt(); at !== undefined && at <= this.clock.peek(); at = this.store.nextDueAt()) {
      await this.transact(() => due(this.world, this.clock.peek()));
    }
  }

  /** Makes what an account has in a region from the start, when the region is first looked at; part of the first request's transaction. */
  async provision(service: string, ctx: Context): Promise<void> {
    const handler = this.world.registry.service(service);
    if (!handler?.provision) return;
    const name = `provisioned/${service}/${ctx.account}/${ctx.region}`;
    if (this.provisioned.has(name)) return;
    if ((await this.store.fact(name)) === undefined) {
      await this.store.putFact(name, 'true');
      await handler.provision(ctx);
    }
    this.provisioning.push(name);
  }

  /** Back to an empty world. */
  async reset(): Promise<void> {
    await this.store.transaction(() => this.store.clear());
    await this.kept();
    this.provisioned.clear();
    this.ids.rewind(0);
    this.requestIds.rewind(0);
    this.calls.clear();
    for (const { name } of this.world.registry.services) this.world.changes.note(name);
    this.wake();
  }

  close(): void {
    this.clock.stop();
    this.store.close();
  }

  private wake(): void {
    const next = this.store.nextDueAt();
    // A step that is lost runs again: nobody has been told of it.
    this.clock.wake(next, () => void this.catchUp().then(() => this.kept()).catch(() => undefined));
  }
}
