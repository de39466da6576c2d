import type { Context } from '../../../src/kit/index.ts';
import { contains, overlaps, parseCidr, sameCidr, type Cidr } from '../vpcs/cidr.ts';
import { vpcs, type StoredVpc } from '../vpcs/vpcs.ts';
import { allocate, allocations, usedOf } from './allocations.ts';
import { provisionedOf } from './pool-cidrs.ts';
import { importingPools } from './pool-presences.ts';
import { isIgnored } from './resource-overrides.ts';
import { NO_LOCALE, type StoredPool } from './pools.ts';

/**
 * Auto import: what lies in a pool's range and nobody allocated becomes an allocation, whatever the pool's rules say.
 * https://docs.aws.amazon.com/vpc/latest/ipam/how-it-works-ipam.html
 */
// assumed: at once, where AWS takes minutes to look around.

export const blocksOf = (vpc: StoredVpc): string[] => [...(vpc.CidrBlockAssociationSet ?? []).map((a) => a.CidrBlock!), ...(vpc.Ipv6CidrBlockAssociationSet ?? []).map((a) => a.Ipv6CidrBlock!)];

/** Takes in every VPC of the pool's locale, where `fresh` is what the pool is just getting. */
export async function importResources(place: Context, pool: StoredPool, fresh: readonly Cidr[] = []): Promise<void> {
  if (!imports(pool)) return;
  for (const vpc of await place.list(vpcs)) await importVpcInto(place, pool, vpc, fresh);
}

/** Takes in a VPC that has just got a block. */
export async function importVpc(ctx: Context, vpc: StoredVpc): Promise<void> {
  for (const pool of await importingPools(ctx)) if (imports(pool)) await importVpcInto(ctx, pool, vpc, []);
}

const imports = (pool: StoredPool): boolean => pool.AutoImport === true && pool.Locale !== NO_LOCALE && !pool.SourceResource;

async function importVpcInto(place: Context, pool: StoredPool, vpc: StoredVpc, fresh: readonly Cidr[]): Promise<void> {
  const spaces = [...(await provisionedOf(place, pool)), ...fresh];
  for (const text of blocksOf(vpc)) {
    const block = parseCidr(text)!;
    if (!spaces.some((space) => contains(space, block)) || (await isIgnored(place, pool.$.ipamId, vpc.VpcId!, text))) continue;
    const known = (await place.list(allocations, { member: '$.vpcId', value: vpc.VpcId! })).some((a) => sameCidr(parseCidr(a.Cidr!)!, block));
    if (known || (await usedOf(place, pool)).some((u) => overlaps(u, block))) continue;
    await allocate(place, pool, block, { type: 'vpc', id: vpc.VpcId!, region: place.region, owner: place.account });
  }
}
