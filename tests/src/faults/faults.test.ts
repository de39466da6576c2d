import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateVolumeCommand, DescribeInstanceStatusCommand, DescribeInstancesCommand, DescribeVolumesCommand, DescribeVpcsCommand, EC2Client, RunInstancesCommand, DescribeImagesCommand, type Filter } from '@aws-sdk/client-ec2';
import { ListUsersCommand } from '@aws-sdk/client-iam';
import { beforeEach, describe, expect, it } from 'vitest';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

describe('faults', () => {
  let fb: Fogbank;
  beforeEach(async () => {
    fb = await fogbank({ seed: 'faults' });
  });
  const post = async (path: string, body: object) => {
    const response = await fetch(`${fb.endpoint}/_fogbank/${path}`, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
    return { status: response.status, body: (await response.json()) as any }; // eslint-disable-line @typescript-eslint/no-explicit-any -- each control's own answer
  };
  const vpcs = () => fb.ec2.send(new DescribeVpcsCommand({}));

  it('an error has AWS\'s text and status, in the envelope of the service', async () => {
    await post('faults', { match: { service: 'ec2', operation: 'Describe*' }, effect: { error: 'RequestLimitExceeded' } });
    expect(await refusal(vpcs())).toEqual({ code: 'RequestLimitExceeded', message: 'Request limit exceeded.', status: 503 });
    await expect(fb.iam.send(new ListUsersCommand({}))).resolves.toBeDefined();
    await post('faults', { match: { service: 'iam' }, effect: { error: 'Throttling', message: 'slow down', status: 429 } });
    expect(await refusal(fb.iam.send(new ListUsersCommand({})))).toEqual({ code: 'Throttling', message: 'slow down', status: 429 });
  });

  it('the first ones, every third, or a share strike; counts say how often', async () => {
    await post('faults', { match: { operation: 'DescribeVpcs' }, effect: { error: 'InternalError' }, when: { every: 3 } });
    const outcomes = [];
    for (let i = 0; i < 6; i++) outcomes.push(await vpcs().then(() => 'ok', (e: Error) => e.name));
    expect(outcomes).toEqual(['ok', 'ok', 'InternalError', 'ok', 'ok', 'InternalError']);
    const { faults } = (await (await fetch(`${fb.endpoint}/_fogbank/faults`)).json()) as { faults: { matched: number; struck: number }[] };
    expect(faults).toMatchObject([{ matched: 6, struck: 2 }]);
  });

  it('the share that strikes is drawn from the seed', async () => {
    const pattern = async () => {
      const own = await fogbank({ seed: 'share' });
      await fetch(`${own.endpoint}/_fogbank/faults`, { method: 'POST', body: JSON.stringify({ effect: { error: 'ServiceUnavailable' }, when: { rate: 0.5 } }), headers: { 'content-type': 'application/json' } });
      const out = [];
      for (let i = 0; i < 20; i++) out.push(await own.ec2.send(new DescribeVpcsCommand({})).then(() => '.', () => 'x'));
      return out.join('');
    };
    const first = await pattern();
    expect(first).toMatch(/x/);
    expect(first).toMatch(/\./);
    expect(await pattern()).toBe(first);
  });

  it('a zone without capacity refuses launches there, and changes nothing', async () => {
    await post('faults/presets', { preset: 'zone-outage', zone: 'us-east-1a' });
    const { Images } = await fb.ec2.send(new DescribeImagesCommand({ Owners: ['amazon'], Filters: [{ Name: 'name', Values: ['al2023-ami-2023*'] }, { Name: 'architecture', Values: ['x86_64'] }] }));
    const launch = (zone: string) => fb.ec2.send(new RunInstancesCommand({ ImageId: Images![0]!.ImageId!, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, Placement: { AvailabilityZone: zone } }));
    expect(await refusal(launch('us-east-1a'))).toEqual({
      code: 'InsufficientInstanceCapacity', status: 500,
      message: 'We currently do not have sufficient t3.micro capacity in the Availability Zone you requested (us-east-1a). Our system will be working on provisioning additional capacity.',
    });
    await expect(launch('us-east-1b')).resolves.toBeDefined();
    expect((await fb.ec2.send(new DescribeInstancesCommand({}))).Reservations).toHaveLength(1);
  });

  it('a step goes to another state, and the resource says why', async () => {
    await post('faults', { match: { kind: 'ec2:volume' }, effect: { step: { to: 'error' } }, when: { first: 1 } });
    await fb.ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 1 }));
    await fb.ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 2 }));
    expect((await fb.ec2.send(new DescribeVolumesCommand({}))).Volumes!.map((v) => v.State)).toEqual(['error', 'available']);
    await post('faults', { match: { kind: 'ec2:instance' }, effect: { step: { to: 'terminated', set: { StateReason: { Code: 'Server.InternalError', Message: 'Server.InternalError: Internal error on launch' } } } } });
    const { Images } = await fb.ec2.send(new DescribeImagesCommand({ Owners: ['amazon'], Filters: [{ Name: 'name', Values: ['al2023-ami-2023*'] }, { Name: 'architecture', Values: ['x86_64'] }] }));
    await fb.ec2.send(new RunInstancesCommand({ ImageId: Images![0]!.ImageId!, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 }));
    const { Reservations } = await fb.ec2.send(new DescribeInstancesCommand({}));
    expect(Reservations![0]!.Instances![0]).toMatchObject({ State: { Name: 'terminated' }, StateReason: { Code: 'Server.InternalError' } });
  });

  it('a status check fails for as long as the rule is in force, and says since when', async () => {
    const { Images } = await fb.ec2.send(new DescribeImagesCommand({ Owners: ['amazon'], Filters: [{ Name: 'name', Values: ['al2023-ami-2023*'] }, { Name: 'architecture', Values: ['x86_64'] }] }));
    const { Instances } = await fb.ec2.send(new RunInstancesCommand({ ImageId: Images![0]!.ImageId!, InstanceType: 't3.micro', MinCount: 2, MaxCount: 2, Placement: { AvailabilityZone: 'us-east-1a' } }));
    const [ill, well] = Instances!.map((i) => i.InstanceId!);
    const status = async (values: Filter[] = []) => (await fb.ec2.send(new DescribeInstanceStatusCommand({ Filters: values }))).InstanceStatuses!.map((s) => [s.InstanceId, s.InstanceStatus!.Status, s.SystemStatus!.Status]);
    const { body } = await post('faults', { match: { resource: ill }, effect: { impaired: 'system' } });
    expect(await status()).toEqual([[ill, 'ok', 'impaired'], [well, 'ok', 'ok']]);
    expect(await status([{ Name: 'system-status.status', Values: ['impaired'] }])).toHaveLength(1);
    const { InstanceStatuses } = await fb.ec2.send(new DescribeInstanceStatusCommand({ InstanceIds: [ill!] }));
    expect(InstanceStatuses![0]!.SystemStatus!.Details).toEqual([{ Name: 'reachability', Status: 'failed', ImpairedSince: new Date(body.since) }]);
    await post('faults/presets', { preset: 'zone-outage', zone: 'us-east-1a' });
    expect(await status()).toEqual([[ill, 'ok', 'impaired'], [well, 'ok', 'impaired']]);
    await fetch(`${fb.endpoint}/_fogbank/faults`, { method: 'DELETE' });
    expect(await status()).toEqual([[ill, 'ok', 'ok'], [well, 'ok', 'ok']]);
  });

  it('are a part of the world: a restart, a fork and a restored snapshot go on with them, and draw on', async () => {
    const outcomes = async (of: Fogbank['ec2'], count: number) => {
      const out = [];
      for (let i = 0; i < count; i++) out.push(await of.send(new DescribeVpcsCommand({})).then(() => '.', () => 'x'));
      return out.join('');
    };
    const rule = { effect: { error: 'ServiceUnavailable' }, when: { rate: 0.5, after: '2020-01-01T00:00:00Z' } };
    const data = await mkdtemp(join(tmpdir(), 'fogbank-faults-'));
    const one = await fogbank({ seed: 'kept', data });
    await fetch(`${one.endpoint}/_fogbank/faults`, { method: 'POST', body: JSON.stringify(rule), headers: { 'content-type': 'application/json' } });
    const before = await outcomes(one.ec2, 10);
    await fetch(`${one.endpoint}/_fogbank/snapshots`, { method: 'POST', body: JSON.stringify({ name: 'ten' }), headers: { 'content-type': 'application/json' } });
    const after = await outcomes(one.ec2, 10);
    expect(`${before}${after}`).toMatch(/x.*\..*x/);
    const restored = await fetch(`${one.endpoint}/_fogbank/snapshots/ten/restore`, { method: 'POST' });
    expect(restored.status).toBe(200);
    await one.stop();
    const again = await fogbank({ seed: 'kept', data });
    const { faults } = (await (await fetch(`${again.endpoint}/_fogbank/faults`)).json()) as { faults: unknown[] };
    expect(faults).toMatchObject([{ id: 'fault-1', matched: 10, ...rule }]);
    expect(await outcomes(again.ec2, 10)).toBe(after);
  });

  it('a connection is reset after the call was done, or in the middle of its answer', async () => {
    await post('faults', { match: { operation: 'CreateVolume' }, effect: { connection: 'reset' }, when: { first: 1 } });
    const create = () => fb.ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 1, ClientToken: 'once' }));
    await expect(create()).rejects.toMatchObject({ code: 'ECONNRESET' });
    // The token finds the volume that the lost answer was about.
    const { VolumeId } = await create();
    expect((await fb.ec2.send(new DescribeVolumesCommand({}))).Volumes!.map((v) => v.VolumeId)).toEqual([VolumeId]);
    await post('faults', { match: { operation: 'DescribeVpcs' }, effect: { connection: 'truncate' } });
    await expect(vpcs()).rejects.toThrow();
  });

  it('an answer comes late', async () => {
    await post('faults', { match: { operation: 'DescribeVpcs' }, effect: { latencyMs: 120 } });
    const before = performance.now();
    await new EC2Client(fb.config()).send(new DescribeVpcsCommand({}));
    expect(performance.now() - before).toBeGreaterThan(115);
  });

  it.each([
    [{}, 'effect is missing'], [{ effect: {} }, 'effect is missing'], [{ effect: { error: 5 } }, 'effect.error must be a string'], [{ effect: { error: 'X' }, when: { rate: 2 } }, 'rate must be above 0'],
    [{ effect: { error: 'X' }, match: { opperation: 'x' } }, 'match has no opperation'],
    [{ effect: { error: 'X' }, match: { kind: 'ec2:instance' } }, 'match.kind is of steps and status checks'], [{ effect: { impaired: 'system' }, match: { operation: 'Describe*' } }, 'match.operation is of calls'],
    [{ effect: { step: { to: 'error' }, latencyMs: 5 } }, 'effect.latencyMs is of calls'],
    [{ effect: { connection: 'cut' } }, 'must be one of reset, truncate'], [{ effect: { error: 'X' }, if: {} }, 'there is no parameter if'],
  ])('refuses the rule %j', async (rule, text) => {
    const { status, body } = await post('faults', rule);
    expect(status).toBe(400);
    expect(body.error).toContain(text);
  });

  it('rules go one by one, all at once, and with a reset', async () => {
    const { body } = await post('faults', { effect: { error: 'X' } });
    await fetch(`${fb.endpoint}/_fogbank/faults/${body.id}`, { method: 'DELETE' });
    await expect(vpcs()).resolves.toBeDefined();
    await post('faults', { effect: { error: 'X' } });
    await fetch(`${fb.endpoint}/_fogbank/reset`, { method: 'POST' });
    await expect(vpcs()).resolves.toBeDefined();
    expect((await fetch(`${fb.endpoint}/_fogbank/faults/fault-9`, { method: 'DELETE' })).status).toBe(404);
  });
});
