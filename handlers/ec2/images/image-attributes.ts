import type { LaunchPermission } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { hours, isoTime, type Context, type Handlers } from '../../../src/kit/index.ts';
import { setting } from '../account-settings.ts';
import * as errors from '../errors.ts';
import { checkAccount, findShared, share, withChanges } from '../shares.ts';
import { snapshots } from '../snapshots/snapshots.ts';
import { isAwsManagedKey } from '../volumes/encryption.ts';
import { imageBlockedFromPublic, incorrectImageState, launchPermissionNotFound, managedKeyCannotBeShared } from './errors.ts';
import { images, lastLaunched, ownImage, seenImage, type StoredImage } from './images.ts';

type Permission = Wire<LaunchPermission>;
type Attributes = Ec2Operations['DescribeImageAttribute']['output'];
type ModifyInput = Ec2Operations['ModifyImageAttribute']['input'];

/** Of a new account, public sharing is blocked. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/block-public-access-to-amis.html */
const publicAccess = setting<'block-new-sharing' | 'unblocked'>('image-block-public-access', 'block-new-sharing');

const value = (text: string | undefined) => (text === undefined ? {} : { Value: text });

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImageAttribute.html */
const READ: Readonly<Record<string, (image: StoredImage, ctx: Context) => Attributes>> = {
  description: (i) => ({ Description: { Value: i.Description ?? '' } }),
  kernel: () => ({ KernelId: {} }),
  ramdisk: () => ({ RamdiskId: {} }),
  launchPermission: (i) => ({ LaunchPermissions: i.$?.launchPermissions ?? [] }),
  productCodes: (i) => ({ ProductCodes: i.ProductCodes ?? [] }),
  // "Using this attribute returns the Client.AuthFailure error."
  blockDeviceMapping: () => {
    throw errors.authFailure('Unauthorized attempt to access restricted resource');
  },
  sriovNetSupport: (i) => ({ SriovNetSupport: value(i.SriovNetSupport) }),
  bootMode: (i) => ({ BootMode: value(i.BootMode) }),
  tpmSupport: (i) => ({ TpmSupport: value(i.TpmSupport) }),
  uefiData: (i) => ({ UefiData: value(i.$?.uefiData) }),
  lastLaunchedTime: (i, ctx) => ({ LastLaunchedTime: value(lastLaunched(i, ctx)) }),
  imdsSupport: (i) => ({ ImdsSupport: value(i.ImdsSupport) }),
  deregistrationProtection: (i) => ({ DeregistrationProtection: { Value: i.DeregistrationProtection ?? 'disabled' } }),
};

interface Changes {
  readonly Add: readonly Permission[];
  readonly Remove: readonly Permission[];
}

/** The two forms of a change of launch permissions: lists with an operation, or permissions to add and to remove. */
function permissionChanges(input: ModifyInput): Changes {
  const listed: Permission[] = [
    ...(input.UserIds ?? []).map((UserId) => ({ UserId })), ...(input.UserGroups ?? []).map((Group) => ({ Group: Group as 'all' })),
    ...(input.OrganizationArns ?? []).map((OrganizationArn) => ({ OrganizationArn })), ...(input.OrganizationalUnitArns ?? []).map((OrganizationalUnitArn) => ({ OrganizationalUnitArn })),
  ];
  const { Add = [], Remove = [] } = input.LaunchPermission ?? {};
  // Packer says the same in both forms, and no operation: https://github.com/hashicorp/packer-plugin-amazon/blob/main/common/step_modify_ami_attributes.go
  if (listed.length > 0 && input.OperationType === undefined && !input.LaunchPermission) throw errors.missingParameter('operationType');
  const changes = { Add: [...Add, ...(input.OperationType === 'add' ? listed : [])], Remove: [...Remove, ...(input.OperationType === 'remove' ? listed : [])] };
  if (changes.Add.length + changes.Remove.length === 0) throw errors.missingParameter('launchPermission');
  for (const permission of [...changes.Add, ...changes.Remove]) checkPermission(permission);
  return changes;
}

const ORGANIZATION = /^arn:aws[a-z-]*:organizations::\d{12}:organization\/o-[a-z0-9]{10,32}$/;
const ORGANIZATIONAL_UNIT = /^arn:aws[a-z-]*:organizations::\d{12}:ou\/o-[a-z0-9]{10,32}\/ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}$/;

function checkPermission(permission: Permission): void {
  const { UserId, Group, OrganizationArn: organization, OrganizationalUnitArn: unit } = permission;
  if ([UserId, Group, organization, unit].filter((v) => v !== undefined).length !== 1) throw errors.invalidParameterCombination('A launch permission names one of a user ID, a group, an organization and an organizational unit');
  if (UserId !== undefined) checkAccount(UserId);
  if (Group !== undefined && Group !== 'all') throw errors.invalidValue(Group, 'userGroup');
  if (organization !== undefined && !ORGANIZATION.test(organization)) throw errors.invalidValue(organization, 'organizationArn');
  if (unit !== undefined && !ORGANIZATIONAL_UNIT.test(unit)) throw errors.invalidValue(unit, 'organizationalUnitArn');
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharing-amis.html */
async function checkShareable(ctx: Context, image: StoredImage, added: readonly Permission[]): Promise<void> {
  if (image.State === 'disabled') throw incorrectImageState(image.ImageId!, image.State);
  if (added.some((p) => p.Group === 'all') && (await publicAccess.of(ctx)) === 'block-new-sharing') throw imageBlockedFromPublic();
  for (const { Ebs } of image.BlockDeviceMappings ?? []) {
    const snapshot = Ebs?.SnapshotId === undefined ? undefined : await ctx.find(snapshots, Ebs.SnapshotId);
    if (isAwsManagedKey(snapshot?.KmsKeyId)) throw managedKeyCannotBeShared();
    if (snapshot?.Encrypted && added.some((p) => p.Group === 'all')) throw errors.invalidParameter('Images with encrypted snapshots cannot be made public.');
  }
}

const PUBLIC_LIFE_MS = hours(24) * 730;

/** A public image is deprecated two years after its creation at the latest. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-deprecate.html */
export const publicDeprecation = (image: StoredImage): string => isoTime(Date.parse(image.CreationDate!) + PUBLIC_LIFE_MS);

/** Others see at once what they may launch. assumed: organizations are not known, so what is shared with one is kept, shown and found by nobody. */
export async function setLaunchPermissions(ctx: Context, image: StoredImage, permissions: Permission[]): Promise<void> {
  image.$ = { ...image.$, launchPermissions: permissions };
  const isPublic = permissions.some((p) => p.Group === 'all');
  if (isPublic && !image.Public && (image.DeprecationTime === undefined || image.DeprecationTime > publicDeprecation(image))) image.DeprecationTime = publicDeprecation(image);
  image.Public = isPublic;
  await ctx.save(images, image);
  await share(ctx, 'image', image.ImageId!, permissions.flatMap((p) => p.Group ?? p.UserId ?? []));
}

type Change = (image: StoredImage, input: ModifyInput, ctx: Context) => Promise<void> | void;

const WRITE: Readonly<Record<string, Change>> = {
  description: (image, input) => void (image.Description = input.Description?.Value ?? input.Value ?? ''),
  imdsSupport: (image, input) => {
    const wanted = input.ImdsSupport?.Value ?? input.Value;
    if (wanted !== 'v2.0') throw errors.invalidValue(wanted, 'imdsSupport', 'Valid values: v2.0');
    image.ImdsSupport = wanted;
  },
  launchPermission: async (image, input, ctx) => {
    const { Add, Remove } = permissionChanges(input);
    if (Add.length > 0) await checkShareable(ctx, image, Add);
    await setLaunchPermissions(ctx, image, withChanges(image.$?.launchPermissions ?? [], Add, Remove));
  },
};

/**
 * AWS takes `Description` for `description`:
 * https://github.com/ansible-collections/amazon.aws/blob/main/tests/integration/targets/ec2_ami_snapshot/tasks/main.yml
 * assumed: it heeds no letter's case.
 */
const spelled = (attribute: string): string => Object.keys(WRITE).find((name) => name.toLowerCase() === attribute.toLowerCase()) ?? attribute;

/** "You can specify only one attribute at a time." */
function attributeOf(input: ModifyInput): string {
  if (input.ProductCodes?.length) throw errors.unsupportedOperation('The parameter ProductCodes is not supported.');
  const lists = [input.UserIds, input.UserGroups, input.OrganizationArns, input.OrganizationalUnitArns].some((l) => l?.length);
  const given = new Set([
    ...(input.Attribute === undefined ? [] : [spelled(input.Attribute)]), ...(input.Description === undefined ? [] : ['description']), ...(input.ImdsSupport === undefined ? [] : ['imdsSupport']),
    ...(input.LaunchPermission !== undefined || lists || input.OperationType !== undefined ? ['launchPermission'] : []),
  ]);
  if (given.size === 0) throw errors.invalidParameterCombination('No attributes specified.');
  if (given.size > 1) throw errors.invalidParameterCombination('Fields for multiple attribute types specified');
  const [name] = [...given];
  if (!Object.hasOwn(WRITE, name!)) throw errors.invalidValue(name, 'attribute');
  return name!;
}

export const imageAttributeOperations = {
  DescribeImageAttribute: async (input, ctx) => ({ ImageId: input.ImageId, ...READ[input.Attribute]!(await ownImage(ctx, input.ImageId), ctx) }),
  ModifyImageAttribute: async (input, ctx) => {
    const change = WRITE[attributeOf(input)]!;
    const image = await ownImage(ctx, input.ImageId);
    await change(image, input, ctx);
    await ctx.save(images, image);
    return {};
  },
  ResetImageAttribute: async (input, ctx) => {
    await setLaunchPermissions(ctx, await ownImage(ctx, input.ImageId), []);
    return {};
  },
  /** Who an image is shared with may end it. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/cancel-sharing-an-AMI.html */
  CancelImageLaunchPermission: async (input, ctx) => {
    const image = await findShared(ctx, images, input.ImageId);
    if (!image) {
      await seenImage(ctx, input.ImageId);
      throw launchPermissionNotFound(input.ImageId);
    }
    const permissions = image.$!.launchPermissions!;
    if (!permissions.some((p) => p.UserId === ctx.account)) throw launchPermissionNotFound(input.ImageId);
    await setLaunchPermissions(ctx.in(image.OwnerId!, ctx.region), image, permissions.filter((p) => p.UserId !== ctx.account));
    return { Return: true };
  },
  EnableImageBlockPublicAccess: async (input, ctx) => {
    await publicAccess.set(ctx, input.ImageBlockPublicAccessState);
    return { ImageBlockPublicAccessState: input.ImageBlockPublicAccessState };
  },
  GetImageBlockPublicAccessState: async (_input, ctx) => ({ ImageBlockPublicAccessState: await publicAccess.of(ctx), ManagedBy: 'account' }),
  DisableImageBlockPublicAccess: async (_input, ctx) => {
    await publicAccess.set(ctx, 'unblocked');
    return { ImageBlockPublicAccessState: 'unblocked' };
  },
} satisfies Handlers<Ec2Operations>;
