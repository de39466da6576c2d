import type { LocalGatewayRouteTableVirtualInterfaceGroupAssociation } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, deletes, describes, resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { notReady, otherGateway, unknown } from './errors.ts';
import { ready } from './local-gateways.ts';
import { localTables, ofTable, type StoredLocalTable } from './route-tables.ts';
import { interfaceGroups } from './virtual-interface-groups.ts';

export type StoredGroupAssociation = Wire<LocalGatewayRouteTableVirtualInterfaceGroupAssociation>;

/** How associations come and go. assumed: for how long. */
export const JOINING_AND_LEAVING = { associating: { after: seconds(5), to: 'associated' }, disassociating: { after: seconds(5), to: 'gone' } };

/** A routing domain. https://docs.aws.amazon.com/outposts/latest/network-userguide/routing-domains.html */
export const groupAssociations = resource<StoredGroupAssociation>({
  service: 'ec2',
  kind: 'local-gateway-route-table-virtual-interface-group-association',
  shape: 'LocalGatewayRouteTableVirtualInterfaceGroupAssociation',
  id: { member: 'LocalGatewayRouteTableVirtualInterfaceGroupAssociationId', prefix: 'lgw-vif-grp-assoc' },
  ...unknown('LocalGatewayRouteTableVirtualInterfaceGroupAssociation', 'local gateway route table virtual interface group association', 'lgw-vif-grp-assoc'),
  state: 'State',
  lifecycle: JOINING_AND_LEAVING,
  references: { LocalGatewayRouteTableId: { kind: 'ec2:local-gateway-route-table' }, LocalGatewayVirtualInterfaceGroupId: { kind: 'ec2:local-gateway-virtual-interface-group' } },
  filters: { 'local-gateway-route-table-virtual-interface-group-id': 'LocalGatewayVirtualInterfaceGroupId' },
});

export const groupAssociation = (ctx: Context, table: StoredLocalTable, groupId: string): StoredGroupAssociation => ({
  LocalGatewayRouteTableVirtualInterfaceGroupAssociationId: ctx.newId(groupAssociations), LocalGatewayVirtualInterfaceGroupId: groupId, ...ofTable(table), OwnerId: ctx.account, State: 'associating', Tags: [],
});

/** assumed: a table has one group, and a group one table. */
async function planAssociation(input: Ec2Operations['CreateLocalGatewayRouteTableVirtualInterfaceGroupAssociation']['input'], ctx: Context): Promise<StoredGroupAssociation> {
  const { LocalGatewayRouteTableId: tableId, LocalGatewayVirtualInterfaceGroupId: groupId } = input;
  const table = await ready(ctx, localTables, tableId);
  const group = await ready(ctx, interfaceGroups, groupId);
  if (group.LocalGatewayId !== table.LocalGatewayId) throw otherGateway(groupId, table.LocalGatewayId!);
  for (const [member, value] of [['LocalGatewayRouteTableId', tableId], ['LocalGatewayVirtualInterfaceGroupId', groupId]] as const) {
    const [other] = await ctx.list(groupAssociations, { member, value });
    if (other) throw general.resourceAlreadyAssociated(`${value} is already associated with association-id ${other.LocalGatewayRouteTableVirtualInterfaceGroupAssociationId}`);
  }
  return groupAssociation(ctx, table, groupId);
}

export const groupAssociationOperations = {
  CreateLocalGatewayRouteTableVirtualInterfaceGroupAssociation: creates(groupAssociations, planAssociation),
  DescribeLocalGatewayRouteTableVirtualInterfaceGroupAssociations: describes(groupAssociations, { ids: 'LocalGatewayRouteTableVirtualInterfaceGroupAssociationIds' }),
  DeleteLocalGatewayRouteTableVirtualInterfaceGroupAssociation: deletes(groupAssociations, {
    id: 'LocalGatewayRouteTableVirtualInterfaceGroupAssociationId', from: ['associated'], otherwise: (a) => notReady('association', a.LocalGatewayRouteTableVirtualInterfaceGroupAssociationId!, a.State!), to: 'disassociating',
  }),
} satisfies Handlers<Ec2Operations>;
