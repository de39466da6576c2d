// The floor for listings on Node: documents of about a kilobyte from SQLite, written as about two kilobytes of XML each.
// Prints `{ "cpuMs": … }`: the CPU for 10,000 in pages of 1,000, median of five.
import { createRequire } from 'node:module';
import { median } from './load.mjs';

const COUNT = 10_000;
const PAGE = 1000;
const Database = createRequire(import.meta.url)('better-sqlite3');
const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
const escaped = (text) => (/[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (c) => ENTITIES[c]) : text);

const documentOf = (i) => ({
  id: `i-${i.toString(16).padStart(17, '0')}`, reservation: `r-${i}`,
  fields: Object.fromEntries(Array.from({ length: 36 }, (_, k) => [`fieldName${k}`, `value-${k}-${i}`])),
  tags: [{ key: 'bench', value: i % 100 ? 'cold' : 'hot' }, { key: 'Name', value: `i${i}` }],
});

function xmlOf({ id, reservation, fields, tags }) {
  let text = `<item><reservationId>${reservation}</reservationId><instancesSet><item><instanceId>${id}</instanceId>`;
  for (const name in fields) text += `<${name}>${escaped(fields[name])}</${name}>`;
  text += '<tagSet>';
  for (const { key, value } of tags) text += `<item><key>${escaped(key)}</key><value>${escaped(value)}</value></item>`;
  return `${text}</tagSet></item></instancesSet></item>`;
}

const database = new Database(':memory:');
database.exec('CREATE TABLE documents(sequence INTEGER PRIMARY KEY, document TEXT)');
const insert = database.prepare('INSERT INTO documents(document) VALUES(?)');
database.transaction(() => { for (let i = 0; i < COUNT; i++) insert.run(JSON.stringify(documentOf(i))); })();
const page = database.prepare('SELECT document FROM documents WHERE sequence > ? ORDER BY sequence LIMIT ?').pluck();

const rounds = Array.from({ length: 6 }, () => {
  const before = process.cpuUsage();
  for (let at = 0; at < COUNT; at += PAGE) {
    let text = '<R>';
    for (const document of page.all(at, PAGE)) text += xmlOf(JSON.parse(document));
    Buffer.from(`${text}</R>`);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
});
console.log(JSON.stringify({ cpuMs: median(rounds.slice(1)) }));
