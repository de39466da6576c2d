import type { User } from '@aws-sdk/client-iam';
import type { IamOperations } from '../../fixtures/models/iam.ts';
import type { Wire } from '../../protocols/wire-types.ts';
import { resource, type Context, type Handlers } from '../../src/kit/index.ts';
import { accessKeys, renameCredentials } from './access-keys.ts';
import { arnOf, byName, checkedTags, joinedTags, paged, refuseNamesake, someTags, underPath, uniqueId, type Entity, type Hidden } from './entities.ts';
import * as errors from './errors.ts';
import { loginProfileOf } from './login-profiles.ts';
import { mfaDevicesOf } from './mfa-devices.ts';
import { serviceCredentialsOf } from './service-specific-credentials.ts';
import { signingCertificatesOf } from './signing-certificates.ts';
import { hasSshKeys } from './ssh-public-keys.ts';
import { boundary } from './boundaries.ts';
import { renameInTrustPolicies } from './trusted-principals.ts';

/** Keyed by its unique id, since a user can be renamed. `$.groups` are the ids of its groups. */
export type StoredUser = Wire<User> & Entity & { $: Hidden & { groups: string[] } };

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_users.html */
export const users = resource<StoredUser>({
  service: 'iam',
  kind: 'user',
  global: true,
  shape: 'User',
  id: { member: 'UserId' },
  notFound: errors.notFound('user'),
  arn: (u) => u.Arn!,
  references: { '$.attached': { kind: 'iam:policy' }, '$.groups': { kind: 'iam:group' }, 'PermissionsBoundary.PermissionsBoundaryArn': { kind: 'iam:policy' } },
  indexed: ['$.lower'],
});

export const userNamed = (ctx: Context, name: string): Promise<StoredUser> => byName(ctx, users, 'UserName', name);

// assumed: when an account was made.
export const ROOT_CREATED = '2020-01-01T00:00:00.000Z';

/** A user as IAM shows it: tags and boundary only where one user is asked for. */
const listed = ({ $: _hidden, Tags: _tags, PermissionsBoundary: _boundary, ...shown }: StoredUser) => shown;

const shown = ({ $: _hidden, Tags, ...user }: StoredUser): Wire<User> => ({ ...user, ...someTags(Tags) }) as Wire<User>;

async function createUser(input: IamOperations['CreateUser']['input'], ctx: Context): Promise<IamOperations['CreateUser']['output']> {
  await refuseNamesake(ctx, users, 'User', input.UserName);
  const path = input.Path ?? '/';
  const user: StoredUser = {
    Path: path, UserName: input.UserName, UserId: uniqueId(ctx, 'AIDA'), Arn: arnOf(ctx, 'user', path, input.UserName), CreateDate: ctx.wholeSecond,
    ...(input.PermissionsBoundary === undefined ? {} : { PermissionsBoundary: await boundary(ctx, input.PermissionsBoundary) }),
    Tags: checkedTags(input.Tags), $: { lower: input.UserName.toLowerCase(), attached: [], inline: {}, groups: [] },
  };
  return { User: shown(await ctx.create(users, user)) };
}

/** Without a name: who calls. https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUser.html */
async function getUser(input: IamOperations['GetUser']['input'], ctx: Context): Promise<IamOperations['GetUser']['output']> {
  if (input.UserName !== undefined) return { User: shown(await userNamed(ctx, input.UserName)) };
  if (ctx.principal.type === 'user') return { User: shown(await ctx.get(users, ctx.principal.userId)) };
  if (ctx.principal.type !== 'root') throw errors.validationError('Must specify userName when calling with non-User credentials');
  return { User: { UserId: ctx.account, Arn: ctx.principal.arn, CreateDate: ROOT_CREATED } as Wire<User> };
}

async function updateUser(input: IamOperations['UpdateUser']['input'], ctx: Context): Promise<void> {
  const user = await userNamed(ctx, input.UserName);
  if (input.NewUserName !== undefined && input.NewUserName.toLowerCase() !== user.$.lower) await refuseNamesake(ctx, users, 'User', input.NewUserName);
  user.UserName = input.NewUserName ?? user.UserName!;
  user.Path = input.NewPath ?? user.Path!;
  user.$.lower = user.UserName.toLowerCase();
  const earlier = user.Arn!;
  user.Arn = arnOf(ctx, 'user', user.Path, user.UserName);
  await ctx.save(users, user);
  if (user.Arn !== earlier) await renameInTrustPolicies(earlier, user.Arn, ctx);
  await renameCredentials(ctx, { name: user.UserName, userId: user.UserId!, arn: user.Arn });
}

async function deleteUser(input: IamOperations['DeleteUser']['input'], ctx: Context): Promise<void> {
  const user = await userNamed(ctx, input.UserName);
  if (user.$.groups.length > 0) throw errors.deleteConflict('Cannot delete entity, must remove users from group first.');
  if (user.$.attached!.length > 0) throw errors.deleteConflict('Cannot delete entity, must detach all policies first.');
  if (Object.keys(user.$.inline!).length > 0) throw errors.deleteConflict('Cannot delete entity, must delete policies first.');
  if (await loginProfileOf(ctx, user.UserId!)) throw errors.deleteConflict('Cannot delete entity, must delete login profile first.');
  if ((await ctx.list(accessKeys, { member: '$.userId', value: user.UserId! })).length > 0) throw errors.deleteConflict('Cannot delete entity, must delete access keys first.');
  if ((await mfaDevicesOf(ctx, user.UserId!)).length > 0) throw errors.deleteConflict('Cannot delete entity, must delete MFA device first.');
  if ((await signingCertificatesOf(ctx, user.UserId!)).length > 0) throw errors.deleteConflict('Cannot delete entity, must delete certificates first.');
  // SSH keys and service-specific credentials share one text.
  if ((await hasSshKeys(ctx, user.UserId!)) || (await serviceCredentialsOf(ctx, user.UserId!)).length > 0) throw errors.deleteConflict('Cannot delete entity, must remove referenced objects first.');
  await ctx.remove(users, user);
  await renameInTrustPolicies(user.Arn!, user.UserId!, ctx);
}

export const userOperations = {
  CreateUser: createUser,
  GetUser: getUser,
  ListUsers: async (input, ctx) => {
    const { page, ...rest } = paged(await underPath(ctx, users, input.PathPrefix), input);
    return { ...rest, Users: page.map(listed) };
  },
  UpdateUser: updateUser,
  PutUserPermissionsBoundary: async (input, ctx) => {
    const user = await userNamed(ctx, input.UserName);
    user.PermissionsBoundary = await boundary(ctx, input.PermissionsBoundary);
    await ctx.save(users, user);
  },
  DeleteUserPermissionsBoundary: async (input, ctx) => {
    const user = await userNamed(ctx, input.UserName);
    delete user.PermissionsBoundary;
    await ctx.save(users, user);
  },
  TagUser: async (input, ctx) => {
    const user = await userNamed(ctx, input.UserName);
    user.Tags = joinedTags(user.Tags, input.Tags);
    await ctx.save(users, user);
  },
  UntagUser: async (input, ctx) => {
    const user = await userNamed(ctx, input.UserName);
    user.Tags = user.Tags?.filter((t) => !input.TagKeys.includes(t.Key!));
    await ctx.save(users, user);
  },
  ListUserTags: async (input, ctx) => {
    const { page, ...rest } = paged((await userNamed(ctx, input.UserName)).Tags ?? [], input);
    return { ...rest, Tags: page };
  },
  DeleteUser: deleteUser,
} satisfies Handlers<IamOperations>;
