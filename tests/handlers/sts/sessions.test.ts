import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { beforeAll, expect, it } from 'vitest';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

let fb: Fogbank;
const role = (RoleName: string, Principal: unknown, Condition?: unknown) => fb.iam.send(new CreateRoleCommand({
  RoleName, AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...(Condition ? { Condition } : {}) }] }),
}));
const assume = (RoleName: string, extra: object = {}) => fb.sts.send(new AssumeRoleCommand({ RoleArn: `arn:aws:iam::123456789012:role/${RoleName}`, RoleSessionName: 'ci', ...extra }));

beforeAll(async () => {
  fb = await fogbank();
  await role('open', { AWS: 'arn:aws:iam::123456789012:root' });
  await role('elsewhere', { AWS: '999999999999' });
  await role('external', { AWS: '*' }, { StringEquals: { 'sts:ExternalId': 'xyz' } });
});

it('AssumeRole: gives credentials that act as the role until they expire', async () => {
  const { Credentials, AssumedRoleUser } = await assume('open', { DurationSeconds: 900 });
  expect(AssumedRoleUser!.Arn).toBe('arn:aws:sts::123456789012:assumed-role/open/ci');
  const config = fb.config({ accessKeyId: Credentials!.AccessKeyId!, secretAccessKey: Credentials!.SecretAccessKey!, sessionToken: Credentials!.SessionToken! });
  const who = () => new STSClient(config).send(new GetCallerIdentityCommand({}));
  expect(await who()).toMatchObject({ Arn: AssumedRoleUser!.Arn, UserId: AssumedRoleUser!.AssumedRoleId });
  const { sessionToken: _token, ...without } = config.credentials;
  expect((await refusal(new STSClient({ ...config, credentials: without }).send(new GetCallerIdentityCommand({})))).code).toBe('InvalidClientTokenId');
  fb.machine.clock.advance(901_000);
  expect((await refusal(who())).code).toBe('ExpiredToken');
});

it('AssumeRole: is refused where the trust policy does not allow it, and for a role that does not exist', async () => {
  for (const name of ['elsewhere', 'external', 'nothing']) {
    expect(await refusal(assume(name))).toEqual({ code: 'AccessDenied', status: 403, message: `User: arn:aws:iam::123456789012:root is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/${name}` });
  }
  expect((await refusal(assume('nothing', { RoleArn: 'arn:aws:iam::123456789:role/nothing' }))).message).toBe('User: arn:aws:iam::123456789012:root is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789:role/nothing');
  expect((await assume('external', { ExternalId: 'xyz' })).Credentials).toBeDefined();
  expect((await refusal(assume('open', { DurationSeconds: 7200 }))).message).toBe('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
});

it('AssumeRole: says of a value everything that is wrong with it', async () => {
  const { message } = await refusal(assume('open', { TokenCode: 'invalid token code' }));
  expect(message).toBe("2 validation errors detected: Value 'invalid token code' at 'tokenCode' failed to satisfy constraint: Member must have length less than or equal to 6; Value 'invalid token code' at 'tokenCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\d]*");
});

it('AssumeRole: crosses accounts where the role trusts the other one', async () => {
  const other = new STSClient(fb.config({ accessKeyId: '999999999999' }));
  const { AssumedRoleUser } = await other.send(new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::123456789012:role/elsewhere', RoleSessionName: 'xx' }));
  expect(AssumedRoleUser!.Arn).toBe('arn:aws:sts::123456789012:assumed-role/elsewhere/xx');
});

it('GetSessionToken: is the caller, for a while', async () => {
  const { Credentials } = await fb.sts.send(new GetSessionTokenCommand({}));
  const config = fb.config({ accessKeyId: Credentials!.AccessKeyId!, secretAccessKey: Credentials!.SecretAccessKey!, sessionToken: Credentials!.SessionToken! });
  expect((await new STSClient(config).send(new GetCallerIdentityCommand({}))).Arn).toBe('arn:aws:iam::123456789012:root');
  expect((await refusal(new STSClient(config).send(new GetSessionTokenCommand({})))).code).toBe('AccessDenied');
});
