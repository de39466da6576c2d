import type { VolumeModification } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { describes, hours, resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { checkVolume, defaultIops, defaultThroughput, VOLUME_TYPES, type VolumeKind } from './volume-types.ts';
import { volumes } from './volumes.ts';

export type StoredModification = Wire<VolumeModification>;

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
    modifying: { after: seconds(5), to: 'optimizing' },
    optimizing: { after: hours(1), to: 'completed' },
  },
  entering: {
    optimizing: (m) => void (m.Progress = 1),
    completed: (m, ctx) => {
      m.Progress = 100;
      m.EndTime = ctx.now;
    },
  },
  references: { VolumeId: { kind: 'ec2:volume', onDelete: 'cascade' } },
  filters: {
    'modification-state': 'ModificationState', 'original-iops': 'OriginalIops', 'original-size': 'OriginalSize', 'original-volume-type': 'OriginalVolumeType',
    'originalMultiAttachEnabled': 'OriginalMultiAttachEnabled', 'start-time': 'StartTime', 'target-iops': 'TargetIops', 'target-size': 'TargetSize',
    'target-volume-type': 'TargetVolumeType', 'targetMultiAttachEnabled': 'TargetMultiAttachEnabled',
  },
});

/** "You can modify a volume up to four times in a rolling 24-hour period"; here, while one change runs, no other begins. */
async function modifyVolume(input: Ec2Operations['ModifyVolume']['input'], ctx: Context): Promise<Ec2Operations['ModifyVolume']['output']> {
  const volume = await ctx.get(volumes, input.VolumeId);
  if (volume.State !== 'available' && volume.State !== 'in-use') throw errors.incorrectVolumeState(input.VolumeId, volume.State!);
  const earlier = await ctx.find(volumeModifications, input.VolumeId);
  if (earlier?.ModificationState === 'modifying') throw errors.modificationInProgress(input.VolumeId);
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
    VolumeId: volume.VolumeId, ModificationState: 'modifying', Progress: 0, StartTime: ctx.now,
    OriginalSize: volume.Size, OriginalIops: volume.Iops, OriginalThroughput: volume.Throughput, OriginalVolumeType: volume.VolumeType, OriginalMultiAttachEnabled: volume.MultiAttachEnabled,
    TargetSize: size, TargetIops: iops ?? defaultIops(type, size), TargetThroughput: throughput ?? defaultThroughput(type), TargetVolumeType: type, TargetMultiAttachEnabled: multiAttach,
  };
  Object.assign(volume, { Size: size, VolumeType: type, Iops: modification.TargetIops, Throughput: modification.TargetThroughput, MultiAttachEnabled: multiAttach });
  await ctx.save(volumes, volume);
  if (earlier) await ctx.remove(volumeModifications, earlier);
  await ctx.create(volumeModifications, modification);
  return { VolumeModification: modification };
}

export const volumeModificationOperations = {
  ModifyVolume: modifyVolume,
  DescribeVolumesModifications: describes(volumeModifications, { ids: 'VolumeIds' }),
} satisfies Handlers<Ec2Operations>;
