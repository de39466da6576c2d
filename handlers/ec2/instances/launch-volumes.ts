import type { Context, TagPair } from '../../../src/kit/index.ts';
import { zone } from '../catalog/regions.ts';
import * as errors from '../errors.ts';
import type { StoredImage } from '../images/images.ts';
import { UNMANAGED } from '../managed-resources.ts';
import type { RunInput } from './run-instances.ts';
import { isFastRestored } from '../snapshots/fast-snapshot-restores.ts';
import { snapshotForVolume } from '../snapshots/snapshots.ts';
import { encryptionOf } from '../volumes/encryption.ts';
import { checkVolume, defaultIops, defaultThroughput, VOLUME_TYPES, type VolumeKind } from '../volumes/volume-types.ts';
import type { StoredSubnet } from '../vpcs/subnets.ts';
import { checkInitialization, volumes, type StoredVolume } from '../volumes/volumes.ts';

export interface LaunchVolume {
  readonly device: string;
  readonly deleteOnTermination: boolean;
  readonly volume: StoredVolume;
}

type Mapping = NonNullable<RunInput['BlockDeviceMappings']>[number];

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/device_naming.html#available-ec2-device-names */
const DEVICE = /^(\/dev\/)?(sd[a-z]([1-9]|1[0-5])?|xvd([a-z]|[a-d][a-z])\d{0,2}|hd[a-z]([1-9]|1[0-5])?)$/;

function checkMapping(wish: Mapping, seen: Set<string>): void {
  const { DeviceName: device, Ebs: ebs, VirtualName: virtual, NoDevice: none } = wish;
  if (device === undefined) throw errors.missingParameter('deviceName');
  if (!DEVICE.test(device)) throw errors.invalidBlockDeviceMapping(`Invalid device name ${device}`);
  if (seen.has(device)) throw errors.invalidBlockDeviceMapping(`The device '${device}' is used in more than one block-device mapping`);
  seen.add(device);
  if (virtual !== undefined && !/^ephemeral\d{1,2}$/.test(virtual)) throw errors.invalidBlockDeviceMapping(`Invalid virtual device name ${virtual}`);
  if (virtual !== undefined && ebs !== undefined) throw errors.invalidBlockDeviceMapping(`The device '${device}' cannot be both an EBS volume and an instance store volume`);
  if (ebs === undefined && virtual === undefined && none === undefined) throw errors.invalidBlockDeviceMapping(`The mapping of device '${device}' must have an EBS volume, a virtual device name or NoDevice`);
  for (const name of ['OutpostArn', 'AvailabilityZone', 'AvailabilityZoneId'] as const) if (ebs?.[name] !== undefined) throw errors.unsupportedOperation(`The parameter ${name} of a block device mapping is not supported by Fogbank yet.`);
  if (ebs?.EbsCardIndex !== undefined && ebs.EbsCardIndex !== 0) throw errors.invalidValue(ebs.EbsCardIndex, 'ebsCardIndex', 'The instance type has one EBS card.');
}

/** The image's devices with the request's over them; instance store devices are the type's and make no volume. */
export function mappings(input: RunInput, image: StoredImage): Mapping[] {
  const byDevice = new Map((image.BlockDeviceMappings ?? []).map((m) => [m.DeviceName!, m as Mapping]));
  const seen = new Set<string>();
  for (const wish of (input.BlockDeviceMappings ?? []) as Mapping[]) {
    checkMapping(wish, seen);
    const device = wish.DeviceName!;
    const under = byDevice.get(device);
    if (wish.NoDevice !== undefined && device === image.RootDeviceName) throw errors.invalidBlockDeviceMapping(`The root device '${device}' cannot be suppressed`);
    if (wish.NoDevice !== undefined) byDevice.delete(device);
    else byDevice.set(device, { ...wish, ...(wish.Ebs || under?.Ebs ? { Ebs: { ...under?.Ebs, ...wish.Ebs } } : {}) });
  }
  return [...byDevice.values()].filter((m) => m.Ebs !== undefined);
}

/** The volumes of one instance, attached and not yet stored. */
export async function planLaunchVolumes(input: RunInput, image: StoredImage, { AvailabilityZone, OutpostArn }: StoredSubnet, instanceId: string, tags: TagPair[], ctx: Context): Promise<LaunchVolume[]> {
  const planned: LaunchVolume[] = [];
  for (const { DeviceName: device, Ebs: ebs } of mappings(input, image)) planned.push(await planVolume(device!, ebs!, { zoneName: AvailabilityZone!, outpostArn: OutpostArn, instanceId, tags, image }, ctx));
  return planned;
}

/** One volume of an instance, attached and not yet stored. */
export async function planVolume(device: string, ebs: NonNullable<Mapping['Ebs']>, place: { zoneName: string; outpostArn: string | undefined; instanceId: string; tags: TagPair[]; image: StoredImage }, ctx: Context): Promise<LaunchVolume> {
  const source = ebs.SnapshotId === undefined ? undefined : await snapshotForVolume(ctx, ebs.SnapshotId, place.image);
  const type = (ebs.VolumeType ?? 'gp2') as VolumeKind;
  if (!VOLUME_TYPES.has(type)) throw errors.invalidValue(type, 'volumeType', 'Unknown volume type');
  const size = ebs.VolumeSize ?? source?.VolumeSize;
  if (size === undefined) throw errors.invalidBlockDeviceMapping(`Either a snapshot or a volume size is needed for device ${device}`);
  if (source && size < source.VolumeSize!) throw errors.invalidBlockDeviceMapping(`Volume of size ${size}GB is smaller than snapshot '${ebs.SnapshotId}', expect size>= ${source.VolumeSize}GB`);
  const iops = VOLUME_TYPES.get(type)!.iops ? ebs.Iops : undefined;
  if (ebs.Iops !== undefined && iops === undefined && type !== 'gp2') throw errors.invalidParameterCombination(`The parameter iops is not supported for ${type} volumes.`);
  const throughput = VOLUME_TYPES.get(type)!.throughputMibps ? ebs.Throughput : undefined;
  checkVolume({ type, sizeGib: size, iops, throughputMibps: throughput });
  if (ebs.Encrypted === false && source?.Encrypted) throw errors.invalidBlockDeviceMapping(`The volume for device ${device} must be encrypted, as its snapshot is`);
  checkInitialization(ebs);
  const id = ctx.newId(volumes);
  const deleteOnTermination = ebs.DeleteOnTermination ?? true;
  return {
    device, deleteOnTermination,
    volume: {
      VolumeId: id, AvailabilityZone: place.zoneName, AvailabilityZoneId: zone(ctx.region, place.zoneName)?.ZoneId, CreateTime: ctx.now,
      ...(await encryptionOf(ctx, ebs, source)), Iops: iops ?? defaultIops(type, size), Throughput: throughput ?? defaultThroughput(type),
      MultiAttachEnabled: false, Operator: UNMANAGED, Size: size, SnapshotId: ebs.SnapshotId ?? '', State: 'in-use', VolumeType: type, Tags: place.tags,
      ...(place.outpostArn === undefined ? {} : { OutpostArn: place.outpostArn }),
      ...(ebs.VolumeInitializationRate === undefined ? {} : { VolumeInitializationRate: ebs.VolumeInitializationRate }),
      ...(source && (await isFastRestored(ctx, source.SnapshotId!, place.zoneName)) ? { FastRestored: true } : {}),
      Attachments: [{ AttachTime: ctx.wholeSecond, DeleteOnTermination: deleteOnTermination, Device: device, InstanceId: place.instanceId, State: 'attached', VolumeId: id }],
    },
  };
}

export async function createLaunchVolumes(planned: readonly LaunchVolume[], ctx: Context): Promise<void> {
  for (const { volume } of planned) await ctx.create(volumes, volume);
}
