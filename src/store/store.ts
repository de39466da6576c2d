/** What the kit asks of a store. Asynchronous, so that a server-side database can stand behind the same handlers. */

export interface Key {
  readonly account: string;
  readonly region: string;
  /** '<service>:<kind>', e.g. 'ec2:volume'. */
  readonly kind: string;
  readonly id: string;
}

export type Scope = Omit<Key, 'id'>;

export interface Row extends Key {
  /** The order of creation, and so of listing. */
  readonly seq: number;
  /** JSON. */
  readonly document: string;
}

export interface Link {
  readonly member: string;
  readonly value: string;
}

export interface Tag {
  readonly key: string;
  readonly value: string;
}

export interface Timer extends Key {
  readonly sequence: number;
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
  readonly expires: number;
}

export interface Store {
  /** Runs one request's work as a whole: kept when `work` resolves, undone when it throws. One at a time. */
  transaction<T>(work: () => Promise<T>): Promise<T>;
  close(): void;

  insert(key: Key, document: string, links: readonly Link[], tags: readonly Tag[]): Promise<number>;
  get(key: Key): Promise<Row | undefined>;
  update(seq: number, document: string, links: readonly Link[], tags: readonly Tag[]): Promise<void>;
  remove(row: Key & { readonly seq: number }): Promise<void>;
  /** In order of creation, after `afterSeq`. */
  page(scope: Scope, afterSeq: number, limit: number): Promise<Row[]>;
  /** Documents whose `member` holds one of `values`. */
  linked(scope: Scope, member: string, values: readonly string[]): Promise<Row[]>;
  /** Only the values of `member` of the documents whose `where.member` holds `where.value`: no document is read. */
  linkedValues(scope: Scope, where: Link, member: string): Promise<string[]>;
  /** Documents with a tag of this key and one of `values`. */
  tagged(scope: Scope, key: string, values: readonly string[]): Promise<Row[]>;
  /** Every document of the account and region, of whatever kind, that refers to `id`, and by which member. */
  referrers(account: string, region: string, id: string): Promise<(Row & { member: string })[]>;
  /** All tagged documents of an account and region in order of creation. */
  allTagged(account: string, region: string): Promise<Row[]>;

  schedule(timer: Omit<Timer, 'sequence'>): Promise<void>;
  unschedule(key: Key): Promise<void>;
  dueTimer(now: number): Promise<Timer | undefined>;
  finishTimer(sequence: number): Promise<void>;
  /** When the next step is due; known without asking the database. */
  nextTimerAt(): number | undefined;

  answer(account: string, region: string, operation: string, token: string, now: number): Promise<IdempotentAnswer | undefined>;
  keepAnswer(account: string, region: string, operation: string, token: string, answer: IdempotentAnswer, now: number): Promise<void>;

  credential(accessKeyId: string): Promise<Credential | undefined>;
  putCredential(credential: Credential): Promise<void>;
  removeCredential(accessKeyId: string): Promise<void>;

  fact(name: string): Promise<string | undefined>;
  putFact(name: string, value: string): Promise<void>;

  /** How far the seeded id source had come when the last transaction was kept. */
  position(): number;

  /** How many documents of each kind there are, in all accounts and regions. */
  counts(): Promise<Record<string, number>>;
  /** How many of them are only waiting to be gone (terminated instances), by kind. */
  lingering(): Promise<Record<string, number>>;
  /** Back to an empty world. */
  clear(): Promise<void>;

  /** Encrypts what must not be read from a state file; `unseal` reverses it. */
  seal(text: string): string;
  unseal(sealed: string): string;
}
