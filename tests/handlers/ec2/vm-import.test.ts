import { beforeAll, describe, expect, it } from 'vitest';
import { vmimport } from '../../laws/samples/vm-import.ts';
import { fogbank, type Fogbank } from '../../support/fogbank.ts';
import { as, type Caller } from '../../support/others.ts';

let fb: Fogbank;
let ec2: Caller;
const pass = (minutes: number) => fb.machine.clock.advance(minutes * 60_000);
const BUCKET = { S3Bucket: 'disks', S3Key: 'machine.raw' };
const RAW = { Format: 'RAW', UserBucket: BUCKET };

beforeAll(async () => {
  fb = await fogbank({ pace: 'realistic' });
  fb.machine.clock.hold();
  ec2 = as(fb);
});

/** An imported image of one disk. */
async function imported(over: object = {}): Promise<{ task: string; image: string }> {
  const { ImportTaskId } = await ec2.go('ImportImage', { DiskContainers: [RAW], ...over });
  pass(15);
  const { ImportImageTasks: [task] } = await ec2.go('DescribeImportImageTasks', { ImportTaskIds: [ImportTaskId] });
  return { task: ImportTaskId, image: task.ImageId };
}

it('ImportSnapshot: needs a role that there is', async () => {
  expect(await ec2.refused('ImportSnapshot', { DiskContainer: RAW })).toMatchObject({ code: 'InvalidParameter', message: 'The service role vmimport provided does not exist or does not have sufficient permissions' });
  expect((await ec2.refused('ImportImage', { DiskContainers: [RAW], RoleName: 'mine' })).message).toContain('The service role mine provided');
  await vmimport(fb);
});

describe('ImportSnapshot', () => {
  it('makes a snapshot of the declared size, in its time', async () => {
    const made = await ec2.go('ImportSnapshot', { Description: 'from home', DiskContainer: { Description: 'root', ...RAW }, ClientData: { UploadSize: 11.5 }, Encrypted: true, TagSpecifications: [{ ResourceType: 'import-snapshot-task', Tags: [{ Key: 'a', Value: 'b' }] }] });
    const { ImportTaskId } = made;
    expect(ImportTaskId).toMatch(/^import-snap-[0-9a-f]{17}$/);
    expect(made).toMatchObject({ Description: 'from home', Tags: [{ Key: 'a', Value: 'b' }], SnapshotTaskDetail: { Status: 'active', StatusMessage: 'pending', Progress: '0', Format: 'RAW', UserBucket: BUCKET, Encrypted: true, Description: 'root' } });
    const detail = async () => (await ec2.go('DescribeImportSnapshotTasks', { ImportTaskIds: [ImportTaskId] })).ImportSnapshotTasks[0].SnapshotTaskDetail;
    pass(6);
    expect(await detail()).toMatchObject({ Status: 'active', Progress: '40', StatusMessage: 'downloading/converting' });
    pass(9);
    const done = await detail();
    expect(done).toMatchObject({ Status: 'completed', DiskImageSize: 11.5 * 1024 ** 3, KmsKeyId: 'arn:aws:kms:us-east-1:123456789012:alias/aws/ebs' });
    expect(done.Progress).toBeUndefined();
    expect((await ec2.go('DescribeSnapshots', { SnapshotIds: [done.SnapshotId] })).Snapshots).toMatchObject([{ State: 'completed', Progress: '100%', VolumeSize: 12, Encrypted: true, Description: `Created by AWS-VMImport service for ${ImportTaskId}` }]);
    expect(await ec2.refused('CancelImportTask', { ImportTaskId })).toMatchObject({ code: 'IncorrectState', message: `The task '${ImportTaskId}' is in the 'completed' state and cannot be canceled.` });
  });

  it('refuses disks of which it cannot know where or what they are', async () => {
    for (const [DiskContainer, code] of [
      [undefined, 'MissingParameter'], [{ Format: 'RAW' }, 'MissingParameter'], [{ UserBucket: BUCKET }, 'MissingParameter'], [{ Format: 'OVA', UserBucket: BUCKET }, 'InvalidParameterValue'],
      [{ ...RAW, Url: 's3://disks/a' }, 'InvalidParameterCombination'], [{ Format: 'VHD', Url: 'http://disks/a' }, 'InvalidParameterValue'], [{ Format: 'VHD', UserBucket: { S3Bucket: 'disks' } }, 'MissingParameter'],
    ] as const) expect((await ec2.refused('ImportSnapshot', { DiskContainer })).code, JSON.stringify(DiskContainer)).toBe(code);
    expect((await ec2.refused('ImportSnapshot', { DiskContainer: RAW, ClientData: { UploadSize: -1 } })).code).toBe('InvalidParameterValue');
  });

  it('makes nothing when it is cancelled', async () => {
    const before = (await ec2.go('DescribeSnapshots', { OwnerIds: ['self'] })).Snapshots.length;
    const { ImportTaskId } = await ec2.go('ImportSnapshot', { DiskContainer: RAW });
    expect(await ec2.go('CancelImportTask', { ImportTaskId })).toMatchObject({ ImportTaskId, PreviousState: 'active', State: 'deleting' });
    expect((await ec2.refused('CancelImportTask', { ImportTaskId })).code).toBe('IncorrectState');
    pass(30);
    expect((await ec2.go('DescribeImportSnapshotTasks', { ImportTaskIds: [ImportTaskId] })).ImportSnapshotTasks[0].SnapshotTaskDetail.Status).toBe('deleted');
    expect((await ec2.go('DescribeSnapshots', { OwnerIds: ['self'] })).Snapshots).toHaveLength(before);
    expect(await ec2.refused('CancelImportTask', { ImportTaskId: 'import-snap-00000000000000000' })).toMatchObject({ code: 'InvalidConversionTaskId.Malformed' });
    expect((await ec2.refused('CancelImportTask', {})).code).toBe('MissingParameter');
  });
});

describe('ImportImage', () => {
  it('makes an image of files and snapshots, which starts instances', async () => {
    const { VolumeId } = await ec2.go('CreateVolume', { AvailabilityZone: 'us-east-1a', Size: 3 });
    pass(1);
    const { SnapshotId } = await ec2.go('CreateSnapshot', { VolumeId });
    pass(1);
    const made = await ec2.go('ImportImage', { DiskContainers: [RAW, { SnapshotId }], ClientData: { UploadSize: 20 }, Platform: 'Windows', BootMode: 'uefi', Description: 'pair' });
    expect(made).toMatchObject({ Status: 'active', StatusMessage: 'pending', Progress: '1', Platform: 'Windows', Architecture: 'x86_64', LicenseType: 'AWS', UsageOperation: 'RunInstances:0002', SnapshotDetails: [{ Format: 'RAW', UserBucket: BUCKET }, {}] });
    const task = async () => (await ec2.go('DescribeImportImageTasks', { ImportTaskIds: [made.ImportTaskId] })).ImportImageTasks[0];
    const stages: string[] = [];
    for (const minutes of [2, 5, 3, 1, 2]) {
      pass(minutes);
      stages.push((await task()).StatusMessage);
    }
    expect(stages).toEqual(['converting', 'updating', 'booting', 'booted', 'preparing ami']);
    pass(2);
    const done = await task();
    expect(done).toMatchObject({ Status: 'completed', SnapshotDetails: [{ DeviceName: '/dev/sda1', Status: 'completed', DiskImageSize: 20 * 1024 ** 3 }, { DeviceName: '/dev/sdf', DiskImageSize: 3 * 1024 ** 3 }] });
    expect((await ec2.go('DescribeImages', { ImageIds: [done.ImageId] })).Images).toMatchObject([{
      Name: made.ImportTaskId, State: 'available', Platform: 'windows', BootMode: 'uefi', RootDeviceName: '/dev/sda1', UsageOperation: 'RunInstances:0002',
      BlockDeviceMappings: [{ Ebs: { SnapshotId: done.SnapshotDetails[0].SnapshotId, VolumeSize: 20 } }, { Ebs: { VolumeSize: 3 } }],
    }]);
    const { Instances: [instance] } = await ec2.go('RunInstances', { ImageId: done.ImageId, InstanceType: 'm5.large', MinCount: 1, MaxCount: 1 });
    const { Reservations } = await ec2.go('DescribeInstances', { InstanceIds: [instance.InstanceId] });
    expect(Reservations[0].Instances[0].BlockDeviceMappings).toHaveLength(2);
  });

  it('refuses what VM Import does not take', async () => {
    const refused = (over: object) => ec2.refused('ImportImage', { DiskContainers: [RAW], ...over });
    for (const [over, code] of [
      [{ DiskContainers: [] }, 'MissingParameter'], [{ Architecture: 'sparc' }, 'InvalidParameterValue'], [{ Platform: 'BSD' }, 'InvalidParameterValue'], [{ Hypervisor: 'kvm' }, 'InvalidParameterValue'], [{ LicenseType: 'GPL' }, 'InvalidParameterValue'],
      [{ BootMode: 'uefi-preferred' }, 'InvalidParameterValue'], [{ DiskContainers: [{ ...RAW, SnapshotId: 'snap-00000000000000000' }] }, 'InvalidParameterCombination'], [{ DiskContainers: [{ SnapshotId: 'snap-00000000000000000' }] }, 'InvalidSnapshot.NotFound'],
      [{ KmsKeyId: 'alias/mine' }, 'InvalidParameterDependency'],
    ] as const) expect((await refused(over)).code, JSON.stringify(over)).toBe(code);
  });
});

describe('exports', () => {
  it('of an image go through their stages, and can be cancelled', async () => {
    const { image: ImageId } = await imported();
    const wish = { ImageId, DiskImageFormat: 'VMDK', S3ExportLocation: { S3Bucket: 'disks', S3Prefix: 'out/' } };
    const first = await ec2.go('ExportImage', wish);
    expect(first).toMatchObject({ ImageId, DiskImageFormat: 'VMDK', RoleName: 'vmimport', Status: 'active', StatusMessage: 'validating', Progress: '0', S3ExportLocation: { S3Bucket: 'disks', S3Prefix: 'out/' } });
    const second = await ec2.go('ExportImage', wish);
    await ec2.go('CancelExportTask', { ExportTaskId: second.ExportImageTaskId });
    pass(3);
    const statuses = async () => (await ec2.go('DescribeExportImageTasks')).ExportImageTasks.map((t: { Status: string; StatusMessage?: string }) => [t.Status, t.StatusMessage]);
    expect(await statuses()).toEqual([['active', 'converting'], ['deleted', 'validating']]);
    pass(12);
    expect((await statuses())[0]).toEqual(['completed', undefined]);
    expect((await ec2.refused('CancelExportTask', { ExportTaskId: first.ExportImageTaskId })).code).toBe('IncorrectState');
    const windows = await imported({ Platform: 'Windows' });
    expect((await ec2.refused('ExportImage', { ...wish, ImageId: windows.image })).code).toBe('NotExportable');
    const own = await imported({ Platform: 'Windows', LicenseType: 'BYOL' });
    expect((await ec2.go('ExportImage', { ...wish, ImageId: own.image })).Status).toBe('active');
    expect((await ec2.refused('ExportImage', { ...wish, RoleName: 'nobody' })).code).toBe('InvalidParameter');
  });

  it('of an instance are for those of imported images, in the format of their environment', async () => {
    const { image } = await imported();
    const run = async (ImageId: string): Promise<string> => (await ec2.go('RunInstances', { ImageId, InstanceType: 'm5.large', MinCount: 1, MaxCount: 1 })).Instances[0].InstanceId;
    const InstanceId = await run(image);
    const wish = { InstanceId, TargetEnvironment: 'vmware', ExportToS3Task: { S3Bucket: 'disks', S3Prefix: 'vms/', ContainerFormat: 'ova' } };
    expect((await ec2.refused('CreateInstanceExportTask', wish)).code).toBe('IncorrectInstanceState');
    const native = await run((await ec2.go('DescribeImages', { Owners: ['amazon'], Filters: [{ Name: 'architecture', Values: ['x86_64'] }] })).Images[0].ImageId);
    pass(5);
    expect(await ec2.refused('CreateInstanceExportTask', { ...wish, InstanceId: native })).toMatchObject({ code: 'NotExportable', message: 'Only imported instances can be exported.' });
    expect((await ec2.refused('CreateInstanceExportTask', { ...wish, TargetEnvironment: 'citrix' })).code).toBe('InvalidParameterValue');
    expect((await ec2.refused('CreateInstanceExportTask', { ...wish, ExportToS3Task: { S3Bucket: 'disks', DiskImageFormat: 'VHD' } })).message).toContain('The format for vmware is VMDK.');
    expect((await ec2.refused('CreateInstanceExportTask', { ...wish, ExportToS3Task: {} })).code).toBe('MissingParameter');
    const { ExportTask: task } = await ec2.go('CreateInstanceExportTask', { ...wish, TagSpecifications: [{ ResourceType: 'export-instance-task', Tags: [{ Key: 'a', Value: 'b' }] }] });
    const { ExportTaskId } = task;
    expect(task).toMatchObject({ State: 'active', InstanceExportDetails: { InstanceId, TargetEnvironment: 'vmware' }, ExportToS3Task: { DiskImageFormat: 'VMDK', S3Key: `vms/${ExportTaskId}.ova` }, Tags: [{ Key: 'a', Value: 'b' }] });
    await ec2.go('CancelExportTask', { ExportTaskId });
    const state = async () => (await ec2.go('DescribeExportTasks', { ExportTaskIds: [ExportTaskId] })).ExportTasks[0].State;
    expect(await state()).toBe('cancelling');
    pass(1);
    expect(await state()).toBe('cancelled');
    expect(await ec2.refused('DescribeExportTasks', { ExportTaskIds: ['export-i-00000000000000000'] })).toMatchObject({ code: 'InvalidExportTaskID.NotFound' });
    expect((await ec2.refused('DescribeExportTasks', { ExportTaskIds: ['export-1'] })).code).toBe('InvalidExportTaskID.Malformed');
  });
});
