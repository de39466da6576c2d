import type { CoipPool } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, deletes, describes, pageOf, resource, wildcardMatcher, type Context, type Handlers } from '../../../src/kit/index.ts';
import { addresses } from '../addresses/addresses.ts';
import { noAddresses } from '../addresses/errors.ts';
import * as general from '../errors.ts';
import type { StoredInterface } from '../network-interfaces/network-interfaces.ts';
import { formatAddress, formatCidr, includes, lastOf, overlaps, parseCidr, parseIpv4, type Cidr } from '../vpcs/cidr.ts';
import { blockConflict, blockMissing, blockUsed, directTable, poolOutOfReach, unknown } from './errors.ts';
import { ready } from './local-gateways.ts';
import { localTables } from './route-tables.ts';
import { reachedBy } from './vpc-associations.ts';

export type StoredCoipPool = Wire<CoipPool>;

/** Addresses of the network where an Outpost stands, for instances on it. https://docs.aws.amazon.com/outposts/latest/userguide/routing.html#ip-addressing */
export const coipPools = resource<StoredCoipPool>({
  service: 'ec2',
  kind: 'coip-pool',
  shape: 'CoipPool',
  id: { member: 'PoolId', prefix: 'ipv4pool-coip' },
  ...unknown('Pool', 'pool', 'ipv4pool-coip'),
  references: { LocalGatewayRouteTableId: { kind: 'ec2:local-gateway-route-table' } },
  filters: { 'coip-pool.pool-id': 'PoolId', 'coip-pool.local-gateway-route-table-id': 'LocalGatewayRouteTableId' },
});

const cidrsOf = (pool: StoredCoipPool): Cidr[] => pool.PoolCidrs!.map((text) => parseCidr(text)!);

const allocated = async (ctx: Context, poolId: string) => ctx.list(addresses, { member: 'CustomerOwnedIpv4Pool', value: poolId });

/** An address of a pool: the wanted one, or the lowest that is free. */
export async function drawCustomerOwned(ctx: Context, poolId: string, wanted: string | undefined): Promise<string> {
  const pool = await ctx.get(coipPools, poolId);
  const taken = new Set((await allocated(ctx, poolId)).map((a) => parseIpv4(a.CustomerOwnedIp!)!));
  if (wanted !== undefined) {
    const address = parseIpv4(wanted);
    if (address === undefined || !cidrsOf(pool).some((c) => includes(c, address))) throw general.invalidParameterValue(`Address ${wanted} is not in the address pool ${poolId}.`);
    if (taken.has(address)) throw general.addressInUse(wanted);
    return wanted;
  }
  for (const cidr of cidrsOf(pool)) for (let address = cidr.base; address <= lastOf(cidr); address++) if (!taken.has(address)) return formatAddress(4, address);
  throw noAddresses(poolId);
}

/** https://docs.aws.amazon.com/outposts/latest/userguide/routing.html#ip-addressing */
export async function refuseOutOfReach(ctx: Context, poolId: string, eni: StoredInterface): Promise<void> {
  const table = await ctx.get(localTables, (await ctx.get(coipPools, poolId)).LocalGatewayRouteTableId!);
  const association = await reachedBy(ctx, table.LocalGatewayId!, eni.VpcId!);
  if (eni.OutpostArn !== table.OutpostArn || association?.LocalGatewayRouteTableId !== table.LocalGatewayRouteTableId) throw poolOutOfReach(poolId, eni.NetworkInterfaceId!);
}

function blockOf(text: string): Cidr {
  const cidr = parseCidr(text);
  if (!cidr || cidr.version !== 4) throw general.invalidValue(text, 'cidr', 'This is not a valid CIDR block.');
  return cidr;
}

const shown = (pool: StoredCoipPool, cidr: Cidr) => ({ CoipCidr: { Cidr: formatCidr(cidr), CoipPoolId: pool.PoolId, LocalGatewayRouteTableId: pool.LocalGatewayRouteTableId } });

async function addCidr(input: Ec2Operations['CreateCoipCidr']['input'], ctx: Context): Promise<Ec2Operations['CreateCoipCidr']['output']> {
  const cidr = blockOf(input.Cidr);
  const pool = await ctx.get(coipPools, input.CoipPoolId);
  // "IP address ranges must not overlap within a routing domain." https://docs.aws.amazon.com/outposts/latest/network-userguide/routing-domains.html
  for (const other of await ctx.list(coipPools, { member: 'LocalGatewayRouteTableId', value: pool.LocalGatewayRouteTableId! })) {
    if (cidrsOf(other).some((c) => overlaps(c, cidr))) throw blockConflict(formatCidr(cidr), other.PoolId!);
  }
  pool.PoolCidrs!.push(formatCidr(cidr));
  await ctx.save(coipPools, pool);
  return shown(pool, cidr);
}

async function removeCidr(input: Ec2Operations['DeleteCoipCidr']['input'], ctx: Context): Promise<Ec2Operations['DeleteCoipCidr']['output']> {
  const cidr = blockOf(input.Cidr);
  const pool = await ctx.get(coipPools, input.CoipPoolId);
  const written = formatCidr(cidr);
  if (!pool.PoolCidrs!.includes(written)) throw blockMissing(written, pool.PoolId!);
  if ((await allocated(ctx, pool.PoolId!)).some((a) => includes(cidr, parseIpv4(a.CustomerOwnedIp!)!))) throw blockUsed(written);
  pool.PoolCidrs = pool.PoolCidrs!.filter((c) => c !== written);
  await ctx.save(coipPools, pool);
  return shown(pool, cidr);
}

type Usage = NonNullable<Ec2Operations['GetCoipPoolUsage']['output']['CoipAddressUsages']>[number];

const USAGE_FILTERS: Readonly<Record<string, keyof Usage>> = {
  'coip-address-usage.allocation-id': 'AllocationId', 'coip-address-usage.aws-account-id': 'AwsAccountId', 'coip-address-usage.aws-service': 'AwsService', 'coip-address-usage.co-ip': 'CoIp',
};

/** "Describes the allocations from the specified customer-owned address pool." */
async function usage(input: Ec2Operations['GetCoipPoolUsage']['input'], ctx: Context): Promise<Ec2Operations['GetCoipPoolUsage']['output']> {
  const pool = await ctx.get(coipPools, input.PoolId);
  // assumed: how EC2 is called there.
  let usages = (await allocated(ctx, input.PoolId)).map((a): Usage => ({ AllocationId: a.AllocationId, AwsAccountId: ctx.account, AwsService: 'ec2', CoIp: a.CustomerOwnedIp }));
  for (const { Name = '', Values = [] } of input.Filters ?? []) {
    const member = Object.hasOwn(USAGE_FILTERS, Name) ? USAGE_FILTERS[Name]! : undefined;
    if (!member) throw general.invalidParameterValue(`The filter '${Name}' is invalid`);
    const accepts = wildcardMatcher(Values);
    usages = usages.filter((u) => accepts(u[member] ?? ''));
  }
  const { items, next } = pageOf(usages, input);
  return { CoipPoolId: pool.PoolId, LocalGatewayRouteTableId: pool.LocalGatewayRouteTableId, CoipAddressUsages: items, ...next };
}

export const coipPoolOperations = {
  CreateCoipPool: creates(coipPools, async (input, ctx) => {
    const table = await ready(ctx, localTables, input.LocalGatewayRouteTableId);
    // "Direct VPC routing and CoIP are mutually exclusive options."
    if (table.Mode !== 'coip') throw directTable(input.LocalGatewayRouteTableId);
    const id = ctx.newId(coipPools);
    return { PoolId: id, PoolArn: `arn:aws:ec2:${ctx.region}:${ctx.account}:coip-pool/${id}`, LocalGatewayRouteTableId: table.LocalGatewayRouteTableId, PoolCidrs: [], Tags: [] };
  }),
  DescribeCoipPools: describes(coipPools, { ids: 'PoolIds' }),
  CreateCoipCidr: addCidr,
  GetCoipPoolUsage: usage,
  DeleteCoipCidr: removeCidr,
  DeleteCoipPool: deletes(coipPools, { id: 'CoipPoolId' }),
} satisfies Handlers<Ec2Operations>;
