import type { Context } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { ready } from '../transit-gateways/lifecycles.ts';
import { attachResource, detachResource } from '../transit-gateways/resource-attachments.ts';
import { transitGateways } from '../transit-gateways/transit-gateways.ts';
import { vpnConcentrators } from './concentrators.ts';
import { propagate } from './route-propagation.ts';
import { insideOf } from './tunnels.ts';
import { isGone, vpnConnections, type StoredVpnConnection } from './vpn-connections.ts';
import { liveGateway, vpnGateways } from './vpn-gateways.ts';

const MEMBERS = ['VpnGatewayId', 'TransitGatewayId', 'VpnConcentratorId'] as const;
type Named = Partial<Record<(typeof MEMBERS)[number], string | undefined>>;

/** Where a connection ends on AWS's side. */
export interface Target {
  readonly member: (typeof MEMBERS)[number] | undefined;
  readonly id: string;
  readonly asn: number;
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpnGateway.html */
const DEFAULT_ASN = 64_512;

async function asnOf(ctx: Context, member: Target['member'], id: string): Promise<number> {
  if (member === undefined) return DEFAULT_ASN;
  if (member === 'VpnGatewayId') return (await ctx.get(vpnGateways, id)).AmazonSideAsn!;
  const gatewayId = member === 'TransitGatewayId' ? id : (await ctx.get(vpnConcentrators, id)).TransitGatewayId!;
  return (await ctx.get(transitGateways, gatewayId)).Options!.AmazonSideAsn!;
}

/** Where a connection ends now. */
export async function targetOf(ctx: Context, named: Named): Promise<Target> {
  const member = MEMBERS.find((m) => named[m] !== undefined);
  const id = member === undefined ? '' : named[member]!;
  return { member, id, asn: await asnOf(ctx, member, id) };
}

/** Where one is to end: at most one gateway, which is there. A connection that has none yet is one for Cloud WAN. https://docs.aws.amazon.com/vpn/latest/s2svpn/create-cwan-vpn-attachment.html */
export async function wantedTarget(ctx: Context, named: Named): Promise<Target> {
  if (MEMBERS.filter((member) => named[member] !== undefined).length > 1) throw errors.invalidParameterCombination(`Only one of ${MEMBERS.join(', ')} may be specified`);
  if (named.VpnGatewayId !== undefined) await liveGateway(ctx, named.VpnGatewayId);
  if (named.TransitGatewayId !== undefined) await ready(ctx, transitGateways, named.TransitGatewayId);
  if (named.VpnConcentratorId !== undefined) await ready(ctx, vpnConcentrators, named.VpnConcentratorId);
  return targetOf(ctx, named);
}

/** Inside addresses of the other connections of a gateway. */
export async function takenAt(ctx: Context, { member, id }: Target, except?: string): Promise<Set<string>> {
  if (member === undefined) return new Set();
  const others = (await ctx.list(vpnConnections, { member, value: id })).filter((c) => !isGone(c) && c.VpnConnectionId !== except);
  return new Set(others.flatMap((c) => (c.Options?.TunnelOptions ?? []).flatMap(insideOf)));
}

/** A transit gateway has an attachment for each connection, a concentrator one for all of its own; a virtual private gateway propagates. */
export async function joinTarget(ctx: Context, connection: StoredVpnConnection): Promise<void> {
  if (connection.TransitGatewayId !== undefined) await attachResource(ctx, await ready(ctx, transitGateways, connection.TransitGatewayId), 'vpn', connection.VpnConnectionId!);
  if (connection.VpnGatewayId !== undefined) await propagate(ctx, connection.VpnGatewayId);
}

/** What ends with a connection, or with its move; `gatewayId` is the virtual private gateway that it had. */
export async function leaveTarget(ctx: Context, connectionId: string, gatewayId: string | undefined): Promise<void> {
  await detachResource(ctx, connectionId);
  if (gatewayId !== undefined) await propagate(ctx, gatewayId);
}
