// Starts the built program as its users do, and stops it by its process id.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const GREETING_MS_MAX = 20_000;

/** `{ endpoint, pid, exited, info(), stop() }`; the environment's own FOGBANK_ settings are left out. */
export async function startFogbank({ port = 0, data = ':memory:', flags = [], log = 'error', output = 'ignore' } = {}) {
  if (!existsSync(PROGRAM)) throw new Error('there is no dist/cli.js; run `npm run build` first');
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('FOGBANK_')));
  const child = spawn(process.execPath, [PROGRAM, 'start', '--port', String(port), '--data', data, '--log', log, ...flags], { env, stdio: ['ignore', output, 'pipe'] });
  const running = { pid: child.pid, exited: undefined, stderr: '', endpoint: '' };
  const gone = new Promise((resolve) => child.once('exit', (code, signal) => resolve((running.exited = signal ?? code ?? 'gone'))));
  running.endpoint = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('Fogbank did not say its endpoint')), GREETING_MS_MAX);
    child.stderr.setEncoding('utf8').on('data', (text) => {
      running.stderr = (running.stderr + text).slice(-20_000);
      const endpoint = /answers at (http:\/\/\S+)/.exec(running.stderr)?.[1];
      if (endpoint) { clearTimeout(timer); resolve(endpoint); }
    });
    void gone.then((code) => { clearTimeout(timer); reject(new Error(`Fogbank ended with ${code}: ${running.stderr.trim().slice(-500)}`)); });
  });
  running.info = async () => (await fetch(`${running.endpoint}/_fogbank/info`)).json();
  running.stop = async () => {
    if (running.exited !== undefined) return;
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
    await gone;
    clearTimeout(timer);
  };
  return running;
}

/** A port that was free a moment ago, for servers that must come back on the same one. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
