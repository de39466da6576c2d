import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Context, Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { instanceType } from '../catalog/instance-types.ts';
import { instances, type StoredInstance } from '../instances/instances.ts';
import { attachmentLimitExceeded, invalidDevice } from './errors.ts';
import { volumes, type StoredVolume } from './volumes.ts';

type Attachment = NonNullable<StoredVolume['Attachments']>[number];

/** As the EBS CSI driver found by trial: https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/pkg/cloud/devicemanager/device_names.go */
const DEVICE = /^(\/dev\/)?(sd[a-z]|sda[12]|xvd[a-z]|xvd[a-c][a-z]|xvdd[a-x])$/;

/**
 * "You can attach any number of Amazon EBS volumes up to that limit, less the number of attached network interfaces and NVMe instance store
 * volumes"; what DescribeInstanceTypes says leaves out the first interface and the instance's own disks already. Xen-based instances are
 * refused none: beyond 40 volumes they may only fail to boot. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/volume_limits.html
 */
function checkRoom(instance: StoredInstance): void {
  const { EbsInfo: ebs, Hypervisor: hypervisor } = instanceType(instance.InstanceType!) ?? {};
  if (ebs?.MaximumEbsAttachments === undefined || hypervisor === 'xen') return;
  const max = ebs.MaximumEbsAttachments - (ebs.AttachmentLimitType === 'shared' ? Math.max(0, (instance.NetworkInterfaces?.length ?? 0) - 1) : 0);
  const present = instance.BlockDeviceMappings?.filter((m) => m.Ebs).length ?? 0;
  if (present >= max) throw attachmentLimitExceeded(max);
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AttachVolume.html */
async function attachVolume(input: Ec2Operations['AttachVolume']['input'], ctx: Context): Promise<Attachment> {
  const volume = await ctx.get(volumes, input.VolumeId);
  const instance = await ctx.get(instances, input.InstanceId);
  if (volume.AvailabilityZone !== instance.Placement?.AvailabilityZone) throw errors.zoneMismatch(input.VolumeId, input.InstanceId);
  const shared = volume.MultiAttachEnabled === true && volume.State === 'in-use';
  if (volume.Attachments?.some((a) => a.InstanceId === input.InstanceId)) throw errors.alreadyAttached(input.VolumeId);
  if (volume.State === 'in-use' && !shared) throw errors.alreadyAttached(input.VolumeId);
  if (volume.State !== 'available' && !shared) throw errors.volumeNotAvailable(input.VolumeId);
  if (!['running', 'stopped'].includes(instance.State!.Name!)) throw errors.incorrectInstanceState(`Instance '${input.InstanceId}' is not 'running'.`);
  if (input.Device === undefined) throw errors.missingParameter('device');
  if (!DEVICE.test(input.Device)) throw invalidDevice(input.Device);
  if (instance.BlockDeviceMappings?.some((m) => m.DeviceName === input.Device)) throw errors.deviceInUse(input.Device);
  checkRoom(instance);
  return attach(ctx, volume, instance, input.Device, false);
}

/** Joins a volume to an instance on both sides, as AttachVolume and RunInstances do. */
export async function attach(ctx: Context, volume: StoredVolume, instance: StoredInstance, device: string, deleteOnTermination: boolean): Promise<Attachment> {
  const attachment: Attachment = {
    AttachTime: ctx.wholeSecond, DeleteOnTermination: deleteOnTermination, Device: device, InstanceId: instance.InstanceId, State: 'attached', VolumeId: volume.VolumeId,
  };
  volume.Attachments = [...(volume.Attachments ?? []), attachment];
  await ctx.transition(volumes, volume, 'in-use');
  (instance.BlockDeviceMappings ??= []).push({ DeviceName: device, Ebs: { AttachTime: ctx.wholeSecond, DeleteOnTermination: deleteOnTermination, Status: 'attached', VolumeId: volume.VolumeId, EbsCardIndex: 0 } });
  await ctx.save(instances, instance);
  // AttachVolume's answer shows the attachment on its way; the next DescribeVolumes shows it there.
  return { ...attachment, State: 'attaching' };
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DetachVolume.html */
async function detachVolume(input: Ec2Operations['DetachVolume']['input'], ctx: Context): Promise<Attachment> {
  const volume = await ctx.get(volumes, input.VolumeId);
  const instance = input.InstanceId === undefined ? undefined : await ctx.get(instances, input.InstanceId);
  const attachments = volume.Attachments ?? [];
  if (attachments.length === 0) throw errors.notAttached(input.VolumeId);
  const attachment = attachments.find((a) => (!instance || a.InstanceId === instance.InstanceId) && (input.Device === undefined || a.Device === input.Device));
  if (!attachment) throw errors.attachmentNotFound(`The volume '${input.VolumeId}' is not attached to instance '${input.InstanceId ?? ''}'${input.Device ? ` as device '${input.Device}'` : ''}.`);
  const owner = instance ?? (await ctx.get(instances, attachment.InstanceId!));
  if (owner.RootDeviceName === attachment.Device && owner.State!.Name !== 'stopped') {
    throw errors.operationNotPermitted(`Unable to detach root volume '${input.VolumeId}' from instance '${owner.InstanceId}'`);
  }
  await detach(ctx, volume, owner);
  return { ...attachment, State: 'detaching' };
}

/** Parts a volume from an instance on both sides. */
export async function detach(ctx: Context, volume: StoredVolume, instance: StoredInstance): Promise<void> {
  volume.Attachments = (volume.Attachments ?? []).filter((a) => a.InstanceId !== instance.InstanceId);
  await ctx.transition(volumes, volume, volume.Attachments.length > 0 ? 'in-use' : 'available');
  instance.BlockDeviceMappings = (instance.BlockDeviceMappings ?? []).filter((m) => m.Ebs?.VolumeId !== volume.VolumeId);
  await ctx.save(instances, instance);
}

export const volumeAttachmentOperations = { AttachVolume: attachVolume, DetachVolume: detachVolume } satisfies Handlers<Ec2Operations>;
