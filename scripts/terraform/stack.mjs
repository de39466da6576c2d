// One stack: init, apply, empty plan, apply and empty plan with step2.tfvars, perhaps all of it imported anew, destroy.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { changesIn, importable, importBlocks } from './imports.mjs';
import { driftIn, errorsIn, lastLines } from './texts.mjs';

/** An account of its own, as twelve-digit access keys are. */
export const ACCOUNT = '123456789012';
const TIMED_OUT = 124;

/** Runs terraform in a process group of its own, so that a timeout ends its children too. */
function terraform(args, cwd, env, timeoutMs) {
  const started = performance.now();
  return new Promise((resolve) => {
    const child = spawn('terraform', args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => { output += text; });
    let timedOut = false;
    const timer = setTimeout(() => { timedOut = true; process.kill(-child.pid, 'SIGKILL'); }, timeoutMs);
    const end = (code) => { clearTimeout(timer); resolve({ code: timedOut ? TIMED_OUT : code, output, seconds: Math.round((performance.now() - started) / 100) / 10 }); };
    child.once('error', (error) => { output += error.message; end(-1); });
    child.once('close', (code) => end(code ?? -1));
  });
}

const textOf = (folder) => readdirSync(folder).filter((f) => f.endsWith('.tf')).sort().map((f) => readFileSync(join(folder, f), 'utf8')).join('\n');

/** A stack's configurations of the provider, by alias, and whether each names its Region. */
function providersIn(text) {
  const blocks = [...text.matchAll(/^provider\s+"aws"\s*\{([^]*?)^\}/gm), ...text.matchAll(/^provider\s+"aws"\s*\{(.*)\}\s*$/gm)].map((m) => m[1]);
  const providers = new Map([[undefined, false]]);
  for (const block of blocks) providers.set(/alias\s*=\s*"([^"]+)"/.exec(block)?.[1], /^\s*region\s*=/m.test(block));
  return providers;
}

/** The provider's settings, written beside the stack; the endpoint comes from AWS_ENDPOINT_URL. */
function override(text, { accessKey, secretKey, token }) {
  const written = [...providersIn(text)].map(([alias, hasRegion]) => [
    'provider "aws" {',
    ...(alias ? [`  alias = "${alias}"`] : []),
    ...(hasRegion ? [] : ['  region = "us-east-1"']),
    `  access_key = "${accessKey}"`, `  secret_key = "${secretKey}"`, ...(token ? [`  token = "${token}"`] : []), '  s3_use_path_style = true', '  skip_credentials_validation = true',
    '  skip_metadata_api_check = true', '  skip_region_validation = true', '  skip_requesting_account_id = false', '  max_retries = 2', '}', '',
  ].join('\n')).join('');
  const required = /required_providers\s*\{[^]*?aws\s*=/.test(text) ? '' : 'terraform {\n  required_providers {\n    aws = {\n      source = "hashicorp/aws"\n    }\n  }\n}\n';
  return required + written;
}

const COMMON = ['-no-color', '-input=false'];
const UNLOCKED = [...COMMON, '-lock=false'];

/** Forgets what can be imported and imports it by its id: what the plan wants to change then is what AWS answers otherwise than it was asked. */
async function importAnew(work, run, variables) {
  const state = await run('show', '-json');
  if (state.code !== 0) return state;
  const found = importable(JSON.parse(state.output));
  if (found.length === 0) return state;
  writeFileSync(join(work, 'zz_import.tf'), importBlocks(found));
  for (const args of [['state', 'rm', '-lock=false', ...found.map((r) => r.address)], ['plan', ...UNLOCKED, '-out=import.plan', ...variables]]) {
    const outcome = await run(...args);
    if (outcome.code !== 0) return outcome;
  }
  const plan = await run('show', '-json', 'import.plan');
  if (plan.code !== 0) return plan;
  const changes = changesIn(JSON.parse(plan.output));
  if (changes.length > 0) return { code: 2, output: changes.join('\n'), drift: changes };
  return run('apply', ...UNLOCKED, 'import.plan');
}

/** `{ name, family, ok, seconds, steps: { apply: { ok, code, seconds, error?, errors?, drift? } } }` */
export async function runStack(folder, { env, provider, workFolder, timeoutMs, logFolder, imports = false, credentials = { accessKey: ACCOUNT, secretKey: 'test' } }) {
  const name = basename(folder);
  const work = join(workFolder, name);
  rmSync(work, { recursive: true, force: true });
  cpSync(folder, work, { recursive: true });
  const text = textOf(folder);
  writeFileSync(join(work, 'zz_override.tf'), override(text, credentials));
  // A process that Terraform attaches to has one configuration: of several the last one would hold for all.
  const attachable = providersIn(text).size === 1;
  const result = { name, family: name.split('-')[0], ok: false, seconds: 0, steps: {} };

  const run = async (...args) => terraform(args, work, attachable ? { ...env, TF_REATTACH_PROVIDERS: await provider.attachment() } : env, timeoutMs);
  const step = async (label, ...args) => record(label, await run(...args), args[0]);
  const record = async (label, { code, output, seconds, drift: found }, command) => {
    const outcome = { ok: code === 0, code, seconds };
    if (code !== 0) {
      const errors = errorsIn(output);
      const drift = found ?? (command === 'plan' && code === 2 ? driftIn(output) : undefined);
      Object.assign(outcome, errors.length > 0 && { errors: errors.slice(0, 30) }, drift && { drift });
      outcome.error = code === TIMED_OUT ? `timed out after ${timeoutMs / 1000} s`
        : drift ? `drift: ${drift.filter((l) => !l.startsWith(' ')).join('; ').slice(0, 300)}` : (errors[0] ?? lastLines(output));
      // A provider that was cut off in the middle is in an unknown state.
      if (code === TIMED_OUT && attachable) await provider.restart();
      if (logFolder) {
        mkdirSync(logFolder, { recursive: true });
        writeFileSync(join(logFolder, `${name}.${label}.log`), output);
      }
    }
    result.steps[label] = outcome;
    return outcome.ok;
  };

  const second = existsSync(join(work, 'step2.tfvars')) ? ['-var-file=step2.tfvars'] : undefined;
  let variables = [];
  if (await step('init', 'init', ...COMMON)) {
    if (await step('apply', 'apply', '-auto-approve', ...UNLOCKED)) {
      await step('plan', 'plan', '-detailed-exitcode', ...UNLOCKED);
      if (second) {
        variables = second;
        if (await step('apply2', 'apply', '-auto-approve', ...UNLOCKED, ...second)) await step('plan2', 'plan', '-detailed-exitcode', ...UNLOCKED, ...second);
      }
    }
    if (imports && Object.values(result.steps).every((s) => s.ok)) {
      const started = performance.now();
      const state = join(work, 'terraform.tfstate');
      cpSync(state, `${state}.applied`);
      const outcome = await importAnew(work, run, variables);
      // What was applied must be there for the destroy.
      if (outcome.code !== 0) {
        cpSync(`${state}.applied`, state);
        rmSync(join(work, 'zz_import.tf'), { force: true });
      }
      if (await record('import', { ...outcome, seconds: Math.round((performance.now() - started) / 100) / 10 })) await step('plan3', 'plan', '-detailed-exitcode', ...UNLOCKED, ...variables);
    }
    await step('destroy', 'destroy', '-auto-approve', ...UNLOCKED, ...variables);
  }
  rmSync(work, { recursive: true, force: true });
  return settled(result);
}

/** The result with its sums. */
export function settled(result) {
  const steps = Object.values(result.steps);
  return { ...result, ok: steps.every((s) => s.ok), seconds: Math.round(steps.reduce((sum, s) => sum + s.seconds, 0) * 10) / 10 };
}
