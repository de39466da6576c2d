import type { CreateVolumePermission, Image, Snapshot } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, deletes, describes, minutes, resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import { catalogImages, catalogSnapshot } from '../catalog/images.ts';
import { snapshotKeys } from '../condition-keys.ts';
import * as errors from '../errors.ts';
import { recycle } from '../recycle-bin/recycled.ts';
import { findShared, share, sharedWith } from '../shares.ts';
import { volumes, type StoredVolume } from '../volumes/volumes.ts';
import { invalidSnapshotState, snapshotArchived, snapshotNotOwned } from './errors.ts';
import { refuseWhileLocked, startLock } from './snapshot-locks.ts';

/** `$` holds who may make volumes of it. */
export type StoredSnapshot = Wire<Snapshot> & { $?: { permissions?: Wire<CreateVolumePermission>[] } };

/** A copy takes longer than a snapshot, a time-based one as long as it was asked to at most. */
const takes = (s: StoredSnapshot): number => (s.CompletionDurationMinutes !== undefined ? minutes(s.CompletionDurationMinutes) : seconds(s.TransferType === undefined ? 10 : 60));

export const snapshots = resource<StoredSnapshot>({
  service: 'ec2',
  kind: 'snapshot',
  shape: 'Snapshot',
  untagged: 'absent',
  id: { member: 'SnapshotId', prefix: 'snap' },
  notFound: (ids) => errors.notFound('InvalidSnapshot.NotFound', 'snapshot', '.')(ids),
  malformed: errors.malformedParameter('snapshotId', 'snap'),
  inUse: (id, by) => errors.snapshotInUse(id, by[0]!.id),
  arn: (s, _account, region) => `arn:aws:ec2:${region}::snapshot/${s.SnapshotId}`,
  state: 'State',
  // assumed: what is restored from the Recycle Bin recovers for a minute.
  lifecycle: { pending: { after: takes, to: 'completed' }, recovering: { after: minutes(1), to: 'completed' } },
  entering: {
    completed: async (s, ctx) => {
      s.Progress = '100%';
      s.CompletionTime ??= ctx.now;
      await startLock(ctx, s.SnapshotId!);
    },
  },
  references: { VolumeId: { kind: 'ec2:volume', onDelete: 'keep' } },
  filters: { status: 'State', 'last-tiering-operation': '$.tiering.LastTieringOperationStatus' },
  conditionKeys: snapshotKeys,
});

/** A new snapshot of a volume, as CreateSnapshot, CreateSnapshots and CreateImage make it: how far it is only listings say. */
export function snapshotOf(volume: StoredVolume, description: string, ctx: Context): Partial<StoredSnapshot> {
  return {
    VolumeId: volume.VolumeId, State: 'pending', StartTime: ctx.now, Progress: '', OwnerId: ctx.account, Description: description,
    VolumeSize: volume.Size, Encrypted: volume.Encrypted, KmsKeyId: volume.KmsKeyId, StorageTier: 'standard',
  };
}

async function planSnapshot(input: Ec2Operations['CreateSnapshot']['input'], ctx: Context): Promise<Partial<StoredSnapshot>> {
  refuseElsewhere(input);
  const volume = await ctx.get(volumes, input.VolumeId);
  if (volume.State !== 'available' && volume.State !== 'in-use') throw errors.incorrectVolumeState(volume.VolumeId!, volume.State!);
  return snapshotOf(volume, input.Description ?? '', ctx);
}

/** Snapshots lie in the Region: local ones are for Local Zones. */
export function refuseElsewhere({ Location }: { readonly Location?: string }): void {
  if (Location === 'local') throw errors.unsupportedOperation('The location local is only supported for volumes in Local Zones.');
}

/** How far a pending snapshot is: it grows with the time that it takes. */
function progressing(snapshot: StoredSnapshot, ctx: Context): StoredSnapshot {
  if (snapshot.State !== 'pending') return snapshot;
  const whole = ctx.delay(snapshots, 'pending', takes(snapshot));
  const percent = whole === 0 ? 99 : Math.min(99, Math.floor(((ctx.nowMs - Date.parse(snapshot.StartTime!)) / whole) * 100));
  return { ...snapshot, Progress: `${percent}%` };
}

/** A snapshot that this account may use: its own, one shared with it, or that of a public image. */
export async function usableSnapshot(ctx: Context, id: string): Promise<StoredSnapshot | undefined> {
  return (await ctx.find(snapshots, id)) ?? (await findShared(ctx, snapshots, id)) ?? catalogSnapshot(ctx.region, id);
}

/** A snapshot as the source of a volume. Who may launch an image may use its snapshots for that. */
export async function snapshotForVolume(ctx: Context, id: string, image?: Wire<Image>): Promise<StoredSnapshot> {
  const ofImage = image?.OwnerId !== undefined && image.BlockDeviceMappings?.some((m) => m.Ebs?.SnapshotId === id);
  const found = (await usableSnapshot(ctx, id)) ?? (ofImage ? await ctx.in(image.OwnerId!, ctx.region).find(snapshots, id) : undefined);
  if (!found) return ctx.get(snapshots, id);
  checkUsable(found);
  return found;
}

/** Data is read from completed snapshots of the standard tier. */
export function checkUsable(snapshot: StoredSnapshot): void {
  if (snapshot.State !== 'completed') throw invalidSnapshotState(snapshot.State!);
  if (snapshot.StorageTier === 'archive') throw snapshotArchived(snapshot.SnapshotId!);
}

/** A snapshot that the account may change; another's that it can see is not its own. */
export async function ownSnapshot(ctx: Context, id: string): Promise<StoredSnapshot> {
  const own = await ctx.find(snapshots, id);
  if (!own && (await usableSnapshot(ctx, id))) throw snapshotNotOwned(id);
  return own ?? ctx.get(snapshots, id);
}

export async function removeSnapshot(ctx: Context, snapshot: StoredSnapshot): Promise<void> {
  await share(ctx, 'snapshot', snapshot.SnapshotId!, []);
  await recycle(ctx, 'EBS_SNAPSHOT', snapshot.SnapshotId!, snapshot);
  await ctx.remove(snapshots, snapshot);
}

type DescribeInput = Ec2Operations['DescribeSnapshots']['input'];

/**
 * Others' tags are not shown. assumed: public snapshots, of which AWS has tens of thousands, are listed only to who asks for
 * an owner, for everybody's, or by id.
 */
async function others(ctx: Context, input: DescribeInput): Promise<StoredSnapshot[]> {
  const shared = (await sharedWith(ctx, snapshots)).map(({ Tags: _tags, ...snapshot }) => snapshot);
  const known = input.SnapshotIds?.length
    ? input.SnapshotIds.flatMap((id) => catalogSnapshot(ctx.region, id) ?? [])
    : input.OwnerIds?.some((o) => o !== 'self' && o !== ctx.account) || input.RestorableByUserIds?.includes('all')
      ? catalogImages(ctx.region).flatMap((i) => catalogSnapshot(ctx.region, i.BlockDeviceMappings![0]!.Ebs!.SnapshotId!) ?? [])
      : [];
  return [...known, ...shared];
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSnapshots.html */
function visible(snapshot: StoredSnapshot, input: DescribeInput, ctx: Context): boolean {
  const own = snapshot.OwnerId === ctx.account;
  const permissions = snapshot.$?.permissions ?? [];
  const owners = input.OwnerIds ?? [];
  if (owners.length > 0 && !owners.some((o) => (o === 'self' ? own : o === snapshot.OwnerId || o === snapshot.OwnerAlias))) return false;
  const restorable = input.RestorableByUserIds ?? [];
  const explicit = (account: string) => permissions.some((p) => p.UserId === account);
  return restorable.length === 0 || restorable.some((u) => {
    if (u === 'all') return snapshot.OwnerAlias !== undefined || permissions.some((p) => p.Group === 'all');
    return u === 'self' || u === ctx.account ? own || explicit(ctx.account) : explicit(u);
  });
}

function checkInput(input: DescribeInput): DescribeInput {
  errors.checkUsers(input.OwnerIds, ['self', 'amazon']);
  errors.checkUsers(input.RestorableByUserIds, ['self', 'all']);
  return input;
}

export const snapshotOperations = {
  CreateSnapshot: creates(snapshots, planSnapshot),
  DescribeSnapshots: describes(snapshots, { ids: 'SnapshotIds', idsName: 'snapshotSet', prepare: checkInput, also: others, visible, complete: progressing }),
  DeleteSnapshot: deletes(snapshots, {
    id: 'SnapshotId',
    before: async (snapshot, _input, ctx) => {
      await refuseWhileLocked(ctx, snapshot.SnapshotId!);
      await share(ctx, 'snapshot', snapshot.SnapshotId!, []);
    },
    retains: (snapshot, ctx) => recycle(ctx, 'EBS_SNAPSHOT', snapshot.SnapshotId!, snapshot),
  }),
} satisfies Handlers<Ec2Operations>;
