import type { Context } from '../../../src/kit/index.ts';
import { formatAddress, includes, lastOf, parseCidr, parseIpv4, parseIpv6, sizeOf } from '../vpcs/cidr.ts';
import * as errors from '../errors.ts';
import { networkInterfaces, type StoredInterface } from './network-interfaces.ts';
import { inPrefix } from './prefixes.ts';
import { subnetCidrReservations } from '../vpcs/subnet-cidr-reservations.ts';
import { RESERVED_FIRST, subnets, type StoredSubnet } from '../vpcs/subnets.ts';

/**
 * Addresses of subnets: no address is given twice, and a full subnet is an error. A subnet's document counts what is
 * left; who has an address is in the interfaces' links.
 */

const IPV4 = 'PrivateIpAddresses.PrivateIpAddress';
const PROBES = 12;

async function isTaken(ctx: Context, subnetId: string, address: string): Promise<boolean> {
  return (await ctx.list(networkInterfaces, { member: IPV4, value: address })).some((e) => e.SubnetId === subnetId) || inPrefix(ctx, subnetId, parseIpv4(address)!);
}

/** Takes the wanted addresses and `count` more of the subnet's choosing; the subnet's document is changed and saved. */
export async function takeIpv4(ctx: Context, subnet: StoredSubnet, wanted: readonly string[], count: number): Promise<string[]> {
  const total = wanted.length + count;
  if (total === 0) return [];
  if (subnet.CidrBlock === undefined || subnet.AvailableIpAddressCount! < total) throw errors.subnetFull();
  const cidr = parseCidr(subnet.CidrBlock)!;
  const first = cidr.base + RESERVED_FIRST;
  const last = lastOf(cidr) - 1n;
  const mine = new Set<string>();
  for (const text of wanted) {
    const address = parseIpv4(text);
    if (address === undefined) throw errors.invalidParameterValue(`Value (${text}) for parameter privateIpAddress is invalid. Invalid IP address.`);
    if (!includes(cidr, address)) throw errors.addressOutside(text);
    if (address < first || address > last) throw errors.invalidParameterValue(`Address ${text} is in subnet's reserved address range`);
    if (mine.has(text) || (await isTaken(ctx, subnet.SubnetId!, text))) throw errors.addressInUse(text);
    mine.add(text);
  }
  while (mine.size < total) mine.add(await freeIpv4(ctx, subnet, first, last, mine));
  subnet.AvailableIpAddressCount! -= total;
  await ctx.save(subnets, subnet);
  return [...mine];
}

/** A random free address, as AWS gives them; where the subnet is crowded, the lowest one. */
async function freeIpv4(ctx: Context, subnet: StoredSubnet, first: bigint, last: bigint, mine: ReadonlySet<string>): Promise<string> {
  const room = Number(last - first) + 1;
  // What a reservation holds is given only to who asks for it. https://docs.aws.amazon.com/vpc/latest/userguide/subnet-cidr-reservation.html
  const reserved = (await ctx.list(subnetCidrReservations, { member: 'SubnetId', value: subnet.SubnetId! })).map((r) => parseCidr(r.Cidr!)!);
  const kept = (address: bigint) => reserved.some((r) => r.version === 4 && includes(r, address));
  if (subnet.AvailableIpAddressCount! > room / 8) {
    for (let probe = 0; probe < PROBES; probe++) {
      const drawn = first + BigInt(ctx.ids.below(room));
      const address = formatAddress(4, drawn);
      if (!kept(drawn) && !mine.has(address) && !(await isTaken(ctx, subnet.SubnetId!, address))) return address;
    }
  }
  const interfaces = await ctx.list(networkInterfaces, { member: 'SubnetId', value: subnet.SubnetId! });
  const taken = new Set(interfaces.flatMap(ipv4Of));
  reserved.push(...interfaces.flatMap((e) => (e.Ipv4Prefixes ?? []).map((p) => parseCidr(p.Ipv4Prefix!)!)));
  for (let address = first; address <= last; address++) {
    const text = formatAddress(4, address);
    if (!kept(address) && !mine.has(text) && !taken.has(text)) return text;
  }
  throw errors.subnetFull();
}

export const ipv4Of = (eni: StoredInterface): string[] => (eni.PrivateIpAddresses ?? []).map((a) => a.PrivateIpAddress!);

export async function giveBackIpv4(ctx: Context, subnetId: string, count: number): Promise<void> {
  const subnet = await ctx.find(subnets, subnetId);
  if (!subnet || count === 0) return;
  subnet.AvailableIpAddressCount! += count;
  await ctx.save(subnets, subnet);
}

/** IPv6 addresses of the subnet's block: the wanted ones and `count` more. */
export async function takeIpv6(ctx: Context, subnet: StoredSubnet, wanted: readonly string[], count: number): Promise<string[]> {
  if (wanted.length + count === 0) return [];
  const block = subnet.Ipv6CidrBlockAssociationSet?.find((a) => a.Ipv6CidrBlockState?.State === 'associated')?.Ipv6CidrBlock;
  if (block === undefined) throw errors.invalidParameterValue(`The subnet '${subnet.SubnetId}' has no IPv6 CIDR block`);
  const cidr = parseCidr(block)!;
  const interfaces = await ctx.list(networkInterfaces, { member: 'SubnetId', value: subnet.SubnetId! });
  const taken = new Set(interfaces.flatMap((e) => (e.Ipv6Addresses ?? []).map((a) => a.Ipv6Address!)));
  const prefixes = interfaces.flatMap((e) => (e.Ipv6Prefixes ?? []).map((p) => parseCidr(p.Ipv6Prefix!)!));
  const mine: string[] = [];
  for (const text of wanted) {
    const address = parseIpv6(text);
    if (address === undefined || !includes(cidr, address)) throw errors.addressOutside(text);
    const written = formatAddress(6, address);
    if (taken.has(written) || prefixes.some((p) => includes(p, address))) throw errors.addressInUse(text);
    taken.add(written);
    mine.push(written);
  }
  while (mine.length < wanted.length + count) {
    const drawn = cidr.base + (BigInt(`0x${ctx.ids.hex(16)}`) % (sizeOf(cidr) - RESERVED_FIRST - 1n)) + RESERVED_FIRST;
    const written = formatAddress(6, drawn);
    if (taken.has(written) || prefixes.some((p) => includes(p, drawn))) continue;
    taken.add(written);
    mine.push(written);
  }
  return mine;
}
