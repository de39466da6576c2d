import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { AwsError, type Context } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { instances } from '../instances/instances.ts';
import { peeringConnections } from '../peering/peering-connections.ts';
import { endpointState, vpcEndpoints } from '../vpc-endpoints/vpc-endpoints.ts';
import { localGateways } from '../local-gateways/local-gateways.ts';
import { reachedBy } from '../local-gateways/vpc-associations.ts';
import { carrierGateways } from './carrier-gateways.ts';
import { egressOnlyInternetGateways } from './egress-only-internet-gateways.ts';
import { internetGateways } from './internet-gateways.ts';
import { vpnGateways } from '../vpn/vpn-gateways.ts';
import { natGateways } from './nat-gateways.ts';
import { networkInterfaces } from '../network-interfaces/network-interfaces.ts';
import type { StoredRoute } from './route-tables.ts';
import { attachments, isAttached } from '../transit-gateways/attachments.ts';
import { transitGateways } from '../transit-gateways/transit-gateways.ts';

export type RouteInput = Ec2Operations['CreateRoute']['input'] & Ec2Operations['ReplaceRoute']['input'];

type Target = (ctx: Context, id: string, vpcId: string) => Promise<Partial<StoredRoute>>;

/** Of whichever kind: https://github.com/kubernetes-sigs/cluster-api-provider-aws/blob/main/pkg/cloud/services/network/routetables.go waits for it. */
const gatewayNotFound = (ids: readonly string[]): AwsError => new AwsError('InvalidGatewayID.NotFound', `The gateway ID '${ids[0]}' does not exist`);

/** An internet gateway or a virtual private gateway that is attached to the VPC. */
export async function checkGateway(ctx: Context, id: string, vpcId: string): Promise<void> {
  const attachmentsOf = async () => {
    if (id.startsWith('vgw-')) return (await ctx.get(vpnGateways, id, gatewayNotFound)).VpcAttachments?.filter((a) => a.State === 'attached');
    if (id.startsWith('igw-')) return (await ctx.get(internetGateways, id, gatewayNotFound)).Attachments;
    throw gatewayNotFound([id]);
  };
  if (!(await attachmentsOf())?.some((a) => a.VpcId === vpcId)) throw errors.invalidParameterValue(`route table and network gateway ${id} belong to different networks`);
}

const TARGETS: Readonly<Record<string, Target>> = {
  GatewayId: async (ctx, id, vpcId) => {
    await checkGateway(ctx, id, vpcId);
    return { GatewayId: id, State: 'active' };
  },
  NatGatewayId: async (ctx, id, vpcId) => {
    const gateway = await ctx.find(natGateways, id);
    if (!gateway || gateway.State === 'deleted') throw new AwsError('InvalidNatGatewayID.NotFound', `The natGateway ID '${id}' does not exist`);
    if (gateway.VpcId !== vpcId) throw errors.invalidParameterValue(`route table and NAT gateway ${id} belong to different networks`);
    return { NatGatewayId: id, State: 'active' };
  },
  NetworkInterfaceId: async (ctx, id, vpcId) => {
    const eni = await ctx.get(networkInterfaces, id);
    if (eni.VpcId !== vpcId) throw errors.invalidParameterValue(`route table and network interface ${id} belong to different networks`);
    return { NetworkInterfaceId: id, ...(eni.Attachment?.InstanceId ? { InstanceId: eni.Attachment.InstanceId, InstanceOwnerId: eni.OwnerId } : {}), State: eni.Attachment ? 'active' : 'blackhole' };
  },
  InstanceId: async (ctx, id, vpcId) => {
    const instance = await ctx.get(instances, id);
    const attached = instance.NetworkInterfaces ?? [];
    if (instance.VpcId !== vpcId) throw errors.invalidParameterValue(`route table and instance ${id} belong to different networks`);
    if (attached.length > 1) throw new AwsError('InvalidInstanceID', `There are multiple interfaces attached to instance '${id}'. Please specify an interface ID for the operation instead.`);
    return { InstanceId: id, InstanceOwnerId: ctx.account, NetworkInterfaceId: attached[0]!.NetworkInterfaceId, State: 'active' };
  },
  // A gateway to which the VPC is not attached is told as one that does not exist.
  TransitGatewayId: async (ctx, id, vpcId) => {
    if (!transitGateways.wellFormed(id)) throw transitGateways.malformed!(id);
    const attached = (await ctx.list(attachments, { member: 'ResourceId', value: vpcId })).some((a) => a.TransitGatewayId === id && isAttached(a));
    if (!attached) throw new AwsError('InvalidTransitGatewayID.NotFound', `The transitGateway ID '${id}' does not exist`);
    return { TransitGatewayId: id, State: 'active' };
  },
  EgressOnlyInternetGatewayId: async (ctx, id, vpcId) => {
    const gateway = await ctx.get(egressOnlyInternetGateways, id);
    if (!gateway.Attachments!.some((a) => a.VpcId === vpcId)) throw errors.invalidParameterValue(`route table and egress-only internet gateway ${id} belong to different networks`);
    return { EgressOnlyInternetGatewayId: id, State: 'active' };
  },
  /** A route to a connection that is not accepted yet waits as a black hole. */
  VpcPeeringConnectionId: async (ctx, id, vpcId) => {
    const peering = await ctx.get(peeringConnections, id);
    const state = peering.Status!.Code!;
    if (![peering.RequesterVpcInfo, peering.AccepterVpcInfo].some((s) => s!.VpcId === vpcId)) throw errors.invalidParameterValue(`route table and VPC peering connection ${id} belong to different networks`);
    if (['failed', 'rejected', 'expired', 'deleting', 'deleted'].includes(state)) throw peeringConnections.notFound([id]);
    return { VpcPeeringConnectionId: id, State: state === 'active' ? 'active' : 'blackhole' };
  },
  CarrierGatewayId: async (ctx, id, vpcId) => {
    const gateway = await ctx.get(carrierGateways, id);
    if (gateway.State === 'deleting' || gateway.State === 'deleted') throw carrierGateways.notFound([id]);
    if (gateway.VpcId !== vpcId) throw errors.invalidParameterValue(`route table and carrier gateway ${id} belong to different networks`);
    return { CarrierGatewayId: id, State: 'active' };
  },
  /** "Local gateways can only be used in route tables where the VPC has been associated." https://docs.aws.amazon.com/outposts/latest/userguide/outposts-local-gateways.html */
  LocalGatewayId: async (ctx, id, vpcId) => {
    await ctx.get(localGateways, id);
    const association = await reachedBy(ctx, id, vpcId);
    // assumed: the words, which are those of other gateways.
    if (!association) throw errors.invalidParameterValue(`route table and local gateway ${id} belong to different networks`);
    return { LocalGatewayId: id, State: association.State === 'associated' ? 'active' : 'blackhole' };
  },
  /** A route to a Gateway Load Balancer endpoint shows it as its gateway. */
  VpcEndpointId: async (ctx, id, vpcId) => {
    const endpoint = await ctx.get(vpcEndpoints, id);
    if (endpoint.VpcEndpointType !== 'GatewayLoadBalancer') throw new AwsError('RouteNotSupported', `Route table contains unsupported route target: ${id}. VPC Endpoints of this type cannot be used as route targets.`);
    if (endpoint.VpcId !== vpcId) throw errors.invalidParameterValue(`route table and VPC endpoint ${id} belong to different networks`);
    return { GatewayId: id, State: endpoint.State === endpointState('available') ? 'active' : 'blackhole' };
  },
};

const OTHERS = ['CoreNetworkArn', 'OdbNetworkArn'] as const;

/** Exactly one target, which exists and belongs to the VPC. Throws for targets whose kind Fogbank does not have. */
export async function routeTarget(ctx: Context, input: RouteInput, vpcId: string): Promise<Partial<StoredRoute>> {
  const other = OTHERS.find((name) => input[name as keyof RouteInput] !== undefined);
  if (other) throw errors.unsupportedOperation(`Routes to ${other} are not supported by Fogbank yet.`);
  const given = Object.keys(TARGETS).filter((name) => input[name as keyof RouteInput] !== undefined);
  if (given.length === 0) throw errors.missingParameter('gatewayId, natGatewayId, networkInterfaceId, vpcPeeringConnectionId, egressOnlyInternetGatewayId, transitGatewayId, vpcEndpointId, localGatewayId, carrierGatewayId or instanceId');
  if (given.length > 1) throw errors.invalidParameterCombination('Only one route target may be specified');
  // "The egress-only internet gateway" is for IPv6 traffic alone. assumed: these words.
  if (given[0] === 'EgressOnlyInternetGatewayId' && input.DestinationCidrBlock !== undefined) throw errors.invalidParameterValue(`An egress-only internet gateway route must have an IPv6 destination: ${input.DestinationCidrBlock}`);
  return TARGETS[given[0]!]!(ctx, input[given[0] as keyof RouteInput] as string, vpcId);
}
