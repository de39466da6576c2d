import type { PublicIpv4Pool } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { allocate, allocations, chooseCidr, poolToUse } from '../ipam/allocations.ts';
import { formatAddress, formatCidr, includes, lastOf, parseCidr, parseIpv4, sizeOf, type Cidr } from '../vpcs/cidr.ts';
import { addresses } from './addresses.ts';
import { noAddresses } from './errors.ts';
import { checkBorderGroup } from './network-border-groups.ts';

/** `$.cidrs` are the blocks of a pool; what is free in them is counted when somebody looks. */
export type StoredPublicPool = Wire<PublicIpv4Pool> & { $?: { cidrs: string[] } };

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-byoip.html */
export const publicIpv4Pools = resource<StoredPublicPool>({
  service: 'ec2',
  kind: 'ipv4pool-ec2',
  shape: 'PublicIpv4Pool',
  id: { member: 'PoolId', prefix: 'ipv4pool-ec2' },
  notFound: errors.notFound('InvalidPublicIpv4PoolID.NotFound', 'pool ID'),
  malformed: errors.malformedId('InvalidPublicIpv4PoolID.Malformed', 'ipv4pool-ec2'),
});

const blocksOf = (pool: StoredPublicPool): string[] => pool.$?.cidrs ?? [];

const takenOf = async (ctx: Context, poolId: string): Promise<bigint[]> => (await ctx.list(addresses, { member: 'PublicIpv4Pool', value: poolId })).map((a) => parseIpv4(a.PublicIp!)!);

/** A pool's blocks with how many of their addresses are free. */
export async function rangesOf(ctx: Context, pool: StoredPublicPool): Promise<{ cidr: string; available: number }[]> {
  const taken = await takenOf(ctx, pool.PoolId!);
  return blocksOf(pool).map((text) => {
    const cidr = parseCidr(text)!;
    return { cidr: text, available: Number(sizeOf(cidr)) - taken.filter((a) => includes(cidr, a)).length };
  });
}

function rangeOf({ cidr: text, available }: { cidr: string; available: number }) {
  const cidr = parseCidr(text)!;
  return { FirstAddress: formatAddress(4, cidr.base), LastAddress: formatAddress(4, lastOf(cidr)), AddressCount: Number(sizeOf(cidr)), AvailableAddressCount: available };
}

async function counted(pool: StoredPublicPool, ctx: Context): Promise<StoredPublicPool> {
  const ranges = (await rangesOf(ctx, pool)).map(rangeOf);
  const sum = (member: 'AddressCount' | 'AvailableAddressCount') => ranges.reduce((all, r) => all + r[member], 0);
  return { ...pool, PoolAddressRanges: ranges, TotalAddressCount: sum('AddressCount'), TotalAvailableAddressCount: sum('AvailableAddressCount') };
}

/** An address of a pool: the wanted one, or the lowest that is free. */
export async function drawFromPool(ctx: Context, poolId: string, wanted: string | undefined): Promise<{ publicIp: string; pool: StoredPublicPool }> {
  const pool = await ctx.get(publicIpv4Pools, poolId);
  const taken = new Set(await takenOf(ctx, poolId));
  const cidrs = blocksOf(pool).map((b) => parseCidr(b)!);
  if (wanted !== undefined) {
    const address = parseIpv4(wanted);
    if (address === undefined || !cidrs.some((c) => includes(c, address))) throw errors.invalidParameterValue(`Address ${wanted} is not in the address pool ${poolId}.`);
    if (taken.has(address)) throw errors.addressInUse(wanted);
    return { publicIp: wanted, pool };
  }
  for (const cidr of cidrs) for (let address = cidr.base; address <= lastOf(cidr); address++) if (!taken.has(address)) return { publicIp: formatAddress(4, address), pool };
  throw noAddresses(poolId);
}

/** The pool of the account that has an address. */
export async function poolOfAddress(ctx: Context, publicIp: string): Promise<StoredPublicPool | undefined> {
  const address = parseIpv4(publicIp);
  if (address === undefined) return undefined;
  return (await ctx.list(publicIpv4Pools)).find((pool) => blocksOf(pool).some((b) => includes(parseCidr(b)!, address)));
}

// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ProvisionPublicIpv4PoolCidr.html
const LENGTH_MIN = 24;

async function provision(input: Ec2Operations['ProvisionPublicIpv4PoolCidr']['input'], ctx: Context): Promise<Ec2Operations['ProvisionPublicIpv4PoolCidr']['output']> {
  const pool = await ctx.get(publicIpv4Pools, input.PoolId);
  if (input.NetworkBorderGroup !== undefined && input.NetworkBorderGroup !== pool.NetworkBorderGroup) throw errors.invalidParameterValue(`The network border group of the pool ${input.PoolId} is ${pool.NetworkBorderGroup}.`);
  // "The least specific netmask length you can define is 24."
  if (input.NetmaskLength < LENGTH_MIN || input.NetmaskLength > 32) throw errors.invalidValue(input.NetmaskLength, 'netmaskLength', 'Possible netmask lengths are 24 - 32.');
  const source = await poolToUse(ctx, input.IpamPoolId);
  if (source.IpamScopeType !== 'public' || source.AddressFamily !== 'ipv4' || source.AwsService !== 'ec2') throw errors.invalidParameterValue(`The pool ${input.IpamPoolId} is not a public IPv4 pool for EC2.`);
  const cidr: Cidr = await chooseCidr(ctx, source, { length: input.NetmaskLength });
  pool.$ = { cidrs: [...blocksOf(pool), formatCidr(cidr)] };
  await ctx.save(publicIpv4Pools, pool);
  await allocate(ctx, source, cidr, { type: 'ec2-public-ipv4-pool', id: input.PoolId, region: ctx.region, owner: ctx.account });
  return { PoolId: input.PoolId, PoolAddressRange: rangeOf({ cidr: formatCidr(cidr), available: Number(sizeOf(cidr)) }) };
}

async function deprovision(input: Ec2Operations['DeprovisionPublicIpv4PoolCidr']['input'], ctx: Context): Promise<Ec2Operations['DeprovisionPublicIpv4PoolCidr']['output']> {
  const pool = await ctx.get(publicIpv4Pools, input.PoolId);
  const cidr = parseCidr(input.Cidr);
  if (!cidr || cidr.version !== 4) throw errors.invalidValue(input.Cidr, 'cidr', 'This is not a valid CIDR block.');
  const written = formatCidr(cidr);
  const held = (await ctx.list(allocations, { member: '$.publicPoolId', value: input.PoolId })).find((a) => a.Cidr === written);
  // assumed: the texts of these, and the code of a block that is in use.
  if (!blocksOf(pool).includes(written)) throw errors.invalidParameterValue(`The CIDR ${written} is not provisioned to the pool ${input.PoolId}.`);
  if (!held) throw errors.unsupportedOperation(`The CIDR ${written} was not provisioned from an IPAM pool. Use DeprovisionByoipCidr instead.`);
  if ((await takenOf(ctx, input.PoolId)).some((a) => includes(cidr, a))) throw errors.dependencyViolation(`The CIDR ${written} has allocated addresses.`);
  pool.$ = { cidrs: blocksOf(pool).filter((b) => b !== written) };
  await ctx.save(publicIpv4Pools, pool);
  await ctx.remove(allocations, held);
  return { PoolId: input.PoolId, DeprovisionedAddresses: [written] };
}

export const publicIpv4PoolOperations = {
  CreatePublicIpv4Pool: creates(publicIpv4Pools, async (input, ctx) => ({ Description: '', NetworkBorderGroup: await checkBorderGroup(ctx, input.NetworkBorderGroup), Tags: [], $: { cidrs: [] } })),
  DescribePublicIpv4Pools: describes(publicIpv4Pools, { ids: 'PoolIds', complete: counted }),
  ProvisionPublicIpv4PoolCidr: provision,
  DeprovisionPublicIpv4PoolCidr: deprovision,
  DeletePublicIpv4Pool: async (input, ctx) => {
    const pool = await ctx.get(publicIpv4Pools, input.PoolId);
    if (input.NetworkBorderGroup !== undefined && input.NetworkBorderGroup !== pool.NetworkBorderGroup) throw publicIpv4Pools.notFound([input.PoolId]);
    // "You must deprovision all CIDRs of the pool first." https://docs.aws.amazon.com/vpc/latest/ipam/tutorials-byoip-ipam-ipv4.html
    if (blocksOf(pool).length > 0) throw errors.dependencyViolation(`The pool ${input.PoolId} has provisioned CIDRs and cannot be deleted.`);
    await ctx.remove(publicIpv4Pools, pool);
    return { ReturnValue: true };
  },
} satisfies Handlers<Ec2Operations>;
