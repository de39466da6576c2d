import { CreateAccessKeyCommand, CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetAccessKeyInfoCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { beforeAll, expect, it } from 'vitest';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

let fb: Fogbank;
beforeAll(async () => {
  fb = await fogbank();
});
const account = async (AccessKeyId: string) => (await fb.sts.send(new GetAccessKeyInfoCommand({ AccessKeyId }))).Account;

it('keys that were issued here say their account, whoever asks', async () => {
  const theirs = fb.config({ accessKeyId: '999999999999' });
  const iam = new IAMClient(theirs);
  await iam.send(new CreateUserCommand({ UserName: 'ada' }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'ada' }));
  const { Credentials } = await new STSClient(theirs).send(new GetSessionTokenCommand({}));
  expect(await account(AccessKey!.AccessKeyId!)).toBe('999999999999');
  expect(await account(Credentials!.AccessKeyId!)).toBe('999999999999');
});

it('keys that AWS issued carry their account in them', async () => {
  expect(await account('ASIAQNZGKIQY56JQ7WML')).toBe('029608264753');
  expect(await account('AKIAIOSFODNN7EXAMPLE')).toBe('123456789012');
});

it('what is no key has no account', async () => {
  expect((await refusal(fb.sts.send(new GetAccessKeyInfoCommand({ AccessKeyId: 'not_a_key_id_at_all' })))).code).toBe('ValidationError');
});
