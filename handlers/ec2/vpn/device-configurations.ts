import { formatAddress, parseCidr } from '../vpcs/cidr.ts';
import type { AmazonSide } from './amazon-sides.ts';
import type { StoredCustomerGateway } from './customer-gateways.ts';
import type { StoredVpnConnection, Tunnel } from './vpn-connections.ts';

/** Text between tags. */
const escaped = (text: string): string => text.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c]!);
const element = (name: string, content: string | readonly string[]): string => `<${name}>${typeof content === 'string' ? escaped(content) : content.join('')}</${name}>`;

/**
 * The XML in which AWS describes a connection to the device at its other end; Terraform reads tunnel addresses and keys
 * out of it, in the order of the outside addresses. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnConnection.html
 */
export function deviceConfiguration(connection: StoredVpnConnection, customer: StoredCustomerGateway, amazon: AmazonSide): string {
  // assumed: the element that names a transit gateway.
  const gateway = amazon.TransitGatewayId === undefined ? element('vpn_gateway_id', amazon.VpnGatewayId!) : element('transit_gateway_id', amazon.TransitGatewayId);
  return `<?xml version="1.0" encoding="UTF-8"?>${element(`vpn_connection`, [
    element('customer_gateway_id', customer.CustomerGatewayId!), gateway, element('vpn_connection_type', 'ipsec.1'),
    ...connection.Options!.TunnelOptions!.map((tunnel) => ipsecTunnel(tunnel, customer, amazon.asn)),
  ]).replace('<vpn_connection>', `<vpn_connection id="${connection.VpnConnectionId}">`)}`;
}

function ipsecTunnel(tunnel: Tunnel, customer: StoredCustomerGateway, asn: number): string {
  const { base } = parseCidr(tunnel.TunnelInsideCidr!)!;
  const side = (name: string, outside: string, inside: bigint, theirs: string): string => element(name, [
    element('tunnel_outside_address', [element('ip_address', outside)]),
    element('tunnel_inside_address', [element('ip_address', formatAddress(4, inside)), element('network_mask', '255.255.255.252'), element('network_cidr', '30')]),
    element('bgp', [element('asn', theirs), element('hold_time', '30')]),
  ]);
  return element('ipsec_tunnel', [
    side('customer_gateway', customer.IpAddress ?? '', base + 2n, customer.BgpAsn ?? customer.BgpAsnExtended ?? ''),
    side('vpn_gateway', tunnel.OutsideIpAddress!, base + 1n, String(asn)),
    element('ike', [element('authentication_protocol', 'sha1'), element('encryption_protocol', 'aes-128-cbc'), element('lifetime', String(tunnel.Phase1LifetimeSeconds ?? 28_800)), element('perfect_forward_secrecy', 'group2'), element('mode', 'main'), element('pre_shared_key', tunnel.PreSharedKey!)]),
    element('ipsec', [
      element('protocol', 'esp'), element('authentication_protocol', 'hmac-sha1-96'), element('encryption_protocol', 'aes-128-cbc'), element('lifetime', String(tunnel.Phase2LifetimeSeconds ?? 3600)), element('perfect_forward_secrecy', 'group2'), element('mode', 'tunnel'),
      element('clear_df_bit', 'true'), element('fragmentation_before_encryption', 'true'), element('tcp_mss_adjustment', '1379'), element('dead_peer_detection', [element('interval', '10'), element('retries', '3')]),
    ]),
  ]);
}
