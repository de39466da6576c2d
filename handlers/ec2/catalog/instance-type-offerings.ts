/** Which zones of which Region offer which instance types, as DescribeInstanceTypeOfferings tells. Read-only. */
import { readJsonFixture } from '../../../fixtures/load.ts';
import { instanceTypeNames } from './instance-types.ts';
import { zone, zonesOf } from './regions.ts';

interface Catalog {
  edgeZones: string;
  /** Letters of zones, to the families that these zones offer whole and the types that they offer one by one. */
  regions: Record<string, { zones: Record<string, string>; modelled?: boolean }>;
}

let catalog: Catalog | undefined;
let typeNames: Set<string> | undefined;
const lettersByRegion = new Map<string, Map<string, string>>();

/** The types that at least one zone of the Region offers, ordered. */
export function offeredTypes(region: string): readonly string[] {
  const letters = lettersOf(region);
  return instanceTypeNames().filter((name) => letters.has(name) || letters.has(family(name)));
}

/** The names of the Availability Zones of a Region that offer a type. */
export function offeredZones(region: string, name: string): string[] {
  if (!isType(name)) return [];
  const letters = lettersOf(region);
  return [...(letters.get(name) ?? letters.get(family(name)) ?? '')].map((letter) => region + letter);
}

/** Whether a zone, given by name or id, offers a type; with no zone, whether the Region does. */
export function instanceTypeOffered(region: string, zoneNameOrId: string | undefined, name: string): boolean {
  if (zoneNameOrId === undefined) return offeredZones(region, name).length > 0;
  const found = zone(region, zoneNameOrId);
  if (found === undefined) return false;
  if (found.ZoneType === 'availability-zone') return offeredZones(region, name).includes(found.ZoneName!);
  // assumed: Local Zones and Wavelength Zones differ in what they have; here all have the same few families.
  return isType(name) && load().edgeZones.split(' ').includes(family(name));
}

function load(): Catalog {
  catalog ??= readJsonFixture<Catalog>('catalog/instance-type-offerings.json');
  return catalog;
}

/** Family or type to the letters of the zones that offer it. A type that stands alone is not offered with its family. */
function lettersOf(region: string): Map<string, string> {
  let known = lettersByRegion.get(region);
  if (known === undefined) {
    known = new Map();
    if (zonesOf(region).length > 0) {
      for (const [letters, list] of Object.entries(load().regions[region]!.zones)) {
        for (const each of list.split(' ')) known.set(each, letters);
      }
    }
    lettersByRegion.set(region, known);
  }
  return known;
}

function isType(name: string): boolean {
  typeNames ??= new Set(instanceTypeNames());
  return typeNames.has(name);
}

function family(name: string): string {
  return name.slice(0, name.indexOf('.'));
}
