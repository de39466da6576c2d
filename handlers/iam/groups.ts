import type { Group } from '@aws-sdk/client-iam';
import type { IamOperations } from '../../fixtures/models/iam.ts';
import type { Wire } from '../../protocols/wire-types.ts';
import { resource, type Context, type Handlers } from '../../src/kit/index.ts';
import { arnOf, byName, paged, refuseNamesake, underPath, uniqueId, type Entity } from './entities.ts';
import * as errors from './errors.ts';
import { userNamed, users, type StoredUser } from './users.ts';

/** Keyed by its unique id, since a group can be renamed. */
export type StoredGroup = Wire<Group> & Entity;

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_groups.html */
export const groups = resource<StoredGroup>({
  service: 'iam',
  kind: 'group',
  global: true,
  shape: 'Group',
  id: { member: 'GroupId' },
  notFound: errors.notFound('group'),
  arn: (g) => g.Arn!,
  tags: null,
  references: { '$.attached': { kind: 'iam:policy' } },
  indexed: ['$.lower'],
});

export const groupNamed = (ctx: Context, name: string): Promise<StoredGroup> => byName(ctx, groups, 'GroupName', name);

const membersOf = async (ctx: Context, group: StoredGroup): Promise<StoredUser[]> => ctx.list(users, { member: '$.groups', value: group.GroupId! });

const GROUPS_PER_USER = 10;

export const groupOperations = {
  CreateGroup: async (input, ctx) => {
    await refuseNamesake(ctx, groups, 'Group', input.GroupName);
    const path = input.Path ?? '/';
    const group: StoredGroup = {
      Path: path, GroupName: input.GroupName, GroupId: uniqueId(ctx, 'AGPA'), Arn: arnOf(ctx, 'group', path, input.GroupName), CreateDate: ctx.wholeSecond,
      $: { lower: input.GroupName.toLowerCase(), attached: [], inline: {} },
    };
    return { Group: await ctx.create(groups, group) };
  },
  GetGroup: async (input, ctx) => {
    const group = await groupNamed(ctx, input.GroupName);
    const { page, ...rest } = paged(await membersOf(ctx, group), input);
    return { ...rest, Group: group, Users: page.map(({ Tags: _tags, PermissionsBoundary: _boundary, ...shown }) => shown) };
  },
  ListGroups: async (input, ctx) => {
    const { page, ...rest } = paged(await underPath(ctx, groups, input.PathPrefix), input);
    return { ...rest, Groups: page };
  },
  ListGroupsForUser: async (input, ctx) => {
    const user = await userNamed(ctx, input.UserName);
    const { page, ...rest } = paged(await ctx.getAll(groups, user.$.groups), input);
    return { ...rest, Groups: page };
  },
  AddUserToGroup: async (input, ctx) => {
    const group = await groupNamed(ctx, input.GroupName);
    const user = await userNamed(ctx, input.UserName);
    if (user.$.groups.includes(group.GroupId!)) return;
    if (user.$.groups.length >= GROUPS_PER_USER) throw errors.limitExceeded('GroupsPerUser', GROUPS_PER_USER);
    user.$.groups.push(group.GroupId!);
    await ctx.save(users, user);
  },
  RemoveUserFromGroup: async (input, ctx) => {
    const group = await groupNamed(ctx, input.GroupName);
    const user = await userNamed(ctx, input.UserName);
    if (!user.$.groups.includes(group.GroupId!)) throw errors.noSuchEntity(`User ${input.UserName} not in group ${input.GroupName}`);
    user.$.groups = user.$.groups.filter((id) => id !== group.GroupId);
    await ctx.save(users, user);
  },
  UpdateGroup: async (input, ctx) => {
    const group = await groupNamed(ctx, input.GroupName);
    if (input.NewGroupName !== undefined && input.NewGroupName.toLowerCase() !== group.$.lower) await refuseNamesake(ctx, groups, 'Group', input.NewGroupName);
    group.GroupName = input.NewGroupName ?? group.GroupName!;
    group.Path = input.NewPath ?? group.Path!;
    group.$.lower = group.GroupName.toLowerCase();
    group.Arn = arnOf(ctx, 'group', group.Path, group.GroupName);
    await ctx.save(groups, group);
  },
  DeleteGroup: async (input, ctx) => {
    const group = await groupNamed(ctx, input.GroupName);
    if ((await membersOf(ctx, group)).length > 0) throw errors.deleteConflict('Cannot delete entity, must remove users from group first.');
    if (group.$.attached!.length > 0) throw errors.deleteConflict('Cannot delete entity, must detach all policies first.');
    if (Object.keys(group.$.inline!).length > 0) throw errors.deleteConflict('Cannot delete entity, must delete policies first.');
    await ctx.remove(groups, group);
  },
} satisfies Handlers<IamOperations>;
