import type { TransitGatewayRouteTable } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import { announcements } from './announcements.ts';
import { associations } from './associations.ts';
import * as errors from './errors.ts';
import { comesAndGoes, ends, ready, removeAll } from './lifecycles.ts';
import { policyTableEntries } from './policy-table-entries.ts';
import { prefixListReferences } from './prefix-list-references.ts';
import { propagations } from './propagations.ts';
import { transitGatewayRoutes } from './routes.ts';
import { transitGateways } from './transit-gateways.ts';

export type StoredTable = Wire<TransitGatewayRouteTable>;

/** https://docs.aws.amazon.com/vpc/latest/tgw/tgw-route-tables.html */
export const transitGatewayRouteTables = resource<StoredTable>({
  service: 'ec2',
  kind: 'transit-gateway-route-table',
  shape: 'TransitGatewayRouteTable',
  id: { member: 'TransitGatewayRouteTableId', prefix: 'tgw-rtb' },
  emptyTags: true,
  notFound: errors.routeTableMissing,
  malformed: errors.malformed('InvalidRouteTableId.Malformed', 'Transit Gateway Route Table'),
  state: 'State',
  lifecycle: comesAndGoes({ made: 30, deleted: 30 }),
  entering: {
    deleting: async (table, ctx) => {
      const id = table.TransitGatewayRouteTableId!;
      await removeAll(ctx, associations, 'TransitGatewayRouteTableId', id);
      await removeAll(ctx, propagations, 'TransitGatewayRouteTableId', id);
      await removeAll(ctx, transitGatewayRoutes, 'TransitGatewayRouteTableId', id);
      await removeAll(ctx, prefixListReferences, 'TransitGatewayRouteTableId', id);
    },
  },
  references: { TransitGatewayId: { kind: 'ec2:transit-gateway', onDelete: 'keep' } },
  conditionKeys: (t) => ({ 'ec2:transitGatewayRouteTableId': t.TransitGatewayRouteTableId }),
});

const tableOf = (ctx: Context, gatewayId: string, association: boolean, propagation: boolean): StoredTable => ({
  TransitGatewayRouteTableId: ctx.newId(transitGatewayRouteTables), TransitGatewayId: gatewayId, State: 'pending',
  DefaultAssociationRouteTable: association, DefaultPropagationRouteTable: propagation, CreationTime: ctx.now,
});

export const createDefaultTable = (ctx: Context, gatewayId: string, association: boolean, propagation: boolean): Promise<StoredTable> =>
  ctx.create(transitGatewayRouteTables, tableOf(ctx, gatewayId, association, propagation));

/** Neither a default table goes, nor one with associations. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteTransitGatewayRouteTable.html */
async function refuseWhileUsed(table: StoredTable, ctx: Context): Promise<void> {
  const id = table.TransitGatewayRouteTableId!;
  if (table.DefaultAssociationRouteTable) throw errors.isDefaultTable(id, 'association', table.TransitGatewayId!);
  if (table.DefaultPropagationRouteTable) throw errors.isDefaultTable(id, 'propagation', table.TransitGatewayId!);
  if ((await ctx.list(associations, { member: 'TransitGatewayRouteTableId', value: id })).length > 0) throw errors.hasAssociations(id);
  // assumed: who announces a table, or sends traffic to it by a policy, must stop before.
  const announced = (await ctx.list(announcements, { member: 'TransitGatewayRouteTableId', value: id })).filter((a) => a.State !== 'deleted');
  if (announced.length > 0) throw errors.stillHas(id, 'Transit Gateway Route Table Announcements', announced.map((a) => a.TransitGatewayRouteTableAnnouncementId!));
  const entries = await ctx.list(policyTableEntries, { member: 'TargetRouteTableId', value: id });
  if (entries.length > 0) throw errors.stillHas(id, 'Transit Gateway Policy Table Entries', entries.map((e) => e.EntryKey));
}

export const routeTableOperations = {
  CreateTransitGatewayRouteTable: creates(transitGatewayRouteTables, async (input, ctx) => {
    const gateway = await ready(ctx, transitGateways, input.TransitGatewayId);
    return tableOf(ctx, gateway.TransitGatewayId!, false, false);
  }),
  DescribeTransitGatewayRouteTables: describes(transitGatewayRouteTables, { ids: 'TransitGatewayRouteTableIds' }),
  DeleteTransitGatewayRouteTable: ends(transitGatewayRouteTables, 'TransitGatewayRouteTableId', (TransitGatewayRouteTable) => ({ TransitGatewayRouteTable }), refuseWhileUsed),
} satisfies Handlers<Ec2Operations>;
