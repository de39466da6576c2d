import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { hours, isoTime, pagePosition, pageToken, wildcardMatcher, type Context, type Handlers, type Structure } from '../../../src/kit/index.ts';
import { zone, zonesOf } from '../catalog/regions.ts';
import * as errors from '../errors.ts';
import { Market, PRODUCTS, spotTypes, spotZones, usdText, WINDOW_MS, type Pool } from './market.ts';

type Input = Ec2Operations['DescribeSpotPriceHistory']['input'];
type Price = NonNullable<Ec2Operations['DescribeSpotPriceHistory']['output']['SpotPriceHistory']>[number];

/** "You can view the Spot price history for the last 90 days." https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-spot-instances-history.html */
const HISTORY_MS = hours(24 * 90);
/** "The default value is 1000. The maximum value is 1000." */
const PRICES_PER_PAGE = 1000;

const FILTERS = ['availability-zone', 'availability-zone-id', 'instance-type', 'product-description', 'spot-price', 'timestamp'];

/** What of a pool or of one of its prices is asked for. */
type Accepts = Readonly<Record<string, (value: string) => boolean>>;

function accepting(input: Input): Accepts {
  const accepts: Record<string, (value: string) => boolean> = {};
  for (const { Name = '', Values = [] } of input.Filters ?? []) {
    if (!FILTERS.includes(Name)) throw errors.invalidParameterValue(`The filter '${Name}' is invalid`);
    const matches = wildcardMatcher(Name === 'product-description' ? Values.map(inVpc) : Values);
    const before = accepts[Name];
    accepts[Name] = before ? (value) => before(value) && matches(value) : matches;
  }
  return accepts;
}

/** Every pool is in a VPC now: "Linux/UNIX (Amazon VPC)" is the same product. */
const inVpc = (product: string): string => product.replace(/ \(Amazon VPC\)$/, '');

/** The types of the request that the Region has; what is unknown is refused. */
function typesOf(input: Input, region: string): string[] {
  const all = spotTypes(region);
  if (!input.InstanceTypes?.length) return all;
  const known = new Set(all);
  // assumed: a type that exists and has no spot has no prices; one that does not exist is refused.
  for (const type of input.InstanceTypes) if (!/^[a-z0-9-]+\.[a-z0-9-]+$/.test(type)) throw errors.invalidValue(type, 'instanceType');
  return [...new Set<string>(input.InstanceTypes)].filter((type) => known.has(type));
}

function poolsOf(input: Input, accepts: Accepts, region: string): Pool[] {
  if (input.AvailabilityZone !== undefined && input.AvailabilityZoneId !== undefined) throw errors.invalidParameterCombination('Either AvailabilityZone or AvailabilityZoneId can be specified, but not both');
  const wanted = input.AvailabilityZone ?? input.AvailabilityZoneId;
  const only = wanted === undefined ? undefined : zone(region, wanted);
  if (wanted !== undefined && !only) throw errors.invalidParameterValue(`Invalid availability zone: [${wanted}]`);
  const ids = new Map(zonesOf(region).map((z) => [z.ZoneName!, z.ZoneId!]));
  const products = PRODUCTS.filter((product) => (!input.ProductDescriptions?.length || input.ProductDescriptions.map(inVpc).includes(product)) && accepts['product-description']?.(product) !== false);
  const zoneFits = (name: string) => (!only || only.ZoneName === name) && accepts['availability-zone']?.(name) !== false && accepts['availability-zone-id']?.(ids.get(name)!) !== false;
  return typesOf(input, region)
    .filter((type) => accepts['instance-type']?.(type) !== false)
    .flatMap((type) => spotZones(region, type).filter(zoneFits).flatMap((name) => products.map((product) => ({ type, zone: name, product }))));
}

/** Newest first: each window's prices, in the reverse order of the pools' moments in it. */
function* prices(pools: readonly Pool[], fromMs: number, toMs: number, market: Market): Generator<{ pool: Pool; window: number; at: number }> {
  const ordered = pools.map((pool) => ({ pool, offset: market.offsetMs(pool) })).sort((a, b) => b.offset - a.offset);
  if (fromMs > toMs) return;
  const last = Math.floor(fromMs / WINDOW_MS) - 1;
  for (let window = Math.floor(toMs / WINDOW_MS); window >= last; window--) {
    for (const { pool, offset } of ordered) {
      const at = window * WINDOW_MS + offset;
      // "It also returns the last price change before the start time, which is the effective price as of the start time."
      if (at <= toMs && at + WINDOW_MS > fromMs) yield { pool, window, at };
    }
  }
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSpotPriceHistory.html */
async function describePrices(input: Input, ctx: Context): Promise<Ec2Operations['DescribeSpotPriceHistory']['output']> {
  const market = Market.of(ctx);
  const toMs = Math.min(ctx.nowMs, input.EndTime === undefined ? ctx.nowMs : Date.parse(input.EndTime));
  const fromMs = Math.max(ctx.nowMs - HISTORY_MS, Math.min(ctx.nowMs, input.StartTime === undefined ? 0 : Date.parse(input.StartTime)));
  const accepts = accepting(input);
  const pools = poolsOf(input, accepts, ctx.region);
  const size = Math.min(input.MaxResults || PRICES_PER_PAGE, PRICES_PER_PAGE);
  const from = pagePosition(input.NextToken || undefined, { ...input, MaxResults: size } as Structure, errors.invalidNextToken);
  // Only these two need the price itself: what an earlier page gave is passed over without it otherwise.
  const quick = !accepts['spot-price'] && !accepts.timestamp;
  const found: Price[] = [];
  let position = 0;
  for (const { pool, window, at } of prices(pools, fromMs, toMs, market)) {
    if (quick && position < from) {
      position++;
      continue;
    }
    const price = shown(pool, at, usdText(market.windowUsdPerHour(pool, window)), ctx.region);
    if (accepts['spot-price']?.(price.SpotPrice!) === false || accepts.timestamp?.(price.Timestamp!) === false || position++ < from) continue;
    if (found.length === size) return { SpotPriceHistory: found, NextToken: pageToken(position - 1, input as Structure) };
    found.push(price);
  }
  // EC2 ends this listing with an empty token.
  return { SpotPriceHistory: found, NextToken: '' };
}

const shown = (pool: Pool, at: number, usd: string, region: string): Price => ({
  AvailabilityZone: pool.zone, AvailabilityZoneId: zone(region, pool.zone)!.ZoneId, InstanceType: pool.type as Price['InstanceType'], ProductDescription: pool.product as Price['ProductDescription'], SpotPrice: usd, Timestamp: isoTime(at),
});

export const spotPriceOperations = { DescribeSpotPriceHistory: describePrices } satisfies Handlers<Ec2Operations>;
