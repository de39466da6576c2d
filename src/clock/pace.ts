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
