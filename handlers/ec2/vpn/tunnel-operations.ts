import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Context, Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { takenAt, targetOf } from './connection-targets.ts';
import { asked, checkFree, insideOf, type Tunnel } from './tunnels.ts';
import { available, changed, checkStorage, live, liveCustomer, MODIFYING, tunnelCertificate, vpnConnections, type StoredVpnConnection } from './vpn-connections.ts';

function tunnelAt(connection: StoredVpnConnection, outside: string): Tunnel {
  const found = connection.Options!.TunnelOptions!.find((t) => t.OutsideIpAddress === outside);
  if (!found) throw general.invalidValue(outside, 'vpnTunnelOutsideIpAddress', `The VPN connection ${connection.VpnConnectionId} has no such tunnel.`);
  return found;
}

const telemetryAt = (connection: StoredVpnConnection, outside: string) => connection.VgwTelemetry!.find((t) => t.OutsideIpAddress === outside)!;

/** Another endpoint takes the place of AWS's end, with the same address. https://docs.aws.amazon.com/vpn/latest/s2svpn/endpoint-replacements.html */
function replaceEndpoint(connection: StoredVpnConnection, outside: string, ctx: Context): void {
  telemetryAt(connection, outside).LastStatusChange = ctx.wholeSecond;
  connection.$ = { ...connection.$, replaced: { ...connection.$?.replaced, [outside]: ctx.now } };
}

async function modifyOptions(input: Ec2Operations['ModifyVpnTunnelOptions']['input'], ctx: Context): Promise<{ VpnConnection: StoredVpnConnection }> {
  const connection = await available(ctx, input.VpnConnectionId);
  checkStorage(input.PreSharedKeyStorage);
  const outside = input.VpnTunnelOutsideIpAddress;
  const tunnel = tunnelAt(connection, outside);
  const wish = asked(input.TunnelOptions, tunnel);
  const controlled = wish.EnableTunnelLifecycleControl;
  const turned = controlled !== undefined && controlled !== (tunnel.EnableTunnelLifecycleControl ?? false);
  // "This is only applicable when turning on or off EnableTunnelLifecycleControl." assumed: the words.
  if (input.SkipTunnelReplacement && !turned) throw general.invalidParameterCombination('The parameter SkipTunnelReplacement requires a change of EnableTunnelLifecycleControl');
  if (wish.PreSharedKey !== undefined && (await liveCustomer(ctx, connection.CustomerGatewayId!)).CertificateArn !== undefined) throw general.invalidParameterCombination('A pre-shared key cannot be used with a customer gateway that has a certificate');
  if (wish.TunnelInsideIpv6Cidr !== undefined && connection.Options!.TunnelInsideIpVersion !== 'ipv6') throw general.invalidParameterCombination('The parameter TunnelInsideIpv6Cidr requires the tunnel inside IP version ipv6');
  const others = connection.Options!.TunnelOptions!.filter((t) => t !== tunnel).flatMap(insideOf);
  checkFree(insideOf(wish), new Set([...others, ...(await takenAt(ctx, await targetOf(ctx, connection), input.VpnConnectionId))]));
  Object.assign(tunnel, wish);
  if (!input.SkipTunnelReplacement) replaceEndpoint(connection, outside, ctx);
  return changed(ctx, connection);
}

export const tunnelOperations = {
  /** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpnTunnelOptions.html */
  ModifyVpnTunnelOptions: modifyOptions,
  /** A tunnel to a device that has a certificate has one itself, which is rotated. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpnTunnelCertificate.html */
  ModifyVpnTunnelCertificate: async (input, ctx) => {
    const connection = await available(ctx, input.VpnConnectionId);
    const outside = input.VpnTunnelOutsideIpAddress;
    tunnelAt(connection, outside);
    // assumed: the code and the words for a tunnel with a shared key.
    if (telemetryAt(connection, outside).CertificateArn === undefined) throw general.unsupportedOperation(`The VPN connection ${input.VpnConnectionId} does not use certificate authentication.`);
    telemetryAt(connection, outside).CertificateArn = tunnelCertificate(ctx);
    replaceEndpoint(connection, outside, ctx);
    return { VpnConnection: await ctx.transition(vpnConnections, connection, MODIFYING) };
  },
  /** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReplaceVpnTunnel.html */
  ReplaceVpnTunnel: async (input, ctx) => {
    const connection = await available(ctx, input.VpnConnectionId);
    const outside = input.VpnTunnelOutsideIpAddress;
    tunnelAt(connection, outside);
    // assumed: the code and the words where nothing is pending, as nothing ever is here.
    if (input.ApplyPendingMaintenance) throw general.incorrectState(`The tunnel ${outside} of the VPN connection ${input.VpnConnectionId} has no pending maintenance.`);
    replaceEndpoint(connection, outside, ctx);
    await ctx.transition(vpnConnections, connection, MODIFYING);
    return { Return: true };
  },
  /** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetVpnTunnelReplacementStatus.html */
  GetVpnTunnelReplacementStatus: async (input, ctx) => {
    const connection = await live(ctx, input.VpnConnectionId);
    const outside = input.VpnTunnelOutsideIpAddress;
    tunnelAt(connection, outside);
    const { VpnConnectionId, TransitGatewayId, CustomerGatewayId, VpnGatewayId } = connection;
    const replaced = connection.$?.replaced?.[outside];
    // assumed: how "no pending maintenance" is said; a replacement counts as maintenance that was applied.
    return { VpnConnectionId, TransitGatewayId, CustomerGatewayId, VpnGatewayId, VpnTunnelOutsideIpAddress: outside, MaintenanceDetails: { PendingMaintenance: 'None', ...(replaced !== undefined && { LastMaintenanceApplied: replaced }) } };
  },
  /** Nobody is at the other end: nothing was agreed on. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetActiveVpnTunnelStatus.html */
  GetActiveVpnTunnelStatus: async (input, ctx) => {
    const connection = await live(ctx, input.VpnConnectionId);
    tunnelAt(connection, input.VpnTunnelOutsideIpAddress);
    return { ActiveVpnTunnelStatus: { ProvisioningStatus: connection.State === 'available' ? 'available' : 'pending' } };
  },
} satisfies Handlers<Ec2Operations>;
