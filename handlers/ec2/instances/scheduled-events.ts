import type { InstanceStatusEvent } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { hours, isoTime, minutes, resource, type Context, type Handlers, type Happening } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { eventNotFound, eventStartTime } from './errors.ts';
import { instances, type StoredInstance } from './instances.ts';

type Event = Wire<InstanceStatusEvent>;
export type StoredEvent = Event & { InstanceId: string; $: { state: 'scheduled' | 'completed'; scheduledAt: string } };

/** What AWS intends with an instance, at a time that it tells before. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-instances-status-check_sched.html */
export const scheduledEvents = resource<StoredEvent>({
  service: 'ec2',
  kind: 'instance-event',
  shape: 'InstanceStatusEvent',
  id: { member: 'InstanceEventId', prefix: 'instance-event' },
  notFound: (ids) => eventNotFound(ids[0]!),
  tags: null,
  state: '$.state',
  lifecycle: {
    scheduled: { after: (event, nowMs) => Math.max(0, Date.parse(event.NotBefore!) - nowMs), to: 'completed', paced: false },
    // "After a scheduled event is completed, it can still be described for up to a week."
    completed: { after: hours(7 * 24), to: 'gone', paced: false },
  },
  entering: { completed: takePlace },
  references: { InstanceId: { kind: 'ec2:instance', onDelete: 'cascade' } },
});

/** Who was started anew since is on another host, which has nothing of the sort. */
const escaped = (event: StoredEvent, instance: StoredInstance): boolean => Date.parse(instance.$.runningSince ?? instance.LaunchTime!) > Date.parse(event.$.scheduledAt);

const ENDS = ['instance-stop', 'instance-retirement'];

/** A reboot and maintenance leave an instance as it was. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/schedevents_actions_retire.html */
async function takePlace(event: StoredEvent, ctx: Context): Promise<void> {
  const instance = await ctx.find(instances, event.InstanceId);
  if (!instance || escaped(event, instance)) {
    event.Description = `[Canceled] ${event.Description}`;
    return;
  }
  event.Description = `[Completed] ${event.Description}`;
  if (!ENDS.includes(event.Code!) || instance.State!.Name !== 'running') return;
  instance.StateReason = { Code: 'Server.ScheduledStop', Message: 'Server.ScheduledStop: The instance was stopped due to a scheduled retirement' };
  instance.StateTransitionReason = `Server.ScheduledStop (${ctx.now.slice(0, 19).replace('T', ' ')} GMT)`;
  // "If your instance has an EBS root volume, it's stopped; if it has an instance store root volume, it's terminated."
  await ctx.transition(instances, instance, instance.RootDeviceType === 'instance-store' ? 'shutting-down' : 'stopping');
}

const shown = ({ $: _kept, InstanceId: _instance, ...event }: StoredEvent): Event => event;

/** The events of an instance, as its status shows them. */
export async function eventsOf(ctx: Context, instance: StoredInstance): Promise<Event[]> {
  const found = await ctx.list(scheduledEvents, { member: 'InstanceId', value: instance.InstanceId! });
  return found.map((event) => (event.$.state === 'scheduled' && escaped(event, instance) ? { ...shown(event), Description: `[Canceled] ${event.Description}` } : shown(event)));
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  'instance-reboot': 'The instance is scheduled for a reboot', 'system-reboot': 'The instance is scheduled for a reboot', 'system-maintenance': 'The instance is scheduled for maintenance',
  'instance-retirement': 'The instance is running on degraded hardware', 'instance-stop': 'The instance is scheduled to be stopped',
};
// assumed: how long an event takes at most, and how far it may be put off where the control does not say.
const TAKES = hours(2);
const DEFERRABLE = hours(7 * 24);

/** What AWS does by itself is said by the control `instance schedule`. */
export const addInstanceEvent: Happening = async (given: { instance: string; code: string; inMs: number; deferrableMs?: number }, ctx: Context) => {
  const { State } = await ctx.get(instances, given.instance);
  if (State!.Name === 'terminated' || State!.Name === 'shutting-down') throw errors.incorrectInstanceState(`The instance '${given.instance}' is in the '${State!.Name}' state.`);
  const start = ctx.nowMs + given.inMs;
  // "Only events with an event deadline date can be rescheduled." assumed: those that end an instance have none.
  const deferrable = given.deferrableMs ?? (ENDS.includes(given.code) ? undefined : DEFERRABLE);
  const event = await ctx.create<StoredEvent>(scheduledEvents, {
    InstanceEventId: ctx.newId(scheduledEvents), InstanceId: given.instance, Code: given.code as 'instance-stop', Description: DESCRIPTIONS[given.code], NotBefore: isoTime(start),
    ...(ENDS.includes(given.code) ? {} : { NotAfter: isoTime(start + TAKES) }), ...(deferrable === undefined ? {} : { NotBeforeDeadline: isoTime(start + deferrable) }), $: { state: 'scheduled', scheduledAt: ctx.now },
  });
  return { event: event.InstanceEventId, notBefore: event.NotBefore };
};

// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/reschedule-event.html
const IMMINENT = minutes(5);
const NOTICE = minutes(60);

export const scheduledEventOperations = {
  ModifyInstanceEventStartTime: async (input, ctx) => {
    await ctx.get(instances, input.InstanceId);
    const event = await ctx.find(scheduledEvents, input.InstanceEventId);
    if (!event || event.InstanceId !== input.InstanceId) throw eventNotFound(input.InstanceEventId);
    const [start, wanted] = [Date.parse(event.NotBefore!), Date.parse(String(input.NotBefore))];
    if (event.NotBeforeDeadline === undefined) throw eventStartTime(`The event ${input.InstanceEventId} has no deadline and cannot be rescheduled.`);
    if (event.$.state !== 'scheduled' || start - ctx.nowMs < IMMINENT) throw eventStartTime(`The event ${input.InstanceEventId} has started or starts in the next 5 minutes.`);
    if (wanted - ctx.nowMs < NOTICE) throw eventStartTime('The new start time must be at least 60 minutes from the current time.');
    if (wanted > Date.parse(event.NotBeforeDeadline)) throw eventStartTime(`The new start time is after the event's deadline ${event.NotBeforeDeadline}.`);
    if (event.NotAfter !== undefined) event.NotAfter = isoTime(wanted + Date.parse(event.NotAfter) - start);
    event.NotBefore = isoTime(wanted);
    return { Event: shown(await ctx.transition(scheduledEvents, event, 'scheduled')) };
  },
} satisfies Handlers<Ec2Operations>;
