import type { IpamResourceCidr } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { pageOf, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { filtered } from '../regions.ts';
import { overlaps, parseCidr } from '../vpcs/cidr.ts';
import { allocations, type StoredAllocation } from './allocations.ts';
import { discover, type Discovered } from './discovered-resources.ts';
import { ipams, type StoredIpam } from './ipams.ts';
import { usable } from './lifecycles.ts';
import { pools, type StoredPool } from './pools.ts';
import { overrideOf, setOverride } from './resource-overrides.ts';
import { associations } from './resource-discovery-associations.ts';
import { discoveries } from './resource-discoveries.ts';
import { scopes, type StoredScope } from './scopes.ts';

export type ResourceCidr = Wire<IpamResourceCidr>;

/** Where an IPAM looks: its own Regions, as far as its discoveries look there too. */
async function regionsOf(ctx: Context, ipam: StoredIpam): Promise<string[]> {
  const looked = new Set<string>();
  for (const association of await ctx.list(associations, { member: 'IpamId', value: ipam.IpamId! })) {
    const discovery = await ctx.find(discoveries, association.IpamResourceDiscoveryId!);
    for (const region of discovery?.OperatingRegions ?? []) looked.add(region.RegionName!);
  }
  return ipam.OperatingRegions!.map((r) => r.RegionName!).filter((name) => looked.has(name));
}

/** Which allocation a resource's block is. */
const heldBy = (all: readonly StoredAllocation[], found: Discovered): StoredAllocation | undefined => all.find((a) => a.ResourceId === found.ResourceId && a.Cidr === found.ResourceCidr);

/** A managed resource keeps its pool's rules, or does not. https://docs.aws.amazon.com/vpc/latest/ipam/monitor-cidr-compliance-ipam.html */
function compliant(found: Discovered, pool: StoredPool): boolean {
  const { prefix } = parseCidr(found.ResourceCidr!)!;
  const { AllocationMinNetmaskLength: min = 0, AllocationMaxNetmaskLength: max = 128 } = pool;
  return prefix >= min && prefix <= max && (pool.AllocationResourceTags ?? []).every((r) => found.ResourceTags!.some((t) => t.Key === r.Key && t.Value === r.Value));
}

/** Everything in a scope, with what IPAM thinks of it. */
export async function resourcesOf(ctx: Context, scope: StoredScope): Promise<ResourceCidr[]> {
  const ipam = await ctx.get(ipams, scope.$.ipamId);
  const rows: { found: Discovered; row: ResourceCidr }[] = [];
  for (const region of await regionsOf(ctx, ipam)) {
    const place = ctx.in(ctx.account, region);
    const all = await place.list(allocations);
    for (const found of await discover(place)) {
      if (found.ResourceType === 'eni') continue;
      const override = await overrideOf(place, ipam.IpamId!, found.ResourceId!, found.ResourceCidr!);
      const home = found.scope === 'private' ? ipam.PrivateDefaultScopeId : ipam.PublicDefaultScopeId;
      const allocation = heldBy(all, found);
      const pool = allocation && (await ctx.find(pools, allocation.$.poolId));
      if ((pool?.$.scopeId ?? override?.IpamScopeId ?? home) !== scope.IpamScopeId) continue;
      rows.push({ found, row: rowOf(found, ipam, scope, override?.Ignored === true, pool) });
    }
  }
  for (const { found, row } of rows) {
    if (row.ManagementState !== 'ignored') row.OverlapStatus = rows.some((other) => other.row.ManagementState !== 'ignored' && apart(found, other.found) && overlaps(parseCidr(found.ResourceCidr!)!, parseCidr(other.found.ResourceCidr!)!)) ? 'overlapping' : 'nonoverlapping';
  }
  return rows.map(({ row }) => row);
}

/** A subnet lies in its VPC, an address in its pool: that is no overlap. */
const apart = (a: Discovered, b: Discovered): boolean => a.VpcId !== undefined && b.VpcId !== undefined && a.VpcId !== b.VpcId;

function rowOf(found: Discovered, ipam: StoredIpam, scope: StoredScope, ignored: boolean, pool: StoredPool | undefined): ResourceCidr {
  const name = found.ResourceTags!.find((t) => t.Key === 'Name')?.Value;
  const ManagementState = ignored ? 'ignored' : pool ? 'managed' : 'unmanaged';
  return {
    IpamId: ipam.IpamId, IpamScopeId: scope.IpamScopeId, ...(pool && !ignored ? { IpamPoolId: pool.IpamPoolId } : {}), ResourceRegion: found.ResourceRegion, ResourceOwnerId: found.ResourceOwnerId, ResourceId: found.ResourceId,
    ...(name === undefined ? {} : { ResourceName: name }), ResourceCidr: found.ResourceCidr, ResourceType: found.ResourceType, ResourceTags: found.ResourceTags, ...(found.IpUsage === undefined ? {} : { IpUsage: found.IpUsage }),
    ManagementState, ComplianceStatus: ignored ? 'ignored' : pool ? (compliant(found, pool) ? 'compliant' : 'noncompliant') : 'unmanaged', OverlapStatus: 'ignored',
    ...(found.VpcId === undefined ? {} : { VpcId: found.VpcId }), ...(found.AvailabilityZoneId === undefined ? {} : { AvailabilityZoneId: found.AvailabilityZoneId }),
  };
}

// assumed: no page lists these filters; the names are those of the members, as everywhere.
const FILTERS: Readonly<Record<string, (row: ResourceCidr) => unknown>> = {
  'ipam-id': (r) => r.IpamId, 'ipam-scope-id': (r) => r.IpamScopeId, 'ipam-pool-id': (r) => r.IpamPoolId, 'resource-region': (r) => r.ResourceRegion, 'resource-owner-id': (r) => r.ResourceOwnerId, 'resource-id': (r) => r.ResourceId,
  'resource-name': (r) => r.ResourceName, 'resource-cidr': (r) => r.ResourceCidr, 'resource-type': (r) => r.ResourceType, 'compliance-status': (r) => r.ComplianceStatus, 'management-state': (r) => r.ManagementState,
  'overlap-status': (r) => r.OverlapStatus, 'vpc-id': (r) => r.VpcId, 'availability-zone-id': (r) => r.AvailabilityZoneId,
};

async function getResourceCidrs(input: Ec2Operations['GetIpamResourceCidrs']['input'], ctx: Context): Promise<Ec2Operations['GetIpamResourceCidrs']['output']> {
  const scope = await ctx.get(scopes, input.IpamScopeId);
  if (input.IpamPoolId !== undefined) await ctx.get(pools, input.IpamPoolId);
  const { IpamPoolId, ResourceId, ResourceType, ResourceTag: tag, ResourceOwner } = input;
  const wanted = (await resourcesOf(ctx, scope)).filter((r) =>
    (IpamPoolId === undefined || r.IpamPoolId === IpamPoolId) && (ResourceId === undefined || r.ResourceId === ResourceId) && (ResourceType === undefined || r.ResourceType === ResourceType)
    && (ResourceOwner === undefined || r.ResourceOwnerId === ResourceOwner)
    && (tag === undefined || r.ResourceTags!.some((t) => (tag.Key === undefined || t.Key === tag.Key) && (tag.Value === undefined || t.Value === tag.Value))));
  const { items, next } = pageOf(filtered(wanted, input.Filters, FILTERS), input);
  return { IpamResourceCidrs: items, ...next };
}

/** Says not to look at a block, or that it belongs to another network. https://docs.aws.amazon.com/vpc/latest/ipam/change-monitoring-state-ipam.html */
async function modifyResourceCidr(input: Ec2Operations['ModifyIpamResourceCidr']['input'], ctx: Context): Promise<Ec2Operations['ModifyIpamResourceCidr']['output']> {
  const scope = await usable(ctx, scopes, input.CurrentIpamScopeId);
  const destination = input.DestinationIpamScopeId === undefined ? undefined : await usable(ctx, scopes, input.DestinationIpamScopeId);
  const cidr = parseCidr(input.ResourceCidr);
  if (!cidr) throw general.invalidValue(input.ResourceCidr, 'resourceCidr', 'This is not a valid CIDR block.');
  const found = (await resourcesOf(ctx, scope)).find((r) => r.ResourceId === input.ResourceId && r.ResourceRegion === input.ResourceRegion && r.ResourceCidr === input.ResourceCidr);
  // assumed: the texts and codes of these.
  if (!found) throw general.invalidParameterValue(`The resource ${input.ResourceId} with the CIDR ${input.ResourceCidr} is not in the scope ${input.CurrentIpamScopeId}.`);
  if (destination && destination.$.ipamId !== scope.$.ipamId) throw general.invalidParameterCombination('The scopes are of different IPAMs.');
  if (destination && (destination.IpamScopeType !== 'private' || scope.IpamScopeType !== 'private')) throw general.invalidParameterCombination('The CIDR of a resource can only be moved between private scopes.');
  const place = ctx.in(ctx.account, input.ResourceRegion);
  // "To remove an allocation for a resource without deleting the resource, set its monitored state to false."
  if (!input.Monitored || destination) {
    for (const allocation of (await place.list(allocations)).filter((a) => a.ResourceId === input.ResourceId && a.Cidr === input.ResourceCidr)) await place.remove(allocations, allocation);
  }
  await setOverride(place, scope.$.ipamId, input.ResourceId, input.ResourceCidr, { Ignored: !input.Monitored, ...(destination ? { IpamScopeId: destination.IpamScopeId } : {}) });
  const after = (await resourcesOf(ctx, destination ?? scope)).find((r) => r.ResourceId === input.ResourceId && r.ResourceRegion === input.ResourceRegion && r.ResourceCidr === input.ResourceCidr);
  return { IpamResourceCidr: after };
}

export const resourceCidrOperations = {
  GetIpamResourceCidrs: getResourceCidrs,
  ModifyIpamResourceCidr: modifyResourceCidr,
} satisfies Handlers<Ec2Operations>;
