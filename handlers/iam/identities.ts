import { everything, policy, type Identity, type Policy, type PolicyType } from '../../src/iam/index.ts';
import type { Context, Principal } from '../../src/kit/index.ts';
import { managedPolicyDocument } from './catalog/managed-policies.ts';
import { byName, type Entity } from './entities.ts';
import { groups } from './groups.ts';
import { passwordPolicy } from './password-policy.ts';
import { policies } from './policies.ts';
import { roles } from './roles.ts';
import { users, type StoredUser } from './users.ts';

/** The policies that limit and allow a caller. https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html */

/** What an entity that is gone may do. */
const NOTHING: readonly Policy[] = [];

export async function identityOf(principal: Principal, caller: Context): Promise<Identity> {
  const ctx = caller.in(principal.account, caller.region);
  const { session } = principal;
  const own = await ownIdentity(principal, ctx);
  const passed = session && await sessionPolicies(ctx, session);
  return {
    ...own, tags: { ...own.tags, ...session?.tags }, ...(session?.limits && { limits: await limitsOf(ctx, session.limits) }),
    // A federated user has what the session's policies and those of who made it both allow: without any, nothing.
    ...(principal.type === 'federated-user' ? { session: passed ?? NOTHING } : passed && passed.length > 0 ? { session: passed } : {}),
  };
}

async function ownIdentity(principal: Principal, ctx: Context): Promise<Identity> {
  switch (principal.type) {
    case 'root':
      return { arn: principal.arn, tags: {}, identity: principal.session?.task === undefined ? [ALL] : [ALL, ...(await managed(ctx, principal.session.task, 'identity'))] };
    case 'anonymous':
      return { arn: principal.arn, tags: {}, identity: NOTHING };
    case 'user':
      return userIdentity(ctx, await ctx.find(users, principal.userId), principal.arn);
    case 'federated-user': {
      if (principal.name === undefined) return { arn: principal.arn, tags: {}, identity: [ALL] };
      const made = await userIdentity(ctx, await byName(ctx, users, 'UserName', principal.name).catch(() => undefined), principal.arn);
      return { ...made, arn: principal.arn, behind: made.arn };
    }
    case 'role-session': {
      const role = await ctx.find(roles, principal.name!);
      // A role of the same name that was made later is another one.
      if (!role || role.RoleId !== principal.userId.split(':')[0]) return { arn: principal.arn, tags: {}, identity: NOTHING };
      return { ...(await entityIdentity(ctx, role, role.PermissionsBoundary?.PermissionsBoundaryArn)), behind: role.Arn! };
    }
  }
}

const ALL = everything();
const NO_STATEMENTS = '{"Version":"2012-10-17","Statement":[]}';

async function userIdentity(ctx: Context, user: StoredUser | undefined, arn: string): Promise<Identity> {
  if (!user) return { arn, tags: {}, identity: NOTHING };
  const own = await entityIdentity(ctx, user, user.PermissionsBoundary?.PermissionsBoundaryArn);
  const all = [...own.identity];
  for (const id of user.$.groups) {
    const group = await ctx.find(groups, id);
    if (group) all.push(...(await policiesOf(ctx, group)));
  }
  if ((await passwordPolicy(ctx))?.AllowUsersToChangePassword) all.push(changingPassword(user.Arn!));
  return { ...own, identity: all };
}

/**
 * What an account's password policy lets every user do with its own password; nothing is attached to anybody for it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html
 */
const changingPassword = (arn: string): Policy => policy({ type: 'identity', name: 'account password policy', managed: false }, JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'iam:ChangePassword', Resource: arn }, { Effect: 'Allow', Action: 'iam:GetAccountPasswordPolicy', Resource: '*' }],
}));

async function entityIdentity(ctx: Context, entity: Entity, boundaryArn: string | undefined): Promise<Identity> {
  return {
    arn: entity.Arn!, tags: Object.fromEntries((entity.Tags ?? []).map((t) => [t.Key, t.Value])), identity: await policiesOf(ctx, entity),
    ...(boundaryArn === undefined ? {} : { boundary: await managed(ctx, boundaryArn, 'boundary') }),
  };
}

/** Managed and inline policies of a user, group or role. */
export async function policiesOf(ctx: Context, entity: Entity): Promise<Policy[]> {
  const all: Policy[] = [];
  for (const arn of entity.$.attached ?? []) all.push(...(await managed(ctx, arn, 'identity')));
  for (const [name, text] of Object.entries(entity.$.inline ?? {})) all.push(policy({ type: 'identity', name, managed: false }, text));
  return all;
}

/** The default version; nothing where the policy is gone, so that what it limited allows nothing. */
async function managed(ctx: Context, arn: string, type: PolicyType): Promise<Policy[]> {
  const text = await managedDocument(ctx, arn);
  return text === undefined ? [] : [policy({ type, name: arn, managed: true }, text)];
}

export async function managedDocument(ctx: Context, arn: string): Promise<string | undefined> {
  const own = await ctx.find(policies, arn);
  return own ? own.$.versions.find((v) => v.VersionId === own.DefaultVersionId)?.Document : managedPolicyDocument(arn);
}

/** What AWS limits a session by. Each must allow. */
async function limitsOf(ctx: Context, limits: NonNullable<NonNullable<Principal['session']>['limits']>): Promise<Policy[]> {
  const all: Policy[] = [];
  for (const limit of limits) {
    if ('text' in limit) all.push(policy({ type: 'session', name: 'delegated permissions', managed: false }, limit.text));
    // AWS's own lists deny what they do not have: what they leave is let through.
    else all.push(...(await managed(ctx, limit.arn, 'session')).map((one) => ({ ...one, statements: [...one.statements, ...ALL.statements] })));
  }
  return all;
}

async function sessionPolicies(ctx: Context, session: NonNullable<Principal['session']>): Promise<Policy[]> {
  const all: Policy[] = (session.policies ?? []).map((text) => policy({ type: 'session', name: 'session policy', managed: false }, text));
  for (const arn of session.policyArns ?? []) {
    // A session policy that is gone still narrows: to nothing.
    const found = await managed(ctx, arn, 'session');
    all.push(...(found.length > 0 ? found : [policy({ type: 'session', name: arn, managed: true }, NO_STATEMENTS)]));
  }
  return all;
}
