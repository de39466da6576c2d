import { AwsError } from '../../../src/kit/index.ts';
import { contains, formatCidr, includes, lastOf, overlaps, parseCidr, sizeOf, type Cidr } from './cidr.ts';

/** What EC2 allows of ranges: sizes, reserved addresses, which blocks go together in a VPC. */

const cidr = (text: string): Cidr => parseCidr(text)!;

// ---- sizes ----

// https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html and .../subnet-sizing.html
const PREFIX_MIN = 16;
const PREFIX_MAX = 28;
const hasAllowedSize = ({ version, prefix }: Cidr): boolean => version === 4 && prefix >= PREFIX_MIN && prefix <= PREFIX_MAX;

/** "The CIDR '10.0.0.0/8' is invalid.": https://github.com/grycap/im/issues/1011 */
export function checkVpcRange(block: Cidr): void {
  if (!hasAllowedSize(block)) throw new AwsError('InvalidVpc.Range', `The CIDR '${formatCidr(block)}' is invalid.`);
}

/** A subnet's size, and that it lies in one of its VPC's blocks. */
export function checkSubnetRange(block: Cidr, vpcBlocks: readonly Cidr[]): void {
  if (!hasAllowedSize(block) || !vpcBlocks.some((vpcBlock) => contains(vpcBlock, block))) throw new AwsError('InvalidSubnet.Range', `The CIDR '${formatCidr(block)}' is invalid.`);
}

export function checkSubnetConflict(block: Cidr, others: readonly Cidr[]): void {
  if (others.some((other) => overlaps(block, other))) throw new AwsError('InvalidSubnet.Conflict', `The CIDR '${formatCidr(block)}' conflicts with another subnet`);
}

// ---- reserved addresses ----

/** Network, router, DNS, and one for the future. https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html */
export const RESERVED_FIRST = 4;
/** Broadcast. */
export const RESERVED_LAST = 1;

export const usableAddresses = (subnet: Cidr): number => Number(sizeOf(subnet)) - RESERVED_FIRST - RESERVED_LAST;
export const isReserved = (subnet: Cidr, address: bigint): boolean =>
  includes(subnet, address) && (address < subnet.base + BigInt(RESERVED_FIRST) || address > lastOf(subnet) - BigInt(RESERVED_LAST));

// ---- blocks that go together: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html#add-cidr-block-restrictions ----

const RFC_1918 = [cidr('10.0.0.0/8'), cidr('172.16.0.0/12'), cidr('192.168.0.0/16')];
const LINK_LOCAL = cidr('169.254.0.0/16');
const INTERCONNECT = cidr('198.19.0.0/16');
const DEFAULT_VPC = cidr('172.31.0.0/16');
const TEN_FIRST_TWO = cidr('10.0.0.0/15');
const TEN_FIRST = cidr('10.0.0.0/16');

export const isPrivateRfc1918 = (block: Cidr): boolean => RFC_1918.some((range) => contains(range, block));

/** Whether a VPC may have this block beside its own ones, of which the first is the primary. Overlaps are another matter. */
export function isRestricted(block: Cidr, blocks: readonly Cidr[]): boolean {
  const [primary] = blocks;
  if (overlaps(LINK_LOCAL, block)) return true;
  if (!primary) return false;
  const range = RFC_1918.find((one) => contains(one, primary));
  if (!range) return RFC_1918.some((one) => overlaps(one, block)) || (overlaps(INTERCONNECT, block) && !contains(INTERCONNECT, primary));
  if (overlaps(INTERCONNECT, block) || RFC_1918.some((other) => other !== range && overlaps(other, block))) return true;
  if (overlaps(TEN_FIRST, block) && blocks.some((one) => overlaps(TEN_FIRST_TWO, one))) return true;
  return contains(cidr('172.16.0.0/12'), primary) && overlaps(DEFAULT_VPC, block);
}

/** A further block of a VPC: its size, that it overlaps none of the others, and that it may stand beside them. */
export function checkSecondaryBlock(block: Cidr, blocks: readonly Cidr[]): void {
  checkVpcRange(block);
  const overlapping = blocks.find((one) => overlaps(one, block));
  // assumed: the text
  if (overlapping) throw new AwsError('InvalidVpc.Range', `The CIDR '${formatCidr(block)}' conflicts with CIDR '${formatCidr(overlapping)}' of the same VPC.`);
  if (isRestricted(block, blocks)) {
    throw new AwsError('InvalidVpc.Range', `The CIDR '${formatCidr(block)}' is restricted. Use a CIDR from the same private address range as the current VPC CIDR, or use a publicly-routable CIDR. For additional restrictions, see https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Subnets.html#VPC_Sizing`);
  }
}

// ---- IPv6: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html ----

/** What Amazon's pool gives a VPC, and what a subnet takes of it. */
export const IPV6_VPC_PREFIX = 56;
export const IPV6_SUBNET_PREFIX = 64;
