/**
 * The only source of time: real, scaled or held, in whole milliseconds since the epoch. `now()` never goes back. Several
 * facts may share a millisecond, as under a held clock they must: their order is the store's, and a run that was
 * interrupted gives the same times as one that was not.
 */
export interface ClockState {
  /** Simulated time at which the present rate began. */
  readonly simulatedMs: number;
  /** Simulated milliseconds per real millisecond: 1 is real, 0 is held. */
  readonly rate: number;
}

export class Clock {
  private simulatedBase: number;
  private wallBase: number;
  private rate: number;
  private last = 0;
  private timer: NodeJS.Timeout | undefined;
  /** What the timer waits for; undefined where the clock has been changed since. */
  private wakesAt: number | undefined;
  private stopped = false;

  constructor(state?: ClockState, private readonly wall: () => number = Date.now) {
    this.wallBase = wall();
    this.simulatedBase = state?.simulatedMs ?? this.wallBase;
    this.rate = state?.rate ?? 1;
  }

  now(): number {
    return (this.last = Math.max(this.last, Math.floor(this.peek())));
  }

  /** The time of the world outside, in which clients sign: a moved or held clock must not refuse them all. */
  real(): number {
    return this.wall();
  }

  /** The time without its mark, fractions included: for comparing with due times. */
  peek(): number {
    return this.simulatedBase + (this.wall() - this.wallBase) * this.rate;
  }

  hold(): void {
    this.setRate(0);
  }

  /** Runs at `rate` simulated milliseconds per real one from now on. */
  run(rate = 1): void {
    this.setRate(rate);
  }

  advance(milliseconds: number): void {
    if (!(milliseconds >= 0)) throw new RangeError('the clock only moves forward');
    this.simulatedBase = this.peek() + milliseconds;
    this.wallBase = this.wall();
    this.wakesAt = undefined;
  }

  /** Goes on from another state, or from the world's own time. */
  restore(state: ClockState | undefined): void {
    this.wallBase = this.wall();
    this.simulatedBase = state?.simulatedMs ?? this.wallBase;
    this.rate = state?.rate ?? 1;
    this.last = 0;
    this.wakesAt = undefined;
  }

  state(): ClockState {
    return { simulatedMs: this.peek(), rate: this.rate };
  }

  /** Calls back once, in real time, when the simulated clock reaches `atMs`; a later call replaces the earlier one. */
  wake(atMs: number | undefined, callback: () => void): void {
    if (this.timer && atMs === this.wakesAt) return;
    if (this.timer) clearTimeout(this.timer);
    this.timer = undefined;
    if (atMs === undefined || this.rate === 0 || this.stopped) return;
    this.wakesAt = atMs;
    const delay = Math.max(0, (atMs - this.peek()) / this.rate);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      callback();
    }, Math.min(Math.ceil(delay), 2 ** 31 - 1));
    this.timer.unref();
  }

  /** Real milliseconds, whatever the simulated clock does: for answers that come late. */
  pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, milliseconds));
  }

  /** Real milliseconds from now on: for what is measured, never for what happens. */
  stopwatch(): () => number {
    const started = performance.now();
    return () => performance.now() - started;
  }

  stop(): void {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
  }

  private setRate(rate: number): void {
    if (!(rate >= 0)) throw new RangeError('a rate is zero or more');
    this.simulatedBase = this.peek();
    this.wallBase = this.wall();
    this.rate = rate;
    this.wakesAt = undefined;
  }
}

/** ISO 8601 in UTC with milliseconds, as documents keep times. */
export const isoTime = (ms: number): string => new Date(Math.floor(ms)).toISOString();
