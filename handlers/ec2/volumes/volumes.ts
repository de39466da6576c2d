import type { Volume } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, deletes, describes, resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import { zone } from '../catalog/regions.ts';
import { volumeKeys } from '../condition-keys.ts';
import * as errors from '../errors.ts';
import { UNMANAGED } from '../managed-resources.ts';
import { recycle } from '../recycle-bin/recycled.ts';
import { isFastRestored } from '../snapshots/fast-snapshot-restores.ts';
import { snapshotForVolume } from '../snapshots/snapshots.ts';
import { encryptionOf } from './encryption.ts';
import { checkVolume, defaultIops, defaultThroughput, VOLUME_TYPES, type VolumeKind } from './volume-types.ts';

/** `$` holds what AWS keeps and never returns: AutoEnableIO, and when the volume was last changed. */
export type StoredVolume = Wire<Volume> & { $?: { autoEnableIo?: boolean; modifiedAt?: string[] } };

/** https://docs.aws.amazon.com/ebs/latest/userguide/ebs-describing-volumes.html#volume-state */
export const volumes = resource<StoredVolume>({
  service: 'ec2',
  kind: 'volume',
  shape: 'Volume',
  untagged: 'absent',
  id: { member: 'VolumeId', prefix: 'vol' },
  notFound: errors.notFound('InvalidVolume.NotFound', 'volume', '.'),
  malformed: errors.malformedParameter('volumeId', 'vol'),
  state: 'State',
  lifecycle: { creating: { after: seconds(3), to: 'available' }, deleting: { after: seconds(3), to: 'gone' } },
  references: {
    SnapshotId: { kind: 'ec2:snapshot', onDelete: 'keep' },
    'Attachments.InstanceId': { kind: 'ec2:instance', onDelete: 'release' },
  },
  filters: { status: 'State', 'attachment.status': 'Attachments.State', 'operator.managed': (v) => v.Operator?.Managed ?? false },
  conditionKeys: volumeKeys,
});

async function planVolume(input: Ec2Operations['CreateVolume']['input'], ctx: Context): Promise<Partial<StoredVolume>> {
  const type = (input.VolumeType ?? 'gp2') as VolumeKind;
  if (!VOLUME_TYPES.has(type)) throw errors.invalidValue(type, 'volumeType', 'Unknown volume type');
  const placed = zoneOf(input.AvailabilityZone, input.AvailabilityZoneId, ctx);
  const source = input.SnapshotId === undefined ? undefined : await snapshotForVolume(ctx, input.SnapshotId);
  const size = input.Size ?? source?.VolumeSize;
  if (size === undefined) throw errors.missingParameter('size/snapshot');
  if (source && size < source.VolumeSize!) throw errors.invalidParameterValue(`The size of a volume cannot be smaller than the snapshot size`);
  checkVolume({ type, sizeGib: size, iops: input.Iops, throughputMibps: input.Throughput, multiAttach: input.MultiAttachEnabled });
  if (input.Encrypted === false && source?.Encrypted) throw errors.invalidParameterCombination('An encrypted snapshot cannot be used to create an unencrypted volume');
  checkInitialization(input);
  return {
    AvailabilityZone: placed.ZoneName, AvailabilityZoneId: placed.ZoneId, Attachments: [], CreateTime: ctx.now, ...(await encryptionOf(ctx, input, source)),
    Iops: input.Iops ?? defaultIops(type, size), Throughput: input.Throughput ?? defaultThroughput(type), Operator: UNMANAGED, MultiAttachEnabled: input.MultiAttachEnabled ?? false, Size: size,
    SnapshotId: input.SnapshotId ?? '', State: 'creating', VolumeType: type, ...(input.VolumeInitializationRate === undefined ? {} : { VolumeInitializationRate: input.VolumeInitializationRate }),
    ...(source && (await isFastRestored(ctx, source.SnapshotId!, placed.ZoneName!)) ? { FastRestored: true } : {}),
  };
}

/** https://docs.aws.amazon.com/ebs/latest/userguide/initalize-volume.html#volume-initialization-rate */
const INITIALIZATION_MIBPS = { min: 100, max: 300 };

export function checkInitialization({ VolumeInitializationRate: rate, SnapshotId }: { readonly VolumeInitializationRate?: number; readonly SnapshotId?: string }): void {
  if (rate === undefined) return;
  if (SnapshotId === undefined) throw errors.invalidParameterCombination('The parameter VolumeInitializationRate requires the parameter SnapshotId to be set.');
  if (rate < INITIALIZATION_MIBPS.min || rate > INITIALIZATION_MIBPS.max) throw errors.invalidValue(rate, 'volumeInitializationRate', `The value must be between ${INITIALIZATION_MIBPS.min} and ${INITIALIZATION_MIBPS.max}.`);
}

function zoneOf(name: string | undefined, id: string | undefined, ctx: Context) {
  if (name !== undefined && id !== undefined) throw errors.invalidParameterCombination('Only one of AvailabilityZone and AvailabilityZoneId may be specified');
  const wanted = name ?? id;
  if (wanted === undefined) throw errors.missingParameter('AvailabilityZone');
  const found = zone(ctx.region, wanted);
  if (!found) throw errors.invalidAvailabilityZone(wanted);
  return found;
}

export const volumeOperations = {
  CreateVolume: creates(volumes, planVolume),
  DescribeVolumes: describes(volumes, { ids: 'VolumeIds', idsName: 'volumesSet' }),
  DeleteVolume: deletes(volumes, {
    id: 'VolumeId',
    from: ['available', 'error'],
    otherwise: (v) => (v.Attachments?.length ? errors.volumeInUse(v.VolumeId!, v.Attachments[0]!.InstanceId!) : errors.incorrectVolumeState(v.VolumeId!, v.State!)),
    // assumed: a volume that goes with its instance does not enter the Recycle Bin.
    retains: (volume, ctx) => recycle(ctx, 'EBS_VOLUME', volume.VolumeId!, volume),
    to: 'deleting',
  }),
} satisfies Handlers<Ec2Operations>;
