import type { IamOperations } from '../../fixtures/models/iam.ts';
import { checkPolicy } from '../../src/iam/index.ts';
import type { Context, Handlers, Resource } from '../../src/kit/index.ts';
import { checkQuota, encoded, paged, type Entity } from './entities.ts';
import * as errors from './errors.ts';
import { groupNamed, groups } from './groups.ts';
import { anyPolicy, checkSize } from './policies.ts';
import { refuseChangeOfLinked } from './protected-roles.ts';
import { roles, type StoredRole } from './roles.ts';
import { userNamed, users } from './users.ts';

/** Managed policies attached to, and inline policies written into, users, groups and roles: the same for all three. */
interface Holder<T extends Entity> {
  readonly noun: 'user' | 'group' | 'role';
  readonly resource: Resource<T>;
  readonly find: (ctx: Context, name: string) => Promise<T>;
  /** The quota of attached policies: its code, and what IAM calls it. */
  readonly attachmentsCode: string;
  readonly attachmentsQuota: string;
  /** Characters of all inline policies together. */
  readonly inlineLengthMax: number;
  /** Throws where an entity's policies are not its account's to change. */
  readonly refuseChange?: (entity: Entity) => void;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const user: Holder<Entity> = { noun: 'user', resource: users as unknown as Resource<Entity>, find: userNamed, attachmentsCode: 'L-4019AD8B', attachmentsQuota: 'PoliciesPerUser', inlineLengthMax: 2048 };
const group: Holder<Entity> = { noun: 'group', resource: groups as unknown as Resource<Entity>, find: groupNamed, attachmentsCode: 'L-384571C4', attachmentsQuota: 'PoliciesPerGroup', inlineLengthMax: 5120 };
const role: Holder<Entity> = { noun: 'role', resource: roles as unknown as Resource<Entity>, find: (ctx, name) => ctx.get(roles, name), attachmentsCode: 'L-0DA4ABF3', attachmentsQuota: 'PoliciesPerRole', inlineLengthMax: 10_240, refuseChange: (entity) => refuseChangeOfLinked(entity as StoredRole) };

async function attach(ctx: Context, holder: Holder<Entity>, name: string, arn: string): Promise<void> {
  const entity = await holder.find(ctx, name);
  holder.refuseChange?.(entity);
  if (!(await anyPolicy(ctx, arn))) throw errors.noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
  // assumed: root's task policies are refused in the same words.
  if (/^arn:aws:iam::aws:policy\/(aws-service-role|root-task)\//.test(arn)) throw errors.policyNotAttachable(holder.noun);
  const attached = entity.$.attached!;
  if (attached.includes(arn)) return;
  await checkQuota(ctx, holder.attachmentsCode, attached.length, holder.attachmentsQuota);
  attached.push(arn);
  await ctx.save(holder.resource, entity);
}

async function detach(ctx: Context, holder: Holder<Entity>, name: string, arn: string): Promise<void> {
  const entity = await holder.find(ctx, name);
  holder.refuseChange?.(entity);
  if (!entity.$.attached!.includes(arn)) throw errors.noSuchEntity(`Policy ${arn} was not found.`);
  entity.$.attached = entity.$.attached!.filter((a) => a !== arn);
  await ctx.save(holder.resource, entity);
}

interface Listing {
  readonly PathPrefix?: string | undefined;
  readonly Marker?: string | undefined;
  readonly MaxItems?: number | undefined;
}

async function listAttached(ctx: Context, holder: Holder<Entity>, name: string, input: Listing) {
  const found = [];
  for (const arn of (await holder.find(ctx, name)).$.attached!) {
    const policy = (await anyPolicy(ctx, arn))!;
    if ((policy.Path ?? '/').startsWith(input.PathPrefix ?? '/')) found.push({ PolicyName: policy.PolicyName, PolicyArn: arn });
  }
  const { page, ...rest } = paged(found, input);
  return { ...rest, AttachedPolicies: page };
}

async function put(ctx: Context, holder: Holder<Entity>, name: string, policy: string, document: string): Promise<void> {
  const entity = await holder.find(ctx, name);
  holder.refuseChange?.(entity);
  checkPolicy(document, 'identity');
  const inline = { ...entity.$.inline, [policy]: document };
  checkSize(Object.values(inline).join(''), holder.inlineLengthMax, `PolicySize for ${holder.noun} ${name}`);
  entity.$.inline = inline;
  await ctx.save(holder.resource, entity);
}

const missing = (holder: Holder<Entity>, policy: string) => errors.noSuchEntity(`The ${holder.noun} policy with name ${policy} cannot be found.`);

async function inlineOf(ctx: Context, holder: Holder<Entity>, name: string, policy: string): Promise<string> {
  const { $: { inline } } = await holder.find(ctx, name);
  if (!inline || !Object.hasOwn(inline, policy)) throw missing(holder, policy);
  return encoded(inline[policy]!);
}

async function removeInline(ctx: Context, holder: Holder<Entity>, name: string, policy: string): Promise<void> {
  const entity = await holder.find(ctx, name);
  holder.refuseChange?.(entity);
  if (!entity.$.inline || !Object.hasOwn(entity.$.inline, policy)) throw missing(holder, policy);
  const { [policy]: _gone, ...kept } = entity.$.inline;
  entity.$.inline = kept;
  await ctx.save(holder.resource, entity);
}

async function listInline(ctx: Context, holder: Holder<Entity>, name: string, input: Listing) {
  const { page, ...rest } = paged(Object.keys((await holder.find(ctx, name)).$.inline ?? {}).sort(), input);
  return { ...rest, PolicyNames: page };
}

export const attachmentOperations = {
  AttachUserPolicy: (input, ctx) => attach(ctx, user, input.UserName, input.PolicyArn),
  AttachGroupPolicy: (input, ctx) => attach(ctx, group, input.GroupName, input.PolicyArn),
  AttachRolePolicy: (input, ctx) => attach(ctx, role, input.RoleName, input.PolicyArn),
  ListAttachedUserPolicies: (input, ctx) => listAttached(ctx, user, input.UserName, input),
  ListAttachedGroupPolicies: (input, ctx) => listAttached(ctx, group, input.GroupName, input),
  ListAttachedRolePolicies: (input, ctx) => listAttached(ctx, role, input.RoleName, input),
  DetachUserPolicy: (input, ctx) => detach(ctx, user, input.UserName, input.PolicyArn),
  DetachGroupPolicy: (input, ctx) => detach(ctx, group, input.GroupName, input.PolicyArn),
  DetachRolePolicy: (input, ctx) => detach(ctx, role, input.RoleName, input.PolicyArn),
  PutUserPolicy: (input, ctx) => put(ctx, user, input.UserName, input.PolicyName, input.PolicyDocument),
  PutGroupPolicy: (input, ctx) => put(ctx, group, input.GroupName, input.PolicyName, input.PolicyDocument),
  PutRolePolicy: (input, ctx) => put(ctx, role, input.RoleName, input.PolicyName, input.PolicyDocument),
  GetUserPolicy: async (input, ctx) => ({ UserName: input.UserName, PolicyName: input.PolicyName, PolicyDocument: await inlineOf(ctx, user, input.UserName, input.PolicyName) }),
  GetGroupPolicy: async (input, ctx) => ({ GroupName: input.GroupName, PolicyName: input.PolicyName, PolicyDocument: await inlineOf(ctx, group, input.GroupName, input.PolicyName) }),
  GetRolePolicy: async (input, ctx) => ({ RoleName: input.RoleName, PolicyName: input.PolicyName, PolicyDocument: await inlineOf(ctx, role, input.RoleName, input.PolicyName) }),
  ListUserPolicies: (input, ctx) => listInline(ctx, user, input.UserName, input),
  ListGroupPolicies: (input, ctx) => listInline(ctx, group, input.GroupName, input),
  ListRolePolicies: (input, ctx) => listInline(ctx, role, input.RoleName, input),
  DeleteUserPolicy: (input, ctx) => removeInline(ctx, user, input.UserName, input.PolicyName),
  DeleteGroupPolicy: (input, ctx) => removeInline(ctx, group, input.GroupName, input.PolicyName),
  DeleteRolePolicy: (input, ctx) => removeInline(ctx, role, input.RoleName, input.PolicyName),
} satisfies Handlers<IamOperations>;
