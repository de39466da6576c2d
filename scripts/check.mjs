// Everything that can be said of the source without running it. Prints each check and fails on the first that does not hold.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = (command, ...args) => {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 });
  return status === 0 ? [] : `${stdout}${stderr}`.trim().split('\n');
};
const bin = (name) => `node_modules/.bin/${name}`;
const files = (...patterns) => spawnSync('git', ['ls-files', ...patterns], { cwd: root, encoding: 'utf8' }).stdout.split('\n').filter(Boolean);
const matching = (pattern, except, list) => list.flatMap((file) => (except.test(file) ? [] : readFileSync(`${root}/${file}`, 'utf8').split('\n').flatMap((line, i) => (pattern.test(line) ? [`${file}:${i + 1}: ${line.trim()}`] : []))));

const sources = files('src/*.ts', 'handlers/*.ts', 'protocols/*.ts');
const checks = {
  'types hold': () => run(bin('tsc'), '--noEmit'),
  'dependencies point one way': () => run(bin('depcruise'), '--config', 'scripts/config/dependencies.cjs', '--output-type', 'err', 'src', 'handlers', 'protocols'),
  'generated models are up to date': () => run('node', 'scripts/generate-models.mjs', '--check'),
  'generated policies are up to date': () => run('node', 'scripts/generate-catalog.mjs', 'managed-policies', '--check'),
  'generated authorization reference is up to date': () => run('node', 'scripts/generate-iam.mjs', '--check'),
  'COVERAGE.md is up to date': () => run('node', 'scripts/coverage.mjs', '--check'),
  'time and chance come from the clock and the id source': () => matching(/Date\.now\(|new Date\(\)|Math\.random\(|randomUUID\(|setTimeout\(|setInterval\(/, /^src\/clock\//, sources),
  'files have at most 400 lines': () => sources.filter((f) => readFileSync(`${root}/${f}`, 'utf8').split('\n').length > 401),
  'no test is skipped or singled out': () => matching(/\b(it|test|describe)\.(only|todo)\(/, /^$/, files('tests/*.ts')),
  'the version is one': () => (readFileSync(`${root}/src/version.ts`, 'utf8').includes(`'${JSON.parse(readFileSync(`${root}/package.json`, 'utf8')).version}'`) ? [] : ['src/version.ts differs from package.json']),
};

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  const complaints = check();
  console.log(`${complaints.length === 0 ? 'ok  ' : 'FAIL'} ${name}`);
  for (const line of complaints.slice(0, 30)) console.log(`     ${line}`);
  failed += complaints.length === 0 ? 0 : 1;
}
process.exit(failed === 0 ? 0 : 1);
