import type { ClientVpnRoute } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { describes, resource, seconds, type Context, type Handlers, type Resource } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { contains, formatCidr, parseCidr } from '../vpcs/cidr.ts';
import { subnets } from '../vpcs/subnets.ts';
import type { StoredVpc } from '../vpcs/vpcs.ts';
import { ofEndpoint } from './endpoint-listings.ts';
import { liveEndpoint, type StoredClientVpnEndpoint } from './endpoints.ts';
import * as errors from './errors.ts';
import { associationsOf } from './target-networks.ts';

/** Known by its endpoint, target and destination: `cvpn-endpoint-…/subnet-…/10.0.0.0/16`; the first two are what a quota counts by. */
export type StoredClientVpnRoute = Wire<ClientVpnRoute> & { readonly RouteKey: string; readonly $: { readonly through: string } };

/** https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/cvpn-working-routes.html */
export const clientVpnRoutes: Resource<StoredClientVpnRoute> = resource<StoredClientVpnRoute>({
  service: 'ec2',
  kind: 'client-vpn-route',
  shape: 'ClientVpnRoute',
  id: { member: 'RouteKey' },
  notFound: (keys) => errors.routeNotFound(keys[0]!),
  tags: null,
  state: 'Status.Code',
  // assumed: how long both take.
  lifecycle: { creating: { after: seconds(60), to: 'active' }, deleting: { after: seconds(60), to: 'gone' } },
  references: { ClientVpnEndpointId: { kind: 'ec2:client-vpn-endpoint', onDelete: 'cascade' } },
  indexed: ['$.through'],
  filters: { 'destination-cidr': 'DestinationCidr', 'target-subnet': 'TargetSubnet' },
});

const keysOf = (endpointId: string, destination: string, target: string): Pick<StoredClientVpnRoute, 'RouteKey' | '$'> => ({ RouteKey: `${endpointId}/${target}/${destination}`, $: { through: `${endpointId}/${target}` } });

const of = (ctx: Context, endpointId: string): Promise<StoredClientVpnRoute[]> => ctx.list(clientVpnRoutes, { member: 'ClientVpnEndpointId', value: endpointId });

/** "When you associate a subnet with a Client VPN endpoint, we automatically add a route for the VPC to the endpoint's route table." */
export async function addVpcRoutes(ctx: Context, endpoint: StoredClientVpnEndpoint, subnetId: string, vpc: StoredVpc): Promise<void> {
  const id = endpoint.ClientVpnEndpointId!;
  const traffic = endpoint.TrafficIpAddressType;
  // assumed: each block of the VPC has a route.
  const ipv4 = (vpc.CidrBlockAssociationSet ?? []).filter((a) => a.CidrBlockState?.State === 'associated').map((a) => a.CidrBlock!);
  const ipv6 = (vpc.Ipv6CidrBlockAssociationSet ?? []).filter((a) => a.Ipv6CidrBlockState?.State === 'associated').map((a) => a.Ipv6CidrBlock!);
  for (const block of [...(traffic === 'ipv6' ? [] : ipv4), ...(traffic === 'ipv4' ? [] : ipv6)]) {
    await ctx.replace(clientVpnRoutes, { ...keysOf(id, block, subnetId), ClientVpnEndpointId: id, DestinationCidr: block, TargetSubnet: subnetId, Type: 'Nat', Origin: 'associate', Status: { Code: 'creating' }, Description: 'Default Route' });
  }
}

/** A network that is no target any more takes its routes along. */
export async function removeRoutesThrough(ctx: Context, endpointId: string, subnetId: string): Promise<void> {
  for (const route of await of(ctx, endpointId)) if (route.TargetSubnet === subnetId) await ctx.remove(clientVpnRoutes, route);
}

const LOCAL = 'local';

function destinationOf(text: string, endpoint: StoredClientVpnEndpoint): string {
  const cidr = parseCidr(text);
  const fits = cidr && (cidr.version === 4 ? endpoint.TrafficIpAddressType !== 'ipv6' : endpoint.TrafficIpAddressType !== 'ipv4');
  if (!fits) throw general.notADestination(text);
  return formatCidr(cidr);
}

/** Clients reach each other by a route to their own range, which is local; through a subnet they cannot. */
function checkClientRange(endpoint: StoredClientVpnEndpoint, destination: string, target: string | undefined): void {
  const client = endpoint.ClientCidrBlock === undefined ? undefined : parseCidr(endpoint.ClientCidrBlock)!;
  const within = client !== undefined && contains(client, parseCidr(destination)!);
  // assumed: the words with which both are refused.
  if (target === LOCAL && !within) throw general.invalidParameterValue(`A local route must lead to the client CIDR range ${endpoint.ClientCidrBlock ?? ''}`);
  if (target !== LOCAL && within) throw general.invalidParameterValue(`The route ${destination} overlaps with the client CIDR range ${endpoint.ClientCidrBlock}`);
}

async function checkTarget(ctx: Context, endpoint: StoredClientVpnEndpoint, target: string): Promise<void> {
  if (target === LOCAL) return;
  if (!subnets.wellFormed(target)) throw subnets.malformed!(target);
  const subnet = await ctx.find(subnets, target);
  if (!subnet || (endpoint.VpcId !== undefined && subnet.VpcId !== endpoint.VpcId)) throw errors.subnetNotFound(target);
  const active = (await associationsOf(ctx, endpoint.ClientVpnEndpointId!)).some((n) => n.TargetNetworkId === target && n.Status!.Code === 'associated');
  if (!active) throw errors.notAssociated(endpoint.ClientVpnEndpointId!);
}

async function create(input: Ec2Operations['CreateClientVpnRoute']['input'], ctx: Context): Promise<{ Status: StoredClientVpnRoute['Status'] }> {
  const endpoint = await liveEndpoint(ctx, input.ClientVpnEndpointId);
  const id = input.ClientVpnEndpointId;
  const destination = destinationOf(input.DestinationCidrBlock, endpoint);
  const gateway = endpoint.TransitGatewayConfiguration;
  const target = input.TargetVpcSubnetId;
  if (!gateway && target === undefined) throw general.missingParameter('TargetVpcSubnetId');
  if (gateway && target !== undefined && target !== LOCAL) throw general.invalidParameterCombination('The parameter TargetVpcSubnetId cannot be used with an endpoint that uses a transit gateway');
  checkClientRange(endpoint, destination, target);
  if (target !== undefined) await checkTarget(ctx, endpoint, target);
  if (endpoint.Status!.Code !== 'available') throw errors.notAssociated(id);
  const keys = keysOf(id, destination, target ?? gateway!.TransitGatewayAttachmentId!);
  if (await ctx.find(clientVpnRoutes, keys.RouteKey)) throw errors.routeDuplicate();
  // assumed: the types of routes that no subnet translates.
  const way = target === undefined ? { TransitGatewayAttachmentId: gateway!.TransitGatewayAttachmentId!, Type: 'TransitGateway' } : { TargetSubnet: target, Type: target === LOCAL ? 'Local' : 'Nat' };
  const route = await ctx.create(clientVpnRoutes, { ...keys, ClientVpnEndpointId: id, DestinationCidr: destination, ...way, Origin: 'add-route', Status: { Code: 'creating' }, Description: input.Description ?? '' });
  return { Status: route.Status };
}

/** The one route to the destination, or the one of them through the target. */
async function named(ctx: Context, endpointId: string, destination: string, target: string | undefined): Promise<StoredClientVpnRoute> {
  const found = (await of(ctx, endpointId)).filter((r) => r.DestinationCidr === destination && (target === undefined || r.TargetSubnet === target));
  if (found.length === 0) throw errors.routeNotFound(destination);
  if (found.length > 1) throw general.missingParameter('TargetVpcSubnetId');
  return found[0]!;
}

export const clientVpnRouteOperations = {
  CreateClientVpnRoute: create,
  DescribeClientVpnRoutes: describes(clientVpnRoutes, ofEndpoint<StoredClientVpnRoute>()),
  /** "You cannot delete routes that were automatically added when associating a subnet." https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteClientVpnRoute.html */
  DeleteClientVpnRoute: async (input, ctx) => {
    const endpoint = await liveEndpoint(ctx, input.ClientVpnEndpointId);
    const route = await named(ctx, input.ClientVpnEndpointId, destinationOf(input.DestinationCidrBlock, endpoint), input.TargetVpcSubnetId);
    // assumed: the code and the words with which such a route is refused.
    if (route.Origin === 'associate') throw general.operationNotPermitted('The route was added with a target network and goes with it');
    const { Status } = route.Status!.Code === 'deleting' ? route : await ctx.transition(clientVpnRoutes, route, 'deleting');
    return { Status };
  },
} satisfies Handlers<Ec2Operations>;
