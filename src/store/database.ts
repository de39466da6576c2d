import Database from 'better-sqlite3';

/** From here on a process aborts when a native object of better-sqlite3 12 is collected; 13 in turn does not run on Node 20. https://github.com/nodejs/node/issues/65446 */
const ABORTS_FROM_MAJOR = 24;
const aborts = Number(process.versions.node.split('.')[0]) >= ABORTS_FROM_MAJOR;
const held: unknown[] = [];

/** Where it must not be collected, a native object stays for as long as the process runs: statements are few, and a closed database holds nothing. */
export function hold<T>(native: T): T {
  if (aborts) held.push(native);
  return native;
}

/** A database that holds its statements; an iterator of one is for its caller to hold. */
export function openDatabase(source: string | Buffer, options?: Database.Options): Database.Database {
  const database = hold(new Database(source, options));
  if (aborts) {
    const prepare = database.prepare.bind(database);
    database.prepare = ((sql: string) => hold(prepare(sql))) as typeof database.prepare;
  }
  return database;
}
