// The real `terraform` and the real AWS provider, found on this machine; nothing is downloaded.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, sep } from 'node:path';

const SKIPPED_ROOTS = new Set(['proc', 'sys', 'dev', 'run']);
/** Provider processes leak a little with every run that attaches to them. */
const RUNS_MAX = 25;

const foldersIn = (folder) => {
  try {
    return readdirSync(folder, { withFileTypes: true }).filter((e) => e.isDirectory()).map((e) => join(folder, e.name));
  } catch {
    return [];
  }
};

/** Folders that may be a mirror: TF_PLUGIN_MIRROR, else those two levels below the root, and the home's plugin folder. */
function mirrors() {
  if (process.env.TF_PLUGIN_MIRROR) return [process.env.TF_PLUGIN_MIRROR];
  const outer = foldersIn(sep).filter((folder) => !SKIPPED_ROOTS.has(folder.slice(1)));
  return [join(homedir(), '.terraform.d', 'plugins'), ...outer.flatMap(foldersIn)];
}

/** `<mirror>/<host>/hashicorp/aws/<version>/<platform>/terraform-provider-aws_v…`, the highest version there is. */
function findProvider() {
  const platform = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const found = mirrors().flatMap((mirror) => foldersIn(mirror).flatMap((host) => foldersIn(join(host, 'hashicorp', 'aws')).flatMap((version) => {
    const folder = join(version, platform);
    const file = existsSync(folder) ? readdirSync(folder).find((name) => name.startsWith('terraform-provider-aws_')) : undefined;
    return file ? [{ mirror, program: join(folder, file), version: version.slice(dirname(version).length + 1) }] : [];
  })));
  return found.sort((a, b) => b.version.localeCompare(a.version, 'en', { numeric: true }))[0];
}

/** `{ terraform, provider }`, or `{ missing }` with a sentence saying what there is not. */
export function findTerraform() {
  const terraform = spawnSync('terraform', ['version', '-json'], { encoding: 'utf8', env: { ...process.env, CHECKPOINT_DISABLE: '1' } });
  if (terraform.error || terraform.status !== 0) return { missing: 'terraform is not on PATH' };
  const provider = findProvider();
  if (!provider) return { missing: 'no hashicorp/aws provider was found; set TF_PLUGIN_MIRROR to a file system mirror that has it' };
  return { terraform: JSON.parse(terraform.stdout).terraform_version, provider };
}

/** The provider, started once and attached to by every Terraform run of a worker: its start costs more than a small stack. */
export class Provider {
  #child;
  #attachment = '';
  #runs = 0;

  constructor(program, env) {
    this.program = program;
    this.env = env;
  }

  /** What TF_REATTACH_PROVIDERS must say. */
  async attachment() {
    if (!this.#child || this.#child.exitCode !== null || this.#child.signalCode !== null || this.#runs >= RUNS_MAX) await this.restart();
    this.#runs++;
    return this.#attachment;
  }

  async restart() {
    this.stop();
    this.#runs = 0;
    this.#child = spawn(this.program, ['-debug'], { env: this.env, stdio: ['ignore', 'pipe', 'ignore'] });
    let output = '';
    this.#attachment = await new Promise((resolve, reject) => {
      this.#child.once('exit', () => reject(new Error('the provider did not start')));
      this.#child.stdout.setEncoding('utf8').on('data', (text) => {
        output += text;
        const found = /TF_REATTACH_PROVIDERS='(.*)'/.exec(output)?.[1];
        if (found) resolve(found);
      });
    });
  }

  stop() {
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
  }
}
