import type { PeeringTgwInfo, TransitGatewayAttachment, TransitGatewayConnectOptions, TransitGatewayPeeringAttachmentOptions, TransitGatewayVpcAttachmentOptions } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { describes, resource, seconds, type Context, type Handlers, type Resource } from '../../../src/kit/index.ts';
import { associations } from './associations.ts';
import { detach, join } from './attachment-joints.ts';
import * as errors from './errors.ts';
import { comesAndGoes, LINGERS } from './lifecycles.ts';
import { natConfigurations } from './nat-configurations.ts';

export interface VpcDetails {
  readonly VpcId: string;
  readonly VpcOwnerId: string;
  SubnetIds: string[];
  Options: Wire<TransitGatewayVpcAttachmentOptions>;
}

export interface PeeringDetails {
  readonly AccepterTransitGatewayAttachmentId?: string;
  readonly RequesterTgwInfo: Wire<PeeringTgwInfo>;
  readonly AccepterTgwInfo: Wire<PeeringTgwInfo>;
  readonly Options: Wire<TransitGatewayPeeringAttachmentOptions>;
}

export interface ConnectDetails {
  readonly TransportTransitGatewayAttachmentId: string;
  readonly Options: Wire<TransitGatewayConnectOptions>;
}

export interface ClientVpnDetails {
  readonly ClientVpnEndpointId: string;
  readonly ClientVpnOwnerId: string;
}

/** Where the other end of a peering is. */
export interface OtherEnd {
  readonly account: string;
  readonly region: string;
  readonly attachmentId: string;
}

/** Every attachment is listed as one; beside it lies what only the listing of its type shows, and what AWS keeps to itself. */
export type StoredAttachment = Wire<TransitGatewayAttachment> & {
  $: {
    vpc?: VpcDetails;
    peering?: PeeringDetails;
    connect?: ConnectDetails;
    clientVpn?: ClientVpnDetails;
    /** The network interface in each subnet. */
    interfaces?: Record<string, string>;
    otherEnd?: OtherEnd;
    accepter?: boolean;
    /** Whether it was available once, and so came to the default tables. */
    joined?: boolean;
  };
};

export type AttachmentType = 'vpc' | 'peering' | 'connect' | 'vpn' | 'vpn-concentrator' | 'client-vpn';

/** States in which nothing hangs on an attachment any more. */
const ENDED = ['deleted', 'rejected', 'failed'];
export const isEnded = (attachment: StoredAttachment): boolean => ENDED.includes(attachment.State!);
/** In which traffic flows. */
export const isAttached = (attachment: StoredAttachment): boolean => attachment.State === 'available' || attachment.State === 'modifying';

/** https://docs.aws.amazon.com/vpc/latest/tgw/working-with-transit-gateways.html */
export const attachments: Resource<StoredAttachment> = resource<StoredAttachment>({
  service: 'ec2',
  kind: 'transit-gateway-attachment',
  shape: 'TransitGatewayAttachment',
  id: { member: 'TransitGatewayAttachmentId', prefix: 'tgw-attach' },
  notFound: errors.attachmentMissing,
  malformed: errors.attachmentMalformed,
  state: 'State',
  lifecycle: {
    ...comesAndGoes({ made: 60, changed: 15, deleted: 60 }),
    initiatingRequest: { after: seconds(10), to: 'pendingAcceptance' },
    rejecting: { after: seconds(5), to: 'rejected' },
    rejected: LINGERS,
  },
  entering: { available: join, deleted: detach, rejected: detach },
  references: {
    TransitGatewayId: { kind: 'ec2:transit-gateway', onDelete: 'keep' },
    ResourceId: { kind: 'ec2:vpc', onDelete: (a) => (a.ResourceType !== 'vpc' || isEnded(a) ? 'keep' : 'refuse') },
    '$.connect.TransportTransitGatewayAttachmentId': { kind: 'ec2:transit-gateway-attachment', onDelete: 'keep' },
  },
  filters: {
    state: 'State',
    'transit-gateway-id': 'TransitGatewayId',
    'transit-gateway-attachment-id': 'TransitGatewayAttachmentId',
    'vpc-id': (a) => a.$.vpc?.VpcId,
    'local-owner-id': 'TransitGatewayOwnerId',
    'remote-owner-id': 'ResourceOwnerId',
    'options.protocol': (a) => a.$.connect?.Options.Protocol,
    'transport-transit-gateway-attachment-id': (a) => a.$.connect?.TransportTransitGatewayAttachmentId,
  },
  conditionKeys: (a) => ({ 'ec2:transitGatewayAttachmentId': a.TransitGatewayAttachmentId }),
});

const NOUNS: Readonly<Record<AttachmentType, string>> = {
  vpc: 'Transit Gateway VPC Attachment', peering: 'Transit Gateway Peering Attachment', connect: 'Transit Gateway Connect',
  vpn: 'Transit Gateway VPN Attachment', 'vpn-concentrator': 'Transit Gateway VPN Concentrator Attachment', 'client-vpn': 'Transit Gateway Client VPN Attachment',
};

/** An attachment of one type; another type's is told as one that does not exist. */
export async function attachmentOf(ctx: Context, type: AttachmentType, id: string): Promise<StoredAttachment> {
  const notFound = errors.missing('InvalidTransitGatewayAttachmentID.NotFound', NOUNS[type]);
  if (!attachments.wellFormed(id)) throw errors.attachmentMalformed();
  const found = await ctx.find(attachments, id);
  if (found?.ResourceType !== type) throw notFound([id]);
  return found;
}

/** One that can be worked with: a deleted one does not exist, one on its way is in the wrong state. */
export async function attachmentIn(ctx: Context, type: AttachmentType, id: string, states: readonly string[] = ['available']): Promise<StoredAttachment> {
  const found = await attachmentOf(ctx, type, id);
  if (found.State === 'deleted') throw errors.missing('InvalidTransitGatewayAttachmentID.NotFound', NOUNS[type])([id]);
  if (!states.includes(found.State!)) throw errors.invalidState(id);
  return found;
}

/** One of any type that belongs to the gateway and carries traffic: of another gateway it is as if it did not exist. */
export async function attachmentTo(ctx: Context, gatewayId: string, id: string): Promise<StoredAttachment> {
  const found = await ctx.get(attachments, id);
  if (found.State === 'deleted' || found.TransitGatewayId !== gatewayId) throw errors.attachmentMissing([id]);
  if (!isAttached(found)) throw errors.invalidState(id);
  return found;
}

/** An attachment as the listing of its type shows it. */
export const shown = <Details extends 'vpc' | 'peering' | 'connect' | 'clientVpn'>(attachment: StoredAttachment, details: Details) => ({ ...attachment, ...attachment.$[details]! });

/** The listing of one type of attachments. */
export function describesType<I extends { TransitGatewayAttachmentIds?: string[] }, O>(type: 'vpc' | 'peering' | 'connect', shape: string) {
  return describes<StoredAttachment, I, O>(attachments, {
    ids: 'TransitGatewayAttachmentIds',
    shape,
    visible: (a) => a.ResourceType === type,
    prepare: async (input, ctx) => {
      for (const id of input.TransitGatewayAttachmentIds ?? []) await attachmentOf(ctx, type, id);
      return input;
    },
    project: (a) => shown(a, type),
  });
}

/** What routes and associations mention of an attachment. */
export const mention = (a: StoredAttachment) => ({ TransitGatewayAttachmentId: a.TransitGatewayAttachmentId!, ResourceId: a.ResourceId!, ResourceType: a.ResourceType! });

/** An association and a NAT configuration are documents of their own. */
async function complete(attachment: StoredAttachment, ctx: Context): Promise<StoredAttachment> {
  const id = attachment.TransitGatewayAttachmentId!;
  const association = await ctx.find(associations, id);
  const { TransitGatewayRouteTableId, TransitGatewayPolicyTableId, State } = association ?? {};
  const NatGatewaySupport = (await ctx.find(natConfigurations, id))?.NatGatewaySupport ?? attachment.NatGatewaySupport;
  return { ...attachment, NatGatewaySupport, Association: association && { TransitGatewayRouteTableId, TransitGatewayPolicyTableId, State } };
}

export const attachmentOperations = {
  DescribeTransitGatewayAttachments: describes(attachments, { ids: 'TransitGatewayAttachmentIds', complete }),
} satisfies Handlers<Ec2Operations>;
