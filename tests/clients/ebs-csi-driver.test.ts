import { beforeAll, expect, it } from 'vitest';
import { fogbank, type Fogbank } from '../support/fogbank.ts';
import { iamCalls } from '../support/iam.ts';
import { imageNamed } from '../support/launches.ts';
import { as, type Caller } from '../support/others.ts';

/**
 * Volumes and snapshots as the EBS CSI driver handles them, under the policy that it publishes, enforced: the codes that it maps, the texts that it
 * reads its limits from. https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/pkg/cloud/cloud.go,
 * https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/example-iam-policy.json
 */
const VOLUMES = 'arn:aws:ec2:*:*:volume/*';
const SNAPSHOTS = 'arn:aws:ec2:*:*:snapshot/*';
const INSTANCES = 'arn:aws:ec2:*:*:instance/*';
const OWN = 'ebs.csi.aws.com/cluster';
const allow = (actions: string[], Resource: string | string[], Condition?: object) => ({ Effect: 'Allow', Action: actions.map((name) => `ec2:${name}`), Resource, ...(Condition && { Condition }) });
const where = (key: string, value: string) => ({ StringLike: { [key]: value } });
const POLICY = [
  allow(['AvailabilityZones', 'Instances', 'InstanceTypes', 'Snapshots', 'Tags', 'Volumes', 'VolumesModifications', 'VolumeStatus'].map((what) => `Describe${what}`), '*'),
  allow(['CreateSnapshot', 'ModifyVolume'], VOLUMES), allow(['CopyVolumes'], 'arn:aws:ec2:*:*:volume/vol-*'), allow(['AttachVolume', 'DetachVolume'], [VOLUMES, INSTANCES]), allow(['CreateVolume', 'EnableFastSnapshotRestores'], SNAPSHOTS),
  allow(['CreateTags'], [VOLUMES, SNAPSHOTS], { StringEquals: { 'ec2:CreateAction': ['CreateVolume', 'CreateSnapshot', 'CopyVolumes'] } }), allow(['DeleteTags'], [VOLUMES, SNAPSHOTS]),
  ...[where(`aws:RequestTag/${OWN}`, 'true'), where('aws:RequestTag/CSIVolumeName', '*')].map((made) => allow(['CreateVolume', 'CopyVolumes'], VOLUMES, made)),
  ...[where(`ec2:ResourceTag/${OWN}`, 'true'), where('ec2:ResourceTag/CSIVolumeName', '*')].map((own) => allow(['DeleteVolume'], VOLUMES, own)),
  ...[where(`aws:RequestTag/${OWN}`, 'true'), where('aws:RequestTag/CSIVolumeSnapshotName', '*')].map((made) => allow(['CreateSnapshot'], SNAPSHOTS, made)),
  ...[where(`ec2:ResourceTag/${OWN}`, 'true'), where('ec2:ResourceTag/CSIVolumeSnapshotName', '*')].map((own) => allow(['DeleteSnapshot', 'LockSnapshot'], SNAPSHOTS, own)),
];
const GONE = { VolumeId: 'vol-00000000000000000' };

let fb: Fogbank;
let root: Caller;
let driver: Caller;
let nodes: string[];

beforeAll(async () => {
  fb = await fogbank({ seed: 'ebs-csi-driver' });
  root = as(fb);
  const { go } = iamCalls(() => fb.iam);
  await go('CreateUser', { UserName: 'driver' });
  const { Policy } = await go('CreatePolicy', { PolicyName: 'driver', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: POLICY }) });
  await go('AttachUserPolicy', { UserName: 'driver', PolicyArn: Policy.Arn });
  const { AccessKey } = await go('CreateAccessKey', { UserName: 'driver' });
  driver = as(fb, { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey });
  const launch = { ImageId: await imageNamed(fb, 'al2023-ami-2023*-x86_64'), InstanceType: 'm5.large', MinCount: 2, MaxCount: 2, Placement: { AvailabilityZone: 'us-east-1a' } };
  nodes = (await root.go('RunInstances', launch)).Instances.map((i: { InstanceId: string }) => i.InstanceId);
});

const disk = (name: string, more: object = {}) => ({
  ClientToken: name, AvailabilityZone: 'us-east-1a', Size: 4, VolumeType: 'gp3', Encrypted: false, MultiAttachEnabled: false,
  TagSpecifications: [{ ResourceType: 'volume', Tags: [{ Key: 'CSIVolumeName', Value: name }, { Key: OWN, Value: 'true' }] }], ...more,
});
const created = async (name: string, more?: object): Promise<string> => (await driver.go('CreateVolume', disk(name, more))).VolumeId;
const tooHigh = (VolumeType: string) => driver.refused('CreateVolume', disk('limits', { ClientToken: undefined, VolumeType, Iops: 2_147_483_647, DryRun: true }));

it('a name is one volume, whatever else is asked of it is refused', async () => {
  const VolumeId = await created('twice');
  expect(await created('twice')).toBe(VolumeId);
  expect((await driver.refused('CreateVolume', disk('twice', { Size: 5 }))).code).toBe('IdempotentParameterMismatch');
  expect((await driver.go('DescribeVolumes', { Filters: [{ Name: 'tag:CSIVolumeName', Values: ['twice'] }] })).Volumes).toHaveLength(1);
  expect((await driver.refused('CreateVolume', disk('bare', { TagSpecifications: [] }))).code).toBe('UnauthorizedOperation');
  expect((await driver.refused('CreateVolume', disk('lost', { SnapshotId: 'snap-00000000000000000' }))).code).toBe('InvalidSnapshot.NotFound');
});

it('limits are read from what a dry run says', async () => {
  expect((await tooHigh('gp3')).message).toMatch(/volume iops.*is too high.*maximum is 80000/i);
  expect((await tooHigh('io1')).message).toMatch(/volume iops.*is too high.*maximum is 64000/i);
  expect(await tooHigh('io2')).toMatchObject({ code: 'InvalidParameterCombination', message: expect.stringContaining('256K IOPS') });
  expect((await tooHigh('gp2')).message).toContain('parameter iops is not supported');
});

it('attaches under names that nobody has, up to the limit of the type', async () => {
  const [InstanceId, other] = nodes as [string, string];
  const VolumeId = await created('attached');
  expect((await driver.refused('AttachVolume', { VolumeId, InstanceId, Device: '/dev/xvdeo' })).message).toBe('Value (/dev/xvdeo) for parameter device is invalid. /dev/xvdeo is not a valid EBS device name.');
  expect(await driver.go('AttachVolume', { VolumeId, InstanceId, Device: '/dev/xvdaa' })).toMatchObject({ State: 'attaching', Device: '/dev/xvdaa' });
  expect((await driver.go('DescribeVolumes', { VolumeIds: [VolumeId] })).Volumes[0]).toMatchObject({ State: 'in-use', Attachments: [{ State: 'attached', InstanceId, Device: '/dev/xvdaa' }] });
  expect((await driver.refused('AttachVolume', { VolumeId, InstanceId: other, Device: '/dev/xvdaa' })).code).toBe('VolumeInUse');
  const next = await created('next');
  expect(await driver.refused('AttachVolume', { VolumeId: next, InstanceId, Device: '/dev/xvdaa' })).toMatchObject({ code: 'InvalidParameterValue', message: expect.stringContaining('already in use') });
  // The root volume and the one above are two of the 27 that DescribeInstanceTypes tells of an m5.large.
  for (let n = 0; n < 25; n++) await driver.go('AttachVolume', { VolumeId: await created(`full-${n}`), InstanceId, Device: `/dev/xvdb${String.fromCharCode(97 + n)}` });
  expect(await driver.refused('AttachVolume', { VolumeId: next, InstanceId, Device: '/dev/xvdbz' })).toMatchObject({ code: 'AttachmentLimitExceeded', message: expect.stringMatching(/^You may attach up to 27 devices for this instance type\./) });
  expect((await driver.refused('DetachVolume', { VolumeId, InstanceId: other })).code).toBe('InvalidAttachment.NotFound');
  expect((await driver.refused('DeleteVolume', { VolumeId })).code).toBe('VolumeInUse');
  await driver.go('DetachVolume', { VolumeId, InstanceId });
  expect((await driver.refused('DetachVolume', { VolumeId, InstanceId })).code).toBe('IncorrectState');
  expect((await driver.refused('DetachVolume', { ...GONE, InstanceId })).code).toBe('InvalidVolume.NotFound');
});

it('modifications are found once there is one', async () => {
  const VolumeId = await created('modified');
  expect((await driver.refused('DescribeVolumesModifications', { VolumeIds: [VolumeId] })).code).toBe('InvalidVolumeModification.NotFound');
  expect((await driver.go('ModifyVolume', { VolumeId, Size: 8, Iops: 4000 })).VolumeModification).toMatchObject({ ModificationState: 'modifying', OriginalSize: 4, TargetSize: 8 });
  expect((await driver.go('DescribeVolumesModifications', { VolumeIds: [VolumeId] })).VolumesModifications[0].ModificationState).toMatch(/^(optimizing|completed)$/);
  expect((await driver.go('DescribeVolumes', { VolumeIds: [VolumeId] })).Volumes[0]).toMatchObject({ Size: 8, Iops: 4000 });
});

it('a volume of a snapshot is ready once it is initialized', async () => {
  const snapshot = { VolumeId: await created('source'), TagSpecifications: [{ ResourceType: 'snapshot', Tags: [{ Key: 'CSIVolumeSnapshotName', Value: 'one' }] }] };
  expect((await driver.refused('CreateSnapshot', { VolumeId: snapshot.VolumeId })).code).toBe('UnauthorizedOperation');
  const { SnapshotId } = await driver.go('CreateSnapshot', snapshot);
  expect((await driver.go('DescribeSnapshots', { Filters: [{ Name: 'tag:CSIVolumeSnapshotName', Values: ['one'] }] })).Snapshots).toMatchObject([{ SnapshotId, State: 'completed' }]);
  const VolumeId = await created('restored', { SnapshotId, VolumeInitializationRate: 200 });
  const [status] = (await driver.go('DescribeVolumeStatus', { VolumeIds: [VolumeId] })).VolumeStatuses;
  expect(status.VolumeStatus.Details).toContainEqual({ Name: 'initialization-state', Status: 'completed' });
  expect(status.InitializationStatusDetails).toEqual({ InitializationType: 'provisioned-rate', Progress: 100, EstimatedTimeToCompleteInSeconds: 0 });
  expect((await driver.go('EnableFastSnapshotRestores', { AvailabilityZones: ['us-east-1a'], SourceSnapshotIds: [SnapshotId] })).Successful).toHaveLength(1);
  const lost = await driver.go('EnableFastSnapshotRestores', { AvailabilityZones: ['us-east-1a'], SourceSnapshotIds: ['snap-00000000000000000'] });
  expect(lost.Unsuccessful[0].FastSnapshotRestoreStateErrors[0].Error.Code).toBe('InvalidSnapshot.NotFound');
  await driver.go('DeleteSnapshot', { SnapshotId });
  expect((await driver.refused('DescribeSnapshots', { SnapshotIds: [SnapshotId] })).code).toBe('InvalidSnapshot.NotFound');
});

it('deletes what is its own, and is told what is gone', async () => {
  const VolumeId = await created('deleted');
  await driver.go('DeleteVolume', { VolumeId });
  expect((await driver.refused('DescribeVolumes', { VolumeIds: [VolumeId] })).code).toBe('InvalidVolume.NotFound');
  const foreign = (await root.go('CreateVolume', { AvailabilityZone: 'us-east-1a', Size: 1 })).VolumeId;
  expect((await driver.refused('DeleteVolume', { VolumeId: foreign })).code).toBe('UnauthorizedOperation');
  expect((await driver.refused('CreateTags', { Resources: [foreign], Tags: [{ Key: OWN, Value: 'true' }] })).code).toBe('UnauthorizedOperation');
});
