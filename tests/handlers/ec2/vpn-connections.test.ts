import { XMLParser } from 'fast-xml-parser';
import { beforeAll, describe, expect, it } from 'vitest';
import { call } from '../../laws/samples/index.ts';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

let fb: Fogbank;
let TransitGatewayId: string;
let CustomerGatewayId: string;
const go = (operation: string, input: Record<string, unknown> = {}) => call(fb, operation, input);
const refused = (operation: string, input: Record<string, unknown> = {}) => refusal(go(operation, input));

const gateway = async (asn = 64_512) => (await go('CreateVpnGateway', { Type: 'ipsec.1', AmazonSideAsn: asn })).VpnGateway.VpnGatewayId as string;
const customer = async (over: Record<string, unknown> = {}) => (await go('CreateCustomerGateway', { Type: 'ipsec.1', BgpAsn: 65001, IpAddress: '198.51.100.7', ...over })).CustomerGateway.CustomerGatewayId as string;
const connect = async (over: Record<string, unknown>) => (await go('CreateVpnConnection', { Type: 'ipsec.1', CustomerGatewayId, ...over })).VpnConnection;
const shown = async (VpnConnectionId: string) => (await go('DescribeVpnConnections', { VpnConnectionIds: [VpnConnectionId] })).VpnConnections[0];
const attachments = async (id: string) => (await go('DescribeTransitGatewayAttachments', { Filters: [{ Name: 'resource-id', Values: [id] }] })).TransitGatewayAttachments;
const ends = (configuration: string) => new XMLParser().parse(configuration).vpn_connection;

beforeAll(async () => {
  fb = await fogbank();
  TransitGatewayId = (await go('CreateTransitGateway', { Options: { AmazonSideAsn: 64_600 } })).TransitGateway.TransitGatewayId;
  CustomerGatewayId = await customer();
});

describe('connections to a transit gateway', () => {
  it('come with an attachment, and go with it', async () => {
    const { VpnConnectionId, ...made } = await connect({ TransitGatewayId, Options: { EnableAcceleration: true, TunnelBandwidth: 'large' } });
    expect(made).toMatchObject({ TransitGatewayId, GatewayAssociationState: 'associated', Options: { EnableAcceleration: true, TunnelBandwidth: 'large', TunnelOptions: [{ LogOptions: { CloudWatchLogOptions: { LogEnabled: false } } }, {}] } });
    expect(made).not.toHaveProperty('VpnGatewayId');
    expect(ends(made.CustomerGatewayConfiguration).ipsec_tunnel[0]).toMatchObject({ vpn_gateway: { bgp: { asn: 64_600 } }, customer_gateway: { bgp: { asn: 65_001 } } });
    const [attachment] = await attachments(VpnConnectionId);
    expect(attachment).toMatchObject({ ResourceType: 'vpn', TransitGatewayId, State: 'available', Association: { State: 'associated' } });
    expect((await go('DescribeVpnConnections', { Filters: [{ Name: 'transit-gateway-id', Values: [TransitGatewayId] }] })).VpnConnections).toHaveLength(1);
    const [table] = (await go('DescribeTransitGatewayRouteTables', { Filters: [{ Name: 'transit-gateway-id', Values: [TransitGatewayId] }] })).TransitGatewayRouteTables;
    const to = { TransitGatewayRouteTableId: table.TransitGatewayRouteTableId, DestinationCidrBlock: '192.168.0.0/16' };
    await go('CreateTransitGatewayRoute', { ...to, TransitGatewayAttachmentId: attachment.TransitGatewayAttachmentId });
    expect(await refused('CreateVpnConnectionRoute', { VpnConnectionId, DestinationCidrBlock: '192.168.0.0/16' })).toMatchObject({ code: 'InvalidVpnConnection.InvalidType' });
    expect(await refused('DeleteTransitGateway', { TransitGatewayId })).toMatchObject({ code: 'IncorrectState', message: `${TransitGatewayId} has non-deleted VPN Attachments: ${attachment.TransitGatewayAttachmentId}.` });
    expect(await refused('ModifyTransitGateway', { TransitGatewayId, Options: { AmazonSideAsn: 64_700 } })).toMatchObject({ code: 'IncorrectState' });
    await go('DeleteVpnConnection', { VpnConnectionId });
    expect(await attachments(VpnConnectionId)).toMatchObject([{ State: 'deleted' }]);
    expect(await shown(VpnConnectionId)).not.toHaveProperty('CustomerGatewayConfiguration');
    expect((await go('SearchTransitGatewayRoutes', { TransitGatewayRouteTableId: to.TransitGatewayRouteTableId, Filters: [{ Name: 'type', Values: ['static'] }] })).Routes).toMatchObject([{ DestinationCidrBlock: '192.168.0.0/16', State: 'blackhole' }]);
  });

  it('translate addresses, and leave the routes to these out where BGP brings them', async () => {
    const hub = (await go('CreateTransitGateway')).TransitGateway.TransitGatewayId;
    const [table] = (await go('DescribeTransitGatewayRouteTables', { Filters: [{ Name: 'transit-gateway-id', Values: [hub] }] })).TransitGatewayRouteTables;
    const dynamic = (await attachments((await connect({ TransitGatewayId: hub })).VpnConnectionId))[0].TransitGatewayAttachmentId;
    const fixed = (await attachments((await connect({ TransitGatewayId: hub, Options: { StaticRoutesOnly: true } })).VpnConnectionId))[0].TransitGatewayAttachmentId;
    const system = async () => (await go('SearchTransitGatewayRoutes', { TransitGatewayRouteTableId: table.TransitGatewayRouteTableId, Filters: [{ Name: 'type', Values: ['system'] }] })).Routes;
    await go('ModifyTransitGatewayAttachmentNatConfiguration', { TransitGatewayAttachmentId: dynamic, NatGatewaySupport: 'enable', NatGatewayRules: [{ RuleNumber: 1, MatchSourceCidr: '10.0.0.0/16', NatCidr: '192.168.0.0/16' }] });
    expect(await system()).toMatchObject([{ DestinationCidrBlock: '192.168.0.0/16' }]);
    await go('ModifyTransitGatewayAttachmentNatConfiguration', { TransitGatewayAttachmentId: dynamic, NatSystemRouteSupport: 'disable' });
    expect(await system()).toEqual([]);
    expect(await refused('ModifyTransitGatewayAttachmentNatConfiguration', { TransitGatewayAttachmentId: fixed, NatSystemRouteSupport: 'disable' })).toMatchObject({ code: 'UnsupportedOperation' });
  });

  it('carry IPv6 in tunnels, and have IPv6 ends', async () => {
    const inside = await connect({ TransitGatewayId, Options: { TunnelInsideIpVersion: 'ipv6', TunnelOptions: [{ TunnelInsideIpv6Cidr: 'fd00:1:2:3::4/126' }] } });
    expect(inside.Options).toMatchObject({ LocalIpv6NetworkCidr: '::/0', RemoteIpv6NetworkCidr: '::/0', TunnelOptions: [{ TunnelInsideIpv6Cidr: 'fd00:1:2:3::4/126' }, { TunnelInsideIpv6Cidr: expect.stringMatching(/^fd.*\/126$/) }] });
    expect(inside.Options).not.toHaveProperty('LocalIpv4NetworkCidr');
    const outside = await connect({ TransitGatewayId, CustomerGatewayId: await customer({ IpAddress: '2001:db8::7' }), Options: { OutsideIpAddressType: 'Ipv6' } });
    expect(outside.Options.TunnelOptions[0].OutsideIpAddress).toMatch(/^2600:1f/);
    expect(await refused('CreateVpnConnection', { Type: 'ipsec.1', CustomerGatewayId, TransitGatewayId, Options: { OutsideIpAddressType: 'Ipv6' } })).toMatchObject({ code: 'InvalidParameterCombination' });
  });

  it.each([
    ['two gateways', { VpnGatewayId: 'vgw-00000000000000000', TransitGatewayId: 'tgw-00000000000000000' }, 'InvalidParameterCombination'],
    ['an unknown transit gateway', { TransitGatewayId: 'tgw-00000000000000000' }, 'InvalidTransitGatewayID.NotFound'],
    ['an unknown concentrator', { VpnConcentratorId: 'vcn-00000000000000000' }, 'InvalidVpnConcentratorID.NotFound'],
    ['private ends without a transport', { Options: { OutsideIpAddressType: 'PrivateIpv4' } }, 'MissingParameter'],
    ['a transport without private ends', { Options: { TransportTransitGatewayAttachmentId: 'tgw-attach-00000000000000000' } }, 'InvalidParameterCombination'],
    ['keys in Secrets Manager', { PreSharedKeyStorage: 'SecretsManager' }, 'UnsupportedOperation'],
    ['IPv6 networks of IPv4 tunnels', { Options: { LocalIpv6NetworkCidr: '::/0' } }, 'InvalidParameterCombination'],
    ['a reserved inside block', { Options: { TunnelOptions: [{ TunnelInsideCidr: '169.254.169.252/30' }] } }, 'InvalidParameterValue'],
    ['an inside block of another size', { Options: { TunnelOptions: [{ TunnelInsideIpv6Cidr: 'fd00::/64' }] } }, 'InvalidParameterValue'],
    ['an unknown algorithm', { Options: { TunnelOptions: [{ Phase1EncryptionAlgorithms: [{ Value: 'DES' }] }] } }, 'InvalidParameterValue'],
    ['a second lifetime as long as the first', { Options: { TunnelOptions: [{ Phase1LifetimeSeconds: 900, Phase2LifetimeSeconds: 900 }] } }, 'InvalidParameterValue'],
    ['a margin longer than half of the lifetime', { Options: { TunnelOptions: [{ RekeyMarginTimeSeconds: 1801 }] } }, 'InvalidParameterValue'],
    ['logs without a group', { Options: { TunnelOptions: [{ LogOptions: { CloudWatchLogOptions: { LogEnabled: true } } }] } }, 'MissingParameter'],
    ['three tunnels', { Options: { TunnelOptions: [1, 2, 3].map(() => ({ StartupAction: 'add' })) } }, 'InvalidParameterValue'],
  ])('CreateVpnConnection: refuses %s', async (_what, over, code) => {
    expect(await refused('CreateVpnConnection', { Type: 'ipsec.1', CustomerGatewayId, ...over })).toMatchObject({ code, status: 400 });
  });

  it.each([[{ EnableAcceleration: true }], [{ TunnelInsideIpVersion: 'ipv6' }], [{ TunnelBandwidth: 'large' }]])('CreateVpnConnection: refuses %j with a virtual private gateway', async (Options) => {
    expect(await refused('CreateVpnConnection', { Type: 'ipsec.1', CustomerGatewayId, VpnGatewayId: await gateway(), Options })).toMatchObject({ code: 'InvalidParameterCombination' });
  });
});

describe('changes', () => {
  it('a connection moves from gateway to gateway and keeps its tunnels', async () => {
    const first = await gateway(64_620);
    const { VpnConnectionId, Options } = await connect({ VpnGatewayId: first, Options: { StaticRoutesOnly: true } });
    await go('CreateVpnConnectionRoute', { VpnConnectionId, DestinationCidrBlock: '192.168.0.0/16' });
    expect(await refused('ModifyVpnConnection', { VpnConnectionId, TransitGatewayId })).toMatchObject({ code: 'IncorrectState' });
    await go('DeleteVpnConnectionRoute', { VpnConnectionId, DestinationCidrBlock: '192.168.0.0/16' });
    const { VpnConnection: moving } = await go('ModifyVpnConnection', { VpnConnectionId, TransitGatewayId });
    expect(moving).toMatchObject({ State: 'modifying', TransitGatewayId, GatewayAssociationState: 'associating', Options: { TunnelOptions: Options.TunnelOptions } });
    const there = await shown(VpnConnectionId);
    expect(there).toMatchObject({ State: 'available', GatewayAssociationState: 'associated' });
    expect(there).not.toHaveProperty('VpnGatewayId');
    expect(ends(there.CustomerGatewayConfiguration).ipsec_tunnel[0].vpn_gateway.bgp.asn).toBe(64_600);
    await go('DeleteVpnGateway', { VpnGatewayId: first });
    const other = (await go('CreateTransitGateway')).TransitGateway.TransitGatewayId;
    await go('ModifyVpnConnection', { VpnConnectionId, TransitGatewayId: other });
    expect((await attachments(VpnConnectionId)).map((a: { TransitGatewayId: string; State: string }) => [a.TransitGatewayId, a.State])).toEqual([[TransitGatewayId, 'deleted'], [other, 'available']]);
    const back = await gateway();
    await go('ModifyVpnConnection', { VpnConnectionId, VpnGatewayId: back });
    expect(await shown(VpnConnectionId)).toMatchObject({ VpnGatewayId: back, State: 'available' });
    await go('DeleteTransitGateway', { TransitGatewayId: other });
    const second = await customer({ BgpAsn: 65_042 });
    await go('ModifyVpnConnection', { VpnConnectionId, CustomerGatewayId: second });
    expect(ends((await shown(VpnConnectionId)).CustomerGatewayConfiguration)).toMatchObject({ customer_gateway_id: second, vpn_gateway_id: back });
    expect((await go('DescribeVpnConnections', { Filters: [{ Name: 'bgp-asn', Values: ['65042'] }] })).VpnConnections).toMatchObject([{ VpnConnectionId }]);
    expect(await refused('ModifyVpnConnection', { VpnConnectionId })).toMatchObject({ code: 'MissingParameter' });
    await go('DeleteVpnConnection', { VpnConnectionId });
    await go('DeleteVpnGateway', { VpnGatewayId: back });
  });

  it('what a virtual private gateway does not have stays with a transit gateway', async () => {
    const { VpnConnectionId } = await connect({ TransitGatewayId, Options: { EnableAcceleration: true } });
    expect(await refused('ModifyVpnConnection', { VpnConnectionId, VpnGatewayId: await gateway() })).toMatchObject({ code: 'InvalidParameterCombination' });
    expect(await shown(VpnConnectionId)).toMatchObject({ TransitGatewayId, State: 'available' });
    await go('ModifyVpnConnectionOptions', { VpnConnectionId, LocalIpv4NetworkCidr: '10.8.0.0/16', TunnelBandwidth: 'large' });
    expect((await shown(VpnConnectionId)).Options).toMatchObject({ LocalIpv4NetworkCidr: '10.8.0.0/16', RemoteIpv4NetworkCidr: '0.0.0.0/0', TunnelBandwidth: 'large' });
    expect(await refused('ModifyVpnConnectionOptions', { VpnConnectionId, LocalIpv6NetworkCidr: '::/0' })).toMatchObject({ code: 'InvalidParameterCombination' });
  });

  it('a connection that no gateway has yet waits for one', async () => {
    const { VpnConnectionId, ...made } = await connect({});
    expect(made.GatewayAssociationState).toBe('not-associated');
    await go('ModifyVpnConnection', { VpnConnectionId, TransitGatewayId });
    expect((await shown(VpnConnectionId)).GatewayAssociationState).toBe('associated');
  });

  it('are refused while another one is under way', async () => {
    const slow = await fogbank({ pace: 'realistic' });
    slow.machine.clock.hold();
    const at = (operation: string, input: Record<string, unknown> = {}) => call(slow, operation, input);
    const cgw = (await at('CreateCustomerGateway', { Type: 'ipsec.1', BgpAsn: 65001, IpAddress: '198.51.100.7' })).CustomerGateway.CustomerGatewayId;
    const { VpnConnectionId, Options } = (await at('CreateVpnConnection', { Type: 'ipsec.1', CustomerGatewayId: cgw, VpnGatewayId: (await at('CreateVpnGateway', { Type: 'ipsec.1' })).VpnGateway.VpnGatewayId })).VpnConnection;
    const tunnel = { VpnConnectionId, VpnTunnelOutsideIpAddress: Options.TunnelOptions[0].OutsideIpAddress };
    expect(await refusal(at('ReplaceVpnTunnel', tunnel))).toMatchObject({ code: 'InvalidVpnConnection.InvalidState', message: `The VPN connection ${VpnConnectionId} is in the 'pending' state.` });
    expect((await at('GetActiveVpnTunnelStatus', tunnel)).ActiveVpnTunnelStatus).toEqual({ ProvisioningStatus: 'pending' });
    slow.machine.clock.advance(180_000);
    expect((await at('GetActiveVpnTunnelStatus', tunnel)).ActiveVpnTunnelStatus).toEqual({ ProvisioningStatus: 'available' });
    await at('ReplaceVpnTunnel', tunnel);
    expect((await at('DescribeVpnConnections')).VpnConnections).toMatchObject([{ State: 'modifying' }]);
    expect(await refusal(at('ModifyVpnConnectionOptions', { VpnConnectionId }))).toMatchObject({ code: 'InvalidVpnConnection.InvalidState' });
    slow.machine.clock.advance(180_000);
    await at('ModifyVpnConnectionOptions', { VpnConnectionId });
  });
});

describe('tunnels', () => {
  it('are changed one at a time, within what is free', async () => {
    const { VpnConnectionId, Options } = await connect({ TransitGatewayId, Options: { TunnelOptions: [{ TunnelInsideCidr: '169.254.40.0/30' }, { TunnelInsideCidr: '169.254.41.0/30' }] } });
    const tunnel = { VpnConnectionId, VpnTunnelOutsideIpAddress: Options.TunnelOptions[0].OutsideIpAddress };
    const change = (TunnelOptions: Record<string, unknown>, over = {}) => ({ ...tunnel, TunnelOptions, ...over });
    await go('ModifyVpnTunnelOptions', change({ Phase1EncryptionAlgorithms: [{ Value: 'AES256' }], LogOptions: { CloudWatchLogOptions: { LogEnabled: true, LogGroupArn: 'arn:aws:logs:us-east-1:123456789012:log-group:vpn' } }, EnableTunnelLifecycleControl: true }, { SkipTunnelReplacement: true, PreSharedKeyStorage: 'Standard' }));
    const [first, second] = (await shown(VpnConnectionId)).Options.TunnelOptions;
    expect(first).toMatchObject({ Phase1EncryptionAlgorithms: [{ Value: 'AES256' }], EnableTunnelLifecycleControl: true, LogOptions: { CloudWatchLogOptions: { LogEnabled: true, LogGroupArn: 'arn:aws:logs:us-east-1:123456789012:log-group:vpn', LogOutputFormat: 'json' } } });
    expect(second).not.toHaveProperty('Phase1EncryptionAlgorithms');
    expect(await refused('ModifyVpnTunnelOptions', change({ TunnelInsideCidr: '169.254.41.0/30' }))).toMatchObject({ code: 'InvalidParameterValue', message: 'The tunnel inside CIDR 169.254.41.0/30 is in use.' });
    expect(await refused('ModifyVpnTunnelOptions', change({ ReplayWindowSize: 128 }, { SkipTunnelReplacement: true }))).toMatchObject({ code: 'InvalidParameterCombination' });
    expect(await refused('ModifyVpnTunnelOptions', { ...change({ ReplayWindowSize: 128 }), VpnTunnelOutsideIpAddress: '192.0.2.1' })).toMatchObject({ code: 'InvalidParameterValue' });
    expect((await go('GetVpnTunnelReplacementStatus', tunnel)).MaintenanceDetails).toEqual({ PendingMaintenance: 'None' });
    expect(await refused('ReplaceVpnTunnel', { ...tunnel, ApplyPendingMaintenance: true })).toMatchObject({ code: 'IncorrectState' });
    expect((await go('ReplaceVpnTunnel', tunnel)).Return).toBe(true);
    expect(await go('GetVpnTunnelReplacementStatus', tunnel)).toMatchObject({ VpnConnectionId, TransitGatewayId, CustomerGatewayId, VpnTunnelOutsideIpAddress: tunnel.VpnTunnelOutsideIpAddress, MaintenanceDetails: { LastMaintenanceApplied: expect.any(Date) } });
    expect(await refused('ModifyVpnTunnelCertificate', tunnel)).toMatchObject({ code: 'UnsupportedOperation' });
  });

  it('are down in whole seconds, and say so in words where the routes are dynamic', async () => {
    for (const [StaticRoutesOnly, StatusMessage] of [[false, 'IPSEC IS DOWN'], [true, '']] as const) {
      const { VgwTelemetry } = await connect({ TransitGatewayId, Options: { StaticRoutesOnly } });
      expect(VgwTelemetry).toMatchObject([{ Status: 'DOWN', StatusMessage }, { Status: 'DOWN', StatusMessage }]);
      expect(VgwTelemetry[0].LastStatusChange.getMilliseconds()).toBe(0);
    }
  });

  it('to a device with a certificate have one instead of a key, which is rotated', async () => {
    const certified = await customer({ IpAddress: undefined, CertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-4000-8000-000000000001' });
    expect(await refused('CreateVpnConnection', { Type: 'ipsec.1', TransitGatewayId, CustomerGatewayId: certified, Options: { TunnelOptions: [{ PreSharedKey: 'abcdefgh' }] } })).toMatchObject({ code: 'InvalidParameterCombination' });
    const { VpnConnectionId, Options, VgwTelemetry } = await connect({ TransitGatewayId, CustomerGatewayId: certified });
    expect(Options.TunnelOptions[0]).not.toHaveProperty('PreSharedKey');
    const [{ OutsideIpAddress, CertificateArn }, untouched] = VgwTelemetry;
    await go('ModifyVpnTunnelCertificate', { VpnConnectionId, VpnTunnelOutsideIpAddress: OutsideIpAddress });
    const after = (await shown(VpnConnectionId)).VgwTelemetry;
    expect(after.map((t: { CertificateArn: string }) => t.CertificateArn)).toEqual([expect.stringMatching(/^arn:aws:acm:us-east-1:123456789012:certificate\//), untouched.CertificateArn]);
    expect(after[0].CertificateArn).not.toBe(CertificateArn);
    expect(await refused('ModifyVpnConnection', { VpnConnectionId, CustomerGatewayId })).toMatchObject({ code: 'InvalidParameterCombination' });
  });

  it('are described to devices with their own values', async () => {
    const { VpnConnectionId, Options } = await connect({ TransitGatewayId, Options: { TunnelOptions: [{ PreSharedKey: 'a_key_of_one', Phase1EncryptionAlgorithms: [{ Value: 'AES256-GCM-16' }] }] } });
    const types = (await go('GetVpnConnectionDeviceTypes')).VpnConnectionDeviceTypes;
    const sample = (Vendor: string, over = {}) => ({ VpnConnectionId, VpnConnectionDeviceTypeId: types.find((t: { Vendor: string }) => t.Vendor === Vendor).VpnConnectionDeviceTypeId, ...over });
    const text = (await go('GetVpnConnectionDeviceSampleConfiguration', sample('Generic'))).VpnConnectionDeviceSampleConfiguration;
    for (const value of [VpnConnectionId, TransitGatewayId, 'a_key_of_one', 'ikev1, AES256-GCM-16, SHA1, group 2', '198.51.100.7', Options.TunnelOptions[1].OutsideIpAddress, Options.TunnelOptions[1].PreSharedKey, 'ASN 65001', 'ASN 64600']) expect(text).toContain(value);
    const swan = (await go('GetVpnConnectionDeviceSampleConfiguration', sample('Strongswan', { SampleType: 'recommended' }))).VpnConnectionDeviceSampleConfiguration;
    for (const value of ['keyexchange=ikev2', 'ike=aes256gcm16-sha256-modp2048', 'esp=aes256-sha256-modp2048', `right=${Options.TunnelOptions[0].OutsideIpAddress}`, 'PSK "a_key_of_one"']) expect(swan).toContain(value);
    expect(await refused('GetVpnConnectionDeviceSampleConfiguration', sample('Generic', { SampleType: 'recommended', InternetKeyExchangeVersion: 'ikev1' }))).toMatchObject({ code: 'UnsupportedOperation' });
    expect(await refused('GetVpnConnectionDeviceSampleConfiguration', sample('Generic', { InternetKeyExchangeVersion: 'ikev3' }))).toMatchObject({ code: 'InvalidParameterValue' });
    expect(await refused('GetVpnConnectionDeviceSampleConfiguration', { VpnConnectionId, VpnConnectionDeviceTypeId: '00000000' })).toMatchObject({ code: 'InvalidVpnConnectionDeviceTypeId.NotFound' });
  });
});

it('a connection and a concentrator that are to go altogether take their attachments along', async () => {
  const hub = (await go('CreateTransitGateway')).TransitGateway.TransitGatewayId;
  const { VpnConcentratorId } = (await go('CreateVpnConcentrator', { Type: 'ipsec.1', TransitGatewayId: hub })).VpnConcentrator;
  const { VpnConnectionId } = await connect({ TransitGatewayId: hub });
  for (const id of [VpnConnectionId, VpnConcentratorId]) {
    await fetch(`${fb.endpoint}/_fogbank/resources?id=${id}`, { method: 'DELETE' });
    expect(await attachments(id)).toEqual([]);
  }
  await go('DeleteTransitGateway', { TransitGatewayId: hub });
});

describe('concentrators', () => {
  it('have one attachment for all of their connections, and stay while they have some', async () => {
    const { VpnConcentrator: made } = await go('CreateVpnConcentrator', { Type: 'ipsec.1', TransitGatewayId });
    const { VpnConcentratorId, TransitGatewayAttachmentId } = made;
    expect(made).toMatchObject({ State: 'pending', Type: 'ipsec.1', TransitGatewayId });
    expect((await go('DescribeVpnConcentrators', { VpnConcentratorIds: [VpnConcentratorId] })).VpnConcentrators).toMatchObject([{ State: 'available' }]);
    const { VpnConnectionId } = await connect({ VpnConcentratorId });
    expect(await shown(VpnConnectionId)).toMatchObject({ VpnConcentratorId, GatewayAssociationState: 'associated' });
    expect(await attachments(VpnConnectionId)).toEqual([]);
    expect(await attachments(VpnConcentratorId)).toMatchObject([{ TransitGatewayAttachmentId, ResourceType: 'vpn-concentrator', State: 'available' }]);
    expect(await refused('CreateVpnConnection', { Type: 'ipsec.1', CustomerGatewayId, VpnConcentratorId, Options: { StaticRoutesOnly: true } })).toMatchObject({ code: 'InvalidParameterCombination' });
    expect(await refused('ModifyVpnConnection', { VpnConnectionId, TransitGatewayId })).toMatchObject({ code: 'UnsupportedOperation' });
    expect(await refused('DeleteVpnConcentrator', { VpnConcentratorId })).toMatchObject({ code: 'IncorrectState', message: `The vpnConcentrator '${VpnConcentratorId}' has VPN connections.` });
    await go('DeleteVpnConnection', { VpnConnectionId });
    expect((await go('DeleteVpnConcentrator', { VpnConcentratorId })).Return).toBe(true);
    expect(await attachments(VpnConcentratorId)).toMatchObject([{ State: 'deleted' }]);
    expect(await refused('DeleteVpnConcentrator', { VpnConcentratorId })).toMatchObject({ code: 'InvalidVpnConcentratorID.NotFound' });
    expect(await refused('DeleteVpnConcentrator', { VpnConcentratorId: 'nonsense' })).toMatchObject({ code: 'InvalidVpnConcentratorID.Malformed' });
    expect(await refused('CreateVpnConcentrator', { Type: 'ipsec.1' })).toMatchObject({ code: 'MissingParameter', message: 'The request must contain the parameter TransitGatewayId' });
  });
});
