import type { Context } from '../../../src/kit/index.ts';
import { attachments, isAttached, type StoredAttachment } from '../transit-gateways/attachments.ts';
import { clientVpnEndpoints, isGone } from './endpoints.ts';
import { targetNetworks, type StoredTargetNetwork } from './target-networks.ts';

/** What enters a state now, which is not stored yet. */
interface Entering {
  readonly network?: StoredTargetNetwork;
  readonly attachment?: StoredAttachment;
}

const SERVING = ['associated', 'disassociating'];

/**
 * The state of an endpoint follows from its attachment and its target networks: without the first it is pending, without
 * the second it waits for one. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ClientVpnEndpointStatus.html
 */
export async function settle(ctx: Context, endpointId: string, entering: Entering = {}): Promise<void> {
  const endpoint = await ctx.find(clientVpnEndpoints, endpointId);
  if (!endpoint || isGone(endpoint)) return;
  const networks = (await ctx.list(targetNetworks, { member: 'ClientVpnEndpointId', value: endpointId })).map((n) => (n.AssociationId === entering.network?.AssociationId ? entering.network! : n));
  const attachmentId = endpoint.TransitGatewayConfiguration?.TransitGatewayAttachmentId;
  const attachment = attachmentId === undefined ? undefined : (entering.attachment ?? (await ctx.find(attachments, attachmentId)));
  const attached = attachmentId === undefined || (attachment !== undefined && isAttached(attachment));
  const code = !attached ? 'pending' : networks.some((n) => SERVING.includes(n.Status!.Code!)) ? 'available' : 'pending-associate';
  // assumed: a VPC that came with the first target network goes with the last one.
  if (endpoint.$.vpcFollows && networks.every((n) => n.Status!.Code === 'disassociated')) {
    delete endpoint.VpcId;
    delete endpoint.SecurityGroupIds;
    delete endpoint.$.vpcFollows;
  }
  if (endpoint.Status!.Code === code) await ctx.save(clientVpnEndpoints, endpoint);
  else await ctx.transition(clientVpnEndpoints, endpoint, code);
}
