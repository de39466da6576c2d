import type { Context } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import type { StoredInstance } from '../instances/instances.ts';
import type { RunInput } from '../instances/run-instances.ts';
import * as hostErrors from './errors.ts';
import { acceptedTypes, guestsOf, hosts, roomFor, type StoredHost } from './hosts.ts';

/** What a change of placement may say of hosts. */
export type HostChange = Pick<NonNullable<RunInput['Placement']>, 'HostId' | 'Affinity' | 'HostResourceGroupArn'>;

/** What a launch with tenancy `host` wants. */
export interface HostWish {
  readonly type: string;
  readonly zone: string;
  readonly hostId?: string | undefined;
  readonly affinity: 'default' | 'host';
}

/** An instance that names its host goes to the host's zone; naming one means tenancy `host`. */
export async function onHost(input: RunInput, ctx: Context): Promise<RunInput> {
  const id = input.Placement?.HostId;
  if (id === undefined) return input;
  const tenancy = input.Placement?.Tenancy ?? 'host';
  if (tenancy !== 'host') throw errors.invalidParameterCombination(`A host ID can be specified only with the tenancy host, not with ${tenancy}.`);
  const host = await ctx.get(hosts, id);
  const placed = input.SubnetId !== undefined || input.NetworkInterfaces?.length || input.Placement?.AvailabilityZone;
  return { ...input, Placement: { ...input.Placement, Tenancy: 'host', ...(placed ? {} : { AvailabilityZone: host.AvailabilityZone! }) } };
}

/** Checks what a launch says of Dedicated Hosts; nothing where it wants none. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/launching-dedicated-hosts-instances.html */
export async function planHost(placement: RunInput['Placement'], type: string, zone: string, tenancy: string, isSpot: boolean, ctx: Context): Promise<HostWish | undefined> {
  if (placement?.HostResourceGroupArn !== undefined) throw errors.unsupportedOperation('The parameter HostResourceGroupArn is not supported by Fogbank yet.');
  if (tenancy !== 'host') {
    if (placement?.Affinity !== undefined) throw errors.invalidParameterCombination('Affinity can be specified only with the tenancy host.');
    return undefined;
  }
  if (isSpot) throw errors.unsupported('Spot instances are not supported on Dedicated Hosts.');
  const affinity = placement?.Affinity ?? 'default';
  if (affinity !== 'default' && affinity !== 'host') throw errors.invalidValue(affinity, 'affinity', 'Valid values: default | host');
  const hostId = placement?.HostId;
  if (hostId !== undefined) {
    const host = await ctx.get(hosts, hostId);
    if (host.State !== 'available') throw hostErrors.invalidHostState(hostId, host.State!);
    if (host.AvailabilityZone !== zone) throw errors.invalidParameterValue(`The Dedicated Host '${hostId}' is in the Availability Zone ${host.AvailabilityZone}, not in ${zone}.`);
    if (!acceptedTypes(host).includes(type)) throw hostErrors.invalidHostConfiguration(`The Dedicated Host '${hostId}' does not support the instance type ${type}.`);
  }
  return { type, zone, hostId, affinity };
}

/** The hosts that may take an instance: the named one, or those that place automatically. */
async function eligible(wish: HostWish, ctx: Context): Promise<StoredHost[]> {
  if (wish.hostId !== undefined) return [await ctx.get(hosts, wish.hostId)];
  return (await ctx.list(hosts)).filter((host) => host.AutoPlacement === 'on' && host.AvailabilityZone === wish.zone);
}

/** How many of `max` instances the hosts have room for. */
export async function hostedCount(wish: HostWish | undefined, min: number, max: number, ctx: Context): Promise<number> {
  if (!wish) return max;
  let room = 0;
  for (const host of await eligible(wish, ctx)) room += roomFor(host, wish.type, await guestsOf(host.HostId!, ctx));
  if (room < min) throw hostErrors.insufficientCapacityOnHost(wish.hostId);
  return Math.min(room, max);
}

/** The next instance's place. */
export async function takeHost(wish: HostWish | undefined, ctx: Context): Promise<StoredInstance['Placement']> {
  if (!wish) return {};
  for (const host of await eligible(wish, ctx)) {
    if (roomFor(host, wish.type, await guestsOf(host.HostId!, ctx)) > 0) return { HostId: host.HostId!, Affinity: wish.affinity, Tenancy: 'host' };
  }
  throw hostErrors.insufficientCapacityOnHost(wish.hostId);
}

/** An instance that starts again is placed again: on the host that it is bound to, or on any. */
export async function retakeHost(instance: StoredInstance, ctx: Context): Promise<void> {
  const place = instance.Placement!;
  if (place.Tenancy !== 'host') return;
  const wish: HostWish = { type: instance.InstanceType!, zone: place.AvailabilityZone!, hostId: place.HostId, affinity: (place.Affinity ?? 'default') as HostWish['affinity'] };
  instance.Placement = { ...place, ...(await takeHost(wish, ctx)) };
}

/** "Without affinity … a stopped instance can restart on any available host." */
export function leaveHost(instance: StoredInstance): void {
  if (instance.Placement?.HostId !== undefined && instance.Placement.Affinity !== 'host' && /^(stopped|terminated)$/.test(instance.State!.Name!)) delete instance.Placement.HostId;
}

/**
 * Where an instance belongs after what ModifyInstancePlacement says of Dedicated Hosts: it starts on a host that is named, and stays bound to
 * the one that it is on for as long as its affinity says so. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/moving-instances-dedicated-hosts.html
 */
export async function rehosted(instance: StoredInstance, tenancy: string, input: HostChange, ctx: Context): Promise<void> {
  const { HostId: hostId, Affinity: affinity } = input;
  if (hostId !== undefined && tenancy !== 'host') throw errors.invalidParameterCombination(`A host ID can be specified only with the tenancy host, not with ${tenancy}.`);
  const place = instance.Placement!;
  const wish = await planHost(input, instance.InstanceType!, place.AvailabilityZone!, tenancy, instance.InstanceLifecycle === 'spot', ctx);
  if (!wish) {
    delete place.HostId;
    delete place.Affinity;
    return;
  }
  place.Affinity = affinity ?? place.Affinity ?? 'default';
  if (hostId !== undefined) place.HostId = hostId;
  else if (affinity === 'default') leaveHost(instance);
}
