#!/usr/bin/env node
// Sends mutated requests of every operation and checks that each answer is one that AWS could give: an error envelope of
// the protocol with a code and a request id, or a success; no 5xx but NotImplemented; the process alive, its memory bounded.
//   node scripts/fuzz/run.mjs [--n 100000] [--seed 1] [--services ec2,iam,sts,…] [--endpoint URL] [--from I] [--failures FOLDER]
// The same seed and index make the same request, but for ids that the server gave: --failures keeps the bytes as sent.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { Connection, target } from '../bench/connection.mjs';
import { residentMib } from '../bench/load.mjs';
import { startFogbank } from '../fogbank-process.mjs';
import { complaint } from './answers.mjs';
import { makeRequest, plainRequest } from './requests.mjs';

const SERVICES = 'ec2,iam,sts,sqs,sns,ssm,kms,cloudwatch,cloudwatch-logs,secrets-manager,organizations,elastic-load-balancing-v2,auto-scaling,eventbridge';
const { values: options } = parseArgs({
  options: {
    n: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' }, from: { type: 'string', default: '0' }, each: { type: 'string', default: '3' },
    services: { type: 'string', default: SERVICES }, endpoint: { type: 'string' }, failures: { type: 'string' }, connections: { type: 'string', default: '8' }, 'memory-mib': { type: 'string', default: '600' },
  },
});
const SEED = Number(options.seed);
const FAILURES_MAX = 50;
const IDS_MAX = 2000;
const SLOW_MS = 5000;
/** What Fogbank reads at most. */
const BODY_BYTES_MAX = 4 * 1024 * 1024;
const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

/** The templates are written by TypeScript that the tests share; it is bundled on the fly. */
async function loadTemplates() {
  const outfile = path('../../node_modules/.cache/fogbank-fuzz/templates.mjs');
  await build({ entryPoints: [path('templates.ts')], outfile, bundle: true, platform: 'node', format: 'esm', packages: 'external', logLevel: 'error' });
  const { templatesOf, setModelsDir } = await import(pathToFileURL(outfile).href);
  setModelsDir(path('../../fixtures/models'));
  const all = [];
  for (const service of options.services.split(',')) all.push(...await templatesOf(service, SEED, Number(options.each)));
  return all;
}

/** Asks each operation once, and mostly chooses those that are there; what is not there needs few requests. */
async function chooser(templates, to) {
  const connection = new Connection(to);
  const absent = new Set();
  const seen = new Set();
  for (const template of templates) {
    const name = `${template.service}:${template.operation}`;
    if (seen.has(name)) continue;
    seen.add(name);
    const { status } = await connection.call(plainRequest(template, to));
    if (status === 501) absent.add(name);
  }
  connection.end();
  const present = templates.filter(({ service, operation }) => !absent.has(`${service}:${operation}`));
  console.log(`${seen.size - absent.size} of ${seen.size} operations are implemented`);
  return (random) => random.pick(present.length > 0 && random.chance(0.9) ? present : templates);
}

const ID = />((?:[a-z]{1,12}-(?:[a-z]+-)?[0-9a-f]{17})|arn:aws:[^<]{5,120})</g;

function learn(world, text) {
  for (const [, id] of text.matchAll(ID)) {
    if (world.known.has(id)) continue;
    world.known.add(id);
    if (world.ids.length < IDS_MAX) world.ids.push(id);
    else world.ids[world.known.size % IDS_MAX] = id;
  }
}

function fail(world, made, wrong, text) {
  world.failures++;
  if (world.failures > FAILURES_MAX) return;
  console.log(`FAIL ${wrong}\n  ${made.what}, mutated by ${made.names.join(', ') || 'nothing'}; again: --seed ${SEED} --from ${made.index} --n 1\n  answer: ${text.replace(/\s+/g, ' ').slice(0, 400)}`);
  if (!options.failures) return;
  mkdirSync(options.failures, { recursive: true });
  writeFileSync(join(options.failures, `${SEED}-${made.index}.http`), made.bytes);
}

/** One connection's share: the next index, until all are sent or the server is gone. */
async function pump(world) {
  const connection = new Connection(world.to);
  while (world.next < world.end && world.fogbank?.exited === undefined) {
    const made = makeRequest(SEED, world.next++, world);
    const started = performance.now();
    try {
      const answer = await connection.call(made.bytes);
      const ms = performance.now() - started;
      const text = answer.body.subarray(0, 200_000).toString();
      // The server closes on what its HTTP reader refuses, without saying so.
      if (answer.status === 431) connection.end();
      const wrong = complaint(answer, made) ?? (ms > SLOW_MS ? `took ${Math.round(ms)} ms` : undefined);
      world.statuses[answer.status] = (world.statuses[answer.status] ?? 0) + 1;
      if (ms > world.slowest.ms) world.slowest = { ms, what: made.what, index: made.index };
      if (wrong) fail(world, made, wrong, text);
      else if (answer.status === 200) learn(world, text);
    } catch (error) {
      // A server may close on a body that it does not want before all of it is written.
      if (made.bytes.length < BODY_BYTES_MAX) fail(world, made, `no answer: ${error.message}`, '');
    }
    if (world.fogbank && made.index % 500 === 0 && world.fogbank.exited === undefined) world.peakMib = Math.max(world.peakMib, residentMib(world.fogbank.pid));
  }
  connection.end();
}

async function main() {
  const templates = await loadTemplates();
  console.log(`${templates.length} templates of ${new Set(templates.map((t) => `${t.service}:${t.operation}`)).size} operations`);
  const fogbank = options.endpoint ? undefined : await startFogbank({ flags: ['--seed', String(SEED), '--quotas', 'off'] });
  const from = Number(options.from);
  const to = target(options.endpoint ?? fogbank.endpoint);
  const world = {
    to, fogbank, templates, choose: await chooser(templates, to), next: from, end: from + Number(options.n),
    ids: [], known: new Set(), failures: 0, statuses: {}, slowest: { ms: 0 }, peakMib: 0,
  };
  process.once('exit', () => void fogbank?.stop());
  const started = performance.now();
  await Promise.all(Array.from({ length: Number(options.connections) }, () => pump(world)));
  const seconds = (performance.now() - started) / 1000;
  const sent = world.next - from;
  console.log(`${sent} requests in ${seconds.toFixed(1)} s (${Math.round(sent / seconds)} a second), seed ${SEED}; statuses ${JSON.stringify(world.statuses)}; ids learnt ${world.known.size}`);
  console.log(`slowest ${Math.round(world.slowest.ms)} ms (${world.slowest.what}, ${world.slowest.index}); peak memory ${Math.round(world.peakMib)} MiB; ${world.failures} failures`);
  if (fogbank?.exited !== undefined) console.log(`Fogbank ended with ${fogbank.exited}: ${fogbank.stderr.slice(-1000)}`);
  const swollen = world.peakMib > Number(options['memory-mib']);
  if (swollen) console.log(`memory went over ${options['memory-mib']} MiB`);
  const dead = fogbank?.exited !== undefined;
  await fogbank?.stop();
  return world.failures > 0 || dead || swollen ? 1 : 0;
}

process.exitCode = await main();
