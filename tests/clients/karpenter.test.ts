import { IAMClient } from '@aws-sdk/client-iam';
import { beforeAll, expect, it } from 'vitest';
import { control } from '../support/control.ts';
import { fogbank, type Fogbank } from '../support/fogbank.ts';
import { iamCalls, type IamCalls } from '../support/iam.ts';
import { imageNamed } from '../support/launches.ts';
import { as, type Caller } from '../support/others.ts';

/**
 * A node's life as Karpenter leads it, under the policy of its own controller, enforced: it may do all of that, and nothing to what is not its own.
 * https://karpenter.sh/docs/reference/cloudformation/, https://github.com/aws/karpenter-provider-aws/tree/main/pkg/providers
 */
const CLUSTER = 'demo';
const NODE_ROLE = 'arn:aws:iam::123456789012:role/node';
const owned = (kind: 'Resource' | 'Request') => ({ [`aws:${kind}Tag/kubernetes.io/cluster/${CLUSTER}`]: 'owned' });
const named = { 'aws:RequestTag/eks:eks-cluster-name': CLUSTER };
const here = (kind: 'Resource' | 'Request') => ({ [`aws:${kind}Tag/topology.kubernetes.io/region`]: 'us-east-1' });
const any = (...keys: string[]) => ({ StringLike: Object.fromEntries(keys.map((key) => [key, '*'])) });
const allow = (Action: string | string[], Resource: string | string[], Condition?: object) => ({ Effect: 'Allow', Action, Resource, ...(Condition && { Condition }) });
const ec2Arns = (...types: string[]) => types.map((type) => `arn:aws:ec2:us-east-1:*:${type}/*`);
const MADE = ec2Arns('fleet', 'instance', 'volume', 'network-interface', 'launch-template', 'spot-instances-request');
const PROFILES = 'arn:aws:iam::123456789012:instance-profile/*';
const NODE_CLASS = 'karpenter.k8s.aws/ec2nodeclass';
const POLICY = [
  allow(['ec2:RunInstances', 'ec2:CreateFleet'], ['arn:aws:ec2:us-east-1::image/*', 'arn:aws:ec2:us-east-1::snapshot/*', ...ec2Arns('security-group', 'subnet', 'capacity-reservation', 'placement-group')]),
  allow(['ec2:RunInstances', 'ec2:CreateFleet'], ec2Arns('launch-template'), { StringEquals: owned('Resource'), ...any('aws:ResourceTag/karpenter.sh/nodepool') }),
  allow(['ec2:RunInstances', 'ec2:CreateFleet', 'ec2:CreateLaunchTemplate'], MADE, { StringEquals: { ...owned('Request'), ...named }, ...any('aws:RequestTag/karpenter.sh/nodepool') }),
  allow('ec2:CreateTags', MADE, { StringEquals: { ...owned('Request'), ...named, 'ec2:CreateAction': ['RunInstances', 'CreateFleet', 'CreateLaunchTemplate'] }, ...any('aws:RequestTag/karpenter.sh/nodepool') }),
  allow('ec2:CreateTags', ec2Arns('instance'), {
    StringEquals: owned('Resource'), ...any('aws:ResourceTag/karpenter.sh/nodepool'), StringEqualsIfExists: named, 'ForAllValues:StringEquals': { 'aws:TagKeys': ['eks:eks-cluster-name', 'karpenter.sh/nodeclaim', 'Name'] },
  }),
  allow(['ec2:TerminateInstances', 'ec2:DeleteLaunchTemplate'], ec2Arns('instance', 'launch-template'), { StringEquals: owned('Resource'), ...any('aws:ResourceTag/karpenter.sh/nodepool') }),
  allow('iam:PassRole', NODE_ROLE, { StringEquals: { 'iam:PassedToService': ['ec2.amazonaws.com', 'ec2.amazonaws.com.cn'] } }),
  allow('iam:CreateInstanceProfile', PROFILES, { StringEquals: { ...owned('Request'), ...named, ...here('Request') }, ...any(`aws:RequestTag/${NODE_CLASS}`) }),
  allow('iam:TagInstanceProfile', PROFILES, { StringEquals: { ...owned('Resource'), ...here('Resource'), ...owned('Request'), ...named, ...here('Request') }, ...any(`aws:ResourceTag/${NODE_CLASS}`, `aws:RequestTag/${NODE_CLASS}`) }),
  allow(['iam:AddRoleToInstanceProfile', 'iam:RemoveRoleFromInstanceProfile', 'iam:DeleteInstanceProfile'], PROFILES, { StringEquals: { ...owned('Resource'), ...here('Resource') }, ...any(`aws:ResourceTag/${NODE_CLASS}`) }),
  allow(['CapacityReservations', 'Images', 'Instances', 'InstanceStatus', 'InstanceTypeOfferings', 'InstanceTypes', 'LaunchTemplates', 'SecurityGroups', 'SpotPriceHistory', 'Subnets'].map((what) => `ec2:Describe${what}`), '*', { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } }),
  allow('iam:GetInstanceProfile', PROFILES),
];

const tags = (given: Record<string, string>) => Object.entries(given).map(([Key, Value]) => ({ Key, Value }));
const NODE_TAGS = tags({ [`kubernetes.io/cluster/${CLUSTER}`]: 'owned', 'eks:eks-cluster-name': CLUSTER, 'karpenter.sh/nodepool': 'default', [NODE_CLASS]: 'default' });
const tagged = (...types: string[]) => types.map((ResourceType) => ({ ResourceType, Tags: NODE_TAGS }));

let fb: Fogbank;
let root: Caller;
let ec2: Caller;
let iam: IamCalls;
let ImageId: string;
let subnets: { SubnetId: string; AvailabilityZone: string }[];
let group: string;
const PROFILE = { InstanceProfileName: 'demo_1' };

beforeAll(async () => {
  fb = await fogbank({ seed: 'karpenter' });
  root = as(fb);
  const admin = iamCalls(() => fb.iam);
  await admin.go('CreateRole', { RoleName: 'node', AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }] }) });
  await admin.go('CreateUser', { UserName: 'karpenter' });
  const { Policy } = await admin.go('CreatePolicy', { PolicyName: 'karpenter', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: POLICY }) });
  await admin.go('AttachUserPolicy', { UserName: 'karpenter', PolicyArn: Policy.Arn });
  const { AccessKey } = await admin.go('CreateAccessKey', { UserName: 'karpenter' });
  const key = { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey };
  ec2 = as(fb, key);
  iam = iamCalls(() => new IAMClient(fb.config(key)));
  ImageId = await imageNamed(fb, 'al2023-ami-2023*-x86_64');
  subnets = (await ec2.go('DescribeSubnets', { Filters: [{ Name: 'availability-zone', Values: ['us-east-1a', 'us-east-1b'] }], MaxResults: 500 })).Subnets;
  group = (await ec2.go('DescribeSecurityGroups', { Filters: [{ Name: 'group-name', Values: ['default'] }], MaxResults: 500 })).SecurityGroups[0].GroupId;
});

const template = (LaunchTemplateName: string, market: 'spot' | 'on-demand', more: object = {}) => ({
  LaunchTemplateName, TagSpecifications: tagged('launch-template'), LaunchTemplateData: {
    ImageId, IamInstanceProfile: { Name: PROFILE.InstanceProfileName }, UserData: Buffer.from('#!/bin/sh').toString('base64'), BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 20, VolumeType: 'gp3', Encrypted: true, DeleteOnTermination: true } }],
    NetworkInterfaces: [{ DeviceIndex: 0, Groups: [group] }], TagSpecifications: tagged('network-interface', ...(market === 'spot' ? ['spot-instances-request'] : [])), MetadataOptions: { HttpTokens: 'required', HttpEndpoint: 'enabled', HttpPutResponseHopLimit: 1, InstanceMetadataTags: 'disabled' },
    Monitoring: { Enabled: false }, Placement: { Tenancy: 'default' }, EnclaveOptions: { Enabled: false }, CapacityReservationSpecification: { CapacityReservationPreference: 'none' }, ...more,
  },
});
const fleet = (LaunchTemplateName: string, market: 'spot' | 'on-demand', more: object = {}) => ({
  Type: 'instant', TargetCapacitySpecification: { DefaultTargetCapacityType: market, TotalTargetCapacity: 1 }, TagSpecifications: tagged('instance', 'volume', 'fleet'),
  ...(market === 'spot' ? { SpotOptions: { AllocationStrategy: 'price-capacity-optimized' } } : { OnDemandOptions: { AllocationStrategy: 'lowest-price' } }),
  LaunchTemplateConfigs: [{
    LaunchTemplateSpecification: { LaunchTemplateName, Version: '$Latest' },
    Overrides: ['m5.large', 'c5.large'].flatMap((InstanceType) => subnets.map(({ SubnetId, AvailabilityZone }) => ({ InstanceType, SubnetId, AvailabilityZone, ImageId, Priority: 0.1 }))),
  }],
  ...more,
});

it('a profile is made with its tags, and gets the node role only', async () => {
  const Tags = [...NODE_TAGS.filter(({ Key }) => Key !== 'karpenter.sh/nodepool'), { Key: 'topology.kubernetes.io/region', Value: 'us-east-1' }];
  expect(await iam.refused('GetInstanceProfile', PROFILE)).toMatchObject({ code: 'NoSuchEntity' });
  expect(await iam.refused('CreateInstanceProfile', PROFILE)).toMatchObject({ code: 'AccessDenied' });
  await iam.go('CreateInstanceProfile', { ...PROFILE, Path: '/karpenter/us-east-1/demo/1/', Tags });
  expect((await iam.refused('AddRoleToInstanceProfile', { ...PROFILE, RoleName: 'other' })).message).toContain('iam:PassRole');
  await iam.go('AddRoleToInstanceProfile', { ...PROFILE, RoleName: 'node' });
});

it('templates are made where there is none yet; dry runs say what is allowed', async () => {
  expect((await ec2.refused('DescribeLaunchTemplates', { LaunchTemplateNames: ['karpenter.k8s.aws/1'] })).code).toBe('InvalidLaunchTemplateName.NotFoundException');
  expect(await ec2.refused('CreateLaunchTemplate', template('karpenter.k8s.aws/1', 'on-demand', { UserData: Buffer.alloc(16_385).toString('base64') }))).toMatchObject({ code: 'InvalidUserData.Malformed', message: 'User data is limited to 16384 bytes.' });
  for (const [name, market] of [['karpenter.k8s.aws/1', 'on-demand'], ['karpenter.k8s.aws/2', 'spot']] as const) await ec2.go('CreateLaunchTemplate', template(name, market));
  expect((await ec2.refused('CreateFleet', fleet('karpenter.k8s.aws/1', 'on-demand', { DryRun: true }))).code).toBe('DryRunOperation');
  const dryRun = { DryRun: true, MinCount: 1, MaxCount: 1, InstanceType: 'm5.large', LaunchTemplate: { LaunchTemplateName: 'karpenter.k8s.aws/1', Version: '$Latest' } };
  expect((await ec2.refused('RunInstances', { ...dryRun, TagSpecifications: tagged('instance', 'volume', 'network-interface') })).code).toBe('DryRunOperation');
  expect((await ec2.refused('RunInstances', dryRun)).code).toBe('UnauthorizedOperation');
});

it('a fleet tells the override that it took, and pool by pool why it took no other', async () => {
  await control(fb, 'POST', 'faults', { match: { operation: 'RunInstances', zone: 'us-east-1a' }, effect: { error: 'InsufficientInstanceCapacity' } });
  const { Errors, Instances } = await ec2.go('CreateFleet', fleet('karpenter.k8s.aws/1', 'on-demand'));
  await control(fb, 'DELETE', 'faults');
  const zones = Errors.map((e: { ErrorCode: string; LaunchTemplateAndOverrides: { Overrides: { AvailabilityZone: string } } }) => [e.ErrorCode, e.LaunchTemplateAndOverrides.Overrides.AvailabilityZone]);
  expect(zones).toEqual([['InsufficientInstanceCapacity', 'us-east-1a']]);
  expect(Instances).toMatchObject([{ InstanceType: 'c5.large', Lifecycle: 'on-demand', LaunchTemplateAndOverrides: { Overrides: { ImageId, AvailabilityZone: 'us-east-1b' } } }]);
  expect((await ec2.go('CreateFleet', fleet('karpenter.k8s.aws/2', 'spot'))).Instances).toMatchObject([{ Lifecycle: 'spot' }]);
});

it('what it may not launch is among the errors', async () => {
  const { Errors, Instances } = await ec2.go('CreateFleet', fleet('karpenter.k8s.aws/1', 'on-demand', { TagSpecifications: tagged('instance', 'fleet') }));
  expect(Instances).toEqual([]);
  expect(Errors[0]).toMatchObject({ ErrorCode: 'UnauthorizedOperation', ErrorMessage: expect.stringContaining('ec2:RunInstances on resource: arn:aws:ec2:us-east-1:123456789012:volume/* because no identity-based policy allows') });
});

it('nodes are found by their tags, tagged and ended; templates go', async () => {
  const filters = [{ Name: 'tag-key', Values: ['karpenter.sh/nodepool'] }, { Name: 'tag:eks:eks-cluster-name', Values: [CLUSTER] }, { Name: 'instance-state-name', Values: ['pending', 'running'] }];
  const nodes = (await ec2.go('DescribeInstances', { Filters: filters, MaxResults: 1000 })).Reservations.flatMap((r: { Instances: { InstanceId: string }[] }) => r.Instances.map((i) => i.InstanceId)) as string[];
  expect(nodes).toHaveLength(2);
  await ec2.go('CreateTags', { Resources: [nodes[0]], Tags: tags({ 'karpenter.sh/nodeclaim': 'default-1', Name: 'default-1' }) });
  const [foreign] = (await root.go('RunInstances', { ImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 })).Instances;
  expect((await ec2.refused('TerminateInstances', { InstanceIds: [foreign.InstanceId] })).code).toBe('UnauthorizedOperation');
  await ec2.go('TerminateInstances', { InstanceIds: nodes });
  const { LaunchTemplates } = await ec2.go('DescribeLaunchTemplates', { Filters: [{ Name: `tag:${NODE_CLASS}`, Values: ['default'] }], MaxResults: 200 });
  for (const { LaunchTemplateId } of LaunchTemplates) await ec2.go('DeleteLaunchTemplate', { LaunchTemplateId });
  // What is gone has no tags that could allow anything. https://github.com/runs-on/terraform-aws-runs-on/issues/60
  expect((await ec2.refused('TerminateInstances', { InstanceIds: ['i-00000000000000000'] })).code).toBe('UnauthorizedOperation');
  await iam.go('RemoveRoleFromInstanceProfile', { ...PROFILE, RoleName: 'node' });
  await iam.go('DeleteInstanceProfile', PROFILE);
});
