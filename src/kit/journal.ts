/** What happened to a document. */
export interface Change {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The call that did it; '' where a due step did. */
  readonly requestId: string;
  readonly account: string;
  readonly region: string;
  /** '<service>:<kind>' */
  readonly kind: string;
  readonly id: string;
  readonly change: 'created' | 'changed' | 'removed';
  /** Of a kind that has states: the one before, where it changed, and the one now. */
  readonly from?: string;
  readonly state?: string;
}

const NOTHING: readonly Change[] = [];
const RECENT_MAX = 10_000;

type Place = Pick<Change, 'account' | 'region' | 'kind'>;
const keyOf = ({ account, region, kind, id }: Place & { readonly id: string }): string => `${account}/${region}/${kind}/${id}`;

/** What a transaction does to documents; it is told when the transaction stands. EventBridge's and CloudTrail's events come from here. */
export class Journal {
  private pending: Change[] | undefined;
  private readonly listeners = new Set<(change: Change) => void>();

  /** Set while a fault lets readers lag behind: only then is what is recent remembered. */
  remembers = false;
  private readonly recent = new Map<string, { readonly change: Change; readonly document: object }>();

  /** `document` as it is, or as it was where it is removed. */
  note(change: Change, document: object): void {
    (this.pending ??= []).push(change);
    if (this.remembers && change.change !== 'changed') this.remembered.push({ change, document });
  }
  private remembered: { readonly change: Change; readonly document: object }[] = [];

  /** Whether a document was made after `sinceMs`. */
  young(key: Place & { readonly id: string }, sinceMs: number): boolean {
    const found = this.recent.get(keyOf(key))?.change;
    return found?.change === 'created' && found.at > sinceMs;
  }

  /** Documents of a kind that were removed after `sinceMs`. */
  late(place: Place, sinceMs: number): object[] {
    const out: object[] = [];
    for (const { change, document } of this.recent.values()) {
      if (change.change === 'removed' && change.at > sinceMs && change.kind === place.kind && change.account === place.account && change.region === place.region) out.push(document);
    }
    return out;
  }

  forget(): void {
    this.recent.clear();
  }

  /** What the present transaction has done so far. */
  get soFar(): readonly Change[] {
    return this.pending ?? NOTHING;
  }

  /** Forgets what the present transaction did after it had done `count` things: that part of it is undone. */
  backTo(count: number): void {
    if (!this.pending) return;
    const undone = new Set(this.pending.splice(count));
    this.remembered = this.remembered.filter(({ change }) => !undone.has(change));
  }

  /** The transaction stands, or it is undone. */
  end(stands: boolean): void {
    const { pending, remembered } = this;
    this.pending = undefined;
    if (remembered.length > 0) {
      this.remembered = [];
      if (stands) for (const one of remembered) this.recent.set(keyOf(one.change), one);
      while (this.recent.size > RECENT_MAX) this.recent.delete(this.recent.keys().next().value!);
    }
    if (stands && pending && this.listeners.size > 0) for (const change of pending) for (const listener of this.listeners) listener(change);
  }

  /** Tells every change from now on; the answer ends that. */
  listen(listener: (change: Change) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }
}
