import type { TransitGatewayRouteTableAnnouncement } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { attachmentIn } from './attachments.ts';
import * as errors from './errors.ts';
import { comesAndGoes, ready, removeAll } from './lifecycles.ts';
import { propagations } from './propagations.ts';
import { transitGatewayRouteTables } from './route-tables.ts';

interface Place {
  readonly account: string;
  readonly region: string;
}

/** `$` says where an incoming announcement's table is, and where an outgoing one has arrived. */
export type StoredAnnouncement = Wire<TransitGatewayRouteTableAnnouncement> & { $: { source?: Place & { readonly tableId: string }; arrival?: Place & { readonly id: string } } };

const forgetPropagations = (announcement: StoredAnnouncement, ctx: Context): Promise<void> => removeAll(ctx, propagations, 'TransitGatewayRouteTableAnnouncementId', announcement.TransitGatewayRouteTableAnnouncementId!);

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTransitGatewayRouteTableAnnouncement.html */
export const announcements = resource<StoredAnnouncement>({
  service: 'ec2',
  kind: 'transit-gateway-route-table-announcement',
  shape: 'TransitGatewayRouteTableAnnouncement',
  // assumed: the prefix of the id.
  id: { member: 'TransitGatewayRouteTableAnnouncementId', prefix: 'tgw-rtb-ann' },
  // assumed: these codes are like those of the other kinds.
  notFound: errors.missing('InvalidTransitGatewayRouteTableAnnouncementId.NotFound', 'Transit Gateway Route Table Announcement'),
  malformed: errors.malformed('InvalidTransitGatewayRouteTableAnnouncementId.Malformed', 'Transit Gateway Route Table Announcement'),
  state: 'State',
  lifecycle: comesAndGoes({ made: 30, deleted: 30 }),
  entering: { deleting: forgetPropagations, deleted: forgetPropagations },
  references: {
    TransitGatewayRouteTableId: { kind: 'ec2:transit-gateway-route-table', onDelete: 'keep' },
    PeeringAttachmentId: { kind: 'ec2:transit-gateway-attachment', onDelete: 'keep' },
  },
  conditionKeys: (a) => ({ 'ec2:transitGatewayRouteTableAnnouncementId': a.TransitGatewayRouteTableAnnouncementId }),
});

type Input = Ec2Operations['CreateTransitGatewayRouteTableAnnouncement']['input'];

async function plan(input: Input, ctx: Context): Promise<Partial<StoredAnnouncement>> {
  const table = await ready(ctx, transitGatewayRouteTables, input.TransitGatewayRouteTableId);
  const attachment = await attachmentIn(ctx, 'peering', input.PeeringAttachmentId);
  if (attachment.TransitGatewayId !== table.TransitGatewayId) throw errors.attachmentMissing([input.PeeringAttachmentId]);
  // assumed: the code with which a peering without dynamic routing is refused, and that a table is announced once through a peering.
  if (attachment.$.peering!.Options.DynamicRouting !== 'enable') throw general.unsupportedOperation(`Dynamic routing is not enabled for the peering attachment ${input.PeeringAttachmentId}.`);
  const twin = (await ctx.list(announcements, { member: 'PeeringAttachmentId', value: input.PeeringAttachmentId })).find((a) => a.TransitGatewayRouteTableId === input.TransitGatewayRouteTableId && a.State !== 'deleted');
  if (twin) throw general.resourceAlreadyAssociated(`${input.TransitGatewayRouteTableId} is already announced to ${input.PeeringAttachmentId} by ${twin.TransitGatewayRouteTableAnnouncementId}`);
  const { account, region } = attachment.$.otherEnd!;
  const id = ctx.in(account, region).newId(announcements);
  return {
    TransitGatewayId: table.TransitGatewayId, PeerTransitGatewayId: attachment.ResourceId, PeeringAttachmentId: input.PeeringAttachmentId, AnnouncementDirection: 'outgoing',
    TransitGatewayRouteTableId: input.TransitGatewayRouteTableId, State: 'pending', CreationTime: ctx.wholeSecond, $: { arrival: { account, region, id } },
  };
}

/** The other end sees it as an incoming one, whose table is not its own. */
async function arrive(outgoing: StoredAnnouncement, ctx: Context): Promise<void> {
  const { account, region, id } = outgoing.$.arrival!;
  const { attachmentId } = (await attachmentIn(ctx, 'peering', outgoing.PeeringAttachmentId!)).$.otherEnd!;
  await ctx.in(account, region).create(announcements, {
    TransitGatewayRouteTableAnnouncementId: id, TransitGatewayId: outgoing.PeerTransitGatewayId, PeerTransitGatewayId: outgoing.TransitGatewayId, PeeringAttachmentId: attachmentId, AnnouncementDirection: 'incoming',
    State: 'pending', CreationTime: ctx.wholeSecond, $: { source: { account: ctx.account, region: ctx.region, tableId: outgoing.TransitGatewayRouteTableId! } },
  });
}

export const announcementOperations = {
  CreateTransitGatewayRouteTableAnnouncement: creates(announcements, plan, (announcement, _input, ctx) => arrive(announcement, ctx)),
  DescribeTransitGatewayRouteTableAnnouncements: describes(announcements, { ids: 'TransitGatewayRouteTableAnnouncementIds' }),
  DeleteTransitGatewayRouteTableAnnouncement: async (input, ctx) => {
    const announcement = await ready(ctx, announcements, input.TransitGatewayRouteTableAnnouncementId);
    // assumed: only who announces may stop it.
    if (!announcement.$.arrival) throw general.invalidParameterValue(`The announcement ${input.TransitGatewayRouteTableAnnouncementId} is not an outgoing one.`);
    const { account, region, id } = announcement.$.arrival;
    const there = ctx.in(account, region);
    const incoming = await there.find(announcements, id);
    if (incoming && incoming.State !== 'deleted') await there.transition(announcements, incoming, 'deleting');
    return { TransitGatewayRouteTableAnnouncement: await ctx.transition(announcements, announcement, 'deleting') };
  },
} satisfies Handlers<Ec2Operations>;
