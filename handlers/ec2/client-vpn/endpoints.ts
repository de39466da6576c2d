import type { ClientVpnEndpoint } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, hours, resource, seconds, type Context, type Handlers, type Resource } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { groupIdentifiers } from '../network-interfaces/network-interfaces.ts';
import { vpcs } from '../vpcs/vpcs.ts';
import { endpointKeys } from './endpoint-keys.ts';
import { changedOptions, planOptions } from './endpoint-options.ts';
import * as errors from './errors.ts';
import { attachToGateway, detachFromGateway, gatewayZones } from './gateway-attachments.ts';
import { applyGroups, associationsOf, associateZone } from './target-networks.ts';

export type StoredClientVpnEndpoint = Wire<ClientVpnEndpoint> & {
  $: {
    /** The VPC came with the first target network, and goes with the last one. */
    vpcFollows?: boolean;
    /** When what was changed of the client connect options is in force. */
    connectOptionsAppliedAt?: number;
    revocationList?: { readonly text: string; readonly activeAt: number };
  };
};

export const isGone = (endpoint: StoredClientVpnEndpoint): boolean => endpoint.Status!.Code === 'deleting' || endpoint.Status!.Code === 'deleted';
const unlessGone = (endpoint: StoredClientVpnEndpoint) => (endpoint.Status!.Code === 'deleted' ? 'keep' as const : 'refuse' as const);

/** https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/cvpn-working-endpoints.html */
export const clientVpnEndpoints: Resource<StoredClientVpnEndpoint> = resource<StoredClientVpnEndpoint>({
  service: 'ec2',
  kind: 'client-vpn-endpoint',
  shape: 'ClientVpnEndpoint',
  id: { member: 'ClientVpnEndpointId', prefix: 'cvpn-endpoint' },
  notFound: errors.endpointNotFound,
  state: 'Status.Code',
  // assumed: how long a deletion takes, and that a deleted endpoint is described for an hour.
  lifecycle: { deleting: { after: seconds(20), to: 'deleted' }, deleted: { after: hours(1), to: 'gone', paced: false } },
  entering: {
    deleted: (endpoint, ctx) => {
      endpoint.DeletionTime = ctx.now;
    },
  },
  references: {
    VpcId: { kind: 'ec2:vpc', onDelete: unlessGone },
    SecurityGroupIds: { kind: 'ec2:security-group', onDelete: unlessGone },
    'TransitGatewayConfiguration.TransitGatewayId': { kind: 'ec2:transit-gateway', onDelete: 'keep' },
  },
  filters: { 'endpoint-id': 'ClientVpnEndpointId' },
  conditionKeys: endpointKeys,
});

export async function liveEndpoint(ctx: Context, id: string): Promise<StoredClientVpnEndpoint> {
  const endpoint = await ctx.get(clientVpnEndpoints, id);
  if (isGone(endpoint)) throw clientVpnEndpoints.notFound([id]);
  return endpoint;
}

// ---- creation ----

/** The network that an endpoint is to stand in: a VPC with its groups, or a transit gateway. */
async function placed(input: Ec2Operations['CreateClientVpnEndpoint']['input'], ctx: Context): Promise<Partial<StoredClientVpnEndpoint>> {
  const { VpcId, SecurityGroupIds: groups = [], TransitGatewayConfiguration: gateway } = input;
  if (gateway) {
    if (VpcId !== undefined || groups.length > 0) throw general.invalidParameterCombination('The parameter TransitGatewayConfiguration cannot be used with the parameters VpcId and SecurityGroupIds');
    return { Status: { Code: 'pending' } };
  }
  // assumed: the words with which a change is refused are those for a creation too.
  if (VpcId === undefined && groups.length > 0) throw general.invalidParameterValue('Security Groups cannot be specified without specifying Vpc Id');
  if (VpcId === undefined) return { Status: { Code: 'pending-associate' } };
  await ctx.get(vpcs, VpcId);
  return { Status: { Code: 'pending-associate' }, VpcId, SecurityGroupIds: (await groupIdentifiers(ctx, groups, VpcId)).map((g) => g.GroupId) };
}

async function planEndpoint(input: Ec2Operations['CreateClientVpnEndpoint']['input'], ctx: Context): Promise<StoredClientVpnEndpoint> {
  const id = ctx.newId(clientVpnEndpoints);
  const options = await planOptions(input, id, ctx);
  const place = await placed(input, ctx);
  return {
    ClientVpnEndpointId: id, CreationTime: ctx.now, DnsName: `*.${id}.prod.clientvpn.${ctx.region}.amazonaws.com`, VpnProtocol: 'openvpn', ...options, ...place, $: {},
  };
}

async function furnish(endpoint: StoredClientVpnEndpoint, input: Ec2Operations['CreateClientVpnEndpoint']['input'], ctx: Context): Promise<void> {
  if (!input.TransitGatewayConfiguration) return;
  const zones = gatewayZones(ctx, input.TransitGatewayConfiguration);
  await attachToGateway(ctx, endpoint, input.TransitGatewayConfiguration.TransitGatewayId);
  for (const zone of zones) await associateZone(ctx, endpoint, zone);
}

// ---- what is shown ----

/** The networks of an endpoint are documents of their own. */
async function shown(endpoint: StoredClientVpnEndpoint, ctx: Context): Promise<object> {
  const networks = (await associationsOf(ctx, endpoint.ClientVpnEndpointId!)).filter((a) => a.Status!.Code === 'associated');
  const gateway = endpoint.TransitGatewayConfiguration;
  const applied = (endpoint.$.connectOptionsAppliedAt ?? 0) <= ctx.nowMs;
  return {
    ...endpoint, AssociatedTargetNetworks: networks.filter((a) => a.TargetNetworkId).map((a) => ({ NetworkId: a.TargetNetworkId, NetworkType: 'vpc' })),
    ClientConnectOptions: { ...endpoint.ClientConnectOptions, Status: { Code: applied ? 'applied' : 'applying' } },
    ...(gateway && { TransitGatewayConfiguration: { ...gateway, AvailabilityZones: networks.flatMap((a) => a.AvailabilityZones ?? []), AvailabilityZoneIds: networks.flatMap((a) => a.AvailabilityZoneIds ?? []) } }),
  };
}

// ---- changes ----

type ModifyInput = Ec2Operations['ModifyClientVpnEndpoint']['input'];

/** "To specify a subnet that's in a different VPC, you must first modify the Client VPN endpoint and change the VPC." */
async function changePlace(ctx: Context, endpoint: StoredClientVpnEndpoint, input: ModifyInput): Promise<void> {
  const { VpcId, SecurityGroupIds: groups } = input;
  if (VpcId === undefined && groups === undefined) return;
  if (VpcId === undefined) throw general.invalidParameterValue('Security Groups cannot be modified without specifying Vpc Id');
  if (endpoint.TransitGatewayConfiguration) throw general.invalidParameterCombination('The parameters VpcId and SecurityGroupIds cannot be used with an endpoint that uses a transit gateway');
  await ctx.get(vpcs, VpcId);
  const here = await associationsOf(ctx, endpoint.ClientVpnEndpointId!);
  // assumed: the VPC of target networks stays while there are some.
  if (endpoint.VpcId !== VpcId && here.length > 0) throw general.incorrectState(`Endpoint ${endpoint.ClientVpnEndpointId} has associations in ${endpoint.VpcId}`);
  if (endpoint.VpcId === VpcId && groups === undefined) return;
  delete endpoint.$.vpcFollows;
  await applyGroups(ctx, endpoint, VpcId, groups ?? []);
}

export const endpointOperations = {
  /** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateClientVpnEndpoint.html */
  CreateClientVpnEndpoint: creates(clientVpnEndpoints, planEndpoint, furnish),
  DescribeClientVpnEndpoints: describes(clientVpnEndpoints, { ids: 'ClientVpnEndpointIds', project: shown }),
  ModifyClientVpnEndpoint: async (input, ctx) => {
    const endpoint = await liveEndpoint(ctx, input.ClientVpnEndpointId);
    // "This option is currently not supported."
    if (input.TransitGatewayConfiguration) throw general.unsupportedOperation('The transit gateway configuration of an endpoint cannot be modified.');
    await changedOptions(endpoint, input, ctx);
    await changePlace(ctx, endpoint, input);
    await ctx.save(clientVpnEndpoints, endpoint);
    return { Return: true };
  },
  /** "You must disassociate all target networks before you can delete a Client VPN endpoint." https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteClientVpnEndpoint.html */
  DeleteClientVpnEndpoint: async (input, ctx) => {
    const endpoint = await liveEndpoint(ctx, input.ClientVpnEndpointId);
    const associated = await associationsOf(ctx, input.ClientVpnEndpointId);
    if (associated.length > 0) throw errors.endpointHasAssociations(associated.map((a) => a.AssociationId!));
    await detachFromGateway(ctx, endpoint);
    return { Status: (await ctx.transition(clientVpnEndpoints, endpoint, 'deleting')).Status };
  },
} satisfies Handlers<Ec2Operations>;
