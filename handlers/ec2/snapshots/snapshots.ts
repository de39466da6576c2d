import type { Snapshot } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, deletes, describes, resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import { catalogSnapshot } from '../catalog/images.ts';
import { snapshotKeys } from '../condition-keys.ts';
import * as errors from '../errors.ts';
import { volumes } from '../volumes/volumes.ts';

export type StoredSnapshot = Wire<Snapshot>;

export const snapshots = resource<StoredSnapshot>({
  service: 'ec2',
  kind: 'snapshot',
  shape: 'Snapshot',
  id: { member: 'SnapshotId', prefix: 'snap' },
  notFound: (ids) => errors.notFound('InvalidSnapshot.NotFound', 'snapshot', '.')(ids),
  malformed: errors.malformedParameter('snapshotId', 'snap'),
  inUse: (id, by) => errors.snapshotInUse(id, by[0]!.id),
  arn: (s, _account, region) => `arn:aws:ec2:${region}::snapshot/${s.SnapshotId}`,
  state: 'State',
  lifecycle: { pending: { after: seconds(10), to: 'completed' } },
  entering: {
    completed: (s) => {
      s.Progress = '100%';
    },
  },
  references: { VolumeId: { kind: 'ec2:volume', onDelete: 'keep' } },
  filters: { status: 'State' },
  conditionKeys: snapshotKeys,
});

async function planSnapshot(input: Ec2Operations['CreateSnapshot']['input'], ctx: Context): Promise<Partial<StoredSnapshot>> {
  const volume = await ctx.get(volumes, input.VolumeId);
  if (volume.State !== 'available' && volume.State !== 'in-use') throw errors.incorrectVolumeState(volume.VolumeId!, volume.State!);
  return {
    VolumeId: volume.VolumeId, State: 'pending', StartTime: ctx.now, Progress: '0%', OwnerId: ctx.account, Description: input.Description ?? '',
    VolumeSize: volume.Size, Encrypted: volume.Encrypted, KmsKeyId: volume.KmsKeyId, StorageTier: 'standard',
  };
}

/** A snapshot as the source of a volume: the account's own, or one that belongs to a public image. */
export async function snapshotForVolume(ctx: Context, id: string): Promise<StoredSnapshot> {
  const found = (await ctx.find(snapshots, id)) ?? catalogSnapshot(ctx.region, id);
  if (!found) return ctx.get(snapshots, id);
  if (found.State === 'pending') throw errors.incorrectState(`Snapshot is in invalid state - ${found.State}`);
  return found;
}

export const snapshotOperations = {
  CreateSnapshot: creates(snapshots, planSnapshot),
  // A snapshot is its owner's alone until sharing is there: who asks for others' finds none.
  DescribeSnapshots: describes(snapshots, {
    ids: 'SnapshotIds',
    idsName: 'snapshotSet',
    visible: (_snapshot, input, ctx) => [input.OwnerIds, input.RestorableByUserIds].every((ids) => !ids?.length || ids.includes('self') || ids.includes(ctx.account)),
  }),
  DeleteSnapshot: deletes(snapshots, { id: 'SnapshotId' }),
} satisfies Handlers<Ec2Operations>;
