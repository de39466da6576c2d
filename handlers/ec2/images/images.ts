import type { Image, LaunchPermission } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { describes, hours, isoTime, resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import { adoptedImage, catalogImage, catalogImages } from '../catalog/images.ts';
import { imageKeys } from '../condition-keys.ts';
import * as errors from '../errors.ts';
import { findShared, sharedWith } from '../shares.ts';
import { allowedImages, isAllowed } from './allowed-images.ts';
import { deregisteredImages, recentlyDeregistered } from './deregistered-images.ts';
import { imageGone, imageNotOwned } from './errors.ts';

/** `$` holds what attributes alone show, and when it was last launched and by which other accounts. */
export type StoredImage = Wire<Image> & { $?: ImageAttributes };

export interface ImageAttributes {
  launchPermissions?: Wire<LaunchPermission>[];
  uefiData?: string;
  /** Until when an image is protected after its protection was disabled. */
  protectedUntil?: string;
  launchedAt?: string;
  launchedBefore?: string | undefined;
  usedBy?: string[];
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AMIs.html */
export const images = resource<StoredImage>({
  service: 'ec2',
  kind: 'image',
  shape: 'Image',
  untagged: 'absent',
  id: { member: 'ImageId', prefix: 'ami' },
  notFound: errors.imageNotFound,
  malformed: errors.malformedId('InvalidAMIID.Malformed', 'ami'),
  arn: (i, _account, region) => `arn:aws:ec2:${region}::image/${i.ImageId}`,
  state: 'State',
  lifecycle: { pending: { after: seconds(60), to: 'available' } },
  references: { 'BlockDeviceMappings.Ebs.SnapshotId': { kind: 'ec2:snapshot' } },
  indexed: ['Name'],
  filters: {
    'image-allowed': 'ImageAllowed',
    'is-public': 'Public', 'owner-alias': 'ImageOwnerAlias', 'manifest-location': 'ImageLocation', 'product-code': 'ProductCodes.ProductCodeId', 'product-code.type': 'ProductCodes.ProductCodeType',
    'state-reason-code': 'StateReason.Code', 'state-reason-message': 'StateReason.Message', 'block-device-mapping.device-name': 'BlockDeviceMappings.DeviceName',
    'block-device-mapping.delete-on-termination': 'BlockDeviceMappings.Ebs.DeleteOnTermination', 'block-device-mapping.encrypted': 'BlockDeviceMappings.Ebs.Encrypted',
    'block-device-mapping.snapshot-id': 'BlockDeviceMappings.Ebs.SnapshotId', 'block-device-mapping.volume-size': 'BlockDeviceMappings.Ebs.VolumeSize',
    'block-device-mapping.volume-type': 'BlockDeviceMappings.Ebs.VolumeType', 'instance-type-specification.supported-instance-type': 'InstanceTypeSpecification.SupportedInstanceTypes.InstanceType',
    'instance-type-specification.unsupported-instance-type': 'InstanceTypeSpecification.UnsupportedInstanceTypes.InstanceType', 'source-instance-id': 'SourceInstanceId', 'source-image-id': 'SourceImageId', 'source-image-region': 'SourceImageRegion',
  },
  conditionKeys: imageKeys,
});

/** An image that this account can see: its own, one shared with it, or a public one. */
export async function visibleImage(ctx: Context, id: string): Promise<StoredImage | undefined> {
  return (await ctx.find(images, id)) ?? (await findShared(ctx, images, id)) ?? (catalogImage(ctx.region, id) as StoredImage | undefined);
}

export async function seenImage(ctx: Context, id: string): Promise<StoredImage> {
  return (await visibleImage(ctx, id)) ?? ctx.get(images, id);
}

/** An image that the account may change; another's that it can see is not its own, and one that was deregistered lately is told from one that never was. */
export async function ownImage(ctx: Context, id: string): Promise<StoredImage> {
  const own = await ctx.find(images, id);
  if (!own && (await visibleImage(ctx, id))) throw imageNotOwned(id);
  if (!own && (await ctx.find(deregisteredImages, id))) throw imageGone(id);
  return own ?? ctx.get(images, id);
}

/** Whether an id is that of an image here: with `--adopt-images` every well-formed one is. */
export const isImage = async (id: string, ctx: Context): Promise<boolean> => (await visibleImage(ctx, id)) !== undefined || (ctx.world.settings.adoptImages && adoptedImage(id) !== undefined);

/** An image as RunInstances needs it: one that the account can see and may use, or with `--adopt-images` any well-formed id. */
export async function imageForLaunch(ctx: Context, id: string): Promise<StoredImage> {
  const image = (await visibleImage(ctx, id)) ?? (ctx.world.settings.adoptImages ? (withoutSnapshots(adoptedImage(id)) as StoredImage | undefined) : undefined);
  if (!image) return ctx.get(images, id);
  if (image.State !== 'available') throw errors.imageUnavailable(id);
  const allowed = await allowedImages.of(ctx);
  // assumed: to who may not use it, an image that is not allowed is not there.
  if (allowed.state === 'enabled' && !isAllowed(image, allowed.criteria, ctx)) throw errors.imageNotFound([id]);
  return image;
}

/** Nobody knows the snapshots of an adopted image: its volumes start empty. */
const withoutSnapshots = (image: Image | undefined): Image | undefined =>
  image && { ...image, BlockDeviceMappings: image.BlockDeviceMappings?.map((m) => ({ ...m, ...(m.Ebs ? { Ebs: { ...m.Ebs, SnapshotId: undefined } } : {}) })) };

// "When the AMI is used to launch an instance, there is a 24-hour delay before that usage is reported."
const REPORTED_AFTER_MS = hours(24);
const reportable = (at: string | undefined, ctx: Context): boolean => at !== undefined && at <= isoTime(ctx.nowMs - REPORTED_AFTER_MS);

/** Notes a launch with its owner's image. Public images of AWS are not anybody's here. */
export async function noteLaunch(ctx: Context, { ImageId, OwnerId }: StoredImage): Promise<void> {
  const owner = ctx.in(OwnerId!, ctx.region);
  const image = await owner.find(images, ImageId!);
  if (!image) return;
  const { launchedAt, launchedBefore, usedBy = [] } = image.$ ?? {};
  const users = OwnerId === ctx.account || usedBy.includes(ctx.account) ? usedBy : [...usedBy, ctx.account];
  image.$ = { ...image.$, launchedAt: ctx.now, launchedBefore: reportable(launchedAt, ctx) ? launchedAt : launchedBefore, usedBy: users };
  await owner.save(images, image);
}

export const lastLaunched = ({ $: attributes }: StoredImage, ctx: Context): string | undefined => (reportable(attributes?.launchedAt, ctx) ? attributes!.launchedAt : attributes?.launchedBefore);

type DescribeInput = Ec2Operations['DescribeImages']['input'];

/** Others' tags are shown only where they are meant for sharing. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html */
const asOthersSee = ({ Tags, LastLaunchedTime: _launched, ...image }: StoredImage): StoredImage => ({ ...image, Tags: (Tags ?? []).filter((t) => t.Key?.startsWith('ec2:SharedTag/')) });

async function others(ctx: Context): Promise<readonly StoredImage[]> {
  const found = [...(catalogImages(ctx.region) as readonly StoredImage[]), ...(await sharedWith(ctx, images)).map(asOthersSee)];
  const { state, criteria } = await allowedImages.of(ctx);
  // assumed: while the setting is disabled nothing is said of any image.
  if (state === 'disabled') return found;
  const judged = found.map((image) => ({ ...image, ImageAllowed: isAllowed(image, criteria, ctx) }));
  return state === 'enabled' ? judged.filter((image) => image.ImageAllowed) : judged;
}

/** An image that is asked for by its id may be gone: it is known, and not visible. */
async function othersAndGone(ctx: Context, input: DescribeInput): Promise<readonly StoredImage[]> {
  const found = await others(ctx);
  if (!input.ImageIds?.length) return found;
  return [...found, ...(await recentlyDeregistered(ctx)).map((ImageId) => ({ ImageId, State: 'deregistered' as const }))];
}

async function complete(image: StoredImage, ctx: Context): Promise<StoredImage> {
  if (image.OwnerId !== ctx.account) return image;
  const launched = lastLaunched(image, ctx);
  const { state } = await allowedImages.of(ctx);
  return { ...image, ...(launched === undefined ? {} : { LastLaunchedTime: launched }), ...(state === 'disabled' ? {} : { ImageAllowed: true }) };
}

/** Owners may be `self`, an alias or an account id. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html */
function visible(image: StoredImage, input: DescribeInput, ctx: Context): boolean {
  if (image.State === 'deregistered') return false;
  const own = image.OwnerId === ctx.account;
  const owners = input.Owners ?? [];
  if (owners.length > 0 && !owners.some((o) => (o === 'self' ? own : o === image.OwnerId || o === image.ImageOwnerAlias))) return false;
  const users = input.ExecutableUsers ?? [];
  const sharedByName = (account: string) => image.$?.launchPermissions?.some((p) => p.UserId === account) === true;
  if (users.length > 0 && !users.some((u) => (u === 'all' ? image.Public === true : u === 'self' ? !own && sharedByName(ctx.account) : sharedByName(u)))) return false;
  if (image.State === 'disabled' && input.IncludeDisabled !== true) return false;
  if (!own && input.IncludeDeprecated !== true && !input.ImageIds?.length && image.DeprecationTime !== undefined && image.DeprecationTime < ctx.now) return false;
  return true;
}

function checkInput(input: DescribeInput): DescribeInput {
  errors.checkUsers(input.Owners, ['self', 'amazon', 'aws-backup-vault', 'aws-marketplace']);
  errors.checkUsers(input.ExecutableUsers, ['self', 'all']);
  return input;
}

export const imageOperations = {
  DescribeImages: describes(images, { ids: 'ImageIds', prepare: checkInput, also: othersAndGone, complete, visible }),
} satisfies Handlers<Ec2Operations>;
