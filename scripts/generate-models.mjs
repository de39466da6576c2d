/**
 * Turns the SDK packages' schemas into fixtures/models: a compact model and a type file per service, and an index of all.
 *
 *     node scripts/generate-models.mjs            writes
 *     node scripts/generate-models.mjs --check    compares, exit code 1 where a file differs
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readDeclarations } from './generate/declarations.mjs';
import { buildModel } from './generate/model.mjs';
import { loadSchemas, readSettings } from './generate/schemas.mjs';
import { packageOf, services } from './generate/services.mjs';
import { typesOf } from './generate/types.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const modelsDir = path.join(root, 'fixtures/models');

/** One line an operation, error, enum and shape: a change of the model is then a readable diff. */
function writeModel(model) {
  const lines = Object.entries(model).map(([key, value]) => {
    if (!['operations', 'errors', 'enums', 'shapes'].includes(key)) return `${JSON.stringify(key)}:${JSON.stringify(value)}`;
    const rows = Object.entries(value).map(([name, row]) => `${JSON.stringify(name)}:${JSON.stringify(row)}`);
    return `${JSON.stringify(key)}:{${rows.length > 0 ? `\n${rows.join(',\n')}\n` : ''}}`;
  });
  return `{\n${lines.join(',\n')}\n}\n`;
}

function indexEntry({ service, serviceId, signingName, endpointPrefix, apiVersion, targetPrefix, protocols }) {
  return { service, serviceId, signingName, endpointPrefix, apiVersion, targetPrefix, protocols };
}

function generate() {
  const files = new Map();
  const index = [];
  for (const service of services) {
    const packageDir = path.join(root, 'node_modules', packageOf(service));
    const overlay = JSON.parse(readFileSync(path.join(modelsDir, `${service}.limits.json`), 'utf8'));
    const declarations = readDeclarations(packageDir);
    const model = buildModel(service, readSettings(packageDir), loadSchemas(packageDir), declarations, overlay);
    files.set(`${service}.json`, writeModel(model));
    files.set(`${service}.ts`, typesOf(service, declarations.operations));
    index.push(indexEntry(model));
  }
  files.set('index.json', `[\n${index.map((entry) => JSON.stringify(entry)).join(',\n')}\n]\n`);
  return files;
}

const files = generate();
const differing = [...files].filter(([name, text]) => {
  const file = path.join(modelsDir, name);
  return !existsSync(file) || readFileSync(file, 'utf8') !== text;
});
if (process.argv.includes('--check')) {
  for (const [name] of differing) console.error(`fixtures/models/${name} is not what the installed SDK packages give. Run: node scripts/generate-models.mjs`);
  process.exitCode = differing.length > 0 ? 1 : 0;
} else {
  for (const [name, text] of differing) writeFileSync(path.join(modelsDir, name), text);
  console.log(`${files.size} files, ${differing.length} written`);
}
