import { beforeAll, describe, expect, it } from 'vitest';
import { fogbank, type Fogbank } from '../../support/fogbank.ts';
import { as, type Caller } from '../../support/others.ts';
import { image } from '../../laws/samples/sample.ts';

const here = { AvailabilityZone: 'us-east-1a' };
const MANAGED = 'arn:aws:kms:us-east-1:123456789012:alias/aws/ebs';
const KEY = '1234abcd-12ab-34cd-56ef-1234567890ab';
const KEY_ARN = `arn:aws:kms:us-east-1:123456789012:key/${KEY}`;
let fb: Fogbank;
let me: Caller;

beforeAll(async () => {
  fb = await fogbank();
  me = as(fb);
});

describe('encryption by default', () => {
  it('is each Region\'s own, off until it is turned on', async () => {
    expect((await me.go('GetEbsEncryptionByDefault')).EbsEncryptionByDefault).toBe(false);
    expect((await me.go('GetEbsDefaultKmsKeyId')).KmsKeyId).toBe('alias/aws/ebs');
    expect((await me.go('EnableEbsEncryptionByDefault')).EbsEncryptionByDefault).toBe(true);
    expect((await me.go('GetEbsEncryptionByDefault')).EbsEncryptionByDefault).toBe(true);
    expect((await as(fb, { region: 'eu-west-1' }).go('GetEbsEncryptionByDefault')).EbsEncryptionByDefault).toBe(false);
    await me.go('DisableEbsEncryptionByDefault');
    expect((await me.go('GetEbsEncryptionByDefault')).EbsEncryptionByDefault).toBe(false);
  });

  it('encrypts volumes, launches and copies with the account\'s key', async () => {
    const { VolumeId } = await me.go('CreateVolume', { ...here, Size: 1 });
    const { SnapshotId } = await me.go('CreateSnapshot', { VolumeId });
    await me.go('EnableEbsEncryptionByDefault');
    expect(await me.go('CreateVolume', { ...here, Size: 1, Encrypted: false })).toMatchObject({ Encrypted: true, KmsKeyId: MANAGED });
    expect(await me.go('ModifyEbsDefaultKmsKeyId', { KmsKeyId: KEY })).toMatchObject({ KmsKeyId: KEY_ARN });
    expect((await me.go('GetEbsDefaultKmsKeyId')).KmsKeyId).toBe(KEY_ARN);
    expect(await me.go('CreateVolume', { ...here, SnapshotId })).toMatchObject({ Encrypted: true, KmsKeyId: KEY_ARN });
    const copy = await me.go('CopySnapshot', { SourceRegion: 'us-east-1', SourceSnapshotId: SnapshotId });
    expect((await me.go('DescribeSnapshots', { SnapshotIds: [copy.SnapshotId] })).Snapshots).toMatchObject([{ Encrypted: true, KmsKeyId: KEY_ARN }]);
    const { Instances } = await me.go('RunInstances', { ImageId: await image(fb), MinCount: 1, MaxCount: 1, InstanceType: 't3.micro', BlockDeviceMappings: [{ DeviceName: '/dev/sdf', Ebs: { VolumeSize: 1, KmsKeyId: 'alias/other' } }] });
    const { Volumes } = await me.go('DescribeVolumes', { Filters: [{ Name: 'attachment.instance-id', Values: [Instances[0].InstanceId] }] });
    expect(Volumes.map((v: { Encrypted: boolean; KmsKeyId: string }) => [v.Encrypted, v.KmsKeyId])).toEqual([[true, KEY_ARN], [true, 'arn:aws:kms:us-east-1:123456789012:alias/other']]);
    expect((await me.go('ResetEbsDefaultKmsKeyId')).KmsKeyId).toBe(MANAGED);
    expect((await me.go('GetEbsDefaultKmsKeyId')).KmsKeyId).toBe('alias/aws/ebs');
    await me.go('DisableEbsEncryptionByDefault');
  });

  it.each(['nonsense', 'alias/', 'key/1234', 'arn:aws:kms:us-east-1:123456789012:key/short', 'arn:aws:kms:eu-west-1:123456789012:alias/x'])('ModifyEbsDefaultKmsKeyId: refuses %s', async (KmsKeyId) => {
    expect((await me.refused('ModifyEbsDefaultKmsKeyId', { KmsKeyId })).code).toBe('InvalidParameterValue');
  });
});

it('a volume of an encrypted snapshot has the snapshot\'s key', async () => {
  const { VolumeId } = await me.go('CreateVolume', { ...here, Size: 1, Encrypted: true, KmsKeyId: 'alias/mine' });
  const { SnapshotId } = await me.go('CreateSnapshot', { VolumeId });
  expect(await me.go('CreateVolume', { ...here, SnapshotId })).toMatchObject({ Encrypted: true, KmsKeyId: 'arn:aws:kms:us-east-1:123456789012:alias/mine' });
});

describe('CopyVolumes', () => {
  it('makes a copy in the same zone, encrypted if its source is', async () => {
    const { VolumeId: SourceVolumeId } = await me.go('CreateVolume', { ...here, Size: 5, VolumeType: 'gp3' });
    const { Volumes } = await me.go('CopyVolumes', { SourceVolumeId, Size: 6, TagSpecifications: [{ ResourceType: 'volume', Tags: [{ Key: 'k', Value: 'v' }] }] });
    expect(Volumes).toMatchObject([{ SourceVolumeId, Size: 6, VolumeType: 'gp2', AvailabilityZone: 'us-east-1a', Encrypted: false, State: 'creating', Tags: [{ Key: 'k', Value: 'v' }] }]);
    expect((await me.go('DescribeVolumes', { VolumeIds: [Volumes[0].VolumeId] })).Volumes[0]).toMatchObject({ State: 'available', SourceVolumeId });
    const secret = await me.go('CreateVolume', { ...here, Size: 5, Encrypted: true, KmsKeyId: KEY });
    expect((await me.go('CopyVolumes', { SourceVolumeId: secret.VolumeId, Encrypted: false })).Volumes).toMatchObject([{ Encrypted: true, KmsKeyId: KEY_ARN }]);
    expect((await me.refused('CopyVolumes', { SourceVolumeId, Size: 4 })).code).toBe('InvalidParameterValue');
    expect((await me.refused('CopyVolumes', { SourceVolumeId, VolumeType: 'io2' })).code).toBe('MissingParameter');
  });
});

describe('ModifyVolume', () => {
  it('shows its progress, waits for the earlier change, and happens four times a day at most', async () => {
    const slow = await fogbank({ pace: 'realistic' });
    slow.machine.clock.hold();
    const it = as(slow);
    const { VolumeId } = await it.go('CreateVolume', { ...here, Size: 10 });
    slow.machine.clock.advance(3000);
    const modification = async () => (await it.go('DescribeVolumesModifications', { VolumeIds: [VolumeId] })).VolumesModifications[0];
    for (let n = 1; n <= 4; n++) {
      await it.go('ModifyVolume', { VolumeId, Size: 10 + n });
      slow.machine.clock.advance(5000 + 30 * 60_000);
      expect(await modification()).toMatchObject({ ModificationState: 'optimizing', Progress: 50 });
      expect((await it.refused('ModifyVolume', { VolumeId, Size: 30 })).code).toBe('IncorrectModificationState');
      slow.machine.clock.advance(30 * 60_000);
      expect(await modification()).toMatchObject({ ModificationState: 'completed', Progress: 100 });
    }
    expect(await it.refused('ModifyVolume', { VolumeId, Size: 30 })).toMatchObject({ code: 'VolumeModificationRateExceeded', message: "You've reached the maximum modification rate per volume limit. Wait at least 20 hours between modifications per EBS volume." });
    slow.machine.clock.advance(20 * 3_600_000);
    await it.go('ModifyVolume', { VolumeId, Size: 30 });
  });
});

it('CreateVolume: keeps an initialization rate within its limits, for a snapshot', async () => {
  const { VolumeId } = await me.go('CreateVolume', { ...here, Size: 1 });
  const { SnapshotId } = await me.go('CreateSnapshot', { VolumeId });
  expect((await me.refused('CreateVolume', { ...here, Size: 1, VolumeInitializationRate: 200 })).code).toBe('InvalidParameterCombination');
  expect((await me.refused('CreateVolume', { ...here, SnapshotId, VolumeInitializationRate: 99 })).code).toBe('InvalidParameterValue');
  expect((await me.go('CreateVolume', { ...here, SnapshotId, VolumeInitializationRate: 300 })).VolumeInitializationRate).toBe(300);
});

it('EnableVolumeIO: needs the volume', async () => {
  const { VolumeId } = await me.go('CreateVolume', { ...here, Size: 1 });
  await me.go('EnableVolumeIO', { VolumeId });
  expect((await me.refused('EnableVolumeIO', { VolumeId: 'vol-00000000000000000' })).code).toBe('InvalidVolume.NotFound');
});

describe('default credits', () => {
  it('are what burstable instances start with', async () => {
    const launch = async () => (await me.go('RunInstances', { ImageId: await image(fb), MinCount: 1, MaxCount: 1, InstanceType: 't3.micro' })).Instances[0].InstanceId;
    const creditsOf = async (InstanceId: string) => (await me.go('DescribeInstanceCreditSpecifications', { InstanceIds: [InstanceId] })).InstanceCreditSpecifications[0].CpuCredits;
    expect((await me.go('GetDefaultCreditSpecification', { InstanceFamily: 't2' })).InstanceFamilyCreditSpecification).toEqual({ InstanceFamily: 't2', CpuCredits: 'standard' });
    expect(await creditsOf(await launch())).toBe('unlimited');
    await me.go('ModifyDefaultCreditSpecification', { InstanceFamily: 't3', CpuCredits: 'standard' });
    expect((await me.go('GetDefaultCreditSpecification', { InstanceFamily: 't3' })).InstanceFamilyCreditSpecification).toEqual({ InstanceFamily: 't3', CpuCredits: 'standard' });
    expect(await creditsOf(await launch())).toBe('standard');
    expect((await me.refused('ModifyDefaultCreditSpecification', { InstanceFamily: 't3', CpuCredits: 'some' })).code).toBe('InvalidParameterValue');
  });
});

it('ResetInstanceAttribute: sets the source check again, and nothing else', async () => {
  const { InstanceId } = (await me.go('RunInstances', { ImageId: await image(fb), MinCount: 1, MaxCount: 1, InstanceType: 't3.micro' })).Instances[0];
  await me.go('ModifyInstanceAttribute', { InstanceId, SourceDestCheck: { Value: false } });
  await me.go('ResetInstanceAttribute', { InstanceId, Attribute: 'sourceDestCheck' });
  expect((await me.go('DescribeInstanceAttribute', { InstanceId, Attribute: 'sourceDestCheck' })).SourceDestCheck).toEqual({ Value: true });
  expect((await me.refused('ResetInstanceAttribute', { InstanceId, Attribute: 'userData' })).code).toBe('InvalidParameterValue');
});
