import type { TunnelOption, VpnConnection } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { AwsError, creates, describes, hours, minutes, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import { drawPublicIp } from '../addresses/public-addresses.ts';
import * as errors from '../errors.ts';
import { formatAddress, parseCidr } from '../vpcs/cidr.ts';
import { attachTo, chosenSide, detachFrom, sideOf, type AmazonSide } from './amazon-sides.ts';
import { customerGateways, type StoredCustomerGateway } from './customer-gateways.ts';
import { deviceConfiguration } from './device-configurations.ts';
import { propagate } from './route-propagation.ts';

export type StoredVpnConnection = Wire<VpnConnection>;
export type Tunnel = Wire<TunnelOption>;
type Input = Ec2Operations['CreateVpnConnection']['input'];
type TunnelInput = NonNullable<NonNullable<Input['Options']>['TunnelOptions']>[number];

/** https://docs.aws.amazon.com/vpn/latest/s2svpn/how_it_works.html */
export const vpnConnections = resource<StoredVpnConnection>({
  service: 'ec2',
  kind: 'vpn-connection',
  shape: 'VpnConnection',
  id: { member: 'VpnConnectionId', prefix: 'vpn' },
  notFound: errors.notFound('InvalidVpnConnectionID.NotFound', 'vpnConnection ID'),
  malformed: errors.malformedId('InvalidVpnConnectionID.Malformed', 'vpn'),
  state: 'State',
  // assumed: how long both take.
  lifecycle: { pending: { after: minutes(3), to: 'available' }, deleting: { after: minutes(2), to: 'deleted' }, deleted: { after: hours(1), to: 'gone', paced: false } },
  references: {
    VpnGatewayId: { kind: 'ec2:vpn-gateway', onDelete: (c) => (isGone(c) ? 'keep' : 'refuse') },
    // Its attachment holds the transit gateway.
    TransitGatewayId: { kind: 'ec2:transit-gateway', onDelete: 'keep' },
    CustomerGatewayId: { kind: 'ec2:customer-gateway', onDelete: (c) => (isGone(c) ? 'keep' : 'refuse') },
  },
  filters: { 'option.static-routes-only': 'Options.StaticRoutesOnly', 'route.destination-cidr-block': 'Routes.DestinationCidrBlock', 'bgp-asn': () => undefined },
});

const isGone = (connection: StoredVpnConnection): boolean => connection.State === 'deleting' || connection.State === 'deleted';

async function live(ctx: Context, id: string): Promise<StoredVpnConnection> {
  const connection = await ctx.get(vpnConnections, id);
  if (isGone(connection)) throw vpnConnections.notFound([id]);
  return connection;
}

// ---- tunnels ----

/** Ranges that AWS keeps for itself. https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html */
const RESERVED = ['169.254.0.0/30', '169.254.1.0/30', '169.254.2.0/30', '169.254.3.0/30', '169.254.4.0/30', '169.254.5.0/30', '169.254.169.252/30'];
const INSIDE = parseCidr('169.254.0.0/16')!;
const KEY = /^(?!0)[A-Za-z0-9._]{8,64}$/;
const KEY_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz123456789';

/** Who sets them is heard; the others are AWS's defaults, which it does not show. */
const PLAIN = ['Phase1LifetimeSeconds', 'Phase2LifetimeSeconds', 'RekeyMarginTimeSeconds', 'RekeyFuzzPercentage', 'ReplayWindowSize', 'StartupAction', 'EnableTunnelLifecycleControl', 'TunnelInsideIpv6Cidr'] as const;
const LISTS = ['Phase1EncryptionAlgorithms', 'Phase2EncryptionAlgorithms', 'Phase1IntegrityAlgorithms', 'Phase2IntegrityAlgorithms', 'Phase1DHGroupNumbers', 'Phase2DHGroupNumbers'] as const;

/** Checks what is asked for of a tunnel and writes it as it is shown. */
function asked(input: TunnelInput): Partial<Tunnel> {
  if (input.LogOptions) throw errors.unsupportedOperation('The parameter LogOptions is not supported by Fogbank yet.');
  const inside = input.TunnelInsideCidr === undefined ? undefined : parseCidr(input.TunnelInsideCidr);
  if (input.TunnelInsideCidr !== undefined && (!inside || inside.prefix !== 30 || inside.base < INSIDE.base || inside.base > INSIDE.base + 65_535n || RESERVED.includes(input.TunnelInsideCidr))) throw errors.invalidParameterValue(`Value (${input.TunnelInsideCidr}) for parameter tunnelInsideCidr is invalid. It must be a size /30 CIDR block from the 169.254.0.0/16 range that is not reserved.`);
  if (input.PreSharedKey !== undefined && !KEY.test(input.PreSharedKey)) throw errors.invalidParameterValue('The pre-shared key must be from 8 to 64 letters, digits, periods and underscores, and must not begin with zero.');
  const range = (member: keyof TunnelInput & string, low: number, high: number) => {
    const value = input[member] as number | undefined;
    if (value !== undefined && !(value >= low && value <= high)) throw errors.invalidValue(value, member.replace(/^./, (c) => c.toLowerCase()), `A number from ${low} to ${high} is expected.`);
  };
  range('Phase1LifetimeSeconds', 900, 28_800);
  range('Phase2LifetimeSeconds', 900, 3600);
  range('RekeyFuzzPercentage', 0, 100);
  range('ReplayWindowSize', 64, 2048);
  if (input.DPDTimeoutSeconds !== undefined && input.DPDTimeoutSeconds < 30) throw errors.invalidValue(input.DPDTimeoutSeconds, 'dpdTimeoutSeconds', 'A number of 30 or more is expected.');
  return {
    ...(input.TunnelInsideCidr !== undefined && { TunnelInsideCidr: input.TunnelInsideCidr }), ...(input.PreSharedKey !== undefined && { PreSharedKey: input.PreSharedKey }),
    ...Object.fromEntries([...PLAIN, ...LISTS].filter((member) => input[member] !== undefined).map((member) => [member, input[member]])),
    ...(input.DPDTimeoutSeconds !== undefined && { DpdTimeoutSeconds: input.DPDTimeoutSeconds }), ...(input.DPDTimeoutAction !== undefined && { DpdTimeoutAction: input.DPDTimeoutAction }), ...(input.IKEVersions && { IkeVersions: input.IKEVersions as NonNullable<Tunnel['IkeVersions']> }),
  } as Partial<Tunnel>;
}

async function tunnel(ctx: Context, given: Partial<Tunnel>, taken: ReadonlySet<string>): Promise<Tunnel> {
  let inside = given.TunnelInsideCidr;
  while (inside === undefined || taken.has(inside) || (given.TunnelInsideCidr === undefined && RESERVED.includes(inside))) {
    if (given.TunnelInsideCidr !== undefined && inside !== undefined) throw errors.invalidParameterValue(`The tunnel inside CIDR ${inside} is in use.`);
    inside = `${formatAddress(4, INSIDE.base + BigInt(ctx.ids.below(16_384) * 4))}/30`;
  }
  return { OutsideIpAddress: await drawPublicIp(ctx), PreSharedKey: ctx.ids.text(KEY_ALPHABET, 32), ...given, TunnelInsideCidr: inside };
}

// ---- connections ----

async function planConnection(input: Input, ctx: Context): Promise<Partial<StoredVpnConnection>> {
  if (input.Type !== 'ipsec.1') throw errors.invalidValue(input.Type, 'type', 'Only ipsec.1 is supported.');
  for (const name of ['VpnConcentratorId', 'PreSharedKeyStorage'] as const) if (input[name] !== undefined) throw errors.unsupportedOperation(`The parameter ${name} is not supported by Fogbank yet.`);
  const { Options = {} } = input;
  for (const name of ['EnableAcceleration', 'TransportTransitGatewayAttachmentId', 'LocalIpv6NetworkCidr', 'RemoteIpv6NetworkCidr'] as const) if (Options[name]) throw errors.unsupportedOperation(`The parameter ${name} is not supported by Fogbank yet.`);
  if ((Options.TunnelInsideIpVersion ?? 'ipv4') !== 'ipv4' || (Options.OutsideIpAddressType ?? 'PublicIpv4') !== 'PublicIpv4') {
    if (input.TransitGatewayId === undefined) throw errors.invalidParameterCombination('IPv6 and private addresses are supported for VPN connections to a transit gateway only.');
    throw errors.unsupportedOperation('IPv6 within tunnels and private addresses outside of them are not supported by Fogbank yet.');
  }
  const customer = await ctx.get(customerGateways, input.CustomerGatewayId);
  if (customer.State !== 'available') throw customerGateways.notFound([input.CustomerGatewayId]);
  const { asn, ...ends } = await chosenSide(ctx, { VpnGatewayId: input.VpnGatewayId, TransitGatewayId: input.TransitGatewayId });
  const tunnels = await planTunnels(Options.TunnelOptions, ctx);
  const id = ctx.newId(vpnConnections);
  const connection: StoredVpnConnection = {
    VpnConnectionId: id, State: 'pending', Type: 'ipsec.1', Category: 'VPN', CustomerGatewayId: input.CustomerGatewayId, ...ends, GatewayAssociationState: 'associated', Routes: [],
    Options: {
      EnableAcceleration: false, StaticRoutesOnly: Options.StaticRoutesOnly ?? false, LocalIpv4NetworkCidr: block(Options.LocalIpv4NetworkCidr), RemoteIpv4NetworkCidr: block(Options.RemoteIpv4NetworkCidr), OutsideIpAddressType: 'PublicIpv4', TunnelInsideIpVersion: 'ipv4',
      TunnelOptions: tunnels,
    },
    // Nobody is at the other end.
    VgwTelemetry: tunnels.map((t) => ({ AcceptedRouteCount: 0, LastStatusChange: ctx.now, OutsideIpAddress: t.OutsideIpAddress!, Status: 'DOWN', StatusMessage: '' })),
  };
  return configured(connection, customer, { ...ends, asn });
}

const block = (cidr: string | undefined): string => {
  if (cidr !== undefined && parseCidr(cidr)?.version !== 4) throw errors.invalidValue(cidr, 'cidr', 'This is not a valid CIDR block.');
  return cidr ?? '0.0.0.0/0';
};

async function planTunnels(given: TunnelInput[] | undefined, ctx: Context): Promise<Tunnel[]> {
  if ((given?.length ?? 0) > 2) throw errors.invalidParameterValue('At most two tunnels may be configured.');
  const wishes = [asked(given?.[0] ?? {}), asked(given?.[1] ?? {})];
  const taken = new Set((await ctx.list(vpnConnections)).filter((c) => !isGone(c)).flatMap((c) => (c.Options?.TunnelOptions ?? []).map((t) => t.TunnelInsideCidr!)));
  const tunnels: Tunnel[] = [];
  for (const wish of wishes) {
    const made = await tunnel(ctx, wish, taken);
    taken.add(made.TunnelInsideCidr!);
    tunnels.push(made);
  }
  return tunnels;
}

/** The file that AWS gives to set the device of the other side up with. */
const configured = (connection: StoredVpnConnection, customer: StoredCustomerGateway, amazon: AmazonSide): StoredVpnConnection => ({ ...connection, CustomerGatewayConfiguration: deviceConfiguration(connection, customer, amazon) });

async function reconfigured(ctx: Context, connection: StoredVpnConnection): Promise<StoredVpnConnection> {
  const fresh = configured(connection, await ctx.get(customerGateways, connection.CustomerGatewayId!), await sideOf(ctx, connection));
  return ctx.save(vpnConnections, fresh);
}

function tunnelAt(connection: StoredVpnConnection, outside: string): Tunnel {
  const found = connection.Options!.TunnelOptions!.find((t) => t.OutsideIpAddress === outside);
  if (!found) throw errors.invalidValue(outside, 'vpnTunnelOutsideIpAddress', `The VPN connection ${connection.VpnConnectionId} has no such tunnel.`);
  return found;
}

export const vpnConnectionOperations = {
  CreateVpnConnection: creates(vpnConnections, planConnection, (connection, _input, ctx) => attachTo(connection, ctx)),
  DescribeVpnConnections: describes(vpnConnections, { ids: 'VpnConnectionIds' }),
  ModifyVpnConnectionOptions: async (input, ctx) => {
    const connection = await live(ctx, input.VpnConnectionId);
    for (const name of ['LocalIpv6NetworkCidr', 'RemoteIpv6NetworkCidr', 'TunnelBandwidth'] as const) if (input[name] !== undefined) throw errors.unsupportedOperation(`The parameter ${name} is not supported by Fogbank yet.`);
    for (const member of ['LocalIpv4NetworkCidr', 'RemoteIpv4NetworkCidr'] as const) if (input[member] !== undefined) connection.Options![member] = block(input[member]);
    return { VpnConnection: await reconfigured(ctx, connection) };
  },
  ModifyVpnTunnelOptions: async (input, ctx) => {
    if (input.PreSharedKeyStorage !== undefined) throw errors.unsupportedOperation('The parameter PreSharedKeyStorage is not supported by Fogbank yet.');
    const connection = await live(ctx, input.VpnConnectionId);
    Object.assign(tunnelAt(connection, input.VpnTunnelOutsideIpAddress), asked(input.TunnelOptions));
    return { VpnConnection: await reconfigured(ctx, connection) };
  },
  CreateVpnConnectionRoute: async (input, ctx) => {
    const connection = await live(ctx, input.VpnConnectionId);
    // "…between an existing virtual private gateway and a VPN customer gateway." https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpnConnectionRoute.html assumed: code and text.
    if (connection.TransitGatewayId !== undefined) throw errors.unsupportedOperation(`The VPN connection ${input.VpnConnectionId} is attached to a transit gateway, whose route tables hold its static routes.`);
    if (!connection.Options!.StaticRoutesOnly) throw errors.unsupportedOperation(`The VPN connection ${input.VpnConnectionId} does not use static routes.`);
    if (parseCidr(input.DestinationCidrBlock)?.version !== 4) throw errors.notADestination(input.DestinationCidrBlock);
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
    await detachFrom(connection, ctx);
    if (connection.VpnGatewayId !== undefined) await propagate(ctx, connection.VpnGatewayId);
    return {};
  },
} satisfies Handlers<Ec2Operations>;
