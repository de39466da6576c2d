import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { pageOf, type Context, type Handlers, type Structure } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { instances, type StoredInstance } from '../instances/instances.ts';
import { filtered } from '../regions.ts';
import { allowedImages, isAllowed } from './allowed-images.ts';
import { visibleImage } from './images.ts';

type Item = NonNullable<Ec2Operations['DescribeInstanceImageMetadata']['output']['InstanceImageMetadata']>[number];

/** assumed: of an image that the account cannot see any more, its id is all that is known. */
async function metadataOf(instance: StoredInstance, ctx: Context): Promise<Item> {
  const image = await visibleImage(ctx, instance.ImageId!);
  const { state, criteria } = await allowedImages.of(ctx);
  return {
    InstanceId: instance.InstanceId, InstanceType: instance.InstanceType, LaunchTime: instance.LaunchTime, AvailabilityZone: instance.Placement?.AvailabilityZone, ZoneId: instance.Placement?.AvailabilityZoneId,
    State: instance.State, OwnerId: ctx.account, Tags: instance.Tags ?? [], Operator: instance.Operator,
    ImageMetadata: {
      ImageId: instance.ImageId,
      ...(image && {
        Name: image.Name, OwnerId: image.OwnerId, State: image.State, ImageOwnerAlias: image.ImageOwnerAlias, CreationDate: image.CreationDate, DeprecationTime: image.DeprecationTime, IsPublic: image.Public,
        ImageAllowed: state === 'disabled' || isAllowed(image, criteria, ctx), ImageWatermarks: image.ImageWatermarks,
      }),
    },
  };
}

const READERS: Readonly<Record<string, (item: Item) => unknown>> = {
  'availability-zone': (i) => i.AvailabilityZone, 'instance-id': (i) => i.InstanceId, 'image-allowed': (i) => i.ImageMetadata?.ImageAllowed, 'instance-state-name': (i) => i.State?.Name, 'instance-type': (i) => i.InstanceType,
  'launch-time': (i) => i.LaunchTime, 'owner-alias': (i) => i.ImageMetadata?.ImageOwnerAlias, 'owner-id': (i) => i.ImageMetadata?.OwnerId, 'tag-key': (i) => i.Tags?.map((t) => t.Key), 'zone-id': (i) => i.ZoneId,
};

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceImageMetadata.html */
async function describeMetadata(input: Ec2Operations['DescribeInstanceImageMetadata']['input'], ctx: Context): Promise<Ec2Operations['DescribeInstanceImageMetadata']['output']> {
  const found = input.InstanceIds?.length ? await ctx.getAll(instances, input.InstanceIds) : await ctx.list(instances);
  const all: Item[] = [];
  for (const instance of found) all.push(await metadataOf(instance, ctx));
  const tags = (input.Filters ?? []).flatMap(({ Name = '' }) => (Name.startsWith('tag:') ? [[Name, (i: Item) => i.Tags?.find((t) => t.Key === Name.slice('tag:'.length))?.Value] as const] : []));
  const { items, next } = pageOf(filtered(all, input.Filters, { ...READERS, ...Object.fromEntries(tags) }), input as Structure, errors.invalidNextToken);
  return { InstanceImageMetadata: items, ...next };
}

export const instanceImageMetadataOperations = { DescribeInstanceImageMetadata: describeMetadata } satisfies Handlers<Ec2Operations>;
