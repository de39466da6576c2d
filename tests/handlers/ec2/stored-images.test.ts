import { beforeAll, expect, it } from 'vitest';
import { fogbank, type Fogbank } from '../../support/fogbank.ts';
import { as, type Caller } from '../../support/others.ts';

let fb: Fogbank;
let ec2: Caller;
const pass = (minutes: number) => fb.machine.clock.advance(minutes * 60_000);

beforeAll(async () => {
  fb = await fogbank({ pace: 'realistic' });
  fb.machine.clock.hold();
  ec2 = as(fb);
});

async function image(Name: string, Size = 3): Promise<string> {
  const { VolumeId } = await ec2.go('CreateVolume', { AvailabilityZone: 'us-east-1a', Size });
  pass(1);
  const { SnapshotId } = await ec2.go('CreateSnapshot', { VolumeId });
  pass(1);
  return (await ec2.go('RegisterImage', { Name, Description: 'kept', RootDeviceName: '/dev/xvda', Architecture: 'arm64', VirtualizationType: 'hvm', BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId } }] })).ImageId as string;
}

const tasks = async (input: object = {}) => (await ec2.go('DescribeStoreImageTasks', { ...input })).StoreImageTaskResults;

it('an image is stored in a bucket, and restored from there when it is gone', async () => {
  const ImageId = await image('one');
  const { ObjectKey } = await ec2.go('CreateStoreImageTask', { ImageId, Bucket: 'amis', S3ObjectTags: [{ Key: 'a', Value: 'b' }] });
  expect(ObjectKey).toBe(`${ImageId}.bin`);
  pass(4);
  expect(await tasks({ ImageIds: [ImageId] })).toMatchObject([{ AmiId: ImageId, Bucket: 'amis', S3objectKey: ObjectKey, ProgressPercentage: 40, StoreTaskState: 'InProgress' }]);
  const missing = await ec2.refused('CreateRestoreImageTask', { Bucket: 'amis', ObjectKey });
  expect(missing).toMatchObject({ code: 'InvalidParameterValue', message: `There is no stored image with the key ${ObjectKey} in the bucket amis.` });
  pass(6);
  expect(await tasks({ ImageIds: [ImageId] })).toMatchObject([{ ProgressPercentage: 100, StoreTaskState: 'Completed' }]);
  expect((await ec2.refused('CreateRestoreImageTask', { Bucket: 'other', ObjectKey })).code).toBe('InvalidParameterValue');
  expect((await ec2.refused('CreateRestoreImageTask', { Bucket: 'amis', ObjectKey })).code).toBe('InvalidAMIName.Duplicate');
  await ec2.go('DeregisterImage', { ImageId });
  const restored = await ec2.go('CreateRestoreImageTask', { Bucket: 'amis', ObjectKey, TagSpecifications: [{ ResourceType: 'image', Tags: [{ Key: 'from', Value: 'store' }] }, { ResourceType: 'snapshot', Tags: [{ Key: 'of', Value: 'it' }] }] });
  pass(2);
  const { Images: [back] } = await ec2.go('DescribeImages', { ImageIds: [restored.ImageId] });
  expect(back).toMatchObject({ Name: 'one', Description: 'kept', Architecture: 'arm64', State: 'available', Public: false, Tags: [{ Key: 'from', Value: 'store' }] });
  expect((await ec2.go('DescribeSnapshots', { SnapshotIds: [back.BlockDeviceMappings[0].Ebs.SnapshotId] })).Snapshots).toMatchObject([{ VolumeSize: 3, State: 'completed', Tags: [{ Key: 'of', Value: 'it' }] }]);
  expect((await ec2.go('DescribeImages', { ImageIds: [(await ec2.go('CreateRestoreImageTask', { Bucket: 'amis', ObjectKey, Name: 'another' })).ImageId] })).Images[0]).toMatchObject({ Name: 'another', State: 'pending' });
});

it('DescribeStoreImageTasks: gives the last ones first, of the past 31 days, by bucket and state', async () => {
  const ImageId = await image('two');
  await ec2.go('CreateStoreImageTask', { ImageId, Bucket: 'second' });
  pass(11);
  await ec2.go('CreateStoreImageTask', { ImageId, Bucket: 'third' });
  const buckets = async (input: object) => (await tasks(input)).map((t: { Bucket: string }) => t.Bucket);
  expect(await buckets({ ImageIds: [ImageId] })).toEqual(['third', 'second']);
  expect(await buckets({ Filters: [{ Name: 'bucket', Values: ['s*'] }] })).toEqual(['second']);
  expect(await buckets({ Filters: [{ Name: 'task-state', Values: ['InProgress'] }] })).toEqual(['third']);
  expect((await ec2.refused('DescribeStoreImageTasks', { Filters: [{ Name: 'colour', Values: ['x'] }] })).message).toBe("The filter 'colour' is invalid");
  const page = await ec2.go('DescribeStoreImageTasks', { MaxResults: 1 });
  expect(page.StoreImageTaskResults).toMatchObject([{ Bucket: 'third' }]);
  expect((await ec2.go('DescribeStoreImageTasks', { MaxResults: 1, NextToken: page.NextToken })).StoreImageTaskResults).toMatchObject([{ Bucket: 'second' }]);
  pass(31 * 24 * 60);
  expect(await tasks()).toEqual([]);
});

it('CreateStoreImageTask: refuses public images of others, and more at once than 1200 GiB', async () => {
  const { Images: [amazon] } = await ec2.go('DescribeImages', { Owners: ['amazon'] });
  expect((await ec2.refused('CreateStoreImageTask', { ImageId: amazon.ImageId, Bucket: 'amis' })).code).toBe('InvalidRequest');
  expect((await ec2.refused('CreateStoreImageTask', { ImageId: 'ami-00000000000000000', Bucket: 'amis' })).code).toBe('InvalidAMIID.NotFound');
  const ImageId = await image('three', 700);
  await ec2.go('CreateStoreImageTask', { ImageId, Bucket: 'amis' });
  expect((await ec2.refused('CreateStoreImageTask', { ImageId, Bucket: 'amis' })).code).toBe('RequestLimitExceeded');
  pass(10);
  await ec2.go('CreateStoreImageTask', { ImageId, Bucket: 'amis' });
});
