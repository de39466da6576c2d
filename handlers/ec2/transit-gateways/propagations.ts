import type { TransitGatewayPropagation } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { describes, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { announcements } from './announcements.ts';
import { attachments, attachmentTo, mention, type StoredAttachment } from './attachments.ts';
import * as errors from './errors.ts';
import { belonging, living, ready } from './lifecycles.ts';
import { transitGatewayRouteTables, type StoredTable } from './route-tables.ts';

/** Keyed by the table and by what propagates into it: `tgw-rtb-…/tgw-attach-…`. */
export type StoredPropagation = Wire<TransitGatewayPropagation> & { readonly PropagationKey: string };

/** https://docs.aws.amazon.com/vpc/latest/tgw/enable-tgw-route-propagation.html */
export const propagations = resource<StoredPropagation>({
  service: 'ec2',
  kind: 'transit-gateway-propagation',
  shape: 'TransitGatewayRouteTablePropagation',
  id: { member: 'PropagationKey' },
  notFound: (ids) => errors.propagationNotFound(ids[0]!.split('/')[1]!, ids[0]!.split('/')[0]!),
  tags: null,
  references: {
    TransitGatewayAttachmentId: { kind: 'ec2:transit-gateway-attachment', onDelete: 'cascade' },
    TransitGatewayRouteTableId: { kind: 'ec2:transit-gateway-route-table', onDelete: 'cascade' },
    TransitGatewayRouteTableAnnouncementId: { kind: 'ec2:transit-gateway-route-table-announcement', onDelete: 'cascade' },
  },
});

const keyOf = (tableId: string, sourceId: string): string => `${tableId}/${sourceId}`;

/** A propagation is enabled at once, as it is disabled at once. */
export async function propagate(ctx: Context, attachment: StoredAttachment, tableId: string, announcementId?: string): Promise<StoredPropagation> {
  const source = announcementId ?? attachment.TransitGatewayAttachmentId!;
  if (await ctx.find(propagations, keyOf(tableId, source))) throw errors.propagationDuplicate(source, tableId);
  return ctx.create(propagations, {
    PropagationKey: keyOf(tableId, source), ...mention(attachment), TransitGatewayRouteTableId: tableId, State: 'enabled',
    ...(announcementId ? { TransitGatewayRouteTableAnnouncementId: announcementId } : {}),
  });
}

type Input = Ec2Operations['EnableTransitGatewayRouteTablePropagation']['input'];

/** Either an attachment or an announcement propagates. */
function sourceOf(input: Input): { attachmentId: string } | { announcementId: string } {
  const { TransitGatewayAttachmentId: attachmentId, TransitGatewayRouteTableAnnouncementId: announcementId } = input;
  if (attachmentId !== undefined && announcementId !== undefined) throw general.invalidParameterCombination('Only one of TransitGatewayAttachmentId and TransitGatewayRouteTableAnnouncementId may be specified');
  if (attachmentId !== undefined) return { attachmentId };
  if (announcementId === undefined) throw general.missingParameter('TransitGatewayAttachmentId');
  return { announcementId };
}

async function enable(input: Input, ctx: Context): Promise<{ Propagation: StoredPropagation }> {
  const table = await ready(ctx, transitGatewayRouteTables, input.TransitGatewayRouteTableId);
  const source = sourceOf(input);
  if ('attachmentId' in source) {
    const attachment = await attachmentTo(ctx, table.TransitGatewayId!, source.attachmentId);
    // assumed: the code with which a peering, whose routes are static ones, is refused. https://docs.aws.amazon.com/vpc/latest/tgw/tgw-peering.html
    if (attachment.ResourceType === 'peering') throw general.unsupportedOperation(`Route propagation is not supported for the peering attachment ${source.attachmentId}.`);
    return { Propagation: await propagate(ctx, attachment, input.TransitGatewayRouteTableId) };
  }
  return { Propagation: await enableAnnounced(ctx, table, source.announcementId) };
}

/** What the other end of a peering announces comes in through the peering attachment. */
async function enableAnnounced(ctx: Context, table: StoredTable, announcementId: string): Promise<StoredPropagation> {
  const announcement = await ready(ctx, announcements, announcementId);
  if (announcement.AnnouncementDirection !== 'incoming') throw general.invalidParameterValue(`The announcement ${announcementId} is not an incoming one.`);
  const attachment = await attachmentTo(ctx, table.TransitGatewayId!, announcement.PeeringAttachmentId!);
  return propagate(ctx, attachment, table.TransitGatewayRouteTableId!, announcementId);
}

export const propagationOperations = {
  EnableTransitGatewayRouteTablePropagation: enable,
  GetTransitGatewayRouteTablePropagations: describes(propagations, belonging(() => transitGatewayRouteTables, 'TransitGatewayRouteTableId')),
  GetTransitGatewayAttachmentPropagations: describes(propagations, { ...belonging(() => attachments, 'TransitGatewayAttachmentId'), shape: 'TransitGatewayAttachmentPropagation' }),
  DisableTransitGatewayRouteTablePropagation: async (input, ctx) => {
    await living(ctx, transitGatewayRouteTables, input.TransitGatewayRouteTableId);
    const source = sourceOf(input);
    const id = 'attachmentId' in source ? (await living(ctx, attachments, source.attachmentId)).TransitGatewayAttachmentId! : (await living(ctx, announcements, source.announcementId)).TransitGatewayRouteTableAnnouncementId!;
    const propagation = await ctx.find(propagations, keyOf(input.TransitGatewayRouteTableId, id));
    if (!propagation) throw errors.propagationNotFound(id, input.TransitGatewayRouteTableId);
    await ctx.remove(propagations, propagation);
    return { Propagation: { ...propagation, State: 'disabled' } };
  },
} satisfies Handlers<Ec2Operations>;
