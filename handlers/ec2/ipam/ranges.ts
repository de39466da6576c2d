import { contains, lastOf, overlaps, sizeOf, type Cidr } from '../vpcs/cidr.ts';

/** Free space among ranges of one family. Pure arithmetic: who has what is said where it is kept. */

const byBase = (a: Cidr, b: Cidr): number => (a.base < b.base ? -1 : a.base > b.base ? 1 : a.prefix - b.prefix);

/** The first multiple of a size at an address or after it. */
const alignedFrom = (address: bigint, size: bigint): bigint => ((address + size - 1n) / size) * size;

/** What two lists of ranges have in common: ranges are nested or apart, so that it is the smaller one of each pair that meets. */
export const common = (some: readonly Cidr[], others: readonly Cidr[]): Cidr[] =>
  some.flatMap((a) => others.flatMap((b) => (contains(a, b) ? [b] : contains(b, a) ? [a] : [])));

/** The lowest range of `prefix` bits inside one of `within` that none of `taken` has a part of. */
export function firstFree(within: readonly Cidr[], taken: readonly Cidr[], prefix: number): Cidr | undefined {
  const blockers = [...taken].sort(byBase);
  for (const space of [...within].sort(byBase)) {
    if (prefix < space.prefix) continue;
    const found = freeIn(space, blockers.filter((b) => overlaps(space, b)), prefix);
    if (found) return found;
  }
  return undefined;
}

/** One pass over the blockers, which are in the order of their addresses. */
function freeIn(space: Cidr, blockers: readonly Cidr[], prefix: number): Cidr | undefined {
  const size = sizeOf({ ...space, prefix });
  const end = lastOf(space);
  let base = space.base;
  for (const blocker of blockers) {
    if (lastOf(blocker) < base) continue;
    if (blocker.base > base + size - 1n) break;
    base = alignedFrom(lastOf(blocker) + 1n, size);
  }
  return base + size - 1n <= end ? { version: space.version, base, prefix } : undefined;
}

/** How much of a range others have, from 0 to 1. They may lie in each other, but none is counted twice. */
export function shareUsed(space: Cidr, users: readonly Cidr[]): number {
  let used = 0n;
  let seen = space.base - 1n;
  for (const user of users.filter((u) => overlaps(space, u)).sort(byBase)) {
    const from = user.base > seen ? user.base : seen + 1n;
    const last = lastOf(user) < lastOf(space) ? lastOf(user) : lastOf(space);
    if (last < from) continue;
    used += last - from + 1n;
    seen = last;
  }
  return Number((used * 10_000n) / sizeOf(space)) / 10_000;
}
