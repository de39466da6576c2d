import { IAMClient } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { beforeAll, expect, it } from 'vitest';
import { fogbank } from '../../support/fogbank.ts';
import { callsAs, iamCalls, type IamCalls } from '../../support/iam.ts';

const fb = await fogbank();
const { go } = iamCalls(() => fb.iam);
const document = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const iam = (rest: string) => `arn:aws:iam::123456789012:${rest}`;
const TRUST = document({ Effect: 'Allow', Principal: { AWS: iam('root') }, Action: 'sts:AssumeRole' });
let ada: IamCalls;

beforeAll(async () => {
  await go('CreateUser', { UserName: 'ada', Path: '/team/' });
  await go('CreateRole', { RoleName: 'app', Path: '/apps/', AssumeRolePolicyDocument: TRUST });
  ada = await callsAs(fb, 'ada', 'nothing');
});

it.each<[operation: string, input: Record<string, unknown>, resource: string]>([
  // What is found by its name is said by it, whether it is there or not.
  ['GetRole', { RoleName: 'app' }, 'role app'],
  ['GetRole', { RoleName: 'none' }, 'role none'],
  ['GetUser', { UserName: 'ada' }, 'user ada'],
  ['GetGroup', { GroupName: 'admins' }, 'group admins'],
  ['GetInstanceProfile', { InstanceProfileName: 'web' }, 'instance profile web'],
  ['DeleteServerCertificate', { ServerCertificateName: 'site' }, 'server certificate site'],
  ['GetPolicy', { PolicyArn: iam('policy/p') }, `policy ${iam('policy/p')}`],
  // What has its path already is said by its ARN: what is made, and who calls.
  ['CreateRole', { RoleName: 'new', Path: '/apps/', AssumeRolePolicyDocument: TRUST }, iam('role/apps/new')],
  ['GetUser', {}, iam('user/team/ada')],
  ['SimulatePrincipalPolicy', { PolicySourceArn: iam('role/apps/app'), ActionNames: ['s3:GetObject'] }, iam('role/apps/app')],
  // A list is about its path.
  ['ListUsers', {}, iam('user/')],
  ['ListRoles', { PathPrefix: '/apps/' }, iam('role/apps/')],
  ['ListGroups', {}, iam('group/')],
  ['ListInstanceProfiles', {}, iam('instance-profile/')],
  ['ListVirtualMFADevices', {}, iam('mfa/')],
  ['ListPolicies', { PathPrefix: '/apps/' }, 'policy path /apps/'],
  ['GetAccountSummary', {}, '*'],
])('%s(%j): the refusal is about %s', async (operation, input, resource) => {
  expect(await ada.refused(operation, input)).toEqual({
    code: 'AccessDenied', status: 403, message: `User: ${iam('user/team/ada')} is not authorized to perform: iam:${operation} on resource: ${resource} because no identity-based policy allows the iam:${operation} action`,
  });
});

it('a role that does not say which user is told of its session', async () => {
  const key = (await go('CreateAccessKey', { UserName: 'ada' })).AccessKey;
  await go('PutUserPolicy', { UserName: 'ada', PolicyName: 'assume', PolicyDocument: document({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }) });
  const sts = new STSClient(fb.config({ accessKeyId: key.AccessKeyId, secretAccessKey: key.SecretAccessKey }));
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: iam('role/apps/app'), RoleSessionName: 'it' }));
  const app = iamCalls(() => new IAMClient(fb.config({ accessKeyId: Credentials!.AccessKeyId!, secretAccessKey: Credentials!.SecretAccessKey!, sessionToken: Credentials!.SessionToken! })));
  expect((await app.refused('GetUser', {})).message).toContain('iam:GetUser on resource: arn:aws:sts::123456789012:assumed-role/app/it because');
});

it('lists are allowed by a policy about their path, and by none about another', async () => {
  const allow = (Resource: string) => go('PutUserPolicy', { UserName: 'ada', PolicyName: 'list', PolicyDocument: document({ Effect: 'Allow', Action: ['iam:ListUsers', 'iam:ListRoles', 'iam:ListPolicies'], Resource }) });
  await allow('arn:aws:iam::*:*');
  for (const operation of ['ListUsers', 'ListRoles', 'ListPolicies']) await ada.go(operation, {});
  await allow(iam('role/apps/*'));
  expect((await ada.go('ListRoles', { PathPrefix: '/apps/' })).Roles).toHaveLength(1);
  expect((await ada.refused('ListRoles', {})).code).toBe('AccessDenied');
});

it('who simulates a role needs to be allowed for that role alone', async () => {
  await go('PutUserPolicy', { UserName: 'ada', PolicyName: 'simulate', PolicyDocument: document({ Effect: 'Allow', Action: 'iam:SimulatePrincipalPolicy', Resource: iam('role/apps/*') }) });
  const { EvaluationResults } = await ada.go('SimulatePrincipalPolicy', { PolicySourceArn: iam('role/apps/app'), ActionNames: ['s3:GetObject'] });
  expect(EvaluationResults[0].EvalDecision).toBe('implicitDeny');
});
