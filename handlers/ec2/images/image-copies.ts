import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Context, Handlers, TagPair } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { checkDuration, copyOf, sourceOf } from '../snapshots/snapshot-copies.ts';
import { usableSnapshot } from '../snapshots/snapshots.ts';
import { storageNotAccessible } from './errors.ts';
import { checkName, imageTags } from './image-making.ts';
import { images, seenImage, type StoredImage } from './images.ts';

type CopyInput = Ec2Operations['CopyImage']['input'];
type Mapping = NonNullable<StoredImage['BlockDeviceMappings']>[number];

/** Every snapshot of the image is copied; who may launch an image may not read its snapshots unless these are shared too. */
async function copySnapshots(input: CopyInput, source: StoredImage, id: string, there: Context, tags: readonly TagPair[], ctx: Context): Promise<Mapping[]> {
  const mappings: Mapping[] = [];
  for (const mapping of source.BlockDeviceMappings ?? []) {
    if (mapping.Ebs?.SnapshotId === undefined) {
      mappings.push(mapping);
      continue;
    }
    const from = mapping.Ebs.SnapshotId;
    const snapshot = await usableSnapshot(there, from);
    if (snapshot?.State !== 'completed') throw storageNotAccessible();
    if (input.Encrypted === false && snapshot.Encrypted) throw errors.invalidParameterCombination('A copy of an encrypted snapshot must be encrypted');
    const copy = await copyOf(ctx, {
      source: snapshot, sourceRegion: there.region, encryption: input, minutes: input.SnapshotCopyCompletionDurationMinutes, tags,
      description: `Copied for DestinationAmi ${id} from SourceAmi ${source.ImageId} for SourceSnapshot ${from}. Task created on ${Math.floor(ctx.nowMs).toLocaleString('en-US')}.`,
    });
    mappings.push({ ...mapping, Ebs: { ...mapping.Ebs, SnapshotId: copy.SnapshotId, Encrypted: copy.Encrypted } });
  }
  return mappings;
}

/** "User-defined AMI tags [...] of other accounts are not copied, except those with the ec2:SharedTag/ prefix." */
const copiedTags = (source: StoredImage, own: readonly TagPair[], ctx: Context): TagPair[] =>
  (source.Tags ?? []).filter((t) => !t.Key?.startsWith('aws:') && (source.OwnerId === ctx.account || t.Key?.startsWith('ec2:SharedTag/')) && !own.some((o) => o.Key === t.Key));

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/CopyingAMIs.html */
async function copyImage(input: CopyInput, ctx: Context): Promise<{ ImageId: string }> {
  const tags = imageTags(input.TagSpecifications);
  checkDuration(input.SnapshotCopyCompletionDurationMinutes, 'snapshotCopyCompletionDurationMinutes');
  await checkName(ctx, input.Name);
  const there = sourceOf(ctx, input.SourceRegion);
  const source = await seenImage(there, input.SourceImageId);
  if (source.State !== 'available') throw errors.imageUnavailable(input.SourceImageId);
  const id = ctx.newId(images);
  const mappings = await copySnapshots(input, source, id, there, tags.snapshot, ctx);
  const { Architecture, BootMode, EnaSupport, Hypervisor, ImageType, Platform, PlatformDetails, ProductCodes, RootDeviceName, RootDeviceType, SriovNetSupport, TpmSupport, UsageOperation, VirtualizationType, ImdsSupport, ImageWatermarks } = source;
  await ctx.create<StoredImage>(images, {
    Architecture, BootMode, EnaSupport, Hypervisor, ImageType, Platform, PlatformDetails, ProductCodes: ProductCodes ?? [], RootDeviceName, RootDeviceType, SriovNetSupport, TpmSupport, UsageOperation, VirtualizationType, ImdsSupport,
    ...(ImageWatermarks?.length ? { ImageWatermarks } : {}), ...(source.$?.uefiData === undefined ? {} : { $: { uefiData: source.$.uefiData } }),
    // assumed: without a description the copy has none.
    ImageId: id, Name: input.Name, Description: input.Description ?? '', ImageLocation: `${ctx.account}/${input.Name}`, OwnerId: ctx.account, CreationDate: ctx.now, State: 'pending', Public: false, BlockDeviceMappings: mappings,
    SourceImageId: source.ImageId, SourceImageRegion: input.SourceRegion, Tags: [...(input.CopyImageTags ? copiedTags(source, tags.image, ctx) : []), ...tags.image],
  });
  return { ImageId: id };
}

export const imageCopyOperations = { CopyImage: copyImage } satisfies Handlers<Ec2Operations>;
