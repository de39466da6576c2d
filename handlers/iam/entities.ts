import { AwsError, BASE32, memo, pagePosition, pageToken, quotaValue, type AnyResource, type Context, type Resource, type Structure } from '../../src/kit/index.ts';
import * as errors from './errors.ts';

/** What users, groups, roles, policies and instance profiles have in common. */

/** What AWS keeps of an entity and shows through other operations. */
export interface Hidden {
  /** Names are unique whatever their case: "you cannot create both TESTUSER and testuser". https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
  lower: string;
  /** ARNs of attached managed policies. */
  attached?: string[];
  /** Inline policies: documents by name. */
  inline?: Record<string, string>;
}

export interface Entity {
  Path?: string;
  Arn?: string;
  CreateDate?: string;
  Tags?: { Key: string; Value: string }[];
  $: Hidden;
}

/** Unique ids: four letters that say the kind, and seventeen more. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids */
export const uniqueId = (ctx: Context, prefix: string): string => `${prefix}${ctx.ids.text(BASE32, 17)}`;


export const arnOf = (ctx: Context, kind: string, path: string, name: string): string => `arn:aws:iam::${ctx.account}:${kind}${path}${name}`;

/** Refuses one more than the account's quota allows; `name` is what IAM calls the quota on the wire. */
export async function checkQuota(ctx: Context, code: string, present: number, name: string): Promise<void> {
  const max = await quotaValue(ctx, 'iam', code);
  if (present >= max) throw errors.limitExceeded(name, max);
}

/** RFC 3986, as IAM answers policy documents. */
export const encoded = memo((document) => encodeURIComponent(document).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`));

export async function byName<T extends Entity>(ctx: Context, resource: Resource<T>, nameMember: keyof T & string, name: string): Promise<T> {
  const found = (await ctx.list(resource, { member: '$.lower', value: name.toLowerCase() }))[0];
  // assumed: a name is looked up by its exact case.
  if (!found || found[nameMember] !== name) throw resource.notFound([name]);
  return found;
}

/** Throws EntityAlreadyExists: "User with name ada already exists." */
export async function refuseNamesake(ctx: Context, resource: AnyResource, noun: string, name: string): Promise<void> {
  if ((await ctx.list(resource, { member: '$.lower', value: name.toLowerCase() })).length > 0) throw errors.entityAlreadyExists(`${noun} with name ${name} already exists.`);
}

interface Paging {
  readonly Marker?: string | undefined;
  readonly MaxItems?: number | undefined;
}

const ITEMS_DEFAULT = 100;

/** A page of a list that is whole already. https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUsers.html */
export function paged<T>(items: readonly T[], input: Paging): { page: T[]; IsTruncated: boolean; Marker?: string } {
  const from = pagePosition(input.Marker, input as Structure, () => new AwsError('ValidationError', 'Invalid Marker.'));
  const to = from + (input.MaxItems ?? ITEMS_DEFAULT);
  const more = to < items.length;
  return { page: items.slice(from, to), IsTruncated: more, ...(more ? { Marker: pageToken(to, input as Structure) } : {}) };
}

/** Entities under a path, by name. */
export async function underPath<T extends Entity>(ctx: Context, resource: Resource<T>, pathPrefix: string | undefined): Promise<T[]> {
  const all = (await ctx.list(resource)).filter((e) => (e.Path ?? '/').startsWith(pathPrefix ?? '/'));
  // assumed: lists come in the order of names.
  return all.sort((a, b) => (a.$.lower < b.$.lower ? -1 : 1));
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules
const TAGS_MAX = 50;

export function checkedTags(tags: readonly { Key?: string; Value?: string }[] | undefined): { Key: string; Value: string }[] {
  const seen = new Set<string>();
  for (const { Key = '' } of tags ?? []) {
    if (/^aws:/i.test(Key)) throw errors.invalidInput('System tags cannot be added, changed or removed');
    if (seen.has(Key.toLowerCase())) throw errors.invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
    seen.add(Key.toLowerCase());
  }
  if (seen.size > TAGS_MAX) throw errors.limitExceeded('TagsPerResource', TAGS_MAX);
  return (tags ?? []).map((t) => ({ Key: t.Key ?? '', Value: t.Value ?? '' }));
}

/** Where users, roles and new policies are shown, tags are left out if there are none. */
export const someTags = (tags: Entity['Tags']): { Tags?: { Key: string; Value: string }[] } => (tags && tags.length > 0 ? { Tags: tags } : {});

/** Tag keys of IAM do not tell cases apart. */
export function joinedTags(present: Entity['Tags'], added: readonly { Key?: string; Value?: string }[] | undefined): { Key: string; Value: string }[] {
  const byKey = new Map((present ?? []).map((t) => [t.Key.toLowerCase(), t]));
  for (const tag of checkedTags(added)) byKey.set(tag.Key.toLowerCase(), tag);
  if (byKey.size > TAGS_MAX) throw errors.limitExceeded('TagsPerResource', TAGS_MAX);
  return [...byKey.values()];
}
