import type { Candidate } from './candidates.ts';

/** How a fleet chooses among pools. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-fleet-allocation-strategy.html */
export type Strategy = 'lowest-price' | 'diversified' | 'capacity-optimized' | 'capacity-optimized-prioritized' | 'price-capacity-optimized' | 'prioritized';

/** AWS takes a strategy as its documentation spells it and as Spot Fleets do, "lowestPrice". https://github.com/getmoto/moto/blob/5.2.1/tests/test_ec2/test_fleets.py */
export const strategyOf = (name: string | undefined): Strategy => (name ?? 'lowest-price').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`) as Strategy;

const usdPerUnit = (candidate: Candidate): number => candidate.usdPerHour / candidate.weight;
const byPrice = (a: Candidate, b: Candidate): number => usdPerUnit(a) - usdPerUnit(b);
const byDepth = (a: Candidate, b: Candidate): number => b.depth - a.depth;
const byPriority = (a: Candidate, b: Candidate): number => a.priority - b.priority;

/** assumed: "on a best-effort basis … optimizes for capacity first": pools whose capacity is about the same go by priority. */
const CAPACITY_STEPS = 3;
const step = ({ depth }: Candidate): number => Math.min(CAPACITY_STEPS - 1, Math.floor(depth * CAPACITY_STEPS));

/** The pools that a strategy launches from, best first: all in turn where it spreads, otherwise the first while it has capacity. */
function ranked(candidates: readonly Candidate[], strategy: Strategy, pools: number): { order: Candidate[]; spread: number } {
  const all = [...candidates];
  switch (strategy) {
    case 'lowest-price':
      return { order: all.sort(byPrice), spread: pools };
    case 'diversified':
      return { order: all, spread: all.length };
    case 'capacity-optimized':
      return { order: all.sort(byDepth), spread: 1 };
    case 'capacity-optimized-prioritized':
      return { order: all.sort((a, b) => step(b) - step(a) || byPriority(a, b) || byDepth(a, b)), spread: 1 };
    case 'prioritized':
      return { order: all.sort((a, b) => byPriority(a, b) || byPrice(a, b)), spread: 1 };
    case 'price-capacity-optimized': {
      // "Identifies the pools with the highest capacity availability … then requests from the lowest priced of these."
      const deep = all.sort(byDepth).slice(0, Math.ceil(all.length / 2));
      return { order: [...deep.sort(byPrice), ...all.slice(Math.ceil(all.length / 2))], spread: 1 };
    }
  }
}

/** How many instances of which pool make up so many units: at least as many, as few as can be. */
export function assign(candidates: readonly Candidate[], units: number, strategy: Strategy, pools = 1): Map<Candidate, number> {
  const { order, spread } = ranked(candidates, strategy, pools);
  const chosen = order.slice(0, Math.max(1, spread));
  const counts = new Map<Candidate, number>();
  const filled = new Map(chosen.map((candidate) => [candidate, 0]));
  for (let left = units; left > 0 && chosen.length > 0; ) {
    const next = chosen.reduce((best, one) => (filled.get(one)! < filled.get(best)! ? one : best));
    counts.set(next, (counts.get(next) ?? 0) + 1);
    filled.set(next, filled.get(next)! + next.weight);
    left -= next.weight;
  }
  return counts;
}
