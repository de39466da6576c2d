import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { KeyValue } from '../../../src/iam/index.ts';
import type { Tunnel, TunnelInput } from './tunnels.ts';
import type { StoredVpnConnection } from './vpn-connections.ts';

type Input = Partial<Ec2Operations['CreateVpnConnection']['input']>;
type KeyValues = Record<string, KeyValue>;

/** What the keys call what tunnels call otherwise. */
const NUMBERS = { Phase1LifetimeSeconds: 'Phase1LifetimeSeconds', Phase2LifetimeSeconds: 'Phase2LifetimeSeconds', RekeyFuzzPercentage: 'RekeyFuzzPercentage', RekeyMarginTimeSeconds: 'RekeyMarginTimeSeconds', ReplayWindowSize: 'ReplayWindowSizePackets', TunnelInsideCidr: 'InsideTunnelCidr', TunnelInsideIpv6Cidr: 'InsideTunnelIpv6Cidr' } as const;
const LISTS = { Phase1DHGroupNumbers: 'Phase1DHGroup', Phase2DHGroupNumbers: 'Phase2DHGroup', Phase1EncryptionAlgorithms: 'Phase1EncryptionAlgorithms', Phase2EncryptionAlgorithms: 'Phase2EncryptionAlgorithms', Phase1IntegrityAlgorithms: 'Phase1IntegrityAlgorithms', Phase2IntegrityAlgorithms: 'Phase2IntegrityAlgorithms' } as const;

type Either = Partial<Omit<Tunnel & TunnelInput, 'DPDTimeoutSeconds' | 'IKEVersions'>> & Pick<TunnelInput, 'DPDTimeoutSeconds' | 'IKEVersions'>;

/** What the tunnels of a connection are like; a value of either one counts. https://docs.aws.amazon.com/vpn/latest/s2svpn/security_iam_service-with-iam.html */
function tunnelKeys(tunnels: readonly Either[]): KeyValues {
  const all = (read: (tunnel: Either) => readonly (string | number | undefined)[]): KeyValue => {
    const values = tunnels.flatMap(read).filter((value) => value !== undefined).map(String);
    return values.length === 0 ? undefined : [...new Set(values)];
  };
  const keys: KeyValues = {
    'ec2:DPDTimeoutSeconds': all((t) => [t.DpdTimeoutSeconds ?? t.DPDTimeoutSeconds]), 'ec2:IKEVersions': all((t) => (t.IkeVersions ?? t.IKEVersions ?? []).map((v) => v.Value)),
  };
  for (const [member, key] of Object.entries(NUMBERS)) keys[`ec2:${key}`] = all((t) => [t[member as keyof typeof NUMBERS]]);
  for (const [member, key] of Object.entries(LISTS)) keys[`ec2:${key}`] = all((t) => (t[member as keyof typeof LISTS] ?? []).map((v) => v.Value));
  return keys;
}

/** "Pre-shared keys, certificates", "VGW, TGW", "Static routes, BGP": as the table of keys has them. */
const keysOf = (at: { VpnGatewayId?: string | undefined }, certified: boolean | undefined, fixed: boolean | undefined, tunnels: readonly Either[]): KeyValues => ({
  ...tunnelKeys(tunnels), 'ec2:GatewayType': at.VpnGatewayId === undefined ? 'TGW' : 'VGW', 'ec2:RoutingType': fixed ? 'Static routes' : 'BGP',
  'ec2:AuthenticationType': certified === undefined ? undefined : certified ? 'certificates' : 'Pre-shared keys',
});

export const connectionKeys = (c: StoredVpnConnection): KeyValues => keysOf(c, c.VgwTelemetry?.some((t) => t.CertificateArn !== undefined), c.Options?.StaticRoutesOnly, c.Options?.TunnelOptions ?? []);

/** Of one that is to be made. assumed: how its ends know each other is not asked before. */
export const wishedConnectionKeys = (input: Input): KeyValues => keysOf(input, undefined, input.Options?.StaticRoutesOnly, (input.Options?.TunnelOptions ?? []) as readonly Either[]);
