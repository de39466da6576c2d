import type { IpamPoolCidr } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { AwsError, describes, resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import { bringCidr, byoipCidrs, checkBrought, type StoredByoipCidr } from '../addresses/byoip-cidrs.ts';
import * as general from '../errors.ts';
import { contains, formatCidr, overlaps, parseCidr, sameCidr, type Cidr } from '../vpcs/cidr.ts';
import { allocate, allocationsOf, usedOf } from './allocations.ts';
import * as errors from './errors.ts';
import { importResources } from './imports.ts';
import { ipams } from './ipams.ts';
import { usable } from './lifecycles.ts';
import { BITS } from './pool-rules.ts';
import { drawAmazonCidr } from './amazon-cidrs.ts';
import { giveBack, placeOf, pools, type StoredPool } from './pools.ts';
import { firstFree } from './ranges.ts';
import { checkToken } from './verification-tokens.ts';
import { planningSpace } from './vpc-allocations.ts';

/** `$` says of which pool of which scope it is, and what a range that was moved here is already used by. */
export type StoredPoolCidr = Wire<IpamPoolCidr> & { $: { readonly poolId: string; readonly scopeId: string; readonly publicPoolId?: string } };

/** https://docs.aws.amazon.com/vpc/latest/ipam/prov-cidr-ipam.html */
export const poolCidrs = resource<StoredPoolCidr>({
  service: 'ec2',
  kind: 'ipam-pool-cidr',
  shape: 'IpamPoolCidr',
  id: { member: 'IpamPoolCidrId', prefix: 'ipam-pool-cidr', digits: 33 },
  notFound: (ids) => new AwsError('InvalidParameterValue', `The ipam-pool-cidr ID '${ids[0]}' does not exist`),
  tags: null,
  state: 'State',
  lifecycle: {
    'pending-provision': { after: seconds(20), to: 'provisioned' },
    'pending-import': { after: seconds(20), to: 'provisioned' },
    'pending-deprovision': { after: seconds(20), to: 'deprovisioned' },
    // assumed: what is deprovisioned is not listed any more.
    deprovisioned: { after: 0, to: 'gone' },
  },
  entering: { provisioned: (cidr, ctx) => (cidr.$.publicPoolId === undefined ? provide(cidr, ctx) : adopt(cidr, ctx)), deprovisioned: (cidr, ctx) => takeAway(cidr, ctx) },
  references: { '$.poolId': { kind: 'ec2:ipam-pool', onDelete: 'cascade' } },
  indexed: ['$.scopeId'],
});

const CIDRS_A_POOL_MAX = 50;

/** The blocks that a pool has, as ranges. */
export async function provisionedOf(ctx: Context, pool: StoredPool): Promise<Cidr[]> {
  const home = ctx.in(pool.OwnerId!, pool.IpamRegion!);
  return (await home.list(poolCidrs, { member: '$.poolId', value: pool.IpamPoolId! })).filter((c) => c.State === 'provisioned').map((c) => parseCidr(c.Cidr!)!);
}

// ---- provisioning ----

type ProvisionInput = Ec2Operations['ProvisionIpamPoolCidr']['input'];

async function provision(input: ProvisionInput, ctx: Context): Promise<Ec2Operations['ProvisionIpamPoolCidr']['output']> {
  const pool = await usable(ctx, pools, input.IpamPoolId);
  const { Cidr: text, NetmaskLength: length } = input;
  if ((text === undefined) === (length === undefined)) throw general.invalidParameterCombination('The request must contain exactly one of Cidr and NetmaskLength.');
  const cidr = text === undefined ? undefined : cidrFor(pool, text);
  if (length !== undefined && (length < 0 || length > BITS[pool.AddressFamily!])) throw general.invalidValue(length, 'netmaskLength', `Possible netmask lengths are 0 - ${BITS[pool.AddressFamily!]}.`);
  const topLevel = pool.SourceIpamPoolId === undefined;
  const brought = topLevel && pool.IpamScopeType === 'public' && pool.PublicIpSource === 'byoip';
  // assumed: the texts of these.
  if (length !== undefined && topLevel && (pool.IpamScopeType === 'private' || brought)) throw general.invalidParameterCombination('The request can only contain NetmaskLength for a pool with a source pool or with Amazon-provided space.');
  if (!brought && (input.CidrAuthorizationContext ?? input.VerificationMethod ?? input.IpamExternalResourceVerificationTokenId) !== undefined) throw general.invalidParameterCombination('The request can only contain a CIDR Authorization Context for a top-level pool in the public scope whose PublicIpSource is byoip.');
  if (topLevel && pool.IpamScopeType === 'public' && pool.PublicIpSource === 'amazon') checkAmazon(pool, cidr, length!);
  if (topLevel && cidr) await checkPrivate(ctx, pool, cidr);
  if (brought) await checkProof(ctx, input, pool, cidr!);
  const made = await ctx.create<StoredPoolCidr>(poolCidrs, {
    IpamPoolCidrId: ctx.newId(poolCidrs), ...(cidr ? { Cidr: formatCidr(cidr) } : {}), NetmaskLength: cidr?.prefix ?? length!, State: 'pending-provision', $: { poolId: input.IpamPoolId, scopeId: pool.$.scopeId },
  });
  return { IpamPoolCidr: made };
}

function cidrFor(pool: StoredPool, text: string): Cidr {
  const cidr = parseCidr(text);
  if (!cidr || cidr.version !== (pool.AddressFamily === 'ipv4' ? 4 : 6)) throw general.invalidValue(text, 'cidr', `This is not a valid ${pool.AddressFamily} CIDR block.`);
  return cidr;
}

/** Private IPv6 is unique local, unless the IPAM lets the account use its own global addresses privately. https://docs.aws.amazon.com/vpc/latest/ipam/enable-prov-ipv6-gua.html */
async function checkPrivate(ctx: Context, pool: StoredPool, cidr: Cidr): Promise<void> {
  if (pool.IpamScopeType !== 'private' || cidr.version !== 6 || contains(UNIQUE_LOCAL, cidr)) return;
  const ipam = await ctx.get(ipams, pool.$.ipamId);
  // assumed: the code and text of this.
  if (ipam.EnablePrivateGua !== true) throw general.invalidValue(formatCidr(cidr), 'cidr', 'The CIDR is not a unique local address range, and private GUA is not enabled for the IPAM.');
}
const UNIQUE_LOCAL = parseCidr('fd80::/9')!;

/** Amazon gives IPv6 in blocks of /40 to /52, and IPv4 in short rows of addresses. https://docs.aws.amazon.com/vpc/latest/ipam/intro-create-ipv6-pools.html */
function checkAmazon(pool: StoredPool, cidr: Cidr | undefined, length: number): void {
  if (cidr) throw general.invalidParameterCombination('The request can only contain NetmaskLength for a top-level pool with Amazon-provided space.');
  // assumed: the shortest row of IPv4 addresses.
  const fits = pool.AddressFamily === 'ipv6' ? length >= 40 && length <= 52 && length % 4 === 0 : length >= 29 && length <= 31;
  if (!fits) throw general.invalidValue(length, 'netmaskLength', pool.AddressFamily === 'ipv6' ? 'Possible netmask lengths are 40, 44, 48 and 52.' : 'Possible netmask lengths are 29 - 31.');
}

/** Who brings addresses proves that they are theirs: a signed message, or a token in the DNS. https://docs.aws.amazon.com/vpc/latest/ipam/tutorials-byoip-ipam-domain-verification-methods.html */
async function checkProof(ctx: Context, input: ProvisionInput, pool: StoredPool, cidr: Cidr): Promise<void> {
  if (input.VerificationMethod === 'dns-token') {
    if (input.IpamExternalResourceVerificationTokenId === undefined) throw general.missingParameter('ipamExternalResourceVerificationTokenId');
    await checkToken(ctx, input.IpamExternalResourceVerificationTokenId, pool.$.ipamId);
  } else if (input.CidrAuthorizationContext === undefined) {
    throw general.invalidParameterCombination('The request must contain a CIDR Authorization Context for a pool in the public scope.');
  }
  await checkBrought(ctx, cidr, pool.PubliclyAdvertisable !== false, input.CidrAuthorizationContext);
}

/** The end of provisioning: the space is there, or it is not. */
async function provide(made: StoredPoolCidr, ctx: Context): Promise<void> {
  const pool = (await ctx.find(pools, made.$.poolId))!;
  const found = await spaceFor(made, pool, ctx);
  if (!('base' in found)) {
    Object.assign(made, { State: 'failed-provision', FailureReason: found });
    return;
  }
  made.Cidr = formatCidr(found);
  if (pool.SourceIpamPoolId !== undefined && !pool.SourceResource) await allocate(ctx, (await ctx.find(pools, pool.SourceIpamPoolId))!, found, { type: 'ipam-pool', id: pool.IpamPoolId!, region: pool.IpamRegion!, owner: pool.OwnerId! });
  if (pool.IpamScopeType === 'public' && pool.PublicIpSource === 'byoip' && pool.SourceIpamPoolId === undefined) await bringCidr(placeOf(ctx, pool), made.Cidr, pool);
  await importResources(placeOf(ctx, pool), pool, [found]);
}

/** A range that the account has brought before becomes a pool's; who has addresses of it keeps them. https://docs.aws.amazon.com/vpc/latest/ipam/tutorials-byoip-ipam-transfer-ipv4.html */
export async function movePoolCidr(ctx: Context, poolId: string, range: StoredByoipCidr): Promise<void> {
  const pool = await usable(ctx, pools, poolId);
  const cidr = cidrFor(pool, range.Cidr!);
  // assumed: the text and code of this.
  if (pool.IpamScopeType !== 'public' || pool.PublicIpSource !== 'byoip' || pool.SourceIpamPoolId !== undefined) throw general.invalidParameterCombination(`The pool ${poolId} is not a top-level pool in the public scope whose PublicIpSource is byoip.`);
  if (placeOf(ctx, pool).region !== ctx.region) throw general.invalidParameterCombination(`The locale of the pool ${poolId} is ${pool.Locale}.`);
  await ctx.create<StoredPoolCidr>(poolCidrs, { IpamPoolCidrId: ctx.newId(poolCidrs), Cidr: formatCidr(cidr), NetmaskLength: cidr.prefix, State: 'pending-import', $: { poolId, scopeId: pool.$.scopeId, publicPoolId: range.PoolId! } });
}

async function adopt(cidr: StoredPoolCidr, ctx: Context): Promise<void> {
  const pool = (await ctx.find(pools, cidr.$.poolId))!;
  if (pool.AddressFamily === 'ipv4') await allocate(ctx, pool, parseCidr(cidr.Cidr!)!, { type: 'ec2-public-ipv4-pool', id: cidr.$.publicPoolId!, region: ctx.region, owner: ctx.account });
}

type Failure = NonNullable<StoredPoolCidr['FailureReason']>;
const NOT_AVAILABLE: Failure = { Code: 'cidr-not-available', Message: 'The CIDR is not available in the source pool.' };

async function spaceFor(made: StoredPoolCidr, pool: StoredPool, ctx: Context): Promise<Cidr | Failure> {
  const wanted = made.Cidr === undefined ? undefined : parseCidr(made.Cidr)!;
  const own = await provisionedOf(ctx, pool);
  if (ctx.world.settings.quotas && own.length >= CIDRS_A_POOL_MAX) return { Code: 'limit-exceeded', Message: `The pool has reached its limit of ${CIDRS_A_POOL_MAX} CIDRs.` };
  if (pool.SourceResource) return pickFrom(await planningSpace(ctx, pool), own, wanted, made.NetmaskLength!) ?? NOT_AVAILABLE;
  if (pool.SourceIpamPoolId !== undefined) {
    const source = (await ctx.find(pools, pool.SourceIpamPoolId))!;
    return pickFrom(await provisionedOf(ctx, source), await usedOf(ctx, source), wanted, made.NetmaskLength!) ?? NOT_AVAILABLE;
  }
  const taken = await takenInScope(ctx, pool);
  // By default one Amazon-provided IPv6 block a top-level pool.
  if (!wanted && ctx.world.settings.quotas && own.length > 0) return { Code: 'limit-exceeded', Message: 'The pool has reached its limit of Amazon-provided CIDRs.' };
  if (!wanted) return drawAmazonCidr(ctx, pool.AddressFamily!, made.NetmaskLength!, taken) ?? NOT_AVAILABLE;
  return taken.some((t) => overlaps(t, wanted)) ? { Code: 'cidr-not-available', Message: 'The CIDR overlaps with a CIDR of another pool in the scope.' } : wanted;
}

/** What the top-level pools of a scope have: one scope has an address once. */
async function takenInScope(ctx: Context, pool: StoredPool): Promise<Cidr[]> {
  const out: Cidr[] = [];
  for (const top of await ctx.list(pools, { member: '$.scopeId', value: pool.$.scopeId })) if (top.SourceIpamPoolId === undefined) out.push(...(await provisionedOf(ctx, top)));
  return out;
}

function pickFrom(spaces: readonly Cidr[], used: readonly Cidr[], wanted: Cidr | undefined, length: number): Cidr | undefined {
  if (!wanted) return firstFree(spaces, used, length);
  return spaces.some((space) => contains(space, wanted)) && !used.some((u) => overlaps(u, wanted)) ? wanted : undefined;
}

/** What a top-level pool has of the account's own addresses is advertised where the pool works. */
const broughtAs = async (ctx: Context, pool: StoredPool, cidr: string): Promise<StoredByoipCidr | undefined> =>
  pool.SourceIpamPoolId === undefined && pool.PublicIpSource === 'byoip' ? placeOf(ctx, pool).find(byoipCidrs, cidr) : undefined;

// ---- deprovisioning ----

async function deprovision(input: Ec2Operations['DeprovisionIpamPoolCidr']['input'], ctx: Context): Promise<Ec2Operations['DeprovisionIpamPoolCidr']['output']> {
  const pool = await usable(ctx, pools, input.IpamPoolId);
  if (input.Cidr === undefined) throw general.missingParameter('cidr');
  const cidr = cidrFor(pool, input.Cidr);
  const all = (await ctx.list(poolCidrs, { member: '$.poolId', value: input.IpamPoolId })).filter((c) => c.Cidr !== undefined && sameCidr(parseCidr(c.Cidr)!, cidr));
  // What could not be provisioned may be listed beside the block that is there.
  const found = all.find((c) => c.State !== 'failed-provision') ?? all[0];
  if (!found) throw general.invalidValue(input.Cidr, 'cidr', `The CIDR is not provisioned to the pool ${input.IpamPoolId}.`);
  if (found.State!.startsWith('pending-')) throw errors.wrongState(input.Cidr, found.State!);
  // Nothing was ever taken for it, and nothing has to be given back.
  if (found.State === 'failed-provision') {
    await ctx.remove(poolCidrs, found);
    return { IpamPoolCidr: { ...found, State: 'pending-deprovision' } };
  }
  const brought = await broughtAs(ctx, pool, found.Cidr!);
  if (brought?.State === 'advertised') throw errors.wrongState(input.Cidr, 'advertised');
  delete found.FailureReason;
  return { IpamPoolCidr: await ctx.transition(poolCidrs, found, 'pending-deprovision') };
}

/** The end of deprovisioning, which fails while somebody has a part of the block. */
async function takeAway(cidr: StoredPoolCidr, ctx: Context): Promise<void> {
  const pool = (await ctx.find(pools, cidr.$.poolId))!;
  const block = parseCidr(cidr.Cidr!)!;
  if ((await allocationsOf(ctx, pool)).some((a) => overlaps(parseCidr(a.Cidr!)!, block))) {
    Object.assign(cidr, { State: 'failed-deprovision', FailureReason: { Message: 'The CIDR has one or more allocations.' } });
    return;
  }
  await giveBack(ctx, pool, cidr.Cidr);
  const brought = await broughtAs(ctx, pool, cidr.Cidr!);
  if (brought) await placeOf(ctx, pool).remove(byoipCidrs, brought);
}

export const poolCidrOperations = {
  ProvisionIpamPoolCidr: provision,
  GetIpamPoolCidrs: describes(poolCidrs, {
    within: (input) => ({ member: '$.poolId', value: input.IpamPoolId }),
    prepare: async (input, ctx) => {
      await ctx.get(pools, input.IpamPoolId);
      return input;
    },
  }),
  DeprovisionIpamPoolCidr: deprovision,
} satisfies Handlers<Ec2Operations>;
