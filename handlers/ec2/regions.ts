import type { Ec2Operations } from '../../fixtures/models/ec2.ts';
import { AwsError, appliedValue, quotaRow, wildcardMatcher, type Context, type Filter, type Handlers } from '../../src/kit/index.ts';
import { isRegion, regions } from './catalog/regions.ts';
import * as errors from './errors.ts';
import { defaultVpc } from './vpcs/vpcs.ts';
import { zonesFor } from './zone-groups.ts';

/** Whatever has tags is found by them. */
function tagReader(name: string): ((item: object) => unknown) | undefined {
  const tags = (item: object) => (item as { Tags?: { Key?: string; Value?: string }[] }).Tags ?? [];
  if (name === 'tag-key') return (item) => tags(item).map((t) => t.Key);
  if (name.startsWith('tag:')) return (item) => tags(item).filter((t) => t.Key === name.slice(4)).map((t) => t.Value);
  return undefined;
}

const unknownFilter = (name: string): AwsError => errors.invalidParameterValue(`The filter '${name}' is invalid`);

/** Filters over what is no stored document: what AWS has without anybody's having made it, what is made anew for each answer. */
export function filtered<T extends object>(items: readonly T[], filters: readonly Filter[] | undefined, readers: Readonly<Record<string, (item: T) => unknown>>, invalidFilter = unknownFilter): T[] {
  const tests = (filters ?? []).map(({ Name = '', Values = [] }) => {
    const read = Object.hasOwn(readers, Name) ? readers[Name] : tagReader(Name);
    if (!read) throw invalidFilter(Name);
    const accepts = wildcardMatcher(Values);
    return (item: T) => [read(item)].flat().some((value) => value !== undefined && accepts(String(value)));
  });
  return items.filter((item) => tests.every((test) => test(item)));
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeAvailabilityZones.html */
const zones: (input: Ec2Operations['DescribeAvailabilityZones']['input'], ctx: Context) => Promise<Ec2Operations['DescribeAvailabilityZones']['output']> = async (input, ctx) => {
  const all = await zonesFor(ctx);
  const asked = input.ZoneNames?.length || input.ZoneIds?.length;
  for (const name of input.ZoneNames ?? []) if (!all.some((z) => z.ZoneName === name)) throw errors.invalidParameterValue(`Invalid availability zone: [${name}]`);
  for (const id of input.ZoneIds ?? []) if (!all.some((z) => z.ZoneId === id)) throw errors.invalidParameterValue(`Invalid availability zone-id: [${id}]`);
  const named = all.filter((z) => !asked || input.ZoneNames?.includes(z.ZoneName!) || input.ZoneIds?.includes(z.ZoneId!));
  const opted = named.filter((z) => input.AllAvailabilityZones === true || z.OptInStatus !== 'not-opted-in');
  return {
    AvailabilityZones: filtered(opted, input.Filters, {
      'group-long-name': (z) => z.GroupLongName, 'group-name': (z) => z.GroupName, message: (z) => z.Messages?.map((m) => m.Message), 'opt-in-status': (z) => z.OptInStatus,
      'parent-zone-id': (z) => z.ParentZoneId, 'parent-zone-name': (z) => z.ParentZoneName, 'region-name': (z) => z.RegionName, state: (z) => z.State,
      'zone-id': (z) => z.ZoneId, 'zone-name': (z) => z.ZoneName, 'zone-type': (z) => z.ZoneType,
    }),
  };
};

export const regionOperations = {
  DescribeAvailabilityZones: zones,
  /** Disabled regions are shown only to who asks for all. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRegions.html */
  DescribeRegions: async (input) => {
    const unknown = (input.RegionNames ?? []).filter((name) => !isRegion(name));
    if (unknown.length > 0) throw errors.invalidParameterValue(`Invalid region names: ${unknown.join(', ')}`);
    const shown = regions().filter((r) => (input.RegionNames?.length ? input.RegionNames.includes(r.RegionName!) : input.AllRegions === true || r.OptInStatus !== 'not-opted-in'));
    return { Regions: filtered(shown, input.Filters, { endpoint: (r) => r.Endpoint, 'opt-in-status': (r) => r.OptInStatus, 'region-name': (r) => r.RegionName }) };
  },
  /** The model's enum has two of the six names that are documented: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeAccountAttributes.html */
  DescribeAccountAttributes: async (input, ctx) => {
    const granted = async (service: string, code: string) => String(await appliedValue(ctx, quotaRow(service, code)!));
    const addresses = await granted('ec2', 'L-0263D0A3');
    const values: Record<string, string> = {
      'supported-platforms': 'VPC', 'default-vpc': (await defaultVpc(ctx))?.VpcId ?? 'none', 'max-instances': '20',
      'vpc-max-security-groups-per-interface': await granted('vpc', 'L-2AFB9258'), 'max-elastic-ips': addresses, 'vpc-max-elastic-ips': addresses,
    };
    const names: string[] = input.AttributeNames?.length ? input.AttributeNames : Object.keys(values);
    return { AccountAttributes: names.map((name) => {
      const value = values[name];
      if (value === undefined) throw new AwsError('InvalidParameterValue', `Invalid value '${name}' for attributeName.`);
      return { AttributeName: name, AttributeValues: [{ AttributeValue: value }] };
    }) };
  },
} satisfies Handlers<Ec2Operations>;
