import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Context } from '../../../src/kit/index.ts';
import { volumes, type StoredVolume } from './volumes.ts';

type Details = NonNullable<NonNullable<Ec2Operations['DescribeVolumeStatus']['output']['VolumeStatuses']>[number]['InitializationStatusDetails']>;

/** assumed: how fast blocks come where no rate was provisioned, and that every block of the volume has to come. */
const DEFAULT_MIBPS = 100;

/**
 * How far the blocks of a snapshot or of another volume have been written to a volume that was made from it; undefined of an empty one,
 * which needs none. What comes of a fast restored snapshot is there at once. https://docs.aws.amazon.com/ebs/latest/userguide/ebs-initialize-monitor.html
 */
export function initializationOf(volume: StoredVolume, ctx: Context): { readonly state: 'initializing' | 'completed'; readonly details: Details } | undefined {
  const { SnapshotId: snapshot, SourceVolumeId: source, VolumeInitializationRate: rate } = volume;
  if (!snapshot && !source) return undefined;
  const wholeMs = volume.FastRestored ? 0 : ctx.delay(volumes, 'initializing', ((volume.Size! * 1024) / (rate ?? DEFAULT_MIBPS)) * 1000);
  const leftMs = Math.max(0, Date.parse(volume.CreateTime!) + wholeMs - ctx.nowMs);
  return {
    state: leftMs > 0 ? 'initializing' : 'completed',
    details: {
      InitializationType: source ? 'volume-copy' : rate === undefined ? 'default' : 'provisioned-rate', Progress: leftMs > 0 ? Math.min(99, Math.floor((1 - leftMs / wholeMs) * 100)) : 100,
      ...(rate === undefined ? {} : { EstimatedTimeToCompleteInSeconds: Math.ceil(leftMs / 1000) }),
    },
  };
}
