import type Database from 'better-sqlite3';

/**
 * Every step that a state file has gone through, oldest first; a step is never edited once released. The file's
 * `user_version` counts the steps that it has.
 */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE documents (seq INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, region TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, document TEXT NOT NULL);
   CREATE UNIQUE INDEX documents_key ON documents (account, region, kind, id);
   CREATE INDEX documents_order ON documents (account, region, kind, seq);
   CREATE TABLE tags (seq INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (key, value, seq)) WITHOUT ROWID;
   CREATE INDEX tags_seq ON tags (seq);
   CREATE TABLE links (seq INTEGER NOT NULL, member TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (value, member, seq)) WITHOUT ROWID;
   CREATE INDEX links_seq ON links (seq);
   CREATE TABLE timers (sequence INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, from_state TEXT NOT NULL, to_state TEXT NOT NULL);
   CREATE INDEX timers_due ON timers (at, sequence);
   CREATE INDEX timers_of ON timers (account, region, kind, id);
   CREATE TABLE tokens (account TEXT NOT NULL, region TEXT NOT NULL, operation TEXT NOT NULL, token TEXT NOT NULL, parameters TEXT NOT NULL, output TEXT NOT NULL, expires INTEGER NOT NULL, PRIMARY KEY (account, region, operation, token));
   CREATE INDEX tokens_expires ON tokens (expires);
   CREATE TABLE credentials (access_key_id TEXT PRIMARY KEY, account TEXT NOT NULL, principal TEXT NOT NULL, secret TEXT NOT NULL, session_token TEXT, expires INTEGER, active INTEGER NOT NULL);
   CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);`,
  // One table; what documents are found by is no longer stored, a step stands beside its document, and the machine's own records are documents too.
  `DROP INDEX documents_key;
   DROP INDEX documents_order;
   ALTER TABLE documents ADD COLUMN due_at INTEGER;
   ALTER TABLE documents ADD COLUMN due_turn INTEGER;
   ALTER TABLE documents ADD COLUMN due_from TEXT;
   ALTER TABLE documents ADD COLUMN due_to TEXT;
   UPDATE documents SET (due_at, due_turn, due_from, due_to) = (SELECT at, sequence, from_state, to_state FROM timers t
     WHERE t.account = documents.account AND t.region = documents.region AND t.kind = documents.kind AND t.id = documents.id ORDER BY at, sequence LIMIT 1);
   INSERT INTO documents (account, region, kind, id, document) SELECT '', '', 'fogbank:fact', name, json_quote(value) FROM facts;
   INSERT INTO documents (account, region, kind, id, document) SELECT '', '', 'fogbank:credential', access_key_id,
     json_object('accessKeyId', access_key_id, 'account', account, 'principal', principal, 'secret', secret, 'sessionToken', session_token, 'expires', expires, 'active', active) FROM credentials;
   INSERT INTO documents (account, region, kind, id, document, due_at, due_turn, due_from, due_to) SELECT account, region, 'fogbank:token', operation || ' ' || token,
     json_object('parameters', parameters, 'output', output), expires, 0, '', 'gone' FROM tokens;
   DROP TABLE tags; DROP TABLE links; DROP TABLE timers; DROP TABLE tokens; DROP TABLE credentials; DROP TABLE facts;`,
  // AUTOINCREMENT notes the highest number at every insert, in a page of its own at every commit; only a removal makes it worth noting.
  `CREATE TABLE numbered (seq INTEGER PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, document TEXT NOT NULL,
     due_at INTEGER, due_turn INTEGER, due_from TEXT, due_to TEXT);
   INSERT INTO numbered SELECT seq, account, region, kind, id, document, due_at, due_turn, due_from, due_to FROM documents;
   CREATE TABLE last (seq INTEGER NOT NULL);
   INSERT INTO last SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'documents';
   DROP TABLE documents;
   ALTER TABLE numbered RENAME TO documents;`,
];

/** Brings a state file to this version; throws for one that a newer Fogbank has written. */
export function migrate(sqlite: Database.Database, file: string): void {
  const version = Number(sqlite.prepare('PRAGMA user_version').pluck().get());
  if (version > MIGRATIONS.length) {
    throw new Error(`${file} was written by a newer Fogbank (state version ${version}, this one knows ${MIGRATIONS.length}); upgrade Fogbank or choose another --data folder`);
  }
  for (let step = version; step < MIGRATIONS.length; step++) {
    sqlite.transaction(() => {
      sqlite.exec(MIGRATIONS[step]!);
      sqlite.exec(`PRAGMA user_version = ${step + 1}`);
    })();
  }
}

export const STATE_VERSION = MIGRATIONS.length;
