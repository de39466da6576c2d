import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateSnapshotCommand, CreateVolumeCommand, CreateVpcCommand, DeleteVolumeCommand, DescribeSnapshotsCommand, DescribeVolumesCommand, DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { CreateAccessKeyCommand, CreateUserCommand } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { CONTROLS } from '../../../src/control/index.ts';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

interface Answer {
  readonly status: number;
  readonly body: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- each control's own answer
}

async function control(fb: Pick<Fogbank, 'endpoint'>, method: string, path: string, body?: object): Promise<Answer> {
  const response = await fetch(`${fb.endpoint}/_fogbank/${path}`, { method, ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}) });
  return { status: response.status, body: await response.json() };
}

const volume = async (fb: Pick<Fogbank, 'ec2'>, Size = 1) => (await fb.ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size }))).VolumeId!;
const volumes = async (fb: Pick<Fogbank, 'ec2'>) => (await fb.ec2.send(new DescribeVolumesCommand({}))).Volumes!.map((v) => [v.VolumeId, v.State]);

describe('the clock', () => {
  it('stands still while it is held, and steps wait for it', async () => {
    const fb = await fogbank({ pace: 'realistic' });
    await control(fb, 'POST', 'clock/hold');
    const id = await volume(fb);
    expect(await volumes(fb)).toEqual([[id, 'creating']]);
    const { body } = await control(fb, 'POST', 'clock/advance', { by: '3s' });
    expect(body).toMatchObject({ count: 1, steps: [{ kind: 'ec2:volume', id, from: 'creating', to: 'available' }] });
    expect(Date.parse(body.to) - Date.parse(body.from)).toBe(3000);
    expect(await volumes(fb)).toEqual([[id, 'available']]);
  });

  it('takes the steps of a long advance in order, each at its own time', async () => {
    const fb = await fogbank({ pace: 'realistic' });
    await control(fb, 'POST', 'clock/hold');
    const id = await volume(fb);
    await control(fb, 'POST', 'clock/advance', { by: '10s' });
    await fb.ec2.send(new CreateSnapshotCommand({ VolumeId: id }));
    await fb.ec2.send(new DeleteVolumeCommand({ VolumeId: id }));
    const { body } = await control(fb, 'POST', 'clock/advance', { by: '1d' });
    expect(body.steps.map((s: { kind: string; to: string }) => `${s.kind} ${s.to}`)).toEqual(['ec2:volume gone', 'ec2:snapshot completed']);
    const times = body.steps.map((s: { at: string }) => Date.parse(s.at) - Date.parse(body.from));
    expect(times[0]).toBeLessThan(times[1]);
    expect(times[1]).toBeLessThan(60_000);
    expect((await fb.ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'] }))).Snapshots!.map((s) => s.State)).toEqual(['completed']);
  });

  it('ends sessions', async () => {
    const fb = await fogbank();
    const { Credentials: c } = await fb.sts.send(new GetSessionTokenCommand({ DurationSeconds: 900 }));
    const session = new STSClient(fb.config({ accessKeyId: c!.AccessKeyId!, secretAccessKey: c!.SecretAccessKey!, sessionToken: c!.SessionToken! }));
    await expect(session.send(new GetCallerIdentityCommand({}))).resolves.toBeDefined();
    await control(fb, 'POST', 'clock/advance', { by: '15m1s' });
    expect(await refusal(session.send(new GetCallerIdentityCommand({})))).toMatchObject({ code: 'ExpiredToken', status: 403 });
  });

  it('goes forward only, and says so', async () => {
    const fb = await fogbank();
    expect(await control(fb, 'POST', 'clock/set', { to: '2020-01-01T00:00:00Z' })).toMatchObject({ status: 400, body: { error: expect.stringContaining('the clock only moves forward') } });
    await control(fb, 'POST', 'clock/hold');
    expect((await control(fb, 'POST', 'clock/set', { to: '2031-05-01T00:00:00Z' })).body.to).toBe('2031-05-01T00:00:00.000Z');
    expect((await control(fb, 'GET', 'clock')).body).toMatchObject({ now: '2031-05-01T00:00:00.000Z', mode: 'held', rate: 0 });
  });

  it.each([['clock/advance', {}, 'by is missing'], ['clock/advance', { by: 'soon' }, "'soon' is no duration"], ['clock/advance', { by: 3 }, 'by must be a string'], ['clock/run', { rate: 0 }, 'rate must be above 0'], ['clock/run', { speed: 2 }, 'there is no parameter speed']])('refuses %s with %j', async (path, body, text) => {
    const fb = await fogbank();
    expect(await control(fb, 'POST', path, body)).toMatchObject({ status: 400, body: { error: expect.stringContaining(text) } });
  });

  it('is held after a restart when it was held before', async () => {
    const data = mkdtempSync(join(tmpdir(), 'fogbank-'));
    try {
      const first = await fogbank({ data, pace: 'realistic' });
      await control(first, 'POST', 'clock/hold');
      await volume(first);
      const { now } = (await control(first, 'GET', 'clock')).body;
      await first.stop();
      const second = await fogbank({ data, pace: 'realistic' });
      expect((await control(second, 'GET', 'clock')).body).toMatchObject({ now, mode: 'held' });
      expect((await volumes(second)).map(([, state]) => state)).toEqual(['creating']);
      await second.stop();
    } finally {
      rmSync(data, { recursive: true, force: true });
    }
  });
});

describe('snapshots', () => {
  it('a restored world goes on exactly: resources, time, steps and ids', async () => {
    const fb = await fogbank({ pace: 'realistic', seed: 'a' });
    await control(fb, 'POST', 'clock/hold');
    const first = await volume(fb);
    expect((await control(fb, 'POST', 'snapshots', { name: 'begin' })).status).toBe(200);
    const play = async () => {
      const made = await volume(fb, 7);
      const { body } = await control(fb, 'POST', 'clock/advance', { by: '1h' });
      return { made, body, volumes: await volumes(fb) };
    };
    const once = await play();
    expect(once.volumes).toEqual([[first, 'available'], [once.made, 'available']]);
    await control(fb, 'POST', 'snapshots/begin/restore');
    expect(await volumes(fb)).toEqual([[first, 'creating']]);
    expect(await play()).toEqual(once);
  });

  it('are told apart by their resources', async () => {
    const fb = await fogbank();
    const gone = await volume(fb);
    await fb.ec2.send(new DescribeVolumesCommand({}));
    await control(fb, 'POST', 'snapshots', { name: 'a' });
    await fb.ec2.send(new DeleteVolumeCommand({ VolumeId: gone }));
    const made = await volume(fb);
    await volumes(fb);
    const { body } = await control(fb, 'GET', 'snapshots/a/diff');
    const at = { account: '123456789012', region: 'us-east-1', kind: 'ec2:volume' };
    expect(body).toEqual({ added: [{ ...at, id: made }], removed: [{ ...at, id: gone }], changed: [] });
    expect((await control(fb, 'GET', 'snapshots')).body.snapshots).toMatchObject([{ name: 'a' }]);
    expect(await control(fb, 'POST', 'snapshots/b/restore')).toMatchObject({ status: 404, body: { error: "there is no snapshot 'b'; there is a" } });
    expect((await control(fb, 'POST', 'snapshots', { name: '../up' })).status).toBe(400);
    await control(fb, 'DELETE', 'snapshots/a');
    expect((await control(fb, 'GET', 'snapshots')).body.snapshots).toEqual([]);
  });

  it('a fork starts as the world stands, and goes its own way', async () => {
    const fb = await fogbank();
    const id = await volume(fb);
    await volumes(fb);
    const fork = await fb.fork();
    const there = { ec2: new EC2Client({ ...fb.config(), endpoint: fork.endpoint }) };
    expect(await volumes(there)).toEqual([[id, 'available']]);
    await there.ec2.send(new DeleteVolumeCommand({ VolumeId: id }));
    expect(await volumes(there)).toEqual([]);
    expect(await volumes(fb)).toEqual([[id, 'available']]);
    await fork.stop();
  });

  it('an exported file is a world elsewhere, with its keys', async () => {
    const fb = await fogbank();
    await fb.ec2.send(new CreateVpcCommand({ CidrBlock: '10.9.0.0/16' }));
    await fb.iam.send(new CreateUserCommand({ UserName: 'ada' }));
    const { AccessKey } = await fb.iam.send(new CreateAccessKeyCommand({ UserName: 'ada' }));
    const image = await (await fetch(`${fb.endpoint}/_fogbank/export`)).arrayBuffer();
    const data = mkdtempSync(join(tmpdir(), 'fogbank-'));
    try {
      const other = await fogbank({ data });
      const response = await fetch(`${other.endpoint}/_fogbank/import`, { method: 'POST', body: image });
      expect(response.status).toBe(200);
      expect((await other.ec2.send(new DescribeVpcsCommand({}))).Vpcs!.map((v) => v.CidrBlock)).toContain('10.9.0.0/16');
      const ada = other.config({ accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! });
      expect((await new STSClient(ada).send(new GetCallerIdentityCommand({}))).Arn).toBe('arn:aws:iam::123456789012:user/ada');
      expect((await refusal(new STSClient({ ...ada, credentials: { ...ada.credentials, secretAccessKey: 'another' } }).send(new GetCallerIdentityCommand({})))).code).toBe('SignatureDoesNotMatch');
      expect((await fetch(`${other.endpoint}/_fogbank/import`, { method: 'POST', body: 'no file' })).status).toBe(400);
      await other.stop();
    } finally {
      rmSync(data, { recursive: true, force: true });
    }
  });
});

it('a world on disk is kept under a name and restored, and its file never holds the key to its secrets', async () => {
  const data = mkdtempSync(join(tmpdir(), 'fogbank-'));
  try {
    const fb = await fogbank({ data });
    const id = await volume(fb);
    await volumes(fb);
    expect((await control(fb, 'POST', 'snapshots', { name: 'disk' })).status).toBe(200);
    await fb.ec2.send(new DeleteVolumeCommand({ VolumeId: id }));
    expect((await control(fb, 'POST', 'snapshots/disk/restore')).status).toBe(200);
    expect(await volumes(fb)).toEqual([[id, 'available']]);
    expect((await control(fb, 'GET', 'snapshots/disk/diff')).body).toEqual({ added: [], removed: [], changed: [] });
    const fork = await fb.fork();
    expect(await volumes({ ec2: new EC2Client({ ...fb.config(), endpoint: fork.endpoint }) })).toEqual([[id, 'available']]);
    await fb.stop();
    const key = readFileSync(join(data, 'seal.key')).toString('base64');
    for (const file of readdirSync(data).filter((name) => name.startsWith('state.sqlite'))) expect(readFileSync(join(data, file)).includes(key), file).toBe(false);
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
});

it('every control is in the OpenAPI document, and the page loads it', async () => {
  const fb = await fogbank();
  const { body } = await control(fb, 'GET', 'openapi.json');
  const described = Object.entries(body.paths as Record<string, Record<string, { operationId: string }>>).flatMap(([, methods]) => Object.values(methods).map((m) => m.operationId));
  expect(described.sort()).toEqual(CONTROLS.map((c) => c.name.replaceAll(' ', '-')).sort());
  const page = await fetch(`${fb.endpoint}/_fogbank`);
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(await page.text()).toContain('/_fogbank/openapi.json');
});
