import { AwsError, resource, type Context } from '../../../src/kit/index.ts';

export interface Override {
  /** IPAM, resource and block. */
  readonly Key: string;
  readonly IpamId: string;
  readonly ResourceId: string;
  /** The scope into which the block was moved. */
  IpamScopeId?: string;
  Ignored: boolean;
}

/** What somebody said of a block that IPAM found: another scope, or not to look at it. Kept where the resource is. */
export const overrides = resource<Override>({
  service: 'ec2',
  kind: 'ipam-resource-override',
  shape: 'IpamResourceCidr',
  id: { member: 'Key' },
  notFound: (ids) => new AwsError('InvalidParameterValue', `Nothing is said of ${ids[0]}`),
  tags: null,
  indexed: ['IpamId', 'ResourceId'],
});

const keyOf = (ipamId: string, resourceId: string, cidr: string): string => `${ipamId} ${resourceId} ${cidr}`;

export const overrideOf = (place: Context, ipamId: string, resourceId: string, cidr: string): Promise<Override | undefined> => place.find(overrides, keyOf(ipamId, resourceId, cidr));

export const isIgnored = async (place: Context, ipamId: string, resourceId: string, cidr: string): Promise<boolean> => (await overrideOf(place, ipamId, resourceId, cidr))?.Ignored ?? false;

export async function setOverride(place: Context, ipamId: string, resourceId: string, cidr: string, change: { IpamScopeId?: string; Ignored?: boolean }): Promise<void> {
  const known = await overrideOf(place, ipamId, resourceId, cidr);
  if (known) await place.save(overrides, { ...known, ...change });
  else await place.create(overrides, { Key: keyOf(ipamId, resourceId, cidr), IpamId: ipamId, ResourceId: resourceId, Ignored: false, ...change });
}

/** What was said of the resources of a Region goes with the IPAM to which it was said. */
export async function dropOverrides(place: Context, ipamId: string): Promise<void> {
  for (const override of await place.list(overrides, { member: 'IpamId', value: ipamId })) await place.remove(overrides, override);
}
