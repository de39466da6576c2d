import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { eq, sql } from 'drizzle-orm';
import { drizzle, type BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { Entry } from './catalog.ts';
import { migrate } from './migrations.ts';
import { documents } from './schema.ts';
import type { Due, Key, Terms } from './store.ts';

/** Every query, prepared once: drizzle's ad-hoc queries cost twenty times as much. */
function prepareQueries(db: BetterSQLite3Database) {
  const p = sql.placeholder;
  const due = { dueAt: p('dueAt'), dueTurn: p('dueTurn'), dueFrom: p('dueFrom'), dueTo: p('dueTo') };
  const set = (names: Record<string, ReturnType<typeof p>>) => Object.fromEntries(Object.entries(names).map(([name, value]) => [name, sql`${value}`]));
  return {
    read: db.select({ document: documents.document }).from(documents).where(eq(documents.seq, p('seq'))).prepare(),
    insert: db.insert(documents).values({ seq: p('seq'), account: p('account'), region: p('region'), kind: p('kind'), id: p('id'), document: p('document'), ...due }).prepare(),
    update: db.update(documents).set({ document: sql`${p('document')}`, ...set(due) }).where(eq(documents.seq, p('seq'))).prepare(),
    updateDue: db.update(documents).set(set(due)).where(eq(documents.seq, p('seq'))).prepare(),
    remove: db.delete(documents).where(eq(documents.seq, p('seq'))).prepare(),
  };
}

/** What of the texts stays in memory: a document that was just written is what is read next. */
const RECENT_CHARACTERS_MAX = 8 * 1024 * 1024;

/** A document as the shelf has it: in memory while it is recent or not yet kept, else in the database. */
export class Volume implements Entry {
  terms: Terms = { links: [], tags: [] };
  due: Due | undefined;
  /** The order of `due` among the steps of its moment. */
  turn = 0;
  /** Undefined: as the database has it. */
  text: string | undefined;
  /** Whether the database has a row of it. */
  kept = false;
  alive = true;
  /** Characters that the shelf counts as held for it. */
  charged = 0;
  readonly account: string;
  readonly region: string;
  readonly kind: string;
  readonly id: string;

  constructor(private readonly shelf: Shelf, readonly seq: number, key: Key) {
    this.account = key.account;
    this.region = key.region;
    this.kind = key.kind;
    this.id = key.id;
  }

  get document(): string {
    return this.text ?? this.shelf.read(this);
  }
}

/** The documents in SQLite. Changes gather here and are written by `keep`, in one commit. */
export class Shelf {
  private readonly sqlite: Database.Database;
  private readonly q: ReturnType<typeof prepareQueries>;
  private readonly begin: Database.Statement;
  private readonly commit: Database.Statement;
  private readonly rollback: Database.Statement;
  private changed = new Set<Volume>();
  private emptied = false;
  private readonly recent = new Set<Volume>();
  private recentCharacters = 0;

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
    migrate(this.sqlite, file);
    this.q = prepareQueries(drizzle(this.sqlite));
    this.begin = this.sqlite.prepare('BEGIN IMMEDIATE');
    this.commit = this.sqlite.prepare('COMMIT');
    this.rollback = this.sqlite.prepare('ROLLBACK');
  }

  /** Every document that was kept, in order; their texts are passed along and not held. */
  *load(): Generator<{ volume: Volume; document: string }> {
    // drizzle has no iterator, and a list of all rows would hold every text at once.
    const rows = this.sqlite.prepare('SELECT seq, account, region, kind, id, document, due_at AS dueAt, due_turn AS dueTurn, due_from AS dueFrom, due_to AS dueTo FROM documents ORDER BY seq').iterate();
    for (const row of rows as Iterable<typeof documents.$inferSelect>) {
      const volume = new Volume(this, row.seq, row);
      volume.kept = true;
      if (row.dueAt !== null) {
        volume.due = { at: row.dueAt, from: row.dueFrom!, to: row.dueTo! };
        volume.turn = row.dueTurn!;
      }
      yield { volume, document: row.document };
    }
  }

  /** The highest `seq` that was ever kept. */
  lastSeq(): number {
    return (this.sqlite.prepare(`SELECT seq FROM sqlite_sequence WHERE name = 'documents'`).pluck().get() as number | undefined) ?? 0;
  }

  read(volume: Volume): string {
    const text = this.q.read.get({ seq: volume.seq })!.document;
    this.remember(volume, text);
    return text;
  }

  change(volume: Volume): void {
    this.changed.add(volume);
  }

  /** Everything goes; gives the way back, which holds until `keep`. */
  empty(): () => void {
    const { changed, emptied } = this;
    this.changed = new Set();
    this.emptied = true;
    return () => Object.assign(this, { changed, emptied });
  }

  get clean(): boolean {
    return this.changed.size === 0 && !this.emptied;
  }

  /** Writes what has changed; where that fails nothing is written and the changes are forgotten. */
  keep(): void {
    if (this.clean) return;
    const changed = this.changed;
    const { emptied } = this;
    this.changed = new Set();
    this.emptied = false;
    this.begin.run();
    try {
      if (emptied) this.sqlite.exec('DELETE FROM documents; DELETE FROM sqlite_sequence');
      for (const volume of changed) this.write(volume);
      this.commit.run();
    } catch (error) {
      if (this.sqlite.inTransaction) this.rollback.run();
      throw error;
    }
    for (const volume of changed) {
      volume.kept = volume.alive;
      if (volume.alive && volume.text !== undefined) this.remember(volume, volume.text);
    }
  }

  private write(volume: Volume): void {
    const { seq, text, due } = volume;
    if (!volume.alive) {
      if (volume.kept) this.q.remove.run({ seq });
      return;
    }
    const dues = due ? { dueAt: due.at, dueTurn: volume.turn, dueFrom: due.from, dueTo: due.to } : NOTHING_DUE;
    if (!volume.kept) this.q.insert.run({ seq, account: volume.account, region: volume.region, kind: volume.kind, id: volume.id, document: text, ...dues });
    else if (text !== undefined) this.q.update.run({ seq, document: text, ...dues });
    else this.q.updateDue.run({ seq, ...dues });
  }

  private remember(volume: Volume, text: string): void {
    volume.text = text;
    this.recentCharacters += text.length - volume.charged;
    volume.charged = text.length;
    this.recent.delete(volume);
    this.recent.add(volume);
    for (const oldest of this.recent) {
      if (this.recentCharacters <= RECENT_CHARACTERS_MAX) break;
      this.recent.delete(oldest);
      this.recentCharacters -= oldest.charged;
      oldest.charged = 0;
      // What has changed since and is not kept must stay.
      if (!this.changed.has(oldest)) oldest.text = undefined;
    }
  }

  close(): void {
    this.sqlite.close();
  }
}

const NOTHING_DUE = { dueAt: null, dueTurn: null, dueFrom: null, dueTo: null };
