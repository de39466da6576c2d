import { beforeAll, describe, expect, it } from 'vitest';
import { fogbank, type Fogbank } from '../../support/fogbank.ts';
import { as, type Caller } from '../../support/others.ts';
import { image } from '../../laws/samples/sample.ts';

const OTHER = '111122223333';
const OWNER = '123456789012';
const HOUR = 3_600_000;
let fb: Fogbank;
let me: Caller;
let other: Caller;
let amazon: string;
let made = 0;

beforeAll(async () => {
  fb = await fogbank();
  me = as(fb);
  other = as(fb, { accessKeyId: OTHER });
  amazon = await image(fb);
});

async function register(by: Caller = me, volume: Record<string, unknown> = {}, more: Record<string, unknown> = {}): Promise<{ ImageId: string; SnapshotId: string }> {
  const { VolumeId } = await by.go('CreateVolume', { AvailabilityZone: 'us-east-1a', Size: 8, ...volume });
  const { SnapshotId } = await by.go('CreateSnapshot', { VolumeId });
  const { ImageId } = await by.go('RegisterImage', { Name: `an-image-${++made}`, Architecture: 'x86_64', VirtualizationType: 'hvm', EnaSupport: true, RootDeviceName: '/dev/xvda', BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId } }], ...more });
  return { ImageId, SnapshotId };
}
const launch = (by: Caller, ImageId: string, more: Record<string, unknown> = {}) => by.go('RunInstances', { ImageId, MinCount: 1, MaxCount: 1, InstanceType: 't3.micro', ...more });
const refusedLaunch = (by: Caller, ImageId: string, more: Record<string, unknown> = {}) => by.refused('RunInstances', { ImageId, MinCount: 1, MaxCount: 1, InstanceType: 't3.micro', ...more });
const described = async (by: Caller, ImageId: string, more: Record<string, unknown> = {}) => (await by.go('DescribeImages', { ImageIds: [ImageId], ...more })).Images[0];
const share = (ImageId: string, permission: Record<string, string>) => me.go('ModifyImageAttribute', { ImageId, LaunchPermission: { Add: [permission] } });

describe('sharing', () => {
  it('lets the named account see and launch an image, whose snapshot stays its owner\'s', async () => {
    const { ImageId, SnapshotId } = await register(me, {}, { TagSpecifications: [{ ResourceType: 'image', Tags: [{ Key: 'secret', Value: 's' }, { Key: 'ec2:SharedTag/os', Value: 'linux' }] }] });
    expect((await refusedLaunch(other, ImageId)).code).toBe('InvalidAMIID.NotFound');
    await me.go('ModifyImageAttribute', { ImageId, Attribute: 'launchPermission', OperationType: 'add', UserIds: [OTHER] });
    expect((await me.go('DescribeImageAttribute', { ImageId, Attribute: 'launchPermission' })).LaunchPermissions).toEqual([{ UserId: OTHER }]);
    for (const by of [{ ImageIds: [ImageId] }, { ExecutableUsers: ['self'] }, { Owners: [OWNER] }]) {
      expect((await other.go('DescribeImages', by)).Images).toMatchObject([{ ImageId, OwnerId: OWNER, Public: false, Tags: [{ Key: 'ec2:SharedTag/os', Value: 'linux' }] }]);
    }
    const { Instances } = await launch(other, ImageId);
    const { Volumes } = await other.go('DescribeVolumes', { Filters: [{ Name: 'attachment.instance-id', Values: [Instances[0].InstanceId] }] });
    expect(Volumes).toMatchObject([{ SnapshotId, Size: 8 }]);
    expect((await other.refused('CreateVolume', { AvailabilityZone: 'us-east-1a', SnapshotId })).code).toBe('InvalidSnapshot.NotFound');
    for (const operation of ['DeregisterImage', 'DisableImage', 'EnableImageDeregistrationProtection']) {
      expect(await other.refused(operation, { ImageId })).toMatchObject({ code: 'AuthFailure', message: `Not authorized for image:${ImageId}` });
    }
    expect((await other.refused('CopyImage', { Name: 'stolen', SourceRegion: 'us-east-1', SourceImageId: ImageId }))).toMatchObject({ code: 'InvalidRequest', message: 'You do not have permission to access the storage of this ami' });
    await me.go('ModifySnapshotAttribute', { SnapshotId, CreateVolumePermission: { Add: [{ UserId: OTHER }] } });
    const copy = await other.go('CopyImage', { Name: 'taken', SourceRegion: 'us-east-1', SourceImageId: ImageId, CopyImageTags: true });
    expect(await described(other, copy.ImageId)).toMatchObject({ OwnerId: OTHER, SourceImageId: ImageId, SourceImageRegion: 'us-east-1', Tags: [{ Key: 'ec2:SharedTag/os', Value: 'linux' }] });
    await me.go('ResetImageAttribute', { ImageId, Attribute: 'launchPermission' });
    expect((await refusedLaunch(other, ImageId)).code).toBe('InvalidAMIID.NotFound');
    await me.go('DeregisterImage', { ImageId });
  });

  it('can be ended by who it is shared with', async () => {
    const { ImageId } = await register();
    await share(ImageId, { UserId: OTHER });
    expect(await other.go('CancelImageLaunchPermission', { ImageId })).toMatchObject({ Return: true });
    expect((await me.go('DescribeImageAttribute', { ImageId, Attribute: 'launchPermission' })).LaunchPermissions ?? []).toEqual([]);
    expect((await other.refused('CancelImageLaunchPermission', { ImageId })).code).toBe('InvalidAMIID.NotFound');
    expect((await other.refused('CancelImageLaunchPermission', { ImageId: amazon })).code).toBe('OperationNotPermitted');
  });

  it('with everybody waits until public access is unblocked, and sets an end to the image', async () => {
    const { ImageId } = await register();
    expect((await me.go('GetImageBlockPublicAccessState')).ImageBlockPublicAccessState).toBe('block-new-sharing');
    expect(await me.refused('ModifyImageAttribute', { ImageId, LaunchPermission: { Add: [{ Group: 'all' }] } })).toMatchObject({
      code: 'OperationNotPermitted', message: 'You can’t publicly share this image because block public access for AMIs is enabled for this account. To publicly share the image, you must call the DisableImageBlockPublicAccess API.',
    });
    await me.go('DisableImageBlockPublicAccess');
    await share(ImageId, { Group: 'all' });
    const shown = await described(other, ImageId);
    expect(shown.Public).toBe(true);
    expect(Date.parse(shown.DeprecationTime) - Date.parse(shown.CreationDate)).toBe(730 * 24 * HOUR);
    expect((await other.go('DescribeImages', { ExecutableUsers: ['all'], Filters: [{ Name: 'image-id', Values: [ImageId] }] })).Images).toHaveLength(1);
    expect((await me.refused('AttachImageWatermark', { ImageId, WatermarkName: 'late' })).code).toBe('OperationNotPermitted');
    await me.go('EnableImageBlockPublicAccess', { ImageBlockPublicAccessState: 'block-new-sharing' });
    await launch(other, ImageId);
    await me.go('ModifyImageAttribute', { ImageId, LaunchPermission: { Remove: [{ Group: 'all' }] } });
    expect((await other.refused('DescribeImages', { ImageIds: [ImageId] })).code).toBe('InvalidAMIID.NotFound');
  });

  it('takes accounts that are named in both forms, without an operation', async () => {
    const { ImageId } = await register();
    expect((await me.refused('ModifyImageAttribute', { ImageId, UserIds: [OTHER] })).code).toBe('MissingParameter');
    await me.go('ModifyImageAttribute', { ImageId, UserIds: [OTHER], LaunchPermission: { Add: [{ UserId: OTHER }] } });
    expect((await me.go('DescribeImageAttribute', { ImageId, Attribute: 'launchPermission' })).LaunchPermissions).toEqual([{ UserId: OTHER }]);
  });

  it('keeps and shows organizations', async () => {
    const { ImageId } = await register();
    const OrganizationArn = 'arn:aws:organizations::123456789012:organization/o-abcdefghij';
    await me.go('ModifyImageAttribute', { ImageId, OperationType: 'add', OrganizationArns: [OrganizationArn] });
    expect((await me.go('DescribeImageAttribute', { ImageId, Attribute: 'launchPermission' })).LaunchPermissions).toEqual([{ OrganizationArn }]);
  });

  it('refuses what is encrypted with the key of AWS', async () => {
    const { ImageId } = await register(me, { Encrypted: true });
    expect(await me.refused('ModifyImageAttribute', { ImageId, LaunchPermission: { Add: [{ UserId: OTHER }] } })).toMatchObject({ code: 'InvalidParameter', message: "Snapshots encrypted with the AWS Managed CMK can't be shared. Specify another snapshot." });
  });
});

describe('attributes', () => {
  it('ModifyImageAttribute: changes one at a time', async () => {
    const { ImageId } = await register(me, {}, { UefiData: 'AAAA', BootMode: 'uefi', TpmSupport: 'v2.0' });
    const attribute = async (Attribute: string) => me.go('DescribeImageAttribute', { ImageId, Attribute });
    await me.go('ModifyImageAttribute', { ImageId, Attribute: 'Description', Description: { Value: 'new' } });
    await me.go('ModifyImageAttribute', { ImageId, Attribute: 'imdsSupport', Value: 'v2.0' });
    expect((await attribute('description')).Description).toEqual({ Value: 'new' });
    expect((await attribute('imdsSupport')).ImdsSupport).toEqual({ Value: 'v2.0' });
    expect((await attribute('uefiData')).UefiData).toEqual({ Value: 'AAAA' });
    expect((await attribute('tpmSupport')).TpmSupport).toEqual({ Value: 'v2.0' });
    expect((await me.refused('DescribeImageAttribute', { ImageId, Attribute: 'blockDeviceMapping' })).code).toBe('AuthFailure');
    expect(await me.refused('DescribeImageAttribute', { ImageId: amazon, Attribute: 'description' })).toMatchObject({ code: 'AuthFailure', message: `Not authorized for image:${amazon}` });
    const { Instances } = await launch(me, ImageId);
    expect(Instances[0].MetadataOptions).toMatchObject({ HttpTokens: 'required', HttpPutResponseHopLimit: 2 });
  });

  it.each([
    [{}, 'InvalidParameterCombination'], [{ Description: { Value: 'a' }, ImdsSupport: { Value: 'v2.0' } }, 'InvalidParameterCombination'], [{ ImdsSupport: { Value: 'v1.0' } }, 'InvalidParameterValue'], [{ UserIds: [OTHER] }, 'MissingParameter'],
    [{ OperationType: 'add', UserIds: ['me'] }, 'InvalidAMIAttributeItemValue'], [{ OperationType: 'add', OrganizationArns: ['arn:aws:iam::1:role/x'] }, 'InvalidParameterValue'], [{ Attribute: 'kernel', Value: 'aki' }, 'InvalidParameterValue'],
    [{ ProductCodes: ['abc'] }, 'UnsupportedOperation'],
  ])('ModifyImageAttribute: refuses %j', async (input, code) => {
    const { ImageId } = await register();
    expect((await me.refused('ModifyImageAttribute', { ImageId, ...input })).code).toBe(code);
  });

  it('shows the last launch a day after it', async () => {
    const slow = await fogbank();
    slow.machine.clock.hold();
    const it = as(slow);
    const { ImageId } = await register(it);
    await launch(it, ImageId);
    expect((await described(it, ImageId)).LastLaunchedTime).toBeUndefined();
    slow.machine.clock.advance(24 * HOUR);
    const { LastLaunchedTime } = await described(it, ImageId);
    expect(LastLaunchedTime).toMatch(/^\d{4}-/);
    await launch(it, ImageId);
    expect((await described(it, ImageId)).LastLaunchedTime).toBe(LastLaunchedTime);
  });
});

describe('states', () => {
  it('a disabled image is launched by nobody, shared with nobody and listed on demand', async () => {
    const { ImageId, SnapshotId } = await register();
    await share(ImageId, { UserId: OTHER });
    await me.go('DisableImage', { ImageId });
    expect(await refusedLaunch(me, ImageId)).toMatchObject({ code: 'InvalidAMIID.Unavailable', message: `The image ID '${ImageId}' is not available` });
    expect((await refusedLaunch(other, ImageId)).code).toBe('InvalidAMIID.NotFound');
    expect((await me.go('DescribeImages', { Owners: ['self'], Filters: [{ Name: 'image-id', Values: [ImageId] }] })).Images).toEqual([]);
    expect(await described(me, ImageId, { IncludeDisabled: true })).toMatchObject({ State: 'disabled' });
    expect((await me.refused('ModifyImageAttribute', { ImageId, LaunchPermission: { Add: [{ UserId: OTHER }] } })).code).toBe('IncorrectState');
    expect((await me.refused('DeleteSnapshot', { SnapshotId })).code).toBe('InvalidSnapshot.InUse');
    await me.go('ModifySnapshotTier', { SnapshotId, StorageTier: 'archive' });
    await me.go('DescribeSnapshotTierStatus');
    expect((await me.refused('EnableImage', { ImageId })).message).toBe(`The snapshot '${SnapshotId}' is in the archive tier. Restore it first.`);
    await me.go('RestoreSnapshotTier', { SnapshotId, PermanentRestore: true });
    await me.go('EnableImage', { ImageId });
    expect((await me.go('DescribeImageAttribute', { ImageId, Attribute: 'launchPermission' })).LaunchPermissions ?? []).toEqual([]);
    await launch(me, ImageId);
    expect((await me.refused('ModifySnapshotTier', { SnapshotId, StorageTier: 'archive' })).code).toBe('InvalidSnapshot.InUse');
  });

  it('a deprecated image is hidden from others who do not name it, and launched all the same', async () => {
    const slow = await fogbank();
    slow.machine.clock.hold();
    const owner = as(slow);
    const user = as(slow, { accessKeyId: OTHER });
    const { ImageId } = await register(owner);
    await owner.go('ModifyImageAttribute', { ImageId, LaunchPermission: { Add: [{ UserId: OTHER }] } });
    const now = Date.parse((await described(owner, ImageId)).CreationDate);
    expect((await owner.refused('EnableImageDeprecation', { ImageId, DeprecateAt: new Date(now - HOUR) })).code).toBe('InvalidParameterValue');
    expect((await owner.refused('EnableImageDeprecation', { ImageId, DeprecateAt: new Date(now + 11 * 366 * 24 * HOUR) })).code).toBe('InvalidParameterValue');
    await owner.go('EnableImageDeprecation', { ImageId, DeprecateAt: new Date(now + HOUR) });
    expect((await described(owner, ImageId)).DeprecationTime).toMatch(/:00\.000Z$/);
    slow.machine.clock.advance(2 * HOUR);
    const listed = async (by: Caller, more = {}) => (await by.go('DescribeImages', { Owners: [OWNER], ...more })).Images.length;
    expect(await listed(owner)).toBe(1);
    expect(await listed(user)).toBe(0);
    expect(await listed(user, { IncludeDeprecated: true })).toBe(1);
    await launch(user, ImageId);
    await owner.go('DisableImageDeprecation', { ImageId });
    expect(await listed(user)).toBe(1);
  });

  it('deregistration protection holds, with a cooldown for a day after it is disabled', async () => {
    const slow = await fogbank();
    slow.machine.clock.hold();
    const it = as(slow);
    const { ImageId } = await register(it);
    await it.go('EnableImageDeregistrationProtection', { ImageId, WithCooldown: true });
    expect((await described(it, ImageId)).DeregistrationProtection).toBe('enabled-with-cooldown');
    expect(await it.refused('DeregisterImage', { ImageId })).toMatchObject({ code: 'OperationNotPermitted', message: `The image '${ImageId}' cannot be deregistered because deregistration protection is enabled. Disable it and try again.` });
    await it.go('DisableImageDeregistrationProtection', { ImageId });
    expect((await it.go('DescribeImageAttribute', { ImageId, Attribute: 'deregistrationProtection' })).DeregistrationProtection).toEqual({ Value: 'disabled' });
    expect((await it.refused('DeregisterImage', { ImageId })).code).toBe('OperationNotPermitted');
    slow.machine.clock.advance(24 * HOUR);
    await it.go('DeregisterImage', { ImageId });
    expect((await it.go('DescribeImages', { ImageIds: [ImageId] })).Images).toEqual([]);
    expect((await it.go('DescribeImages', { Owners: ['self'] })).Images).toEqual([]);
    slow.machine.clock.advance(HOUR);
    expect((await it.refused('DescribeImages', { ImageIds: [ImageId] })).code).toBe('InvalidAMIID.NotFound');
  });
});

describe('CopyImage', () => {
  it('copies an image and its snapshots from another Region', async () => {
    const there = as(fb, { region: 'eu-west-1' });
    const volume = { AvailabilityZone: 'eu-west-1a' };
    const { ImageId: SourceImageId, SnapshotId: from } = await register(there, volume, { Description: 'source', TagSpecifications: [{ ResourceType: 'image', Tags: [{ Key: 'a', Value: '1' }, { Key: 'b', Value: '1' }] }] });
    const { ImageId } = await me.go('CopyImage', {
      Name: 'a-copy', SourceRegion: 'eu-west-1', SourceImageId, Description: 'copied', Encrypted: true, KmsKeyId: 'alias/mine', CopyImageTags: true,
      TagSpecifications: [{ ResourceType: 'image', Tags: [{ Key: 'b', Value: '2' }] }, { ResourceType: 'snapshot', Tags: [{ Key: 's', Value: '3' }] }],
    });
    const copy = await described(me, ImageId);
    expect(copy).toMatchObject({ Name: 'a-copy', Description: 'copied', SourceImageId, SourceImageRegion: 'eu-west-1', Architecture: 'x86_64', State: 'available', Tags: [{ Key: 'a', Value: '1' }, { Key: 'b', Value: '2' }] });
    const { SnapshotId } = copy.BlockDeviceMappings[0].Ebs;
    expect(SnapshotId).not.toBe(from);
    const [snapshot] = (await me.go('DescribeSnapshots', { SnapshotIds: [SnapshotId] })).Snapshots;
    expect(snapshot).toMatchObject({ Encrypted: true, KmsKeyId: 'arn:aws:kms:us-east-1:123456789012:alias/mine', Tags: [{ Key: 's', Value: '3' }] });
    expect(snapshot.Description).toMatch(`Copied for DestinationAmi ${ImageId} from SourceAmi ${SourceImageId} for SourceSnapshot ${from}.`);
    expect(await me.refused('CopyImage', { Name: 'a-copy', SourceRegion: 'eu-west-1', SourceImageId })).toMatchObject({ code: 'InvalidAMIName.Duplicate' });
    expect((await me.refused('CopyImage', { Name: 'b-copy', SourceRegion: 'us-west-2', SourceImageId })).code).toBe('InvalidAMIID.NotFound');
    expect((await me.refused('CopyImage', { Name: 'b-copy', SourceRegion: 'eu-west-1', SourceImageId, SnapshotCopyCompletionDurationMinutes: 16 })).code).toBe('InvalidParameterValue');
    expect((await me.go('GetImageAncestry', { ImageId })).ImageAncestryEntries).toMatchObject([{ ImageId, SourceImageId, SourceImageRegion: 'eu-west-1' }, { ImageId: SourceImageId }]);
  });

  it('takes a public image as well', async () => {
    const { ImageId } = await me.go('CopyImage', { Name: 'of-amazon', SourceRegion: 'us-east-1', SourceImageId: amazon });
    expect(await described(me, ImageId)).toMatchObject({ OwnerId: OWNER, Public: false, SourceImageId: amazon, ImdsSupport: 'v2.0' });
    await launch(me, ImageId);
  });
});

describe('CreateImage', () => {
  it('keeps size and encryption of what is there, adds devices and takes them out', async () => {
    const { Instances: [instance] } = await launch(me, amazon, { BlockDeviceMappings: [{ DeviceName: '/dev/sdf', Ebs: { VolumeSize: 3 } }] });
    await me.go('DescribeInstances');
    const of = (BlockDeviceMappings: unknown[], more = {}) => ({ InstanceId: instance.InstanceId, Name: `created-${++made}`, BlockDeviceMappings, ...more });
    for (const [mapping, code] of [[{ VolumeSize: 2 }, 'InvalidBlockDeviceMapping'], [{ Encrypted: true }, 'InvalidBlockDeviceMapping'], [{ SnapshotId: 'snap-00000000000000000' }, 'InvalidBlockDeviceMapping']] as const) {
      expect((await me.refused('CreateImage', of([{ DeviceName: '/dev/sdf', Ebs: mapping }]))).code).toBe(code);
    }
    expect((await me.refused('CreateImage', of([], { SnapshotLocation: 'local' }))).code).toBe('UnsupportedOperation');
    const bios = (await launch(me, amazon, { InstanceType: 't2.micro' })).Instances[0].InstanceId;
    expect((await me.refused('CreateImage', { InstanceId: bios, Name: `created-${++made}`, BootModeOverride: 'uefi' })).code).toBe('InvalidParameterCombination');
    const { ImageId } = await me.go('CreateImage', of([{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 10 } }, { DeviceName: '/dev/sdf', NoDevice: '' }, { DeviceName: '/dev/sdg', Ebs: { VolumeSize: 5 } }], { NoReboot: true }));
    const { BlockDeviceMappings, SourceImageId, SourceInstanceId } = await described(me, ImageId);
    expect(BlockDeviceMappings.map((m: { DeviceName: string; Ebs: { VolumeSize: number } }) => [m.DeviceName, m.Ebs.VolumeSize])).toEqual([['/dev/xvda', 8], ['/dev/sdg', 5]]);
    expect([SourceImageId, SourceInstanceId]).toEqual([amazon, instance.InstanceId]);
    expect((await me.go('GetImageAncestry', { ImageId })).ImageAncestryEntries.map((e: { ImageId: string; ImageOwnerAlias?: string }) => [e.ImageId, e.ImageOwnerAlias])).toEqual([[ImageId, undefined], [amazon, 'amazon']]);
  });

  it('says the IOPS and throughput that were asked for, not those that a size or another type had', async () => {
    const disk = (DeviceName: string, VolumeType: string) => ({ DeviceName, Ebs: { VolumeSize: 20, VolumeType } });
    const { Instances: [instance] } = await launch(me, amazon, { BlockDeviceMappings: [disk('/dev/sdf', 'gp2'), disk('/dev/sdg', 'gp3'), disk('/dev/sdh', 'gp3')] });
    await me.go('DescribeInstances');
    const { ImageId } = await me.go('CreateImage', { InstanceId: instance.InstanceId, Name: `created-${++made}`, BlockDeviceMappings: [{ DeviceName: '/dev/sdh', Ebs: { VolumeType: 'gp2' } }] });
    const { BlockDeviceMappings } = await described(me, ImageId);
    const performance = (name: string) => {
      const { VolumeType, Iops, Throughput } = BlockDeviceMappings.find((m: { DeviceName: string }) => m.DeviceName === name).Ebs;
      return [VolumeType, Iops, Throughput];
    };
    expect([performance('/dev/sdf'), performance('/dev/sdg'), performance('/dev/sdh')]).toEqual([['gp2', undefined, undefined], ['gp3', 3000, 125], ['gp2', undefined, undefined]]);
  });

  it('DeregisterImage: deletes the snapshots that nothing else needs, where asked', async () => {
    const { ImageId, SnapshotId } = await register();
    const second = (await me.go('RegisterImage', { Name: `same-${++made}`, RootDeviceName: '/dev/xvda', BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId } }] })).ImageId;
    expect((await me.go('DeregisterImage', { ImageId, DeleteAssociatedSnapshots: true })).DeleteSnapshotResults).toEqual([{ SnapshotId, ReturnCode: 'skipped' }]);
    expect((await me.go('DeregisterImage', { ImageId: second, DeleteAssociatedSnapshots: true })).DeleteSnapshotResults).toEqual([{ SnapshotId, ReturnCode: 'success' }]);
    expect((await me.refused('DescribeSnapshots', { SnapshotIds: [SnapshotId] })).code).toBe('InvalidSnapshot.NotFound');
  });

  it.each([
    [{ VirtualizationType: 'kvm' }, 'InvalidParameterValue'], [{ SriovNetSupport: 'x' }, 'InvalidParameterValue'], [{ TpmSupport: 'v2.0' }, 'InvalidParameterCombination'], [{ RootDeviceName: '/dev/sda1' }, 'InvalidBlockDeviceMapping'], [{ KernelId: 'aki-1' }, 'UnsupportedOperation'],
  ])('RegisterImage: refuses %j', async (input, code) => {
    const { SnapshotId } = await register();
    expect((await me.refused('RegisterImage', { Name: `wrong-${++made}`, RootDeviceName: '/dev/xvda', BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId } }], ...input })).code).toBe(code);
  });
});

describe('instance type specification', () => {
  it('is held against launches', async () => {
    const { ImageId } = await register();
    await me.go('ReplaceImageInstanceTypeSpecification', { ImageId, InstanceTypeSpecification: { SupportedInstanceTypes: ['t3.*'], UnsupportedInstanceTypes: ['t3.micro'] } });
    expect(await refusedLaunch(me, ImageId)).toMatchObject({ code: 'InvalidParameterCombination', message: expect.stringContaining(`'t3.micro' is not supported`) });
    expect((await refusedLaunch(me, ImageId, { InstanceType: 'm5.large' })).code).toBe('InvalidParameterCombination');
    await launch(me, ImageId, { InstanceType: 't3.small' });
    expect((await me.go('DescribeImages', { Filters: [{ Name: 'instance-type-specification.supported-instance-type', Values: ['t3.?'] }] })).Images.map((i: { ImageId: string }) => i.ImageId)).toEqual([ImageId]);
    for (const wrong of [{ SupportedInstanceTypes: ['a**'] }, { SupportedInstanceTypes: ['t3.micro'], UnsupportedInstanceTypes: ['t3.micro'] }]) expect((await me.refused('ReplaceImageInstanceTypeSpecification', { ImageId, InstanceTypeSpecification: wrong })).code).toBe('InvalidParameterValue');
    await me.go('ReplaceImageInstanceTypeSpecification', { ImageId });
    await launch(me, ImageId);
  });
});

describe('watermarks', () => {
  it('go along into images made of a watermarked one', async () => {
    const { ImageId } = await register();
    expect(await me.go('AttachImageWatermark', { ImageId, WatermarkName: 'approved' })).toMatchObject({ WatermarkKey: `${OWNER}:approved` });
    const copy = (await me.go('CopyImage', { Name: `marked-${++made}`, SourceRegion: 'us-east-1', SourceImageId: ImageId })).ImageId;
    expect((await described(me, copy)).ImageWatermarks).toMatchObject([{ WatermarkKey: `${OWNER}:approved`, SourceImageId: ImageId, SourceImageRegion: 'us-east-1' }]);
    for (let i = 0; i < 2; i++) expect(await me.go('DetachImageWatermark', { ImageId, WatermarkKey: `${OWNER}:approved` })).toMatchObject({ Return: true });
    expect((await described(me, ImageId)).ImageWatermarks ?? []).toEqual([]);
    expect((await described(me, copy)).ImageWatermarks).toHaveLength(1);
  });
});

describe('allowed images', () => {
  it('are what an account sees and launches of others, and it sees what would be in audit mode', async () => {
    const alone = await fogbank();
    const it = as(alone);
    const own = (await register(it)).ImageId;
    const { InstanceId } = (await launch(it, amazon)).Instances[0];
    expect(await it.go('GetAllowedImagesSettings')).toMatchObject({ State: 'disabled', ManagedBy: 'account' });
    await it.go('ReplaceImageCriteriaInAllowedImagesSettings', { ImageCriteria: [{ ImageProviders: [OTHER] }, { ImageProviders: ['amazon'], ImageNames: ['no-such-*'] }] });
    await it.go('EnableAllowedImagesSettings', { AllowedImagesSettingsState: 'audit-mode' });
    expect((await described(it, amazon)).ImageAllowed).toBe(false);
    await launch(it, amazon);
    expect((await it.go('DescribeInstanceImageMetadata', { Filters: [{ Name: 'image-allowed', Values: ['false'] }], InstanceIds: [InstanceId] })).InstanceImageMetadata).toMatchObject([{ InstanceId, ImageMetadata: { ImageId: amazon, ImageAllowed: false, ImageOwnerAlias: 'amazon', IsPublic: true } }]);
    await it.go('EnableAllowedImagesSettings', { AllowedImagesSettingsState: 'enabled' });
    expect((await it.refused('DescribeImages', { ImageIds: [amazon] })).code).toBe('InvalidAMIID.NotFound');
    expect((await refusedLaunch(it, amazon)).code).toBe('InvalidAMIID.NotFound');
    expect((await it.go('DescribeImages')).Images).toMatchObject([{ ImageId: own, ImageAllowed: true }]);
    await it.go('ReplaceImageCriteriaInAllowedImagesSettings', { ImageCriteria: [{ ImageProviders: ['amazon'], DeprecationTimeCondition: { MaximumDaysSinceDeprecated: 0 } }] });
    await launch(it, amazon);
    expect((await it.refused('ReplaceImageCriteriaInAllowedImagesSettings', { ImageCriteria: [{ ImageProviders: ['someone'] }] })).code).toBe('InvalidParameterValue');
    expect((await it.refused('ReplaceImageCriteriaInAllowedImagesSettings', { ImageCriteria: Array.from({ length: 11 }, () => ({ ImageProviders: ['amazon'] })) })).code).toBe('InvalidParameterValue');
    expect(await it.go('DisableAllowedImagesSettings')).toMatchObject({ AllowedImagesSettingsState: 'disabled' });
    expect((await it.go('GetAllowedImagesSettings')).ImageCriteria).toHaveLength(1);
  });
});

describe('references and usage', () => {
  it('DescribeImageReferences: finds instances by state and templates by their newest versions', async () => {
    const { ImageId } = await register();
    const { InstanceId } = (await launch(me, ImageId)).Instances[0];
    const { LaunchTemplateId } = (await me.go('CreateLaunchTemplate', { LaunchTemplateName: `t-${++made}`, LaunchTemplateData: { ImageId } })).LaunchTemplate;
    const instance = { ImageId, ResourceType: 'ec2:Instance', Arn: `arn:aws:ec2:us-east-1:${OWNER}:instance/${InstanceId}` };
    const template = { ImageId, ResourceType: 'ec2:LaunchTemplate', Arn: `arn:aws:ec2:us-east-1:${OWNER}:launch-template/${LaunchTemplateId}` };
    expect((await me.go('DescribeImageReferences', { ImageIds: [ImageId], IncludeAllResourceTypes: true })).ImageReferences).toEqual([instance, template]);
    expect((await me.go('DescribeImageReferences', { ImageIds: [ImageId], ResourceTypes: [{ ResourceType: 'ec2:Instance', ResourceTypeOptions: [{ OptionName: 'state-name', OptionValues: ['stopped'] }] }] })).ImageReferences ?? []).toEqual([]);
    await me.go('CreateLaunchTemplateVersion', { LaunchTemplateId, LaunchTemplateData: { ImageId: amazon } });
    const newest = { ResourceType: 'ec2:LaunchTemplate', ResourceTypeOptions: [{ OptionName: 'version-depth', OptionValues: ['1'] }] };
    expect((await me.go('DescribeImageReferences', { ImageIds: [ImageId], ResourceTypes: [newest] })).ImageReferences ?? []).toEqual([]);
    expect((await me.refused('DescribeImageReferences', { ImageIds: [ImageId] })).code).toBe('MissingParameter');
    expect((await me.refused('DescribeImageReferences', { ImageIds: [ImageId], ResourceTypes: [{ ...newest, ResourceType: 'ec2:Instance' }] })).code).toBe('InvalidParameterCombination');
  });

  it('a usage report counts what other accounts do with an image, and goes after thirty days', async () => {
    const slow = await fogbank();
    slow.machine.clock.hold();
    const owner = as(slow);
    const user = as(slow, { accessKeyId: OTHER });
    const { ImageId } = await register(owner);
    await owner.go('ModifyImageAttribute', { ImageId, LaunchPermission: { Add: [{ UserId: OTHER }, { UserId: '444455556666' }] } });
    await launch(owner, ImageId);
    await launch(user, ImageId, { MinCount: 2, MaxCount: 2 });
    await user.go('CreateLaunchTemplate', { LaunchTemplateName: 'theirs', LaunchTemplateData: { ImageId } });
    expect((await user.refused('CreateImageUsageReport', { ImageId, ResourceTypes: [{ ResourceType: 'ec2:Instance' }] })).code).toBe('AuthFailure');
    expect((await owner.refused('CreateImageUsageReport', { ImageId, ResourceTypes: [{ ResourceType: 'ec2:Volume' }] })).code).toBe('InvalidParameterValue');
    const { ReportId } = await owner.go('CreateImageUsageReport', { ImageId, ResourceTypes: [{ ResourceType: 'ec2:Instance' }, { ResourceType: 'ec2:LaunchTemplate' }] });
    expect((await owner.go('DescribeImageUsageReports', { ImageIds: [ImageId] })).ImageUsageReports).toMatchObject([{ ReportId, ImageId, State: 'available' }]);
    expect((await owner.go('DescribeImageUsageReportEntries', { ReportIds: [ReportId] })).ImageUsageReportEntries).toMatchObject([
      { ReportId, ImageId, AccountId: OTHER, ResourceType: 'ec2:Instance', UsageCount: 2 }, { AccountId: OTHER, ResourceType: 'ec2:LaunchTemplate', UsageCount: 1 },
    ]);
    expect((await owner.go('DescribeImageUsageReportEntries', { Filters: [{ Name: 'resource-type', Values: ['ec2:Launch*'] }] })).ImageUsageReportEntries).toHaveLength(1);
    slow.machine.clock.advance(30 * 24 * HOUR);
    expect(await owner.refused('DeleteImageUsageReport', { ReportId })).toMatchObject({ code: 'InvalidImageUsageReportId.NotFound' });
  });
});

describe('fast launch', () => {
  it('is for Windows images, and goes when it is disabled', async () => {
    const windows = (await me.go('DescribeImages', { Owners: ['amazon'], Filters: [{ Name: 'platform', Values: ['windows'] }] })).Images[0].ImageId;
    expect((await me.refused('EnableFastLaunch', { ImageId: amazon })).code).toBe('InvalidRequest');
    expect((await me.refused('EnableFastLaunch', { ImageId: windows, MaxParallelLaunches: 5 })).code).toBe('InvalidParameterValue');
    expect((await me.refused('EnableFastLaunch', { ImageId: windows, LaunchTemplate: { LaunchTemplateName: 'none', Version: '1' } })).code).toBe('InvalidLaunchTemplateName.NotFoundException');
    expect(await me.go('EnableFastLaunch', { ImageId: windows, SnapshotConfiguration: { TargetResourceCount: 7 } })).toMatchObject({ State: 'enabling', MaxParallelLaunches: 6, OwnerId: OWNER });
    expect((await me.go('DescribeFastLaunchImages', { Filters: [{ Name: 'state', Values: ['enabled'] }] })).FastLaunchImages).toMatchObject([{ ImageId: windows, ResourceType: 'snapshot', SnapshotConfiguration: { TargetResourceCount: 7 }, State: 'enabled' }]);
    expect(await me.go('DisableFastLaunch', { ImageId: windows })).toMatchObject({ State: 'disabling' });
    expect((await me.go('DescribeFastLaunchImages')).FastLaunchImages).toEqual([]);
    expect((await me.refused('DisableFastLaunch', { ImageId: windows })).code).toBe('InvalidRequest');
  });
});

it('GetImageFindings: has none for an image that nobody scanned, and is refused for one that is not there', async () => {
  expect((await me.go('GetImageFindings', { ImageId: amazon })).ImageFindings).toEqual([]);
  expect((await me.refused('GetImageFindings', { ImageId: 'ami-00000000000000000' })).code).toBe('InvalidAMIID.NotFound');
});

/** https://github.com/aws-samples/aws-systemsmanagerautomation-with-asglifecyclehooks/issues/2 */
it('CreateImage: is refused of an instance that is gone', async () => {
  const { InstanceId } = (await launch(me, amazon)).Instances[0];
  await me.go('TerminateInstances', { InstanceIds: [InstanceId] });
  expect(await me.refused('CreateImage', { InstanceId, Name: 'gone' })).toMatchObject({ code: 'InvalidParameterValue', message: `Invalid value '${InstanceId}' for instanceId. Instance is not in state 'running' or 'stopping' or 'stopped'` });
});
