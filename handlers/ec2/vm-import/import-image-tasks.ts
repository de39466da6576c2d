import type { ImportImageTask } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { images, type StoredImage } from '../images/images.ts';
import { snapshotForVolume } from '../snapshots/snapshots.ts';
import { encryptionOf } from '../volumes/encryption.ts';
import { CANCELLATION_TAKES, checkFormat, checkPlace, declaredBytes, percentOf, serviceRole, snapshotOfDisk, stageOf, TASK_TAKES } from './disks.ts';
import { noImportTask } from './errors.ts';

type Detail = NonNullable<Wire<ImportImageTask>['SnapshotDetails']>[number];
export type StoredImageTask = Wire<ImportImageTask> & { $: { startedAt: string; disks: { bytes: number; DeviceName: string }[] } };

/** https://docs.aws.amazon.com/vm-import/latest/userguide/import-vm-image.html */
export const importImageTasks = resource<StoredImageTask>({
  service: 'ec2',
  kind: 'import-image-task',
  shape: 'ImportImageTask',
  id: { member: 'ImportTaskId', prefix: 'import-ami' },
  notFound: noImportTask,
  malformed: (id) => noImportTask([id]),
  state: 'Status',
  lifecycle: { active: { after: TASK_TAKES, to: 'completed' }, deleting: { after: CANCELLATION_TAKES, to: 'deleted' } },
  entering: { completed: finish },
  indexed: ['ImageId'],
});

/** An image named as its task, of a snapshot for each disk. */
async function finish(task: StoredImageTask, ctx: Context): Promise<void> {
  const details: Detail[] = [];
  const mappings: NonNullable<StoredImage['BlockDeviceMappings']> = [];
  for (const [i, { bytes, DeviceName }] of task.$.disks.entries()) {
    const { SnapshotId, VolumeSize, Encrypted } = await snapshotOfDisk(ctx, task.ImportTaskId!, bytes, task);
    details.push({ ...task.SnapshotDetails![i], DeviceName, DiskImageSize: bytes, SnapshotId, Status: 'completed' });
    mappings.push({ DeviceName, Ebs: { SnapshotId, VolumeSize, Encrypted, VolumeType: 'gp2', DeleteOnTermination: i === 0 } });
  }
  const windows = task.Platform === 'Windows';
  const image = await ctx.create<StoredImage>(images, {
    ImageId: ctx.newId(images), Name: task.ImportTaskId, Description: `AWS-VMImport service: ${task.Platform}`, ImageLocation: `${ctx.account}/${task.ImportTaskId}`, OwnerId: ctx.account, CreationDate: ctx.now, State: 'available',
    Architecture: task.Architecture as 'x86_64', BlockDeviceMappings: mappings, Hypervisor: 'xen', ImageType: 'machine', Public: false, RootDeviceName: mappings[0]!.DeviceName, RootDeviceType: 'ebs', VirtualizationType: 'hvm', EnaSupport: true,
    ...(windows ? { Platform: 'windows' as 'Windows' } : {}), PlatformDetails: windows ? 'Windows' : 'Linux/UNIX', UsageOperation: task.UsageOperation, ...(task.BootMode === undefined ? {} : { BootMode: task.BootMode }), ProductCodes: [], Tags: [],
  });
  delete task.Progress;
  delete task.StatusMessage;
  Object.assign(task, { ImageId: image.ImageId, SnapshotDetails: details });
}

const STAGES = [[0, 'pending'], [5, 'converting'], [40, 'updating'], [60, 'booting'], [70, 'booted'], [80, 'preparing ami']] as const;

function progressing(task: StoredImageTask, ctx: Context): StoredImageTask {
  if (task.Status !== 'active') return task;
  const percent = percentOf(ctx, importImageTasks, task.$.startedAt);
  return { ...task, Progress: String(percent), StatusMessage: stageOf(percent, STAGES) };
}

type ImportInput = Ec2Operations['ImportImage']['input'];

function checkOneOf(name: 'Architecture' | 'Platform' | 'Hypervisor' | 'LicenseType', input: ImportInput, values: readonly string[]): void {
  const given = input[name];
  if (given !== undefined && !values.includes(given)) throw general.invalidValue(given, `${name[0]!.toLowerCase()}${name.slice(1)}`, `Valid values: ${values.join(' | ')}`);
}

/** The bytes of a disk: of the snapshot that it is, or as they are declared for a file. */
async function bytesOf(disk: NonNullable<ImportInput['DiskContainers']>[number], input: ImportInput, ctx: Context): Promise<number> {
  if (disk.SnapshotId === undefined) {
    checkPlace(disk);
    checkFormat(disk.Format, ['OVA', 'VHD', 'VHDX', 'VMDK', 'RAW']);
    return declaredBytes(input.ClientData);
  }
  if (disk.Url !== undefined || disk.UserBucket !== undefined) throw general.invalidParameterCombination('Only one of snapshotId, url and userBucket may be specified for a disk container');
  return (await snapshotForVolume(ctx, disk.SnapshotId)).VolumeSize! * 1024 ** 3;
}

/** The first disk is the root; the others follow it. assumed: by these names, where the caller gives none. */
const deviceName = (i: number): string => (i === 0 ? '/dev/sda1' : `/dev/sd${String.fromCharCode('f'.charCodeAt(0) + i - 1)}`);

const DISKS_MAX = 21;

async function planTask(input: ImportInput, ctx: Context): Promise<Partial<StoredImageTask>> {
  const containers = input.DiskContainers ?? [];
  if (containers.length === 0) throw general.missingParameter('diskContainers');
  // "You can import multiple disks: a root volume and up to 20 data volumes" is as many as an OVA may have. assumed: it holds for all.
  if (containers.length > DISKS_MAX) throw general.invalidParameterValue(`An image can be imported from at most ${DISKS_MAX} disks`);
  checkOneOf('Architecture', input, ['i386', 'x86_64', 'arm64']);
  checkOneOf('Platform', input, ['Windows', 'Linux']);
  checkOneOf('Hypervisor', input, ['xen']);
  checkOneOf('LicenseType', input, ['AWS', 'BYOL']);
  // "The uefi-preferred boot mode isn't supported for importing images."
  if (input.BootMode === 'uefi-preferred') throw general.invalidValue(input.BootMode, 'bootMode', 'Valid values: legacy-bios | uefi');
  const disks: StoredImageTask['$']['disks'] = [];
  for (const [i, disk] of containers.entries()) disks.push({ bytes: await bytesOf(disk, input, ctx), DeviceName: disk.DeviceName ?? deviceName(i) });
  await serviceRole(ctx, input.RoleName);
  const { Encrypted, KmsKeyId } = await encryptionOf(ctx, input);
  // assumed: what is on a disk that nobody can look at is Linux for x86_64. A Windows Server's licence is AWS's where nothing else is said.
  const { Platform = 'Linux', Architecture = 'x86_64', Hypervisor, BootMode } = input;
  const LicenseType = input.LicenseType ?? (Platform === 'Windows' ? 'AWS' : 'BYOL');
  return {
    Architecture, Platform, Description: input.Description ?? '', Encrypted, ...(KmsKeyId === undefined ? {} : { KmsKeyId }), LicenseType, ...(Hypervisor === undefined ? {} : { Hypervisor }), ...(BootMode === undefined ? {} : { BootMode }),
    UsageOperation: input.UsageOperation ?? (Platform === 'Windows' ? (LicenseType === 'AWS' ? 'RunInstances:0002' : 'RunInstances:0800') : 'RunInstances'),
    Progress: '1', Status: 'active', StatusMessage: 'pending', Tags: [], $: { startedAt: ctx.now, disks },
    SnapshotDetails: containers.map(({ Description, DeviceName, Format, Url, UserBucket }) => ({ Description, DeviceName, Format: Format?.toUpperCase(), DiskImageSize: 0, Url, UserBucket })),
  };
}

export const importImageOperations = {
  ImportImage: creates(importImageTasks, planTask),
  DescribeImportImageTasks: describes(importImageTasks, { ids: 'ImportTaskIds', complete: progressing }),
} satisfies Handlers<Ec2Operations>;
