import type { LocalGatewayRouteTable } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, deletes, describes, resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import { notReady, unknown } from './errors.ts';
import { localGateways, ready, type StoredLocalGateway } from './local-gateways.ts';

export type StoredLocalTable = Wire<LocalGatewayRouteTable>;

/** How tables, groups and interfaces come and go. assumed: for how long. */
export const COMING_AND_GOING = { pending: { after: seconds(5), to: 'available' }, deleting: { after: seconds(5), to: 'gone' } };

/** https://docs.aws.amazon.com/outposts/latest/userguide/routing.html */
export const localTables = resource<StoredLocalTable>({
  service: 'ec2',
  kind: 'local-gateway-route-table',
  shape: 'LocalGatewayRouteTable',
  id: { member: 'LocalGatewayRouteTableId', prefix: 'lgw-rtb' },
  ...unknown('LocalGatewayRouteTable', 'local gateway route table', 'lgw-rtb'),
  state: 'State',
  lifecycle: COMING_AND_GOING,
  references: { LocalGatewayId: { kind: 'ec2:local-gateway' } },
});

export function localTable(ctx: Context, gateway: StoredLocalGateway, mode: string | undefined): StoredLocalTable {
  const id = ctx.newId(localTables);
  return {
    LocalGatewayRouteTableId: id, LocalGatewayRouteTableArn: `arn:aws:ec2:${ctx.region}:${ctx.account}:local-gateway-route-table/${id}`, LocalGatewayId: gateway.LocalGatewayId, OutpostArn: gateway.OutpostArn,
    // "The default option is direct VPC routing."
    OwnerId: ctx.account, State: 'pending', Mode: (mode ?? 'direct-vpc-routing') as 'coip', Tags: [],
  };
}

/** What every member of a table tells of it. */
export const ofTable = ({ LocalGatewayId, LocalGatewayRouteTableId, LocalGatewayRouteTableArn }: StoredLocalTable) => ({ LocalGatewayId, LocalGatewayRouteTableId, LocalGatewayRouteTableArn });

export const localTableOperations = {
  CreateLocalGatewayRouteTable: creates(localTables, async (input, ctx) => localTable(ctx, await ready(ctx, localGateways, input.LocalGatewayId), input.Mode)),
  DescribeLocalGatewayRouteTables: describes(localTables, { ids: 'LocalGatewayRouteTableIds' }),
  DeleteLocalGatewayRouteTable: deletes(localTables, { id: 'LocalGatewayRouteTableId', from: ['available'], otherwise: (t) => notReady('local gateway route table', t.LocalGatewayRouteTableId!, t.State!), to: 'deleting' }),
} satisfies Handlers<Ec2Operations>;
