import type { CarrierGateway } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, resource, seconds, type Handlers } from '../../../src/kit/index.ts';
import { vpcKey } from '../condition-keys.ts';
import * as errors from '../errors.ts';
import { setRouteState } from './route-tables.ts';
import { vpcs } from './vpcs.ts';

export type StoredCarrierGateway = Wire<CarrierGateway>;

const leaving = (gateway: StoredCarrierGateway): boolean => gateway.State === 'deleting' || gateway.State === 'deleted';

/** The way of a Wavelength Zone's subnets to the carrier. https://docs.aws.amazon.com/wavelength/latest/developerguide/carrier-gateways.html */
export const carrierGateways = resource<StoredCarrierGateway>({
  service: 'ec2',
  kind: 'carrier-gateway',
  shape: 'CarrierGateway',
  id: { member: 'CarrierGatewayId', prefix: 'cagw' },
  notFound: errors.notFound('InvalidCarrierGatewayID.NotFound', 'carrier gateway ID'),
  malformed: errors.malformedId('InvalidCarrierGatewayId.Malformed', 'cagw'),
  state: 'State',
  lifecycle: { pending: { after: seconds(5), to: 'available' }, deleting: { after: seconds(5), to: 'deleted' }, deleted: { after: seconds(60), to: 'gone' } },
  references: { VpcId: { kind: 'ec2:vpc', onDelete: (gateway) => (leaving(gateway) ? 'keep' : 'refuse') } },
  conditionKeys: (gateway, ctx) => ({ 'ec2:Vpc': vpcKey(ctx, gateway.VpcId) }),
});

export const carrierGatewayOperations = {
  CreateCarrierGateway: creates(carrierGateways, async (input, ctx) => {
    await ctx.get(vpcs, input.VpcId);
    const [other] = (await ctx.list(carrierGateways, { member: 'VpcId', value: input.VpcId })).filter((g) => !leaving(g));
    // assumed: a VPC has one, as it has one internet gateway.
    if (other) throw errors.invalidParameterValue(`Network ${input.VpcId} already has a carrier gateway attached`);
    return { VpcId: input.VpcId, State: 'pending' as const, OwnerId: ctx.account, Tags: [] };
  }),
  DescribeCarrierGateways: describes(carrierGateways, { ids: 'CarrierGatewayIds' }),
  DeleteCarrierGateway: async (input, ctx) => {
    const gateway = await ctx.get(carrierGateways, input.CarrierGatewayId);
    if (leaving(gateway)) return { CarrierGateway: gateway };
    await setRouteState(ctx, 'CarrierGatewayId', input.CarrierGatewayId, 'blackhole');
    return { CarrierGateway: await ctx.transition(carrierGateways, gateway, 'deleting') };
  },
} satisfies Handlers<Ec2Operations>;
