import type { TrafficMirrorSession, TrafficMirrorTarget } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { AwsError, deletes, describes, resource, specifiedTags, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { networkInterfaces } from '../network-interfaces/network-interfaces.ts';
import { vpcEndpoints } from '../vpc-endpoints/vpc-endpoints.ts';
import { mirrorFilters } from './filters.ts';

type StoredTarget = Wire<TrafficMirrorTarget>;
type StoredSession = Wire<TrafficMirrorSession>;

/** https://docs.aws.amazon.com/vpc/latest/mirroring/traffic-mirroring-targets.html */
export const mirrorTargets = resource<StoredTarget>({
  service: 'ec2',
  kind: 'traffic-mirror-target',
  shape: 'TrafficMirrorTarget',
  id: { member: 'TrafficMirrorTargetId', prefix: 'tmt' },
  notFound: (ids) => new AwsError('InvalidTrafficMirrorTargetId.NotFound', `The traffic mirror target ID '${ids.join(', ')}' does not exist`),
  malformed: errors.malformedParameter('trafficMirrorTargetId', 'tmt'),
  inUse: (id) => new AwsError('TrafficMirrorTargetInUseException', `The traffic mirror target ${id} is in use by a traffic mirror session.`),
  references: { NetworkInterfaceId: { kind: 'ec2:network-interface', onDelete: 'keep' }, GatewayLoadBalancerEndpointId: { kind: 'ec2:vpc-endpoint', onDelete: 'keep' } },
});

/** https://docs.aws.amazon.com/vpc/latest/mirroring/traffic-mirroring-sessions.html */
export const mirrorSessions = resource<StoredSession>({
  service: 'ec2',
  kind: 'traffic-mirror-session',
  shape: 'TrafficMirrorSession',
  id: { member: 'TrafficMirrorSessionId', prefix: 'tms' },
  notFound: (ids) => new AwsError('InvalidTrafficMirrorSessionId.NotFound', `The traffic mirror session ID '${ids.join(', ')}' does not exist`),
  malformed: errors.malformedParameter('trafficMirrorSessionId', 'tms'),
  references: {
    NetworkInterfaceId: { kind: 'ec2:network-interface', onDelete: 'cascade' }, TrafficMirrorTargetId: { kind: 'ec2:traffic-mirror-target' }, TrafficMirrorFilterId: { kind: 'ec2:traffic-mirror-filter' },
  },
});

type TargetInput = Ec2Operations['CreateTrafficMirrorTarget']['input'];

/** An interface, a load balancer or an endpoint: exactly one. */
async function targetOf(input: TargetInput, ctx: Context): Promise<Pick<StoredTarget, 'Type' | 'NetworkInterfaceId' | 'NetworkLoadBalancerArn' | 'GatewayLoadBalancerEndpointId'>> {
  const { NetworkInterfaceId, NetworkLoadBalancerArn, GatewayLoadBalancerEndpointId } = input;
  if ([NetworkInterfaceId, NetworkLoadBalancerArn, GatewayLoadBalancerEndpointId].filter((v) => v !== undefined).length !== 1) throw errors.invalidParameterCombination('Exactly one of networkInterfaceId, networkLoadBalancerArn and gatewayLoadBalancerEndpointId must be specified');
  if (NetworkInterfaceId !== undefined) {
    await ctx.get(networkInterfaces, NetworkInterfaceId);
    const [other] = await ctx.list(mirrorTargets, { member: 'NetworkInterfaceId', value: NetworkInterfaceId });
    if (other) throw new AwsError('TrafficMirrorTargetAlreadyExists', `The network interface ${NetworkInterfaceId} is the traffic mirror target ${other.TrafficMirrorTargetId} already.`);
    return { Type: 'network-interface', NetworkInterfaceId };
  }
  if (GatewayLoadBalancerEndpointId !== undefined) {
    const endpoint = await ctx.get(vpcEndpoints, GatewayLoadBalancerEndpointId);
    if (endpoint.VpcEndpointType !== 'GatewayLoadBalancer') throw errors.invalidValue(GatewayLoadBalancerEndpointId, 'gatewayLoadBalancerEndpointId', 'A Gateway Load Balancer endpoint is expected.');
    return { Type: 'gateway-load-balancer-endpoint', GatewayLoadBalancerEndpointId };
  }
  // assumed: a well-formed load balancer exists; the service that has them is not here.
  if (!/^arn:aws:elasticloadbalancing:[a-z0-9-]+:\d{12}:loadbalancer\/net\/.+/.test(NetworkLoadBalancerArn!)) throw errors.invalidValue(NetworkLoadBalancerArn, 'networkLoadBalancerArn', 'The ARN of a Network Load Balancer is expected.');
  return { Type: 'network-load-balancer', NetworkLoadBalancerArn: NetworkLoadBalancerArn! };
}

/** "Up to three sessions per source." https://docs.aws.amazon.com/vpc/latest/mirroring/traffic-mirroring-limits.html */
const SESSIONS_A_SOURCE_MAX = 3;
const SESSION_NUMBER_MAX = 32_766;
const NETWORK_ID_MAX = 2 ** 24 - 1;

async function checkSession(session: StoredSession, ctx: Context): Promise<void> {
  await ctx.get(mirrorTargets, session.TrafficMirrorTargetId!);
  await ctx.get(mirrorFilters, session.TrafficMirrorFilterId!);
  if (!(session.SessionNumber! >= 1 && session.SessionNumber! <= SESSION_NUMBER_MAX)) throw errors.invalidValue(session.SessionNumber, 'sessionNumber', `A number from 1 to ${SESSION_NUMBER_MAX} is expected.`);
  if (!(session.VirtualNetworkId! >= 0 && session.VirtualNetworkId! <= NETWORK_ID_MAX)) throw errors.invalidValue(session.VirtualNetworkId, 'virtualNetworkId', `A number from 0 to ${NETWORK_ID_MAX} is expected.`);
  const others = (await ctx.list(mirrorSessions, { member: 'NetworkInterfaceId', value: session.NetworkInterfaceId! })).filter((s) => s.TrafficMirrorSessionId !== session.TrafficMirrorSessionId);
  if (others.some((s) => s.SessionNumber === session.SessionNumber)) throw new AwsError('TrafficMirrorSessionNumberAlreadyInUse', `The session number ${session.SessionNumber} is in use for the network interface ${session.NetworkInterfaceId}.`);
  if (others.length >= SESSIONS_A_SOURCE_MAX) throw errors.limitExceeded('TrafficMirrorSessionsPerInterfaceLimitExceeded', `The maximum number of traffic mirror sessions for the network interface ${session.NetworkInterfaceId} has been reached.`);
}

const removeTarget = deletes(mirrorTargets, { id: 'TrafficMirrorTargetId' });

export const mirrorSessionOperations = {
  CreateTrafficMirrorTarget: async (input, ctx) => {
    const target: StoredTarget = {
      TrafficMirrorTargetId: ctx.newId(mirrorTargets), OwnerId: ctx.account, ...(await targetOf(input, ctx)), Tags: specifiedTags(input.TagSpecifications as never, mirrorTargets.kind), ...(input.Description !== undefined && { Description: input.Description }),
    };
    return { TrafficMirrorTarget: await ctx.create(mirrorTargets, target), ClientToken: input.ClientToken };
  },
  DescribeTrafficMirrorTargets: describes(mirrorTargets, { ids: 'TrafficMirrorTargetIds' }),
  DeleteTrafficMirrorTarget: async (input, ctx) => {
    await removeTarget(input, ctx);
    return { TrafficMirrorTargetId: input.TrafficMirrorTargetId };
  },
  CreateTrafficMirrorSession: async (input, ctx) => {
    const eni = await ctx.get(networkInterfaces, input.NetworkInterfaceId);
    const session: StoredSession = {
      TrafficMirrorSessionId: ctx.newId(mirrorSessions), TrafficMirrorTargetId: input.TrafficMirrorTargetId, TrafficMirrorFilterId: input.TrafficMirrorFilterId, NetworkInterfaceId: eni.NetworkInterfaceId, OwnerId: ctx.account,
      SessionNumber: input.SessionNumber, VirtualNetworkId: input.VirtualNetworkId ?? ctx.ids.below(NETWORK_ID_MAX), Tags: specifiedTags(input.TagSpecifications as never, mirrorSessions.kind),
      ...(input.PacketLength !== undefined && { PacketLength: input.PacketLength }), ...(input.Description !== undefined && { Description: input.Description }),
    };
    await checkSession(session, ctx);
    return { TrafficMirrorSession: await ctx.create(mirrorSessions, session), ClientToken: input.ClientToken };
  },
  DescribeTrafficMirrorSessions: describes(mirrorSessions, { ids: 'TrafficMirrorSessionIds' }),
  ModifyTrafficMirrorSession: async (input, ctx) => {
    const session = await ctx.get(mirrorSessions, input.TrafficMirrorSessionId);
    for (const name of input.RemoveFields ?? []) {
      if (name === 'virtual-network-id') session.VirtualNetworkId = ctx.ids.below(NETWORK_ID_MAX);
      else delete session[name === 'packet-length' ? 'PacketLength' : 'Description'];
    }
    for (const member of ['TrafficMirrorTargetId', 'TrafficMirrorFilterId', 'PacketLength', 'SessionNumber', 'VirtualNetworkId', 'Description'] as const) if (input[member] !== undefined) Object.assign(session, { [member]: input[member] });
    await checkSession(session, ctx);
    return { TrafficMirrorSession: await ctx.save(mirrorSessions, session) };
  },
  DeleteTrafficMirrorSession: async (input, ctx) => {
    await ctx.remove(mirrorSessions, await ctx.get(mirrorSessions, input.TrafficMirrorSessionId));
    return { TrafficMirrorSessionId: input.TrafficMirrorSessionId };
  },
} satisfies Handlers<Ec2Operations>;
