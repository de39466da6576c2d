// Writes handlers/COVERAGE.md from the handlers themselves; --check compares, and refuses fewer operations than before.
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = join(root, 'handlers', 'COVERAGE.md');

/** The services as the program joins them, and what the laws say of kinds. */
async function load() {
  const folder = mkdtempSync(join(root, 'node_modules', '.coverage-'));
  try {
    await build({
      absWorkingDir: root, bundle: true, format: 'esm', platform: 'node', target: 'node20.19', external: ['better-sqlite3', '@aws-sdk/*'], logLevel: 'error', outfile: join(folder, 'all.mjs'),
      stdin: { resolveDir: root, contents: "export { SERVICES } from './src/main.ts'; export { loadModel, setModelsDir } from './protocols/index.ts'; export { EXEMPT } from './tests/laws/samples/index.ts';" },
      banner: { js: "import { createRequire as r } from 'node:module'; const require = r(import.meta.url);" },
    });
    const loaded = await import(pathToFileURL(join(folder, 'all.mjs')).href);
    loaded.setModelsDir(join(root, 'fixtures', 'models'));
    return loaded;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function assumptions() {
  const found = [];
  const walk = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (entry.name.endsWith('.ts')) {
        readFileSync(path, 'utf8').split('\n').forEach((line) => {
          const text = /\/\/ assumed: (.*)$/.exec(line)?.[1];
          if (text) found.push(`${path.slice(root.length)}: ${text}`);
        });
      }
    }
  };
  for (const room of ['handlers', 'protocols', 'src']) walk(join(root, room));
  return found.sort();
}

const sourcesIn = (folder) => readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.ts')).map((name) => ({ folder: dirname(join(folder, name)), text: readFileSync(join(folder, name), 'utf8') }));

/** The words of a text, and what its computed names (`${name}Exclusion`) may spell. */
function vocabulary(texts) {
  const words = new Set(texts.flatMap((text) => text.match(/\w+/g)));
  const computed = texts.flatMap((text) => [...text.matchAll(/`(\w*)\$\{[^}`]+\}(\w*)`/g)]).filter(([, before, after]) => /^[A-Z]/.test(before) || /^[A-Z]/.test(after)).map(([, before, after]) => new RegExp(`^${before}\\w+${after}$`));
  return (name) => words.has(name) || computed.some((pattern) => pattern.test(name));
}

/** What the kit reads for every operation. */
const READ_BY_THE_KIT = /^(DryRun|ClientToken|NextToken|MaxResults|Filters?|TagSpecifications?|Marker|MaxItems)$/;

/**
 * Parameters of answered operations that neither their code names nor a declaration excuses: accepted and ignored. Told by the text:
 * a parameter's name must stand in the folder of the operation, a nested member's anywhere in the service. Declarations of what is no
 * parameter are told too.
 */
function complaintsOf(service) {
  const { operations, shapes } = JSON.parse(readFileSync(join(root, 'fixtures', 'models', `${service.name}.json`), 'utf8'));
  const sources = sourcesIn(join(root, 'handlers', service.name));
  const anywhere = vocabulary(sources.map(({ text }) => text));
  const near = new Map();
  const nearOperation = (operation) => {
    const folders = [...new Set(sources.filter(({ text }) => new RegExp(`\\b${operation}\\b`).test(text)).map(({ folder }) => folder))].sort();
    const key = folders.join();
    if (!near.has(key)) near.set(key, vocabulary(sources.filter(({ folder }) => folders.includes(folder)).map(({ text }) => text)));
    return near.get(key);
  };
  const found = [];
  for (const operation of Object.keys(service.operations)) {
    const declared = new Set([...(service.refused?.paths[operation] ?? []), ...Object.keys(service.effectless?.[operation] ?? {})]);
    const visit = ([type], path, seen) => {
      const shape = typeof type === 'string' ? shapes[type] : type;
      if (!shape || seen.includes(shape)) return;
      for (const inner of [shape.list, shape.value]) if (inner) visit([inner].flat(), path, [...seen, shape]);
      for (const [name, member] of Object.entries(shape.members ?? {})) {
        const inner = [...path, name];
        if (declared.delete(inner.join('.')) || (path.length === 0 && READ_BY_THE_KIT.test(name))) continue;
        if ((path.length === 0 ? nearOperation(operation) : anywhere)(name)) visit(member, inner, [...seen, shape]);
        else found.push(`${service.name}:${operation} ${inner.join('.')} is neither read, nor declared as refused or effectless`);
      }
    };
    if (operations[operation].input) visit([operations[operation].input], [], []);
    for (const path of declared) found.push(`${service.name}:${operation} ${path} is declared and no parameter`);
  }
  return found;
}

/** Of a service, a line for each operation that has parameters of this sort. */
const parameterLines = (SERVICES, rowsOf) => SERVICES.flatMap((service) => rowsOf(service).sort().map((row) => `- ${service.name}:${row}`));

function page({ SERVICES, loadModel, EXEMPT }) {
  const lines = ['# What Fogbank answers', '', 'Generated by `node scripts/coverage.mjs`; do not edit. An operation that is not listed answers `NotImplemented`.', ''];
  lines.push('| service | operations | of |', '| --- | --- | --- |');
  for (const service of SERVICES) lines.push(`| ${service.name} | ${Object.keys(service.operations).length} | ${loadModel(service.name).operationNames.length} |`);
  lines.push('');
  for (const service of SERVICES) lines.push(`## ${service.name}`, '', Object.keys(service.operations).sort().join(', ') || 'none', '');
  lines.push('## Parameters that are refused', '', 'Beside these, a value of a parameter may be refused: the error says so.', '');
  lines.push(...parameterLines(SERVICES, ({ refused }) => Object.entries(refused?.paths ?? {}).map(([operation, paths]) => `${operation}: ${paths.join(', ')}`)), '');
  lines.push('## Parameters that change nothing', '');
  lines.push(...parameterLines(SERVICES, ({ effectless }) => Object.entries(effectless ?? {}).flatMap(([operation, reasons]) => Object.entries(reasons).map(([path, reason]) => `${operation} ${path}: ${reason}`))), '');
  lines.push('## Kinds that the laws do not make a sample of', '', ...Object.entries(EXEMPT).map(([kind, reason]) => `- ${kind}: ${reason}`), '');
  const assumed = assumptions();
  lines.push(`## Assumptions (${assumed.length})`, '', ...assumed.map((a) => `- ${a}`), '');
  return lines.join('\n');
}

const total = (text) => [...text.matchAll(/^\| [\w-]+ \| (\d+) \| \d+ \|$/gm)].reduce((sum, m) => sum + Number(m[1]), 0);

const loaded = await load();
const complaints = loaded.SERVICES.flatMap(complaintsOf);
for (const complaint of complaints) console.error(complaint);
if (complaints.length > 0) process.exitCode = 1;
const made = page(loaded);
if (!process.argv.includes('--check')) writeFileSync(target, made);
else {
  const kept = readFileSync(target, 'utf8');
  if (total(made) < total(kept)) console.error(`fewer operations than before: ${total(made)} instead of ${total(kept)}`);
  if (made !== kept) {
    console.error('handlers/COVERAGE.md is out of date; run node scripts/coverage.mjs');
    process.exit(1);
  }
}
