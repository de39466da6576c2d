import type { AvailabilityZone } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../fixtures/models/ec2.ts';
import { AwsError, resource, type Context, type Handlers } from '../../src/kit/index.ts';
import { zonesOf } from './catalog/regions.ts';
import * as errors from './errors.ts';

interface ZoneGroup {
  readonly GroupName: string;
}

/** The groups of Local Zones and Wavelength Zones that an account has opted in to. https://docs.aws.amazon.com/local-zones/latest/ug/getting-started.html */
export const zoneGroups = resource<ZoneGroup>({
  service: 'ec2',
  kind: 'availability-zone-group',
  shape: 'AvailabilityZone',
  id: { member: 'GroupName' },
  notFound: (ids) => new AwsError('InternalError', `Not opted in to ${ids[0]}`),
  tags: null,
});

/** The Region's zones as the account sees them. */
export async function zonesFor(ctx: Context): Promise<AvailabilityZone[]> {
  const opted = new Set((await ctx.list(zoneGroups)).map((g) => g.GroupName));
  return zonesOf(ctx.region).map((z) => (z.OptInStatus === 'not-opted-in' && opted.has(z.GroupName!) ? { ...z, OptInStatus: 'opted-in' } : z));
}

export const zoneGroupOperations = {
  ModifyAvailabilityZoneGroup: async (input, ctx) => {
    const zone = zonesOf(ctx.region).find((z) => z.GroupName === input.GroupName);
    if (!zone) throw errors.invalidValue(input.GroupName, 'groupName', 'Unknown zone group.');
    // assumed: these words; the codes are those of a parameter that is not valid.
    if (zone.OptInStatus === 'opt-in-not-required') throw errors.invalidValue(input.GroupName, 'groupName', 'The zone group does not require an opt-in.');
    // "You must contact AWS Support to opt out of a Local Zone or Wavelength Zone group." https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyAvailabilityZoneGroup.html
    if (input.OptInStatus !== 'opted-in') throw errors.operationNotPermitted(`To opt out of the zone group ${input.GroupName}, contact AWS Support.`);
    if (!(await ctx.find(zoneGroups, input.GroupName))) await ctx.create(zoneGroups, { GroupName: input.GroupName });
    return { Return: true };
  },
} satisfies Handlers<Ec2Operations>;
