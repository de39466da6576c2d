import type { Context } from '../../../src/kit/index.ts';
import { hours } from '../../../src/kit/index.ts';
import { instanceType } from '../catalog/instance-types.ts';
import { offeredTypes, offeredZones } from '../catalog/instance-type-offerings.ts';
import { onDemandUsdPerHour } from '../catalog/prices.ts';

/**
 * The spot market: prices and spare capacity of every pool, as functions of the world's seed and the time. Nothing of it is
 * stored: whoever looks sees the same. A price changes once in each window of six hours, at the pool's own moment in it,
 * and stays between 20 % and 90 % of the On-Demand price.
 */
export interface Pool {
  readonly type: string;
  /** The zone's name. */
  readonly zone: string;
  readonly product: string;
}

export const WINDOW_MS = hours(6);
const SHARE_MIN = 0.2;
const SHARE_SPAN = 0.7;
/** Most pools are nearer to the lower end: AWS speaks of savings of up to 90 %, and of two thirds on average. */
const CHEAPNESS = 1.6;
/** What a price consists of: the pool's level, a tide that comes and goes in days, a wave of its own in each window. */
const [LEVEL, TIDE, WAVE] = [0.55, 0.3, 0.15];
/** A tide turns in so many windows. */
const TIDE_WINDOWS = 20;
/** How far ahead a price is looked for. */
const HORIZON_WINDOWS = 4 * 365;

export const PRODUCTS = ['Linux/UNIX', 'Red Hat Enterprise Linux', 'SUSE Linux', 'Windows'] as const;

/** A world without a seed has this market. */
const SEED = 'fogbank';

/** In steps of a hundredth of a cent. `height` is from 0 to 1. */
const priced = (onDemandUsd: number, height: number): number => Math.round(onDemandUsd * (SHARE_MIN + SHARE_SPAN * height ** CHEAPNESS) * 10_000) / 10_000;

export class Market {
  private constructor(private readonly seed: string, private readonly region: string) {}

  static of(ctx: Context): Market {
    return new Market(ctx.ids.seed ?? SEED, ctx.region);
  }

  /** When the pool's price changes within a window, in milliseconds from its beginning. */
  offsetMs(pool: Pool): number {
    return Math.floor(this.draw(pool, 'offset') * (WINDOW_MS / 1000)) * 1000;
  }

  private windowAt(pool: Pool, atMs: number): number {
    return Math.floor((atMs - this.offsetMs(pool)) / WINDOW_MS);
  }

  /** When the price of a window began. */
  sinceMs(pool: Pool, window: number): number {
    return window * WINDOW_MS + this.offsetMs(pool);
  }

  usdPerHour(pool: Pool, atMs: number): number {
    return this.windowUsdPerHour(pool, this.windowAt(pool, atMs));
  }

  windowUsdPerHour(pool: Pool, window: number): number {
    const onDemandUsd = onDemandUsdPerHour(pool.type, this.region, pool.product)!;
    return priced(onDemandUsd, LEVEL * this.draw(pool, 'level') + TIDE * this.tide(pool, 'tide', window) + WAVE * this.draw(pool, `wave ${window}`));
  }

  /** When the price first exceeds (or no longer exceeds) a limit after `fromMs`; undefined where it does not for a year. */
  nextMs(pool: Pool, fromMs: number, limitUsd: number, turns: 'above' | 'within'): number | undefined {
    const first = this.windowAt(pool, fromMs) + 1;
    const onDemandUsd = onDemandUsdPerHour(pool.type, this.region, pool.product)!;
    const lowest = LEVEL * this.draw(pool, 'level');
    // What the pool never costs needs no looking for.
    if (turns === 'above' ? priced(onDemandUsd, lowest + TIDE + WAVE) <= limitUsd : priced(onDemandUsd, lowest) > limitUsd) return undefined;
    for (let window = first; window < first + HORIZON_WINDOWS; window++) {
      if (this.windowUsdPerHour(pool, window) > limitUsd === (turns === 'above')) return this.sinceMs(pool, window);
    }
    return undefined;
  }

  /** How much spare capacity a pool has, from 0 (little) to 1 (plenty). */
  depth(pool: Pool, atMs: number): number {
    return 0.6 * this.draw(pool, 'size') + 0.4 * this.tide(pool, 'spare', Math.floor(atMs / WINDOW_MS));
  }

  /** Goes from one level to the next in many windows. */
  private tide(pool: Pool, name: string, window: number): number {
    const at = Math.floor(window / TIDE_WINDOWS);
    const part = window / TIDE_WINDOWS - at;
    return this.draw(pool, `${name} ${at}`) * (1 - part) + this.draw(pool, `${name} ${at + 1}`) * part;
  }

  /** Evenly between 0 and 1, the same for the same pool and name. */
  private draw(pool: Pool, name: string): number {
    return hash(`${this.seed}|${this.region}|${pool.zone}|${pool.type}|${pool.product}|${name}`) / 2 ** 32;
  }
}

/** FNV-1a with MurmurHash3's last mix: quick, and even in every bit. */
export function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

export const hasSpot = (type: string): boolean => instanceType(type)?.SupportedUsageClasses?.includes('spot') === true;

/** The types of a Region that can be had as spot. */
export const spotTypes = (region: string): string[] => offeredTypes(region).filter(hasSpot);

export const spotZones = (region: string, type: string): string[] => (hasSpot(type) ? offeredZones(region, type) : []);

/** As EC2 writes prices. */
export const usdText = (usd: number): string => usd.toFixed(6);

/** Which product of the market an image is. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSpotPriceHistory.html */
export function productOf(platformDetails: string | undefined): string {
  if (platformDetails?.startsWith('Windows')) return 'Windows';
  if (platformDetails?.startsWith('Red Hat')) return 'Red Hat Enterprise Linux';
  return platformDetails?.startsWith('SUSE') ? 'SUSE Linux' : 'Linux/UNIX';
}
