import { documented, type Documented } from './documented.ts';

/** The example policies of EC2's user guide. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html */

const PAGE = 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html';
const ec2 = (kind: string, account = '123456789012'): string => `arn:aws:ec2:us-east-1:${account}:${kind}`;
const [INSTANCE, VOLUME, SNAPSHOT, IMAGE, SUBNET] = [ec2('instance/i-1234567890abcdef0'), ec2('volume/vol-1'), ec2('snapshot/snap-1', ''), ec2('image/ami-9e1670f7', ''), ec2('subnet/subnet-12345678')];
const ALLOW = { Effect: 'Allow' };
const run = { ...ALLOW, Action: 'ec2:RunInstances' };

const EXAMPLES: readonly Documented[] = [
  ['read-only', `${PAGE}#iam-example-read-only`, [{ ...ALLOW, Action: 'ec2:Describe*', Resource: '*' }], [
    ['describes instances', 'ec2:DescribeInstances', '*', {}, 'allowed'],
    ['describes volumes', 'ec2:DescribeVolumes', '*', {}, 'allowed'],
    ['does not start instances', 'ec2:StartInstances', INSTANCE, {}, 'implicitDeny'],
    ['does not get console output', 'ec2:GetConsoleOutput', INSTANCE, {}, 'implicitDeny'],
  ]],
  ['one Region', `${PAGE}#iam-example-region`, [{ ...ALLOW, Action: '*', Resource: '*' }, { Effect: 'Deny', Action: 'ec2:*', Resource: '*', Condition: { StringNotEquals: { 'aws:RequestedRegion': 'eu-central-1' } } }], [
    ['works in it', 'ec2:RunInstances', INSTANCE, { 'aws:RequestedRegion': 'eu-central-1' }, 'allowed'],
    ['does not work in another', 'ec2:RunInstances', INSTANCE, { 'aws:RequestedRegion': 'us-east-1' }, 'explicitDeny'],
    ['does not describe in another', 'ec2:DescribeInstances', '*', { 'aws:RequestedRegion': 'us-east-1' }, 'explicitDeny'],
    ['does not work where the Region is not known', 'ec2:DescribeInstances', '*', {}, 'explicitDeny'],
    ['leaves other services alone', 's3:ListAllMyBuckets', '*', { 'aws:RequestedRegion': 'us-east-1' }, 'allowed'],
  ]],
  ['one Region by EC2\'s own key', `${PAGE}#iam-example-region`, [{ ...ALLOW, Action: '*', Resource: '*' }, { Effect: 'Deny', Action: 'ec2:*', Resource: '*', Condition: { StringNotEquals: { 'ec2:Region': 'eu-central-1' } } }], [
    ['works in it', 'ec2:StopInstances', INSTANCE, { 'ec2:Region': 'eu-central-1' }, 'allowed'],
    ['does not work in another', 'ec2:StopInstances', INSTANCE, { 'ec2:Region': 'us-east-1' }, 'explicitDeny'],
  ]],
  ['all instances', `${PAGE}#iam-example-instances-all`, [{ ...ALLOW, Action: ['ec2:DescribeInstances', 'ec2:DescribeImages', 'ec2:DescribeKeyPairs', 'ec2:DescribeSecurityGroups', 'ec2:DescribeAvailabilityZones', 'ec2:RunInstances', 'ec2:TerminateInstances', 'ec2:StopInstances', 'ec2:StartInstances'], Resource: '*' }], [
    ['launches', 'ec2:RunInstances', SUBNET, {}, 'allowed'],
    ['terminates', 'ec2:TerminateInstances', INSTANCE, {}, 'allowed'],
    ['describes Availability Zones', 'ec2:DescribeAvailabilityZones', '*', {}, 'allowed'],
    ['does not reboot', 'ec2:RebootInstances', INSTANCE, {}, 'implicitDeny'],
    ['does not describe volumes', 'ec2:DescribeVolumes', '*', {}, 'implicitDeny'],
  ]],
  ['particular instances', `${PAGE}#iam-example-instances-specific`, [
    { ...ALLOW, Action: 'ec2:DescribeInstances', Resource: '*' },
    { ...ALLOW, Action: ['ec2:StopInstances', 'ec2:StartInstances'], Resource: [INSTANCE, ec2('instance/i-0598c7d356eba48d7')] },
    { ...ALLOW, Action: 'ec2:TerminateInstances', Resource: ec2('instance/*'), Condition: { StringEquals: { 'ec2:ResourceTag/purpose': 'test' } } },
  ], [
    ['describes all', 'ec2:DescribeInstances', '*', {}, 'allowed'],
    ['starts the first', 'ec2:StartInstances', INSTANCE, {}, 'allowed'],
    ['stops the second', 'ec2:StopInstances', ec2('instance/i-0598c7d356eba48d7'), {}, 'allowed'],
    ['does not stop a third', 'ec2:StopInstances', ec2('instance/i-3'), {}, 'implicitDeny'],
    ['terminates one for tests', 'ec2:TerminateInstances', ec2('instance/i-3'), { 'ec2:ResourceTag/purpose': 'test' }, 'allowed'],
    ['does not terminate one for something else', 'ec2:TerminateInstances', ec2('instance/i-3'), { 'ec2:ResourceTag/purpose': 'prod' }, 'implicitDeny'],
    ['does not terminate the first where it has no tag', 'ec2:TerminateInstances', INSTANCE, {}, 'implicitDeny'],
    ['does not terminate one for tests in another Region', 'ec2:TerminateInstances', INSTANCE.replace('us-east-1', 'us-west-2'), { 'ec2:ResourceTag/purpose': 'test' }, 'implicitDeny'],
    ['does not terminate one whose tag differs in case', 'ec2:TerminateInstances', INSTANCE, { 'ec2:ResourceTag/purpose': 'Test' }, 'implicitDeny'],
  ]],
  ['volumes of users', `${PAGE}#iam-example-manage-volumes-attach-detach`, [
    { ...ALLOW, Action: ['ec2:AttachVolume', 'ec2:DetachVolume'], Resource: ec2('instance/*'), Condition: { StringEquals: { 'ec2:ResourceTag/department': 'dev' } } },
    { ...ALLOW, Action: ['ec2:AttachVolume', 'ec2:DetachVolume'], Resource: ec2('volume/*'), Condition: { StringEquals: { 'ec2:ResourceTag/volume_user': '${aws:username}' } } },
  ], [
    ['attaches to an instance of the department', 'ec2:AttachVolume', INSTANCE, { 'ec2:ResourceTag/department': 'dev' }, 'allowed'],
    ['does not attach to another department\'s', 'ec2:AttachVolume', INSTANCE, { 'ec2:ResourceTag/department': 'ops' }, 'implicitDeny'],
    ['attaches their own volume', 'ec2:AttachVolume', VOLUME, { 'ec2:ResourceTag/volume_user': 'alice', 'aws:username': 'alice' }, 'allowed'],
    ['detaches their own volume', 'ec2:DetachVolume', VOLUME, { 'ec2:ResourceTag/volume_user': 'alice', 'aws:username': 'alice' }, 'allowed'],
    ['does not attach another\'s volume', 'ec2:AttachVolume', VOLUME, { 'ec2:ResourceTag/volume_user': 'bob', 'aws:username': 'alice' }, 'implicitDeny'],
    ['does not attach a volume as a role, which has no user name', 'ec2:AttachVolume', VOLUME, { 'ec2:ResourceTag/volume_user': 'alice' }, 'implicitDeny'],
    ['does not attach a volume of the department', 'ec2:AttachVolume', VOLUME, { 'ec2:ResourceTag/department': 'dev', 'aws:username': 'alice' }, 'implicitDeny'],
    ['does not delete their own volume', 'ec2:DeleteVolume', VOLUME, { 'ec2:ResourceTag/volume_user': 'alice', 'aws:username': 'alice' }, 'implicitDeny'],
  ]],
  ['small encrypted volumes', `${PAGE}#iam-example-manage-volumes-create`, [{ ...ALLOW, Action: ['ec2:CreateVolume'], Resource: ec2('volume/*'), Condition: { NumericLessThan: { 'ec2:VolumeSize': '20' }, Bool: { 'ec2:Encrypted': 'true' } } }], [
    ['creates a small encrypted one', 'ec2:CreateVolume', VOLUME, { 'ec2:VolumeSize': 19, 'ec2:Encrypted': true }, 'allowed'],
    ['does not create one of the limit', 'ec2:CreateVolume', VOLUME, { 'ec2:VolumeSize': 20, 'ec2:Encrypted': true }, 'implicitDeny'],
    ['does not create one of more digits', 'ec2:CreateVolume', VOLUME, { 'ec2:VolumeSize': 100, 'ec2:Encrypted': true }, 'implicitDeny'],
    ['does not create one in clear', 'ec2:CreateVolume', VOLUME, { 'ec2:VolumeSize': 5, 'ec2:Encrypted': false }, 'implicitDeny'],
    ['does not create one whose encryption is not known', 'ec2:CreateVolume', VOLUME, { 'ec2:VolumeSize': 5 }, 'implicitDeny'],
  ]],
  ['tagged volumes', `${PAGE}#iam-example-manage-volumes-tags`, [
    { Sid: 'AllowCreateTaggedVolumes', ...ALLOW, Action: 'ec2:CreateVolume', Resource: ec2('volume/*'), Condition: { StringEquals: { 'aws:RequestTag/costcenter': '115', 'aws:RequestTag/stack': 'prod' }, 'ForAllValues:StringEquals': { 'aws:TagKeys': ['costcenter', 'stack'] } } },
    { ...ALLOW, Action: ['ec2:CreateTags'], Resource: ec2('volume/*'), Condition: { StringEquals: { 'ec2:CreateAction': 'CreateVolume' } } },
  ], [
    ['creates one with both tags', 'ec2:CreateVolume', VOLUME, { 'aws:RequestTag/costcenter': '115', 'aws:RequestTag/stack': 'prod', 'aws:TagKeys': ['costcenter', 'stack'] }, 'allowed'],
    ['creates one with both tags in the other order', 'ec2:CreateVolume', VOLUME, { 'aws:RequestTag/costcenter': '115', 'aws:RequestTag/stack': 'prod', 'aws:TagKeys': ['stack', 'costcenter'] }, 'allowed'],
    ['does not create one with a third tag', 'ec2:CreateVolume', VOLUME, { 'aws:RequestTag/costcenter': '115', 'aws:RequestTag/stack': 'prod', 'aws:RequestTag/x': '1', 'aws:TagKeys': ['costcenter', 'stack', 'x'] }, 'implicitDeny'],
    ['does not create one with one tag', 'ec2:CreateVolume', VOLUME, { 'aws:RequestTag/stack': 'prod', 'aws:TagKeys': ['stack'] }, 'implicitDeny'],
    ['does not create one with another value', 'ec2:CreateVolume', VOLUME, { 'aws:RequestTag/costcenter': '116', 'aws:RequestTag/stack': 'prod', 'aws:TagKeys': ['costcenter', 'stack'] }, 'implicitDeny'],
    ['does not create one without tags', 'ec2:CreateVolume', VOLUME, {}, 'implicitDeny'],
    ['tags one that is being created', 'ec2:CreateTags', VOLUME, { 'ec2:CreateAction': 'CreateVolume' }, 'allowed'],
    ['does not tag one that there is', 'ec2:CreateTags', VOLUME, {}, 'implicitDeny'],
    ['does not tag an instance that is being launched', 'ec2:CreateTags', INSTANCE, { 'ec2:CreateAction': 'RunInstances' }, 'implicitDeny'],
  ]],
  ['snapshots of gp2', `${PAGE}#iam-creating-snapshots`, [
    { ...ALLOW, Action: 'ec2:CreateSnapshots', Resource: ['arn:aws:ec2:us-east-1::snapshot/*', 'arn:aws:ec2:*:*:instance/*'] },
    { ...ALLOW, Action: 'ec2:CreateSnapshots', Resource: 'arn:aws:ec2:us-east-1:*:volume/*', Condition: { StringLikeIfExists: { 'ec2:VolumeType': 'gp2' } } },
  ], [
    ['makes a snapshot', 'ec2:CreateSnapshots', SNAPSHOT, {}, 'allowed'],
    ['of an instance', 'ec2:CreateSnapshots', INSTANCE, {}, 'allowed'],
    ['of a gp2 volume', 'ec2:CreateSnapshots', VOLUME, { 'ec2:VolumeType': 'gp2' }, 'allowed'],
    ['not of an io1 volume', 'ec2:CreateSnapshots', VOLUME, { 'ec2:VolumeType': 'io1' }, 'implicitDeny'],
    ['of a volume of unknown type', 'ec2:CreateSnapshots', VOLUME, {}, 'allowed'],
    ['not in another Region', 'ec2:CreateSnapshots', SNAPSHOT.replace('us-east-1', 'us-east-2'), {}, 'implicitDeny'],
  ]],
  ['snapshots without a stack', `${PAGE}#iam-creating-snapshot-with-tags`, [
    { ...ALLOW, Action: ['ec2:CreateSnapshot', 'ec2:CreateTags'], Resource: '*' },
    { Effect: 'Deny', Action: 'ec2:CreateSnapshot', Resource: 'arn:aws:ec2:us-east-1::snapshot/*', Condition: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'stack' } } },
  ], [
    ['makes one without tags', 'ec2:CreateSnapshot', SNAPSHOT, {}, 'allowed'],
    ['makes one with other tags', 'ec2:CreateSnapshot', SNAPSHOT, { 'aws:TagKeys': ['env', 'team'] }, 'allowed'],
    ['does not make one with a stack', 'ec2:CreateSnapshot', SNAPSHOT, { 'aws:TagKeys': ['env', 'stack'] }, 'explicitDeny'],
    ['has the volume in any case', 'ec2:CreateSnapshot', VOLUME, { 'aws:TagKeys': ['stack'] }, 'allowed'],
  ]],
  ['Amazon\'s AMIs', `${PAGE}#iam-example-runinstances-ami`, [
    { ...run, Resource: [ec2('image/ami-*', '')], Condition: { StringEquals: { 'ec2:Owner': 'amazon' } } },
    { ...run, Resource: ['instance', 'subnet', 'volume', 'network-interface', 'key-pair', 'security-group'].map((kind) => ec2(`${kind}/*`)) },
  ], [
    ['launches from Amazon\'s', 'ec2:RunInstances', IMAGE, { 'ec2:Owner': 'amazon' }, 'allowed'],
    ['does not launch from another\'s', 'ec2:RunInstances', IMAGE, { 'ec2:Owner': '444455556666' }, 'implicitDeny'],
    ['launches the instance', 'ec2:RunInstances', INSTANCE, {}, 'allowed'],
    ['launches into the subnet', 'ec2:RunInstances', SUBNET, {}, 'allowed'],
    ['does not launch from a launch template', 'ec2:RunInstances', ec2('launch-template/lt-1'), {}, 'implicitDeny'],
  ]],
  ['small types by permission', `${PAGE}#iam-example-runinstances-instance-type`, [
    { ...run, Resource: [ec2('instance/*')], Condition: { StringEquals: { 'ec2:InstanceType': ['t2.micro', 't2.small'] } } },
    { ...run, Resource: [ec2('image/ami-*', ''), ...['subnet', 'network-interface', 'volume', 'key-pair', 'security-group'].map((kind) => ec2(`${kind}/*`))] },
  ], [
    ['launches a small one', 'ec2:RunInstances', INSTANCE, { 'ec2:InstanceType': 't2.small' }, 'allowed'],
    ['does not launch a large one', 'ec2:RunInstances', INSTANCE, { 'ec2:InstanceType': 'm5.large' }, 'implicitDeny'],
    ['launches from any AMI', 'ec2:RunInstances', IMAGE, {}, 'allowed'],
  ]],
  ['small types by denial', `${PAGE}#iam-example-runinstances-instance-type`, [
    { Effect: 'Deny', Action: 'ec2:RunInstances', Resource: [ec2('instance/*')], Condition: { StringNotEquals: { 'ec2:InstanceType': ['t2.micro', 't2.small'] } } },
    { ...run, Resource: [ec2('image/ami-*', ''), ...['network-interface', 'instance', 'subnet', 'volume', 'key-pair', 'security-group'].map((kind) => ec2(`${kind}/*`))] },
  ], [
    ['launches a micro one', 'ec2:RunInstances', INSTANCE, { 'ec2:InstanceType': 't2.micro' }, 'allowed'],
    ['does not launch a large one', 'ec2:RunInstances', INSTANCE, { 'ec2:InstanceType': 'm5.large' }, 'explicitDeny'],
    ['launches into the subnet, which has no type', 'ec2:RunInstances', SUBNET, {}, 'allowed'],
  ]],
  ['one subnet', `${PAGE}#iam-example-runinstances-subnet`, [{ ...run, Resource: [SUBNET, ec2('network-interface/*'), ec2('instance/*'), ec2('volume/*'), ec2('image/ami-*', ''), ec2('key-pair/*'), ec2('security-group/*')] }], [
    ['launches into it', 'ec2:RunInstances', SUBNET, {}, 'allowed'],
    ['does not launch into another', 'ec2:RunInstances', ec2('subnet/subnet-2'), {}, 'implicitDeny'],
  ]],
  ['no network interfaces but in one subnet', `${PAGE}#iam-example-runinstances-subnet`, [
    { Effect: 'Deny', Action: 'ec2:RunInstances', Resource: [ec2('network-interface/*')], Condition: { ArnNotEquals: { 'ec2:Subnet': SUBNET } } },
    { ...run, Resource: [ec2('image/ami-*', ''), ...['network-interface', 'instance', 'subnet', 'volume', 'key-pair', 'security-group'].map((kind) => ec2(`${kind}/*`))] },
  ], [
    ['makes one in it', 'ec2:RunInstances', ec2('network-interface/eni-1'), { 'ec2:Subnet': SUBNET }, 'allowed'],
    ['does not make one in another', 'ec2:RunInstances', ec2('network-interface/eni-1'), { 'ec2:Subnet': ec2('subnet/subnet-2') }, 'explicitDeny'],
    ['has the instance, which has no subnet', 'ec2:RunInstances', INSTANCE, {}, 'allowed'],
  ]],
  ['environments and owners', `${PAGE}#iam-example-runinstances-tags`, [
    { ...run, Resource: [ec2('instance/*')], Condition: { StringEquals: { 'aws:RequestTag/environment': 'production' }, 'ForAllValues:StringEquals': { 'aws:TagKeys': ['environment', 'owner'] } } },
    { ...ALLOW, Action: ['ec2:CreateTags'], Resource: 'arn:aws:ec2:us-east-1:123456789012:*/*', Condition: { StringEquals: { 'ec2:CreateAction': 'RunInstances' } } },
  ], [
    ['launches with the environment alone', 'ec2:RunInstances', INSTANCE, { 'aws:RequestTag/environment': 'production', 'aws:TagKeys': ['environment'] }, 'allowed'],
    ['launches with an owner as well', 'ec2:RunInstances', INSTANCE, { 'aws:RequestTag/environment': 'production', 'aws:RequestTag/owner': 'alice', 'aws:TagKeys': ['owner', 'environment'] }, 'allowed'],
    ['does not launch with an owner alone', 'ec2:RunInstances', INSTANCE, { 'aws:RequestTag/owner': 'alice', 'aws:TagKeys': ['owner'] }, 'implicitDeny'],
    ['does not launch with a key in another case', 'ec2:RunInstances', INSTANCE, { 'aws:RequestTag/environment': 'production', 'aws:TagKeys': ['Environment'] }, 'implicitDeny'],
    ['tags a volume at the launch', 'ec2:CreateTags', VOLUME, { 'ec2:CreateAction': 'RunInstances' }, 'allowed'],
    ['does not tag a volume at its creation', 'ec2:CreateTags', VOLUME, { 'ec2:CreateAction': 'CreateVolume' }, 'implicitDeny'],
  ]],
  ['passing a role', `${PAGE}#iam-example-iam-roles`, [
    { ...ALLOW, Action: ['ec2:RunInstances', 'ec2:AssociateIamInstanceProfile', 'ec2:ReplaceIamInstanceProfileAssociation'], Resource: ec2('instance/*'), Condition: { StringEquals: { 'ec2:ResourceTag/department': 'test' } } },
    { ...ALLOW, Action: 'iam:PassRole', Resource: 'arn:aws:iam::123456789012:role/DevTeam*' },
  ], [
    ['gives a profile to a test instance', 'ec2:AssociateIamInstanceProfile', INSTANCE, { 'ec2:ResourceTag/department': 'test' }, 'allowed'],
    ['does not give one to another instance', 'ec2:AssociateIamInstanceProfile', INSTANCE, {}, 'implicitDeny'],
    ['passes a role of the team', 'iam:PassRole', 'arn:aws:iam::123456789012:role/DevTeamApp', {}, 'allowed'],
    ['does not pass another role', 'iam:PassRole', 'arn:aws:iam::123456789012:role/Admin', {}, 'implicitDeny'],
    ['does not get a role of the team', 'iam:GetRole', 'arn:aws:iam::123456789012:role/DevTeamApp', {}, 'implicitDeny'],
  ]],
  ['a particular instance', `${PAGE}#iam-example-source-instance`, [{ ...ALLOW, Action: ['ec2:DescribeVolumes', 's3:ListAllMyBuckets', 'rds:DescribeDBInstances'], Resource: '*', Condition: { ArnEquals: { 'ec2:SourceInstanceARN': INSTANCE } } }], [
    ['lists buckets', 's3:ListAllMyBuckets', '*', { 'ec2:SourceInstanceARN': INSTANCE }, 'allowed'],
    ['is not another', 's3:ListAllMyBuckets', '*', { 'ec2:SourceInstanceARN': ec2('instance/i-2') }, 'implicitDeny'],
    ['is an instance', 'ec2:DescribeVolumes', '*', {}, 'implicitDeny'],
  ]],
  ['instance metadata of version 2', `${PAGE}#iam-example-instance-metadata`, [{ ...run, Resource: '*' }, { Effect: 'Deny', Action: 'ec2:RunInstances', Resource: ec2('instance/*'), Condition: { StringNotEquals: { 'ec2:MetadataHttpTokens': 'required' } } }], [
    ['launches with it', 'ec2:RunInstances', INSTANCE, { 'ec2:MetadataHttpTokens': 'required' }, 'allowed'],
    ['does not launch with version 1', 'ec2:RunInstances', INSTANCE, { 'ec2:MetadataHttpTokens': 'optional' }, 'explicitDeny'],
    ['does not launch where nothing is said', 'ec2:RunInstances', INSTANCE, {}, 'explicitDeny'],
    ['launches into the subnet', 'ec2:RunInstances', SUBNET, {}, 'allowed'],
  ]],
];

export const ec2Examples = documented(EXAMPLES);
