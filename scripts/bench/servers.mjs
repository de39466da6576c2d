// The servers that are compared, each started fresh with its state in a folder of its own.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../fogbank-process.mjs';
import { Connection, signedQuery, target } from './connection.mjs';
import { residentMib } from './load.mjs';

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const START_MS_MAX = 60_000;
const POLL_MS = 3;

/** pyenv's shims add a third of a second to a start: the program itself is asked for. */
function motoProgram() {
  if (process.env.MOTO_SERVER) return process.env.MOTO_SERVER;
  const shimmed = spawnSync('pyenv', ['which', 'moto_server'], { encoding: 'utf8' });
  if (shimmed.status === 0) return shimmed.stdout.trim();
  return spawnSync('moto_server', ['--help']).error ? undefined : 'moto_server';
}
const moto = motoProgram();

/** `log` on, to /dev/null; the store is a file in WAL mode. */
const COMMANDS = {
  fogbank: (port, folder) => [process.execPath, path('../../dist/cli.js'), 'start', '--port', port, '--data', join(folder, 'state'), '--log', 'info', '--quotas', 'off'],
  raw: (port) => [process.execPath, path('floor-server.mjs'), 'raw', port],
  'fastify-sqlite': (port, folder) => [process.execPath, path('floor-server.mjs'), 'fastify-sqlite', port, folder],
  ...(moto && { moto: (port) => [moto, '-H', '127.0.0.1', '-p', port] }),
};

export const hasMoto = moto !== undefined;

const FIRST_CALLS = { sts: { Action: 'GetCallerIdentity' }, ec2: { Action: 'DescribeVpcs' } };

/** `{ name, pid, to, startMs, rssMib(), stop() }`; `startMs` is from spawn to the first answered signed call of `service`. */
export async function start(name, service = 'sts') {
  const folder = mkdtempSync(join(tmpdir(), 'fogbank-bench-'));
  const port = await freePort();
  const [program, ...args] = COMMANDS[name](String(port), folder);
  const nowhere = openSync('/dev/null', 'w');
  const env = Object.fromEntries(Object.entries(process.env).filter(([variable]) => !variable.startsWith('FOGBANK_')));
  const started = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', nowhere, nowhere], env });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  /** `last` looks at the folder once the server has stopped and before the folder goes. */
  const stop = async (last) => {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 3000);
    await gone;
    clearTimeout(timer);
    last?.(folder);
    rmSync(folder, { recursive: true, force: true });
  };
  const to = target(`http://127.0.0.1:${port}`);
  while (performance.now() - started < START_MS_MAX) {
    if (await answers(to, service)) return { name, pid: child.pid, to, startMs: performance.now() - started, rssMib: () => residentMib(child.pid), stop };
    if (child.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  await stop();
  throw new Error(`${name} did not answer ${FIRST_CALLS[service].Action}`);
}

async function answers(to, service) {
  const connection = new Connection(to);
  try {
    return (await connection.call(signedQuery(to, service, FIRST_CALLS[service]))).status === 200;
  } catch {
    return false;
  } finally {
    connection.end();
  }
}
