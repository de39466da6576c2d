import { AwsError, type Context } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { common, firstFree } from '../ipam/ranges.ts';
import { contains, formatCidr, lastOf, overlaps, parseCidr, type Cidr } from '../vpcs/cidr.ts';
import { subnetCidrReservations } from '../vpcs/subnet-cidr-reservations.ts';
import { RESERVED_FIRST, subnets, type StoredSubnet } from '../vpcs/subnets.ts';
import { networkInterfaces, type StoredInterface } from './network-interfaces.ts';
import { ipv4Of } from './private-addresses.ts';

/**
 * Whole blocks of addresses of an interface: /28 of IPv4, /80 of IPv6.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-prefix-eni.html
 */
const LENGTH = { 4: 28, 6: 80 } as const;
/** How many of its subnet's addresses a prefix is. */
export const ADDRESSES_A_PREFIX = 16;

/** A wish for prefixes: certain ones, or a number. */
export interface PrefixWish {
  readonly wanted?: readonly string[] | undefined;
  readonly count?: number | undefined;
}

export const wishes = ({ wanted, count }: PrefixWish): boolean => wanted !== undefined || count !== undefined;

/** "You can't specify IPv4 prefixes if you've specified a count of IPv4 prefixes, specific private IPv4 addresses, or a count of private IPv4 addresses." */
export function checkPrefixWish(version: 4 | 6, wish: PrefixWish, others: boolean): void {
  if (wish.wanted !== undefined && wish.count !== undefined) throw errors.invalidParameterCombination(`The parameters ipv${version}Prefixes and ipv${version}PrefixCount may not be used together`);
  if (wishes(wish) && others) throw errors.invalidParameterCombination(`IPv${version} prefixes may not be used together with IPv${version} addresses or their count`);
  if (wish.count !== undefined && wish.count < 0) throw errors.invalidValue(wish.count, `ipv${version}PrefixCount`);
}

const insufficient = (): AwsError => new AwsError('InsufficientCidrBlocks', 'The specified subnet does not have enough free cidr blocks to satisfy the request.');
/** Of an interface that is made with prefixes of IPv4: https://github.com/aws/amazon-vpc-cni-k8s/issues/3105 */
export const noPrefixesForNew = (): AwsError => errors.invalidParameterValue("There aren't sufficient free Ipv4 addresses or prefixes");

const host = (version: 4 | 6, base: bigint): Cidr => ({ version, base, prefix: version === 4 ? 32 : 128 });

/** What of a subnet somebody has, the addresses that AWS keeps among it. */
async function usedIn(ctx: Context, subnetId: string, block: Cidr): Promise<Cidr[]> {
  const interfaces = await ctx.list(networkInterfaces, { member: 'SubnetId', value: subnetId });
  const texts = block.version === 4
    ? interfaces.flatMap((e) => [...ipv4Of(e).map((a) => `${a}/32`), ...(e.Ipv4Prefixes ?? []).map((p) => p.Ipv4Prefix!)])
    : interfaces.flatMap((e) => [...(e.Ipv6Addresses ?? []).map((a) => `${a.Ipv6Address}/128`), ...(e.Ipv6Prefixes ?? []).map((p) => p.Ipv6Prefix!)]);
  const kept = Array.from({ length: Number(RESERVED_FIRST) }, (_, i) => host(block.version, block.base + BigInt(i)));
  return [...kept, host(block.version, lastOf(block)), ...texts.map((t) => parseCidr(t)!)];
}

/** Takes the wanted prefixes and `count` more of the subnet's choosing; IPv4 ones count among the subnet's addresses. */
export async function takePrefixes(ctx: Context, subnet: StoredSubnet, version: 4 | 6, wish: PrefixWish, shortage = insufficient): Promise<string[]> {
  const total = (wish.wanted?.length ?? 0) + (wish.count ?? 0);
  if (total === 0) return [];
  const text = version === 4 ? subnet.CidrBlock : subnet.Ipv6CidrBlockAssociationSet?.find((a) => a.Ipv6CidrBlockState?.State === 'associated')?.Ipv6CidrBlock;
  if (text === undefined) throw errors.invalidParameterValue(`The subnet '${subnet.SubnetId}' has no IPv${version} CIDR block`);
  const block = parseCidr(text)!;
  const used = await usedIn(ctx, subnet.SubnetId!, block);
  const taken = (wish.wanted ?? []).map((one) => {
    const prefix = wantedPrefix(one, version, block);
    if (used.some((u) => overlaps(u, prefix))) throw errors.addressInUse(one);
    used.push(prefix);
    return prefix;
  });
  const reservations = (await ctx.list(subnetCidrReservations, { member: 'SubnetId', value: subnet.SubnetId! })).map((r) => ({ type: r.ReservationType, cidr: parseCidr(r.Cidr!)! })).filter((r) => r.cidr.version === version);
  const forPrefixes = reservations.filter((r) => r.type === 'prefix').map((r) => r.cidr);
  const forOthers = reservations.filter((r) => r.type !== 'prefix').map((r) => r.cidr);
  while (taken.length < total) {
    // "AWS assigns prefixes from the CIDR reservation" where there is one. https://docs.aws.amazon.com/vpc/latest/userguide/subnet-cidr-reservation.html
    const found = firstFree(common(forPrefixes, [block]), used, LENGTH[version]) ?? firstFree([block], [...used, ...forOthers], LENGTH[version]);
    if (!found) throw shortage();
    used.push(found);
    taken.push(found);
  }
  if (version === 4) {
    subnet.AvailableIpAddressCount! -= total * ADDRESSES_A_PREFIX;
    await ctx.save(subnets, subnet);
  }
  return taken.map(formatCidr);
}

function wantedPrefix(text: string, version: 4 | 6, block: Cidr): Cidr {
  const cidr = parseCidr(text);
  if (!cidr || cidr.version !== version || cidr.prefix !== LENGTH[version] || formatCidr(cidr) !== text.toLowerCase()) throw errors.invalidValue(text, `ipv${version}Prefix`, `The prefix must be a /${LENGTH[version]} IPv${version} CIDR block.`);
  if (!contains(block, cidr)) throw errors.addressOutside(text);
  return cidr;
}

/** Whether an address is in a prefix that some interface of the subnet has. */
export async function inPrefix(ctx: Context, subnetId: string, address: bigint): Promise<boolean> {
  const text = formatCidr({ version: 4, base: (address >> 4n) << 4n, prefix: LENGTH[4] });
  return (await ctx.list(networkInterfaces, { member: 'Ipv4Prefixes.Ipv4Prefix', value: text })).some((e) => e.SubnetId === subnetId);
}

/** How many of its subnet's IPv4 addresses an interface has. */
export const ipv4CountOf = (eni: StoredInterface): number => ipv4Of(eni).length + ADDRESSES_A_PREFIX * (eni.Ipv4Prefixes?.length ?? 0);
