import type { TransitGatewayAssociation } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { describes, resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import { attachments, attachmentTo, mention, type StoredAttachment } from './attachments.ts';
import * as errors from './errors.ts';
import { belonging, living, ready } from './lifecycles.ts';
import { policyTables } from './policy-tables.ts';
import { transitGatewayRouteTables } from './route-tables.ts';

/** An attachment is associated with one route table or one policy table: the document is known by the attachment. */
export type StoredAssociation = Wire<TransitGatewayAssociation> & { TransitGatewayPolicyTableId?: string };

/** https://docs.aws.amazon.com/vpc/latest/tgw/associate-tgw-route-table.html */
export const associations = resource<StoredAssociation>({
  service: 'ec2',
  kind: 'transit-gateway-association',
  shape: 'TransitGatewayRouteTableAssociation',
  id: { member: 'TransitGatewayAttachmentId' },
  notFound: (ids) => errors.attachmentMissing(ids),
  tags: null,
  state: 'State',
  lifecycle: { associating: { after: seconds(10), to: 'associated' }, disassociating: { after: seconds(20), to: 'gone' } },
  references: {
    TransitGatewayAttachmentId: { kind: 'ec2:transit-gateway-attachment', onDelete: 'cascade' },
    TransitGatewayRouteTableId: { kind: 'ec2:transit-gateway-route-table', onDelete: 'cascade' },
    TransitGatewayPolicyTableId: { kind: 'ec2:transit-gateway-policy-table', onDelete: 'cascade' },
  },
});

type Table = Pick<StoredAssociation, 'TransitGatewayRouteTableId' | 'TransitGatewayPolicyTableId' | 'State'>;

export async function associate(ctx: Context, attachment: StoredAttachment, table: Table): Promise<StoredAssociation> {
  if (await ctx.find(associations, attachment.TransitGatewayAttachmentId!)) throw errors.alreadyAssociated(attachment.TransitGatewayAttachmentId!);
  return ctx.create(associations, { ...mention(attachment), ...table });
}

/** `notThere` where the attachment has another table, or none. */
export async function disassociate(ctx: Context, attachmentId: string, member: 'TransitGatewayRouteTableId' | 'TransitGatewayPolicyTableId', tableId: string, notThere: typeof errors.notAssociated): Promise<StoredAssociation> {
  const attachment = await living(ctx, attachments, attachmentId);
  const association = await ctx.find(associations, attachment.TransitGatewayAttachmentId!);
  if (association?.[member] !== tableId) throw notThere(attachmentId, tableId);
  if (association.State === 'disassociating') throw errors.invalidState(attachmentId);
  return ctx.transition(associations, association, 'disassociating');
}

export const associationOperations = {
  AssociateTransitGatewayRouteTable: async (input, ctx) => {
    const table = await ready(ctx, transitGatewayRouteTables, input.TransitGatewayRouteTableId);
    const attachment = await attachmentTo(ctx, table.TransitGatewayId!, input.TransitGatewayAttachmentId);
    return { Association: await associate(ctx, attachment, { TransitGatewayRouteTableId: input.TransitGatewayRouteTableId, State: 'associating' }) };
  },
  GetTransitGatewayRouteTableAssociations: describes(associations, belonging(() => transitGatewayRouteTables, 'TransitGatewayRouteTableId')),
  DisassociateTransitGatewayRouteTable: async (input, ctx) => {
    await living(ctx, transitGatewayRouteTables, input.TransitGatewayRouteTableId);
    return { Association: await disassociate(ctx, input.TransitGatewayAttachmentId, 'TransitGatewayRouteTableId', input.TransitGatewayRouteTableId, errors.notAssociated) };
  },
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
} satisfies Handlers<Ec2Operations>;
