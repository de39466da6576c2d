import type { EgressOnlyInternetGateway } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { AwsError, creates, describes, resource, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { setRouteState } from './route-tables.ts';
import { vpcs } from './vpcs.ts';

export type StoredEgressGateway = Wire<EgressOnlyInternetGateway>;

/** https://docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html */
export const egressOnlyInternetGateways = resource<StoredEgressGateway>({
  service: 'ec2',
  kind: 'egress-only-internet-gateway',
  shape: 'EgressOnlyInternetGateway',
  id: { member: 'EgressOnlyInternetGatewayId', prefix: 'eigw' },
  notFound: (ids) => new AwsError('InvalidGatewayID.NotFound', `The eigw ID '${ids.join(', ')}' does not exist`),
  malformed: errors.malformedId('InvalidEgressOnlyInternetGatewayId.Malformed', 'eigw'),
  references: { 'Attachments.VpcId': { kind: 'ec2:vpc' } },
});

export const egressOnlyInternetGatewayOperations = {
  CreateEgressOnlyInternetGateway: creates(egressOnlyInternetGateways, async (input, ctx) => {
    await ctx.get(vpcs, input.VpcId);
    const [other] = await ctx.list(egressOnlyInternetGateways, { member: 'Attachments.VpcId', value: input.VpcId });
    // "You can attach only one egress-only internet gateway to a VPC at a time." https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
    // assumed: with the words that an internet gateway's attachment has.
    if (other) throw errors.invalidParameterValue(`Network ${input.VpcId} already has an egress-only internet gateway attached`);
    return { Attachments: [{ State: 'attached' as const, VpcId: input.VpcId }], Tags: [] };
  }),
  /** One that is gone is absent from the list, no error: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ec2/find.go knows no code of it. */
  DescribeEgressOnlyInternetGateways: describes(egressOnlyInternetGateways, { ids: 'EgressOnlyInternetGatewayIds', omitsUnknown: true }),
  /** Routes to it become black holes. */
  DeleteEgressOnlyInternetGateway: async (input, ctx) => {
    const gateway = await ctx.get(egressOnlyInternetGateways, input.EgressOnlyInternetGatewayId);
    await setRouteState(ctx, 'EgressOnlyInternetGatewayId', input.EgressOnlyInternetGatewayId, 'blackhole');
    await ctx.remove(egressOnlyInternetGateways, gateway);
    return { ReturnCode: true };
  },
} satisfies Handlers<Ec2Operations>;
