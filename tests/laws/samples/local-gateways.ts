import type { Fogbank } from '../../support/fogbank.ts';
import { call, type Sample } from './sample.ts';

interface Installed {
  readonly outpost: string;
  readonly localGateway: string;
  readonly routeTable: string;
  readonly virtualInterfaceGroup: string;
}

/** An Outpost is delivered: no call of AWS makes one. */
export async function installOutpost(fb: Pick<Fogbank, 'endpoint'>, given: Record<string, string> = {}): Promise<Installed> {
  const response = await fetch(`${fb.endpoint}/_fogbank/outposts`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ zone: 'us-east-1a', ...given }) });
  const answer = (await response.json()) as Installed & { error?: string };
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

const outposts = new WeakMap<Fogbank['machine'], Promise<Installed>>();

function outpost(fb: Fogbank): Promise<Installed> {
  let made = outposts.get(fb.machine);
  if (!made) outposts.set(fb.machine, (made = installOutpost(fb, { mode: 'coip' })));
  return made;
}

const table = async (fb: Fogbank) => (await call(fb, 'CreateLocalGatewayRouteTable', { LocalGatewayId: (await outpost(fb)).localGateway })).LocalGatewayRouteTable.LocalGatewayRouteTableId as string;
const group = async (fb: Fogbank) => (await call(fb, 'CreateLocalGatewayVirtualInterfaceGroup', { LocalGatewayId: (await outpost(fb)).localGateway })).LocalGatewayVirtualInterfaceGroup.LocalGatewayVirtualInterfaceGroupId as string;
const lag = async (fb: Fogbank) => (await call(fb, 'DescribeOutpostLags', {})).OutpostLags[0].OutpostLagId as string;

export const SAMPLES: Readonly<Record<string, Sample>> = {
  'ec2:local-gateway-route-table': {
    operation: 'CreateLocalGatewayRouteTable', input: async (fb) => ({ LocalGatewayId: (await outpost(fb)).localGateway, Mode: 'coip' }), id: (o) => o.LocalGatewayRouteTable.LocalGatewayRouteTableId,
  },
  'ec2:local-gateway-virtual-interface-group': {
    operation: 'CreateLocalGatewayVirtualInterfaceGroup', input: async (fb, n) => ({ LocalGatewayId: (await outpost(fb)).localGateway, LocalBgpAsn: 64_600 + n }), id: (o) => o.LocalGatewayVirtualInterfaceGroup.LocalGatewayVirtualInterfaceGroupId,
  },
  'ec2:local-gateway-virtual-interface': {
    operation: 'CreateLocalGatewayVirtualInterface', id: (o) => o.LocalGatewayVirtualInterface.LocalGatewayVirtualInterfaceId,
    input: async (fb, n) => ({ LocalGatewayVirtualInterfaceGroupId: (await outpost(fb)).virtualInterfaceGroup, OutpostLagId: await lag(fb), Vlan: 1000 + n, LocalAddress: `10.1.${n}.2`, PeerAddress: `10.1.${n}.1`, PeerBgpAsn: 65_100 + n }),
  },
  'ec2:local-gateway-route-table-virtual-interface-group-association': {
    operation: 'CreateLocalGatewayRouteTableVirtualInterfaceGroupAssociation', id: (o) => o.LocalGatewayRouteTableVirtualInterfaceGroupAssociation.LocalGatewayRouteTableVirtualInterfaceGroupAssociationId,
    input: async (fb) => ({ LocalGatewayRouteTableId: await table(fb), LocalGatewayVirtualInterfaceGroupId: await group(fb) }),
  },
  'ec2:local-gateway-route-table-vpc-association': {
    operation: 'CreateLocalGatewayRouteTableVpcAssociation', id: (o) => o.LocalGatewayRouteTableVpcAssociation.LocalGatewayRouteTableVpcAssociationId,
    input: async (fb, n) => ({ LocalGatewayRouteTableId: (await outpost(fb)).routeTable, VpcId: (await call(fb, 'CreateVpc', { CidrBlock: `10.${n}.0.0/16` })).Vpc.VpcId }),
  },
  'ec2:coip-pool': { operation: 'CreateCoipPool', input: async (fb) => ({ LocalGatewayRouteTableId: (await outpost(fb)).routeTable }), id: (o) => o.CoipPool.PoolId },
};

export const EXEMPT: Readonly<Record<string, string>> = {
  'ec2:local-gateway': 'comes with an Outpost; local-gateways.test.ts',
  'ec2:outpost-lag': 'comes with an Outpost; local-gateways.test.ts',
  'ec2:service-link-virtual-interface': 'comes with an Outpost; local-gateways.test.ts',
  'ec2:local-gateway-route': 'known by its table and destination, searched instead of listed; local-gateways.test.ts',
};
