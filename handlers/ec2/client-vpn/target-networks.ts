import type { TargetNetwork } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { describes, minutes, resource, type Context, type Handlers, type Resource } from '../../../src/kit/index.ts';
import { zone } from '../catalog/regions.ts';
import * as general from '../errors.ts';
import { groupIdentifiers, networkInterfaces, planInterface, removeInterface } from '../network-interfaces/network-interfaces.ts';
import { overlaps, parseCidr } from '../vpcs/cidr.ts';
import { subnets, type StoredSubnet } from '../vpcs/subnets.ts';
import { vpcs, type StoredVpc } from '../vpcs/vpcs.ts';
import { settle } from './endpoint-states.ts';
import { ofEndpoint } from './endpoint-listings.ts';
import { clientVpnEndpoints, liveEndpoint, type StoredClientVpnEndpoint } from './endpoints.ts';
import * as errors from './errors.ts';
import { addVpcRoutes, removeRoutesThrough } from './routes.ts';

/** Beside what is shown: the interface in the subnet. */
export type StoredTargetNetwork = Wire<TargetNetwork> & { $: { interfaceId?: string } };
type Zone = NonNullable<ReturnType<typeof zone>>;
type Described = Ec2Operations['DescribeClientVpnTargetNetworks'];

const ENDED = ['disassociated', 'association-failed'];
const unlessEnded = (network: StoredTargetNetwork) => (ENDED.includes(network.Status!.Code!) ? 'keep' as const : 'refuse' as const);

/** A subnet with which an endpoint is associated, or a zone of its transit gateway. https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/cvpn-working-target.html */
export const targetNetworks: Resource<StoredTargetNetwork> = resource<StoredTargetNetwork>({
  service: 'ec2',
  kind: 'client-vpn-target-network',
  shape: 'TargetNetwork',
  id: { member: 'AssociationId', prefix: 'cvpn-assoc' },
  notFound: errors.associationNotFound,
  tags: null,
  state: 'Status.Code',
  // assumed: how long each takes, and that an ended association is listed for a minute.
  lifecycle: {
    associating: { after: minutes(5), to: 'associated' },
    disassociating: { after: minutes(3), to: 'disassociated' },
    disassociated: { after: minutes(1), to: 'gone' },
  },
  entering: {
    associated: (network, ctx) => settle(ctx, network.ClientVpnEndpointId!, { network }),
    disassociated: dismantle,
  },
  references: {
    ClientVpnEndpointId: { kind: 'ec2:client-vpn-endpoint', onDelete: 'cascade' },
    TargetNetworkId: { kind: 'ec2:subnet', onDelete: unlessEnded },
    VpcId: { kind: 'ec2:vpc', onDelete: unlessEnded },
    SecurityGroups: { kind: 'ec2:security-group', onDelete: unlessEnded },
  },
});

/** The interface goes, and so do the routes through the subnet. */
async function dismantle(network: StoredTargetNetwork, ctx: Context): Promise<void> {
  const eni = network.$.interfaceId === undefined ? undefined : await ctx.find(networkInterfaces, network.$.interfaceId);
  if (eni) await removeInterface(ctx, eni);
  if (network.TargetNetworkId !== undefined) await removeRoutesThrough(ctx, network.ClientVpnEndpointId!, network.TargetNetworkId);
  await settle(ctx, network.ClientVpnEndpointId!, { network });
}

/** Those that have not ended. */
export const associationsOf = async (ctx: Context, endpointId: string): Promise<StoredTargetNetwork[]> =>
  (await ctx.list(targetNetworks, { member: 'ClientVpnEndpointId', value: endpointId })).filter((n) => !ENDED.includes(n.Status!.Code!));

// ---- association ----

const PREFIX_LONGEST = 27;
const FREE_MIN = 20;

/** What a subnet must be like. https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/what-is-best-practices.html */
function checkSubnet(endpoint: StoredClientVpnEndpoint, subnet: StoredSubnet, vpc: StoredVpc): void {
  const id = subnet.SubnetId!;
  const ipv6 = (subnet.Ipv6CidrBlockAssociationSet ?? []).some((a) => a.Ipv6CidrBlockState?.State === 'associated');
  if (endpoint.TrafficIpAddressType !== 'ipv4' && !ipv6) throw general.invalidParameterValue(`Subnet ${id} does not have an IPv6 CIDR block`);
  if (endpoint.TrafficIpAddressType !== 'ipv6' && subnet.CidrBlock === undefined) throw general.invalidParameterValue(`Subnet ${id} does not have an IPv4 CIDR block`);
  // assumed: the codes with which a VPC of dedicated tenancy and a small subnet are refused.
  if (vpc.InstanceTenancy === 'dedicated') throw general.unsupportedOperation(`Client VPN endpoints do not support subnets of a VPC with dedicated tenancy: ${vpc.VpcId}`);
  if (subnet.CidrBlock === undefined) return;
  if (parseCidr(subnet.CidrBlock)!.prefix > PREFIX_LONGEST) throw general.invalidParameterValue(`Subnet ${id} must have a CIDR block with at least a /${PREFIX_LONGEST} bitmask`);
  if (subnet.AvailableIpAddressCount! < FREE_MIN) throw general.insufficientAddresses(id);
  const client = endpoint.ClientCidrBlock === undefined ? undefined : parseCidr(endpoint.ClientCidrBlock)!;
  const local = (vpc.CidrBlockAssociationSet ?? []).filter((a) => a.CidrBlockState?.State === 'associated').map((a) => parseCidr(a.CidrBlock!)!);
  if (client && local.some((block) => overlaps(block, client))) throw errors.subnetOverlaps(id, endpoint.ClientCidrBlock!);
}

async function associateSubnet(ctx: Context, endpoint: StoredClientVpnEndpoint, subnetId: string): Promise<StoredTargetNetwork> {
  const id = endpoint.ClientVpnEndpointId!;
  if (!subnets.wellFormed(subnetId)) throw subnets.malformed!(subnetId);
  const subnet = await ctx.find(subnets, subnetId);
  if (!subnet || (endpoint.VpcId !== undefined && subnet.VpcId !== endpoint.VpcId)) throw errors.subnetNotFound(subnetId);
  for (const network of await associationsOf(ctx, id)) {
    if (network.TargetNetworkId === subnetId) throw errors.associationDuplicate(subnetId, id);
    const other = await ctx.find(subnets, network.TargetNetworkId!);
    if (other?.AvailabilityZone === subnet.AvailabilityZone) throw errors.zoneDuplicate(subnet.AvailabilityZone!, id);
  }
  const vpc = await ctx.get(vpcs, subnet.VpcId!);
  checkSubnet(endpoint, subnet, vpc);
  if (endpoint.VpcId === undefined) {
    Object.assign(endpoint, { VpcId: subnet.VpcId, SecurityGroupIds: (await groupIdentifiers(ctx, [], subnet.VpcId!)).map((g) => g.GroupId) });
    endpoint.$.vpcFollows = true;
    await ctx.save(clientVpnEndpoints, endpoint);
  }
  // assumed: one interface in each subnet, and how it is described.
  const eni = await planInterface(ctx, { subnet, groups: endpoint.SecurityGroupIds!, description: `ClientVPN Endpoint resource (${id})`, requester: 'amazon-aws', ipv6Count: endpoint.TrafficIpAddressType === 'ipv4' ? 0 : 1 });
  await ctx.create(networkInterfaces, eni);
  await addVpcRoutes(ctx, endpoint, subnetId, vpc);
  return ctx.create(targetNetworks, {
    AssociationId: ctx.newId(targetNetworks), ClientVpnEndpointId: id, VpcId: subnet.VpcId, TargetNetworkId: subnetId, Status: { Code: 'associating' }, SecurityGroups: [...endpoint.SecurityGroupIds!], $: { interfaceId: eni.NetworkInterfaceId! },
  });
}

export async function associateZone(ctx: Context, endpoint: StoredClientVpnEndpoint, place: Zone): Promise<StoredTargetNetwork> {
  const id = endpoint.ClientVpnEndpointId!;
  if ((await associationsOf(ctx, id)).some((n) => n.AvailabilityZones?.includes(place.ZoneName!))) throw errors.zoneDuplicate(place.ZoneName!, id);
  return ctx.create(targetNetworks, { AssociationId: ctx.newId(targetNetworks), ClientVpnEndpointId: id, Status: { Code: 'associating' }, SecurityGroups: [], AvailabilityZones: [place.ZoneName!], AvailabilityZoneIds: [place.ZoneId!], $: {} });
}

async function associate(input: Ec2Operations['AssociateClientVpnTargetNetwork']['input'], ctx: Context): Promise<{ AssociationId: string; Status: StoredTargetNetwork['Status'] }> {
  const endpoint = await liveEndpoint(ctx, input.ClientVpnEndpointId);
  const { SubnetId, AvailabilityZone: name, AvailabilityZoneId: zoneId } = input;
  if (name !== undefined && zoneId !== undefined) throw general.invalidParameterCombination('The parameters AvailabilityZone and AvailabilityZoneId cannot be used together');
  const wanted = name ?? zoneId;
  if (SubnetId !== undefined && wanted !== undefined) throw general.invalidParameterCombination('The parameters SubnetId and AvailabilityZone cannot be used together');
  let network: StoredTargetNetwork;
  if (endpoint.TransitGatewayConfiguration) {
    if (wanted === undefined) throw general.missingParameter('AvailabilityZone');
    const place = zone(ctx.region, wanted);
    if (!place) throw general.invalidAvailabilityZone(wanted);
    network = await associateZone(ctx, endpoint, place);
  } else {
    if (SubnetId === undefined) throw general.missingParameter('SubnetId');
    network = await associateSubnet(ctx, endpoint, SubnetId);
  }
  return { AssociationId: network.AssociationId!, Status: network.Status };
}

/** Without its gateway an endpoint is in no zone. */
export async function endZones(ctx: Context, endpointId: string): Promise<void> {
  for (const network of await associationsOf(ctx, endpointId)) await ctx.transition(targetNetworks, network, 'disassociated');
}

// ---- groups ----

/** The groups of an endpoint are those of all its target networks; the endpoint's document is changed, not saved. */
export async function applyGroups(ctx: Context, endpoint: StoredClientVpnEndpoint, vpcId: string, ids: readonly string[]): Promise<string[]> {
  const groups = await groupIdentifiers(ctx, ids, vpcId);
  const groupIds = groups.map((g) => g.GroupId);
  for (const network of await associationsOf(ctx, endpoint.ClientVpnEndpointId!)) {
    await ctx.save(targetNetworks, { ...network, SecurityGroups: groupIds });
    const eni = await ctx.find(networkInterfaces, network.$.interfaceId!);
    if (eni) await ctx.save(networkInterfaces, { ...eni, Groups: groups });
  }
  Object.assign(endpoint, { VpcId: vpcId, SecurityGroupIds: groupIds });
  return groupIds;
}

export const targetNetworkOperations = {
  /** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateClientVpnTargetNetwork.html */
  AssociateClientVpnTargetNetwork: associate,
  DescribeClientVpnTargetNetworks: describes<StoredTargetNetwork, Described['input'], Described['output']>(targetNetworks, { ids: 'AssociationIds', ...ofEndpoint<StoredTargetNetwork>() }),
  ApplySecurityGroupsToClientVpnTargetNetwork: async (input, ctx) => {
    const endpoint = await liveEndpoint(ctx, input.ClientVpnEndpointId);
    await ctx.get(vpcs, input.VpcId);
    if ((await associationsOf(ctx, input.ClientVpnEndpointId)).every((n) => n.VpcId !== input.VpcId)) throw errors.notAssociated(input.ClientVpnEndpointId);
    const SecurityGroupIds = await applyGroups(ctx, endpoint, input.VpcId, input.SecurityGroupIds);
    await ctx.save(clientVpnEndpoints, endpoint);
    return { SecurityGroupIds };
  },
  DisassociateClientVpnTargetNetwork: async (input, ctx) => {
    await liveEndpoint(ctx, input.ClientVpnEndpointId);
    const network = await ctx.get(targetNetworks, input.AssociationId);
    if (network.ClientVpnEndpointId !== input.ClientVpnEndpointId || ENDED.includes(network.Status!.Code!)) throw errors.associationNotFound([input.AssociationId]);
    const { Status } = network.Status!.Code === 'disassociating' ? network : await ctx.transition(targetNetworks, network, 'disassociating');
    return { AssociationId: input.AssociationId, Status };
  },
} satisfies Handlers<Ec2Operations>;
