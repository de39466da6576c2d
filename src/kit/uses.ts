import { memo } from '../memo.ts';
import type { Awaitable } from '../store/store.ts';
import type { Context } from './context.ts';

/** The last use of a credential, or of a service by a user or role. */
export interface Use {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly region: string;
  /** The signing name of the service: 'ec2'. */
  readonly service: string;
}

/** AWS tells the time of a last use late and roughly; a use within the same minute is not written again. */
const GRAIN_MS = 60_000;

export const useOfKey = (accessKeyId: string): string => `key ${accessKeyId}`;
/** `entity` is the unique id of a user or role. */
export const useOfService = (entity: string, service: string): string => `service ${entity} ${service}`;

export const useOfEntity = (entity: string): string => `entity ${entity}`;

export async function lastUse(ctx: Context, name: string): Promise<Use | undefined> {
  const text = await ctx.world.store.use(name);
  return text === undefined ? undefined : parsed(text);
}

/** They are looked at with every call of who is watched. */
const parsed = memo((text) => JSON.parse(text) as Use);

/** Notes that the caller's credential and their user or role were used; an account's root, and who signs nothing, is not watched. */
export function noteUse(ctx: Context, service: string): Awaitable<void> {
  if (ctx.principal.type !== 'root' && ctx.principal.type !== 'anonymous') return noteUseOf(ctx, service);
}

async function noteUseOf(ctx: Context, service: string): Promise<void> {
  const { principal } = ctx;
  const entity = principal.userId.split(':')[0]!;
  const names = [useOfService(entity, service), principal.session ? useOfEntity(entity) : useOfKey(principal.accessKeyId)];
  for (const name of names) {
    const last = await lastUse(ctx, name);
    if (last && ctx.nowMs - last.at < GRAIN_MS && last.service === service && last.region === ctx.region) continue;
    await ctx.world.store.putUse(name, JSON.stringify({ at: Math.floor(ctx.nowMs), region: ctx.region, service } satisfies Use));
  }
}
