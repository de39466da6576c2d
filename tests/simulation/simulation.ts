import { createHash } from 'node:crypto';
import { AwsError, bytesOf, loadModel, type OperationModel, type ServiceModel } from '../../protocols/index.ts';
import { Machine } from '../../src/machine.ts';
import { isRegion, SERVICES } from '../../src/main.ts';
import { answer } from '../../src/pipeline/index.ts';
import { settingsFrom } from '../../src/settings.ts';
import type { Row } from '../../src/store/store.ts';
import { randomSource } from '../protocols/support/random-values.ts';
import { randomInput, type Chance, type Names } from './inputs.ts';
import { offModel, wrongTogether, wrongWith, type Stored } from './invariants.ts';
import { RECIPES } from './recipes.ts';
import { wireRequest } from './wire.ts';

export interface Options {
  readonly seed: number;
  readonly steps: number;
  /** A folder for the state: with one, the machine is stopped and started again now and then. In memory it is only forked. */
  readonly data: string;
  /** Without interruptions the same requests are made: the end must be the same. */
  readonly interrupted: boolean;
  /** Says every step. */
  readonly trace?: ((line: string) => void) | undefined;
}

export interface Outcome {
  readonly steps: number;
  readonly answered: number;
  readonly refused: number;
  readonly documents: number;
  /** Of everything that is stored. */
  readonly digest: string;
  /** Of every answer. */
  readonly answers: string;
  readonly wrong: readonly { readonly step: number; readonly what: string }[];
  /** Operations that succeeded, with how often. */
  readonly succeeded: ReadonlyMap<string, number>;
}

interface Call {
  readonly model: ServiceModel;
  readonly operation: OperationModel;
}

const ACCOUNTS = ['111111111111', '222222222222'];
const REGIONS = ['us-east-1', 'eu-west-1'];
const MEMBERS_MAX = 40;
const WRONG_MAX = 20;
/** How often everything is looked at together. */
const TOGETHER_EVERY = 100;
/** Worlds that grow beyond this are mostly torn down again. */
const DOCUMENTS_MAX = 300;

/** How often what takes long is called: large primes, and fleets that try again and again for as long as they live. */
const RARE: Readonly<Record<string, number>> = { GetWebIdentityToken: 0.03, ImportKeyPair: 0.03, CreateFleet: 0.3, RequestSpotFleet: 0.3 };

/** Every operation that is there, by what it does to a world. */
function calls() {
  const all: Call[] = SERVICES.flatMap((service) => {
    const model = loadModel(service.name);
    return Object.keys(service.operations).filter((name) => service.operations[name]).map((name) => ({ model, operation: model.operation(name)! }));
  });
  const reading = all.filter((c) => /^(Describe|Get|List)/.test(c.operation.name));
  return {
    reading, growing: all.filter((c) => RECIPES[c.operation.name]), other: all.filter((c) => !reading.includes(c)),
    ending: all.filter((c) => /^(Delete|Terminate|Release|Detach|Disassociate|Deregister|Remove|Revoke)/.test(c.operation.name)),
  };
}

/** One world's random life: calls legal and illegal, leaps of the clock, faults, restarts, forks; what must hold is looked at after each step. */
export class Simulation {
  private machine: Machine;
  private readonly random: Chance;
  private readonly known = new Map<string, string[]>();
  private readonly touched = new Map<string, Row>();
  private readonly wrong: { step: number; what: string }[] = [];
  private readonly succeeded = new Map<string, number>();
  private readonly answers = createHash('sha256');
  private caller = { account: ACCOUNTS[0]!, region: REGIONS[0]! };
  private step = 0;
  private watching = true;
  private full = false;
  private answered = 0;
  private refused = 0;
  private readonly calls = calls();

  constructor(private readonly options: Options) {
    const next = randomSource(options.seed);
    this.random = { below: (bound) => Math.floor(next() * bound), chance: (p) => next() < p, pick: (items) => items[Math.floor(next() * items.length)]! };
    this.machine = this.started();
  }

  private started(): Machine {
    const { seed, data } = this.options;
    const machine = new Machine(settingsFrom({ data, seed: `simulation ${seed}`, pace: 'realistic', quotas: 'off', log: 'silent' }, {}, isRegion), SERVICES, isRegion);
    this.watch(machine);
    return machine;
  }

  /** Notes what is written. */
  private watch({ store }: Machine): void {
    const note = (row: Row) => this.watching && this.touched.set(`${row.account}/${row.region}/${row.kind}/${row.id}`, row);
    const { insert, update, schedule, remove } = store;
    Object.assign(store, {
      insert: async (...args: Parameters<typeof insert>) => {
        const seq = await insert.apply(store, args);
        note({ ...args[0], seq, document: JSON.stringify(args[1]), read: () => args[1] });
        return seq;
      },
      update: (...args: Parameters<typeof update>) => (note(args[0]), update.apply(store, args)),
      schedule: (...args: Parameters<typeof schedule>) => (note(args[0]), schedule.apply(store, args)),
      remove: (...args: Parameters<typeof remove>) => {
        this.forget(args[0].id);
        return remove.apply(store, args);
      },
    });
  }

  async run(): Promise<Outcome> {
    await this.begin();
    for (this.step = 1; this.step <= this.options.steps && this.wrong.length < WRONG_MAX; this.step++) {
      await this.act();
      await this.check();
    }
    const rows = await this.rows();
    const digest = createHash('sha256').update(dump(rows)).digest('hex');
    await this.machine.close();
    return { steps: this.step - 1, answered: this.answered, refused: this.refused, documents: rows.length, digest, answers: this.answers.digest('hex'), wrong: this.wrong, succeeded: this.succeeded };
  }

  // ---- what happens ----

  private async act(): Promise<void> {
    const what = this.random.below(1000);
    if (what < 40) return this.leap();
    if (what < 46) return this.breakSomething();
    if (what < 52) return this.interrupt();
    if (what === 52 && this.full) return this.startAgain();
    await this.call();
  }

  private async leap(): Promise<void> {
    const by = this.random.pick([1, 30, 90, 600, 3600, 7200, 86_400, 8 * 86_400]) * 1000;
    this.options.trace?.(`${this.step} clock +${by / 1000}s`);
    await this.machine.advance(by);
  }

  private async breakSomething(): Promise<void> {
    const { faults } = this.machine.world;
    const { random } = this;
    if (random.chance(0.5)) faults.clear();
    else if (random.chance(0.5)) faults.add({ match: { service: 'ec2', operation: random.pick(['RunInstances', 'Create*', 'Describe*', 'Delete*']) }, effect: { error: random.pick(['RequestLimitExceeded', 'InsufficientInstanceCapacity', 'InternalError']) }, when: random.chance(0.5) ? { first: 1 + random.below(20) } : { rate: 0.2 } });
    else if (random.chance(0.5)) faults.add({ match: { kind: 'ec2:instance' }, effect: { impaired: random.pick(['instance', 'system', 'attached-ebs']) }, when: { rate: 0.5 } });
    else faults.add({ match: { kind: random.pick(['ec2:volume', 'ec2:snapshot']) }, effect: { step: { to: 'error' } }, when: { first: 1 + random.below(3) } });
    this.options.trace?.(`${this.step} faults ${faults.list().length}`);
  }

  /** A restart, a fork that takes over, a snapshot that is gone back to at once: nothing of it may be seen. */
  private async interrupt(): Promise<void> {
    const kind = this.random.below(3);
    // What is due is done in both lives, so that both draw the same from chance.
    const before = await this.caughtUp();
    if (!this.options.interrupted) return;
    this.options.trace?.(`${this.step} ${['restart', 'fork', 'restore'][kind]}`);
    if (kind === 0 && this.options.data !== ':memory:') {
      await this.machine.close();
      this.machine = this.started();
    } else {
      const image = await this.machine.snapshot();
      // What is done between a snapshot and going back to it is as if it had never been.
      if (kind === 2) await this.unseen(() => this.machine.advance(86_400_000));
      await this.machine.restore(image);
    }
    const after = dump(await this.rows());
    if (before !== after) this.complain(`the world differs after a ${['restart', 'fork', 'restore'][kind]}: ${firstDifference(before, after)}`);
  }

  /** The world is full, and tearing it down would teach little. */
  private async startAgain(): Promise<void> {
    this.options.trace?.(`${this.step} reset`);
    await this.machine.reset();
    this.known.clear();
    await this.begin();
    if ((await this.documents()) > 0) this.complain('something is left after a reset');
  }

  /** A world begins at a time of its own, and the time stands still but for what the run does to it. */
  private async begin(): Promise<void> {
    this.machine.clock.restore({ simulatedMs: Date.UTC(2026, 0, 1), rate: 0 });
    await this.machine.setClock(() => undefined);
  }

  /** Nothing is learnt from what will not have been. */
  private async unseen(work: () => Promise<unknown>): Promise<void> {
    this.watching = false;
    await work();
    this.watching = true;
  }

  private async call(): Promise<void> {
    const { random } = this;
    if (random.chance(0.05)) this.caller = { account: random.chance(0.8) ? ACCOUNTS[0]! : ACCOUNTS[1]!, region: random.chance(0.8) ? REGIONS[0]! : REGIONS[1]! };
    if (this.step % 20 === 0) this.full = (await this.documents()) > DOCUMENTS_MAX;
    const { full } = this;
    const { model, operation } = random.pick(random.chance(0.15) ? this.calls.reading : random.chance(full ? 0.7 : 0.2) ? this.calls.ending : random.chance(full ? 0.05 : 0.5) ? this.calls.growing : this.calls.other);
    if (operation.name in RARE && !random.chance(RARE[operation.name]!)) return;
    const recipe = operation.name === 'CreateKeyPair' || random.chance(0.9) ? RECIPES[operation.name]?.(this.names, random) : undefined;
    // A recipe's input is mostly left as it is: what chance adds is mostly wrong.
    const input = recipe && random.chance(0.8) ? recipe : randomInput(operation, this.names, random, recipe);
    const guarded = random.chance(0.02) ? await this.caughtUp() : undefined;
    const { response, exchange, code, fault } = await answer(this.machine, wireRequest(model, operation, input, this.caller), '127.0.0.1');
    this.options.trace?.(`${this.step} ${model.service} ${operation.name} ${code ?? 'ok'} ${JSON.stringify(input).slice(0, 300)}`);
    const bytes = bytesOf(response);
    this.answers.update(`${response.status}`).update(bytes.toString());
    if (code === undefined) {
      this.answered++;
      this.succeeded.set(operation.name, (this.succeeded.get(operation.name) ?? 0) + 1);
      const wrong = offModel(operation, exchange.output!);
      if (wrong) this.complain(`${operation.name} answers what its model does not have: ${wrong}`);
    } else {
      this.refused++;
      if (fault !== undefined) this.complain(`${operation.name} fails: ${String((fault as Error).stack ?? fault).slice(0, 600)}`);
      if (code === 'InternalError' && fault === undefined && this.machine.world.faults.none) this.complain(`${operation.name} answers InternalError`);
      if (code === 'NotImplemented') this.complain(`${operation.name} is said to be there and is not`);
      if (guarded !== undefined) {
        const now = dump(await this.rows());
        if (now !== guarded) this.complain(`${operation.name} was refused with ${code} and changed something: ${firstDifference(guarded, now)}`);
      }
    }
  }

  // ---- what must hold ----

  private async check(): Promise<void> {
    const touched = [...this.touched.values()];
    this.touched.clear();
    for (const key of touched) {
      const row = await this.machine.store.get(key);
      if (!row) continue;
      this.learn(row);
      for (const what of await wrongWith(row as Stored, this.machine)) this.complain(what);
    }
    if (this.step % TOGETHER_EVERY !== 0) return;
    const rows = await this.rows();
    for (const row of rows) for (const what of await wrongWith(row, this.machine)) this.complain(what);
    for (const what of wrongTogether(rows)) this.complain(what);
    const counted = Object.values(await this.machine.store.counts()).reduce((sum, n) => sum + n, 0);
    if (counted !== rows.length) this.complain(`${counted} documents are counted, and there are ${rows.length}`);
  }

  /** Everything, after what is due has been done. */
  private async caughtUp(): Promise<string> {
    await this.machine.catchUp();
    return dump(await this.rows());
  }

  private complain(what: string): void {
    this.options.trace?.(`${this.step} WRONG ${what}`);
    if (!this.wrong.some((w) => w.what === what)) this.wrong.push({ step: this.step, what });
  }

  private async documents(): Promise<number> {
    return Object.values(await this.machine.store.counts()).reduce((sum, n) => sum + n, 0);
  }

  private async rows(): Promise<Stored[]> {
    const rows: Stored[] = [];
    for (const scope of await this.machine.store.scopes()) rows.push(...(await this.machine.store.page(scope, 0, Number.MAX_SAFE_INTEGER)) as readonly Stored[]);
    return rows;
  }

  // ---- what can be named ----

  /** Every id, name and ARN of a document, by its member. */
  private learn(row: Row): void {
    const visit = (value: unknown, depth: number): void => {
      if (typeof value !== 'object' || value === null || depth > 4) return;
      for (const [member, one] of Object.entries(value)) {
        if (member === '$') continue;
        if (typeof one === 'string' && /(Id|Name|Arn)$/.test(member)) this.remember(member, one);
        else visit(one, depth + 1);
      }
    };
    visit(JSON.parse(row.document), 0);
  }

  private remember(member: string, value: string): void {
    let pool = this.known.get(member);
    if (!pool) this.known.set(member, (pool = []));
    if (pool.includes(value)) return;
    if (pool.length < MEMBERS_MAX) pool.push(value);
    else pool[this.random.below(MEMBERS_MAX)] = value;
  }

  /** What is gone is mostly not named again. */
  private forget(id: string): void {
    if (!this.watching) return;
    for (const pool of this.known.values()) {
      const at = pool.indexOf(id);
      if (at >= 0 && this.random.chance(0.9)) pool.splice(at, 1);
    }
  }

  private readonly names: Names = {
    zones: ['us-east-1a', 'us-east-1b', 'eu-west-1a', 'us-east-1z'],
    images: IMAGES,
    id: (member) => {
      if (!/(Id|Name|Arn|Gateway|Resource|Resources)$/.test(member)) return undefined;
      const { random } = this;
      if (/Name$/.test(member) && random.chance(0.35)) return `${member.toLowerCase()}-${random.below(20)}`;
      if (random.chance(0.03)) return random.pick(['nonsense', 'vpc-00000000000000000', 'i-1234567890abcdef0', '']);
      const exact = this.known.get(member);
      if (exact && exact.length > 0) return random.pick(exact);
      // 'SourceVolumeId' means a volume.
      for (const [name, pool] of this.known) if (pool.length > 0 && member.endsWith(name)) return random.pick(pool);
      const all = [...this.known.values()];
      return all.length > 0 && /^Resource/.test(member) ? random.pick(random.pick(all)) ?? '' : undefined;
    },
  };
}

/** Images that every region has by the same name have ids of their own there: those of the first region. */
const IMAGES: string[] = [];

/** Asks for images once: their ids are the same on every run. */
export async function findImages(): Promise<void> {
  if (IMAGES.length > 0) return;
  const machine = new Machine(settingsFrom({ data: ':memory:', log: 'silent' }, {}, isRegion), SERVICES, isRegion);
  const model = loadModel('ec2');
  for (const architecture of ['x86_64', 'arm64']) {
    const { exchange } = await answer(machine, wireRequest(model, model.operation('DescribeImages')!, {
      Owners: ['amazon'], Filters: [{ Name: 'name', Values: ['al2023-ami-2023*'] }, { Name: 'architecture', Values: [architecture] }],
    }, { account: ACCOUNTS[0]!, region: REGIONS[0]! }));
    for (const { ImageId } of (exchange.output?.Images ?? []) as { ImageId: string }[]) IMAGES.push(ImageId);
  }
  if (IMAGES.length === 0) throw new AwsError('InvalidAMIID.NotFound', 'the catalogue has no image to start');
  await machine.close();
}

const dump = (rows: readonly Stored[]): string => [...rows].sort((a, b) => a.seq - b.seq)
  .map((r) => `${r.seq} ${r.account} ${r.region} ${r.kind} ${r.id} ${r.due ? `${r.due.at} ${r.due.from} ${r.due.to}` : '-'} ${r.document}`).join('\n');

function firstDifference(a: string, b: string): string {
  const [x, y] = [a.split('\n'), b.split('\n')];
  const at = x.findIndex((line, i) => line !== y[i]);
  return at === -1 ? `${y.length - x.length} more: ${y[x.length]?.slice(0, 300)}` : `${x[at]?.slice(0, 400)} | ${y[at]?.slice(0, 400) ?? 'nothing'}`;
}
