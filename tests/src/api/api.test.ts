import { CreateVolumeCommand, DescribeVolumesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, describe, expect, it } from 'vitest';
import { startFogbank, type Fogbank, type FogbankOptions } from '../../../src/api/index.ts';
import { test as fixture } from '../../../src/api/vitest.ts';

const started: Fogbank[] = [];
async function begin(options?: FogbankOptions): Promise<Fogbank> {
  const fogbank = await startFogbank(options);
  started.push(fogbank);
  return fogbank;
}
afterEach(async () => {
  await Promise.all(started.splice(0).map((f) => f.stop()));
});

const volume = async (f: Fogbank) => (await new EC2Client(f.clientConfig()).send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 1, ClientToken: 'one' }))).VolumeId!;
const volumes = async (f: Fogbank) => (await new EC2Client(f.clientConfig()).send(new DescribeVolumesCommand({}))).Volumes!.map((v) => [v.VolumeId, v.State]);

describe('startFogbank', () => {
  it('answers clients without a socket, and other processes over HTTP, from the same world', async () => {
    const f = await begin({ account: '111122223333' });
    const id = await volume(f);
    const { requestHandler: _inProcess, ...overHttp } = f.clientConfig();
    expect((await new EC2Client(overHttp).send(new DescribeVolumesCommand({}))).Volumes!.map((v) => v.VolumeId)).toEqual([id]);
    expect((await new STSClient(f.clientConfig()).send(new GetCallerIdentityCommand({}))).Account).toBe('111122223333');
  });

  it('refuses a request for another host: nothing reaches AWS', async () => {
    const f = await begin();
    const { endpoint: _endpoint, ...config } = f.clientConfig();
    await expect(new STSClient({ ...config, maxAttempts: 1 }).send(new GetCallerIdentityCommand({}))).rejects.toThrow(/sts\.us-east-1\.amazonaws\.com is another host: the request was not sent/);
  });

  it('the same seed and the same requests give the same ids', async () => {
    const run = async () => volume(await begin({ seed: 's', clock: 'held' }));
    expect(await run()).toBe(await run());
  });

  it('a held clock moves by advance alone', async () => {
    const f = await begin({ clock: 'held' });
    const id = await volume(f);
    const before = f.clock.now();
    expect(await volumes(f)).toEqual([[id, 'creating']]);
    expect(await f.clock.advance('3s')).toMatchObject({ from: before, count: 1, steps: [{ id, to: 'available' }] });
    expect(await volumes(f)).toEqual([[id, 'available']]);
    await expect(f.clock.advance(-1)).rejects.toThrow('the clock only moves forward');
  });

  it('snapshot, restore, fork and reset', async () => {
    const f = await begin();
    const empty = await f.snapshot();
    const id = await volume(f);
    const fork = await f.fork();
    await f.restore(empty);
    expect(await volumes(f)).toEqual([]);
    expect((await volumes(fork)).map(([v]) => v)).toEqual([id]);
    await fork.reset();
    expect(await volumes(fork)).toEqual([]);
  });

  it('a setting that there is not stops the start', async () => {
    await expect(startFogbank({ pace: 'slowly' })).rejects.toThrow("--pace 'slowly'");
  });
});

describe('fogbank/vitest', () => {
  fixture('gives a test a world of its own', async ({ fogbank }) => {
    await volume(fogbank);
    expect(await volumes(fogbank)).toHaveLength(1);
  });
  fixture('which the next test does not see', async ({ fogbank }) => {
    expect(await volumes(fogbank)).toEqual([]);
  });
});
