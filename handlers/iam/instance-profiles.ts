import type { InstanceProfile } from '@aws-sdk/client-iam';
import type { IamOperations } from '../../fixtures/models/iam.ts';
import type { Wire } from '../../protocols/wire-types.ts';
import { resource, type Context, type Handlers } from '../../src/kit/index.ts';
import { arnOf, checkedTags, joinedTags, paged, underPath, uniqueId, type Entity, type Hidden } from './entities.ts';
import * as errors from './errors.ts';
import { refuseChangeOfLinked } from './protected-roles.ts';
import { briefRole, roles } from './roles.ts';

export type StoredProfile = Omit<Wire<InstanceProfile>, 'Roles'> & Entity & { $: Hidden & { role?: string } };

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html */
export const instanceProfiles = resource<StoredProfile>({
  service: 'iam',
  kind: 'instance-profile',
  global: true,
  shape: 'InstanceProfile',
  id: { member: 'InstanceProfileName' },
  notFound: (names) => errors.noSuchEntity(`Instance Profile ${names[0]} cannot be found.`),
  arn: (p) => p.Arn!,
  references: { '$.role': { kind: 'iam:role' } },
  indexed: ['$.lower'],
});

async function shown(ctx: Context, profile: StoredProfile): Promise<Wire<InstanceProfile>> {
  const { $: hidden, ...rest } = profile;
  return { ...rest, Roles: hidden.role === undefined ? [] : [briefRole(await ctx.get(roles, hidden.role))] } as Wire<InstanceProfile>;
}

export async function shownProfiles(ctx: Context, profiles: readonly StoredProfile[]): Promise<Wire<InstanceProfile>[]> {
  const out = [];
  for (const profile of profiles) out.push(await shown(ctx, profile));
  return out;
}

export const instanceProfileOperations = {
  CreateInstanceProfile: async (input, ctx) => {
    if ((await ctx.list(instanceProfiles, { member: '$.lower', value: input.InstanceProfileName.toLowerCase() })).length > 0) throw errors.entityAlreadyExists(`Instance Profile ${input.InstanceProfileName} already exists.`);
    const path = input.Path ?? '/';
    const profile: StoredProfile = {
      Path: path, InstanceProfileName: input.InstanceProfileName, InstanceProfileId: uniqueId(ctx, 'AIPA'), Arn: arnOf(ctx, 'instance-profile', path, input.InstanceProfileName),
      CreateDate: ctx.wholeSecond, Tags: checkedTags(input.Tags), $: { lower: input.InstanceProfileName.toLowerCase() },
    };
    return { InstanceProfile: await shown(ctx, await ctx.create(instanceProfiles, profile)) };
  },
  GetInstanceProfile: async (input, ctx) => ({ InstanceProfile: await shown(ctx, await ctx.get(instanceProfiles, input.InstanceProfileName)) }),
  ListInstanceProfiles: async (input, ctx) => {
    const { page, ...rest } = paged(await underPath(ctx, instanceProfiles, input.PathPrefix), input);
    return { ...rest, InstanceProfiles: await shownProfiles(ctx, page) };
  },
  ListInstanceProfilesForRole: async (input, ctx) => {
    await ctx.get(roles, input.RoleName);
    const { page, ...rest } = paged(await ctx.list(instanceProfiles, { member: '$.role', value: input.RoleName }), input);
    return { ...rest, InstanceProfiles: await shownProfiles(ctx, page) };
  },
  /** One role at most. https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddRoleToInstanceProfile.html */
  AddRoleToInstanceProfile: async (input, ctx) => {
    const profile = await ctx.get(instanceProfiles, input.InstanceProfileName);
    refuseChangeOfLinked(await ctx.get(roles, input.RoleName));
    if (profile.$.role !== undefined) throw errors.limitExceeded('InstanceSessionsPerInstanceProfile', 1);
    profile.$.role = input.RoleName;
    await ctx.save(instanceProfiles, profile);
  },
  RemoveRoleFromInstanceProfile: async (input, ctx) => {
    const profile = await ctx.get(instanceProfiles, input.InstanceProfileName);
    await ctx.get(roles, input.RoleName);
    if (profile.$.role !== input.RoleName) throw errors.noSuchEntity(`Role ${input.RoleName} in Instance Profile ${input.InstanceProfileName} cannot be found.`);
    delete profile.$.role;
    await ctx.save(instanceProfiles, profile);
  },
  TagInstanceProfile: async (input, ctx) => {
    const profile = await ctx.get(instanceProfiles, input.InstanceProfileName);
    profile.Tags = joinedTags(profile.Tags, input.Tags);
    await ctx.save(instanceProfiles, profile);
  },
  UntagInstanceProfile: async (input, ctx) => {
    const profile = await ctx.get(instanceProfiles, input.InstanceProfileName);
    profile.Tags = profile.Tags?.filter((t) => !input.TagKeys.includes(t.Key!));
    await ctx.save(instanceProfiles, profile);
  },
  ListInstanceProfileTags: async (input, ctx) => {
    const { page, ...rest } = paged((await ctx.get(instanceProfiles, input.InstanceProfileName)).Tags ?? [], input);
    return { ...rest, Tags: page };
  },
  DeleteInstanceProfile: async (input, ctx) => {
    const profile = await ctx.get(instanceProfiles, input.InstanceProfileName);
    if (profile.$.role !== undefined) throw errors.deleteConflict('Cannot delete entity, must remove roles from instance profile first.');
    await ctx.remove(instanceProfiles, profile);
  },
} satisfies Handlers<IamOperations>;
