import { AttachUserPolicyCommand, CreatePolicyCommand, CreateUserCommand, GetContextKeysForCustomPolicyCommand, GetContextKeysForPrincipalPolicyCommand, PutUserPolicyCommand, SimulateCustomPolicyCommand, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { beforeAll, describe, expect, it } from 'vitest';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

const document = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const allow = (Action: string | string[], Resource: string | string[] = '*', Condition?: object) => ({ Effect: 'Allow', Action, Resource, ...(Condition ? { Condition } : {}) });

describe('the policy simulator', () => {
  let fb: Fogbank;
  beforeAll(async () => {
    fb = await fogbank();
  });
  const custom = async (policies: string[], action: string, extra: object = {}) =>
    (await fb.iam.send(new SimulateCustomPolicyCommand({ PolicyInputList: policies, ActionNames: [action], ...extra }))).EvaluationResults![0]!;

  it('SimulateCustomPolicy: says which statement allows, and where it stands', async () => {
    const text = `{\n  "Version": "2012-10-17",\n  "Statement": [\n    {"Effect": "Allow", "Action": "ec2:Describe*", "Resource": "*"}\n  ]\n}`;
    const result = await custom([text], 'ec2:DescribeInstances');
    expect(result).toMatchObject({ EvalActionName: 'ec2:DescribeInstances', EvalResourceName: '*', EvalDecision: 'allowed' });
    expect(result.MatchedStatements).toEqual([{ SourcePolicyId: 'PolicyInputList.1', SourcePolicyType: 'IAM Policy', StartPosition: { Line: 3, Column: 17 }, EndPosition: { Line: 4, Column: 68 } }]);
  });

  it('SimulateCustomPolicy: a statement starts behind the bracket that opens it or its list, or behind the one before', async () => {
    const position = async (policy: string, action: string) => {
      const { StartPosition, EndPosition } = (await custom([policy], action)).MatchedStatements![0]!;
      return [StartPosition!.Column, EndPosition!.Column];
    };
    const lone = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:*","Resource":"*","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2018-08-16T12:00:00Z"}}}}';
    const entry = { ContextKeyName: 'aws:CurrentTime', ContextKeyType: 'date', ContextKeyValues: ['2019-04-25T11:00:00Z'] };
    const { MatchedStatements } = await custom([lone], 'dynamodb:CreateBackup', { ContextEntries: [entry] });
    expect(MatchedStatements).toMatchObject([{ StartPosition: { Line: 1, Column: 38 }, EndPosition: { Line: 1, Column: 167 } }]);
    const two = document(allow('ec2:*'), allow('iam:*'));
    const end = two.indexOf('}') + 2;
    expect(await position(two, 'ec2:DescribeVpcs')).toEqual([two.indexOf('[') + 2, end]);
    expect(await position(two, 'iam:GetUser')).toEqual([end, two.lastIndexOf(']') + 1]);
  });

  it('SimulateCustomPolicy: an explicit deny names the denying statement alone', async () => {
    const result = await custom([document(allow('*')), document({ Effect: 'Deny', Action: 'iam:*', Resource: '*' })], 'iam:CreateUser');
    expect(result.EvalDecision).toBe('explicitDeny');
    expect(result.MatchedStatements!.map((s) => s.SourcePolicyId)).toEqual(['PolicyInputList.2']);
  });

  it('SimulateCustomPolicy: nothing that allows is an implicit deny without statements', async () => {
    const result = await custom([document(allow('ec2:*'))], 'iam:CreateUser');
    expect(result).toMatchObject({ EvalDecision: 'implicitDeny' });
    expect(result.MatchedStatements ?? []).toEqual([]);
  });

  it('SimulateCustomPolicy: each resource has a result, and the worst decides', async () => {
    const result = await custom([document(allow('ec2:TerminateInstances', 'arn:aws:ec2:us-east-1:123456789012:instance/i-0aaaaaaaaaaaaaaaa'))], 'ec2:TerminateInstances', {
      ResourceArns: ['arn:aws:ec2:us-east-1:123456789012:instance/i-0aaaaaaaaaaaaaaaa', 'arn:aws:ec2:us-east-1:123456789012:instance/i-0bbbbbbbbbbbbbbbb'],
    });
    expect(result.EvalDecision).toBe('implicitDeny');
    expect(result.EvalResourceName).toBe('arn:${Partition}:ec2:${Region}:${Account}:instance/${InstanceId}');
    expect(result.ResourceSpecificResults!.map((r) => r.EvalResourceDecision)).toEqual(['allowed', 'implicitDeny']);
  });

  it('SimulateCustomPolicy: context entries are compared, missing ones are named', async () => {
    const policies = [document(allow('ec2:RunInstances', '*', { StringEquals: { 'ec2:InstanceType': 't3.micro' } }))];
    expect((await custom(policies, 'ec2:RunInstances')).MissingContextValues).toEqual(['ec2:InstanceType']);
    const entries = (value: string) => ({ ContextEntries: [{ ContextKeyName: 'ec2:InstanceType', ContextKeyType: 'string', ContextKeyValues: [value] }] });
    expect((await custom(policies, 'ec2:RunInstances', entries('t3.micro'))).EvalDecision).toBe('allowed');
    expect((await custom(policies, 'ec2:RunInstances', entries('m5.large'))).EvalDecision).toBe('implicitDeny');
  });

  it('nobody asks in a region, and only who is named has a name', async () => {
    const policies = [document(allow('ec2:*', '*', { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } }), allow('s3:GetObject', 'arn:aws:s3:::b/${aws:username}'))];
    expect(await custom(policies, 'ec2:AllocateAddress')).toMatchObject({ EvalDecision: 'implicitDeny', MissingContextValues: ['aws:RequestedRegion', 'aws:username'] });
    const entries = { ContextEntries: [{ ContextKeyName: 'aws:RequestedRegion', ContextKeyType: 'string', ContextKeyValues: ['us-east-1'] }] };
    expect(await custom(policies, 'ec2:AllocateAddress', { ...entries, CallerArn: 'arn:aws:iam::123456789012:user/ada' })).toMatchObject({ EvalDecision: 'allowed', MissingContextValues: [] });
  });

  it('SimulateCustomPolicy: a boundary limits', async () => {
    const result = await custom([document(allow('*'))], 'iam:CreateUser', { PermissionsBoundaryPolicyInputList: [document(allow('ec2:*'))] });
    expect(result.EvalDecision).toBe('implicitDeny');
    expect(result.PermissionsBoundaryDecisionDetail).toEqual({ AllowedByPermissionsBoundary: false });
  });

  it('SimulateCustomPolicy: every level of service control policies must allow', async () => {
    const levels = (second: string) => ({ OrderedOrganizationPolicyInputList: [{ ServiceControlPolicyInputList: [document(allow('*'))] }, { ServiceControlPolicyInputList: [document(allow(second))] }] });
    expect((await custom([document(allow('*'))], 'ec2:RunInstances', levels('ec2:*'))).EvalDecision).toBe('allowed');
    expect((await custom([document(allow('*'))], 'ec2:RunInstances', levels('s3:*')))).toMatchObject({ EvalDecision: 'implicitDeny', OrganizationsDecisionDetail: { AllowedByOrganizations: false } });
  });

  it('SimulateCustomPolicy: a resource policy needs a caller, and grants to it', async () => {
    const ResourcePolicy = document({ ...allow('s3:GetObject', 'arn:aws:s3:::b/*'), Principal: { AWS: 'arn:aws:iam::123456789012:user/ada' } });
    expect((await refusal(custom([document(allow('ec2:*'))], 's3:GetObject', { ResourcePolicy }))).code).toBe('InvalidInput');
    const result = await custom([document(allow('ec2:*'))], 's3:GetObject', { ResourcePolicy, CallerArn: 'arn:aws:iam::123456789012:user/ada', ResourceArns: ['arn:aws:s3:::b/k'] });
    expect(result.EvalDecision).toBe('allowed');
  });

  it('SimulatePrincipalPolicy: takes managed and inline policies of the user', async () => {
    await fb.iam.send(new CreateUserCommand({ UserName: 'sim' }));
    const { Policy } = await fb.iam.send(new CreatePolicyCommand({ PolicyName: 'describe', PolicyDocument: document(allow('ec2:Describe*')) }));
    await fb.iam.send(new AttachUserPolicyCommand({ UserName: 'sim', PolicyArn: Policy!.Arn! }));
    await fb.iam.send(new PutUserPolicyCommand({ UserName: 'sim', PolicyName: 'own', PolicyDocument: document(allow('iam:GetUser', 'arn:aws:iam::*:user/${aws:username}')) }));
    const PolicySourceArn = 'arn:aws:iam::123456789012:user/sim';
    const { EvaluationResults } = await fb.iam.send(new SimulatePrincipalPolicyCommand({ PolicySourceArn, ActionNames: ['ec2:DescribeVpcs', 'iam:GetUser', 'ec2:CreateVpc'], ResourceArns: ['*'] }));
    expect(EvaluationResults!.map((r) => [r.EvalActionName, r.EvalDecision])).toEqual([['ec2:DescribeVpcs', 'allowed'], ['iam:GetUser', 'implicitDeny'], ['ec2:CreateVpc', 'implicitDeny']]);
    expect(EvaluationResults![0]!.MatchedStatements![0]!.SourcePolicyId).toBe('describe');
    const own = await fb.iam.send(new SimulatePrincipalPolicyCommand({ PolicySourceArn, ActionNames: ['iam:GetUser'], ResourceArns: [PolicySourceArn] }));
    // As https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/iam/principal_policy_simulation_data_source_test.go saw it.
    expect(own.EvaluationResults![0]).toMatchObject({ EvalDecision: 'allowed', EvalResourceName: PolicySourceArn, MatchedStatements: [{ SourcePolicyId: 'user_sim_own', SourcePolicyType: 'IAM Policy' }] });
    expect(own.EvaluationResults![0]!.ResourceSpecificResults ?? []).toEqual([]);
    expect(await refusal(fb.iam.send(new SimulatePrincipalPolicyCommand({ PolicySourceArn: 'arn:aws:iam::123456789012:user/nobody', ActionNames: ['ec2:RunInstances'] })))).toMatchObject({ code: 'NoSuchEntity', message: 'Unable to retrieve specified IAM entity.' });
  });

  it('GetContextKeysForCustomPolicy: lists keys of conditions and variables as they are spelt', async () => {
    const { ContextKeyNames } = await fb.iam.send(new GetContextKeysForCustomPolicyCommand({ PolicyInputList: [document(allow('s3:*', 'arn:aws:s3:::${aws:PrincipalTag/team}', { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } }))] }));
    expect(ContextKeyNames!.sort()).toEqual(['aws:PrincipalTag/team', 'aws:RequestedRegion']);
    const principal = await fb.iam.send(new GetContextKeysForPrincipalPolicyCommand({ PolicySourceArn: 'arn:aws:iam::123456789012:user/sim' }));
    expect(principal.ContextKeyNames).toEqual(['aws:username']);
  });
});
