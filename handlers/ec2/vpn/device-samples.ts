import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { pageOf, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { targetOf, type Target } from './connection-targets.ts';
import type { StoredCustomerGateway } from './customer-gateways.ts';
import { asnOf, insideAddresses } from './device-configurations.ts';
import * as errors from './errors.ts';
import type { Tunnel } from './tunnels.ts';
import { live, liveCustomer, type StoredVpnConnection } from './vpn-connections.ts';

/** What a sample says of one tunnel. */
interface Proposal {
  readonly number: number;
  readonly tunnel: Tunnel;
  readonly ike: 'ikev1' | 'ikev2';
  readonly phase1: string;
  readonly phase2: string;
}

interface Sample {
  readonly connection: StoredVpnConnection;
  readonly customer: StoredCustomerGateway;
  readonly target: Target;
  readonly proposals: readonly Proposal[];
}

// ---- what both ends agree on ----

/** "The sample configuration specifies the minimum requirements"; the recommended one asks for more. https://docs.aws.amazon.com/vpn/latest/s2svpn/cgw-static-routing-examples.html */
const ALGORITHMS = { compatibility: ['AES128', 'SHA1', 2], recommended: ['AES256', 'SHA2-256', 14] } as const;
type SampleType = keyof typeof ALGORITHMS;

const chosen = <T extends { Value?: string | number }>(allowed: readonly T[] | undefined, wanted: string | number): string => {
  const values = (allowed ?? []).map((a) => a.Value!);
  return String(values.length === 0 || values.includes(wanted) ? wanted : values[0]);
};

function proposal(tunnel: Tunnel, number: number, type: SampleType, ike: Proposal['ike']): Proposal {
  const [encryption, integrity, group] = ALGORITHMS[type];
  const phase = (n: 1 | 2) => [chosen(tunnel[`Phase${n}EncryptionAlgorithms`], encryption), chosen(tunnel[`Phase${n}IntegrityAlgorithms`], integrity), `group ${chosen(tunnel[`Phase${n}DHGroupNumbers`], group)}`].join(', ');
  return { number, tunnel, ike, phase1: phase(1), phase2: phase(2) };
}

// ---- how devices are told ----

const authentication = (tunnel: Tunnel): string => (tunnel.PreSharedKey === undefined ? 'certificate' : `pre-shared key ${tunnel.PreSharedKey}`);

function generic({ connection, customer, target, proposals }: Sample): string {
  const routing = connection.Options!.StaticRoutesOnly ? 'static routes' : `BGP, customer gateway ASN ${asnOf(customer)}, Amazon side ASN ${target.asn}`;
  return [
    `VPN connection: ${connection.VpnConnectionId}`, `Target gateway: ${target.id || 'none'}`, `Customer gateway: ${connection.CustomerGatewayId}`, `Routing: ${routing}`,
    ...proposals.flatMap(({ number, tunnel, ike, phase1, phase2 }) => {
      const inside = insideAddresses(tunnel);
      return [
        '', `IPSec tunnel ${number}`, `  IKE: ${ike}, ${phase1}, lifetime ${tunnel.Phase1LifetimeSeconds ?? 28_800} seconds, ${authentication(tunnel)}`, `  IPSec: ESP, ${phase2}, lifetime ${tunnel.Phase2LifetimeSeconds ?? 3600} seconds, tunnel mode`,
        `  Dead peer detection: timeout ${tunnel.DpdTimeoutSeconds ?? 30} seconds, ${tunnel.DpdTimeoutAction ?? 'clear'}`,
        `  Outside addresses: customer gateway ${customer.IpAddress ?? 'any'}, target gateway ${tunnel.OutsideIpAddress}`, `  Inside addresses: customer gateway ${inside.device}/${inside.prefix}, target gateway ${inside.aws}/${inside.prefix}`,
        ...(connection.Options!.StaticRoutesOnly ? [`  Static route: next hop ${inside.aws}`] : [`  BGP neighbor: ${inside.aws}, hold time 30 seconds`]),
      ];
    }), '',
  ].join('\n');
}

/** `AES128, SHA2-256, group 14` as strongSwan spells it. */
function suite(proposed: string): string {
  const [encryption, integrity, group] = proposed.split(', ') as [string, string, string];
  const groups: Readonly<Record<string, string>> = { 2: 'modp1024', 5: 'modp1536', 14: 'modp2048', 15: 'modp3072', 16: 'modp4096', 17: 'modp6144', 18: 'modp8192', 19: 'ecp256', 20: 'ecp384', 21: 'ecp521', 22: 'modp1024s160', 23: 'modp2048s224', 24: 'modp2048s256' };
  return [encryption.toLowerCase().replaceAll('-', ''), integrity.toLowerCase().replace('sha2-', 'sha'), groups[group.slice('group '.length)]].join('-');
}

function strongSwan({ connection, customer, proposals }: Sample): string {
  const { LocalIpv4NetworkCidr, LocalIpv6NetworkCidr, RemoteIpv4NetworkCidr, RemoteIpv6NetworkCidr } = connection.Options!;
  return [
    '# /etc/ipsec.conf',
    ...proposals.flatMap(({ number, tunnel, ike, phase1, phase2 }) => [
      `conn Tunnel${number}`, '\tauto=start', '\tleft=%defaultroute', `\tleftid=${customer.IpAddress ?? '%any'}`, `\tright=${tunnel.OutsideIpAddress}`, '\ttype=tunnel', `\tleftauth=${tunnel.PreSharedKey === undefined ? 'pubkey' : 'psk'}`, `\trightauth=${tunnel.PreSharedKey === undefined ? 'pubkey' : 'psk'}`,
      `\tkeyexchange=${ike}`, `\tike=${suite(phase1)}`, `\tikelifetime=${tunnel.Phase1LifetimeSeconds ?? 28_800}s`, `\tesp=${suite(phase2)}`, `\tlifetime=${tunnel.Phase2LifetimeSeconds ?? 3600}s`, '\tkeyingtries=%forever',
      `\tleftsubnet=${LocalIpv4NetworkCidr ?? LocalIpv6NetworkCidr}`, `\trightsubnet=${RemoteIpv4NetworkCidr ?? RemoteIpv6NetworkCidr}`, '\tdpddelay=10s', `\tdpdtimeout=${tunnel.DpdTimeoutSeconds ?? 30}s`, `\tdpdaction=${tunnel.DpdTimeoutAction ?? 'restart'}`, `\tmark=${number}00`, '',
    ]),
    '# /etc/ipsec.secrets', ...proposals.filter(({ tunnel }) => tunnel.PreSharedKey !== undefined).map(({ tunnel }) => `${customer.IpAddress ?? '%any'} ${tunnel.OutsideIpAddress} : PSK "${tunnel.PreSharedKey}"`), '',
  ].join('\n');
}

/** The devices for which there is a sample here. https://docs.aws.amazon.com/vpn/latest/s2svpn/your-cgw.html */
// assumed: the ids; AWS has samples for some sixty devices more.
const DEVICES = [
  { type: { VpnConnectionDeviceTypeId: '9005b6c1', Vendor: 'Generic', Platform: 'Generic', Software: 'Vendor Agnostic' }, write: generic },
  { type: { VpnConnectionDeviceTypeId: '5a7c2e94', Vendor: 'Strongswan', Platform: 'Ubuntu 16.04', Software: 'Strongswan 5.5.1+' }, write: strongSwan },
];

export const deviceSampleOperations = {
  GetVpnConnectionDeviceTypes: async (input) => {
    const { items, next } = pageOf(DEVICES.map((d) => d.type), input);
    return { VpnConnectionDeviceTypes: items, ...next };
  },
  /** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetVpnConnectionDeviceSampleConfiguration.html */
  GetVpnConnectionDeviceSampleConfiguration: async (input, ctx) => {
    const connection = await live(ctx, input.VpnConnectionId);
    const device = DEVICES.find((d) => d.type.VpnConnectionDeviceTypeId === input.VpnConnectionDeviceTypeId);
    if (!device) throw errors.deviceTypeNotFound(input.VpnConnectionDeviceTypeId);
    const type = (input.SampleType ?? 'compatibility') as SampleType;
    if (!Object.hasOwn(ALGORITHMS, type)) throw general.invalidValue(type, 'sampleType', 'Valid values: compatibility, recommended');
    const ike = (input.InternetKeyExchangeVersion ?? (type === 'recommended' ? 'ikev2' : 'ikev1')) as Proposal['ike'];
    if (!['ikev1', 'ikev2'].includes(ike)) throw general.invalidValue(ike, 'internetKeyExchangeVersion', 'Valid values: ikev1, ikev2');
    if (type === 'recommended' && ike === 'ikev1') throw general.unsupportedOperation('The sample type recommended does not support ikev1.');
    const proposals = connection.Options!.TunnelOptions!.map((tunnel, i) => proposal(tunnel, i + 1, type, ike));
    const customer = await liveCustomer(ctx, connection.CustomerGatewayId!);
    return { VpnConnectionDeviceSampleConfiguration: device.write({ connection, customer, target: await targetOf(ctx, connection), proposals }) };
  },
} satisfies Handlers<Ec2Operations>;
