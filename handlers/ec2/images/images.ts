import type { Image } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { describes, resource, seconds, specifiedTags, type Context, type Handlers, type TagPair } from '../../../src/kit/index.ts';
import { adoptedImage, catalogImage, catalogImages } from '../catalog/images.ts';
import { imageKeys } from '../condition-keys.ts';
import * as errors from '../errors.ts';
import { instances, type StoredInstance } from '../instances/instances.ts';
import { snapshots } from '../snapshots/snapshots.ts';
import { volumes } from '../volumes/volumes.ts';

export type StoredImage = Wire<Image> & { $?: { launchPermissions?: string[] } };
type Mapping = NonNullable<StoredImage['BlockDeviceMappings']>[number];

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AMIs.html */
export const images = resource<StoredImage>({
  service: 'ec2',
  kind: 'image',
  shape: 'Image',
  id: { member: 'ImageId', prefix: 'ami' },
  notFound: errors.imageNotFound,
  malformed: errors.malformedId('InvalidAMIID.Malformed', 'ami'),
  arn: (i, _account, region) => `arn:aws:ec2:${region}::image/${i.ImageId}`,
  state: 'State',
  lifecycle: { pending: { after: seconds(60), to: 'available' } },
  references: { 'BlockDeviceMappings.Ebs.SnapshotId': { kind: 'ec2:snapshot' } },
  indexed: ['Name'],
  filters: {
    'is-public': 'Public', 'owner-alias': 'ImageOwnerAlias', 'manifest-location': 'ImageLocation', 'product-code': 'ProductCodes.ProductCodeId', 'product-code.type': 'ProductCodes.ProductCodeType',
    'state-reason-code': 'StateReason.Code', 'state-reason-message': 'StateReason.Message', 'block-device-mapping.device-name': 'BlockDeviceMappings.DeviceName',
    'block-device-mapping.delete-on-termination': 'BlockDeviceMappings.Ebs.DeleteOnTermination', 'block-device-mapping.encrypted': 'BlockDeviceMappings.Ebs.Encrypted',
    'block-device-mapping.snapshot-id': 'BlockDeviceMappings.Ebs.SnapshotId', 'block-device-mapping.volume-size': 'BlockDeviceMappings.Ebs.VolumeSize',
    'block-device-mapping.volume-type': 'BlockDeviceMappings.Ebs.VolumeType', 'instance-type-specification.supported-instance-type': 'InstanceTypeSpecification.SupportedInstanceTypes.InstanceType',
    'instance-type-specification.unsupported-instance-type': 'InstanceTypeSpecification.UnsupportedInstanceTypes.InstanceType', 'source-instance-id': 'SourceInstanceId', 'source-image-id': 'SourceImageId', 'source-image-region': 'SourceImageRegion',
  },
  conditionKeys: imageKeys,
});

/** An image as RunInstances needs it: the account's own, a public one, or with `--adopt-images` any well-formed id. */
export async function imageForLaunch(ctx: Context, id: string): Promise<StoredImage> {
  const own = await ctx.find(images, id);
  if (own) {
    if (own.State !== 'available') throw errors.imageUnavailable(id);
    return own;
  }
  const known = catalogImage(ctx.region, id) ?? (ctx.world.settings.adoptImages ? withoutSnapshots(adoptedImage(id)) : undefined);
  return (known as StoredImage | undefined) ?? ctx.get(images, id);
}

/** Nobody knows the snapshots of an adopted image: its volumes start empty. */
const withoutSnapshots = (image: Image | undefined): Image | undefined =>
  image && { ...image, BlockDeviceMappings: image.BlockDeviceMappings?.map((m) => ({ ...m, ...(m.Ebs ? { Ebs: { ...m.Ebs, SnapshotId: undefined } } : {}) })) };

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateImage.html */
const NAME = /^[a-zA-Z0-9()[\] ./\-'@_]{3,128}$/;

async function checkName(ctx: Context, name: string): Promise<void> {
  if (!NAME.test(name)) throw errors.imageNameMalformed();
  const [other] = await ctx.list(images, { member: 'Name', value: name });
  if (other) throw errors.imageNameDuplicate(name, other.ImageId!);
}

async function createImage(input: Ec2Operations['CreateImage']['input'], ctx: Context): Promise<{ ImageId: string }> {
  const tags = specifiedTags(input.TagSpecifications as never, 'image', ['image', 'snapshot']);
  const snapshotTags = specifiedTags(input.TagSpecifications as never, 'snapshot', ['image', 'snapshot']);
  if (input.SnapshotLocation !== undefined && input.SnapshotLocation !== 'regional') throw errors.unsupportedOperation('The parameter SnapshotLocation is not supported by Fogbank yet.');
  const instance = await ctx.get(instances, input.InstanceId);
  if (!['running', 'stopped', 'stopping', 'pending'].includes(instance.State!.Name!)) throw errors.incorrectInstanceState(`Instance '${input.InstanceId}' is not 'running' or 'stopped'.`);
  await checkName(ctx, input.Name);
  const id = ctx.newId(images);
  const mappings = await snapshotAll(ctx, instance, id, snapshotTags);
  const source = catalogImage(ctx.region, instance.ImageId!) ?? (await ctx.find(images, instance.ImageId!));
  await ctx.create<StoredImage>(images, {
    ImageId: id, Name: input.Name, Description: input.Description ?? '', ImageLocation: `${ctx.account}/${input.Name}`, OwnerId: ctx.account, CreationDate: ctx.now, State: 'pending',
    Architecture: instance.Architecture, BlockDeviceMappings: merged(mappings, (input.BlockDeviceMappings ?? []) as Mapping[]), BootMode: source?.BootMode, EnaSupport: instance.EnaSupport, Hypervisor: 'xen',
    ImageType: 'machine', Platform: instance.Platform, PlatformDetails: instance.PlatformDetails, Public: false, RootDeviceName: instance.RootDeviceName,
    RootDeviceType: 'ebs', SourceInstanceId: instance.InstanceId, SourceImageId: instance.ImageId, SourceImageRegion: ctx.region, SriovNetSupport: source?.SriovNetSupport,
    UsageOperation: instance.UsageOperation, VirtualizationType: instance.VirtualizationType, ImdsSupport: source?.ImdsSupport, ProductCodes: [], Tags: tags,
  });
  return { ImageId: id };
}

/** A snapshot of every EBS volume of the instance. */
async function snapshotAll(ctx: Context, instance: StoredInstance, imageId: string, tags: TagPair[]): Promise<Mapping[]> {
  const mappings: Mapping[] = [];
  for (const { DeviceName, Ebs } of instance.BlockDeviceMappings ?? []) {
    const volume = await ctx.get(volumes, Ebs!.VolumeId!);
    const snapshot = await ctx.create(snapshots, {
      SnapshotId: ctx.newId(snapshots), VolumeId: volume.VolumeId, VolumeSize: volume.Size, State: 'pending', Progress: '0%', StartTime: ctx.now, OwnerId: ctx.account, Encrypted: volume.Encrypted,
      ...(volume.KmsKeyId ? { KmsKeyId: volume.KmsKeyId } : {}), Description: `Created by CreateImage(${instance.InstanceId}) for ${imageId}`, StorageTier: 'standard', Tags: tags,
    });
    mappings.push({ DeviceName, Ebs: { DeleteOnTermination: Ebs!.DeleteOnTermination, SnapshotId: snapshot.SnapshotId, VolumeSize: volume.Size, VolumeType: volume.VolumeType, Iops: volume.Iops, Throughput: volume.Throughput, Encrypted: volume.Encrypted } });
  }
  return mappings;
}

/** What the caller says of a device goes over what is there; NoDevice takes it out. */
function merged(present: readonly Mapping[], wished: readonly Mapping[]): Mapping[] {
  const byName = new Map(present.map((m) => [m.DeviceName, m]));
  for (const wish of wished) {
    const before = byName.get(wish.DeviceName);
    if (wish.NoDevice !== undefined) byName.delete(wish.DeviceName);
    else byName.set(wish.DeviceName, { ...before, ...wish, ...(before?.Ebs || wish.Ebs ? { Ebs: { ...before?.Ebs, ...wish.Ebs } } : {}) });
  }
  return [...byName.values()];
}

async function registerImage(input: Ec2Operations['RegisterImage']['input'], ctx: Context): Promise<{ ImageId: string }> {
  const tags = specifiedTags(input.TagSpecifications as never, 'image');
  for (const name of ['ImageLocation', 'KernelId', 'RamdiskId', 'BillingProducts'] as const) if (input[name] !== undefined) throw errors.unsupportedOperation(`The parameter ${name} is not supported by Fogbank yet.`);
  if (input.Name === undefined) throw errors.missingParameter('name');
  await checkName(ctx, input.Name);
  const mappings = (input.BlockDeviceMappings ?? []) as Mapping[];
  const rootDevice = input.RootDeviceName;
  if (rootDevice === undefined) throw errors.missingParameter('rootDeviceName');
  const root = mappings.find((m) => m.DeviceName === rootDevice);
  if (!root?.Ebs?.SnapshotId) throw errors.invalidBlockDeviceMapping(`The root device ${rootDevice} must have a snapshot in the block device mapping`);
  const architecture = input.Architecture ?? 'i386';
  const complete: Mapping[] = [];
  for (const mapping of mappings) complete.push(await completed(ctx, mapping));
  const id = ctx.newId(images);
  await ctx.create<StoredImage>(images, {
    ImageId: id, Name: input.Name, Description: input.Description, ImageLocation: `${ctx.account}/${input.Name}`, OwnerId: ctx.account, CreationDate: ctx.now, State: 'available',
    Architecture: architecture, BlockDeviceMappings: complete, BootMode: input.BootMode, EnaSupport: input.EnaSupport ?? false, Hypervisor: 'xen', ImageType: 'machine', PlatformDetails: 'Linux/UNIX',
    Public: false, RootDeviceName: rootDevice, RootDeviceType: 'ebs', SriovNetSupport: input.SriovNetSupport, TpmSupport: input.TpmSupport, UsageOperation: 'RunInstances',
    VirtualizationType: (input.VirtualizationType ?? 'paravirtual') as StoredImage['VirtualizationType'], ImdsSupport: input.ImdsSupport, ProductCodes: [], Tags: tags,
  });
  return { ImageId: id };
}

/** A mapping as DescribeImages shows it, with what the snapshot says. */
async function completed(ctx: Context, mapping: Mapping): Promise<Mapping> {
  if (!mapping.Ebs) return mapping;
  const snapshot = mapping.Ebs.SnapshotId === undefined ? undefined : await ctx.get(snapshots, mapping.Ebs.SnapshotId);
  const size = mapping.Ebs.VolumeSize ?? snapshot?.VolumeSize;
  if (size === undefined) throw errors.missingParameter('volumeSize or snapshotId');
  if (snapshot && size < snapshot.VolumeSize!) throw errors.invalidBlockDeviceMapping(`Volume of size ${size}GB is smaller than snapshot '${snapshot.SnapshotId}', expect size>= ${snapshot.VolumeSize}GB`);
  return { ...mapping, Ebs: { DeleteOnTermination: true, VolumeType: 'gp2', ...mapping.Ebs, VolumeSize: size, Encrypted: mapping.Ebs.Encrypted ?? snapshot?.Encrypted ?? false } };
}

type DescribeInput = Ec2Operations['DescribeImages']['input'];

/** Owners may be `self`, an alias or an account id. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html */
function visible(image: StoredImage, input: DescribeInput, ctx: Context): boolean {
  const own = image.OwnerId === ctx.account;
  const owners = input.Owners ?? [];
  if (owners.length > 0 && !owners.some((o) => (o === 'self' ? own : o === image.OwnerId || o === image.ImageOwnerAlias))) return false;
  const users = input.ExecutableUsers ?? [];
  if (users.length > 0 && !users.some((u) => (u === 'all' ? image.Public === true : u === 'self' ? !own && image.$?.launchPermissions?.includes(ctx.account) === true : image.$?.launchPermissions?.includes(u) === true))) return false;
  if (!own && input.IncludeDeprecated !== true && !input.ImageIds?.length && image.DeprecationTime !== undefined && image.DeprecationTime < ctx.now) return false;
  return true;
}

export const imageOperations = {
  CreateImage: createImage,
  RegisterImage: registerImage,
  DescribeImages: describes(images, { ids: 'ImageIds', also: (ctx) => catalogImages(ctx.region) as readonly StoredImage[], visible: (image, input, ctx) => visible(image, input, ctx) }),
  DeregisterImage: async (input, ctx) => {
    const image = await ctx.get(images, input.ImageId);
    await ctx.remove(images, image);
    const results: Ec2Operations['DeregisterImage']['output']['DeleteSnapshotResults'] = [];
    for (const snapshotId of (input.DeleteAssociatedSnapshots === true ? image.BlockDeviceMappings ?? [] : []).flatMap((m) => m.Ebs?.SnapshotId ?? [])) {
      const snapshot = await ctx.find(snapshots, snapshotId);
      const held = snapshot && (await ctx.referrers(snapshots, snapshotId)).some((r) => r.onDelete === 'refuse');
      if (snapshot && !held) await ctx.remove(snapshots, snapshot);
      results.push({ SnapshotId: snapshotId, ReturnCode: !snapshot ? 'missing-permissions' : held ? 'skipped' : 'success' });
    }
    return { Return: true, ...(input.DeleteAssociatedSnapshots === true ? { DeleteSnapshotResults: results } : {}) };
  },
} satisfies Handlers<Ec2Operations>;
