#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { Command, Option } from 'commander';
import { inPath, type Control } from '../control/control.ts';
import { CONTROLS } from '../control/index.ts';
import { version } from '../version.ts';
import { environmentName, OPTIONS, SettingError, settingsFrom } from '../settings.ts';
import { environmentLines, execEnvironment, greeting, whyText, type ExplainedCall } from './texts.ts';

/** `fogbank start`, and what asks one that is running. */
const program = new Command('fogbank').description('A small, exact, controllable AWS in one process').version(version);

const startCommand = program.command('start').description('start the emulator');
for (const { flag, argument, fallback, help } of Object.values(OPTIONS)) {
  const usual = fallback === '' || fallback === 'false' ? '' : ` (default ${fallback})`;
  startCommand.addOption(new Option(argument ? `--${flag} <${argument}>` : `--${flag}`, `${help}${usual} [${environmentName(flag)}]`));
}
startCommand.action(async (flags: Record<string, string | boolean | undefined>) => {
  // An emulator stands beside everything else of a laptop: the heap grows by a third before it is collected, not to its double.
  setFlagsFromString('--heap-growing-percent=30');
  // What a request leaves behind is little: threads that share in collecting it cost more than they save, beside a client on two cores a tenth of a write.
  setFlagsFromString('--no-parallel-scavenge');
  const { isRegion, start } = await import('../main.ts');
  const settings = settingsFrom(flags, process.env, isRegion);
  const running = await start(settings);
  process.stderr.write(greeting(running.endpoint, settings));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void running.stop().then(() => process.exit(0)));
  }
});

const endpointOption = () => new Option('--endpoint <url>', 'where Fogbank answers').default('http://127.0.0.1:4566');

program.command('status').description('say whether Fogbank answers, and what is in it').addOption(endpointOption()).addOption(new Option('--json', 'print JSON'))
  .action(async ({ endpoint, json }: { endpoint: string; json?: boolean }) => {
    const info = (await request(endpoint, 'GET', '/_fogbank/info')) as { version: string; account: string; resources: Record<string, number> };
    if (json) return void process.stdout.write(`${JSON.stringify(info)}\n`);
    const counts = Object.entries(info.resources).map(([kind, count]) => `  ${kind} ${count}\n`).join('');
    process.stdout.write(`Fogbank ${info.version} answers at ${endpoint}, default account ${info.account}\n${counts || '  nothing in it yet\n'}`);
  });

program.command('env').description('print the environment that points AWS clients here').addOption(endpointOption()).addOption(new Option('--region <name>', 'region').default(OPTIONS.region.fallback))
  .action(({ endpoint, region }: { endpoint: string; region: string }) => void process.stdout.write(environmentLines(endpoint, region)));

/** The control API's own commands: 'clock advance' is `fogbank clock advance <by>`. What has words of its own is above or below. */
const OWN_WORDS = ['info', 'call', 'least-policy'];
for (const control of CONTROLS.filter((c) => !OWN_WORDS.includes(c.name))) {
  const words = control.name.split(' ');
  const last = words.pop()!;
  const parent = words.reduce((above, word) => above.commands.find((c) => c.name() === word) ?? above.command(word).description(`the ${word}`), program);
  const command = parent.command(last).description(control.summary).addOption(endpointOption()).addOption(new Option('--json', 'print JSON'));
  const parameters = Object.entries(control.parameters ?? {});
  const required = parameters.filter(([, p]) => !p.optional);
  for (const [name, { help }] of required) command.argument(`<${name}>`, help);
  for (const [name, { help }] of parameters.filter(([, p]) => p.optional)) command.option(`--${name} <value>`, help);
  command.action(async (...given: unknown[]) => {
    const options = given[required.length] as Record<string, string | undefined> & { endpoint: string; json?: boolean };
    const values = Object.fromEntries([...required.map(([name], i) => [name, given[i] as string] as const), ...parameters.filter(([, p]) => p.optional).map(([name]) => [name, options[name]] as const)]
      .filter(([, value]) => value !== undefined).map(([name, value]) => [name, typed(control.parameters![name]!.type, value!)]));
    const answer = await request(options.endpoint, control.method, ...urlAndBody(control, values));
    process.stdout.write(`${options.json || !control.text ? JSON.stringify(answer, null, options.json ? undefined : 2) : control.text(answer)}\n`);
  });
}

program.command('exec').argument('<command...>').description('run a command against a Fogbank of its own: fogbank exec -- npm test').option('--seed <text>', 'makes ids repeatable')
  .action(async (words: string[], { seed }: { seed?: string }) => {
    const { startFogbank } = await import('../api/index.ts');
    const fogbank = await startFogbank({ ...(seed === undefined ? {} : { seed }), pace: 'fast' });
    const child = spawn(words[0]!, words.slice(1), { stdio: 'inherit', env: execEnvironment(fogbank.endpoint, process.env) });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
    const code = await new Promise<number>((resolve, reject) => {
      child.once('error', (error) => reject(new Unreachable(`${words[0]} could not be started: ${error.message}`)));
      child.once('close', (status, signal) => resolve(status ?? (signal === null ? 1 : 128)));
    });
    await fogbank.stop();
    process.exit(code);
  });

program.command('export').argument('<file>').description('write everything, secrets too, into one file').addOption(endpointOption())
  .action(async (file: string, { endpoint }: { endpoint: string }) => {
    const image = Buffer.from(await (await reach(endpoint, 'GET', '/_fogbank/export')).arrayBuffer());
    writeFileSync(file, image, { mode: 0o600 });
    process.stdout.write(`${file}: ${image.length} bytes\n`);
  });

program.command('import').argument('<file>').description('go on from a file that export wrote').addOption(endpointOption())
  .action(async (file: string, { endpoint }: { endpoint: string }) => {
    await reach(endpoint, 'POST', '/_fogbank/import', readFileSync(file));
    process.stdout.write(`${endpoint} goes on from ${file}\n`);
  });

program.command('load').argument('<file>').description('make the calls of a plan, in YAML or JSON: all of them or none').addOption(endpointOption()).addOption(new Option('--json', 'print JSON'))
  .action(async (file: string, { endpoint, json }: { endpoint: string; json?: boolean }) => {
    const answer = (await request(endpoint, 'POST', '/_fogbank/load', readFileSync(file, 'utf8'))) as { calls: number };
    process.stdout.write(json ? `${JSON.stringify(answer)}\n` : `${answer.calls} calls made\n`);
  });

program.command('events').description('print calls and changes as they happen, a line of JSON each').addOption(endpointOption())
  .action(async ({ endpoint }: { endpoint: string }) => {
    let text = '';
    for await (const chunk of (await reach(endpoint, 'GET', '/_fogbank/events')).body!) {
      text += Buffer.from(chunk as Uint8Array).toString('utf8');
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const [, event, data] = /^event: (\w+)\ndata: (.*)$/s.exec(text.slice(0, end)) ?? [];
        text = text.slice(end + 2);
        if (event !== undefined) process.stdout.write(`${JSON.stringify({ event, ...(JSON.parse(data!) as object) })}\n`);
      }
    }
  });

program.command('why').argument('<request-id>').description('say which policies decided a call, and how').addOption(endpointOption()).addOption(new Option('--json', 'print JSON'))
  .action(async (requestId: string, { endpoint, json }: { endpoint: string; json?: boolean }) => {
    const call = (await request(endpoint, 'GET', `/_fogbank/calls/${encodeURIComponent(requestId)}`)) as ExplainedCall;
    process.stdout.write(json ? `${JSON.stringify(call)}\n` : whyText(call));
  });

program.command('policy').description('write the least policy that allows what a principal did').requiredOption('--from-log <principal>', 'ARN of a user, role or session').addOption(endpointOption())
  .action(async ({ fromLog, endpoint }: { fromLog: string; endpoint: string }) => {
    process.stdout.write(`${JSON.stringify(await request(endpoint, 'GET', `/_fogbank/policy?principal=${encodeURIComponent(fromLog)}`), null, 2)}\n`);
  });

class Unreachable extends Error {}

const typed = (type: string, text: string): unknown => (type === 'number' ? Number(text) : type === 'object' ? JSON.parse(text) : text);

/** Parameters go into the path, then into the query or, of a POST, into the body. */
function urlAndBody(control: Control, values: Record<string, unknown>): [path: string, body: string | undefined] {
  const own = inPath(control);
  const path = control.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(values[name])));
  const others = Object.fromEntries(Object.entries(values).filter(([name]) => !own.includes(name)));
  if (control.method === 'POST' || control.method === 'PUT') return [path, JSON.stringify(others)];
  const query = new URLSearchParams(others as Record<string, string>).toString();
  return [query === '' ? path : `${path}?${query}`, undefined];
}

async function reach(endpoint: string, method: string, path: string, body?: string | Buffer): Promise<Response> {
  const token = process.env[environmentName(OPTIONS.controlToken.flag)];
  const headers = { ...(token ? { authorization: `Bearer ${token}` } : {}), ...(body === undefined ? {} : { 'content-type': typeof body === 'string' ? 'application/json' : 'application/vnd.sqlite3' }) };
  let response: Response;
  try {
    response = await fetch(new URL(path, endpoint), { method, headers, ...(body === undefined ? {} : { body }) } as RequestInit);
  } catch {
    throw new Unreachable(`nothing answers at ${endpoint}; is it started (fogbank start)?`);
  }
  if (response.headers.get('content-type')?.startsWith('application/json') && !response.ok) {
    const { error } = (await response.json()) as { error?: string };
    if (error !== undefined) throw new Unreachable(error);
  }
  if (!response.ok) throw new Unreachable(`${endpoint} answered ${response.status} to ${method} ${path}; is it Fogbank?`);
  return response;
}

const request = async (endpoint: string, method: string, path: string, body?: string): Promise<unknown> => (await reach(endpoint, method, path, body)).json();

program.parseAsync().catch((error: NodeJS.ErrnoException) => {
  const known = error instanceof SettingError || error instanceof Unreachable;
  const text = error.code === 'EADDRINUSE' ? `${error.message}: the port is taken; choose another with --port`
    : error.code === 'ENOENT' && error.path !== undefined ? `${error.path} does not exist`
    : error.code === 'SQLITE_BUSY' ? 'the state is in use by another Fogbank; stop it, or choose another --data folder'
    : known || error.message.startsWith('state') ? error.message : (error.message || String(error));
  process.stderr.write(`fogbank: ${text}\n`);
  process.exit(1);
});
