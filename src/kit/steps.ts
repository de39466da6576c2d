import { rootOf } from '../identity/principals.ts';
import { Context, type World } from './context.ts';

/** Runs the first due step, if there is one; it counts only while its document is still in the state that scheduled it. */
export async function due(world: World, nowMs: number): Promise<void> {
  const first = await world.store.firstDue(nowMs);
  if (!first) return;
  const { row, due: step } = first;
  const resource = world.registry.resource(row.kind);
  // The machine's own records have no other step than to be gone.
  if (!resource) return world.store.remove(row);
  await world.store.schedule(row, undefined);
  // What the step starts happens at the time at which it was due, not at the time at which somebody looked.
  const ctx = new Context(world, row.account, row.region, rootOf(row.account, ''), '', step.at);
  const document = JSON.parse(row.document) as Record<string, unknown>;
  if (resource.stateOf(document) !== step.from) return;
  if (step.to === 'gone') await ctx.remove(resource, document);
  else await ctx.transition(resource, document, step.to);
}
