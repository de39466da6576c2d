/**
 * How long a resource's transitions take: a factor on the durations that declarations give as AWS's own.
 * `fast` lets a transition be seen once and keeps every wait within tens of milliseconds.
 */
export type Pace = { readonly name: string; readonly delay: (realisticMs: number) => number };

const FAST_MS_MAX = 40;

export function paceNamed(name: string): Pace | undefined {
  if (name === 'instant') return { name, delay: () => 0 };
  if (name === 'fast') return { name, delay: (ms) => (ms === 0 ? 0 : Math.min(FAST_MS_MAX, 10 + ms / 1000)) };
  if (name === 'realistic') return { name, delay: (ms) => ms };
  const factor = Number(name);
  return name !== '' && Number.isFinite(factor) && factor >= 0 ? { name, delay: (ms) => ms * factor } : undefined;
}

/** The pace of one kind, or of one of its transitions. */
export interface PaceRule {
  readonly kind: string;
  /** The state that is left; every one where it is absent. */
  readonly from?: string | undefined;
  readonly pace: string;
}

/** The pace of everything, and what goes at another. */
export class Paces {
  private usual: Pace;
  private rules: readonly PaceRule[] = [];
  private readonly byTransition = new Map<string, Pace>();

  constructor(private readonly initial: string) {
    this.usual = paceNamed(initial)!;
  }

  /** Milliseconds until a document of `kind` leaves the state `from`, which in AWS takes `realisticMs`. */
  delay(realisticMs: number, kind: string, from: string): number {
    const pace = this.byTransition.size === 0 ? this.usual : (this.byTransition.get(`${kind} ${from}`) ?? this.byTransition.get(`${kind} `) ?? this.usual);
    return pace.delay(realisticMs);
  }

  /** `rule` is of a kind, or the pace of everything. A pace that is set twice is the later one. */
  set(pace: string, kind?: string, from?: string): void {
    if (kind === undefined) this.usual = paceNamed(pace)!;
    else {
      this.rules = [...this.rules.filter((rule) => rule.kind !== kind || rule.from !== from), { kind, ...(from !== undefined && { from }), pace }];
      this.byTransition.set(`${kind} ${from ?? ''}`, paceNamed(pace)!);
    }
  }

  state(): { readonly pace: string; readonly rules: readonly PaceRule[] } {
    return { pace: this.usual.name, rules: this.rules };
  }

  /** Goes on from what `state` gave, or from the beginning. */
  restore(state: { readonly pace: string; readonly rules: readonly PaceRule[] } | undefined): void {
    this.usual = paceNamed(state?.pace ?? this.initial)!;
    this.rules = [];
    this.byTransition.clear();
    for (const { pace, kind, from } of state?.rules ?? []) this.set(pace, kind, from);
  }
}
