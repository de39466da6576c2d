import type { InternetGateway } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, deletes, describes, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import { internetGatewayKeys } from '../condition-keys.ts';
import * as errors from '../errors.ts';
import { networkInterfaces } from '../network-interfaces/network-interfaces.ts';
import { setRouteState } from './route-tables.ts';
import { vpcs } from './vpcs.ts';

export type StoredInternetGateway = Wire<InternetGateway>;

/** https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html */
export const internetGateways = resource<StoredInternetGateway>({
  service: 'ec2',
  kind: 'internet-gateway',
  shape: 'InternetGateway',
  id: { member: 'InternetGatewayId', prefix: 'igw' },
  emptyTags: true,
  notFound: errors.notFound('InvalidInternetGatewayID.NotFound', 'internetGateway ID'),
  malformed: errors.malformedId('InvalidInternetGatewayId.Malformed', 'igw'),
  inUse: errors.hasDependencies('internetGateway'),
  references: { 'Attachments.VpcId': { kind: 'ec2:vpc' } },
  conditionKeys: internetGatewayKeys,
});

export async function attachGateway(ctx: Context, gateway: StoredInternetGateway, vpcId: string): Promise<void> {
  // The model's enum has no 'available', which is what EC2 answers. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InternetGatewayAttachment.html
  gateway.Attachments = [{ State: 'available' as 'attached', VpcId: vpcId }];
  await ctx.save(internetGateways, gateway);
  await setRouteState(ctx, 'GatewayId', gateway.InternetGatewayId!, 'active', vpcId);
}

export const internetGatewayOperations = {
  CreateInternetGateway: creates(internetGateways, (_input, ctx) => ({ Attachments: [], OwnerId: ctx.account })),
  DescribeInternetGateways: describes(internetGateways, { ids: 'InternetGatewayIds' }),
  AttachInternetGateway: async (input, ctx) => {
    const gateway = await ctx.get(internetGateways, input.InternetGatewayId);
    await ctx.get(vpcs, input.VpcId);
    if (gateway.Attachments!.length > 0) throw errors.gatewayAlreadyAttached(input.InternetGatewayId);
    const [other] = await ctx.list(internetGateways, { member: 'Attachments.VpcId', value: input.VpcId });
    if (other) throw errors.invalidParameterValue(`Network ${input.VpcId} already has an internet gateway attached`);
    await attachGateway(ctx, gateway, input.VpcId);
    return {};
  },
  DetachInternetGateway: async (input, ctx) => {
    const gateway = await ctx.get(internetGateways, input.InternetGatewayId);
    if (!gateway.Attachments!.some((a) => a.VpcId === input.VpcId)) throw errors.gatewayNotAttached(input.InternetGatewayId, input.VpcId);
    const mapped = (await ctx.list(networkInterfaces, { member: 'VpcId', value: input.VpcId })).some((e) => e.Association?.PublicIp);
    if (mapped) throw errors.dependencyViolation(`Network ${input.VpcId} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`);
    gateway.Attachments = [];
    await ctx.save(internetGateways, gateway);
    await setRouteState(ctx, 'GatewayId', input.InternetGatewayId, 'blackhole');
    return {};
  },
  DeleteInternetGateway: deletes(internetGateways, {
    id: 'InternetGatewayId',
    before: (gateway) => {
      if (gateway.Attachments!.length > 0) throw errors.hasDependencies('internetGateway')(gateway.InternetGatewayId!);
    },
  }),
} satisfies Handlers<Ec2Operations>;
