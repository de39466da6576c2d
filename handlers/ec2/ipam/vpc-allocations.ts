import type { Context } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { formatCidr, parseCidr, sameCidr, type Cidr } from '../vpcs/cidr.ts';
import { vpcs, type StoredVpc } from '../vpcs/vpcs.ts';
import { allocate, allocations, chooseCidr, poolToUse } from './allocations.ts';
import * as errors from './errors.ts';
import { blocksOf } from './imports.ts';
import { NO_LOCALE, type StoredPool } from './pools.ts';

/** VPCs and subnets whose blocks come from pools. https://docs.aws.amazon.com/vpc/latest/ipam/create-vpc-ipam.html */

/** A block of a pool that is found and not yet given. */
export interface Planned {
  readonly pool: StoredPool;
  readonly cidr: Cidr;
}

export interface BlockWish {
  readonly poolId: string;
  readonly cidr?: string | undefined;
  readonly length?: number | undefined;
  readonly family: 'ipv4' | 'ipv6';
  /** The tags that the pool may ask for. */
  readonly tags: readonly { Key?: string; Value?: string }[];
}

const hasTags = (pool: StoredPool, tags: BlockWish['tags']): boolean => (pool.AllocationResourceTags ?? []).every((r) => tags.some((t) => t.Key === r.Key && (t.Value ?? '') === (r.Value ?? '')));

async function poolFor(ctx: Context, wish: BlockWish): Promise<StoredPool> {
  const pool = await poolToUse(ctx, wish.poolId);
  if (pool.AddressFamily !== wish.family) throw general.invalidParameterValue(`The address family of the pool ${wish.poolId} is ${pool.AddressFamily}.`);
  // "If you do not choose a locale, resources in Regions cannot use CIDRs from the pool."
  if (pool.Locale === NO_LOCALE) throw general.invalidParameterValue(`The pool ${wish.poolId} has no locale. Resources can only use pools whose locale is their Region.`);
  if (!hasTags(pool, wish.tags)) throw errors.missingTags();
  return pool;
}

/** A VPC's block, found in a pool. */
export async function planBlock(ctx: Context, wish: BlockWish): Promise<Planned> {
  const pool = await poolFor(ctx, wish);
  if (pool.SourceResource) throw general.invalidParameterValue(`The pool ${wish.poolId} plans the subnets of ${pool.SourceResource.ResourceId}.`);
  return { pool, cidr: await chooseCidr(ctx, pool, wish) };
}

/** A subnet's block, found in a pool that plans its VPC. https://docs.aws.amazon.com/vpc/latest/ipam/tutorials-subnet-planning.html */
export async function planSubnetBlock(ctx: Context, wish: BlockWish, vpcId: string): Promise<Planned> {
  const pool = await poolFor(ctx, wish);
  if (!pool.SourceResource) throw errors.noSourceResource(wish.poolId);
  if (pool.SourceResource.ResourceId !== vpcId) throw general.invalidParameterValue(`The source resource of the pool ${wish.poolId} is not ${vpcId}.`);
  return { pool, cidr: await chooseCidr(ctx, pool, wish) };
}

/** Gives what was found. */
export async function giveBlock(ctx: Context, planned: Planned | undefined, type: 'vpc' | 'subnet' | 'eip', id: string): Promise<void> {
  if (planned) await allocate(ctx, planned.pool, planned.cidr, { type, id, region: ctx.region, owner: ctx.account });
}

/** Frees the block of a VPC or subnet that stays. */
export async function freeBlock(ctx: Context, type: 'vpc' | 'subnet', id: string, block: string): Promise<void> {
  for (const allocation of await ctx.list(allocations, { member: type === 'vpc' ? '$.vpcId' : '$.subnetId', value: id })) {
    if (sameCidr(parseCidr(allocation.Cidr!)!, parseCidr(block)!)) await ctx.remove(allocations, allocation);
  }
}

/** What a VPC shows of an IPv6 block that a pool gave. */
export const poolTraits = ({ pool }: Planned) => ({
  Ipv6Pool: 'IPAM Managed', IpSource: pool.IpamScopeType === 'private' ? ('none' as const) : (pool.PublicIpSource as 'amazon' | 'byoip'),
  Ipv6AddressAttribute: pool.IpamScopeType === 'private' ? ('private' as const) : ('public' as const),
});

/** What a planning pool may be given: the blocks of its VPC. */
export async function planningSpace(ctx: Context, pool: StoredPool): Promise<Cidr[]> {
  const { ResourceId, ResourceRegion } = pool.SourceResource!;
  const vpc: StoredVpc | undefined = await ctx.in(ctx.account, ResourceRegion!).find(vpcs, ResourceId!);
  return (vpc ? blocksOf(vpc) : []).map((b) => parseCidr(b)!).filter((b) => b.version === (pool.AddressFamily === 'ipv4' ? 4 : 6));
}

/** The block as text, where one was found. */
export const textOf = (planned: Planned | undefined): string | undefined => planned && formatCidr(planned.cidr);

