// Fogbank inside a test's own process, beside moto's decorator inside its own. Started with an argument it is measured itself.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median } from './load.mjs';

const RESOURCES = 1000;
const TIMES = 7;

/** From the import to the first answered call; the SDK's own import is the test's in either case and is told apart. */
async function measureItself() {
  const { EC2Client, DescribeVpcsCommand, CreateVolumeCommand } = await import('@aws-sdk/client-ec2');
  const sdkMs = performance.now();
  const { startFogbank } = await import('../../dist/index.js');
  const fogbank = await startFogbank({ quotas: 'off' });
  const ec2 = new EC2Client(fogbank.clientConfig());
  await ec2.send(new DescribeVpcsCommand({}));
  const firstMs = performance.now() - sdkMs;
  for (let i = 0; i < RESOURCES; i++) await ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 1 }));
  const forks = [];
  const resets = [];
  const restores = [];
  const world = await fogbank.snapshot();
  const timed = async (times, work) => {
    const started = performance.now();
    const result = await work();
    times.push(performance.now() - started);
    return result;
  };
  for (let i = 0; i < TIMES; i++) {
    await (await timed(forks, () => fogbank.fork())).stop();
    await timed(resets, () => fogbank.reset());
    await timed(restores, () => fogbank.restore(world));
  }
  await fogbank.stop();
  process.stdout.write(JSON.stringify({ sdkMs, firstMs, forkMs: median(forks), resetMs: median(resets), restoreMs: median(restores) }));
}

const DECORATOR = `
import time
started = time.perf_counter()
import boto3
from moto import mock_aws
with mock_aws():
    boto3.client('ec2', region_name='us-east-1', aws_access_key_id='test', aws_secret_access_key='test').describe_vpcs()
    print((time.perf_counter() - started) * 1000)
`;

/** Medians, in turn; moto's is undefined where it is not installed. */
export function inProcess(rounds) {
  const own = [];
  const decorator = [];
  for (let i = 0; i < rounds; i++) {
    own.push(JSON.parse(spawnSync(process.execPath, [fileURLToPath(import.meta.url), 'itself'], { encoding: 'utf8' }).stdout));
    const { status, stdout } = spawnSync('python3', ['-c', DECORATOR], { encoding: 'utf8' });
    if (status === 0) decorator.push(Number(stdout));
  }
  return { ...Object.fromEntries(Object.keys(own[0]).map((name) => [name, median(own.map((o) => o[name]))])), motoFirstMs: decorator.length > 0 ? median(decorator) : undefined };
}

if (process.argv[2] === 'itself') await measureItself();
