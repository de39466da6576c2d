import type { Context } from './context.ts';
import type { AnyResource } from './resource.ts';

/** How documents of a kind go where removing them is not all: what they hold is given back. By the kind's name. */
export type TearDowns = Readonly<Record<string, (document: any, ctx: Context) => Promise<void>>>; // eslint-disable-line @typescript-eslint/no-explicit-any -- each kind's own document

/** One document that is to go. */
export interface Doomed {
  readonly resource: AnyResource;
  readonly id: string;
}

/**
 * Removes documents and all that would refuse their deletion, those first that others depend on last. What AWS's
 * own calls would do in many steps: a service says in `tearDowns` what its kinds give back. Answers what went, in order.
 */
export async function tearDown(ctx: Context, doomed: readonly Doomed[]): Promise<Doomed[]> {
  const gone: Doomed[] = [];
  const underway = new Set<string>();
  const visit = async ({ resource, id }: Doomed): Promise<void> => {
    const key = `${resource.storeKind}/${id}`;
    if (underway.has(key)) return;
    underway.add(key);
    for (const { kind, id: other, onDelete } of await ctx.referrers(resource, id)) {
      if (onDelete === 'refuse' || onDelete === 'cascade') await visit({ resource: ctx.world.registry.resource(kind)!, id: other });
    }
    const document = await ctx.find<object>(resource, id);
    // Something that went before may have taken it along.
    if (!document) return;
    const own = ctx.world.registry.service(resource.service)?.tearDowns?.[resource.kind];
    if (own) await own(document, ctx);
    else await ctx.remove(resource, document);
    gone.push({ resource, id });
  };
  for (const one of doomed) await visit(one);
  return gone;
}
