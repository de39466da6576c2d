import * as sdk from '@aws-sdk/client-iam';
import { beforeAll, describe, expect, it } from 'vitest';
import { managedPolicy } from '../../../handlers/iam/catalog/managed-policies.ts';
import { serviceLinkedPrincipals, serviceLinkedRole } from '../../../handlers/iam/catalog/service-linked-roles.ts';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

let fb: Fogbank;
beforeAll(async () => {
  fb = await fogbank();
});
const create = (AWSServiceName: string, more: Partial<sdk.CreateServiceLinkedRoleCommandInput> = {}) => fb.iam.send(new sdk.CreateServiceLinkedRoleCommand({ AWSServiceName, ...more }));
const remove = (RoleName: string) => fb.iam.send(new sdk.DeleteServiceLinkedRoleCommand({ RoleName }));
const status = (DeletionTaskId: string) => fb.iam.send(new sdk.GetServiceLinkedRoleDeletionStatusCommand({ DeletionTaskId }));

describe('the catalog', () => {
  it('names policies that AWS has, and roles that are no longer than role names', () => {
    for (const principal of serviceLinkedPrincipals()) {
      const { policyArn, roleName } = serviceLinkedRole(principal)!;
      if (policyArn !== undefined) expect(managedPolicy(policyArn), policyArn).toBeDefined();
      expect(roleName.length).toBeLessThanOrEqual(64);
    }
  });
});

it('a linked role has its service\'s path, trust and policy, and no description but the caller\'s', async () => {
  const { Role } = await create('autoscaling.amazonaws.com');
  expect(Role).toMatchObject({ Path: '/aws-service-role/autoscaling.amazonaws.com/', RoleName: 'AWSServiceRoleForAutoScaling', Arn: 'arn:aws:iam::123456789012:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling' });
  expect(JSON.parse(decodeURIComponent(Role!.AssumeRolePolicyDocument!)).Statement).toEqual([{ Action: ['sts:AssumeRole'], Effect: 'Allow', Principal: { Service: ['autoscaling.amazonaws.com'] } }]);
  const { Role: got } = await fb.iam.send(new sdk.GetRoleCommand({ RoleName: Role!.RoleName! }));
  expect(got!.Description).toBeUndefined();
  expect(JSON.parse(decodeURIComponent(got!.AssumeRolePolicyDocument!)).Statement).toEqual([{ Effect: 'Allow', Principal: { Service: 'autoscaling.amazonaws.com' }, Action: 'sts:AssumeRole' }]);
  const { AttachedPolicies } = await fb.iam.send(new sdk.ListAttachedRolePoliciesCommand({ RoleName: Role!.RoleName! }));
  expect(AttachedPolicies).toEqual([{ PolicyName: 'AutoScalingServiceRolePolicy', PolicyArn: 'arn:aws:iam::aws:policy/aws-service-role/AutoScalingServiceRolePolicy' }]);
});

it('a second one needs a suffix, which not every service takes', async () => {
  await create('lexv2.amazonaws.com');
  expect(await refusal(create('lexv2.amazonaws.com'))).toEqual({ code: 'InvalidInput', message: 'Service role name AWSServiceRoleForLexV2Bots has been taken in this account, please try a different suffix.', status: 400 });
  const { Role } = await create('lexv2.amazonaws.com', { CustomSuffix: 'debug', Description: 'mine' });
  expect(Role!.Description).toBeUndefined();
  expect((await fb.iam.send(new sdk.GetRoleCommand({ RoleName: Role!.RoleName! }))).Role).toMatchObject({ RoleName: 'AWSServiceRoleForLexV2Bots_debug', Description: 'mine' });
  expect(await refusal(create('ecs.amazonaws.com', { CustomSuffix: 'x' }))).toMatchObject({ code: 'InvalidInput', message: 'Custom suffix is not allowed for ecs.amazonaws.com' });
  for (const unknown of ['other.amazonaws.com', 'ECS.amazonaws.com', 'ecs']) expect((await refusal(create(unknown))).code).toBe('InvalidInput');
});

it('what its service keeps for itself is not its account\'s to change', async () => {
  const RoleName = (await create('rds.amazonaws.com')).Role!.RoleName!;
  const PolicyArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } });
  await fb.iam.send(new sdk.CreateInstanceProfileCommand({ InstanceProfileName: 'profile' }));
  const attempts = [
    fb.iam.send(new sdk.AttachRolePolicyCommand({ RoleName, PolicyArn })), fb.iam.send(new sdk.DetachRolePolicyCommand({ RoleName, PolicyArn: 'arn:aws:iam::aws:policy/aws-service-role/AmazonRDSServiceRolePolicy' })),
    fb.iam.send(new sdk.PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument })), fb.iam.send(new sdk.DeleteRolePolicyCommand({ RoleName, PolicyName: 'p' })),
    fb.iam.send(new sdk.UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument })), fb.iam.send(new sdk.DeleteRoleCommand({ RoleName })),
    fb.iam.send(new sdk.AddRoleToInstanceProfileCommand({ RoleName, InstanceProfileName: 'profile' })), fb.iam.send(new sdk.UpdateRoleCommand({ RoleName, MaxSessionDuration: 7200 })),
    fb.iam.send(new sdk.PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: PolicyArn })), fb.iam.send(new sdk.DeleteRolePermissionsBoundaryCommand({ RoleName })),
  ];
  for (const attempt of attempts) {
    expect(await refusal(attempt)).toEqual({ code: 'UnmodifiableEntity', message: `Cannot perform the operation on the protected role '${RoleName}' - this role is only modifiable by AWS`, status: 400 });
  }
  await fb.iam.send(new sdk.UpdateRoleCommand({ RoleName, Description: 'edited' }));
  await fb.iam.send(new sdk.TagRoleCommand({ RoleName, Tags: [{ Key: 'k', Value: 'v' }] }));
  expect((await fb.iam.send(new sdk.GetRoleCommand({ RoleName }))).Role).toMatchObject({ Description: 'edited', Tags: [{ Key: 'k', Value: 'v' }] });
});

it('service role policies attach to no role of one\'s own', async () => {
  await fb.iam.send(new sdk.CreateRoleCommand({ RoleName: 'own', AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' } }) }));
  const attach = fb.iam.send(new sdk.AttachRolePolicyCommand({ RoleName: 'own', PolicyArn: 'arn:aws:iam::aws:policy/aws-service-role/AmazonRDSServiceRolePolicy' }));
  expect(await refusal(attach)).toEqual({ code: 'PolicyNotAttachable', message: 'Cannot attach a Service Role Policy to a Customer Role.', status: 400 });
  expect((await refusal(remove('own'))).code).toBe('NoSuchEntity');
});

it('a deletion is a task, and the role goes when it succeeds', async () => {
  const RoleName = (await create('elasticache.amazonaws.com')).Role!.RoleName!;
  const { DeletionTaskId = '' } = await remove(RoleName);
  expect(DeletionTaskId).toMatch(/^task\/aws-service-role\/elasticache\.amazonaws\.com\/AWSServiceRoleForElastiCache\/[0-9a-f-]{36}$/);
  expect(await status(DeletionTaskId)).toMatchObject({ Status: 'SUCCEEDED' });
  expect((await refusal(fb.iam.send(new sdk.GetRoleCommand({ RoleName })))).code).toBe('NoSuchEntity');
  await create('elasticache.amazonaws.com');
  expect(await refusal(status('task/aws-service-role/a/b/00000000-0000-4000-8000-000000000000'))).toMatchObject({ code: 'NoSuchEntity', status: 404 });
  expect((await refusal(status('nonsense'))).code).toBe('InvalidInput');
});

it('a deletion takes its time, and is the same one when asked for again', async () => {
  const slow = await fogbank({ pace: 'realistic' });
  const client = slow.iam;
  await client.send(new sdk.CreateServiceLinkedRoleCommand({ AWSServiceName: 'ecs.amazonaws.com' }));
  const begin = () => client.send(new sdk.DeleteServiceLinkedRoleCommand({ RoleName: 'AWSServiceRoleForECS' }));
  const { DeletionTaskId = '' } = await begin();
  const state = async () => (await client.send(new sdk.GetServiceLinkedRoleDeletionStatusCommand({ DeletionTaskId }))).Status;
  expect(await state()).toBe('NOT_STARTED');
  slow.machine.clock.advance(1500);
  expect(await state()).toBe('IN_PROGRESS');
  expect((await begin()).DeletionTaskId).toBe(DeletionTaskId);
  slow.machine.clock.advance(6000);
  expect(await state()).toBe('SUCCEEDED');
});
