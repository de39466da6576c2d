import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { pageOf, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { filtered } from '../regions.ts';
import { discover, discoverPublicAddresses } from './discovered-resources.ts';
import { discoveries } from './resource-discoveries.ts';

/** Looks into one Region of a discovery. */
async function lookInto(ctx: Context, discoveryId: string, region: string): Promise<Context> {
  const discovery = await ctx.get(discoveries, discoveryId);
  if (!discovery.OperatingRegions!.some((r) => r.RegionName === region)) throw general.invalidParameterValue(`The Region ${region} is not an operating Region of ${discoveryId}.`);
  return ctx.in(ctx.account, region);
}

/** What resource discoveries see. https://docs.aws.amazon.com/vpc/latest/ipam/res-disc-work-with-view.html */
// assumed: no page lists the filters of these; the names are those of the members, as everywhere.
export const discoveredOperations = {
  /** Without an organization an account sees itself. */
  GetIpamDiscoveredAccounts: async (input, ctx) => {
    const place = await lookInto(ctx, input.IpamResourceDiscoveryId, input.DiscoveryRegion);
    const all = [{ AccountId: place.account, DiscoveryRegion: place.region, LastAttemptedDiscoveryTime: ctx.now, LastSuccessfulDiscoveryTime: ctx.now }];
    const { items, next } = pageOf(filtered(all, input.Filters, { 'account-id': (a) => a.AccountId, 'discovery-region': (a) => a.DiscoveryRegion }), input);
    return { IpamDiscoveredAccounts: items, ...next };
  },
  GetIpamDiscoveredResourceCidrs: async (input, ctx) => {
    const place = await lookInto(ctx, input.IpamResourceDiscoveryId, input.ResourceRegion);
    const all = (await discover(place)).map(({ scope: _scope, ...found }) => ({ ...found, IpamResourceDiscoveryId: input.IpamResourceDiscoveryId }));
    const { items, next } = pageOf(filtered(all, input.Filters, {
      'resource-id': (r) => r.ResourceId, 'resource-type': (r) => r.ResourceType, 'resource-cidr': (r) => r.ResourceCidr, 'resource-region': (r) => r.ResourceRegion, 'resource-owner-id': (r) => r.ResourceOwnerId,
      'vpc-id': (r) => r.VpcId, 'subnet-id': (r) => r.SubnetId, 'ip-source': (r) => r.IpSource, 'network-interface-attachment-status': (r) => r.NetworkInterfaceAttachmentStatus, 'availability-zone-id': (r) => r.AvailabilityZoneId,
    }), input);
    return { IpamDiscoveredResourceCidrs: items, ...next };
  },
  GetIpamDiscoveredPublicAddresses: async (input, ctx) => {
    const place = await lookInto(ctx, input.IpamResourceDiscoveryId, input.AddressRegion);
    const all = (await discoverPublicAddresses(place)).map((a) => ({ ...a, IpamResourceDiscoveryId: input.IpamResourceDiscoveryId }));
    const { items, next } = pageOf(filtered(all, input.Filters, {
      address: (a) => a.Address, 'address-type': (a) => a.AddressType, 'address-region': (a) => a.AddressRegion, 'address-owner-id': (a) => a.AddressOwnerId, 'address-allocation-id': (a) => a.AddressAllocationId,
      'association-status': (a) => a.AssociationStatus, 'vpc-id': (a) => a.VpcId, 'subnet-id': (a) => a.SubnetId, 'network-interface-id': (a) => a.NetworkInterfaceId, 'instance-id': (a) => a.InstanceId, service: (a) => a.Service,
    }), input);
    return { IpamDiscoveredPublicAddresses: items, ...(all.length > 0 ? { OldestSampleTime: ctx.now } : {}), ...next };
  },
} satisfies Handlers<Ec2Operations>;
