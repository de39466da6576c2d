import type { RouteServerEndpoint } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, hours, minutes, resource, type Context, type Filter, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { networkInterfaces, planInterface, removeInterface } from '../network-interfaces/network-interfaces.ts';
import { subnets } from '../vpcs/subnets.ts';
import { servedVpc } from './associations.ts';
import * as errors from './errors.ts';
import { availableServer } from './route-servers.ts';

/** `$` holds the zone, which policies ask for. */
export type StoredEndpoint = Wire<RouteServerEndpoint> & { $: { zone: string } };

export const isGone = ({ State }: { readonly State?: string | undefined }): boolean => State === 'deleted';

/** https://docs.aws.amazon.com/vpc/latest/userguide/route-server-tutorial-create-endpoints.html */
export const endpoints = resource<StoredEndpoint>({
  service: 'ec2',
  kind: 'route-server-endpoint',
  shape: 'RouteServerEndpoint',
  id: { member: 'RouteServerEndpointId', prefix: 'rse' },
  notFound: general.notFound('InvalidRouteServerEndpointId.NotFound', 'route server endpoint ID'),
  malformed: general.malformedId('InvalidRouteServerEndpointId.Malformed', 'rse'),
  // assumed: this code and these words of an endpoint that has peers.
  inUse: general.hasDependencies('routeServerEndpoint'),
  state: 'State',
  lifecycle: {
    pending: { after: minutes(3), to: 'available' },
    deleting: { after: minutes(2), to: 'deleted' },
    // assumed: for an hour what is deleted is described.
    deleted: { after: hours(1), to: 'gone', paced: false },
  },
  entering: { available: connect, deleted: disconnect },
  references: {
    RouteServerId: { kind: 'ec2:route-server', onDelete: (e) => (isGone(e) ? 'keep' : 'refuse') },
    VpcId: { kind: 'ec2:vpc', onDelete: (e) => (isGone(e) ? 'keep' : 'refuse') },
    SubnetId: { kind: 'ec2:subnet', onDelete: (e) => (isGone(e) ? 'keep' : 'refuse') },
  },
  conditionKeys: (endpoint) => ({ 'ec2:AvailabilityZone': endpoint.$.zone }),
});

export const endpointsOf = (ctx: Context, serverId: string): Promise<StoredEndpoint[]> => ctx.list(endpoints, { member: 'RouteServerId', value: serverId });

/** The endpoint's interface comes with its being available; a subnet without a free address lets it fail. */
async function connect(endpoint: StoredEndpoint, ctx: Context): Promise<void> {
  const made = await ctx.attempt(async () => {
    const subnet = await ctx.get(subnets, endpoint.SubnetId!);
    const eni = await planInterface(ctx, { subnet, groups: [], description: `VPC Route Server endpoint ${endpoint.RouteServerEndpointId}`, requester: 'amazon-vpc-route-server' });
    return ctx.create(networkInterfaces, eni);
  });
  if ('done' in made) Object.assign(endpoint, { EniId: made.done.NetworkInterfaceId, EniAddress: made.done.PrivateIpAddress });
  else Object.assign(endpoint, { State: 'failed', FailureReason: made.refused.message });
}

async function disconnect(endpoint: StoredEndpoint, ctx: Context): Promise<void> {
  const eni = endpoint.EniId === undefined ? undefined : await ctx.find(networkInterfaces, endpoint.EniId);
  if (eni) await removeInterface(ctx, eni);
}

/** What the listings of endpoints and peers cannot be filtered by, though their members have these names. */
export function refuseFilters(filters: readonly Filter[] | undefined): void {
  const refused = filters?.find(({ Name }) => Name === 'route-server-id' || Name === 'route-server-endpoint-id');
  if (refused) throw general.invalidParameterValue(`The filter '${refused.Name}' is invalid`);
}

export const endpointOperations = {
  CreateRouteServerEndpoint: creates(endpoints, async (input, ctx): Promise<Partial<StoredEndpoint>> => {
    await availableServer(ctx, input.RouteServerId);
    const subnet = await ctx.get(subnets, input.SubnetId);
    const vpcId = await servedVpc(ctx, input.RouteServerId);
    // assumed: the words with which a subnet of another VPC is refused, and one without IPv4.
    if (subnet.VpcId !== vpcId) throw general.invalidParameterValue(`Subnet ${input.SubnetId} and Route Server ${input.RouteServerId} belong to different networks`);
    if (subnet.CidrBlock === undefined) throw general.invalidParameterValue(`Subnet ${input.SubnetId} has no IPv4 CIDR block`);
    return { RouteServerId: input.RouteServerId, VpcId: vpcId, SubnetId: input.SubnetId, State: 'pending', $: { zone: subnet.AvailabilityZone! } };
  }),
  DescribeRouteServerEndpoints: describes(endpoints, {
    ids: 'RouteServerEndpointIds',
    prepare: (input) => {
      refuseFilters(input.Filters);
      return input;
    },
  }),
  DeleteRouteServerEndpoint: async (input, ctx) => {
    const endpoint = await ctx.get(endpoints, input.RouteServerEndpointId);
    if (endpoint.State !== 'available' && endpoint.State !== 'failed') throw errors.incorrectState('route server endpoint', input.RouteServerEndpointId, endpoint.State!);
    await ctx.refuseWhileReferred(endpoints, input.RouteServerEndpointId);
    return { RouteServerEndpoint: await ctx.transition(endpoints, endpoint, 'deleting') };
  },
} satisfies Handlers<Ec2Operations>;
