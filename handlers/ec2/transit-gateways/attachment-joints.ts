import type { Context } from '../../../src/kit/index.ts';
import { settle } from '../client-vpn/endpoint-states.ts';
import { endZones } from '../client-vpn/target-networks.ts';
import { networkInterfaces, removeInterface } from '../network-interfaces/network-interfaces.ts';
import { setRouteState } from '../vpcs/route-tables.ts';
import { announcements } from './announcements.ts';
import { associate, associations } from './associations.ts';
import { attachments, type StoredAttachment } from './attachments.ts';
import { removeAll } from './lifecycles.ts';
import { multicastAssociations } from './multicast-associations.ts';
import { natConfigurations } from './nat-configurations.ts';
import { blackholeReferences } from './prefix-list-references.ts';
import { propagate, propagations } from './propagations.ts';
import { blackholeRoutes } from './routes.ts';
import { transitGateways } from './transit-gateways.ts';

/** What begins when an attachment is available for the first time: the gateway's defaults, and routes that wait for it. */
export async function join(attachment: StoredAttachment, ctx: Context): Promise<void> {
  if (attachment.$.joined) return;
  attachment.$.joined = true;
  const { AssociationDefaultRouteTableId: association, PropagationDefaultRouteTableId: propagation } = (await ctx.find(transitGateways, attachment.TransitGatewayId!))!.Options!;
  // assumed: by the time at which an attachment is available its default association is made.
  if (association !== undefined) await associate(ctx, attachment, { TransitGatewayRouteTableId: association, State: 'associated' });
  // Peerings propagate nothing. https://docs.aws.amazon.com/vpc/latest/tgw/tgw-peering.html
  if (propagation !== undefined && attachment.ResourceType !== 'peering') await propagate(ctx, attachment, propagation);
  if (attachment.$.vpc) await setRouteState(ctx, 'TransitGatewayId', attachment.TransitGatewayId!, 'active', attachment.$.vpc.VpcId);
  if (attachment.$.clientVpn) await settle(ctx, attachment.$.clientVpn.ClientVpnEndpointId, { attachment });
}

/** What ends with an attachment: all that was joined to it; routes to it stay as black holes. */
export async function detach(attachment: StoredAttachment, ctx: Context): Promise<void> {
  const id = attachment.TransitGatewayAttachmentId!;
  await removeAll(ctx, associations, 'TransitGatewayAttachmentId', id);
  await removeAll(ctx, propagations, 'TransitGatewayAttachmentId', id);
  await removeAll(ctx, multicastAssociations, 'TransitGatewayAttachmentId', id);
  await removeAll(ctx, natConfigurations, 'TransitGatewayAttachmentId', id);
  for (const announcement of await ctx.list(announcements, { member: 'PeeringAttachmentId', value: id })) {
    if (announcement.State !== 'deleted') await ctx.transition(announcements, announcement, 'deleted');
  }
  await blackholeRoutes(ctx, id);
  await blackholeReferences(ctx, id);
  for (const interfaceId of Object.values(attachment.$.interfaces ?? {})) {
    const eni = await ctx.find(networkInterfaces, interfaceId);
    if (eni) await removeInterface(ctx, eni);
  }
  if (attachment.$.vpc) await setRouteState(ctx, 'TransitGatewayId', attachment.TransitGatewayId!, 'blackhole', attachment.$.vpc.VpcId);
  if (attachment.$.clientVpn) {
    await endZones(ctx, attachment.$.clientVpn.ClientVpnEndpointId);
    await settle(ctx, attachment.$.clientVpn.ClientVpnEndpointId, { attachment });
  }
}

/** The Connect attachments that go through this one. */
export const carriedBy = async (ctx: Context, attachmentId: string): Promise<StoredAttachment[]> =>
  (await ctx.list(attachments, { member: '$.connect.TransportTransitGatewayAttachmentId', value: attachmentId })).filter((a) => a.State !== 'deleted');
