import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { specifiedTags, type Context, type Handlers } from '../../../src/kit/index.ts';
import { isRegion } from '../catalog/regions.ts';
import * as general from '../errors.ts';
import { attachmentIn, attachments, describesType, isEnded, shown, type PeeringDetails, type StoredAttachment } from './attachments.ts';
import * as errors from './errors.ts';
import { ready } from './lifecycles.ts';
import { transitGateways } from './transit-gateways.ts';

type Input = Ec2Operations['CreateTransitGatewayPeeringAttachment']['input'];
type Answer = { TransitGatewayPeeringAttachment: ReturnType<typeof shown<'peering'>> };

const answer = (attachment: StoredAttachment): Answer => ({ TransitGatewayPeeringAttachment: shown(attachment, 'peering') });

/** Where the peer gateway is, which must be another one that is available. */
async function peerOf(input: Input, ctx: Context): Promise<Context> {
  if (!isRegion(input.PeerRegion)) throw general.invalidValue(input.PeerRegion, 'PeerRegion', 'Unknown Region.');
  if (!/^\d{12}$/.test(input.PeerAccountId)) throw general.invalidValue(input.PeerAccountId, 'PeerAccountId', 'Expected an account ID of 12 digits.');
  const there = ctx.in(input.PeerAccountId, input.PeerRegion);
  // assumed: a peer that does not exist is refused at once, and so is the gateway itself.
  await ready(there, transitGateways, input.PeerTransitGatewayId);
  if (input.PeerTransitGatewayId === input.TransitGatewayId) throw general.invalidValue(input.PeerTransitGatewayId, 'PeerTransitGatewayId', 'A transit gateway cannot be peered with itself.');
  return there;
}

/**
 * Both ends see the attachment, each in its account and region. Between regions or accounts it has one id.
 * https://docs.aws.amazon.com/vpc/latest/tgw/tgw-peering.html
 */
async function create(input: Input, ctx: Context): Promise<Answer> {
  const tags = specifiedTags(input.TagSpecifications, 'transit-gateway-attachment');
  await ready(ctx, transitGateways, input.TransitGatewayId);
  const there = await peerOf(input, ctx);
  const twin = (await ctx.list(attachments, { member: 'TransitGatewayId', value: input.TransitGatewayId })).find((a) => a.ResourceType === 'peering' && a.ResourceId === input.PeerTransitGatewayId && !isEnded(a));
  if (twin) throw errors.duplicateAttachment(input.TransitGatewayId, 'Peer Transit Gateway ID');
  const id = ctx.newId(attachments);
  // assumed: where both ends are in one account and region, the accepter's attachment has an id of its own.
  const together = there.account === ctx.account && there.region === ctx.region;
  const otherId = together ? ctx.newId(attachments) : id;
  const peering: PeeringDetails = {
    ...(together ? { AccepterTransitGatewayAttachmentId: otherId } : {}),
    RequesterTgwInfo: { TransitGatewayId: input.TransitGatewayId, OwnerId: ctx.account, Region: ctx.region },
    AccepterTgwInfo: { TransitGatewayId: input.PeerTransitGatewayId, OwnerId: there.account, Region: there.region },
    Options: { DynamicRouting: input.Options?.DynamicRouting ?? 'disable' },
  };
  const end = (at: Context, attachmentId: string, own: string, other: Context, otherAttachmentId: string, resourceId: string): StoredAttachment => ({
    TransitGatewayAttachmentId: attachmentId, TransitGatewayId: own, TransitGatewayOwnerId: at.account, ResourceOwnerId: other.account, ResourceType: 'peering', ResourceId: resourceId,
    State: 'initiatingRequest', CreationTime: ctx.wholeSecond, Tags: [], $: { peering, otherEnd: { account: other.account, region: other.region, attachmentId: otherAttachmentId } },
  });
  const accepting = end(there, otherId, input.PeerTransitGatewayId, ctx, id, input.TransitGatewayId);
  await there.create(attachments, { ...accepting, $: { ...accepting.$, accepter: true } });
  return answer(await ctx.create(attachments, { ...end(ctx, id, input.TransitGatewayId, there, otherId, input.PeerTransitGatewayId), Tags: tags }));
}

/** Both ends go through the same states. */
async function moveBoth(ctx: Context, attachment: StoredAttachment, state: string): Promise<Answer> {
  const { account, region, attachmentId } = attachment.$.otherEnd!;
  const there = ctx.in(account, region);
  const other = await there.find(attachments, attachmentId);
  if (other && !isEnded(other)) await there.transition(attachments, other, state);
  return answer(await ctx.transition(attachments, attachment, state));
}

/** The accepter's to say. */
const decides = (state: 'pending' | 'rejecting') => async (input: { readonly TransitGatewayAttachmentId: string }, ctx: Context): Promise<Answer> => {
  const attachment = await attachmentIn(ctx, 'peering', input.TransitGatewayAttachmentId, ['pendingAcceptance']);
  // assumed: the code with which the requester is refused.
  if (!attachment.$.accepter) throw errors.invalidState(input.TransitGatewayAttachmentId);
  return moveBoth(ctx, attachment, state);
};

export const peeringAttachmentOperations = {
  CreateTransitGatewayPeeringAttachment: create,
  DescribeTransitGatewayPeeringAttachments: describesType('peering', 'TransitGatewayPeeringAttachment'),
  AcceptTransitGatewayPeeringAttachment: decides('pending'),
  RejectTransitGatewayPeeringAttachment: decides('rejecting'),
  /** Either end may end it. */
  DeleteTransitGatewayPeeringAttachment: async (input, ctx) => moveBoth(ctx, await attachmentIn(ctx, 'peering', input.TransitGatewayAttachmentId, ['available', 'pendingAcceptance', 'initiatingRequest']), 'deleting'),
} satisfies Handlers<Ec2Operations>;
