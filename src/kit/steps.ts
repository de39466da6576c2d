import { rootOf } from '../identity/principals.ts';
import { Context, type World } from './context.ts';

/** Runs the first due step; it counts only while its document is still in the state that scheduled it. */
export async function due(world: World, nowMs: number): Promise<void> {
  const timer = await world.store.dueTimer(nowMs);
  if (!timer) return;
  await world.store.finishTimer(timer.sequence);
  const resource = world.registry.resource(timer.kind);
  if (!resource) return;
  // What the step starts happens at the time at which it was due, not at the time at which somebody looked.
  const ctx = new Context(world, timer.account, timer.region, rootOf(timer.account, ''), '', timer.at);
  const document = await ctx.find(resource, timer.id);
  if (!document || resource.stateOf(document) !== timer.from) return;
  if (timer.to === 'gone') await ctx.remove(resource, document);
  else await ctx.transition(resource, document, timer.to);
}
