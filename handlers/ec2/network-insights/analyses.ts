import type { NetworkInsightsAnalysis } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { AwsError, creates, describes, resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { endsAt } from './ends.ts';
import { analysisNotFound } from './errors.ts';
import { addressRange, ANYTHING, type Packets } from './packets.ts';
import { packetsOf, paths, type StoredPath } from './paths.ts';
import { atDestination, reachability, type Question, type Reachability } from './reachability.ts';
import type { End } from './walks.ts';

export type StoredAnalysis = Wire<NetworkInsightsAnalysis>;

/** The network is looked at as it is when the analysis ends. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StartNetworkInsightsAnalysis.html */
export const analyses = resource<StoredAnalysis>({
  service: 'ec2',
  kind: 'network-insights-analysis',
  shape: 'NetworkInsightsAnalysis',
  id: { member: 'NetworkInsightsAnalysisId', prefix: 'nia' },
  notFound: analysisNotFound,
  malformed: general.malformedParameter('networkInsightsAnalysisId', 'nia'),
  state: 'Status',
  // assumed: how long an analysis of a small network takes.
  lifecycle: { running: { after: seconds(15), to: 'succeeded' } },
  entering: { succeeded: analyse },
  references: { NetworkInsightsPathId: { kind: 'ec2:network-insights-path' } },
  filters: { 'path-found': 'NetworkPathFound' },
});

/** An end that has gone meanwhile fails the analysis; it is no finding. */
async function analyse(analysis: StoredAnalysis, ctx: Context): Promise<void> {
  try {
    const result = await answer(await ctx.get(paths, analysis.NetworkInsightsPathId!), analysis, ctx);
    Object.assign(analysis, {
      NetworkPathFound: result.found, ...(result.suggestedAccounts.length > 0 && { SuggestedAccounts: [...result.suggestedAccounts] }),
      ...(result.found ? { ForwardPathComponents: [...result.forward], ReturnPathComponents: [...result.back] } : { ForwardPathComponents: [], ReturnPathComponents: [], Explanations: [...result.explanations] }),
    });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    Object.assign(analysis, { Status: 'failed', StatusMessage: error.message });
  }
}

/** The first way between any of the ends; else what stands in the way of the best one. */
async function answer(path: StoredPath, analysis: StoredAnalysis, ctx: Context): Promise<Reachability> {
  const sources = await endsAt(ctx, path.SourceArn!);
  const destinations: End[] = path.DestinationArn === undefined ? [{ ctx, id: path.DestinationIp ?? path.FilterAtSource!.DestinationAddress! }] : await endsAt(ctx, path.DestinationArn);
  const question: Question = {
    protocol: path.Protocol!, packets: askedFor(path), accounts: new Set([ctx.account, ...(analysis.AdditionalAccounts ?? [])]), through: analysis.FilterInArns, around: analysis.FilterOutArns,
    givenSource: (path.SourceIp ?? path.FilterAtSource?.SourceAddress) !== undefined, givenDestination: (path.DestinationIp ?? path.FilterAtSource?.DestinationAddress) !== undefined,
  };
  let best: Reachability | undefined;
  for (const from of sources) {
    for (const to of destinations) {
      const result = atDestination(await reachability(from, to, question), packetsOf(path.FilterAtDestination), ctx, to, path.Protocol!);
      if (result.found) return result;
      if (!best || result.explanations.length < best.explanations.length) best = result;
    }
  }
  return best!;
}

function askedFor(path: StoredPath): Packets {
  if (path.FilterAtSource) return packetsOf(path.FilterAtSource);
  return {
    ...ANYTHING, ...(path.SourceIp !== undefined && { source: addressRange(path.SourceIp) }), ...(path.DestinationIp !== undefined && { destination: addressRange(path.DestinationIp) }),
    ...(path.DestinationPort !== undefined && { destinationPort: [path.DestinationPort, path.DestinationPort] as const }),
  };
}

async function planAnalysis(input: Ec2Operations['StartNetworkInsightsAnalysis']['input'], ctx: Context): Promise<Partial<StoredAnalysis>> {
  for (const account of input.AdditionalAccounts ?? []) if (!/^\d{12}$/.test(account)) throw general.invalidValue(account, 'additionalAccount', 'An account ID is expected.');
  await ctx.get(paths, input.NetworkInsightsPathId);
  const id = ctx.newId(analyses);
  return {
    NetworkInsightsAnalysisId: id, NetworkInsightsAnalysisArn: `arn:aws:ec2:${ctx.region}:${ctx.account}:network-insights-analysis/${id}`, NetworkInsightsPathId: input.NetworkInsightsPathId, StartDate: ctx.now, Status: 'running',
    ...(input.AdditionalAccounts?.length && { AdditionalAccounts: input.AdditionalAccounts }),
    ...(input.FilterInArns?.length && { FilterInArns: input.FilterInArns }), ...(input.FilterOutArns?.length && { FilterOutArns: input.FilterOutArns }),
  };
}

const inTime = (at: string | undefined, from: string | undefined, to: string | undefined): boolean => (from === undefined || at! >= from) && (to === undefined || at! <= to);

export const analysisOperations = {
  StartNetworkInsightsAnalysis: creates(analyses, planAnalysis),
  DescribeNetworkInsightsAnalyses: describes(analyses, {
    ids: 'NetworkInsightsAnalysisIds',
    prepare: async (input, ctx) => {
      if (input.NetworkInsightsPathId !== undefined) await ctx.get(paths, input.NetworkInsightsPathId);
      return input;
    },
    visible: (analysis, input) => (input.NetworkInsightsPathId === undefined || analysis.NetworkInsightsPathId === input.NetworkInsightsPathId) && inTime(analysis.StartDate, input.AnalysisStartTime, input.AnalysisEndTime),
  }),
  DeleteNetworkInsightsAnalysis: async (input, ctx) => {
    await ctx.remove(analyses, await ctx.get(analyses, input.NetworkInsightsAnalysisId));
    return { NetworkInsightsAnalysisId: input.NetworkInsightsAnalysisId };
  },
} satisfies Handlers<Ec2Operations>;
