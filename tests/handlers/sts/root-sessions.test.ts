import { IAMClient } from '@aws-sdk/client-iam';
import { AssumeRootCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { beforeAll, expect, it } from 'vitest';
import { control } from '../../support/control.ts';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';
import { iamCalls } from '../../support/iam.ts';

const MANAGEMENT = '123456789012';
const MEMBER = '111122223333';
const DELEGATED = '444455556666';
const ORGANIZATION = { id: 'o-exampleorgid', root: 'r-abcd', management: MANAGEMENT, accounts: { [MEMBER]: 'ou-abcd-12345678', [DELEGATED]: '' }, administrators: DELEGATED };
const task = (name: string) => ({ arn: `arn:aws:iam::aws:policy/root-task/${name}` });

let fb: Fogbank;
let sts: STSClient;
const root = iamCalls(() => fb.iam);

/** A user of an account, who may assume root. */
async function admin(account: string, statement: object = { Effect: 'Allow', Action: 'sts:AssumeRoot', Resource: '*' }): Promise<STSClient> {
  const client = new IAMClient(fb.config(account === MANAGEMENT ? {} : { accessKeyId: account }));
  const { go } = iamCalls(() => client);
  await go('CreateUser', { UserName: 'admin' });
  await go('PutUserPolicy', { UserName: 'admin', PolicyName: 'p', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }) });
  const { AccessKey } = await go('CreateAccessKey', { UserName: 'admin' });
  return new STSClient(fb.config({ accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey }));
}
const assume = (client: STSClient, name: string, TargetPrincipal = MEMBER, more: object = {}) => client.send(new AssumeRootCommand({ TargetPrincipal, TaskPolicyArn: task(name), ...more }));

beforeAll(async () => {
  fb = await fogbank();
  sts = await admin(MANAGEMENT);
});

it('AssumeRoot: needs an organization that has centralized root access', async () => {
  expect((await refusal(assume(sts, 'IAMAuditRootUserCredentials'))).message).toContain('is neither the management account of an organization nor its delegated administrator for IAM');
  await control(fb, 'PUT', 'organizations', ORGANIZATION);
  expect((await refusal(assume(sts, 'IAMAuditRootUserCredentials'))).message).toContain('because centralized root access is not enabled for this task');
  expect((await root.go('EnableOrganizationsRootCredentialsManagement')).EnabledFeatures).toEqual(['RootCredentialsManagement']);
  expect((await assume(sts, 'IAMAuditRootUserCredentials')).Credentials).toBeDefined();
  expect((await refusal(assume(sts, 'S3UnlockBucketPolicy'))).code).toBe('AccessDenied');
  const delegated = new IAMClient(fb.config({ accessKeyId: DELEGATED }));
  expect((await iamCalls(() => delegated).go('EnableOrganizationsRootSessions')).EnabledFeatures).toEqual(['RootCredentialsManagement', 'RootSessions']);
  expect((await assume(sts, 'S3UnlockBucketPolicy')).Credentials).toBeDefined();
});

it('AssumeRoot: gives the member\'s root for one task, for a quarter of an hour', async () => {
  const before = Date.now();
  const { Credentials } = await assume(sts, 'IAMDeleteRootUserCredentials', `arn:aws:iam::${MEMBER}:root`);
  expect(Credentials!.Expiration!.getTime() - before).toBeLessThanOrEqual(901_000);
  const config = fb.config({ accessKeyId: Credentials!.AccessKeyId!, secretAccessKey: Credentials!.SecretAccessKey!, sessionToken: Credentials!.SessionToken! });
  expect(await new STSClient(config).send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: MEMBER, Arn: `arn:aws:iam::${MEMBER}:root` });
  const client = new IAMClient(config);
  const session = iamCalls(() => client);
  expect((await session.go('ListAccessKeys')).AccessKeyMetadata).toEqual([]);
  expect((await session.go('GetLoginProfile')).LoginProfile).toBeDefined();
  await session.go('DeleteLoginProfile');
  expect((await session.refused('GetLoginProfile')).code).toBe('NoSuchEntity');
  const member = new IAMClient(fb.config({ accessKeyId: MEMBER }));
  expect((await iamCalls(() => member).go('GetAccountSummary')).SummaryMap.AccountPasswordPresent).toBe(0);
  expect((await session.refused('CreateLoginProfile')).message).toContain('with an explicit deny in an identity-based policy: arn:aws:iam::aws:policy/root-task/IAMDeleteRootUserCredentials');
  expect((await session.refused('ListUsers')).code).toBe('AccessDenied');
  expect((await session.refused('ListAccessKeys', { UserName: 'ada' })).code).toBe('AccessDenied');
});

it('AssumeRoot: lets a password be recovered', async () => {
  const { Credentials } = await assume(sts, 'IAMCreateRootUserPassword');
  const client = new IAMClient(fb.config({ accessKeyId: Credentials!.AccessKeyId!, secretAccessKey: Credentials!.SecretAccessKey!, sessionToken: Credentials!.SessionToken! }));
  const session = iamCalls(() => client);
  await session.go('CreateLoginProfile');
  expect((await session.refused('CreateLoginProfile')).code).toBe('EntityAlreadyExists');
});

it('AssumeRoot: refuses root, others\' members, the management account, other policies and longer sessions', async () => {
  expect((await refusal(assume(fb.sts, 'IAMAuditRootUserCredentials'))).code).toBe('AccessDenied');
  expect((await refusal(assume(sts, 'IAMAuditRootUserCredentials', '777788889999'))).message).toContain('account 777788889999 is no member account of the organization');
  expect((await refusal(assume(sts, 'IAMAuditRootUserCredentials', MANAGEMENT))).code).toBe('AccessDenied');
  expect((await refusal(assume(sts, 'IAMAuditRootUserCredentials', 'arn:aws:iam::1:root'))).code).toBe('ValidationError');
  expect((await refusal(assume(sts, 'AdministratorAccess'))).code).toBe('ValidationError');
  expect((await refusal(assume(sts, 'IAMAuditRootUserCredentials', MEMBER, { DurationSeconds: 901 }))).code).toBe('ValidationError');
  expect((await refusal(assume(await admin(MEMBER), 'IAMAuditRootUserCredentials', DELEGATED))).code).toBe('AccessDenied');
});

it('AssumeRoot: is allowed by its task', async () => {
  const delegated = await admin(DELEGATED, { Effect: 'Allow', Action: 'sts:AssumeRoot', Resource: `arn:aws:iam::${MEMBER}:root`, Condition: { ArnEquals: { 'sts:TaskPolicyArn': task('IAMAuditRootUserCredentials').arn } } });
  expect((await assume(delegated, 'IAMAuditRootUserCredentials')).Credentials).toBeDefined();
  expect((await refusal(assume(delegated, 'IAMDeleteRootUserCredentials'))).message).toBe(`User: arn:aws:iam::${DELEGATED}:user/admin is not authorized to perform: sts:AssumeRoot on resource: arn:aws:iam::${MEMBER}:root because no identity-based policy allows the sts:AssumeRoot action`);
});
