import type { Role, RoleLastUsed } from '@aws-sdk/client-iam';
import type { IamOperations } from '../../fixtures/models/iam.ts';
import type { Wire } from '../../protocols/wire-types.ts';
import { checkPolicy } from '../../src/iam/index.ts';
import { isoTime, lastUse, resource, useOfEntity, type Context, type Handlers } from '../../src/kit/index.ts';
import { boundary } from './boundaries.ts';
import { arnOf, checkedTags, encoded, joinedTags, paged, refuseNamesake, someTags, underPath, uniqueId, type Entity, type Hidden } from './entities.ts';
import * as errors from './errors.ts';
import { instanceProfiles } from './instance-profiles.ts';
import { checkSize } from './policies.ts';
import { refuseChangeOfLinked } from './protected-roles.ts';
import { refuseUnknownPrincipals, renameInTrustPolicies } from './trusted-principals.ts';

/** The trust policy is kept as it was given, and answered encoded. `linkedTo` is the service of a service-linked role. */
export type StoredRole = Wire<Role> & Entity & { $: Hidden & { linkedTo?: string } };

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html */
export const roles = resource<StoredRole>({
  service: 'iam',
  kind: 'role',
  global: true,
  shape: 'Role',
  id: { member: 'RoleName' },
  notFound: errors.notFound('role'),
  arn: (r) => r.Arn!,
  references: { '$.attached': { kind: 'iam:policy' }, 'PermissionsBoundary.PermissionsBoundaryArn': { kind: 'iam:policy' } },
  indexed: ['$.lower'],
});

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const TRUST_LENGTH_MAX = 2048;
const SESSION_SECONDS_DEFAULT = 3600;

export const shownRole = ({ $: _hidden, Tags, ...role }: StoredRole): Wire<Role> => ({ ...role, AssumeRolePolicyDocument: encoded(role.AssumeRolePolicyDocument!), ...someTags(Tags) }) as Wire<Role>;
/** A role that is just made, or within its instance profile, is shown without what may be said of it later. https://docs.aws.amazon.com/cli/latest/reference/iam/create-role.html#examples */
export function briefRole(role: StoredRole): Wire<Role> {
  const { Description: _description, MaxSessionDuration: _duration, ...shown } = shownRole(role);
  return shown as Wire<Role>;
}

const listedRole = (role: StoredRole): Wire<Role> => {
  const { Tags: _tags, PermissionsBoundary: _boundary, ...shown } = shownRole(role);
  return shown as Wire<Role>;
};

async function createRole(input: IamOperations['CreateRole']['input'], ctx: Context): Promise<IamOperations['CreateRole']['output']> {
  checkPolicy(input.AssumeRolePolicyDocument, 'trust');
  await refuseUnknownPrincipals(input.AssumeRolePolicyDocument, ctx);
  checkSize(input.AssumeRolePolicyDocument, TRUST_LENGTH_MAX, 'ACLSizePerRole');
  await refuseNamesake(ctx, roles, 'Role', input.RoleName);
  const path = input.Path ?? '/';
  const role: StoredRole = {
    Path: path, RoleName: input.RoleName, RoleId: uniqueId(ctx, 'AROA'), Arn: arnOf(ctx, 'role', path, input.RoleName), CreateDate: ctx.wholeSecond, AssumeRolePolicyDocument: input.AssumeRolePolicyDocument,
    ...(input.Description === undefined ? {} : { Description: input.Description }), MaxSessionDuration: input.MaxSessionDuration ?? SESSION_SECONDS_DEFAULT,
    ...(input.PermissionsBoundary === undefined ? {} : { PermissionsBoundary: await boundary(ctx, input.PermissionsBoundary) }),
    Tags: checkedTags(input.Tags), $: { lower: input.RoleName.toLowerCase(), attached: [], inline: {} },
  };
  return { Role: briefRole(await ctx.create(roles, role)) };
}

async function updateRole(input: IamOperations['UpdateRole']['input'], ctx: Context): Promise<void> {
  const role = await ctx.get(roles, input.RoleName);
  // assumed: of a service-linked role the description alone may change, the duration may not.
  if (input.MaxSessionDuration !== undefined) refuseChangeOfLinked(role);
  if (input.Description !== undefined) role.Description = input.Description;
  role.MaxSessionDuration = input.MaxSessionDuration ?? role.MaxSessionDuration!;
  await ctx.save(roles, role);
}

async function deleteRole(input: IamOperations['DeleteRole']['input'], ctx: Context): Promise<void> {
  const role = await ctx.get(roles, input.RoleName);
  refuseChangeOfLinked(role);
  if ((await ctx.list(instanceProfiles, { member: '$.role', value: role.RoleName! })).length > 0) throw errors.deleteConflict('Cannot delete entity, must remove roles from instance profile first.');
  if (role.$.attached!.length > 0) throw errors.deleteConflict('Cannot delete entity, must detach all policies first.');
  if (Object.keys(role.$.inline!).length > 0) throw errors.deleteConflict('Cannot delete entity, must delete policies first.');
  await ctx.remove(roles, role);
  await renameInTrustPolicies(role.Arn!, role.RoleId!, ctx);
}

export async function roleLastUsed(ctx: Context, role: StoredRole): Promise<Wire<RoleLastUsed>> {
  const use = await lastUse(ctx, useOfEntity(role.RoleId!));
  return use ? { LastUsedDate: `${isoTime(use.at).slice(0, 19)}.000Z`, Region: use.region } : {};
}

export const roleOperations = {
  CreateRole: createRole,
  GetRole: async (input, ctx) => {
    const role = await ctx.get(roles, input.RoleName);
    return { Role: { ...shownRole(role), RoleLastUsed: await roleLastUsed(ctx, role) } };
  },
  ListRoles: async (input, ctx) => {
    const { page, ...rest } = paged(await underPath(ctx, roles, input.PathPrefix), input);
    return { ...rest, Roles: page.map(listedRole) };
  },
  UpdateRole: updateRole,
  UpdateRoleDescription: async (input, ctx) => {
    const role = await ctx.get(roles, input.RoleName);
    role.Description = input.Description;
    return { Role: shownRole(await ctx.save(roles, role)) };
  },
  UpdateAssumeRolePolicy: async (input, ctx) => {
    const role = await ctx.get(roles, input.RoleName);
    refuseChangeOfLinked(role);
    checkPolicy(input.PolicyDocument, 'trust');
    await refuseUnknownPrincipals(input.PolicyDocument, ctx);
    checkSize(input.PolicyDocument, TRUST_LENGTH_MAX, 'ACLSizePerRole');
    role.AssumeRolePolicyDocument = input.PolicyDocument;
    await ctx.save(roles, role);
  },
  PutRolePermissionsBoundary: async (input, ctx) => {
    const role = await ctx.get(roles, input.RoleName);
    refuseChangeOfLinked(role);
    role.PermissionsBoundary = await boundary(ctx, input.PermissionsBoundary);
    await ctx.save(roles, role);
  },
  DeleteRolePermissionsBoundary: async (input, ctx) => {
    const role = await ctx.get(roles, input.RoleName);
    refuseChangeOfLinked(role);
    delete role.PermissionsBoundary;
    await ctx.save(roles, role);
  },
  TagRole: async (input, ctx) => {
    const role = await ctx.get(roles, input.RoleName);
    role.Tags = joinedTags(role.Tags, input.Tags);
    await ctx.save(roles, role);
  },
  UntagRole: async (input, ctx) => {
    const role = await ctx.get(roles, input.RoleName);
    role.Tags = role.Tags?.filter((t) => !input.TagKeys.includes(t.Key!));
    await ctx.save(roles, role);
  },
  ListRoleTags: async (input, ctx) => {
    const { page, ...rest } = paged((await ctx.get(roles, input.RoleName)).Tags ?? [], input);
    return { ...rest, Tags: page };
  },
  DeleteRole: deleteRole,
} satisfies Handlers<IamOperations>;
