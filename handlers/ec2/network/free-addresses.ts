/**
 * The lowest free address of a range of numbers. `taken` is sorted and has no number twice, so that up to a gap the nth
 * number from the start is start + n: the gap is found by halving, not by walking.
 */
export interface FreeSearch {
  readonly first: number;
  readonly last: number;
  /** Sorted, each once; numbers outside first..last do no harm. */
  readonly taken: readonly number[];
  /** Where to begin looking; the search goes round once. */
  readonly from?: number;
}

/** Undefined where all are taken. */
export function firstFree({ first, last, taken, from = first }: FreeSearch): number | undefined {
  const start = Math.min(Math.max(from, first), last);
  return lowestGap(start, last, taken) ?? (start > first ? lowestGap(first, start - 1, taken) : undefined);
}

/** The lowest free one of a subnet's addresses, past the ones that EC2 keeps. */
export const firstFreeOf = (base: number, size: number, reserved: { readonly first: number; readonly last: number }, taken: readonly number[], from?: number): number | undefined =>
  size <= reserved.first + reserved.last ? undefined
    : firstFree({ first: base + reserved.first, last: base + size - 1 - reserved.last, taken, ...(from === undefined ? {} : { from }) });

function lowestGap(first: number, last: number, taken: readonly number[]): number | undefined {
  const begin = lowerBound(taken, first);
  // How many taken numbers from `first` on follow each other without a gap.
  let [run, end] = [0, taken.length - begin];
  while (run < end) {
    const middle = (run + end) >>> 1;
    if (taken[begin + middle] === first + middle) run = middle + 1;
    else end = middle;
  }
  const free = first + run;
  return free <= last ? free : undefined;
}

function lowerBound(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Puts a number into a sorted list, where it is not there yet. */
export function take(taken: number[], value: number): boolean {
  const at = lowerBound(taken, value);
  if (taken[at] === value) return false;
  taken.splice(at, 0, value);
  return true;
}

export function release(taken: number[], value: number): boolean {
  const at = lowerBound(taken, value);
  if (taken[at] !== value) return false;
  taken.splice(at, 1);
  return true;
}
