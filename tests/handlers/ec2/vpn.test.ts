import { XMLParser } from 'fast-xml-parser';
import { beforeAll, expect, it } from 'vitest';
import { call } from '../../laws/samples/index.ts';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

let fb: Fogbank;
let VpcId: string;
const go = (operation: string, input: Record<string, unknown> = {}) => call(fb, operation, input);
const gateway = async () => (await go('CreateVpnGateway', { Type: 'ipsec.1' })).VpnGateway.VpnGatewayId as string;
const customer = async () => (await go('CreateCustomerGateway', { Type: 'ipsec.1', BgpAsn: 65001, IpAddress: '198.51.100.7' })).CustomerGateway.CustomerGatewayId as string;
const routes = async (RouteTableId: string) => (await go('DescribeRouteTables', { RouteTableIds: [RouteTableId] })).RouteTables[0].Routes.map((r: { DestinationCidrBlock: string; GatewayId: string; Origin: string; State: string }) => [r.DestinationCidrBlock, r.GatewayId.split('-')[0], r.Origin, r.State]);

beforeAll(async () => {
  fb = await fogbank();
  VpcId = (await go('CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc.VpcId;
});

it('a gateway is one VPC\'s, and stays while it is attached or connected', async () => {
  const VpnGatewayId = await gateway();
  await go('AttachVpnGateway', { VpnGatewayId, VpcId });
  const other = (await go('CreateVpc', { CidrBlock: '10.1.0.0/16' })).Vpc.VpcId;
  expect(await refusal(go('AttachVpnGateway', { VpnGatewayId, VpcId: other }))).toMatchObject({ code: 'VpnGatewayAttachmentLimitExceeded' });
  expect(await refusal(go('AttachVpnGateway', { VpnGatewayId: await gateway(), VpcId }))).toMatchObject({ code: 'InvalidParameterValue' });
  expect(await refusal(go('DeleteVpnGateway', { VpnGatewayId }))).toMatchObject({ code: 'IncorrectState' });
  expect(await refusal(go('DeleteVpc', { VpcId }))).toMatchObject({ code: 'DependencyViolation' });
  await go('DetachVpnGateway', { VpnGatewayId, VpcId });
  expect(await refusal(go('DetachVpnGateway', { VpnGatewayId, VpcId }))).toMatchObject({ code: 'InvalidVpnGatewayAttachment.NotFound' });
  const attachments = async () => (await go('DescribeVpnGateways', { VpnGatewayIds: [VpnGatewayId] })).VpnGateways[0].VpcAttachments;
  expect(await attachments()).toEqual([{ State: 'detached', VpcId }]);
  await go('AttachVpnGateway', { VpnGatewayId, VpcId: other });
  expect(await attachments()).toEqual([{ State: 'attached', VpcId: other }]);
  await go('DetachVpnGateway', { VpnGatewayId, VpcId: other });
  await go('DeleteVpc', { VpcId: other });
  await go('DeleteVpnGateway', { VpnGatewayId });
  expect((await go('DescribeVpnGateways', { VpnGatewayIds: [VpnGatewayId] })).VpnGateways).toMatchObject([{ State: 'deleted' }]);
  expect(await refusal(go('AttachVpnGateway', { VpnGatewayId, VpcId }))).toMatchObject({ code: 'InvalidVpnGatewayID.NotFound' });
});

it('a gateway that is attached to the VPC may have a route table of its own, until it is detached', async () => {
  const VpnGatewayId = await gateway();
  const { RouteTableId } = (await go('CreateRouteTable', { VpcId })).RouteTable;
  const associate = () => go('AssociateRouteTable', { RouteTableId, GatewayId: VpnGatewayId });
  expect(await refusal(associate())).toMatchObject({ code: 'InvalidParameterValue' });
  await go('AttachVpnGateway', { VpnGatewayId, VpcId });
  const { AssociationId } = await associate();
  const found = async () => (await go('DescribeRouteTables', { Filters: [{ Name: 'association.gateway-id', Values: [VpnGatewayId] }] })).RouteTables;
  expect(await found()).toMatchObject([{ RouteTableId, Associations: [{ RouteTableAssociationId: AssociationId, GatewayId: VpnGatewayId, Main: false }] }]);
  await go('DetachVpnGateway', { VpnGatewayId, VpcId });
  expect(await found()).toEqual([]);
  await go('DeleteRouteTable', { RouteTableId });
  await go('DeleteVpnGateway', { VpnGatewayId });
});

it('a connection has two tunnels, which the device\'s configuration describes', async () => {
  const input = { VpnGatewayId: await gateway(), CustomerGatewayId: await customer(), Type: 'ipsec.1', Options: { StaticRoutesOnly: true, TunnelOptions: [{ TunnelInsideCidr: '169.254.8.0/30', PreSharedKey: '12345678abcdefgh' }] } };
  const { VpnConnection: made } = await go('CreateVpnConnection', input);
  expect(made.Options.TunnelOptions).toMatchObject([{ TunnelInsideCidr: '169.254.8.0/30', PreSharedKey: '12345678abcdefgh' }, { TunnelInsideCidr: expect.stringMatching(/^169\.254\.\d+\.\d+\/30$/) }]);
  const { ipsec_tunnel } = new XMLParser().parse(made.CustomerGatewayConfiguration).vpn_connection;
  expect(ipsec_tunnel.map((t: { vpn_gateway: { tunnel_outside_address: { ip_address: string } } }) => t.vpn_gateway.tunnel_outside_address.ip_address)).toEqual(made.Options.TunnelOptions.map((t: { OutsideIpAddress: string }) => t.OutsideIpAddress));
  expect(ipsec_tunnel[0]).toMatchObject({ customer_gateway: { tunnel_outside_address: { ip_address: '198.51.100.7' }, tunnel_inside_address: { ip_address: '169.254.8.2' }, bgp: { asn: 65001 } }, vpn_gateway: { tunnel_inside_address: { ip_address: '169.254.8.1' } }, ike: { pre_shared_key: '12345678abcdefgh' } });
  expect(await refusal(go('CreateVpnConnection', input))).toMatchObject({ code: 'InvalidParameterValue' });
  expect(await refusal(go('DeleteCustomerGateway', { CustomerGatewayId: input.CustomerGatewayId }))).toMatchObject({ code: 'IncorrectState' });
  const outside = made.Options.TunnelOptions[0].OutsideIpAddress;
  const { VpnConnection: changed } = await go('ModifyVpnTunnelOptions', { VpnConnectionId: made.VpnConnectionId, VpnTunnelOutsideIpAddress: outside, TunnelOptions: { PreSharedKey: 'another_key_1', Phase1LifetimeSeconds: 3600 } });
  expect(changed.CustomerGatewayConfiguration).toContain('<pre_shared_key>another_key_1</pre_shared_key>');
  await go('DeleteVpnConnection', { VpnConnectionId: made.VpnConnectionId });
  expect(await refusal(go('DeleteVpnConnection', { VpnConnectionId: made.VpnConnectionId }))).toMatchObject({ code: 'InvalidVpnConnectionID.NotFound' });
  await go('DeleteCustomerGateway', { CustomerGatewayId: input.CustomerGatewayId });
});

it('a gateway propagates the static routes of its connections, behind those that somebody made', async () => {
  const GatewayId = await gateway();
  await go('AttachVpnGateway', { VpnGatewayId: GatewayId, VpcId });
  const { RouteTableId } = (await go('CreateRouteTable', { VpcId })).RouteTable;
  const { VpnConnectionId } = (await go('CreateVpnConnection', { VpnGatewayId: GatewayId, CustomerGatewayId: await customer(), Type: 'ipsec.1', Options: { StaticRoutesOnly: true } })).VpnConnection;
  await go('CreateVpnConnectionRoute', { VpnConnectionId, DestinationCidrBlock: '192.168.0.0/16' });
  await go('EnableVgwRoutePropagation', { RouteTableId, GatewayId });
  const local = ['10.0.0.0/16', 'local', 'CreateRouteTable', 'active'];
  expect(await routes(RouteTableId)).toEqual([local, ['192.168.0.0/16', 'vgw', 'EnableVgwRoutePropagation', 'active']]);
  await go('CreateVpnConnectionRoute', { VpnConnectionId, DestinationCidrBlock: '192.168.8.0/24' });
  await go('DeleteVpnConnectionRoute', { VpnConnectionId, DestinationCidrBlock: '192.168.0.0/16' });
  expect(await routes(RouteTableId)).toEqual([local, ['192.168.8.0/24', 'vgw', 'EnableVgwRoutePropagation', 'active']]);
  await go('CreateRoute', { RouteTableId, DestinationCidrBlock: '172.16.0.0/12', GatewayId });
  await go('DetachVpnGateway', { VpnGatewayId: GatewayId, VpcId });
  expect(await routes(RouteTableId)).toEqual([local, ['172.16.0.0/12', 'vgw', 'CreateRoute', 'blackhole']]);
  expect(await refusal(go('EnableVgwRoutePropagation', { RouteTableId, GatewayId }))).toMatchObject({ code: 'Gateway.NotAttached' });
});

it.each([
  ['CreateVpnGateway', { Type: 'ipsec.1', AmazonSideAsn: 100 }, 'InvalidParameterValue'],
  ['CreateCustomerGateway', { Type: 'ipsec.1', BgpAsn: 65000 }, 'MissingParameter'],
  ['CreateCustomerGateway', { Type: 'ipsec.1', BgpAsn: 65000, IpAddress: 'nowhere' }, 'InvalidParameterValue'],
  ['CreateVpnConnection', { Type: 'ipsec.1', CustomerGatewayId: 'cgw-00000000000000000', VpnGatewayId: 'vgw-00000000000000000' }, 'InvalidCustomerGatewayID.NotFound'],
])('%s: refuses %j', async (operation, input, code) => {
  expect(await refusal(go(operation, input))).toMatchObject({ code, status: 400 });
});
