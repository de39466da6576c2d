import type { Due } from './store.ts';

/** Who has a step before them. */
export interface Holder {
  due: Due | undefined;
}

interface Item<H> {
  readonly due: Due;
  readonly turn: number;
  readonly holder: H;
}

/**
 * Steps by time, those of one moment in the order in which they were scheduled: a binary heap. A step counts while its
 * holder still has it; others are dropped when they come up.
 */
export class Agenda<H extends Holder> {
  private heap: Item<H>[] = [];
  private turns = 0;
  private stale = 0;

  /** `turn` carries an order of earlier days over; without one the step comes after all of its moment. */
  add(holder: H, due: Due, turn = this.turns + 1): number {
    this.turns = Math.max(this.turns, turn);
    this.heap.push({ due, turn, holder });
    this.up(this.heap.length - 1);
    return turn;
  }

  /** A step was given up: when those are most of the heap, it is swept. */
  dropped(): void {
    if (++this.stale < 64 || this.stale * 2 < this.heap.length) return;
    const live = this.heap.filter((item) => item.holder.due === item.due);
    this.heap = live.sort(compare);
    this.stale = 0;
  }

  first(): { readonly holder: H; readonly due: Due } | undefined {
    for (let item = this.heap[0]; item; item = this.heap[0]) {
      if (item.holder.due === item.due) return item;
      this.pop();
      this.stale = Math.max(0, this.stale - 1);
    }
    return undefined;
  }

  private pop(): void {
    const last = this.heap.pop()!;
    if (this.heap.length === 0) return;
    this.heap[0] = last;
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      if (left >= this.heap.length) return;
      const least = left + 1 < this.heap.length && compare(this.heap[left + 1]!, this.heap[left]!) < 0 ? left + 1 : left;
      if (compare(this.heap[at]!, this.heap[least]!) <= 0) return;
      this.swap(at, least);
      at = least;
    }
  }

  private up(start: number): void {
    for (let at = start; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (compare(this.heap[parent]!, this.heap[at]!) <= 0) return;
      this.swap(at, parent);
      at = parent;
    }
  }

  private swap(a: number, b: number): void {
    const item = this.heap[a]!;
    this.heap[a] = this.heap[b]!;
    this.heap[b] = item;
  }
}

const compare = (a: Item<unknown>, b: Item<unknown>): number => a.due.at - b.due.at || a.turn - b.turn;
