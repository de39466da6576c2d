import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { modifies, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { rehosted } from '../hosts/host-placement.ts';
import { placementGroupOf } from '../placement-groups/placement-groups.ts';
import { placeInGroup } from '../placement-groups/placements.ts';
import { invalidInstanceState, unsupportedTenancy } from './errors.ts';
import { instances, type StoredInstance } from './instances.ts';

type Placement = NonNullable<StoredInstance['Placement']>;
type Input = Ec2Operations['ModifyInstancePlacement']['input'];

/**
 * From dedicated to host and back it may change, from and to default not: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/dedicated-change-tenancy.html.
 * Of T3, which is launched on its host, it stays: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstancePlacement.html
 */
function tenancyAfter({ Placement: before, InstanceType: type }: StoredInstance, wish: Input['Tenancy']): NonNullable<Placement['Tenancy']> {
  const had = before!.Tenancy!;
  if (wish === undefined || wish === had) return had;
  if (wish === 'default' || had === 'default' || type!.startsWith('t3.')) throw unsupportedTenancy(`The tenancy of an instance cannot be changed from ${had} to ${wish}.`);
  return wish;
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
    if (name && id) throw errors.invalidParameterCombination('Specify a placement group by its name or by its ID, and not by both.');
    // "To modify the host ID, tenancy, placement group, or partition for an instance, the instance must be in the stopped state": its affinity alone may change while it runs.
    const affinityAlone = [name, id, partition, Tenancy, HostId].every((given) => given === undefined);
    if (!affinityAlone && instance.State!.Name !== 'stopped') throw invalidInstanceState(input.InstanceId, 'stopped');
    const tenancy = tenancyAfter(instance, Tenancy);
    await rehosted(instance, tenancy, { HostId, HostResourceGroupArn, Affinity }, ctx);
    if (affinityAlone) return { Return: true };
    const before = instance.Placement!;
    const { GroupName: _name, GroupId: _id, PartitionNumber: _partition, ...place } = before;
    const moved: Placement = { ...place, GroupName: '', Tenancy: tenancy };
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
