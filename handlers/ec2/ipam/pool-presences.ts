import { AwsError, resource, type Context } from '../../../src/kit/index.ts';
import { NO_LOCALE, pools, type StoredPool } from './pools.ts';
import { usable } from './lifecycles.ts';

interface Presence {
  readonly IpamPoolId: string;
  readonly IpamRegion: string;
  readonly AutoImport: boolean;
}

/** A pool is kept in the home Region of its IPAM and used in its locale: what is kept there says where home is. */
export const presences = resource<Presence>({
  service: 'ec2',
  kind: 'ipam-pool-presence',
  shape: 'IpamPool',
  id: { member: 'IpamPoolId' },
  notFound: (ids) => new AwsError('InvalidIpamPoolId.NotFound', `The ipam-pool ID '${ids[0]}' does not exist`),
  tags: null,
});

/** Says anew in its locale that a pool is there. */
export async function setPresence(ctx: Context, pool: StoredPool): Promise<void> {
  if (pool.Locale === NO_LOCALE) return;
  const there = ctx.in(ctx.account, pool.Locale!);
  const presence: Presence = { IpamPoolId: pool.IpamPoolId!, IpamRegion: pool.IpamRegion!, AutoImport: pool.AutoImport ?? false };
  if (await there.find(presences, presence.IpamPoolId)) await there.save(presences, presence);
  else await there.create(presences, presence);
}

export async function dropPresence(ctx: Context, pool: StoredPool): Promise<void> {
  const there = ctx.in(ctx.account, pool.Locale === NO_LOCALE ? ctx.region : pool.Locale!);
  const presence = await there.find(presences, pool.IpamPoolId!);
  if (presence) await there.remove(presences, presence);
}

/** Pools that are at home elsewhere and used here. */
export async function poolsPresent(ctx: Context): Promise<StoredPool[]> {
  const found: StoredPool[] = [];
  for (const { IpamPoolId, IpamRegion } of await ctx.list(presences)) {
    const pool = IpamRegion === ctx.region ? undefined : await ctx.in(ctx.account, IpamRegion).find(pools, IpamPoolId);
    if (pool) found.push(pool);
  }
  return found;
}

/** Pools that take in what they find here. */
export async function importingPools(ctx: Context): Promise<StoredPool[]> {
  const found: StoredPool[] = [];
  for (const { IpamPoolId, IpamRegion } of (await ctx.list(presences)).filter((p) => p.AutoImport)) {
    const pool = await ctx.in(ctx.account, IpamRegion).find(pools, IpamPoolId);
    if (pool) found.push(pool);
  }
  return found;
}

/** Where a pool is at home: here, or where its presence says. */
async function homeOf(ctx: Context, id: string): Promise<Context> {
  const presence = await ctx.find(presences, id);
  return presence ? ctx.in(ctx.account, presence.IpamRegion) : ctx;
}

/** A pool by its id, here or where it is at home. */
export const poolNamed = async (ctx: Context, id: string): Promise<StoredPool> => (await homeOf(ctx, id)).get(pools, id);

/** The same for who wants to take of it. */
export const usablePool = async (ctx: Context, id: string): Promise<StoredPool> => usable(await homeOf(ctx, id), pools, id);
