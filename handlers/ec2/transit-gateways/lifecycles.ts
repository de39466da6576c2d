import { hours, seconds, type Context, type Resource } from '../../../src/kit/index.ts';
import * as errors from './errors.ts';

/**
 * Everything here comes, changes and goes in the same way: pending, available, modifying, deleting, and deleted, in
 * which state it is described for a while and is nowhere else.
 */
// assumed: how long each takes, and that what is deleted is described for an hour.
export const comesAndGoes = (durations: { readonly made: number; readonly changed?: number; readonly deleted: number }) => ({
  pending: { after: seconds(durations.made), to: 'available' },
  modifying: { after: seconds(durations.changed ?? durations.made), to: 'available' },
  deleting: { after: seconds(durations.deleted), to: 'deleted' },
  deleted: LINGERS,
});

export const LINGERS = { after: hours(1), to: 'gone', paced: false } as const;

/** Found and not deleted. */
export async function living<T extends object>(ctx: Context, resource: Resource<T>, id: string): Promise<T> {
  const found = await ctx.get(resource, id);
  if (resource.stateOf(found) === 'deleted') throw resource.notFound([id]);
  return found;
}

/** Found and ready to be worked with. */
export async function ready<T extends object>(ctx: Context, resource: Resource<T>, id: string): Promise<T> {
  const found = await living(ctx, resource, id);
  if (resource.stateOf(found) !== 'available') throw errors.invalidState(id);
  return found;
}

/** A deletion that answers what is on its way out. `before` refuses. */
export function ends<T extends object, Id extends string, O>(resource: Resource<T>, id: Id, answer: (document: T) => O, before?: (document: T, ctx: Context) => Promise<void>): (input: Record<Id, string>, ctx: Context) => Promise<O> {
  return async (input, ctx) => {
    const document = await ready(ctx, resource, input[id]);
    await before?.(document, ctx);
    return answer(await ctx.transition(resource, document, 'deleting'));
  };
}

/** Removes what mentions a thing that goes; the thing itself is described for a while. */
export async function removeAll<T extends object>(ctx: Context, resource: Resource<T>, member: keyof T & string, value: string): Promise<void> {
  for (const document of await ctx.list(resource, { member, value })) await ctx.remove(resource, document);
}

/**
 * For a listing of what belongs to one thing, named by `member`, which must exist; what is listed mentions it by the
 * same member. The owner is asked for late, since the files of nouns import each other.
 */
export function belonging<T extends object, Member extends string>(owner: () => Resource<T>, member: Member) {
  return {
    within: (input: Record<Member, string>) => ({ member, value: input[member] }),
    prepare: async <I extends Record<Member, string>>(input: I, ctx: Context): Promise<I> => {
      await living(ctx, owner(), input[member]);
      return input;
    },
  };
}

/** The given options over the present ones; what is not given stays. */
export function withGiven<T extends object>(present: T, given: Partial<T> | undefined): T {
  const out = { ...present };
  for (const name of Object.keys(present) as (keyof T)[]) if (given?.[name] !== undefined) out[name] = given[name] as T[keyof T];
  return out;
}
