import type { VpnGateway } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { AwsError, creates, describes, hours, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import { zone } from '../catalog/regions.ts';
import * as errors from '../errors.ts';
import { routeTables } from '../vpcs/route-tables.ts';
import { vpcs } from '../vpcs/vpcs.ts';
import { propagate } from './route-propagation.ts';

export type StoredVpnGateway = Wire<VpnGateway>;

/** https://docs.aws.amazon.com/vpn/latest/s2svpn/how_it_works.html#VPNGateway */
export const vpnGateways = resource<StoredVpnGateway>({
  service: 'ec2',
  kind: 'vpn-gateway',
  shape: 'VpnGateway',
  id: { member: 'VpnGatewayId', prefix: 'vgw' },
  notFound: errors.notFound('InvalidVpnGatewayID.NotFound', 'vpnGateway ID'),
  malformed: errors.malformedId('InvalidVpnGatewayId.Malformed', 'vgw'),
  inUse: (id) => errors.incorrectState(`The vpnGateway '${id}' has VPN connections.`),
  state: 'State',
  // Deleted gateways are described for a while.
  lifecycle: { deleted: { after: hours(1), to: 'gone', paced: false } },
  references: { 'VpcAttachments.VpcId': { kind: 'ec2:vpc', onDelete: (gateway) => (attachedVpc(gateway) === undefined ? 'keep' : 'refuse') } },
  filters: { 'attachment.state': 'VpcAttachments.State', 'attachment.vpc-id': 'VpcAttachments.VpcId' },
});

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpnGateway.html */
const DEFAULT_ASN = 64_512;
const isPrivateAsn = (asn: number): boolean => (asn >= 64_512 && asn <= 65_534) || (asn >= 4_200_000_000 && asn <= 4_294_967_294);

/** A gateway that is deleted is described and can be used for nothing. */
export async function liveGateway(ctx: Context, id: string): Promise<StoredVpnGateway> {
  const gateway = await ctx.get(vpnGateways, id);
  if (gateway.State !== 'available') throw vpnGateways.notFound([id]);
  return gateway;
}

/** Attaching and detaching take some seconds in AWS, and nothing waits for them there. */
export const attachedVpc = (gateway: StoredVpnGateway): string | undefined => gateway.VpcAttachments!.find((a) => a.State === 'attached')?.VpcId;

export const vpnGatewayOperations = {
  CreateVpnGateway: creates(vpnGateways, (input, ctx): Partial<StoredVpnGateway> => {
    if (input.AvailabilityZone && !zone(ctx.region, input.AvailabilityZone)) throw errors.invalidAvailabilityZone(input.AvailabilityZone);
    const asn = input.AmazonSideAsn ?? DEFAULT_ASN;
    if (!isPrivateAsn(asn)) throw errors.invalidParameterValue(`The Amazon side ASN ${asn} is not in the range 64512-65534 or 4200000000-4294967294.`);
    return { State: 'available', Type: input.Type, VpcAttachments: [], AmazonSideAsn: asn, ...(input.AvailabilityZone && { AvailabilityZone: input.AvailabilityZone }) };
  }),
  DescribeVpnGateways: describes(vpnGateways, { ids: 'VpnGatewayIds' }),
  AttachVpnGateway: async (input, ctx) => {
    const gateway = await liveGateway(ctx, input.VpnGatewayId);
    await ctx.get(vpcs, input.VpcId);
    if (attachedVpc(gateway) === input.VpcId) return { VpcAttachment: { State: 'attached' as const, VpcId: input.VpcId } };
    if (attachedVpc(gateway) !== undefined) throw new AwsError('VpnGatewayAttachmentLimitExceeded', `The VPN gateway ${input.VpnGatewayId} is attached to ${attachedVpc(gateway)} already.`);
    const others = await ctx.list(vpnGateways, { member: 'VpcAttachments.VpcId', value: input.VpcId });
    if (others.some((other) => attachedVpc(other) === input.VpcId)) throw errors.invalidParameterValue(`Network ${input.VpcId} already has a VPN gateway attached`);
    gateway.VpcAttachments = [{ State: 'attached', VpcId: input.VpcId }];
    await ctx.save(vpnGateways, gateway);
    return { VpcAttachment: { State: 'attaching' as const, VpcId: input.VpcId } };
  },
  DetachVpnGateway: async (input, ctx) => {
    const gateway = await liveGateway(ctx, input.VpnGatewayId);
    if (attachedVpc(gateway) !== input.VpcId) throw new AwsError('InvalidVpnGatewayAttachment.NotFound', `The attachment with vpn gateway ID '${input.VpnGatewayId}' and vpc ID '${input.VpcId}' does not exist`);
    // What waits for the end of it waits for this word. https://github.com/ansible-collections/amazon.aws/blob/main/plugins/module_utils/waiters.py
    // assumed: it stands there until the gateway is attached again.
    gateway.VpcAttachments = [{ State: 'detached', VpcId: input.VpcId }];
    await ctx.save(vpnGateways, gateway);
    for (const table of await ctx.list(routeTables, { member: 'VpcId', value: input.VpcId })) {
      table.PropagatingVgws = (table.PropagatingVgws ?? []).filter((p) => p.GatewayId !== input.VpnGatewayId);
      // Routes that somebody made stay and lead nowhere; those that were propagated go.
      table.Routes = table.Routes!.filter((r) => !(r.GatewayId === input.VpnGatewayId && r.Origin === 'EnableVgwRoutePropagation'));
      for (const route of table.Routes) if (route.GatewayId === input.VpnGatewayId) route.State = 'blackhole';
      // assumed: a gateway that is in no VPC routes nothing by a table of one.
      table.Associations = table.Associations!.filter((a) => a.GatewayId !== input.VpnGatewayId);
      await ctx.save(routeTables, table);
    }
    return {};
  },
  DeleteVpnGateway: async (input, ctx) => {
    const gateway = await liveGateway(ctx, input.VpnGatewayId);
    if (attachedVpc(gateway) !== undefined) throw errors.incorrectState(`The vpnGateway '${input.VpnGatewayId}' is attached to ${attachedVpc(gateway)}.`);
    await ctx.refuseWhileReferred(vpnGateways, input.VpnGatewayId);
    await ctx.transition(vpnGateways, gateway, 'deleted');
    return {};
  },
  EnableVgwRoutePropagation: async (input, ctx) => {
    const table = await ctx.get(routeTables, input.RouteTableId);
    const gateway = await liveGateway(ctx, input.GatewayId);
    if (attachedVpc(gateway) !== table.VpcId) throw errors.gatewayNotAttached(input.GatewayId, table.VpcId!);
    if (table.PropagatingVgws?.some((p) => p.GatewayId === input.GatewayId)) return {};
    table.PropagatingVgws = [...(table.PropagatingVgws ?? []), { GatewayId: input.GatewayId }];
    await ctx.save(routeTables, table);
    await propagate(ctx, input.GatewayId);
    return {};
  },
  DisableVgwRoutePropagation: async (input, ctx) => {
    const table = await ctx.get(routeTables, input.RouteTableId);
    await ctx.get(vpnGateways, input.GatewayId);
    table.PropagatingVgws = (table.PropagatingVgws ?? []).filter((p) => p.GatewayId !== input.GatewayId);
    table.Routes = table.Routes!.filter((r) => !(r.GatewayId === input.GatewayId && r.Origin === 'EnableVgwRoutePropagation'));
    await ctx.save(routeTables, table);
    return {};
  },
} satisfies Handlers<Ec2Operations>;
