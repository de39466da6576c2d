import { minutes, seconds, type Context } from '../../../src/kit/index.ts';
import { resize, type FleetPlan } from './launching.ts';
import { dropLost, remember, terminateMembers, toldOnly, wake, type Fleet } from './members.ts';

/** Where EC2 fleets and spot fleets differ. */
export interface FleetKind<T extends Fleet> {
  /** Their names of the end. */
  readonly over: 'deleted' | 'cancelled';
  /** Besides the states of the end there are `submitted`, `active` and `modifying`. */
  readonly state: (fleet: T) => string;
  readonly setState: (fleet: T, state: string) => void;
  readonly activity: (fleet: T) => string | undefined;
  readonly setActivity: (fleet: T, status: 'fulfilled' | 'error' | 'pending_termination') => void;
  readonly type: (fleet: T) => string | undefined;
  readonly validUntil: (fleet: T) => string | undefined;
  readonly terminatesAtExpiry: (fleet: T) => boolean;
  readonly plan: (fleet: T, ctx: Context) => Promise<FleetPlan>;
}

/** How soon a fleet tries again to get capacity that was not there: a minute, then twice as long each time, up to an hour. */
const RETRY_MS = minutes(1);
const RETRY_MS_MAX = minutes(60);
/** assumed: how long a fleet is being submitted, and how long its instances take to end. */
export const SUBMISSION_MS = seconds(2);
export const TERMINATION_MS = seconds(40);

/** Does with a fleet what is to be done now, and says when to look again. */
export async function advanceFleet<T extends Fleet>(kind: FleetKind<T>, fleet: T, ctx: Context): Promise<void> {
  delete fleet.$.wakeAtMs;
  if (toldOnly(fleet)) return;
  if (kind.state(fleet) === `${kind.over}_running`) {
    await dropLost(fleet, ctx);
    if (fleet.$.members.length === 0) kind.setState(fleet, kind.over);
    return;
  }
  // An instant fleet is what it launched, and no more.
  if (kind.type(fleet) === 'instant') return dropLost(fleet, ctx);
  const until = kind.validUntil(fleet);
  if (until !== undefined && ctx.nowMs >= Date.parse(until)) return expire(kind, fleet, ctx);
  wake(fleet, until === undefined ? undefined : Date.parse(until));
  if (kind.state(fleet) === 'submitted') {
    if (!fleet.$.seen || ctx.nowMs < Math.floor(fleet.$.startAtMs)) {
      fleet.$.seen = true;
      return wake(fleet, fleet.$.startAtMs);
    }
    remember(fleet, { type: 'fleet', subType: 'active' }, ctx);
  }
  if (kind.state(fleet) === 'modifying') remember(fleet, { type: 'fleet', subType: 'modify_succeeded' }, ctx);
  kind.setState(fleet, 'active');
  await tend(kind, fleet, ctx);
}

async function tend<T extends Fleet>(kind: FleetKind<T>, fleet: T, ctx: Context): Promise<void> {
  await dropLost(fleet, ctx);
  const maintained = kind.type(fleet) === 'maintain';
  if (!maintained && fleet.$.placed) return;
  const outcome = await ctx.attempt(async () => resize(fleet, await kind.plan(fleet, ctx), ctx));
  const reached = 'done' in outcome && outcome.done;
  // Its template may have gone in the meantime.
  if ('refused' in outcome) remember(fleet, { type: 'error', subType: 'launchSpecTemporarilyBlacklisted', description: `${outcome.refused.code}: ${outcome.refused.message}` }, ctx);
  fleet.$.placed = true;
  const status = reached ? 'fulfilled' : 'error';
  if (kind.activity(fleet) !== status) remember(fleet, { type: 'fleet', subType: reached ? 'progress' : 'error', description: reached ? 'The target capacity is fulfilled.' : 'The target capacity is not fulfilled.' }, ctx);
  kind.setActivity(fleet, status);
  fleet.$.shortages = reached ? 0 : fleet.$.shortages + 1;
  if (!reached && maintained) wake(fleet, ctx.nowMs + Math.min(RETRY_MS_MAX, RETRY_MS * 2 ** Math.min(fleet.$.shortages - 1, 10)));
}

/** "When ValidUntil is reached, no new instance requests are placed"; instances end with the fleet where it says so. */
async function expire<T extends Fleet>(kind: FleetKind<T>, fleet: T, ctx: Context): Promise<void> {
  remember(fleet, { type: 'fleet', subType: 'expired' }, ctx);
  await endFleet(kind, fleet, kind.terminatesAtExpiry(fleet), ctx);
}

/** What follows from a fleet's end, without storing it. */
export async function endFleet<T extends Fleet>(kind: FleetKind<T>, fleet: T, terminates: boolean, ctx: Context): Promise<void> {
  await dropLost(fleet, ctx);
  const had = fleet.$.members.length > 0;
  if (terminates) await terminateMembers(fleet, fleet.$.members, ctx);
  delete fleet.$.wakeAtMs;
  kind.setState(fleet, !had ? kind.over : terminates ? `${kind.over}_terminating` : `${kind.over}_running`);
  if (terminates && had) kind.setActivity(fleet, 'pending_termination');
  remember(fleet, { type: 'fleet', subType: kind.state(fleet) }, ctx);
}
