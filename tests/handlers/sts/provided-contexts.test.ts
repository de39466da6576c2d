import { EC2Client, CreateVpcCommand } from '@aws-sdk/client-ec2';
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { beforeAll, expect, it } from 'vitest';
import { control } from '../../support/control.ts';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

const ProviderArn = 'arn:aws:iam::aws:contextProvider/IdentityCenter';
let fb: Fogbank;
let assertion: string;
const role = (RoleName: string, Action: string[]) => fb.iam.send(new CreateRoleCommand({
  RoleName, AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [
    { Effect: 'Allow', Principal: { AWS: '123456789012' }, Action },
    { Effect: 'Deny', Principal: '*', Action: 'sts:SetContext', Condition: { StringEquals: { 'sts:RequestContext/identitystore:UserId': 'eve' } } },
  ] }),
}));
const assume = (RoleName: string, ContextAssertion: string, provider = ProviderArn) => fb.sts.send(new AssumeRoleCommand({ RoleArn: `arn:aws:iam::123456789012:role/${RoleName}`, RoleSessionName: 'ci', ProvidedContexts: [{ ProviderArn: provider, ContextAssertion }] }));

beforeAll(async () => {
  fb = await fogbank();
  await role('plain', ['sts:AssumeRole']);
  await role('context', ['sts:AssumeRole', 'sts:SetContext']);
  await fb.iam.send(new PutRolePolicyCommand({ RoleName: 'context', PolicyName: 'all', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }) }));
  assertion = (await control(fb, 'POST', 'contexts', { contexts: { 'identitystore:UserId': 'ada' } })).assertion;
});

it('AssumeRole: takes a context where the role lets it be set', async () => {
  expect((await refusal(assume('plain', assertion))).message).toContain('sts:SetContext');
  const { Credentials } = await assume('context', assertion);
  const ec2 = new EC2Client(fb.config({ accessKeyId: Credentials!.AccessKeyId!, secretAccessKey: Credentials!.SecretAccessKey!, sessionToken: Credentials!.SessionToken! }));
  // AWS lets such sessions do what its list has, and EC2 is not in it.
  expect((await refusal(ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' })))).message).toContain('with an explicit deny in a session policy: arn:aws:iam::aws:policy/AWSIAMIdentityCenterAllowListForIdentityContext');
});

it('AssumeRole: lets the role\'s policy look at the context', async () => {
  const { assertion: eve } = await control(fb, 'POST', 'contexts', { contexts: { 'identitystore:UserId': 'eve' } });
  expect((await refusal(assume('context', eve))).code).toBe('AccessDenied');
});

it('AssumeRole: refuses assertions of others, for others, and of old', async () => {
  expect(await refusal(assume('context', 'made up'))).toMatchObject({ code: 'ValidationError', message: 'The context assertion is not valid.' });
  expect((await refusal(assume('context', assertion, 'arn:aws:iam::aws:contextProvider/Other'))).code).toBe('ValidationError');
  fb.machine.clock.advance(301_000);
  expect((await refusal(assume('context', assertion))).code).toBe('ExpiredTokenException');
});
