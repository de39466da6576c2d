import type { IpamPoolAllocation } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { describes, modifies, resource, specifiedTags, type Context, type Handlers, type TagPair } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { contains, formatCidr, overlaps, parseCidr, sameCidr, type Cidr } from '../vpcs/cidr.ts';
import * as errors from './errors.ts';
import { withinLimit } from './lifecycles.ts';
import { provisionedOf } from './pool-cidrs.ts';
import { poolNamed, usablePool } from './pool-presences.ts';
import { BITS } from './pool-rules.ts';
import { NO_LOCALE, placeOf, type StoredPool } from './pools.ts';
import { common, firstFree } from './ranges.ts';

type HolderType = NonNullable<IpamPoolAllocation['ResourceType']>;

/** `$` says of which pool an allocation is, and by what it is held where that is here: with its holder it goes. */
export type StoredAllocation = Wire<IpamPoolAllocation> & { $: { readonly poolId: string } & Partial<Record<(typeof HOLDERS)[keyof typeof HOLDERS], string>> };

/** Where `$` names the holders that are of this account and Region. */
const HOLDERS = { vpc: 'vpcId', subnet: 'subnetId', eip: 'addressId', 'ec2-public-ipv4-pool': 'publicPoolId' } as const;

/** Kept where the pool is used. https://docs.aws.amazon.com/vpc/latest/ipam/manually-allocate-ipam.html */
export const allocations = resource<StoredAllocation>({
  service: 'ec2',
  kind: 'ipam-pool-allocation',
  shape: 'IpamPoolAllocation',
  id: { member: 'IpamPoolAllocationId', prefix: 'ipam-pool-alloc', digits: 33 },
  notFound: errors.missing('InvalidIpamPoolAllocationId', 'ipam-pool-allocation'),
  malformed: general.malformedId('InvalidIpamPoolAllocationId.Malformed', 'ipam-pool-alloc'),
  references: {
    '$.vpcId': { kind: 'ec2:vpc', onDelete: 'cascade' },
    '$.subnetId': { kind: 'ec2:subnet', onDelete: 'cascade' },
    '$.addressId': { kind: 'ec2:elastic-ip', onDelete: 'cascade' },
    '$.publicPoolId': { kind: 'ec2:ipv4pool-ec2', onDelete: 'cascade' },
  },
  indexed: ['$.poolId'],
  filters: { 'ipam-pool-id': '$.poolId' },
});

const ALLOCATIONS_A_POOL_MAX = 10_000;

// ---- for those who take ----

export const allocationsOf = (ctx: Context, pool: StoredPool): Promise<StoredAllocation[]> => placeOf(ctx, pool).list(allocations, { member: '$.poolId', value: pool.IpamPoolId! });

/** What of a pool somebody has. */
export const usedOf = async (ctx: Context, pool: StoredPool): Promise<Cidr[]> => (await allocationsOf(ctx, pool)).map((a) => parseCidr(a.Cidr!)!);

export interface Holder {
  readonly type: HolderType;
  readonly id?: string;
  readonly region?: string;
  readonly owner: string;
}

/** Gives a block of a pool to somebody; that it is free has been seen. */
export async function allocate(ctx: Context, pool: StoredPool, cidr: Cidr, holder: Holder, extra: { readonly description?: string | undefined; readonly tags?: TagPair[] } = {}): Promise<StoredAllocation> {
  const place = placeOf(ctx, pool);
  const held = (HOLDERS as Readonly<Record<string, string | undefined>>)[holder.type];
  return place.create<StoredAllocation>(allocations, {
    IpamPoolAllocationId: ctx.newId(allocations), Cidr: formatCidr(cidr), ...(extra.description === undefined ? {} : { Description: extra.description }), ResourceType: holder.type, ResourceOwner: holder.owner,
    ...(holder.id === undefined ? {} : { ResourceId: holder.id }), ...(holder.region === undefined ? {} : { ResourceRegion: holder.region }), Tags: extra.tags ?? [],
    $: { poolId: pool.IpamPoolId!, ...(held !== undefined && holder.id !== undefined ? { [held]: holder.id } : {}) },
  });
}

/** Frees what of a pool a condition holds of. */
export async function dropAllocation(ctx: Context, pool: StoredPool, of: (allocation: StoredAllocation) => boolean): Promise<void> {
  for (const allocation of (await allocationsOf(ctx, pool)).filter(of)) await placeOf(ctx, pool).remove(allocations, allocation);
}

export interface Wish {
  readonly cidr?: string | undefined;
  readonly length?: number | undefined;
  readonly allowed?: readonly string[] | undefined;
  readonly disallowed?: readonly string[] | undefined;
}

/** A pool that may be taken from here, by its id. */
export async function poolToUse(ctx: Context, id: string): Promise<StoredPool> {
  const pool = await usablePool(ctx, id);
  // "The Region you use should be the IPAM pool locale." https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AllocateIpamPoolCidr.html
  // assumed: this code, for who calls elsewhere.
  if (pool.Locale !== NO_LOCALE && pool.Locale !== ctx.region) throw general.invalidParameterValue(`The locale of the pool ${id} is ${pool.Locale}, which is not the Region of the request.`);
  return pool;
}

/** The block that a pool gives to who asks: a certain one, or the first that is free and long enough. */
export async function chooseCidr(ctx: Context, pool: StoredPool, wish: Wish): Promise<Cidr> {
  const { cidr: text, length: asked } = wish;
  if (text !== undefined && asked !== undefined) throw general.invalidParameterCombination('The request cannot contain both CIDR and Netmask Length. Exactly one of them should be provided.');
  if (text !== undefined && (wish.allowed?.length || wish.disallowed?.length)) throw general.invalidParameterCombination('The request can only contain AllowedCidrs and DisallowedCidrs with Netmask Length.');
  const [spaces, used] = [await provisionedOf(ctx, pool), await usedOf(ctx, pool)];
  if (text !== undefined) return certain(pool, rangeIn(pool, text, 'cidr'), spaces, used);
  const length = asked ?? pool.AllocationDefaultNetmaskLength;
  if (length === undefined) throw errors.noLength();
  checkLength(pool, length);
  const allowed = wish.allowed?.map((a) => rangeIn(pool, a, 'allowedCidrs'));
  const disallowed = (wish.disallowed ?? []).map((d) => rangeIn(pool, d, 'disallowedCidrs'));
  const found = firstFree(allowed?.length ? common(spaces, allowed) : spaces, [...used, ...disallowed], length);
  if (!found) throw errors.tooBig();
  return found;
}

function rangeIn(pool: StoredPool, text: string, parameter: string): Cidr {
  const cidr = parseCidr(text);
  if (!cidr || cidr.version !== (pool.AddressFamily === 'ipv4' ? 4 : 6)) throw general.invalidValue(text, parameter, `This is not a valid ${pool.AddressFamily} CIDR block.`);
  return cidr;
}

function certain(pool: StoredPool, wanted: Cidr, spaces: readonly Cidr[], used: readonly Cidr[]): Cidr {
  checkLength(pool, wanted.prefix);
  // assumed: the texts of these two.
  if (!spaces.some((space) => contains(space, wanted))) throw general.invalidParameterValue(`The CIDR ${formatCidr(wanted)} is not in a CIDR that is provisioned to the pool ${pool.IpamPoolId}.`);
  if (used.some((u) => overlaps(u, wanted))) throw general.invalidParameterValue(`The CIDR ${formatCidr(wanted)} overlaps with an allocation in the pool ${pool.IpamPoolId}.`);
  return wanted;
}

function checkLength(pool: StoredPool, length: number): void {
  const { AllocationMinNetmaskLength: min = 0, AllocationMaxNetmaskLength: max = BITS[pool.AddressFamily!] } = pool;
  if (length < 0 || length > BITS[pool.AddressFamily!]) throw general.invalidValue(length, 'netmaskLength', `Possible netmask lengths are 0 - ${BITS[pool.AddressFamily!]}.`);
  // assumed: the text of this.
  if (length < min || length > max) throw general.invalidValue(length, 'netmaskLength', `The netmask length must be between ${min} and ${max} in the pool ${pool.IpamPoolId}.`);
}

// ---- operations ----

async function allocateCidr(input: Ec2Operations['AllocateIpamPoolCidr']['input'], ctx: Context): Promise<Ec2Operations['AllocateIpamPoolCidr']['output']> {
  const tags = specifiedTags(input.TagSpecifications as never, 'ipam-pool-allocation');
  const pool = await poolToUse(ctx, input.IpamPoolId);
  const cidr = await chooseCidr(ctx, pool, { cidr: input.Cidr, length: input.NetmaskLength, allowed: input.AllowedCidrs, disallowed: input.DisallowedCidrs });
  if (input.PreviewNextCidr === true) return { IpamPoolAllocation: { Cidr: formatCidr(cidr) } };
  withinLimit(ctx, 'ipam pool allocations', (await allocationsOf(ctx, pool)).length, ALLOCATIONS_A_POOL_MAX);
  return { IpamPoolAllocation: await allocate(ctx, pool, cidr, { type: 'custom', owner: ctx.account }, { description: input.Description, tags }) };
}

async function release(input: Ec2Operations['ReleaseIpamPoolAllocation']['input'], ctx: Context): Promise<Ec2Operations['ReleaseIpamPoolAllocation']['output']> {
  const pool = await poolToUse(ctx, input.IpamPoolId);
  const cidr = rangeIn(pool, input.Cidr, 'cidr');
  const found = (await allocationsOf(ctx, pool)).find((a) => a.IpamPoolAllocationId === input.IpamPoolAllocationId && sameCidr(parseCidr(a.Cidr!)!, cidr));
  if (!found) throw errors.noAllocation(input.IpamPoolAllocationId);
  // "You can only use this action to release manual allocations." https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReleaseIpamPoolAllocation.html
  if (found.ResourceType !== 'custom') throw general.invalidParameterCombination(`The allocation ${input.IpamPoolAllocationId} is of a resource. Only manual allocations can be released.`);
  await ctx.remove(allocations, found);
  return { Success: true };
}

export const allocationOperations = {
  AllocateIpamPoolCidr: allocateCidr,
  GetIpamPoolAllocations: describes(allocations, {
    within: (input) => ({ member: '$.poolId', value: input.IpamPoolId }),
    prepare: async (input, ctx) => {
      await poolNamed(ctx, input.IpamPoolId);
      if (input.IpamPoolAllocationId !== undefined && (await ctx.get(allocations, input.IpamPoolAllocationId)).$.poolId !== input.IpamPoolId) throw allocations.notFound([input.IpamPoolAllocationId]);
      return input;
    },
    visible: (allocation, input) => input.IpamPoolAllocationId === undefined || allocation.IpamPoolAllocationId === input.IpamPoolAllocationId,
  }),
  DescribeIpamPoolAllocations: describes(allocations, { ids: 'IpamPoolAllocationIds' }),
  ModifyIpamPoolAllocation: modifies(allocations, { id: 'IpamPoolAllocationId' }, (allocation, input) => {
    // "If you submit a null value, the description is removed from the allocation."
    if (input.Description === undefined || input.Description === '') delete allocation.Description;
    else allocation.Description = input.Description;
    return { IpamPoolAllocation: allocation };
  }),
  ReleaseIpamPoolAllocation: release,
} satisfies Handlers<Ec2Operations>;
