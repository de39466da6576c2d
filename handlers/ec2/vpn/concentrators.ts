import type { VpnConcentrator } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, resource, type Handlers, type Resource } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { comesAndGoes, living, ready } from '../transit-gateways/lifecycles.ts';
import { attachResource, detachResource } from '../transit-gateways/resource-attachments.ts';
import { transitGateways } from '../transit-gateways/transit-gateways.ts';
import * as errors from './errors.ts';

export type StoredVpnConcentrator = Wire<VpnConcentrator>;

/** Many connections over one attachment to a transit gateway. https://aws.amazon.com/blogs/networking-and-content-delivery/introducing-aws-site-to-site-vpn-concentrator-for-multi-site-connectivity/ */
export const vpnConcentrators: Resource<StoredVpnConcentrator> = resource<StoredVpnConcentrator>({
  service: 'ec2',
  kind: 'vpn-concentrator',
  shape: 'VpnConcentrator',
  id: { member: 'VpnConcentratorId', prefix: 'vcn' },
  // assumed: the texts for unknown ids.
  notFound: general.notFound('InvalidVpnConcentratorID.NotFound', 'vpnConcentrator ID'),
  malformed: general.malformedId('InvalidVpnConcentratorId.Malformed', 'vcn'),
  // assumed: the code with which one with connections is refused, as a virtual private gateway is.
  inUse: (id) => general.incorrectState(`The vpnConcentrator '${id}' has VPN connections.`),
  state: 'State',
  lifecycle: comesAndGoes({ made: 180, deleted: 120 }),
  references: { TransitGatewayId: { kind: 'ec2:transit-gateway', onDelete: 'keep' } },
});

export const concentratorOperations = {
  CreateVpnConcentrator: creates(vpnConcentrators, async (input, ctx) => {
    // "The Concentrator is a transit gateway attachment only."
    if (input.TransitGatewayId === undefined) throw general.missingParameter('TransitGatewayId');
    const gateway = await ready(ctx, transitGateways, input.TransitGatewayId);
    const id = ctx.newId(vpnConcentrators);
    const attachment = await attachResource(ctx, gateway, 'vpn-concentrator', id);
    return { VpnConcentratorId: id, State: 'pending', TransitGatewayId: input.TransitGatewayId, TransitGatewayAttachmentId: attachment.TransitGatewayAttachmentId, Type: input.Type };
  }),
  DescribeVpnConcentrators: describes(vpnConcentrators, { ids: 'VpnConcentratorIds' }),
  DeleteVpnConcentrator: async (input, ctx) => {
    if (!vpnConcentrators.wellFormed(input.VpnConcentratorId)) throw errors.concentratorMalformed(input.VpnConcentratorId);
    const concentrator = await living(ctx, vpnConcentrators, input.VpnConcentratorId);
    await ctx.refuseWhileReferred(vpnConcentrators, input.VpnConcentratorId);
    if (concentrator.State !== 'deleting') {
      await ctx.transition(vpnConcentrators, concentrator, 'deleting');
      await detachResource(ctx, input.VpnConcentratorId);
    }
    return { Return: true };
  },
} satisfies Handlers<Ec2Operations>;
