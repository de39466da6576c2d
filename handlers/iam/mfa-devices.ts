import type { VirtualMFADevice } from '@aws-sdk/client-iam';
import type { IamOperations } from '../../fixtures/models/iam.ts';
import type { Wire } from '../../protocols/wire-types.ts';
import { BASE32, driftOf, resource, type Context, type Handlers } from '../../src/kit/index.ts';
import { ownerOf } from './access-keys.ts';
import { arnOf, checkedTags, joinedTags, paged } from './entities.ts';
import * as errors from './errors.ts';
import { qrCodePng } from './qr-code.ts';
import { userNamed, users } from './users.ts';

/** A virtual device has a seed, sealed, and stays when it is deactivated; a hardware device is known only while it is somebody's. */
export interface StoredMfaDevice {
  SerialNumber: string;
  EnableDate?: string;
  Tags: { Key: string; Value: string }[];
  $: { userId?: string; seed?: string; drift: number };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa.html */
export const mfaDevices = resource<StoredMfaDevice>({
  service: 'iam',
  kind: 'mfa',
  global: true,
  shape: 'VirtualMFADevice',
  id: { member: 'SerialNumber' },
  notFound: (ids) => errors.noSuchEntity(`VirtualMFADevice with serial number ${ids[0]} doesn't exist.`),
  arn: (d) => d.SerialNumber,
  references: { '$.userId': { kind: 'iam:user' } },
});

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const DEVICES_PER_USER = 8;
// assumed: 320 bits, as AWS's own seeds of 64 characters have.
const SEED_LENGTH = 64;
// assumed: enabling allows a device two steps of being fast or slow, and resynchronizing an hour.
const ENABLE_WINDOW = 2;
const RESYNC_WINDOW = 120;

export const mfaDevicesOf = (ctx: Context, userId: string): Promise<StoredMfaDevice[]> => ctx.list(mfaDevices, { member: '$.userId', value: userId });

async function virtualDevice(ctx: Context, serialNumber: string): Promise<StoredMfaDevice> {
  const device = await ctx.find(mfaDevices, serialNumber);
  if (device?.$.seed === undefined) throw mfaDevices.notFound([serialNumber]);
  return device;
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateVirtualMFADevice.html */
async function createVirtual(input: IamOperations['CreateVirtualMFADevice']['input'], ctx: Context): Promise<IamOperations['CreateVirtualMFADevice']['output']> {
  const path = input.Path ?? '/';
  if (path.includes('//')) throw errors.validationError('The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.');
  const serial = arnOf(ctx, 'mfa', path, input.VirtualMFADeviceName);
  if (await ctx.find(mfaDevices, serial)) throw errors.entityAlreadyExists('MFADevice entity at the same path and name already exists.');
  const seed = ctx.ids.text(BASE32, SEED_LENGTH);
  const device = await ctx.create(mfaDevices, { SerialNumber: serial, Tags: checkedTags(input.Tags), $: { seed: ctx.seal(seed), drift: 0 } });
  const account = ctx.principal.type === 'user' ? ctx.principal.name! : ctx.account;
  // The URI is the one that the API's page spells.
  const uri = `otpauth://totp/${encodeURIComponent(input.VirtualMFADeviceName)}@${encodeURIComponent(account)}?secret=${seed}`;
  return {
    VirtualMFADevice: {
      SerialNumber: serial, Base32StringSeed: Buffer.from(seed).toString('base64'), QRCodePNG: qrCodePng(uri).toString('base64'), ...(device.Tags.length > 0 ? { Tags: device.Tags } : {}),
    },
  };
}

function checkedDrift(ctx: Context, device: StoredMfaDevice, first: string, second: string, window: number): number {
  // assumed: codes of a hardware device cannot be checked without its maker's seeds: any two are taken.
  if (device.$.seed === undefined) return 0;
  const drift = driftOf(ctx.unseal(device.$.seed), first, second, ctx.nowMs, window);
  if (drift === undefined) throw errors.invalidAuthenticationCode();
  return drift;
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_EnableMFADevice.html */
async function enable(input: IamOperations['EnableMFADevice']['input'], ctx: Context): Promise<void> {
  const user = await userNamed(ctx, input.UserName);
  const present = await ctx.find(mfaDevices, input.SerialNumber);
  if (!present && input.SerialNumber.startsWith('arn:')) throw mfaDevices.notFound([input.SerialNumber]);
  // assumed: the text for a device that is somebody's already.
  if (present?.$.userId !== undefined) throw errors.entityAlreadyExists(`MFA device ${input.SerialNumber} is already in use.`);
  if ((await mfaDevicesOf(ctx, user.UserId!)).length >= DEVICES_PER_USER) throw errors.limitExceeded('MFADevicesPerUser', DEVICES_PER_USER);
  const device: StoredMfaDevice = present ?? { SerialNumber: input.SerialNumber, Tags: [], $: { drift: 0 } };
  device.$.drift = checkedDrift(ctx, device, input.AuthenticationCode1, input.AuthenticationCode2, ENABLE_WINDOW);
  device.$.userId = user.UserId!;
  device.EnableDate = ctx.wholeSecond;
  await (present ? ctx.save(mfaDevices, device) : ctx.create(mfaDevices, device));
}

/** A device of the user, or of who calls. */
async function deviceOf(ctx: Context, userName: string | undefined, serialNumber: string): Promise<StoredMfaDevice> {
  const owner = await ownerOf(ctx, userName);
  const device = await ctx.find(mfaDevices, serialNumber);
  if (device?.$.userId !== owner.userId) throw errors.noSuchEntity('MFA Device invalid for user.');
  return device;
}

async function deactivate(input: IamOperations['DeactivateMFADevice']['input'], ctx: Context): Promise<void> {
  const device = await deviceOf(ctx, input.UserName, input.SerialNumber);
  if (device.$.seed === undefined) return ctx.remove(mfaDevices, device);
  delete device.$.userId;
  delete device.EnableDate;
  device.$.drift = 0;
  await ctx.save(mfaDevices, device);
}

/** Tags are not part of lists. https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListVirtualMFADevices.html */
async function listedVirtual(ctx: Context, device: StoredMfaDevice): Promise<Wire<VirtualMFADevice>> {
  if (device.$.userId === undefined) return { SerialNumber: device.SerialNumber };
  const { $: _hidden, Tags: _tags, PermissionsBoundary: _boundary, ...user } = await ctx.get(users, device.$.userId);
  return { SerialNumber: device.SerialNumber, EnableDate: device.EnableDate!, User: user };
}

async function listVirtual(input: IamOperations['ListVirtualMFADevices']['input'], ctx: Context): Promise<IamOperations['ListVirtualMFADevices']['output']> {
  const all = (await ctx.list(mfaDevices)).filter((d) => d.$.seed !== undefined);
  const wanted = input.AssignmentStatus ?? 'Any';
  const chosen = all.filter((d) => wanted === 'Any' || (wanted === 'Assigned') === (d.$.userId !== undefined));
  const { page, ...rest } = paged(chosen, input);
  const VirtualMFADevices = [];
  for (const device of page) VirtualMFADevices.push(await listedVirtual(ctx, device));
  return { ...rest, VirtualMFADevices };
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetMFADevice.html */
async function getDevice(input: IamOperations['GetMFADevice']['input'], ctx: Context): Promise<IamOperations['GetMFADevice']['output']> {
  const device = input.UserName === undefined ? await ctx.get(mfaDevices, input.SerialNumber) : await deviceOf(ctx, input.UserName, input.SerialNumber);
  if (device.$.userId === undefined) return { SerialNumber: device.SerialNumber };
  return { SerialNumber: device.SerialNumber, UserName: (await ctx.get(users, device.$.userId)).UserName!, EnableDate: device.EnableDate! };
}

export const mfaDeviceOperations = {
  CreateVirtualMFADevice: createVirtual,
  EnableMFADevice: enable,
  ResyncMFADevice: async (input, ctx) => {
    const device = await deviceOf(ctx, input.UserName, input.SerialNumber);
    device.$.drift = checkedDrift(ctx, device, input.AuthenticationCode1, input.AuthenticationCode2, RESYNC_WINDOW);
    await ctx.save(mfaDevices, device);
  },
  DeactivateMFADevice: deactivate,
  DeleteVirtualMFADevice: async (input, ctx) => {
    const device = await virtualDevice(ctx, input.SerialNumber);
    if (device.$.userId !== undefined) throw errors.deleteConflict('MFA VirtualDevice in use. Must deactivate first.');
    await ctx.remove(mfaDevices, device);
  },
  ListMFADevices: async (input, ctx) => {
    const owner = await ownerOf(ctx, input.UserName);
    const { page, ...rest } = paged(await mfaDevicesOf(ctx, owner.userId), input);
    return { ...rest, MFADevices: page.map((d) => ({ UserName: owner.name ?? '', SerialNumber: d.SerialNumber, EnableDate: d.EnableDate! })) };
  },
  ListVirtualMFADevices: listVirtual,
  GetMFADevice: getDevice,
  TagMFADevice: async (input, ctx) => {
    const device = await virtualDevice(ctx, input.SerialNumber);
    device.Tags = joinedTags(device.Tags, input.Tags);
    await ctx.save(mfaDevices, device);
  },
  UntagMFADevice: async (input, ctx) => {
    const device = await virtualDevice(ctx, input.SerialNumber);
    device.Tags = device.Tags.filter((t) => !input.TagKeys.includes(t.Key));
    await ctx.save(mfaDevices, device);
  },
  ListMFADeviceTags: async (input, ctx) => {
    const { page, ...rest } = paged((await virtualDevice(ctx, input.SerialNumber)).Tags, input);
    return { ...rest, Tags: page };
  },
} satisfies Handlers<IamOperations>;
