import type { VpcEndpoint } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, minutes, resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { removeInterface, networkInterfaces } from '../network-interfaces/network-interfaces.ts';
import { setRouteState } from '../vpcs/route-tables.ts';
import { connectionsOf, reflect } from './connections.ts';
import { modifyEndpoint } from './endpoint-changes.ts';
import { planEndpoint } from './endpoint-plans.ts';
import { removeGatewayRoutes } from './gateway-routes.ts';
import { endpointServices } from './service-configurations.ts';
import { endpointMissing, unsuccessful } from './errors.ts';

/** EC2 answers 'available', where the model's enum says 'Available'. */
export type EndpointState = NonNullable<Wire<VpcEndpoint>['State']>;
export const endpointState = (state: 'pending' | 'pendingAcceptance' | 'available'): EndpointState => state as EndpointState;

export interface EndpointFacts {
  /** Makes the endpoint's names its own: vpce-…-<label>. */
  readonly label: string;
  /** Where the service's own DNS names stand. */
  readonly base?: string | undefined;
  readonly privateNames: readonly string[];
  readonly gatewayAndInterface: boolean;
  readonly addressTypes: readonly string[];
  readonly zones: readonly string[];
  /** The owner of a service that is not AWS's. */
  readonly service?: { readonly account: string; readonly region: string; readonly id: string } | undefined;
}

export type StoredEndpoint = Wire<VpcEndpoint> & { $: EndpointFacts };

const gone = (endpoint: StoredEndpoint): boolean => ['deleting', 'deleted'].includes(endpoint.State!);
const unlessGone = (endpoint: StoredEndpoint) => (gone(endpoint) ? ('keep' as const) : ('refuse' as const));

/** https://docs.aws.amazon.com/vpc/latest/privatelink/concepts.html */
export const vpcEndpoints = resource<StoredEndpoint>({
  service: 'ec2',
  kind: 'vpc-endpoint',
  shape: 'VpcEndpoint',
  id: { member: 'VpcEndpointId', prefix: 'vpce' },
  notFound: (ids) => errors.notFound('InvalidVpcEndpointId.NotFound', 'Vpc Endpoint Id')(ids),
  malformed: errors.malformedId('InvalidVpcEndpointId.Malformed', 'vpce'),
  state: 'State',
  lifecycle: { pending: { after: seconds(60), to: 'available' }, deleting: { after: seconds(60), to: 'deleted' }, deleted: { after: minutes(1), to: 'gone' } },
  entering: {
    pending: (endpoint, ctx) => reflect(endpoint, ctx),
    pendingAcceptance: (endpoint, ctx) => reflect(endpoint, ctx),
    available: async (endpoint, ctx) => {
      await reflect(endpoint, ctx);
      await setRouteState(ctx, 'GatewayId', endpoint.VpcEndpointId!, 'active');
    },
    rejected: async (endpoint, ctx) => {
      await reflect(endpoint, ctx);
      await setRouteState(ctx, 'GatewayId', endpoint.VpcEndpointId!, 'blackhole');
    },
    deleting: async (endpoint, ctx) => {
      await reflect(endpoint, ctx);
      await removeGatewayRoutes(ctx, endpoint, endpoint.RouteTableIds ?? []);
      await setRouteState(ctx, 'GatewayId', endpoint.VpcEndpointId!, 'blackhole');
    },
    deleted: async (endpoint, ctx) => {
      await reflect(endpoint, ctx);
      for (const id of endpoint.NetworkInterfaceIds ?? []) await removeInterface(ctx, await ctx.get(networkInterfaces, id));
    },
  },
  references: {
    VpcId: { kind: 'ec2:vpc', onDelete: unlessGone },
    SubnetIds: { kind: 'ec2:subnet', onDelete: unlessGone },
    'Groups.GroupId': { kind: 'ec2:security-group', onDelete: unlessGone },
    // assumed: a route table that is deleted is taken out of its endpoints.
    RouteTableIds: { kind: 'ec2:route-table', onDelete: 'release' },
  },
  filters: { 'vpc-endpoint-state': 'State' },
  conditionKeys: (e) => ({
    'ec2:VpceServiceName': e.ServiceName, 'ec2:VpceServiceRegion': e.ServiceRegion, 'ec2:VpceServiceOwner': e.$.service?.account ?? (e.ServiceName ? 'amazon' : undefined), 'ec2:VpceMultiRegion': false,
    'ec2:VpcePrivateDnsPreference': e.DnsOptions?.PrivateDnsPreference, 'ec2:VpcePrivateDnsSpecifiedDomains': e.DnsOptions?.PrivateDnsSpecifiedDomains,
  }),
});

async function deleteEndpoints(input: Ec2Operations['DeleteVpcEndpoints']['input'], ctx: Context): Promise<Ec2Operations['DeleteVpcEndpoints']['output']> {
  const failed = [];
  for (const id of [...new Set(input.VpcEndpointIds)]) {
    const endpoint = await ctx.find(vpcEndpoints, id);
    if (!endpoint) failed.push(endpointMissing(id));
    else if (endpoint.RequesterManaged) failed.push(unsuccessful(id, 'OperationNotPermitted', `The VPC endpoint ${id} is managed by the service that made it.`));
    else if (!gone(endpoint)) await ctx.transition(vpcEndpoints, endpoint, 'deleting');
  }
  return { Unsuccessful: failed };
}

type PayerInput = Ec2Operations['ModifyVpcEndpointPayerResponsibility']['input'];

const PAYERS: Readonly<Record<PayerInput['Scope'], readonly string[]>> = {
  'vpc-endpoint-charges': ['vpc-endpoint-account', 'vpc-endpoint-service-account'], 'resource-gateway-charges': ['resource-gateway-account', 'vpc-endpoint-account'],
};

/** The owner of the endpoint, or of the service, says who pays. assumed: which payers a scope may have. */
async function modifyPayer(input: PayerInput, ctx: Context): Promise<Ec2Operations['ModifyVpcEndpointPayerResponsibility']['output']> {
  const place = input.ServiceId === undefined ? ctx : await consumerOf(ctx, input.ServiceId, input.VpcEndpointId);
  const endpoint = await place.get(vpcEndpoints, input.VpcEndpointId);
  if (!PAYERS[input.Scope].includes(input.PayerResponsibility)) throw errors.invalidParameterCombination(`The payer ${input.PayerResponsibility} is not valid for the scope ${input.Scope}.`);
  endpoint.PayerResponsibilities = [...(endpoint.PayerResponsibilities ?? []).filter((p) => p.Scope !== input.Scope), { Scope: input.Scope, PayerResponsibilityType: input.PayerResponsibility }];
  await place.save(vpcEndpoints, endpoint);
  await reflect(endpoint, place);
  return { VpcEndpointId: input.VpcEndpointId, PayerResponsibilities: endpoint.PayerResponsibilities };
}

async function consumerOf(ctx: Context, serviceId: string, endpointId: string): Promise<Context> {
  await ctx.get(endpointServices, serviceId);
  const connection = (await connectionsOf(ctx, serviceId)).find((c) => c.VpcEndpointId === endpointId);
  if (!connection) throw vpcEndpoints.notFound([endpointId]);
  return ctx.in(connection.VpcEndpointOwner!, connection.VpcEndpointRegion!);
}

export const vpcEndpointOperations = {
  CreateVpcEndpoint: creates(vpcEndpoints, planEndpoint),
  DescribeVpcEndpoints: describes(vpcEndpoints, { ids: 'VpcEndpointIds' }),
  ModifyVpcEndpoint: modifyEndpoint,
  ModifyVpcEndpointPayerResponsibility: modifyPayer,
  DeleteVpcEndpoints: deleteEndpoints,
} satisfies Handlers<Ec2Operations>;
