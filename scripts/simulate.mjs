#!/usr/bin/env node
// Lives random lives of a world and looks at what must hold after each step (tests/simulation). Each seed is run with
// interruptions (restarts, forks, restores) and, one in four, without them: both must end with the same answers and the same state.
//   node scripts/simulate.mjs [--seed 1] [--seeds 1] [--steps 20000] [--jobs 1] [--trace]
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const { values: options } = parseArgs({ options: {
  seed: { type: 'string', default: '1' }, seeds: { type: 'string', default: '1' }, steps: { type: 'string', default: '20000' }, jobs: { type: 'string', default: '1' }, trace: { type: 'boolean', default: false }, bundle: { type: 'string' },
} });
const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const [FIRST, SEEDS, STEPS, JOBS] = [options.seed, options.seeds, options.steps, options.jobs].map(Number);

/** Beside the packages that it imports; a file of this run's own, since several checkouts may share them. */
async function bundled() {
  const outfile = path(`../node_modules/.cache/fogbank-simulation/${process.pid}.mjs`);
  process.once('exit', () => rmSync(outfile, { force: true }));
  await build({ entryPoints: [path('../tests/simulation/index.ts')], outfile, bundle: true, platform: 'node', format: 'esm', external: ['better-sqlite3'], logLevel: 'error', banner: { js: "import { createRequire as r } from 'node:module'; const require = r(import.meta.url);" } });
  return outfile;
}

async function simulate(module, seed) {
  const { Simulation, findImages, setModelsDir } = await import(pathToFileURL(module).href);
  setModelsDir(path('../fixtures/models'));
  await findImages();
  const run = async (interrupted) => {
    const data = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'fogbank-simulation-'));
    try {
      return await new Simulation({ seed, steps: STEPS, data, interrupted, trace: options.trace ? (line) => console.log(line) : undefined }).run();
    } finally {
      rmSync(data, { recursive: true, force: true });
    }
  };
  const outcome = await run(true);
  const wrong = outcome.wrong.map(({ step, what }) => `step ${step}: ${what}`);
  if (seed % 4 === 0 && wrong.length === 0) {
    const plain = await run(false);
    if (plain.digest !== outcome.digest) wrong.push('without interruptions the state ends otherwise');
    if (plain.answers !== outcome.answers) wrong.push('without interruptions the answers are others');
  }
  return { ...outcome, wrong };
}

async function main() {
  const module = options.bundle ?? await bundled();
  const started = performance.now();
  if (JOBS > 1) return apart(module, started);
  let [steps, failed, answered] = [0, 0, 0];
  const succeeded = new Set();
  for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
    const outcome = await simulate(module, seed);
    steps += outcome.steps;
    answered += outcome.answered;
    for (const name of outcome.succeeded.keys()) succeeded.add(name);
    if (outcome.wrong.length > 0) {
      failed++;
      console.log(`FAIL seed ${seed}; again: npm run simulate -- --seed ${seed} --steps ${STEPS}`);
      for (const what of outcome.wrong.slice(0, 8)) console.log(`  ${what}`);
    }
  }
  const seconds = (performance.now() - started) / 1000;
  console.log(`${steps} steps of ${SEEDS} seeds from ${FIRST} in ${seconds.toFixed(0)} s (${Math.round(steps / seconds)} a second); ${answered} calls succeeded, of ${succeeded.size} operations; ${failed} seeds failed`);
  return failed > 0 ? 1 : 0;
}

/** The seeds in several processes. */
async function apart(module) {
  const share = Math.ceil(SEEDS / JOBS);
  const jobs = Array.from({ length: JOBS }, (_, i) => [FIRST + i * share, Math.min(share, SEEDS - i * share)]).filter(([, n]) => n > 0);
  const codes = await Promise.all(jobs.map(([seed, seeds]) => new Promise((resolve) => {
    const child = spawn(process.execPath, [fileURLToPath(import.meta.url), '--seed', String(seed), '--seeds', String(seeds), '--steps', String(STEPS), '--bundle', module], { stdio: 'inherit' });
    child.once('exit', (code) => resolve(code ?? 1));
  })));
  return codes.some((code) => code !== 0) ? 1 : 0;
}

process.exitCode = await main();
