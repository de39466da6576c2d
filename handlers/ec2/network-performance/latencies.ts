import { createHash } from 'node:crypto';
import { isRegion, regions, zone } from '../catalog/regions.ts';
import * as errors from '../errors.ts';

/** Between what latency is measured: two Regions, or two zones of one Region. */
export interface Route {
  readonly Source: string;
  readonly Destination: string;
}

const regionOfZone = (id: string): string | undefined => regions().find((r) => zone(r.RegionName!, id)?.ZoneId === id)?.RegionName;

/** https://docs.aws.amazon.com/network-manager/latest/infrastructure-performance/what-is-nmip.html */
export function checkRoute({ Source, Destination }: Partial<Route>): Route {
  if (!Source) throw errors.missingParameter('Source');
  if (!Destination) throw errors.missingParameter('Destination');
  const homes = Object.entries({ Source, Destination }).map(([name, place]) => {
    const home = isRegion(place) ? place : regionOfZone(place);
    if (home === undefined) throw errors.invalidValue(place, name, 'A Region or the ID of an Availability Zone is expected.');
    return home;
  });
  if (isRegion(Source) !== isRegion(Destination)) throw errors.invalidParameterCombination('Source and Destination must both be Regions or both be Availability Zones');
  if (!isRegion(Source) && homes[0] !== homes[1]) throw errors.invalidParameterCombination('The Source and Destination Availability Zones must be in the same Region');
  return { Source, Destination };
}

/** A fraction from 0 up to 1 that follows from a text. */
const fraction = (text: string): number => createHash('sha256').update(text).digest().readUInt32BE() / 2 ** 32;

/** Milliseconds, from and to. */
function span({ Source, Destination }: Route): readonly [number, number] {
  if (!isRegion(Source)) return Source === Destination ? [0.1, 0.3] : [0.4, 1.6];
  if (Source === Destination) return [0.5, 1.2];
  return Source.split('-')[0] === Destination.split('-')[0] ? [12, 80] : [85, 260];
}

/** Modelled: what is measured here follows from the names of the two places, the same in both directions, and moves a little with time. */
export function latencyMs(route: Route, periodStartMs: number): number {
  const pair = [route.Source, route.Destination].sort().join('/');
  const [least, most] = span(route);
  const usual = least + (most - least) * fraction(pair);
  return Number((usual * (0.98 + 0.04 * fraction(`${pair}/${periodStartMs}`))).toFixed(5));
}
