import { seconds, type Context, type Resource } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { isRegion } from '../catalog/regions.ts';
import * as errors from './errors.ts';

/** Everything of IPAM is made, changed and deleted in the same way: `…-in-progress`, then `…-complete`, at the end nowhere. */
// assumed: how long each takes, and that what is deleted is not described any more.
export const comesAndGoes = {
  'create-in-progress': { after: seconds(15), to: 'create-complete' },
  'modify-in-progress': { after: seconds(10), to: 'modify-complete' },
  'delete-in-progress': { after: seconds(20), to: 'gone' },
} as const;

/** IPAM's resources are of no Region in their ARNs. */
export const arnOf = (ctx: Context, kind: string, id: string): string => `arn:aws:ec2::${ctx.account}:${kind}/${id}`;

/** Found and not on its way out. */
export async function living<T extends object>(ctx: Context, resource: Resource<T>, id: string): Promise<T> {
  const found = await ctx.get(resource, id);
  if (resource.stateOf(found) === 'delete-in-progress') throw errors.wrongState(id, 'delete-in-progress');
  return found;
}

/** Found, and neither coming nor changing nor going. */
export async function ready<T extends object>(ctx: Context, resource: Resource<T>, id: string): Promise<T> {
  const found = await living(ctx, resource, id);
  const state = resource.stateOf(found);
  if (state.endsWith('-in-progress')) throw errors.wrongState(id, state);
  return found;
}

/** Found and made: what is being changed may be used. */
export async function usable<T extends object>(ctx: Context, resource: Resource<T>, id: string): Promise<T> {
  const found = await living(ctx, resource, id);
  if (resource.stateOf(found) === 'create-in-progress') throw errors.wrongState(id, 'create-in-progress');
  return found;
}

/** One more than an account may have. IPAM's quotas have no codes that are published. https://docs.aws.amazon.com/vpc/latest/ipam/quotas-ipam.html */
export function withinLimit(ctx: Context, noun: string, present: number, limit: number): void {
  if (ctx.world.settings.quotas && present >= limit) throw errors.limitReached(noun, present, limit);
}

type OperatingRegions = readonly { readonly RegionName?: string }[];

/** Names of Regions that exist, each once. */
export function regionNames(regions: OperatingRegions | undefined): string[] {
  const names = (regions ?? []).map((r) => r.RegionName ?? '');
  const unknown = names.find((name) => !isRegion(name));
  if (unknown !== undefined) throw general.invalidValue(unknown, 'operatingRegions', 'The Region does not exist.');
  return [...new Set(names)];
}

/** The Regions of something new: its own is always one of them. */
export function operatingRegions(ctx: Context, given: OperatingRegions | undefined): { RegionName: string }[] {
  const names = regionNames(given);
  // assumed: who names Regions must name the home Region too; who names none gets it.
  if (names.length > 0 && !names.includes(ctx.region)) throw general.invalidParameterValue(`The operating Regions must include the home Region ${ctx.region}.`);
  return (names.length > 0 ? names : [ctx.region]).map((RegionName) => ({ RegionName }));
}

/** Regions with some added and some taken out; the home Region stays. */
export function changedRegions(ctx: Context, present: OperatingRegions, added: OperatingRegions | undefined, removed: OperatingRegions | undefined): { RegionName: string }[] {
  const [more, gone] = [regionNames(added), regionNames(removed)];
  if (gone.includes(ctx.region)) throw general.invalidParameterValue(`The home Region ${ctx.region} cannot be removed from the operating Regions.`);
  const both = more.find((name) => gone.includes(name));
  if (both !== undefined) throw general.invalidParameterCombination(`The Region ${both} cannot be added and removed in the same request.`);
  return [...new Set([...present.map((r) => r.RegionName!), ...more])].filter((name) => !gone.includes(name)).map((RegionName) => ({ RegionName }));
}
