import { isoTime, pageOf, type Context, type Structure } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { EVENTS_KEPT_MS, living, type Fleet, type FleetEvent } from './members.ts';

/** What a kind of fleet calls its events. */
export type EventNames = Readonly<Record<FleetEvent['type'], string>>;

interface HistoryInput {
  readonly StartTime: string;
  readonly EventType?: string | undefined;
}

const RECORDS_PER_PAGE = 1000;

/** A page of a fleet's events since a time, oldest first. `asked` is the type as the request names it. */
export function historyOf(fleet: Fleet, input: HistoryInput, names: EventNames, asked: (event: FleetEvent) => string, ctx: Context) {
  const fromMs = Date.parse(input.StartTime);
  if (fromMs > ctx.nowMs) throw errors.invalidParameterValue('StartTime must not be in the future.');
  const since = Math.max(fromMs, ctx.nowMs - EVENTS_KEPT_MS);
  const records = fleet.$.events.filter((event) => event.atMs >= since && (input.EventType === undefined || asked(event) === input.EventType)).map((event) => ({
    EventInformation: { ...(event.description === undefined ? {} : { EventDescription: event.description }), EventSubType: event.subType, ...(event.instanceId === undefined ? {} : { InstanceId: event.instanceId }) },
    EventType: names[event.type], Timestamp: isoTime(event.atMs),
  }));
  const { items, next } = pageOf(records, withPage(input, RECORDS_PER_PAGE), errors.invalidNextToken);
  return { HistoryRecords: items, StartTime: input.StartTime, ...(next.NextToken === undefined ? { LastEvaluatedTime: ctx.now } : next) };
}

/** A page of a fleet's running instances. */
export async function activeInstances(fleet: Fleet, input: object, accepts: (type: string) => boolean, ctx: Context) {
  const found = (await living(fleet, ctx)).filter((m) => accepts(m.type)).map((m) => ({
    InstanceId: m.id, InstanceType: m.type, InstanceHealth: 'healthy' as const, ...(m.spotRequestId === undefined ? {} : { SpotInstanceRequestId: m.spotRequestId }),
  }));
  const { items, next } = pageOf(found, withPage(input, RECORDS_PER_PAGE), errors.invalidNextToken);
  return { ActiveInstances: items, ...next };
}

const withPage = (input: object, usual: number): Structure => ({ ...(input as Structure), MaxResults: (input as { MaxResults?: number }).MaxResults ?? usual });
