import { CreateAccessKeyCommand, CreateUserCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import * as sdk from '@aws-sdk/client-ssm';
import { SSMClient } from '@aws-sdk/client-ssm';
import { beforeAll, describe, expect, it } from 'vitest';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

const AT = 'arn:aws:ssm:us-east-1:123456789012';
let fb: Fogbank;
let users = 0;

/** Calls by a user who may do what one statement allows. */
async function user(Action: string | string[], Resource: string, Condition?: object) {
  const UserName = `u${++users}`;
  await fb.iam.send(new CreateUserCommand({ UserName }));
  await fb.iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'p', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource, ...(Condition && { Condition }) }] }) }));
  const { AccessKey } = await fb.iam.send(new CreateAccessKeyCommand({ UserName }));
  return as(new SSMClient(fb.config({ accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! })));
}

const as = (client: SSMClient) => (operation: string, input: Record<string, unknown> = {}): Promise<unknown> => {
  const Command = (sdk as unknown as Record<string, new (input: unknown) => never>)[`${operation}Command`]!;
  return client.send(new Command(input));
};

beforeAll(async () => {
  fb = await fogbank();
  const root = as(new SSMClient(fb.config()));
  await root('PutParameter', { Name: '/web/host', Value: 'x', Type: 'String', Tags: [{ Key: 'Team', Value: 'web' }] });
  await root('PutParameter', { Name: '/db/host', Value: 'x', Type: 'String', Tags: [{ Key: 'Team', Value: 'db' }] });
});

describe('a call is allowed', () => {
  it('on the parameters that it names, each of them', async () => {
    const go = await user('ssm:Get*', `${AT}:parameter/web/*`);
    await go('GetParameter', { Name: '/web/host' });
    await go('GetParameters', { Names: [`${AT}:parameter/web/host:1`, '/web/host'] });
    expect(await refusal(go('GetParameter', { Name: '/db/host' }))).toMatchObject({ code: 'AccessDeniedException', message: expect.stringContaining(`is not authorized to perform: ssm:GetParameter on resource: ${AT}:parameter/db/host`) });
    expect(await refusal(go('GetParameters', { Names: ['/web/host', '/db/host'] }))).toMatchObject({ code: 'AccessDeniedException' });
    expect(await refusal(go('GetParameter', { Name: '/aws/service/debian/release/12/latest/amd64' }))).toMatchObject({ message: expect.stringContaining('arn:aws:ssm:us-east-1::parameter/aws/service/debian/release/12/latest/amd64') });
  });

  it('on a hierarchy, at any level where `ssm:Recursive` says so', async () => {
    const go = await user('ssm:GetParametersByPath', `${AT}:parameter/web`, { Bool: { 'ssm:Recursive': 'false' } });
    await go('GetParametersByPath', { Path: '/web' });
    expect(await refusal(go('GetParametersByPath', { Path: '/web', Recursive: true }))).toMatchObject({ code: 'AccessDeniedException' });
    expect(await refusal(go('GetParametersByPath', { Path: '/' }))).toMatchObject({ code: 'AccessDeniedException' });
  });

  it('by the tags that a parameter has', async () => {
    const go = await user('ssm:*', '*', { StringEquals: { 'aws:ResourceTag/Team': 'web' } });
    await go('GetParameterHistory', { Name: '/web/host' });
    await go('ListTagsForResource', { ResourceType: 'Parameter', ResourceId: '/web/host' });
    expect(await refusal(go('GetParameterHistory', { Name: '/db/host' }))).toMatchObject({ code: 'AccessDeniedException' });
  });

  it('by the tags that it is made with, which take a permission of their own, and by `ssm:Overwrite`', async () => {
    const input = { Name: '/new', Value: 'x', Type: 'String', Tags: [{ Key: 'Team', Value: 'web' }] };
    expect(await refusal((await user('ssm:PutParameter', '*'))('PutParameter', input))).toMatchObject({ message: expect.stringContaining('ssm:AddTagsToResource') });
    await (await user(['ssm:PutParameter', 'ssm:AddTagsToResource'], '*', { StringEquals: { 'aws:RequestTag/Team': 'web' } }))('PutParameter', input);
    const once = await user('ssm:PutParameter', '*', { StringEquals: { 'ssm:Overwrite': 'false' } });
    await once('PutParameter', { Name: '/newer', Value: 'x', Type: 'String' });
    expect(await refusal(once('PutParameter', { Name: '/newer', Value: 'x', Type: 'String', Overwrite: true }))).toMatchObject({ code: 'AccessDeniedException' });
  });

  it('on everything where it names nothing', async () => {
    await (await user('ssm:DescribeParameters', '*'))('DescribeParameters');
    expect(await refusal((await user('ssm:DescribeParameters', `${AT}:parameter/*`))('DescribeParameters'))).toMatchObject({ message: expect.stringContaining(`on resource: ${AT}:*`) });
  });
});
