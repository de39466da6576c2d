import { AwsError, type OperationModel, type Shape, type StructureShape } from '../../protocols/types.ts';
import { getter } from './paths.ts';
import type { AnyResource, FilterValue, Scalar } from './resource.ts';

export interface Filter {
  readonly Name?: string;
  readonly Values?: readonly string[];
}

/** What a Describe's filters come to: a predicate, and the one look-up that narrows the candidates best. */
export interface Selection {
  readonly matches: (document: object) => boolean;
  readonly narrow?: { readonly by: 'link' | 'tag'; readonly name: string; readonly values: readonly string[] };
}

// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Filter.html
const VALUES_MAX = 200;

type Values = (document: object) => readonly string[];

/**
 * Filters join by AND, the values of one by OR; `*` and `?` are wildcards, `\` takes their meaning away.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html
 */
export function select(resource: AnyResource, item: StructureShape, operation: OperationModel, filters: readonly Filter[] | undefined): Selection {
  if (!filters || filters.length === 0) return { matches: () => true };
  const tests: ((document: object) => boolean)[] = [];
  let narrow: Selection['narrow'];
  let count = 0;
  for (const filter of filters) {
    const name = filter.Name ?? '';
    const values = filter.Values ?? [];
    if ((count += values.length) > VALUES_MAX) throw new AwsError('FilterLimitExceeded', `The maximum number of filter values is ${VALUES_MAX}`);
    const resolved = resolve(resource, item, operation, name);
    const accepts = matcher(values);
    tests.push((document) => resolved.values(document).some(accepts));
    const exact = values.length > 0 && !values.some((v) => /[*?\\]/.test(v));
    if (exact && resolved.narrow && narrow?.by !== 'tag') narrow = { ...resolved.narrow, values: [...new Set(values)] };
  }
  return { matches: tests.length === 1 ? tests[0]! : (document) => tests.every((test) => test(document)), narrow };
}

interface Resolved {
  readonly values: Values;
  readonly narrow?: { readonly by: 'link' | 'tag'; readonly name: string };
}

const cache = new WeakMap<OperationModel, Map<string, Resolved>>();

function resolve(resource: AnyResource, item: StructureShape, operation: OperationModel, name: string): Resolved {
  let known = cache.get(operation);
  if (!known) cache.set(operation, (known = new Map()));
  const found = known.get(name) ?? resolveOnce(resource, item, operation, name);
  if (!found) throw resource.invalidFilter?.(name) ?? new AwsError('InvalidParameterValue', `The filter '${name}' is invalid`);
  // Tag keys are the caller's: they must not fill the cache.
  if (!name.startsWith('tag:')) known.set(name, found);
  return found;
}

function resolveOnce(resource: AnyResource, item: StructureShape, operation: OperationModel, name: string): Resolved | undefined {
  const tag = /^tag:(.+)$/s.exec(name)?.[1];
  if (tag !== undefined) return { values: (d) => resource.tagsOf(d).filter((t) => t.key === tag).map((t) => t.value), narrow: { by: 'tag', name: tag } };
  if (name === 'tag-key') return { values: (d) => resource.tagsOf(d).map((t) => t.key) };
  if (name === 'tag-value') return { values: (d) => resource.tagsOf(d).map((t) => t.value) };
  const declared: FilterValue<object> | undefined = resource.filters?.[name];
  if (typeof declared === 'function') return { values: (d) => texts(declared(d)) };
  if (declared === undefined && operation.filters && !operation.filters.includes(name)) return undefined;
  const path = declared ?? memberPath(item, name.split('.'));
  if (path === undefined) return undefined;
  const read = getter(path);
  return { values: (d) => texts(read(d) as Scalar[]), narrow: resource.linked.has(path) ? { by: 'link', name: path } : undefined };
}

/** 'attachment.delete-on-termination' -> 'Attachments.DeleteOnTermination', where the model has such members. */
export function memberPath(shape: Shape, segments: readonly string[]): string | undefined {
  let at = shape;
  const path: string[] = [];
  for (const segment of segments) {
    while (at.type === 'list') at = at.member.target;
    if (at.type !== 'structure') return undefined;
    const plain = segment.replaceAll('-', '').toLowerCase();
    const name = [...at.members.keys()].find((m) => [plain, `${plain}s`, `${plain}set`, `${plain}list`, `${plain}es`].includes(m.toLowerCase()));
    if (name === undefined) return undefined;
    path.push(name);
    at = at.members.get(name)!.target;
  }
  while (at.type === 'list') at = at.member.target;
  return at.type === 'structure' || at.type === 'map' ? undefined : path.join('.');
}

const texts = (value: Scalar | readonly Scalar[]): string[] =>
  Array.isArray(value) ? value.filter((v) => v !== undefined && v !== null).map(String) : value === undefined || value === null ? [] : [String(value)];

/** A test for "is one of these values", wildcards included. */
function matcher(values: readonly string[]): (value: string) => boolean {
  const exact = new Set<string>();
  const patterns: Glyph[][] = [];
  for (const value of values) {
    if (/[*?\\]/.test(value)) patterns.push(glyphs(value));
    else exact.add(value);
  }
  return (value) => exact.has(value) || patterns.some((p) => globMatches(p, value));
}

type Glyph = { readonly char: string } | 'any' | 'one';

function glyphs(pattern: string): Glyph[] {
  const out: Glyph[] = [];
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i]!;
    if (c === '\\' && i + 1 < pattern.length) out.push({ char: pattern[++i]! });
    else if (c === '*') out.push('any');
    else if (c === '?') out.push('one');
    else out.push({ char: c });
  }
  return out;
}

/** Linear in practice and at most quadratic: no regular expression, whose backtracking a caller could abuse. */
function globMatches(pattern: readonly Glyph[], text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let mark = 0;
  while (t < text.length) {
    const glyph = pattern[p];
    if (glyph === 'any') {
      star = p++;
      mark = t;
    } else if (glyph === 'one' || (typeof glyph === 'object' && glyph.char === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++mark;
    } else return false;
  }
  while (pattern[p] === 'any') p++;
  return p === pattern.length;
}

export function wildcardMatcher(values: readonly string[]): (value: string) => boolean {
  return matcher(values);
}
