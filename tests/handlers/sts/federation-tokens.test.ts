import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, ListUsersCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { DescribeRegionsCommand, DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { GetCallerIdentityCommand, GetFederationTokenCommand, GetSessionTokenCommand, STSClient, type Credentials, type GetFederationTokenCommandInput } from '@aws-sdk/client-sts';
import { beforeAll, expect, it } from 'vitest';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

let fb: Fogbank;
const policy = (...Action: string[]) => JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action, Resource: '*' } });
const federate = (more: Partial<GetFederationTokenCommandInput> = {}, sts = fb.sts) => sts.send(new GetFederationTokenCommand({ Name: 'bob', ...more }));
const signed = (c: Credentials | undefined) => fb.config({ accessKeyId: c!.AccessKeyId!, secretAccessKey: c!.SecretAccessKey!, sessionToken: c!.SessionToken! });
const lasts = (c: Credentials | undefined) => Math.round((c!.Expiration!.getTime() - fb.machine.clock.now()) / 1000 / 60);
let user: STSClient;

beforeAll(async () => {
  fb = await fogbank();
  await fb.iam.send(new CreateUserCommand({ UserName: 'ada' }));
  await fb.iam.send(new PutUserPolicyCommand({ UserName: 'ada', PolicyName: 'p', PolicyDocument: policy('sts:GetFederationToken', 'ec2:DescribeVpcs', 'iam:ListUsers') }));
  const { AccessKey } = await fb.iam.send(new CreateAccessKeyCommand({ UserName: 'ada' }));
  user = new STSClient(fb.config({ accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }));
});

it('a federated user is named by the call', async () => {
  const { Credentials, FederatedUser, PackedPolicySize } = await federate({ Policy: policy('s3:*') });
  expect(FederatedUser).toEqual({ FederatedUserId: '123456789012:bob', Arn: 'arn:aws:sts::123456789012:federated-user/bob' });
  expect(PackedPolicySize).toBeGreaterThan(0);
  expect(await new STSClient(signed(Credentials)).send(new GetCallerIdentityCommand({}))).toMatchObject({ Arn: FederatedUser!.Arn, UserId: FederatedUser!.FederatedUserId, Account: '123456789012' });
});

it('a user\'s sessions last up to 36 hours, root\'s one', async () => {
  expect(lasts((await federate({}, user)).Credentials)).toBe(12 * 60);
  expect(lasts((await federate({ DurationSeconds: 129600 }, user)).Credentials)).toBe(36 * 60);
  expect(lasts((await federate({ DurationSeconds: 129600 })).Credentials)).toBe(60);
  expect((await refusal(federate({ DurationSeconds: 129601 }))).code).toBe('ValidationError');
});

it('it may do what the user and the session policy both allow, and nothing without a policy', async () => {
  const ec2 = async (Policy?: string) => new EC2Client(signed((await federate(Policy === undefined ? {} : { Policy }, user)).Credentials));
  const narrowed = await ec2(policy('ec2:*'));
  expect((await narrowed.send(new DescribeVpcsCommand({}))).Vpcs).toHaveLength(1);
  expect((await refusal(narrowed.send(new DescribeRegionsCommand({})))).code).toBe('UnauthorizedOperation');
  expect((await refusal((await ec2()).send(new DescribeVpcsCommand({})))).code).toBe('UnauthorizedOperation');
});

it('it calls no operation of IAM, and sessions make no federated users', async () => {
  const { Credentials } = await federate({ Policy: policy('iam:*') }, user);
  expect((await refusal(new IAMClient(signed(Credentials)).send(new ListUsersCommand({})))).code).toBe('InvalidClientTokenId');
  const session = await fb.sts.send(new GetSessionTokenCommand({}));
  expect(await refusal(federate({}, new STSClient(signed(session.Credentials))))).toEqual({ code: 'AccessDenied', message: 'Cannot call GetFederationToken with session credentials', status: 403 });
});

it('a policy is checked, and tags need a permission of their own', async () => {
  expect((await refusal(federate({ Policy: '{}' }))).code).toBe('MalformedPolicyDocument');
  expect((await refusal(federate({ Policy: 'x'.repeat(2049) }))).code).toBe('ValidationError');
  expect((await refusal(federate({ Tags: [{ Key: 'k', Value: 'v' }] }, user))).message).toContain('sts:TagSession');
  expect((await federate({ Tags: [{ Key: 'k', Value: 'v' }] })).PackedPolicySize).toBeGreaterThan(0);
});
