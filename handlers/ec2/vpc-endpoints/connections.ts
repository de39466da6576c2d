import type { VpcEndpointConnection } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { describes, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { endpointMissing, invalidFilter, unsuccessful } from './errors.ts';
import { endpointServices } from './service-configurations.ts';
import { vpcEndpoints, type StoredEndpoint } from './vpc-endpoints.ts';

export type StoredConnection = Wire<VpcEndpointConnection>;

/** What the owner of a service sees of the endpoints that are connected to it, in the service's account and Region. */
export const endpointConnections = resource<StoredConnection>({
  service: 'ec2',
  kind: 'vpc-endpoint-connection',
  shape: 'VpcEndpointConnection',
  id: { member: 'VpcEndpointConnectionId', prefix: 'vpce-con' },
  notFound: errors.notFound('InvalidVpcEndpointConnectionId.NotFound', 'VPC endpoint connection ID'),
  references: { ServiceId: { kind: 'ec2:vpc-endpoint-service', onDelete: 'cascade' } },
  indexed: ['VpcEndpointId'],
  invalidFilter,
});

export const connectionsOf = (ctx: Context, serviceId: string): Promise<StoredConnection[]> => ctx.list(endpointConnections, { member: 'ServiceId', value: serviceId });

/** Puts the service owner's view of an endpoint in step with it. */
export async function reflect(endpoint: StoredEndpoint, ctx: Context): Promise<void> {
  const { service } = endpoint.$;
  if (!service) return;
  const owner = ctx.in(service.account, service.region);
  const [present] = await owner.list(endpointConnections, { member: 'VpcEndpointId', value: endpoint.VpcEndpointId! });
  if (endpoint.State === ('deleted' as typeof endpoint.State)) {
    if (present) await owner.remove(endpointConnections, present);
    return;
  }
  const configuration = await owner.find(endpointServices, service.id);
  if (!configuration) return;
  const shown: StoredConnection = {
    ServiceId: service.id, VpcEndpointId: endpoint.VpcEndpointId, VpcEndpointOwner: endpoint.OwnerId, VpcEndpointRegion: ctx.region, VpcEndpointState: endpoint.State, CreationTimestamp: endpoint.CreationTimestamp,
    DnsEntries: endpoint.DnsEntries, IpAddressType: endpoint.IpAddressType, PayerResponsibilities: endpoint.PayerResponsibilities,
    ...(configuration.NetworkLoadBalancerArns ? { NetworkLoadBalancerArns: configuration.NetworkLoadBalancerArns } : { GatewayLoadBalancerArns: configuration.GatewayLoadBalancerArns }),
  };
  if (present) await owner.save(endpointConnections, { ...present, ...shown });
  else await owner.create(endpointConnections, { ...shown, VpcEndpointConnectionId: owner.newId(endpointConnections), Tags: [] });
}

type Answer = Ec2Operations['AcceptVpcEndpointConnections']['input'];

/** The owner's answer to endpoints that ask; those in other states are told so one by one. */
const answers = (from: readonly string[], to: string) => async (input: Answer, ctx: Context) => {
  await ctx.get(endpointServices, input.ServiceId);
  const failed = [];
  for (const id of [...new Set(input.VpcEndpointIds)]) {
    const connection = (await connectionsOf(ctx, input.ServiceId)).find((c) => c.VpcEndpointId === id);
    const consumer = connection && ctx.in(connection.VpcEndpointOwner!, connection.VpcEndpointRegion!);
    const endpoint = await consumer?.find(vpcEndpoints, id);
    if (!consumer || !endpoint) failed.push(endpointMissing(id));
    // assumed: this code.
    else if (!from.includes(endpoint.State!)) failed.push(unsuccessful(id, 'InvalidState', `The VPC endpoint ${id} is in the state ${endpoint.State}`));
    else await consumer.transition(vpcEndpoints, endpoint, to);
  }
  return { Unsuccessful: failed };
};

export const connectionOperations = {
  DescribeVpcEndpointConnections: describes(endpointConnections),
  AcceptVpcEndpointConnections: answers(['pendingAcceptance', 'rejected'], 'pending'),
  RejectVpcEndpointConnections: answers(['pendingAcceptance', 'pending', 'available'], 'rejected'),
} satisfies Handlers<Ec2Operations>;
