import type { Context } from '../../../src/kit/index.ts';
import { instanceType } from '../catalog/instance-types.ts';
import * as errors from '../errors.ts';
import { instances, type StoredInstance } from '../instances/instances.ts';
import { placementGroupElsewhere, spreadFull, strategyNotSupported } from './errors.ts';
import type { StoredPlacementGroup } from './placement-groups.ts';

/** "A rack spread placement group supports a maximum of seven running instances per Availability Zone." */
const SPREAD_MAX = 7;

/** What is to be placed in a group. */
export interface Placing {
  readonly type: string;
  readonly zone: string;
  readonly tenancy: string;
  readonly partition?: number | undefined;
  /** Where it is an instance that is there already. */
  readonly instanceId?: string;
}

type GroupPlacement = Pick<NonNullable<StoredInstance['Placement']>, 'GroupName' | 'GroupId' | 'PartitionNumber'>;

const active = (i: StoredInstance): boolean => /^(pending|running|stopping)$/.test(i.State!.Name!);

const membersOf = async (ctx: Context, group: StoredPlacementGroup): Promise<StoredInstance[]> => (await ctx.list(instances, { member: 'Placement.GroupId', value: group.GroupId! })).filter((i) => i.State!.Name !== 'terminated');

/** The zone that a cluster is in, while anything of it runs. */
export async function clusterZone(ctx: Context, group: StoredPlacementGroup | undefined): Promise<string | undefined> {
  if (group?.Strategy !== 'cluster') return undefined;
  return (await membersOf(ctx, group)).find(active)?.Placement?.AvailabilityZone;
}

/** What an instance shows of its place in a group, once the rules of the strategy allow it. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/placement-strategies.html */
export async function placeInGroup(ctx: Context, group: StoredPlacementGroup, placing: Placing): Promise<GroupPlacement> {
  const strategy = group.Strategy!;
  const others = (await membersOf(ctx, group)).filter((i) => i.InstanceId !== placing.instanceId);
  if (placing.partition !== undefined && strategy !== 'partition') throw errors.invalidParameterCombination('The parameter PartitionNumber is valid only for placement groups with the partition strategy');
  // assumed: groups for precise time hold groups and no instances.
  if (strategy === 'precision-time') throw errors.invalidParameterCombination(`Instances cannot be placed in the placement group '${group.GroupName}' with the strategy ${strategy}`);
  if (!instanceType(placing.type)!.PlacementGroupInfo!.SupportedStrategies!.includes(strategy)) throw strategyNotSupported(strategy, placing.type);
  if (placing.tenancy === 'host' || (strategy === 'spread' && placing.tenancy !== 'default')) throw errors.invalidParameterCombination(`Instances with the tenancy ${placing.tenancy} cannot be placed in a placement group with the strategy ${strategy}`);
  const elsewhere = strategy === 'cluster' ? others.find((i) => active(i) && i.Placement!.AvailabilityZone !== placing.zone) : undefined;
  if (elsewhere) throw placementGroupElsewhere(group.GroupName!, elsewhere.Placement!.AvailabilityZone!);
  if (strategy === 'spread' && others.filter((i) => active(i) && i.Placement!.AvailabilityZone === placing.zone).length >= SPREAD_MAX) throw spreadFull(group.GroupName!, placing.zone, SPREAD_MAX);
  return {
    GroupName: group.GroupName, GroupId: group.GroupId, ...(strategy === 'partition' ? { PartitionNumber: partitionFor(group, placing, others) } : {}),
  };
}

/** The wanted partition, or the one with the fewest instances: "Amazon EC2 tries to evenly distribute the instances across all partitions." */
function partitionFor(group: StoredPlacementGroup, { partition, zone }: Placing, others: readonly StoredInstance[]): number {
  const count = group.PartitionCount!;
  if (partition !== undefined) {
    if (partition < 1 || partition > count) throw errors.invalidValue(partition, 'partitionNumber', `Expecting a value between 1 and ${count}.`);
    return partition;
  }
  const sizes = Array.from({ length: count }, (_, i) => others.filter((o) => o.Placement!.AvailabilityZone === zone && o.Placement!.PartitionNumber === i + 1).length);
  return sizes.indexOf(Math.min(...sizes)) + 1;
}
