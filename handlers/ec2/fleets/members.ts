import { hours, minutes, seconds, type Context } from '../../../src/kit/index.ts';
import { instances, type StoredInstance } from '../instances/instances.ts';

/** An instance that a fleet has launched. */
export interface Member {
  readonly id: string;
  readonly type: string;
  readonly weight: number;
  readonly market: 'spot' | 'on-demand';
  /** What it cost an hour when it was launched. */
  readonly usdPerHour: number;
  readonly spotRequestId?: string | undefined;
  /** When it was launched, in milliseconds since the epoch. */
  readonly atMs: number;
}

/** Something that happened to a fleet, as its history tells. */
export interface FleetEvent {
  readonly atMs: number;
  readonly type: 'instance' | 'fleet' | 'error' | 'information';
  readonly subType: string;
  readonly description?: string;
  readonly instanceId?: string;
}

/** What a fleet remembers and its description does not show. */
export interface FleetMemory {
  members: Member[];
  events: FleetEvent[];
  /** When it is to be looked at again. */
  wakeAtMs?: number;
  /** Before this time nothing is launched. */
  startAtMs: number;
  /** Whether it has been seen as submitted. */
  seen?: boolean;
  /** Whether a fleet that is not maintained has placed its requests. */
  placed?: boolean;
  /** It has lost an instance, and looks after it at this time. */
  missesAtMs?: number;
  /** How many instances in a row did not live for a minute. */
  quickLosses: number;
  /** How often in a row it has not got what it wanted. */
  shortages: number;
}

export interface Fleet {
  $: FleetMemory;
}

const EVENTS_MAX = 1000;
/** "Events are available for 48 hours." https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeFleetHistory.html */
export const EVENTS_KEPT_MS = hours(48);
const ERROR_TOLD_MS = hours(6);

/** An error that goes on is told once. */
export function remember(fleet: Fleet, event: Omit<FleetEvent, 'atMs'>, ctx: Context): void {
  if (event.type === 'error' && fleet.$.events.some((past) => past.type === 'error' && past.description === event.description && ctx.nowMs - past.atMs < ERROR_TOLD_MS)) return;
  fleet.$.events = fleet.$.events.filter((past) => ctx.nowMs - past.atMs < EVENTS_KEPT_MS);
  fleet.$.events.push({ atMs: Math.floor(ctx.nowMs), ...event });
  if (fleet.$.events.length > EVENTS_MAX) fleet.$.events.shift();
}

export const wake = (fleet: Fleet, atMs: number | undefined): void => {
  if (atMs !== undefined) fleet.$.wakeAtMs = Math.min(fleet.$.wakeAtMs ?? Number.MAX_SAFE_INTEGER, Math.floor(atMs));
};

/** For a lifecycle: until somebody or something touches it, a fleet stays as it is. */
export const untilWoken = (fleet: Fleet, nowMs: number): number | undefined => (fleet.$.wakeAtMs === undefined ? undefined : Math.max(0, fleet.$.wakeAtMs - nowMs));

/** Those of a fleet's instances that run, or are about to. */
export async function living(fleet: Fleet, ctx: Context): Promise<Member[]> {
  const found: Member[] = [];
  for (const member of fleet.$.members) if (/^(pending|running)$/.test((await ctx.find(instances, member.id))?.State!.Name ?? '')) found.push(member);
  return found;
}

/** Forgets members that are gone; what is stopped comes back and stays one. */
export async function dropLost(fleet: Fleet, ctx: Context): Promise<void> {
  const kept: Member[] = [];
  for (const member of fleet.$.members) {
    const state = (await ctx.find(instances, member.id))?.State!.Name ?? 'terminated';
    if (/^(shutting-down|terminated)$/.test(state)) {
      remember(fleet, { type: 'instance', subType: 'terminated', instanceId: member.id, description: describedMember(member) }, ctx);
    } else kept.push(member);
  }
  fleet.$.members = kept;
}

const QUICK_MS = minutes(1);
const QUICK_LOSSES_MAX = 3;

export const describedMember = ({ id, type, market }: Pick<Member, 'id' | 'type' | 'market'>): string => JSON.stringify({ instanceId: id, instanceType: type, lifecycle: market });

/** Ends instances of a fleet that wants them no more. */
export async function terminateMembers(fleet: Fleet, members: readonly Member[], ctx: Context): Promise<void> {
  for (const member of members) {
    const instance = await ctx.find(instances, member.id);
    if (!instance || /^(shutting-down|terminated)$/.test(instance.State!.Name!)) continue;
    // The fleet knows; nobody has to tell it.
    delete instance.$.fleet;
    instance.StateReason = { Code: 'Client.UserInitiatedShutdown', Message: 'Client.UserInitiatedShutdown: User initiated shutdown' };
    instance.StateTransitionReason = 'User initiated';
    await ctx.transition(instances, instance, 'shutting-down');
    remember(fleet, { type: 'instance', subType: 'terminated', instanceId: member.id, description: describedMember(member) }, ctx);
  }
  const gone = new Set(members.map((m) => m.id));
  fleet.$.members = fleet.$.members.filter((m) => !gone.has(m.id));
}

/**
 * An instance that stops or ends is missed by the fleet that keeps it: a moment later, when the instance is stored.
 * assumed: AWS replaces within some seconds; what dies again and again is replaced once a minute.
 */
export async function fleetInstanceLeft(instance: StoredInstance, ctx: Context): Promise<void> {
  const { fleet: of } = instance.$;
  const resource = of && ctx.world.registry.resource(of.kind);
  const fleet = resource && (await ctx.find<Fleet>(resource, of.id));
  const member = fleet?.$.members.find((m) => m.id === instance.InstanceId);
  if (!resource || !fleet || !member) return;
  if (instance.State!.Name === 'shutting-down') fleet.$.quickLosses = ctx.nowMs - member.atMs < QUICK_MS ? fleet.$.quickLosses + 1 : 0;
  fleet.$.missesAtMs = ctx.nowMs + (fleet.$.quickLosses > QUICK_LOSSES_MAX ? QUICK_MS : ctx.delay(resource, 'active', seconds(10)));
  await ctx.transition(resource, fleet, resource.stateOf(fleet));
}

/** Whether a fleet has only been told that it misses something, and looks at it later. */
export function toldOnly(fleet: Fleet): boolean {
  const at = fleet.$.missesAtMs;
  delete fleet.$.missesAtMs;
  wake(fleet, at);
  return at !== undefined;
}
