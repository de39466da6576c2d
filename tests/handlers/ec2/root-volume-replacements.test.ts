import { beforeAll, describe, expect, it } from 'vitest';
import { fogbank, type Fogbank } from '../../support/fogbank.ts';
import { launches, type Launches } from '../../support/launches.ts';

let fb: Fogbank;
let ec2: Launches;
const pass = (seconds: number) => fb.machine.clock.advance(seconds * 1000);
const running = async (extra: Record<string, unknown> = {}) => {
  const { InstanceId } = await ec2.run(extra);
  pass(10);
  const instance = await ec2.one(InstanceId);
  return { InstanceId: InstanceId as string, root: instance.BlockDeviceMappings[0].Ebs.VolumeId as string, zone: instance.Placement.AvailabilityZone as string };
};
const start = async (input: Record<string, unknown>) => (await ec2.go('CreateReplaceRootVolumeTask', input)).ReplaceRootVolumeTask;
const task = async (id: string) => (await ec2.go('DescribeReplaceRootVolumeTasks', { ReplaceRootVolumeTaskIds: [id] })).ReplaceRootVolumeTasks[0];
const volume = async (id: string) => (await ec2.go('DescribeVolumes', { VolumeIds: [id] })).Volumes[0];
const snapshotOf = async (VolumeId: string): Promise<string> => {
  const { SnapshotId } = await ec2.go('CreateSnapshot', { VolumeId });
  pass(3600);
  return SnapshotId;
};

beforeAll(async () => {
  fb = await fogbank({ pace: 'realistic' });
  fb.machine.clock.hold();
  ec2 = await launches(fb);
});

const IN_SECONDS = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);

describe('CreateReplaceRootVolumeTask', () => {
  it('restores the state of the launch, and keeps the volume that was there', async () => {
    const { InstanceId, root } = await running({ BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 20, VolumeType: 'gp3', Iops: 4000 } }, { DeviceName: '/dev/sdf', Ebs: { VolumeSize: 1 } }] });
    const made = await start({ InstanceId, TagSpecifications: [{ ResourceType: 'replace-root-volume-task', Tags: [{ Key: 'why', Value: 'broken' }] }] });
    expect(made).toMatchObject({ InstanceId, TaskState: 'pending', DeleteReplacedRootVolume: false, SnapshotId: (await volume(root)).SnapshotId, Tags: [{ Key: 'why', Value: 'broken' }] });
    expect((await ec2.refused('CreateReplaceRootVolumeTask', { InstanceId })).code).toBe('IncorrectState');
    pass(30);
    expect((await task(made.ReplaceRootVolumeTaskId)).TaskState).toBe('in-progress');
    pass(30);
    expect(await task(made.ReplaceRootVolumeTaskId)).toMatchObject({ TaskState: 'succeeded', StartTime: IN_SECONDS, CompleteTime: IN_SECONDS });
    const { BlockDeviceMappings, State } = await ec2.one(InstanceId);
    expect(State.Name).toBe('running');
    expect(BlockDeviceMappings.map((m: { DeviceName: string }) => m.DeviceName)).toEqual(['/dev/xvda', '/dev/sdf']);
    const now = BlockDeviceMappings[0].Ebs.VolumeId;
    expect(now).not.toBe(root);
    expect(await volume(now)).toMatchObject({ Size: 20, Iops: 4000, VolumeType: 'gp3', State: 'in-use', SnapshotId: made.SnapshotId, Attachments: [{ InstanceId, Device: '/dev/xvda', DeleteOnTermination: true }] });
    expect(await volume(root)).toMatchObject({ State: 'available', Attachments: [] });
  });

  it('restores from a snapshot of the root volume and deletes what was there', async () => {
    const { InstanceId, root } = await running();
    const SnapshotId = await snapshotOf(root);
    const { ReplaceRootVolumeTaskId } = await start({ InstanceId, SnapshotId, DeleteReplacedRootVolume: true });
    pass(60);
    expect(await task(ReplaceRootVolumeTaskId)).toMatchObject({ TaskState: 'succeeded', SnapshotId, DeleteReplacedRootVolume: true });
    expect((await ec2.refused('DescribeVolumes', { VolumeIds: [root] })).code).toBe('InvalidVolume.NotFound');
    const other = await running();
    expect((await ec2.refused('CreateReplaceRootVolumeTask', { InstanceId: other.InstanceId, SnapshotId })).code).toBe('InvalidParameterValue');
  });

  it('takes an image that is like the instance', async () => {
    const { InstanceId } = await running();
    const { ImageId } = await ec2.go('CreateImage', { InstanceId, Name: 'next' });
    pass(3600);
    await start({ InstanceId, ImageId });
    pass(60);
    const [{ Ebs: { VolumeId } }] = (await ec2.one(InstanceId)).BlockDeviceMappings;
    const [{ BlockDeviceMappings: [{ Ebs: { SnapshotId } }] }] = (await ec2.go('DescribeImages', { ImageIds: [ImageId] })).Images;
    expect((await volume(VolumeId)).SnapshotId).toBe(SnapshotId);
    const arm = (await ec2.go('DescribeImages', { Owners: ['amazon'], Filters: [{ Name: 'name', Values: ['al2023-ami-2023*-arm64'] }] })).Images[0].ImageId;
    expect((await ec2.refused('CreateReplaceRootVolumeTask', { InstanceId, ImageId: arm })).code).toBe('InvalidParameterCombination');
  });

  it('takes a volume of the same zone that is free', async () => {
    const { InstanceId, zone } = await running();
    const { VolumeId } = await ec2.go('CreateVolume', { AvailabilityZone: zone, Size: 9 });
    expect((await ec2.refused('CreateReplaceRootVolumeTask', { InstanceId, VolumeId })).code).toBe('IncorrectState');
    pass(10);
    await start({ InstanceId, VolumeId });
    pass(60);
    expect((await ec2.one(InstanceId)).BlockDeviceMappings[0].Ebs.VolumeId).toBe(VolumeId);
  });

  it('fails where the instance ends before it does, or the volume is taken', async () => {
    const first = await running();
    const ending = await start({ InstanceId: first.InstanceId });
    await ec2.go('TerminateInstances', { InstanceIds: [first.InstanceId] });
    pass(60);
    expect((await task(ending.ReplaceRootVolumeTaskId)).TaskState).toBe('failed');
    const second = await running();
    const { VolumeId } = await ec2.go('CreateVolume', { AvailabilityZone: second.zone, Size: 9 });
    pass(10);
    const racing = await start({ InstanceId: second.InstanceId, VolumeId });
    await ec2.go('DeleteVolume', { VolumeId });
    pass(60);
    expect((await task(racing.ReplaceRootVolumeTaskId)).TaskState).toBe('failed');
    expect((await ec2.one(second.InstanceId)).BlockDeviceMappings[0].Ebs.VolumeId).toBe(second.root);
  });

  it.each([
    [{ SnapshotId: 'snap-00000000000000000', ImageId: 'ami-00000000000000000' }, 'InvalidParameterCombination'], [{ SnapshotId: 'snap-00000000000000000' }, 'InvalidSnapshot.NotFound'],
    [{ ImageId: 'ami-00000000000000000' }, 'InvalidAMIID.NotFound'], [{ VolumeId: 'vol-00000000000000000' }, 'InvalidVolume.NotFound'], [{ VolumeInitializationRate: 50 }, 'InvalidParameterValue'],
  ])('refuses %j', async (input, code) => {
    const { InstanceId } = await running();
    expect((await ec2.refused('CreateReplaceRootVolumeTask', { InstanceId, ...input })).code).toBe(code);
  });

  it('is for running instances', async () => {
    const { InstanceId } = await ec2.run();
    expect(await ec2.refused('CreateReplaceRootVolumeTask', { InstanceId })).toMatchObject({ code: 'IncorrectInstanceState', message: `The instance '${InstanceId}' is not in the 'running' state.` });
  });
});
