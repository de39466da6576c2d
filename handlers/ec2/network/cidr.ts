/** IPv4 and IPv6 ranges as numbers. Pure arithmetic; what AWS allows of them is in cidr-rules.ts. */

export type IpVersion = 4 | 6;

export interface Cidr {
  readonly version: IpVersion;
  /** The network address. */
  readonly base: bigint;
  readonly prefix: number;
}

const BITS = { 4: 32, 6: 128 } as const;

/** A range and whether its text had host bits set. Undefined for what is no range. */
function read(text: string): (Cidr & { readonly hostBits: boolean }) | undefined {
  const match = /^([0-9a-fA-F.:]+)\/(0|[1-9]\d{0,2})$/.exec(text);
  if (!match) return undefined;
  const version = match[1]!.includes(':') ? 6 : 4;
  const prefix = Number(match[2]);
  const address = parseAddress(version, match[1]!);
  if (address === undefined || prefix > BITS[version]) return undefined;
  const base = (address >> BigInt(BITS[version] - prefix)) << BigInt(BITS[version] - prefix);
  return { version, base, prefix, hostBits: base !== address };
}

/** Host bits are cleared, as EC2 clears them: "100.68.0.18/18" is 100.68.0.0/18. https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html */
export function parseCidr(text: string): Cidr | undefined {
  const found = read(text);
  return found && { version: found.version, base: found.base, prefix: found.prefix };
}

/** Undefined where host bits are set. */
export const parseCidrStrictly = (text: string): Cidr | undefined => (isNetworkAddress(text) ? parseCidr(text) : undefined);
/** Whether the text is a range that is written with its network address. */
export const isNetworkAddress = (text: string): boolean => read(text)?.hostBits === false;

export const sizeOf = ({ version, prefix }: Cidr): bigint => 1n << BigInt(BITS[version] - prefix);
export const firstOf = (cidr: Cidr): bigint => cidr.base;
export const lastOf = (cidr: Cidr): bigint => cidr.base + sizeOf(cidr) - 1n;
export const contains = (outer: Cidr, inner: Cidr): boolean => outer.version === inner.version && outer.base <= inner.base && lastOf(inner) <= lastOf(outer);
export const overlaps = (a: Cidr, b: Cidr): boolean => a.version === b.version && a.base <= lastOf(b) && b.base <= lastOf(a);
export const includes = (cidr: Cidr, address: bigint): boolean => cidr.base <= address && address <= lastOf(cidr);
export const sameCidr = (a: Cidr, b: Cidr): boolean => a.version === b.version && a.base === b.base && a.prefix === b.prefix;
export const formatCidr = (cidr: Cidr): string => `${formatAddress(cidr.version, cidr.base)}/${cidr.prefix}`;

/** The nth range of `prefix` bits inside a larger one: the third /64 of a /56. Undefined past its end. */
export function divisionOf(cidr: Cidr, prefix: number, n: number): Cidr | undefined {
  if (prefix < cidr.prefix || prefix > BITS[cidr.version] || n < 0 || BigInt(n) >= 1n << BigInt(prefix - cidr.prefix)) return undefined;
  return { version: cidr.version, base: cidr.base + (BigInt(n) << BigInt(BITS[cidr.version] - prefix)), prefix };
}

// ---- addresses ----

export const parseAddress = (version: IpVersion, text: string): bigint | undefined => (version === 4 ? parseIpv4(text) : parseIpv6(text));
export const formatAddress = (version: IpVersion, address: bigint): string => (version === 4 ? formatIpv4(address) : formatIpv6(address));

/** Four decimal parts, without leading zeros: other readers take those as octal. */
export function parseIpv4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) return undefined;
  return parts.reduce((all, part) => (all << 8n) | BigInt(part), 0n);
}

export const formatIpv4 = (address: bigint): string => [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 255n).join('.');

export function parseIpv6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = [halves[0], halves[1]].map((half) => (half ? half.split(':') : [])) as [string[], string[]];
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array<string>(missing).fill('0'), ...tail];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return groups.reduce((all, group) => (all << 16n) | BigInt(`0x${group}`), 0n);
}

/** RFC 5952: lower case, no leading zeros, the first longest run of two or more zero groups shortened. https://www.rfc-editor.org/rfc/rfc5952#section-4 */
export function formatIpv6(address: bigint): string {
  const groups = Array.from({ length: 8 }, (_, i) => ((address >> BigInt(112 - 16 * i)) & 0xffffn).toString(16));
  let best = { start: 0, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === '0') length++;
    if (length > best.length) best = { start, length };
  }
  if (best.length < 2) return groups.join(':');
  return `${groups.slice(0, best.start).join(':')}::${groups.slice(best.start + best.length).join(':')}`;
}
