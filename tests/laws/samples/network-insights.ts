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
};

export const EXEMPT: Readonly<Record<string, string>> = {};
