import type { Due, Key, Link, Row, Scope, Tag, Terms } from './store.ts';

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
  private readonly links = new Map<string, Postings>();
  private readonly tags = new Map<string, Postings>();

  add(entry: Entry): void {
    this.byId.set(entry.id, entry);
    place(this.inOrder, entry);
    this.index(entry);
  }

  remove(entry: Entry): void {
    this.byId.delete(entry.id);
    take(this.inOrder, entry);
    this.unindex(entry);
  }

  retermed(entry: Entry, terms: Terms): void {
    if (sameTerms(entry.terms, terms)) return;
    this.unindex(entry);
    entry.terms = terms;
    this.index(entry);
  }

  linked(member: string, value: string): readonly Entry[] {
    return found(this.links.get(member), value);
  }

  tagged(key: string, value: string): readonly Entry[] {
    return found(this.tags.get(key), value);
  }

  private index(entry: Entry): void {
    for (const { member, value } of entry.terms.links) post(this.links, member, value, entry);
    for (const { key, value } of entry.terms.tags) post(this.tags, key, value, entry);
  }

  private unindex(entry: Entry): void {
    for (const { member, value } of entry.terms.links) unpost(this.links, member, value, entry);
    for (const { key, value } of entry.terms.tags) unpost(this.tags, key, value, entry);
  }
}

/** Most values are one document's: it stands there without a list around it. */
type Postings = Map<string, Entry | Entry[]>;

function found(postings: Postings | undefined, value: string): readonly Entry[] {
  const holders = postings?.get(value);
  return holders === undefined ? NO_ENTRIES : Array.isArray(holders) ? holders : [holders];
}

function post(index: Map<string, Postings>, name: string, value: string, entry: Entry): void {
  let postings = index.get(name);
  if (!postings) index.set(name, (postings = new Map()));
  const holders = postings.get(value);
  if (holders === undefined) postings.set(value, entry);
  else if (Array.isArray(holders)) place(holders, entry);
  else postings.set(value, holders.seq < entry.seq ? [holders, entry] : [entry, holders]);
}

function unpost(index: Map<string, Postings>, name: string, value: string, entry: Entry): void {
  const postings = index.get(name)!;
  const holders = postings.get(value);
  if (Array.isArray(holders) && holders.length > 1) take(holders, entry);
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

const sameTerms = (a: Terms, b: Terms): boolean =>
  a.links.length === b.links.length && a.tags.length === b.tags.length
  && a.links.every((link: Link, i) => link.value === b.links[i]!.value && link.member === b.links[i]!.member)
  && a.tags.every((tag: Tag, i) => tag.value === b.tags[i]!.value && tag.key === b.tags[i]!.key);

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
