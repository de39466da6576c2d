import type { Context, TagPair } from '../../../src/kit/index.ts';
import { instanceType, type InstanceTypeLimits } from '../catalog/instance-types.ts';
import { zone as zoneNamed } from '../catalog/regions.ts';
import * as errors from '../errors.ts';
import { placementGroupOf, type StoredPlacementGroup } from '../placement-groups/placement-groups.ts';
import { clusterZone } from '../placement-groups/placements.ts';
import { resourceDnsName } from './dns-names.ts';
import { privateAddressLimit } from './errors.ts';
import type { StoredInstance } from './instances.ts';
import { associatePublicIp, attachmentOf, mirror, networkInterfaces, planInterface, type StoredInterface } from '../network-interfaces/network-interfaces.ts';
import { applyLaunchOptions, launchPrefixes } from '../network-interfaces/launch-options.ts';
import type { RunInput } from './run-instances.ts';
import { groupNamed } from '../security-groups/security-groups.ts';
import { subnets, type StoredSubnet } from '../vpcs/subnets.ts';
import { defaultVpc, vpcs } from '../vpcs/vpcs.ts';

/** Where an instance goes, and with which groups. */
export interface LaunchPlace {
  readonly subnet: StoredSubnet;
  readonly groups: readonly string[];
  readonly tenancy: string;
  readonly group?: StoredPlacementGroup;
}

type Specification = NonNullable<RunInput['NetworkInterfaces']>[number];

/** The named subnet, that of the interfaces, or the default VPC's in the wanted zone (else the first that has the type). */
export async function launchPlace(input: RunInput, ctx: Context, offered: (zone: string) => boolean): Promise<LaunchPlace> {
  const specified = input.NetworkInterfaces ?? [];
  if (specified.length > 0 && input.SubnetId !== undefined) throw errors.invalidParameterCombination('Network interfaces and an instance-level subnet ID may not be specified on the same request');
  if (specified.length > 0 && (input.SecurityGroupIds?.length || input.SecurityGroups?.length)) throw errors.invalidParameterCombination('Network interfaces and an instance-level security groups may not be specified on the same request');
  if (input.SubnetId !== undefined && input.SecurityGroups?.length) throw errors.invalidParameterCombination('The parameter groupName cannot be used with the parameter subnet');
  const zone = wantedZone(input.Placement, ctx);
  const { GroupName, GroupId, PartitionNumber, HostResourceGroupArn, SpreadDomain } = input.Placement ?? {};
  if (HostResourceGroupArn || SpreadDomain) throw errors.unsupportedOperation('Host resource groups and spread domains are not supported by Fogbank yet.');
  if (GroupName && GroupId) throw errors.invalidParameterCombination('Specify a placement group by its name or by its ID, and not by both.');
  const group = GroupName || GroupId ? await placementGroupOf(ctx, { GroupName, GroupId: GroupId || undefined }) : undefined;
  if (PartitionNumber !== undefined && !group) throw errors.invalidParameterCombination('The parameter PartitionNumber requires a placement group');
  const home = zone ?? (await clusterZone(ctx, group));
  const subnet = await subnetOf(input, home, specified, ctx, offered);
  if (zone !== undefined && subnet.AvailabilityZone !== zone) throw errors.invalidParameterValue(`The availability zone '${zone}' does not match that of subnet ${subnet.SubnetId}`);
  const named = [];
  for (const name of input.SecurityGroups ?? []) named.push((await groupNamed(ctx, name)).GroupId!);
  const vpc = await ctx.get(vpcs, subnet.VpcId!);
  // Everything in a VPC of dedicated tenancy is dedicated. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/dedicated-instance.html
  const tenancy = vpc.InstanceTenancy === 'dedicated' ? 'dedicated' : (input.Placement?.Tenancy ?? 'default');
  return { subnet, groups: [...(input.SecurityGroupIds ?? []), ...named], tenancy, ...(group ? { group } : {}) };
}

function wantedZone(placement: RunInput['Placement'], ctx: Context): string | undefined {
  const { AvailabilityZone: name, AvailabilityZoneId: id } = placement ?? {};
  if (name && id) throw errors.invalidParameterCombination('Only one of AvailabilityZone and AvailabilityZoneId may be specified');
  const wanted = name || id;
  if (!wanted) return undefined;
  const found = zoneNamed(ctx.region, wanted);
  if (!found) throw errors.invalidParameterValue(`Invalid availability zone: [${wanted}]`);
  return found.ZoneName!;
}

async function subnetOf(input: RunInput, zone: string | undefined, specified: readonly Specification[], ctx: Context, offered: (zone: string) => boolean): Promise<StoredSubnet> {
  if (input.SubnetId !== undefined) return ctx.get(subnets, input.SubnetId);
  const first = specified.find((s) => (s.DeviceIndex ?? 0) === 0);
  if (first?.NetworkInterfaceId !== undefined) return ctx.get(subnets, (await ctx.get(networkInterfaces, first.NetworkInterfaceId)).SubnetId!);
  if (first?.SubnetId !== undefined) return ctx.get(subnets, first.SubnetId);
  const vpc = await defaultVpc(ctx);
  if (!vpc) throw errors.vpcIdNotSpecified();
  const all = (await ctx.list(subnets, { member: 'VpcId', value: vpc.VpcId! })).filter((s) => s.DefaultForAz);
  const found = all.find((s) => (zone === undefined ? offered(s.AvailabilityZone!) : s.AvailabilityZone === zone)) ?? (zone === undefined ? all[0] : undefined);
  if (!found) throw errors.noDefaultSubnet(zone);
  return found;
}

/** The instance's interfaces, attached and in order of their index; new ones are not stored yet. */
export async function planLaunchInterfaces(input: RunInput, place: LaunchPlace, instanceId: string, tags: TagPair[], limits: InstanceTypeLimits, ctx: Context): Promise<StoredInterface[]> {
  const wished: readonly Specification[] = input.NetworkInterfaces?.length ? input.NetworkInterfaces : [{
    DeviceIndex: 0, Groups: [...place.groups], ...(input.PrivateIpAddress === undefined ? {} : { PrivateIpAddress: input.PrivateIpAddress }),
    ...(input.Ipv6AddressCount === undefined ? {} : { Ipv6AddressCount: input.Ipv6AddressCount }), ...(input.Ipv6Addresses === undefined ? {} : { Ipv6Addresses: input.Ipv6Addresses }),
    ...(input.EnablePrimaryIpv6 === undefined ? {} : { PrimaryIpv6: input.EnablePrimaryIpv6 }),
  }];
  if (input.PrivateIpAddress !== undefined && input.MaxCount! > 1) throw errors.invalidParameterCombination('A private IP address may be specified for one instance only');
  if (wished.length > limits.maxInterfaces) throw errors.limitExceeded('AttachmentLimitExceeded', `Interface count ${wished.length} exceeds the limit for the instance type`);
  const indexes = wished.map((w) => w.DeviceIndex);
  if (indexes.some((i) => i === undefined)) throw errors.missingParameter('deviceIndex');
  if (new Set(indexes).size < indexes.length || !indexes.includes(0)) throw errors.invalidParameterValue('Each network interface requires a unique device index, and one the index 0.');
  for (const wish of wished) checkSpecification(wish, input, limits);
  const enis: StoredInterface[] = [];
  for (const wish of [...wished].sort((a, b) => a.DeviceIndex! - b.DeviceIndex!)) enis.push(await planOne(wish, input, place, instanceId, tags, ctx));
  return enis;
}

const UNSUPPORTED = ['AssociateCarrierIpAddress'] as const;

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceNetworkInterfaceSpecification.html */
function checkSpecification(wish: Specification, input: RunInput, limits: InstanceTypeLimits): void {
  for (const name of UNSUPPORTED) if (wish[name] !== undefined && wish[name] !== false) throw errors.unsupportedOperation(`The parameter ${name} is not supported by Fogbank yet.`);
  const listed = wish.PrivateIpAddresses ?? [];
  if (listed.length > 0 && wish.SecondaryPrivateIpAddressCount !== undefined) throw errors.invalidParameterCombination('The parameters privateIpAddresses and secondaryPrivateIpAddressCount may not be used together');
  if (listed.filter((a) => a.Primary).length > 1) throw errors.invalidParameterValue('Only one private IP address can be designated as primary.');
  if (wish.Ipv6Addresses?.length && wish.Ipv6AddressCount !== undefined) throw errors.invalidParameterCombination('The parameters ipv6Addresses and ipv6AddressCount may not be used together');
  if (input.MaxCount! > 1 && (wish.NetworkInterfaceId ?? wish.PrivateIpAddress ?? listed[0] ?? wish.Ipv6Addresses?.[0]) !== undefined) throw errors.invalidParameterCombination('A network interface ID or an IP address may be specified for one instance only');
  if (Math.max(1, listed.length) + (wish.SecondaryPrivateIpAddressCount ?? 0) > limits.ipv4PerInterface) throw privateAddressLimit();
  const { InterfaceType: kind, NetworkCardIndex: card = 0 } = wish;
  const { NetworkInfo: network } = instanceType(input.InstanceType ?? 'm1.small')!;
  if (kind !== undefined && !['interface', 'efa', 'efa-only'].includes(kind)) throw errors.invalidValue(kind, 'interfaceType', 'Valid values: interface | efa | efa-only');
  if (kind?.startsWith('efa') && !network!.EfaSupported) throw errors.unsupportedOperation(`EFA interfaces are not supported on ${input.InstanceType}`);
  if (card < 0 || card >= network!.MaximumNetworkCards!) throw errors.invalidParameterValue(`Network card index '${card}' is not valid for the instance type: it has ${network!.MaximumNetworkCards} network cards`);
}

async function planOne(wish: Specification, input: RunInput, place: LaunchPlace, instanceId: string, tags: TagPair[], ctx: Context): Promise<StoredInterface> {
  if (wish.NetworkInterfaceId !== undefined) {
    const eni = await ctx.get(networkInterfaces, wish.NetworkInterfaceId);
    if (eni.Attachment) throw errors.interfaceInUse(wish.NetworkInterfaceId, eni.Attachment.InstanceId);
    if (eni.AvailabilityZone !== place.subnet.AvailabilityZone) throw errors.invalidParameterCombination('You may not attach a network interface to an instance if they are not in the same availability zone');
    eni.Attachment = attachmentOf(ctx, instanceId, wish.DeviceIndex!, wish.DeleteOnTermination ?? false, wish.NetworkCardIndex ?? 0);
    eni.Status = 'in-use';
    applyLaunchOptions(eni, wish, input.InstanceType ?? 'm1.small');
    return eni;
  }
  // Read again: the one before may have taken addresses of it.
  const subnet = await ctx.get(subnets, wish.SubnetId ?? place.subnet.SubnetId!);
  const listed = wish.PrivateIpAddresses ?? [];
  const primary = wish.PrivateIpAddress ?? listed.find((a) => a.Primary)?.PrivateIpAddress;
  if (!subnet.Ipv6Native && subnet.AvailableIpAddressCount! < Math.max(1, listed.length) + (wish.SecondaryPrivateIpAddressCount ?? 0)) throw errors.insufficientAddresses(subnet.SubnetId!);
  const eni = await planInterface(ctx, {
    subnet, groups: wish.Groups ?? [], description: wish.Description, primary, secondary: listed.filter((a) => !a.Primary && a.PrivateIpAddress !== primary).map((a) => a.PrivateIpAddress!),
    secondaryCount: wish.SecondaryPrivateIpAddressCount ?? 0, ipv6: wish.Ipv6Addresses?.map((a) => a.Ipv6Address!), ipv6Count: wish.Ipv6AddressCount, tags,
    type: (wish.InterfaceType ?? 'interface') as StoredInterface['InterfaceType'],
    ...launchPrefixes(wish),
  });
  if (wish.DeviceIndex === 0 && (input.PrivateDnsNameOptions?.HostnameType ?? subnet.PrivateDnsNameOptionsOnLaunch?.HostnameType) === 'resource-name') eni.PrivateDnsName = resourceDnsName(instanceId, ctx.region);
  eni.Attachment = attachmentOf(ctx, instanceId, wish.DeviceIndex!, wish.DeleteOnTermination ?? true, wish.NetworkCardIndex ?? 0);
  eni.Status = 'in-use';
  applyLaunchOptions(eni, wish, input.InstanceType ?? 'm1.small');
  if (wish.DeviceIndex === 0 && (wish.AssociatePublicIpAddress ?? subnet.MapPublicIpOnLaunch) === true) {
    if ((input.NetworkInterfaces?.length ?? 0) > 1) throw errors.invalidParameterCombination('The associatePublicIpAddress parameter cannot be specified when launching with multiple network interfaces.');
    await associatePublicIp(ctx, eni);
  }
  return eni;
}

/** Stores the interfaces, each once, and shows them in the instance. */
export async function attachLaunchInterfaces(instance: StoredInstance, enis: readonly StoredInterface[], ctx: Context): Promise<void> {
  for (const eni of enis) {
    if (await ctx.find(networkInterfaces, eni.NetworkInterfaceId!)) await ctx.save(networkInterfaces, eni);
    else await ctx.create(networkInterfaces, eni);
    mirror(instance, eni);
  }
}
