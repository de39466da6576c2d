import type { TransitGatewayPolicyTable } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import { associate, associations, disassociate } from './associations.ts';
import { attachmentTo } from './attachments.ts';
import * as errors from './errors.ts';
import { belonging, comesAndGoes, ends, living, ready, removeAll } from './lifecycles.ts';
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
  lifecycle: comesAndGoes({ made: 30, deleted: 30 }),
  entering: { deleting: (table, ctx) => removeAll(ctx, policyTableEntries, 'TransitGatewayPolicyTableId', table.TransitGatewayPolicyTableId!) },
  references: { TransitGatewayId: { kind: 'ec2:transit-gateway', onDelete: 'keep' } },
  conditionKeys: (t) => ({ 'ec2:transitGatewayPolicyTableId': t.TransitGatewayPolicyTableId }),
});

async function planTable(input: Ec2Operations['CreateTransitGatewayPolicyTable']['input'], ctx: Context): Promise<Partial<StoredPolicyTable>> {
  await ready(ctx, transitGateways, input.TransitGatewayId);
  return { TransitGatewayId: input.TransitGatewayId, State: 'pending', CreationTime: ctx.now };
}

export const policyTableOperations = {
  CreateTransitGatewayPolicyTable: creates(policyTables, planTable),
  DescribeTransitGatewayPolicyTables: describes(policyTables, { ids: 'TransitGatewayPolicyTableIds' }),
  AssociateTransitGatewayPolicyTable: async (input, ctx) => {
    const table = await ready(ctx, policyTables, input.TransitGatewayPolicyTableId);
    const attachment = await attachmentTo(ctx, table.TransitGatewayId!, input.TransitGatewayAttachmentId);
    // assumed: an attachment with a route table is refused as one with a policy table is.
    return { Association: await associate(ctx, attachment, { TransitGatewayPolicyTableId: input.TransitGatewayPolicyTableId, State: 'associating' }) };
  },
  GetTransitGatewayPolicyTableAssociations: describes(associations, { ...belonging(() => policyTables, 'TransitGatewayPolicyTableId'), shape: 'TransitGatewayPolicyTableAssociation' }),
  DisassociateTransitGatewayPolicyTable: async (input, ctx) => {
    await living(ctx, policyTables, input.TransitGatewayPolicyTableId);
    return { Association: await disassociate(ctx, input.TransitGatewayAttachmentId, 'TransitGatewayPolicyTableId', input.TransitGatewayPolicyTableId, errors.policyTableNotAssociated) };
  },
  DeleteTransitGatewayPolicyTable: ends(policyTables, 'TransitGatewayPolicyTableId', (TransitGatewayPolicyTable) => ({ TransitGatewayPolicyTable }), async (table, ctx) => {
    const used = await ctx.list(associations, { member: 'TransitGatewayPolicyTableId', value: table.TransitGatewayPolicyTableId! });
    if (used.length > 0) throw errors.hasAssociations(table.TransitGatewayPolicyTableId!);
  }),
} satisfies Handlers<Ec2Operations>;
