import { join } from 'node:path';
import { Agenda } from './agenda.ts';
import { Catalog } from './catalog.ts';
import { Seal } from './seal.ts';
import { Shelf, Volume } from './shelf.ts';
import { NO_TERMS, type Awaitable, type Credential, type Due, type IdempotentAnswer, type Key, type Link, type Row, type Scope, type Store, type Terms, type TermsOf } from './store.ts';

/** Kinds of the machine's own records, which are documents like any other. */
const OWN = { fact: 'fogbank:fact', token: 'fogbank:token', credential: 'fogbank:credential', use: 'fogbank:use' } as const;
const isOwn = (kind: string): boolean => kind.startsWith('fogbank:');
const factKey = (name: string): Key => ({ account: '', region: '', kind: OWN.fact, id: name });
const useKey = (name: string): Key => ({ account: '', region: '', kind: OWN.use, id: name });
const credentialKey = (accessKeyId: string): Key => ({ account: '', region: '', kind: OWN.credential, id: accessKeyId });

const TAKEN_BACK = 'what was to be kept was taken back, since something before it could not be kept';

/**
 * The catalogue and the agenda in memory, the documents on the shelf. A change is made in memory at once, with the way
 * back noted; what stands at the end of an event-loop turn is kept in one commit.
 */
export class SqliteStore implements Store {
  private readonly shelf: Shelf;
  private readonly sealer: Seal;
  private catalog = new Catalog();
  private agenda = new Agenda<Volume>();
  private nextSeq = 1;
  private busy = false;
  private readonly waiting: (() => void)[] = [];
  private keeping: Promise<void> | undefined;
  epoch = 0;
  /** How to take back what is not kept yet, newest last. */
  private readonly waysBack: (() => void)[] = [];

  constructor(folder: string, private readonly termsOf: TermsOf, seed?: string) {
    this.shelf = new Shelf(folder);
    this.sealer = folder === ':memory:' ? Seal.inMemory(seed) : Seal.fromFile(join(folder, 'seal.key'), seed);
    this.load();
  }

  private load(): void {
    this.catalog = new Catalog();
    this.agenda = new Agenda<Volume>();
    for (const { volume, document } of this.shelf.load()) {
      volume.terms = isOwn(volume.kind) ? NO_TERMS : this.termsOf(volume.kind, JSON.parse(document) as object);
      this.catalog.add(volume);
      if (volume.due) this.agenda.add(volume, volume.due, volume.turn);
    }
    this.nextSeq = this.shelf.lastSeq() + 1;
  }

  // ---- transactions ----

  /** One after another: what comes while another runs waits for its turn. */
  async transaction<T>(work: () => Awaitable<T>): Promise<T> {
    if (this.busy) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.busy = true;
    try {
      return await this.attempt(work);
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.busy = false;
    }
  }

  /** Part of a transaction that may fail alone. */
  async attempt<T>(work: () => Awaitable<T>): Promise<T> {
    const start = this.waysBack.length;
    try {
      return await work();
    } catch (error) {
      this.goBack(start);
      throw error;
    }
  }

  private goBack(start: number): void {
    while (this.waysBack.length > start) this.waysBack.pop()!();
  }

  kept(before?: () => Promise<void>, epoch = this.epoch): Promise<void> | undefined {
    if (epoch !== this.epoch) return Promise.reject(new Error(TAKEN_BACK));
    if (this.shelf.clean) return undefined;
    // In its turn among the transactions: none is kept by half.
    return (this.keeping ??= new Promise(setImmediate).then(before).then(() => {
      this.keeping = undefined;
      return this.transaction(async () => this.keep(epoch));
    }));
  }

  private keep(epoch = this.epoch): void {
    try {
      // What an earlier turn took back when it failed must not pass for kept here because nothing is left to write.
      if (epoch !== this.epoch) throw new Error(TAKEN_BACK);
      this.shelf.keep(this.nextSeq - 1);
      this.waysBack.length = 0;
    } catch (error) {
      this.epoch++;
      this.goBack(0);
      throw error;
    }
  }

  close(): void {
    this.keep();
    this.shelf.close();
  }

  // ---- documents ----

  insert(key: Key, document: unknown, terms: Terms, due?: Due): number {
    const volume = new Volume(this.shelf, this.nextSeq++, key);
    volume.text = JSON.stringify(document);
    volume.terms = terms;
    this.catalog.add(volume);
    this.shelf.change(volume);
    this.waysBack.push(() => {
      this.catalog.remove(volume);
      volume.alive = false;
      volume.due = undefined;
      this.nextSeq = volume.seq;
    });
    if (due) this.setDue(volume, due);
    return volume.seq;
  }

  get(key: Key): Row | undefined {
    return this.catalog.get(key);
  }

  update(row: Row, document: unknown, terms: Terms): void {
    const volume = row as Volume;
    const { terms: termsBefore, text: textBefore } = volume;
    this.shelf.change(volume);
    this.catalog.retermed(volume, terms);
    volume.text = JSON.stringify(document);
    this.waysBack.push(() => {
      this.catalog.retermed(volume, termsBefore);
      volume.text = textBefore;
    });
  }

  schedule(row: Row, due: Due | undefined): void {
    const volume = row as Volume;
    const { due: before, turn } = volume;
    if (!due && !before) return;
    this.setDue(volume, due);
    this.waysBack.push(() => {
      volume.due = before;
      volume.turn = turn;
      if (before) this.agenda.add(volume, before, turn);
    });
  }

  private setDue(volume: Volume, due: Due | undefined): void {
    this.shelf.change(volume);
    if (volume.due) this.agenda.dropped();
    volume.due = due && { ...due, at: Math.floor(due.at) };
    if (volume.due) volume.turn = this.agenda.add(volume, volume.due);
  }

  remove(row: Row): void {
    const volume = row as Volume;
    this.schedule(volume, undefined);
    this.catalog.remove(volume);
    volume.alive = false;
    this.shelf.change(volume);
    this.waysBack.push(() => {
      volume.alive = true;
      this.catalog.add(volume);
    });
  }

  page(scope: Scope, afterSeq: number, limit: number): readonly Row[] {
    return this.catalog.page(scope, afterSeq, limit);
  }

  readAll(rows: readonly Row[]): unknown[] {
    return this.shelf.readAll(rows as readonly Volume[]);
  }

  linked(scope: Scope, member: string, values: readonly string[]): readonly Row[] {
    return this.catalog.linked(scope, member, values);
  }

  linkedCount(scope: Scope, member: string, value: string): number {
    return this.catalog.linkedCount(scope, member, value);
  }

  linkedValues(scope: Scope, where: Link, member: string): string[] {
    const values: string[] = [];
    for (const { terms } of this.catalog.linked(scope, where.member, [where.value])) {
      for (let i = 0; i < terms.links.length; i += 2) if (terms.links[i] === member) values.push(terms.links[i + 1]!);
    }
    return values;
  }

  tagged(scope: Scope, key: string, values: readonly string[]): readonly Row[] {
    return this.catalog.tagged(scope, key, values);
  }

  allTagged(account: string, region: string): readonly Row[] {
    return this.catalog.allTagged(account, region);
  }

  // ---- what is due ----

  firstDue(now: number): { row: Row; due: Due } | undefined {
    const first = this.agenda.first();
    return first && first.due.at <= now ? { row: first.holder, due: first.due } : undefined;
  }

  nextDueAt(): number | undefined {
    return this.agenda.first()?.due.at;
  }

  // ---- the machine's own records ----

  /** Parsed once for each text: credentials are asked for with every request. Callers do not change what they get. */
  private own(key: Key): unknown {
    const volume = this.catalog.get(key) as Volume | undefined;
    if (!volume) return undefined;
    const text = volume.document;
    if (this.parsed.get(volume)?.text !== text) this.parsed.set(volume, { text, value: JSON.parse(text) as unknown });
    return this.parsed.get(volume)!.value;
  }
  private readonly parsed = new WeakMap<Volume, { text: string; value: unknown }>();

  private putOwn(key: Key, value: unknown, due?: Due): void {
    const present = this.catalog.get(key);
    if (!present) {
      this.insert(key, value, NO_TERMS, due);
      return;
    }
    this.update(present, value, NO_TERMS);
    if (due) this.schedule(present, due);
  }

  answer(account: string, region: string, operation: string, token: string): IdempotentAnswer | undefined {
    return this.own({ account, region, kind: OWN.token, id: `${operation} ${token}` }) as IdempotentAnswer | undefined;
  }

  keepAnswer(account: string, region: string, operation: string, token: string, answer: IdempotentAnswer, expires: number): void {
    this.putOwn({ account, region, kind: OWN.token, id: `${operation} ${token}` }, answer, { at: expires, from: '', to: 'gone' });
  }

  credential(accessKeyId: string): Credential | undefined {
    return this.own(credentialKey(accessKeyId)) as Credential | undefined;
  }

  putCredential(credential: Credential): void {
    this.putOwn(credentialKey(credential.accessKeyId), credential);
  }

  fact(name: string): string | undefined {
    return this.own(factKey(name)) as string | undefined;
  }

  putFact(name: string, value: string): void {
    this.putOwn(factKey(name), value);
  }

  use(name: string): string | undefined {
    return this.own(useKey(name)) as string | undefined;
  }

  putUse(name: string, use: string): void {
    this.putOwn(useKey(name), use);
  }

  recall(name: string): string | undefined {
    return this.own(factKey(name)) as string | undefined;
  }

  // ---- the whole ----

  async scopes(): Promise<readonly Scope[]> {
    const scopes: Scope[] = [];
    for (const { account, region, kind } of this.catalog.all()) if (!isOwn(kind)) scopes.push({ account, region, kind });
    const order = (s: Scope) => `${s.account} ${s.region} ${s.kind}`;
    return scopes.sort((a, b) => (order(a) < order(b) ? -1 : 1));
  }

  async counts(): Promise<Record<string, number>> {
    return this.count(() => true);
  }

  async lingering(): Promise<Record<string, number>> {
    return this.count((due) => due?.to === 'gone');
  }

  private count(counts: (due: Due | undefined) => boolean): Record<string, number> {
    const out: Record<string, number> = {};
    for (const { kind, entries } of this.catalog.all()) {
      const count = isOwn(kind) ? 0 : entries.filter((entry) => counts(entry.due)).length;
      if (count > 0) out[kind] = (out[kind] ?? 0) + count;
    }
    return out;
  }

  async image(): Promise<Buffer> {
    return this.transaction(async () => {
      this.keep();
      return this.shelf.image(this.sealer.key.toString('base64'));
    });
  }

  async replace(image: Buffer): Promise<void> {
    await this.transaction(async () => {
      this.keep();
      this.sealer.replaceKey(Buffer.from(this.shelf.replace(image), 'base64'));
      this.load();
    });
  }

  async clear(part: Partial<Pick<Scope, 'account' | 'region'>> = {}): Promise<void> {
    if (part.account !== undefined || part.region !== undefined) return this.clearPart(part);
    const { catalog, agenda, nextSeq } = this;
    const restore = this.shelf.empty();
    Object.assign(this, { catalog: new Catalog(), agenda: new Agenda<Volume>(), nextSeq: 1 });
    this.waysBack.push(() => {
      Object.assign(this, { catalog, agenda, nextSeq });
      restore();
    });
  }

  /** Resources and answers of that place; its credentials, where all of an account goes; what was furnished there. */
  private async clearPart({ account, region }: Partial<Pick<Scope, 'account' | 'region'>>): Promise<void> {
    const place = (where: Pick<Scope, 'account' | 'region'>) => (account === undefined || where.account === account) && (region === undefined || where.region === region);
    const furnished = (id: string) => {
      const [what, , ofAccount, ofRegion] = id.split('/');
      return what === 'provisioned' && place({ account: ofAccount!, region: ofRegion! });
    };
    const goes = (row: Row): boolean => {
      if (row.kind === OWN.fact) return furnished(row.id);
      if (row.kind === OWN.credential) return region === undefined && (row.read() as Credential).account === account;
      return row.kind !== OWN.use && place(row);
    };
    const doomed: Row[] = [];
    for (const { entries } of this.catalog.all()) doomed.push(...entries.filter(goes));
    for (const row of doomed) this.remove(row);
  }

  seal(text: string): string {
    return this.sealer.seal(text);
  }

  unseal(sealed: string): string {
    return this.sealer.unseal(sealed);
  }
}
