import type { DescribeFastSnapshotRestoreSuccessItem } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { AwsError, describes, hours, minutes, resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import { zone } from '../catalog/regions.ts';
import * as errors from '../errors.ts';
import { checkUsable, snapshots, usableSnapshot } from './snapshots.ts';

type Item = Wire<DescribeFastSnapshotRestoreSuccessItem>;
/** Keyed by snapshot and zone: `snap-…/us-east-1a`. `$` holds what the time to optimise depends on. */
type StoredRestore = Item & { readonly RestoreKey: string; readonly $: { readonly sizeGib: number; readonly own: boolean } };

const LIFECYCLE_REASON = 'Client.UserInitiated - Lifecycle state transition';

const at = (member: 'OptimizingTime' | 'EnabledTime' | 'DisabledTime') => (item: StoredRestore, ctx: Context): void => {
  item[member] = ctx.now;
  item.StateTransitionReason = LIFECYCLE_REASON;
};

/** https://docs.aws.amazon.com/ebs/latest/userguide/ebs-fast-snapshot-restore.html */
export const fastSnapshotRestores = resource<StoredRestore>({
  service: 'ec2',
  kind: 'fast-snapshot-restore',
  shape: 'DescribeFastSnapshotRestoreSuccessItem',
  id: { member: 'RestoreKey' },
  notFound: (ids) => snapshots.notFound(ids.map((id) => id.split('/')[0]!)),
  tags: null,
  state: 'State',
  lifecycle: {
    enabling: { after: seconds(30), to: 'optimizing' },
    // "It takes 60 minutes per TiB to optimize a snapshot."
    optimizing: { after: (item) => minutes((60 * item.$.sizeGib) / 1024), to: 'enabled' },
    disabling: { after: seconds(30), to: 'disabled' },
    // assumed: what is disabled is described for an hour more.
    disabled: { after: hours(1), to: 'gone', paced: false },
  },
  entering: { optimizing: at('OptimizingTime'), enabled: at('EnabledTime'), disabled: at('DisabledTime') },
  // Those of a snapshot that another account owns stay until they are disabled.
  references: { SnapshotId: { kind: 'ec2:snapshot', onDelete: (restore) => (restore.$.own ? 'cascade' : 'keep') } },
});

const keyOf = (snapshotId: string, zoneName: string): string => `${snapshotId}/${zoneName}`;

/** Whether a volume made there now is fully initialised from the start. */
export const isFastRestored = async (ctx: Context, snapshotId: string, zoneName: string): Promise<boolean> => (await ctx.find(fastSnapshotRestores, keyOf(snapshotId, zoneName)))?.State === 'enabled';

interface Place {
  readonly AvailabilityZone: string;
  readonly AvailabilityZoneId: string;
}

type Input = Ec2Operations['EnableFastSnapshotRestores']['input'];

function places(input: Input, ctx: Context): Place[] {
  const { AvailabilityZones: names = [], AvailabilityZoneIds: ids = [] } = input;
  if (names.length > 0 && ids.length > 0) throw errors.invalidParameterCombination('Only one of AvailabilityZone and AvailabilityZoneId may be specified');
  if (names.length + ids.length === 0) throw errors.missingParameter('AvailabilityZone');
  return [...new Set([...names, ...ids])].map((wanted) => {
    const found = zone(ctx.region, wanted);
    if (!found) throw errors.invalidAvailabilityZone(wanted);
    return { AvailabilityZone: found.ZoneName!, AvailabilityZoneId: found.ZoneId! };
  });
}

type Attempt = (snapshotId: string, place: Place) => Promise<StoredRestore>;

/** Every snapshot in every zone by itself: what fails is told beside what succeeds. */
async function attempt(input: Input, ctx: Context, one: Attempt) {
  const zones = places(input, ctx);
  const Successful: Item[] = [];
  const Unsuccessful = [];
  for (const snapshotId of [...new Set(input.SourceSnapshotIds)]) {
    const failed = [];
    for (const place of zones) {
      try {
        const { RestoreKey: _key, $: _, ...item } = await one(snapshotId, place);
        Successful.push(item);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        failed.push({ ...place, Error: { Code: error.code, Message: error.message } });
      }
    }
    if (failed.length > 0) Unsuccessful.push({ SnapshotId: snapshotId, FastSnapshotRestoreStateErrors: failed });
  }
  return { Successful, Unsuccessful };
}

const SIZE_GIB_MAX = 16_384;

async function enable(ctx: Context, snapshotId: string, place: Place): Promise<StoredRestore> {
  const snapshot = (await usableSnapshot(ctx, snapshotId)) ?? (await ctx.get(snapshots, snapshotId));
  checkUsable(snapshot);
  if (snapshot.VolumeSize! > SIZE_GIB_MAX) throw errors.invalidParameterValue(`Fast snapshot restore supports snapshots of up to ${SIZE_GIB_MAX} GiB`);
  const key = keyOf(snapshotId, place.AvailabilityZone);
  const earlier = await ctx.find(fastSnapshotRestores, key);
  if (earlier?.State === 'disabling') throw errors.incorrectState(`Fast snapshot restores are being disabled for snapshot '${snapshotId}' in ${place.AvailabilityZone}.`);
  if (earlier && earlier.State !== 'disabled') return earlier;
  if (earlier) await ctx.remove(fastSnapshotRestores, earlier);
  return ctx.create<StoredRestore>(fastSnapshotRestores, {
    RestoreKey: key, SnapshotId: snapshotId, ...place, State: 'enabling', StateTransitionReason: 'Client.UserInitiated', OwnerId: ctx.account, EnablingTime: ctx.now, $: { sizeGib: snapshot.VolumeSize!, own: snapshot.OwnerId === ctx.account },
  });
}

async function disable(ctx: Context, snapshotId: string, place: Place): Promise<StoredRestore> {
  const item = await ctx.find(fastSnapshotRestores, keyOf(snapshotId, place.AvailabilityZone));
  if (!item || item.State === 'disabled') throw errors.incorrectState(`Fast snapshot restores are not enabled for snapshot '${snapshotId}' in ${place.AvailabilityZone}.`);
  if (item.State === 'disabling') return item;
  item.StateTransitionReason = 'Client.UserInitiated';
  item.DisablingTime = ctx.now;
  return ctx.transition(fastSnapshotRestores, item, 'disabling');
}

export const fastSnapshotRestoreOperations = {
  EnableFastSnapshotRestores: (input, ctx) => attempt(input, ctx, (id, place) => enable(ctx, id, place)),
  DescribeFastSnapshotRestores: describes(fastSnapshotRestores),
  DisableFastSnapshotRestores: (input, ctx) => attempt(input, ctx, (id, place) => disable(ctx, id, place)),
} satisfies Handlers<Ec2Operations>;
