import type { ExportImageTask, ExportTask } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, resource, specifiedTags, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { ownImage } from '../images/images.ts';
import { instances } from '../instances/instances.ts';
import { CANCELLATION_TAKES, percentOf, serviceRole, stageOf, TASK_TAKES } from './disks.ts';
import { malformedExportTask, noExportTask, notExportable } from './errors.ts';
import { importImageTasks } from './import-image-tasks.ts';

export type StoredImageExport = Wire<ExportImageTask> & { $: { startedAt: string } };

const unknown = { notFound: noExportTask, malformed: malformedExportTask };

/** https://docs.aws.amazon.com/vm-import/latest/userguide/vmexport_image.html */
export const imageExports = resource<StoredImageExport>({
  service: 'ec2',
  kind: 'export-image-task',
  shape: 'ExportImageTask',
  id: { member: 'ExportImageTaskId', prefix: 'export-ami' },
  ...unknown,
  state: 'Status',
  lifecycle: { active: { after: TASK_TAKES, to: 'completed' }, deleting: { after: CANCELLATION_TAKES, to: 'deleted' } },
  entering: {
    completed: (task) => {
      delete task.Progress;
      delete task.StatusMessage;
    },
  },
});

/** https://docs.aws.amazon.com/vm-import/latest/userguide/vmexport.html */
export const instanceExports = resource<Wire<ExportTask>>({
  service: 'ec2',
  kind: 'export-instance-task',
  shape: 'ExportTask',
  id: { member: 'ExportTaskId', prefix: 'export-i' },
  ...unknown,
  state: 'State',
  lifecycle: { active: { after: TASK_TAKES, to: 'completed' }, cancelling: { after: CANCELLATION_TAKES, to: 'cancelled' } },
});

const DESCRIPTION_LENGTH_MAX = 255;

function checkDescription(text: string | undefined): void {
  if ((text ?? '').length > DESCRIPTION_LENGTH_MAX) throw general.invalidParameterValue(`The description is longer than ${DESCRIPTION_LENGTH_MAX} characters`);
}

const STAGES = [[0, 'validating'], [10, 'converting'], [80, 'uploading']] as const;

function progressing(task: StoredImageExport, ctx: Context): StoredImageExport {
  if (task.Status !== 'active') return task;
  const percent = percentOf(ctx, imageExports, task.$.startedAt);
  return { ...task, Progress: String(percent), StatusMessage: stageOf(percent, STAGES) };
}

/** What brings its own licence. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/billing-info-fields.html */
const OWN_LICENCE = /^RunInstances(:0800)?$/;

/** assumed: that the bucket is there and takes the image; what lies in buckets is another service's. */
async function exportImage(input: Ec2Operations['ExportImage']['input'], ctx: Context): Promise<Ec2Operations['ExportImage']['output']> {
  const Tags = specifiedTags(input.TagSpecifications as never, imageExports.kind);
  checkDescription(input.Description);
  const image = await ownImage(ctx, input.ImageId);
  if (image.State !== 'available') throw general.imageUnavailable(input.ImageId);
  // "You can't export an image if it contains third-party software provided by AWS", as Windows Server is. assumed: the words.
  if (!OWN_LICENCE.test(image.UsageOperation ?? 'RunInstances')) throw notExportable(`The image ${input.ImageId} contains AWS-licensed software and is not exportable.`);
  const RoleName = await serviceRole(ctx, input.RoleName);
  const task = await ctx.create<StoredImageExport>(imageExports, {
    ExportImageTaskId: ctx.newId(imageExports), ImageId: input.ImageId, Description: input.Description ?? '', S3ExportLocation: { S3Bucket: input.S3ExportLocation.S3Bucket, S3Prefix: input.S3ExportLocation.S3Prefix ?? '' },
    Progress: '0', Status: 'active', StatusMessage: 'validating', Tags, $: { startedAt: ctx.now },
  });
  const { $: _kept, ...shown } = task;
  return { ...shown, DiskImageFormat: input.DiskImageFormat, RoleName };
}

/** The one image format of each environment. https://docs.aws.amazon.com/vm-import/latest/userguide/vmexport.html#supported-image-export-formats */
const FORMATS = { vmware: 'VMDK', citrix: 'VHD', microsoft: 'VHD' } as const;

/** https://docs.aws.amazon.com/vm-import/latest/userguide/vmexport.html#vmexport-limits */
async function refuseInstance(ctx: Context, instanceId: string): Promise<void> {
  const instance = await ctx.get(instances, instanceId);
  if (instance.State!.Name !== 'running' && instance.State!.Name !== 'stopped') throw general.incorrectInstanceState(`Instance '${instanceId}' is not 'running' or 'stopped'.`);
  const [source] = instance.ImageId === undefined ? [] : await ctx.list(importImageTasks, { member: 'ImageId', value: instance.ImageId });
  if (!source) throw notExportable('Only imported instances can be exported.');
  // assumed: the words of these two.
  if ((instance.BlockDeviceMappings ?? []).length > 1) throw notExportable('Instances with more than one volume cannot be exported.');
  if ((instance.NetworkInterfaces ?? []).length > 1) throw notExportable('Instances with more than one network interface cannot be exported.');
}

async function planInstanceExport(input: Ec2Operations['CreateInstanceExportTask']['input'], ctx: Context): Promise<Wire<ExportTask>> {
  checkDescription(input.Description);
  const { DiskImageFormat = FORMATS[input.TargetEnvironment], ContainerFormat, S3Bucket, S3Prefix = '' } = input.ExportToS3Task;
  if (S3Bucket === undefined) throw general.missingParameter('exportToS3Task.s3Bucket');
  if (DiskImageFormat !== FORMATS[input.TargetEnvironment]) throw general.invalidValue(DiskImageFormat, 'diskImageFormat', `The format for ${input.TargetEnvironment} is ${FORMATS[input.TargetEnvironment]}.`);
  if (ContainerFormat !== undefined && input.TargetEnvironment !== 'vmware') throw general.invalidValue(ContainerFormat, 'containerFormat', 'It is for vmware only.');
  await refuseInstance(ctx, input.InstanceId);
  const ExportTaskId = ctx.newId(instanceExports);
  // "The image is written to a single object in the Amazon S3 bucket using the S3 key s3prefix + exportTaskId + '.' + diskImageFormat."
  const S3Key = `${S3Prefix}${ExportTaskId}.${ContainerFormat ?? DiskImageFormat.toLowerCase()}`;
  return {
    ExportTaskId, Description: input.Description ?? '', InstanceExportDetails: { InstanceId: input.InstanceId, TargetEnvironment: input.TargetEnvironment }, State: 'active', StatusMessage: 'Running', Tags: [],
    ExportToS3Task: { DiskImageFormat, ...(ContainerFormat === undefined ? {} : { ContainerFormat }), S3Bucket, S3Key },
  };
}

export const exportOperations = {
  ExportImage: exportImage,
  DescribeExportImageTasks: describes(imageExports, { ids: 'ExportImageTaskIds', complete: progressing }),
  CreateInstanceExportTask: creates(instanceExports, planInstanceExport),
  DescribeExportTasks: describes(instanceExports, { ids: 'ExportTaskIds' }),
} satisfies Handlers<Ec2Operations>;
