/** What the kit asks of a store. It may have to be waited for, so that a server-side database can stand behind the same handlers. */

/** Where it is asked for often, `x instanceof Promise ? await x : x` saves the turn of the microtask queue that an `await` of what is there already costs. */
export type Awaitable<T> = T | Promise<T>;

export interface Key {
  readonly account: string;
  readonly region: string;
  /** '<service>:<kind>', e.g. 'ec2:volume'. */
  readonly kind: string;
  readonly id: string;
}

export type Scope = Omit<Key, 'id'>;

/** A stored document. It shows what is stored now, not what was when it was found. */
export interface Row extends Key {
  /** The order of creation, and so of listing. */
  readonly seq: number;
  /** JSON. */
  readonly document: string;
  /** The document, as the caller's own to change. */
  read(): unknown;
}

/** A value of a declared member path: who refers to whom, and what filters hit at scale. */
export interface Link {
  readonly member: string;
  readonly value: string;
}

export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** What a document can be found by, besides its id: member, value, member, value, … in one list, as there are hundreds of thousands of them. */
export interface Terms {
  readonly links: readonly string[];
  readonly tags: readonly string[];
}

export const NO_TERMS: Terms = { links: [], tags: [] };

/** The terms of a document, from its kind's declaration; they are not stored, so that a declaration can change. */
export type TermsOf = (kind: string, document: object) => Terms;

/** The step that a document takes next. */
export interface Due {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly from: string;
  readonly to: string;
}

export interface Credential {
  readonly accessKeyId: string;
  readonly account: string;
  /** JSON of a Principal. */
  readonly principal: string;
  /** Sealed. */
  readonly secret: string;
  readonly sessionToken: string | null;
  readonly expires: number | null;
  readonly active: number;
}

export interface IdempotentAnswer {
  readonly parameters: string;
  readonly output: string;
}

export interface Store {
  /** Runs one request's work as a whole: its changes stand when `work` resolves and are undone when it throws. One at a time. */
  transaction<T>(work: () => Awaitable<T>): Promise<T>;
  /** A part of a transaction: what it changed is undone when it throws, and the rest stands. */
  attempt<T>(work: () => Awaitable<T>): Promise<T>;
  /**
   * Resolves when everything that stands now would survive the process; undefined where that is so already. Nothing may be answered
   * before. `before` runs when the turn's other transactions have run too, for what is to be kept with them. Rejects where it cannot
   * be kept, and where what stood at `epoch` was taken back since.
   */
  kept(before?: () => Promise<void>, epoch?: number): Promise<void> | undefined;
  /** How often keeping failed: then all that stood and was not kept is taken back. */
  readonly epoch: number;
  close(): void;

  insert(key: Key, document: object, terms: Terms, due?: Due): Awaitable<number>;
  get(key: Key): Awaitable<Row | undefined>;
  /** What is due stays as it is; `schedule` changes it. */
  update(row: Row, document: object, terms: Terms): Awaitable<void>;
  /** Gives a document its next step, or none. */
  schedule(row: Row, due: Due | undefined): Awaitable<void>;
  remove(row: Row): Awaitable<void>;
  /** In order of creation, after `afterSeq`. */
  page(scope: Scope, afterSeq: number, limit: number): Awaitable<readonly Row[]>;
  /** Many rows' documents, cheaper than one by one. */
  readAll(rows: readonly Row[]): Awaitable<unknown[]>;
  /** Documents whose `member` holds one of `values`. */
  linked(scope: Scope, member: string, values: readonly string[]): Awaitable<readonly Row[]>;
  /** How many documents hold `value` in their `member`: at the same cost for any number. */
  linkedCount(scope: Scope, member: string, value: string): Awaitable<number>;
  /** Only the values of `member` of the documents whose `where.member` holds `where.value`: no document is read. */
  linkedValues(scope: Scope, where: Link, member: string): Awaitable<string[]>;
  /** Documents with a tag of this key and one of `values`. */
  tagged(scope: Scope, key: string, values: readonly string[]): Awaitable<readonly Row[]>;
  /** All tagged documents of an account and region in order of creation. */
  allTagged(account: string, region: string): Awaitable<readonly Row[]>;

  /** The document whose step was due first by `now`, and that step. */
  firstDue(now: number): Awaitable<{ readonly row: Row; readonly due: Due } | undefined>;
  /** When the next step is due. */
  nextDueAt(): number | undefined;

  answer(account: string, region: string, operation: string, token: string): Awaitable<IdempotentAnswer | undefined>;
  keepAnswer(account: string, region: string, operation: string, token: string, answer: IdempotentAnswer, expires: number): Awaitable<void>;

  credential(accessKeyId: string): Awaitable<Credential | undefined>;
  putCredential(credential: Credential): Awaitable<void>;

  /** Facts of the world that are no resource: provisioned regions, the id source's position, the clock. */
  fact(name: string): Awaitable<string | undefined>;
  putFact(name: string, value: string): Awaitable<void>;

  /** When something was last used, and how; JSON of whoever asks. */
  use(name: string): Awaitable<string | undefined>;
  putUse(name: string, use: string): Awaitable<void>;

  /** A fact as it was kept last, for who starts and is in no transaction. */
  recall(name: string): string | undefined;

  /** Where there are documents of resources, in order of account, region and kind. */
  scopes(): Promise<readonly Scope[]>;
  /** How many documents of each kind there are, in all accounts and regions. */
  counts(): Promise<Record<string, number>>;
  /** How many of them are only waiting to be gone (terminated instances), by kind. */
  lingering(): Promise<Record<string, number>>;
  /** Everything, secrets too, as bytes that `replace` takes, here or in another store. */
  image(): Promise<Buffer>;
  replace(image: Buffer): Promise<void>;
  /** Back to an empty world, or to one in which an account, or a region, or an account in a region is new. */
  clear(part?: Partial<Pick<Scope, 'account' | 'region'>>): Promise<void>;

  /** Encrypts what must not be read from a state file; `unseal` reverses it. */
  seal(text: string): string;
  unseal(sealed: string): string;
}
