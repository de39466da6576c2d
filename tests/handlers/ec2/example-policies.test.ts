import { EC2Client } from '@aws-sdk/client-ec2';
import { beforeAll, describe, expect, it } from 'vitest';
import { call } from '../../laws/samples/index.ts';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';
import { iamCalls } from '../../support/iam.ts';
import { imageNamed } from '../../support/launches.ts';

/**
 * The example policies of AWS's guides, each a user's own, and the calls that its page says they may and may not make. Calls are
 * dry runs: what is allowed ends with DryRunOperation, what is denied with UnauthorizedOperation.
 */
const ACCOUNT = '123456789012';
const ec2Arn = (type: string, id = '*') => `arn:aws:ec2:us-east-1:${type === 'image' || type === 'snapshot' ? '' : ACCOUNT}:${type}/${id}`;
const arns = (...types: string[]) => types.map((type) => ec2Arn(type));
const profileArn = (name: string) => `arn:aws:iam::${ACCOUNT}:instance-profile/${name}`;
const GUIDE = 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html';
const VPC_GUIDE = 'https://docs.aws.amazon.com/vpc/latest/userguide/vpc-policy-examples.html';
const PEERING_GUIDE = 'https://docs.aws.amazon.com/vpc/latest/peering/security-iam.html';
const IAM_GUIDE = 'https://docs.aws.amazon.com/IAM/latest/UserGuide';

type Statement = Record<string, unknown>;
const allow = (Action: string | string[], Resource: string | string[] = '*', Condition?: object): Statement => ({ Effect: 'Allow', Action, Resource, ...(Condition && { Condition }) });
const deny = (Action: string | string[], Resource: string | string[] = '*', Condition?: object): Statement => ({ ...allow(Action, Resource, Condition), Effect: 'Deny' });

/** What the policies are about. */
interface World {
  peerVpc: string; address: string; plainAddress: string; attachment: string; plainAttachment: string; tableAssociation: string; plainTableAssociation: string; image: string; ownImage: string; vpc: string; subnet: string; otherVpc: string; otherSubnet: string; group: string; otherGroup: string; test: string; plain: string; volume: string; ownVolume: string; plainVolume: string;
  snapshot: string; plainSnapshot: string; template: string; routeTable: string; plainRouteTable: string; gateway: string; association: string; peering: string; acl: string;
}
type Attempt = readonly [operation: string, input: Record<string, unknown>, region?: string];
interface Example {
  readonly page: string;
  readonly name: string;
  readonly policy: (w: World) => Statement[];
  readonly may: (w: World) => Attempt[];
  readonly mayNot: (w: World) => Attempt[];
}

const launch = (w: World, more: Record<string, unknown> = {}): Attempt => ['RunInstances', { ImageId: w.image, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, SubnetId: w.subnet, ...more }];
const templated = (w: World, more: Record<string, unknown> = {}): Attempt => ['RunInstances', { LaunchTemplate: { LaunchTemplateId: w.template }, MinCount: 1, MaxCount: 1, ...more }];
const launched = (ResourceType: string, Tags: Record<string, string>) => ({ ResourceType, Tags: Object.entries(Tags).map(([Key, Value]) => ({ Key, Value })) });
const tags = (given: Record<string, string>) => Object.entries(given).map(([Key, Value]) => ({ Key, Value }));
const instances = (operation: string, ...InstanceIds: string[]): Attempt => [operation, { InstanceIds }];
const PORT = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '10.0.0.0/8' }] }];
/** All that a launch brings together besides what the example is about. */
const rest = (...types: string[]): Statement => allow('ec2:RunInstances', types.map((type) => ec2Arn(type)));

const EXAMPLES: readonly Example[] = [
  {
    page: `${GUIDE}#iam-example-read-only`, name: 'read only', policy: () => [allow('ec2:Describe*')],
    may: () => [['DescribeInstances', {}], ['DescribeVpcs', {}]], mayNot: (w) => [launch(w), instances('StopInstances', w.test)],
  },
  {
    page: `${GUIDE}#iam-example-region`, name: 'one Region, by aws:RequestedRegion', policy: () => [allow('ec2:*'), deny('ec2:*', '*', { StringNotEquals: { 'aws:RequestedRegion': 'eu-central-1' } })],
    may: () => [['CreateVpc', { CidrBlock: '10.9.0.0/16' }, 'eu-central-1']], mayNot: () => [['CreateVpc', { CidrBlock: '10.9.0.0/16' }], ['DescribeVpcs', {}]],
  },
  {
    page: `${GUIDE}#iam-example-region`, name: 'one Region, by ec2:Region', policy: () => [allow('ec2:*'), deny('ec2:*', '*', { StringNotEquals: { 'ec2:Region': 'eu-central-1' } })],
    may: () => [['DescribeVpcs', {}, 'eu-central-1'], ['CreateVpc', { CidrBlock: '10.9.0.0/16' }, 'eu-central-1']], mayNot: () => [['CreateVpc', { CidrBlock: '10.9.0.0/16' }], ['DescribeVpcs', {}]],
  },
  {
    page: `${GUIDE}#iam-example-instances`, name: 'all instances',
    policy: () => [allow(['ec2:DescribeInstances', 'ec2:DescribeImages', 'ec2:DescribeKeyPairs', 'ec2:DescribeSecurityGroups', 'ec2:DescribeAvailabilityZones', 'ec2:RunInstances', 'ec2:TerminateInstances', 'ec2:StopInstances', 'ec2:StartInstances'])],
    may: (w) => [launch(w), instances('StopInstances', w.plain), ['DescribeAvailabilityZones', {}]], mayNot: (w) => [instances('RebootInstances', w.plain), launch(w, { TagSpecifications: [launched('instance', { a: 'b' })] }), ['DescribeSubnets', {}]],
  },
  {
    page: `${GUIDE}#iam-example-instances`, name: 'particular instances',
    policy: (w) => [allow('ec2:DescribeInstances'), allow(['ec2:StopInstances', 'ec2:StartInstances'], ec2Arn('instance', w.plain)), allow('ec2:TerminateInstances', ec2Arn('instance'), { StringEquals: { 'ec2:ResourceTag/purpose': 'test' } })],
    may: (w) => [instances('StopInstances', w.plain), instances('TerminateInstances', w.test)], mayNot: (w) => [instances('StopInstances', w.test), instances('TerminateInstances', w.plain), instances('TerminateInstances', w.test, w.plain)],
  },
  {
    page: `${GUIDE}#iam-example-runinstances`, name: 'launches of tagged AMIs',
    policy: () => [allow('ec2:RunInstances', ec2Arn('image', 'ami-*'), { StringEquals: { 'ec2:ResourceTag/department': 'dev' } }), rest('instance', 'subnet', 'volume', 'network-interface', 'key-pair', 'security-group')],
    may: (w) => [launch(w, { ImageId: w.ownImage }), launch(w, { ImageId: w.ownImage, KeyName: 'pair' })], mayNot: (w) => [launch(w)],
  },
  {
    page: `${GUIDE}#iam-example-runinstances`, name: "launches of Amazon's AMIs",
    policy: () => [allow('ec2:RunInstances', ec2Arn('image', 'ami-*'), { StringEquals: { 'ec2:Owner': 'amazon' } }), rest('instance', 'subnet', 'volume', 'network-interface', 'key-pair', 'security-group')],
    may: (w) => [launch(w)], mayNot: (w) => [launch(w, { ImageId: w.ownImage })],
  },
  {
    page: `${GUIDE}#iam-example-runinstances`, name: 'launches of all AMIs but one',
    policy: (w) => [{ Effect: 'Deny', Action: 'ec2:RunInstances', Resource: ec2Arn('image', w.ownImage) }, { Effect: 'Allow', Action: 'ec2:RunInstances', NotResource: ec2Arn('image', w.ownImage) }],
    may: (w) => [launch(w)], mayNot: (w) => [launch(w, { ImageId: w.ownImage })],
  },
  {
    page: `${GUIDE}#iam-example-runinstances`, name: 'launches of two types', policy: () => [allow('ec2:RunInstances', ec2Arn('instance'), { StringEquals: { 'ec2:InstanceType': ['t3.micro', 't3.small'] } }), rest('subnet', 'network-interface', 'volume', 'key-pair', 'security-group'), allow('ec2:RunInstances', ec2Arn('image', 'ami-*'))],
    may: (w) => [launch(w), launch(w, { InstanceType: 't3.small' })], mayNot: (w) => [launch(w, { InstanceType: 't3.large' }), launch(w, { InstanceType: undefined })],
  },
  {
    page: `${GUIDE}#iam-example-runinstances`, name: 'launches in one subnet by a denied network interface',
    policy: (w) => [deny('ec2:RunInstances', ec2Arn('network-interface'), { ArnNotEquals: { 'ec2:Subnet': ec2Arn('subnet', w.subnet) } }), rest('network-interface', 'instance', 'subnet', 'volume', 'key-pair', 'security-group'), allow('ec2:RunInstances', ec2Arn('image', 'ami-*'))],
    may: (w) => [launch(w)], mayNot: (w) => [launch(w, { SubnetId: w.otherSubnet })],
  },
  {
    page: `${GUIDE}#iam-example-runinstances`, name: 'launches with encrypted volumes only', policy: () => [allow('ec2:RunInstances', ec2Arn('volume'), { Bool: { 'ec2:Encrypted': 'true' } }), rest('image', 'network-interface', 'instance', 'subnet', 'key-pair', 'security-group')],
    may: (w) => [launch(w, { BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true } }] })], mayNot: (w) => [launch(w), launch(w, { BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true } }, { DeviceName: '/dev/sdf', Ebs: { VolumeSize: 1 } }] })],
  },
  {
    page: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html', name: 'any tags at a launch', policy: () => [allow('ec2:RunInstances'), allow('ec2:CreateTags', ec2Arn('*'), { StringEquals: { 'ec2:CreateAction': 'RunInstances' } })],
    may: (w) => [launch(w), launch(w, { TagSpecifications: [launched('instance', { a: '1' }), launched('volume', { b: '2' })] })], mayNot: (w) => [['CreateTags', { Resources: [w.test], Tags: tags({ a: '1' }) }]],
  },
  {
    page: `${GUIDE}#iam-example-runinstances-tags`, name: 'a launch must be tagged with this',
    policy: () => [rest('image', 'subnet', 'network-interface', 'security-group', 'key-pair'), allow('ec2:RunInstances', arns('volume', 'instance'), { StringEquals: { 'aws:RequestTag/environment': 'production', 'aws:RequestTag/purpose': 'webserver' } }), allow('ec2:CreateTags', ec2Arn('*'), { StringEquals: { 'ec2:CreateAction': 'RunInstances' } })],
    may: (w) => [launch(w, { TagSpecifications: ['instance', 'volume'].map((type) => launched(type, { environment: 'production', purpose: 'webserver' })) }), launch(w, { TagSpecifications: ['instance', 'volume'].map((type) => launched(type, { environment: 'production', purpose: 'webserver', more: 'x' })) })],
    mayNot: (w) => [launch(w), launch(w, { TagSpecifications: [launched('instance', { environment: 'production', purpose: 'webserver' })] }), launch(w, { TagSpecifications: ['instance', 'volume'].map((type) => launched(type, { environment: 'production' })) })],
  },
  {
    page: `${GUIDE}#iam-example-runinstances-tags`, name: 'only these keys at a launch',
    policy: () => [rest('image', 'subnet', 'network-interface', 'security-group', 'key-pair', 'volume', 'instance'), allow('ec2:CreateTags', ec2Arn('*'), { StringEquals: { 'aws:RequestTag/environment': 'production', 'ec2:CreateAction': 'RunInstances' }, 'ForAllValues:StringEquals': { 'aws:TagKeys': ['environment', 'cost-center'] } })],
    may: (w) => [launch(w), launch(w, { TagSpecifications: [launched('instance', { environment: 'production', 'cost-center': '7' })] })],
    mayNot: (w) => [launch(w, { TagSpecifications: [launched('instance', { environment: 'test' })] }), launch(w, { TagSpecifications: [launched('instance', { environment: 'production', other: '1' })] }), launch(w, { TagSpecifications: [launched('instance', { 'cost-center': '7' })] })],
  },
  {
    page: `${GUIDE}#iam-example-runinstances-launch-templates`, name: 'launches only with a template, and nothing else', policy: (w) => [allow('ec2:RunInstances', '*', { ArnLike: { 'ec2:LaunchTemplate': ec2Arn('launch-template', w.template) }, Bool: { 'ec2:IsLaunchTemplateResource': 'true' } })],
    may: (w) => [templated(w), ['RunInstances', { LaunchTemplate: { LaunchTemplateName: 'template' }, MinCount: 1, MaxCount: 1 }]],
    mayNot: (w) => [launch(w), templated(w, { ImageId: w.ownImage }), templated(w, { SubnetId: w.otherSubnet })],
  },
  {
    page: `${GUIDE}#iam-example-runinstances-launch-templates`, name: "a template's subnet and interface stay, the rest may be overridden",
    policy: (w) => [
      { Effect: 'Allow', Action: 'ec2:RunInstances', NotResource: arns('subnet', 'network-interface'), Condition: { ArnLike: { 'ec2:LaunchTemplate': ec2Arn('launch-template', w.template) } } },
      allow('ec2:RunInstances', arns('subnet', 'network-interface'), { ArnLike: { 'ec2:LaunchTemplate': ec2Arn('launch-template', w.template) }, Bool: { 'ec2:IsLaunchTemplateResource': 'true' } }),
    ],
    may: (w) => [templated(w), templated(w, { ImageId: w.ownImage, InstanceType: 't3.small', KeyName: 'pair' })], mayNot: (w) => [templated(w, { SubnetId: w.otherSubnet }), templated(w, { NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: w.otherSubnet }] }), launch(w)],
  },
  {
    page: `${GUIDE}#iam-example-runinstances-launch-templates`, name: 'tagged templates, of which nothing may be overridden',
    policy: () => [
      { Effect: 'Allow', Action: 'ec2:RunInstances', NotResource: ec2Arn('launch-template'), Condition: { ArnLike: { 'ec2:LaunchTemplate': ec2Arn('launch-template') }, Bool: { 'ec2:IsLaunchTemplateResource': 'true' } } },
      allow('ec2:RunInstances', ec2Arn('launch-template'), { StringEquals: { 'aws:ResourceTag/purpose': 'test' } }),
    ],
    may: (w) => [templated(w)], mayNot: (w) => [templated(w, { InstanceType: 't3.small' }), templated(w, { ImageId: w.ownImage }), templated(w, { KeyName: 'pair' }), ['RunInstances', { LaunchTemplate: { LaunchTemplateName: 'untagged' }, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 }]],
  },
  {
    page: `${GUIDE}#iam-example-spot-instances`, name: 'no Spot Instances by RunInstances', policy: () => [allow('ec2:RunInstances'), deny('ec2:RunInstances', ec2Arn('instance'), { StringEquals: { 'ec2:InstanceMarketType': 'spot' } })],
    may: (w) => [launch(w)], mayNot: (w) => [launch(w, { InstanceMarketOptions: { MarketType: 'spot' } })],
  },
  {
    page: `${GUIDE}#iam-example-spot-instances`, name: 'Spot Instances by RunInstances, whose requests are not tagged',
    policy: () => [rest('image', 'subnet', 'network-interface', 'security-group', 'key-pair', 'volume', 'instance'), allow('ec2:CreateTags')],
    may: (w) => [launch(w, { InstanceMarketOptions: { MarketType: 'spot' } })],
    mayNot: (w) => [launch(w, { InstanceMarketOptions: { MarketType: 'spot' }, TagSpecifications: [launched('spot-instances-request', { a: 'b' })] })],
  },
  {
    page: `${GUIDE}#iam-example-taggingresources`, name: 'one tag with one value on instances', policy: () => [allow('ec2:CreateTags', ec2Arn('instance'), { StringEquals: { 'aws:RequestTag/environment': 'production' }, 'ForAllValues:StringEquals': { 'aws:TagKeys': ['environment'] } })],
    may: (w) => [['CreateTags', { Resources: [w.plain], Tags: tags({ environment: 'production' }) }]],
    mayNot: (w) => [['CreateTags', { Resources: [w.plain], Tags: tags({ environment: 'test' }) }], ['CreateTags', { Resources: [w.plain], Tags: tags({ environment: 'production', other: '1' }) }], ['CreateTags', { Resources: [w.volume], Tags: tags({ environment: 'production' }) }], ['CreateTags', { Resources: [w.plain, w.volume], Tags: tags({ environment: 'production' }) }]],
  },
  {
    page: `${GUIDE}#iam-example-taggingresources`, name: "tags on what one owns, not its owner's",
    policy: () => [allow(['ec2:CreateTags', 'ec2:DeleteTags'], ec2Arn('*'), { StringEquals: { 'ec2:ResourceTag/owner': '${aws:username}' }, 'ForAllValues:StringEquals': { 'aws:TagKeys': ['environment', 'cost-center'] } })],
    may: (w) => [['CreateTags', { Resources: [w.test], Tags: tags({ environment: 'x' }) }], ['DeleteTags', { Resources: [w.test], Tags: [{ Key: 'cost-center' }] }]],
    mayNot: (w) => [['CreateTags', { Resources: [w.test], Tags: tags({ owner: 'x' }) }], ['CreateTags', { Resources: [w.plain], Tags: tags({ environment: 'x' }) }], ['DeleteTags', { Resources: [w.test], Tags: [{ Key: 'owner' }] }]],
  },
  {
    page: `${GUIDE}#iam-example-iam-roles`, name: 'roles for tagged instances',
    policy: () => [allow('ec2:AssociateIamInstanceProfile', ec2Arn('instance'), { StringEquals: { 'ec2:ResourceTag/purpose': 'test' } }), allow('ec2:DescribeIamInstanceProfileAssociations'), allow('iam:PassRole', `arn:aws:iam::${ACCOUNT}:role/Dev*`)],
    may: (w) => [['AssociateIamInstanceProfile', { InstanceId: w.test, IamInstanceProfile: { Name: 'DevTeam' } }]], mayNot: (w) => [['AssociateIamInstanceProfile', { InstanceId: w.plain, IamInstanceProfile: { Name: 'DevTeam' } }], ['AssociateIamInstanceProfile', { InstanceId: w.test, IamInstanceProfile: { Name: 'Admin' } }]],
  },
  {
    page: `${GUIDE}#iam-example-iam-roles`, name: 'replacing one profile, and with one alone',
    policy: () => [allow(['ec2:ReplaceIamInstanceProfileAssociation', 'ec2:AssociateIamInstanceProfile'], ec2Arn('instance'), { ArnEquals: { 'ec2:NewInstanceProfile': profileArn('DevTeam') } }), allow('iam:PassRole')],
    may: (w) => [['ReplaceIamInstanceProfileAssociation', { AssociationId: w.association, IamInstanceProfile: { Name: 'DevTeam' } }]],
    mayNot: (w) => [['ReplaceIamInstanceProfileAssociation', { AssociationId: w.association, IamInstanceProfile: { Name: 'Admin' } }], ['AssociateIamInstanceProfile', { InstanceId: w.test, IamInstanceProfile: { Name: 'Admin' } }]],
  },
  {
    page: `${GUIDE}#iam-example-iam-roles`, name: 'replacing what has one profile', policy: () => [allow('ec2:ReplaceIamInstanceProfileAssociation', ec2Arn('instance'), { ArnEquals: { 'ec2:InstanceProfile': profileArn('DevTeam') } }), allow('iam:PassRole')],
    may: (w) => [['ReplaceIamInstanceProfileAssociation', { AssociationId: w.association, IamInstanceProfile: { Name: 'Admin' } }]], mayNot: () => [],
  },
  {
    page: `${GUIDE}#iam-example-iam-roles`, name: 'launches with one profile, however it is named', policy: () => [allow('ec2:RunInstances', ec2Arn('instance'), { ArnEquals: { 'ec2:InstanceProfile': profileArn('DevTeam') } }), rest('image', 'subnet', 'volume', 'network-interface', 'security-group'), allow('iam:PassRole')],
    may: (w) => [launch(w, { IamInstanceProfile: { Name: 'DevTeam' } }), launch(w, { IamInstanceProfile: { Arn: profileArn('DevTeam') } })], mayNot: (w) => [launch(w), launch(w, { IamInstanceProfile: { Name: 'Admin' } })],
  },
  {
    page: `${GUIDE}#iam-example-route-tables`, name: "routes in one VPC's tables", policy: (w) => [allow(['ec2:DeleteRoute', 'ec2:CreateRoute'], ec2Arn('route-table'), { ArnEquals: { 'ec2:Vpc': ec2Arn('vpc', w.vpc) } })],
    may: (w) => [['CreateRoute', { RouteTableId: w.plainRouteTable, DestinationCidrBlock: '10.77.0.0/16', GatewayId: w.gateway }]], mayNot: (w) => [['DeleteRoute', { RouteTableId: w.routeTable, DestinationCidrBlock: '10.77.0.0/16' }]],
  },
  {
    page: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/control-access-with-tags.html', name: 'what has the tag is let go, by the id of what joins it',
    policy: () => [allow(['ec2:DisassociateAddress', 'ec2:DetachNetworkInterface', 'ec2:DisassociateRouteTable'], arns('elastic-ip', 'network-interface', 'instance', 'route-table'), { StringEquals: { 'aws:ResourceTag/purpose': 'test' } }), allow('ec2:DisassociateRouteTable', ec2Arn('subnet'))],
    may: (w) => [['DisassociateAddress', { AssociationId: w.address }], ['DetachNetworkInterface', { AttachmentId: w.attachment }], ['DisassociateRouteTable', { AssociationId: w.tableAssociation }]],
    mayNot: (w) => [['DisassociateAddress', { AssociationId: w.plainAddress }], ['DetachNetworkInterface', { AttachmentId: w.plainAttachment }], ['DisassociateRouteTable', { AssociationId: w.plainTableAssociation }]],
  },
  {
    page: `${GUIDE}#iam-example-launch-templates`, name: 'templates of one purpose',
    policy: () => [allow('ec2:CreateLaunchTemplate'), allow('ec2:CreateTags', ec2Arn('launch-template'), { StringEquals: { 'aws:RequestTag/purpose': 'test', 'ec2:CreateAction': 'CreateLaunchTemplate' } }), allow('ec2:DeleteLaunchTemplate', ec2Arn('launch-template'), { StringEquals: { 'ec2:ResourceTag/purpose': 'test' } })],
    may: (w) => [['CreateLaunchTemplate', { LaunchTemplateName: 'new', LaunchTemplateData: { InstanceType: 't3.micro' }, TagSpecifications: [launched('launch-template', { purpose: 'test' })] }], ['DeleteLaunchTemplate', { LaunchTemplateId: w.template }]],
    mayNot: () => [['CreateLaunchTemplate', { LaunchTemplateName: 'new', LaunchTemplateData: { InstanceType: 't3.micro' }, TagSpecifications: [launched('launch-template', { purpose: 'other' })] }], ['DeleteLaunchTemplate', { LaunchTemplateName: 'untagged' }]],
  },
  {
    page: `${GUIDE}#iam-example-instance-metadata`, name: 'IMDSv2 at launches',
    policy: () => [allow('ec2:RunInstances'), deny('ec2:RunInstances', ec2Arn('instance'), { StringNotEquals: { 'ec2:MetadataHttpTokens': 'required' } }), deny('ec2:RunInstances', ec2Arn('instance'), { NumericGreaterThan: { 'ec2:MetadataHttpPutResponseHopLimit': '3' } })],
    may: (w) => [launch(w, { MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 3 } })], mayNot: (w) => [launch(w, { MetadataOptions: { HttpTokens: 'optional' } }), launch(w, { MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 4 } })],
  },
  {
    page: `${GUIDE}#iam-example-instance-metadata`, name: 'the metadata options of instances stay', policy: () => [allow('ec2:*'), deny('ec2:ModifyInstanceMetadataOptions'), deny('ec2:ModifyInstanceAttribute', ec2Arn('instance'), { StringEquals: { 'ec2:Attribute': 'DisableApiTermination' } })],
    may: (w) => [instances('RebootInstances', w.plain), ['ModifyInstanceAttribute', { InstanceId: w.plain, InstanceInitiatedShutdownBehavior: { Value: 'stop' } }]],
    mayNot: (w) => [['ModifyInstanceMetadataOptions', { InstanceId: w.plain, HttpTokens: 'required' }], ['ModifyInstanceAttribute', { InstanceId: w.plain, DisableApiTermination: { Value: true } }]],
  },
  {
    page: 'https://docs.aws.amazon.com/ebs/latest/userguide/security_iam_id-based-policy-examples.html', name: 'volumes are attached where both have the tag',
    policy: () => [allow(['ec2:AttachVolume', 'ec2:DetachVolume'], ec2Arn('instance'), { StringEquals: { 'ec2:ResourceTag/purpose': 'test' } }), allow(['ec2:AttachVolume', 'ec2:DetachVolume'], ec2Arn('volume'), { StringEquals: { 'ec2:ResourceTag/volume_user': '${aws:username}' } })],
    may: (w) => [['AttachVolume', { InstanceId: w.test, VolumeId: w.ownVolume, Device: '/dev/sdg' }]], mayNot: (w) => [['AttachVolume', { InstanceId: w.plain, VolumeId: w.ownVolume, Device: '/dev/sdg' }], ['AttachVolume', { InstanceId: w.test, VolumeId: w.plainVolume, Device: '/dev/sdg' }]],
  },
  {
    page: 'https://docs.aws.amazon.com/ebs/latest/userguide/security_iam_id-based-policy-examples.html', name: 'encrypted volumes with a tag',
    policy: () => [allow('ec2:CreateVolume', ec2Arn('volume'), { Bool: { 'ec2:Encrypted': 'true' }, StringEquals: { 'aws:RequestTag/costcenter': '115', 'aws:RequestTag/stack': 'prod' } }), allow('ec2:CreateTags', ec2Arn('volume'), { StringEquals: { 'ec2:CreateAction': 'CreateVolume' } })],
    may: () => [['CreateVolume', { AvailabilityZone: 'us-east-1a', Size: 1, Encrypted: true, TagSpecifications: [launched('volume', { costcenter: '115', stack: 'prod' })] }]],
    mayNot: () => [['CreateVolume', { AvailabilityZone: 'us-east-1a', Size: 1, TagSpecifications: [launched('volume', { costcenter: '115', stack: 'prod' })] }], ['CreateVolume', { AvailabilityZone: 'us-east-1a', Size: 1, Encrypted: true }], ['CreateVolume', { AvailabilityZone: 'us-east-1a', Size: 1, Encrypted: true, TagSpecifications: [launched('volume', { costcenter: '115' })] }]],
  },
  {
    page: 'https://docs.aws.amazon.com/ebs/latest/userguide/security_iam_id-based-policy-examples.html', name: 'small volumes of General Purpose',
    policy: () => [allow('ec2:CreateVolume', ec2Arn('volume'), { NumericLessThanEquals: { 'ec2:VolumeSize': '100' }, StringEquals: { 'ec2:VolumeType': ['gp2', 'gp3'] } })],
    may: () => [['CreateVolume', { AvailabilityZone: 'us-east-1a', Size: 100 }], ['CreateVolume', { AvailabilityZone: 'us-east-1a', Size: 8, VolumeType: 'gp3' }]], mayNot: () => [['CreateVolume', { AvailabilityZone: 'us-east-1a', Size: 101 }], ['CreateVolume', { AvailabilityZone: 'us-east-1a', Size: 8, VolumeType: 'io1', Iops: 100 }]],
  },
  {
    page: 'https://docs.aws.amazon.com/ebs/latest/userguide/security_iam_id-based-policy-examples.html', name: 'snapshots of tagged volumes, tagged in turn',
    policy: () => [allow('ec2:CreateSnapshot', ec2Arn('volume'), { StringEquals: { 'ec2:ResourceTag/volume_user': '${aws:username}' } }), allow('ec2:CreateSnapshot', 'arn:aws:ec2:us-east-1::snapshot/*', { StringEquals: { 'aws:RequestTag/costcenter': '115' } }), allow('ec2:CreateTags', 'arn:aws:ec2:us-east-1::snapshot/*', { StringEquals: { 'ec2:CreateAction': 'CreateSnapshot' } })],
    may: (w) => [['CreateSnapshot', { VolumeId: w.ownVolume, TagSpecifications: [launched('snapshot', { costcenter: '115' })] }]],
    mayNot: (w) => [['CreateSnapshot', { VolumeId: w.ownVolume }], ['CreateSnapshot', { VolumeId: w.plainVolume, TagSpecifications: [launched('snapshot', { costcenter: '115' })] }], ['CreateTags', { Resources: [w.snapshot], Tags: tags({ a: 'b' }) }]],
  },
  {
    page: 'https://docs.aws.amazon.com/ebs/latest/userguide/security_iam_id-based-policy-examples.html', name: 'snapshots without a tag stay',
    policy: () => [allow('ec2:DeleteSnapshot', 'arn:aws:ec2:*::snapshot/*', { StringEquals: { 'aws:ResourceTag/costcenter': '115' } })], may: (w) => [['DeleteSnapshot', { SnapshotId: w.snapshot }]], mayNot: (w) => [['DeleteSnapshot', { SnapshotId: w.plainSnapshot }]],
  },
  {
    page: 'https://docs.aws.amazon.com/ebs/latest/userguide/security_iam_id-based-policy-examples.html', name: 'snapshots of the account alone, and none that is shared with all',
    policy: () => [allow('ec2:CreateVolume', '*', { StringEquals: { 'ec2:Owner': ACCOUNT } }), allow('ec2:CreateVolume', ec2Arn('volume')), allow('ec2:ModifySnapshotAttribute'), deny('ec2:ModifySnapshotAttribute', 'arn:aws:ec2:*::snapshot/*', { StringEquals: { 'ec2:Add/group': 'all' } })],
    may: (w) => [['ModifySnapshotAttribute', { SnapshotId: w.snapshot, Attribute: 'createVolumePermission', OperationType: 'add', UserIds: ['111122223333'] }], ['CreateVolume', { AvailabilityZone: 'us-east-1a', SnapshotId: w.snapshot }]], mayNot: (w) => [['ModifySnapshotAttribute', { SnapshotId: w.snapshot, Attribute: 'createVolumePermission', OperationType: 'add', GroupNames: ['all'] }]],
  },
  {
    page: `${VPC_GUIDE}#vpc-public-subnet-iam`, name: 'a VPC with a public subnet',
    policy: () => [allow(['ec2:CreateVpc', 'ec2:CreateSubnet', 'ec2:DescribeAvailabilityZones', 'ec2:CreateRouteTable', 'ec2:CreateRoute', 'ec2:CreateInternetGateway', 'ec2:AttachInternetGateway', 'ec2:AssociateRouteTable', 'ec2:ModifyVpcAttribute'])],
    may: (w) => [['CreateVpc', { CidrBlock: '10.0.0.0/16' }], ['CreateSubnet', { VpcId: w.otherVpc, CidrBlock: '10.50.9.0/24' }], ['CreateRouteTable', { VpcId: w.otherVpc }]], mayNot: (w) => [['DeleteVpc', { VpcId: w.otherVpc }], ['CreateInternetGateway', { TagSpecifications: [launched('internet-gateway', { a: 'b' })] }]],
  },
  {
    page: `${VPC_GUIDE}#modify-vpc-resources-iam`, name: 'what has the tag may be deleted',
    policy: () => [allow(['ec2:DeleteInternetGateway', 'ec2:DeleteRouteTable', 'ec2:DeleteNetworkAcl', 'ec2:DeleteSecurityGroup'], '*', { StringEquals: { 'ec2:ResourceTag/Purpose': 'Test' } })],
    may: (w) => [['DeleteRouteTable', { RouteTableId: w.routeTable }], ['DeleteSecurityGroup', { GroupId: w.otherGroup }]], mayNot: (w) => [['DeleteRouteTable', { RouteTableId: w.plainRouteTable }], ['DeleteNetworkAcl', { NetworkAclId: w.acl }], ['DeleteSecurityGroup', { GroupId: w.group }]],
  },
  {
    page: `${VPC_GUIDE}#vpc-security-groups-iam`, name: "the rules of one VPC's groups",
    policy: (w) => [allow(['ec2:AuthorizeSecurityGroupIngress', 'ec2:RevokeSecurityGroupIngress', 'ec2:AuthorizeSecurityGroupEgress', 'ec2:ModifySecurityGroupRules', 'ec2:UpdateSecurityGroupRuleDescriptionsIngress'], ec2Arn('security-group'), { ArnEquals: { 'ec2:Vpc': ec2Arn('vpc', w.otherVpc) } }), allow(['ec2:DescribeSecurityGroups', 'ec2:DescribeSecurityGroupRules', 'ec2:DescribeTags'])],
    may: (w) => [['AuthorizeSecurityGroupIngress', { GroupId: w.otherGroup, IpPermissions: PORT }], ['AuthorizeSecurityGroupEgress', { GroupId: w.otherGroup, IpPermissions: PORT }]], mayNot: (w) => [['AuthorizeSecurityGroupIngress', { GroupId: w.group, IpPermissions: PORT }], ['DeleteSecurityGroup', { GroupId: w.otherGroup }]],
  },
  {
    page: `${VPC_GUIDE}#subnet-sg-example-iam`, name: 'launches in one subnet with one group',
    policy: (w) => [allow('ec2:RunInstances', [ec2Arn('image', 'ami-*'), ec2Arn('instance'), ec2Arn('subnet', w.subnet), ec2Arn('network-interface'), ec2Arn('volume'), ec2Arn('key-pair'), ec2Arn('security-group', w.group)])],
    may: (w) => [launch(w, { SecurityGroupIds: [w.group] }), launch(w)], mayNot: (w) => [launch(w, { SubnetId: w.otherSubnet, SecurityGroupIds: [w.otherGroup] })],
  },
  {
    page: `${VPC_GUIDE}#subnet-ami-example-iam`, name: 'launches in one VPC from tagged AMIs',
    policy: (w) => [allow('ec2:RunInstances', ec2Arn('subnet'), { ArnEquals: { 'ec2:Vpc': ec2Arn('vpc', w.vpc) } }), allow('ec2:RunInstances', ec2Arn('image', 'ami-*'), { StringEquals: { 'ec2:ResourceTag/department': 'dev' } }), rest('instance', 'volume', 'network-interface', 'key-pair', 'security-group')],
    may: (w) => [launch(w, { ImageId: w.ownImage })], mayNot: (w) => [launch(w, { ImageId: w.ownImage, SubnetId: w.otherSubnet }), launch(w)],
  },
  {
    page: `${PEERING_GUIDE}#vpc-peering-iam-create`, name: 'peering of a tagged VPC',
    policy: () => [allow('ec2:CreateVpcPeeringConnection', ec2Arn('vpc'), { StringEquals: { 'ec2:ResourceTag/Purpose': 'Peering' } }), allow('ec2:CreateVpcPeeringConnection', ec2Arn('vpc-peering-connection'))],
    may: (w) => [['CreateVpcPeeringConnection', { VpcId: w.otherVpc, PeerVpcId: w.peerVpc }]], mayNot: (w) => [['CreateVpcPeeringConnection', { VpcId: w.vpc, PeerVpcId: w.peerVpc }]],
  },
  {
    page: `${PEERING_GUIDE}#vpc-peering-iam-accept`, name: 'peering asked for by one VPC is accepted, its deletion is not',
    policy: (w) => [allow('ec2:AcceptVpcPeeringConnection', ec2Arn('vpc-peering-connection'), { ArnEquals: { 'ec2:RequesterVpc': ec2Arn('vpc', w.otherVpc) } }), allow('ec2:AcceptVpcPeeringConnection', ec2Arn('vpc')), allow('ec2:DeleteVpcPeeringConnection', ec2Arn('vpc-peering-connection'), { ArnEquals: { 'ec2:AccepterVpc': ec2Arn('vpc', w.otherVpc) } })],
    may: (w) => [['AcceptVpcPeeringConnection', { VpcPeeringConnectionId: w.peering }]], mayNot: (w) => [['DeleteVpcPeeringConnection', { VpcPeeringConnectionId: w.peering }]],
  },
  {
    page: `${IAM_GUIDE}/reference_policies_examples_ec2_terminate-ip.html`, name: 'terminations from two ranges alone', policy: () => [allow('ec2:TerminateInstances'), deny('ec2:TerminateInstances', '*', { NotIpAddress: { 'aws:SourceIp': ['192.0.2.0/24', '203.0.113.0/24'] } })],
    may: () => [], mayNot: (w) => [instances('TerminateInstances', w.test)],
  },
  {
    page: `${IAM_GUIDE}/reference_policies_examples_ec2_tag-owner.html`, name: "one's own instances", policy: () => [allow(['ec2:StartInstances', 'ec2:StopInstances'], 'arn:aws:ec2:*:*:instance/*', { StringEquals: { 'aws:ResourceTag/owner': '${aws:username}' } }), allow('ec2:DescribeInstances')],
    may: (w) => [instances('StopInstances', w.test)], mayNot: (w) => [instances('StopInstances', w.plain), instances('StopInstances', w.test, w.plain)],
  },
  {
    page: `${IAM_GUIDE}/reference_policies_examples_ec2_two-conditions.html`, name: 'only with MFA', policy: () => [allow('ec2:*', '*', { Bool: { 'aws:MultiFactorAuthPresent': 'true' } })], may: () => [], mayNot: (w) => [instances('StopInstances', w.test), ['DescribeVpcs', {}]],
  },
  {
    page: `${IAM_GUIDE}/reference_policies_examples_aws_deny-requested-region.html`, name: 'services in two Regions', policy: () => [allow('ec2:*'), { Sid: 'Outside', Effect: 'Deny', NotAction: ['cloudfront:*', 'iam:*', 'route53:*', 'support:*'], Resource: '*', Condition: { StringNotEquals: { 'aws:RequestedRegion': ['eu-central-1', 'eu-west-1'] } } }],
    may: () => [['CreateVpc', { CidrBlock: '10.9.0.0/16' }, 'eu-west-1']], mayNot: () => [['CreateVpc', { CidrBlock: '10.9.0.0/16' }]],
  },
  {
    page: `${IAM_GUIDE}/reference_policies_examples_aws-dates.html`, name: 'until a date', policy: () => [allow('ec2:CreateVpc', '*', { DateGreaterThan: { 'aws:CurrentTime': '2020-04-01T00:00:00Z' }, DateLessThan: { 'aws:CurrentTime': '2020-06-30T23:59:59Z' } }), allow('ec2:CreateInternetGateway', '*', { DateGreaterThan: { 'aws:CurrentTime': '2020-04-01T00:00:00Z' } })],
    may: () => [['CreateInternetGateway', {}]], mayNot: () => [['CreateVpc', { CidrBlock: '10.9.0.0/16' }]],
  },
  {
    page: 'https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html', name: 'a flow log needs its role to be passed', policy: () => [allow('ec2:CreateFlowLogs'), allow('iam:PassRole', `arn:aws:iam::${ACCOUNT}:role/Dev*`)],
    may: (w) => [['CreateFlowLogs', { ResourceIds: [w.vpc], ResourceType: 'VPC', TrafficType: 'ALL', LogGroupName: 'logs', DeliverLogsPermissionArn: `arn:aws:iam::${ACCOUNT}:role/DevTeam` }]],
    mayNot: (w) => [['CreateFlowLogs', { ResourceIds: [w.vpc], ResourceType: 'VPC', TrafficType: 'ALL', LogGroupName: 'logs', DeliverLogsPermissionArn: `arn:aws:iam::${ACCOUNT}:role/Admin` }]],
  },
  {
    page: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-fleet-prerequisites.html', name: 'a Spot Fleet needs its roles to be passed', policy: () => [allow(['ec2:RequestSpotFleet', 'ec2:RunInstances', 'ec2:CreateTags']), allow('iam:PassRole', `arn:aws:iam::${ACCOUNT}:role/Dev*`)],
    may: (w) => [['RequestSpotFleet', { SpotFleetRequestConfig: { IamFleetRole: `arn:aws:iam::${ACCOUNT}:role/DevTeam`, TargetCapacity: 1, LaunchSpecifications: [{ ImageId: w.image, InstanceType: 't3.micro', IamInstanceProfile: { Name: 'DevTeam' } }] } }]],
    mayNot: (w) => [
      ['RequestSpotFleet', { SpotFleetRequestConfig: { IamFleetRole: `arn:aws:iam::${ACCOUNT}:role/Admin`, TargetCapacity: 1, LaunchSpecifications: [{ ImageId: w.image, InstanceType: 't3.micro' }] } }],
      ['RequestSpotFleet', { SpotFleetRequestConfig: { IamFleetRole: `arn:aws:iam::${ACCOUNT}:role/DevTeam`, TargetCapacity: 1, LaunchSpecifications: [{ ImageId: w.image, InstanceType: 't3.micro', IamInstanceProfile: { Arn: profileArn('Admin') } }] } }],
    ],
  },
  {
    page: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/capacity-reservations-using.html', name: 'few and limited Capacity Reservations',
    policy: () => [allow('ec2:CreateCapacityReservation', ec2Arn('capacity-reservation'), { StringEquals: { 'ec2:InstanceType': 't3.micro', 'ec2:InstancePlatform': 'Linux/UNIX', 'ec2:EndDateType': 'limited', 'ec2:InstanceMatchCriteria': 'open' }, NumericLessThanEquals: { 'ec2:InstanceCount': '2' } })],
    may: () => [['CreateCapacityReservation', { InstanceType: 't3.micro', InstancePlatform: 'Linux/UNIX', AvailabilityZone: 'us-east-1a', InstanceCount: 2, EndDateType: 'limited', EndDate: new Date('2099-01-01T00:00:00Z') }]],
    mayNot: () => [
      ['CreateCapacityReservation', { InstanceType: 't3.micro', InstancePlatform: 'Linux/UNIX', AvailabilityZone: 'us-east-1a', InstanceCount: 3, EndDateType: 'limited', EndDate: new Date('2099-01-01T00:00:00Z') }],
      ['CreateCapacityReservation', { InstanceType: 't3.micro', InstancePlatform: 'Linux/UNIX', AvailabilityZone: 'us-east-1a', InstanceCount: 1 }],
      ['CreateCapacityReservation', { InstanceType: 't3.large', InstancePlatform: 'Linux/UNIX', AvailabilityZone: 'us-east-1a', InstanceCount: 1, EndDateType: 'limited', EndDate: new Date('2099-01-01T00:00:00Z') }],
    ],
  },
];

let fb: Fogbank;
let w: World;
beforeAll(async () => {
  fb = await fogbank();
  const go = (operation: string, input: Record<string, unknown>) => call(fb, operation, input);
  const { go: iam } = iamCalls(() => fb.iam);
  const trust = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }] });
  for (const name of ['DevTeam', 'Admin']) {
    await iam('CreateRole', { RoleName: name, AssumeRolePolicyDocument: trust });
    await iam('CreateInstanceProfile', { InstanceProfileName: name });
    await iam('AddRoleToInstanceProfile', { InstanceProfileName: name, RoleName: name });
  }
  const image = await imageNamed(fb, 'al2023-ami-2023*-x86_64');
  const [home] = (await go('DescribeSubnets', { Filters: [{ Name: 'availability-zone', Values: ['us-east-1a'] }] })).Subnets;
  const vpcFor = async (CidrBlock: string) => (await go('CreateVpc', { CidrBlock, TagSpecifications: [launched('vpc', { Purpose: 'Peering' })] })).Vpc.VpcId;
  const otherVpc = await vpcFor('10.50.0.0/16');
  const otherSubnet = (await go('CreateSubnet', { VpcId: otherVpc, CidrBlock: '10.50.1.0/24', AvailabilityZone: 'us-east-1a' })).Subnet.SubnetId;
  const [group] = (await go('DescribeSecurityGroups', { Filters: [{ Name: 'vpc-id', Values: [home.VpcId] }] })).SecurityGroups;
  const purpose = (type: string) => [launched(type, { Purpose: 'Test' })];
  const otherGroup = (await go('CreateSecurityGroup', { GroupName: 'other', Description: 'other', VpcId: otherVpc, TagSpecifications: purpose('security-group') })).GroupId;
  const one = async (more: Record<string, unknown> = {}) => (await go('RunInstances', { ImageId: image, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, SubnetId: home.SubnetId, ...more })).Instances[0].InstanceId;
  const test = await one({ InstanceType: 't3.medium', TagSpecifications: [launched('instance', { purpose: 'test', owner: 'user' })] });
  const plain = await one({ IamInstanceProfile: { Name: 'DevTeam' } });
  const volume = async (Tags: Record<string, string>) => (await go('CreateVolume', { AvailabilityZone: 'us-east-1a', Size: 1, TagSpecifications: Object.keys(Tags).length ? [launched('volume', Tags)] : [] })).VolumeId;
  const ownVolume = await volume({ volume_user: 'user' });
  const plainVolume = await volume({});
  const snapshot = async (Tags: Record<string, string>) => (await go('CreateSnapshot', { VolumeId: plainVolume, TagSpecifications: Object.keys(Tags).length ? [launched('snapshot', Tags)] : [] })).SnapshotId;
  await go('CreateKeyPair', { KeyName: 'pair' });
  const tagged = (type: string, yes: boolean) => (yes ? [launched(type, { purpose: 'test' })] : []);
  /** An address on an interface on an instance, and a table on a subnet: the ids of what joins them. */
  const joined = async (yes: boolean, index: number) => {
    const { NetworkInterfaceId } = (await go('CreateNetworkInterface', { SubnetId: home.SubnetId, TagSpecifications: tagged('network-interface', yes) })).NetworkInterface;
    const { AllocationId } = await go('AllocateAddress', { TagSpecifications: tagged('elastic-ip', yes) });
    const { AssociationId } = await go('AssociateAddress', { AllocationId, NetworkInterfaceId });
    const { AttachmentId } = await go('AttachNetworkInterface', { NetworkInterfaceId, InstanceId: test, DeviceIndex: index });
    const { RouteTableId } = (await go('CreateRouteTable', { VpcId: otherVpc, TagSpecifications: tagged('route-table', yes) })).RouteTable;
    const { SubnetId } = (await go('CreateSubnet', { VpcId: otherVpc, CidrBlock: `10.50.${10 + index}.0/24` })).Subnet;
    return [AssociationId, AttachmentId, (await go('AssociateRouteTable', { RouteTableId, SubnetId })).AssociationId] as const;
  };
  const [[address, attachment, tableAssociation], [plainAddress, plainAttachment, plainTableAssociation]] = [await joined(true, 1), await joined(false, 2)];
  await go('CreateLaunchTemplate', { LaunchTemplateName: 'untagged', LaunchTemplateData: { ImageId: image } });
  w = {
    peerVpc: await vpcFor('10.60.0.0/16'), address, attachment, tableAssociation, plainAddress, plainAttachment, plainTableAssociation, image, vpc: home.VpcId, subnet: home.SubnetId, otherVpc, otherSubnet, group: group.GroupId, otherGroup, test, plain, volume: plainVolume, ownVolume, plainVolume,
    ownImage: (await go('CreateImage', { InstanceId: test, Name: 'own', NoReboot: true, TagSpecifications: [launched('image', { department: 'dev' })] })).ImageId,
    snapshot: await snapshot({ costcenter: '115' }), plainSnapshot: await snapshot({}),
    template: (await go('CreateLaunchTemplate', { LaunchTemplateName: 'template', LaunchTemplateData: { ImageId: image, InstanceType: 't3.micro', NetworkInterfaces: undefined }, TagSpecifications: [launched('launch-template', { purpose: 'test' })] })).LaunchTemplate.LaunchTemplateId,
    routeTable: (await go('CreateRouteTable', { VpcId: otherVpc, TagSpecifications: purpose('route-table') })).RouteTable.RouteTableId,
    plainRouteTable: (await go('CreateRouteTable', { VpcId: home.VpcId })).RouteTable.RouteTableId,
    gateway: (await go('DescribeInternetGateways', {})).InternetGateways[0].InternetGatewayId,
    association: (await go('DescribeIamInstanceProfileAssociations', {})).IamInstanceProfileAssociations[0].AssociationId,
    peering: (await go('CreateVpcPeeringConnection', { VpcId: otherVpc, PeerVpcId: home.VpcId })).VpcPeeringConnection.VpcPeeringConnectionId,
    acl: (await go('CreateNetworkAcl', { VpcId: otherVpc })).NetworkAcl.NetworkAclId,
  };
  await iam('CreateUser', { UserName: 'user' });
});

describe.each(EXAMPLES)('$page: $name', ({ policy, may, mayNot }) => {
  let attempt: (operation: string, input: Record<string, unknown>, region?: string) => Promise<{ code: string }>;
  beforeAll(async () => {
    const { go: iam } = iamCalls(() => fb.iam);
    await iam('PutUserPolicy', { UserName: 'user', PolicyName: 'example', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: policy(w) }) });
    const { AccessKey } = await iam('CreateAccessKey', { UserName: 'user' });
    attempt = async (operation, input, region = 'us-east-1') => {
      const ec2 = new EC2Client(fb.config({ accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey, region }));
      // Two operations have no dry run.
      if (/IamInstanceProfile/.test(operation)) return call({ ...fb, ec2 }, operation, input).then(() => ({ code: 'DryRunOperation' }), (error: Error) => ({ code: error.name }));
      return { code: (await refusal(call({ ...fb, ec2 }, operation, { ...input, DryRun: true }))).code };
    };
    return () => iam('DeleteAccessKey', { UserName: 'user', AccessKeyId: AccessKey.AccessKeyId });
  });

  it('allows', async () => {
    for (const [operation, input, region] of may(w)) expect(await attempt(operation, input, region), `${operation} ${JSON.stringify(input)}`).toMatchObject({ code: 'DryRunOperation' });
  });

  it('denies', async () => {
    for (const [operation, input, region] of mayNot(w)) expect(await attempt(operation, input, region), `${operation} ${JSON.stringify(input)}`).toMatchObject({ code: 'UnauthorizedOperation' });
  });
});
