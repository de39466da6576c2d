import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Context, Handlers } from '../../../src/kit/index.ts';
import { zone } from '../catalog/regions.ts';
import * as general from '../errors.ts';
import { attachmentIn, attachments, shown, type StoredAttachment } from '../transit-gateways/attachments.ts';
import { ready } from '../transit-gateways/lifecycles.ts';
import { attachResource, detachResource } from '../transit-gateways/resource-attachments.ts';
import { transitGateways } from '../transit-gateways/transit-gateways.ts';
import { clientVpnEndpoints, type StoredClientVpnEndpoint } from './endpoints.ts';

type Configuration = NonNullable<Ec2Operations['CreateClientVpnEndpoint']['input']['TransitGatewayConfiguration']>;
type Zone = NonNullable<ReturnType<typeof zone>>;

/** The zones in which an endpoint is to be joined to its gateway, by name or by id. */
export function gatewayZones(ctx: Context, { AvailabilityZones: names, AvailabilityZoneIds: ids }: Configuration): Zone[] {
  if (names?.length && ids?.length) throw general.invalidParameterCombination('The parameters AvailabilityZones and AvailabilityZoneIds cannot be used together');
  return [...(names ?? []), ...(ids ?? [])].map((text) => {
    const found = zone(ctx.region, text);
    if (!found) throw general.invalidAvailabilityZone(text);
    return found;
  });
}

/** "When you associate a Client VPN endpoint with a transit gateway, a Client VPN attachment is automatically created." https://docs.aws.amazon.com/vpc/latest/tgw/tgw-client-vpn-attachments.html */
export async function attachToGateway(ctx: Context, endpoint: StoredClientVpnEndpoint, gatewayId: string | undefined): Promise<void> {
  if (gatewayId === undefined) throw general.missingParameter('TransitGatewayId');
  const gateway = await ready(ctx, transitGateways, gatewayId);
  // "Your transit gateway must have an assigned IPv4 or IPv6 CIDR block." assumed: the words for one without.
  if ((gateway.Options!.TransitGatewayCidrBlocks ?? []).length === 0) throw general.invalidParameterValue(`Transit Gateway ${gatewayId} does not have a CIDR block.`);
  const id = endpoint.ClientVpnEndpointId!;
  const attachment = await attachResource(ctx, gateway, 'client-vpn', id, { clientVpn: { ClientVpnEndpointId: id, ClientVpnOwnerId: ctx.account } });
  endpoint.TransitGatewayConfiguration = { TransitGatewayId: gatewayId, TransitGatewayAttachmentId: attachment.TransitGatewayAttachmentId };
  await ctx.save(clientVpnEndpoints, endpoint);
}

export const detachFromGateway = (ctx: Context, endpoint: StoredClientVpnEndpoint): Promise<void> => detachResource(ctx, endpoint.ClientVpnEndpointId!);

type Answer = Ec2Operations['AcceptTransitGatewayClientVpnAttachment']['output'];
type Input = { readonly TransitGatewayAttachmentId: string };

/** An attachment of this type is never modified: it is in no state that its own shape does not have. */
const answer = (attachment: StoredAttachment): Answer => ({ TransitGatewayClientVpnAttachment: { ...shown(attachment, 'clientVpn'), State: attachment.State as 'available' } });

const moves = (from: readonly string[], to: string) => async (input: Input, ctx: Context): Promise<Answer> =>
  answer(await ctx.transition(attachments, await attachmentIn(ctx, 'client-vpn', input.TransitGatewayAttachmentId, from), to));

/** What another account asks to attach waits for its acceptance; without shares (RAM) nobody but the owner sees a gateway, and nothing waits. */
export const gatewayAttachmentOperations = {
  AcceptTransitGatewayClientVpnAttachment: moves(['pendingAcceptance'], 'pending'),
  RejectTransitGatewayClientVpnAttachment: moves(['pendingAcceptance'], 'rejecting'),
  DeleteTransitGatewayClientVpnAttachment: moves(['available', 'pendingAcceptance'], 'deleting'),
} satisfies Handlers<Ec2Operations>;
