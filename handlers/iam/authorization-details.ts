import type { GroupDetail, ManagedPolicyDetail, PolicyDetail, PolicyVersion, RoleDetail, UserDetail } from '@aws-sdk/client-iam';
import type { IamOperations } from '../../fixtures/models/iam.ts';
import type { Wire } from '../../protocols/wire-types.ts';
import type { Context, Handlers } from '../../src/kit/index.ts';
import { managedPolicies, managedPolicyDocument, type ManagedPolicy } from './catalog/managed-policies.ts';
import { encoded, paged, underPath, type Entity } from './entities.ts';
import { groups, type StoredGroup } from './groups.ts';
import { instanceProfiles, shownProfiles } from './instance-profiles.ts';
import { anyPolicy, policies, shownPolicy, type StoredPolicy } from './policies.ts';
import { briefRole, roleLastUsed, roles, type StoredRole } from './roles.ts';
import { users, type StoredUser } from './users.ts';

const inlineOf = (entity: Entity): Wire<PolicyDetail>[] =>
  Object.entries(entity.$.inline ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)).map(([PolicyName, document]) => ({ PolicyName, PolicyDocument: encoded(document) }));

async function attachedOf(ctx: Context, entity: Entity): Promise<{ PolicyName: string; PolicyArn: string }[]> {
  const out = [];
  for (const arn of entity.$.attached ?? []) out.push({ PolicyName: (await anyPolicy(ctx, arn))!.PolicyName!, PolicyArn: arn });
  return out;
}

async function userDetail(ctx: Context, user: StoredUser): Promise<Wire<UserDetail>> {
  const { $: _hidden, PasswordLastUsed: _used, ...shown } = user;
  const GroupList = (await ctx.getAll(groups, user.$.groups)).map((g) => g.GroupName!);
  return { ...shown, UserPolicyList: inlineOf(user), GroupList, AttachedManagedPolicies: await attachedOf(ctx, user) };
}

async function groupDetail(ctx: Context, group: StoredGroup): Promise<Wire<GroupDetail>> {
  const { $: _hidden, ...shown } = group;
  return { ...shown, GroupPolicyList: inlineOf(group), AttachedManagedPolicies: await attachedOf(ctx, group) };
}

async function roleDetail(ctx: Context, role: StoredRole): Promise<Wire<RoleDetail>> {
  const profiles = await ctx.list(instanceProfiles, { member: '$.role', value: role.RoleName! });
  return { RoleLastUsed: await roleLastUsed(ctx, role), Tags: role.Tags ?? [], ...briefRole(role), InstanceProfileList: await shownProfiles(ctx, profiles), RolePolicyList: inlineOf(role), AttachedManagedPolicies: await attachedOf(ctx, role) };
}

/** Of AWS's own policies only the latest version is known here. */
function versionsOf(policy: StoredPolicy | ManagedPolicy): Wire<PolicyVersion>[] {
  const version = (VersionId: string, document: string, CreateDate: string) => ({ Document: encoded(document), VersionId, IsDefaultVersion: VersionId === policy.DefaultVersionId, CreateDate });
  if ('$' in policy) return policy.$.versions.map((v) => version(v.VersionId, v.Document, v.CreateDate));
  return [version(policy.DefaultVersionId, managedPolicyDocument(policy.Arn)!, policy.UpdateDate)];
}

async function policyDetail(ctx: Context, policy: StoredPolicy | ManagedPolicy): Promise<Wire<ManagedPolicyDetail>> {
  const { Tags: _tags, ...shown } = await shownPolicy(ctx, policy as StoredPolicy);
  return { ...shown, PolicyVersionList: versionsOf(policy) };
}

/** What is listed, in order; details are made for one page only. */
type Listed = { list: 'UserDetailList' | 'GroupDetailList' | 'RoleDetailList' | 'Policies'; detail: () => Promise<object> };

async function listing(ctx: Context, filter: readonly string[] | undefined): Promise<Listed[]> {
  const wanted = (kind: string) => filter === undefined || filter.length === 0 || filter.includes(kind);
  const of = <T>(list: Listed['list'], items: readonly T[], detail: (ctx: Context, item: T) => Promise<object>): Listed[] => items.map((item) => ({ list, detail: () => detail(ctx, item) }));
  return [
    ...(wanted('User') ? of('UserDetailList', await underPath(ctx, users, undefined), userDetail) : []),
    ...(wanted('Group') ? of('GroupDetailList', await underPath(ctx, groups, undefined), groupDetail) : []),
    ...(wanted('Role') ? of('RoleDetailList', await underPath(ctx, roles, undefined), roleDetail) : []),
    ...(wanted('LocalManagedPolicy') ? of('Policies', await underPath(ctx, policies, undefined), policyDetail) : []),
    // assumed: AWS's own policies are listed whether anybody has them or not.
    ...(wanted('AWSManagedPolicy') ? of('Policies', managedPolicies(), policyDetail) : []),
  ];
}

export const authorizationDetailOperations = {
  /** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html */
  GetAccountAuthorizationDetails: async (input, ctx): Promise<IamOperations['GetAccountAuthorizationDetails']['output']> => {
    const { page, ...rest } = paged(await listing(ctx, input.Filter), input);
    const lists: Record<Listed['list'], object[]> = { UserDetailList: [], GroupDetailList: [], RoleDetailList: [], Policies: [] };
    for (const { list, detail } of page) lists[list].push(await detail());
    return { ...rest, ...lists } as IamOperations['GetAccountAuthorizationDetails']['output'];
  },
} satisfies Handlers<IamOperations>;
