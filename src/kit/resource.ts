import { AwsError } from '../../protocols/types.ts';
import type { KeyValue } from '../iam/index.ts';
import type { Tag, Terms } from '../store/store.ts';
import { eachValue, getter } from './paths.ts';
import type { Context } from './context.ts';

export interface Transition<T = never> {
  /** The state that follows, or 'gone': the document is removed. */
  readonly to: string;
  /** AWS's own duration, in milliseconds; the pace scales it. Where it differs from one document to another, a function; undefined: it stays. */
  readonly after: number | ((document: T, nowMs: number) => number | undefined);
  /** A retention period ("terminated instances are described for an hour") is not scaled. */
  readonly paced?: false;
}

export interface Reference<T> {
  /** The kind referred to, '<service>:<kind>'. */
  readonly kind: string;
  /**
   * What becomes of this document when the other one is deleted: `refuse` (the deletion is refused: the default),
   * `cascade` (it goes too), `release` (its mention of the other goes), `keep` (it stays as it is).
   */
  readonly onDelete?: OnDelete | ((document: T) => OnDelete);
}
export type OnDelete = 'refuse' | 'cascade' | 'release' | 'keep';

/** A member path, or a function that gives the value or values that a filter compares. */
export type FilterValue<T> = string | ((document: T) => Scalar | readonly Scalar[]);
export type Scalar = string | number | boolean | undefined | null;

export interface Declaration<T extends object> {
  readonly service: string;
  /** As in ARNs, TagSpecifications and DescribeTags: 'volume'. */
  readonly kind: string;
  /** One for all regions (IAM). */
  readonly global?: boolean;
  /** The model's structure of one listed item, for filters that spell a member path. */
  readonly shape: string;
  readonly id: {
    readonly member: keyof T & string;
    /** With a prefix, ids are '<prefix>-' and 17 hexadecimal digits, or as many as `digits` says. */
    readonly prefix?: string;
    readonly digits?: number;
    /** Ids of other lengths are not malformed: nothing has them. */
    readonly anyLength?: true;
    /** Ids end in a UUID instead (or are one, without a prefix). */
    readonly uuid?: true;
  };
  readonly notFound: (ids: readonly string[]) => AwsError;
  readonly malformed?: (id: string) => AwsError;
  /** Refusal of a deletion while others refer to it. */
  readonly inUse?: (id: string, by: readonly Referrer[]) => AwsError;
  readonly arn?: (document: T, account: string, region: string) => string;
  /** The member that holds tags; null where AWS has none. */
  readonly tags?: (keyof T & string) | null;
  /** Whether the member of tags is absent from one without tags; of most kinds it is an empty list. assumed: of those too of which no answer of AWS was found. */
  readonly untagged?: 'absent';
  /** The path of the state. */
  readonly state?: string;
  readonly lifecycle?: Readonly<Record<string, Transition<T>>>;
  /**
   * Runs on entering a state, in the transaction of its cause; changes to the document are saved by the kit. One that
   * goes on to another state says so in the document: what follows is that state's.
   */
  readonly entering?: Readonly<Record<string, (document: T, ctx: Context) => Promise<void> | void>>;
  /** By member path. */
  readonly references?: Readonly<Record<string, Reference<T>>>;
  /** Further member paths that filters or look-ups hit at scale. */
  readonly indexed?: readonly string[];
  /** Filters that do not spell their member's path. */
  readonly filters?: Readonly<Record<string, FilterValue<T>>>;
  /** Of a filter that the listing has not, where its code is not `InvalidParameterValue`. */
  readonly invalidFilter?: (name: string) => AwsError;
  /** The values of condition keys that the document's state gives; its tags are added by the service. */
  readonly conditionKeys?: (document: T, ctx: Context) => Readonly<Record<string, KeyValue>>;
}

export interface Referrer {
  readonly kind: string;
  readonly id: string;
  readonly member: string;
}

export interface Resource<T extends object = Record<string, unknown>> extends Declaration<T> {
  /** '<service>:<kind>', the store's kind. */
  readonly storeKind: string;
  readonly idOf: (document: T) => string;
  readonly tagsOf: (document: T) => Tag[];
  /** What a document is found by, besides its id. */
  readonly termsOf: (document: T) => Terms;
  readonly stateOf: (document: T) => string;
  readonly wellFormed: (id: string) => boolean;
  readonly arnOf: (document: T, account: string, region: string) => string;
  /** Member paths by which documents are found. */
  readonly linked: ReadonlySet<string>;
}

export type AnyResource = Resource<any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- a registry holds every T

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const ENDING = new RegExp(`-?(?:${UUID}|[^-]*)$`);

/** What an id begins with: 'vol' of 'vol-…'; '' of a bare UUID. */
export const prefixOf = (id: string): string => id.replace(ENDING, '');

export function resource<T extends object>(declared: Declaration<T>): Resource<T> {
  const { member, prefix, uuid } = declared.id;
  const paths = [...new Set([...Object.keys(declared.references ?? {}), ...(declared.indexed ?? [])])];
  const linkPaths = paths.map((path) => ({ path, parts: path.split('.') }));
  const tagMember = declared.tags === undefined ? 'Tags' : declared.tags;
  const readState = declared.state ? getter(declared.state) : undefined;
  // Ids made before 2018 have 8 digits and are still accepted. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html
  const form = uuid ? new RegExp(`^${prefix ? `${prefix}-` : ''}${UUID}$`) : prefix ? new RegExp(`^${prefix}-(${declared.id.anyLength ? '[0-9a-f]+' : `[0-9a-f]{8}|[0-9a-f]{${declared.id.digits ?? DIGITS}}`})$`) : undefined;
  const storeKind = `${declared.service}:${declared.kind}`;
  const idOf = (document: T) => document[member] as string;
  const linksOf = (document: T): string[] => {
    const links: string[] = [];
    for (const { path, parts } of linkPaths) {
      const start = links.length;
      eachValue(document, parts, 0, (value) => {
        const text = String(value);
        // A document mentions few things by one member: looking through them is cheaper than a set.
        let known = false;
        for (let i = start; i < links.length && !known; i += 2) known = links[i + 1] === text;
        if (!known) links.push(path, text);
      });
    }
    return links;
  };
  const tagsOf = (document: T): Tag[] => {
    if (tagMember === null) return [];
    const list = (document as Record<string, unknown>)[tagMember] as { Key?: string; Value?: string }[] | undefined;
    return list ? list.map((t) => ({ key: t.Key ?? '', value: t.Value ?? '' })) : [];
  };
  return {
    ...declared,
    storeKind,
    idOf,
    tagsOf,
    termsOf: (document) => ({ links: linksOf(document), tags: tagsOf(document).flatMap(({ key, value }) => [key, value]) }),
    stateOf: (document) => (readState ? String(readState(document)[0] ?? '') : ''),
    wellFormed: (id) => !form || form.test(id),
    arnOf: declared.arn ?? ((document, account, region) => `arn:aws:${declared.service}:${region}:${account}:${declared.kind}/${idOf(document)}`),
    linked: new Set(paths),
  };
}

/** How many digits an id has, where its kind does not say. */
export const DIGITS = 17;

export const onDeleteOf = <T extends object>(reference: Reference<T>, document: T): OnDelete =>
  typeof reference.onDelete === 'function' ? reference.onDelete(document) : (reference.onDelete ?? 'refuse');

export const seconds = (n: number): number => n * 1000;
export const minutes = (n: number): number => n * 60_000;
export const hours = (n: number): number => n * 3_600_000;
