import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { page, pageOf, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { hibernationUnsupported } from './errors.ts';
import { placedAnew } from './instance-placements.ts';
import { givePublicIp, instances, STATE_CODES, type StoredInstance } from './instances.ts';
import { withInterfaces } from './interface-filters.ts';
import { justLaunched, runInstances } from './run-instances.ts';
import { reclaim } from './launch-claims.ts';
import { refuseStopOfOneTime } from '../spot/spot-instances.ts';

type Change = NonNullable<Ec2Operations['StartInstances']['output']['StartingInstances']>[number];
type Reservation = NonNullable<Ec2Operations['DescribeInstances']['output']['Reservations']>[number];

const changeOf = (id: string, from: string, to: string): Change => ({
  InstanceId: id, PreviousState: { Name: from as 'pending', Code: STATE_CODES[from] }, CurrentState: { Name: to as 'pending', Code: STATE_CODES[to] },
});

const userInitiated = (ctx: Context): string => `User initiated (${ctx.now.slice(0, 19).replace('T', ' ')} GMT)`;

const SHUT_DOWN = { Code: 'Client.UserInitiatedShutdown', Message: 'Client.UserInitiatedShutdown: User initiated shutdown' };
const HIBERNATED = { Code: 'Client.UserInitiatedHibernate', Message: 'Client.UserInitiatedHibernate: User initiated hibernate' };

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/hibernating-instances.html */
async function checkHibernation(ctx: Context, ids: readonly string[]): Promise<void> {
  const unfit = (await ctx.getAll(instances, ids)).filter((i) => !i.HibernationOptions?.Configured);
  if (unfit.length > 0) throw hibernationUnsupported(`The instance can't be hibernated because it was not configured at launch for hibernation: ${unfit.map((i) => i.InstanceId).join(', ')}`);
}

type Protection = 'disableApiStop' | 'disableApiTermination';

const protectedFrom = (instance: StoredInstance, fate: 'stopped' | 'terminated', attribute: Protection) =>
  errors.operationNotPermitted(`The instance '${instance.InstanceId}' may not be ${fate}. Modify its '${attribute}' instance attribute and try again.`);

/**
 * Who is terminated: a protected instance saves those of its zone, and the answer is its refusal whatever happens in other zones.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TerminateInstances.html
 * Stop protection protects from termination as well. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-stop-protection.html
 */
async function unprotected(ctx: Context, ids: readonly string[]): Promise<string[]> {
  const all = (await ctx.getAll(instances, [...new Set(ids)])).map((instance) => ({ instance, attribute: protectionOf(instance), zone: instance.Placement!.AvailabilityZone }));
  const safe = all.filter(({ attribute }) => attribute !== undefined);
  if (safe.length === 0) return [...ids];
  const refusal = protectedFrom(safe[0]!.instance, 'terminated', safe[0]!.attribute!);
  const doomed = all.filter(({ zone }) => !safe.some((s) => s.zone === zone)).map(({ instance }) => instance.InstanceId!);
  if (doomed.length === 0) throw refusal;
  ctx.partly = refusal;
  return doomed;
}

const protectionOf = ({ $, State }: StoredInstance): Protection | undefined =>
  (['shutting-down', 'terminated'].includes(State!.Name!) ? undefined : $.disableApiTermination ? 'disableApiTermination' : $.disableApiStop ? 'disableApiStop' : undefined);

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
  const { documents, next } = await page(instances, { ids: 'InstanceIds', idsName: 'instancesSet', complete: withInterfaces(input.Filters) }, input, ctx, itemShape(ctx));
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
  RunInstances: async (input, ctx) => {
    const { Instances = [], ...reservation } = await runInstances(input, ctx);
    return { ...reservation, Instances: Instances.map(justLaunched) };
  },
  DescribeInstances: describeInstances,
  StartInstances: async (input, ctx) => ({
    StartingInstances: await move(ctx, input.InstanceIds, ['stopped'], ['pending', 'running'], 'pending', (id) => errors.incorrectInstanceState(`The instance '${id}' is not in a state from which it can be started.`), async (instance) => {
      await reclaim(instance, ctx);
      await placedAnew(instance, ctx);
      delete instance.StateReason;
      instance.StateTransitionReason = '';
      instance.LaunchTime = ctx.wholeSecond;
      await givePublicIp(instance, ctx);
    }),
  }),
  /** Its refusal begins with "This instance", as CloudTrail's records of it do; that of StartInstances with "The instance". */
  StopInstances: async (input, ctx) => {
    if (input.Hibernate) await checkHibernation(ctx, input.InstanceIds);
    const reason = input.Hibernate ? HIBERNATED : SHUT_DOWN;
    return {
      StoppingInstances: await move(ctx, input.InstanceIds, input.Hibernate ? ['running'] : ['running', 'pending'], ['stopping', 'stopped'], 'stopping', (id) => errors.incorrectInstanceState(`This instance '${id}' is not in a state from which it can be stopped.`), async (instance) => {
        await refuseStopOfOneTime(instance, ctx);
        if (instance.$.disableApiStop) throw protectedFrom(instance, 'stopped', 'disableApiStop');
        instance.StateReason = reason;
        if (input.Hibernate) instance.$.hibernated = true;
        instance.StateTransitionReason = userInitiated(ctx);
      }),
    };
  },
  RebootInstances: async (input, ctx) => {
    const wrong = (await ctx.getAll(instances, input.InstanceIds)).find((i) => !['running', 'pending'].includes(i.State!.Name!));
    if (wrong) throw errors.incorrectInstanceState(`The instance '${wrong.InstanceId}' is not in a state from which it can be rebooted.`);
    return {};
  },
  TerminateInstances: async (input, ctx) => {
    const doomed = await unprotected(ctx, input.InstanceIds);
    const changes = await move(ctx, doomed, ['pending', 'running', 'stopping', 'stopped'], ['shutting-down', 'terminated'], 'shutting-down', (id) => errors.incorrectInstanceState(id), (instance) => {
      instance.StateReason = SHUT_DOWN;
      instance.StateTransitionReason = userInitiated(ctx);
    });
    return { TerminatingInstances: changes };
  },
  MonitorInstances: (input, ctx) => monitor(ctx, input.InstanceIds, 'enabled'),
  UnmonitorInstances: (input, ctx) => monitor(ctx, input.InstanceIds, 'disabled'),
  DescribeInstanceCreditSpecifications: async (input, ctx) => {
    if (input.Filters?.some((f) => f.Name !== 'instance-id')) throw errors.invalidParameterValue(`The filter '${input.Filters[0]!.Name}' is invalid`);
    const wanted = [...(input.InstanceIds ?? []), ...(input.Filters ?? []).flatMap((f) => f.Values ?? [])];
    const found = (wanted.length > 0 ? await ctx.getAll(instances, wanted) : (await ctx.list(instances)).filter((i) => i.$.credits === 'unlimited')).filter((i) => i.$.credits !== undefined);
    const { items, next } = pageOf(found, input);
    return { InstanceCreditSpecifications: items.map((i) => ({ InstanceId: i.InstanceId, CpuCredits: i.$.credits })), ...next };
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
} satisfies Handlers<Ec2Operations>;

