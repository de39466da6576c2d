import type { LocalGateway } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { describes, resource, type Context, type Handlers, type Resource } from '../../../src/kit/index.ts';
import { noOutpost, notReady, outpostZone, unknown } from './errors.ts';

/** `$.zone` is the Availability Zone of its Outpost. */
export type StoredLocalGateway = Wire<LocalGateway> & { $: { zone: string } };

/**
 * The way from an Outpost to the network where it stands. It is delivered with the Outpost, one for each.
 * https://docs.aws.amazon.com/outposts/latest/userguide/outposts-local-gateways.html
 */
export const localGateways = resource<StoredLocalGateway>({
  service: 'ec2',
  kind: 'local-gateway',
  shape: 'LocalGateway',
  id: { member: 'LocalGatewayId', prefix: 'lgw' },
  ...unknown('LocalGateway', 'local gateway', 'lgw'),
  state: 'State',
  indexed: ['OutpostArn'],
});

/** The local gateway of an Outpost of the account, which is in the zone. */
export async function outpostIn(ctx: Context, arn: string, zone: string): Promise<StoredLocalGateway> {
  const [gateway] = await ctx.list(localGateways, { member: 'OutpostArn', value: arn });
  if (!gateway) throw noOutpost(arn);
  if (gateway.$.zone !== zone) throw outpostZone(arn, zone);
  return gateway;
}

/** What something new is built upon: found, and done with coming and going. */
export async function ready<T extends object>(ctx: Context, kind: Resource<T>, id: string): Promise<T> {
  const document = await ctx.get(kind, id);
  const state = kind.stateOf(document);
  if (state !== 'available' && state !== 'associated') throw notReady(kind.kind.replaceAll('-', ' '), id, state);
  return document;
}

export const localGatewayOperations = { DescribeLocalGateways: describes(localGateways, { ids: 'LocalGatewayIds' }) } satisfies Handlers<Ec2Operations>;
