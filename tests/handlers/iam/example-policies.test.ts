import { IAMClient } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { beforeAll, describe, expect, it } from 'vitest';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';
import { iamCalls, type IamCalls } from '../../support/iam.ts';

/** The example policies of IAM's guide, each a user's own, and the calls that its page says they may and may not make. */
const ACCOUNT = '123456789012';
const GUIDE = 'https://docs.aws.amazon.com/IAM/latest/UserGuide';
const BOUNDARY = `arn:aws:iam::${ACCOUNT}:policy/XCompanyBoundaries`;
const own = (kind: string, name = '*') => `arn:aws:iam::${ACCOUNT}:${kind}/${name}`;
const document = (Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const allow = (Action: string | string[], Resource: string | string[] = '*', Condition?: object) => ({ Effect: 'Allow', Action, Resource, ...(Condition && { Condition }) });
const deny = (Action: string | string[], Resource: string | string[] = '*', Condition?: object) => ({ ...allow(Action, Resource, Condition), Effect: 'Deny' });
const tags = (given: Record<string, string>) => Object.entries(given).map(([Key, Value]) => ({ Key, Value }));
const EVERYTHING = document([allow('*')]);
const TRUST = document([{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }]);

type Attempt = readonly [operation: string, input?: Record<string, unknown>];
interface Example {
  readonly page: string;
  readonly name: string;
  readonly policy: object[];
  readonly may: Attempt[];
  readonly mayNot: Attempt[];
}

const bounded = { StringEquals: { 'iam:PermissionsBoundary': BOUNDARY } };
const EXAMPLES: readonly Example[] = [
  {
    page: `${GUIDE}/access_policies_boundaries.html#access_policies_boundaries-delegate`, name: 'users are made and changed only within a boundary, which stays',
    policy: [
      allow(['iam:AttachUserPolicy', 'iam:CreateUser', 'iam:DeleteUserPolicy', 'iam:DetachUserPolicy', 'iam:PutUserPermissionsBoundary', 'iam:PutUserPolicy'], '*', bounded),
      allow(['iam:CreatePolicy', 'iam:GetUser', 'iam:ListUsers']), deny(['iam:CreatePolicyVersion', 'iam:DeletePolicy', 'iam:DeletePolicyVersion', 'iam:SetDefaultPolicyVersion'], own('policy', 'XCompanyBoundaries')), deny('iam:DeleteUserPermissionsBoundary'),
    ],
    may: [['CreateUser', { UserName: 'nikhil', PermissionsBoundary: BOUNDARY }], ['AttachUserPolicy', { UserName: 'nikhil', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }], ['PutUserPolicy', { UserName: 'bounded', PolicyName: 'p', PolicyDocument: EVERYTHING }], ['PutUserPermissionsBoundary', { UserName: 'free', PermissionsBoundary: BOUNDARY }]],
    mayNot: [
      ['CreateUser', { UserName: 'other' }], ['CreateUser', { UserName: 'other', PermissionsBoundary: 'arn:aws:iam::aws:policy/AdministratorAccess' }], ['PutUserPolicy', { UserName: 'loose', PolicyName: 'p', PolicyDocument: EVERYTHING }],
      ['DeleteUserPermissionsBoundary', { UserName: 'bounded' }], ['PutUserPermissionsBoundary', { UserName: 'bounded', PermissionsBoundary: 'arn:aws:iam::aws:policy/AdministratorAccess' }], ['CreatePolicyVersion', { PolicyArn: BOUNDARY, PolicyDocument: EVERYTHING }],
      ['AttachUserPolicy', { UserName: 'loose', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }],
    ],
  },
  {
    page: `${GUIDE}/access_controlling.html#access_controlling-policies`, name: 'these policies are attached, to whom it likes',
    policy: [allow(['iam:AttachUserPolicy', 'iam:DetachUserPolicy'], own('user'), { ArnEquals: { 'iam:PolicyARN': ['arn:aws:iam::aws:policy/AmazonEC2ReadOnlyAccess', own('policy', 'team/*')] } }), allow('iam:AttachRolePolicy', own('role'), { ArnLike: { 'iam:PolicyARN': 'arn:aws:iam::aws:policy/*ReadOnly*' } })],
    may: [['AttachUserPolicy', { UserName: 'loose', PolicyArn: 'arn:aws:iam::aws:policy/AmazonEC2ReadOnlyAccess' }], ['AttachUserPolicy', { UserName: 'loose', PolicyArn: own('policy', 'team/one') }], ['AttachRolePolicy', { RoleName: 'role', PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }]],
    mayNot: [['AttachUserPolicy', { UserName: 'loose', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }], ['AttachRolePolicy', { RoleName: 'role', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }], ['AttachGroupPolicy', { GroupName: 'group', PolicyArn: 'arn:aws:iam::aws:policy/AmazonEC2ReadOnlyAccess' }]],
  },
  {
    page: `${GUIDE}/access_controlling.html#access_controlling-principals`, name: 'users of one path',
    policy: [allow(['iam:CreateUser', 'iam:DeleteUser', 'iam:UpdateUser', 'iam:GetUser'], own('user', 'division_abc/*'))],
    may: [['CreateUser', { UserName: 'abc', Path: '/division_abc/' }], ['GetUser', { UserName: 'abc' }], ['UpdateUser', { UserName: 'abc', NewUserName: 'abd' }], ['DeleteUser', { UserName: 'abd' }]],
    mayNot: [['CreateUser', { UserName: 'abc' }], ['CreateUser', { UserName: 'abc', Path: '/division_xyz/' }], ['GetUser', { UserName: 'loose' }]],
  },
  {
    page: `${GUIDE}/access_iam-tags.html#access_iam-tags_control-requests`, name: 'users are tagged with one of two cost centers',
    policy: [allow(['iam:CreateUser', 'iam:TagUser'], '*', { StringEquals: { 'aws:RequestTag/CostCenter': ['A-123', 'B-456'] }, 'ForAllValues:StringEquals': { 'aws:TagKeys': 'CostCenter' } })],
    may: [['CreateUser', { UserName: 'cost', Tags: tags({ CostCenter: 'A-123' }) }], ['TagUser', { UserName: 'loose', Tags: tags({ CostCenter: 'B-456' }) }]],
    mayNot: [['CreateUser', { UserName: 'costs' }], ['CreateUser', { UserName: 'costs', Tags: tags({ CostCenter: 'C-1' }) }], ['TagUser', { UserName: 'loose', Tags: tags({ CostCenter: 'A-123', other: 'x' }) }], ['UntagUser', { UserName: 'loose', TagKeys: ['CostCenter'] }]],
  },
  {
    page: 'https://karpenter.sh/docs/reference/cloudformation/#allowscopedinstanceprofiletagactions', name: 'what is made has the tags that it is made with',
    policy: [allow('iam:CreateInstanceProfile'), allow('iam:TagInstanceProfile', '*', { StringEquals: { 'aws:ResourceTag/cluster': 'mine', 'aws:RequestTag/cluster': 'mine' } })],
    may: [['CreateInstanceProfile', { InstanceProfileName: 'mine', Tags: tags({ cluster: 'mine' }) }]],
    mayNot: [['CreateInstanceProfile', { InstanceProfileName: 'others', Tags: tags({ cluster: 'others' }) }]],
  },
  {
    page: `${GUIDE}/access_iam-tags.html#access_iam-tags_control-resources`, name: 'what is tagged as terminated is deleted, and only some keys go',
    policy: [allow('iam:DeleteUser', '*', { StringEquals: { 'iam:ResourceTag/status': 'terminated' } }), allow(['iam:UntagRole', 'iam:TagRole'], '*', { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['project'] }, StringEquals: { 'aws:ResourceTag/project': 'open' } })],
    may: [['DeleteUser', { UserName: 'terminated' }], ['UntagRole', { RoleName: 'tagged', TagKeys: ['project'] }]],
    mayNot: [['DeleteUser', { UserName: 'loose' }], ['UntagRole', { RoleName: 'tagged', TagKeys: ['owner'] }], ['TagRole', { RoleName: 'role', Tags: tags({ project: 'open' }) }]],
  },
  {
    page: `${GUIDE}/reference_policies_examples_iam_mfa-selfmanage.html`, name: 'their own keys and their own password, of their own name',
    policy: [allow('iam:GetAccountPasswordPolicy'), allow(['iam:CreateAccessKey', 'iam:ListAccessKeys', 'iam:CreateLoginProfile', 'iam:GetLoginProfile'], own('user', '${aws:username}')), allow('iam:ListSSHPublicKeys', own('user', '*/${aws:username}'))],
    may: [['ListAccessKeys'], ['ListAccessKeys', { UserName: 'user' }], ['CreateLoginProfile', { UserName: 'user', Password: 'Aa1!Aa1!Aa1!' }]],
    mayNot: [['ListAccessKeys', { UserName: 'loose' }], ['CreateLoginProfile', { UserName: 'loose', Password: 'Aa1!Aa1!Aa1!' }], ['ListSSHPublicKeys', { UserName: 'user' }]],
  },
  {
    page: `${GUIDE}/id_roles_create-service-linked-role.html`, name: "one service's linked role is made",
    policy: [allow('iam:CreateServiceLinkedRole', 'arn:aws:iam::*:role/aws-service-role/elasticbeanstalk.amazonaws.com/AWSServiceRoleForElasticBeanstalk*', { StringLike: { 'iam:AWSServiceName': 'elasticbeanstalk.amazonaws.com' } }), allow('iam:DeleteServiceLinkedRole', 'arn:aws:iam::*:role/aws-service-role/elasticbeanstalk.amazonaws.com/AWSServiceRoleForElasticBeanstalk*')],
    may: [['CreateServiceLinkedRole', { AWSServiceName: 'elasticbeanstalk.amazonaws.com' }], ['DeleteServiceLinkedRole', { RoleName: 'AWSServiceRoleForElasticBeanstalk' }]],
    mayNot: [['CreateServiceLinkedRole', { AWSServiceName: 'autoscaling.amazonaws.com' }]],
  },
  {
    page: `${GUIDE}/id_roles_use_passrole.html`, name: 'roles go to EC2 only', policy: [allow('iam:AddRoleToInstanceProfile'), allow('iam:PassRole', own('role', 'tagged'), { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } }), allow('iam:PassRole', own('role'), { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } })],
    may: [['AddRoleToInstanceProfile', { InstanceProfileName: 'profile', RoleName: 'tagged' }]], mayNot: [['AddRoleToInstanceProfile', { InstanceProfileName: 'profile', RoleName: 'role' }]],
  },
  {
    page: `${GUIDE}/reference_policies_examples_aws_deny-ip.html`, name: 'calls of one network, but for those that services make', policy: [allow('*'), deny('*', '*', { NotIpAddress: { 'aws:SourceIp': ['192.0.2.0/24', '203.0.113.0/24'] }, BoolIfExists: { 'aws:ViaAWSService': 'false' } })], may: [], mayNot: [['ListUsers']],
  },
  {
    page: `${GUIDE}/reference_policies_examples_iam-groups-list-all.html`, name: 'no groups but these, by NotAction and NotResource', policy: [{ Effect: 'Allow', NotAction: ['iam:Delete*', 'iam:Create*'], Resource: '*' }, { Effect: 'Deny', Action: 'iam:*Group*', NotResource: own('group', 'group') }],
    may: [['GetGroup', { GroupName: 'group' }], ['GetUser', { UserName: 'loose' }]], mayNot: [['GetGroup', { GroupName: 'another' }], ['ListGroups'], ['CreateUser', { UserName: 'none' }]],
  },
  {
    page: `${GUIDE}/reference_policies_condition-single-vs-multi-valued-context-keys.html`, name: 'a denial for any key among several', policy: [allow('iam:*'), deny('iam:TagUser', '*', { 'ForAnyValue:StringLike': { 'aws:TagKeys': ['secret*', 'root'] } }), deny('iam:TagRole', '*', { 'ForAllValues:StringNotEquals': { 'aws:TagKeys': ['project'] } })],
    may: [['TagUser', { UserName: 'loose', Tags: tags({ plain: 'x' }) }], ['TagRole', { RoleName: 'role', Tags: tags({ project: 'x', other: 'y' }) }]], mayNot: [['TagUser', { UserName: 'loose', Tags: tags({ plain: 'x', secret1: 'y' }) }], ['TagRole', { RoleName: 'role', Tags: tags({ other: 'y' }) }]],
  },
];

let fb: Fogbank;
const { go } = iamCalls(() => fb.iam);
beforeAll(async () => {
  fb = await fogbank();
  await go('CreatePolicy', { PolicyName: 'XCompanyBoundaries', PolicyDocument: document([allow(['s3:*', 'iam:Get*'])]) });
  await go('CreatePolicy', { PolicyName: 'one', Path: '/team/', PolicyDocument: EVERYTHING });
  await go('CreateUser', { UserName: 'bounded', PermissionsBoundary: BOUNDARY });
  await go('CreateUser', { UserName: 'terminated', Tags: tags({ status: 'terminated' }) });
  for (const UserName of ['loose', 'free', 'user']) await go('CreateUser', { UserName });
  await go('CreateRole', { RoleName: 'role', AssumeRolePolicyDocument: TRUST });
  await go('CreateRole', { RoleName: 'tagged', AssumeRolePolicyDocument: TRUST, Tags: tags({ project: 'open', owner: 'me' }) });
  for (const GroupName of ['group', 'another']) await go('CreateGroup', { GroupName });
  await go('CreateInstanceProfile', { InstanceProfileName: 'profile' });
});

describe.each(EXAMPLES)('$page: $name', ({ policy, may, mayNot }) => {
  let user: IamCalls;
  beforeAll(async () => {
    await go('PutUserPolicy', { UserName: 'user', PolicyName: 'example', PolicyDocument: document(policy) });
    const { AccessKey } = await go('CreateAccessKey', { UserName: 'user' });
    const client = new IAMClient(fb.config({ accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey }));
    user = iamCalls(() => client);
    return () => go('DeleteAccessKey', { UserName: 'user', AccessKeyId: AccessKey.AccessKeyId });
  });

  // What is denied comes first: what is allowed changes what it is about.
  it('denies', async () => {
    for (const [operation, input] of mayNot) expect(await user.refused(operation, input), `${operation} ${JSON.stringify(input)}`).toMatchObject({ code: 'AccessDenied', status: 403 });
  });

  it('allows', async () => {
    for (const [operation, input] of may) await expect(user.go(operation, input), `${operation} ${JSON.stringify(input)}`).resolves.toBeDefined();
  });
});

describe(`${GUIDE}/tutorial_attribute-based-access-control.html`, () => {
  /** A session with tags of a role that may tag instances' roles only where their project is its own. */
  const session = async (Tags: { Key: string; Value: string }[]) => {
    const { Credentials } = await new STSClient(await operator()).send(new AssumeRoleCommand({ RoleArn: own('role', 'abac'), RoleSessionName: 'session', Tags }));
    const client = new IAMClient(fb.config({ accessKeyId: Credentials!.AccessKeyId!, secretAccessKey: Credentials!.SecretAccessKey!, sessionToken: Credentials!.SessionToken! }));
    return iamCalls(() => client);
  };
  let operator: () => Promise<ReturnType<Fogbank['config']>>;
  beforeAll(async () => {
    await go('CreateUser', { UserName: 'operator', Tags: tags({ 'access-project': 'peg' }) });
    await go('PutUserPolicy', { UserName: 'operator', PolicyName: 'assume', PolicyDocument: document([allow(['sts:AssumeRole', 'sts:TagSession'], own('role', 'abac'))]) });
    await go('CreateRole', { RoleName: 'abac', AssumeRolePolicyDocument: document([{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: ['sts:AssumeRole', 'sts:TagSession'], Condition: { StringEquals: { 'aws:RequestTag/access-project': '${aws:PrincipalTag/access-project}' } } }]) });
    await go('PutRolePolicy', { RoleName: 'abac', PolicyName: 'own-project', PolicyDocument: document([allow('iam:GetRole', '*', { StringEquals: { 'aws:ResourceTag/access-project': '${aws:PrincipalTag/access-project}' } })]) });
    await go('CreateRole', { RoleName: 'peg', AssumeRolePolicyDocument: TRUST, Tags: tags({ 'access-project': 'peg' }) });
    await go('CreateRole', { RoleName: 'uni', AssumeRolePolicyDocument: TRUST, Tags: tags({ 'access-project': 'uni' }) });
    const { AccessKey } = await go('CreateAccessKey', { UserName: 'operator' });
    operator = async () => fb.config({ accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey });
  });

  it("a session's tags decide what of a project it sees", async () => {
    const peg = await session(tags({ 'access-project': 'peg' }));
    expect((await peg.go('GetRole', { RoleName: 'peg' })).Role.RoleName).toBe('peg');
    expect((await peg.refused('GetRole', { RoleName: 'uni' })).code).toBe('AccessDenied');
    expect((await peg.refused('GetRole', { RoleName: 'role' })).code).toBe('AccessDenied');
  });

  it("nobody takes another project's tag", async () => {
    expect((await refusal(session(tags({ 'access-project': 'uni' })))).code).toBe('AccessDenied');
    expect((await refusal(session([]))).code).toBe('AccessDenied');
  });
});
