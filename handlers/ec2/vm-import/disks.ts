import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { minutes, type AnyResource, type Context } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { snapshots, type StoredSnapshot } from '../snapshots/snapshots.ts';
import { noServiceRole } from './errors.ts';

/** What the tasks that read disk images have alike. */

const ROLE_DEFAULT = 'vmimport';

/**
 * The role with which the disk images are read or written. https://docs.aws.amazon.com/vm-import/latest/userguide/required-permissions.html
 * assumed: one that is there may do what the task needs.
 */
export async function serviceRole(ctx: Context, name = ROLE_DEFAULT): Promise<string> {
  if (!(await ctx.findForeign('iam:role', name))) throw noServiceRole(name);
  return name;
}

type ClientData = Ec2Operations['ImportSnapshot']['input']['ClientData'];

const GIB = 1024 ** 3;
// assumed: the size of a disk of which the caller says none: its file lies in a bucket, and the service that has these is not here.
const DISK_GIB = 8;

/** The bytes of a disk image: "the size of the uploaded disk image, in GiB", as the caller declares it. */
export function declaredBytes(data: ClientData): number {
  const gib = data?.UploadSize ?? DISK_GIB;
  if (!(gib > 0)) throw general.invalidValue(gib, 'clientData.uploadSize', 'A positive number is expected.');
  return Math.round(gib * GIB);
}

export interface Place {
  readonly Url?: string | undefined;
  readonly UserBucket?: { readonly S3Bucket?: string | undefined; readonly S3Key?: string | undefined } | undefined;
}

/** Where a disk image lies: "either a https URL (https://..) or an Amazon S3 URL (s3://..)", or a bucket and a key. */
export function checkPlace({ Url, UserBucket }: Place): void {
  if (Url !== undefined && UserBucket !== undefined) throw general.invalidParameterCombination('Only one of url and userBucket may be specified for a disk container');
  if (Url === undefined && UserBucket === undefined) throw general.missingParameter('url or userBucket');
  if (Url !== undefined && !/^(https|s3):\/\/[^/\s]+\/\S+$/.test(Url)) throw general.invalidValue(Url, 'url', 'A URL of an object in Amazon S3 is expected.');
  if (UserBucket && (!UserBucket.S3Bucket || !UserBucket.S3Key)) throw general.missingParameter('userBucket.s3Bucket and userBucket.s3Key');
}

export function checkFormat(format: string | undefined, formats: readonly string[]): string {
  if (format === undefined) throw general.missingParameter('format');
  const known = format.toUpperCase();
  if (!formats.includes(known)) throw general.invalidValue(format, 'format', `Valid values: ${formats.join(' | ')}`);
  return known;
}

/** A snapshot made of a disk image; nobody's volume is its source. */
export async function snapshotOfDisk(ctx: Context, taskId: string, bytes: number, encryption: { Encrypted?: boolean | undefined; KmsKeyId?: string | undefined }): Promise<StoredSnapshot> {
  return ctx.create<StoredSnapshot>(snapshots, {
    SnapshotId: ctx.newId(snapshots), VolumeId: 'vol-ffffffff', State: 'completed', StartTime: ctx.now, OwnerId: ctx.account, Description: `Created by AWS-VMImport service for ${taskId}`,
    VolumeSize: Math.ceil(bytes / GIB), Encrypted: encryption.Encrypted ?? false, ...(encryption.KmsKeyId === undefined ? {} : { KmsKeyId: encryption.KmsKeyId }), StorageTier: 'standard', Tags: [],
  });
}

// assumed: how long a task takes, and a cancellation.
export const TASK_TAKES = minutes(15);
export const CANCELLATION_TAKES = minutes(1);

/** How far an active task is, in percent: it grows with the time that it takes. */
export function percentOf(ctx: Context, kind: AnyResource, startedAt: string): number {
  const whole = ctx.delay(kind, 'active', TASK_TAKES);
  return whole === 0 ? 99 : Math.max(1, Math.min(99, Math.floor(((ctx.nowMs - Date.parse(startedAt)) / whole) * 100)));
}

/** What a task does when it has come so far. https://docs.aws.amazon.com/vm-import/latest/userguide/import-vm-image.html#check-import-task-status */
export const stageOf = (percent: number, stages: readonly (readonly [from: number, stage: string])[]): string => stages.findLast(([from]) => percent >= from)![1];
