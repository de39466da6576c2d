import { beforeAll, expect, it } from 'vitest';
import { fogbank, type Fogbank } from '../../support/fogbank.ts';
import { as, type Caller } from '../../support/others.ts';

let fb: Fogbank;
let ec2: Caller;
const WEST = { Source: 'us-east-1', Destination: 'us-west-2' };
const data = async (query: Record<string, unknown>, minutes = 30) => {
  const end = Math.floor(fb.machine.clock.now() / 3_600_000) * 3_600_000;
  const { DataResponses } = await ec2.go('GetAwsNetworkPerformanceData', { DataQueries: [{ Id: 'one', ...query }], StartTime: new Date(end - minutes * 60_000), EndTime: new Date(end) });
  return DataResponses[0];
};

beforeAll(async () => {
  fb = await fogbank();
  fb.machine.clock.hold();
  ec2 = as(fb);
});

it('a subscription is there once, until it is disabled', async () => {
  const list = async (extra: Record<string, unknown> = {}) => (await ec2.go('DescribeAwsNetworkPerformanceMetricSubscriptions', extra)).Subscriptions;
  expect(await ec2.go('EnableAwsNetworkPerformanceMetricSubscription', WEST)).toMatchObject({ Output: true });
  await ec2.go('EnableAwsNetworkPerformanceMetricSubscription', { ...WEST, Metric: 'aggregate-latency', Statistic: 'p50' });
  await ec2.go('EnableAwsNetworkPerformanceMetricSubscription', { Source: 'use1-az1', Destination: 'use1-az2' });
  expect(await list()).toEqual([
    { ...WEST, Metric: 'aggregate-latency', Statistic: 'p50', Period: 'five-minutes' }, { Source: 'use1-az1', Destination: 'use1-az2', Metric: 'aggregate-latency', Statistic: 'p50', Period: 'five-minutes' },
  ]);
  expect(await list({ Filters: [{ Name: 'destination', Values: ['us-west-2'] }] })).toHaveLength(1);
  expect(await ec2.go('DisableAwsNetworkPerformanceMetricSubscription', WEST)).toMatchObject({ Output: true });
  expect(await ec2.go('DisableAwsNetworkPerformanceMetricSubscription', WEST)).toMatchObject({ Output: false });
  expect(await list()).toHaveLength(1);
});

it.each([
  [{ Source: 'us-east-1' }, 'MissingParameter'], [{ Destination: 'us-east-1' }, 'MissingParameter'], [{ Source: 'us-east-1', Destination: 'mars-1' }, 'InvalidParameterValue'], [{ Source: 'us-east-1', Destination: 'use1-az1' }, 'InvalidParameterCombination'],
  [{ Source: 'use1-az1', Destination: 'usw2-az1' }, 'InvalidParameterCombination'], [{ Source: 'us-east-1a', Destination: 'us-east-1b' }, 'InvalidParameterValue'],
])('EnableAwsNetworkPerformanceMetricSubscription: refuses %j', async (input, code) => {
  expect((await ec2.refused('EnableAwsNetworkPerformanceMetricSubscription', input)).code).toBe(code);
});

it('latency has a point for each period that is over, the same whenever it is asked', async () => {
  const there = await data({ ...WEST, Period: 'five-minutes' });
  expect(there).toMatchObject({ Id: 'one', ...WEST, Metric: 'aggregate-latency', Statistic: 'p50', Period: 'five-minutes' });
  expect(there.MetricPoints).toHaveLength(6);
  for (const [i, point] of there.MetricPoints.entries()) {
    expect(point.EndDate.getTime() - point.StartDate.getTime()).toBe(300_000);
    expect(point.Status).toBe('OK');
    expect(point.Value).toBeGreaterThan(10);
    expect(point.Value).toBeLessThan(90);
    if (i > 0) expect(point.StartDate).toEqual(there.MetricPoints[i - 1].EndDate);
  }
  const back = await data({ Source: WEST.Destination, Destination: WEST.Source, Period: 'five-minutes' });
  expect(back.MetricPoints).toEqual(there.MetricPoints);
  const near = await data({ Source: 'use1-az1', Destination: 'use1-az2', Period: 'fifteen-minutes' });
  expect(near.MetricPoints.map((p: { Value: number }) => p.Value < 2)).toEqual([true, true]);
});

it('GetAwsNetworkPerformanceData: pages its answers, and refuses times that make no sense', async () => {
  const [StartTime, EndTime] = [new Date('2022-10-26T12:00:00Z'), new Date('2022-10-26T12:30:00Z')];
  const request = { DataQueries: [{ Id: 'a', ...WEST }, { Id: 'b', ...WEST }, { Id: 'c', ...WEST }], StartTime, EndTime, MaxResults: 2 };
  const first = await ec2.go('GetAwsNetworkPerformanceData', request);
  const second = await ec2.go('GetAwsNetworkPerformanceData', { ...request, NextToken: first.NextToken });
  expect([...first.DataResponses, ...second.DataResponses].map((r: { Id: string }) => r.Id)).toEqual(['a', 'b', 'c']);
  expect((await ec2.refused('GetAwsNetworkPerformanceData', { ...request, EndTime: StartTime })).code).toBe('InvalidParameterCombination');
  expect((await ec2.refused('GetAwsNetworkPerformanceData', { ...request, StartTime: new Date('2022-08-26T12:00:00Z') })).code).toBe('InvalidParameterCombination');
  for (const name of ['DataQueries', 'StartTime', 'EndTime']) expect((await ec2.refused('GetAwsNetworkPerformanceData', { ...request, [name]: undefined })).code).toBe('MissingParameter');
});
