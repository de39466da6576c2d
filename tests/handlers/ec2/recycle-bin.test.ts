import { beforeEach, expect, it } from 'vitest';
import { control } from '../../support/control.ts';
import { fogbank, type Fogbank } from '../../support/fogbank.ts';
import { as, type Caller } from '../../support/others.ts';

let fb: Fogbank;
let ec2: Caller;
const DAY = 24 * 3_600_000;

beforeEach(async () => {
  fb = await fogbank();
  fb.machine.clock.hold();
  ec2 = as(fb);
});

const volume = async (Tags: object[] = []): Promise<string> => (await ec2.go('CreateVolume', { AvailabilityZone: 'us-east-1a', Size: 8, VolumeType: 'gp3', TagSpecifications: Tags.length ? [{ ResourceType: 'volume', Tags }] : undefined })).VolumeId;
const snapshot = async (Tags: object[] = []): Promise<string> => (await ec2.go('CreateSnapshot', { VolumeId: await volume(), Description: 'nightly', TagSpecifications: Tags.length ? [{ ResourceType: 'snapshot', Tags }] : undefined })).SnapshotId;
const rule = async (body: object): Promise<{ rule: string; error?: string }> => control(fb, 'POST', 'retention-rules', body);

it('without a rule what is deleted is gone; with one it is kept for its time and can be restored as it was', async () => {
  const gone = await snapshot();
  await ec2.go('DeleteSnapshot', { SnapshotId: gone });
  await rule({ type: 'EBS_SNAPSHOT', days: 7 });
  const id = await snapshot([{ Key: 'Tier', Value: 'gold' }]);
  await ec2.go('ModifySnapshotAttribute', { SnapshotId: id, Attribute: 'createVolumePermission', OperationType: 'add', UserIds: ['111111111111'] });
  await ec2.go('DeleteSnapshot', { SnapshotId: id });
  expect((await ec2.refused('DescribeSnapshots', { SnapshotIds: [id] })).code).toBe('InvalidSnapshot.NotFound');
  const { Snapshots } = await ec2.go('ListSnapshotsInRecycleBin');
  expect(Snapshots).toEqual([{ SnapshotId: id, Description: 'nightly', VolumeId: expect.stringMatching(/^vol-/), RecycleBinEnterTime: expect.any(Date), RecycleBinExitTime: expect.any(Date) }]);
  expect(Snapshots[0].RecycleBinExitTime - Snapshots[0].RecycleBinEnterTime).toBe(7 * DAY);
  expect((await ec2.go('ListSnapshotsInRecycleBin', { SnapshotIds: [gone] })).Snapshots).toEqual([]);
  expect(await ec2.go('RestoreSnapshotFromRecycleBin', { SnapshotId: id })).toMatchObject({ SnapshotId: id, State: 'recovering', VolumeSize: 8, Description: 'nightly' });
  expect((await ec2.go('DescribeSnapshots', { SnapshotIds: [id] })).Snapshots[0]).toMatchObject({ State: 'completed', Tags: [{ Key: 'Tier', Value: 'gold' }] });
  expect((await as(fb, { accessKeyId: '111111111111' }).go('DescribeSnapshots', { SnapshotIds: [id] })).Snapshots).toHaveLength(1);
  expect((await ec2.go('ListSnapshotsInRecycleBin')).Snapshots).toEqual([]);
  expect(await ec2.refused('RestoreSnapshotFromRecycleBin', { SnapshotId: id })).toMatchObject({ code: 'InvalidSnapshot.NotFound' });
});

it('what is not restored in time is gone for good, whatever becomes of the rule', async () => {
  const { rule: id } = await rule({ type: 'EBS_SNAPSHOT', days: 2 });
  const SnapshotId = await snapshot();
  await ec2.go('DeleteSnapshot', { SnapshotId });
  expect(await control(fb, 'DELETE', `retention-rules/${id}`)).toEqual({ rule: id });
  fb.machine.clock.advance(2 * DAY - 1000);
  expect((await ec2.go('ListSnapshotsInRecycleBin')).Snapshots).toHaveLength(1);
  fb.machine.clock.advance(1000);
  expect((await ec2.go('ListSnapshotsInRecycleBin')).Snapshots).toEqual([]);
  expect((await ec2.refused('RestoreSnapshotFromRecycleBin', { SnapshotId })).code).toBe('InvalidSnapshot.NotFound');
});

it('a tag-level rule keeps what has one of its tags, a Region-level rule passes over what is excluded, and the longest time holds', async () => {
  await rule({ type: 'EBS_SNAPSHOT', days: 30, tags: { Tier: 'gold', Team: 'db' } });
  const kept = [await snapshot([{ Key: 'Team', Value: 'db' }]), await snapshot([{ Key: 'Tier', Value: 'gold' }])];
  const other = await snapshot([{ Key: 'Tier', Value: 'silver' }]);
  for (const SnapshotId of [...kept, other]) await ec2.go('DeleteSnapshot', { SnapshotId });
  const ids = async () => (await ec2.go('ListSnapshotsInRecycleBin')).Snapshots.map((s: { SnapshotId: string }) => s.SnapshotId);
  expect(await ids()).toEqual(kept);
  await rule({ type: 'EBS_SNAPSHOT', days: 3, exclude: { Scratch: 'yes' } });
  const [scratch, both] = [await snapshot([{ Key: 'Scratch', Value: 'yes' }]), await snapshot([{ Key: 'Tier', Value: 'gold' }])];
  for (const SnapshotId of [scratch, both]) await ec2.go('DeleteSnapshot', { SnapshotId });
  expect(await ids()).toEqual([...kept, both]);
  const [last] = (await ec2.go('ListSnapshotsInRecycleBin', { SnapshotIds: [both] })).Snapshots;
  expect(last.RecycleBinExitTime - last.RecycleBinEnterTime).toBe(30 * DAY);
});

it('an image comes back when its snapshots have, and its name is free', async () => {
  await rule({ type: 'EC2_IMAGE', days: 10 });
  await rule({ type: 'EBS_SNAPSHOT', days: 10 });
  const SnapshotId = await snapshot();
  const register = async () => (await ec2.go('RegisterImage', { Name: 'golden', RootDeviceName: '/dev/xvda', VirtualizationType: 'hvm', Architecture: 'x86_64', BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId } }] })).ImageId;
  const ImageId = await register();
  expect((await ec2.go('DeregisterImage', { ImageId, DeleteAssociatedSnapshots: true })).DeleteSnapshotResults).toEqual([{ SnapshotId, ReturnCode: 'success' }]);
  expect((await ec2.go('ListImagesInRecycleBin')).Images).toMatchObject([{ ImageId, Name: 'golden' }]);
  expect((await ec2.refused('RestoreImageFromRecycleBin', { ImageId })).code).toBe('InvalidSnapshot.NotFound');
  await ec2.go('RestoreSnapshotFromRecycleBin', { SnapshotId });
  const second = await register();
  expect((await ec2.refused('RestoreImageFromRecycleBin', { ImageId })).code).toBe('InvalidAMIName.Duplicate');
  await ec2.go('DeregisterImage', { ImageId: second });
  await ec2.go('RestoreImageFromRecycleBin', { ImageId });
  expect((await ec2.go('DescribeImages', { ImageIds: [ImageId] })).Images[0]).toMatchObject({ State: 'available', Name: 'golden' });
  expect((await ec2.go('ListImagesInRecycleBin')).Images).toMatchObject([{ ImageId: second }]);
});

it('a volume is kept for a week at most, in its own Region, and pages are pages', async () => {
  expect((await rule({ type: 'EBS_VOLUME', days: 8 })).error).toContain('from 1 to 7');
  expect((await rule({ type: 'EBS_VOLUME', days: 7, tags: { a: 'b' }, exclude: { c: 'd' } })).error).toContain('tags or exclusions');
  await rule({ type: 'EBS_VOLUME', days: 7 });
  const ids: string[] = [];
  for (let i = 0; i < 6; i++) ids.push(await volume([{ Key: 'n', Value: String(i) }]));
  for (const VolumeId of ids) await ec2.go('DeleteVolume', { VolumeId });
  expect((await ec2.go('DescribeVolumes')).Volumes).toEqual([]);
  const first = await ec2.go('ListVolumesInRecycleBin', { MaxResults: 5 });
  const rest = await ec2.go('ListVolumesInRecycleBin', { MaxResults: 5, NextToken: first.NextToken });
  expect([...first.Volumes, ...rest.Volumes].map((v: { VolumeId: string }) => v.VolumeId)).toEqual(ids);
  expect(first.Volumes[0]).toMatchObject({ VolumeType: 'gp3', Size: 8, State: 'available', AvailabilityZone: 'us-east-1a' });
  expect((await as(fb, { region: 'eu-west-1' }).refused('RestoreVolumeFromRecycleBin', { VolumeId: ids[0] })).code).toBe('InvalidVolume.NotFound');
  await ec2.go('RestoreVolumeFromRecycleBin', { VolumeId: ids[0] });
  expect((await ec2.go('DescribeVolumes')).Volumes).toMatchObject([{ VolumeId: ids[0], State: 'available', Tags: [{ Key: 'n', Value: '0' }] }]);
});

it.each([
  ['RestoreSnapshotFromRecycleBin', { SnapshotId: 'snap-1' }, 'InvalidParameterValue'], ['RestoreImageFromRecycleBin', { ImageId: 'ami-1' }, 'InvalidAMIID.Malformed'], ['ListVolumesInRecycleBin', { VolumeIds: ['vol-x'] }, 'InvalidParameterValue'],
  ['RestoreVolumeFromRecycleBin', { VolumeId: 'vol-0123456789abcdef0' }, 'InvalidVolume.NotFound'], ['RestoreImageFromRecycleBin', { ImageId: 'ami-0123456789abcdef0' }, 'InvalidAMIID.NotFound'], ['ListImagesInRecycleBin', { MaxResults: 10, NextToken: 'x' }, 'InvalidParameterValue'],
])('%s %j: %s', async (operation, input, code) => {
  expect((await ec2.refused(operation, input)).code).toBe(code);
});
