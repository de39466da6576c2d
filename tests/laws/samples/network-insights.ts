import type { Fogbank } from '../../support/fogbank.ts';
import { call, world, type Sample } from './sample.ts';

/** What is made once for each Fogbank: the same input is asked for twice with one client token. */
function once<T>(make: (fb: Fogbank) => Promise<T>): (fb: Fogbank) => Promise<T> {
  const made = new WeakMap<Fogbank, Promise<T>>();
  return (fb) => {
    if (!made.has(fb)) made.set(fb, make(fb));
    return made.get(fb)!;
  };
}

const eni = async (fb: Fogbank): Promise<string> => (await call(fb, 'CreateNetworkInterface', { SubnetId: (await world(fb)).subnet })).NetworkInterface.NetworkInterfaceId as string;
const ends = once(async (fb) => ({ Source: await eni(fb), Destination: await eni(fb), Protocol: 'tcp' }));
const path = once(async (fb) => (await call(fb, 'CreateNetworkInsightsPath', await ends(fb))).NetworkInsightsPath.NetworkInsightsPathId as string);
const MatchPaths = [{ Source: { ResourceStatement: { ResourceTypes: ['AWS::EC2::InternetGateway'] } } }];
const scope = once(async (fb) => (await call(fb, 'CreateNetworkInsightsAccessScope', { MatchPaths })).NetworkInsightsAccessScope.NetworkInsightsAccessScopeId as string);

const mirrored = once(async (fb) => ({ NetworkInterfaceId: await eni(fb), TrafficMirrorTargetId: await target(fb), TrafficMirrorFilterId: await filter(fb) }));
const filter = once(async (fb) => (await call(fb, 'CreateTrafficMirrorFilter', {})).TrafficMirrorFilter.TrafficMirrorFilterId as string);
const target = once(async (fb) => (await call(fb, 'CreateTrafficMirrorTarget', { NetworkInterfaceId: await eni(fb) })).TrafficMirrorTarget.TrafficMirrorTargetId as string);
/** Three sessions are all that an interface may have. */
const interfaces = new WeakMap<Fogbank, Map<number, Promise<string>>>();
async function interfaceOf(fb: Fogbank, n: number): Promise<{ NetworkInterfaceId: string }> {
  if (!interfaces.has(fb)) interfaces.set(fb, new Map());
  const known = interfaces.get(fb)!;
  if (!known.has(n)) known.set(n, eni(fb));
  return { NetworkInterfaceId: await known.get(n)! };
}
const joined = once(async (fb) => ({
  VpnGatewayId: (await call(fb, 'CreateVpnGateway', { Type: 'ipsec.1' })).VpnGateway.VpnGatewayId as string,
  CustomerGatewayId: (await call(fb, 'CreateCustomerGateway', { Type: 'ipsec.1', BgpAsn: 64999, IpAddress: '203.0.113.1' })).CustomerGateway.CustomerGatewayId as string,
}));
const balancer = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/n/0123456789abcdef';

export const SAMPLES: Readonly<Record<string, Sample>> = {
  'ec2:network-insights-path': {
    operation: 'CreateNetworkInsightsPath', id: (o) => o.NetworkInsightsPath.NetworkInsightsPathId,
    input: async (fb, n) => ({ ...(await ends(fb)), FilterAtSource: { DestinationPortRange: { FromPort: n, ToPort: n }, SourcePortRange: { FromPort: n, ToPort: n }, SourceAddress: `10.0.0.${n}`, DestinationAddress: `10.1.0.${n}` } }),
  },
  'ec2:network-insights-analysis': { operation: 'StartNetworkInsightsAnalysis', input: async (fb) => ({ NetworkInsightsPathId: await path(fb) }), id: (o) => o.NetworkInsightsAnalysis.NetworkInsightsAnalysisId },
  'ec2:network-insights-access-scope': { operation: 'CreateNetworkInsightsAccessScope', input: async () => ({ MatchPaths }), id: (o) => o.NetworkInsightsAccessScope.NetworkInsightsAccessScopeId },
  'ec2:network-insights-access-scope-analysis': {
    operation: 'StartNetworkInsightsAccessScopeAnalysis', input: async (fb) => ({ NetworkInsightsAccessScopeId: await scope(fb) }), id: (o) => o.NetworkInsightsAccessScopeAnalysis.NetworkInsightsAccessScopeAnalysisId,
  },
  'ec2:vpc-flow-log': {
    operation: 'CreateFlowLogs', id: (o) => o.FlowLogIds[0],
    input: async (fb, n) => ({ ResourceType: 'Subnet', ResourceIds: [(await world(fb)).subnet], TrafficType: 'ALL', LogDestinationType: 's3', LogDestination: `arn:aws:s3:::bucket-${n}/logs` }),
  },
  'ec2:traffic-mirror-filter': { operation: 'CreateTrafficMirrorFilter', input: async (_fb, n) => ({ Description: `f${n}` }), id: (o) => o.TrafficMirrorFilter.TrafficMirrorFilterId },
  'ec2:traffic-mirror-filter-rule': {
    operation: 'CreateTrafficMirrorFilterRule', id: (o) => o.TrafficMirrorFilterRule.TrafficMirrorFilterRuleId,
    input: async (fb, n) => ({ TrafficMirrorFilterId: await filter(fb), TrafficDirection: 'ingress', RuleNumber: n, RuleAction: 'accept', Protocol: n, SourceCidrBlock: '10.0.0.0/8', DestinationCidrBlock: '0.0.0.0/0', Description: `r${n}` }),
  },
  'ec2:traffic-mirror-target': { operation: 'CreateTrafficMirrorTarget', input: async (_fb, n) => ({ NetworkLoadBalancerArn: balancer, Description: `t${n}` }), id: (o) => o.TrafficMirrorTarget.TrafficMirrorTargetId },
  'ec2:traffic-mirror-session': {
    operation: 'CreateTrafficMirrorSession', id: (o) => o.TrafficMirrorSession.TrafficMirrorSessionId,
    input: async (fb, n) => ({ ...(await mirrored(fb)), ...(await interfaceOf(fb, n)), SessionNumber: n, VirtualNetworkId: n, PacketLength: 100, Description: `s${n}` }),
  },
  'ec2:vpn-gateway': { operation: 'CreateVpnGateway', input: async () => ({ Type: 'ipsec.1', AvailabilityZone: 'us-east-1a' }), id: (o) => o.VpnGateway.VpnGatewayId },
  'ec2:customer-gateway': { operation: 'CreateCustomerGateway', input: async (_fb, n) => ({ Type: 'ipsec.1', BgpAsn: 65000 + n, IpAddress: `198.51.100.${n}` }), id: (o) => o.CustomerGateway.CustomerGatewayId },
  'ec2:vpn-connection': { operation: 'CreateVpnConnection', input: async (fb) => ({ ...(await joined(fb)), Type: 'ipsec.1', Options: { StaticRoutesOnly: true } }), id: (o) => o.VpnConnection.VpnConnectionId },
};

export const EXEMPT: Readonly<Record<string, string>> = {};
