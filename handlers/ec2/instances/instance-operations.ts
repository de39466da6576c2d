import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { page, pagePosition, pageToken, wildcardMatcher, type Context, type Handlers, type Structure } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { givePublicIp, instances, STATE_CODES, type StoredInstance } from './instances.ts';
import { runInstances } from './run-instances.ts';
import { reclaim } from './launch-claims.ts';
import { refuseStopOfOneTime } from '../spot/spot-instances.ts';

type Change = NonNullable<Ec2Operations['StartInstances']['output']['StartingInstances']>[number];
type Reservation = NonNullable<Ec2Operations['DescribeInstances']['output']['Reservations']>[number];

const changeOf = (id: string, from: string, to: string): Change => ({
  InstanceId: id, PreviousState: { Name: from as 'pending', Code: STATE_CODES[from] }, CurrentState: { Name: to as 'pending', Code: STATE_CODES[to] },
});

const userInitiated = (ctx: Context): string => `User initiated (${ctx.now.slice(0, 19).replace('T', ' ')} GMT)`;

/** All or none: one instance in the wrong state refuses the whole call. */
async function move(ctx: Context, ids: readonly string[], from: readonly string[], already: readonly string[], to: string, refusal: (id: string) => Error, before: (instance: StoredInstance) => Promise<void> | void): Promise<Change[]> {
  const all = await ctx.getAll(instances, [...new Set(ids)]);
  const wrong = all.find((i) => ![...from, ...already].includes(i.State!.Name!));
  if (wrong) throw refusal(wrong.InstanceId!);
  const changes: Change[] = [];
  for (const instance of all) {
    const state = instance.State!.Name!;
    if (already.includes(state)) {
      changes.push(changeOf(instance.InstanceId!, state, state));
      continue;
    }
    await before(instance);
    await ctx.transition(instances, instance, to);
    changes.push(changeOf(instance.InstanceId!, state, to));
  }
  return changes;
}

/** Reservations in order, each with those of its instances that were selected. */
async function describeInstances(input: Ec2Operations['DescribeInstances']['input'], ctx: Context): Promise<Ec2Operations['DescribeInstances']['output']> {
  const { documents, next } = await page(instances, { ids: 'InstanceIds', idsName: 'instancesSet' }, input, ctx, itemShape(ctx));
  const reservations = new Map<string, Reservation>();
  for (const instance of documents) {
    const id = instance.$.reservationId;
    const reservation = reservations.get(id);
    if (reservation) reservation.Instances!.push(instance);
    else reservations.set(id, { ReservationId: id, OwnerId: ctx.account, Groups: [], Instances: [instance] });
  }
  return { Reservations: [...reservations.values()], ...(next === undefined ? {} : { NextToken: next }) };
}

/** The model's Instance, inside Reservation's list. */
function itemShape(ctx: Context) {
  const list = ctx.operation!.output.members.get('Reservations')!.target;
  const reservation = list.type === 'list' ? list.member.target : list;
  const inner = reservation.type === 'structure' ? reservation.members.get('Instances')!.target : reservation;
  const item = inner.type === 'list' ? inner.member.target : inner;
  if (item.type !== 'structure') throw new Error('the model has no Reservations.Instances');
  return item;
}

type Status = NonNullable<Ec2Operations['DescribeInstanceStatus']['output']['InstanceStatuses']>[number];

/** Checks pass a while after an instance runs. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-system-instance-status-check.html */
function statusOf(instance: StoredInstance): Status {
  const running = instance.State!.Name === 'running';
  const summary = running ? { Status: 'ok' as const, Details: [{ Name: 'reachability' as const, Status: 'passed' as const }] } : { Status: 'not-applicable' as const };
  return {
    AvailabilityZone: instance.Placement!.AvailabilityZone, AvailabilityZoneId: instance.Placement!.AvailabilityZoneId, InstanceId: instance.InstanceId, InstanceState: instance.State,
    InstanceStatus: summary, SystemStatus: summary, AttachedEbsStatus: running ? { Status: 'ok', Details: [{ Name: 'reachability', Status: 'passed' }] } : { Status: 'not-applicable' }, Operator: { Managed: false },
  };
}

const STATUS_FILTERS: Readonly<Record<string, (s: Status) => (string | undefined)[]>> = {
  'availability-zone': (s) => [s.AvailabilityZone], 'availability-zone-id': (s) => [s.AvailabilityZoneId], 'instance-state-code': (s) => [String(s.InstanceState?.Code)], 'instance-state-name': (s) => [s.InstanceState?.Name],
  'instance-status.status': (s) => [s.InstanceStatus?.Status], 'system-status.status': (s) => [s.SystemStatus?.Status], 'attached-ebs-status.status': (s) => [s.AttachedEbsStatus?.Status],
  'instance-status.reachability': (s) => [s.InstanceStatus?.Details?.[0]?.Status], 'system-status.reachability': (s) => [s.SystemStatus?.Details?.[0]?.Status], 'operator.managed': () => ['false'], 'operator.principal': () => [],
  'event.code': () => [], 'event.description': () => [], 'event.instance-event-id': () => [], 'event.not-after': () => [], 'event.not-before': () => [], 'event.not-before-deadline': () => [],
};

async function describeStatus(input: Ec2Operations['DescribeInstanceStatus']['input'], ctx: Context): Promise<Ec2Operations['DescribeInstanceStatus']['output']> {
  const found = input.InstanceIds?.length ? await ctx.getAll(instances, input.InstanceIds) : await ctx.list(instances);
  const tests = (input.Filters ?? []).map(({ Name = '', Values = [] }) => {
    if (!Object.hasOwn(STATUS_FILTERS, Name)) throw errors.invalidParameterValue(`The filter '${Name}' is invalid`);
    const accepts = wildcardMatcher(Values);
    return (s: Status) => STATUS_FILTERS[Name]!(s).some((v) => v !== undefined && accepts(v));
  });
  const statuses = found.filter((i) => input.IncludeAllInstances === true || i.State!.Name === 'running').map(statusOf).filter((s) => tests.every((test) => test(s)));
  const from = pagePosition(input.NextToken, input as Structure, (token) => errors.invalidValue(` ${token} `, 'NextToken', 'The token is invalid.'));
  const to = from + (input.MaxResults ?? statuses.length);
  return { InstanceStatuses: statuses.slice(from, to), ...(to < statuses.length ? { NextToken: pageToken(to, input as Structure) } : {}) };
}

async function monitor(ctx: Context, ids: readonly string[], state: 'enabled' | 'disabled') {
  const InstanceMonitorings = [];
  for (const instance of await ctx.getAll(instances, ids)) {
    instance.Monitoring = { State: state };
    await ctx.save(instances, instance);
    InstanceMonitorings.push({ InstanceId: instance.InstanceId, Monitoring: { State: state === 'enabled' ? ('pending' as const) : ('disabling' as const) } });
  }
  return { InstanceMonitorings };
}

export const instanceOperations = {
  RunInstances: runInstances,
  DescribeInstances: describeInstances,
  DescribeInstanceStatus: describeStatus,
  StartInstances: async (input, ctx) => ({
    StartingInstances: await move(ctx, input.InstanceIds, ['stopped'], ['pending', 'running'], 'pending', (id) => errors.incorrectInstanceState(`The instance '${id}' is not in a state from which it can be started.`), async (instance) => {
      await reclaim(instance, ctx);
      delete instance.StateReason;
      instance.StateTransitionReason = '';
      instance.LaunchTime = ctx.now;
      await givePublicIp(instance, ctx);
    }),
  }),
  StopInstances: async (input, ctx) => {
    if (input.Hibernate === true) throw errors.unsupportedOperation('Hibernation is not supported by Fogbank yet.');
    return {
      StoppingInstances: await move(ctx, input.InstanceIds, ['running', 'pending'], ['stopping', 'stopped'], 'stopping', (id) => errors.incorrectInstanceState(`The instance '${id}' is not in a state from which it can be stopped.`), async (instance) => {
        await refuseStopOfOneTime(instance, ctx);
        if (instance.$.disableApiStop) throw errors.operationNotPermitted(`The instance '${instance.InstanceId}' may not be stopped. Modify its 'disableApiStop' instance attribute and try again.`);
        instance.StateReason = { Code: 'Client.UserInitiatedShutdown', Message: 'Client.UserInitiatedShutdown: User initiated shutdown' };
        instance.StateTransitionReason = userInitiated(ctx);
      }),
    };
  },
  RebootInstances: async (input, ctx) => {
    const wrong = (await ctx.getAll(instances, input.InstanceIds)).find((i) => !['running', 'pending'].includes(i.State!.Name!));
    if (wrong) throw errors.incorrectInstanceState(`The instance '${wrong.InstanceId}' is not in a state from which it can be rebooted.`);
    return {};
  },
  TerminateInstances: async (input, ctx) => ({
    TerminatingInstances: await move(ctx, input.InstanceIds, ['pending', 'running', 'stopping', 'stopped'], ['shutting-down', 'terminated'], 'shutting-down', (id) => errors.incorrectInstanceState(id), (instance) => {
      if (instance.$.disableApiTermination) throw errors.operationNotPermitted(`The instance '${instance.InstanceId}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`);
      instance.StateReason = { Code: 'Client.UserInitiatedShutdown', Message: 'Client.UserInitiatedShutdown: User initiated shutdown' };
      instance.StateTransitionReason = userInitiated(ctx);
    }),
  }),
  MonitorInstances: (input, ctx) => monitor(ctx, input.InstanceIds, 'enabled'),
  UnmonitorInstances: (input, ctx) => monitor(ctx, input.InstanceIds, 'disabled'),
  DescribeInstanceCreditSpecifications: async (input, ctx) => {
    if (input.Filters?.some((f) => f.Name !== 'instance-id')) throw errors.invalidParameterValue(`The filter '${input.Filters[0]!.Name}' is invalid`);
    const wanted = [...(input.InstanceIds ?? []), ...(input.Filters ?? []).flatMap((f) => f.Values ?? [])];
    const found = (wanted.length > 0 ? await ctx.getAll(instances, wanted) : (await ctx.list(instances)).filter((i) => i.$.credits === 'unlimited')).filter((i) => i.$.credits !== undefined);
    const from = pagePosition(input.NextToken, input as Structure, (token) => errors.invalidValue(` ${token} `, 'NextToken', 'The token is invalid.'));
    const to = from + (input.MaxResults ?? found.length);
    return { InstanceCreditSpecifications: found.slice(from, to).map((i) => ({ InstanceId: i.InstanceId, CpuCredits: i.$.credits })), ...(to < found.length ? { NextToken: pageToken(to, input as Structure) } : {}) };
  },
  ModifyInstanceCreditSpecification: async (input, ctx) => {
    const done = [];
    const failed = [];
    for (const { InstanceId, CpuCredits } of input.InstanceCreditSpecifications) {
      const instance = InstanceId === undefined ? undefined : await ctx.find(instances, InstanceId);
      if (!instance) failed.push({ InstanceId, Error: { Code: 'InvalidInstanceID.NotFound' as const, Message: `The instance ID '${InstanceId}' does not exist` } });
      else if (instance.$.credits === undefined) failed.push({ InstanceId, Error: { Code: 'InstanceCreditSpecification.NotSupported' as const, Message: `The instance type ${instance.InstanceType} does not support CPU credits` } });
      else {
        if (CpuCredits !== 'standard' && CpuCredits !== 'unlimited') throw errors.invalidValue(CpuCredits, 'cpuCredits');
        instance.$.credits = CpuCredits;
        await ctx.save(instances, instance);
        done.push({ InstanceId });
      }
    }
    return { SuccessfulInstanceCreditSpecifications: done, UnsuccessfulInstanceCreditSpecifications: failed };
  },
  ModifyInstanceMetadataOptions: async (input, ctx) => {
    const instance = await ctx.get(instances, input.InstanceId);
    const { InstanceId: _id, DryRun: _dry, ...wish } = input;
    instance.MetadataOptions = { ...instance.MetadataOptions, ...wish, State: 'applied' };
    await ctx.save(instances, instance);
    return { InstanceId: input.InstanceId, InstanceMetadataOptions: { ...instance.MetadataOptions, State: 'pending' } };
  },
  ModifyInstanceMaintenanceOptions: async (input, ctx) => {
    const instance = await ctx.get(instances, input.InstanceId);
    instance.MaintenanceOptions = { AutoRecovery: input.AutoRecovery ?? instance.MaintenanceOptions!.AutoRecovery, RebootMigration: input.RebootMigration ?? instance.MaintenanceOptions!.RebootMigration };
    await ctx.save(instances, instance);
    return { InstanceId: input.InstanceId, ...instance.MaintenanceOptions };
  },
} satisfies Handlers<Ec2Operations>;

