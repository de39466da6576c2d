import type { TransitGatewayMulticastDomain } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import * as errors from './errors.ts';
import { comesAndGoes, ends, ready, withGiven } from './lifecycles.ts';
import { multicastAssociations } from './multicast-associations.ts';
import { transitGateways } from './transit-gateways.ts';

export type StoredDomain = Wire<TransitGatewayMulticastDomain>;

/** https://docs.aws.amazon.com/vpc/latest/tgw/tgw-multicast-overview.html */
export const multicastDomains = resource<StoredDomain>({
  service: 'ec2',
  kind: 'transit-gateway-multicast-domain',
  shape: 'TransitGatewayMulticastDomain',
  id: { member: 'TransitGatewayMulticastDomainId', prefix: 'tgw-mcast-domain' },
  notFound: errors.missing('InvalidTransitGatewayMulticastDomainId.NotFound', 'Transit Gateway Multicast Domain'),
  malformed: errors.malformed('InvalidTransitGatewayMulticastDomainId.Malformed', 'Transit Gateway Multicast Domain'),
  state: 'State',
  lifecycle: comesAndGoes({ made: 30, deleted: 30 }),
  references: { TransitGatewayId: { kind: 'ec2:transit-gateway', onDelete: 'keep' } },
  conditionKeys: (d) => ({ 'ec2:transitGatewayMulticastDomainId': d.TransitGatewayMulticastDomainId }),
});

const DEFAULTS: NonNullable<StoredDomain['Options']> = { Igmpv2Support: 'disable', StaticSourcesSupport: 'disable', AutoAcceptSharedAssociations: 'disable' };

async function planDomain(input: Ec2Operations['CreateTransitGatewayMulticastDomain']['input'], ctx: Context): Promise<Partial<StoredDomain>> {
  const gateway = await ready(ctx, transitGateways, input.TransitGatewayId);
  // assumed: the code with which a gateway without multicast is refused.
  if (gateway.Options!.MulticastSupport !== 'enable') throw general.unsupportedOperation(`Multicast support is not enabled for ${input.TransitGatewayId}.`);
  const made: StoredDomain = {
    TransitGatewayMulticastDomainId: ctx.newId(multicastDomains), TransitGatewayId: input.TransitGatewayId, OwnerId: ctx.account, State: 'pending', CreationTime: ctx.wholeSecond,
    Options: withGiven(DEFAULTS, input.Options),
  };
  return { ...made, TransitGatewayMulticastDomainArn: ctx.arn(multicastDomains, made) };
}

export const multicastDomainOperations = {
  CreateTransitGatewayMulticastDomain: creates(multicastDomains, planDomain),
  DescribeTransitGatewayMulticastDomains: describes(multicastDomains, { ids: 'TransitGatewayMulticastDomainIds' }),
  // assumed: a domain with subnets is kept with this text.
  DeleteTransitGatewayMulticastDomain: ends(multicastDomains, 'TransitGatewayMulticastDomainId', (TransitGatewayMulticastDomain) => ({ TransitGatewayMulticastDomain }), async (domain, ctx) => {
    const id = domain.TransitGatewayMulticastDomainId!;
    const subnets = (await ctx.list(multicastAssociations, { member: 'TransitGatewayMulticastDomainId', value: id })).map((a) => a.SubnetKey);
    if (subnets.length > 0) throw errors.stillHas(id, 'Multicast Domain Associations', subnets);
  }),
} satisfies Handlers<Ec2Operations>;
