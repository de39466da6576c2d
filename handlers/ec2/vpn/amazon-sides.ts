import type { Context } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { attachments, isEnded } from '../transit-gateways/attachments.ts';
import { ready } from '../transit-gateways/lifecycles.ts';
import { transitGateways } from '../transit-gateways/transit-gateways.ts';
import type { StoredVpnConnection } from './vpn-connections.ts';
import { liveGateway } from './vpn-gateways.ts';

type Ends = Pick<StoredVpnConnection, 'VpnGatewayId' | 'TransitGatewayId'>;

/** The end of a connection that is Amazon's: a virtual private gateway or a transit gateway. https://docs.aws.amazon.com/vpn/latest/s2svpn/how_it_works.html */
export type AmazonSide = Ends & { readonly asn: number };

export async function chosenSide(ctx: Context, { VpnGatewayId, TransitGatewayId }: { [End in keyof Ends]: string | undefined }): Promise<AmazonSide> {
  // assumed: the code and text of this refusal.
  if (VpnGatewayId !== undefined && TransitGatewayId !== undefined) throw errors.invalidParameterCombination('Only one of vpnGatewayId and transitGatewayId may be specified.');
  if (TransitGatewayId !== undefined) return { TransitGatewayId, asn: (await ready(ctx, transitGateways, TransitGatewayId)).Options!.AmazonSideAsn! };
  if (VpnGatewayId === undefined) throw errors.missingParameter('vpnGatewayId');
  return { VpnGatewayId, asn: (await liveGateway(ctx, VpnGatewayId)).AmazonSideAsn! };
}

export async function sideOf(ctx: Context, { VpnGatewayId, TransitGatewayId }: Ends): Promise<AmazonSide> {
  const gateway = TransitGatewayId === undefined ? await liveGateway(ctx, VpnGatewayId!) : (await ctx.get(transitGateways, TransitGatewayId)).Options!;
  return { ...(TransitGatewayId === undefined ? { VpnGatewayId: VpnGatewayId! } : { TransitGatewayId }), asn: gateway.AmazonSideAsn! };
}

/** A connection to a transit gateway is an attachment of it. https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpn-attachments.html */
export async function attachTo({ VpnConnectionId, TransitGatewayId }: StoredVpnConnection, ctx: Context): Promise<void> {
  if (TransitGatewayId === undefined) return;
  const gateway = await ctx.get(transitGateways, TransitGatewayId);
  await ctx.create(attachments, {
    TransitGatewayAttachmentId: ctx.newId(attachments), TransitGatewayId, TransitGatewayOwnerId: gateway.OwnerId, ResourceOwnerId: ctx.account, ResourceType: 'vpn', ResourceId: VpnConnectionId!, State: 'pending', CreationTime: ctx.now, Tags: [], $: {},
  });
}

export async function detachFrom({ VpnConnectionId, TransitGatewayId }: StoredVpnConnection, ctx: Context): Promise<void> {
  if (TransitGatewayId === undefined) return;
  for (const attachment of await ctx.list(attachments, { member: 'ResourceId', value: VpnConnectionId! })) if (!isEnded(attachment)) await ctx.transition(attachments, attachment, 'deleting');
}
