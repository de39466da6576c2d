import { describe, expect, it } from 'vitest';
import { common, firstFree, shareUsed } from '../../../handlers/ec2/ipam/ranges.ts';
import { formatCidr, overlaps, parseCidr, type Cidr } from '../../../handlers/ec2/vpcs/cidr.ts';

const of = (...texts: string[]): Cidr[] => texts.map((t) => parseCidr(t)!);
const free = (within: string[], taken: string[], prefix: number): string | undefined => {
  const found = firstFree(of(...within), of(...taken), prefix);
  return found && formatCidr(found);
};

describe('firstFree', () => {
  it.each([
    [['10.0.0.0/16'], [], 24, '10.0.0.0/24'],
    [['10.0.0.0/16'], ['10.0.0.0/24'], 24, '10.0.1.0/24'],
    // The hole between two allocations is too small for it, and what follows is aligned.
    [['10.0.0.0/16'], ['10.0.0.0/25', '10.0.1.0/24'], 24, '10.0.2.0/24'],
    [['10.0.0.0/16'], ['10.0.0.0/25'], 25, '10.0.0.128/25'],
    [['10.0.0.0/24'], ['10.0.0.128/25', '10.0.0.0/26'], 26, '10.0.0.64/26'],
    // The lowest of several blocks comes first, in whatever order they are told.
    [['10.1.0.0/24', '10.0.0.0/24'], ['10.0.0.0/24'], 24, '10.1.0.0/24'],
    [['10.0.0.0/24'], ['10.0.0.0/8'], 28, undefined],
    [['10.0.0.0/24'], [], 23, undefined],
    [['10.0.0.0/24'], ['10.0.0.255/32'], 24, undefined],
    // What lies in another taken range hides nothing behind it.
    [['10.0.0.0/16'], ['10.0.0.0/22', '10.0.1.0/24', '10.0.5.0/24'], 23, '10.0.6.0/23'],
    [['2001:db8::/44'], ['2001:db8::/56', '2001:db8:0:100::/56'], 56, '2001:db8:0:200::/56'],
    [['2001:db8::/32'], ['2001:db8::/33'], 48, '2001:db8:8000::/48'],
  ] as const)('%j without %j has a /%i at %s', (within, taken, prefix, expected) => {
    expect(free([...within], [...taken], prefix)).toBe(expected);
  });

  it('fills a block exactly, and never gives a part of it twice', () => {
    const given: Cidr[] = [];
    const lengths = [26, 28, 27, 28, 25];
    for (const length of lengths) given.push(firstFree(of('10.0.0.0/24'), given, length)!);
    for (const [i, a] of given.entries()) for (const b of given.slice(i + 1)) expect(overlaps(a, b)).toBe(false);
    expect(firstFree(of('10.0.0.0/24'), given, 25)).toBeUndefined();
  });
});

it('common keeps what lies in both lists', () => {
  expect(common(of('10.0.0.0/16', '10.2.0.0/16'), of('10.0.3.0/24', '10.0.0.0/8', '11.0.0.0/8')).map(formatCidr)).toEqual(['10.0.3.0/24', '10.0.0.0/16', '10.2.0.0/16']);
});

it('shareUsed counts what lies in others once', () => {
  expect(shareUsed(parseCidr('10.0.0.0/24')!, of('10.0.0.0/25', '10.0.0.0/26', '10.9.0.0/16'))).toBe(0.5);
  expect(shareUsed(parseCidr('10.0.0.0/24')!, of('10.0.0.0/8'))).toBe(1);
  expect(shareUsed(parseCidr('10.0.0.0/24')!, [])).toBe(0);
});
