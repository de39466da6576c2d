import { lastOf, parseCidr, parseIpv4 } from '../vpcs/cidr.ts';

/** Sets of packets as boxes: a range of each field. What a filter lets through of a box are boxes again. Pure. */

/** Both ends included. */
export type Range = readonly [first: number, last: number];

/** The fields that routes and filters look at. IPv4 addresses are numbers. */
export interface Packets {
  readonly source: Range;
  readonly destination: Range;
  readonly sourcePort: Range;
  readonly destinationPort: Range;
}

export const ANY_ADDRESS: Range = [0, 2 ** 32 - 1];
export const ANY_PORT: Range = [0, 65_535];
export const ANYTHING: Packets = { source: ANY_ADDRESS, destination: ANY_ADDRESS, sourcePort: ANY_PORT, destinationPort: ANY_PORT };

/** The addresses of an IPv4 block; undefined for anything else. */
export function rangeOf(cidr: string | undefined): Range | undefined {
  const block = cidr === undefined ? undefined : parseCidr(cidr);
  return block?.version === 4 ? [Number(block.base), Number(lastOf(block))] : undefined;
}

export const addressRange = (address: string): Range => {
  const number = Number(parseIpv4(address));
  return [number, number];
};

export const meet = (a: Range, b: Range): Range | undefined => (Math.max(a[0], b[0]) <= Math.min(a[1], b[1]) ? [Math.max(a[0], b[0]), Math.min(a[1], b[1])] : undefined);

const FIELDS = ['source', 'destination', 'sourcePort', 'destinationPort'] as const;

/** What is in both; undefined where that is nothing. */
export function intersect(a: Packets, b: Packets): Packets | undefined {
  const out: Partial<Record<(typeof FIELDS)[number], Range>> = {};
  for (const field of FIELDS) {
    const common = meet(a[field], b[field]);
    if (!common) return undefined;
    out[field] = common;
  }
  return out as unknown as Packets;
}

/** What is in `a` and not in `b`, as boxes that do not overlap. */
export function subtract(a: Packets, b: Packets): Packets[] {
  const common = intersect(a, b);
  if (!common) return [a];
  const rest: Packets[] = [];
  let inner = a;
  for (const field of FIELDS) {
    const [first, last] = inner[field];
    const [from, to] = common[field];
    if (first < from) rest.push({ ...inner, [field]: [first, from - 1] });
    if (to < last) rest.push({ ...inner, [field]: [to + 1, last] });
    inner = { ...inner, [field]: common[field] };
  }
  return rest;
}

/** A rule of a filter and what it matches. */
export interface Rule<T> {
  readonly matches: Packets;
  readonly allows: boolean;
  readonly rule: T;
}

/** What an ordered list of rules lets through, each piece with the rule that does; what no rule matches is let through by none. */
export function passing<T>(packets: Packets, rules: readonly Rule<T>[]): { readonly packets: Packets; readonly rule: T }[] {
  const out: { packets: Packets; rule: T }[] = [];
  let left = [packets];
  for (const { matches, allows, rule } of rules) {
    if (allows) {
      for (const piece of left) {
        const hit = intersect(piece, matches);
        if (hit) out.push({ packets: hit, rule });
      }
    }
    left = left.flatMap((piece) => subtract(piece, matches));
  }
  return out;
}

/** The answer to it: ends and ports change places. */
export const reply = ({ source, destination, sourcePort, destinationPort }: Packets): Packets => ({ source: destination, destination: source, sourcePort: destinationPort, destinationPort: sourcePort });
