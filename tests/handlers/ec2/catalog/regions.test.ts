import { describe, expect, it } from 'vitest';
import { isRegion, regionLongName, regions, zone, zonesOf } from '../../../../handlers/ec2/catalog/regions.ts';

describe('regions', () => {
  it('has the Regions that need no opt-in, and the opt-in ones', () => {
    const byStatus = (status: string) => regions().filter((region) => region.OptInStatus === status).map((region) => region.RegionName);
    expect(byStatus('opt-in-not-required')).toHaveLength(17);
    expect(byStatus('opt-in-not-required')).toEqual(expect.arrayContaining(['us-east-1', 'eu-north-1', 'sa-east-1', 'ap-northeast-3']));
    expect(byStatus('not-opted-in')).toEqual(expect.arrayContaining(['af-south-1', 'ap-east-1', 'eu-south-2', 'mx-central-1']));
    expect(byStatus('opted-in')).toEqual([]);
  });

  it('gives each Region its endpoint and a name for people', () => {
    for (const region of regions()) {
      expect(region.Endpoint).toBe(`ec2.${region.RegionName}.amazonaws.com`);
      expect(regionLongName(region.RegionName!)).toMatch(/^\w.* \(.+\)$/);
    }
    expect(regionLongName('us-east-1')).toBe('US East (N. Virginia)');
    expect(regionLongName('us-east-9')).toBeUndefined();
  });

  it('knows a Region by its exact name only', () => {
    expect(isRegion('eu-central-1')).toBe(true);
    for (const name of ['eu-central-9', 'EU-CENTRAL-1', 'cn-north-1', 'us-gov-west-1', '', 'constructor', '__proto__']) {
      expect(isRegion(name)).toBe(false);
    }
  });
});

describe('zones', () => {
  const availabilityZones = (region: string) => zonesOf(region).filter((each) => each.ZoneType === 'availability-zone');

  it('has six zones in us-east-1, four in us-west-2', () => {
    expect(availabilityZones('us-east-1').map((each) => each.ZoneName)).toEqual(['a', 'b', 'c', 'd', 'e', 'f'].map((letter) => `us-east-1${letter}`));
    expect(availabilityZones('us-west-2')).toHaveLength(4);
    expect(availabilityZones('us-east-9')).toEqual([]);
  });

  it('has at least two zones in every Region and no zone name or id twice', () => {
    const all = regions().flatMap((region) => zonesOf(region.RegionName!));
    for (const region of regions()) expect(availabilityZones(region.RegionName!).length).toBeGreaterThanOrEqual(2);
    expect(new Set(all.map((each) => each.ZoneName)).size).toBe(all.length);
    expect(new Set(all.map((each) => each.ZoneId)).size).toBe(all.length);
  });

  it('finds a zone by name and by id', () => {
    expect(zone('us-east-1', 'us-east-1a')).toMatchObject({ ZoneId: 'use1-az6', GroupName: 'us-east-1-zg-1', NetworkBorderGroup: 'us-east-1', State: 'available' });
    expect(zone('us-east-1', 'use1-az6')).toBe(zone('us-east-1', 'us-east-1a'));
    expect(zone('us-west-2', 'us-east-1a')).toBeUndefined();
  });

  it('ties Local Zones and Wavelength Zones to a parent zone of the same Region', () => {
    const edge = regions().flatMap((region) => zonesOf(region.RegionName!)).filter((each) => each.ZoneType !== 'availability-zone');
    expect(edge.length).toBeGreaterThan(40);
    for (const each of edge) {
      expect(each.OptInStatus).toBe('not-opted-in');
      expect(zone(each.RegionName!, each.ParentZoneId!)?.ZoneName).toBe(each.ParentZoneName);
    }
    expect(zone('us-west-2', 'us-west-2-lax-1a')).toMatchObject({
      ZoneId: 'usw2-lax1-az1', ZoneType: 'local-zone', GroupName: 'us-west-2-lax-1', NetworkBorderGroup: 'us-west-2-lax-1', GroupLongName: 'US West (Los Angeles)',
    });
    expect(zone('us-east-1', 'us-east-1-wl1-bos-wlz-1')).toMatchObject({
      ZoneId: 'use1-wl1-bos-wlz1', ZoneType: 'wavelength-zone', GroupName: 'us-east-1-wl1', NetworkBorderGroup: 'us-east-1-wl1-bos-wlz-1', GroupLongName: 'US East (Verizon)',
    });
  });
});
