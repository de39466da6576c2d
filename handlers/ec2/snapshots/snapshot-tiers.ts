import type { SnapshotTierStatus } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { StructureShape } from '../../../protocols/types.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { hours, isoTime, page, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { images } from '../images/images.ts';
import { invalidSnapshotState, snapshotArchived, snapshotNotArchived, tieringInProgress } from './errors.ts';
import { ownSnapshot, snapshots, type StoredSnapshot } from './snapshots.ts';

/** `$` holds for how many days a temporary restore is. */
type StoredTiering = Wire<SnapshotTierStatus> & { $?: { days?: number } };

const DAY_MS = hours(24);
// "Archiving or restoring a snapshot can take up to 72 hours"; assumed: it takes a third of that.
const TIERING_MS = hours(24);

/** The last archiving or restore of a snapshot. https://docs.aws.amazon.com/ebs/latest/userguide/snapshot-archive.html */
export const snapshotTierings = resource<StoredTiering>({
  service: 'ec2',
  kind: 'snapshot-tiering',
  shape: 'SnapshotTierStatus',
  id: { member: 'SnapshotId' },
  notFound: (ids) => snapshots.notFound(ids),
  tags: null,
  state: 'LastTieringOperationStatus',
  lifecycle: {
    'archival-in-progress': { after: TIERING_MS, to: 'archival-completed' },
    'permanent-restore-in-progress': { after: TIERING_MS, to: 'permanent-restore-completed' },
    'temporary-restore-in-progress': { after: TIERING_MS, to: 'temporary-restore-completed' },
    // "The snapshot will be automatically re-archived after this period."
    'temporary-restore-completed': { after: (t, nowMs) => Math.max(0, Date.parse(t.RestoreExpiryTime!) - nowMs), to: 'archival-completed', paced: false },
  },
  entering: {
    'archival-completed': async (tiering, ctx) => {
      tiering.ArchivalCompleteTime ??= ctx.now;
      delete tiering.RestoreExpiryTime;
      await setTier(tiering, 'archive', ctx);
    },
    'permanent-restore-completed': async (tiering, ctx) => {
      delete tiering.RestoreExpiryTime;
      await setTier(tiering, 'standard', ctx);
    },
    'temporary-restore-completed': async (tiering, ctx) => {
      tiering.RestoreExpiryTime = isoTime(ctx.nowMs + tiering.$!.days! * DAY_MS);
      await setTier(tiering, 'standard', ctx);
    },
  },
  references: { SnapshotId: { kind: 'ec2:snapshot', onDelete: 'cascade' } },
});

async function setTier(tiering: StoredTiering, tier: 'archive' | 'standard', ctx: Context): Promise<void> {
  const { RestoreExpiryTime: _expiry, ...snapshot } = await ctx.get(snapshots, tiering.SnapshotId!);
  await ctx.save(snapshots, { ...snapshot, StorageTier: tier, ...(tiering.RestoreExpiryTime === undefined ? {} : { RestoreExpiryTime: tiering.RestoreExpiryTime }) });
}

const running = (tiering: StoredTiering | undefined): boolean => tiering?.LastTieringOperationStatus?.endsWith('-in-progress') === true;

async function begin(ctx: Context, earlier: StoredTiering | undefined, next: StoredTiering): Promise<void> {
  if (earlier) await ctx.remove(snapshotTierings, earlier);
  await ctx.create(snapshotTierings, next);
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifySnapshotTier.html */
async function archive(input: Ec2Operations['ModifySnapshotTier']['input'], ctx: Context): Promise<Ec2Operations['ModifySnapshotTier']['output']> {
  if (input.StorageTier === undefined) throw errors.missingParameter('storageTier');
  const snapshot = await ownSnapshot(ctx, input.SnapshotId);
  if (snapshot.State !== 'completed') throw invalidSnapshotState(snapshot.State!);
  const earlier = await ctx.find(snapshotTierings, input.SnapshotId);
  if (running(earlier)) throw tieringInProgress(input.SnapshotId);
  if (snapshot.StorageTier === 'archive') throw snapshotArchived(input.SnapshotId);
  // Snapshots of an image can be archived once it is disabled. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/disable-an-ami.html
  const image = (await ctx.list(images, { member: 'BlockDeviceMappings.Ebs.SnapshotId', value: input.SnapshotId })).find((i) => i.State !== 'disabled');
  if (image) throw errors.snapshotInUse(input.SnapshotId, image.ImageId!);
  await begin(ctx, earlier, { SnapshotId: input.SnapshotId, LastTieringStartTime: ctx.now, LastTieringOperationStatus: 'archival-in-progress' });
  return { SnapshotId: input.SnapshotId, TieringStartTime: ctx.now };
}

const RESTORE_DAYS_MAX = 180;

/** For some days or for good; a temporary restore can be made longer, shorter or permanent. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RestoreSnapshotTier.html */
async function restore(input: Ec2Operations['RestoreSnapshotTier']['input'], ctx: Context): Promise<Ec2Operations['RestoreSnapshotTier']['output']> {
  const days = input.TemporaryRestoreDays;
  const permanent = input.PermanentRestore === true;
  if (permanent === (days !== undefined)) throw errors.invalidParameterCombination('You must specify either PermanentRestore or TemporaryRestoreDays, but not both');
  if (days !== undefined && (days < 1 || days > RESTORE_DAYS_MAX)) throw errors.invalidValue(days, 'temporaryRestoreDays', `The value must be between 1 and ${RESTORE_DAYS_MAX}.`);
  const snapshot = await ownSnapshot(ctx, input.SnapshotId);
  const earlier = await ctx.find(snapshotTierings, input.SnapshotId);
  if (running(earlier)) throw tieringInProgress(input.SnapshotId);
  const temporary = earlier?.LastTieringOperationStatus === 'temporary-restore-completed';
  if (snapshot.StorageTier !== 'archive' && !temporary) throw snapshotNotArchived(input.SnapshotId);
  const kind = permanent ? 'permanent' : 'temporary';
  await begin(ctx, earlier, {
    SnapshotId: input.SnapshotId, ArchivalCompleteTime: earlier!.ArchivalCompleteTime, LastTieringStartTime: ctx.now,
    LastTieringOperationStatus: temporary ? `${kind}-restore-completed` : `${kind}-restore-in-progress`, ...(days === undefined ? {} : { $: { days } }),
  });
  return { SnapshotId: input.SnapshotId, RestoreStartTime: ctx.now, IsPermanentRestore: permanent, ...(days === undefined ? {} : { RestoreDuration: days }) };
}

type Tiered = StoredSnapshot & { $?: { tiering?: StoredTiering | undefined } };

/** What filters ask of a tiering lies beside the snapshot. */
const withTiering = async (snapshot: Tiered, ctx: Context): Promise<Tiered> => ({ ...snapshot, $: { ...snapshot.$, tiering: await ctx.find(snapshotTierings, snapshot.SnapshotId!) } });

function progressOf(tiering: StoredTiering, ctx: Context): number {
  const whole = ctx.delay(snapshotTierings, tiering.LastTieringOperationStatus!, TIERING_MS);
  return !running(tiering) ? 100 : whole === 0 ? 99 : Math.min(99, Math.floor(((ctx.nowMs - Date.parse(tiering.LastTieringStartTime!)) / whole) * 100));
}

function statusOf(snapshot: Tiered, ctx: Context): Wire<SnapshotTierStatus> {
  const { SnapshotId, VolumeId, State, OwnerId, Tags, StorageTier } = snapshot;
  const tiering = snapshot.$?.tiering;
  return { ...(tiering ? { ...tiering, LastTieringProgress: progressOf(tiering, ctx) } : {}), SnapshotId, VolumeId, Status: State, OwnerId, Tags: Tags ?? [], StorageTier };
}

/** assumed: snapshots that were never archived are listed too. */
async function describeTiers(input: Ec2Operations['DescribeSnapshotTierStatus']['input'], ctx: Context): Promise<Ec2Operations['DescribeSnapshotTierStatus']['output']> {
  const list = ctx.operation!.output.members.get('SnapshotTierStatuses')!.target;
  const item = (list.type === 'list' ? list.member.target : list) as StructureShape;
  const { documents, next } = await page<Tiered, typeof input>(snapshots, { complete: withTiering }, input, ctx, item);
  return { SnapshotTierStatuses: documents.map((s) => statusOf(s, ctx)), ...(next === undefined ? {} : { NextToken: next }) };
}

export const snapshotTierOperations = { ModifySnapshotTier: archive, DescribeSnapshotTierStatus: describeTiers, RestoreSnapshotTier: restore } satisfies Handlers<Ec2Operations>;
