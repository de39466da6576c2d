import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { specifiedTags, type Context, type Handlers, type TagPair } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { instances, type StoredInstance } from '../instances/instances.ts';
import { share } from '../shares.ts';
import { isLocked } from '../snapshots/snapshot-locks.ts';
import { recycle } from '../recycle-bin/recycled.ts';
import { removeSnapshot, snapshotOf, snapshots } from '../snapshots/snapshots.ts';
import { VOLUME_TYPES, type VolumeKind } from '../volumes/volume-types.ts';
import { volumes, type StoredVolume } from '../volumes/volumes.ts';
import { rememberDeregistered } from './deregistered-images.ts';
import { deregistrationCooldown, deregistrationProtected, encryptedFlagWithSnapshot } from './errors.ts';
import { images, ownImage, visibleImage, type StoredImage } from './images.ts';

type Mapping = NonNullable<StoredImage['BlockDeviceMappings']>[number];

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateImage.html */
export const NAME = /^[a-zA-Z0-9()[\] ./\-'@_]{3,128}$/;

export async function checkName(ctx: Context, name: string): Promise<void> {
  if (!NAME.test(name)) throw errors.imageNameMalformed();
  const [other] = await ctx.list(images, { member: 'Name', value: name });
  if (other) throw errors.imageNameDuplicate(name, other.ImageId!);
}

const TAGGABLE = ['image', 'snapshot'];

export const imageTags = (specifications: unknown): { image: TagPair[]; snapshot: TagPair[] } => ({
  image: specifiedTags(specifications as never, 'image', TAGGABLE), snapshot: specifiedTags(specifications as never, 'snapshot', TAGGABLE),
});

/** The instance may run, be rebooted for it or not: it is the same instance after as before. */
async function createImage(input: Ec2Operations['CreateImage']['input'], ctx: Context): Promise<{ ImageId: string }> {
  const tags = imageTags(input.TagSpecifications);
  if (input.SnapshotLocation === 'local') throw errors.unsupportedOperation('The location local is only supported for instances in Local Zones.');
  const instance = await ctx.get(instances, input.InstanceId);
  // https://github.com/aws-samples/aws-systemsmanagerautomation-with-asglifecyclehooks/issues/2
  if (!['running', 'stopping', 'stopped'].includes(instance.State!.Name!)) throw errors.invalidParameterValue(`Invalid value '${input.InstanceId}' for instanceId. Instance is not in state 'running' or 'stopping' or 'stopped'`);
  if (input.BootModeOverride !== undefined && instance.CurrentInstanceBootMode !== 'uefi') throw errors.invalidParameterCombination(`The boot mode ${input.BootModeOverride} requires an instance whose current boot mode is uefi`);
  await checkName(ctx, input.Name);
  const id = ctx.newId(images);
  const source = await visibleImage(ctx, instance.ImageId!);
  const present = [...(await snapshotAll(ctx, instance, id, tags.snapshot)), ...(source?.BlockDeviceMappings ?? []).filter((m) => m.VirtualName !== undefined)];
  await ctx.create<StoredImage>(images, {
    ImageId: id, Name: input.Name, Description: input.Description ?? '', ImageLocation: `${ctx.account}/${input.Name}`, OwnerId: ctx.account, CreationDate: ctx.now, State: 'pending',
    Architecture: instance.Architecture, BlockDeviceMappings: await merged(ctx, present, (input.BlockDeviceMappings ?? []) as Mapping[]), BootMode: input.BootModeOverride ?? source?.BootMode, EnaSupport: instance.EnaSupport, Hypervisor: 'xen',
    ImageType: 'machine', Platform: instance.Platform, PlatformDetails: instance.PlatformDetails, Public: false, RootDeviceName: instance.RootDeviceName,
    RootDeviceType: 'ebs', SourceInstanceId: instance.InstanceId, SourceImageId: instance.ImageId, SourceImageRegion: ctx.region, SriovNetSupport: source?.SriovNetSupport, TpmSupport: source?.TpmSupport,
    UsageOperation: instance.UsageOperation, VirtualizationType: instance.VirtualizationType, ImdsSupport: source?.ImdsSupport, ProductCodes: [], Tags: tags.image,
    ...(source?.ImageWatermarks?.length ? { ImageWatermarks: source.ImageWatermarks } : {}),
  });
  return { ImageId: id };
}

// assumed: an image says what a launch may ask for, and the IOPS that the size of a gp2 volume gives it are none of that.
const performanceOf = ({ VolumeType, Iops, Throughput }: StoredVolume) => (VOLUME_TYPES.get(VolumeType as VolumeKind)?.iops ? { Iops, Throughput } : {});

/** A snapshot of every EBS volume of the instance. */
async function snapshotAll(ctx: Context, instance: StoredInstance, imageId: string, tags: TagPair[]): Promise<Mapping[]> {
  const mappings: Mapping[] = [];
  for (const { DeviceName, Ebs } of instance.BlockDeviceMappings ?? []) {
    const volume = await ctx.get(volumes, Ebs!.VolumeId!);
    const snapshot = await ctx.create(snapshots, { SnapshotId: ctx.newId(snapshots), ...snapshotOf(volume, `Created by CreateImage(${instance.InstanceId}) for ${imageId}`, ctx), Tags: tags });
    mappings.push({ DeviceName, Ebs: { DeleteOnTermination: Ebs!.DeleteOnTermination, SnapshotId: snapshot.SnapshotId, VolumeSize: volume.Size, VolumeType: volume.VolumeType, ...performanceOf(volume), Encrypted: volume.Encrypted } });
  }
  return mappings;
}

/**
 * What the caller says of a device goes over what is there, but for size and encryption; NoDevice takes it out. Another
 * size is taken and "can't change the volume size" (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateImage.html):
 * https://github.com/ansible-collections/amazon.aws/blob/main/tests/integration/targets/ec2_ami_instance/tasks/main.yml
 */
async function merged(ctx: Context, present: readonly Mapping[], wished: readonly Mapping[]): Promise<Mapping[]> {
  const byName = new Map(present.map((m) => [m.DeviceName, m]));
  for (const wish of wished) {
    const before = byName.get(wish.DeviceName);
    if (wish.NoDevice !== undefined) byName.delete(wish.DeviceName);
    else if (!before?.Ebs) byName.set(wish.DeviceName, await completed(ctx, wish));
    else {
      const { VolumeSize: size, Encrypted: encrypted, SnapshotId: snapshotId, ...rest } = wish.Ebs ?? {};
      // assumed: a smaller size is refused as RunInstances refuses it.
      if (size !== undefined) checkSize(size, before.Ebs.SnapshotId!, before.Ebs.VolumeSize!);
      if (encrypted !== undefined && encrypted !== before.Ebs.Encrypted) throw errors.invalidBlockDeviceMapping(`The encryption of device ${wish.DeviceName} cannot be changed by CreateImage`);
      if (snapshotId !== undefined) throw errors.invalidBlockDeviceMapping(`Device ${wish.DeviceName} is snapshotted by CreateImage and cannot have another snapshot`);
      const { Iops: _iops, Throughput: _throughput, ...kept } = before.Ebs;
      byName.set(wish.DeviceName, { ...before, Ebs: { ...(rest.VolumeType === undefined || rest.VolumeType === kept.VolumeType ? before.Ebs : kept), ...rest } });
    }
  }
  return [...byName.values()];
}

const UEFI_DATA_BYTES_MAX = 64 * 1024;

/** Terraform gives empty texts for what it leaves out. */
function checkRegistration(input: Ec2Operations['RegisterImage']['input']): void {
  if (input.Name === undefined) throw errors.missingParameter('name');
  if (input.RootDeviceName === undefined) throw errors.missingParameter('rootDeviceName');
  const virtualization = input.VirtualizationType ?? 'paravirtual';
  if (virtualization !== 'hvm' && virtualization !== 'paravirtual') throw errors.invalidValue(virtualization, 'virtualizationType', 'Valid values: hvm | paravirtual');
  if (input.SriovNetSupport !== undefined && input.SriovNetSupport !== 'simple') throw errors.invalidValue(input.SriovNetSupport, 'sriovNetSupport', 'Valid values: simple');
  if (input.TpmSupport !== undefined && input.BootMode !== 'uefi' && input.BootMode !== 'uefi-preferred') throw errors.invalidParameterCombination('TpmSupport requires the boot mode uefi');
  // "There is a 64 KB limit for the maximum data size."
  if (input.UefiData !== undefined && Buffer.byteLength(input.UefiData, 'base64') > UEFI_DATA_BYTES_MAX) throw errors.invalidParameterValue('The UEFI data is larger than 64 KB');
}

async function registerImage(input: Ec2Operations['RegisterImage']['input'], ctx: Context): Promise<{ ImageId: string }> {
  const tags = specifiedTags(input.TagSpecifications as never, 'image');
  checkRegistration(input);
  await checkName(ctx, input.Name);
  const mappings = (input.BlockDeviceMappings ?? []) as Mapping[];
  const root = mappings.find((m) => m.DeviceName === input.RootDeviceName);
  if (!root?.Ebs?.SnapshotId) throw errors.invalidBlockDeviceMapping(`The root device ${input.RootDeviceName} must have a snapshot in the block device mapping`);
  const complete: Mapping[] = [];
  for (const mapping of mappings) complete.push(await completed(ctx, mapping));
  const id = ctx.newId(images);
  await ctx.create<StoredImage>(images, {
    ImageId: id, Name: input.Name, Description: input.Description, ImageLocation: `${ctx.account}/${input.Name}`, OwnerId: ctx.account, CreationDate: ctx.now, State: 'available',
    Architecture: input.Architecture ?? 'i386', BlockDeviceMappings: complete, BootMode: input.BootMode, EnaSupport: input.EnaSupport ?? false, Hypervisor: 'xen', ImageType: 'machine', PlatformDetails: 'Linux/UNIX',
    Public: false, RootDeviceName: input.RootDeviceName, RootDeviceType: 'ebs', SriovNetSupport: input.SriovNetSupport, TpmSupport: input.TpmSupport, UsageOperation: 'RunInstances',
    VirtualizationType: (input.VirtualizationType ?? 'paravirtual') as StoredImage['VirtualizationType'], ImdsSupport: input.ImdsSupport, ProductCodes: [], Tags: tags,
    ...(input.UefiData === undefined ? {} : { $: { uefiData: input.UefiData } }),
  });
  return { ImageId: id };
}

function checkSize(size: number, snapshotId: string, least: number): void {
  if (size < least) throw errors.invalidBlockDeviceMapping(`Volume of size ${size}GB is smaller than snapshot '${snapshotId}', expect size>= ${least}GB`);
}

/** A mapping as DescribeImages shows it, with what the snapshot says. */
async function completed(ctx: Context, mapping: Mapping): Promise<Mapping> {
  if (!mapping.Ebs) return mapping;
  const snapshot = mapping.Ebs.SnapshotId === undefined ? undefined : await ctx.get(snapshots, mapping.Ebs.SnapshotId);
  if (snapshot && mapping.Ebs.Encrypted !== undefined) throw encryptedFlagWithSnapshot(mapping.DeviceName!);
  const size = mapping.Ebs.VolumeSize ?? snapshot?.VolumeSize;
  if (size === undefined) throw errors.missingParameter('volumeSize or snapshotId');
  if (snapshot) checkSize(size, snapshot.SnapshotId!, snapshot.VolumeSize!);
  return { ...mapping, Ebs: { DeleteOnTermination: true, VolumeType: 'gp2', ...mapping.Ebs, VolumeSize: size, Encrypted: snapshot?.Encrypted ?? mapping.Ebs.Encrypted ?? false } };
}

type Deleted = NonNullable<Ec2Operations['DeregisterImage']['output']['DeleteSnapshotResults']>;

/** Snapshots that other images use stay, and those that are locked. */
async function deleteSnapshots(ctx: Context, image: StoredImage): Promise<Deleted> {
  const results: Deleted = [];
  for (const SnapshotId of (image.BlockDeviceMappings ?? []).flatMap((m) => m.Ebs?.SnapshotId ?? [])) {
    const snapshot = await ctx.find(snapshots, SnapshotId);
    const held = snapshot && (await ctx.referrers(snapshots, SnapshotId)).some((r) => r.onDelete === 'refuse');
    const locked = snapshot && (await isLocked(ctx, SnapshotId));
    if (snapshot && !held && !locked) await removeSnapshot(ctx, snapshot);
    results.push({ SnapshotId, ReturnCode: !snapshot || locked ? 'client-error' : held ? 'skipped' : 'success' });
  }
  return results;
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/deregister-ami.html */
async function deregisterImage(input: Ec2Operations['DeregisterImage']['input'], ctx: Context): Promise<Ec2Operations['DeregisterImage']['output']> {
  const image = await ownImage(ctx, input.ImageId);
  if (image.DeregistrationProtection?.startsWith('enabled')) throw deregistrationProtected(input.ImageId);
  const until = image.$?.protectedUntil;
  if (until !== undefined && until > ctx.now) throw deregistrationCooldown(input.ImageId, until);
  await share(ctx, 'image', input.ImageId, []);
  await recycle(ctx, 'EC2_IMAGE', input.ImageId, image);
  await ctx.remove(images, image);
  await rememberDeregistered(ctx, input.ImageId);
  return { Return: true, ...(input.DeleteAssociatedSnapshots === true ? { DeleteSnapshotResults: await deleteSnapshots(ctx, image) } : {}) };
}

export const imageMakingOperations = { CreateImage: createImage, RegisterImage: registerImage, DeregisterImage: deregisterImage } satisfies Handlers<Ec2Operations>;
