import type { Context } from '../../../src/kit/index.ts';
import { overlaps, parseCidr, type Cidr } from '../vpcs/cidr.ts';

/** Space of Amazon's that pools get parts of; which part a Region has is not modelled. https://ip-ranges.amazonaws.com/ip-ranges.json */
const SPACE: Readonly<Record<'ipv4' | 'ipv6', Cidr>> = { ipv4: parseCidr('52.0.0.0/8')!, ipv6: parseCidr('2600:1f00::/24')! };
const BITS = { 4: 32, 6: 128 } as const;
const DRAWS_MAX = 64;

/** A block of a length at random, apart from those that are taken. */
export function drawAmazonCidr(ctx: Context, family: 'ipv4' | 'ipv6', prefix: number, taken: readonly Cidr[]): Cidr | undefined {
  const space = SPACE[family];
  const size = 1n << BigInt(BITS[space.version] - prefix);
  for (let draw = 0; draw < DRAWS_MAX; draw++) {
    const cidr: Cidr = { version: space.version, prefix, base: space.base + BigInt(ctx.ids.below(2 ** (prefix - space.prefix))) * size };
    if (!taken.some((t) => overlaps(t, cidr))) return cidr;
  }
  return undefined;
}
