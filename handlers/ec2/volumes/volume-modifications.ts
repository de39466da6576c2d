import type { VolumeModification } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { describes, hours, isoTime, resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { modificationRateExceeded } from './errors.ts';
import { checkVolume, defaultIops, defaultThroughput, VOLUME_TYPES, type VolumeKind } from './volume-types.ts';
import { volumes, type StoredVolume } from './volumes.ts';

export type StoredModification = Wire<VolumeModification>;

const MODIFYING_MS = seconds(5);
const OPTIMIZING_MS = hours(1);

/** One a volume: the last. https://docs.aws.amazon.com/ebs/latest/userguide/monitoring-volume-modifications.html */
export const volumeModifications = resource<StoredModification>({
  service: 'ec2',
  kind: 'volume-modification',
  shape: 'VolumeModification',
  id: { member: 'VolumeId' },
  notFound: (ids) => errors.modificationNotFound(ids[0]!),
  tags: null,
  state: 'ModificationState',
  lifecycle: {
    modifying: { after: MODIFYING_MS, to: 'optimizing' },
    optimizing: { after: OPTIMIZING_MS, to: 'completed' },
  },
  entering: {
    optimizing: (m) => void (m.Progress = 1),
    completed: (m, ctx) => {
      m.Progress = 100;
      m.EndTime = ctx.wholeSecond;
    },
  },
  references: { VolumeId: { kind: 'ec2:volume', onDelete: 'cascade' } },
  filters: {
    'modification-state': 'ModificationState', 'original-iops': 'OriginalIops', 'original-size': 'OriginalSize', 'original-volume-type': 'OriginalVolumeType',
    'originalMultiAttachEnabled': 'OriginalMultiAttachEnabled', 'start-time': 'StartTime', 'target-iops': 'TargetIops', 'target-size': 'TargetSize',
    'target-volume-type': 'TargetVolumeType', 'targetMultiAttachEnabled': 'TargetMultiAttachEnabled',
  },
});

/** How far a change is: it grows while the volume is optimised. */
function progressing(modification: StoredModification, ctx: Context): StoredModification {
  if (modification.ModificationState !== 'optimizing') return modification;
  const begun = Date.parse(modification.StartTime!) + ctx.delay(volumeModifications, 'modifying', MODIFYING_MS);
  const takes = ctx.delay(volumeModifications, 'optimizing', OPTIMIZING_MS);
  return { ...modification, Progress: takes === 0 ? 99 : Math.min(99, Math.max(1, Math.floor(((ctx.nowMs - begun) / takes) * 100))) };
}

const MODIFICATIONS_PER_DAY_MAX = 4;

/**
 * "You can modify a volume up to four times within a rolling 24-hour period, as long as [...] all previous modifications for
 * that volume are completed." https://docs.aws.amazon.com/ebs/latest/userguide/modify-volume-requirements.html
 */
function checkRate(volume: StoredVolume, ctx: Context): string[] {
  const today = (volume.$?.modifiedAt ?? []).filter((at) => at > isoTime(ctx.nowMs - hours(24)));
  if (today.length < MODIFICATIONS_PER_DAY_MAX) return today;
  throw modificationRateExceeded(Math.ceil((Date.parse(today[0]!) + hours(24) - ctx.nowMs) / hours(1)));
}

async function modifyVolume(input: Ec2Operations['ModifyVolume']['input'], ctx: Context): Promise<Ec2Operations['ModifyVolume']['output']> {
  const volume = await ctx.get(volumes, input.VolumeId);
  if (volume.State !== 'available' && volume.State !== 'in-use') throw errors.incorrectVolumeState(input.VolumeId, volume.State!);
  const earlier = await ctx.find(volumeModifications, input.VolumeId);
  if (earlier && earlier.ModificationState !== 'completed') throw errors.modificationInProgress(input.VolumeId);
  const today = checkRate(volume, ctx);
  const type = (input.VolumeType ?? volume.VolumeType) as VolumeKind;
  if (!VOLUME_TYPES.has(type)) throw errors.invalidValue(type, 'volumeType', 'Unknown volume type');
  const size = input.Size ?? volume.Size!;
  if (size < volume.Size!) throw errors.invalidParameterValue(`New size cannot be smaller than existing size`);
  const sameType = type === volume.VolumeType;
  const given = (wish: number | undefined, present: number | undefined) => wish ?? (sameType && type !== 'gp2' ? present : undefined);
  const multiAttach = input.MultiAttachEnabled ?? volume.MultiAttachEnabled;
  const iops = given(input.Iops, volume.Iops);
  const throughput = given(input.Throughput, volume.Throughput);
  checkVolume({ type, sizeGib: size, iops, throughputMibps: throughput, multiAttach });
  const modification: StoredModification = {
    VolumeId: volume.VolumeId, ModificationState: 'modifying', Progress: 0, StartTime: ctx.wholeSecond,
    OriginalSize: volume.Size, OriginalIops: volume.Iops, OriginalThroughput: volume.Throughput, OriginalVolumeType: volume.VolumeType, OriginalMultiAttachEnabled: volume.MultiAttachEnabled,
    TargetSize: size, TargetIops: iops ?? defaultIops(type, size), TargetThroughput: throughput ?? defaultThroughput(type), TargetVolumeType: type, TargetMultiAttachEnabled: multiAttach,
  };
  Object.assign(volume, { Size: size, VolumeType: type, Iops: modification.TargetIops, Throughput: modification.TargetThroughput, MultiAttachEnabled: multiAttach, $: { ...volume.$, modifiedAt: [...today, ctx.now] } });
  await ctx.save(volumes, volume);
  if (earlier) await ctx.remove(volumeModifications, earlier);
  await ctx.create(volumeModifications, modification);
  return { VolumeModification: modification };
}

export const volumeModificationOperations = {
  ModifyVolume: modifyVolume,
  DescribeVolumesModifications: describes(volumeModifications, { ids: 'VolumeIds', complete: progressing }),
} satisfies Handlers<Ec2Operations>;
