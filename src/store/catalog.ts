import { NO_TERMS, type Due, type Key, type Row, type Scope, type Terms } from './store.ts';

/** One document's place in the catalogue. The text itself may be in the database only. */
export interface Entry extends Row {
  terms: Terms;
  due: Due | undefined;
}

const NO_ENTRIES: readonly Entry[] = [];

/** The documents of one kind in one account and region, by id, in order, and by what they can be found by. */
class Collection {
  readonly byId = new Map<string, Entry>();
  readonly inOrder: Entry[] = [];
  private readonly links: Index = new Map();
  private readonly tags: Index = new Map();

  add(entry: Entry): void {
    this.byId.set(entry.id, entry);
    place(this.inOrder, entry);
    this.index(entry, NO_TERMS, entry.terms);
  }

  remove(entry: Entry): void {
    const { terms } = entry;
    this.byId.delete(entry.id);
    take(this.inOrder, entry);
    this.index(entry, terms, NO_TERMS);
    // Where it is put back, it is with these.
    entry.terms = terms;
  }

  retermed(entry: Entry, terms: Terms): void {
    this.index(entry, entry.terms, terms);
  }

  linked(member: string, value: string): readonly Entry[] {
    return found(this.links, member, value);
  }

  tagged(key: string, value: string): readonly Entry[] {
    return found(this.tags, key, value);
  }

  private index(entry: Entry, before: Terms, after: Terms): void {
    const links = repost(this.links, entry, before.links, after.links);
    const tags = repost(this.tags, entry, before.tags, after.tags);
    if (links !== before.links || tags !== before.tags) entry.terms = { links, tags };
  }
}

/** By name and value, who has it. Most values are one document's: it stands there without a list around it. */
type Index = Map<string, Map<string, Entry | Holders>>;

/** The value stands here for all its holders: each of them was read from a text of its own. */
class Holders {
  constructor(readonly value: string, readonly entries: Entry[]) {}
}

function found(index: Index, name: string, value: string): readonly Entry[] {
  const holders = index.get(name)?.get(value);
  return holders === undefined ? NO_ENTRIES : holders instanceof Holders ? holders.entries : [holders];
}

/** Brings an index from what an entry was found by to what it is found by, and gives the latter. */
function repost(index: Index, entry: Entry, before: readonly string[], after: readonly string[]): readonly string[] {
  const comparable = before.length === after.length;
  let posted: string[] | undefined;
  for (let i = 0; i < after.length; i += 2) {
    const [name, value] = [after[i]!, after[i + 1]!];
    if (comparable && before[i] === name && before[i + 1] === value) continue;
    posted ??= comparable ? before.slice() : after.slice();
    if (comparable) unpost(index, before[i]!, before[i + 1]!, entry);
    posted[i] = name;
    posted[i + 1] = post(index, name, value, entry);
  }
  if (comparable) return posted ?? before;
  for (let i = 0; i < before.length; i += 2) unpost(index, before[i]!, before[i + 1]!, entry);
  return posted ?? after;
}

/** Gives the value in the string that stands for it already, where there is one. */
function post(index: Index, name: string, value: string, entry: Entry): string {
  let postings = index.get(name);
  if (!postings) index.set(name, (postings = new Map()));
  const holders = postings.get(value);
  if (holders === undefined) postings.set(value, entry);
  else if (holders instanceof Holders) {
    place(holders.entries, entry);
    return holders.value;
  } else postings.set(value, new Holders(value, holders.seq < entry.seq ? [holders, entry] : [entry, holders]));
  return value;
}

function unpost(index: Index, name: string, value: string, entry: Entry): void {
  const postings = index.get(name)!;
  const holders = postings.get(value);
  if (holders instanceof Holders && holders.entries.length > 1) take(holders.entries, entry);
  else postings.delete(value);
}

/** The first position whose entry is not before `seq`. */
function position(entries: readonly Entry[], seq: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (entries[middle]!.seq < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

function place(entries: Entry[], entry: Entry): void {
  if (entries.length === 0 || entries[entries.length - 1]!.seq < entry.seq) entries.push(entry);
  else entries.splice(position(entries, entry.seq), 0, entry);
}

function take(entries: Entry[], entry: Entry): void {
  entries.splice(position(entries, entry.seq), 1);
}

/** Where every document is, kept in memory and made anew from the documents at the start. */
export class Catalog {
  /** By account, region and kind. */
  private readonly collections = new Map<string, Map<string, Map<string, Collection>>>();

  add(entry: Entry): void {
    this.collection(entry, true)!.add(entry);
  }

  remove(entry: Entry): void {
    this.collection(entry)!.remove(entry);
  }

  retermed(entry: Entry, terms: Terms): void {
    this.collection(entry)!.retermed(entry, terms);
  }

  get(key: Key): Entry | undefined {
    return this.collection(key)?.byId.get(key.id);
  }

  page(scope: Scope, afterSeq: number, limit: number): readonly Entry[] {
    const all = this.collection(scope)?.inOrder ?? NO_ENTRIES;
    const from = afterSeq === 0 ? 0 : position(all, afterSeq + 1);
    return all.slice(from, from + limit);
  }

  linked(scope: Scope, member: string, values: readonly string[]): readonly Entry[] {
    const collection = this.collection(scope);
    return collection ? joined(values.map((value) => collection.linked(member, value))) : NO_ENTRIES;
  }

  linkedCount(scope: Scope, member: string, value: string): number {
    return this.collection(scope)?.linked(member, value).length ?? 0;
  }

  tagged(scope: Scope, key: string, values: readonly string[]): readonly Entry[] {
    const collection = this.collection(scope);
    return collection ? joined(values.map((value) => collection.tagged(key, value))) : NO_ENTRIES;
  }

  allTagged(account: string, region: string): readonly Entry[] {
    const out: Entry[] = [];
    for (const collection of this.collections.get(account)?.get(region)?.values() ?? []) {
      for (const entry of collection.inOrder) if (entry.terms.tags.length > 0) out.push(entry);
    }
    return out.sort((a, b) => a.seq - b.seq);
  }

  /** Every kind that has documents, once for each account and region. */
  *all(): Generator<Scope & { entries: readonly Entry[] }> {
    for (const [account, regions] of this.collections) {
      for (const [region, kinds] of regions) {
        for (const [kind, { inOrder }] of kinds) if (inOrder.length > 0) yield { account, region, kind, entries: inOrder };
      }
    }
  }

  private collection({ account, region, kind }: Scope, make = false): Collection | undefined {
    const known = this.collections.get(account)?.get(region)?.get(kind);
    if (known || !make) return known;
    let regions = this.collections.get(account);
    if (!regions) this.collections.set(account, (regions = new Map()));
    let kinds = regions.get(region);
    if (!kinds) regions.set(region, (kinds = new Map()));
    const made = new Collection();
    kinds.set(kind, made);
    return made;
  }
}

/** The results of several look-ups as one list in order of creation, each document once. The lists may change while the caller works. */
function joined(lists: (readonly Entry[])[]): readonly Entry[] {
  if (lists.length === 1) return lists[0]!.slice();
  const entries = new Set<Entry>();
  for (const list of lists) for (const entry of list) entries.add(entry);
  return [...entries].sort((a, b) => a.seq - b.seq);
}
