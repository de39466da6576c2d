/** A bucket from which calls take tokens, and which fills again as time passes. https://en.wikipedia.org/wiki/Token_bucket */
export interface TokenBucket {
  readonly name: string;
  /** The most that it holds. */
  readonly capacity: number;
  readonly perSecond: number;
  /** How many this call takes. */
  readonly tokens: number;
}

/** The buckets of every account and region, on Fogbank's clock. They are full after a start. */
export class Throttling {
  private readonly left = new Map<string, { tokens: number; atMs: number }>();

  constructor(public on: boolean) {}

  /** Takes from all of `buckets`, or from none where one has too little. */
  take(owner: string, buckets: readonly TokenBucket[], nowMs: number): boolean {
    const states = buckets.map((bucket) => {
      const key = `${owner}/${bucket.name}`;
      const known = this.left.get(key);
      return { key, bucket, tokens: known ? Math.min(bucket.capacity, known.tokens + ((nowMs - known.atMs) / 1000) * bucket.perSecond) : bucket.capacity };
    });
    const enough = states.every(({ bucket, tokens }) => tokens >= Math.min(bucket.tokens, bucket.capacity));
    for (const { key, bucket, tokens } of states) this.left.set(key, { tokens: enough ? tokens - Math.min(bucket.tokens, bucket.capacity) : tokens, atMs: nowMs });
    return enough;
  }

  clear(): void {
    this.left.clear();
  }
}
