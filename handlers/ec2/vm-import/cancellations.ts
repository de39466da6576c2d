import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Context, Handlers, Resource } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { notActive } from './errors.ts';
import { imageExports, instanceExports } from './export-tasks.ts';
import { importImageTasks } from './import-image-tasks.ts';
import { importSnapshotTasks } from './import-snapshot-tasks.ts';

/** One call ends a task of either kind: its id says which. A task that is over is not ended any more. */
async function cancel<T extends object>(ctx: Context, kind: Resource<T>, id: string, to: string): Promise<{ ImportTaskId: string; PreviousState: string; State: string }> {
  const task = await ctx.get(kind, id);
  const state = kind.stateOf(task);
  if (state !== 'active') throw notActive(id, state);
  await ctx.transition(kind, task, to);
  return { ImportTaskId: id, PreviousState: state, State: to };
}

export const cancellationOperations = {
  CancelImportTask: async ({ ImportTaskId: id }, ctx) => {
    if (id === undefined) throw general.missingParameter('importTaskId');
    return id.startsWith('import-ami-') ? cancel(ctx, importImageTasks, id, 'deleting') : cancel(ctx, importSnapshotTasks, id, 'deleting');
  },
  CancelExportTask: async ({ ExportTaskId: id }, ctx) => {
    if (id.startsWith('export-ami-')) await cancel(ctx, imageExports, id, 'deleting');
    else await cancel(ctx, instanceExports, id, 'cancelling');
  },
} satisfies Handlers<Ec2Operations>;
