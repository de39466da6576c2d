import { beforeAll, describe, expect, it } from 'vitest';
import { call } from '../../laws/samples/index.ts';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

let fb: Fogbank;
const go = (operation: string, input: Record<string, unknown> = {}) => call(fb, operation, input);
const refused = (operation: string, input: Record<string, unknown> = {}) => refusal(go(operation, input));
const here = { AvailabilityZone: 'us-east-1a' };

beforeAll(async () => {
  fb = await fogbank();
});

describe('CreateVolume', () => {
  it.each([
    [{ Size: 0 }, 'InvalidParameterValue'], [{}, 'MissingParameter'], [{ Size: 1, VolumeType: 'gp9' }, 'InvalidParameterValue'],
    [{ Size: 10, Iops: 3000 }, 'InvalidParameterCombination'], [{ Size: 10, VolumeType: 'gp3', Iops: 2999 }, 'InvalidParameterValue'],
    [{ Size: 10, VolumeType: 'gp3', Iops: 6000 }, 'InvalidParameterValue'], [{ Size: 10, VolumeType: 'gp3', Throughput: 1000 }, 'InvalidParameterValue'],
    [{ Size: 10, VolumeType: 'io1' }, 'MissingParameter'], [{ Size: 10, VolumeType: 'io1', Iops: 501 }, 'InvalidParameterValue'], [{ Size: 100, VolumeType: 'st1' }, 'InvalidParameterValue'],
    [{ Size: 10, MultiAttachEnabled: true }, 'InvalidParameterCombination'], [{ Size: 10, KmsKeyId: 'alias/x' }, 'InvalidParameterDependency'],
    [{ Size: 10, AvailabilityZone: 'eu-west-1a' }, 'InvalidZone.NotFound'], [{ SnapshotId: 'snap-00000000000000000' }, 'InvalidSnapshot.NotFound'],
  ])('refuses %j', async (input, code) => {
    expect((await refused('CreateVolume', { ...here, ...input })).code).toBe(code);
  });

  it('shows the IOPS and throughput of the type', async () => {
    expect(await go('CreateVolume', { ...here, Size: 100 })).toMatchObject({ VolumeType: 'gp2', Iops: 300, State: 'creating', Encrypted: false });
    expect(await go('CreateVolume', { ...here, Size: 100, VolumeType: 'gp3' })).toMatchObject({ Iops: 3000, Throughput: 125 });
    expect((await go('CreateVolume', { ...here, Size: 125, VolumeType: 'st1' })).Iops).toBeUndefined();
  });

  it('is managed by no service; a snapshot of it says how far it is only where it is listed', async () => {
    const { VolumeId, Operator } = await go('CreateVolume', { ...here, Size: 1 });
    expect(Operator).toEqual({ Managed: false, HiddenByDefault: false });
    const { SnapshotId, Progress } = await go('CreateSnapshot', { VolumeId });
    expect(Progress).toBe('');
    expect((await go('DescribeSnapshots', { SnapshotIds: [SnapshotId] })).Snapshots[0].Progress).toBe('100%');
  });

  it('takes size and encryption from its snapshot', async () => {
    const { VolumeId } = await go('CreateVolume', { ...here, Size: 20, Encrypted: true });
    const { SnapshotId } = await go('CreateSnapshot', { VolumeId });
    expect(await go('CreateVolume', { ...here, SnapshotId })).toMatchObject({ Size: 20, Encrypted: true });
    expect((await refused('CreateVolume', { ...here, SnapshotId, Size: 19 })).code).toBe('InvalidParameterValue');
    expect((await refused('CreateVolume', { ...here, SnapshotId, Encrypted: false })).code).toBe('InvalidParameterCombination');
  });
});

it('a realistic volume is creating for three seconds, a realistic snapshot pending for ten', async () => {
  const slow = await fogbank({ pace: 'realistic' });
  slow.machine.clock.hold();
  const { VolumeId } = await call(slow, 'CreateVolume', { ...here, Size: 1 });
  const state = async () => (await call(slow, 'DescribeVolumes', { VolumeIds: [VolumeId] })).Volumes[0].State;
  expect(await state()).toBe('creating');
  expect((await refusal(call(slow, 'CreateSnapshot', { VolumeId }))).code).toBe('IncorrectState');
  slow.machine.clock.advance(2999);
  expect(await state()).toBe('creating');
  slow.machine.clock.advance(2);
  expect(await state()).toBe('available');
  const { SnapshotId } = await call(slow, 'CreateSnapshot', { VolumeId });
  slow.machine.clock.advance(10_000);
  expect((await call(slow, 'DescribeSnapshots', { SnapshotIds: [SnapshotId] })).Snapshots[0]).toMatchObject({ State: 'completed', Progress: '100%' });
  await call(slow, 'DeleteVolume', { VolumeId });
  expect(await state()).toBe('deleting');
  slow.machine.clock.advance(3000);
  expect((await refusal(state())).code).toBe('InvalidVolume.NotFound');
});

describe('ModifyVolume', () => {
  it('changes the volume at once and says how far it is', async () => {
    const slow = await fogbank({ pace: 'realistic' });
    slow.machine.clock.hold();
    const { VolumeId } = await call(slow, 'CreateVolume', { ...here, Size: 10 });
    slow.machine.clock.advance(3000);
    const { VolumeModification } = await call(slow, 'ModifyVolume', { VolumeId, Size: 20, VolumeType: 'gp3' });
    expect(VolumeModification.StartTime.getMilliseconds()).toBe(0);
    expect(VolumeModification).toMatchObject({ ModificationState: 'modifying', OriginalSize: 10, TargetSize: 20, OriginalVolumeType: 'gp2', TargetVolumeType: 'gp3', TargetIops: 3000, TargetThroughput: 125 });
    expect((await refusal(call(slow, 'ModifyVolume', { VolumeId, Size: 30 }))).code).toBe('IncorrectModificationState');
    slow.machine.clock.advance(5000 + 3_600_000);
    expect((await call(slow, 'DescribeVolumesModifications', { VolumeIds: [VolumeId] })).VolumesModifications[0]).toMatchObject({ ModificationState: 'completed', Progress: 100 });
    expect((await call(slow, 'DescribeVolumes', { VolumeIds: [VolumeId] })).Volumes[0]).toMatchObject({ Size: 20, VolumeType: 'gp3' });
  });

  it('refuses to shrink, and to report on what was never changed', async () => {
    const { VolumeId } = await go('CreateVolume', { ...here, Size: 10 });
    expect((await refused('ModifyVolume', { VolumeId, Size: 9 })).code).toBe('InvalidParameterValue');
    expect((await refused('DescribeVolumesModifications', { VolumeIds: [VolumeId] })).code).toBe('InvalidVolumeModification.NotFound');
  });
});

it('DeleteSnapshot: is refused while an image uses it', async () => {
  const { VolumeId } = await go('CreateVolume', { ...here, Size: 1 });
  const { SnapshotId } = await go('CreateSnapshot', { VolumeId });
  const { ImageId } = await go('RegisterImage', { Name: 'an-image', RootDeviceName: '/dev/xvda', BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId } }] });
  expect(await refused('DeleteSnapshot', { SnapshotId })).toMatchObject({ code: 'InvalidSnapshot.InUse', message: `The snapshot ${SnapshotId} is currently in use by ${ImageId}` });
  expect((await refused('RegisterImage', { Name: 'an-image', RootDeviceName: '/dev/xvda', BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId } }] })).code).toBe('InvalidAMIName.Duplicate');
  await go('DeregisterImage', { ImageId });
  await go('DeleteSnapshot', { SnapshotId });
});

it.each([0, -1])('DescribeSnapshots: refuses a MaxResults of %i', async (MaxResults) => {
  expect((await refused('DescribeSnapshots', { MaxResults })).code).toBe('InvalidParameterValue');
});

it.each([[{ Iops: 257_000, Size: 1000 }], [{ Iops: 5000, Size: 4 }], [{ Iops: 100, Size: 65_537 }]])('CreateVolume: io2 of %j is told all of its limits at once', async (input) => {
  expect(await refused('CreateVolume', { ...here, VolumeType: 'io2', ...input })).toEqual({ code: 'InvalidParameterCombination', status: 400, message: 'io2 volumes configured with greater than 64 TiB or 256K IOPS or 1000:1 IOPS:GB ratio are not supported' });
});

/** https://docs.aws.amazon.com/ebs/latest/userguide/ebs-initialize-monitor.html */
describe('initialization', () => {
  const status = async (VolumeId: string) => (await go('DescribeVolumeStatus', { VolumeIds: [VolumeId] })).VolumeStatuses[0];
  const state = async (VolumeId: string) => (await status(VolumeId)).VolumeStatus.Details.find((d: { Name: string }) => d.Name === 'initialization-state')?.Status;

  it('goes on at the provisioned rate, or at the default; an empty volume needs none', async () => {
    fb = await fogbank({ pace: 'realistic' });
    fb.machine.clock.hold();
    const empty = (await go('CreateVolume', { ...here, Size: 10 })).VolumeId;
    fb.machine.clock.advance(10_000);
    expect(await status(empty)).not.toHaveProperty('InitializationStatusDetails');
    const { SnapshotId } = await go('CreateSnapshot', { VolumeId: empty });
    fb.machine.clock.advance(3_600_000);
    const rated = (await go('CreateVolume', { ...here, SnapshotId, VolumeInitializationRate: 200 })).VolumeId;
    const usual = (await go('CreateVolume', { ...here, SnapshotId })).VolumeId;
    fb.machine.clock.advance(25_600);
    expect(await status(rated)).toMatchObject({ VolumeStatus: { Status: 'ok' }, InitializationStatusDetails: { InitializationType: 'provisioned-rate', Progress: 50, EstimatedTimeToCompleteInSeconds: 26 } });
    expect((await status(usual)).InitializationStatusDetails).toEqual({ InitializationType: 'default', Progress: 25 });
    expect(await state(rated)).toBe('initializing');
    fb.machine.clock.advance(25_600);
    expect([await state(rated), await state(usual)]).toEqual(['completed', 'initializing']);
    const copy = (await go('CopyVolumes', { SourceVolumeId: empty })).Volumes[0].VolumeId;
    expect((await status(copy)).InitializationStatusDetails).toEqual({ InitializationType: 'volume-copy', Progress: 0 });
  });
});
