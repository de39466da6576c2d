import type { ImportSnapshotTask } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { encryptionOf } from '../volumes/encryption.ts';
import { CANCELLATION_TAKES, checkFormat, checkPlace, declaredBytes, percentOf, serviceRole, snapshotOfDisk, stageOf, TASK_TAKES } from './disks.ts';
import { noImportTask } from './errors.ts';

export type StoredSnapshotTask = Wire<ImportSnapshotTask> & { $: { startedAt: string; bytes: number } };

/** https://docs.aws.amazon.com/vm-import/latest/userguide/vmimport-import-snapshot.html */
export const importSnapshotTasks = resource<StoredSnapshotTask>({
  service: 'ec2',
  kind: 'import-snapshot-task',
  shape: 'ImportSnapshotTask',
  id: { member: 'ImportTaskId', prefix: 'import-snap' },
  notFound: noImportTask,
  malformed: (id) => noImportTask([id]),
  state: 'SnapshotTaskDetail.Status',
  lifecycle: { active: { after: TASK_TAKES, to: 'completed' }, deleting: { after: CANCELLATION_TAKES, to: 'deleted' } },
  entering: {
    completed: async (task, ctx) => {
      const { Progress: _progress, StatusMessage: _message, ...detail } = task.SnapshotTaskDetail!;
      const { SnapshotId } = await snapshotOfDisk(ctx, task.ImportTaskId!, task.$.bytes, detail);
      task.SnapshotTaskDetail = { ...detail, SnapshotId, DiskImageSize: task.$.bytes };
    },
  },
});

const STAGES = [[0, 'pending'], [5, 'downloading/converting'], [90, 'preparing snapshot']] as const;

function progressing(task: StoredSnapshotTask, ctx: Context): StoredSnapshotTask {
  if (task.SnapshotTaskDetail!.Status !== 'active') return task;
  const percent = percentOf(ctx, importSnapshotTasks, task.$.startedAt);
  return { ...task, SnapshotTaskDetail: { ...task.SnapshotTaskDetail, Progress: String(percent), StatusMessage: stageOf(percent, STAGES) } };
}

async function planTask(input: Ec2Operations['ImportSnapshot']['input'], ctx: Context): Promise<Partial<StoredSnapshotTask>> {
  const { DiskContainer: disk } = input;
  if (disk === undefined) throw general.missingParameter('diskContainer');
  const Format = checkFormat(disk.Format, ['VHD', 'VMDK', 'RAW']);
  checkPlace(disk);
  const bytes = declaredBytes(input.ClientData);
  await serviceRole(ctx, input.RoleName);
  const { Encrypted, KmsKeyId } = await encryptionOf(ctx, input);
  const { Description, Url, UserBucket } = disk;
  return {
    Description: input.Description ?? '', Tags: [], $: { startedAt: ctx.now, bytes },
    SnapshotTaskDetail: { Description: Description ?? '', DiskImageSize: 0, Format, Progress: '0', Status: 'active', StatusMessage: 'pending', Encrypted, ...(KmsKeyId === undefined ? {} : { KmsKeyId }), ...(Url === undefined ? { UserBucket } : { Url }) },
  };
}

export const importSnapshotOperations = {
  ImportSnapshot: creates(importSnapshotTasks, planTask),
  DescribeImportSnapshotTasks: describes(importSnapshotTasks, { ids: 'ImportTaskIds', complete: progressing }),
} satisfies Handlers<Ec2Operations>;
