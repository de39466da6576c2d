import type { Policy, PolicyVersion } from '@aws-sdk/client-iam';
import type { IamOperations } from '../../fixtures/models/iam.ts';
import type { Wire } from '../../protocols/wire-types.ts';
import { checkPolicy } from '../../src/iam/index.ts';
import { resource, type Context, type Handlers } from '../../src/kit/index.ts';
import { managedPolicies, managedPolicy, managedPolicyDocument } from './catalog/managed-policies.ts';
import { arnOf, checkedTags, encoded, joinedTags, paged, someTags, uniqueId, underPath, type Entity, type Hidden } from './entities.ts';
import * as errors from './errors.ts';
import { groups } from './groups.ts';
import { roles } from './roles.ts';
import { users } from './users.ts';

interface StoredVersion {
  VersionId: string;
  Document: string;
  CreateDate: string;
}

export type StoredPolicy = Wire<Policy> & Entity & { $: Hidden & { versions: StoredVersion[]; next: number } };

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html */
export const policies = resource<StoredPolicy>({
  service: 'iam',
  kind: 'policy',
  global: true,
  shape: 'Policy',
  id: { member: 'Arn' },
  notFound: (arns) => errors.policyNotFound(arns[0]!),
  inUse: () => errors.deleteConflict('Cannot delete a policy attached to entities.'),
  arn: (p) => p.Arn!,
  indexed: ['$.lower'],
});

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const VERSIONS_MAX = 5;
const DOCUMENT_LENGTH_MAX = 6144;

/** White space does not count towards the size of a policy. */
export function checkSize(document: string, max: number, quota: string): void {
  if (document.replace(/\s/g, '').length > max) throw errors.limitExceeded(quota, max);
}

/** How often a policy is attached, and used as a boundary, in this account. */
async function usage(ctx: Context, arn: string): Promise<{ AttachmentCount: number; PermissionsBoundaryUsageCount: number }> {
  let attached = 0;
  let bounding = 0;
  for (const kind of [users, groups, roles]) attached += (await ctx.list(kind as typeof users, { member: '$.attached', value: arn })).length;
  for (const kind of [users, roles]) bounding += (await ctx.list(kind as typeof users, { member: BOUNDARY, value: arn })).length;
  return { AttachmentCount: attached, PermissionsBoundaryUsageCount: bounding };
}

const BOUNDARY = 'PermissionsBoundary.PermissionsBoundaryArn';

/** A managed policy of the account or of AWS; undefined where there is none. */
export async function anyPolicy(ctx: Context, arn: string): Promise<StoredPolicy | Wire<Policy> | undefined> {
  return (await ctx.find(policies, arn)) ?? (managedPolicy(arn) as Wire<Policy> | undefined);
}

export async function shownPolicy(ctx: Context, policy: StoredPolicy | Wire<Policy>): Promise<Wire<Policy>> {
  return { IsAttachable: true, ...policy, ...(await usage(ctx, policy.Arn!)) };
}

async function createPolicy(input: IamOperations['CreatePolicy']['input'], ctx: Context): Promise<IamOperations['CreatePolicy']['output']> {
  const path = input.Path ?? '/';
  checkPolicy(input.PolicyDocument, 'managed');
  checkSize(input.PolicyDocument, DOCUMENT_LENGTH_MAX, 'PolicySize');
  const namesakes = await ctx.list(policies, { member: '$.lower', value: input.PolicyName.toLowerCase() });
  if (namesakes.length > 0) throw errors.entityAlreadyExists(`A policy called ${input.PolicyName} already exists. Duplicate names are not allowed.`);
  const now = ctx.wholeSecond;
  const policy: StoredPolicy = {
    PolicyName: input.PolicyName, PolicyId: uniqueId(ctx, 'ANPA'), Arn: arnOf(ctx, 'policy', path, input.PolicyName), Path: path, DefaultVersionId: 'v1', AttachmentCount: 0,
    PermissionsBoundaryUsageCount: 0, IsAttachable: true, ...(input.Description === undefined ? {} : { Description: input.Description }), CreateDate: now, UpdateDate: now, Tags: checkedTags(input.Tags),
    $: { lower: input.PolicyName.toLowerCase(), versions: [{ VersionId: 'v1', Document: input.PolicyDocument, CreateDate: now }], next: 2 },
  };
  await ctx.create(policies, policy);
  const { Description: _description, Tags, ...answer } = policy;
  return { Policy: { ...answer, ...someTags(Tags) } as Wire<Policy> };
}

async function listPolicies(input: IamOperations['ListPolicies']['input'], ctx: Context): Promise<IamOperations['ListPolicies']['output']> {
  const own = input.Scope === 'AWS' ? [] : await underPath(ctx, policies, input.PathPrefix);
  const theirs = input.Scope === 'Local' ? [] : managedPolicies().filter((p) => p.Path.startsWith(input.PathPrefix ?? '/'));
  const listing: (StoredPolicy | Wire<Policy>)[] = [...own, ...(theirs as unknown as Wire<Policy>[])];
  const filtering = input.OnlyAttached === true || input.PolicyUsageFilter !== undefined;
  const chosen = [];
  for (const policy of listing) {
    if (!filtering) chosen.push(policy);
    else {
      const { AttachmentCount, PermissionsBoundaryUsageCount } = await usage(ctx, policy.Arn!);
      const count = input.PolicyUsageFilter === 'PermissionsBoundary' ? PermissionsBoundaryUsageCount : AttachmentCount;
      if (count > 0) chosen.push(policy);
    }
  }
  const { page, ...rest } = paged(chosen, input);
  const Policies = [];
  for (const policy of page) {
    const { Tags: _tags, Description: _description, ...listed } = await shownPolicy(ctx, policy);
    Policies.push(listed);
  }
  return { ...rest, Policies };
}

const versionsOf = (policy: StoredPolicy): Wire<PolicyVersion>[] =>
  policy.$.versions.map(({ VersionId, CreateDate }) => ({ VersionId, CreateDate, IsDefaultVersion: VersionId === policy.DefaultVersionId }));

async function ownPolicy(ctx: Context, arn: string): Promise<StoredPolicy> {
  if (managedPolicy(arn)) throw errors.accessDenied(`User: ${ctx.principal.arn} is not authorized to perform this operation on resource: policy ${arn}`);
  return ctx.get(policies, arn);
}

const versionMissing = (arn: string, id: string) => errors.noSuchEntity(`Policy ${arn} version ${id} does not exist or is not attachable.`);

async function getVersion(input: IamOperations['GetPolicyVersion']['input'], ctx: Context): Promise<IamOperations['GetPolicyVersion']['output']> {
  const theirs = managedPolicy(input.PolicyArn);
  if (theirs) {
    // Only the latest version of AWS's own policies is known here.
    if (input.VersionId !== theirs.DefaultVersionId) throw versionMissing(input.PolicyArn, input.VersionId);
    return { PolicyVersion: { VersionId: input.VersionId, IsDefaultVersion: true, CreateDate: theirs.UpdateDate, Document: encoded(managedPolicyDocument(input.PolicyArn)!) } };
  }
  const policy = await ctx.get(policies, input.PolicyArn);
  const version = policy.$.versions.find((v) => v.VersionId === input.VersionId);
  if (!version) throw versionMissing(input.PolicyArn, input.VersionId);
  return { PolicyVersion: { VersionId: version.VersionId, IsDefaultVersion: version.VersionId === policy.DefaultVersionId, CreateDate: version.CreateDate, Document: encoded(version.Document) } };
}

async function createVersion(input: IamOperations['CreatePolicyVersion']['input'], ctx: Context): Promise<IamOperations['CreatePolicyVersion']['output']> {
  const policy = await ownPolicy(ctx, input.PolicyArn);
  checkPolicy(input.PolicyDocument, 'managed');
  checkSize(input.PolicyDocument, DOCUMENT_LENGTH_MAX, 'PolicySize');
  if (policy.$.versions.length >= VERSIONS_MAX) {
    throw errors.versionLimit();
  }
  const version: StoredVersion = { VersionId: `v${policy.$.next++}`, Document: input.PolicyDocument, CreateDate: ctx.wholeSecond };
  // The newest comes first.
  policy.$.versions.unshift(version);
  if (input.SetAsDefault === true) {
    policy.DefaultVersionId = version.VersionId;
    policy.UpdateDate = version.CreateDate;
  }
  await ctx.save(policies, policy);
  return { PolicyVersion: { VersionId: version.VersionId, CreateDate: version.CreateDate, IsDefaultVersion: input.SetAsDefault === true } };
}

/** Who has the policy, as attached or as boundary. */
async function entitiesFor(input: IamOperations['ListEntitiesForPolicy']['input'], ctx: Context): Promise<IamOperations['ListEntitiesForPolicy']['output']> {
  if (!(await anyPolicy(ctx, input.PolicyArn))) throw errors.policyNotFound(input.PolicyArn);
  const member = input.PolicyUsageFilter === 'PermissionsBoundary' ? BOUNDARY : '$.attached';
  const wanted = (filter: string) => [undefined, filter].includes(input.EntityFilter);
  const where = { member, value: input.PolicyArn };
  const found = [
    ...(wanted('Group') && member === '$.attached' ? (await ctx.list(groups, where)).map((g) => ({ list: 'PolicyGroups' as const, path: g.Path!, item: { GroupName: g.GroupName, GroupId: g.GroupId } })) : []),
    ...(wanted('User') ? (await ctx.list(users, where)).map((u) => ({ list: 'PolicyUsers' as const, path: u.Path!, item: { UserName: u.UserName, UserId: u.UserId } })) : []),
    ...(wanted('Role') ? (await ctx.list(roles, where)).map((r) => ({ list: 'PolicyRoles' as const, path: r.Path!, item: { RoleName: r.RoleName, RoleId: r.RoleId } })) : []),
  ].filter((e) => e.path.startsWith(input.PathPrefix ?? '/'));
  const { page, ...rest } = paged(found, input);
  const of = (list: string): object[] => page.filter((e) => e.list === list).map((e) => e.item);
  return { ...rest, PolicyGroups: of('PolicyGroups'), PolicyUsers: of('PolicyUsers'), PolicyRoles: of('PolicyRoles') };
}

export const policyOperations = {
  CreatePolicy: createPolicy,
  GetPolicy: async (input, ctx) => {
    const policy = await anyPolicy(ctx, input.PolicyArn);
    if (!policy) throw errors.policyNotFound(input.PolicyArn);
    return { Policy: { Tags: [], ...(await shownPolicy(ctx, policy)) } };
  },
  ListPolicies: listPolicies,
  ListEntitiesForPolicy: entitiesFor,
  CreatePolicyVersion: createVersion,
  GetPolicyVersion: getVersion,
  ListPolicyVersions: async (input, ctx) => {
    const theirs = managedPolicy(input.PolicyArn);
    const versions = theirs ? [{ VersionId: theirs.DefaultVersionId, CreateDate: theirs.UpdateDate, IsDefaultVersion: true }] : versionsOf(await ctx.get(policies, input.PolicyArn));
    const { page, ...rest } = paged(versions, input);
    return { ...rest, Versions: page };
  },
  SetDefaultPolicyVersion: async (input, ctx) => {
    const policy = await ownPolicy(ctx, input.PolicyArn);
    if (!policy.$.versions.some((v) => v.VersionId === input.VersionId)) throw versionMissing(input.PolicyArn, input.VersionId);
    policy.DefaultVersionId = input.VersionId;
    policy.UpdateDate = ctx.wholeSecond;
    await ctx.save(policies, policy);
  },
  DeletePolicyVersion: async (input, ctx) => {
    const policy = await ownPolicy(ctx, input.PolicyArn);
    if (!policy.$.versions.some((v) => v.VersionId === input.VersionId)) throw versionMissing(input.PolicyArn, input.VersionId);
    if (policy.DefaultVersionId === input.VersionId) throw errors.deleteConflict('Cannot delete the default version of a policy.');
    policy.$.versions = policy.$.versions.filter((v) => v.VersionId !== input.VersionId);
    await ctx.save(policies, policy);
  },
  TagPolicy: async (input, ctx) => {
    const policy = await ownPolicy(ctx, input.PolicyArn);
    policy.Tags = joinedTags(policy.Tags, input.Tags);
    await ctx.save(policies, policy);
  },
  UntagPolicy: async (input, ctx) => {
    const policy = await ownPolicy(ctx, input.PolicyArn);
    policy.Tags = policy.Tags?.filter((t) => !input.TagKeys.includes(t.Key!));
    await ctx.save(policies, policy);
  },
  ListPolicyTags: async (input, ctx) => {
    const { page, ...rest } = paged((await ctx.get(policies, input.PolicyArn)).Tags ?? [], input);
    return { ...rest, Tags: page };
  },
  DeletePolicy: async (input, ctx) => {
    const policy = await ownPolicy(ctx, input.PolicyArn);
    await ctx.refuseWhileReferred(policies, input.PolicyArn);
    if (policy.$.versions.length > 1) throw errors.deleteConflict('This policy has more than one version. Before you delete a policy, you must delete the policy\'s versions. The default version is deleted with the policy.');
    await ctx.remove(policies, policy);
  },
} satisfies Handlers<IamOperations>;
