import type { GetServiceLinkedRoleDeletionStatusResponse } from '@aws-sdk/client-iam';
import type { IamOperations } from '../../fixtures/models/iam.ts';
import type { Wire } from '../../protocols/wire-types.ts';
import { resource, seconds, hours, type Context, type Handlers } from '../../src/kit/index.ts';
import { serviceLinkedRole, type ServiceLinkedRole } from './catalog/service-linked-roles.ts';
import { arnOf, encoded, uniqueId } from './entities.ts';
import * as errors from './errors.ts';
import { briefRole, roles, type StoredRole } from './roles.ts';

/** One request to delete a role that is linked to a service: the service is asked, then the role goes. */
export type DeletionTask = Wire<GetServiceLinkedRoleDeletionStatusResponse> & { DeletionTaskId: string; $: { role: string; roleId: string } };

// assumed: how long a service takes to answer.
export const deletionTasks = resource<DeletionTask>({
  service: 'iam',
  kind: 'service-linked-role-deletion',
  global: true,
  shape: 'GetServiceLinkedRoleDeletionStatusResponse',
  id: { member: 'DeletionTaskId' },
  // assumed: the text.
  notFound: (ids) => errors.noSuchEntity(`Deletion task ${ids[0]} cannot be found.`),
  tags: null,
  state: 'Status',
  lifecycle: { NOT_STARTED: { to: 'IN_PROGRESS', after: seconds(1) }, IN_PROGRESS: { to: 'SUCCEEDED', after: seconds(5) }, SUCCEEDED: { to: 'gone', after: hours(24), paced: false } },
  // assumed: a task that ended is told for a day.
  // No service that Fogbank has uses a linked role: none objects. Where one does, the task fails and says which resources keep it.
  entering: { SUCCEEDED: removeRole },
  indexed: ['$.role'],
});

const DURATION_SECONDS = 3600;
const NAME_LENGTH_MAX = 64;

/** The name that a call would give; undefined for a service without linked roles. */
export function linkedRoleName({ AWSServiceName, CustomSuffix }: { AWSServiceName?: unknown; CustomSuffix?: unknown }): string | undefined {
  const known = serviceLinkedRole(String(AWSServiceName));
  return known && (CustomSuffix === undefined ? known.roleName : `${known.roleName}_${String(CustomSuffix)}`);
}

async function createLinkedRole(input: IamOperations['CreateServiceLinkedRole']['input'], ctx: Context): Promise<IamOperations['CreateServiceLinkedRole']['output']> {
  const { AWSServiceName: principal, CustomSuffix: suffix } = input;
  const known = serviceLinkedRole(principal);
  // assumed: the text; services that the catalog does not name are refused too.
  if (!known) throw errors.invalidInput(`Service name ${principal} is not a valid service principal for a service-linked role.`);
  if (suffix !== undefined && !known.takesSuffix) throw errors.invalidInput(`Custom suffix is not allowed for ${principal}`);
  const name = linkedRoleName(input)!;
  // assumed: the text.
  if (name.length > NAME_LENGTH_MAX) throw errors.invalidInput(`Service role name ${name} is longer than ${NAME_LENGTH_MAX} characters.`);
  if ((await ctx.list(roles, { member: '$.lower', value: name.toLowerCase() })).length > 0) throw errors.invalidInput(`Service role name ${name} has been taken in this account, please try a different suffix.`);
  // The catalog's description is what a service gives the role that it makes itself; who calls gives their own or none: the provider's stacks without
  // one have empty plans (https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/iam/service_linked_role_test.go).
  const role = await makeLinkedRole(ctx, { ...known, roleName: name, description: input.Description });
  return { Role: { ...briefRole(role), AssumeRolePolicyDocument: encoded(answeredTrustOf(principal)) } };
}

/** The role that a service has in this account. */
export async function linkedRoleOf(ctx: Context, principal: string): Promise<StoredRole | undefined> {
  return (await ctx.list(roles)).find((role) => role.$.linkedTo === principal);
}

/** For whom the service made it, or the service itself. */
export async function makeLinkedRole(ctx: Context, known: ServiceLinkedRole): Promise<StoredRole> {
  const { roleName: name, description } = known;
  const path = `/aws-service-role/${known.principal}/`;
  return ctx.create(roles, {
    Path: path, RoleName: name, RoleId: uniqueId(ctx, 'AROA'), Arn: arnOf(ctx, 'role', path, name), CreateDate: ctx.wholeSecond, AssumeRolePolicyDocument: trustOf(known.principal),
    ...(description === undefined ? {} : { Description: description }), MaxSessionDuration: DURATION_SECONDS, Tags: [],
    $: { lower: name.toLowerCase(), attached: known.policyArn === undefined ? [] : [known.policyArn], inline: {}, linkedTo: known.principal },
  });
}

const trustOf = (principal: string): string => JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: principal }, Action: 'sts:AssumeRole' }] });

/** The same with lists, as only the answer to the creation has it. https://docs.aws.amazon.com/cli/latest/reference/iam/create-service-linked-role.html#examples */
const answeredTrustOf = (principal: string): string => JSON.stringify({ Version: '2012-10-17', Statement: [{ Action: ['sts:AssumeRole'], Effect: 'Allow', Principal: { Service: [principal] } }] });

/** The answer comes before the work: https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteServiceLinkedRole.html */
async function deleteLinkedRole(input: IamOperations['DeleteServiceLinkedRole']['input'], ctx: Context): Promise<IamOperations['DeleteServiceLinkedRole']['output']> {
  const role = await ctx.get(roles, input.RoleName);
  // assumed: a role that is no service's is as good as none.
  if (role.$.linkedTo === undefined) throw roles.notFound([input.RoleName]);
  const earlier = (await ctx.list(deletionTasks, { member: '$.role', value: input.RoleName })).find((t) => t.$.roleId === role.RoleId && (t.Status === 'NOT_STARTED' || t.Status === 'IN_PROGRESS'));
  if (earlier) return { DeletionTaskId: earlier.DeletionTaskId };
  const DeletionTaskId = `task/aws-service-role/${role.$.linkedTo}/${role.RoleName}/${ctx.ids.uuid()}`;
  await ctx.create(deletionTasks, { DeletionTaskId, Status: 'NOT_STARTED', $: { role: role.RoleName!, roleId: role.RoleId! } });
  return { DeletionTaskId };
}

async function removeRole(task: DeletionTask, ctx: Context): Promise<void> {
  const role = await ctx.find(roles, task.$.role);
  if (role && role.RoleId === task.$.roleId) await ctx.remove(roles, role);
}

async function deletionStatus(input: IamOperations['GetServiceLinkedRoleDeletionStatus']['input'], ctx: Context): Promise<IamOperations['GetServiceLinkedRoleDeletionStatus']['output']> {
  // assumed: the text.
  if (!/^task\/aws-service-role\/[^/]+\/[^/]+\/[0-9a-f-]{36}$/.test(input.DeletionTaskId)) throw errors.invalidInput(`DeletionTaskId ${input.DeletionTaskId} is not valid.`);
  const { Status, Reason } = await ctx.get(deletionTasks, input.DeletionTaskId);
  return { Status, ...(Reason === undefined ? {} : { Reason }) };
}

export const serviceLinkedRoleOperations = {
  CreateServiceLinkedRole: createLinkedRole,
  DeleteServiceLinkedRole: deleteLinkedRole,
  GetServiceLinkedRoleDeletionStatus: deletionStatus,
} satisfies Handlers<IamOperations>;
