import { beforeAll, describe, expect, it } from 'vitest';
import { fogbank, type Fogbank } from '../../support/fogbank.ts';
import { iamCalls } from '../../support/iam.ts';
import { as, type Caller } from '../../support/others.ts';
import { image } from '../../laws/samples/sample.ts';

const OTHER = '111122223333';
let fb: Fogbank;
let me: Caller;
let other: Caller;
let stranger: Caller;

beforeAll(async () => {
  fb = await fogbank();
  me = as(fb);
  other = as(fb, { accessKeyId: OTHER });
  stranger = as(fb, { accessKeyId: '444455556666' });
});

async function snapshot(by: Caller = me, volume: Record<string, unknown> = {}): Promise<string> {
  const { VolumeId } = await by.go('CreateVolume', { AvailabilityZone: 'us-east-1a', Size: 10, ...volume });
  return (await by.go('CreateSnapshot', { VolumeId })).SnapshotId;
}
const ids = (answer: { Snapshots: { SnapshotId: string }[] }) => answer.Snapshots.map((s) => s.SnapshotId);

describe('sharing', () => {
  it('lets the named account alone see a snapshot and make volumes of it', async () => {
    const SnapshotId = await snapshot();
    await me.go('CreateTags', { Resources: [SnapshotId], Tags: [{ Key: 'secret', Value: 'mine' }] });
    expect((await other.refused('DescribeSnapshots', { SnapshotIds: [SnapshotId] })).code).toBe('InvalidSnapshot.NotFound');
    await me.go('ModifySnapshotAttribute', { SnapshotId, Attribute: 'createVolumePermission', OperationType: 'add', UserIds: [OTHER] });
    expect((await me.go('DescribeSnapshotAttribute', { SnapshotId, Attribute: 'createVolumePermission' })).CreateVolumePermissions).toEqual([{ UserId: OTHER }]);
    for (const by of [{ SnapshotIds: [SnapshotId] }, { RestorableByUserIds: ['self'] }, { OwnerIds: ['123456789012'] }, {}]) {
      const { Snapshots } = await other.go('DescribeSnapshots', by);
      expect(Snapshots).toMatchObject([{ SnapshotId, OwnerId: '123456789012', State: 'completed' }]);
      expect(Snapshots[0].Tags ?? []).toEqual([]);
    }
    expect(ids(await other.go('DescribeSnapshots', { OwnerIds: ['self'] }))).toEqual([]);
    expect(ids(await me.go('DescribeSnapshots', { RestorableByUserIds: [OTHER] }))).toEqual([SnapshotId]);
    expect(await other.go('CreateVolume', { AvailabilityZone: 'us-east-1a', SnapshotId })).toMatchObject({ SnapshotId, Size: 10 });
    expect((await stranger.refused('CreateVolume', { AvailabilityZone: 'us-east-1a', SnapshotId })).code).toBe('InvalidSnapshot.NotFound');
    expect(await other.refused('ModifySnapshotAttribute', { SnapshotId, Attribute: 'createVolumePermission', OperationType: 'add', UserIds: ['444455556666'] })).toMatchObject({ code: 'AuthFailure', message: `Not authorized for snapshot:${SnapshotId}` });
    await me.go('ResetSnapshotAttribute', { SnapshotId, Attribute: 'createVolumePermission' });
    // Named in both forms, and without an operation.
    await me.go('ModifySnapshotAttribute', { SnapshotId, UserIds: [OTHER], CreateVolumePermission: { Add: [{ UserId: OTHER }] } });
    await me.go('ModifySnapshotAttribute', { SnapshotId, UserIds: [OTHER], CreateVolumePermission: { Remove: [{ UserId: OTHER }] } });
    expect((await other.refused('CreateVolume', { AvailabilityZone: 'us-east-1a', SnapshotId })).code).toBe('InvalidSnapshot.NotFound');
  });

  it('is limited by policies to the accounts that they name', async () => {
    const { go } = iamCalls(() => fb.iam);
    await go('CreateUser', { UserName: 'sharer' });
    const only = { StringEquals: { 'ec2:Add/userId': OTHER } };
    await go('PutUserPolicy', { UserName: 'sharer', PolicyName: 'share', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'ec2:ModifySnapshotAttribute', Resource: '*', Condition: only }] }) });
    const { AccessKey } = await go('CreateAccessKey', { UserName: 'sharer' });
    const sharer = as(fb, { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey });
    const SnapshotId = await snapshot();
    await sharer.go('ModifySnapshotAttribute', { SnapshotId, Attribute: 'createVolumePermission', OperationType: 'add', UserIds: [OTHER] });
    await sharer.go('ModifySnapshotAttribute', { SnapshotId, CreateVolumePermission: { Add: [{ UserId: OTHER }] } });
    expect((await sharer.refused('ModifySnapshotAttribute', { SnapshotId, CreateVolumePermission: { Add: [{ UserId: '444455556666' }] } })).code).toBe('UnauthorizedOperation');
    await me.go('DeleteSnapshot', { SnapshotId });
  });

  it('ends with the snapshot', async () => {
    const SnapshotId = await snapshot();
    await me.go('ModifySnapshotAttribute', { SnapshotId, CreateVolumePermission: { Add: [{ UserId: OTHER }] } });
    expect(ids(await other.go('DescribeSnapshots', { RestorableByUserIds: ['self'] }))).toEqual([SnapshotId]);
    await me.go('DeleteSnapshot', { SnapshotId });
    expect(ids(await other.go('DescribeSnapshots', { RestorableByUserIds: ['self'] }))).toEqual([]);
  });

  it('with everybody is possible until public access is blocked, and hidden while all of it is', async () => {
    const SnapshotId = await snapshot();
    const seen = async () => ids(await stranger.go('DescribeSnapshots', { RestorableByUserIds: ['all'], Filters: [{ Name: 'snapshot-id', Values: [SnapshotId] }] }));
    await me.go('ModifySnapshotAttribute', { SnapshotId, CreateVolumePermission: { Add: [{ Group: 'all' }] } });
    expect(await seen()).toEqual([SnapshotId]);
    await me.go('EnableSnapshotBlockPublicAccess', { State: 'block-new-sharing' });
    expect(await seen()).toEqual([SnapshotId]);
    expect(await me.refused('ModifySnapshotAttribute', { SnapshotId: await snapshot(), CreateVolumePermission: { Add: [{ Group: 'all' }] } })).toMatchObject({ code: 'OperationNotPermitted', message: expect.stringContaining('block public access for snapshots is enabled') });
    await me.go('EnableSnapshotBlockPublicAccess', { State: 'block-all-sharing' });
    expect(await seen()).toEqual([]);
    expect(await me.go('GetSnapshotBlockPublicAccessState')).toMatchObject({ State: 'block-all-sharing', ManagedBy: 'account' });
    expect(await me.go('DisableSnapshotBlockPublicAccess')).toMatchObject({ State: 'unblocked' });
    expect(await seen()).toEqual([SnapshotId]);
    expect((await me.refused('EnableSnapshotBlockPublicAccess', { State: 'unblocked' })).code).toBe('InvalidParameterValue');
  });

  it('refuses what is encrypted with the key of AWS, and everybody for what is encrypted', async () => {
    const managed = await snapshot(me, { Encrypted: true });
    expect(await me.refused('ModifySnapshotAttribute', { SnapshotId: managed, CreateVolumePermission: { Add: [{ UserId: OTHER }] } })).toMatchObject({ code: 'OperationNotPermitted', message: 'Encrypted snapshots with EBS default key cannot be shared' });
    const own = await snapshot(me, { Encrypted: true, KmsKeyId: 'alias/mine' });
    expect(await me.refused('ModifySnapshotAttribute', { SnapshotId: own, CreateVolumePermission: { Add: [{ Group: 'all' }] } })).toMatchObject({ code: 'OperationNotPermitted', message: 'Encrypted snapshots cannot be shared publicly' });
    await me.go('ModifySnapshotAttribute', { SnapshotId: own, CreateVolumePermission: { Add: [{ UserId: OTHER }] } });
    // Another account's key is not the new owner's: the volume has their own default key.
    expect(await other.go('CreateVolume', { AvailabilityZone: 'us-east-1a', SnapshotId: own })).toMatchObject({ Encrypted: true, KmsKeyId: `arn:aws:kms:us-east-1:${OTHER}:alias/aws/ebs` });
  });

  it.each([
    [{}, 'MissingParameter'], [{ UserIds: [OTHER] }, 'MissingParameter'], [{ OperationType: 'add', UserIds: ['12'] }, 'InvalidAMIAttributeItemValue'], [{ OperationType: 'add', GroupNames: ['some'] }, 'InvalidParameterValue'],
    [{ CreateVolumePermission: { Add: [{ UserId: OTHER }], Remove: [{ Group: 'all' }] } }, 'InvalidParameterCombination'], [{ CreateVolumePermission: { Add: [{ UserId: OTHER, Group: 'all' }] } }, 'InvalidParameterCombination'],
    [{ Attribute: 'productCodes', OperationType: 'add', UserIds: [OTHER] }, 'InvalidParameterValue'],
  ])('ModifySnapshotAttribute: refuses %j', async (input, code) => {
    expect((await me.refused('ModifySnapshotAttribute', { SnapshotId: await snapshot(), ...input })).code).toBe(code);
  });
});

describe('CopySnapshot', () => {
  it('copies from another Region, with a key of this one', async () => {
    const there = as(fb, { region: 'eu-west-1' });
    const { VolumeId } = await there.go('CreateVolume', { AvailabilityZone: 'eu-west-1a', Size: 7, Encrypted: true });
    const { SnapshotId: SourceSnapshotId } = await there.go('CreateSnapshot', { VolumeId });
    const { SnapshotId, Tags } = await me.go('CopySnapshot', { SourceRegion: 'eu-west-1', SourceSnapshotId, Description: 'a copy', TagSpecifications: [{ ResourceType: 'snapshot', Tags: [{ Key: 'k', Value: 'v' }] }] });
    expect(Tags).toEqual([{ Key: 'k', Value: 'v' }]);
    expect((await me.go('DescribeSnapshots', { SnapshotIds: [SnapshotId] })).Snapshots).toMatchObject([
      { VolumeSize: 7, Description: 'a copy', Encrypted: true, KmsKeyId: 'arn:aws:kms:us-east-1:123456789012:alias/aws/ebs', VolumeId: 'vol-ffffffff', TransferType: 'standard', State: 'completed', Progress: '100%' },
    ]);
    expect((await me.refused('CopySnapshot', { SourceRegion: 'us-east-1', SourceSnapshotId })).code).toBe('InvalidSnapshot.NotFound');
  });

  it('takes what another account shares', async () => {
    const SourceSnapshotId = await snapshot();
    expect((await other.refused('CopySnapshot', { SourceRegion: 'us-east-1', SourceSnapshotId })).code).toBe('InvalidSnapshot.NotFound');
    await me.go('ModifySnapshotAttribute', { SnapshotId: SourceSnapshotId, CreateVolumePermission: { Add: [{ UserId: OTHER }] } });
    const { SnapshotId } = await other.go('CopySnapshot', { SourceRegion: 'us-east-1', SourceSnapshotId, Encrypted: true, KmsKeyId: 'mrk-0123456789abcdef0123456789abcdef' });
    expect((await other.go('DescribeSnapshots', { OwnerIds: ['self'] })).Snapshots).toMatchObject([{ SnapshotId, OwnerId: OTHER, KmsKeyId: `arn:aws:kms:us-east-1:${OTHER}:key/mrk-0123456789abcdef0123456789abcdef` }]);
  });

  it.each([
    [{ SourceRegion: 'mars-1' }, 'InvalidParameterValue'], [{ CompletionDurationMinutes: 20 }, 'InvalidParameterValue'], [{ CompletionDurationMinutes: 2895 }, 'InvalidParameterValue'], [{ KmsKeyId: 'alias/x' }, 'InvalidParameterDependency'],
    [{ Encrypted: true, KmsKeyId: 'not a key' }, 'InvalidParameterValue'], [{ Encrypted: true, KmsKeyId: 'arn:aws:kms:eu-west-1:123456789012:alias/x' }, 'InvalidParameterValue'],
    [{ DestinationOutpostArn: 'arn:aws:outposts:us-east-1:123456789012:outpost/op-1' }, 'UnsupportedOperation'], [{ PresignedUrl: 'https://ec2.us-east-1.amazonaws.com/?Action=CopyImage' }, 'InvalidParameterValue'],
  ])('refuses %j', async (input, code) => {
    expect((await me.refused('CopySnapshot', { SourceRegion: 'us-east-1', SourceSnapshotId: await snapshot(), ...input })).code).toBe(code);
  });

  it('takes as long as a time-based copy may, and shows how far it is', async () => {
    const slow = await fogbank({ pace: 'realistic' });
    slow.machine.clock.hold();
    const it = as(slow);
    const { VolumeId } = await it.go('CreateVolume', { AvailabilityZone: 'us-east-1a', Size: 1 });
    slow.machine.clock.advance(3000);
    const { SnapshotId: SourceSnapshotId } = await it.go('CreateSnapshot', { VolumeId });
    expect((await it.refused('CopySnapshot', { SourceRegion: 'us-east-1', SourceSnapshotId })).code).toBe('IncorrectState');
    slow.machine.clock.advance(5000);
    expect((await it.go('DescribeSnapshots', { SnapshotIds: [SourceSnapshotId] })).Snapshots[0]).toMatchObject({ State: 'pending', Progress: '50%' });
    slow.machine.clock.advance(5000);
    const { SnapshotId } = await it.go('CopySnapshot', { SourceRegion: 'us-east-1', SourceSnapshotId, CompletionDurationMinutes: 30 });
    slow.machine.clock.advance(15 * 60_000);
    expect((await it.go('DescribeSnapshots', { SnapshotIds: [SnapshotId] })).Snapshots[0]).toMatchObject({ State: 'pending', Progress: '50%', TransferType: 'time-based', CompletionDurationMinutes: 30 });
    slow.machine.clock.advance(15 * 60_000);
    expect((await it.go('DescribeSnapshots', { SnapshotIds: [SnapshotId] })).Snapshots[0]).toMatchObject({ State: 'completed', CompletionTime: expect.any(Date) });
  });
});

describe('CreateSnapshots', () => {
  it('takes the volumes of an instance but those left out, with their tags where asked', async () => {
    const { Instances } = await me.go('RunInstances', { ImageId: await image(fb), MinCount: 1, MaxCount: 1, InstanceType: 't3.micro', BlockDeviceMappings: [{ DeviceName: '/dev/sdf', Ebs: { VolumeSize: 3 } }, { DeviceName: '/dev/sdg', Ebs: { VolumeSize: 4 } }] });
    const InstanceId = Instances[0].InstanceId;
    const volumes = (await me.go('DescribeVolumes', { Filters: [{ Name: 'attachment.instance-id', Values: [InstanceId] }] })).Volumes;
    const of = (device: string) => volumes.find((v: { Attachments: { Device: string }[] }) => v.Attachments[0]!.Device === device).VolumeId as string;
    await me.go('CreateTags', { Resources: [of('/dev/sdf')], Tags: [{ Key: 'disk', Value: 'f' }, { Key: 'both', Value: 'volume' }] });
    const all = (await me.go('CreateSnapshots', { InstanceSpecification: { InstanceId } })).Snapshots;
    expect(all).toHaveLength(3);
    expect(all.every((s: { State: string; Progress: string }) => s.State === 'pending' && s.Progress === '')).toBe(true);
    const { Snapshots } = await me.go('CreateSnapshots', {
      InstanceSpecification: { InstanceId, ExcludeBootVolume: true, ExcludeDataVolumeIds: [of('/dev/sdg')] }, CopyTagsFromSource: 'volume', Description: 'set', TagSpecifications: [{ ResourceType: 'snapshot', Tags: [{ Key: 'both', Value: 'call' }] }],
    });
    expect(Snapshots).toMatchObject([{ VolumeId: of('/dev/sdf'), VolumeSize: 3, Description: 'set', Tags: [{ Key: 'disk', Value: 'f' }, { Key: 'both', Value: 'call' }] }]);
    const root = of(Instances[0].RootDeviceName);
    expect(await me.refused('CreateSnapshots', { InstanceSpecification: { InstanceId, ExcludeDataVolumeIds: [root] } })).toMatchObject({ code: 'InvalidParameterValue', message: expect.stringContaining('is the root volume') });
    expect((await me.refused('CreateSnapshots', { InstanceSpecification: { InstanceId, ExcludeBootVolume: true, ExcludeDataVolumeIds: [of('/dev/sdf'), of('/dev/sdg')] } })).code).toBe('InvalidParameterValue');
  });
});

describe('tiers', () => {
  it('archives and restores on the clock, for days or for good', async () => {
    const slow = await fogbank({ pace: 'realistic' });
    slow.machine.clock.hold();
    const it = as(slow);
    const day = 24 * 3_600_000;
    const { VolumeId } = await it.go('CreateVolume', { AvailabilityZone: 'us-east-1a', Size: 1 });
    slow.machine.clock.advance(3000);
    const { SnapshotId } = await it.go('CreateSnapshot', { VolumeId });
    expect((await it.refused('ModifySnapshotTier', { SnapshotId, StorageTier: 'archive' })).code).toBe('IncorrectState');
    slow.machine.clock.advance(10_000);
    const status = async () => (await it.go('DescribeSnapshotTierStatus', { Filters: [{ Name: 'snapshot-id', Values: [SnapshotId] }] })).SnapshotTierStatuses[0];
    expect(await status()).toMatchObject({ SnapshotId, VolumeId, Status: 'completed', StorageTier: 'standard', Tags: [] });
    await it.go('ModifySnapshotTier', { SnapshotId, StorageTier: 'archive' });
    slow.machine.clock.advance(day / 4);
    expect(await status()).toMatchObject({ StorageTier: 'standard', LastTieringOperationStatus: 'archival-in-progress', LastTieringProgress: 25 });
    expect((await it.refused('ModifySnapshotTier', { SnapshotId, StorageTier: 'archive' })).code).toBe('IncorrectState');
    slow.machine.clock.advance(day);
    expect(await status()).toMatchObject({ StorageTier: 'archive', LastTieringOperationStatus: 'archival-completed', LastTieringProgress: 100, ArchivalCompleteTime: expect.any(Date) });
    expect(await it.refused('CreateVolume', { AvailabilityZone: 'us-east-1a', SnapshotId })).toMatchObject({ code: 'IncorrectState', message: `The snapshot '${SnapshotId}' is in the archive tier. Restore it first.` });
    expect((await it.refused('RestoreSnapshotTier', { SnapshotId })).code).toBe('InvalidParameterCombination');
    expect((await it.refused('RestoreSnapshotTier', { SnapshotId, TemporaryRestoreDays: 181 })).code).toBe('InvalidParameterValue');
    expect(await it.go('RestoreSnapshotTier', { SnapshotId, TemporaryRestoreDays: 2 })).toMatchObject({ IsPermanentRestore: false, RestoreDuration: 2 });
    slow.machine.clock.advance(day);
    expect((await it.go('DescribeSnapshots', { SnapshotIds: [SnapshotId] })).Snapshots[0]).toMatchObject({ StorageTier: 'standard', RestoreExpiryTime: expect.any(Date) });
    await it.go('CreateVolume', { AvailabilityZone: 'us-east-1a', SnapshotId });
    slow.machine.clock.advance(2 * day);
    expect(await status()).toMatchObject({ StorageTier: 'archive', LastTieringOperationStatus: 'archival-completed' });
    expect((await it.go('DescribeSnapshots', { SnapshotIds: [SnapshotId] })).Snapshots[0].RestoreExpiryTime).toBeUndefined();
    await it.go('RestoreSnapshotTier', { SnapshotId, PermanentRestore: true });
    slow.machine.clock.advance(day);
    expect(await status()).toMatchObject({ StorageTier: 'standard', LastTieringOperationStatus: 'permanent-restore-completed' });
    expect((await it.go('DescribeSnapshotTierStatus', { Filters: [{ Name: 'last-tiering-operation', Values: ['permanent-*'] }] })).SnapshotTierStatuses).toHaveLength(1);
    expect((await it.refused('RestoreSnapshotTier', { SnapshotId, PermanentRestore: true })).message).toBe(`The snapshot '${SnapshotId}' is not in the archive tier.`);
    await it.go('DeleteSnapshot', { SnapshotId });
    expect((await it.go('DescribeSnapshotTierStatus')).SnapshotTierStatuses).toEqual([]);
  });
});

describe('locks', () => {
  it('keep a snapshot from deletion until they expire or are taken off', async () => {
    const slow = await fogbank({ pace: 'instant' });
    slow.machine.clock.hold();
    const it = as(slow);
    const SnapshotId = await snapshot(it);
    expect((await it.refused('LockSnapshot', { SnapshotId, LockMode: 'governance' })).code).toBe('InvalidParameterCombination');
    expect((await it.refused('LockSnapshot', { SnapshotId, LockMode: 'governance', LockDuration: 1, CoolOffPeriod: 1 })).code).toBe('InvalidParameterCombination');
    expect((await it.refused('UnlockSnapshot', { SnapshotId })).message).toBe(`The snapshot '${SnapshotId}' is not locked.`);
    await it.go('LockSnapshot', { SnapshotId, LockMode: 'governance', LockDuration: 2 });
    expect(await it.refused('DeleteSnapshot', { SnapshotId })).toMatchObject({ code: 'OperationNotPermitted', message: `The snapshot '${SnapshotId}' is locked and cannot be deleted.` });
    expect((await it.go('DescribeLockedSnapshots', { SnapshotIds: [SnapshotId] })).Snapshots).toMatchObject([{ SnapshotId, LockState: 'governance', LockDuration: 2 }]);
    slow.machine.clock.advance(2 * 86_400_000);
    expect((await it.go('DescribeLockedSnapshots', { Filters: [{ Name: 'lock-state', Values: ['expired'] }] })).Snapshots).toMatchObject([{ SnapshotId }]);
    await it.go('LockSnapshot', { SnapshotId, LockMode: 'governance', LockDuration: 1 });
    await it.go('UnlockSnapshot', { SnapshotId });
    expect((await it.go('DescribeLockedSnapshots', { SnapshotIds: [SnapshotId] })).Snapshots).toEqual([]);
    await it.go('DeleteSnapshot', { SnapshotId });
  });

  it('in compliance mode can only be made longer once the cooling-off period is over', async () => {
    const slow = await fogbank();
    slow.machine.clock.hold();
    const it = as(slow);
    const SnapshotId = await snapshot(it);
    expect(await it.go('LockSnapshot', { SnapshotId, LockMode: 'compliance', LockDuration: 10, CoolOffPeriod: 2 })).toMatchObject({ LockState: 'compliance-cooloff', CoolOffPeriod: 2 });
    await it.go('UnlockSnapshot', { SnapshotId });
    await it.go('LockSnapshot', { SnapshotId, LockMode: 'compliance', LockDuration: 10, CoolOffPeriod: 2 });
    slow.machine.clock.advance(2 * 3_600_000);
    expect((await it.go('DescribeLockedSnapshots')).Snapshots).toMatchObject([{ LockState: 'compliance' }]);
    const late = { code: 'OperationNotPermitted', message: `The snapshot '${SnapshotId}' is locked in compliance mode and its cooling-off period has expired.` };
    expect(await it.refused('UnlockSnapshot', { SnapshotId })).toMatchObject(late);
    expect(await it.refused('LockSnapshot', { SnapshotId, LockMode: 'governance', LockDuration: 20 })).toMatchObject(late);
    expect(await it.refused('LockSnapshot', { SnapshotId, LockMode: 'compliance', LockDuration: 9 })).toMatchObject(late);
    expect(await it.go('LockSnapshot', { SnapshotId, LockMode: 'compliance', LockDuration: 11 })).toMatchObject({ LockState: 'compliance', LockDuration: 11 });
    slow.machine.clock.advance(11 * 86_400_000);
    await it.go('DeleteSnapshot', { SnapshotId });
  });

  it('on a pending snapshot begin when it completes', async () => {
    const slow = await fogbank({ pace: 'realistic' });
    slow.machine.clock.hold();
    const it = as(slow);
    const { VolumeId } = await it.go('CreateVolume', { AvailabilityZone: 'us-east-1a', Size: 1 });
    slow.machine.clock.advance(3000);
    const { SnapshotId } = await it.go('CreateSnapshot', { VolumeId });
    expect((await it.go('LockSnapshot', { SnapshotId, LockMode: 'governance', LockDuration: 1 })).LockExpiresOn).toBeUndefined();
    slow.machine.clock.advance(10_000);
    const [lock] = (await it.go('DescribeLockedSnapshots', { SnapshotIds: [SnapshotId] })).Snapshots;
    expect(lock.LockExpiresOn.getTime() - lock.LockDurationStartTime.getTime()).toBe(86_400_000);
    slow.machine.clock.advance(86_400_000);
    expect((await it.go('DescribeLockedSnapshots', { SnapshotIds: [SnapshotId] })).Snapshots[0].LockState).toBe('expired');
  });
});

describe('fast snapshot restores', () => {
  it('are enabled zone by zone, on the clock, and make volumes fast', async () => {
    const slow = await fogbank({ pace: 'realistic' });
    slow.machine.clock.hold();
    const it = as(slow);
    const { VolumeId } = await it.go('CreateVolume', { AvailabilityZone: 'us-east-1a', Size: 1024 });
    slow.machine.clock.advance(3000);
    const { SnapshotId } = await it.go('CreateSnapshot', { VolumeId });
    slow.machine.clock.advance(10_000);
    const { Successful, Unsuccessful } = await it.go('EnableFastSnapshotRestores', { SourceSnapshotIds: [SnapshotId, 'snap-00000000000000000'], AvailabilityZones: ['us-east-1a'] });
    expect(Successful).toMatchObject([{ SnapshotId, AvailabilityZone: 'us-east-1a', State: 'enabling', StateTransitionReason: 'Client.UserInitiated' }]);
    expect(Unsuccessful).toMatchObject([{ SnapshotId: 'snap-00000000000000000', FastSnapshotRestoreStateErrors: [{ AvailabilityZone: 'us-east-1a', Error: { Code: 'InvalidSnapshot.NotFound' } }] }]);
    const state = async () => (await it.go('DescribeFastSnapshotRestores', { Filters: [{ Name: 'snapshot-id', Values: [SnapshotId] }] })).FastSnapshotRestores[0].State;
    slow.machine.clock.advance(30_000);
    expect(await state()).toBe('optimizing');
    slow.machine.clock.advance(59 * 60_000);
    expect(await state()).toBe('optimizing');
    slow.machine.clock.advance(60_000);
    expect(await state()).toBe('enabled');
    const fast = await it.go('CreateVolume', { AvailabilityZone: 'us-east-1a', SnapshotId });
    const plain = await it.go('CreateVolume', { AvailabilityZone: 'us-east-1b', SnapshotId });
    expect((await it.go('DescribeVolumes', { VolumeIds: [fast.VolumeId] })).Volumes[0].FastRestored).toBe(true);
    expect((await it.go('DescribeVolumes', { VolumeIds: [plain.VolumeId] })).Volumes[0].FastRestored).toBeUndefined();
    expect((await it.go('DisableFastSnapshotRestores', { SourceSnapshotIds: [SnapshotId], AvailabilityZones: ['us-east-1a', 'us-east-1b'] }))).toMatchObject({ Successful: [{ State: 'disabling' }], Unsuccessful: [{ FastSnapshotRestoreStateErrors: [{ AvailabilityZone: 'us-east-1b', Error: { Code: 'IncorrectState' } }] }] });
    slow.machine.clock.advance(30_000);
    expect(await state()).toBe('disabled');
    slow.machine.clock.advance(3_600_000);
    expect((await it.go('DescribeFastSnapshotRestores')).FastSnapshotRestores).toEqual([]);
  });

  it.each([[{}, 'MissingParameter'], [{ AvailabilityZones: ['us-east-1a'], AvailabilityZoneIds: ['use1-az1'] }, 'InvalidParameterCombination'], [{ AvailabilityZones: ['eu-west-1a'] }, 'InvalidZone.NotFound']])('EnableFastSnapshotRestores: refuses %j', async (input, code) => {
    expect((await me.refused('EnableFastSnapshotRestores', { SourceSnapshotIds: [await snapshot()], ...input })).code).toBe(code);
  });
});

it('DescribeSnapshots: shows the snapshots of public images to who asks for them', async () => {
  const { Images } = await me.go('DescribeImages', { ImageIds: [await image(fb)] });
  const SnapshotId = Images[0].BlockDeviceMappings[0].Ebs.SnapshotId;
  expect((await me.go('DescribeSnapshots', { SnapshotIds: [SnapshotId] })).Snapshots).toMatchObject([{ SnapshotId, OwnerAlias: 'amazon', State: 'completed' }]);
  expect(ids(await me.go('DescribeSnapshots', { OwnerIds: ['amazon'] }))).toContain(SnapshotId);
});
