import { AwsError, type OperationModel, type Structure, type StructureShape } from '../../protocols/types.ts';
import type { Row } from '../store/store.ts';
import type { Context } from './context.ts';
import { select, type Filter, type Selection } from './filters.ts';
import { invalidToken, pagePosition, pageToken } from './pages.ts';
import type { AnyResource, Resource } from './resource.ts';
import { specifiedTags, tagMember, type TagSpecification } from './tags.ts';

/** What laws and COVERAGE.md want to know of an operation. */
export interface Verb {
  readonly verb: string;
  readonly resource: AnyResource;
  /** The model's structure of what it lists, where that is not the resource's own. */
  readonly shape?: string;
}

type Run<I, O> = (input: I, ctx: Context) => Promise<O>;

const named = <I, O>(verb: string, resource: AnyResource, run: Run<I, O>, shape?: string): Run<I, O> & Verb => Object.assign(run, { verb, resource, ...(shape === undefined ? {} : { shape }) });

/**
 * A creation: `plan` validates the input and gives the document without id and tags; the kit adds these, stores it and
 * answers it, wrapped as the model's output wants. `after` makes what comes with it.
 */
export function creates<T extends object, I, O>(
  resource: Resource<T>,
  plan: (input: I, ctx: Context) => Promise<Partial<T>> | Partial<T>,
  after?: (document: T, input: I, ctx: Context) => Promise<void>,
): Run<I, O> & Verb {
  return named('creates', resource, async (input, ctx) => {
    const tags = specifiedTags((input as { TagSpecifications?: TagSpecification[] }).TagSpecifications, resource.kind);
    const planned = (await plan(input, ctx)) as Record<string, unknown>;
    if (resource.id.prefix || resource.id.uuid) planned[resource.id.member] ??= ctx.newId(resource);
    const member = tagMember(resource);
    if (member !== null && tags.length > 0) planned[member] = tags;
    const document = (await ctx.create(resource as AnyResource, planned)) as T;
    if (after) await after(document, input, ctx);
    const { ClientToken } = input as { ClientToken?: string };
    const echo = ClientToken !== undefined && ctx.operation!.output.members.has('ClientToken') ? { ClientToken } : {};
    return { ...wrapped(ctx.operation!, resource, document), ...echo } as O;
  });
}

/** The output's member that is one of this resource, or the document itself where the output has the resource's shape. */
function wrapped(operation: OperationModel, resource: AnyResource, document: object): object {
  const member = memberOf(operation, resource);
  return member === undefined ? document : { [member]: document };
}

function memberOf(operation: OperationModel, resource: AnyResource): string | undefined {
  for (const [name, member] of operation.output.members) if (member.target.type === 'structure' && member.target.name === resource.shape) return name;
  return undefined;
}

export interface Describing<T extends object, I> {
  /** The input member that lists ids. */
  readonly ids?: keyof I & string;
  /** Where ids and MaxResults exclude each other: AWS's name of the id parameter, for the error ("instancesSet"). */
  readonly idsName?: string;
  /** What is not the account's own: public images, what others share. Listed before the account's own. */
  readonly also?: (ctx: Context, input: I) => Promise<readonly T[]> | readonly T[];
  /** Ids of nothing are passed over: they are no error. */
  readonly omitsUnknown?: true;
  /** Adds what is not stored in the document but found beside it, before filters look at it. */
  readonly complete?: (document: T, ctx: Context) => Promise<T> | T;
  /** Whether a document is to be seen at all by this request. */
  readonly visible?: (document: T, input: I, ctx: Context) => boolean;
  /** Turns the input into one that names documents by id only (names, addresses). */
  readonly prepare?: (input: I, ctx: Context) => Promise<I> | I;
  /** The one thing that everything listed mentions (the table of a table's associations): found by that link. */
  readonly within?: (input: I) => { readonly member: string; readonly value: string };
  /** The model's structure of a listed item, where a kind is listed in another than its own. */
  readonly shape?: string;
  /** What is answered for a document, where that differs from what is stored. */
  readonly project?: (document: T, ctx: Context, input: I) => Promise<object> | object;
}

/** A listing by ids or filters, in pages; the output's list is the one whose items have the resource's shape. */
export function describes<T extends object, I, O>(resource: Resource<T>, options: Describing<T, I> = {}): Run<I, O> & Verb {
  return named('describes', resource, async (asked, ctx) => {
    const input = options.prepare ? await options.prepare(asked, ctx) : asked;
    const operation = ctx.operation!;
    const { list } = listOf(operation, options.shape ?? resource.shape);
    const { documents, next } = await page(resource, options, input, ctx);
    const project = options.project;
    const items: object[] = [];
    for (const document of documents) items.push(project ? await project(document, ctx, input) : document);
    return { [list]: items, ...(next === undefined ? {} : { NextToken: next }) } as O;
  }, options.shape);
}

const lists = new WeakMap<OperationModel, { list: string; item: StructureShape }>();

function listOf(operation: OperationModel, shape: string): { list: string; item: StructureShape } {
  const known = lists.get(operation);
  if (known) return known;
  for (const [list, { target }] of operation.output.members) {
    if (target.type !== 'list') continue;
    const item = target.member.target;
    if (item.type === 'structure' && item.name === shape) {
      lists.set(operation, { list, item });
      return { list, item };
    }
  }
  throw new Error(`${operation.name} lists no ${shape}`);
}

/** The documents of one page, for operations that answer them in a shape of their own (DescribeInstances). */
export async function page<T extends object, I>(
  resource: Resource<T>,
  options: Describing<T, I>,
  input: I,
  ctx: Context,
  item: StructureShape = listOf(ctx.operation!, options.shape ?? resource.shape).item,
): Promise<{ documents: T[]; next: string | undefined }> {
  const asked = input as { MaxResults?: number; NextToken?: string; Filters?: Filter[] };
  const ids = options.ids ? (input[options.ids] as readonly string[] | undefined) : undefined;
  if (ids && ids.length > 0 && options.idsName && asked.MaxResults !== undefined) {
    throw new AwsError('InvalidParameterCombination', `The parameter ${options.idsName} cannot be used with the parameter maxResults`);
  }
  const selected = select(resource, item, ctx.operation!, asked.Filters);
  const within = options.within?.(input);
  const selection: Selection = within ? { matches: selected.matches, narrow: { by: 'link', name: within.member, values: [within.value] } } : selected;
  const visible = (document: T) => options.visible?.(document, input, ctx) !== false && selection.matches(document);
  const after = pagePosition(asked.NextToken, input as Structure, invalidToken);
  const limit = asked.MaxResults ?? Number.MAX_SAFE_INTEGER;
  const also = (await options.also?.(ctx, input)) ?? [];
  if (ids && ids.length > 0) return { documents: await byIds(resource, [...new Set(ids)], also, options, visible, ctx), next: undefined };

  const documents: T[] = [];
  // Positions of what AWS has come first, those of the store after them.
  for (let i = after; i < also.length; i++) {
    if (!visible(also[i]!)) continue;
    if (documents.length === limit) return { documents, next: pageToken(i, input as Structure) };
    documents.push(also[i]!);
  }
  let last = Math.max(0, after - also.length);
  for await (const rows of candidates(resource, selection, last, limit, ctx)) {
    const read = await ctx.world.store.readAll(rows);
    for (const [i, row] of rows.entries()) {
      if (ctx.lagMs > 0 && ctx.world.journal.young(row, ctx.nowMs - ctx.lagMs)) continue;
      const stored = read[i] as T;
      const document = options.complete ? await options.complete(stored, ctx) : stored;
      if (visible(document)) {
        if (documents.length === limit) return { documents, next: pageToken(last + also.length, input as Structure) };
        documents.push(document);
      }
      last = row.seq;
    }
  }
  if (ctx.lagMs > 0) documents.push(...(late(resource, ctx) as T[]).filter((document) => documents.length < limit && visible(document)));
  return { documents, next: undefined };
}

/** What is gone and not gone yet for a reader that lags behind. */
const late = (resource: AnyResource, ctx: Context): object[] => ctx.world.journal.late(ctx.scope(resource), ctx.nowMs - ctx.lagMs);

async function byIds<T extends object, I>(
  resource: Resource<T>, ids: readonly string[], also: readonly T[], options: Describing<T, I>, visible: (document: T) => boolean, ctx: Context,
): Promise<T[]> {
  for (const id of ids) if (resource.malformed && !resource.wellFormed(id)) throw resource.malformed(id);
  const found: T[] = [];
  const missing: string[] = [];
  for (const id of ids) {
    const stored = (await ctx.find(resource, id)) ?? [...also, ...(ctx.lagMs > 0 ? (late(resource, ctx) as T[]) : [])].find((d) => resource.idOf(d) === id);
    if (!stored) {
      missing.push(id);
      continue;
    }
    const document = options.complete ? await options.complete(stored, ctx) : stored;
    if (visible(document)) found.push(document);
  }
  if (missing.length > 0 && !options.omitsUnknown) throw resource.notFound(missing);
  return found;
}

const SCAN_BATCH = 500;

/** What may be selected, in batches and in order of creation. */
async function* candidates(resource: AnyResource, selection: Selection, after: number, limit: number, ctx: Context): AsyncGenerator<readonly Row[]> {
  const scope = ctx.scope(resource);
  const { narrow } = selection;
  const batch = Math.min(SCAN_BATCH, limit + 1);
  if (narrow) {
    const found = narrow.by === 'tag' ? await ctx.world.store.tagged(scope, narrow.name, narrow.values) : await ctx.world.store.linked(scope, narrow.name, narrow.values);
    const rows = after === 0 ? found : found.filter((row) => row.seq > after);
    for (let at = 0; at < rows.length; at += batch) yield rows.slice(at, at + batch);
    return;
  }
  for (let last = after; ; ) {
    const rows = await ctx.world.store.page(scope, last, batch);
    yield rows;
    if (rows.length < batch) return;
    last = rows.at(-1)!.seq;
  }
}

export interface Deleting<T extends object, I> {
  readonly id: keyof I & string;
  /** States in which it may be deleted; in others `otherwise` is the error. */
  readonly from?: readonly string[];
  readonly otherwise?: (document: T) => AwsError;
  /** Of what does not exist, where the deletion answers otherwise than the kind. */
  readonly notFound?: (ids: readonly string[]) => AwsError;
  /** Checks and changes before the references are looked at. */
  readonly before?: (document: T, input: I, ctx: Context) => Promise<void> | void;
  /** Whether it is kept elsewhere, to be restored: then it goes at once. */
  readonly retains?: (document: T, ctx: Context) => Promise<boolean>;
  /** The state that a deletion begins with; without one the document goes at once. */
  readonly to?: string;
}

/** A deletion: refused in the wrong state or while others refer to it. Where AWS answers what goes, as it is then. */
export function deletes<T extends object, I, O>(resource: Resource<T>, options: Deleting<T, I>): Run<I, O> & Verb {
  return named('deletes', resource, async (input, ctx) => {
    const id = input[options.id] as string;
    const document = await ctx.get(resource, id, options.notFound);
    if (options.from && !options.from.includes(resource.stateOf(document))) throw options.otherwise!(document);
    await options.before?.(document, input, ctx);
    await ctx.refuseWhileReferred(resource, id);
    const retained = await options.retains?.(document, ctx);
    if (options.to && !retained) await ctx.transition(resource, document, options.to);
    else await ctx.remove(resource, document);
    const member = memberOf(ctx.operation!, resource);
    return (member === undefined ? {} : { [member]: document }) as O;
  });
}

/** A change of one document: `change` validates and mutates it, and may give the output. */
export function modifies<T extends object, I, O>(
  resource: Resource<T>,
  options: { readonly id: keyof I & string },
  change: (document: T, input: I, ctx: Context) => Promise<O | void> | O | void,
): Run<I, O> & Verb {
  return named('modifies', resource, async (input, ctx) => {
    const document = await ctx.get(resource, input[options.id] as string);
    const output = await change(document, input, ctx);
    await ctx.save(resource, document);
    return (output ?? {}) as O;
  });
}
