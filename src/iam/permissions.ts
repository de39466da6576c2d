import type { Policy } from './policies.ts';
import type { ActionReference, KeyNames, ResourceTypeReference } from './reference.ts';
import type { KeyValue } from './request-context.ts';

/** One thing that a call needs to be allowed; it needs all of them. */
export interface Permission {
  /** 'ec2:RunInstances' */
  readonly action: string;
  /** An ARN, or '*'. */
  readonly resource: string;
  /** What a refusal says of the resource, where the service does not say its ARN. */
  readonly named?: string | undefined;
  /** The caller's own where it is absent. */
  readonly resourceAccount?: string;
  /** Condition keys of this resource in this request. */
  readonly keys: Readonly<Record<string, KeyValue>>;
  /** Of roles and KMS keys: their own policy must allow, whatever else does. */
  readonly resourceMustGrant?: true;
  /** The resource's own policies. */
  readonly resourcePolicies?: readonly Policy[];
}

/** What is known of a caller from its account's policies. */
export interface Identity {
  /** What `aws:PrincipalArn` says: of a session its role. */
  readonly arn: string;
  /** Who stands behind a session: the role, or the user who made a federated user's. */
  readonly behind?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly identity: readonly Policy[];
  readonly boundary?: readonly Policy[];
  readonly session?: readonly Policy[];
  /** What AWS limits a session by, besides its own policies. */
  readonly limits?: readonly Policy[];
}

/** Only the keys that the reference gives the action on this type of resource: another one is as absent here as in AWS. */
export function permission(action: ActionReference, resource: string, type: ResourceTypeReference | undefined, keys: Readonly<Record<string, KeyValue>>): Permission {
  const allowed = (key: string, names: KeyNames | undefined) => names?.has(key) === true;
  const kept: Record<string, KeyValue> = {};
  for (const key in keys) {
    const name = key.toLowerCase();
    if (allowed(name, type?.keys) || allowed(name, action.keys)) kept[name] = keys[key];
  }
  return { action: action.name, resource, keys: kept };
}

interface TagLike {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html#access_tags_control-requests */
export function requestTagKeys(tags: readonly TagLike[] | undefined): Record<string, KeyValue> {
  if (!tags || tags.length === 0) return {};
  return { ...Object.fromEntries(tags.map((tag) => [`aws:RequestTag/${tag.Key ?? ''}`, tag.Value ?? ''])), 'aws:TagKeys': tags.map((tag) => tag.Key ?? '') };
}

/** `aws:ResourceTag/…`, and the service's own spelling of it. */
export function resourceTagKeys(tags: readonly TagLike[] | undefined, prefix: string): Record<string, KeyValue> {
  const keys: Record<string, KeyValue> = {};
  for (const { Key = '', Value = '' } of tags ?? []) keys[`aws:ResourceTag/${Key}`] = keys[`${prefix}:ResourceTag/${Key}`] = Value;
  return keys;
}
