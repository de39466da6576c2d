import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { and, asc, eq, gt, lte, sql } from 'drizzle-orm';
import { drizzle, type BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { migrate } from './migrations.ts';
import { alias, type SQLiteColumn } from 'drizzle-orm/sqlite-core';
import { credentials, documents, facts, links, tags, timers, tokens } from './schema.ts';
import { Seal } from './seal.ts';
import type { Credential, IdempotentAnswer, Key, Link, Row, Scope, Store, Tag, Timer } from './store.ts';

/** Every query, prepared once: drizzle's ad-hoc queries cost twenty times as much. */
function prepareQueries(db: BetterSQLite3Database) {
  const p = sql.placeholder;
  const inScope = and(eq(documents.account, p('account')), eq(documents.region, p('region')), eq(documents.kind, p('kind')));
  // Joined to links or tags, the scope is a test and never the way in: the unary plus keeps SQLite from walking all documents
  // of the kind in the wanted order. https://sqlite.org/optoverview.html#disqualifying_where_clause_terms_using_unary_
  const test = (column: SQLiteColumn, name: string) => sql`+${column} = ${p(name)}`;
  const scoped = and(test(documents.account, 'account'), test(documents.region, 'region'), test(documents.kind, 'kind'));
  const others = alias(links, 'others');
  const columns = { seq: documents.seq, account: documents.account, region: documents.region, kind: documents.kind, id: documents.id, document: documents.document };
  const timerKey = and(eq(timers.account, p('account')), eq(timers.region, p('region')), eq(timers.kind, p('kind')), eq(timers.id, p('id')));
  const tokenKey = and(eq(tokens.account, p('account')), eq(tokens.region, p('region')), eq(tokens.operation, p('operation')), eq(tokens.token, p('token')));
  return {
    insert: db.insert(documents).values({ account: p('account'), region: p('region'), kind: p('kind'), id: p('id'), document: p('document') }).prepare(),
    get: db.select(columns).from(documents).where(and(inScope, eq(documents.id, p('id')))).prepare(),
    update: db.update(documents).set({ document: sql`${p('document')}` }).where(eq(documents.seq, p('seq'))).prepare(),
    remove: db.delete(documents).where(eq(documents.seq, p('seq'))).prepare(),
    page: db.select(columns).from(documents).where(and(inScope, gt(documents.seq, p('after')))).orderBy(asc(documents.seq)).limit(p('limit')).prepare(),
    linked: db.select(columns).from(links).innerJoin(documents, eq(links.seq, documents.seq)).where(and(eq(links.value, p('value')), eq(links.member, p('member')), scoped)).orderBy(asc(links.seq)).prepare(),
    linkedValues: db.select({ value: others.value }).from(links).innerJoin(documents, eq(links.seq, documents.seq)).innerJoin(others, eq(others.seq, links.seq)).where(and(eq(links.value, p('value')), eq(links.member, p('member')), scoped, eq(others.member, p('wanted')))).orderBy(asc(links.seq)).prepare(),
    tagged: db.select(columns).from(tags).innerJoin(documents, eq(tags.seq, documents.seq)).where(and(eq(tags.key, p('key')), eq(tags.value, p('value')), scoped)).orderBy(asc(tags.seq)).prepare(),
    referrers: db.select({ ...columns, member: links.member }).from(links).innerJoin(documents, eq(links.seq, documents.seq)).where(and(eq(links.value, p('value')), test(documents.account, 'account'), test(documents.region, 'region'))).orderBy(asc(links.seq)).prepare(),
    allTagged: db.selectDistinct(columns).from(documents).innerJoin(tags, eq(tags.seq, documents.seq)).where(and(eq(documents.account, p('account')), eq(documents.region, p('region')))).orderBy(asc(documents.seq)).prepare(),
    linksOf: db.select({ member: links.member, value: links.value }).from(links).where(eq(links.seq, p('seq'))).prepare(),
    addLink: db.insert(links).values({ seq: p('seq'), member: p('member'), value: p('value') }).prepare(),
    dropLink: db.delete(links).where(and(eq(links.value, p('value')), eq(links.member, p('member')), eq(links.seq, p('seq')))).prepare(),
    tagsOf: db.select({ key: tags.key, value: tags.value }).from(tags).where(eq(tags.seq, p('seq'))).prepare(),
    addTag: db.insert(tags).values({ seq: p('seq'), key: p('key'), value: p('value') }).prepare(),
    dropTag: db.delete(tags).where(and(eq(tags.key, p('key')), eq(tags.value, p('value')), eq(tags.seq, p('seq')))).prepare(),
    schedule: db.insert(timers).values({ at: p('at'), account: p('account'), region: p('region'), kind: p('kind'), id: p('id'), from: p('from'), to: p('to') }).prepare(),
    unschedule: db.delete(timers).where(timerKey).prepare(),
    dueTimer: db.select().from(timers).where(lte(timers.at, p('now'))).orderBy(asc(timers.at), asc(timers.sequence)).limit(1).prepare(),
    finishTimer: db.delete(timers).where(eq(timers.sequence, p('sequence'))).prepare(),
    nextTimer: db.select({ at: timers.at }).from(timers).orderBy(asc(timers.at)).limit(1).prepare(),
    answer: db.select().from(tokens).where(and(tokenKey, gt(tokens.expires, p('now')))).prepare(),
    keepAnswer: db.insert(tokens).values({ account: p('account'), region: p('region'), operation: p('operation'), token: p('token'), parameters: p('parameters'), output: p('output'), expires: p('expires') })
      .onConflictDoUpdate({ target: [tokens.account, tokens.region, tokens.operation, tokens.token], set: { parameters: sql`excluded.parameters`, output: sql`excluded.output`, expires: sql`excluded.expires` } }).prepare(),
    dropAnswers: db.delete(tokens).where(lte(tokens.expires, p('now'))).prepare(),
    credential: db.select().from(credentials).where(eq(credentials.accessKeyId, p('accessKeyId'))).prepare(),
    putCredential: db.insert(credentials).values({ accessKeyId: p('accessKeyId'), account: p('account'), principal: p('principal'), secret: p('secret'), sessionToken: p('sessionToken'), expires: p('expires'), active: p('active') })
      .onConflictDoUpdate({ target: credentials.accessKeyId, set: { principal: sql`excluded.principal`, secret: sql`excluded.secret`, sessionToken: sql`excluded.session_token`, expires: sql`excluded.expires`, active: sql`excluded.active` } }).prepare(),
    removeCredential: db.delete(credentials).where(eq(credentials.accessKeyId, p('accessKeyId'))).prepare(),
    fact: db.select({ value: facts.value }).from(facts).where(eq(facts.name, p('name'))).prepare(),
    putFact: db.insert(facts).values({ name: p('name'), value: p('value') }).onConflictDoUpdate({ target: facts.name, set: { value: sql`excluded.value` } }).prepare(),
    lingering: db.select({ kind: timers.kind, count: sql<number>`count(*)` }).from(timers).where(eq(timers.to, 'gone')).groupBy(timers.kind).prepare(),
    counts: db.select({ kind: documents.kind, count: sql<number>`count(*)` }).from(documents).groupBy(documents.kind).prepare(),
  };
}

export class SqliteStore implements Store {
  private readonly sqlite: Database.Database;
  private readonly q: ReturnType<typeof prepareQueries>;
  private readonly sealer: Seal;
  private readonly begin: Database.Statement;
  private readonly commit: Database.Statement;
  private readonly rollback: Database.Statement;
  private queue: Promise<unknown> = Promise.resolve();
  private begun = false;
  private nextTimer: number | undefined;
  private nextTimerKnown = false;

  /** `folder` is created where it does not exist; ':memory:' keeps nothing. */
  constructor(folder: string) {
    const inMemory = folder === ':memory:';
    if (!inMemory) mkdirSync(folder, { recursive: true });
    const file = inMemory ? ':memory:' : join(folder, 'state.sqlite');
    this.sqlite = new Database(file);
    if (!inMemory) {
      chmodSync(file, 0o600);
      this.sqlite.pragma('journal_mode = WAL');
      // A killed process loses nothing at NORMAL: what it wrote is the operating system's. https://sqlite.org/pragma.html#pragma_synchronous
      this.sqlite.pragma('synchronous = NORMAL');
      // Pages are written again and again: copying them back every 32 MB instead of every 4 saves most of that copying.
      this.sqlite.pragma('wal_autocheckpoint = 8000');
      // One process owns a state file; a second one is told so at once.
      this.sqlite.pragma('locking_mode = EXCLUSIVE');
    }
    this.sqlite.pragma('cache_size = -16000');
    migrate(this.sqlite, file);
    this.sealer = inMemory ? Seal.inMemory() : Seal.fromFile(join(folder, 'seal.key'));
    this.q = prepareQueries(drizzle(this.sqlite));
    this.begin = this.sqlite.prepare('BEGIN IMMEDIATE');
    this.commit = this.sqlite.prepare('COMMIT');
    this.rollback = this.sqlite.prepare('ROLLBACK');
  }

  transaction<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.queue.then(() => this.run(work));
    this.queue = mine.catch(() => undefined);
    return mine;
  }

  private async run<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      if (this.begun) this.commit.run();
      return result;
    } catch (error) {
      if (this.begun) this.rollback.run();
      this.nextTimerKnown = false;
      throw error;
    } finally {
      this.begun = false;
    }
  }

  /** A request that only reads never opens a transaction. */
  private write(): void {
    if (this.begun) return;
    this.begin.run();
    this.begun = true;
  }

  close(): void {
    this.sqlite.close();
  }

  async insert(key: Key, document: string, linksOf: readonly Link[], tagsOf: readonly Tag[]): Promise<number> {
    this.write();
    const seq = Number(this.q.insert.run({ account: key.account, region: key.region, kind: key.kind, id: key.id, document }).lastInsertRowid);
    for (const link of linksOf) this.q.addLink.run({ seq, member: link.member, value: link.value });
    for (const tag of tagsOf) this.q.addTag.run({ seq, key: tag.key, value: tag.value });
    return seq;
  }

  async get(key: Key): Promise<Row | undefined> {
    return this.q.get.get({ account: key.account, region: key.region, kind: key.kind, id: key.id });
  }

  async update(seq: number, document: string, linksNow: readonly Link[], tagsNow: readonly Tag[]): Promise<void> {
    this.write();
    this.q.update.run({ seq, document });
    const oldLinks = new Map(this.q.linksOf.all({ seq }).map((l) => [`${l.member}\0${l.value}`, l]));
    for (const link of linksNow) if (!oldLinks.delete(`${link.member}\0${link.value}`)) this.q.addLink.run({ seq, member: link.member, value: link.value });
    for (const link of oldLinks.values()) this.q.dropLink.run({ seq, ...link });
    const oldTags = new Map(this.q.tagsOf.all({ seq }).map((t) => [`${t.key}\0${t.value}`, t]));
    for (const tag of tagsNow) if (!oldTags.delete(`${tag.key}\0${tag.value}`)) this.q.addTag.run({ seq, key: tag.key, value: tag.value });
    for (const tag of oldTags.values()) this.q.dropTag.run({ seq, ...tag });
  }

  async remove(row: Key & { readonly seq: number }): Promise<void> {
    this.write();
    this.nextTimerKnown = false;
    for (const link of this.q.linksOf.all({ seq: row.seq })) this.q.dropLink.run({ seq: row.seq, ...link });
    for (const tag of this.q.tagsOf.all({ seq: row.seq })) this.q.dropTag.run({ seq: row.seq, ...tag });
    this.q.unschedule.run({ account: row.account, region: row.region, kind: row.kind, id: row.id });
    this.q.remove.run({ seq: row.seq });
  }

  async page(scope: Scope, afterSeq: number, limit: number): Promise<Row[]> {
    return this.q.page.all({ account: scope.account, region: scope.region, kind: scope.kind, after: afterSeq, limit });
  }

  async linked(scope: Scope, member: string, values: readonly string[]): Promise<Row[]> {
    return inOrder(values.map((value) => this.q.linked.all({ account: scope.account, region: scope.region, kind: scope.kind, member, value })));
  }

  async linkedValues(scope: Scope, where: Link, member: string): Promise<string[]> {
    return this.q.linkedValues.all({ account: scope.account, region: scope.region, kind: scope.kind, member: where.member, value: where.value, wanted: member }).map((row) => row.value);
  }

  async tagged(scope: Scope, key: string, values: readonly string[]): Promise<Row[]> {
    return inOrder(values.map((value) => this.q.tagged.all({ account: scope.account, region: scope.region, kind: scope.kind, key, value })));
  }

  async referrers(account: string, region: string, id: string): Promise<(Row & { member: string })[]> {
    return this.q.referrers.all({ account, region, value: id });
  }

  async allTagged(account: string, region: string): Promise<Row[]> {
    return this.q.allTagged.all({ account, region });
  }

  async schedule(timer: Omit<Timer, 'sequence'>): Promise<void> {
    this.write();
    this.nextTimerKnown = false;
    this.q.schedule.run({ ...timer, at: Math.floor(timer.at) });
  }

  async unschedule(key: Key): Promise<void> {
    this.write();
    this.nextTimerKnown = false;
    this.q.unschedule.run({ account: key.account, region: key.region, kind: key.kind, id: key.id });
  }

  async dueTimer(now: number): Promise<Timer | undefined> {
    return this.q.dueTimer.get({ now });
  }

  async finishTimer(sequence: number): Promise<void> {
    this.write();
    this.nextTimerKnown = false;
    this.q.finishTimer.run({ sequence });
  }

  nextTimerAt(): number | undefined {
    if (!this.nextTimerKnown) {
      this.nextTimer = this.q.nextTimer.get()?.at;
      this.nextTimerKnown = true;
    }
    return this.nextTimer;
  }

  position(): number {
    return Number(this.q.fact.get({ name: 'ids' })?.value ?? 0);
  }

  async answer(account: string, region: string, operation: string, token: string, now: number): Promise<IdempotentAnswer | undefined> {
    return this.q.answer.get({ account, region, operation, token, now });
  }

  async keepAnswer(account: string, region: string, operation: string, token: string, answer: IdempotentAnswer, now: number): Promise<void> {
    this.write();
    this.q.dropAnswers.run({ now });
    this.q.keepAnswer.run({ account, region, operation, token, ...answer });
  }

  async credential(accessKeyId: string): Promise<Credential | undefined> {
    return this.q.credential.get({ accessKeyId });
  }

  async putCredential(credential: Credential): Promise<void> {
    this.write();
    this.q.putCredential.run({ ...credential });
  }

  async removeCredential(accessKeyId: string): Promise<void> {
    this.write();
    this.q.removeCredential.run({ accessKeyId });
  }

  async fact(name: string): Promise<string | undefined> {
    return this.q.fact.get({ name })?.value;
  }

  async putFact(name: string, value: string): Promise<void> {
    this.write();
    this.q.putFact.run({ name, value });
  }

  async counts(): Promise<Record<string, number>> {
    return Object.fromEntries(this.q.counts.all().map((r) => [r.kind, r.count]));
  }

  async lingering(): Promise<Record<string, number>> {
    return Object.fromEntries(this.q.lingering.all().map((r) => [r.kind, r.count]));
  }

  async clear(): Promise<void> {
    this.write();
    this.nextTimerKnown = false;
    for (const table of ['documents', 'tags', 'links', 'timers', 'tokens', 'credentials', 'facts']) this.sqlite.exec(`DELETE FROM ${table}`);
    this.sqlite.exec('DELETE FROM sqlite_sequence');
  }

  seal(text: string): string {
    return this.sealer.seal(text);
  }

  unseal(sealed: string): string {
    return this.sealer.unseal(sealed);
  }
}

/** Joins the results of several look-ups into one list in order of creation, each document once. */
function inOrder(lists: Row[][]): Row[] {
  if (lists.length === 1) return lists[0]!;
  const bySeq = new Map<number, Row>();
  for (const list of lists) for (const row of list) bySeq.set(row.seq, row);
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}
