import type { DescribeFastLaunchImagesSuccessItem } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { describes, minutes, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { withLaunchTemplate } from '../instances/launch-templates.ts';
import { fastLaunchNotEnabled, fastLaunchUnsupported, incorrectImageState } from './errors.ts';
import { images, seenImage } from './images.ts';

type StoredFastLaunch = Wire<DescribeFastLaunchImagesSuccessItem>;

const settled = (item: StoredFastLaunch, ctx: Context): void => {
  item.StateTransitionReason = 'Client.UserInitiated - Lifecycle state transition';
  item.StateTransitionTime = ctx.now;
};

/**
 * One an image. The snapshots that Amazon EC2 makes beforehand are its own and not shown here; launches take as long as ever.
 * https://docs.aws.amazon.com/AWSEC2/latest/WindowsGuide/win-ami-config-fast-launch.html
 */
export const fastLaunches = resource<StoredFastLaunch>({
  service: 'ec2',
  kind: 'fast-launch',
  shape: 'DescribeFastLaunchImagesSuccessItem',
  id: { member: 'ImageId' },
  notFound: (ids) => images.notFound(ids),
  malformed: errors.malformedId('InvalidAMIID.Malformed', 'ami'),
  tags: null,
  state: 'State',
  // assumed: preparing the first snapshots, and taking them away, takes some minutes.
  lifecycle: { enabling: { after: minutes(10), to: 'enabled' }, disabling: { after: minutes(5), to: 'gone' } },
  entering: { enabled: settled },
  references: { ImageId: { kind: 'ec2:image', onDelete: 'cascade' } },
});

const PARALLEL_LAUNCHES = { min: 6, usual: 6 };
const TARGET_USUAL = 5;

async function templateOf(input: Ec2Operations['EnableFastLaunch']['input'], ctx: Context): Promise<StoredFastLaunch['LaunchTemplate']> {
  const wish = input.LaunchTemplate;
  if (wish === undefined) return undefined;
  const { LaunchTemplate: found } = await withLaunchTemplate(ctx, { MinCount: 1, MaxCount: 1, LaunchTemplate: wish });
  return { LaunchTemplateId: found!.LaunchTemplateId, ...(wish.LaunchTemplateName === undefined ? {} : { LaunchTemplateName: wish.LaunchTemplateName }), Version: wish.Version };
}

async function enable(input: Ec2Operations['EnableFastLaunch']['input'], ctx: Context): Promise<StoredFastLaunch> {
  if (input.ResourceType !== undefined && input.ResourceType !== 'snapshot') throw errors.invalidValue(input.ResourceType, 'resourceType', 'Valid values: snapshot');
  const launches = input.MaxParallelLaunches ?? PARALLEL_LAUNCHES.usual;
  if (launches < PARALLEL_LAUNCHES.min) throw errors.invalidValue(launches, 'maxParallelLaunches', `The value must be ${PARALLEL_LAUNCHES.min} or greater.`);
  const target = input.SnapshotConfiguration?.TargetResourceCount ?? TARGET_USUAL;
  if (target < 1) throw errors.invalidValue(target, 'targetResourceCount');
  const image = await seenImage(ctx, input.ImageId);
  if (image.State !== 'available') throw incorrectImageState(input.ImageId, image.State!);
  if (image.Platform?.toLowerCase() !== 'windows') throw fastLaunchUnsupported(input.ImageId);
  const LaunchTemplate = await templateOf(input, ctx);
  const earlier = await ctx.find(fastLaunches, input.ImageId);
  // "Amazon EC2 must remove all pre-provisioned snapshots before you can enable Windows fast launch again."
  if (earlier?.State === 'disabling') throw errors.incorrectState(`Windows fast launch is being disabled for image '${input.ImageId}'.`);
  if (earlier) await ctx.remove(fastLaunches, earlier);
  return ctx.create<StoredFastLaunch>(fastLaunches, {
    ImageId: input.ImageId, ResourceType: 'snapshot', SnapshotConfiguration: { TargetResourceCount: target }, ...(LaunchTemplate ? { LaunchTemplate } : {}), MaxParallelLaunches: launches, OwnerId: ctx.account,
    State: 'enabling', StateTransitionReason: 'Client.UserInitiated', StateTransitionTime: ctx.now,
  });
}

export const fastLaunchOperations = {
  EnableFastLaunch: enable,
  DescribeFastLaunchImages: describes(fastLaunches, { ids: 'ImageIds' }),
  /** Nothing can go wrong while the snapshots are cleaned up here, so Force has nothing to override. */
  DisableFastLaunch: async (input, ctx) => {
    const item = await ctx.find(fastLaunches, input.ImageId);
    if (!item) {
      await seenImage(ctx, input.ImageId);
      throw fastLaunchNotEnabled(input.ImageId);
    }
    if (item.State === 'disabling') return item;
    Object.assign(item, { StateTransitionReason: 'Client.UserInitiated', StateTransitionTime: ctx.now });
    return ctx.transition(fastLaunches, item, 'disabling');
  },
} satisfies Handlers<Ec2Operations>;
