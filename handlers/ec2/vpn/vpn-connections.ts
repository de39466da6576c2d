import type { VpnConnection } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { AwsError, creates, describes, hours, minutes, resource, type Context, type Handlers, type Resource } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { attachments } from '../transit-gateways/attachments.ts';
import { parseCidr } from '../vpcs/cidr.ts';
import { connectionKeys } from './connection-keys.ts';
import { joinTarget, leaveTarget, takenAt, targetOf, wantedTarget, type Target } from './connection-targets.ts';
import { customerGateways, type StoredCustomerGateway } from './customer-gateways.ts';
import { asnOf, deviceConfiguration } from './device-configurations.ts';
import * as errors from './errors.ts';
import { propagate } from './route-propagation.ts';
import { planTunnels, type Tunnel } from './tunnels.ts';

/** `$` holds when the tunnels were replaced, by their outside addresses, and the number of the network at the other end. */
export type StoredVpnConnection = Wire<VpnConnection> & { $?: { replaced?: Record<string, string>; bgpAsn?: string } };
type Input = Ec2Operations['CreateVpnConnection']['input'];
type Options = NonNullable<StoredVpnConnection['Options']>;

export const isGone = (connection: StoredVpnConnection): boolean => connection.State === 'deleting' || connection.State === 'deleted';
const unlessGone = (connection: StoredVpnConnection) => (isGone(connection) ? 'keep' as const : 'refuse' as const);

/** https://docs.aws.amazon.com/vpn/latest/s2svpn/how_it_works.html */
export const vpnConnections: Resource<StoredVpnConnection> = resource<StoredVpnConnection>({
  service: 'ec2',
  kind: 'vpn-connection',
  shape: 'VpnConnection',
  id: { member: 'VpnConnectionId', prefix: 'vpn' },
  notFound: general.notFound('InvalidVpnConnectionID.NotFound', 'vpnConnection ID'),
  malformed: general.malformedId('InvalidVpnConnectionID.Malformed', 'vpn'),
  state: 'State',
  // assumed: how long these take.
  lifecycle: { pending: { after: minutes(3), to: 'available' }, modifying: { after: minutes(3), to: 'available' }, deleting: { after: minutes(2), to: 'deleted' }, deleted: { after: hours(1), to: 'gone', paced: false } },
  entering: {
    available: (connection) => {
      connection.GatewayAssociationState = connection.VpnGatewayId ?? connection.TransitGatewayId ?? connection.VpnConcentratorId ? 'associated' : 'not-associated';
    },
  },
  references: {
    VpnGatewayId: { kind: 'ec2:vpn-gateway', onDelete: unlessGone },
    CustomerGatewayId: { kind: 'ec2:customer-gateway', onDelete: unlessGone },
    VpnConcentratorId: { kind: 'ec2:vpn-concentrator', onDelete: unlessGone },
    TransitGatewayId: { kind: 'ec2:transit-gateway', onDelete: 'keep' },
  },
  filters: { 'option.static-routes-only': 'Options.StaticRoutesOnly', 'route.destination-cidr-block': 'Routes.DestinationCidrBlock', 'bgp-asn': '$.bgpAsn' },
  conditionKeys: connectionKeys,
});

export async function live(ctx: Context, id: string): Promise<StoredVpnConnection> {
  const connection = await ctx.get(vpnConnections, id);
  if (isGone(connection)) throw vpnConnections.notFound([id]);
  return connection;
}

/** "The VPN connection must be in the available state to complete the request." */
export async function available(ctx: Context, id: string): Promise<StoredVpnConnection> {
  const connection = await live(ctx, id);
  if (connection.State !== 'available') throw errors.connectionNotAvailable(id, connection.State!);
  return connection;
}

export async function liveCustomer(ctx: Context, id: string): Promise<StoredCustomerGateway> {
  const customer = await ctx.get(customerGateways, id);
  if (customer.State !== 'available') throw customerGateways.notFound([id]);
  return customer;
}

/** A change takes both tunnels down for a while. assumed: EC2 answers 'modifying', which the model's enum does not have. */
export const MODIFYING = 'modifying';

/** The connection with the file that AWS gives to set the device of the other side up with. */
export const configured = (connection: StoredVpnConnection, customer: StoredCustomerGateway, target: Target): StoredVpnConnection =>
  ({ ...connection, CustomerGatewayConfiguration: deviceConfiguration(connection, customer, target), $: { ...connection.$, bgpAsn: asnOf(customer) } });

export async function changed(ctx: Context, connection: StoredVpnConnection): Promise<{ VpnConnection: StoredVpnConnection }> {
  const fresh = configured(connection, await ctx.get(customerGateways, connection.CustomerGatewayId!), await targetOf(ctx, connection));
  return { VpnConnection: await ctx.transition(vpnConnections, fresh, MODIFYING) };
}

// ---- options ----

export function block(cidr: string, version: 4 | 6, parameter: string): string {
  if (parseCidr(cidr)?.version !== version) throw general.invalidValue(cidr, parameter, 'This is not a valid CIDR block.');
  return cidr;
}

/** Virtual private gateways have the oldest of what there is. https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html */
export function checkForGateway(options: Pick<Options, 'EnableAcceleration' | 'TunnelInsideIpVersion' | 'OutsideIpAddressType' | 'TunnelBandwidth'>): void {
  // assumed: the words with which these are refused.
  if (options.EnableAcceleration) throw general.invalidParameterCombination('Acceleration is supported for VPN connections to a transit gateway only.');
  if ((options.TunnelInsideIpVersion ?? 'ipv4') !== 'ipv4' || (options.OutsideIpAddressType ?? 'PublicIpv4') !== 'PublicIpv4') throw general.invalidParameterCombination('IPv6 and private addresses are supported for VPN connections to a transit gateway only.');
  if (options.TunnelBandwidth === 'large') throw general.invalidParameterCombination('Large tunnel bandwidth is supported for VPN connections to a transit gateway only.');
}

/** Private tunnels go through Direct Connect, which there is none of. */
async function checkTransport(ctx: Context, options: NonNullable<Input['Options']>): Promise<void> {
  const { OutsideIpAddressType: type = 'PublicIpv4', TransportTransitGatewayAttachmentId: transport } = options;
  const types = ['PrivateIpv4', 'PublicIpv4', 'Ipv6'];
  if (!types.includes(type)) throw general.invalidValue(type, 'outsideIpAddressType', `Valid values: ${types.join(', ')}`);
  if (type === 'PrivateIpv4' && transport === undefined) throw general.missingParameter('TransportTransitGatewayAttachmentId');
  if (type !== 'PrivateIpv4' && transport !== undefined) throw general.invalidParameterCombination('The parameter TransportTransitGatewayAttachmentId requires the outside IP address type PrivateIpv4');
  if (transport === undefined) return;
  await ctx.get(attachments, transport);
  throw general.invalidValue(transport, 'transportTransitGatewayAttachmentId', 'The attachment must be one of a Direct Connect gateway.');
}

function networks(options: NonNullable<Input['Options']>, inside: 'ipv4' | 'ipv6'): Partial<Options> {
  const { LocalIpv4NetworkCidr: local4, RemoteIpv4NetworkCidr: remote4, LocalIpv6NetworkCidr: local6, RemoteIpv6NetworkCidr: remote6 } = options;
  if (inside === 'ipv6' ? (local4 ?? remote4) !== undefined : (local6 ?? remote6) !== undefined) throw general.invalidParameterCombination(`The network CIDR blocks must be of the tunnel inside IP version ${inside}`);
  return inside === 'ipv4'
    ? { LocalIpv4NetworkCidr: block(local4 ?? '0.0.0.0/0', 4, 'localIpv4NetworkCidr'), RemoteIpv4NetworkCidr: block(remote4 ?? '0.0.0.0/0', 4, 'remoteIpv4NetworkCidr') }
    : { LocalIpv6NetworkCidr: block(local6 ?? '::/0', 6, 'localIpv6NetworkCidr'), RemoteIpv6NetworkCidr: block(remote6 ?? '::/0', 6, 'remoteIpv6NetworkCidr') };
}

/** Keys lie in the service itself; there is no Secrets Manager here. */
export function checkStorage(storage: string | undefined): void {
  if (storage === 'SecretsManager') throw general.unsupportedOperation('The pre-shared key storage SecretsManager is not supported by Fogbank yet.');
  if (storage !== undefined && storage !== 'Standard') throw general.invalidValue(storage, 'preSharedKeyStorage', 'Valid values: Standard, SecretsManager');
}

// ---- creation ----

async function checkWish(input: Input, target: Target, customer: StoredCustomerGateway, ctx: Context): Promise<void> {
  const { Options: options = {} } = input;
  await checkTransport(ctx, options);
  if (target.member === 'VpnGatewayId') checkForGateway(options as Options);
  // "Connections on the Concentrator require BGP routing." assumed: the words.
  if (target.member === 'VpnConcentratorId' && options.StaticRoutesOnly) throw general.invalidParameterCombination('VPN connections to a VPN concentrator do not support static routes.');
  const ipv6 = customer.IpAddress?.includes(':') ?? false;
  if (customer.IpAddress !== undefined && ipv6 !== (options.OutsideIpAddressType === 'Ipv6')) throw general.invalidParameterCombination(`The address ${customer.IpAddress} of the customer gateway is not of the outside IP address type ${options.OutsideIpAddressType ?? 'PublicIpv4'}`);
}

async function planConnection(input: Input, ctx: Context): Promise<StoredVpnConnection> {
  if (input.Type !== 'ipsec.1') throw general.invalidValue(input.Type, 'type', 'Only ipsec.1 is supported.');
  checkStorage(input.PreSharedKeyStorage);
  const { Options: options = {} } = input;
  const customer = await liveCustomer(ctx, input.CustomerGatewayId);
  const target = await wantedTarget(ctx, input);
  await checkWish(input, target, customer, ctx);
  const inside = options.TunnelInsideIpVersion ?? 'ipv4';
  const outside = options.OutsideIpAddressType === 'Ipv6' ? 'Ipv6' : 'PublicIpv4';
  const certified = customer.CertificateArn !== undefined;
  const tunnels = await planTunnels(options.TunnelOptions ?? [], { inside, outside, certified, taken: await takenAt(ctx, target) }, ctx);
  const connection: StoredVpnConnection = {
    VpnConnectionId: ctx.newId(vpnConnections), State: 'pending', Type: 'ipsec.1', Category: 'VPN', CustomerGatewayId: input.CustomerGatewayId, ...(target.member && { [target.member]: target.id }),
    GatewayAssociationState: target.member ? 'associated' : 'not-associated', Routes: [],
    Options: {
      EnableAcceleration: options.EnableAcceleration ?? false, StaticRoutesOnly: options.StaticRoutesOnly ?? false, ...networks(options, inside), OutsideIpAddressType: outside, TunnelInsideIpVersion: inside,
      TunnelOptions: tunnels, TunnelBandwidth: options.TunnelBandwidth ?? 'standard',
    },
    VgwTelemetry: tunnels.map((t) => telemetry(t, certified, options.StaticRoutesOnly ?? false, ctx)),
  };
  return configured(connection, customer, target);
}

/**
 * Nobody is at the other end, which only a connection with dynamic routes says in words: https://docs.aws.amazon.com/cli/latest/reference/ec2/modify-vpn-tunnel-options.html#examples,
 * https://docs.aws.amazon.com/cli/latest/reference/ec2/describe-vpn-connections.html#examples. With a device that has a certificate AWS's end has one too.
 */
const telemetry = (tunnel: Tunnel, certified: boolean, isStatic: boolean, ctx: Context): NonNullable<StoredVpnConnection['VgwTelemetry']>[number] =>
  ({ AcceptedRouteCount: 0, LastStatusChange: ctx.wholeSecond, OutsideIpAddress: tunnel.OutsideIpAddress!, Status: 'DOWN', StatusMessage: isStatic ? '' : 'IPSEC IS DOWN', ...(certified && { CertificateArn: tunnelCertificate(ctx) }) });

export const tunnelCertificate = (ctx: Context): string => `arn:aws:acm:${ctx.region}:${ctx.account}:certificate/${ctx.ids.uuid()}`;

/** "The configuration … is present … only if the VPN connection is in the pending or available state." */
function shown({ CustomerGatewayConfiguration: configuration, ...connection }: StoredVpnConnection): StoredVpnConnection {
  return isGone(connection) ? connection : { ...connection, CustomerGatewayConfiguration: configuration! };
}

/** Static routes are those of a virtual private gateway; a transit gateway has them in its tables. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpnConnectionRoute.html */
async function withStaticRoutes(ctx: Context, id: string): Promise<StoredVpnConnection> {
  const connection = await live(ctx, id);
  if (!connection.Options!.StaticRoutesOnly || connection.VpnGatewayId === undefined) throw errors.noStaticRoutes(id);
  return connection;
}

export const vpnConnectionOperations = {
  CreateVpnConnection: creates(vpnConnections, planConnection, (connection, _input, ctx) => joinTarget(ctx, connection)),
  DescribeVpnConnections: describes(vpnConnections, { ids: 'VpnConnectionIds', project: shown }),
  CreateVpnConnectionRoute: async (input, ctx) => {
    const connection = await withStaticRoutes(ctx, input.VpnConnectionId);
    if (parseCidr(input.DestinationCidrBlock)?.version !== 4) throw general.notADestination(input.DestinationCidrBlock);
    if (!connection.Routes!.some((r) => r.DestinationCidrBlock === input.DestinationCidrBlock)) connection.Routes!.push({ DestinationCidrBlock: input.DestinationCidrBlock, Source: 'Static', State: 'available' });
    await ctx.save(vpnConnections, connection);
    await propagate(ctx, connection.VpnGatewayId!);
    return {};
  },
  DeleteVpnConnectionRoute: async (input, ctx) => {
    const connection = await live(ctx, input.VpnConnectionId);
    const left = connection.Routes!.filter((r) => r.DestinationCidrBlock !== input.DestinationCidrBlock);
    if (left.length === connection.Routes!.length) throw new AwsError('InvalidRoute.NotFound', `The VPN connection ${input.VpnConnectionId} has no route to ${input.DestinationCidrBlock}.`);
    connection.Routes = left;
    await ctx.save(vpnConnections, connection);
    await propagate(ctx, connection.VpnGatewayId!);
    return {};
  },
  DeleteVpnConnection: async (input, ctx) => {
    const connection = await live(ctx, input.VpnConnectionId);
    await ctx.transition(vpnConnections, connection, 'deleting');
    await leaveTarget(ctx, input.VpnConnectionId, connection.VpnGatewayId);
    return {};
  },
} satisfies Handlers<Ec2Operations>;
