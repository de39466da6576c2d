import { AwsError, resource, type Context, type Resource } from '../../src/kit/index.ts';

/** Who, besides its owner, may use an image or a snapshot. */
export interface StoredShare {
  readonly ResourceId: string;
  readonly OwnerId: string;
  /** `image/111122223333` or `image/all`: the kind, and the account or everybody. */
  Grantees: string[];
}

/**
 * Others find what is shared with them without knowing whose it is. Shares lie in no account of a customer: an id leads to
 * its owner, a grantee to what they may use.
 */
export const shares = resource<StoredShare>({
  service: 'ec2',
  kind: 'share',
  shape: 'Share',
  id: { member: 'ResourceId' },
  notFound: (ids) => new AwsError('InvalidParameterValue', `'${ids[0]}' is not shared`),
  tags: null,
  indexed: ['Grantees'],
});

const EVERYBODY = 'all';
const commons = (ctx: Context): Context => ctx.in('shared', ctx.region);
const grantee = (kind: string, account: string): string => `${kind}/${account}`;

/** Says anew who may use `id`: accounts, or `all`. Nobody ends the sharing. */
export async function share(ctx: Context, kind: string, id: string, accounts: readonly string[]): Promise<void> {
  const there = commons(ctx);
  const known = await there.find(shares, id);
  const Grantees = accounts.map((account) => grantee(kind, account));
  if (known && accounts.length > 0) await there.save(shares, { ...known, Grantees });
  else if (known) await there.remove(shares, known);
  else if (accounts.length > 0) await there.create(shares, { ResourceId: id, OwnerId: ctx.account, Grantees });
}

/** What others share with this account, or with everybody. */
export async function sharedWith<T extends object>(ctx: Context, kind: Resource<T>): Promise<T[]> {
  const found: T[] = [];
  for (const { OwnerId, ResourceId } of await commons(ctx).list(shares, { member: 'Grantees', value: [grantee(kind.kind, ctx.account), grantee(kind.kind, EVERYBODY)] })) {
    const document = OwnerId === ctx.account ? undefined : await ctx.in(OwnerId, ctx.region).find(kind, ResourceId);
    if (document) found.push(document);
  }
  return found;
}

/** A document of another account that this one may use. */
export async function findShared<T extends object>(ctx: Context, kind: Resource<T>, id: string): Promise<T | undefined> {
  const known = await commons(ctx).find(shares, id);
  const granted = known?.Grantees.some((g) => g === grantee(kind.kind, ctx.account) || g === grantee(kind.kind, EVERYBODY));
  return known && granted && known.OwnerId !== ctx.account ? ctx.in(known.OwnerId, ctx.region).find(kind, id) : undefined;
}

/** Whose document it is that is shared. */
export const ownerOfShare = async (ctx: Context, id: string): Promise<string | undefined> => (await commons(ctx).find(shares, id))?.OwnerId;

/** The accounts with which a document is shared by name. */
export async function granteesOf(ctx: Context, id: string): Promise<string[]> {
  const known = await commons(ctx).find(shares, id);
  return (known?.Grantees ?? []).map((g) => g.slice(g.indexOf('/') + 1));
}

/** A list of permissions with some added, once each, and some taken out. */
export function withChanges<T extends object>(present: readonly T[], added: readonly T[], removed: readonly T[]): T[] {
  const byContent = new Map([...present, ...added].map((item) => [JSON.stringify(item), item]));
  for (const item of removed) byContent.delete(JSON.stringify(item));
  return [...byContent.values()];
}

/** An account id as a grantee. */
export function checkAccount(id: string): void {
  if (!/^\d{12}$/.test(id)) throw new AwsError('InvalidAMIAttributeItemValue', `Invalid attribute item value "${id}" for userId item type.`);
}
