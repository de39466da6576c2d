import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { minutes, pageOf, wildcardMatcher, type Context, type Handlers, type StatusCheck } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { instances, type StoredInstance } from './instances.ts';
import { eventsOf } from './scheduled-events.ts';

type Input = Ec2Operations['DescribeInstanceStatus']['input'];
type Status = NonNullable<Ec2Operations['DescribeInstanceStatus']['output']['InstanceStatuses']>[number];

/** "Status checks are performed every minute"; the first ones of a started instance need some. */
const CHECKS_TAKE_MS = minutes(2);

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-system-instance-status-check.html */
async function statusOf(instance: StoredInstance, ctx: Context): Promise<Status> {
  const running = instance.State!.Name === 'running';
  const since = Date.parse(instance.$.runningSince ?? instance.LaunchTime!);
  const starting = ctx.nowMs < since + ctx.delay(instances, 'initializing', CHECKS_TAKE_MS);
  const failing = running && !starting ? await ctx.impairments(instances, instance) : [];
  const summary = (check: StatusCheck) => {
    const failed = failing.find((one) => one.check === check);
    const [Status, detail] = !running ? ['not-applicable'] : starting ? ['initializing', 'initializing'] : failed ? ['impaired', 'failed'] : ['ok', 'passed'];
    return { Status, ...(detail !== undefined && { Details: [{ Name: 'reachability', Status: detail, ...(failed && { ImpairedSince: failed.since }) }] }) };
  };
  return {
    AvailabilityZone: instance.Placement!.AvailabilityZone, AvailabilityZoneId: instance.Placement!.AvailabilityZoneId, InstanceId: instance.InstanceId, InstanceState: instance.State, ...(instance.OutpostArn === undefined ? {} : { OutpostArn: instance.OutpostArn }),
    InstanceStatus: summary('instance') as Status['InstanceStatus'], SystemStatus: summary('system') as Status['SystemStatus'], AttachedEbsStatus: summary('attached-ebs') as Status['AttachedEbsStatus'], Events: await eventsOf(ctx, instance), Operator: { Managed: false },
  };
}

type EventMember = keyof NonNullable<Status['Events']>[number];

const ofEvents = (member: EventMember) => (s: Status): (string | undefined)[] => (s.Events ?? []).map((event) => event[member] && String(event[member]));

const FILTERS: Readonly<Record<string, (s: Status) => (string | undefined)[]>> = {
  'availability-zone': (s) => [s.AvailabilityZone], 'availability-zone-id': (s) => [s.AvailabilityZoneId], 'instance-state-code': (s) => [String(s.InstanceState?.Code)], 'instance-state-name': (s) => [s.InstanceState?.Name],
  'instance-status.status': (s) => [s.InstanceStatus?.Status], 'system-status.status': (s) => [s.SystemStatus?.Status], 'attached-ebs-status.status': (s) => [s.AttachedEbsStatus?.Status],
  'instance-status.reachability': (s) => [s.InstanceStatus?.Details?.[0]?.Status], 'system-status.reachability': (s) => [s.SystemStatus?.Details?.[0]?.Status],
  'application-status.status': (s) => [s.ApplicationStatus?.Status], 'operator.managed': () => ['false'], 'operator.principal': () => [],
  'event.code': ofEvents('Code'), 'event.description': ofEvents('Description'), 'event.instance-event-id': ofEvents('InstanceEventId'), 'event.not-after': ofEvents('NotAfter'), 'event.not-before': ofEvents('NotBefore'),
  'event.not-before-deadline': ofEvents('NotBeforeDeadline'),
};

const IDS_MAX = 100;

async function describeStatus(input: Input, ctx: Context): Promise<Ec2Operations['DescribeInstanceStatus']['output']> {
  const ids = input.InstanceIds ?? [];
  if (ids.length > 0 && input.MaxResults !== undefined) throw errors.invalidParameterCombination('The parameter instancesSet cannot be used with the parameter maxResults');
  if (ids.length > IDS_MAX) throw errors.invalidParameterValue(`A maximum of ${IDS_MAX} instance IDs can be specified`);
  const tests = (input.Filters ?? []).map(({ Name = '', Values = [] }) => {
    if (!Object.hasOwn(FILTERS, Name)) throw errors.invalidParameterValue(`The filter '${Name}' is invalid`);
    const accepts = wildcardMatcher(Values);
    return (s: Status) => FILTERS[Name]!(s).some((v) => v !== undefined && accepts(v));
  });
  const found = ids.length > 0 ? await ctx.getAll(instances, [...new Set(ids)]) : await ctx.list(instances);
  const shown: Status[] = [];
  for (const instance of found) if (input.IncludeAllInstances === true || instance.State!.Name === 'running') shown.push(await statusOf(instance, ctx));
  const { items, next } = pageOf(shown.filter((s) => tests.every((test) => test(s))), input);
  return { InstanceStatuses: items, ...next };
}

export const instanceStatusOperations = {
  DescribeInstanceStatus: describeStatus,
  /** "Use of this action does not change the value returned by DescribeInstanceStatus." https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReportInstanceStatus.html */
  ReportInstanceStatus: async (input, ctx) => {
    if (input.StartTime !== undefined && input.EndTime !== undefined && input.EndTime < input.StartTime) throw errors.invalidParameterCombination('The end time cannot be before the start time');
    for (const instance of await ctx.getAll(instances, input.Instances)) {
      // assumed: the text; "The instance must be in the running state."
      if (instance.State!.Name !== 'running') throw errors.incorrectInstanceState(`The instance '${instance.InstanceId}' is not in the 'running' state.`);
    }
    return {};
  },
} satisfies Handlers<Ec2Operations>;
