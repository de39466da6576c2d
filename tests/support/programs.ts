import { spawn, spawnSync } from 'node:child_process';

/** The program named by the variable, or found on PATH; undefined, said on standard error, where it is neither. */
export function program(name: string, variable: string, probe: readonly string[]): string | undefined {
  const path = process.env[variable] ?? name;
  const { status, error } = spawnSync(path, probe, { encoding: 'utf8' });
  if (!error && status === 0) return path;
  process.stderr.write(`SKIPPED: what needs ${name} (not on PATH, and ${variable} does not name it)\n`);
  return undefined;
}

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs to its end without holding up this process, in which Fogbank answers. */
export function run(path: string, args: readonly string[], env: Record<string, string>, input = ''): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'))) as Record<string, string>;
    const child = spawn(path, args, { env: { ...inherited, ...env } });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
    child.stdin.end(input);
  });
}

/** What points every AWS client at an endpoint, and nowhere else. */
export const clientEnvironment = (endpoint: string): Record<string, string> => ({
  AWS_ENDPOINT_URL: endpoint, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_DEFAULT_REGION: 'us-east-1',
  AWS_EC2_METADATA_DISABLED: 'true', AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null', AWS_PAGER: '',
});
