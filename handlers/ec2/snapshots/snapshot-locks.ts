import type { LockedSnapshotsInfo } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { describes, hours, isoTime, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { lockedInCompliance, snapshotLocked, snapshotNotLocked } from './errors.ts';
import { ownSnapshot, snapshots } from './snapshots.ts';

type StoredLock = Wire<LockedSnapshotsInfo>;

const DAY_MS = hours(24);

/** Until a date that is in the document. */
const until = (member: 'LockExpiresOn' | 'CoolOffPeriodExpiresOn') => (lock: StoredLock, nowMs: number): number => Math.max(0, Date.parse(lock[member]!) - nowMs);
// A lock on a snapshot that is not complete has no end yet; it is given one by `startLock`.
const NEVER_MS = 200 * 365 * DAY_MS;
const expiry = (lock: StoredLock, nowMs: number): number => (lock.LockExpiresOn === undefined ? NEVER_MS : until('LockExpiresOn')(lock, nowMs));

/** One a snapshot. https://docs.aws.amazon.com/ebs/latest/userguide/snapshot-lock-concepts.html */
export const snapshotLocks = resource<StoredLock>({
  service: 'ec2',
  kind: 'snapshot-lock',
  shape: 'LockedSnapshotsInfo',
  id: { member: 'SnapshotId' },
  notFound: (ids) => snapshots.notFound(ids),
  tags: null,
  state: 'LockState',
  lifecycle: {
    'compliance-cooloff': { after: until('CoolOffPeriodExpiresOn'), to: 'compliance', paced: false },
    compliance: { after: expiry, to: 'expired', paced: false },
    governance: { after: expiry, to: 'expired', paced: false },
  },
  references: { SnapshotId: { kind: 'ec2:snapshot', onDelete: 'cascade' } },
});

const inForce = (lock: StoredLock | undefined): lock is StoredLock => lock !== undefined && lock.LockState !== 'expired';

export const isLocked = async (ctx: Context, snapshotId: string): Promise<boolean> => inForce(await ctx.find(snapshotLocks, snapshotId));

export async function refuseWhileLocked(ctx: Context, snapshotId: string): Promise<void> {
  if (await isLocked(ctx, snapshotId)) throw snapshotLocked(snapshotId);
}

/** "If you lock a snapshot that is in the pending state, the lock duration starts only once the snapshot enters the completed state." */
export async function startLock(ctx: Context, snapshotId: string): Promise<void> {
  const lock = await ctx.find(snapshotLocks, snapshotId);
  if (!lock || lock.LockDurationStartTime !== undefined) return;
  lock.LockDurationStartTime = ctx.now;
  lock.LockExpiresOn ??= isoTime(ctx.nowMs + lock.LockDuration! * DAY_MS);
  await ctx.transition(snapshotLocks, lock, lock.LockState!);
}

type LockInput = Ec2Operations['LockSnapshot']['input'];

function checkWish(input: LockInput, ctx: Context): void {
  if ((input.LockDuration === undefined) === (input.ExpirationDate === undefined)) throw errors.invalidParameterCombination('You must specify either LockDuration or ExpirationDate, but not both');
  if (input.LockMode === 'governance' && input.CoolOffPeriod !== undefined) throw errors.invalidParameterCombination('CoolOffPeriod cannot be specified for a lock in governance mode');
  // "The specified date must be at least 1 day [...] after the start date and time."
  if (input.ExpirationDate !== undefined && Date.parse(input.ExpirationDate) < ctx.nowMs + DAY_MS) throw errors.invalidValue(input.ExpirationDate, 'expirationDate', 'The date must be at least one day in the future.');
}

/** After the cooling-off period nothing but a later end is possible. */
function checkChange(earlier: StoredLock, input: LockInput, expires: string | undefined): void {
  if (earlier.LockState !== 'compliance') return;
  const shorter = expires === undefined || (earlier.LockExpiresOn !== undefined && expires < earlier.LockExpiresOn);
  if (input.LockMode !== 'compliance' || input.CoolOffPeriod !== undefined || shorter) throw lockedInCompliance(earlier.SnapshotId!);
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_LockSnapshot.html */
async function lockSnapshot(input: LockInput, ctx: Context): Promise<Ec2Operations['LockSnapshot']['output']> {
  checkWish(input, ctx);
  const snapshot = await ownSnapshot(ctx, input.SnapshotId);
  const earlier = await ctx.find(snapshotLocks, input.SnapshotId);
  const known = inForce(earlier) ? earlier : undefined;
  const created = known?.LockCreatedOn ?? ctx.now;
  const started = snapshot.State === 'completed' ? (known?.LockDurationStartTime ?? ctx.now) : undefined;
  const expires = input.ExpirationDate ?? (started === undefined ? undefined : isoTime(Date.parse(started) + input.LockDuration! * DAY_MS));
  if (known) checkChange(known, input, expires);
  const duration = input.LockDuration ?? Math.ceil((Date.parse(expires!) - Date.parse(started ?? ctx.now)) / DAY_MS);
  const lock: StoredLock = {
    OwnerId: ctx.account, SnapshotId: input.SnapshotId, LockDuration: duration, LockCreatedOn: created,
    LockState: input.LockMode === 'governance' ? 'governance' : input.CoolOffPeriod === undefined ? 'compliance' : 'compliance-cooloff',
    ...(started === undefined ? {} : { LockDurationStartTime: started }), ...(expires === undefined ? {} : { LockExpiresOn: expires }),
    ...(input.CoolOffPeriod === undefined ? {} : { CoolOffPeriod: input.CoolOffPeriod, CoolOffPeriodExpiresOn: isoTime(ctx.nowMs + hours(input.CoolOffPeriod)) }),
  };
  if (earlier) await ctx.remove(snapshotLocks, earlier);
  await ctx.create(snapshotLocks, lock);
  const { OwnerId: _owner, ...shown } = lock;
  return shown;
}

export const snapshotLockOperations = {
  LockSnapshot: lockSnapshot,
  DescribeLockedSnapshots: describes(snapshotLocks, {
    ids: 'SnapshotIds',
    // A snapshot that is there and was never locked is not listed, and no error.
    prepare: async (input, ctx) => {
      if (!input.SnapshotIds?.length) return input;
      await ctx.getAll(snapshots, input.SnapshotIds);
      const locked = [];
      for (const id of input.SnapshotIds) if (await ctx.find(snapshotLocks, id)) locked.push(id);
      return locked.length > 0 ? { ...input, SnapshotIds: locked } : { ...input, SnapshotIds: [], Filters: [{ Name: 'lock-state', Values: ['none'] }] };
    },
  }),
  UnlockSnapshot: async (input, ctx) => {
    await ownSnapshot(ctx, input.SnapshotId);
    const lock = await ctx.find(snapshotLocks, input.SnapshotId);
    if (!inForce(lock)) throw snapshotNotLocked(input.SnapshotId);
    if (lock.LockState === 'compliance') throw lockedInCompliance(input.SnapshotId);
    await ctx.remove(snapshotLocks, lock);
    return { SnapshotId: input.SnapshotId };
  },
} satisfies Handlers<Ec2Operations>;
