import type { Context } from '../../../src/kit/index.ts';
import { attachments, isEnded, type AttachmentType, type StoredAttachment } from './attachments.ts';
import type { StoredGateway } from './transit-gateways.ts';

/** The attachment of what is made for a gateway: VPN connections, concentrators and Client VPN endpoints come with theirs. */
export const attachResource = (ctx: Context, gateway: StoredGateway, type: AttachmentType, resourceId: string, details: StoredAttachment['$'] = {}): Promise<StoredAttachment> =>
  ctx.create(attachments, {
    TransitGatewayAttachmentId: ctx.newId(attachments), TransitGatewayId: gateway.TransitGatewayId, TransitGatewayOwnerId: gateway.OwnerId, ResourceOwnerId: ctx.account, ResourceType: type, ResourceId: resourceId,
    State: 'pending', CreationTime: ctx.wholeSecond, Tags: [], $: details,
  });

/** The attachment goes with what it attaches. */
export async function detachResource(ctx: Context, resourceId: string): Promise<void> {
  for (const attachment of await ctx.list(attachments, { member: 'ResourceId', value: resourceId })) {
    if (!isEnded(attachment) && attachment.State !== 'deleting') await ctx.transition(attachments, attachment, 'deleting');
  }
}

/** When everything is to go, the attachment goes at once. */
export async function removeAttachment(ctx: Context, resourceId: string): Promise<void> {
  for (const attachment of await ctx.list(attachments, { member: 'ResourceId', value: resourceId })) {
    if (!isEnded(attachment)) await ctx.transition(attachments, attachment, 'deleted');
    await ctx.remove(attachments, attachment);
  }
}
