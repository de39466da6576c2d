import type { Context } from '../../../src/kit/index.ts';
import { component, header, type Reason, type Step } from './components.ts';
import type { Protocol } from './filters.ts';
import { addressRange, ANY_ADDRESS, ANYTHING, intersect, reply, type Packets } from './packets.ts';
import { Walk, type End, type Going, type Outcome } from './walks.ts';

export interface Question {
  readonly protocol: Protocol;
  /** What leaves the source: fields that are not asked for are anything. */
  readonly packets: Packets;
  /** Whether the source and destination addresses were asked for, or follow from the ends. */
  readonly givenSource: boolean;
  readonly givenDestination: boolean;
  /** Accounts whose resources may be looked at. */
  readonly accounts: ReadonlySet<string>;
  /** ARNs of what the way must lead through, and of what it must not. */
  readonly through?: readonly string[] | undefined;
  readonly around?: readonly string[] | undefined;
}

export interface Reachability {
  readonly found: boolean;
  readonly forward: readonly Step[];
  readonly back: readonly Step[];
  readonly packets: Packets;
  readonly explanations: readonly Reason[];
  readonly suggestedAccounts: readonly string[];
}

const begin = (packets: Packets): Going => ({ packets, trail: [], blocked: [] });

/** Whether packets get from one end to another, and the answers back. */
export async function reachability(from: End, to: End, question: Question): Promise<Reachability> {
  const suggested = new Set<string>();
  let best: Reachability | undefined;
  for (const packets of packetsBetween(from, to, question)) {
    const walk = new Walk(question.protocol, to, true, question.accounts, suggested);
    const outcome = await forward(walk, from, packets);
    const answered = outcome.found ? await back(from, to, outcome, question) : undefined;
    const result = asWanted({
      found: outcome.found && answered?.found !== false, forward: outcome.trail, back: answered?.trail ?? [], packets: outcome.packets,
      explanations: [...outcome.explanations, ...(answered?.explanations ?? [])], suggestedAccounts: [...suggested],
    }, question, to);
    if (result.found) return { ...result, explanations: [] };
    if (!best || result.explanations.length < best.explanations.length) best = result;
  }
  return best!;
}

/** From the addresses that the source has to those that the destination has: private ones first, then public ones. */
function packetsBetween(from: End, to: End, { packets, givenSource, givenDestination }: Question): Packets[] {
  const sources = givenSource || !from.eni ? [packets.source] : (from.eni.PrivateIpAddresses ?? []).map((a) => addressRange(a.PrivateIpAddress!));
  const privately = (to.eni?.PrivateIpAddresses ?? []).map((a) => a.PrivateIpAddress!);
  const publicly = (to.eni?.PrivateIpAddresses ?? []).flatMap((a) => (a.Association?.PublicIp ? [a.Association.PublicIp] : []));
  const addresses = from.eni ? [...privately, ...publicly] : publicly;
  const destinations = givenDestination || addresses.length === 0 ? [packets.destination] : addresses.map(addressRange);
  return sources.flatMap((source) => destinations.map((destination) => ({ ...packets, source, destination })));
}

const forward = (walk: Walk, from: End, packets: Packets): Promise<Outcome> =>
  (from.eni ? walk.leave(from.ctx, from.eni, begin(packets), from.instanceId) : fromGateway(walk, from, packets));

/** From an internet gateway: it must be the one of the destination's VPC. */
async function fromGateway(walk: Walk, from: End, packets: Packets): Promise<Outcome> {
  const { destination } = walk;
  const outcome = destination.eni ? await walk.fromInternet(begin(packets)) : walk.lost(begin(packets), { ExplanationCode: 'NO_POSSIBLE_DESTINATION', Component: component(from.ctx, from.id) });
  const through = outcome.trail[0]?.Component?.Id;
  if (through === undefined || through === from.id) return outcome;
  return walk.lost(begin(packets), { ExplanationCode: 'UNATTACHED_COMPONENT', InternetGateway: component(from.ctx, from.id), Component: component(from.ctx, from.id), Vpc: component(destination.ctx, destination.eni!.VpcId!) });
}

/** The way of the answers. Who translated addresses remembers connections: beyond it there is nothing to find out. */
async function back(from: End, to: End, { trail, packets }: Outcome, question: Question): Promise<Outcome | undefined> {
  if (trail.some((step) => step.Component?.Id?.startsWith('nat-'))) return undefined;
  const walk = new Walk(question.protocol, from, false, question.accounts);
  const answers = reply(packets);
  if (to.eni) return walk.leave(to.ctx, to.eni, begin(answers));
  // From the internet back to who asked.
  return from.eni && (to.id.startsWith('igw-') || !to.id.includes('-')) ? walk.fromInternet(begin({ ...answers, source: ANY_ADDRESS })) : undefined;
}

const noPath = (result: Reachability, ctx: Context, to: End, protocol: Protocol): Reachability =>
  ({ ...result, found: false, explanations: [{ ExplanationCode: 'NO_PATH', Destination: component(ctx, to.id), Protocols: [header(ANYTHING, protocol).Protocol] }] });

/**
 * A way that leads through everything that it must lead through, and through nothing else that it must not.
 * assumed: what is to be ignored is no detour's reason, since routes leave none: a way through it is none.
 */
function asWanted(result: Reachability, { through = [], around = [], protocol }: Question, to: End): Reachability {
  if (!result.found) return result;
  const passed = new Set([...result.forward, ...result.back].flatMap((step) => [step.Component?.Arn, step.TransitGateway?.Arn]));
  return through.every((arn) => passed.has(arn)) && !around.some((arn) => passed.has(arn)) ? result : noPath(result, to.ctx, to, protocol);
}

/** What of the packets is wanted at the destination. */
export function atDestination(result: Reachability, wanted: Packets, ctx: Context, to: End, protocol: Protocol): Reachability {
  return !result.found || intersect(result.packets, wanted) ? result : noPath(result, ctx, to, protocol);
}
