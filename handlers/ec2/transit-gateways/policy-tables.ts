import type { TransitGatewayPolicyTable } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import { associations } from './associations.ts';
import * as errors from './errors.ts';
import { comesAndGoes, ends, ready, removeAll } from './lifecycles.ts';
import { policyTableEntries } from './policy-table-entries.ts';
import { transitGateways } from './transit-gateways.ts';

export type StoredPolicyTable = Wire<TransitGatewayPolicyTable>;

/** https://docs.aws.amazon.com/vpc/latest/tgw/tgw-policy-tables.html */
export const policyTables = resource<StoredPolicyTable>({
  service: 'ec2',
  kind: 'transit-gateway-policy-table',
  shape: 'TransitGatewayPolicyTable',
  id: { member: 'TransitGatewayPolicyTableId', prefix: 'tgw-ptb' },
  notFound: errors.missing('InvalidTransitGatewayPolicyTableId.NotFound', 'Transit Gateway Policy Table'),
  malformed: errors.malformed('InvalidTransitGatewayPolicyTableId.Malformed', 'Transit Gateway Policy Table'),
  state: 'State',
  // A deleted one is not described: the Terraform provider takes 'deleted' for an error here, and only here.
  lifecycle: { ...comesAndGoes({ made: 30, deleted: 30 }), deleting: { after: seconds(30), to: 'gone' } },
  entering: { deleting: (table, ctx) => removeAll(ctx, policyTableEntries, 'TransitGatewayPolicyTableId', table.TransitGatewayPolicyTableId!) },
  references: { TransitGatewayId: { kind: 'ec2:transit-gateway', onDelete: 'keep' } },
  conditionKeys: (t) => ({ 'ec2:transitGatewayPolicyTableId': t.TransitGatewayPolicyTableId }),
});

async function planTable(input: Ec2Operations['CreateTransitGatewayPolicyTable']['input'], ctx: Context): Promise<Partial<StoredPolicyTable>> {
  await ready(ctx, transitGateways, input.TransitGatewayId);
  return { TransitGatewayId: input.TransitGatewayId, State: 'pending', CreationTime: ctx.wholeSecond };
}

export const policyTableOperations = {
  CreateTransitGatewayPolicyTable: creates(policyTables, planTable),
  DescribeTransitGatewayPolicyTables: describes(policyTables, { ids: 'TransitGatewayPolicyTableIds' }),
  DeleteTransitGatewayPolicyTable: ends(policyTables, 'TransitGatewayPolicyTableId', (TransitGatewayPolicyTable) => ({ TransitGatewayPolicyTable }), async (table, ctx) => {
    const used = await ctx.list(associations, { member: 'TransitGatewayPolicyTableId', value: table.TransitGatewayPolicyTableId! });
    if (used.length > 0) throw errors.hasAssociations(table.TransitGatewayPolicyTableId!);
  }),
} satisfies Handlers<Ec2Operations>;
