#!/usr/bin/env node
// Runs Terraform stacks with the real provider against Fogbank: a fresh one for each stack, several at a time.
//   node scripts/terraform/run.mjs [--match '^vpc-'] [--list vpc-basic,iam-role] [--parallel 2] [--log-dir logs] [--out result.json]
// A stack passes when apply, an empty plan, the second apply and empty plan with step2.tfvars (where there is one) and
// destroy pass, and nothing is left afterwards. Outputs' preconditions in the stacks assert what AWS answers.
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { freePort, startFogbank } from '../fogbank-process.mjs';
import { becomeRunner, leastPolicyOf } from './least-policy.mjs';
import { leftovers, startingContent } from './leftovers.mjs';
import { findTerraform, Provider } from './plugin.mjs';
import { runStack, settled } from './stack.mjs';
import { table } from './texts.mjs';

const CORPUS = fileURLToPath(new URL('../../tests/clients/terraform/corpus', import.meta.url));

const { values: options } = parseArgs({
  options: {
    corpus: { type: 'string', multiple: true, default: [CORPUS] },
    list: { type: 'string' },
    match: { type: 'string' },
    parallel: { type: 'string', short: 'j', default: '2' },
    timeout: { type: 'string', default: '120' },
    out: { type: 'string' },
    'log-dir': { type: 'string' },
    // A server that is there already (one URL a worker), and the path to POST before each stack.
    endpoint: { type: 'string' },
    reset: { type: 'string' },
    // After the applies everything is imported anew, by its id.
    import: { type: 'boolean', default: false },
    // Each stack twice: as an administrator, then as a role with the least policy that the first run's log gives.
    'least-policy': { type: 'boolean', default: false },
  },
});

function stacks() {
  const wanted = options.list?.split(',');
  return options.corpus.flatMap((corpus) => readdirSync(resolve(corpus)).sort().map((name) => join(resolve(corpus), name)))
    .filter((folder) => existsSync(join(folder, 'main.tf')))
    .filter((folder) => !wanted || wanted.includes(basename(folder)))
    .filter((folder) => !options.match || new RegExp(options.match).test(basename(folder)));
}

function environment(endpoint, configFile) {
  const own = Object.entries(process.env).filter(([name]) => !/^(AWS|TF|FOGBANK)_/.test(name));
  return {
    ...Object.fromEntries(own), TF_CLI_CONFIG_FILE: configFile, TF_IN_AUTOMATION: '1', CHECKPOINT_DISABLE: '1',
    AWS_ENDPOINT_URL: endpoint, AWS_EC2_METADATA_DISABLED: 'true', AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    NO_PROXY: '127.0.0.1,localhost', GOGC: '400', GOMEMLIMIT: '1500MiB',
  };
}

const wrap = (step, error) => ({ [step]: { ok: false, code: -1, seconds: 0, error } });

/** One stack against a server of its own, or against the given one. */
async function attempt(folder, { endpoint, port, ...how }) {
  if (options.endpoint) {
    if (options.reset) await fetch(endpoint + options.reset, { method: 'POST' });
    return runStack(folder, how);
  }
  if (!options['least-policy']) return fresh(folder, { port, ...how });
  let policy;
  const first = await fresh(folder, { port, ...how, prepare: becomeRunner, finish: (endpoint) => { policy = leastPolicyOf(endpoint); } });
  return first.ok ? fresh(folder, { port, ...how, prepare: (endpoint) => becomeRunner(endpoint, policy) }) : first;
}

/** One stack against a new Fogbank; `prepare` may give the credentials. */
async function fresh(folder, { port, prepare, finish, ...how }) {
  const fogbank = await startFogbank({ port });
  try {
    const credentials = await prepare?.(fogbank.endpoint);
    const start = await startingContent(fogbank, folder);
    const result = await runStack(folder, { ...how, credentials });
    finish?.(fogbank.endpoint);
    if (fogbank.exited !== undefined) return settled({ ...result, steps: { ...result.steps, ...wrap('leftovers', `Fogbank ended with ${fogbank.exited}: ${fogbank.stderr.slice(-300)}`) } });
    const left = await leftovers(fogbank, start, folder);
    const check = left.length === 0 ? { leftovers: { ok: true, code: 0, seconds: 0 } } : wrap('leftovers', `left behind: ${left.join(', ')}`);
    return settled({ ...result, steps: { ...result.steps, ...check } });
  } finally {
    await fogbank.stop();
  }
}

/** Takes stacks off the queue until it is empty. The provider keeps the worker's endpoint, so each new server takes the same port. */
async function worker(index, queue, { provider: plugin, folder, configFile, report }) {
  const port = options.endpoint ? undefined : await freePort();
  const endpoint = options.endpoint ? options.endpoint.split(',')[index % options.endpoint.split(',').length] : `http://127.0.0.1:${port}`;
  const env = environment(endpoint, configFile);
  const provider = new Provider(plugin.program, env);
  process.once('exit', () => provider.stop());
  const how = { endpoint, port, env, provider, workFolder: join(folder, String(index)), timeoutMs: Number(options.timeout) * 1000, logFolder: options['log-dir'], imports: options.import };
  for (let stack = queue.shift(); stack; stack = queue.shift()) {
    try {
      report(await attempt(stack, how));
    } catch (error) {
      report({ name: basename(stack), family: basename(stack).split('-')[0], ok: false, seconds: 0, steps: wrap('start', error.message) });
    }
  }
  provider.stop();
}

async function main() {
  const found = findTerraform();
  if (found.missing) {
    console.log(`SKIPPED: the Terraform stacks did not run: ${found.missing}.`);
    return 0;
  }
  const queue = stacks();
  const total = queue.length;
  if (total === 0) throw new Error('no stack has that name');
  console.log(`${total} stacks, terraform ${found.terraform}, provider ${found.provider.version}`);
  const folder = mkdtempSync(join(tmpdir(), 'fogbank-terraform-'));
  const configFile = join(folder, 'terraformrc');
  writeFileSync(configFile, `provider_installation {\n  filesystem_mirror {\n    path = "${found.provider.mirror}"\n  }\n}\n`);
  const started = performance.now();
  const results = [];
  const report = (result) => {
    results.push(result);
    const failed = Object.entries(result.steps).filter(([, s]) => !s.ok).map(([label, s]) => `\n      ${label}: ${(s.error ?? '').slice(0, 260)}`);
    console.log(`[${results.length}/${total}] ${result.ok ? 'ok  ' : 'FAIL'} ${result.name} ${result.seconds} s${failed.join('')}`);
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));
  await Promise.all(Array.from({ length: Math.max(1, Number(options.parallel)) }, (_, i) => worker(i, queue, { provider: found.provider, folder, configFile, report })));
  rmSync(folder, { recursive: true, force: true });
  const seconds = Math.round((performance.now() - started) / 1000);
  results.sort((a, b) => (a.name < b.name ? -1 : 1));
  const passed = results.filter((r) => r.ok).length;
  if (options.out) writeFileSync(options.out, `${JSON.stringify({ provider: found.provider.version, seconds, count: total, passed, stacks: results }, null, 1)}\n`);
  console.log(`${table(results)}\n${passed} of ${total} passed in ${seconds} s`);
  return passed === total ? 0 : 1;
}

process.exitCode = await main();
