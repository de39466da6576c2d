import type { VerifiedAccessGroup } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, hours, modifies, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { verifiedAccessInstances } from './instances.ts';
import { changePolicy, encryptionOf, policyOf, type Policy } from './policies.ts';
import { timeOf } from './times.ts';

/** `$` holds the policy, and whether the group is still there. */
export type StoredGroup = Wire<VerifiedAccessGroup> & { $: { policy: Policy; state: 'active' | 'deleted' } };

const gone = (group: StoredGroup): boolean => group.$.state === 'deleted';

/** https://docs.aws.amazon.com/verified-access/latest/ug/verified-access-groups.html */
export const verifiedAccessGroups = resource<StoredGroup>({
  service: 'ec2',
  kind: 'verified-access-group',
  shape: 'VerifiedAccessGroup',
  id: { member: 'VerifiedAccessGroupId', prefix: 'vagr' },
  notFound: general.notFound('InvalidVerifiedAccessGroupId.NotFound', 'Verified Access group ID'),
  malformed: general.malformedId('InvalidVerifiedAccessGroupId.Malformed', 'vagr'),
  inUse: general.hasDependencies('verifiedAccessGroup'),
  state: '$.state',
  // assumed: for an hour a deleted group is described, with the time of its deletion.
  lifecycle: { deleted: { after: hours(1), to: 'gone', paced: false } },
  references: { VerifiedAccessInstanceId: { kind: 'ec2:verified-access-instance', onDelete: (g) => (gone(g) ? 'keep' : 'refuse') } },
});

/** A group that is deleted is described and can be used for nothing. */
export async function liveGroup(ctx: Context, id: string): Promise<StoredGroup> {
  const group = await ctx.get(verifiedAccessGroups, id);
  if (gone(group)) throw verifiedAccessGroups.notFound([id]);
  return group;
}

export const verifiedAccessGroupOperations = {
  CreateVerifiedAccessGroup: creates(verifiedAccessGroups, async (input, ctx): Promise<Partial<StoredGroup>> => {
    await ctx.get(verifiedAccessInstances, input.VerifiedAccessInstanceId);
    const id = ctx.newId(verifiedAccessGroups);
    return {
      VerifiedAccessGroupId: id, VerifiedAccessInstanceId: input.VerifiedAccessInstanceId, Description: input.Description ?? '', Owner: ctx.account,
      VerifiedAccessGroupArn: `arn:aws:ec2:${ctx.region}:${ctx.account}:verified-access-group/${id}`, CreationTime: timeOf(ctx), LastUpdatedTime: timeOf(ctx),
      SseSpecification: encryptionOf(input.SseSpecification), $: { policy: policyOf(input.PolicyDocument), state: 'active' },
    };
  }),
  DescribeVerifiedAccessGroups: describes(verifiedAccessGroups, {
    ids: 'VerifiedAccessGroupIds', visible: (group, input) => input.VerifiedAccessInstanceId === undefined || group.VerifiedAccessInstanceId === input.VerifiedAccessInstanceId,
  }),
  ModifyVerifiedAccessGroup: async (input, ctx) => {
    const group = await liveGroup(ctx, input.VerifiedAccessGroupId);
    if (input.VerifiedAccessInstanceId !== undefined && input.VerifiedAccessInstanceId !== group.VerifiedAccessInstanceId) {
      await ctx.get(verifiedAccessInstances, input.VerifiedAccessInstanceId);
      // assumed: a group moves to another instance only while it has no endpoints.
      await ctx.refuseWhileReferred(verifiedAccessGroups, input.VerifiedAccessGroupId);
      group.VerifiedAccessInstanceId = input.VerifiedAccessInstanceId;
    }
    if (input.Description !== undefined) group.Description = input.Description;
    group.LastUpdatedTime = timeOf(ctx);
    return { VerifiedAccessGroup: await ctx.save(verifiedAccessGroups, group) };
  },
  GetVerifiedAccessGroupPolicy: async (input, ctx) => ({ ...(await liveGroup(ctx, input.VerifiedAccessGroupId)).$.policy }),
  ModifyVerifiedAccessGroupPolicy: modifies(verifiedAccessGroups, { id: 'VerifiedAccessGroupId' }, (group, input, ctx) => {
    if (gone(group)) throw verifiedAccessGroups.notFound([input.VerifiedAccessGroupId]);
    group.LastUpdatedTime = timeOf(ctx);
    return changePolicy(group, input);
  }),
  DeleteVerifiedAccessGroup: async (input, ctx) => {
    const group = await liveGroup(ctx, input.VerifiedAccessGroupId);
    await ctx.refuseWhileReferred(verifiedAccessGroups, input.VerifiedAccessGroupId);
    group.LastUpdatedTime = group.DeletionTime = timeOf(ctx);
    return { VerifiedAccessGroup: await ctx.transition(verifiedAccessGroups, group, 'deleted') };
  },
} satisfies Handlers<Ec2Operations>;
