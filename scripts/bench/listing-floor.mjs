// The floor for listings on Node: the instances of a state file, read from SQLite, parsed, and written as XML by the
// plainest loop that can. `node listing-floor.mjs STATE_FILE` prints `{ "cpuMs": …, "items": … }`: the CPU for all of them in pages of
// 1,000, median of five.
import { createRequire } from 'node:module';
import { median } from './load.mjs';

const PAGE = 1000;
/** One long string costs three times as much. */
const CHUNK = 200;
const Database = createRequire(import.meta.url)('better-sqlite3');
const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
const escaped = (text) => (/[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (c) => ENTITIES[c]) : text);

function xmlOf(name, value) {
  if (Array.isArray(value)) {
    let items = '';
    for (const item of value) items += xmlOf('item', item);
    return `<${name}>${items}</${name}>`;
  }
  if (typeof value !== 'object') return `<${name}>${escaped(String(value))}</${name}>`;
  let text = `<${name}>`;
  for (const member in value) if (member !== '$') text += xmlOf(member, value[member]);
  return `${text}</${name}>`;
}

const state = new Database(process.argv[2], { readonly: true });
const documents = state.prepare(`SELECT document FROM documents WHERE kind = 'ec2:instance'`).pluck().all();
const database = new Database(':memory:');
database.exec('CREATE TABLE documents(sequence INTEGER PRIMARY KEY, document TEXT)');
const insert = database.prepare('INSERT INTO documents(document) VALUES(?)');
database.transaction(() => { for (const document of documents) insert.run(document); })();
const page = database.prepare('SELECT document FROM documents WHERE sequence > ? ORDER BY sequence LIMIT ?').pluck();

const rounds = Array.from({ length: 6 }, () => {
  const before = process.cpuUsage();
  for (let at = 0; at < documents.length; at += PAGE) {
    let text = '<R>';
    for (const [i, document] of page.all(at, PAGE).entries()) {
      text += xmlOf('item', JSON.parse(document));
      if (i % CHUNK !== CHUNK - 1) continue;
      Buffer.from(text);
      text = '';
    }
    Buffer.from(`${text}</R>`);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
});
console.log(JSON.stringify({ cpuMs: median(rounds.slice(1)), items: documents.length }));
