import { beforeAll, describe, expect, it } from 'vitest';
import { call } from '../../laws/samples/index.ts';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

let fb: Fogbank;
let ImageId: string;
let SubnetId: string;
let VpcId: string;
const go = (operation: string, input: Record<string, unknown> = {}) => call(fb, operation, input);
const refused = (operation: string, input: Record<string, unknown> = {}) => refusal(go(operation, input));
const launch = (extra: Record<string, unknown> = {}) => ({ ImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, SubnetId, ...extra });
const run = async (extra: Record<string, unknown> = {}) => (await go('RunInstances', launch(extra))).Instances[0];
const describeOne = async (InstanceId: string) => (await go('DescribeInstances', { InstanceIds: [InstanceId] })).Reservations[0].Instances[0];

beforeAll(async () => {
  fb = await fogbank();
  const { Images } = await go('DescribeImages', { Owners: ['amazon'], Filters: [{ Name: 'name', Values: ['al2023-ami-2023*-x86_64'] }] });
  ImageId = Images[0].ImageId;
  VpcId = (await go('CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc.VpcId;
  SubnetId = (await go('CreateSubnet', { VpcId, CidrBlock: '10.0.0.0/20', AvailabilityZone: 'us-east-1a' })).Subnet.SubnetId;
});

describe('RunInstances', () => {
  it.each([
    [{ ImageId: 'ami-00000000000000000' }, 'InvalidAMIID.NotFound'], [{ ImageId: 'ami-nonsense' }, 'InvalidAMIID.Malformed'], [{ InstanceType: 't9.huge' }, 'InvalidParameterValue'],
    [{ InstanceType: 't4g.micro' }, 'InvalidParameterValue'], [{ KeyName: 'none' }, 'InvalidKeyPair.NotFound'], [{ SubnetId: 'subnet-00000000000000000' }, 'InvalidSubnetID.NotFound'],
    [{ SecurityGroupIds: ['sg-00000000000000000'] }, 'InvalidGroup.NotFound'], [{ MinCount: 2, MaxCount: 1 }, 'InvalidParameterValue'], [{ IamInstanceProfile: { Name: 'none' } }, 'InvalidParameterValue'],
    [{ BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 1 } }] }, 'InvalidBlockDeviceMapping'], [{ NetworkInterfaces: [{ DeviceIndex: 0 }] }, 'InvalidParameterCombination'],
    [{ UserData: Buffer.alloc(16_385).toString('base64') }, 'InvalidParameterValue'], [{ LaunchTemplate: { LaunchTemplateName: 'none' } }, 'InvalidLaunchTemplateName.NotFoundException'], [{ PrivateIpAddress: '10.9.0.4' }, 'InvalidParameterValue'],
  ])('refuses %j, and nothing is left of it', async (extra, code) => {
    const before = (await go('DescribeSubnets', { SubnetIds: [SubnetId] })).Subnets[0].AvailableIpAddressCount;
    expect((await refused('RunInstances', launch(extra))).code).toBe(code);
    expect((await go('DescribeSubnets', { SubnetIds: [SubnetId] })).Subnets[0].AvailableIpAddressCount).toBe(before);
  });

  it('makes a reservation of instances with volume, interface and tags', async () => {
    const answer = await go('RunInstances', launch({
      MinCount: 2, MaxCount: 2, TagSpecifications: ['instance', 'volume', 'network-interface'].map((ResourceType) => ({ ResourceType, Tags: [{ Key: 'of', Value: ResourceType }] })),
    }));
    expect(answer.Instances.map((i: { AmiLaunchIndex: number; State: object }) => [i.AmiLaunchIndex, i.State])).toEqual([[0, { Code: 0, Name: 'pending' }], [1, { Code: 0, Name: 'pending' }]]);
    const { Reservations } = await go('DescribeInstances', { Filters: [{ Name: 'reservation-id', Values: [answer.ReservationId] }] });
    expect(Reservations).toHaveLength(1);
    const [instance] = Reservations[0].Instances;
    expect(instance).toMatchObject({ State: { Code: 16, Name: 'running' }, SubnetId, VpcId, Architecture: 'x86_64', Tags: [{ Key: 'of', Value: 'instance' }], MetadataOptions: { HttpTokens: 'required', State: 'applied' } });
    const { Volumes } = await go('DescribeVolumes', { VolumeIds: [instance.BlockDeviceMappings[0].Ebs.VolumeId] });
    expect(Volumes[0]).toMatchObject({ State: 'in-use', Tags: [{ Key: 'of', Value: 'volume' }], Attachments: [{ InstanceId: instance.InstanceId, DeleteOnTermination: true, State: 'attached' }] });
    const { NetworkInterfaces } = await go('DescribeNetworkInterfaces', { Filters: [{ Name: 'attachment.instance-id', Values: [instance.InstanceId] }] });
    expect(NetworkInterfaces).toMatchObject([{ Status: 'in-use', PrivateIpAddress: instance.PrivateIpAddress, TagSet: [{ Key: 'of', Value: 'network-interface' }] }]);
  });

  it('goes to the default VPC with a public address where no subnet is named', async () => {
    const { InstanceId } = await run({ SubnetId: undefined });
    const instance = await describeOne(InstanceId);
    expect(instance.PrivateIpAddress).toMatch(/^172\.31\./);
    expect(instance.PublicDnsName).toBe(`ec2-${instance.PublicIpAddress.replaceAll('.', '-')}.compute-1.amazonaws.com`);
  });

  it('takes from a launch template what the request does not say', async () => {
    await go('CreateLaunchTemplate', { LaunchTemplateName: 'web', LaunchTemplateData: { ImageId, InstanceType: 't3.small', TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'from', Value: 'template' }] }] } });
    const { Instances } = await go('RunInstances', { MinCount: 1, MaxCount: 1, SubnetId, LaunchTemplate: { LaunchTemplateName: 'web' } });
    expect(Instances[0]).toMatchObject({ InstanceType: 't3.small' });
    expect(Instances[0].Tags).toEqual(expect.arrayContaining([{ Key: 'from', Value: 'template' }, { Key: 'aws:ec2launchtemplate:version', Value: '1' }]));
  });

  it('takes an unknown image only where it is told to adopt', async () => {
    const adopting = await fogbank({ adoptImages: 'true' });
    expect((await call(adopting, 'RunInstances', { ImageId: 'ami-0123456789abcdef0', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 })).Instances).toHaveLength(1);
    expect((await refusal(call(adopting, 'RunInstances', { ImageId: 'ami-xyz', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 }))).code).toBe('InvalidAMIID.Malformed');
  });
});

describe('life', () => {
  it('pending, running, stopped, running, terminated, gone', async () => {
    const slow = await fogbank({ pace: 'realistic' });
    slow.machine.clock.hold();
    const { Instances } = await call(slow, 'RunInstances', { ImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 });
    const InstanceIds = [Instances[0].InstanceId];
    const state = async () => (await call(slow, 'DescribeInstances', { InstanceIds })).Reservations[0].Instances[0].State.Name;
    expect(await state()).toBe('pending');
    slow.machine.clock.advance(10_000);
    expect(await state()).toBe('running');
    expect((await refusal(call(slow, 'ModifyInstanceAttribute', { InstanceId: InstanceIds[0], InstanceType: { Value: 't3.small' } }))).code).toBe('IncorrectInstanceState');
    expect((await call(slow, 'StopInstances', { InstanceIds })).StoppingInstances).toMatchObject([{ PreviousState: { Code: 16 }, CurrentState: { Code: 64 } }]);
    expect((await refusal(call(slow, 'StartInstances', { InstanceIds }))).code).toBe('IncorrectInstanceState');
    slow.machine.clock.advance(30_000);
    expect(await state()).toBe('stopped');
    expect((await refusal(call(slow, 'RebootInstances', { InstanceIds }))).code).toBe('IncorrectInstanceState');
    await call(slow, 'StartInstances', { InstanceIds });
    slow.machine.clock.advance(10_000);
    await call(slow, 'TerminateInstances', { InstanceIds });
    expect(await state()).toBe('shutting-down');
    slow.machine.clock.advance(30_000);
    const [gone] = (await call(slow, 'DescribeInstances', { InstanceIds })).Reservations[0].Instances;
    expect(gone).toMatchObject({ State: { Code: 48, Name: 'terminated' }, StateReason: { Code: 'Client.UserInitiatedShutdown' }, BlockDeviceMappings: [], NetworkInterfaces: [] });
    expect(gone.SubnetId).toBeUndefined();
    slow.machine.clock.advance(3_600_000);
    expect((await refusal(state())).code).toBe('InvalidInstanceID.NotFound');
  });

  it('a launch answers what there is at once; the rest comes while the instance is pending', async () => {
    const slow = await fogbank({ pace: 'realistic' });
    slow.machine.clock.hold();
    const { Instances: [launched] } = await call(slow, 'RunInstances', { ImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 });
    expect(launched).toMatchObject({ BlockDeviceMappings: [], PublicDnsName: '', StateReason: { Code: 'pending', Message: 'pending' }, MetadataOptions: { State: 'pending' }, Operator: { Managed: false } });
    expect(launched.PublicIpAddress).toBeUndefined();
    expect(launched.NetworkInterfaces).toMatchObject([{ Status: 'in-use', Attachment: { Status: 'attaching', DeviceIndex: 0 }, Operator: { Managed: false } }]);
    expect(launched.NetworkInterfaces[0].Association ?? launched.NetworkInterfaces[0].PrivateIpAddresses[0].Association).toBeUndefined();
    const described = async () => (await call(slow, 'DescribeInstances', { InstanceIds: [launched.InstanceId] })).Reservations[0].Instances[0];
    expect((await described()).StateReason).toEqual({ Code: 'pending', Message: 'pending' });
    slow.machine.clock.advance(10_000);
    const running = await described();
    expect(running).toMatchObject({ BlockDeviceMappings: [{ Ebs: { Status: 'attached', EbsCardIndex: 0 } }], NetworkInterfaces: [{ Attachment: { Status: 'attached' } }], PublicIpAddress: expect.any(String) });
    expect(running.StateReason).toBeUndefined();
    expect(running.Tags).toBeUndefined();
    for (const time of [running.LaunchTime, running.UsageOperationUpdateTime, running.BlockDeviceMappings[0].Ebs.AttachTime, running.NetworkInterfaces[0].Attachment.AttachTime]) expect(time.getMilliseconds()).toBe(0);
  });

  it('a stopped instance loses its public address and gets another; an Elastic IP stays', async () => {
    const { InstanceId } = await run({ SubnetId: undefined });
    const first = (await describeOne(InstanceId)).PublicIpAddress;
    await go('StopInstances', { InstanceIds: [InstanceId] });
    expect((await describeOne(InstanceId)).PublicIpAddress).toBeUndefined();
    await go('StartInstances', { InstanceIds: [InstanceId] });
    const second = (await describeOne(InstanceId)).PublicIpAddress;
    expect(second).toBeDefined();
    expect(second).not.toBe(first);
    const { AllocationId, PublicIp } = await go('AllocateAddress', { Domain: 'vpc' });
    await go('AssociateAddress', { AllocationId, InstanceId });
    await go('StopInstances', { InstanceIds: [InstanceId] });
    expect((await describeOne(InstanceId)).PublicIpAddress).toBe(PublicIp);
    await go('TerminateInstances', { InstanceIds: [InstanceId] });
    expect((await go('DescribeAddresses', { AllocationIds: [AllocationId] })).Addresses[0].AssociationId).toBeUndefined();
  });

  it('stop protection refuses stops and terminations', async () => {
    const { InstanceId } = await run({ DisableApiStop: true });
    await describeOne(InstanceId);
    for (const [operation, fate] of [['StopInstances', 'stopped'], ['TerminateInstances', 'terminated']] as const) {
      expect(await refused(operation, { InstanceIds: [InstanceId] })).toMatchObject({ code: 'OperationNotPermitted', message: `The instance '${InstanceId}' may not be ${fate}. Modify its 'disableApiStop' instance attribute and try again.` });
    }
    await go('ModifyInstanceAttribute', { InstanceId, DisableApiStop: { Value: false } });
    await go('TerminateInstances', { InstanceIds: [InstanceId] });
  });

  it('a protected instance saves those of its zone; those of other zones are terminated although the call fails', async () => {
    const { Subnets } = await go('DescribeSubnets', { Filters: [{ Name: 'default-for-az', Values: ['true'] }] });
    const inZone = async (zone: string, more: Record<string, unknown> = {}) => (await run({ SubnetId: Subnets.find((s: { AvailabilityZone: string }) => s.AvailabilityZone === zone).SubnetId, ...more })).InstanceId;
    const [a, b, guard] = [await inZone('us-east-1a'), await inZone('us-east-1b'), await inZone('us-east-1b', { DisableApiTermination: true })];
    const states = async () => [(await describeOne(a)).State.Name, (await describeOne(b)).State.Name, (await describeOne(guard)).State.Name];
    const refusal = { code: 'OperationNotPermitted', message: `The instance '${guard}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.` };
    const before = await states();
    expect(await refused('TerminateInstances', { InstanceIds: [a, b, guard], DryRun: true })).toMatchObject(refusal);
    expect((await refused('TerminateInstances', { InstanceIds: [a, 'i-0123456789abcdef0'] })).code).toBe('InvalidInstanceID.NotFound');
    expect(await states()).toEqual(before);
    expect(await refused('TerminateInstances', { InstanceIds: [a, b, guard] })).toMatchObject(refusal);
    expect(await states()).toEqual(['terminated', 'running', 'running']);
    await go('ModifyInstanceAttribute', { InstanceId: guard, DisableApiTermination: { Value: false } });
    await go('TerminateInstances', { InstanceIds: [b, guard] });
  });

  it('termination protection refuses, and a termination frees what the instance held', async () => {
    const { InstanceId } = await run({ DisableApiTermination: true });
    const [{ GroupId }] = (await describeOne(InstanceId)).SecurityGroups;
    expect(await refused('TerminateInstances', { InstanceIds: [InstanceId] })).toMatchObject({ code: 'OperationNotPermitted', message: `The instance '${InstanceId}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.` });
    await go('ModifyInstanceAttribute', { InstanceId, DisableApiTermination: { Value: false } });
    const { VolumeId } = (await describeOne(InstanceId)).BlockDeviceMappings[0].Ebs;
    const extra = (await go('CreateVolume', { AvailabilityZone: 'us-east-1a', Size: 1 })).VolumeId;
    await go('DescribeVolumes');
    await go('AttachVolume', { VolumeId: extra, InstanceId, Device: '/dev/sdf' });
    expect((await refused('DeleteVolume', { VolumeId: extra })).code).toBe('VolumeInUse');
    expect((await refused('AttachVolume', { VolumeId: extra, InstanceId, Device: '/dev/sdg' })).code).toBe('VolumeInUse');
    await go('TerminateInstances', { InstanceIds: [InstanceId] });
    await go('DescribeInstances');
    expect((await refused('DescribeVolumes', { VolumeIds: [VolumeId] })).code).toBe('InvalidVolume.NotFound');
    expect((await go('DescribeVolumes', { VolumeIds: [extra] })).Volumes[0]).toMatchObject({ State: 'available', Attachments: [] });
    expect((await go('DescribeNetworkInterfaces', { Filters: [{ Name: 'group-id', Values: [GroupId] }, { Name: 'attachment.instance-id', Values: [InstanceId] }] })).NetworkInterfaces).toEqual([]);
  });

  it('AttachVolume: is refused across zones and at a taken device', async () => {
    const { InstanceId } = await run();
    await describeOne(InstanceId);
    const far = (await go('CreateVolume', { AvailabilityZone: 'us-east-1b', Size: 1 })).VolumeId;
    const near = (await go('CreateVolume', { AvailabilityZone: 'us-east-1a', Size: 1 })).VolumeId;
    await go('DescribeVolumes');
    expect((await refused('AttachVolume', { VolumeId: far, InstanceId, Device: '/dev/sdf' })).code).toBe('InvalidVolume.ZoneMismatch');
    expect((await refused('AttachVolume', { VolumeId: near, InstanceId, Device: '/dev/xvda' })).code).toBe('InvalidParameterValue');
  });
});

it('DescribeInstances: pages with reservations; ids and MaxResults exclude each other', async () => {
  const { InstanceId } = await run();
  expect((await refused('DescribeInstances', { InstanceIds: [InstanceId], MaxResults: 5 })).code).toBe('InvalidParameterCombination');
  const seen: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await go('DescribeInstances', { MaxResults: 5, NextToken });
    seen.push(...page.Reservations.flatMap((r: { Instances: { InstanceId: string }[] }) => r.Instances.map((i) => i.InstanceId)));
    NextToken = page.NextToken;
  } while (NextToken);
  const all = (await go('DescribeInstances')).Reservations.flatMap((r: { Instances: { InstanceId: string }[] }) => r.Instances.map((i) => i.InstanceId));
  expect(seen).toEqual(all);
});

it('DescribeInstanceTypes: knows the types, filters and pages', async () => {
  const { InstanceTypes } = await go('DescribeInstanceTypes', { InstanceTypes: ['m5.large'] });
  expect(InstanceTypes[0]).toMatchObject({ VCpuInfo: { DefaultVCpus: 2 }, MemoryInfo: { SizeInMiB: 8192 } });
  expect((await refused('DescribeInstanceTypes', { InstanceTypes: ['t9.huge'] })).code).toBe('InvalidInstanceType');
  const { InstanceTypeOfferings } = await go('DescribeInstanceTypeOfferings', { LocationType: 'availability-zone', Filters: [{ Name: 'instance-type', Values: ['t3.micro'] }] });
  expect(InstanceTypeOfferings.length).toBeGreaterThan(3);
});

it('DescribeInstanceTypes: of other Regions too, where asked', async () => {
  const all: { InstanceType: string; SupportedInRegion?: boolean }[] = [];
  let NextToken: string | undefined;
  do {
    const page = await go('DescribeInstanceTypes', { IncludeUnsupportedInRegion: true, ...(NextToken && { NextToken }) });
    all.push(...page.InstanceTypes);
    NextToken = page.NextToken;
  } while (NextToken);
  const [here, elsewhere] = [true, false].map((supported) => all.filter((t) => t.SupportedInRegion === supported).map((t) => t.InstanceType));
  expect(here).toContain('t3.micro');
  expect(elsewhere!.length).toBeGreaterThan(0);
  expect((await refused('DescribeInstanceTypes', { InstanceTypes: [elsewhere![0]] })).code).toBe('InvalidInstanceType');
  expect((await go('DescribeInstanceTypes', { InstanceTypes: [elsewhere![0]], IncludeUnsupportedInRegion: true })).InstanceTypes).toHaveLength(1);
});

it('CreateImage: takes snapshots of all volumes, and the image launches', async () => {
  const { InstanceId } = await run();
  await describeOne(InstanceId);
  const made = (await go('CreateImage', { InstanceId, Name: 'golden' })).ImageId;
  const [image] = (await go('DescribeImages', { ImageIds: [made] })).Images;
  expect(image).toMatchObject({ State: 'available', OwnerId: '123456789012', SourceInstanceId: InstanceId, Architecture: 'x86_64' });
  await go('DescribeSnapshots', { OwnerIds: ['self'] });
  expect((await run({ ImageId: made })).ImageId).toBe(made);
});
