import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Context, Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { joinTarget, leaveTarget, takenAt, wantedTarget, type Target } from './connection-targets.ts';
import { checkFree, insideOf } from './tunnels.ts';
import { available, block, changed, checkForGateway, liveCustomer, vpnConnections, type StoredVpnConnection } from './vpn-connections.ts';

/** What must hold before a connection moves. https://docs.aws.amazon.com/vpn/latest/s2svpn/modify-vpn-target.html */
async function checkMove(ctx: Context, connection: StoredVpnConnection, target: Target): Promise<void> {
  const id = connection.VpnConnectionId!;
  // assumed: the codes and the words of these refusals.
  if (connection.VpnConcentratorId !== undefined) throw general.unsupportedOperation(`The target gateway of the VPN connection ${id} cannot be modified.`);
  if (target.member === 'VpnGatewayId') checkForGateway(connection.Options!);
  // "You must delete the static routes before you migrate to the new gateway."
  if (target.member === 'TransitGatewayId' && connection.Routes!.length > 0) throw general.incorrectState(`The VPN connection ${id} has static routes.`);
  checkFree(connection.Options!.TunnelOptions!.flatMap(insideOf), await takenAt(ctx, target, id));
}

async function move(ctx: Context, connection: StoredVpnConnection, target: Target): Promise<void> {
  const before = connection.VpnGatewayId;
  delete connection.VpnGatewayId;
  delete connection.TransitGatewayId;
  Object.assign(connection, { [target.member!]: target.id, GatewayAssociationState: 'associating' });
  await ctx.save(vpnConnections, connection);
  await leaveTarget(ctx, connection.VpnConnectionId!, before);
  await joinTarget(ctx, connection);
}

/** "Modifies the customer gateway or the target gateway." https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpnConnection.html */
async function modify(input: Ec2Operations['ModifyVpnConnection']['input'], ctx: Context): Promise<{ VpnConnection: StoredVpnConnection }> {
  const connection = await available(ctx, input.VpnConnectionId);
  const target = await wantedTarget(ctx, { VpnGatewayId: input.VpnGatewayId, TransitGatewayId: input.TransitGatewayId });
  if (target.member === undefined && input.CustomerGatewayId === undefined) throw general.missingParameter('customerGatewayId, vpnGatewayId or transitGatewayId');
  if (input.CustomerGatewayId !== undefined) {
    const customer = await liveCustomer(ctx, input.CustomerGatewayId);
    const before = await liveCustomer(ctx, connection.CustomerGatewayId!);
    // assumed: a certificate and a shared key do not replace each other.
    if ((customer.CertificateArn === undefined) !== (before.CertificateArn === undefined)) throw general.invalidParameterCombination('The customer gateways must use the same kind of authentication');
    connection.CustomerGatewayId = input.CustomerGatewayId;
  }
  if (target.member !== undefined && connection[target.member] !== target.id) {
    await checkMove(ctx, connection, target);
    await move(ctx, connection, target);
  }
  return changed(ctx, connection);
}

const NETWORKS = [['LocalIpv4NetworkCidr', 4], ['RemoteIpv4NetworkCidr', 4], ['LocalIpv6NetworkCidr', 6], ['RemoteIpv6NetworkCidr', 6]] as const;

export const connectionChangeOperations = {
  ModifyVpnConnection: modify,
  /** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpnConnectionOptions.html */
  ModifyVpnConnectionOptions: async (input, ctx) => {
    const connection = await available(ctx, input.VpnConnectionId);
    const options = connection.Options!;
    for (const [member, version] of NETWORKS) {
      const given = input[member];
      if (given === undefined) continue;
      if (options.TunnelInsideIpVersion !== `ipv${version}`) throw general.invalidParameterCombination(`The network CIDR blocks must be of the tunnel inside IP version ${options.TunnelInsideIpVersion}`);
      options[member] = block(given, version, member.replace(/^./, (c) => c.toLowerCase()));
    }
    if (input.TunnelBandwidth !== undefined) options.TunnelBandwidth = input.TunnelBandwidth;
    if (connection.VpnGatewayId !== undefined) checkForGateway(options);
    return changed(ctx, connection);
  },
} satisfies Handlers<Ec2Operations>;
