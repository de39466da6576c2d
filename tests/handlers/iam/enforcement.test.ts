import {
  AllocateAddressCommand, AssociateIamInstanceProfileCommand, AttachVolumeCommand, AuthorizeSecurityGroupIngressCommand, CreateKeyPairCommand, CreateSecurityGroupCommand, CreateSnapshotCommand, CreateSubnetCommand,
  CreateTagsCommand, CreateVolumeCommand, CreateVpcCommand, DeleteTagsCommand, DeleteVolumeCommand, DescribeImagesCommand, DescribeInstancesCommand, DescribeSecurityGroupsCommand, DescribeSubnetsCommand, DescribeVpcsCommand,
  EC2Client, ModifyInstanceAttributeCommand, RunInstancesCommand, StartInstancesCommand, StopInstancesCommand, TerminateInstancesCommand, DescribeVolumesCommand, type RunInstancesCommandInput,
} from '@aws-sdk/client-ec2';
import {
  AddRoleToInstanceProfileCommand, AddUserToGroupCommand, AttachRolePolicyCommand, AttachUserPolicyCommand, CreateAccessKeyCommand, CreateGroupCommand, CreateInstanceProfileCommand, CreatePolicyCommand, CreatePolicyVersionCommand,
  CreateRoleCommand, CreateUserCommand, DeleteUserPermissionsBoundaryCommand, DetachUserPolicyCommand, GetUserCommand, IAMClient, ListUsersCommand, PutGroupPolicyCommand, PutRolePolicyCommand,
  PutUserPermissionsBoundaryCommand, PutUserPolicyCommand, SimulatePrincipalPolicyCommand, TagUserCommand,
} from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Keys } from '../../../src/iam/index.ts';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

const ACCOUNT = '123456789012';
const BOUNDARY = `arn:aws:iam::${ACCOUNT}:policy/boundary`;
const document = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const arn = (type: string, id: string, region = 'us-east-1') => `arn:aws:ec2:${region}:${ACCOUNT}:${type}/${id}`;

/** What a developer of team red may do: look at everything, launch small instances with their team's tag in one region, and use what has that tag. */
const DEVELOPER = document(
  { Sid: 'Look', Effect: 'Allow', Action: ['ec2:Describe*', 'iam:GetUser', 'iam:ListUsers'], Resource: '*' },
  { Sid: 'Launch', Effect: 'Allow', Action: 'ec2:RunInstances', Resource: arn('instance', '*'), Condition: { StringEquals: { 'ec2:InstanceType': ['t3.micro', 't3.small'], 'aws:RequestTag/team': '${aws:PrincipalTag/team}', 'ec2:MetadataHttpTokens': 'required' } } },
  { Sid: 'LaunchWith', Effect: 'Allow', Action: 'ec2:RunInstances', Resource: ['subnet', 'network-interface', 'security-group', 'key-pair'].map((t) => arn(t, '*')) },
  { Sid: 'LaunchFrom', Effect: 'Allow', Action: 'ec2:RunInstances', Resource: 'arn:aws:ec2:us-east-1::image/*', Condition: { StringEquals: { 'ec2:Owner': 'amazon' } } },
  { Sid: 'SmallDisks', Effect: 'Allow', Action: ['ec2:RunInstances', 'ec2:CreateVolume'], Resource: arn('volume', '*'), Condition: { NumericLessThanEquals: { 'ec2:VolumeSize': '100' } } },
  { Sid: 'TagNew', Effect: 'Allow', Action: 'ec2:CreateTags', Resource: arn('*', '*'), Condition: { StringEquals: { 'ec2:CreateAction': ['RunInstances', 'CreateVolume'] } } },
  { Sid: 'UseOwn', Effect: 'Allow', Action: ['ec2:StartInstances', 'ec2:StopInstances', 'ec2:TerminateInstances', 'ec2:AttachVolume', 'ec2:DeleteVolume', 'ec2:CreateSnapshot', 'ec2:ModifyInstanceAttribute', 'ec2:AssociateIamInstanceProfile'], Resource: '*', Condition: { StringEquals: { 'aws:ResourceTag/team': '${aws:PrincipalTag/team}' } } },
  { Sid: 'Snapshot', Effect: 'Allow', Action: 'ec2:CreateSnapshot', Resource: 'arn:aws:ec2:us-east-1::snapshot/*' },
  { Sid: 'Keys', Effect: 'Allow', Action: 'ec2:CreateKeyPair', Resource: arn('key-pair', 'red-*') },
  { Sid: 'Groups', Effect: 'Allow', Action: 'ec2:CreateSecurityGroup', Resource: '*', Condition: { Bool: { 'aws:SecureTransport': 'true' } } },
  { Sid: 'Office', Effect: 'Allow', Action: 'ec2:AllocateAddress', Resource: '*', Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } },
  { Sid: 'Pass', Effect: 'Allow', Action: 'iam:PassRole', Resource: `arn:aws:iam::${ACCOUNT}:role/app/*`, Condition: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } } },
  { Sid: 'Users', Effect: 'Allow', Action: ['iam:CreateUser', 'iam:TagUser'], Resource: `arn:aws:iam::${ACCOUNT}:user/red/*` },
  { Sid: 'OneRegion', Effect: 'Deny', Action: 'ec2:*', Resource: '*', Condition: { StringNotEquals: { 'aws:RequestedRegion': ['us-east-1', 'eu-west-1'] } } },
);

/** Whatever else the developer is given, this is the most. */
const LIMITS = document(
  { Sid: 'Most', Effect: 'Allow', Action: ['ec2:*', 'iam:Get*', 'iam:List*', 'iam:PassRole', 'iam:CreateUser', 'iam:TagUser'], Resource: '*' },
  { Sid: 'NeverVpcs', Effect: 'Deny', Action: 'ec2:CreateVpc', Resource: '*' },
);

describe('policies, through the SDK', () => {
  let fb: Fogbank;
  let ec2: EC2Client;
  let iam: IAMClient;
  let launch: RunInstancesCommandInput;
  let own: string;
  let foreign: string;
  let ownVolume: string;
  let foreignVolume: string;
  let groupId: string;
  let vpcId: string;
  let configured: ReturnType<Fogbank['config']>;

  const tagged = (team: string, type: 'instance' | 'volume' = 'instance') => [{ ResourceType: type, Tags: [{ Key: 'team', Value: team }] }];

  beforeAll(async () => {
    fb = await fogbank();
    await fb.iam.send(new CreatePolicyCommand({ PolicyName: 'boundary', PolicyDocument: LIMITS }));
    const { Policy } = await fb.iam.send(new CreatePolicyCommand({ PolicyName: 'developer', PolicyDocument: DEVELOPER }));
    await fb.iam.send(new CreateUserCommand({ UserName: 'dev', Tags: [{ Key: 'team', Value: 'red' }], PermissionsBoundary: BOUNDARY }));
    await fb.iam.send(new AttachUserPolicyCommand({ UserName: 'dev', PolicyArn: Policy!.Arn! }));
    const trust = document({ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' });
    for (const [name, path] of [['app', '/app/'], ['admin', '/']] as const) {
      await fb.iam.send(new CreateRoleCommand({ RoleName: name, Path: path, AssumeRolePolicyDocument: trust }));
      await fb.iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: name }));
      await fb.iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: name, RoleName: name }));
    }
    const { AccessKey } = await fb.iam.send(new CreateAccessKeyCommand({ UserName: 'dev' }));
    configured = fb.config({ accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! });
    ec2 = new EC2Client(configured);
    iam = new IAMClient(configured);
    const { Images } = await ec2.send(new DescribeImagesCommand({ Owners: ['amazon'], Filters: [{ Name: 'name', Values: ['al2023-ami-2023*'] }, { Name: 'architecture', Values: ['x86_64'] }] }));
    launch = { ImageId: Images![0]!.ImageId!, MinCount: 1, MaxCount: 1, InstanceType: 't3.micro' };
    own = (await ec2.send(new RunInstancesCommand({ ...launch, TagSpecifications: tagged('red') }))).Instances![0]!.InstanceId!;
    foreign = (await fb.ec2.send(new RunInstancesCommand({ ...launch, TagSpecifications: tagged('blue') }))).Instances![0]!.InstanceId!;
    const volume = async (team: string) => (await fb.ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 1, TagSpecifications: tagged(team, 'volume') }))).VolumeId!;
    ownVolume = await volume('red');
    foreignVolume = await volume('blue');
    const { SecurityGroups } = await fb.ec2.send(new DescribeSecurityGroupsCommand({ GroupNames: ['default'] }));
    groupId = SecurityGroups![0]!.GroupId!;
    vpcId = SecurityGroups![0]!.VpcId!;
  });

  const NO_IDENTITY = 'because no identity-based policy allows the';

  /** Each way in which the developer is refused: what they try, on what it fails, and why. */
  const refused: [name: string, attempt: () => Promise<unknown>, action: string, resource: () => string, why: string][] = [
    ['a type that is not theirs', () => ec2.send(new RunInstancesCommand({ ...launch, InstanceType: 'm5.large', TagSpecifications: tagged('red') })), 'ec2:RunInstances', () => arn('instance', '*'), NO_IDENTITY],
    ['a launch without a tag', () => ec2.send(new RunInstancesCommand(launch)), 'ec2:RunInstances', () => arn('instance', '*'), NO_IDENTITY],
    ["another team's tag", () => ec2.send(new RunInstancesCommand({ ...launch, TagSpecifications: tagged('blue') })), 'ec2:RunInstances', () => arn('instance', '*'), NO_IDENTITY],
    ['the tag in another case', () => ec2.send(new RunInstancesCommand({ ...launch, TagSpecifications: tagged('Red') })), 'ec2:RunInstances', () => arn('instance', '*'), NO_IDENTITY],
    ['a launch without IMDSv2', () => ec2.send(new RunInstancesCommand({ ...launch, MetadataOptions: { HttpTokens: 'optional' }, TagSpecifications: tagged('red') })), 'ec2:RunInstances', () => arn('instance', '*'), NO_IDENTITY],
    ['a large root volume', () => ec2.send(new RunInstancesCommand({ ...launch, BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 200 } }], TagSpecifications: tagged('red') })), 'ec2:RunInstances', () => arn('volume', '*'), NO_IDENTITY],
    ['a dry run of what is refused', () => ec2.send(new RunInstancesCommand({ ...launch, DryRun: true })), 'ec2:RunInstances', () => arn('instance', '*'), NO_IDENTITY],
    ['a launch with a role they may not pass', () => ec2.send(new RunInstancesCommand({ ...launch, IamInstanceProfile: { Name: 'admin' }, TagSpecifications: tagged('red') })), 'iam:PassRole', () => `arn:aws:iam::${ACCOUNT}:role/admin`, NO_IDENTITY],
    ['a role handed to a running instance', () => ec2.send(new AssociateIamInstanceProfileCommand({ InstanceId: own, IamInstanceProfile: { Name: 'admin' } })), 'iam:PassRole', () => `arn:aws:iam::${ACCOUNT}:role/admin`, NO_IDENTITY],
    ['stopping what is not theirs', () => ec2.send(new StopInstancesCommand({ InstanceIds: [foreign] })), 'ec2:StopInstances', () => arn('instance', foreign), NO_IDENTITY],
    ['starting what is not theirs', () => ec2.send(new StartInstancesCommand({ InstanceIds: [foreign] })), 'ec2:StartInstances', () => arn('instance', foreign), NO_IDENTITY],
    ['terminating theirs together with another', () => ec2.send(new TerminateInstancesCommand({ InstanceIds: [own, foreign] })), 'ec2:TerminateInstances', () => arn('instance', foreign), NO_IDENTITY],
    ['an instance that does not exist', () => ec2.send(new TerminateInstancesCommand({ InstanceIds: ['i-0123456789abcdef0'] })), 'ec2:TerminateInstances', () => arn('instance', 'i-0123456789abcdef0'), NO_IDENTITY],
    ["another's volume on their instance", () => ec2.send(new AttachVolumeCommand({ InstanceId: own, VolumeId: foreignVolume, Device: '/dev/sdf' })), 'ec2:AttachVolume', () => arn('volume', foreignVolume), NO_IDENTITY],
    ["their volume on another's instance", () => ec2.send(new AttachVolumeCommand({ InstanceId: foreign, VolumeId: ownVolume, Device: '/dev/sdf' })), 'ec2:AttachVolume', () => arn('instance', foreign), NO_IDENTITY],
    ["deleting another's volume", () => ec2.send(new DeleteVolumeCommand({ VolumeId: foreignVolume })), 'ec2:DeleteVolume', () => arn('volume', foreignVolume), NO_IDENTITY],
    ["a snapshot of another's volume", () => ec2.send(new CreateSnapshotCommand({ VolumeId: foreignVolume })), 'ec2:CreateSnapshot', () => arn('volume', foreignVolume), NO_IDENTITY],
    ['a large volume', () => ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 101 })), 'ec2:CreateVolume', () => arn('volume', '*'), NO_IDENTITY],
    ["an attribute of another's instance", () => ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: foreign, DisableApiTermination: { Value: true } })), 'ec2:ModifyInstanceAttribute', () => arn('instance', foreign), NO_IDENTITY],
    ['taking a tag off', () => ec2.send(new DeleteTagsCommand({ Resources: [own], Tags: [{ Key: 'team' }] })), 'ec2:DeleteTags', () => arn('instance', own), NO_IDENTITY],
    ['tagging what exists', () => ec2.send(new CreateTagsCommand({ Resources: [foreign], Tags: [{ Key: 'team', Value: 'red' }] })), 'ec2:CreateTags', () => arn('instance', foreign), NO_IDENTITY],
    ['a key of another name', () => ec2.send(new CreateKeyPairCommand({ KeyName: 'blue-1' })), 'ec2:CreateKeyPair', () => arn('key-pair', 'blue-1'), NO_IDENTITY],
    ['a rule in a group', () => ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: groupId, IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '0.0.0.0/0' })), 'ec2:AuthorizeSecurityGroupIngress', () => arn('security-group', groupId), NO_IDENTITY],
    ['a subnet', () => ec2.send(new CreateSubnetCommand({ VpcId: vpcId, CidrBlock: '172.31.200.0/24' })), 'ec2:CreateSubnet', () => arn('vpc', vpcId), NO_IDENTITY],
    ['an address from outside the office', () => ec2.send(new AllocateAddressCommand({})), 'ec2:AllocateAddress', () => arn('elastic-ip', '*'), NO_IDENTITY],
    ['a VPC, which the boundary denies', () => ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' })), 'ec2:CreateVpc', () => arn('vpc', '*'), `with an explicit deny in a permissions boundary: ${BOUNDARY}`],
    ['a launch in a region of no image of theirs', () => new EC2Client({ ...configured, region: 'eu-west-1' }).send(new CreateVolumeCommand({ AvailabilityZone: 'eu-west-1a', Size: 1 })), 'ec2:CreateVolume', () => arn('volume', '*', 'eu-west-1'), NO_IDENTITY],
    ['a user outside their path', () => iam.send(new CreateUserCommand({ UserName: 'eve' })), 'iam:CreateUser', () => `arn:aws:iam::${ACCOUNT}:user/eve`, NO_IDENTITY],
    ['a tag on a user outside their path', () => iam.send(new TagUserCommand({ UserName: 'dev', Tags: [{ Key: 'team', Value: 'blue' }] })), 'iam:TagUser', () => 'user dev', NO_IDENTITY],
    ['a policy of their own making', () => iam.send(new PutUserPolicyCommand({ UserName: 'dev', PolicyName: 'more', PolicyDocument: document({ Effect: 'Allow', Action: '*', Resource: '*' }) })), 'iam:PutUserPolicy', () => 'user dev', NO_IDENTITY],
    ['an administrator policy', () => iam.send(new AttachUserPolicyCommand({ UserName: 'dev', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' })), 'iam:AttachUserPolicy', () => 'user dev', NO_IDENTITY],
    ['parting with their policy', () => iam.send(new DetachUserPolicyCommand({ UserName: 'dev', PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/developer` })), 'iam:DetachUserPolicy', () => 'user dev', NO_IDENTITY],
    ['parting with their boundary', () => iam.send(new DeleteUserPermissionsBoundaryCommand({ UserName: 'dev' })), 'iam:DeleteUserPermissionsBoundary', () => 'user dev', NO_IDENTITY],
    ['another boundary', () => iam.send(new PutUserPermissionsBoundaryCommand({ UserName: 'dev', PermissionsBoundary: 'arn:aws:iam::aws:policy/AdministratorAccess' })), 'iam:PutUserPermissionsBoundary', () => 'user dev', NO_IDENTITY],
    ['a new version of their policy', () => iam.send(new CreatePolicyVersionCommand({ PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/developer`, PolicyDocument: DEVELOPER, SetAsDefault: true })), 'iam:CreatePolicyVersion', () => `policy arn:aws:iam::${ACCOUNT}:policy/developer`, NO_IDENTITY],
    ['a key for somebody', () => iam.send(new CreateAccessKeyCommand({ UserName: 'dev' })), 'iam:CreateAccessKey', () => 'user dev', NO_IDENTITY],
    ['a group', () => iam.send(new CreateGroupCommand({ GroupName: 'g' })), 'iam:CreateGroup', () => `arn:aws:iam::${ACCOUNT}:group/g`, NO_IDENTITY],
    ['a policy on a group', () => iam.send(new PutGroupPolicyCommand({ GroupName: 'g', PolicyName: 'p', PolicyDocument: DEVELOPER })), 'iam:PutGroupPolicy', () => 'group g', NO_IDENTITY],
    ['joining a group', () => iam.send(new AddUserToGroupCommand({ GroupName: 'g', UserName: 'dev' })), 'iam:AddUserToGroup', () => 'group g', NO_IDENTITY],
    ['a role', () => iam.send(new CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument: document({ Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' }) })), 'iam:CreateRole', () => `arn:aws:iam::${ACCOUNT}:role/r`, NO_IDENTITY],
    ['a policy on a role', () => iam.send(new PutRolePolicyCommand({ RoleName: 'app', PolicyName: 'p', PolicyDocument: DEVELOPER })), 'iam:PutRolePolicy', () => 'role app', NO_IDENTITY],
    ['a managed policy on a role', () => iam.send(new AttachRolePolicyCommand({ RoleName: 'app', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' })), 'iam:AttachRolePolicy', () => 'role app', NO_IDENTITY],
  ];

  it.each(refused)('refuses %s', async (_name, attempt, action, resource, why) => {
    const { code, message, status } = await refusal(attempt());
    const isEc2 = action.startsWith('ec2:') || message.startsWith('You are not authorized');
    expect(status).toBe(403);
    expect(code).toBe(isEc2 ? 'UnauthorizedOperation' : 'AccessDenied');
    const reason = why === NO_IDENTITY ? `${NO_IDENTITY} ${action} action` : why;
    const text = `User: arn:aws:iam::${ACCOUNT}:user/dev is not authorized to perform: ${action} on resource: ${resource()} ${reason}`;
    expect(message.replace(/\. Encoded authorization failure message: [\w+/=-]+$/, '')).toBe(isEc2 ? `You are not authorized to perform this operation. ${text}` : text);
  });

  it('refuses whole regions, and says that it is a deny', async () => {
    const { code, message } = await refusal(new EC2Client({ ...configured, region: 'ap-south-1' }).send(new DescribeInstancesCommand({})));
    expect(code).toBe('UnauthorizedOperation');
    expect(message).toBe(`You are not authorized to perform this operation. User: arn:aws:iam::${ACCOUNT}:user/dev is not authorized to perform: ec2:DescribeInstances with an explicit deny in an identity-based policy: arn:aws:iam::${ACCOUNT}:policy/developer`);
  });

  it('counts at least forty refusals', () => {
    expect(refused.length).toBeGreaterThanOrEqual(40);
  });

  const allowed: [name: string, attempt: () => Promise<unknown>][] = [
    ['everything that is looked at', () => ec2.send(new DescribeInstancesCommand({}))],
    ['subnets, VPCs and volumes too', async () => Promise.all([ec2.send(new DescribeSubnetsCommand({})), ec2.send(new DescribeVpcsCommand({})), ec2.send(new DescribeVolumesCommand({}))])],
    ['another allowed region', () => new EC2Client({ ...configured, region: 'eu-west-1' }).send(new DescribeInstancesCommand({}))],
    ['a small launch with their tag', () => ec2.send(new RunInstancesCommand({ ...launch, InstanceType: 't3.small', TagSpecifications: tagged('red') }))],
    ['a launch with a role they may pass', () => ec2.send(new RunInstancesCommand({ ...launch, IamInstanceProfile: { Name: 'app' }, TagSpecifications: tagged('red') }))],
    ['a volume on their instance', () => ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 100, TagSpecifications: tagged('red', 'volume') }))],
    ['a snapshot of their volume', () => ec2.send(new CreateSnapshotCommand({ VolumeId: ownVolume }))],
    ['an attribute of their instance', () => ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: own, DisableApiTermination: { Value: false } }))],
    ['their profile on their instance', () => ec2.send(new AssociateIamInstanceProfileCommand({ InstanceId: own, IamInstanceProfile: { Name: 'app' } }))],
    ['a key of their name', () => ec2.send(new CreateKeyPairCommand({ KeyName: 'red-1' }))],
    ['a group over TLS', () => ec2.send(new CreateSecurityGroupCommand({ GroupName: 'red', Description: 'red' }))],
    ['a user on their path', () => iam.send(new CreateUserCommand({ UserName: 'robin', Path: '/red/', Tags: [{ Key: 'a', Value: 'b' }] }))],
    ['themselves', () => iam.send(new GetUserCommand({}))],
    ['the list of users', () => iam.send(new ListUsersCommand({}))],
    ['their own name, which nobody needs permission for', () => new STSClient(configured).send(new GetCallerIdentityCommand({}))],
    ['stopping what is theirs', () => ec2.send(new StopInstancesCommand({ InstanceIds: [own] }))],
  ];

  it.each(allowed)('allows %s', async (_name, attempt) => {
    await expect(attempt()).resolves.toBeDefined();
  });

  it('the simulator says of every decision what enforcement said', async () => {
    const judged = fb.machine.calls.select({ principal: `arn:aws:iam::${ACCOUNT}:user/dev` }).flatMap((call) => call.judgements);
    expect(judged.length).toBeGreaterThan(refused.length + allowed.length);
    for (const { permission: { action, resource }, question, decision } of judged) {
      const { EvaluationResults } = await fb.iam.send(new SimulatePrincipalPolicyCommand({
        PolicySourceArn: `arn:aws:iam::${ACCOUNT}:user/dev`, ActionNames: [action], ResourceArns: [resource],
        ContextEntries: (question.context as Keys).entries().map(([ContextKeyName, values]) => ({ ContextKeyName, ContextKeyType: 'stringList' as const, ContextKeyValues: [...values] })),
      }));
      expect(EvaluationResults![0]!.EvalDecision, `${action} on ${resource}`).toBe(decision.outcome);
    }
  });

  it('refuses nothing of what changes nothing: the refused calls left no trace', async () => {
    const { Vpcs } = await ec2.send(new DescribeVpcsCommand({ Filters: [{ Name: 'cidr', Values: ['10.0.0.0/16'] }] }));
    expect(Vpcs).toEqual([]);
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ Filters: [{ Name: 'instance-type', Values: ['m5.large'] }] }));
    expect(Reservations).toEqual([]);
  });
});

describe('modes', () => {
  const stranger = async (mode: string) => {
    const fb = await fogbank({ iam: mode });
    await fb.iam.send(new CreateUserCommand({ UserName: 'dev' }));
    const { AccessKey } = await fb.iam.send(new CreateAccessKeyCommand({ UserName: 'dev' }));
    return { fb, ec2: new EC2Client(fb.config({ accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! })) };
  };

  it('--iam off lets everybody do everything', async () => {
    const { ec2 } = await stranger('off');
    await expect(ec2.send(new DescribeVpcsCommand({}))).resolves.toBeDefined();
  });

  it('--iam observe lets through, and says what would have been denied', async () => {
    const { fb, ec2 } = await stranger('observe');
    const { $metadata } = await ec2.send(new DescribeVpcsCommand({}));
    const call = (await (await fetch(`${fb.endpoint}/_fogbank/calls/${$metadata.requestId}`)).json()) as { decisions: { outcome: string; because: string }[] };
    expect(call.decisions).toMatchObject([{ outcome: 'implicitDeny', because: 'because no identity-based policy allows the ec2:DescribeVpcs action' }]);
  });

  it('enforce tells why, statement by statement', async () => {
    const { fb, ec2 } = await stranger('enforce');
    await fb.iam.send(new PutUserPolicyCommand({ UserName: 'dev', PolicyName: 'small', PolicyDocument: document({ Sid: 'Tiny', Effect: 'Allow', Action: 'ec2:CreateVolume', Resource: '*', Condition: { NumericLessThan: { 'ec2:VolumeSize': '10' } } }) }));
    const error = await ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 20 })).catch((e: { $metadata: { requestId: string } }) => e);
    const requestId = (error as { $metadata: { requestId: string } }).$metadata.requestId;
    const call = (await (await fetch(`${fb.endpoint}/_fogbank/calls/${requestId}`)).json()) as { error: string; decisions: { statements: object[] }[] };
    expect(call.error).toBe('UnauthorizedOperation');
    expect(call.decisions[0]!.statements).toEqual([{
      type: 'identity', policy: 'small', statement: 'Tiny', effect: 'Allow', matched: false, missed: 'condition',
      conditions: [{ operator: 'NumericLessThan', key: 'ec2:VolumeSize', expected: ['10'], actual: ['20'] }],
    }]);
  });

  it('the least policy of what a principal did is written from the log', async () => {
    const { fb, ec2 } = await stranger('observe');
    await ec2.send(new DescribeVpcsCommand({}));
    const { VolumeId } = await ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 1 }));
    await ec2.send(new DeleteVolumeCommand({ VolumeId: VolumeId! }));
    const policy = await (await fetch(`${fb.endpoint}/_fogbank/policy?principal=${encodeURIComponent(`arn:aws:iam::${ACCOUNT}:user/dev`)}`)).json();
    expect(policy).toEqual({ Version: '2012-10-17', Statement: [
      { Effect: 'Allow', Action: ['ec2:CreateVolume', 'ec2:DeleteVolume'], Resource: [arn('volume', '*')] },
      { Effect: 'Allow', Action: ['ec2:DescribeVpcs'], Resource: ['*'] },
    ] });
  });
});

describe('policies of the organisation', () => {
  const set = (fb: Fogbank, body: object) => fetch(`${fb.endpoint}/_fogbank/organization-policies`, { method: 'PUT', body: JSON.stringify(body) });
  const statements = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });
  const all = statements({ Effect: 'Allow', Action: '*', Resource: '*' });

  it('limit even root: every level must allow, and a deny says what it is', async () => {
    const fb = await fogbank();
    expect((await set(fb, { account: ACCOUNT, scps: [[all], [all, statements({ Effect: 'Deny', Action: 'ec2:CreateVpc', Resource: '*' })]] })).status).toBe(200);
    await expect(fb.ec2.send(new DescribeVpcsCommand({}))).resolves.toBeDefined();
    expect(await refusal(fb.ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' })))).toMatchObject({ code: 'UnauthorizedOperation', message: expect.stringContaining('with an explicit deny in a service control policy') });
    await set(fb, { account: ACCOUNT, scps: [[all], [statements({ Effect: 'Allow', Action: 'iam:*', Resource: '*' })]] });
    expect((await refusal(fb.ec2.send(new DescribeVpcsCommand({})))).message).toContain('because no service control policy allows the ec2:DescribeVpcs action');
    await expect(fb.iam.send(new ListUsersCommand({}))).resolves.toBeDefined();
    const other = fb.config({ accessKeyId: '999988887777', secretAccessKey: 'test' });
    await expect(new EC2Client(other).send(new DescribeVpcsCommand({}))).resolves.toBeDefined();
  });

  it('are refused where they are none', async () => {
    const fb = await fogbank();
    for (const body of [{ account: '1' }, { account: ACCOUNT, scps: [all] }, { account: ACCOUNT, scps: [[{ Version: '2012-10-17', Statement: [{ Effect: 'Maybe' }] }]] }]) expect((await set(fb, body)).status).toBe(400);
  });
});
