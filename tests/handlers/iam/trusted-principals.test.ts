import { beforeAll, expect, it } from 'vitest';
import { fogbank, type Fogbank } from '../../support/fogbank.ts';
import { callsAs, iamCalls } from '../../support/iam.ts';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { refusal } from '../../support/fogbank.ts';

const arn = (kind: string, name: string, account = '123456789012') => `arn:aws:iam::${account}:${kind}/${name}`;
const trust = (AWS: string | string[]) => JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole', Condition: { ArnNotEquals: { 'aws:PrincipalArn': arn('user', 'ada') } } }] });

let fb: Fogbank;
const { go, refused } = iamCalls(() => fb.iam);
const trusted = async (RoleName: string) => JSON.parse(decodeURIComponent((await go('GetRole', { RoleName })).Role.AssumeRolePolicyDocument)).Statement[0].Principal.AWS;
beforeAll(async () => {
  fb = await fogbank();
});

it.each([arn('user', 'nobody'), arn('role', 'nobody'), arn('user', 'path/late'), 'arn:aws:sts::123456789012:assumed-role/nobody/session'])('a trust policy cannot name %s, who is not there', async (name) => {
  await go('CreateUser', { UserName: 'late' }).catch(() => undefined);
  const error = { code: 'MalformedPolicyDocument', message: `Invalid principal in policy: "AWS":"${name}"`, status: 400 };
  expect(await refused('CreateRole', { RoleName: 'hopeful', AssumeRolePolicyDocument: trust([name, '123456789012']) })).toEqual(error);
  await go('CreateRole', { RoleName: 'open', AssumeRolePolicyDocument: trust('123456789012') }).catch(() => undefined);
  expect(await refused('UpdateAssumeRolePolicy', { RoleName: 'open', PolicyDocument: trust(name) })).toEqual(error);
});

it('who is named is followed to a new name, and stays named when they go; a namesake is not meant', async () => {
  await go('CreateUser', { UserName: 'first', Path: '/p/' });
  await go('CreateRole', { RoleName: 'behind', AssumeRolePolicyDocument: trust([arn('user', 'p/first'), arn('user', 'other', '999999999999')]) });
  expect(await trusted('behind')).toEqual([arn('user', 'p/first'), arn('user', 'other', '999999999999')]);
  await go('UpdateUser', { UserName: 'first', NewUserName: 'second', NewPath: '/' });
  expect((await trusted('behind'))[0]).toBe(arn('user', 'second'));
  const { UserId } = (await go('GetUser', { UserName: 'second' })).User;
  await go('DeleteUser', { UserName: 'second' });
  expect((await trusted('behind'))[0]).toBe(UserId);

  await go('CreateUser', { UserName: 'second' });
  await callsAs(fb, 'second', 'nothing');
  const { AccessKey } = await go('CreateAccessKey', { UserName: 'second' });
  const namesake = new STSClient(fb.config({ accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey }));
  expect((await refusal(namesake.send(new AssumeRoleCommand({ RoleArn: arn('role', 'behind'), RoleSessionName: 'session' })))).code).toBe('AccessDenied');
});

it('a role that goes is named by its id', async () => {
  await go('CreateRole', { RoleName: 'one', AssumeRolePolicyDocument: trust('123456789012') });
  await go('CreateRole', { RoleName: 'two', AssumeRolePolicyDocument: trust(arn('role', 'one')) });
  const { RoleId } = (await go('GetRole', { RoleName: 'one' })).Role;
  await go('DeleteRole', { RoleName: 'one' });
  expect(await trusted('two')).toBe(RoleId);
});
