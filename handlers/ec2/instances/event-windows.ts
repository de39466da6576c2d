import type { InstanceEventWindow } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, modifies, resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { eventWindowNotFound } from './errors.ts';
import { instances } from './instances.ts';

export type StoredEventWindow = Wire<InstanceEventWindow>;
type Target = NonNullable<StoredEventWindow['AssociationTarget']>;
type TimeRange = NonNullable<StoredEventWindow['TimeRanges']>[number];
type Association = Ec2Operations['AssociateInstanceEventWindow']['input']['AssociationTarget'];

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/event-windows.html */
export const eventWindows = resource<StoredEventWindow>({
  service: 'ec2',
  kind: 'instance-event-window',
  shape: 'InstanceEventWindow',
  id: { member: 'InstanceEventWindowId', prefix: 'iew' },
  notFound: eventWindowNotFound,
  malformed: errors.malformedId('InvalidInstanceEventWindowId.Malformed', 'iew'),
  state: 'State',
  lifecycle: { creating: { after: seconds(5), to: 'active' }, deleting: { after: seconds(5), to: 'gone' } },
  references: { 'AssociationTarget.InstanceIds': { kind: 'ec2:instance', onDelete: 'release' } },
  indexed: ['AssociationTarget.DedicatedHostIds'],
  filters: {
    'dedicated-host-id': 'AssociationTarget.DedicatedHostIds', 'event-window-name': 'Name', 'instance-id': 'AssociationTarget.InstanceIds',
    // assumed: a tag is written as a key and a value with an equals sign between them.
    'instance-tag': (w) => (w.AssociationTarget?.Tags ?? []).map((t) => `${t.Key}=${t.Value}`), 'instance-tag-key': 'AssociationTarget.Tags.Key', 'instance-tag-value': 'AssociationTarget.Tags.Value',
  },
});

const WINDOWS_MAX = 200;
const RANGE_HOURS_MIN = 2;
const WINDOW_HOURS_MIN = 4;
const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** "Each time range must be at least 2 hours. The combined time ranges must total at least 4 hours per week." */
function checkHours(ranges: readonly number[], parameter: string): void {
  if (ranges.some((hours) => hours < RANGE_HOURS_MIN)) throw errors.invalidParameterValue(`Each range of hours in ${parameter} must be at least ${RANGE_HOURS_MIN} hours`);
  if (ranges.reduce((sum, hours) => sum + hours, 0) < WINDOW_HOURS_MIN) throw errors.invalidParameterValue(`The combined hours of ${parameter} must be at least ${WINDOW_HOURS_MIN} hours`);
}

function checkTimeRanges(ranges: readonly TimeRange[]): void {
  const lengths = ranges.map(({ StartWeekDay: from, StartHour: start, EndWeekDay: to, EndHour: end }) => {
    if (from === undefined || start === undefined || to === undefined || end === undefined) throw errors.missingParameter('timeRange');
    for (const hour of [start, end]) if (hour < 0 || hour > 23) throw errors.invalidValue(hour, 'hour', 'Expecting a value between 0 and 23.');
    const week = 7 * 24;
    return (DAYS.indexOf(to) * 24 + end - (DAYS.indexOf(from) * 24 + start) + week) % week;
  });
  checkHours(lengths, 'timeRanges');
}

const DAY = /^([0-6]|SUN|MON|TUE|WED|THU|FRI|SAT)$/i;

function checkCron(expression: string): void {
  const invalid = (why: string) => errors.invalidValue(expression, 'cronExpression', why);
  const [minute, hour, day, month, weekDays, ...rest] = expression.trim().split(/\s+/);
  if (weekDays === undefined || rest.length > 0) throw invalid('Expecting five fields.');
  if (minute !== '*' || day !== '*' || month !== '*') throw invalid('Only hour and day of the week values are supported.');
  if (hour === '*') return;
  if (weekDays !== '*' && !weekDays.split(',').every((d) => d.split('-').every((part) => DAY.test(part)))) throw invalid('Invalid day of the week.');
  const days = weekDays === '*' ? 7 : weekDays.split(',').length;
  const lengths = hour!.split(',').map((range) => {
    const [, from, to] = /^(\d{1,2})-(\d{1,2})$/.exec(range) ?? [];
    if (from === undefined || Number(from) > 23 || Number(to) > 24) throw invalid('The hour value must be one or multiple ranges.');
    return Number(to) - Number(from);
  });
  checkHours(Array.from({ length: days }, () => lengths).flat(), 'cronExpression');
}

function checkTimes({ Name: name, TimeRanges: ranges, CronExpression: cron }: { Name?: string | undefined; TimeRanges?: readonly TimeRange[] | undefined; CronExpression?: string | undefined }): void {
  if (ranges?.length && cron !== undefined) throw errors.invalidParameterCombination('Specify either time ranges or a cron expression, but not both');
  if (ranges?.length) checkTimeRanges(ranges);
  if (cron !== undefined) checkCron(cron);
  if (name !== undefined && !/^[\w .-]{1,255}$/.test(name)) throw errors.invalidValue(name, 'name');
}

async function planWindow(input: Ec2Operations['CreateInstanceEventWindow']['input'], ctx: Context): Promise<Partial<StoredEventWindow>> {
  if (!input.TimeRanges?.length && input.CronExpression === undefined) throw errors.missingParameter('timeRanges or cronExpression');
  checkTimes(input);
  if (ctx.world.settings.quotas && (await ctx.list(eventWindows)).length >= WINDOWS_MAX) throw errors.limitExceeded('InstanceEventWindowLimitExceeded', `You have reached the limit of ${WINDOWS_MAX} event windows`);
  return { Name: input.Name, State: 'creating', ...(input.TimeRanges?.length ? { TimeRanges: input.TimeRanges } : { CronExpression: input.CronExpression }) };
}

const KINDS = ['InstanceIds', 'Tags', 'DedicatedHostIds'] as const;

/** The targets of a call as a window shows them: of one type only. */
function targetsOf(wish: Association, before: Target | undefined): { readonly kind: (typeof KINDS)[number]; readonly wanted: Target } {
  const wanted: Target = { InstanceIds: wish.InstanceIds, Tags: wish.InstanceTags, DedicatedHostIds: wish.DedicatedHostIds };
  const given = KINDS.filter((kind) => wanted[kind]?.length);
  if (given.length === 0) throw errors.missingParameter('associationTarget');
  const held = KINDS.filter((kind) => before?.[kind]?.length);
  if (new Set([...given, ...held]).size > 1) throw errors.invalidParameterCombination('Only one type of target (instance IDs, tags or Dedicated Host IDs) can be associated with an event window');
  return { kind: given[0]!, wanted };
}

async function checkTargets(ctx: Context, { InstanceIds: ids, DedicatedHostIds: hostIds }: Target, windowId: string): Promise<void> {
  for (const instance of await ctx.getAll(instances, ids ?? [])) if (/^(shutting-down|terminated)$/.test(instance.State!.Name!)) throw errors.incorrectInstanceState(`The instance '${instance.InstanceId}' is in the '${instance.State!.Name}' state.`);
  const hosts = ctx.world.registry.resource('ec2:dedicated-host');
  for (const id of hostIds ?? []) if (!hosts || !(await ctx.find(hosts, id))) throw errors.notFound('InvalidHostID.NotFound', 'host ID')([id]);
  const taken = [
    ...(await ctx.list(eventWindows, { member: 'AssociationTarget.InstanceIds', value: ids ?? [] })), ...(await ctx.list(eventWindows, { member: 'AssociationTarget.DedicatedHostIds', value: hostIds ?? [] })),
  ].find((w) => w.InstanceEventWindowId !== windowId);
  // assumed: the code and the text; "A target can be associated with only one event window."
  if (taken) throw errors.resourceAlreadyAssociated(`A target is already associated with the event window '${taken.InstanceEventWindowId}'`);
}

const written = (target: unknown): string => JSON.stringify(target);
const isActive = (window: StoredEventWindow): void => {
  if (window.State === 'deleting') throw eventWindowNotFound([window.InstanceEventWindowId!]);
};

/** A window's targets of one type with some more, or without some; without any it has no targets at all. */
function withTargets(window: StoredEventWindow, kind: (typeof KINDS)[number], keep: (items: readonly unknown[]) => readonly unknown[]): void {
  const kept = keep(window.AssociationTarget?.[kind] ?? []);
  if (kept.length === 0) delete window.AssociationTarget;
  else window.AssociationTarget = { InstanceIds: [], Tags: [], DedicatedHostIds: [], [kind]: kept } as Target;
}

export const eventWindowOperations = {
  CreateInstanceEventWindow: creates(eventWindows, planWindow),
  DescribeInstanceEventWindows: describes(eventWindows, { ids: 'InstanceEventWindowIds' }),
  ModifyInstanceEventWindow: modifies(eventWindows, { id: 'InstanceEventWindowId' }, (window, input) => {
    isActive(window);
    checkTimes(input);
    if (input.Name !== undefined) window.Name = input.Name;
    if (input.TimeRanges?.length) {
      window.TimeRanges = input.TimeRanges;
      delete window.CronExpression;
    } else if (input.CronExpression !== undefined) {
      window.CronExpression = input.CronExpression;
      delete window.TimeRanges;
    }
    return { InstanceEventWindow: window };
  }),
  AssociateInstanceEventWindow: modifies(eventWindows, { id: 'InstanceEventWindowId' }, async (window, input, ctx) => {
    isActive(window);
    const { kind, wanted } = targetsOf(input.AssociationTarget, window.AssociationTarget);
    await checkTargets(ctx, wanted, input.InstanceEventWindowId);
    withTargets(window, kind, (items) => [...new Map([...items, ...wanted[kind]!].map((item) => [written(item), item])).values()]);
    return { InstanceEventWindow: window };
  }),
  DisassociateInstanceEventWindow: modifies(eventWindows, { id: 'InstanceEventWindowId' }, (window, input) => {
    isActive(window);
    const { kind, wanted } = targetsOf(input.AssociationTarget, undefined);
    const gone = new Set(wanted[kind]!.map(written));
    if (!(window.AssociationTarget?.[kind] as unknown[] | undefined)?.some((item) => gone.has(written(item)))) throw errors.invalidParameterValue(`The targets are not associated with the event window '${input.InstanceEventWindowId}'`);
    withTargets(window, kind, (items) => items.filter((item) => !gone.has(written(item))));
    return { InstanceEventWindow: window };
  }),
  DeleteInstanceEventWindow: async (input, ctx) => {
    const window = await ctx.get(eventWindows, input.InstanceEventWindowId);
    isActive(window);
    if (window.AssociationTarget && input.ForceDelete !== true) throw errors.dependencyViolation(`The event window '${input.InstanceEventWindowId}' is associated with targets. Use ForceDelete to delete it.`);
    await ctx.transition(eventWindows, window, 'deleting');
    return { InstanceEventWindowState: { InstanceEventWindowId: input.InstanceEventWindowId, State: 'deleting' } };
  },
} satisfies Handlers<Ec2Operations>;
