import type { Context } from '../../../src/kit/index.ts';
import type { StoredInterface } from '../network-interfaces/network-interfaces.ts';
import { associations } from '../transit-gateways/associations.ts';
import { attachments, isAttached, type StoredAttachment } from '../transit-gateways/attachments.ts';
import { routesIn } from '../transit-gateways/route-search.ts';
import { component, header, type Step } from './components.ts';
import { rangeOf } from './packets.ts';
import { mostSpecific, zoneOfSubnet, type Going, type Outcome, type Walk } from './walks.ts';

/** In by the attachment of the sender's VPC, by the table that it is associated with, and out by another attachment. */
export async function acrossTransitGateway(walk: Walk, ctx: Context, eni: StoredInterface, gatewayId: string, going: Going): Promise<Outcome> {
  const gateway = component(ctx, gatewayId);
  const own = (await ctx.list(attachments, { member: 'ResourceId', value: eni.VpcId! })).find((a) => a.TransitGatewayId === gatewayId && isAttached(a));
  if (!own) return walk.lost(going, { ExplanationCode: 'UNATTACHED_COMPONENT', TransitGateway: gateway, Vpc: component(ctx, eni.VpcId!) });
  const zone = await zoneOfSubnet(ctx, eni.SubnetId!);
  const zones = await Promise.all(own.$.vpc!.SubnetIds.map((id) => zoneOfSubnet(ctx, id)));
  const entering = walk.step(going, { Component: component(ctx, own.TransitGatewayAttachmentId!), TransitGateway: gateway, InboundHeader: header(going.packets, walk.protocol) });
  if (!zones.includes(zone)) return walk.lost(entering, { ExplanationCode: 'TGW_ATTACH_VPC_AZ_RESTRICTION', TransitGatewayAttachment: component(ctx, own.TransitGatewayAttachmentId!), AvailabilityZones: [zone], TransitGateway: gateway });
  if (walk.destination.id === gatewayId || walk.destination.id === own.TransitGatewayAttachmentId) return walk.end(walk.step(entering, { Component: gateway }));
  const [association] = await ctx.list(associations, { member: 'TransitGatewayAttachmentId', value: own.TransitGatewayAttachmentId! });
  const tableId = association?.TransitGatewayRouteTableId;
  if (tableId === undefined) return walk.lost(entering, { ExplanationCode: 'UNASSOCIATED_COMPONENT', TransitGatewayAttachment: component(ctx, own.TransitGatewayAttachmentId!), TransitGateway: gateway });
  return byTable(walk, ctx, tableId, gatewayId, entering);
}

async function byTable(walk: Walk, ctx: Context, tableId: string, gatewayId: string, going: Going): Promise<Outcome> {
  const table = component(ctx, tableId);
  const gateway = component(ctx, gatewayId);
  const routes = (await routesIn(ctx, tableId)).flatMap((way) => {
    const block = rangeOf(way.DestinationCidrBlock);
    return block ? [{ way, block }] : [];
  });
  const found = mostSpecific(routes, going.packets.destination);
  if (found.length === 0) return walk.lost(going, { ExplanationCode: 'TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT', TransitGatewayRouteTable: table, TransitGateway: gateway });
  return walk.firstOf(found.map(({ way, destination }) => async () => {
    const [through] = way.TransitGatewayAttachments ?? [];
    const route = {
      DestinationCidr: way.DestinationCidrBlock, State: way.State, RouteOrigin: way.Type === 'propagated' ? 'propagated' : 'static',
      ...(through && { AttachmentId: through.TransitGatewayAttachmentId, ResourceId: through.ResourceId, ResourceType: through.ResourceType }),
    } as NonNullable<Step['TransitGatewayRouteTableRoute']>;
    const next = walk.step({ ...going, packets: { ...going.packets, destination } }, { Component: table, TransitGateway: gateway, TransitGatewayRouteTableRoute: route });
    const attachment = through && way.State === 'active' ? await ctx.find(attachments, through.TransitGatewayAttachmentId!) : undefined;
    if (!attachment || !isAttached(attachment)) return walk.lost(next, { ExplanationCode: 'TGW_RTB_BAD_STATE_ROUTE', TransitGatewayRouteTable: table, TransitGatewayRouteTableRoute: route, TransitGateway: gateway, State: way.State! });
    return outBy(walk, ctx, attachment, next);
  }));
}

async function outBy(walk: Walk, ctx: Context, attachment: StoredAttachment, going: Going): Promise<Outcome> {
  const id = attachment.TransitGatewayAttachmentId!;
  const named = component(ctx, id);
  const next = walk.step(going, { Component: named, TransitGateway: component(ctx, attachment.TransitGatewayId!), OutboundHeader: header(going.packets, walk.protocol) });
  if (walk.destination.id === id) return walk.end(next);
  if (attachment.ResourceType === 'vpc') {
    const there = walk.in(ctx, attachment.ResourceOwnerId!, ctx.region);
    if (!there) return walk.lost(next, { ExplanationCode: 'NO_PATH', TransitGatewayAttachment: named, ComponentAccount: attachment.ResourceOwnerId! });
    return walk.enterVpc(there, attachment.ResourceId!, next);
  }
  const { otherEnd } = attachment.$;
  if (attachment.ResourceType !== 'peering' || !otherEnd) return walk.lost(next, { ExplanationCode: 'NO_POSSIBLE_DESTINATION', TransitGatewayAttachment: named });
  const there = walk.in(ctx, otherEnd.account, otherEnd.region);
  if (!there) return walk.lost(next, { ExplanationCode: 'NO_PATH', TransitGatewayAttachment: named, ComponentAccount: otherEnd.account });
  const [association] = await there.list(associations, { member: 'TransitGatewayAttachmentId', value: otherEnd.attachmentId });
  const beyond = await there.find(attachments, otherEnd.attachmentId);
  if (!beyond || association?.TransitGatewayRouteTableId === undefined) return walk.lost(next, { ExplanationCode: 'UNASSOCIATED_COMPONENT', TransitGatewayAttachment: component(there, otherEnd.attachmentId) });
  return byTable(walk, there, association.TransitGatewayRouteTableId, beyond.TransitGatewayId!, next);
}
