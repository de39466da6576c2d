import type { Subscription } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { AwsError, describes, hours, isoTime, minutes, pageOf, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { checkRoute, latencyMs } from './latencies.ts';

/** Keyed by what it is about: the two places, the metric and the statistic. */
export type StoredSubscription = Wire<Subscription> & { readonly SubscriptionKey: string };

export const metricSubscriptions = resource<StoredSubscription>({
  service: 'ec2',
  kind: 'aws-network-performance-metric-subscription',
  shape: 'Subscription',
  id: { member: 'SubscriptionKey' },
  notFound: (ids) => new AwsError('InvalidParameterValue', `The metric subscription '${ids[0]}' does not exist`),
  tags: null,
});

type Input = Ec2Operations['EnableAwsNetworkPerformanceMetricSubscription']['input'];

/** There is one metric and one statistic of it. */
function subscriptionOf(input: Input): StoredSubscription {
  const { Source, Destination } = checkRoute(input);
  const { Metric = 'aggregate-latency', Statistic = 'p50' } = input;
  return { SubscriptionKey: [Source, Destination, Metric, Statistic].join('/'), Source, Destination, Metric, Statistic, Period: 'five-minutes' };
}

const PERIODS_MS = { 'five-minutes': minutes(5), 'fifteen-minutes': minutes(15), 'one-hour': hours(1), 'three-hours': hours(3), 'one-day': hours(24), 'one-week': hours(24 * 7) } as const;

type Query = NonNullable<Ec2Operations['GetAwsNetworkPerformanceData']['input']['DataQueries']>[number];
type Answer = NonNullable<Ec2Operations['GetAwsNetworkPerformanceData']['output']['DataResponses']>[number];

/** The periods that are over and begin between the two times. */
function answer(query: Query, fromMs: number, toMs: number, ctx: Context): Answer {
  const route = checkRoute(query);
  const { Id, Metric = 'aggregate-latency', Statistic = 'p50', Period = 'five-minutes' } = query;
  const length = PERIODS_MS[Period];
  const MetricPoints = [];
  for (let start = Math.ceil(fromMs / length) * length; start < toMs && start + length <= ctx.nowMs; start += length) {
    MetricPoints.push({ StartDate: isoTime(start), EndDate: isoTime(start + length), Value: latencyMs(route, start), Status: 'OK' });
  }
  return { ...(Id !== undefined && { Id }), ...route, Metric, Statistic, Period, MetricPoints };
}

// assumed: how far apart the two times may be.
const RANGE_MAX_MS = hours(24 * 30);

async function performance(input: Ec2Operations['GetAwsNetworkPerformanceData']['input'], ctx: Context): Promise<Ec2Operations['GetAwsNetworkPerformanceData']['output']> {
  const { DataQueries, StartTime, EndTime } = input;
  if (!DataQueries?.length) throw errors.missingParameter('DataQueries');
  if (StartTime === undefined) throw errors.missingParameter('StartTime');
  if (EndTime === undefined) throw errors.missingParameter('EndTime');
  const [from, to] = [Date.parse(StartTime), Date.parse(EndTime)];
  if (from >= to) throw errors.invalidParameterCombination('StartTime must be before EndTime');
  if (to - from > RANGE_MAX_MS) throw errors.invalidParameterCombination('StartTime and EndTime may be 30 days apart');
  const { items, next } = pageOf(DataQueries.map((query) => answer(query, from, to, ctx)), input);
  return { DataResponses: items, ...next };
}

/** https://docs.aws.amazon.com/network-manager/latest/infrastructure-performance/nmip-performance-cli.html */
export const metricSubscriptionOperations = {
  EnableAwsNetworkPerformanceMetricSubscription: async (input, ctx) => {
    const wanted = subscriptionOf(input);
    if (!(await ctx.find(metricSubscriptions, wanted.SubscriptionKey))) await ctx.create(metricSubscriptions, wanted);
    return { Output: true };
  },
  DescribeAwsNetworkPerformanceMetricSubscriptions: describes(metricSubscriptions),
  /** assumed: that nothing was subscribed to is told by the output. */
  DisableAwsNetworkPerformanceMetricSubscription: async (input, ctx) => {
    const present = await ctx.find(metricSubscriptions, subscriptionOf(input).SubscriptionKey);
    if (present) await ctx.remove(metricSubscriptions, present);
    return { Output: present !== undefined };
  },
  GetAwsNetworkPerformanceData: performance,
} satisfies Handlers<Ec2Operations>;
