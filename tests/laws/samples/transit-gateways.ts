import type { Fogbank } from '../../support/fogbank.ts';
import { call, type Sample } from './sample.ts';

interface Hub {
  readonly gateway: string;
  readonly table: string;
  readonly transport: string;
  readonly peering: string;
}

const hubs = new WeakMap<Fogbank, Promise<Hub>>();

/** What the samples stand on, made once for each Fogbank. */
function hub(fb: Fogbank): Promise<Hub> {
  let made = hubs.get(fb);
  if (!made) hubs.set(fb, (made = makeHub(fb)));
  return made;
}

const gatewayIn = async (fb: Fogbank, Options: Record<string, unknown>) => (await call(fb, 'CreateTransitGateway', { Options })).TransitGateway.TransitGatewayId as string;

async function network(fb: Fogbank, n: number): Promise<{ VpcId: string; SubnetIds: string[] }> {
  const VpcId = (await call(fb, 'CreateVpc', { CidrBlock: `10.${n}.0.0/16` })).Vpc.VpcId as string;
  return { VpcId, SubnetIds: [(await call(fb, 'CreateSubnet', { VpcId, CidrBlock: `10.${n}.0.0/24` })).Subnet.SubnetId] };
}

async function makeHub(fb: Fogbank): Promise<Hub> {
  const gateway = await gatewayIn(fb, { MulticastSupport: 'enable', TransitGatewayCidrBlocks: ['10.99.0.0/24'] });
  const table = (await call(fb, 'CreateTransitGatewayRouteTable', { TransitGatewayId: gateway })).TransitGatewayRouteTable.TransitGatewayRouteTableId as string;
  const transport = (await call(fb, 'CreateTransitGatewayVpcAttachment', { TransitGatewayId: gateway, ...(await network(fb, 90)) })).TransitGatewayVpcAttachment.TransitGatewayAttachmentId as string;
  const peer = { PeerTransitGatewayId: await gatewayIn(fb, {}), PeerAccountId: '123456789012', PeerRegion: 'us-east-1', Options: { DynamicRouting: 'enable' } };
  const { TransitGatewayAttachmentId: peering, AccepterTransitGatewayAttachmentId } = (await call(fb, 'CreateTransitGatewayPeeringAttachment', { TransitGatewayId: gateway, ...peer })).TransitGatewayPeeringAttachment;
  await call(fb, 'AcceptTransitGatewayPeeringAttachment', { TransitGatewayAttachmentId: AccepterTransitGatewayAttachmentId });
  return { gateway, table, transport, peering };
}

/** A Connect attachment has four peers at most: each sample has one of its own. */
const connect = async (fb: Fogbank) => (await call(fb, 'CreateTransitGatewayConnect', { TransportTransitGatewayAttachmentId: (await hub(fb)).transport, Options: { Protocol: 'gre' } })).TransitGatewayConnect.TransitGatewayAttachmentId as string;

export const SAMPLES: Readonly<Record<string, Sample>> = {
  'ec2:transit-gateway': { operation: 'CreateTransitGateway', input: async (_fb, n) => ({ Description: `gateway ${n}` }), id: (o) => o.TransitGateway.TransitGatewayId },
  'ec2:transit-gateway-attachment': {
    operation: 'CreateTransitGatewayVpcAttachment', input: async (fb, n) => ({ TransitGatewayId: (await hub(fb)).gateway, ...(await network(fb, n)) }), id: (o) => o.TransitGatewayVpcAttachment.TransitGatewayAttachmentId,
  },
  'ec2:transit-gateway-connect-peer': {
    operation: 'CreateTransitGatewayConnectPeer', input: async (fb, n) => ({ TransitGatewayAttachmentId: await connect(fb), PeerAddress: '10.90.0.9', InsideCidrBlocks: [`169.254.100.${8 * n}/29`] }), id: (o) => o.TransitGatewayConnectPeer.TransitGatewayConnectPeerId,
  },
  'ec2:transit-gateway-route-table': { operation: 'CreateTransitGatewayRouteTable', input: async (fb) => ({ TransitGatewayId: (await hub(fb)).gateway }), id: (o) => o.TransitGatewayRouteTable.TransitGatewayRouteTableId },
  'ec2:transit-gateway-route-table-announcement': {
    operation: 'CreateTransitGatewayRouteTableAnnouncement',
    input: async (fb) => {
      const { gateway, peering } = await hub(fb);
      const { TransitGatewayRouteTableId } = (await call(fb, 'CreateTransitGatewayRouteTable', { TransitGatewayId: gateway })).TransitGatewayRouteTable;
      return { TransitGatewayRouteTableId, PeeringAttachmentId: peering };
    },
    id: (o) => o.TransitGatewayRouteTableAnnouncement.TransitGatewayRouteTableAnnouncementId,
  },
  'ec2:transit-gateway-multicast-domain': { operation: 'CreateTransitGatewayMulticastDomain', input: async (fb) => ({ TransitGatewayId: (await hub(fb)).gateway }), id: (o) => o.TransitGatewayMulticastDomain.TransitGatewayMulticastDomainId },
  'ec2:transit-gateway-policy-table': { operation: 'CreateTransitGatewayPolicyTable', input: async (fb) => ({ TransitGatewayId: (await hub(fb)).gateway }), id: (o) => o.TransitGatewayPolicyTable.TransitGatewayPolicyTableId },
  'ec2:transit-gateway-metering-policy': { operation: 'CreateTransitGatewayMeteringPolicy', input: async (fb) => ({ TransitGatewayId: (await hub(fb)).gateway }), id: (o) => o.TransitGatewayMeteringPolicy.TransitGatewayMeteringPolicyId },
};

export const EXEMPT: Readonly<Record<string, string>> = {
  'ec2:transit-gateway-association': 'known by its attachment and listed under its table; its own test file',
  'ec2:transit-gateway-propagation': 'known by its attachment and listed under its table; its own test file',
  'ec2:transit-gateway-route': 'known by its destination and searched in its table; its own test file',
  'ec2:transit-gateway-prefix-list-reference': 'known by its prefix list and listed under its table; its own test file',
  'ec2:transit-gateway-multicast-domain-association': 'known by its subnet and listed under its domain; its own test file',
  'ec2:transit-gateway-multicast-group': 'what an interface is in a group, searched in a domain; its own test file',
  'ec2:transit-gateway-policy-table-entry': 'known by its number and listed under its table; its own test file',
  'ec2:transit-gateway-metering-policy-entry': 'known by its number and listed under its policy; its own test file',
  'ec2:transit-gateway-nat-configuration': 'one an attachment; its own test file',
};
