import type { CapacityBlockOffering } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { hours, isoTime, pageOf, type Context, type Handlers, type Structure } from '../../../src/kit/index.ts';
import { offeredZones } from '../catalog/instance-type-offerings.ts';
import { onDemandUsdPerHour } from '../catalog/prices.ts';
import { zonesOf } from '../catalog/regions.ts';
import * as errors from '../errors.ts';
import { hash } from '../spot/market.ts';

export type BlockOffering = Wire<CapacityBlockOffering>;
type Input = Ec2Operations['DescribeCapacityBlockOfferings']['input'];

/** Types that come in blocks. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/capacity-blocks-prerequisites.html */
const TYPES = ['p4d.24xlarge', 'p4de.24xlarge', 'p5.48xlarge', 'p5e.48xlarge', 'p5en.48xlarge', 'p6-b200.48xlarge', 'trn1.32xlarge', 'trn2.48xlarge'];
const INSTANCES_MAX = 64;
const DAY_MS = hours(24);
/** "1–14 days in 1-day increments, and up to 182 days in 7-day increments." */
const [DAYS_MAX_EACH, DAYS_MAX] = [14, 182];
/** "Capacity Blocks … end at 11:30AM UTC", and start then. */
const START_MS = hours(11.5);
/** "Up to eight weeks in advance." */
const AHEAD_DAYS = 56;
/** assumed: one day of three has capacity in a zone; what a block costs as a share of the On-Demand price. */
const RARITY = 3;
const PRICE_SHARE = 0.4;

interface Block {
  readonly type: string;
  readonly zone: string;
  readonly count: number;
  readonly days: number;
  /** Days since the epoch. */
  readonly startDay: number;
}

const digits = (n: number, width: number): string => n.toString(16).padStart(width, '0');
const zoneNames = (region: string): string[] => zonesOf(region).map((zone) => zone.ZoneName!);

/** An offering's id says what it is, so that it is found again when it is bought. */
function idOf(block: Block, ctx: Context): string {
  const plain = digits(TYPES.indexOf(block.type), 1) + digits(zoneNames(ctx.region).indexOf(block.zone), 2) + digits(block.count, 2) + digits(block.days, 2) + digits(block.startDay, 4);
  return `cbo-${plain}${digits(hash(`${ctx.region}|${plain}`) >>> 8, 6)}`;
}

const isFree = (type: string, zone: string, day: number, ctx: Context): boolean => hash(`${ctx.ids.seed ?? 'fogbank'}|${zone}|${type}|${day}`) % RARITY === 0;
const startMsOf = (day: number): number => day * DAY_MS + START_MS;

function offeringOf(block: Block, ctx: Context): BlockOffering {
  const startMs = startMsOf(block.startDay);
  return {
    CapacityBlockOfferingId: idOf(block, ctx), InstanceType: block.type, AvailabilityZone: block.zone, InstanceCount: block.count, StartDate: isoTime(startMs), EndDate: isoTime(startMs + block.days * DAY_MS),
    CapacityBlockDurationHours: block.days * 24, CapacityBlockDurationMinutes: block.days * 24 * 60, UpfrontFee: (onDemandUsdPerHour(block.type, ctx.region)! * PRICE_SHARE * block.count * block.days * 24).toFixed(4), CurrencyCode: 'USD', Tenancy: 'default', ZoneType: 'availability-zone',
  };
}

/** An offering by its id, while it has not begun. */
export function findBlockOffering(id: string, ctx: Context): BlockOffering | undefined {
  const parts = /^cbo-([0-9a-f])([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{4})[0-9a-f]{6}$/.exec(id)?.slice(1).map((part) => parseInt(part, 16));
  const [type, zone] = [TYPES[parts?.[0] ?? -1], zoneNames(ctx.region)[parts?.[1] ?? -1]];
  if (!parts || type === undefined || zone === undefined) return undefined;
  const block = { type, zone, count: parts[2]!, days: parts[3]!, startDay: parts[4]! };
  return idOf(block, ctx) === id && startMsOf(block.startDay) > ctx.nowMs ? offeringOf(block, ctx) : undefined;
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/capacity-blocks-purchase.html */
function wanted(input: Input, ctx: Context): { days: number; count: number; fromMs: number; toMs: number } {
  if (input.InstanceType === undefined || input.InstanceCount === undefined) throw errors.missingParameter('InstanceType and InstanceCount');
  if (!TYPES.includes(input.InstanceType)) throw errors.invalidParameterValue(`Capacity Blocks are not supported for the instance type ${input.InstanceType}.`);
  const days = input.CapacityDurationHours / 24;
  if (!Number.isInteger(days) || days < 1 || days > DAYS_MAX || (days > DAYS_MAX_EACH && days % 7 !== 0)) throw errors.invalidValue(input.CapacityDurationHours, 'CapacityDurationHours', 'Valid values are 1 to 14 days, and multiples of 7 days up to 182 days.');
  if (input.InstanceCount < 1 || input.InstanceCount > INSTANCES_MAX) throw errors.invalidValue(input.InstanceCount, 'InstanceCount', `Valid values are from 1 to ${INSTANCES_MAX}.`);
  const fromMs = Math.max(ctx.nowMs, Date.parse(input.StartDateRange ?? ctx.now));
  return { days, count: input.InstanceCount, fromMs, toMs: input.EndDateRange === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(input.EndDateRange) };
}

export const blockOfferingOperations = {
  /** The earliest of each zone. */
  DescribeCapacityBlockOfferings: async (input, ctx) => {
    const { days, count, fromMs, toMs } = wanted(input, ctx);
    const found: BlockOffering[] = [];
    const last = Math.floor(ctx.nowMs / DAY_MS) + AHEAD_DAYS;
    for (const zone of offeredZones(ctx.region, input.InstanceType!)) {
      for (let day = Math.floor(fromMs / DAY_MS); day <= last; day++) {
        const startMs = startMsOf(day);
        if (startMs < fromMs || startMs + days * DAY_MS > toMs || !isFree(input.InstanceType!, zone, day, ctx)) continue;
        found.push(offeringOf({ type: input.InstanceType!, zone, count, days, startDay: day }, ctx));
        break;
      }
    }
    const { items, next } = pageOf(found, input as never as Structure, errors.invalidNextToken);
    return { CapacityBlockOfferings: items, ...next };
  },
} satisfies Handlers<Ec2Operations>;
