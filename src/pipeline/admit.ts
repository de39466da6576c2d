import type { Structure } from '../../protocols/types.ts';
import type { Context } from '../kit/context.ts';
import type { AnyResource } from '../kit/resource.ts';
import type { Machine } from '../machine.ts';
import type { Exchange } from './exchange.ts';

/** Faults: errors that a rule asks for, delays and broken connections, a world that is seen late. */
export function admit(x: Exchange, machine: Machine): Promise<void> | undefined {
  return machine.world.faults.none ? undefined : strike(x, machine);
}

async function strike(x: Exchange, machine: Machine): Promise<void> {
  const { faults } = machine.world;
  const { model, operation, principal, region, input, ctx } = x as Required<Exchange>;
  const service = machine.world.registry.service(model.service);
  x.transport = await faults.admit({
    service: model.service, operation: operation.name, account: principal.account, region, principal: principal.arn, input,
    zone: async () => service?.zoneOf?.(operation.name, input, ctx),
    tags: async () => (await Promise.all(named(input, model.service, ctx).map(([resource, id]) => tagsOf(resource, id, ctx)))).flat(),
  }, x.at);
  const lagMs = x.transport?.lagMs ?? 0;
  if (lagMs === 0) return;
  ctx.lagMs = lagMs;
  for (const [resource, id] of named(input, model.service, ctx)) if (ctx.world.journal.young(ctx.key(resource, id), ctx.nowMs - lagMs)) throw resource.notFound([id]);
}

/** Every id in an input, wherever it stands, with its kind. */
function named(input: Structure, service: string, ctx: Context): [AnyResource, string][] {
  const found: [AnyResource, string][] = [];
  const visit = (value: unknown): void => {
    if (typeof value === 'string') {
      const resource = value.includes('-') ? ctx.world.registry.resourceOfId(service, value) : undefined;
      if (resource?.wellFormed(value)) found.push([resource, value]);
    } else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
  };
  visit(input);
  return found;
}

async function tagsOf(resource: AnyResource, id: string, ctx: Context): Promise<string[]> {
  const document = await ctx.find<object>(resource, id);
  return document ? resource.tagsOf(document).map(({ key, value }) => `${key}=${value}`) : [];
}
