import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { modifies, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { placementGroupOf } from '../placement-groups/placement-groups.ts';
import { placeInGroup } from '../placement-groups/placements.ts';
import { invalidInstanceState, unsupportedTenancy } from './errors.ts';
import { instances, type StoredInstance } from './instances.ts';

type Placement = NonNullable<StoredInstance['Placement']>;
type Input = Ec2Operations['ModifyInstancePlacement']['input'];

/** "You can't change the tenancy from host to dedicated or default", nor the other way without a host. */
function tenancyAfter(before: Placement, wish: Input['Tenancy']): Placement['Tenancy'] {
  if (wish === undefined || wish === before.Tenancy) return before.Tenancy;
  throw unsupportedTenancy(`The tenancy of an instance cannot be changed from ${before.Tenancy} to ${wish}.`);
}

/** Where a stopped instance, or one that starts, belongs: its group's rules hold each time. */
export async function placedAnew(instance: StoredInstance, ctx: Context): Promise<void> {
  const { GroupId, PartitionNumber: partition, AvailabilityZone: zone, Tenancy: tenancy } = instance.Placement!;
  if (!GroupId) return;
  const group = await placementGroupOf(ctx, { GroupId });
  Object.assign(instance.Placement!, await placeInGroup(ctx, group, { type: instance.InstanceType!, zone: zone!, tenancy: tenancy!, partition, instanceId: instance.InstanceId! }));
}

export const instancePlacementOperations = {
  /** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/change-instance-placement-group.html */
  ModifyInstancePlacement: modifies(instances, { id: 'InstanceId' }, async (instance, input, ctx) => {
    const { GroupName: name, GroupId: id, PartitionNumber: partition, Tenancy, HostId, HostResourceGroupArn, Affinity } = input;
    if ([name, id, partition, Tenancy, HostId, HostResourceGroupArn, Affinity].every((given) => given === undefined)) throw errors.missingParameter('groupName');
    if (HostId !== undefined || HostResourceGroupArn !== undefined || Affinity !== undefined) throw errors.unsupportedOperation('Dedicated Hosts are not supported by Fogbank yet.');
    if (name && id) throw errors.invalidParameterCombination('Specify a placement group by its name or by its ID, and not by both.');
    if (instance.State!.Name !== 'stopped') throw invalidInstanceState(input.InstanceId, 'stopped');
    const before = instance.Placement!;
    const { GroupName: _name, GroupId: _id, PartitionNumber: _partition, ...place } = before;
    const moved: Placement = { ...place, GroupName: '', Tenancy: tenancyAfter(before, Tenancy) };
    const wanted = name || id ? { GroupName: name || undefined, GroupId: id || undefined } : name === undefined && id === undefined ? { GroupId: before.GroupId } : undefined;
    if (partition !== undefined && !(wanted?.GroupName ?? wanted?.GroupId)) throw errors.invalidParameterCombination('The parameter PartitionNumber requires a placement group');
    instance.Placement = moved;
    if (!wanted || !(wanted.GroupName ?? wanted.GroupId)) return { Return: true };
    const group = await placementGroupOf(ctx, wanted);
    const kept = group.GroupId === before.GroupId ? before.PartitionNumber : undefined;
    Object.assign(moved, await placeInGroup(ctx, group, { type: instance.InstanceType!, zone: moved.AvailabilityZone!, tenancy: moved.Tenancy!, partition: partition ?? kept, instanceId: instance.InstanceId! }));
    return { Return: true };
  }),
} satisfies Handlers<Ec2Operations>;
