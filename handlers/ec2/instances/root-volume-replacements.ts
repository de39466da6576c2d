import type { ReplaceRootVolumeTask } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { seenImage, visibleImage, type StoredImage } from '../images/images.ts';
import { snapshotForVolume } from '../snapshots/snapshots.ts';
import { attach, detach } from '../volumes/volume-attachments.ts';
import { checkInitialization, volumes, type StoredVolume } from '../volumes/volumes.ts';
import { invalidInstanceState, replaceTaskNotFound } from './errors.ts';
import { instances, type StoredInstance } from './instances.ts';
import { planVolume } from './launch-volumes.ts';

/** `$` holds what a task needs to know and does not show. */
export type StoredTask = Wire<ReplaceRootVolumeTask> & { $: { volumeId?: string | undefined; initializationRate?: number | undefined } };

/** A task's times are texts, in whole seconds. https://docs.aws.amazon.com/cli/latest/reference/ec2/describe-replace-root-volume-tasks.html#examples */
const timeOf = (ctx: Context): string => `${ctx.now.slice(0, 19)}Z`;

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/replace-root.html */
export const replaceRootVolumeTasks = resource<StoredTask>({
  service: 'ec2',
  kind: 'replace-root-volume-task',
  shape: 'ReplaceRootVolumeTask',
  id: { member: 'ReplaceRootVolumeTaskId', prefix: 'replacevol' },
  notFound: replaceTaskNotFound,
  malformed: errors.malformedId('InvalidReplaceRootVolumeTaskId.Malformed', 'replacevol'),
  state: 'TaskState',
  lifecycle: { pending: { after: seconds(30), to: 'in-progress' }, 'in-progress': { after: seconds(30), to: 'succeeded' } },
  entering: {
    succeeded: async (task, ctx) => {
      task.CompleteTime = timeOf(ctx);
      if (!(await replace(task, ctx))) task.TaskState = 'failed';
    },
  },
  indexed: ['InstanceId'],
});

const rootOf = (instance: StoredInstance): string | undefined => instance.BlockDeviceMappings?.find((m) => m.DeviceName === instance.RootDeviceName)?.Ebs?.VolumeId;

/** The new root volume is like the one before it, but for what is on it. */
async function replacement(task: StoredTask, instance: StoredInstance, original: StoredVolume, ctx: Context): Promise<StoredVolume> {
  if (task.$.volumeId !== undefined) return ctx.get(volumes, task.$.volumeId);
  const image = task.ImageId === undefined ? undefined : await visibleImage(ctx, task.ImageId);
  const source = task.SnapshotId === undefined ? undefined : await snapshotForVolume(ctx, task.SnapshotId, image);
  const { VolumeType, Iops, Throughput, Encrypted, KmsKeyId } = original;
  const { volume } = await planVolume(instance.RootDeviceName!, {
    ...(task.SnapshotId === undefined ? {} : { SnapshotId: task.SnapshotId }), VolumeSize: Math.max(original.Size!, source?.VolumeSize ?? 0), VolumeType,
    ...(VolumeType === 'gp2' || Iops === undefined ? {} : { Iops }), ...(Throughput === undefined ? {} : { Throughput }), ...(Encrypted ? { Encrypted, ...(KmsKeyId === undefined ? {} : { KmsKeyId }) } : {}),
    ...(task.$.initializationRate === undefined ? {} : { VolumeInitializationRate: task.$.initializationRate }),
  }, { zoneName: original.AvailabilityZone!, outpostArn: original.OutpostArn, instanceId: instance.InstanceId!, tags: [], image: image ?? ((await visibleImage(ctx, instance.ImageId!)) as StoredImage) }, ctx);
  return ctx.create(volumes, { ...volume, Attachments: [], State: 'available' });
}

/** Puts the new root volume in the place of the old one; false where one of them is not there any more. */
async function replace(task: StoredTask, ctx: Context): Promise<boolean> {
  const instance = await ctx.find(instances, task.InstanceId!);
  const rootId = instance && rootOf(instance);
  const original = rootId === undefined ? undefined : await ctx.find(volumes, rootId);
  if (!instance || !original || instance.State!.Name !== 'running') return false;
  const wanted = task.$.volumeId === undefined ? undefined : await ctx.find(volumes, task.$.volumeId);
  if (task.$.volumeId !== undefined && wanted?.State !== 'available') return false;
  // What it was to be made of may be gone by now.
  const volume = await replacement(task, instance, original, ctx).catch(() => undefined);
  if (!volume) return false;
  const { DeleteOnTermination: doomed = true } = instance.BlockDeviceMappings!.find((m) => m.Ebs?.VolumeId === rootId)!.Ebs!;
  await detach(ctx, original, instance);
  await attach(ctx, volume, instance, instance.RootDeviceName!, doomed);
  // The root device stands first, as before.
  instance.BlockDeviceMappings!.unshift(instance.BlockDeviceMappings!.pop()!);
  await ctx.save(instances, instance);
  if (task.DeleteReplacedRootVolume) await ctx.remove(volumes, original);
  return true;
}

/** "The specified AMI must have the same product code, billing information, architecture type, and virtualization type as that of the instance." */
function checkImage(image: StoredImage, instance: StoredInstance): void {
  if (image.State !== 'available') throw errors.imageUnavailable(image.ImageId!);
  const same = image.Architecture === instance.Architecture && image.VirtualizationType === instance.VirtualizationType && image.UsageOperation === instance.UsageOperation;
  // assumed: the code and the text.
  if (!same) throw errors.invalidParameterCombination(`The image '${image.ImageId}' does not have the architecture, the virtualization type and the billing information of the instance '${instance.InstanceId}'`);
}

type Input = Ec2Operations['CreateReplaceRootVolumeTask']['input'];

/** The snapshot that the new volume begins with: the one given, the image's, or that of the launch. */
async function sourceOf(input: Input, instance: StoredInstance, original: StoredVolume, ctx: Context): Promise<string | undefined> {
  if (input.SnapshotId !== undefined) {
    const snapshot = await snapshotForVolume(ctx, input.SnapshotId);
    if (snapshot.VolumeId !== original.VolumeId) throw errors.invalidParameterValue(`The snapshot '${input.SnapshotId}' was not created from the root volume of the instance '${instance.InstanceId}'`);
    return input.SnapshotId;
  }
  if (input.ImageId === undefined) return original.SnapshotId || undefined;
  const image = await seenImage(ctx, input.ImageId);
  checkImage(image, instance);
  return image.BlockDeviceMappings?.find((m) => m.DeviceName === image.RootDeviceName)?.Ebs?.SnapshotId;
}

async function checkVolume(id: string, instance: StoredInstance, original: StoredVolume, ctx: Context): Promise<void> {
  const volume = await ctx.get(volumes, id);
  if (volume.AvailabilityZone !== instance.Placement!.AvailabilityZone) throw errors.zoneMismatch(id, instance.InstanceId!);
  if (volume.State !== 'available') throw errors.volumeNotAvailable(id);
  if (original.Encrypted && !volume.Encrypted) throw errors.invalidParameterCombination(`The volume '${id}' must be encrypted, as the root volume is`);
}

async function planTask(input: Input, ctx: Context): Promise<StoredTask> {
  if ([input.SnapshotId, input.ImageId, input.VolumeId].filter((given) => given !== undefined).length > 1) throw errors.invalidParameterCombination('Only one of SnapshotId, ImageId and VolumeId can be specified');
  const instance = await ctx.get(instances, input.InstanceId);
  if (instance.State!.Name !== 'running') throw invalidInstanceState(input.InstanceId, 'running');
  const rootId = rootOf(instance);
  if (rootId === undefined) throw errors.incorrectInstanceState(`The instance '${input.InstanceId}' has no root volume`);
  const original = await ctx.get(volumes, rootId);
  const active = (await ctx.list(replaceRootVolumeTasks, { member: 'InstanceId', value: input.InstanceId })).find((t) => /^(pending|in-progress)$/.test(t.TaskState!));
  if (active) throw errors.incorrectState(`The root volume of the instance '${input.InstanceId}' is already being replaced by the task '${active.ReplaceRootVolumeTaskId}'`);
  if (input.VolumeId !== undefined) await checkVolume(input.VolumeId, instance, original, ctx);
  const snapshotId = input.VolumeId === undefined ? await sourceOf(input, instance, original, ctx) : undefined;
  checkInitialization({ ...(input.VolumeInitializationRate === undefined ? {} : { VolumeInitializationRate: input.VolumeInitializationRate }), ...(snapshotId === undefined ? {} : { SnapshotId: snapshotId }) });
  return {
    InstanceId: input.InstanceId, TaskState: 'pending', StartTime: timeOf(ctx), DeleteReplacedRootVolume: input.DeleteReplacedRootVolume ?? false,
    ...(snapshotId === undefined ? {} : { SnapshotId: snapshotId }), ...(input.ImageId === undefined ? {} : { ImageId: input.ImageId }), $: { volumeId: input.VolumeId, initializationRate: input.VolumeInitializationRate },
  };
}

export const rootVolumeReplacementOperations = {
  CreateReplaceRootVolumeTask: creates(replaceRootVolumeTasks, planTask),
  DescribeReplaceRootVolumeTasks: describes(replaceRootVolumeTasks, { ids: 'ReplaceRootVolumeTaskIds' }),
} satisfies Handlers<Ec2Operations>;
