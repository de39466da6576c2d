import type { LocalGatewayVirtualInterface } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, deletes, describes, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { parseIpv4 } from '../vpcs/cidr.ts';
import { notReady, otherGateway, unknown, vlanInUse } from './errors.ts';
import { ready } from './local-gateways.ts';
import { outpostLags } from './outpost-lags.ts';
import { COMING_AND_GOING } from './route-tables.ts';
import { checkAsn, interfaceGroups, type StoredInterfaceGroup } from './virtual-interface-groups.ts';

export type StoredVirtualInterface = Wire<LocalGatewayVirtualInterface>;

/** https://docs.aws.amazon.com/outposts/latest/network-userguide/routing-domains.html */
export const virtualInterfaces = resource<StoredVirtualInterface>({
  service: 'ec2',
  kind: 'local-gateway-virtual-interface',
  shape: 'LocalGatewayVirtualInterface',
  id: { member: 'LocalGatewayVirtualInterfaceId', prefix: 'lgw-vif' },
  ...unknown('LocalGatewayVirtualInterface', 'local gateway virtual interface', 'lgw-vif'),
  state: 'ConfigurationState',
  lifecycle: COMING_AND_GOING,
  references: { LocalGatewayVirtualInterfaceGroupId: { kind: 'ec2:local-gateway-virtual-interface-group' }, OutpostLagId: { kind: 'ec2:outpost-lag' } },
});

const VLAN_MAX = 4094;

type Traits = Pick<Ec2Operations['CreateLocalGatewayVirtualInterface']['input'], 'OutpostLagId' | 'Vlan' | 'LocalAddress' | 'PeerAddress' | 'PeerBgpAsn' | 'PeerBgpAsnExtended'>;

export function virtualInterface(ctx: Context, group: StoredInterfaceGroup, traits: Traits): StoredVirtualInterface {
  const id = ctx.newId(virtualInterfaces);
  const { OutpostLagId, Vlan, LocalAddress, PeerAddress, PeerBgpAsn, PeerBgpAsnExtended } = traits;
  return {
    LocalGatewayVirtualInterfaceId: id, LocalGatewayVirtualInterfaceArn: `arn:aws:ec2:${ctx.region}:${ctx.account}:local-gateway-virtual-interface/${id}`, LocalGatewayId: group.LocalGatewayId,
    LocalGatewayVirtualInterfaceGroupId: group.LocalGatewayVirtualInterfaceGroupId, OutpostLagId, Vlan, LocalAddress, PeerAddress, OwnerId: ctx.account, ConfigurationState: 'pending', Tags: [],
    ...(group.LocalBgpAsn === undefined ? {} : { LocalBgpAsn: group.LocalBgpAsn }), ...(PeerBgpAsn === undefined ? {} : { PeerBgpAsn }), ...(PeerBgpAsnExtended === undefined ? {} : { PeerBgpAsnExtended }),
  };
}

async function planInterface(input: Ec2Operations['CreateLocalGatewayVirtualInterface']['input'], ctx: Context): Promise<StoredVirtualInterface> {
  const { Vlan, LocalAddress, PeerAddress, OutpostLagId } = input;
  if (!(Vlan >= 1 && Vlan <= VLAN_MAX)) throw general.invalidValue(Vlan, 'vlan', `A number from 1 to ${VLAN_MAX} is expected.`);
  for (const [name, value] of [['localAddress', LocalAddress], ['peerAddress', PeerAddress]] as const) {
    // assumed: an address may have the length of its network behind it.
    if (parseIpv4(value.replace(/\/(?:[12]?\d|3[0-2])$/, '')) === undefined) throw general.invalidValue(value, name, 'This is not an IPv4 address.');
  }
  if (LocalAddress === PeerAddress) throw general.invalidValue(PeerAddress, 'peerAddress', 'It must differ from localAddress.');
  if (input.PeerBgpAsn === undefined && input.PeerBgpAsnExtended === undefined) throw general.missingParameter('peerBgpAsn');
  checkAsn('peerBgpAsn', input.PeerBgpAsn, input.PeerBgpAsnExtended);
  const group = await ready(ctx, interfaceGroups, input.LocalGatewayVirtualInterfaceGroupId);
  const lag = await ctx.get(outpostLags, OutpostLagId);
  if (lag.$.localGatewayId !== group.LocalGatewayId) throw otherGateway(OutpostLagId, group.LocalGatewayId!);
  if ((await ctx.list(virtualInterfaces, { member: 'OutpostLagId', value: OutpostLagId })).some((i) => i.Vlan === Vlan)) throw vlanInUse(Vlan, OutpostLagId);
  return virtualInterface(ctx, group, input);
}

export const virtualInterfaceOperations = {
  CreateLocalGatewayVirtualInterface: creates(virtualInterfaces, planInterface),
  DescribeLocalGatewayVirtualInterfaces: describes(virtualInterfaces, { ids: 'LocalGatewayVirtualInterfaceIds' }),
  DeleteLocalGatewayVirtualInterface: deletes(virtualInterfaces, {
    id: 'LocalGatewayVirtualInterfaceId', from: ['available'], otherwise: (i) => notReady('local gateway virtual interface', i.LocalGatewayVirtualInterfaceId!, i.ConfigurationState!), to: 'deleting',
  }),
} satisfies Handlers<Ec2Operations>;
