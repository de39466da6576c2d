#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { Command, Option } from 'commander';
import { version } from '../version.ts';
import { environmentName, OPTIONS, SettingError, settingsFrom } from '../settings.ts';
import { environmentLines, greeting, whyText, type ExplainedCall } from './texts.ts';

/** `fogbank start|status|env|reset|why|policy`. */
const program = new Command('fogbank').description('A small, exact, controllable AWS in one process').version(version);

const startCommand = program.command('start').description('start the emulator');
for (const { flag, argument, fallback, help } of Object.values(OPTIONS)) {
  const usual = fallback === '' || fallback === 'false' ? '' : ` (default ${fallback})`;
  startCommand.addOption(new Option(argument ? `--${flag} <${argument}>` : `--${flag}`, `${help}${usual} [${environmentName(flag)}]`));
}
startCommand.action(async (flags: Record<string, string | boolean | undefined>) => {
  // An emulator stands beside everything else of a laptop: the heap grows by a third before it is collected, not to its double.
  setFlagsFromString('--heap-growing-percent=30');
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

program.command('reset').description('go back to an empty world').addOption(endpointOption())
  .action(async ({ endpoint }: { endpoint: string }) => {
    await request(endpoint, 'POST', '/_fogbank/reset');
    process.stdout.write(`${endpoint} is empty\n`);
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

async function request(endpoint: string, method: string, path: string): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(new URL(path, endpoint), { method });
  } catch {
    throw new Unreachable(`nothing answers at ${endpoint}; is it started (fogbank start)?`);
  }
  if (response.headers.get('content-type')?.startsWith('application/json') && !response.ok) {
    const { error } = (await response.json()) as { error?: string };
    if (error !== undefined) throw new Unreachable(error);
  }
  if (!response.ok) throw new Unreachable(`${endpoint} answered ${response.status} to ${method} ${path}; is it Fogbank?`);
  return response.json();
}

program.parseAsync().catch((error: NodeJS.ErrnoException) => {
  const known = error instanceof SettingError || error instanceof Unreachable;
  const text = error.code === 'EADDRINUSE' ? `${error.message}: the port is taken; choose another with --port`
    : error.code === 'SQLITE_BUSY' ? 'the state is in use by another Fogbank; stop it, or choose another --data folder'
    : known || error.message.startsWith('state') ? error.message : (error.message || String(error));
  process.stderr.write(`fogbank: ${text}\n`);
  process.exit(1);
});
