import type { TransitGatewayMulticastGroup } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { describes, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { networkInterfaces } from '../network-interfaces/network-interfaces.ts';
import { formatAddress, includes, parseCidr, parseIpv4, parseIpv6 } from '../vpcs/cidr.ts';
import * as errors from './errors.ts';
import { belonging, ready } from './lifecycles.ts';
import { multicastAssociations } from './multicast-associations.ts';
import { multicastDomains } from './multicast-domains.ts';

type Role = 'member' | 'source';

/** What one interface is in one group: `tgw-mcast-domain-…/224.0.0.1/eni-…/member`. */
export type StoredGroup = Wire<TransitGatewayMulticastGroup> & { readonly GroupKey: string; readonly TransitGatewayMulticastDomainId: string };

/** https://docs.aws.amazon.com/vpc/latest/tgw/manage-domain.html */
export const multicastGroups = resource<StoredGroup>({
  service: 'ec2',
  kind: 'transit-gateway-multicast-group',
  shape: 'TransitGatewayMulticastGroup',
  id: { member: 'GroupKey' },
  notFound: (ids) => errors.groupMemberNotFound(ids[0]!),
  tags: null,
  references: {
    TransitGatewayMulticastDomainId: { kind: 'ec2:transit-gateway-multicast-domain', onDelete: 'cascade' },
    // The association of a subnet is known by the subnet.
    SubnetId: { kind: 'ec2:transit-gateway-multicast-domain-association', onDelete: 'cascade' },
    NetworkInterfaceId: { kind: 'ec2:network-interface', onDelete: 'cascade' },
  },
  filters: { 'is-group-member': 'GroupMember', 'is-group-source': 'GroupSource' },
});

const MULTICAST = { 4: parseCidr('224.0.0.0/4')!, 6: parseCidr('ff00::/8')! };

function groupAddress(text: string | undefined): string {
  if (text === undefined) throw general.missingParameter('GroupIpAddress');
  const version = text.includes(':') ? 6 : 4;
  const address = version === 4 ? parseIpv4(text) : parseIpv6(text);
  if (address === undefined || !includes(MULTICAST[version], address)) throw general.invalidValue(text, 'GroupIpAddress', 'This is not a valid multicast IP address.');
  return formatAddress(version, address);
}

interface Registration {
  readonly TransitGatewayMulticastDomainId: string;
  readonly GroupIpAddress?: string;
  readonly NetworkInterfaceIds: readonly string[];
}

const KINDS = { member: { GroupMember: true, GroupSource: false, MemberType: 'static' }, source: { GroupMember: false, GroupSource: true, SourceType: 'static' } } as const;

/** Interfaces must be in subnets of the domain; who is registered already stays so. */
async function register(ctx: Context, input: Registration, role: Role): Promise<{ TransitGatewayMulticastDomainId: string; GroupIpAddress: string; ids: string[] }> {
  const domainId = input.TransitGatewayMulticastDomainId;
  const domain = await ready(ctx, multicastDomains, domainId);
  const group = groupAddress(input.GroupIpAddress);
  // "To statically add sources, static sources support must be enabled." https://docs.aws.amazon.com/vpc/latest/tgw/create-tgw-igmp-domain.html
  if (role === 'source' && domain.Options!.StaticSourcesSupport !== 'enable') throw general.unsupportedOperation(`Static sources support is not enabled for ${domainId}.`);
  const ids = [...new Set(input.NetworkInterfaceIds)];
  const made: StoredGroup[] = [];
  for (const eni of await ctx.getAll(networkInterfaces, ids)) {
    const association = await ctx.find(multicastAssociations, eni.SubnetId!);
    if (association?.TransitGatewayMulticastDomainId !== domainId || association.Subnet!.State !== 'associated') throw errors.multicastAssociationNotFound(eni.SubnetId!, domainId);
    const { TransitGatewayAttachmentId, ResourceId, ResourceType, ResourceOwnerId } = association;
    made.push({
      GroupKey: `${domainId}/${group}/${eni.NetworkInterfaceId}/${role}`, TransitGatewayMulticastDomainId: domainId, GroupIpAddress: group, NetworkInterfaceId: eni.NetworkInterfaceId, SubnetId: eni.SubnetId,
      TransitGatewayAttachmentId, ResourceId, ResourceType, ResourceOwnerId, ...KINDS[role],
    });
  }
  for (const one of made) if (!(await ctx.find(multicastGroups, one.GroupKey))) await ctx.create(multicastGroups, one);
  return { TransitGatewayMulticastDomainId: domainId, GroupIpAddress: group, ids };
}

type Removal = Ec2Operations['DeregisterTransitGatewayMulticastGroupMembers']['input'];

/** Those of the group, or of all groups where none is named; the named interfaces, or all. Nothing to be found is an error. */
async function deregister(ctx: Context, input: Removal, role: Role): Promise<{ TransitGatewayMulticastDomainId: string; GroupIpAddress: string | undefined; ids: string[] }> {
  if (input.TransitGatewayMulticastDomainId === undefined) throw general.missingParameter('TransitGatewayMulticastDomainId');
  await ready(ctx, multicastDomains, input.TransitGatewayMulticastDomainId);
  const group = input.GroupIpAddress === undefined ? undefined : groupAddress(input.GroupIpAddress);
  const wanted = input.NetworkInterfaceIds?.length ? new Set(input.NetworkInterfaceIds) : undefined;
  const registered = (await ctx.list(multicastGroups, { member: 'TransitGatewayMulticastDomainId', value: input.TransitGatewayMulticastDomainId })).filter((g) => (role === 'member' ? g.GroupMember : g.GroupSource) && (group === undefined || g.GroupIpAddress === group));
  const going = registered.filter((g) => wanted === undefined || wanted.has(g.NetworkInterfaceId!));
  const missing = [...(wanted ?? [])].some((id) => !going.some((g) => g.NetworkInterfaceId === id));
  if (going.length === 0 || missing) throw (role === 'member' ? errors.groupMemberNotFound : errors.groupSourceNotFound)(group ?? input.TransitGatewayMulticastDomainId);
  for (const one of going) await ctx.remove(multicastGroups, one);
  return { TransitGatewayMulticastDomainId: input.TransitGatewayMulticastDomainId, GroupIpAddress: group, ids: [...new Set(going.map((g) => g.NetworkInterfaceId!))] };
}

export const multicastGroupOperations = {
  RegisterTransitGatewayMulticastGroupMembers: async (input, ctx) => {
    const { ids, ...done } = await register(ctx, input, 'member');
    return { RegisteredMulticastGroupMembers: { ...done, RegisteredNetworkInterfaceIds: ids } };
  },
  RegisterTransitGatewayMulticastGroupSources: async (input, ctx) => {
    const { ids, ...done } = await register(ctx, input, 'source');
    return { RegisteredMulticastGroupSources: { ...done, RegisteredNetworkInterfaceIds: ids } };
  },
  SearchTransitGatewayMulticastGroups: describes(multicastGroups, belonging(() => multicastDomains, 'TransitGatewayMulticastDomainId')),
  DeregisterTransitGatewayMulticastGroupMembers: async (input, ctx) => {
    const { ids, ...done } = await deregister(ctx, input, 'member');
    return { DeregisteredMulticastGroupMembers: { ...done, DeregisteredNetworkInterfaceIds: ids } };
  },
  DeregisterTransitGatewayMulticastGroupSources: async (input, ctx) => {
    const { ids, ...done } = await deregister(ctx, input, 'source');
    return { DeregisteredMulticastGroupSources: { ...done, DeregisteredNetworkInterfaceIds: ids } };
  },
} satisfies Handlers<Ec2Operations>;
