import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { hours, isoTime, minutes, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { checkUsable, snapshots } from '../snapshots/snapshots.ts';
import { incorrectImageState } from './errors.ts';
import { publicDeprecation, setLaunchPermissions } from './image-attributes.ts';
import { images, ownImage, type StoredImage } from './images.ts';

const DEPRECATION_YEARS_MAX = 10;

/** "If you specify a value for seconds, Amazon EC2 rounds the seconds to the nearest minute." */
const toMinute = (ms: number): string => isoTime(Math.round(ms / minutes(1)) * minutes(1));

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-deprecate.html */
async function deprecate(input: Ec2Operations['EnableImageDeprecation']['input'], ctx: Context): Promise<{ Return: boolean }> {
  const at = Date.parse(input.DeprecateAt);
  const image = await ownImage(ctx, input.ImageId);
  if (at < ctx.nowMs) throw errors.invalidValue(input.DeprecateAt, 'deprecateAt', 'You can\'t specify a date in the past.');
  const latest = image.Public ? publicDeprecation(image) : isoTime(ctx.nowMs + DEPRECATION_YEARS_MAX * 365.25 * hours(24));
  if (isoTime(at) > latest) throw errors.invalidValue(input.DeprecateAt, 'deprecateAt', `The date must not be later than ${latest}.`);
  await ctx.save(images, { ...image, DeprecationTime: toMinute(at) });
  return { Return: true };
}

const COOLDOWN_MS = hours(24);

/** What was enabled with a cooldown stays protected for a day after it is disabled. */
async function protect(ctx: Context, image: StoredImage, protection: string): Promise<{ Return: string }> {
  const cooling = protection === 'disabled' && image.DeregistrationProtection === 'enabled-with-cooldown';
  const { protectedUntil: before, ...attributes } = image.$ ?? {};
  const until = cooling ? isoTime(ctx.nowMs + COOLDOWN_MS) : before;
  await ctx.save(images, { ...image, DeregistrationProtection: protection, $: { ...attributes, ...(until === undefined ? {} : { protectedUntil: until }) } });
  return { Return: protection };
}

export const imageStateOperations = {
  /** A disabled image is nobody's but its owner's. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/disable-an-ami.html */
  DisableImage: async (input, ctx) => {
    const image = await ownImage(ctx, input.ImageId);
    if (image.State === 'disabled') return { Return: true };
    if (image.State !== 'available') throw incorrectImageState(input.ImageId, image.State!);
    await ctx.transition(images, image, 'disabled');
    await setLaunchPermissions(ctx, image, []);
    return { Return: true };
  },
  /** "If any snapshots were archived, they must be restored first." */
  EnableImage: async (input, ctx) => {
    const image = await ownImage(ctx, input.ImageId);
    if (image.State === 'available') return { Return: true };
    if (image.State !== 'disabled') throw incorrectImageState(input.ImageId, image.State!);
    for (const { Ebs } of image.BlockDeviceMappings ?? []) if (Ebs?.SnapshotId !== undefined) checkUsable(await ctx.get(snapshots, Ebs.SnapshotId));
    await ctx.transition(images, image, 'available');
    return { Return: true };
  },
  EnableImageDeprecation: deprecate,
  DisableImageDeprecation: async (input, ctx) => {
    const { DeprecationTime: _time, ...image } = await ownImage(ctx, input.ImageId);
    // A public image is deprecated some day all the same.
    await ctx.save(images, image.Public ? { ...image, DeprecationTime: publicDeprecation(image) } : image);
    return { Return: true };
  },
  /** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-deregistration-protection.html */
  EnableImageDeregistrationProtection: async (input, ctx) => protect(ctx, await ownImage(ctx, input.ImageId), input.WithCooldown ? 'enabled-with-cooldown' : 'enabled-without-cooldown'),
  DisableImageDeregistrationProtection: async (input, ctx) => protect(ctx, await ownImage(ctx, input.ImageId), 'disabled'),
} satisfies Handlers<Ec2Operations>;
