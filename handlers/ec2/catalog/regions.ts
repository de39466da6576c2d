/**
 * Regions and zones of the `aws` partition, in the shapes of DescribeRegions and DescribeAvailabilityZones. Opt-in
 * Regions and the zones at the edge are given as a new account sees them: not opted in; what an account has opted in to
 * is state, and lies elsewhere. Values are shared and read-only.
 */
import type { AvailabilityZone, Region } from '@aws-sdk/client-ec2';
import { readJsonFixture } from '../../../fixtures/load.ts';

interface EdgeZoneRow {
  name: string;
  id: string;
  longName: string;
  parent: string;
  geography?: string;
  subGeography?: string;
}

interface RegionRow {
  name: string;
  longName: string;
  optIn: boolean;
  geography: string;
  subGeography?: string;
  zones: Record<string, string>;
  localZones?: EdgeZoneRow[];
  wavelengthZones?: EdgeZoneRow[];
}

let rows: Map<string, RegionRow> | undefined;
let described: readonly Region[] | undefined;
const zonesByRegion = new Map<string, readonly AvailabilityZone[]>();

function regionRows(): Map<string, RegionRow> {
  rows ??= new Map(
    readJsonFixture<{ regions: RegionRow[] }>('catalog/regions.json').regions.map((row) => [row.name, row]),
  );
  return rows;
}

/** Every Region of the partition, opt-in ones as `not-opted-in`, ordered by name. */
export function regions(): readonly Region[] {
  described ??= [...regionRows().values()].map(describeRegion).sort((a, b) => compare(a.RegionName!, b.RegionName!));
  return described;
}

export function isRegion(name: string): boolean {
  return regionRows().has(name);
}

/** The name that people use, such as `US East (N. Virginia)`. */
export function regionLongName(name: string): string | undefined {
  return regionRows().get(name)?.longName;
}

/** All zones of a Region: Availability Zones first, then Local Zones and Wavelength Zones. */
export function zonesOf(region: string): readonly AvailabilityZone[] {
  const known = zonesByRegion.get(region);
  if (known !== undefined) return known;
  const row = regionRows().get(region);
  if (row === undefined) return [];
  const zones = [
    ...Object.entries(row.zones).map(([letter, id]) => availabilityZone(row, letter, id)),
    ...(row.localZones ?? []).map((edge) => edgeZone(row, edge, 'local-zone')),
    ...(row.wavelengthZones ?? []).map((edge) => edgeZone(row, edge, 'wavelength-zone')),
  ];
  zonesByRegion.set(region, zones);
  return zones;
}

/** The zone of a Region that has this name (`us-east-1a`) or this id (`use1-az6`). */
export function zone(region: string, nameOrId: string): AvailabilityZone | undefined {
  return zonesOf(region).find((each) => each.ZoneName === nameOrId || each.ZoneId === nameOrId);
}

function describeRegion(row: RegionRow): Region {
  return {
    OptInStatus: row.optIn ? 'not-opted-in' : 'opt-in-not-required',
    Geography: [{ Name: row.geography }],
    RegionName: row.name,
    Endpoint: `ec2.${row.name}.amazonaws.com`,
  };
}

// A Region's zones form the group `<region>-zg-1`: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AvailabilityZone.html
function availabilityZone(row: RegionRow, letter: string, id: string): AvailabilityZone {
  return {
    OptInStatus: 'opt-in-not-required',
    Messages: [],
    RegionName: row.name,
    ZoneName: row.name + letter,
    ZoneId: id,
    GroupName: `${row.name}-zg-1`,
    NetworkBorderGroup: row.name,
    ZoneType: 'availability-zone',
    GroupLongName: `${row.longName} 1`,
    ...geography(row),
    State: 'available',
  };
}

function edgeZone(row: RegionRow, edge: EdgeZoneRow, zoneType: 'local-zone' | 'wavelength-zone'): AvailabilityZone {
  // A Local Zone's group is its name without the letter; the Wavelength Zones of a carrier are one group (`us-east-1-wl1`, "US East (Verizon)")
  // and advertise their addresses each for itself, as the filters say: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeAvailabilityZones.html
  const isLocal = zoneType === 'local-zone';
  const group = isLocal ? edge.name.slice(0, -1) : edge.name.replace(/(-wl\d+)-.+$/, '$1');
  const parentLetter = Object.keys(row.zones).find((letter) => row.zones[letter] === edge.parent);
  return {
    OptInStatus: 'not-opted-in',
    Messages: [],
    RegionName: row.name,
    ZoneName: edge.name,
    ZoneId: edge.id,
    GroupName: group,
    NetworkBorderGroup: isLocal ? group : edge.name,
    ZoneType: zoneType,
    ParentZoneName: row.name + parentLetter,
    ParentZoneId: edge.parent,
    GroupLongName: isLocal ? edge.longName : edge.longName.replace(/ - .+$/, ''),
    ...geography(edge),
    State: 'available',
  };
}

function geography(place: { geography?: string; subGeography?: string }): Pick<AvailabilityZone, 'Geography' | 'SubGeography'> {
  return {
    ...(place.geography === undefined ? {} : { Geography: [{ Name: place.geography }] }),
    ...(place.subGeography === undefined ? {} : { SubGeography: [{ Name: place.subGeography }] }),
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
