import type { IamInstanceProfileAssociation } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { AwsError, pagePosition, pageToken, type Context, type Handlers, type Structure } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { instances, type StoredInstance } from './instances.ts';

type Profile = NonNullable<StoredInstance['IamInstanceProfile']>;
type Association = Wire<IamInstanceProfileAssociation>;

interface Wish {
  readonly Arn?: string;
  readonly Name?: string;
}

async function profileMeant(ctx: Context, wish: Wish | undefined): Promise<{ profile: Profile; hasRole: boolean } | undefined> {
  if (wish?.Arn === undefined && wish?.Name === undefined) return undefined;
  const name = wish.Name ?? wish.Arn!.split('/').at(-1)!;
  const stored = (await ctx.findForeign('iam:instance-profile', name)) as { Arn: string; InstanceProfileId: string; $: { role?: string } } | undefined;
  if (!stored || (wish.Arn !== undefined && stored.Arn !== wish.Arn)) throw errors.invalidInstanceProfile(wish);
  return { profile: { Arn: stored.Arn, Id: stored.InstanceProfileId }, hasRole: stored.$.role !== undefined };
}

/** The profile that a name or an ARN means; IAM must have it. */
const profileOf = async (ctx: Context, wish: Wish | undefined): Promise<Profile | undefined> => (await profileMeant(ctx, wish))?.profile;

/** A launch wants a role in it; assumed: an association with a running instance does not. */
export async function profileForLaunch(ctx: Context, wish: Wish | undefined): Promise<Profile | undefined> {
  const { profile, hasRole } = (await profileMeant(ctx, wish)) ?? {};
  if (profile && !hasRole) throw errors.instanceProfileWithoutRole(profile.Arn!);
  return profile;
}

// assumed: the association's id follows from its instance; EC2 gives one that says nothing.
const idOf = (instance: StoredInstance): string => `iip-assoc-${instance.InstanceId!.slice(2)}`;

const associationOf = (instance: StoredInstance): Association => ({
  AssociationId: idOf(instance), InstanceId: instance.InstanceId, IamInstanceProfile: instance.IamInstanceProfile, State: 'associated',
});

async function byAssociation(ctx: Context, id: string): Promise<StoredInstance> {
  const instance = await ctx.find(instances, `i-${id.replace(/^iip-assoc-/, '')}`);
  if (!instance?.IamInstanceProfile) throw new AwsError('NoSuchAssociation', `An invalid association-id of '${id}' was given`);
  return instance;
}

export const instanceProfileAssociationOperations = {
  AssociateIamInstanceProfile: async (input, ctx) => {
    const instance = await ctx.get(instances, input.InstanceId);
    const profile = await profileOf(ctx, input.IamInstanceProfile);
    if (!profile) throw errors.missingParameter('iamInstanceProfile');
    if (instance.IamInstanceProfile) throw errors.incorrectState(`There is an existing association for instance ${input.InstanceId}`);
    instance.IamInstanceProfile = profile;
    await ctx.save(instances, instance);
    return { IamInstanceProfileAssociation: { ...associationOf(instance), State: 'associating' } };
  },
  DescribeIamInstanceProfileAssociations: async (input, ctx) => {
    const tests = (input.Filters ?? []).map(({ Name = '', Values = [] }) => {
      if (Name === 'instance-id') return (a: Association) => Values.includes(a.InstanceId!);
      if (Name === 'state') return (a: Association) => Values.includes(a.State!);
      throw errors.invalidParameterValue(`The filter '${Name}' is invalid`);
    });
    const named = [];
    for (const id of input.AssociationIds ?? []) named.push(await byAssociation(ctx, id));
    const byFilter = (input.Filters ?? []).find((f) => f.Name === 'instance-id')?.Values;
    const some = [];
    for (const id of byFilter ?? []) some.push(await ctx.find(instances, id));
    const candidates = named.length > 0 ? named : byFilter ? some.filter((i) => i !== undefined) : await ctx.list(instances);
    const found = candidates.filter((i) => i.IamInstanceProfile).map(associationOf).filter((a) => tests.every((test) => test(a)));
    const from = pagePosition(input.NextToken, input as Structure, (token) => errors.invalidValue(` ${token} `, 'NextToken', 'The token is invalid.'));
    const to = from + (input.MaxResults ?? found.length);
    return { IamInstanceProfileAssociations: found.slice(from, to), ...(to < found.length ? { NextToken: pageToken(to, input as Structure) } : {}) };
  },
  ReplaceIamInstanceProfileAssociation: async (input, ctx) => {
    const instance = await byAssociation(ctx, input.AssociationId);
    instance.IamInstanceProfile = (await profileOf(ctx, input.IamInstanceProfile))!;
    if (!instance.IamInstanceProfile) throw errors.missingParameter('iamInstanceProfile');
    await ctx.save(instances, instance);
    return { IamInstanceProfileAssociation: { ...associationOf(instance), State: 'associating' } };
  },
  DisassociateIamInstanceProfile: async (input, ctx) => {
    const instance = await byAssociation(ctx, input.AssociationId);
    const before = associationOf(instance);
    delete instance.IamInstanceProfile;
    await ctx.save(instances, instance);
    return { IamInstanceProfileAssociation: { ...before, State: 'disassociating' } };
  },
} satisfies Handlers<Ec2Operations>;
