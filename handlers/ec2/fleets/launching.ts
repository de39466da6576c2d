import type { Context, TagPair } from '../../../src/kit/index.ts';
import { openRoom } from '../capacity-reservations/reservation-matching.ts';
import { unsupported } from '../errors.ts';
import { admitLaunch } from '../launch-faults.ts';
import { demandLaunch } from '../launch-permissions.ts';
import type { StoredInstance } from '../instances/instances.ts';
import { runInstances } from '../instances/run-instances.ts';
import { assign, type Strategy } from './allocation.ts';
import { candidatesOf, runInput, type Candidate, type LaunchError, type LaunchSource, type MarketType } from './candidates.ts';
import { describedMember, living, remember, terminateMembers, type Fleet, type Member } from './members.ts';

/** How a fleet launches in one market. */
export interface MarketPlan {
  readonly units: number;
  readonly strategy: Strategy;
  /** Over how many pools lowest-price spreads. */
  readonly pools?: number | undefined;
  readonly singleType?: boolean | undefined;
  readonly singleZone?: boolean | undefined;
  /** Fewer units than these are none. */
  readonly minUnits?: number | undefined;
  /** The most that all instances together may cost an hour. */
  readonly maxTotalUsd?: number | undefined;
  readonly behaviour?: string | undefined;
  /** Open Capacity Reservations are used before anything else. */
  readonly reservedFirst?: boolean | undefined;
}

/** What a fleet wants, whichever of the two kinds it is. */
export interface FleetPlan {
  readonly kind: string;
  readonly id: string;
  readonly sources: readonly LaunchSource[];
  readonly unit?: string | undefined;
  readonly onDemand: MarketPlan;
  readonly spot: MarketPlan;
  /** Whether another pool is tried where one has no capacity. */
  readonly fallsBack: boolean;
  readonly shrinks: boolean;
  /** Whether the caller launches, and not the service's own role later on. */
  readonly asCaller?: boolean;
  readonly tags: readonly TagPair[];
}

/** Instances that one pool gave. */
export interface Launched {
  readonly candidate: Candidate;
  readonly instances: readonly StoredInstance[];
}

export interface Launches {
  readonly launched: readonly Launched[];
  readonly refused: readonly LaunchError[];
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);
export const unitsIn = (members: readonly Member[], market: MarketType): number => sum(members.filter((m) => m.market === market).map((m) => m.weight));

/** As many of a pool's instances as its subnet has addresses for. */
async function launchPool(plan: FleetPlan, candidate: Candidate, count: number, ctx: Context): Promise<Launched> {
  const outcome = await ctx.attempt(() => launchAll(plan, candidate, count, ctx));
  if ('done' in outcome) return outcome.done;
  if (outcome.refused.code !== 'InsufficientFreeAddressesInSubnet' || count === 1) throw outcome.refused;
  return launchPool(plan, candidate, Math.floor(count / 2), ctx);
}

async function launchAll(plan: FleetPlan, candidate: Candidate, count: number, ctx: Context): Promise<Launched> {
  const input = runInput(candidate, count, candidate.market === 'spot' ? plan.spot.behaviour : undefined);
  if (plan.asCaller) await demandLaunch(input, ctx);
  await admitLaunch(ctx, input, candidate.zone);
  const { Instances = [] } = await runInstances(input, ctx, { fleet: { kind: plan.kind, id: plan.id }, tags: plan.tags });
  return { candidate, instances: Instances as StoredInstance[] };
}

/** All of one type, or all of one zone: those of the pool that the strategy likes best. */
function restricted(candidates: readonly Candidate[], market: MarketPlan): Candidate[] {
  const [best] = assign(candidates, 1, market.strategy, market.pools).keys();
  return candidates.filter((c) => (!market.singleType || c.type === best!.type) && (!market.singleZone || c.zone === best!.zone));
}

/** How many of a pool's instances what is left of the total price pays for. */
const affordable = (count: number, candidate: Candidate, spentUsd: number, maxTotalUsd: number | undefined): number => (maxTotalUsd === undefined ? count : Math.min(count, Math.floor((maxTotalUsd - spentUsd) / candidate.usdPerHour)));

type Reserved = readonly { readonly candidate: Candidate; readonly room: number }[];

/** The pools that open Capacity Reservations have room in. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-fleet-on-demand-capacity-reservations.html */
async function reservedPools(candidates: readonly Candidate[], ctx: Context): Promise<Reserved | undefined> {
  const found = [];
  for (const candidate of candidates) {
    const room = await openRoom({ type: candidate.type, platform: candidate.product, zone: candidate.zone, tenancy: 'default' }, ctx);
    if (room > 0) found.push({ candidate, room });
  }
  return found.length > 0 ? found : undefined;
}

function withinRoom(reserved: Reserved, units: number): Map<Candidate, number> {
  const counts = new Map<Candidate, number>();
  let left = units;
  for (const { candidate, room } of reserved) {
    const count = Math.min(room, Math.ceil(left / candidate.weight));
    if (count <= 0) continue;
    counts.set(candidate, count);
    left -= count * candidate.weight;
  }
  return counts;
}

/** Launches until so many units run: pool after pool, as long as there is one that gives some. */
async function launchMarket(plan: FleetPlan, type: MarketType, units: number, spentUsd: number, ctx: Context): Promise<Launches> {
  const market = type === 'spot' ? plan.spot : plan.onDemand;
  const { candidates, refused } = await candidatesOf(plan.sources, type, plan.unit, ctx);
  const launched: Launched[] = [];
  let open = candidates.length > 0 && (market.singleType || market.singleZone) ? restricted(candidates, market) : candidates;
  let left = units;
  let usd = spentUsd;
  let reserved = market.reservedFirst ? await reservedPools(open, ctx) : undefined;
  while (left > 0 && open.length > 0) {
    const assigned = reserved ? withinRoom(reserved, left) : assign(open, left, market.strategy, market.pools);
    reserved = undefined;
    for (const [candidate, wanted] of assigned) {
      const count = affordable(wanted, candidate, usd, market.maxTotalUsd);
      const outcome = count === 0 ? undefined : await ctx.attempt(() => launchPool(plan, candidate, count, ctx));
      const made = outcome && 'done' in outcome ? outcome.done.instances.length : 0;
      if (outcome && 'done' in outcome) launched.push(outcome.done);
      else if (outcome) refused.push({ source: candidate.source, market: type, type: candidate.type, place: candidate, code: outcome.refused.code, message: outcome.refused.message });
      left -= made * candidate.weight;
      usd += made * candidate.usdPerHour;
      if (made < wanted) open = open.filter((one) => one !== candidate);
    }
    if (!plan.fallsBack) break;
  }
  return { launched, refused };
}

/** Launches for both markets; where one gets fewer than its minimum, none of it. */
export async function launchUnits(plan: FleetPlan, missing: { readonly spot: number; readonly onDemand: number }, spentUsd: { readonly spot: number; readonly onDemand: number }, ctx: Context): Promise<Launches> {
  const launched: Launched[] = [];
  const refused: LaunchError[] = [];
  for (const [type, market, units, usd] of [['on-demand', plan.onDemand, missing.onDemand, spentUsd.onDemand], ['spot', plan.spot, missing.spot, spentUsd.spot]] as const) {
    if (units <= 0) continue;
    let short: Launches | undefined;
    const outcome = await ctx.attempt(async () => {
      const launches = await launchMarket(plan, type, units, usd, ctx);
      if (sum(launches.launched.map((l) => l.instances.length * l.candidate.weight)) >= (market.minUnits ?? 0)) return launches;
      short = launches;
      throw unsupported('The minimum target capacity could not be reached.');
    });
    if ('done' in outcome) launched.push(...outcome.done.launched);
    refused.push(...('done' in outcome ? outcome.done : short!).refused);
  }
  return { launched, refused };
}

/** Makes what was launched members. */
export function enrol(fleet: Fleet, launches: Launches, ctx: Context): void {
  for (const { candidate, instances: made } of launches.launched) {
    for (const instance of made) {
      const member: Member = { id: instance.InstanceId!, type: candidate.type, weight: candidate.weight, market: candidate.market, usdPerHour: candidate.usdPerHour, spotRequestId: instance.SpotInstanceRequestId, atMs: Math.floor(ctx.nowMs) };
      fleet.$.members.push(member);
      remember(fleet, { type: 'instance', subType: 'launched', instanceId: member.id, description: describedMember(member) }, ctx);
    }
  }
  for (const { market, type, code, message } of launches.refused) remember(fleet, { type: 'error', subType: errorSubType(code), description: `${type ?? 'launch'}, ${market}: ${code}: ${message}` }, ctx);
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EventInformation.html */
function errorSubType(code: string): string {
  if (/^Insufficient/.test(code)) return 'launchSpecTemporarilyBlacklisted';
  return /LimitExceeded|CountExceeded/.test(code) ? 'spotInstanceCountLimitExceeded' : 'allLaunchSpecsTemporarilyBlacklisted';
}

/** Launches what is missing and, where it may, ends what is too much, dearest first; answers whether the target is reached. */
export async function resize(fleet: Fleet, plan: FleetPlan, ctx: Context): Promise<boolean> {
  const present = await living(fleet, ctx);
  const have = { spot: unitsIn(present, 'spot'), onDemand: unitsIn(present, 'on-demand') };
  if (plan.shrinks) for (const market of ['spot', 'on-demand'] as const) await terminateMembers(fleet, excess(present, market, (market === 'spot' ? plan.spot : plan.onDemand).units), ctx);
  const missing = { spot: plan.spot.units - have.spot, onDemand: plan.onDemand.units - have.onDemand };
  if (missing.spot <= 0 && missing.onDemand <= 0) return true;
  const usdIn = (market: MarketType) => sum(present.filter((m) => m.market === market).map((m) => m.usdPerHour));
  enrol(fleet, await launchUnits(plan, missing, { spot: usdIn('spot'), onDemand: usdIn('on-demand') }, ctx), ctx);
  const now = await living(fleet, ctx);
  return unitsIn(now, 'spot') >= plan.spot.units && unitsIn(now, 'on-demand') >= plan.onDemand.units;
}

/** assumed: instances go from the dearest unit to the cheapest, as long as the target stays covered. */
function excess(members: readonly Member[], market: MarketType, units: number): Member[] {
  const gone: Member[] = [];
  let have = unitsIn(members, market);
  for (const member of members.filter((m) => m.market === market).sort((a, b) => b.usdPerHour / b.weight - a.usdPerHour / a.weight)) {
    if (have - member.weight < units) continue;
    have -= member.weight;
    gone.push(member);
  }
  return gone;
}
