import type { IpamResourceDiscovery } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { describes, resource, specifiedTags, type Context, type Handlers, type TagPair } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import * as errors from './errors.ts';
import { arnOf, changedRegions, comesAndGoes, operatingRegions, ready, withinLimit } from './lifecycles.ts';
import { associations } from './resource-discovery-associations.ts';

/** `$` says of a default discovery with which IPAM it came and goes. */
export type StoredDiscovery = Wire<IpamResourceDiscovery> & { $?: { readonly ipamId: string } };

/** https://docs.aws.amazon.com/vpc/latest/ipam/res-disc-work-with.html */
export const discoveries = resource<StoredDiscovery>({
  service: 'ec2',
  kind: 'ipam-resource-discovery',
  shape: 'IpamResourceDiscovery',
  id: { member: 'IpamResourceDiscoveryId', prefix: 'ipam-res-disco' },
  notFound: errors.missing('InvalidIpamResourceDiscoveryId', 'ipam-resource-discovery'),
  malformed: general.malformedId('InvalidIpamResourceDiscoveryId.Malformed', 'ipam-res-disco'),
  arn: (discovery, account) => `arn:aws:ec2::${account}:ipam-resource-discovery/${discovery.IpamResourceDiscoveryId}`,
  state: 'State',
  lifecycle: comesAndGoes,
  references: { '$.ipamId': { kind: 'ec2:ipam', onDelete: 'cascade' } },
});

// One besides the default ones. https://docs.aws.amazon.com/vpc/latest/ipam/quotas-ipam.html
const DISCOVERIES_MAX = 1;
const EXCLUSIONS_MAX = 10;

interface DiscoveryWish {
  /** The IPAM whose default discovery it is. */
  readonly ipamId?: string;
  readonly regions: readonly { RegionName?: string }[];
  readonly description?: string | undefined;
  readonly tags: TagPair[];
}

export async function createDiscovery(ctx: Context, wish: DiscoveryWish): Promise<StoredDiscovery> {
  const id = ctx.newId(discoveries);
  return ctx.create(discoveries, {
    IpamResourceDiscoveryId: id, IpamResourceDiscoveryArn: arnOf(ctx, 'ipam-resource-discovery', id), IpamResourceDiscoveryRegion: ctx.region, OwnerId: ctx.account,
    ...(wish.description === undefined ? {} : { Description: wish.description }), OperatingRegions: [...wish.regions], IsDefault: wish.ipamId !== undefined, State: 'create-in-progress', Tags: wish.tags,
    ...(wish.ipamId === undefined ? {} : { $: { ipamId: wish.ipamId } }),
  });
}

/** "o-a1b2c3d4e5/r-f6g7h8i9j0/ou-ghi0-awsccccc/", or the same with `*` at its end for all that is below. */
const ENTITY_PATH = /^o-[a-z0-9]{10,32}\/r-[a-z0-9]{4,32}(\/ou-[a-z0-9]{4,32}-[a-z0-9]{8,32})+\/\*?$/;

function exclusionsOf(given: readonly { OrganizationsEntityPath?: string }[] | undefined): string[] {
  const paths = (given ?? []).map((e) => e.OrganizationsEntityPath ?? '');
  const invalid = paths.find((path) => !ENTITY_PATH.test(path));
  if (invalid !== undefined) throw general.invalidValue(invalid, 'organizationsEntityPath');
  return paths;
}

async function modifyDiscovery(input: Ec2Operations['ModifyIpamResourceDiscovery']['input'], ctx: Context): Promise<Ec2Operations['ModifyIpamResourceDiscovery']['output']> {
  const discovery = await ready(ctx, discoveries, input.IpamResourceDiscoveryId);
  const { Description, AddOperatingRegions, RemoveOperatingRegions, AddOrganizationalUnitExclusions, RemoveOrganizationalUnitExclusions } = input;
  if ([Description, AddOperatingRegions, RemoveOperatingRegions, AddOrganizationalUnitExclusions, RemoveOrganizationalUnitExclusions].every((v) => v === undefined)) throw errors.nothingToModify('ipam resource discovery');
  // The default discovery follows its IPAM. https://docs.aws.amazon.com/vpc/latest/ipam/res-disc-work-with.html
  if (discovery.IsDefault && (AddOperatingRegions ?? RemoveOperatingRegions) !== undefined) throw errors.isDefault(input.IpamResourceDiscoveryId, 'change the operating Regions of');
  discovery.OperatingRegions = changedRegions(ctx, discovery.OperatingRegions!, AddOperatingRegions, RemoveOperatingRegions);
  const gone = exclusionsOf(RemoveOrganizationalUnitExclusions);
  const excluded = [...new Set([...(discovery.OrganizationalUnitExclusions ?? []).map((e) => e.OrganizationsEntityPath!), ...exclusionsOf(AddOrganizationalUnitExclusions)])].filter((path) => !gone.includes(path));
  withinLimit(ctx, 'organizational unit exclusions', excluded.length - 1, EXCLUSIONS_MAX);
  discovery.OrganizationalUnitExclusions = excluded.map((OrganizationsEntityPath) => ({ OrganizationsEntityPath }));
  if (Description !== undefined) discovery.Description = Description;
  return { IpamResourceDiscovery: await ctx.transition(discoveries, discovery, 'modify-in-progress') };
}

export const discoveryOperations = {
  CreateIpamResourceDiscovery: async (input, ctx) => {
    const tags = specifiedTags(input.TagSpecifications as never, 'ipam-resource-discovery');
    const regions = operatingRegions(ctx, input.OperatingRegions);
    withinLimit(ctx, 'ipam resource discoveries', (await ctx.list(discoveries)).filter((d) => !d.IsDefault).length, DISCOVERIES_MAX);
    return { IpamResourceDiscovery: await createDiscovery(ctx, { regions, description: input.Description, tags }) };
  },
  DescribeIpamResourceDiscoveries: describes(discoveries, { ids: 'IpamResourceDiscoveryIds' }),
  ModifyIpamResourceDiscovery: modifyDiscovery,
  DeleteIpamResourceDiscovery: async (input, ctx) => {
    const discovery = await ready(ctx, discoveries, input.IpamResourceDiscoveryId);
    if (discovery.IsDefault) throw errors.isDefault(input.IpamResourceDiscoveryId, 'delete');
    // "not-found" is what an association shows afterwards. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpamResourceDiscoveryAssociation.html
    for (const association of await ctx.list(associations, { member: 'IpamResourceDiscoveryId', value: input.IpamResourceDiscoveryId })) await ctx.save(associations, { ...association, ResourceDiscoveryStatus: 'not-found' });
    return { IpamResourceDiscovery: await ctx.transition(discoveries, discovery, 'delete-in-progress') };
  },
} satisfies Handlers<Ec2Operations>;
