import { AwsError } from '../../protocols/types.ts';
import type { AnyResource } from './resource.ts';

export interface TagPair {
  Key?: string;
  Value?: string;
}

// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions
const TAGS_MAX = 50;
const KEY_LENGTH_MAX = 128;
const VALUE_LENGTH_MAX = 256;

/** EC2's rules for tags that a caller gives. */
export function checkTags(tags: readonly TagPair[]): void {
  const keys = new Set<string>();
  for (const { Key: key = '', Value: value = '' } of tags) {
    if (key === '') throw new AwsError('InvalidParameterValue', 'Tag key cannot be empty');
    if (/^aws:/i.test(key)) throw new AwsError('InvalidParameterValue', `Tag keys starting with 'aws:' are reserved for internal use`);
    if (key.length > KEY_LENGTH_MAX) throw new AwsError('InvalidParameterValue', `Tag key exceeds the maximum length of ${KEY_LENGTH_MAX} characters`);
    if (value.length > VALUE_LENGTH_MAX) throw new AwsError('InvalidParameterValue', `Tag value exceeds the maximum length of ${VALUE_LENGTH_MAX} characters`);
    if (keys.has(key)) throw new AwsError('InvalidParameterValue', `Duplicate tag key '${key}' specified.`);
    keys.add(key);
  }
  if (tags.length > TAGS_MAX) throw new AwsError('TagLimitExceeded', `The maximum number of Tags for a resource has been reached. Maximum is ${TAGS_MAX}.`);
}

/** Later tags replace earlier ones of the same key; the order of first appearance stays. */
export function mergeTags(present: readonly TagPair[], added: readonly TagPair[]): TagPair[] {
  const merged = new Map(present.map((t) => [t.Key, t]));
  for (const tag of added) merged.set(tag.Key, { Key: tag.Key, Value: tag.Value ?? '' });
  const all = [...merged.values()];
  if (all.length > TAGS_MAX) throw new AwsError('TagLimitExceeded', `The maximum number of Tags for a resource has been reached. Maximum is ${TAGS_MAX}.`);
  return all;
}

export interface TagSpecification {
  readonly ResourceType?: string;
  readonly Tags?: readonly TagPair[];
}

/** The tags that a creation's TagSpecifications give to `kind`; others than the `allowed` kinds are refused. */
export function specifiedTags(specifications: readonly TagSpecification[] | undefined, kind: string, allowed: readonly string[] = [kind]): TagPair[] {
  const out: TagPair[] = [];
  const seen = new Set<string>();
  for (const { ResourceType: type, Tags: tags = [] } of specifications ?? []) {
    if (type === undefined) throw new AwsError('InvalidParameterValue', 'Tag specification resource type must have a value');
    if (!allowed.includes(type)) throw new AwsError('InvalidParameterValue', `'${type}' is not a valid taggable resource type for this operation.`);
    if (seen.has(type)) throw new AwsError('InvalidParameterValue', `Duplicate resource type '${type}' in TagSpecifications`);
    seen.add(type);
    // https://github.com/getmoto/moto/issues/5210
    if (tags.length === 0) throw new AwsError('InvalidParameterValue', 'Tag specification must have at least one tag');
    checkTags(tags);
    if (type === kind) out.push(...tags.map((t) => ({ Key: t.Key, Value: t.Value ?? '' })));
  }
  return out;
}

/** What is shown of a document without tags is its kind's. */
export function showTags(resource: AnyResource, document: object): void {
  const member = tagMember(resource);
  if (member === null) return;
  const tagged = document as Record<string, TagPair[] | undefined>;
  if (resource.untagged === undefined) tagged[member] ??= [];
  else if (tagged[member]?.length === 0) tagged[member] = undefined;
}

export const tagMember = (resource: AnyResource): string | null => (resource.tags === undefined ? 'Tags' : (resource.tags as string | null));
