import { AwsError, type Context } from '../../../src/kit/index.ts';
import { instanceTypeLimits } from '../catalog/instance-types.ts';
import { instanceTypeOffered, offeredTypes } from '../catalog/instance-type-offerings.ts';
import { onDemandUsdPerHour } from '../catalog/prices.ts';
import { zonesOf } from '../catalog/regions.ts';
import * as errors from '../errors.ts';
import { resolvedImageId } from '../images/image-aliases.ts';
import { imageForLaunch } from '../images/images.ts';
import type { RunInput } from '../instances/run-instances.ts';
import { hasSpot, Market, productOf, usdText } from '../spot/market.ts';
import { subnets } from '../vpcs/subnets.ts';
import { defaultVpc } from '../vpcs/vpcs.ts';
import { matches, protectedTypes, unitsOf, type Requirements } from './instance-requirements.ts';

/** One thing that a fleet may launch: a template or specification with one of its overrides. */
export interface LaunchSource {
  /** What RunInstances is asked, without counts; types and places lie beside it. */
  readonly run: RunInput;
  readonly type?: string | undefined;
  readonly requirements?: Requirements | undefined;
  readonly subnets?: readonly string[] | undefined;
  /** Names or ids. */
  readonly zones?: readonly string[] | undefined;
  readonly weight?: number | undefined;
  readonly priority?: number | undefined;
  /** The most that a unit of it may cost an hour as spot. */
  readonly maxUsdPerUnit?: number | undefined;
  /** How answers show it. */
  readonly shown: object;
}

export type MarketType = 'spot' | 'on-demand';

/** A pool of a source: one type in one zone (or subnet). */
export interface Candidate {
  readonly source: LaunchSource;
  readonly market: MarketType;
  readonly type: string;
  readonly zone: string;
  readonly subnetId?: string | undefined;
  readonly product: string;
  readonly weight: number;
  readonly priority: number;
  /** What an instance of it costs an hour now. */
  readonly usdPerHour: number;
  /** How much spare capacity it has, from 0 to 1. */
  readonly depth: number;
}

/** What keeps a source (or one pool of it) from being launched. */
export interface LaunchError {
  readonly source: LaunchSource;
  readonly market: MarketType;
  readonly type?: string | undefined;
  readonly place?: { readonly subnetId?: string | undefined; readonly zone: string } | undefined;
  readonly code: string;
  readonly message: string;
}

interface Place {
  readonly zone: string;
  readonly subnetId?: string;
}

/** Where a source may go: the subnets or zones that it names, else those of its template, else every zone of the default VPC. */
async function placesOf(source: LaunchSource, ctx: Context): Promise<Place[]> {
  const network = source.run.NetworkInterfaces?.find((n) => (n.DeviceIndex ?? 0) === 0)?.SubnetId;
  const named = source.subnets ?? (source.zones ? undefined : (source.run.SubnetId ?? network) === undefined ? undefined : [(source.run.SubnetId ?? network)!]);
  if (named) return (await ctx.getAll(subnets, [...new Set(named)])).map((subnet) => ({ zone: subnet.AvailabilityZone!, subnetId: subnet.SubnetId! }));
  const zones = source.zones ?? (source.run.Placement?.AvailabilityZone ? [source.run.Placement.AvailabilityZone] : undefined);
  const vpc = await defaultVpc(ctx);
  if (!vpc) throw errors.vpcIdNotSpecified();
  const usual = (await ctx.list(subnets, { member: 'VpcId', value: vpc.VpcId! })).filter((s) => s.DefaultForAz).map((s) => s.AvailabilityZone!);
  if (!zones) return usual.map((zone) => ({ zone }));
  const known = zonesOf(ctx.region);
  return zones.map((wanted) => {
    const found = known.find((z) => z.ZoneName === wanted || z.ZoneId === wanted);
    if (!found) throw errors.invalidParameterValue(`Invalid availability zone: [${wanted}]`);
    return { zone: found.ZoneName! };
  });
}

/** The types of a source: its own, or all that have the attributes it asks for at a price within its protection. */
function typesOf(source: LaunchSource, market: MarketType, architecture: string, unit: string | undefined, spotUsdOf: (type: string) => number, region: string): string[] {
  if (source.requirements === undefined) return [source.type ?? source.run.InstanceType ?? 'm1.small'];
  const wanted = source.requirements;
  const types = offeredTypes(region).filter((type) => instanceTypeLimits(type)!.architectures.includes(architecture) && (market === 'on-demand' || hasSpot(type)) && matches(type, wanted));
  return protectedTypes(types, wanted, market, region, spotUsdOf, unit);
}

async function ofSource(source: LaunchSource, market: MarketType, unit: string | undefined, ctx: Context): Promise<Candidate[]> {
  if (source.run.ImageId === undefined) throw errors.missingParameter('ImageId');
  // assumed: templates of every type of fleet may name a parameter; a launch specification without a template names an image.
  const image = await imageForLaunch(ctx, source.run.LaunchTemplate === undefined ? source.run.ImageId : await resolvedImageId(source.run.ImageId, ctx));
  const product = productOf(image.PlatformDetails);
  const places = await placesOf(source, ctx);
  const walk = Market.of(ctx);
  const spotUsdOf = (type: string) => Math.min(...places.map(({ zone }) => walk.usdPerHour({ type, zone, product }, ctx.nowMs)));
  const types = typesOf(source, market, image.Architecture!, unit, spotUsdOf, ctx.region);
  if (types.length === 0) throw new AwsError('InvalidFleetConfig', 'No instance types match the specified attributes.');
  return types.flatMap((type) => {
    if (onDemandUsdPerHour(type, ctx.region) === undefined) throw errors.invalidParameterValue(`Invalid value '${type}' for InstanceType.`);
    // A place that was asked for alone is refused by the launch itself.
    return places.filter(({ zone }) => places.length === 1 || instanceTypeOffered(ctx.region, zone, type)).map(({ zone, subnetId }) => {
      const pool = { type, zone, product };
      return {
        source, market, type, zone, subnetId, product, weight: source.weight ?? unitsOf(type, unit), priority: source.priority ?? Number.MAX_SAFE_INTEGER,
        usdPerHour: market === 'spot' && hasSpot(type) ? walk.usdPerHour(pool, ctx.nowMs) : onDemandUsdPerHour(type, ctx.region, product)!, depth: walk.depth(pool, ctx.nowMs),
      };
    });
  });
}

/** Every pool that a fleet may launch from now, and why others may not be. */
export async function candidatesOf(sources: readonly LaunchSource[], market: MarketType, unit: string | undefined, ctx: Context): Promise<{ candidates: Candidate[]; refused: LaunchError[] }> {
  const candidates: Candidate[] = [];
  const refused: LaunchError[] = [];
  for (const source of sources) {
    const outcome = await ctx.attempt(() => ofSource(source, market, unit, ctx));
    if ('done' in outcome) candidates.push(...outcome.done);
    else refused.push({ source, market, type: source.type, code: outcome.refused.code, message: outcome.refused.message });
  }
  return { candidates, refused };
}

/** RunInstances' input for so many instances of a pool. */
export function runInput({ source, market, type, zone, subnetId, weight }: Candidate, count: number, behaviour: string | undefined): RunInput {
  const { run } = source;
  const specified = run.NetworkInterfaces?.length ? run.NetworkInterfaces : undefined;
  const place = subnetId === undefined ? { Placement: { ...run.Placement, AvailabilityZone: zone } } : specified ? { NetworkInterfaces: specified.map((n) => ((n.DeviceIndex ?? 0) === 0 ? { ...n, SubnetId: subnetId } : n)) } : { SubnetId: subnetId };
  const { SubnetId: _subnet, InstanceMarketOptions: _market, ...rest } = run;
  const spot = { MarketType: 'spot' as const, SpotOptions: { ...(source.maxUsdPerUnit === undefined ? {} : { MaxPrice: usdText(source.maxUsdPerUnit * weight) }), ...(behaviour === undefined ? {} : { InstanceInterruptionBehavior: behaviour as 'terminate' }) } };
  return { ...rest, ...place, InstanceType: type as RunInput['InstanceType'], MinCount: 1, MaxCount: count, ...(market === 'spot' ? { InstanceMarketOptions: spot } : {}) };
}
