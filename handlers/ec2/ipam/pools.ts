import type { IpamPool } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { allocations, allocationsOf, dropAllocation } from './allocations.ts';
import * as errors from './errors.ts';
import { importResources } from './imports.ts';
import { arnOf, comesAndGoes, ready, withinLimit } from './lifecycles.ts';
import { dropPresence, poolsPresent, setPresence } from './pool-presences.ts';
import { poolCidrs } from './pool-cidrs.ts';
import { allocationRules, checkNewPool, checkSourceResource } from './pool-rules.ts';
import { scopes } from './scopes.ts';

/** `$` says to which scope and IPAM a pool belongs, whose ARNs it shows. */
export type StoredPool = Wire<IpamPool> & { $: { readonly scopeId: string; readonly ipamId: string } };

/** The locale of a pool that is for no Region. */
export const NO_LOCALE = 'None';

/** https://docs.aws.amazon.com/vpc/latest/ipam/how-it-works-ipam.html */
export const pools = resource<StoredPool>({
  service: 'ec2',
  kind: 'ipam-pool',
  shape: 'IpamPool',
  id: { member: 'IpamPoolId', prefix: 'ipam-pool' },
  notFound: errors.missing('InvalidIpamPoolId', 'ipam-pool'),
  malformed: general.malformedId('InvalidIpamPoolId.Malformed', 'ipam-pool'),
  arn: (pool, account) => `arn:aws:ec2::${account}:ipam-pool/${pool.IpamPoolId}`,
  state: 'State',
  lifecycle: comesAndGoes,
  entering: { 'delete-in-progress': (pool, ctx) => dismantle(pool, ctx) },
  references: {
    '$.ipamId': { kind: 'ec2:ipam', onDelete: 'cascade' },
    '$.scopeId': { kind: 'ec2:ipam-scope', onDelete: 'cascade' },
    SourceIpamPoolId: { kind: 'ec2:ipam-pool', onDelete: 'keep' },
  },
  filters: { 'ipam-id': '$.ipamId', 'ipam-scope-id': '$.scopeId' },
});

const POOLS_A_SCOPE_MAX = 50;
const DEPTH_MAX = 10;

/** Where a pool's allocations are: in its locale, or at home where it has none. */
export const placeOf = (ctx: Context, pool: StoredPool): Context => ctx.in(pool.OwnerId!, pool.Locale === NO_LOCALE ? pool.IpamRegion! : pool.Locale!);

async function planPool(input: Ec2Operations['CreateIpamPool']['input'], ctx: Context): Promise<Partial<StoredPool>> {
  const scope = await ready(ctx, scopes, input.IpamScopeId);
  const source = input.SourceIpamPoolId === undefined ? undefined : await ready(ctx, pools, input.SourceIpamPoolId);
  // assumed: a pool that says nothing of its locale has that of its source.
  const { AddressFamily, Locale = source?.Locale ?? NO_LOCALE } = input;
  await checkNewPool(ctx, input, scope, source);
  const rules = allocationRules(input, {}, AddressFamily);
  const resourceOf = await checkSourceResource(ctx, input, source, Locale);
  withinLimit(ctx, 'ipam pools', (await ctx.list(pools, { member: '$.scopeId', value: input.IpamScopeId })).length, POOLS_A_SCOPE_MAX);
  const depth = (source?.PoolDepth ?? 0) + 1;
  withinLimit(ctx, 'levels of ipam pools', depth - 1, DEPTH_MAX);
  const id = ctx.newId(pools);
  const open = scope.IpamScopeType === 'public' ? { PublicIpSource: source?.PublicIpSource ?? input.PublicIpSource ?? 'byoip' } : {};
  return {
    IpamPoolId: id, IpamPoolArn: arnOf(ctx, 'ipam-pool', id), IpamScopeArn: scope.IpamScopeArn, IpamScopeType: scope.IpamScopeType, IpamArn: scope.IpamArn, IpamRegion: ctx.region, OwnerId: ctx.account,
    ...(source ? { SourceIpamPoolId: source.IpamPoolId } : {}), ...(input.Description === undefined ? {} : { Description: input.Description }), Locale, PoolDepth: depth, State: 'create-in-progress',
    AddressFamily, AutoImport: input.AutoImport ?? false, ...(input.PubliclyAdvertisable === undefined ? {} : { PubliclyAdvertisable: input.PubliclyAdvertisable }), ...open, ...rules,
    ...(input.AwsService === undefined ? {} : { AwsService: input.AwsService }), ...(resourceOf ? { SourceResource: resourceOf } : {}), Tags: [], $: { scopeId: input.IpamScopeId, ipamId: scope.$.ipamId },
  };
}

async function modifyPool(input: Ec2Operations['ModifyIpamPool']['input'], ctx: Context): Promise<Ec2Operations['ModifyIpamPool']['output']> {
  const pool = await ready(ctx, pools, input.IpamPoolId);
  const { IpamPoolId: _id, ...given } = input;
  if (Object.values(given).every((value) => value === undefined)) throw errors.nothingToModify('ipam pool');
  if (input.ClearAllocationDefaultNetmaskLength === true && input.AllocationDefaultNetmaskLength !== undefined) throw general.invalidParameterCombination('The request cannot contain both AllocationDefaultNetmaskLength and ClearAllocationDefaultNetmaskLength.');
  const { AllocationDefaultNetmaskLength: present, ...others } = pool;
  const kept = input.ClearAllocationDefaultNetmaskLength === true || present === undefined ? others : { ...others, AllocationDefaultNetmaskLength: present };
  const changed: StoredPool = { ...kept, ...allocationRules(input, kept, pool.AddressFamily!) };
  if (input.Description !== undefined) changed.Description = input.Description;
  if (input.AutoImport !== undefined) changed.AutoImport = input.AutoImport;
  const saved = await ctx.transition(pools, changed, 'modify-in-progress');
  await setPresence(ctx, saved);
  await importResources(placeOf(ctx, saved), saved);
  return { IpamPool: saved };
}

/** A pool goes with everything in it; what it had of its source is free again. */
async function dismantle(pool: StoredPool, ctx: Context): Promise<void> {
  await dropPresence(ctx, pool);
  for (const allocation of await allocationsOf(ctx, pool)) await placeOf(ctx, pool).remove(allocations, allocation);
  for (const cidr of await ctx.list(poolCidrs, { member: '$.poolId', value: pool.IpamPoolId! })) {
    await giveBack(ctx, pool, cidr.Cidr);
    await ctx.remove(poolCidrs, cidr);
  }
}

/** Frees what a pool has of its source pool. */
export async function giveBack(ctx: Context, pool: StoredPool, cidr: string | undefined): Promise<void> {
  const source = pool.SourceIpamPoolId === undefined ? undefined : await ctx.find(pools, pool.SourceIpamPoolId);
  if (source && cidr !== undefined) await dropAllocation(ctx, source, (a) => a.ResourceType === 'ipam-pool' && a.ResourceId === pool.IpamPoolId && a.Cidr === cidr);
}

/** Pools that take from this one. */
export const poolsBelow = async (ctx: Context, pool: StoredPool): Promise<StoredPool[]> =>
  (await ctx.list(pools, { member: 'SourceIpamPoolId', value: pool.IpamPoolId! })).filter((p) => p.State !== 'delete-in-progress');

/** The deletion itself, of a pool and of all that take from it. */
export async function deletePool(ctx: Context, pool: StoredPool): Promise<StoredPool> {
  for (const below of await poolsBelow(ctx, pool)) await deletePool(ctx, below);
  const current = await ctx.find(pools, pool.IpamPoolId!);
  return current && current.State !== 'delete-in-progress' ? ctx.transition(pools, current, 'delete-in-progress') : pool;
}

async function refuseDeletion(ctx: Context, pool: StoredPool, cascade: boolean): Promise<void> {
  // "You can only use this option to delete pools in the private scope or pools in the public scope with a source resource."
  if (cascade && pool.IpamScopeType === 'public' && !pool.SourceResource) throw general.invalidParameterCombination('The request can only contain Cascade for a pool in the private scope or with a source resource.');
  if (cascade) return;
  const present = (await ctx.list(poolCidrs, { member: '$.poolId', value: pool.IpamPoolId! })).filter((c) => c.State !== 'failed-provision');
  if (present.length > 0) throw errors.stillHas(pool.IpamPoolId!, 'pool cidrs provisioned in the pool');
  if ((await poolsBelow(ctx, pool)).length > 0) throw errors.stillHas(pool.IpamPoolId!, 'pools with the pool as their source');
}

export const poolOperations = {
  CreateIpamPool: creates(pools, planPool, (pool, _input, ctx) => setPresence(ctx, pool)),
  /** Also those of other home Regions whose locale is this one. */
  DescribeIpamPools: describes(pools, { ids: 'IpamPoolIds', also: poolsPresent }),
  ModifyIpamPool: modifyPool,
  DeleteIpamPool: async (input, ctx) => {
    const pool = await ready(ctx, pools, input.IpamPoolId);
    await refuseDeletion(ctx, pool, input.Cascade === true);
    return { IpamPool: await deletePool(ctx, pool) };
  },
} satisfies Handlers<Ec2Operations>;
