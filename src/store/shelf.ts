import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { eq, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import type { Entry } from './catalog.ts';
import { hold, openDatabase } from './database.ts';
import { migrate } from './migrations.ts';
import { documents } from './schema.ts';
import { NO_TERMS, type Due, type Key, type Terms } from './store.ts';

/**
 * drizzle writes the SQL from the schema, once; better-sqlite3 runs it, with values in the order of the placeholders.
 * drizzle's own prepared queries cost twice as much, its ad-hoc ones twenty times.
 */
function prepareStatements(sqlite: Database.Database) {
  const db = drizzle(sqlite);
  const p = sql.placeholder;
  const seq = eq(documents.seq, p('seq'));
  const set = (...names: (keyof typeof documents.$inferSelect)[]) => Object.fromEntries(names.map((name) => [name, sql`${p(name)}`]));
  const prepared = (query: { toSQL(): { sql: string } }) => sqlite.prepare(query.toSQL().sql);
  return {
    read: prepared(db.select({ document: documents.document }).from(documents).where(seq)).pluck(),
    readMany: prepared(db.select({ seq: documents.seq, document: documents.document }).from(documents).where(sql`${documents.seq} IN (SELECT value FROM json_each(${p('seqs')}))`)).raw(),
    insert: prepared(db.insert(documents).values({
      seq: p('seq'), account: p('account'), region: p('region'), kind: p('kind'), id: p('id'), document: p('document'), dueAt: p('dueAt'), dueTurn: p('dueTurn'), dueFrom: p('dueFrom'), dueTo: p('dueTo'),
    })),
    update: prepared(db.update(documents).set(set('document', 'dueAt', 'dueTurn', 'dueFrom', 'dueTo')).where(seq)),
    updateDue: prepared(db.update(documents).set(set('dueAt', 'dueTurn', 'dueFrom', 'dueTo')).where(seq)),
    remove: prepared(db.delete(documents).where(seq)),
  };
}

const LAST_SEQ = 'SELECT max(last.seq, coalesce((SELECT max(seq) FROM documents), 0)) FROM last';

/** What of the texts stays in memory: a document that was just written is what is read next. */
const MANY = 16;
const YOUNG_CHARACTERS_MAX = 1024 * 1024;

/** A document as the shelf has it: in memory while it is recent or not yet kept, else in the database. */
export class Volume implements Entry {
  terms: Terms = NO_TERMS;
  due: Due | undefined;
  /** The order of `due` among the steps of its moment. */
  turn = 0;
  /** Undefined: as the database has it. */
  text: string | undefined;
  /** Whether the database has a row of it. */
  kept = false;
  alive = true;
  /** Characters that the younger generation counts for it. */
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

  // A value that is kept and copied for each reader costs as much as reading its text: measured.
  read(): unknown {
    return JSON.parse(this.document);
  }
}

/** The documents in SQLite. Changes gather here and are written by `keep`, in one commit. */
export class Shelf {
  private sqlite!: Database.Database;
  private statements!: ReturnType<typeof prepareStatements>;
  private begin!: Database.Statement;
  private commit!: Database.Statement;
  private rollback!: Database.Statement;
  private last!: Database.Statement;
  private noteLast!: Database.Statement;
  private readonly inMemory: boolean;
  private changed = new Set<Volume>();
  private emptied = false;
  private young = new Set<Volume>();
  private old = new Set<Volume>();
  private youngCharacters = 0;

  /** `folder` is created where it does not exist; ':memory:' keeps nothing. */
  constructor(folder: string) {
    const inMemory = (this.inMemory = folder === ':memory:');
    if (!inMemory) mkdirSync(folder, { recursive: true });
    const file = inMemory ? ':memory:' : join(folder, 'state.sqlite');
    const sqlite = openDatabase(file);
    // For a new file: documents are of about a kilobyte, and twice the size of a page means half of the pages to fill and to write.
    sqlite.exec('PRAGMA page_size = 8192');
    if (!inMemory) {
      chmodSync(file, 0o600);
      sqlite.exec('PRAGMA journal_mode = WAL');
      // A killed process loses nothing at NORMAL: what it wrote is the operating system's. https://sqlite.org/pragma.html#pragma_synchronous
      sqlite.exec('PRAGMA synchronous = NORMAL');
      // Pages are written again and again: copying them back every 32 MB instead of every 4 saves most of that copying.
      sqlite.exec('PRAGMA wal_autocheckpoint = 4000');
      // One process owns a state file; a second one is told so at once.
      sqlite.exec('PRAGMA locking_mode = EXCLUSIVE');
      // KiB: what was just written is kept as text already, and the rest in the operating system's cache.
      sqlite.exec('PRAGMA cache_size = -2000');
    }
    migrate(sqlite, file);
    this.use(sqlite);
  }

  private use(sqlite: Database.Database): void {
    this.sqlite = sqlite;
    this.statements = prepareStatements(this.sqlite);
    this.begin = this.sqlite.prepare('BEGIN IMMEDIATE');
    this.commit = this.sqlite.prepare('COMMIT');
    this.rollback = this.sqlite.prepare('ROLLBACK');
    this.last = this.sqlite.prepare(LAST_SEQ).pluck();
    this.noteLast = this.sqlite.prepare('UPDATE last SET seq = ?');
  }

  /** Every document that was kept, in order; their texts are passed along and not held. */
  *load(): Generator<{ volume: Volume; document: string }> {
    // drizzle has no iterator, and a list of all rows would hold every text at once.
    const rows = hold(this.sqlite.prepare('SELECT seq, account, region, kind, id, document, due_at AS dueAt, due_turn AS dueTurn, due_from AS dueFrom, due_to AS dueTo FROM documents ORDER BY seq').iterate());
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

  /** All that is kept, as the bytes of a SQLite file, with the key to its secrets: that is written into the copy alone. */
  image(sealKey: string): Buffer {
    const bytes = this.sqlite.serialize();
    // A file in WAL mode cannot be opened from memory: these two bytes say the mode. https://sqlite.org/c3ref/deserialize.html
    bytes[18] = bytes[19] = 1;
    const copy = openDatabase(bytes);
    try {
      copy.exec('CREATE TABLE seal (key TEXT NOT NULL)');
      copy.prepare('INSERT INTO seal VALUES (?)').run(sealKey);
      return copy.serialize();
    } finally {
      copy.close();
    }
  }

  /** Takes the documents of an image in place of its own, and gives the key to their secrets. Throws for an image of a newer version. */
  replace(image: Buffer): string {
    const other = openDatabase(image);
    let sealKey: string;
    try {
      migrate(other, 'the snapshot');
      sealKey = other.prepare('SELECT key FROM seal').pluck().get() as string;
      if (this.inMemory) {
        // The image is the state from now on.
        other.exec('DROP TABLE seal');
        this.sqlite.close();
        this.use(other);
      } else this.copyFrom(other);
    } finally {
      if (other !== this.sqlite) other.close();
    }
    this.changed.clear();
    this.young.clear();
    this.old.clear();
    this.youngCharacters = 0;
    return sealKey;
  }

  private copyFrom(other: Database.Database): void {
    const rows = hold(other.prepare('SELECT * FROM documents ORDER BY seq').raw().iterate() as Iterable<unknown[]>);
    const last = other.prepare(LAST_SEQ).pluck().get();
    this.begin.run();
    try {
      this.sqlite.exec('DELETE FROM documents');
      const insert = this.sqlite.prepare('INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
      for (const row of rows) insert.run(...row);
      this.noteLast.run(last);
      this.commit.run();
    } catch (error) {
      if (this.sqlite.inTransaction) this.rollback.run();
      throw error;
    }
  }

  /** The highest `seq` that was ever given, as far as that was kept. */
  lastSeq(): number {
    return this.last.get() as number;
  }

  read(volume: Volume): string {
    const text = this.statements.read.get(volume.seq) as string;
    volume.text = text;
    this.remember(volume, text);
    return text;
  }

  /** Many at once are read in one go, and do not push what is recent out of memory. */
  readAll(volumes: readonly Volume[]): unknown[] {
    const absent = volumes.filter((volume) => volume.text === undefined);
    if (absent.length < MANY) return volumes.map((volume) => volume.read());
    const texts = new Map(this.statements.readMany.all(JSON.stringify(absent.map((volume) => volume.seq))) as [number, string][]);
    return volumes.map((volume) => (volume.text === undefined ? JSON.parse(texts.get(volume.seq)!) : volume.read()));
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

  /**
   * Writes what has changed; where that fails nothing is written and the changes are forgotten. `lastSeq` is the highest
   * that was given: a `seq` is not given again when its document has gone.
   */
  keep(lastSeq: number): void {
    if (this.clean) return;
    const changed = this.changed;
    const { emptied } = this;
    this.changed = new Set();
    this.emptied = false;
    this.begin.run();
    try {
      if (emptied) this.sqlite.exec('DELETE FROM documents');
      let gone = emptied;
      for (const volume of changed) {
        this.write(volume);
        gone ||= !volume.alive;
      }
      if (gone) this.noteLast.run(lastSeq);
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

  private write({ seq, account, region, kind, id, text, due, turn, alive, kept }: Volume): void {
    const { insert, update, updateDue, remove } = this.statements;
    const step = due ? [due.at, turn, due.from, due.to] : NOTHING_DUE;
    if (!alive) {
      if (kept) remove.run(seq);
    } else if (!kept) insert.run(seq, account, region, kind, id, text, ...step);
    else if (text !== undefined) update.run(text, ...step, seq);
    else updateDue.run(...step, seq);
  }

  private remember(volume: Volume, text: string): void {
    this.youngCharacters += text.length - (this.young.has(volume) ? volume.charged : 0);
    this.young.add(volume);
    volume.charged = text.length;
    if (this.youngCharacters > YOUNG_CHARACTERS_MAX) this.age();
  }

  /** Two generations instead of a queue: the first of a Set from which thousands have left is looked for among their places. */
  private age(): void {
    for (const volume of this.old) {
      // What has changed since and is not kept must stay.
      if (!this.young.has(volume) && !this.changed.has(volume)) volume.text = undefined;
    }
    this.old = this.young;
    this.young = new Set();
    this.youngCharacters = 0;
  }

  close(): void {
    this.sqlite.close();
  }
}

const NOTHING_DUE = [null, null, null, null];
