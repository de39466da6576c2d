import { CreateAccessKeyCommand, CreateUserCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { beforeAll, describe, expect, it } from 'vitest';
import { fogbank, type Fogbank } from '../../support/fogbank.ts';
import { launches, type Launches } from '../../support/launches.ts';
import { as } from '../../support/others.ts';

let fb: Fogbank;
let ec2: Launches;
let made = 0;
const group = async (Strategy: string, extra: Record<string, unknown> = {}): Promise<{ GroupName: string; GroupId: string }> => (await ec2.go('CreatePlacementGroup', { GroupName: `group-${++made}`, Strategy, ...extra })).PlacementGroup;

beforeAll(async () => {
  fb = await fogbank();
  ec2 = await launches(fb);
});

describe('CreatePlacementGroup', () => {
  it('shows what its strategy has', async () => {
    expect(await group('cluster')).toMatchObject({ State: 'available', Strategy: 'cluster', GroupArn: `arn:aws:ec2:us-east-1:123456789012:placement-group/group-${made}` });
    expect(await group('partition')).toMatchObject({ PartitionCount: 2 });
    expect(await group('spread')).toMatchObject({ SpreadLevel: 'rack' });
    expect((await ec2.go('CreatePlacementGroup', { GroupName: 'usual' })).PlacementGroup.Strategy).toBe('cluster');
  });

  it.each([
    [{ Strategy: 'partition', PartitionCount: 8 }, 'InvalidParameterValue'], [{ Strategy: 'cluster', PartitionCount: 2 }, 'InvalidParameterCombination'], [{ Strategy: 'cluster', SpreadLevel: 'rack' }, 'InvalidParameterCombination'],
    [{ Strategy: 'spread', SpreadLevel: 'host' }, 'UnsupportedOperation'], [{ GroupName: 'x'.repeat(256) }, 'InvalidParameterValue'], [{ GroupName: '' }, 'MissingParameter'], [{ LinkedGroupId: 'pg-00000000000000000' }, 'UnsupportedOperation'],
    [{ Strategy: 'cluster', ParentGroupId: 'pg-00000000000000000' }, 'InvalidPlacementGroup.Unknown'], [{ Strategy: 'spread', ParentGroupId: 'pg-00000000000000000' }, 'InvalidParameterCombination'],
  ])('refuses %j', async (input, code) => {
    expect((await ec2.refused('CreatePlacementGroup', { GroupName: 'never', ...input })).code).toBe(code);
  });

  it('refuses a name that is there', async () => {
    const { GroupName } = await group('spread');
    expect(await ec2.refused('CreatePlacementGroup', { GroupName })).toMatchObject({ code: 'InvalidPlacementGroup.Duplicate', message: `The placement group '${GroupName}' already exists.` });
  });

  it('takes a parent for precise time, which then cannot be deleted', async () => {
    const parent = await group('precision-time');
    await group('cluster', { ParentGroupId: parent.GroupId });
    expect((await ec2.refused('DeletePlacementGroup', { GroupName: parent.GroupName })).code).toBe('InvalidPlacementGroup.InUse');
  });
});

it('DescribePlacementGroups: finds by name and refuses names that are not there', async () => {
  const { GroupName, GroupId } = await group('cluster');
  expect((await ec2.go('DescribePlacementGroups', { GroupNames: [GroupName] })).PlacementGroups[0].GroupId).toBe(GroupId);
  expect(await ec2.refused('DescribePlacementGroups', { GroupNames: ['none'] })).toMatchObject({ code: 'InvalidPlacementGroup.Unknown', message: "The Placement Group 'none' is unknown." });
});

describe('instances in groups', () => {
  it('a cluster is in one zone, with types that support it', async () => {
    const { GroupName, GroupId } = await group('cluster');
    expect(await ec2.refused('RunInstances', { ImageId: ec2.ImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, Placement: { GroupName } })).toMatchObject({
      code: 'InvalidParameterCombination', message: "Cluster placement groups are not supported by the 't3.micro' instance type. Specify a supported instance type or change the placement group strategy, and try again.",
    });
    const first = await ec2.run({ InstanceType: 'm5.large', Placement: { GroupName, AvailabilityZone: 'us-east-1c' } });
    expect(first.Placement).toMatchObject({ GroupName, GroupId, AvailabilityZone: 'us-east-1c' });
    expect((await ec2.run({ InstanceType: 'm5.large', Placement: { GroupId } })).Placement.AvailabilityZone).toBe('us-east-1c');
    const refused = await ec2.refused('RunInstances', { ImageId: ec2.ImageId, InstanceType: 'm5.large', MinCount: 1, MaxCount: 1, Placement: { GroupName, AvailabilityZone: 'us-east-1a' } });
    expect(refused).toMatchObject({ code: 'InvalidPlacementGroup.InUse', message: `The placement group '${GroupName}' is in use in another availability zone: us-east-1c` });
  });

  it('a spread group takes seven running instances a zone', async () => {
    const { GroupName } = await group('spread');
    await ec2.run({ MinCount: 7, MaxCount: 7, Placement: { GroupName, AvailabilityZone: 'us-east-1a' } });
    expect((await ec2.refused('RunInstances', { ImageId: ec2.ImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, Placement: { GroupName, AvailabilityZone: 'us-east-1a' } })).code).toBe('InsufficientInstanceCapacity');
    const elsewhere = await ec2.run({ Placement: { GroupName, AvailabilityZone: 'us-east-1b' } });
    const { Reservations } = await ec2.go('DescribeInstances', { Filters: [{ Name: 'placement-group-name', Values: [GroupName] }] });
    expect(Reservations.flatMap((r: { Instances: unknown[] }) => r.Instances)).toHaveLength(8);
    const inA = Reservations[0].Instances[0].InstanceId as string;
    await ec2.stop(inA);
    await ec2.run({ Placement: { GroupName, AvailabilityZone: 'us-east-1a' } });
    expect((await ec2.refused('StartInstances', { InstanceIds: [inA] })).code).toBe('InsufficientInstanceCapacity');
    expect((await ec2.one(elsewhere.InstanceId)).Placement.GroupName).toBe(GroupName);
  });

  it('partitions are numbered, chosen evenly or as asked', async () => {
    const { GroupName } = await group('partition', { PartitionCount: 3 });
    const { Instances } = await ec2.go('RunInstances', { ImageId: ec2.ImageId, InstanceType: 't3.micro', MinCount: 4, MaxCount: 4, Placement: { GroupName, AvailabilityZone: 'us-east-1a' } });
    expect(Instances.map((i: { Placement: { PartitionNumber: number } }) => i.Placement.PartitionNumber)).toEqual([1, 2, 3, 1]);
    expect((await ec2.run({ Placement: { GroupName, PartitionNumber: 3 } })).Placement.PartitionNumber).toBe(3);
    for (const Placement of [{ GroupName, PartitionNumber: 4 }, { PartitionNumber: 1 }]) {
      expect((await ec2.refused('RunInstances', { ImageId: ec2.ImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, Placement })).code).toMatch(/^InvalidParameter(Value|Combination)$/);
    }
    const { Reservations } = await ec2.go('DescribeInstances', { Filters: [{ Name: 'placement-partition-number', Values: ['3'] }, { Name: 'placement-group-name', Values: [GroupName] }] });
    expect(Reservations.flatMap((r: { Instances: unknown[] }) => r.Instances)).toHaveLength(2);
  });

  it('a group is held by its instances, stopped ones too, until they are moved or terminated', async () => {
    const { GroupName } = await group('spread');
    const { InstanceId } = await ec2.run({ Placement: { GroupName } });
    expect(await ec2.refused('DeletePlacementGroup', { GroupName })).toMatchObject({ code: 'InvalidPlacementGroup.InUse', message: `The placement group '${GroupName}' is in use and may not be deleted.` });
    await ec2.stop(InstanceId);
    expect((await ec2.refused('DeletePlacementGroup', { GroupName })).code).toBe('InvalidPlacementGroup.InUse');
    await ec2.go('ModifyInstancePlacement', { InstanceId, GroupName: '' });
    await ec2.go('DeletePlacementGroup', { GroupName });
    expect((await ec2.refused('DeletePlacementGroup', { GroupName })).code).toBe('InvalidPlacementGroup.Unknown');
    await ec2.go('StartInstances', { InstanceIds: [InstanceId] });
    expect((await ec2.one(InstanceId)).Placement).toMatchObject({ GroupName: '' });
  });
});

describe('ModifyInstancePlacement', () => {
  it('moves a stopped instance into a group, to another partition, and out again', async () => {
    const { InstanceId } = await ec2.run();
    const { GroupName, GroupId } = await group('partition', { PartitionCount: 3 });
    await ec2.one(InstanceId);
    expect((await ec2.refused('ModifyInstancePlacement', { InstanceId, GroupName })).code).toBe('IncorrectInstanceState');
    await ec2.stop(InstanceId);
    expect(await ec2.go('ModifyInstancePlacement', { InstanceId, GroupName, PartitionNumber: 2 })).toMatchObject({ Return: true });
    expect((await ec2.one(InstanceId)).Placement).toMatchObject({ GroupName, GroupId, PartitionNumber: 2 });
    await ec2.go('ModifyInstancePlacement', { InstanceId, PartitionNumber: 3 });
    expect((await ec2.one(InstanceId)).Placement.PartitionNumber).toBe(3);
    await ec2.go('ModifyInstancePlacement', { InstanceId, GroupName: '' });
    expect((await ec2.one(InstanceId)).Placement).not.toHaveProperty('PartitionNumber');
  });

  it.each([
    [{}, 'MissingParameter'], [{ GroupName: 'none' }, 'InvalidPlacementGroup.Unknown'], [{ Tenancy: 'host' }, 'InvalidRequest'], [{ PartitionNumber: 1 }, 'InvalidParameterCombination'],
  ])('refuses %j', async (input, code) => {
    const { InstanceId } = await ec2.run();
    await ec2.stop(InstanceId);
    expect((await ec2.refused('ModifyInstancePlacement', { InstanceId, ...input })).code).toBe(code);
  });
});

it('policies know groups by their names, their strategies and their tags', async () => {
  await fb.iam.send(new CreateUserCommand({ UserName: 'placer' }));
  const { AccessKey } = await fb.iam.send(new CreateAccessKeyCommand({ UserName: 'placer' }));
  const placer = as(fb, { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! });
  const Statement = [{ Effect: 'Allow', Action: 'ec2:DeletePlacementGroup', Resource: 'arn:aws:ec2:*:*:placement-group/mine-*', Condition: { StringEquals: { 'ec2:PlacementGroupStrategy': 'spread', 'aws:ResourceTag/Team': 'a' } } }];
  await fb.iam.send(new PutUserPolicyCommand({ UserName: 'placer', PolicyName: 'place', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }) }));
  const create = (GroupName: string, Strategy: string) => ec2.go('CreatePlacementGroup', { GroupName, Strategy, TagSpecifications: [{ ResourceType: 'placement-group', Tags: [{ Key: 'Team', Value: 'a' }] }] });
  await create('mine-1', 'spread');
  await create('mine-2', 'cluster');
  await create('theirs', 'spread');
  await placer.go('DeletePlacementGroup', { GroupName: 'mine-1' });
  for (const GroupName of ['mine-2', 'theirs']) expect((await placer.refused('DeletePlacementGroup', { GroupName })).code).toBe('UnauthorizedOperation');
});
