import type { Ipv6Pool } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { describes, pageOf, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { firstFree } from '../ipam/ranges.ts';
import { contains, formatCidr, overlaps, parseCidr } from '../vpcs/cidr.ts';
import { vpcs } from '../vpcs/vpcs.ts';

export type StoredIpv6Pool = Wire<Ipv6Pool>;

/** IPv6 addresses that somebody brought. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-byoip.html */
export const ipv6Pools = resource<StoredIpv6Pool>({
  service: 'ec2',
  kind: 'ipv6pool-ec2',
  shape: 'Ipv6Pool',
  id: { member: 'PoolId', prefix: 'ipv6pool-ec2' },
  // assumed: the codes, which follow those of public IPv4 pools.
  notFound: errors.notFound('InvalidIpv6PoolID.NotFound', 'pool ID'),
  malformed: errors.malformedId('InvalidIpv6PoolID.Malformed', 'ipv6pool-ec2'),
});

/** VPCs get a /56 of a pool. */
const VPC_LENGTH = 56;

async function associationsOf(ctx: Context, poolId: string): Promise<{ Ipv6Cidr: string; AssociatedResource: string }[]> {
  return (await ctx.list(vpcs)).flatMap((vpc) => (vpc.Ipv6CidrBlockAssociationSet ?? []).filter((a) => a.Ipv6Pool === poolId).map((a) => ({ Ipv6Cidr: a.Ipv6CidrBlock!, AssociatedResource: vpc.VpcId! })));
}

/** A VPC's block of a pool: the wanted one, or the first that is free. */
export async function drawFromIpv6Pool(ctx: Context, poolId: string, wanted: string | undefined): Promise<string> {
  const pool = await ctx.get(ipv6Pools, poolId);
  const spaces = pool.PoolCidrBlocks!.map((b) => parseCidr(b.Cidr!)!);
  const used = (await associationsOf(ctx, poolId)).map((a) => parseCidr(a.Ipv6Cidr)!);
  if (wanted === undefined) {
    const found = firstFree(spaces, used, VPC_LENGTH);
    if (!found) throw errors.invalidParameterValue(`The address pool ${poolId} has no free /${VPC_LENGTH} CIDR block.`);
    return formatCidr(found);
  }
  const cidr = parseCidr(wanted);
  if (!cidr || cidr.version !== 6) throw errors.invalidValue(wanted, 'ipv6CidrBlock', 'This is not a valid IPv6 CIDR block.');
  if (cidr.prefix !== VPC_LENGTH || !spaces.some((s) => contains(s, cidr))) throw errors.invalidVpcRange(wanted);
  if (used.some((u) => overlaps(u, cidr))) throw errors.invalidVpcConflict(wanted);
  return formatCidr(cidr);
}

export const ipv6PoolOperations = {
  DescribeIpv6Pools: describes(ipv6Pools, { ids: 'PoolIds' }),
  GetAssociatedIpv6PoolCidrs: async (input, ctx) => {
    await ctx.get(ipv6Pools, input.PoolId);
    const { items, next } = pageOf(await associationsOf(ctx, input.PoolId), input);
    return { Ipv6CidrAssociations: items, ...next };
  },
} satisfies Handlers<Ec2Operations>;
