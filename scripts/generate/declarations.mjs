/**
 * What only the SDK's .d.ts files say: which enum a member has, which errors an operation throws, which types an operation
 * takes and gives, and which filter names the documentation lists. Read as text: the files are generated and regular.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export function readDeclarations(packageDir) {
  const models = path.join(packageDir, 'dist-types/models');
  const enums = readEnums(path.join(models, 'enums.d.ts'));
  const interfaces = new Map();
  for (const file of readdirSync(models).filter((name) => /^models_\d+\.d\.ts$/.test(name)).sort()) {
    readInterfaces(readFileSync(path.join(models, file), 'utf8'), enums, interfaces);
  }
  const commands = path.join(packageDir, 'dist-types/commands');
  const operations = new Map();
  for (const file of readdirSync(commands).filter((name) => name.endsWith('Command.d.ts')).sort()) {
    operations.set(file.replace('Command.d.ts', ''), readCommand(readFileSync(path.join(commands, file), 'utf8')));
  }
  return { enums, interfaces, operations, pagination: readPagination(path.join(packageDir, 'dist-es/pagination')) };
}

function readEnums(file) {
  const enums = new Map();
  if (!existsSync(file)) return enums;
  for (const [, name, body] of readFileSync(file, 'utf8').matchAll(/export declare const (\w+): \{\n([\s\S]*?)\n\};/g)) {
    enums.set(name, [...body.matchAll(/: ("(?:[^"\\]|\\.)*");/g)].map(([, value]) => JSON.parse(value)));
  }
  return enums;
}

/** Interface name -> member name -> { leaf: enum of the innermost value, key: enum of a map's keys, doc }. */
function readInterfaces(text, enums, interfaces) {
  for (const [, name, body] of text.matchAll(/export interface (\w+) (?:extends [^{]+)?\{\n([\s\S]*?)\n\}\n/g)) {
    const members = new Map();
    let doc = '';
    for (const [, comment, member, type] of body.matchAll(/\s*(\/\*\*[\s\S]*?\*\/)|^ {4}(\w+)\??: (.+);$/gm)) {
      if (comment) { doc = comment; continue; }
      const key = type.match(/Record<(\w+),/)?.[1];
      const leaf = type.replace(/Record<\w+,/, '').match(/\w+/g).filter((word) => enums.has(word));
      if (leaf.length > 1) throw new Error(`${name}.${member} has two enums: ${leaf}`);
      members.set(member, { leaf: leaf[0], key: enums.has(key) ? key : undefined, doc });
      doc = '';
    }
    interfaces.set(name, members);
  }
}

function readCommand(text) {
  const [, input, output] = text.match(/api: \{\s*input: ([^;]+);\s*output: ([^;]+);/);
  const errors = [...text.matchAll(/@throws \{@link (\w+)\} \((?:client|server) fault\)/g)].map(([, name]) => name);
  return { input, output, errors: [...new Set(errors)].sort() };
}

function readPagination(folder) {
  const pages = new Map();
  if (!existsSync(folder)) return pages;
  for (const file of readdirSync(folder)) {
    const call = readFileSync(path.join(folder, file), 'utf8').match(/createPaginator\(\w+, (\w+)Command, "([^"]*)", "([^"]*)"(?:, "([^"]*)")?\)/);
    if (call) pages.set(call[1], { inputToken: call[2], outputToken: call[3], limit: call[4] || undefined });
  }
  return pages;
}

/** The names in the outermost `<li> <p> <code>name</code> - ...` items of a Filters member's documentation. */
export function filterNames(doc) {
  const names = [];
  let depth = 0;
  for (const [token, code, key] of doc.matchAll(/<ul>|<\/ul>|<li>[\s*]*(?:<p>)?[\s*]*<code>([^<]*(?:<\w+>)?[^<]*)<\/code>(:\s*<\w+>|:\s*&lt;\w+&gt;)?/g)) {
    if (token === '<ul>') depth++;
    else if (token === '</ul>') depth--;
    else if (depth === 1) {
      const name = code.trim().replace(/^tag:.*/, 'tag:<key>');
      if (/^[A-Za-z][\w.-]*$/.test(name)) names.push(key ? `${name}:<key>` : name);
      else if (name === 'tag:<key>') names.push(name);
    }
  }
  return [...new Set(names)];
}
