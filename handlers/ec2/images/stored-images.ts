import type { StoreImageTaskResult } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { checkTags, hours, minutes, pageOf, resource, wildcardMatcher, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { snapshotForVolume, snapshots, type StoredSnapshot } from '../snapshots/snapshots.ts';
import { imageNotInBucket, imageNotStorable, imageTooLarge, storeQuotaExceeded } from './errors.ts';
import { checkName, imageTags } from './image-making.ts';
import { images, visibleImage, type StoredImage } from './images.ts';

/** `$` holds the object itself: the image as it was, and its snapshots. */
export type StoredTask = Wire<StoreImageTaskResult> & { readonly TaskKey: string; $: { gib: number; image: StoredImage; snapshots: StoredSnapshot[]; objectTags: object[] } };

// assumed: how long it takes.
const STORING_TAKES = minutes(10);

/** Images as objects in a bucket. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-store-restore.html */
export const storeTasks = resource<StoredTask>({
  service: 'ec2',
  kind: 'store-image-task',
  shape: 'StoreImageTaskResult',
  id: { member: 'TaskKey' },
  notFound: errors.imageNotFound,
  tags: null,
  state: 'StoreTaskState',
  lifecycle: { InProgress: { after: STORING_TAKES, to: 'Completed' } },
  entering: { Completed: (task) => void (task.ProgressPercentage = 100) },
  indexed: ['AmiId', 'S3objectKey'],
});

// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-store-restore.html#ami-s3-limitations
const IMAGE_GIB_MAX = 5000;
const IN_PROGRESS_GIB_MAX = 1200;
const LISTED_MS = hours(31 * 24);

const blocksOf = (image: StoredImage) => (image.BlockDeviceMappings ?? []).filter((m) => m.Ebs?.SnapshotId !== undefined);

/** "You can't store an AMI if it's only publicly shared." What is shared with the account itself may be stored. */
async function storable(ctx: Context, id: string): Promise<StoredImage> {
  const image = (await visibleImage(ctx, id)) ?? (await ctx.get(images, id));
  if (image.State !== 'available') throw errors.imageUnavailable(id);
  if (image.RootDeviceType !== 'ebs' || (image.OwnerId !== ctx.account && image.Public)) throw imageNotStorable(id);
  return image;
}

/** assumed: that the bucket is there and is the caller's; the service that has buckets is another one. */
async function store(input: Ec2Operations['CreateStoreImageTask']['input'], ctx: Context): Promise<Ec2Operations['CreateStoreImageTask']['output']> {
  checkTags(input.S3ObjectTags ?? []);
  const image = await storable(ctx, input.ImageId);
  const held: StoredSnapshot[] = [];
  for (const { Ebs } of blocksOf(image)) held.push(await snapshotForVolume(ctx, Ebs!.SnapshotId!, image));
  const gib = held.reduce((sum, s) => sum + s.VolumeSize!, 0);
  if (gib > IMAGE_GIB_MAX) throw imageTooLarge(input.ImageId, IMAGE_GIB_MAX);
  const underway = (await ctx.list(storeTasks)).filter((t) => t.StoreTaskState === 'InProgress').reduce((sum, t) => sum + t.$.gib, 0);
  if (underway + gib > IN_PROGRESS_GIB_MAX && underway > 0) throw storeQuotaExceeded(IN_PROGRESS_GIB_MAX);
  const ObjectKey = `${input.ImageId}.bin`;
  await ctx.create<StoredTask>(storeTasks, {
    TaskKey: `${ObjectKey}/${ctx.ids.hex(17)}`, AmiId: input.ImageId, Bucket: input.Bucket, S3objectKey: ObjectKey, TaskStartTime: ctx.now, ProgressPercentage: 0, StoreTaskState: 'InProgress',
    $: { gib, image, snapshots: held, objectTags: input.S3ObjectTags ?? [] },
  });
  return { ObjectKey };
}

function progressing(task: StoredTask, ctx: Context): Wire<StoreImageTaskResult> {
  const { $: _kept, TaskKey: _key, ...shown } = task;
  if (task.StoreTaskState !== 'InProgress') return shown;
  const whole = ctx.delay(storeTasks, 'InProgress', STORING_TAKES);
  return { ...shown, ProgressPercentage: whole === 0 ? 99 : Math.min(99, Math.floor(((ctx.nowMs - Date.parse(task.TaskStartTime!)) / whole) * 100)) };
}

const FILTERS: Readonly<Record<string, 'StoreTaskState' | 'Bucket'>> = { 'task-state': 'StoreTaskState', bucket: 'Bucket' };
const IDS_MAX = 20;

/** "Tasks are listed in reverse chronological order. Currently, only tasks from the past 31 days can be viewed." */
async function describeTasks(input: Ec2Operations['DescribeStoreImageTasks']['input'], ctx: Context): Promise<Ec2Operations['DescribeStoreImageTasks']['output']> {
  const ids = input.ImageIds ?? [];
  if (ids.length > IDS_MAX) throw errors.invalidParameterValue(`Up to ${IDS_MAX} AMI IDs can be included in a request.`);
  for (const id of ids) if (!images.wellFormed(id)) throw images.malformed!(id);
  let tasks = ids.length > 0 ? await ctx.list(storeTasks, { member: 'AmiId', value: ids }) : await ctx.list(storeTasks);
  // "When you specify the ImageIds parameter, any filters that you specify are ignored."
  for (const { Name = '', Values = [] } of ids.length > 0 ? [] : (input.Filters ?? [])) {
    const member = Object.hasOwn(FILTERS, Name) ? FILTERS[Name]! : undefined;
    if (!member) throw errors.invalidParameterValue(`The filter '${Name}' is invalid`);
    const accepts = wildcardMatcher(Values);
    tasks = tasks.filter((t) => accepts(t[member]!));
  }
  const recent = tasks.filter((t) => ctx.nowMs - Date.parse(t.TaskStartTime!) < LISTED_MS).reverse();
  const { items, next } = pageOf(recent, input);
  return { StoreImageTaskResults: items.map((task) => progressing(task, ctx)), ...next };
}

/** A new image of new snapshots; "the restored AMI has the name that you give it, or the one it had". */
async function restore(input: Ec2Operations['CreateRestoreImageTask']['input'], ctx: Context): Promise<{ ImageId: string }> {
  const tags = imageTags(input.TagSpecifications);
  const object = (await ctx.list(storeTasks, { member: 'S3objectKey', value: input.ObjectKey })).findLast((t) => t.Bucket === input.Bucket && t.StoreTaskState === 'Completed');
  if (!object) throw imageNotInBucket(input.Bucket, input.ObjectKey);
  const { image, snapshots: held } = object.$;
  const Name = input.Name ?? image.Name!;
  await checkName(ctx, Name);
  const made = new Map<string, string>();
  for (const { SnapshotId, VolumeSize, Encrypted, KmsKeyId, Description } of held) {
    const copy = await ctx.create<StoredSnapshot>(snapshots, {
      SnapshotId: ctx.newId(snapshots), VolumeId: 'vol-ffffffff', VolumeSize, Encrypted, KmsKeyId, Description, State: 'pending', StartTime: ctx.now, Progress: '0%', OwnerId: ctx.account, StorageTier: 'standard', Tags: tags.snapshot,
    });
    made.set(SnapshotId!, copy.SnapshotId!);
  }
  const { $: _kept, Tags: _tags, Public: _public, ImageOwnerAlias: _alias, ...traits } = image;
  const BlockDeviceMappings = (image.BlockDeviceMappings ?? []).map((m) => (m.Ebs?.SnapshotId === undefined ? m : { ...m, Ebs: { ...m.Ebs, SnapshotId: made.get(m.Ebs.SnapshotId) } }));
  const id = ctx.newId(images);
  await ctx.create<StoredImage>(images, {
    ...traits, ImageId: id, Name, ImageLocation: `${ctx.account}/${Name}`, OwnerId: ctx.account, CreationDate: ctx.now, State: 'pending', Public: false, BlockDeviceMappings, Tags: tags.image,
    ...(image.$?.uefiData === undefined ? {} : { $: { uefiData: image.$.uefiData } }),
  });
  return { ImageId: id };
}

export const storedImageOperations = { CreateStoreImageTask: store, DescribeStoreImageTasks: describeTasks, CreateRestoreImageTask: restore } satisfies Handlers<Ec2Operations>;
