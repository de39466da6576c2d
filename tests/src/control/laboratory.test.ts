import {
  AllocateAddressCommand, AssociateAddressCommand, AttachVolumeCommand, CreateSubnetCommand, CreateTagsCommand, CreateVolumeCommand, CreateVpcCommand, DeleteVolumeCommand, DeleteVpcCommand,
  DescribeAddressesCommand, DescribeImagesCommand, DescribeInstancesCommand, DescribeSubnetsCommand, DescribeVolumesCommand, DescribeVpcsCommand, EC2Client, RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { CreateAccessKeyCommand, CreateLoginProfileCommand, CreateUserCommand, IAMClient, ListUsersCommand } from '@aws-sdk/client-iam';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

/* eslint-disable @typescript-eslint/no-explicit-any -- each control's own answer */
interface Answer {
  readonly status: number;
  readonly body: any;
}

async function control(fb: Pick<Fogbank, 'endpoint'>, method: string, path: string, body?: object | string, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${fb.endpoint}/_fogbank/${path}`, { method, headers: { ...headers, ...(body ? { 'content-type': 'application/json' } : {}) }, ...(body ? { body: typeof body === 'string' ? body : JSON.stringify(body) } : {}) });
  const text = await response.text();
  return { status: response.status, body: response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text };
}

const image = async (fb: Fogbank) => (await fb.ec2.send(new DescribeImagesCommand({ Owners: ['amazon'], Filters: [{ Name: 'name', Values: ['al2023-ami-2023*'] }, { Name: 'architecture', Values: ['x86_64'] }] }))).Images![0]!.ImageId!;
const run = async (fb: Fogbank, SubnetId?: string) => (await fb.ec2.send(new RunInstancesCommand({ ImageId: await image(fb), InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, ...(SubnetId && { SubnetId }) }))).Instances![0]!.InstanceId!;

describe('the log of calls', () => {
  it('has every call with its caller, parameters, outcome and what it changed', async () => {
    const fb = await fogbank();
    const { VolumeId } = await fb.ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 3 }));
    await refusal(fb.ec2.send(new DeleteVolumeCommand({ VolumeId: 'vol-00000000000000000' })));
    const { body } = await control(fb, 'GET', 'calls');
    expect(body.calls).toMatchObject([
      { service: 'ec2', operation: 'CreateVolume', principal: 'arn:aws:iam::123456789012:root', account: '123456789012', region: 'us-east-1', sourceIp: '127.0.0.1', parameters: { AvailabilityZone: 'us-east-1a', Size: 3 } },
      { operation: 'DeleteVolume', error: 'InvalidVolume.NotFound', parameters: { VolumeId: 'vol-00000000000000000' }, changes: [] },
    ]);
    expect(body.calls[0].changes).toContainEqual(expect.objectContaining({ kind: 'ec2:volume', id: VolumeId, change: 'created', state: 'creating' }));
    const by = async (query: string) => (await control(fb, 'GET', `calls?${query}`)).body.calls.map((c: any) => c.operation);
    expect(await by('error=*')).toEqual(['DeleteVolume']);
    expect(await by(`resource=${VolumeId}`)).toEqual(['CreateVolume']);
    expect(await by('operation=CreateVolume&region=eu-west-1')).toEqual([]);
    expect(await by('limit=1')).toEqual(['DeleteVolume']);
    expect((await control(fb, 'GET', 'calls?since=yesterday')).body.error).toBe("calls: 'yesterday' is no time in ISO 8601");
  });

  it('shows no secret', async () => {
    const fb = await fogbank();
    await fb.iam.send(new CreateUserCommand({ UserName: 'ann' }));
    await fb.iam.send(new CreateLoginProfileCommand({ UserName: 'ann', Password: 'Correct-Horse-1' }));
    const { body } = await control(fb, 'GET', 'calls?operation=CreateLoginProfile');
    expect(body.calls[0].parameters).toEqual({ UserName: 'ann', Password: '***' });
  });

  it('streams calls and changes as they happen, those of due steps too, and ends with Fogbank', async () => {
    const fb = await fogbank({ pace: 'realistic' });
    await control(fb, 'POST', 'clock/hold');
    const response = await fetch(`${fb.endpoint}/_fogbank/events`);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    await fb.ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 3 }));
    await control(fb, 'POST', 'clock/advance', { by: '1m' });
    await fb.stop();
    let text = '';
    for (let part = await reader.read(); !part.done; part = await reader.read()) text += part.value;
    const told = [...text.matchAll(/^event: (\w+)\ndata: (.*)$/gm)].map(([, event, data]) => ({ event, ...(JSON.parse(data!) as any) }));
    const ofVolume = told.filter((e) => e.kind === 'ec2:volume').map(({ change, from, state }) => [change, from, state]);
    expect(ofVolume).toEqual([['created', undefined, 'creating'], ['changed', 'creating', 'available']]);
    expect(told.filter((e) => e.event === 'call').map((e) => e.operation)).toEqual(['CreateVolume']);
  });
});

describe('search, statistics and deletion', () => {
  it('finds by id, name, tag, state and VPC, over accounts and regions', async () => {
    const fb = await fogbank();
    const other = new EC2Client(fb.config({ region: 'eu-west-1', accessKeyId: '222222222222' }));
    const { Vpc } = await other.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16', TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'Name', Value: 'Payments' }] }] }));
    const find = async (query: string) => (await control(fb, 'GET', `resources?${query}`)).body.resources.map((r: any) => r.id);
    expect(await find('text=payment')).toEqual([Vpc!.VpcId]);
    expect(await find('tag=Name%3DPayments')).toEqual([Vpc!.VpcId]);
    expect(await find('tag=Name&account=123456789012')).toEqual([]);
    expect(await find(`id=${Vpc!.VpcId}`)).toEqual([Vpc!.VpcId]);
    expect((await control(fb, 'GET', `resources?vpc=${Vpc!.VpcId}`)).body.resources.map((r: any) => r.kind).sort()).toEqual(expect.arrayContaining(['ec2:route-table', 'ec2:security-group', 'ec2:vpc']));
    expect((await control(fb, 'GET', `resources/${Vpc!.VpcId}`)).body.resources).toMatchObject([{ account: '222222222222', region: 'eu-west-1', name: 'Payments', document: { CidrBlock: '10.0.0.0/16' } }]);
    expect((await control(fb, 'GET', 'resources/vpc-1')).body.error).toBe("there is no resource 'vpc-1' in any account or region");
    expect((await control(fb, 'GET', 'statistics')).body.counts).toContainEqual({ account: '222222222222', region: 'eu-west-1', kind: 'ec2:vpc', state: 'available', count: 2 });
  });

  it('deletes a VPC with everything in it, and what that held is free again', async () => {
    const fb = await fogbank();
    const { Vpc } = await fb.ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
    const { Subnet } = await fb.ec2.send(new CreateSubnetCommand({ VpcId: Vpc!.VpcId, CidrBlock: '10.0.1.0/24', AvailabilityZone: 'us-east-1a' }));
    const instance = await run(fb, Subnet!.SubnetId);
    const { VolumeId } = await fb.ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 3 }));
    await fb.ec2.send(new AttachVolumeCommand({ VolumeId, InstanceId: instance, Device: '/dev/sdf' }));
    const { AllocationId } = await fb.ec2.send(new AllocateAddressCommand({}));
    await fb.ec2.send(new AssociateAddressCommand({ AllocationId, InstanceId: instance })).catch(() => undefined);
    expect(await refusal(fb.ec2.send(new DeleteVpcCommand({ VpcId: Vpc!.VpcId })))).toMatchObject({ code: 'DependencyViolation' });
    const { body } = await control(fb, 'DELETE', `resources?vpc=${Vpc!.VpcId}`);
    const kinds = body.deleted.map((d: any) => d.kind);
    expect(kinds.indexOf('ec2:instance')).toBeLessThan(kinds.indexOf('ec2:subnet'));
    expect(kinds.at(-1)).toBe('ec2:vpc');
    expect((await fb.ec2.send(new DescribeVpcsCommand({}))).Vpcs!.map((v) => v.IsDefault)).toEqual([true]);
    expect((await fb.ec2.send(new DescribeInstancesCommand({}))).Reservations).toEqual([]);
    expect((await fb.ec2.send(new DescribeVolumesCommand({ VolumeIds: [VolumeId!] }))).Volumes).toMatchObject([{ State: 'available', Attachments: [] }]);
    expect((await fb.ec2.send(new DescribeAddressesCommand({ AllocationIds: [AllocationId!] }))).Addresses![0]!.AssociationId).toBeUndefined();
  });

  it('deletes by tag, takes an attached volume off its instance, and deletes nothing that is not meant', async () => {
    const fb = await fogbank();
    const instance = await run(fb);
    const zone = (await fb.ec2.send(new DescribeInstancesCommand({}))).Reservations![0]!.Instances![0]!.Placement!.AvailabilityZone;
    const { VolumeId } = await fb.ec2.send(new CreateVolumeCommand({ AvailabilityZone: zone, Size: 3 }));
    await fb.ec2.send(new AttachVolumeCommand({ VolumeId, InstanceId: instance, Device: '/dev/sdf' }));
    await fb.ec2.send(new CreateTagsCommand({ Resources: [VolumeId!], Tags: [{ Key: 'Tier', Value: 'scratch' }] }));
    expect((await control(fb, 'DELETE', 'resources?tag=Tier%3Dscratch')).body.deleted).toEqual([{ kind: 'ec2:volume', id: VolumeId }]);
    expect((await fb.ec2.send(new DescribeInstancesCommand({ InstanceIds: [instance] }))).Reservations![0]!.Instances![0]!.BlockDeviceMappings).toHaveLength(1);
    expect((await control(fb, 'DELETE', `resources?id=${instance}`)).body.deleted).toContainEqual({ kind: 'ec2:instance', id: instance });
    expect((await fb.ec2.send(new DescribeSubnetsCommand({}))).Subnets!.map((s) => s.AvailableIpAddressCount)).toEqual(Array(6).fill(4091));
    expect((await control(fb, 'DELETE', 'resources')).body.error).toMatch(/^delete: say what/);
  });

  it('makes one account new again, its keys too, and leaves the others', async () => {
    const fb = await fogbank();
    const other = fb.config({ accessKeyId: '222222222222' });
    await new IAMClient(other).send(new CreateUserCommand({ UserName: 'ann' }));
    const { AccessKey } = await new IAMClient(other).send(new CreateAccessKeyCommand({ UserName: 'ann' }));
    await fb.iam.send(new CreateUserCommand({ UserName: 'bob' }));
    await new EC2Client(other).send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
    expect((await control(fb, 'POST', 'reset', { account: '222222222222' })).body).toEqual({ status: 'ok', account: '222222222222' });
    expect((await new IAMClient(other).send(new ListUsersCommand({}))).Users).toEqual([]);
    expect((await new EC2Client(other).send(new DescribeVpcsCommand({}))).Vpcs).toMatchObject([{ IsDefault: true }]);
    expect((await fb.iam.send(new ListUsersCommand({}))).Users).toMatchObject([{ UserName: 'bob' }]);
    // The key is nobody's now: by `--auth open` it is the default account's root.
    const stale = new IAMClient(fb.config({ accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }));
    expect((await stale.send(new ListUsersCommand({}))).Users).toMatchObject([{ UserName: 'bob' }]);
    expect((await control(fb, 'POST', 'reset', { account: '12' })).body.error).toBe("reset: '12' is no account; an account has twelve digits");
  });
});

describe('a plan of calls', () => {
  const PLAN = `
region: eu-west-1
calls:
  - name: net
    call: ec2:CreateVpc
    input: { CidrBlock: 10.0.0.0/16 }
  - call: ec2:CreateSubnet
    input:
      VpcId: \${net.Vpc.VpcId}
      CidrBlock: 10.0.1.0/24
  - call: iam:CreateUser
    account: "222222222222"
    input: { UserName: ann }
`;

  it('is made as a whole, with what calls before answered', async () => {
    const fb = await fogbank();
    const { body } = await control(fb, 'POST', 'load', PLAN);
    expect(body).toMatchObject({ calls: 3, answers: { net: { Vpc: { CidrBlock: '10.0.0.0/16' } } } });
    const there = new EC2Client(fb.config({ region: 'eu-west-1' }));
    expect((await there.send(new DescribeSubnetsCommand({ Filters: [{ Name: 'vpc-id', Values: [body.answers.net.Vpc.VpcId] }] }))).Subnets).toMatchObject([{ CidrBlock: '10.0.1.0/24' }]);
    expect((await new IAMClient(fb.config({ accessKeyId: '222222222222' })).send(new ListUsersCommand({}))).Users).toMatchObject([{ UserName: 'ann' }]);
  });

  it.each([
    ['a call that AWS refuses', PLAN.replace('10.0.1.0/24', '11.0.1.0/24'), "call 2 (ec2:CreateSubnet): InvalidSubnet.Range: The CIDR '11.0.1.0/24' is invalid.; nothing was loaded"],
    ['a reference to nothing', PLAN.replace('net.Vpc.VpcId', 'nat.Vpc.VpcId'), 'call 2 (ec2:CreateSubnet): ${nat.Vpc.VpcId}: no call before has the name nat; nothing was loaded'],
    ['a member that the input has not', PLAN.replace('UserName', 'Username'), 'call 3 (iam:CreateUser): UnknownParameter: CreateUser.Username is no member of the input; nothing was loaded'],
    ['an operation that there is not', PLAN.replace('iam:CreateUser', 'iam:MakeUser'), 'call 3 (iam:MakeUser): InvalidAction: there is no operation iam:MakeUser; nothing was loaded'],
    ['what is no plan', '- a', 'a plan is an object with a list of calls, each with call (ec2:CreateVpc) and input'],
    ['a misspelt member', PLAN.replace('name: net', 'named: net'), 'call 1: a call has name, call, input, account, region, not named'],
  ])('refuses %s, and leaves nothing', async (_what, plan, error) => {
    const fb = await fogbank();
    expect(await control(fb, 'POST', 'load', plan)).toEqual({ status: 400, body: { error } });
    expect((await new EC2Client(fb.config({ region: 'eu-west-1' })).send(new DescribeVpcsCommand({}))).Vpcs).toMatchObject([{ IsDefault: true }]);
  });
});

describe('the pace', () => {
  it('is another for one kind, and is kept in a snapshot', async () => {
    const fb = await fogbank({ pace: 'realistic' });
    await control(fb, 'POST', 'clock/hold');
    expect((await control(fb, 'PUT', 'pace', { pace: 'instant', kind: 'ec2:volume', from: 'creating' })).body).toEqual({ pace: 'realistic', rules: [{ kind: 'ec2:volume', from: 'creating', pace: 'instant' }] });
    await control(fb, 'POST', 'snapshots', { name: 'quick' });
    await control(fb, 'PUT', 'pace', { pace: '2', kind: 'ec2:volume' });
    await control(fb, 'POST', 'snapshots/quick/restore');
    expect((await control(fb, 'GET', 'pace')).body.rules).toHaveLength(1);
    const { VolumeId } = await fb.ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 3 }));
    expect((await fb.ec2.send(new DescribeVolumesCommand({ VolumeIds: [VolumeId!] }))).Volumes![0]!.State).toBe('available');
    const id = await run(fb);
    expect((await fb.ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }))).Reservations![0]!.Instances![0]!.State!.Name).toBe('pending');
    expect((await control(fb, 'PUT', 'pace', { pace: 'instant', kind: 'ec2:volume', from: 'in-use' })).body.error).toBe("pace set: nothing of ec2:volume leaves 'in-use' by itself; there is creating, deleting");
  });
});

describe('eventual consistency', () => {
  it('does not find what is new for a while, and describes what is gone', async () => {
    const fb = await fogbank();
    await control(fb, 'POST', 'clock/hold');
    await control(fb, 'POST', 'faults/presets', { preset: 'eventual-consistency' });
    const { VolumeId } = await fb.ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 3 }));
    const described = async () => (await fb.ec2.send(new DescribeVolumesCommand({}))).Volumes!.map((v) => v.VolumeId);
    expect(await described()).toEqual([]);
    expect(await refusal(fb.ec2.send(new CreateTagsCommand({ Resources: [VolumeId!], Tags: [{ Key: 'a', Value: 'b' }] })))).toMatchObject({ code: 'InvalidVolume.NotFound' });
    await control(fb, 'POST', 'clock/advance', { by: '2s' });
    expect(await described()).toEqual([VolumeId]);
    await fb.ec2.send(new DeleteVolumeCommand({ VolumeId }));
    expect(await described()).toEqual([VolumeId]);
    expect((await fb.ec2.send(new DescribeVolumesCommand({ VolumeIds: [VolumeId!] }))).Volumes).toHaveLength(1);
    await control(fb, 'POST', 'clock/advance', { by: '2s' });
    expect(await described()).toEqual([]);
  });
});

describe('throttling', () => {
  const outcome = (call: Promise<unknown>) => call.then(() => 'ok', (error: Error) => error.name);

  it('is as AWS documents it where it is asked for: full buckets, and what comes back a second', async () => {
    const fb = await fogbank({ throttle: 'aws' });
    await control(fb, 'POST', 'clock/hold');
    const describe = () => outcome(fb.ec2.send(new DescribeVolumesCommand({})));
    const first = [];
    for (let i = 0; i < 52; i++) first.push(await describe());
    expect(first.indexOf('RequestLimitExceeded')).toBe(50);
    // With a page size it is another bucket, and another account has its own.
    expect(await outcome(fb.ec2.send(new DescribeVolumesCommand({ MaxResults: 5 })))).toBe('ok');
    expect(await outcome(new EC2Client(fb.config({ accessKeyId: '222222222222' })).send(new DescribeVolumesCommand({})))).toBe('ok');
    await control(fb, 'POST', 'clock/advance', { by: '200ms' });
    expect([await describe(), await describe(), await describe()]).toEqual(['ok', 'ok', 'RequestLimitExceeded']);
  });

  it('counts instances too, and a refused launch takes nothing', async () => {
    const fb = await fogbank({ throttle: 'aws' });
    await control(fb, 'POST', 'clock/hold');
    const ImageId = await image(fb);
    const launch = (count: number) => outcome(fb.ec2.send(new RunInstancesCommand({ ImageId, InstanceType: 't3.nano', MinCount: count, MaxCount: count })));
    expect(await launch(600)).toBe('ok');
    expect(await launch(600)).toBe('RequestLimitExceeded');
    expect(await launch(300)).toBe('ok');
    const { status, code } = await refusal(fb.ec2.send(new RunInstancesCommand({ ImageId, InstanceType: 't3.nano', MinCount: 200, MaxCount: 200 })));
    expect([status, code]).toEqual([503, 'RequestLimitExceeded']);
  });

  it('is off and on while Fogbank runs, and off at first', async () => {
    const fb = await fogbank();
    await control(fb, 'POST', 'clock/hold');
    const create = async (count: number) => {
      const outcomes = [];
      for (let i = 0; i < count; i++) outcomes.push(await outcome(fb.iam.send(new CreateUserCommand({ UserName: `u${Math.random()}` }))));
      return outcomes.filter((o) => o !== 'ok');
    };
    expect(await create(25)).toEqual([]);
    await control(fb, 'PUT', 'throttle', { mode: 'aws' });
    expect(new Set(await create(25))).toEqual(new Set(['Throttling']));
    await control(fb, 'PUT', 'throttle', { mode: 'off' });
    expect(await create(5)).toEqual([]);
  });
});

describe('metrics', () => {
  it('count requests by service, operation and code', async () => {
    const fb = await fogbank();
    await fb.ec2.send(new DescribeVpcsCommand({}));
    await refusal(fb.ec2.send(new DescribeVpcsCommand({ VpcIds: ['vpc-00000000000000000'] })));
    const { body } = await control(fb, 'GET', 'metrics');
    expect(body).toContain('fogbank_requests_total{service="ec2",operation="DescribeVpcs",code=""} 1\n');
    expect(body).toContain('fogbank_requests_total{service="ec2",operation="DescribeVpcs",code="InvalidVpcID.NotFound"} 1\n');
    expect(body).toContain('fogbank_request_duration_seconds_count{service="ec2",operation="DescribeVpcs"} 2\n');
    expect(body).toMatch(/^fogbank_resources\{kind="ec2:vpc"\} 1$/m);
  });
});

describe('what stands before the door', () => {
  it('the control API wants its token, and AWS calls do not', async () => {
    const fb = await fogbank({ controlToken: 'sesame' });
    expect(await control(fb, 'GET', 'info')).toMatchObject({ status: 401, body: { error: expect.stringContaining('wants its token') } });
    expect(await control(fb, 'GET', 'info', undefined, { authorization: 'Bearer sesam' })).toMatchObject({ status: 401 });
    expect(await control(fb, 'GET', 'info', undefined, { authorization: 'Bearer sesame' })).toMatchObject({ status: 200 });
    expect(await control(fb, 'GET', 'health')).toMatchObject({ status: 200 });
    expect((await fb.ec2.send(new DescribeVpcsCommand({}))).Vpcs).toHaveLength(1);
  });

  it('pages of named origins may call, others are told nothing', async () => {
    const fb = await fogbank({ cors: 'http://localhost:3000' });
    const asked = (origin: string, method: string) => fetch(fb.endpoint, { method, headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,x-amz-date' } });
    const preflight = await asked('http://localhost:3000', 'OPTIONS');
    expect([preflight.status, preflight.headers.get('access-control-allow-origin'), preflight.headers.get('access-control-allow-headers')]).toEqual([204, 'http://localhost:3000', 'authorization,x-amz-date']);
    expect((await asked('http://localhost:3000', 'POST')).headers.get('access-control-allow-origin')).toBe('http://localhost:3000');
    expect((await asked('http://evil.example', 'POST')).headers.get('access-control-allow-origin')).toBeNull();
  });

  it('an address that asks too often is told to wait', async () => {
    const fb = await fogbank({ rateLimit: '3' });
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => fb.ec2.send(new DescribeVpcsCommand({})).then(() => 'ok', (e: Error) => e.name)));
    expect(outcomes.filter((o) => o === 'ok').length).toBeGreaterThanOrEqual(3);
    expect(outcomes.filter((o) => o === 'RequestLimitExceeded').length).toBeGreaterThanOrEqual(2);
  });

  it('a body is as long as it is let be, and what is still to come of it is not waited for', async () => {
    const fb = await fogbank({ bodyLimitMib: '1' });
    const { hostname, port } = new URL(fb.endpoint);
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.on('data', (piece) => (answer += piece.toString()));
    socket.write(`POST / HTTP/1.1\r\nhost: ${hostname}\r\ncontent-length: ${3 * 1024 * 1024}\r\n\r\n${'x'.repeat(1024 * 1024 + 1)}`);
    await once(socket, 'close');
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toMatch(/<Code>RequestEntityTooLarge<\/Code>/);
  });

  it('a body that breaks off harms nobody else', async () => {
    const fb = await fogbank();
    const { hostname, port } = new URL(fb.endpoint);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(`POST / HTTP/1.1\r\nhost: ${hostname}\r\ncontent-length: 100\r\n\r\nAction=`);
    await fb.ec2.send(new DescribeVpcsCommand({}));
    socket.resetAndDestroy();
    await once(socket, 'close');
    expect((await fb.ec2.send(new DescribeVpcsCommand({}))).Vpcs).toHaveLength(1);
  });
});
