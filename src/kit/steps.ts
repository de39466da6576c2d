import { rootOf } from '../identity/principals.ts';
import { Context, type World } from './context.ts';

/** A step that was taken. */
export interface Taken {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly kind: string;
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

/** Takes the first due step, if there is one; it counts only while its document is still in the state that scheduled it. */
export async function due(world: World, nowMs: number): Promise<Taken | undefined> {
  const first = await world.store.firstDue(nowMs);
  if (!first) return undefined;
  const { row, due: step } = first;
  const resource = world.registry.resource(row.kind);
  // The machine's own records have no other step than to be gone.
  if (!resource) {
    await world.store.remove(row);
    return undefined;
  }
  await world.store.schedule(row, undefined);
  // What the step starts happens at the time at which it was due, not at the time at which somebody looked.
  const ctx = new Context(world, row.account, row.region, rootOf(row.account, ''), '', step.at);
  const document = row.read() as Record<string, unknown>;
  if (resource.stateOf(document) !== step.from) return undefined;
  const fault = await ctx.redirection(resource, document);
  if (fault) {
    Object.assign(document, fault.set);
    await ctx.transition(resource, document, fault.to);
    return { at: step.at, kind: row.kind, id: row.id, from: step.from, to: fault.to };
  }
  if (step.to === 'gone') await ctx.remove(resource, document);
  else await ctx.transition(resource, document, step.to);
  return { at: step.at, kind: row.kind, id: row.id, from: step.from, to: step.to };
}
