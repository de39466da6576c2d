import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { specifiedTags, type Context, type Handlers, type TagPair } from '../../../src/kit/index.ts';
import { isRegion } from '../catalog/regions.ts';
import * as errors from '../errors.ts';
import { instances, type StoredInstance } from '../instances/instances.ts';
import { encryptionOf } from '../volumes/encryption.ts';
import { volumes } from '../volumes/volumes.ts';
import { checkUsable, refuseElsewhere, snapshotOf, snapshots, usableSnapshot, type StoredSnapshot } from './snapshots.ts';

// https://docs.aws.amazon.com/ebs/latest/userguide/time-based-copies.html
const DURATION_MINUTES = { step: 15, max: 2880 };

export function checkDuration(minutes: number | undefined, parameter: string): void {
  if (minutes === undefined) return;
  if (minutes < DURATION_MINUTES.step || minutes > DURATION_MINUTES.max || minutes % DURATION_MINUTES.step !== 0) {
    throw errors.invalidValue(minutes, parameter, `The duration must be between ${DURATION_MINUTES.step} and ${DURATION_MINUTES.max} minutes, in ${DURATION_MINUTES.step} minute increments.`);
  }
}

/** Where a copy comes from: the caller in the source Region. */
export function sourceOf(ctx: Context, region: string): Context {
  if (!isRegion(region)) throw errors.invalidValue(region, 'sourceRegion', 'Invalid Region.');
  return ctx.in(ctx.account, region);
}

interface Copying {
  readonly source: StoredSnapshot;
  readonly sourceRegion: string;
  readonly description: string;
  readonly encryption: { readonly Encrypted?: boolean | undefined; readonly KmsKeyId?: string | undefined };
  readonly minutes: number | undefined;
  readonly tags: readonly TagPair[];
}

/** "Snapshots created by a copy snapshot operation have an arbitrary volume ID that you should not use for any purpose." */
const NO_VOLUME = 'vol-ffffffff';

export async function copyOf(ctx: Context, { source, sourceRegion, description, encryption, minutes, tags }: Copying): Promise<StoredSnapshot> {
  return ctx.create<StoredSnapshot>(snapshots, {
    SnapshotId: ctx.newId(snapshots), VolumeId: NO_VOLUME, VolumeSize: source.VolumeSize, State: 'pending', StartTime: ctx.now, Progress: '0%', OwnerId: ctx.account, Description: description, StorageTier: 'standard',
    ...(await encryptionOf(ctx, encryption, source, sourceRegion)), ...(minutes === undefined ? { TransferType: 'standard' as const } : { TransferType: 'time-based' as const, CompletionDurationMinutes: minutes }),
    ...(tags.length > 0 ? { Tags: [...tags] } : {}),
  });
}

/** The deprecated way to say what the copy is made of, which old SDKs still take, must say the same as the parameters. */
function checkPresigned(input: Ec2Operations['CopySnapshot']['input'], ctx: Context): void {
  if (input.DestinationRegion !== undefined && input.DestinationRegion !== ctx.region) throw errors.invalidValue(input.DestinationRegion, 'destinationRegion', `The request was sent to ${ctx.region}.`);
  if (input.PresignedUrl === undefined) return;
  const url = URL.canParse(input.PresignedUrl) ? new URL(input.PresignedUrl).searchParams : undefined;
  if (url?.get('Action') !== 'CopySnapshot' || url.get('SourceSnapshotId') !== input.SourceSnapshotId || url.get('SourceRegion') !== input.SourceRegion) {
    throw errors.invalidValue(input.PresignedUrl, 'presignedUrl', 'It must be a signed CopySnapshot request for the same snapshot.');
  }
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CopySnapshot.html */
async function copySnapshot(input: Ec2Operations['CopySnapshot']['input'], ctx: Context): Promise<Ec2Operations['CopySnapshot']['output']> {
  const tags = specifiedTags(input.TagSpecifications as never, 'snapshot');
  checkPresigned(input, ctx);
  checkDuration(input.CompletionDurationMinutes, 'completionDurationMinutes');
  const there = sourceOf(ctx, input.SourceRegion);
  const source = (await usableSnapshot(there, input.SourceSnapshotId)) ?? (await there.get(snapshots, input.SourceSnapshotId));
  checkUsable(source);
  if (input.Encrypted === false && source.Encrypted) throw errors.invalidParameterCombination('A copy of an encrypted snapshot must be encrypted');
  const copy = await copyOf(ctx, { source, sourceRegion: there.region, description: input.Description ?? '', encryption: input, minutes: input.CompletionDurationMinutes, tags });
  return { SnapshotId: copy.SnapshotId, Tags: copy.Tags };
}

const EXCLUDED_MAX = 40;

/** The volumes of an instance without those that the caller leaves out. */
function chosenVolumes(instance: StoredInstance, wish: Ec2Operations['CreateSnapshots']['input']['InstanceSpecification']): string[] {
  const attached = (instance.BlockDeviceMappings ?? []).map((m) => ({ id: m.Ebs!.VolumeId!, root: m.DeviceName === instance.RootDeviceName }));
  const excluded = wish.ExcludeDataVolumeIds ?? [];
  if (excluded.length > EXCLUDED_MAX) throw errors.invalidParameterValue(`Up to ${EXCLUDED_MAX} volumes can be excluded`);
  for (const id of excluded) {
    const volume = attached.find((v) => v.id === id);
    if (!volume) throw errors.invalidParameterValue(`The volume '${id}' is not attached to instance '${instance.InstanceId}'`);
    if (volume.root) throw errors.invalidParameterValue(`The volume '${id}' is the root volume of instance '${instance.InstanceId}'. Use excludeBootVolume to exclude it.`);
  }
  const chosen = attached.filter((v) => !excluded.includes(v.id) && !(wish.ExcludeBootVolume && v.root)).map((v) => v.id);
  if (chosen.length === 0) throw errors.invalidParameterValue(`No volumes of instance '${instance.InstanceId}' are left to be snapshotted`);
  return chosen;
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSnapshots.html */
async function createSnapshots(input: Ec2Operations['CreateSnapshots']['input'], ctx: Context): Promise<Ec2Operations['CreateSnapshots']['output']> {
  const tags = specifiedTags(input.TagSpecifications as never, 'snapshot');
  refuseElsewhere(input);
  const wish = input.InstanceSpecification;
  const instance = await ctx.get(instances, wish.InstanceId);
  if (!['pending', 'running', 'stopping', 'stopped'].includes(instance.State!.Name!)) throw errors.incorrectInstanceState(`Instance '${wish.InstanceId}' is not 'running' or 'stopped'.`);
  const made = [];
  for (const id of chosenVolumes(instance, wish)) {
    const volume = await ctx.get(volumes, id);
    const copied = input.CopyTagsFromSource === 'volume' ? (volume.Tags ?? []).filter((t) => !t.Key?.startsWith('aws:') && !tags.some((own) => own.Key === t.Key)) : [];
    const snapshot = await ctx.create<StoredSnapshot>(snapshots, { SnapshotId: ctx.newId(snapshots), ...snapshotOf(volume, input.Description ?? '', ctx), Tags: [...copied, ...tags] });
    const { SnapshotId, VolumeId, VolumeSize, State, StartTime, Progress, OwnerId, Description, Encrypted, Tags } = snapshot;
    made.push({ SnapshotId, VolumeId, VolumeSize, State, StartTime, Progress, OwnerId, Description, Encrypted, Tags: Tags ?? [] });
  }
  return { Snapshots: made };
}

export const snapshotCopyOperations = { CopySnapshot: copySnapshot, CreateSnapshots: createSnapshots } satisfies Handlers<Ec2Operations>;
