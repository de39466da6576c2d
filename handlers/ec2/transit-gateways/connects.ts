import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { specifiedTags, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { attachmentIn, attachments, describesType, isAttached, shown, type StoredAttachment } from './attachments.ts';
import { connectPeers } from './connect-peers.ts';
import * as errors from './errors.ts';
import { living } from './lifecycles.ts';

const answer = (attachment: StoredAttachment) => ({ TransitGatewayConnect: shown(attachment, 'connect') });

/** A tunnel attachment through another one. https://docs.aws.amazon.com/vpc/latest/tgw/tgw-connect.html */
export const connectOperations = {
  CreateTransitGatewayConnect: async (input, ctx) => {
    const tags = specifiedTags(input.TagSpecifications, 'transit-gateway-attachment');
    const transport = await living(ctx, attachments, input.TransportTransitGatewayAttachmentId);
    if (transport.ResourceType !== 'vpc') throw general.invalidValue(input.TransportTransitGatewayAttachmentId, 'TransportTransitGatewayAttachmentId', 'The transport attachment must be a VPC or Direct Connect attachment.');
    if (!isAttached(transport)) throw errors.invalidState(input.TransportTransitGatewayAttachmentId);
    return answer(await ctx.create(attachments, {
      // assumed: the resource of a Connect attachment is its transport attachment.
      TransitGatewayAttachmentId: ctx.newId(attachments), TransitGatewayId: transport.TransitGatewayId, TransitGatewayOwnerId: transport.TransitGatewayOwnerId, ResourceOwnerId: ctx.account, ResourceType: 'connect',
      ResourceId: input.TransportTransitGatewayAttachmentId, State: 'pending', CreationTime: ctx.wholeSecond, Tags: tags,
      $: { connect: { TransportTransitGatewayAttachmentId: input.TransportTransitGatewayAttachmentId, Options: { Protocol: input.Options.Protocol } } },
    }));
  },
  DescribeTransitGatewayConnects: describesType('connect', 'TransitGatewayConnect'),
  /** "You must first delete any Connect peers for the attachment." https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteTransitGatewayConnect.html */
  DeleteTransitGatewayConnect: async (input, ctx) => {
    const attachment = await attachmentIn(ctx, 'connect', input.TransitGatewayAttachmentId);
    const peers = (await ctx.list(connectPeers, { member: 'TransitGatewayAttachmentId', value: input.TransitGatewayAttachmentId })).filter((p) => p.State !== 'deleted');
    if (peers.length > 0) throw errors.stillHas(input.TransitGatewayAttachmentId, 'Connect Peers', peers.map((p) => p.TransitGatewayConnectPeerId!));
    return answer(await ctx.transition(attachments, attachment, 'deleting'));
  },
} satisfies Handlers<Ec2Operations>;
