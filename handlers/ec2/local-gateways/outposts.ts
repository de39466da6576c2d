import type { Context, Happening } from '../../../src/kit/index.ts';
import { zone } from '../catalog/regions.ts';
import * as general from '../errors.ts';
import { groupAssociation, groupAssociations } from './group-associations.ts';
import { localGateways } from './local-gateways.ts';
import { outpostLags, serviceLinks } from './outpost-lags.ts';
import { localTable, localTables } from './route-tables.ts';
import { interfaceGroup, interfaceGroups } from './virtual-interface-groups.ts';
import { virtualInterface, virtualInterfaces } from './virtual-interfaces.ts';

// assumed: the networks and numbers to which an Outpost is delivered; its owner says them to AWS beforehand.
const PEER_ASN = 65_000;
const LOCAL_VLAN = 100;
const SERVICE_VLAN = 200;
const DEVICES = [0, 1];

/** The two ends of the n-th /30 for a purpose. */
const ends = (third: number, n: number) => ({ LocalAddress: `192.168.${third}.${n * 4 + 2}/30`, PeerAddress: `192.168.${third}.${n * 4 + 1}/30` });

/**
 * An Outpost is delivered with its local gateway, one virtual interface for each of its link aggregation groups, and their
 * group. https://docs.aws.amazon.com/outposts/latest/userguide/outposts-local-gateways.html
 */
export const installOutpost: Happening = async (given: { zone: string; mode?: string }, ctx: Context) => {
  const place = zone(ctx.region, given.zone);
  if (!place) throw general.invalidAvailabilityZone(given.zone);
  const OutpostId = `op-${ctx.ids.hex(17)}`;
  const OutpostArn = `arn:aws:outposts:${ctx.region}:${ctx.account}:outpost/${OutpostId}`;
  const owned = { OwnerId: ctx.account, OutpostArn, Tags: [] };
  const gateway = await ctx.create(localGateways, { ...owned, LocalGatewayId: ctx.newId(localGateways), State: 'available', $: { zone: place.ZoneName! } });
  const group = await ctx.create(interfaceGroups, { ...interfaceGroup(ctx, gateway.LocalGatewayId!), ConfigurationState: 'available' });
  for (const n of DEVICES) {
    const { OutpostLagId } = await ctx.create(outpostLags, { ...owned, OutpostLagId: ctx.newId(outpostLags), State: 'available', $: { localGatewayId: gateway.LocalGatewayId! } });
    const id = ctx.newId(serviceLinks);
    await ctx.create(serviceLinks, {
      ...owned, ServiceLinkVirtualInterfaceId: id, ServiceLinkVirtualInterfaceArn: `arn:aws:ec2:${ctx.region}:${ctx.account}:service-link-virtual-interface/${id}`, OutpostId, OutpostLagId,
      ...ends(1, n), PeerBgpAsn: PEER_ASN, Vlan: SERVICE_VLAN, ConfigurationState: 'available',
    });
    const local = virtualInterface(ctx, group, { OutpostLagId: OutpostLagId!, Vlan: LOCAL_VLAN, ...ends(0, n), PeerBgpAsn: PEER_ASN });
    await ctx.create(virtualInterfaces, { ...local, ConfigurationState: 'available' });
  }
  // assumed: a first table is there too, as it was before owners made their own.
  const table = await ctx.create(localTables, { ...localTable(ctx, gateway, given.mode), State: 'available' });
  await ctx.create(groupAssociations, { ...groupAssociation(ctx, table, group.LocalGatewayVirtualInterfaceGroupId!), State: 'associated' });
  return { outpost: OutpostArn, localGateway: gateway.LocalGatewayId, routeTable: table.LocalGatewayRouteTableId, virtualInterfaceGroup: group.LocalGatewayVirtualInterfaceGroupId };
};
