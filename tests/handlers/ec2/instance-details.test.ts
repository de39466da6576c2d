import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { beforeAll, describe, expect, it } from 'vitest';
import { fogbank, type Fogbank } from '../../support/fogbank.ts';
import { launches, type Launches } from '../../support/launches.ts';

let fb: Fogbank;
let ec2: Launches;

beforeAll(async () => {
  fb = await fogbank();
  ec2 = await launches(fb);
});

describe('DescribeInstanceTopology', () => {
  it('shows nodes of running instances of types that have them: a cluster hangs together', async () => {
    const { GroupName } = (await ec2.go('CreatePlacementGroup', { GroupName: 'near', Strategy: 'cluster' })).PlacementGroup;
    const image = ec2.ImageId;
    const { Instances } = await ec2.go('RunInstances', { ImageId: image, InstanceType: 'p4d.24xlarge', MinCount: 2, MaxCount: 2, Placement: { GroupName } });
    const ids: string[] = Instances.map((i: { InstanceId: string }) => i.InstanceId);
    const small = await ec2.run();
    await ec2.one(small.InstanceId);
    const shown = (await ec2.go('DescribeInstanceTopology', { GroupNames: [GroupName] })).Instances;
    expect(shown.map((i: { InstanceId: string }) => i.InstanceId)).toEqual(ids);
    expect(shown[0]).toMatchObject({ GroupName, InstanceType: 'p4d.24xlarge', AvailabilityZone: Instances[0].Placement.AvailabilityZone });
    expect(shown[0].NetworkNodes).toHaveLength(3);
    expect(shown[0].NetworkNodes).toEqual(shown[1].NetworkNodes);
    const [plain] = (await ec2.go('DescribeInstanceTopology', { InstanceIds: [small.InstanceId] })).Instances;
    expect(plain.NetworkNodes ?? []).toEqual([]);
    expect((await ec2.go('DescribeInstanceTopology', { Filters: [{ Name: 'instance-type', Values: ['p4d*'] }] })).Instances).toHaveLength(2);
    const page = await ec2.go('DescribeInstanceTopology', { MaxResults: 2 });
    expect(page.Instances).toHaveLength(2);
    expect((await ec2.go('DescribeInstanceTopology', { MaxResults: 2, NextToken: page.NextToken })).Instances).toHaveLength(1);
  });

  it.each([
    [{ InstanceIds: ['i-00000000000000000'] }, 'InvalidInstanceID.NotFound'], [{ GroupNames: ['none'] }, 'InvalidPlacementGroup.Unknown'], [{ InstanceIds: ['i-00000000000000000'], MaxResults: 5 }, 'InvalidParameterCombination'],
    [{ Filters: [{ Name: 'mood', Values: ['x'] }] }, 'InvalidParameterValue'],
  ])('refuses %j', async (input, code) => {
    expect((await ec2.refused('DescribeInstanceTopology', input)).code).toBe(code);
  });
});

it('GetLaunchTemplateData: makes a template that launches the like', async () => {
  const UserData = Buffer.from('#!/bin/sh').toString('base64');
  const { InstanceId } = await ec2.run({
    UserData, DisableApiStop: true, Monitoring: { Enabled: true }, BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 12, VolumeType: 'gp3' } }],
    CpuOptions: { CoreCount: 1, ThreadsPerCore: 1 }, TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'model' }] }],
  });
  const { LaunchTemplateData: data } = await ec2.go('GetLaunchTemplateData', { InstanceId });
  expect(data).toMatchObject({
    ImageId: ec2.ImageId, InstanceType: 't3.micro', UserData, DisableApiStop: true, Monitoring: { Enabled: true }, CpuOptions: { CoreCount: 1, ThreadsPerCore: 1 }, CreditSpecification: { CpuCredits: 'unlimited' },
    BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 12, VolumeType: 'gp3', Iops: 3000, DeleteOnTermination: true } }], TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'model' }] }],
    NetworkInterfaces: [{ DeviceIndex: 0, AssociatePublicIpAddress: true, DeleteOnTermination: true }], MetadataOptions: { HttpTokens: 'required' },
  });
  const [network] = data.NetworkInterfaces;
  const { PrivateIpAddresses: _addresses, ...again } = network;
  await ec2.go('CreateLaunchTemplate', { LaunchTemplateName: 'like-it', LaunchTemplateData: { ...data, NetworkInterfaces: [again] } });
  const made = (await ec2.go('RunInstances', { LaunchTemplate: { LaunchTemplateName: 'like-it' }, MinCount: 1, MaxCount: 1 })).Instances[0];
  expect(made).toMatchObject({ InstanceType: 't3.micro', SubnetId: network.SubnetId, CpuOptions: { CoreCount: 1, ThreadsPerCore: 1 } });
});

describe('ID formats', () => {
  it('are long for everything', async () => {
    const { Statuses } = await ec2.go('DescribeIdFormat');
    expect(Statuses).toHaveLength(31);
    expect(Statuses.every((s: { UseLongIds: boolean }) => s.UseLongIds)).toBe(true);
    expect((await ec2.go('DescribeIdFormat', { Resource: 'vpc' })).Statuses).toEqual([{ Resource: 'vpc', UseLongIds: true }]);
    expect(await ec2.go('DescribeAggregateIdFormat')).toMatchObject({ UseLongIdsAggregated: true });
    expect((await ec2.go('DescribeIdentityIdFormat', { PrincipalArn: 'arn:aws:iam::123456789012:root', Resource: 'instance' })).Statuses).toEqual([{ Resource: 'instance', UseLongIds: true }]);
    expect((await ec2.go('DescribePrincipalIdFormat', { Resources: ['snapshot'] })).Principals).toEqual([{ Arn: 'arn:aws:iam::123456789012:root', Statuses: [{ Resource: 'snapshot', UseLongIds: true }] }]);
    await ec2.go('ModifyIdFormat', { Resource: 'vpc', UseLongIds: true });
    await ec2.go('ModifyIdentityIdFormat', { Resource: 'all-current', UseLongIds: true, PrincipalArn: 'all' });
  });

  it.each([
    ['DescribeIdFormat', { Resource: 'cloud' }, 'InvalidParameterValue'], ['ModifyIdFormat', { Resource: 'vpc', UseLongIds: false }, 'UnsupportedOperation'], ['ModifyIdFormat', { Resource: 'cloud', UseLongIds: true }, 'InvalidParameterValue'],
    ['DescribeIdentityIdFormat', { PrincipalArn: 'nobody' }, 'InvalidParameterValue'], ['DescribePrincipalIdFormat', { Resources: ['cloud'] }, 'InvalidParameterValue'],
  ])('%s: refuses %j', async (operation, input, code) => {
    expect((await ec2.refused(operation, input)).code).toBe(code);
  });
});

describe('what is retired', () => {
  const FirstSlotStartTimeRange = { EarliestTime: new Date('2030-01-01'), LatestTime: new Date('2030-01-08') };

  it('is listed, and there is none', async () => {
    expect((await ec2.go('DescribeScheduledInstances')).ScheduledInstanceSet).toEqual([]);
    expect((await ec2.go('DescribeScheduledInstanceAvailability', { FirstSlotStartTimeRange, Recurrence: { Frequency: 'Weekly', Interval: 1, OccurrenceDays: [1] } })).ScheduledInstanceAvailabilitySet).toEqual([]);
    expect((await ec2.go('DescribeElasticGpus')).ElasticGpuSet).toEqual([]);
    const { InstanceId } = await ec2.run();
    expect((await ec2.go('ConfirmProductInstance', { InstanceId, ProductCode: '774F4FF8' })).Return).toBe(false);
  });

  it.each([
    ['DescribeScheduledInstances', { ScheduledInstanceIds: ['sci-1234-1234-1234-1234-123456789012'] }, 'InvalidScheduledInstance'], ['DescribeElasticGpus', { ElasticGpuIds: ['egp-00000000000000000'] }, 'InvalidElasticGpuID.NotFound'],
    ['DescribeScheduledInstanceAvailability', { FirstSlotStartTimeRange, Recurrence: { Frequency: 'Hourly' } }, 'InvalidParameterValue'], ['DescribeElasticGpus', { Filters: [{ Name: 'mood', Values: ['x'] }] }, 'InvalidParameterValue'],
  ])('%s: refuses %j', async (operation, input, code) => {
    expect((await ec2.refused(operation, input)).code).toBe(code);
  });
});

it('enclave certificates are associated with roles, shown with them and parted again', async () => {
  const CertificateArn = 'arn:aws:acm:us-east-1:123456789012:certificate/d4c3b2a1-e5d0-4d51-95d9-1927fEXAMPLE'.replace('fEXAMPLE', 'f0123456');
  const RoleArn = (await fb.iam.send(new CreateRoleCommand({ RoleName: 'enclave', AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }] }) }))).Role!.Arn;
  const made = await ec2.go('AssociateEnclaveCertificateIamRole', { CertificateArn, RoleArn });
  expect(made).toMatchObject({ CertificateS3BucketName: 'aws-ec2-enclave-certificate-us-east-1-prod', CertificateS3ObjectKey: `${RoleArn}/${CertificateArn}` });
  expect((await ec2.refused('AssociateEnclaveCertificateIamRole', { CertificateArn, RoleArn })).code).toBe('Resource.AlreadyAssociated');
  expect((await ec2.go('GetAssociatedEnclaveCertificateIamRoles', { CertificateArn })).AssociatedRoles).toEqual([{ AssociatedRoleArn: RoleArn, CertificateS3BucketName: made.CertificateS3BucketName, CertificateS3ObjectKey: made.CertificateS3ObjectKey, EncryptionKmsKeyId: made.EncryptionKmsKeyId }]);
  expect((await ec2.refused('AssociateEnclaveCertificateIamRole', { CertificateArn, RoleArn: 'arn:aws:iam::123456789012:role/none' })).code).toBe('InvalidParameterValue');
  expect((await ec2.refused('AssociateEnclaveCertificateIamRole', { CertificateArn: 'arn:aws:acm:us-east-2:123456789012:certificate/x', RoleArn })).code).toBe('InvalidParameterValue');
  expect((await ec2.go('DisassociateEnclaveCertificateIamRole', { CertificateArn, RoleArn })).Return).toBe(true);
  expect((await ec2.refused('DisassociateEnclaveCertificateIamRole', { CertificateArn, RoleArn })).code).toBe('InvalidAssociationID.NotFound');
});

it('an attribute is answered alone, also where the others are lists', async () => {
  const { InstanceId } = await ec2.run();
  const about = async (Attribute: string) => {
    const { $metadata: _, ...answer } = await ec2.go('DescribeInstanceAttribute', { InstanceId, Attribute });
    return answer;
  };
  expect(await about('sourceDestCheck')).toEqual({ InstanceId, SourceDestCheck: { Value: true } });
  expect(Object.keys(await about('groupSet')).sort()).toEqual(['Groups', 'InstanceId']);
  expect(await about('productCodes')).toEqual({ InstanceId, ProductCodes: [] });
});
