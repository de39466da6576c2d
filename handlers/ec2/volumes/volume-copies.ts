import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { specifiedTags, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { UNMANAGED } from '../managed-resources.ts';
import { encryptionOf } from './encryption.ts';
import { checkVolume, defaultIops, defaultThroughput, VOLUME_TYPES, type VolumeKind } from './volume-types.ts';
import { volumes, type StoredVolume } from './volumes.ts';

/** A copy in the same zone. https://docs.aws.amazon.com/ebs/latest/userguide/ebs-copying-volume.html */
async function copyVolumes(input: Ec2Operations['CopyVolumes']['input'], ctx: Context): Promise<Ec2Operations['CopyVolumes']['output']> {
  const tags = specifiedTags(input.TagSpecifications as never, 'volume');
  const source = await ctx.get(volumes, input.SourceVolumeId);
  if (source.State !== 'available' && source.State !== 'in-use') throw errors.incorrectVolumeState(input.SourceVolumeId, source.State!);
  const type = (input.VolumeType ?? 'gp2') as VolumeKind;
  if (!VOLUME_TYPES.has(type)) throw errors.invalidValue(type, 'volumeType', 'Unknown volume type');
  const size = input.Size ?? source.Size!;
  if (size < source.Size!) throw errors.invalidParameterValue('The size of a volume copy cannot be smaller than that of its source volume');
  checkVolume({ type, sizeGib: size, iops: input.Iops, throughputMibps: input.Throughput, multiAttach: input.MultiAttachEnabled });
  // "If the source volume is encrypted, the service always encrypts the copy regardless of this value."
  const encryption = await encryptionOf(ctx, source.Encrypted ? { ...input, Encrypted: true } : input, { Encrypted: source.Encrypted, KmsKeyId: source.KmsKeyId, OwnerId: ctx.account });
  const copy = await ctx.create<StoredVolume>(volumes, {
    VolumeId: ctx.newId(volumes), SourceVolumeId: source.VolumeId, AvailabilityZone: source.AvailabilityZone, AvailabilityZoneId: source.AvailabilityZoneId, Attachments: [], CreateTime: ctx.now, ...encryption,
    Iops: input.Iops ?? defaultIops(type, size), Throughput: input.Throughput ?? defaultThroughput(type), Operator: UNMANAGED, MultiAttachEnabled: input.MultiAttachEnabled ?? false, Size: size, SnapshotId: '', State: 'creating', VolumeType: type,
    ...(tags.length > 0 ? { Tags: tags } : {}),
  });
  return { Volumes: [copy] };
}

export const volumeCopyOperations = { CopyVolumes: copyVolumes } satisfies Handlers<Ec2Operations>;
