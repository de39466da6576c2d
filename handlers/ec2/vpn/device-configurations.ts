import { formatAddress, parseCidr } from '../vpcs/cidr.ts';
import type { Target } from './connection-targets.ts';
import type { StoredCustomerGateway } from './customer-gateways.ts';
import type { Tunnel } from './tunnels.ts';
import type { StoredVpnConnection } from './vpn-connections.ts';

/** Text between tags. */
const escaped = (text: string): string => text.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c]!);
const element = (name: string, content: string | readonly string[]): string => `<${name}>${typeof content === 'string' ? escaped(content) : content.join('')}</${name}>`;

/**
 * The XML in which AWS describes a connection to the device at its other end; Terraform reads tunnel addresses and keys
 * out of it, in the order of the outside addresses. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnConnection.html
 */
export function deviceConfiguration(connection: StoredVpnConnection, customer: StoredCustomerGateway, target: Target): string {
  // assumed: only a virtual private gateway is named; the other ends have an empty place.
  return `<?xml version="1.0" encoding="UTF-8"?>${element(`vpn_connection`, [
    element('customer_gateway_id', customer.CustomerGatewayId!), element('vpn_gateway_id', connection.VpnGatewayId ?? ''), element('vpn_connection_type', 'ipsec.1'),
    ...connection.Options!.TunnelOptions!.map((tunnel) => ipsecTunnel(tunnel, customer, target)),
  ]).replace('<vpn_connection>', `<vpn_connection id="${connection.VpnConnectionId}">`)}`;
}

/** The addresses within a tunnel: AWS's is the first, the device's the second. */
export function insideAddresses(tunnel: Tunnel): { readonly aws: string; readonly device: string; readonly mask: string; readonly prefix: number } {
  const { version, base, prefix } = parseCidr(tunnel.TunnelInsideIpv6Cidr ?? tunnel.TunnelInsideCidr!)!;
  const mask = version === 4 ? '255.255.255.252' : 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffc';
  return { aws: formatAddress(version, base + 1n), device: formatAddress(version, base + 2n), mask, prefix };
}

export const asnOf = (customer: StoredCustomerGateway): string => customer.BgpAsn ?? customer.BgpAsnExtended ?? '';

function ipsecTunnel(tunnel: Tunnel, customer: StoredCustomerGateway, target: Target): string {
  const inside = insideAddresses(tunnel);
  const side = (name: string, outside: string, address: string, asn: string): string => element(name, [
    element('tunnel_outside_address', [element('ip_address', outside)]),
    element('tunnel_inside_address', [element('ip_address', address), element('network_mask', inside.mask), element('network_cidr', String(inside.prefix))]),
    element('bgp', [element('asn', asn), element('hold_time', '30')]),
  ]);
  return element('ipsec_tunnel', [
    side('customer_gateway', customer.IpAddress ?? '', inside.device, asnOf(customer)),
    side('vpn_gateway', tunnel.OutsideIpAddress!, inside.aws, String(target.asn)),
    element('ike', [element('authentication_protocol', 'sha1'), element('encryption_protocol', 'aes-128-cbc'), element('lifetime', String(tunnel.Phase1LifetimeSeconds ?? 28_800)), element('perfect_forward_secrecy', 'group2'), element('mode', 'main'), element('pre_shared_key', tunnel.PreSharedKey ?? '')]),
    element('ipsec', [
      element('protocol', 'esp'), element('authentication_protocol', 'hmac-sha1-96'), element('encryption_protocol', 'aes-128-cbc'), element('lifetime', String(tunnel.Phase2LifetimeSeconds ?? 3600)), element('perfect_forward_secrecy', 'group2'), element('mode', 'tunnel'),
      element('clear_df_bit', 'true'), element('fragmentation_before_encryption', 'true'), element('tcp_mss_adjustment', '1379'), element('dead_peer_detection', [element('interval', '10'), element('retries', '3')]),
    ]),
  ]);
}
