import { CreateAccessKeyCommand, CreateRoleCommand, CreateUserCommand, IAMClient, ListUsersCommand, PutRolePolicyCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetSessionTokenCommand, STSClient, type AssumeRoleCommandInput, type Credentials } from '@aws-sdk/client-sts';
import { beforeAll, describe, expect, it } from 'vitest';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

let fb: Fogbank;
const READ_ONLY = { arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' };
const statement = (Effect: string, Action: unknown) => ({ Effect, Action, Resource: '*' });
const document = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const trust = (Action: unknown, Condition?: object) => document({ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::123456789012:root' }, Action, ...(Condition && { Condition }) });
const role = (RoleName: string, AssumeRolePolicyDocument: string) => fb.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
const signed = (c: Credentials | undefined) => fb.config({ accessKeyId: c!.AccessKeyId!, secretAccessKey: c!.SecretAccessKey!, sessionToken: c!.SessionToken! });
const assume = (RoleName: string, more: Partial<AssumeRoleCommandInput> = {}, sts = fb.sts) => sts.send(new AssumeRoleCommand({ RoleArn: `arn:aws:iam::123456789012:role/${RoleName}`, RoleSessionName: 'ci', ...more }));

beforeAll(async () => {
  fb = await fogbank();
  await role('tagged', trust(['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity']));
  await role('second', trust(['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'], { StringEquals: { 'aws:PrincipalTag/team': 'a' } }));
  await role('plain', trust('sts:AssumeRole'));
});

it('the answer says how long the token is, and how full what was packed', async () => {
  const bare = await assume('plain');
  expect(bare.PackedPolicySize).toBeUndefined();
  expect(bare.SessionTokenSize).toBe(bare.Credentials!.SessionToken!.length);
  const full = await assume('plain', { Policy: document(statement('Allow', 's3:*')), PolicyArns: [READ_ONLY], MinimumSessionTokenSize: 2048 });
  expect(full.PackedPolicySize).toBeGreaterThan(0);
  expect(full).toMatchObject({ SessionTokenSize: 2048, SessionTokenUtilization: 50 });
  expect((await refusal(assume('plain', { MinimumSessionTokenSize: 4097 }))).code).toBe('ValidationError');
});

it('a session policy narrows what the role may do', async () => {
  const { Credentials } = await assume('plain', { Policy: document(statement('Allow', 's3:*')) });
  expect((await refusal(new IAMClient(signed(Credentials)).send(new ListUsersCommand({})))).code).toBe('AccessDenied');
});

describe('session policies are checked', () => {
  it('for their grammar', async () => {
    expect((await refusal(assume('plain', { Policy: '{' }))).code).toBe('MalformedPolicyDocument');
    expect((await refusal(assume('plain', { Policy: trust('sts:AssumeRole') }))).code).toBe('MalformedPolicyDocument');
  });

  it('for their number and existence', async () => {
    expect((await refusal(assume('plain', { PolicyArns: Array(11).fill(READ_ONLY) }))).code).toBe('ValidationError');
    expect((await refusal(assume('plain', { PolicyArns: [{ arn: 'arn:aws:iam::123456789012:policy/none' }] }))).code).toBe('MalformedPolicyDocument');
    expect((await refusal(assume('plain', { PolicyArns: [{ arn: 'arn:aws:iam::999999999999:policy/theirs' }] }))).code).toBe('MalformedPolicyDocument');
  });

  it('for their size once packed', async () => {
    // Characters without repetition do not compress.
    let [seed, text] = [1, ''];
    while (text.length < 5000) text += (seed = (seed * 48271) % 2147483647).toString(36);
    const { code, message } = await refusal(assume('plain', { Policy: document({ ...statement('Allow', 's3:*'), Resource: `arn:aws:s3:::${text}` }) }));
    expect(code).toBe('PackedPolicyTooLarge');
    expect(message).toMatch(/^Packed policy consumes \d{3}% of allotted space, please use smaller policy\.$/);
  });
});

describe('session tags', () => {
  const team = [{ Key: 'team', Value: 'a' }];

  it('need sts:TagSession of the trust policy', async () => {
    expect(await refusal(assume('plain', { Tags: team }))).toMatchObject({ code: 'AccessDenied', message: 'User: arn:aws:iam::123456789012:root is not authorized to perform: sts:TagSession on resource: arn:aws:iam::123456789012:role/plain' });
  });

  it('are checked', async () => {
    const invalid = async (more: Partial<AssumeRoleCommandInput>) => (await refusal(assume('tagged', more))).code;
    expect(await invalid({ Tags: [...team, { Key: 'TEAM', Value: 'b' }] })).toBe('InvalidParameterValue');
    expect(await invalid({ Tags: [{ Key: 'aws:x', Value: 'b' }] })).toBe('InvalidParameterValue');
    expect(await refusal(assume('tagged', { TransitiveTagKeys: ['team'] }))).toMatchObject({ code: 'InvalidParameterValue', message: 'The specified transitive tag key must be included in the requested tags.' });
  });

  it('that are transitive go along the chain and are not set anew; others do not', async () => {
    const client = async (more: Partial<AssumeRoleCommandInput>) => new STSClient(signed((await assume('tagged', { Tags: team, ...more })).Credentials));
    const allowed = JSON.stringify({ Version: '2012-10-17', Statement: statement('Allow', '*') });
    for (const RoleName of ['tagged', 'second']) await fb.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'all', PolicyDocument: allowed }));
    const transitive = await client({ TransitiveTagKeys: ['team'] });
    const { Credentials } = await assume('second', {}, transitive);
    expect((await assume('second', {}, new STSClient(signed(Credentials)))).AssumedRoleUser!.Arn).toContain('assumed-role/second/ci');
    const { code, message } = await refusal(assume('second', { Tags: team, TransitiveTagKeys: ['team'] }, transitive));
    expect([code, message]).toEqual(['InvalidParameterValue', 'One of the specified tag keys can\'t be set because it conflicts with a transitive tag key from the calling session.']);
    const passing = await client({});
    expect((await assume('second', {}, passing)).Credentials).toBeDefined();
    const after = new STSClient(signed((await assume('second', {}, passing)).Credentials));
    expect((await refusal(assume('second', {}, after))).code).toBe('AccessDenied');
  });
});

it('a source identity stays what it is throughout the chain', async () => {
  expect((await refusal(assume('plain', { SourceIdentity: 'ada' }))).message).toContain('sts:SetSourceIdentity');
  const first = await assume('tagged', { SourceIdentity: 'ada', Tags: [{ Key: 'team', Value: 'a' }] });
  expect(first.SourceIdentity).toBe('ada');
  const sts = new STSClient(signed(first.Credentials));
  expect((await assume('second', {}, sts)).SourceIdentity).toBe('ada');
  expect((await refusal(assume('second', { SourceIdentity: 'grace' }, sts))).code).toBe('AccessDenied');
});

it('a role assumed by a role lasts an hour at most', async () => {
  const { Credentials } = await assume('tagged', { Tags: [{ Key: 'team', Value: 'a' }] });
  expect(await refusal(assume('second', { DurationSeconds: 3601 }, new STSClient(signed(Credentials))))).toMatchObject({ code: 'ValidationError', message: 'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining' });
});

it('a user whom the trust policy names by the account needs a policy of their own', async () => {
  await fb.iam.send(new CreateUserCommand({ UserName: 'ada' }));
  const { AccessKey } = await fb.iam.send(new CreateAccessKeyCommand({ UserName: 'ada' }));
  const sts = new STSClient(fb.config({ accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }));
  expect((await refusal(assume('plain', {}, sts))).message).toBe('User: arn:aws:iam::123456789012:user/ada is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/plain because no identity-based policy allows the sts:AssumeRole action');
  await fb.iam.send(new PutUserPolicyCommand({ UserName: 'ada', PolicyName: 'assume', PolicyDocument: document(statement('Allow', 'sts:AssumeRole')) }));
  expect((await assume('plain', {}, sts)).Credentials).toBeDefined();
  await role('stranger', document({ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }));
  expect((await refusal(assume('stranger', {}, sts))).code).toBe('AccessDenied');
});

it('GetSessionToken lengthens its token too', async () => {
  expect(await fb.sts.send(new GetSessionTokenCommand({ MinimumSessionTokenSize: 1024 }))).toMatchObject({ SessionTokenSize: 1024, SessionTokenUtilization: 25 });
});
