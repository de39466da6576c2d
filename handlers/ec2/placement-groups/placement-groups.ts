import type { PlacementGroup } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, deletes, describes, resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { placementGroupDuplicate, placementGroupInUse, placementGroupLimitExceeded, unknownPlacementGroup } from './errors.ts';

export type StoredPlacementGroup = Wire<PlacementGroup>;

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/placement-groups.html */
export const placementGroups = resource<StoredPlacementGroup>({
  service: 'ec2',
  kind: 'placement-group',
  shape: 'PlacementGroup',
  id: { member: 'GroupId', prefix: 'pg' },
  notFound: (ids) => unknownPlacementGroup(ids[0]!),
  malformed: errors.malformedId('InvalidPlacementGroupId.Malformed', 'pg'),
  arn: (g, account, region) => `arn:aws:ec2:${region}:${account}:placement-group/${g.GroupName}`,
  state: 'State',
  lifecycle: { deleting: { after: seconds(2), to: 'gone' } },
  references: { ParentGroupId: { kind: 'ec2:placement-group' } },
  indexed: ['GroupName'],
  conditionKeys: (g) => ({ 'ec2:PlacementGroupName': g.GroupName, 'ec2:PlacementGroupStrategy': g.Strategy }),
});

const NAME_LENGTH_MAX = 255;
/** "The maximum number of partitions is seven per Availability Zone." */
const PARTITIONS_MAX = 7;
const PARTITIONS = 2;
/** "You can create a maximum of 500 placement groups per account in each Region." */
const GROUPS_MAX = 500;

/** A group by its name or its id; one that is being deleted is not there any more. */
export async function placementGroupOf(ctx: Context, { GroupName: name, GroupId: id }: { GroupName?: string | undefined; GroupId?: string | undefined }): Promise<StoredPlacementGroup> {
  const found = id === undefined ? (await ctx.list(placementGroups, { member: 'GroupName', value: name! }))[0] : await ctx.get(placementGroups, id);
  if (!found || found.State === 'deleting') throw unknownPlacementGroup(id ?? name!);
  return found;
}

async function checkParent(ctx: Context, id: string, strategy: string): Promise<void> {
  if (strategy !== 'cluster') throw errors.invalidParameterCombination('The parameter ParentGroupId is valid only for the cluster strategy');
  const parent = await ctx.get(placementGroups, id);
  // assumed: the one strategy that is for parents alone.
  if (parent.Strategy !== 'precision-time') throw errors.invalidParameterValue(`The placement group ${id} cannot be a parent group: its strategy is ${parent.Strategy}`);
}

async function planGroup(input: Ec2Operations['CreatePlacementGroup']['input'], ctx: Context): Promise<StoredPlacementGroup> {
  for (const name of ['LinkedGroupId', 'Operator'] as const) if (input[name] !== undefined) throw errors.unsupportedOperation(`The parameter ${name} is reserved.`);
  const { GroupName: name, Strategy: strategy = 'cluster', PartitionCount: partitions, SpreadLevel: level } = input;
  if (name === undefined || name === '') throw errors.missingParameter('groupName');
  // eslint-disable-next-line no-control-regex -- "Up to 255 ASCII characters"
  if (name.length > NAME_LENGTH_MAX || !/^[\x00-\x7f]*$/.test(name)) throw errors.invalidValue(name, 'groupName', `Constraints: Up to ${NAME_LENGTH_MAX} ASCII characters`);
  if (partitions !== undefined && strategy !== 'partition') throw errors.invalidParameterCombination('The parameter PartitionCount is valid only for the partition strategy');
  if (partitions !== undefined && (partitions < 1 || partitions > PARTITIONS_MAX)) throw errors.invalidValue(partitions, 'partitionCount', `Expecting a value between 1 and ${PARTITIONS_MAX}.`);
  if (level !== undefined && strategy !== 'spread') throw errors.invalidParameterCombination('The parameter SpreadLevel is valid only for the spread strategy');
  if (level === 'host') throw errors.unsupportedOperation('Placement groups with the spread level host are supported on Outposts only.');
  if (input.ParentGroupId !== undefined) await checkParent(ctx, input.ParentGroupId, strategy);
  if ((await ctx.list(placementGroups, { member: 'GroupName', value: name })).length > 0) throw placementGroupDuplicate(name);
  if (ctx.world.settings.quotas && (await ctx.list(placementGroups)).length >= GROUPS_MAX) throw placementGroupLimitExceeded(GROUPS_MAX);
  return {
    GroupName: name, State: 'available', Strategy: strategy, GroupArn: `arn:aws:ec2:${ctx.region}:${ctx.account}:placement-group/${name}`,
    ...(strategy === 'partition' ? { PartitionCount: partitions ?? PARTITIONS } : {}), ...(strategy === 'spread' ? { SpreadLevel: 'rack' } : {}),
    ...(input.ParentGroupId === undefined ? {} : { ParentGroupId: input.ParentGroupId }), Operator: { Managed: false },
  };
}

const deleteGroup = deletes<StoredPlacementGroup, { GroupId: string }, object>(placementGroups, { id: 'GroupId', to: 'deleting' });

export const placementGroupOperations = {
  CreatePlacementGroup: creates(placementGroups, planGroup),
  DescribePlacementGroups: describes(placementGroups, {
    ids: 'GroupIds',
    prepare: async (input, ctx) => {
      const named = [];
      for (const name of input.GroupNames ?? []) {
        const [group] = await ctx.list(placementGroups, { member: 'GroupName', value: name });
        if (!group) throw unknownPlacementGroup(name);
        named.push(group.GroupId!);
      }
      return { ...input, GroupIds: [...(input.GroupIds ?? []), ...named] };
    },
  }),
  DeletePlacementGroup: async (input, ctx) => {
    const group = await placementGroupOf(ctx, input);
    if ((await ctx.referrers(placementGroups, group.GroupId!)).some((r) => r.onDelete === 'refuse')) throw placementGroupInUse(input.GroupName);
    await deleteGroup({ GroupId: group.GroupId! }, ctx);
    return {};
  },
} satisfies Handlers<Ec2Operations>;
