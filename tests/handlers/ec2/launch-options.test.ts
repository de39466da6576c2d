import { beforeAll, describe, expect, it } from 'vitest';
import { loadModel } from '../../../protocols/index.ts';
import { fogbank, type Fogbank } from '../../support/fogbank.ts';
import { as } from '../../support/others.ts';
import { launches, type Launches } from '../../support/launches.ts';

let fb: Fogbank;
let ec2: Launches;
const refusedLaunch = (extra: Record<string, unknown>) => ec2.refused('RunInstances', { ImageId: ec2.ImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, ...extra });
const root = (Ebs: Record<string, unknown>) => ({ BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs }] });

beforeAll(async () => {
  fb = await fogbank();
  ec2 = await launches(fb);
});

it('DescribeInstances: takes every documented filter', async () => {
  for (const Name of loadModel('ec2').operation('DescribeInstances')!.filters!.filter((f) => !f.includes('<'))) await ec2.go('DescribeInstances', { Filters: [{ Name, Values: ['x'] }] });
  const { InstanceId } = await ec2.run({ TagSpecifications: [{ ResourceType: 'network-interface', Tags: [{ Key: 'Card', Value: 'blue' }] }] });
  const found = async (Name: string, value: string) => (await ec2.go('DescribeInstances', { Filters: [{ Name, Values: [value] }] })).Reservations.flatMap((r: { Instances: { InstanceId: string }[] }) => r.Instances.map((i) => i.InstanceId));
  expect(await found('network-interface.tag-value', 'blue')).toEqual([InstanceId]);
  expect(await found('network-interface.attachment.instance-id', InstanceId)).toEqual([InstanceId]);
  expect(await found('network-interface.tag-value', 'red')).toEqual([]);
  expect(await ec2.refused('DescribeInstances', { Filters: [{ Name: 'no-such-filter', Values: ['x'] }] })).toMatchObject({ code: 'InvalidParameterValue' });
});

describe('RunInstances', () => {
  it.each([
    ['a name that is no device', { BlockDeviceMappings: [{ DeviceName: 'nonsense', Ebs: { VolumeSize: 1 } }] }, 'InvalidBlockDeviceMapping', 'Invalid device name nonsense'],
    ['a device twice', { BlockDeviceMappings: [1, 2].map((VolumeSize) => ({ DeviceName: '/dev/sdf', Ebs: { VolumeSize } })) }, 'InvalidBlockDeviceMapping', "The device '/dev/sdf' is used in more than one block-device mapping"],
    ['a mapping of nothing', { BlockDeviceMappings: [{ DeviceName: '/dev/sdf' }] }, 'InvalidBlockDeviceMapping', undefined],
    ['a volume that is ephemeral', { BlockDeviceMappings: [{ DeviceName: '/dev/sdf', VirtualName: 'ephemeral0', Ebs: { VolumeSize: 1 } }] }, 'InvalidBlockDeviceMapping', undefined],
    ['an unknown virtual device', { BlockDeviceMappings: [{ DeviceName: '/dev/sdf', VirtualName: 'eternal0' }] }, 'InvalidBlockDeviceMapping', undefined],
    ['no root device', { BlockDeviceMappings: [{ DeviceName: '/dev/xvda', NoDevice: '' }] }, 'InvalidBlockDeviceMapping', undefined],
    ['too many IOPS', root({ VolumeType: 'gp3', VolumeSize: 10, Iops: 6000 }), 'InvalidParameterValue', undefined],
    ['too much throughput', root({ VolumeType: 'gp3', VolumeSize: 100, Throughput: 1000 }), 'InvalidParameterValue', undefined],
    ['an unknown zone', { Placement: { AvailabilityZone: 'us-east-1z' } }, 'InvalidParameterValue', 'Invalid availability zone: [us-east-1z]'],
    ['a zone by name and by id', { Placement: { AvailabilityZone: 'us-east-1a', AvailabilityZoneId: 'use1-az1' } }, 'InvalidParameterCombination', undefined],
    ['one CPU option without the other', { CpuOptions: { CoreCount: 1 } }, 'MissingParameter', 'When specifying CpuOptions you must specify both CoreCount and ThreadsPerCore.'],
    ['cores that the type lacks', { CpuOptions: { CoreCount: 9, ThreadsPerCore: 1 } }, 'InvalidParameterValue', undefined],
    ['SEV-SNP where the processor lacks it', { CpuOptions: { AmdSevSnp: 'enabled' } }, 'Unsupported', undefined],
    ['credits of a type without', { InstanceType: 'm5.large', CreditSpecification: { CpuCredits: 'unlimited' } }, 'InvalidParameterCombination', undefined],
    ['unknown credits', { CreditSpecification: { CpuCredits: 'endless' } }, 'InvalidParameterValue', undefined],
    ['enclaves where the type lacks them', { EnclaveOptions: { Enabled: true } }, 'InvalidParameterCombination', undefined],
    ['enclaves and hibernation', { InstanceType: 'm5.xlarge', EnclaveOptions: { Enabled: true }, HibernationOptions: { Configured: true } }, 'InvalidParameterCombination', undefined],
    ['hibernation on an open root volume', { HibernationOptions: { Configured: true } }, 'UnsupportedHibernationConfiguration', 'For hibernation, the root device volume must be encrypted.'],
    ['hibernation on a small root volume', { InstanceType: 'm5.2xlarge', HibernationOptions: { Configured: true }, ...root({ Encrypted: true, VolumeSize: 16 }) }, 'UnsupportedHibernationConfiguration', undefined],
    ['EBS optimization where there is none', { InstanceType: 't2.micro', EbsOptimized: true }, 'Unsupported', undefined],
    ['a bandwidth weighting of a type without', { NetworkPerformanceOptions: { BandwidthWeighting: 'vpc-1' } }, 'Unsupported', undefined],
    ['too many hops', { MetadataOptions: { HttpPutResponseHopLimit: 65 } }, 'InvalidParameterValue', undefined],
    ['an unknown capacity reservation', { CapacityReservationSpecification: { CapacityReservationTarget: { CapacityReservationId: 'cr-00000000000000000' } } }, 'InvalidCapacityReservationId.NotFound', undefined],
    ['an EFA where the type has none', { NetworkInterfaces: [{ DeviceIndex: 0, InterfaceType: 'efa' }] }, 'UnsupportedOperation', undefined],
    ['a network card too many', { NetworkInterfaces: [{ DeviceIndex: 0, NetworkCardIndex: 1 }] }, 'InvalidParameterValue', undefined],
    ['more addresses than an interface has', { NetworkInterfaces: [{ DeviceIndex: 0, SecondaryPrivateIpAddressCount: 2 }] }, 'PrivateIpAddressLimitExceeded', 'Number of private addresses will exceed limit.'],
    ['a primary IPv6 address where there is none', { EnablePrimaryIpv6: true }, 'InvalidParameterCombination', undefined],
  ])('refuses %s', async (_what, extra, code, message) => {
    expect(await refusedLaunch(extra)).toMatchObject({ code, ...(message === undefined ? {} : { message }) });
  });

  it('refuses names of groups beside a subnet, and launches without a default VPC', async () => {
    const [{ SubnetId }] = (await ec2.go('DescribeSubnets')).Subnets;
    expect(await refusedLaunch({ SubnetId, SecurityGroups: ['default'] })).toMatchObject({ code: 'InvalidParameterCombination', message: 'The parameter groupName cannot be used with the parameter subnet' });
    const bare = as(fb, { region: 'eu-west-3' });
    const [{ VpcId }] = (await bare.go('DescribeVpcs')).Vpcs;
    const { Subnets } = await bare.go('DescribeSubnets');
    const [{ InternetGatewayId }] = (await bare.go('DescribeInternetGateways')).InternetGateways;
    for (const subnet of Subnets) await bare.go('DeleteSubnet', { SubnetId: subnet.SubnetId });
    const [{ ImageId }] = (await bare.go('DescribeImages', { Owners: ['amazon'], Filters: [{ Name: 'name', Values: ['al2023-ami-2023*-x86_64'] }] })).Images;
    const launch = { ImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 };
    expect((await bare.refused('RunInstances', launch)).code).toBe('MissingInput');
    await bare.go('DetachInternetGateway', { InternetGatewayId, VpcId });
    await bare.go('DeleteVpc', { VpcId });
    expect(await bare.refused('RunInstances', launch)).toMatchObject({ code: 'VPCIdNotSpecified', message: 'No default VPC for this user. GroupName is only supported for EC2-Classic and default VPC.' });
  });

  it('refuses an image without ENA on a type that needs it', async () => {
    const { VolumeId } = await ec2.go('CreateVolume', { AvailabilityZone: 'us-east-1a', Size: 8 });
    const { SnapshotId } = await ec2.go('CreateSnapshot', { VolumeId });
    const { ImageId } = await ec2.go('RegisterImage', { Name: 'without-ena', Architecture: 'x86_64', VirtualizationType: 'hvm', RootDeviceName: '/dev/xvda', BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId } }] });
    await ec2.go('DescribeImages', { ImageIds: [ImageId] });
    expect(await refusedLaunch({ ImageId })).toMatchObject({ code: 'InvalidParameterCombination', message: "Enhanced networking with the Elastic Network Adapter (ENA) is required for the 't3.micro' instance type. Ensure that you are using an AMI that is enabled for ENA." });
    expect((await ec2.run({ ImageId, InstanceType: 't2.micro' })).EnaSupport).toBe(false);
  });

  it('shows what it was given', async () => {
    const { InstanceId } = await ec2.run({
      InstanceType: 'm8g.xlarge', ImageId: (await ec2.go('DescribeImages', { Owners: ['amazon'], Filters: [{ Name: 'name', Values: ['al2023-ami-2023*-arm64'] }] })).Images[0].ImageId,
      Placement: { AvailabilityZoneId: 'use1-az2', Tenancy: 'dedicated' }, CpuOptions: { CoreCount: 2, ThreadsPerCore: 1 }, EnclaveOptions: { Enabled: true }, NetworkPerformanceOptions: { BandwidthWeighting: 'ebs-1' },
      MaintenanceOptions: { AutoRecovery: 'disabled' }, PrivateDnsNameOptions: { HostnameType: 'resource-name', EnableResourceNameDnsARecord: true }, CapacityReservationSpecification: { CapacityReservationPreference: 'none' },
    });
    expect(await ec2.one(InstanceId)).toMatchObject({
      Placement: { AvailabilityZoneId: 'use1-az2', Tenancy: 'dedicated' }, CpuOptions: { CoreCount: 2, ThreadsPerCore: 1 }, EnclaveOptions: { Enabled: true }, NetworkPerformanceOptions: { BandwidthWeighting: 'ebs-1' },
      MaintenanceOptions: { AutoRecovery: 'disabled', RebootMigration: 'default' }, PrivateDnsName: `${InstanceId}.ec2.internal`, PrivateDnsNameOptions: { HostnameType: 'resource-name', EnableResourceNameDnsARecord: true },
      CapacityReservationSpecification: { CapacityReservationPreference: 'none' }, CurrentInstanceBootMode: 'uefi',
    });
  });
});

describe('hibernation', () => {
  it('is for instances that were launched for it', async () => {
    const plain = await ec2.run();
    await ec2.one(plain.InstanceId);
    expect(await ec2.refused('StopInstances', { InstanceIds: [plain.InstanceId], Hibernate: true })).toMatchObject({
      code: 'UnsupportedHibernationConfiguration', message: `The instance can't be hibernated because it was not configured at launch for hibernation: ${plain.InstanceId}`,
    });
    const { InstanceId } = await ec2.run({ HibernationOptions: { Configured: true }, ...root({ Encrypted: true }) });
    await ec2.one(InstanceId);
    await ec2.go('StopInstances', { InstanceIds: [InstanceId], Hibernate: true });
    expect(await ec2.one(InstanceId)).toMatchObject({ State: { Name: 'stopped' }, HibernationOptions: { Configured: true }, StateReason: { Code: 'Client.UserInitiatedHibernate' } });
    expect((await ec2.refused('ModifyInstanceAttribute', { InstanceId, InstanceType: { Value: 't3.small' } })).code).toBe('UnsupportedHibernationConfiguration');
    await ec2.go('StartInstances', { InstanceIds: [InstanceId] });
    await ec2.stop(InstanceId);
    await ec2.go('ModifyInstanceAttribute', { InstanceId, InstanceType: { Value: 't3.small' } });
  });
});

describe('ModifyInstanceAttribute', () => {
  it('changes the type of a stopped instance, with what goes with it', async () => {
    const { InstanceId } = await ec2.run();
    await ec2.stop(InstanceId);
    await ec2.go('ModifyInstanceAttribute', { InstanceId, InstanceType: { Value: 'm5.xlarge' } });
    expect(await ec2.one(InstanceId)).toMatchObject({ InstanceType: 'm5.xlarge', CpuOptions: { CoreCount: 2, ThreadsPerCore: 2 } });
    expect(await ec2.refused('ModifyInstanceAttribute', { InstanceId, InstanceType: { Value: 't9.huge' } })).toMatchObject({ code: 'InvalidInstanceAttributeValue', message: "Invalid value 't9.huge' for InstanceType." });
    expect((await ec2.refused('ModifyInstanceAttribute', { InstanceId, InstanceType: { Value: 'm8g.large' } })).code).toBe('InvalidParameterValue');
    await ec2.go('ModifyInstanceAttribute', { InstanceId, EnclaveOptions: { Enabled: true } });
    expect((await ec2.refused('ModifyInstanceAttribute', { InstanceId, InstanceType: { Value: 't3.micro' } })).code).toBe('InvalidParameterCombination');
  });

  it.each([
    [{ EbsOptimized: { Value: true } }, { EbsOptimized: true }], [{ SriovNetSupport: { Value: 'simple' } }, { SriovNetSupport: 'simple' }], [{ SourceDestCheck: { Value: false } }, { SourceDestCheck: false }],
    [{ Attribute: 'sourceDestCheck', Value: 'false' }, { SourceDestCheck: false }],
  ])('takes %j', async (input, shown) => {
    const { InstanceId } = await ec2.run();
    await ec2.stop(InstanceId);
    await ec2.go('ModifyInstanceAttribute', { InstanceId, ...input });
    expect(await ec2.one(InstanceId)).toMatchObject(shown);
  });

  it.each([
    [{ EnaSupport: { Value: false } }, 'InvalidParameterCombination'], [{ SriovNetSupport: { Value: 'complex' } }, 'InvalidParameterValue'], [{ Kernel: { Value: 'aki-1' } }, 'UnsupportedOperation'],
    [{ Attribute: 'rootDeviceName', Value: '/dev/sda1' }, 'InvalidParameterValue'], [{ Attribute: 'groupSet', Value: 'sg-00000000000000000' }, 'InvalidGroup.NotFound'], [{}, 'InvalidParameterCombination'],
    [{ UserData: { Value: Buffer.alloc(17_000, 'x') } }, 'InvalidParameterValue'], [{ InstanceInitiatedShutdownBehavior: { Value: 'sleep' } }, 'InvalidParameterValue'],
  ])('refuses %j', async (input, code) => {
    const { InstanceId } = await ec2.run();
    await ec2.stop(InstanceId);
    expect((await ec2.refused('ModifyInstanceAttribute', { InstanceId, ...input })).code).toBe(code);
  });

  it('refuses everything of what is terminated', async () => {
    const { InstanceId } = await ec2.run();
    await ec2.go('TerminateInstances', { InstanceIds: [InstanceId] });
    for (const input of [{ DisableApiTermination: { Value: true } }, { Groups: ['sg-00000000000000000'] }]) expect((await ec2.refused('ModifyInstanceAttribute', { InstanceId, ...input })).code).toBe('IncorrectInstanceState');
  });
});

describe('options of instances that are there', () => {
  it.each([
    ['ModifyInstanceCpuOptions', { CoreCount: 1, ThreadsPerCore: 1 }, { CpuOptions: { CoreCount: 1, ThreadsPerCore: 1 } }],
    ['ModifyInstanceNetworkPerformanceOptions', { BandwidthWeighting: 'default' }, { NetworkPerformanceOptions: { BandwidthWeighting: 'default' } }],
    ['ModifyInstanceCapacityReservationAttributes', { CapacityReservationSpecification: { CapacityReservationPreference: 'none' } }, { CapacityReservationSpecification: { CapacityReservationPreference: 'none' } }],
  ])('%s: is for stopped instances', async (operation, input, shown) => {
    const { InstanceId } = await ec2.run();
    await ec2.one(InstanceId);
    expect(await ec2.refused(operation, { InstanceId, ...input })).toMatchObject({ code: 'IncorrectInstanceState', message: `The instance '${InstanceId}' is not in the 'stopped' state.` });
    await ec2.stop(InstanceId);
    await ec2.go(operation, { InstanceId, ...input });
    expect(await ec2.one(InstanceId)).toMatchObject(shown);
  });

  it('ModifyInstanceCpuOptions: wants both counts, and counts that the type has', async () => {
    const { InstanceId } = await ec2.run();
    await ec2.stop(InstanceId);
    expect((await ec2.refused('ModifyInstanceCpuOptions', { InstanceId, CoreCount: 1 })).code).toBe('MissingParameter');
    expect((await ec2.refused('ModifyInstanceCpuOptions', { InstanceId, CoreCount: 1, ThreadsPerCore: 4 })).code).toBe('InvalidParameterValue');
    expect((await ec2.refused('ModifyInstanceCpuOptions', { InstanceId, NestedVirtualization: 'enabled' })).code).toBe('Unsupported');
  });

  it('ModifyInstanceMaintenanceOptions: changes what it names', async () => {
    const { InstanceId } = await ec2.run();
    expect(await ec2.go('ModifyInstanceMaintenanceOptions', { InstanceId, RebootMigration: 'disabled' })).toMatchObject({ AutoRecovery: 'default', RebootMigration: 'disabled' });
    expect((await ec2.refused('ModifyInstanceMaintenanceOptions', { InstanceId })).code).toBe('MissingParameter');
  });

  it('ModifyInstanceMetadataOptions: is applied at once, and refuses what makes no sense', async () => {
    const { InstanceId } = await ec2.run();
    expect((await ec2.go('ModifyInstanceMetadataOptions', { InstanceId, HttpTokens: 'optional', InstanceMetadataTags: 'enabled' })).InstanceMetadataOptions).toMatchObject({ State: 'pending', HttpTokens: 'optional' });
    expect((await ec2.one(InstanceId)).MetadataOptions).toMatchObject({ State: 'applied', HttpTokens: 'optional', InstanceMetadataTags: 'enabled' });
    expect((await ec2.refused('ModifyInstanceMetadataOptions', { InstanceId, HttpPutResponseHopLimit: 65 })).code).toBe('InvalidParameterValue');
    expect((await ec2.refused('ModifyInstanceMetadataOptions', { InstanceId })).code).toBe('MissingParameter');
  });
});

describe('instance metadata defaults', () => {
  it('are between the launch and the image, one for each Region', async () => {
    const there = as(fb, { region: 'eu-west-1' });
    const go = there.go;
    expect((await go('GetInstanceMetadataDefaults')).AccountLevel).toEqual({ ManagedBy: 'account' });
    await go('ModifyInstanceMetadataDefaults', { HttpTokens: 'optional', HttpPutResponseHopLimit: 7, InstanceMetadataTags: 'enabled' });
    expect((await go('GetInstanceMetadataDefaults')).AccountLevel).toEqual({ HttpTokens: 'optional', HttpPutResponseHopLimit: 7, InstanceMetadataTags: 'enabled', ManagedBy: 'account' });
    const [{ ImageId }] = (await go('DescribeImages', { Owners: ['amazon'], Filters: [{ Name: 'name', Values: ['al2023-ami-2023*-x86_64'] }] })).Images;
    const launch = async (MetadataOptions?: Record<string, unknown>) => (await go('RunInstances', { ImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, MetadataOptions })).Instances[0].MetadataOptions;
    expect(await launch()).toMatchObject({ HttpTokens: 'optional', HttpPutResponseHopLimit: 7, InstanceMetadataTags: 'enabled', HttpEndpoint: 'enabled' });
    expect(await launch({ HttpTokens: 'required' })).toMatchObject({ HttpTokens: 'required', HttpPutResponseHopLimit: 7 });
    expect((await ec2.go('GetInstanceMetadataDefaults')).AccountLevel).toEqual({ ManagedBy: 'account' });
    await go('ModifyInstanceMetadataDefaults', { HttpTokens: 'no-preference', HttpPutResponseHopLimit: -1, InstanceMetadataTags: 'no-preference' });
    expect((await go('GetInstanceMetadataDefaults')).AccountLevel).toEqual({ ManagedBy: 'account' });
    expect(await launch()).toMatchObject({ HttpTokens: 'required', HttpPutResponseHopLimit: 2 });
    for (const HttpPutResponseHopLimit of [0, 65]) expect((await there.refused('ModifyInstanceMetadataDefaults', { HttpPutResponseHopLimit })).code).toBe('InvalidParameterValue');
  });

  it('enforced tokens refuse launches and changes without them', async () => {
    const there = as(fb, { region: 'eu-west-2' });
    const [{ ImageId }] = (await there.go('DescribeImages', { Owners: ['amazon'], Filters: [{ Name: 'name', Values: ['al2023-ami-2023*-x86_64'] }] })).Images;
    const launch = { ImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 };
    await there.go('ModifyInstanceMetadataDefaults', { HttpTokensEnforced: 'enabled' });
    expect((await there.refused('RunInstances', { ...launch, MetadataOptions: { HttpTokens: 'optional' } })).code).toBe('UnsupportedOperation');
    const { InstanceId } = (await there.go('RunInstances', launch)).Instances[0];
    expect((await there.refused('ModifyInstanceMetadataOptions', { InstanceId, HttpTokens: 'optional' })).code).toBe('UnsupportedOperation');
    expect((await there.refused('ModifyInstanceMetadataDefaults', { HttpTokens: 'optional' })).code).toBe('InvalidParameterCombination');
  });
});
