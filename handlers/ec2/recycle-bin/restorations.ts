import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Handlers } from '../../../src/kit/index.ts';
import { checkName } from '../images/image-making.ts';
import { images, type StoredImage } from '../images/images.ts';
import { share } from '../shares.ts';
import { snapshots, type StoredSnapshot } from '../snapshots/snapshots.ts';
import { volumes, type StoredVolume } from '../volumes/volumes.ts';
import { listed, takeOut } from './recycled.ts';

/** With whom it was shared when it was deleted. assumed: a restored snapshot or image is shared as before. */
const shareAgain = (permissions: readonly { readonly UserId?: string | undefined; readonly Group?: string | undefined }[] | undefined): string[] => (permissions ?? []).flatMap((p) => p.UserId ?? p.Group ?? []);

/** https://docs.aws.amazon.com/ebs/latest/userguide/recycle-bin-working-with-amis.html */
export const restorationOperations = {
  ListSnapshotsInRecycleBin: async (input, ctx) => {
    const { items, next } = await listed<StoredSnapshot>(ctx, 'EBS_SNAPSHOT', snapshots, input.SnapshotIds, input, ({ SnapshotId, Description, VolumeId }) => ({ SnapshotId, Description, VolumeId }));
    return { Snapshots: items, ...next };
  },
  RestoreSnapshotFromRecycleBin: async ({ SnapshotId: id }, ctx) => {
    const document = await takeOut(ctx, 'EBS_SNAPSHOT', snapshots, id);
    const { SnapshotId, OutpostArn, Description, Encrypted, OwnerId, Progress, StartTime, State, VolumeId, VolumeSize, SseType } = await ctx.create(snapshots, { ...document, State: 'recovering' });
    await share(ctx, 'snapshot', id, shareAgain(document.$?.permissions));
    return { SnapshotId, OutpostArn, Description, Encrypted, OwnerId, Progress, StartTime, State, VolumeId, VolumeSize, SseType };
  },
  ListImagesInRecycleBin: async (input, ctx) => {
    const { items, next } = await listed<StoredImage>(ctx, 'EC2_IMAGE', images, input.ImageIds, input, ({ ImageId, Name, Description }) => ({ ImageId, Name, Description }));
    return { Images: items, ...next };
  },
  /** "… you must first restore the snapshots". */
  RestoreImageFromRecycleBin: async ({ ImageId: id }, ctx) => {
    const document = await takeOut(ctx, 'EC2_IMAGE', images, id);
    await checkName(ctx, document.Name!);
    await ctx.getAll(snapshots, (document.BlockDeviceMappings ?? []).flatMap((m) => m.Ebs?.SnapshotId ?? []));
    await ctx.create(images, document);
    await share(ctx, 'image', id, shareAgain(document.$?.launchPermissions));
    return { Return: true };
  },
  ListVolumesInRecycleBin: async (input, ctx) => {
    const { items, next } = await listed<StoredVolume>(ctx, 'EBS_VOLUME', volumes, input.VolumeIds, input, ({ VolumeId, VolumeType, State, Size, Iops, Throughput, OutpostArn, AvailabilityZone, AvailabilityZoneId, SourceVolumeId, SnapshotId, Operator, CreateTime }) =>
      ({ VolumeId, VolumeType, State, Size, Iops, Throughput, OutpostArn, AvailabilityZone, AvailabilityZoneId, SourceVolumeId, SnapshotId, Operator, CreateTime }));
    return { Volumes: items, ...next };
  },
  RestoreVolumeFromRecycleBin: async ({ VolumeId: id }, ctx) => {
    await ctx.create(volumes, await takeOut(ctx, 'EBS_VOLUME', volumes, id));
    return { Return: true };
  },
} satisfies Handlers<Ec2Operations>;
