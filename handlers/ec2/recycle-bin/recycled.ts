import { hours, isoTime, pageOf, resource, type AnyResource, type Context, type Resource, type TagPair } from '../../../src/kit/index.ts';
import { invalidNextToken, invalidParameterValue } from '../errors.ts';
import { retentionDays, type RecycledType } from './retention-rules.ts';

/** What was deleted and can be restored until it leaves the bin, as it was. */
interface Recycled {
  readonly ResourceId: string;
  readonly ResourceType: RecycledType;
  readonly State: 'recycled';
  readonly RecycleBinEnterTime: string;
  readonly RecycleBinExitTime: string;
  readonly $: { readonly document: object };
}

/** https://docs.aws.amazon.com/ebs/latest/userguide/recycle-bin.html */
export const recycled = resource<Recycled>({
  service: 'ec2',
  kind: 'recycled-resource',
  shape: 'SnapshotRecycleBinInfo',
  id: { member: 'ResourceId' },
  notFound: (ids) => invalidParameterValue(`${ids[0]} is not in the Recycle Bin`),
  tags: null,
  state: 'State',
  lifecycle: { recycled: { after: (r) => Date.parse(r.RecycleBinExitTime) - Date.parse(r.RecycleBinEnterTime), to: 'gone', paced: false } },
  indexed: ['ResourceType'],
});

/** Puts what is deleted into the bin, where a retention rule says so. */
export async function recycle(ctx: Context, type: RecycledType, id: string, document: { readonly Tags?: readonly TagPair[] | undefined }): Promise<boolean> {
  const days = await retentionDays(ctx, type, document.Tags ?? []);
  if (days === undefined) return false;
  await ctx.create<Recycled>(recycled, { ResourceId: id, ResourceType: type, State: 'recycled', RecycleBinEnterTime: ctx.now, RecycleBinExitTime: isoTime(ctx.nowMs + hours(24 * days)), $: { document } });
  return true;
}

/** A page of what is in the bin of one kind. assumed: ids that are not in it are passed over. */
export async function listed<T extends object>(ctx: Context, type: RecycledType, kind: AnyResource, ids: readonly string[] | undefined, input: object, shown: (document: T) => object) {
  for (const id of ids ?? []) if (!kind.wellFormed(id)) throw kind.malformed!(id);
  const all = (await ctx.list(recycled, { member: 'ResourceType', value: type })).filter((r) => !ids?.length || ids.includes(r.ResourceId));
  const { items, next } = pageOf(all, input, invalidNextToken);
  return { items: items.map(({ RecycleBinEnterTime, RecycleBinExitTime, $ }) => ({ ...shown($.document as T), RecycleBinEnterTime, RecycleBinExitTime })), next };
}

/** Takes it out of the bin; what is not there is answered as if it were nowhere. */
export async function takeOut<T extends object>(ctx: Context, type: RecycledType, kind: Resource<T>, id: string): Promise<T> {
  if (!kind.wellFormed(id)) throw kind.malformed!(id);
  const found = await ctx.find(recycled, id);
  if (found?.ResourceType !== type) throw kind.notFound([id]);
  await ctx.remove(recycled, found);
  return found.$.document as T;
}
