import { IAMClient } from '@aws-sdk/client-iam';
import { beforeAll, describe, expect, it } from 'vitest';
import { fogbank, type Fogbank } from '../../support/fogbank.ts';
import { callsAs, iamCalls } from '../../support/iam.ts';
import { one, oneKey, two } from './pem.ts';

let fb: Fogbank;
const { go, refused } = iamCalls(() => fb.iam);
const document = (action: string) => JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] });
const trust = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }] });
const READ_ONLY = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const policyArn = 'arn:aws:iam::123456789012:policy/own';

beforeAll(async () => {
  fb = await fogbank();
});

describe('the alias of an account', () => {
  const aliases = async () => (await go('ListAccountAliases')).AccountAliases;

  it('is one: a new one takes the place of the old one', async () => {
    expect(await aliases()).toEqual([]);
    await go('CreateAccountAlias', { AccountAlias: 'first' });
    await go('CreateAccountAlias', { AccountAlias: 'second' });
    expect(await aliases()).toEqual(['second']);
    expect(await refused('CreateAccountAlias', { AccountAlias: 'second' })).toEqual({ code: 'EntityAlreadyExists', message: 'The account alias second already exists.', status: 409 });
  });

  it('is unique among accounts', async () => {
    const client = new IAMClient(fb.config({ accessKeyId: '210987654321' }));
    const other = iamCalls(() => client);
    expect((await other.go('ListAccountAliases')).AccountAliases).toEqual([]);
    expect((await other.refused('CreateAccountAlias', { AccountAlias: 'second' })).code).toBe('EntityAlreadyExists');
    expect((await other.refused('DeleteAccountAlias', { AccountAlias: 'second' })).code).toBe('NoSuchEntity');
    await other.go('CreateAccountAlias', { AccountAlias: 'first' });
    expect(await aliases()).toEqual(['second']);
  });

  it.each(['ab', 'Upper', '-start', 'end-', 'two--dashes', '123456789012'])('is not %s', async (AccountAlias) => {
    expect(await refused('CreateAccountAlias', { AccountAlias })).toMatchObject({ code: 'ValidationError', status: 400 });
  });

  it('can be deleted by name', async () => {
    expect((await refused('DeleteAccountAlias', { AccountAlias: 'first' })).code).toBe('NoSuchEntity');
    await go('DeleteAccountAlias', { AccountAlias: 'second' });
    expect(await aliases()).toEqual([]);
  });
});

it('the summary counts what the account has', async () => {
  const before = (await go('GetAccountSummary')).SummaryMap;
  expect(before).toMatchObject({ Users: 0, Policies: 0, UsersQuota: 5000, GroupsQuota: 300, VersionsPerPolicyQuota: 5, AccountMFAEnabled: 0 });
  await go('CreateUser', { UserName: 'ada', Path: '/staff/', Tags: [{ Key: 'k', Value: 'v' }] });
  await go('CreateGroup', { GroupName: 'admins' });
  await go('CreateRole', { RoleName: 'web', AssumeRolePolicyDocument: trust, Description: 'hidden' });
  await go('CreateInstanceProfile', { InstanceProfileName: 'profile' });
  await go('AddRoleToInstanceProfile', { InstanceProfileName: 'profile', RoleName: 'web' });
  await go('CreatePolicy', { PolicyName: 'own', PolicyDocument: document('s3:GetObject') });
  await go('CreatePolicyVersion', { PolicyArn: policyArn, PolicyDocument: document('s3:PutObject'), SetAsDefault: true });
  await go('UploadServerCertificate', { ServerCertificateName: 'web', CertificateBody: one, PrivateKey: oneKey });
  await go('UploadSigningCertificate', { CertificateBody: two });
  await go('CreateVirtualMFADevice', { VirtualMFADeviceName: 'idle' });
  await go('EnableMFADevice', { UserName: 'ada', SerialNumber: 'GAHT12345678', AuthenticationCode1: '234567', AuthenticationCode2: '987654' });
  const after = (await go('GetAccountSummary')).SummaryMap;
  const changed = Object.fromEntries(Object.keys(after).filter((key) => after[key] !== before[key]).map((key) => [key, after[key]]));
  expect(changed).toEqual({ Users: 1, Groups: 1, Roles: 1, InstanceProfiles: 1, Policies: 1, PolicyVersionsInUse: 2, ServerCertificates: 1, AccountSigningCertificatesPresent: 1, MFADevices: 2, MFADevicesInUse: 1 });
});

describe('authorization details', () => {
  const details = (Filter?: string[], more: Record<string, unknown> = {}) => go('GetAccountAuthorizationDetails', { ...(Filter ? { Filter } : {}), ...more });

  beforeAll(async () => {
    await go('AddUserToGroup', { UserName: 'ada', GroupName: 'admins' });
    await go('PutUserPolicy', { UserName: 'ada', PolicyName: 'inline', PolicyDocument: document('ec2:*') });
    await go('AttachUserPolicy', { UserName: 'ada', PolicyArn: READ_ONLY });
    await go('PutUserPermissionsBoundary', { UserName: 'ada', PermissionsBoundary: policyArn });
    await go('PutGroupPolicy', { GroupName: 'admins', PolicyName: 'grouped', PolicyDocument: document('iam:*') });
    await go('AttachRolePolicy', { RoleName: 'web', PolicyArn: policyArn });
  });

  it('of a user hold its policies, groups, boundary and tags', async () => {
    const { UserDetailList, GroupDetailList, RoleDetailList, Policies } = await details(['User']);
    expect([GroupDetailList, RoleDetailList, Policies]).toEqual([[], [], []]);
    expect(UserDetailList).toMatchObject([{
      UserName: 'ada', Path: '/staff/', Arn: 'arn:aws:iam::123456789012:user/staff/ada', GroupList: ['admins'], Tags: [{ Key: 'k', Value: 'v' }],
      AttachedManagedPolicies: [{ PolicyName: 'ReadOnlyAccess', PolicyArn: READ_ONLY }], PermissionsBoundary: { PermissionsBoundaryArn: policyArn },
    }]);
    expect(decodeURIComponent(UserDetailList[0].UserPolicyList[0].PolicyDocument)).toBe(document('ec2:*'));
  });

  it('of a group and a role hold policies and instance profiles', async () => {
    const { GroupDetailList, RoleDetailList, UserDetailList } = await details(['Group', 'Role']);
    expect(UserDetailList).toEqual([]);
    expect(GroupDetailList).toMatchObject([{ GroupName: 'admins', GroupPolicyList: [{ PolicyName: 'grouped' }], AttachedManagedPolicies: [] }]);
    expect(RoleDetailList).toMatchObject([{ RoleName: 'web', AttachedManagedPolicies: [{ PolicyName: 'own', PolicyArn: policyArn }], InstanceProfileList: [{ InstanceProfileName: 'profile', Roles: [{ RoleName: 'web' }] }] }]);
    expect(decodeURIComponent(RoleDetailList[0].AssumeRolePolicyDocument)).toBe(trust);
  });

  it('of a policy hold all versions with their documents', async () => {
    const [policy] = (await details(['LocalManagedPolicy'])).Policies;
    expect(policy).toMatchObject({ PolicyName: 'own', DefaultVersionId: 'v2', AttachmentCount: 1, PermissionsBoundaryUsageCount: 1 });
    expect(policy.PolicyVersionList.map((v: { VersionId: string; IsDefaultVersion: boolean; Document: string }) => [v.VersionId, v.IsDefaultVersion, decodeURIComponent(v.Document)]))
      .toEqual([['v2', true, document('s3:PutObject')], ['v1', false, document('s3:GetObject')]]);
    const first = await details(['AWSManagedPolicy'], { MaxItems: 1000 });
    const { Policies } = await details(['AWSManagedPolicy'], { MaxItems: 1000, Marker: first.Marker });
    expect(first.Policies.length).toBe(1000);
    expect([...first.Policies, ...Policies].find((p) => p.Arn === READ_ONLY)).toMatchObject({ AttachmentCount: 1, PolicyVersionList: [{ IsDefaultVersion: true }] });
  });

  it('come in pages across all kinds', async () => {
    const seen: string[] = [];
    let Marker: string | undefined;
    for (let n = 0; n < 4; n++) {
      const page = await details(undefined, { MaxItems: 1, Marker });
      seen.push(...['UserDetailList', 'GroupDetailList', 'RoleDetailList', 'Policies'].filter((list) => page[list].length === 1));
      Marker = page.Marker;
    }
    expect(seen).toEqual(['UserDetailList', 'GroupDetailList', 'RoleDetailList', 'Policies']);
  });
});

describe('the credential report', () => {
  it('is not there until it is generated', async () => {
    expect(await refused('GetCredentialReport')).toMatchObject({ code: 'ReportNotPresent', status: 410 });
    expect(await go('GenerateCredentialReport')).toMatchObject({ State: 'STARTED' });
    expect(await go('GenerateCredentialReport')).toMatchObject({ State: 'COMPLETE' });
  });

  it('has a line for root and for each user, of the moment when it was made', async () => {
    await go('CreateAccessKey', { UserName: 'ada' });
    const { Content, ReportFormat } = await go('GetCredentialReport');
    expect(ReportFormat).toBe('text/csv');
    const [columns, ...lines] = Buffer.from(Content).toString().split('\n').map((line) => line.split(','));
    const rows = lines.map((line) => Object.fromEntries(columns!.map((column, n) => [column, line[n]])));
    expect(columns).toHaveLength(22);
    expect(rows.map((row) => row.user)).toEqual(['<root_account>', 'ada']);
    expect(rows[0]).toMatchObject({ arn: 'arn:aws:iam::123456789012:root', password_enabled: 'not_supported', cert_1_active: 'true', cert_2_active: 'false' });
    expect(rows[1]).toMatchObject({ password_enabled: 'false', password_last_used: 'N/A', mfa_active: 'true', access_key_1_active: 'false', cert_1_last_rotated: 'N/A' });
    expect(rows[1]!.user_creation_time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/);
  });

  it('tells when a password has to be changed, and of what use keys were', async () => {
    const Password = 'First-word1';
    await go('DeleteUserPermissionsBoundary', { UserName: 'ada' });
    await (await callsAs(fb, 'ada')).go('GetUser');
    await go('UpdateAccountPasswordPolicy', { MaxPasswordAge: 90 });
    await go('CreateLoginProfile', { UserName: 'ada', Password });
    fb.machine.clock.advance(4 * 3_600_000 + 1);
    expect(await refused('GetCredentialReport')).toMatchObject({ code: 'ReportExpired', status: 410 });
    expect((await go('GenerateCredentialReport')).State).toBe('STARTED');
    const [, , ada] = Buffer.from((await go('GetCredentialReport')).Content).toString().split('\n').map((line) => line.split(','));
    const [, , , enabled, used, changed, rotation, , active, , ...uses] = ada!;
    expect([enabled, used, active]).toEqual(['true', 'no_information', 'true']);
    expect([uses.slice(0, 3), uses.slice(6, 8)]).toEqual([['N/A', 'N/A', 'N/A'], ['us-east-1', 'iam']]);
    expect(uses[5]).toMatch(/\+00:00$/);
    expect(Date.parse(rotation!) - Date.parse(changed!)).toBe(90 * 86_400_000);
  });
});
