/** IPv4 and IPv6 ranges as numbers. Pure arithmetic; what AWS allows of them is said where it is checked. */

export interface Cidr {
  readonly version: 4 | 6;
  /** The network address. */
  readonly base: bigint;
  readonly prefix: number;
}

/** A range with its last address at hand, and both ends as numbers where those are exact: of IPv4. */
interface Parsed extends Cidr {
  readonly last: bigint;
  readonly from?: number;
  readonly to?: number;
}

const BITS = { 4: 32, 6: 128 } as const;

const PARSED_MAX = 10_000;
const parsed = new Map<string, Parsed>();

/** Undefined for what is no CIDR. Host bits are cleared, as EC2 clears them ("100.68.0.18/18" becomes 100.68.0.0/18). */
export function parseCidr(text: string): Cidr | undefined {
  // The blocks of a VPC are read again for each subnet that must not overlap them.
  const known = parsed.get(text);
  if (known) return known;
  const cidr = parseAnew(text);
  if (!cidr) return undefined;
  if (parsed.size >= PARSED_MAX) parsed.clear();
  parsed.set(text, cidr);
  return cidr;
}

function parseAnew(text: string): Parsed | undefined {
  const match = /^([0-9a-fA-F.:]+)\/(\d{1,3})$/.exec(text);
  if (!match) return undefined;
  const version = match[1]!.includes(':') ? 6 : 4;
  const prefix = Number(match[2]);
  const address = version === 4 ? parseIpv4(match[1]!) : parseIpv6(match[1]!);
  if (address === undefined || prefix > BITS[version]) return undefined;
  const [base, last] = [address & ~hostMask(version, prefix), address | hostMask(version, prefix)];
  return version === 4 ? { version, base, prefix, last, from: Number(base), to: Number(last) } : { version, base, prefix, last };
}

const hostMask = (version: 4 | 6, prefix: number): bigint => (1n << BigInt(BITS[version] - prefix)) - 1n;

export const sizeOf = ({ version, prefix }: Cidr): bigint => 1n << BigInt(BITS[version] - prefix);
export const lastOf = (cidr: Cidr & { last?: bigint }): bigint => cidr.last ?? cidr.base + sizeOf(cidr) - 1n;
export const contains = (outer: Cidr, inner: Cidr): boolean => outer.version === inner.version && outer.base <= inner.base && lastOf(inner) <= lastOf(outer);
export function overlaps(a: Cidr & Partial<Parsed>, b: Cidr & Partial<Parsed>): boolean {
  // A new subnet is held against each of the VPC's.
  if (a.from !== undefined && b.from !== undefined) return a.from <= b.to! && b.from <= a.to!;
  return a.version === b.version && a.base <= lastOf(b) && b.base <= lastOf(a);
}
export const includes = (cidr: Cidr, address: bigint): boolean => cidr.base <= address && address <= lastOf(cidr);
export const formatCidr = (cidr: Cidr): string => `${formatAddress(cidr.version, cidr.base)}/${cidr.prefix}`;
export const formatAddress = (version: 4 | 6, address: bigint): string => (version === 4 ? formatIpv4(address) : formatIpv6(address));
export const sameCidr = (a: Cidr, b: Cidr): boolean => a.version === b.version && a.base === b.base && a.prefix === b.prefix;

export function parseIpv4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((p) => /^\d{1,3}$/.test(p) && Number(p) <= 255)) return undefined;
  return BigInt(parts.reduce((all, p) => all * 256 + Number(p), 0));
}

function formatIpv4(address: bigint): string {
  const bits = Number(address);
  return `${bits >>> 24}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.${bits & 255}`;
}

export function parseIpv6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const groups = (half: string | undefined) => (half ? half.split(':') : []);
  const head = groups(halves[0]);
  const tail = groups(halves[1]);
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const all = [...head, ...Array<string>(Math.max(0, missing)).fill('0'), ...tail];
  if (!all.every((g) => /^[0-9a-fA-F]{1,4}$/.test(g))) return undefined;
  return all.reduce((sum, g) => (sum << 16n) | BigInt(`0x${g}`), 0n);
}

/** RFC 5952: lower case, no leading zeros, the longest run of two or more zero groups shortened. */
function formatIpv6(address: bigint): string {
  const groups = Array.from({ length: 8 }, (_, i) => ((address >> BigInt(112 - 16 * i)) & 0xffffn).toString(16));
  let best = { start: 0, length: 1 };
  for (let i = 0; i < 8; i++) {
    let length = 0;
    while (i + length < 8 && groups[i + length] === '0') length++;
    if (length > best.length) best = { start: i, length };
  }
  if (best.length < 2) return groups.join(':');
  return `${groups.slice(0, best.start).join(':')}::${groups.slice(best.start + best.length).join(':')}`;
}
