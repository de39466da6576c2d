import type { Context, Filter } from '../../../src/kit/index.ts';
import { networkInterfaces } from '../network-interfaces/network-interfaces.ts';
import type { StoredInstance } from './instances.ts';

/** Filters of DescribeInstances for what an interface knows and its instance does not show: by the interfaces' own members. */
const OF_INTERFACES: Readonly<Record<string, string>> = {
  'network-interface.addresses.association.allocation-id': 'PrivateIpAddresses.Association.AllocationId', 'network-interface.addresses.association.association-id': 'PrivateIpAddresses.Association.AssociationId',
  'network-interface.addresses.association.carrier-ip': 'PrivateIpAddresses.Association.CarrierIp', 'network-interface.addresses.association.customer-owned-ip': 'PrivateIpAddresses.Association.CustomerOwnedIp',
  'network-interface.addresses.association.public-dns-name': 'PrivateIpAddresses.Association.PublicDnsName', 'network-interface.addresses.private-dns-name': 'PrivateIpAddresses.PrivateDnsName',
  'network-interface.association.allocation-id': 'Association.AllocationId', 'network-interface.association.association-id': 'Association.AssociationId',
  'network-interface.attachment.instance-id': 'Attachment.InstanceId', 'network-interface.attachment.instance-owner-id': 'Attachment.InstanceOwnerId', 'network-interface.availability-zone': 'AvailabilityZone',
  'network-interface.deny-all-igw-traffic': 'DenyAllIgwTraffic', 'network-interface.ipv6-address': 'Ipv6Addresses.Ipv6Address', 'network-interface.ipv6-native': 'Ipv6Native', 'network-interface.outpost-arn': 'OutpostArn',
  'network-interface.public-dns-name': 'Association.PublicDnsName', 'network-interface.requester-id': 'RequesterId', 'network-interface.requester-managed': 'RequesterManaged',
  'network-interface.tag-key': 'TagSet.Key', 'network-interface.tag-value': 'TagSet.Value',
};

export const interfaceFilters: Readonly<Record<string, string>> = Object.fromEntries(Object.entries(OF_INTERFACES).map(([name, path]) => [name, `$.interfaces.${path}`]));

/** Puts an instance's interfaces where these filters look, if a call has any of them. */
export const withInterfaces = (filters: readonly Filter[] | undefined) => async (instance: StoredInstance, ctx: Context): Promise<StoredInstance> => {
  if (!filters?.some(({ Name = '' }) => Object.hasOwn(OF_INTERFACES, Name))) return instance;
  const interfaces = await ctx.getAll(networkInterfaces, (instance.NetworkInterfaces ?? []).map((n) => n.NetworkInterfaceId!));
  return { ...instance, $: { ...instance.$, interfaces } };
};
