import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Context, Handlers } from '../../../src/kit/index.ts';
import { releaseAssociation } from '../addresses/addresses.ts';
import * as errors from '../errors.ts';
import { instances } from '../instances/instances.ts';
import { subnets } from '../vpcs/subnets.ts';
import { checkFits } from './interface-options.ts';
import { clearAssociation, networkInterfaces, privateAddress, saveInterface, type StoredInterface } from './network-interfaces.ts';
import { ADDRESSES_A_PREFIX, checkPrefixWish, takePrefixes, wishes } from './prefixes.ts';
import { giveBackIpv4, ipv4Of, takeIpv4, takeIpv6 } from './private-addresses.ts';

/** Addresses and prefixes that an interface gets and loses. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-secondary-ip-addresses.html */

/** Refuses what the instance of an attached interface cannot take. */
async function refuseTooMany(ctx: Context, eni: StoredInterface): Promise<void> {
  const instance = eni.Attachment?.InstanceId === undefined ? undefined : await ctx.find(instances, eni.Attachment.InstanceId);
  if (instance) checkFits(eni, instance.InstanceType!);
}

/** The other interface of the subnet that has an address. */
async function holderOf(ctx: Context, eni: StoredInterface, address: string): Promise<StoredInterface | undefined> {
  const holders = await ctx.list(networkInterfaces, { member: 'PrivateIpAddresses.PrivateIpAddress', value: address });
  return holders.find((e) => e.SubnetId === eni.SubnetId && e.NetworkInterfaceId !== eni.NetworkInterfaceId);
}

/** https://github.com/ansible-collections/amazon.aws/blob/main/tests/integration/targets/ec2_eni/tasks/test_ipaddress_assign.yaml expects these words of AWS. */
async function refuseMoves(ctx: Context, eni: StoredInterface, wanted: readonly string[]): Promise<void> {
  const held: string[] = [];
  for (const address of wanted) if (await holderOf(ctx, eni, address)) held.push(address);
  if (held.length > 0) throw errors.invalidParameterValue(`[${held.join(', ')}] assigned, but move is not allowed.`);
}

/** "Indicates whether to allow an IP address that is already assigned to another network interface to be reassigned." */
async function takeFromOthers(ctx: Context, eni: StoredInterface, wanted: readonly string[]): Promise<void> {
  for (const address of wanted) {
    const holder = await holderOf(ctx, eni, address);
    if (!holder || holder.PrivateIpAddresses!.some((a) => a.PrivateIpAddress === address && a.Primary)) continue;
    await loseIpv4(ctx, holder, [address]);
  }
}

async function assignIpv4(input: Ec2Operations['AssignPrivateIpAddresses']['input'], ctx: Context): Promise<Ec2Operations['AssignPrivateIpAddresses']['output']> {
  const wanted = input.PrivateIpAddresses ?? [];
  const prefixes = { wanted: input.Ipv4Prefixes, count: input.Ipv4PrefixCount };
  checkPrefixWish(4, prefixes, wanted.length > 0 || input.SecondaryPrivateIpAddressCount !== undefined);
  if (wanted.length === 0 && input.SecondaryPrivateIpAddressCount === undefined && !wishes(prefixes)) throw errors.missingParameter('secondaryPrivateIpAddressCount or privateIpAddresses');
  if (wanted.length > 0 && input.SecondaryPrivateIpAddressCount !== undefined) throw errors.invalidParameterCombination('The parameters privateIpAddresses and secondaryPrivateIpAddressCount may not be used together');
  const eni = await ctx.get(networkInterfaces, input.NetworkInterfaceId);
  await (input.AllowReassignment === true ? takeFromOthers : refuseMoves)(ctx, eni, wanted);
  const kept = wanted.filter((a) => !ipv4Of(eni).includes(a));
  const taken = await takeIpv4(ctx, await ctx.get(subnets, eni.SubnetId!), kept, input.SecondaryPrivateIpAddressCount ?? 0);
  const blocks = (await takePrefixes(ctx, await ctx.get(subnets, eni.SubnetId!), 4, prefixes)).map((Ipv4Prefix) => ({ Ipv4Prefix }));
  eni.PrivateIpAddresses!.push(...taken.map((a) => privateAddress(ctx, a, false)));
  if (blocks.length > 0) eni.Ipv4Prefixes = [...(eni.Ipv4Prefixes ?? []), ...blocks];
  await refuseTooMany(ctx, eni);
  await saveInterface(ctx, eni);
  return { NetworkInterfaceId: eni.NetworkInterfaceId, AssignedPrivateIpAddresses: taken.map((PrivateIpAddress) => ({ PrivateIpAddress })), ...(blocks.length > 0 ? { AssignedIpv4Prefixes: blocks } : {}) };
}

/** Secondary addresses go back to the subnet, and lose their public ones. */
async function loseIpv4(ctx: Context, eni: StoredInterface, gone: readonly string[]): Promise<void> {
  for (const address of gone) {
    const held = eni.PrivateIpAddresses!.find((a) => a.PrivateIpAddress === address);
    if (!held || held.Primary) throw errors.invalidParameterValue(`Some of the specified addresses are not assigned to interface ${eni.NetworkInterfaceId}`);
    if (held.Association?.AllocationId) await releaseAssociation(ctx, held.Association.AllocationId);
    if (held.Association) clearAssociation(eni, held.Association);
  }
  eni.PrivateIpAddresses = eni.PrivateIpAddresses!.filter((a) => !gone.includes(a.PrivateIpAddress!));
  await saveInterface(ctx, eni);
  await giveBackIpv4(ctx, eni.SubnetId!, new Set(gone).size);
}

async function unassignIpv4(input: Ec2Operations['UnassignPrivateIpAddresses']['input'], ctx: Context): Promise<Record<string, never>> {
  const eni = await ctx.get(networkInterfaces, input.NetworkInterfaceId);
  const [gone, prefixes] = [input.PrivateIpAddresses ?? [], [...new Set(input.Ipv4Prefixes ?? [])]];
  if (gone.length + prefixes.length === 0) throw errors.missingParameter('privateIpAddress');
  if (!prefixes.every((p) => eni.Ipv4Prefixes?.some((h) => h.Ipv4Prefix === p))) throw errors.invalidParameterValue(`Some of the specified prefixes are not assigned to interface ${input.NetworkInterfaceId}`);
  if (prefixes.length > 0) eni.Ipv4Prefixes = eni.Ipv4Prefixes!.filter((p) => !prefixes.includes(p.Ipv4Prefix!));
  await loseIpv4(ctx, eni, gone);
  await giveBackIpv4(ctx, eni.SubnetId!, prefixes.length * ADDRESSES_A_PREFIX);
  return {};
}

async function assignIpv6(input: Ec2Operations['AssignIpv6Addresses']['input'], ctx: Context): Promise<Ec2Operations['AssignIpv6Addresses']['output']> {
  const prefixes = { wanted: input.Ipv6Prefixes, count: input.Ipv6PrefixCount };
  checkPrefixWish(6, prefixes, (input.Ipv6Addresses?.length ?? 0) > 0 || input.Ipv6AddressCount !== undefined);
  const eni = await ctx.get(networkInterfaces, input.NetworkInterfaceId);
  const subnet = await ctx.get(subnets, eni.SubnetId!);
  const taken = await takeIpv6(ctx, subnet, input.Ipv6Addresses ?? [], input.Ipv6AddressCount ?? 0);
  const blocks = await takePrefixes(ctx, subnet, 6, prefixes);
  eni.Ipv6Addresses = [...(eni.Ipv6Addresses ?? []), ...taken.map((Ipv6Address) => ({ Ipv6Address, IsPrimaryIpv6: false }))];
  if (blocks.length > 0) eni.Ipv6Prefixes = [...(eni.Ipv6Prefixes ?? []), ...blocks.map((Ipv6Prefix) => ({ Ipv6Prefix }))];
  await refuseTooMany(ctx, eni);
  await saveInterface(ctx, eni);
  return { NetworkInterfaceId: eni.NetworkInterfaceId, AssignedIpv6Addresses: taken, ...(blocks.length > 0 ? { AssignedIpv6Prefixes: blocks } : {}) };
}

async function unassignIpv6(input: Ec2Operations['UnassignIpv6Addresses']['input'], ctx: Context): Promise<Ec2Operations['UnassignIpv6Addresses']['output']> {
  const eni = await ctx.get(networkInterfaces, input.NetworkInterfaceId);
  const [gone, prefixes] = [input.Ipv6Addresses ?? [], input.Ipv6Prefixes ?? []];
  if (!gone.every((a) => eni.Ipv6Addresses?.some((h) => h.Ipv6Address === a))) throw errors.invalidParameterValue(`Some of the specified addresses are not assigned to interface ${input.NetworkInterfaceId}`);
  if (!prefixes.every((p) => eni.Ipv6Prefixes?.some((h) => h.Ipv6Prefix === p))) throw errors.invalidParameterValue(`Some of the specified prefixes are not assigned to interface ${input.NetworkInterfaceId}`);
  // "You cannot unassign the primary IPv6 address." https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterfaceIpv6Address.html
  const primary = eni.Ipv6Addresses?.find((a) => a.IsPrimaryIpv6 && gone.includes(a.Ipv6Address!));
  if (primary) throw errors.unsupportedOperation(`The address ${primary.Ipv6Address} is the primary IPv6 address of the network interface.`);
  eni.Ipv6Addresses = (eni.Ipv6Addresses ?? []).filter((a) => !gone.includes(a.Ipv6Address!));
  if (prefixes.length > 0) eni.Ipv6Prefixes = eni.Ipv6Prefixes!.filter((p) => !prefixes.includes(p.Ipv6Prefix!));
  await saveInterface(ctx, eni);
  return { NetworkInterfaceId: eni.NetworkInterfaceId, UnassignedIpv6Addresses: gone, ...(prefixes.length > 0 ? { UnassignedIpv6Prefixes: prefixes } : {}) };
}

export const addressAssignmentOperations = {
  AssignPrivateIpAddresses: assignIpv4,
  UnassignPrivateIpAddresses: unassignIpv4,
  AssignIpv6Addresses: assignIpv6,
  UnassignIpv6Addresses: unassignIpv6,
} satisfies Handlers<Ec2Operations>;
