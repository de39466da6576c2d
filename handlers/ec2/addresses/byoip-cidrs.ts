import type { ByoipCidr } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { hours, minutes, pageOf, resource, specifiedTags, type Context, type Handlers, type TagPair } from '../../../src/kit/index.ts';
import { regions } from '../catalog/regions.ts';
import * as errors from '../errors.ts';
import { byoasnAssociations, byoasnsOf } from '../ipam/byoasn-associations.ts';
import { movePoolCidr } from '../ipam/pool-cidrs.ts';
import { pools, type StoredPool } from '../ipam/pools.ts';
import { formatCidr, overlaps, parseCidr, type Cidr } from '../vpcs/cidr.ts';
import { vpcs } from '../vpcs/vpcs.ts';
import { addresses } from './addresses.ts';
import { rangeNotFound, rangeState } from './errors.ts';
import { ipv6Pools } from './ipv6-pools.ts';
import { checkBorderGroup } from './network-border-groups.ts';
import { publicIpv4Pools } from './public-ipv4-pools.ts';

/** `$` holds the tags of the pool that a range will be, and whether it may be advertised. */
export type StoredByoipCidr = Wire<ByoipCidr> & { $?: { poolTags: TagPair[]; advertisable: boolean } };

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-byoip.html */
export const byoipCidrs = resource<StoredByoipCidr>({
  service: 'ec2',
  kind: 'byoip-cidr',
  shape: 'ByoipCidr',
  id: { member: 'Cidr' },
  notFound: (ids) => rangeNotFound(ids[0]!),
  tags: null,
  state: 'State',
  lifecycle: {
    // assumed: an hour; "it can take up to one week" for what is advertised.
    'pending-provision': { after: hours(1), to: 'provisioned' },
    'pending-advertising': { after: minutes(2), to: 'advertised' },
    'pending-withdrawal': { after: minutes(2), to: 'provisioned' },
    'pending-deprovision': { after: minutes(5), to: 'deprovisioned' },
    deprovisioned: { after: hours(1), to: 'gone', paced: false },
  },
  entering: { provisioned: (range, ctx) => provide(range, ctx), deprovisioned: (range, ctx) => takeAway(range, ctx) },
});

// ---- what may be brought ----

interface Authorization {
  readonly Message?: string;
  readonly Signature?: string;
}

/** A range that is not too small, overlaps with nothing that was brought, and is the account's own by what it shows. */
export async function checkBrought(ctx: Context, cidr: Cidr, advertisable: boolean, authorization: Authorization | undefined): Promise<void> {
  // "The most specific IPv4 prefix is /24, the most specific IPv6 range /48 for what is publicly advertisable and /56 for what is not."
  const longest = cidr.version === 4 ? 24 : advertisable ? 48 : 56;
  if (cidr.prefix > longest) throw errors.invalidValue(formatCidr(cidr), 'cidr', `The most specific address range that you can bring is /${longest}.`);
  for (const { RegionName } of regions()) {
    const present = (await ctx.in(ctx.account, RegionName!).list(byoipCidrs)).filter((r) => r.State !== 'deprovisioned');
    // assumed: the code and text of this.
    if (present.some((r) => overlaps(parseCidr(r.Cidr!)!, cidr))) throw errors.invalidValue(formatCidr(cidr), 'cidr', 'The address range overlaps with one that you have brought.');
  }
  if (authorization) checkAuthorization(ctx, cidr, authorization);
}

/** "1|aws|account|cidr|YYYYMMDD|SHA256|RSAPSS", signed; whose key signed it is in a registry outside and not looked at. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/prepare-for-byoip.html */
function checkAuthorization(ctx: Context, cidr: Cidr, { Message, Signature }: Authorization): void {
  const invalid = (why: string) => errors.invalidValue(Message, 'cidrAuthorizationContext', why);
  if (Message === undefined) throw errors.missingParameter('cidrAuthorizationContext.message');
  if (Signature === undefined) throw errors.missingParameter('cidrAuthorizationContext.signature');
  const [version, cloud, account, range, until, hash, scheme, ...rest] = Message.split('|');
  if (version !== '1' || cloud !== 'aws' || hash !== 'SHA256' || scheme !== 'RSAPSS' || rest.length > 0 || !/^\d{8}$/.test(until ?? '')) throw invalid('The message is malformed.');
  if (account !== ctx.account) throw invalid('The account ID of the message is not the account ID of the request.');
  const said = parseCidr(range ?? '');
  if (!said || formatCidr(said) !== formatCidr(cidr)) throw invalid('The CIDR of the message is not the CIDR of the request.');
  if (until! < ctx.now.slice(0, 10).replaceAll('-', '')) throw invalid('The message has expired.');
  // AWS wants the Base64 of a signature with `+=/` written as `-_~`.
  if (!/^[A-Za-z0-9\-_~]+$/.test(Signature)) throw errors.invalidValue(Signature, 'cidrAuthorizationContext', 'The signature is malformed.');
}

/** A range that came through an IPAM pool: provisioned, and the pool's. */
export async function bringCidr(place: Context, cidr: string, pool: StoredPool): Promise<void> {
  const known = await place.find(byoipCidrs, cidr);
  if (known) await place.remove(byoipCidrs, known);
  const advertisable = pool.AddressFamily === 'ipv4' || pool.PubliclyAdvertisable === true;
  await place.create<StoredByoipCidr>(byoipCidrs, {
    Cidr: cidr, IpamPoolId: pool.IpamPoolId, State: 'provisioned', AdvertisementType: 'unicast', NetworkBorderGroup: place.region, StatusMessage: pool.IpamPoolId, $: { poolTags: [], advertisable },
  });
}

/** The end of provisioning, and of a withdrawal: there is a pool to take addresses from. */
async function provide(range: StoredByoipCidr, ctx: Context): Promise<void> {
  if (range.$?.advertisable === false) range.State = 'provisioned-not-publicly-advertisable';
  if (range.IpamPoolId !== undefined || range.PoolId !== undefined) return;
  const cidr = parseCidr(range.Cidr!)!;
  const made = { Description: range.Description ?? '', Tags: range.$?.poolTags ?? [] };
  range.PoolId = ctx.newId(cidr.version === 4 ? publicIpv4Pools : ipv6Pools);
  // "Upon success, contains the ID of the address pool."
  range.StatusMessage = range.PoolId;
  if (cidr.version === 4) await ctx.create(publicIpv4Pools, { ...made, PoolId: range.PoolId, ...(range.NetworkBorderGroup === undefined ? {} : { NetworkBorderGroup: range.NetworkBorderGroup }), $: { cidrs: [range.Cidr!] } });
  else await ctx.create(ipv6Pools, { ...made, PoolId: range.PoolId, PoolCidrBlocks: [{ Cidr: range.Cidr! }] });
}

/** The end of deprovisioning, which fails while somebody has an address of the range. */
async function takeAway(range: StoredByoipCidr, ctx: Context): Promise<void> {
  const used = range.PoolId !== undefined && ((await ctx.list(addresses, { member: 'PublicIpv4Pool', value: range.PoolId })).length > 0 || (await ctx.list(vpcs)).some((v) => v.Ipv6CidrBlockAssociationSet?.some((a) => a.Ipv6Pool === range.PoolId)));
  if (used) {
    Object.assign(range, { State: 'failed-deprovision', StatusMessage: 'The address range has addresses that are allocated.' });
    return;
  }
  for (const kind of [publicIpv4Pools, ipv6Pools]) {
    const pool = range.PoolId === undefined || !kind.wellFormed(range.PoolId) ? undefined : await ctx.find<object>(kind as typeof publicIpv4Pools, range.PoolId);
    if (pool) await ctx.remove(kind as typeof publicIpv4Pools, pool);
  }
  for (const association of await byoasnsOf(ctx, range.Cidr!)) await ctx.remove(byoasnAssociations, association);
}

// ---- operations ----

async function provision(input: Ec2Operations['ProvisionByoipCidr']['input'], ctx: Context): Promise<Ec2Operations['ProvisionByoipCidr']['output']> {
  const cidr = parseCidr(input.Cidr);
  if (!cidr) throw errors.invalidValue(input.Cidr, 'cidr', 'This is not a valid CIDR block.');
  if (input.MultiRegion !== undefined) throw errors.unsupportedOperation('The parameter MultiRegion is reserved.');
  if (cidr.version === 4 && input.PubliclyAdvertisable === false) throw errors.invalidParameterCombination('The request can only contain PubliclyAdvertisable for an IPv6 address range.');
  const poolTags = specifiedTags(input.PoolTagSpecifications as never, cidr.version === 4 ? 'ipv4pool-ec2' : 'ipv6pool-ec2');
  const NetworkBorderGroup = await checkBorderGroup(ctx, input.NetworkBorderGroup);
  const advertisable = input.PubliclyAdvertisable ?? true;
  // What is public must be proved to be one's own; what is not advertised need not.
  if (advertisable && input.CidrAuthorizationContext === undefined) throw errors.missingParameter('cidrAuthorizationContext');
  await checkBrought(ctx, cidr, advertisable, input.CidrAuthorizationContext);
  const range = await ctx.replace<StoredByoipCidr>(byoipCidrs, {
    Cidr: formatCidr(cidr), ...(input.Description === undefined ? {} : { Description: input.Description }), State: 'pending-provision', NetworkBorderGroup, AdvertisementType: 'unicast', $: { poolTags, advertisable },
  });
  return { ByoipCidr: range };
}

/** A range as it was provisioned, not a part of it. */
async function rangeOf(ctx: Context, text: string): Promise<StoredByoipCidr> {
  const cidr = parseCidr(text);
  if (!cidr) throw errors.invalidValue(text, 'cidr', 'This is not a valid CIDR block.');
  return ctx.get(byoipCidrs, formatCidr(cidr));
}

const withAsns = async (ctx: Context, range: StoredByoipCidr): Promise<StoredByoipCidr> => {
  const AsnAssociations = await byoasnsOf(ctx, range.Cidr!);
  return AsnAssociations.length > 0 ? { ...range, AsnAssociations } : range;
};

async function advertise(input: Ec2Operations['AdvertiseByoipCidr']['input'], ctx: Context): Promise<Ec2Operations['AdvertiseByoipCidr']['output']> {
  const range = await rangeOf(ctx, input.Cidr);
  if (input.NetworkBorderGroup !== undefined && input.NetworkBorderGroup !== range.NetworkBorderGroup) throw errors.invalidParameterValue(`The network border group of the address range ${range.Cidr} is ${range.NetworkBorderGroup}.`);
  if (input.Asn !== undefined && !(await byoasnsOf(ctx, range.Cidr!)).some((a) => a.Asn === input.Asn && a.State === 'associated')) throw errors.invalidParameterValue(`The ASN ${input.Asn} is not associated with the address range ${range.Cidr}.`);
  if (range.State !== 'provisioned') throw rangeState(range.Cidr!, range.State!);
  return { ByoipCidr: await withAsns(ctx, await ctx.transition(byoipCidrs, range, 'pending-advertising')) };
}

async function moveToIpam(input: Ec2Operations['MoveByoipCidrToIpam']['input'], ctx: Context): Promise<Ec2Operations['MoveByoipCidrToIpam']['output']> {
  const range = await rangeOf(ctx, input.Cidr);
  if (input.IpamPoolOwner !== ctx.account) throw pools.notFound([input.IpamPoolId]);
  if (range.IpamPoolId !== undefined) throw errors.invalidParameterCombination(`The address range ${range.Cidr} is already in the pool ${range.IpamPoolId}.`);
  if (!['provisioned', 'provisioned-not-publicly-advertisable', 'advertised'].includes(range.State!)) throw rangeState(range.Cidr!, range.State!);
  await movePoolCidr(ctx, input.IpamPoolId, range);
  range.IpamPoolId = input.IpamPoolId;
  await ctx.save(byoipCidrs, range);
  return { ByoipCidr: await withAsns(ctx, range) };
}

export const byoipCidrOperations = {
  ProvisionByoipCidr: provision,
  DescribeByoipCidrs: async (input, ctx) => {
    const all: StoredByoipCidr[] = [];
    for (const range of await ctx.list(byoipCidrs)) all.push(await withAsns(ctx, range));
    const { items, next } = pageOf(all, input);
    return { ByoipCidrs: items, ...next };
  },
  AdvertiseByoipCidr: advertise,
  WithdrawByoipCidr: async (input, ctx) => {
    const range = await rangeOf(ctx, input.Cidr);
    if (range.State !== 'advertised') throw rangeState(range.Cidr!, range.State!);
    return { ByoipCidr: await withAsns(ctx, await ctx.transition(byoipCidrs, range, 'pending-withdrawal')) };
  },
  MoveByoipCidrToIpam: moveToIpam,
  /** "Before you can release an address range, you must stop advertising it and you must not have any IP addresses allocated from it." */
  DeprovisionByoipCidr: async (input, ctx) => {
    const range = await rangeOf(ctx, input.Cidr);
    // assumed: the code and text of this.
    if (range.IpamPoolId !== undefined) throw errors.unsupportedOperation(`The address range ${range.Cidr} is in an IPAM pool. Use DeprovisionIpamPoolCidr instead.`);
    if (!['provisioned', 'provisioned-not-publicly-advertisable', 'failed-deprovision'].includes(range.State!)) throw rangeState(range.Cidr!, range.State!);
    return { ByoipCidr: await ctx.transition(byoipCidrs, range, 'pending-deprovision') };
  },
} satisfies Handlers<Ec2Operations>;
