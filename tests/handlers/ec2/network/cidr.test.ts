import { describe, expect, it } from 'vitest';
import { checkSecondaryBlock, checkSubnetConflict, checkSubnetRange, checkVpcRange, isPrivateRfc1918, isReserved, isRestricted, usableAddresses } from '../../../../handlers/ec2/network/cidr-rules.ts';
import { contains, divisionOf, formatAddress, formatCidr, includes, isNetworkAddress, lastOf, overlaps, parseCidr, parseCidrStrictly, parseIpv4, parseIpv6, sizeOf } from '../../../../handlers/ec2/network/cidr.ts';
import { firstFree, firstFreeOf, release, take } from '../../../../handlers/ec2/network/free-addresses.ts';
import { macAddress, privateDnsName, publicDnsName } from '../../../../handlers/ec2/network/names.ts';

const cidr = (text: string) => parseCidr(text)!;

describe('ranges', () => {
  it('clears host bits, as EC2 does, or refuses them where asked to', () => {
    expect(formatCidr(cidr('100.68.0.18/18'))).toBe('100.68.0.0/18');
    expect(isNetworkAddress('100.68.0.18/18')).toBe(false);
    expect(parseCidrStrictly('100.68.0.18/18')).toBeUndefined();
    expect(parseCidrStrictly('100.68.0.0/18')).toEqual(cidr('100.68.0.18/18'));
  });

  it('refuses what is no range', () => {
    for (const text of ['', '10.0.0.0', '10.0.0/8', '10.0.0.0/33', '10.0.0.256/8', '10.0.0.0/-1', '10.0.0.0/08', '010.0.0.0/8', '10.0.0.0/8 ', ' 10.0.0.0/8', '::1', ':::/0', '1::2::3/64', '1:2:3:4:5:6:7:8:9/64',
      '1:2:3:4:5:6:7/64', '::/129', '12345::/16', 'g::/16', '1:2:3:4:5:6:7:8::/64', '::ffff:1.2.3.4/96']) expect(parseCidr(text), text).toBeUndefined();
  });

  it('knows first, last, size, containment and overlap', () => {
    const vpc = cidr('10.0.0.0/16');
    expect(formatAddress(4, lastOf(vpc))).toBe('10.0.255.255');
    expect(sizeOf(vpc)).toBe(65_536n);
    expect(contains(vpc, cidr('10.0.3.0/24'))).toBe(true);
    expect(contains(cidr('10.0.3.0/24'), vpc)).toBe(false);
    expect(overlaps(cidr('10.0.3.0/24'), vpc)).toBe(true);
    expect(overlaps(cidr('10.1.0.0/24'), vpc)).toBe(false);
    expect(overlaps(cidr('::/0'), cidr('0.0.0.0/0'))).toBe(false);
    expect(includes(vpc, parseIpv4('10.1.0.0')!)).toBe(false);
    expect(sizeOf(cidr('0.0.0.0/0'))).toBe(1n << 32n);
    expect(sizeOf(cidr('10.0.0.1/32'))).toBe(1n);
  });

  it.each([
    ['2600:1f18:1234:5600::/56', '2600:1f18:1234:5600::/56'], ['2600:1F18:0012:5600:0:0:0:1/56', '2600:1f18:12:5600::/56'], ['::/0', '::/0'], ['::1/128', '::1/128'],
    ['1:0:0:2:0:0:0:3/128', '1:0:0:2::3/128'], ['1:0:0:2:3:0:0:4/128', '1::2:3:0:0:4/128'], ['1:0:2:3:4:5:6:7/128', '1:0:2:3:4:5:6:7/128'], ['fe80::/10', 'fe80::/10'],
  ])('writes %s as %s (RFC 5952)', (text, expected) => expect(formatCidr(cidr(text))).toBe(expected));

  it('reads back every address that it writes', () => {
    for (let i = 0n; i < 200n; i++) {
      const address = (i * 0x9e3779b97f4a7c15f39cc0605cedc835n) & ((1n << 128n) - 1n) & (i % 3n ? -1n : 0xffff00000000ffff0000000000000000n);
      expect(parseIpv6(formatAddress(6, address))).toBe(address);
      expect(parseIpv4(formatAddress(4, address & 0xffffffffn))).toBe(address & 0xffffffffn);
    }
  });

  it('divides a /56 into 256 times /64', () => {
    const block = cidr('2600:1f18:1234:5600::/56');
    expect(formatCidr(divisionOf(block, 64, 0)!)).toBe('2600:1f18:1234:5600::/64');
    expect(formatCidr(divisionOf(block, 64, 255)!)).toBe('2600:1f18:1234:56ff::/64');
    expect(divisionOf(block, 64, 256)).toBeUndefined();
    expect(divisionOf(block, 48, 0)).toBeUndefined();
  });
});

describe("EC2's rules", () => {
  const codeOf = (run: () => void): string => {
    try {
      run();
      return 'allowed';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  it('VPCs have /16 to /28', () => {
    expect(['10.0.0.0/15', '10.0.0.0/16', '10.0.0.0/28', '10.0.0.0/29', '2600::/56'].map((text) => codeOf(() => checkVpcRange(cidr(text)))))
      .toEqual(['InvalidVpc.Range', 'allowed', 'allowed', 'InvalidVpc.Range', 'InvalidVpc.Range']);
    expect(() => checkVpcRange(cidr('10.0.0.0/8'))).toThrow("The CIDR '10.0.0.0/8' is invalid.");
  });

  it('subnets have /16 to /28, lie in a block of the VPC, and do not overlap', () => {
    const blocks = [cidr('10.0.0.0/16'), cidr('10.1.0.0/16')];
    expect(['10.0.0.0/16', '10.1.4.0/28', '10.1.4.0/29', '10.2.0.0/24'].map((text) => codeOf(() => checkSubnetRange(cidr(text), blocks))))
      .toEqual(['allowed', 'allowed', 'InvalidSubnet.Range', 'InvalidSubnet.Range']);
    expect(() => checkSubnetConflict(cidr('10.0.0.0/24'), [cidr('10.0.0.128/25')])).toThrow("The CIDR '10.0.0.0/24' conflicts with another subnet");
  });

  it('five addresses of a subnet are reserved', () => {
    const subnet = cidr('10.0.0.0/24');
    const reserved = Array.from({ length: 256 }, (_, i) => subnet.base + BigInt(i)).filter((a) => isReserved(subnet, a)).map((a) => Number(a - subnet.base));
    expect(reserved).toEqual([0, 1, 2, 3, 255]);
    expect(usableAddresses(subnet)).toBe(251);
    expect(usableAddresses(cidr('10.0.0.0/28'))).toBe(11);
  });

  it.each([
    ['10.0.0.0/16', '10.2.0.0/16', false], ['10.1.0.0/16', '10.0.0.0/16', true], ['10.0.0.0/24', '10.0.1.0/24', true], ['10.5.0.0/16', '10.0.0.0/16', false],
    ['10.0.0.0/16', '172.16.0.0/16', true], ['10.0.0.0/16', '192.168.0.0/16', true], ['10.0.0.0/16', '198.19.0.0/16', true], ['10.0.0.0/16', '100.64.0.0/16', false], ['10.0.0.0/16', '54.1.0.0/16', false],
    ['172.16.0.0/16', '172.31.0.0/16', true], ['172.16.0.0/16', '172.17.0.0/16', false], ['172.16.0.0/16', '10.0.0.0/16', true], ['192.168.0.0/20', '192.168.16.0/20', false],
    ['100.64.0.0/16', '10.0.0.0/16', true], ['100.64.0.0/16', '100.65.0.0/16', false], ['100.64.0.0/16', '198.19.0.0/16', true], ['198.19.0.0/24', '198.19.1.0/24', false],
    ['198.19.0.0/24', '10.0.0.0/16', true], ['10.0.0.0/16', '169.254.0.0/16', true],
  ])('beside %s, %s is restricted: %s', (primary, block, restricted) => expect(isRestricted(cidr(block), [cidr(primary)])).toBe(restricted));

  it('refuses a secondary block that overlaps, or that is restricted, with different texts', () => {
    expect(() => checkSecondaryBlock(cidr('10.0.128.0/17'), [cidr('10.0.0.0/16')])).toThrow('conflicts');
    expect(() => checkSecondaryBlock(cidr('192.168.0.0/16'), [cidr('10.0.0.0/16')])).toThrow("The CIDR '192.168.0.0/16' is restricted. Use a CIDR from the same private address range");
    expect(codeOf(() => checkSecondaryBlock(cidr('10.2.0.0/16'), [cidr('10.0.0.0/16')]))).toBe('allowed');
  });

  it('RFC 1918 has three ranges', () => {
    expect(['10.0.0.0/8', '172.31.0.0/16', '172.32.0.0/16', '192.168.1.0/24', '100.64.0.0/16', '0.0.0.0/0'].map((t) => isPrivateRfc1918(cidr(t)))).toEqual([true, true, false, true, false, false]);
  });
});

describe('firstFree', () => {
  it('agrees with walking, for random sets and starts', () => {
    let state = 1;
    const below = (n: number) => (state = (state * 48_271) % 2_147_483_647) % n;
    for (let round = 0; round < 2000; round++) {
      const first = 100 + below(50);
      const last = first + below(40);
      const taken = [...new Set(Array.from({ length: below(60) }, () => 90 + below(110)))].sort((a, b) => a - b);
      const from = below(3) ? first + below(last - first + 1) : undefined;
      const order = Array.from({ length: last - first + 1 }, (_, i) => first + i);
      const start = from === undefined ? 0 : from - first;
      const walked = [...order.slice(start), ...order.slice(0, start)].find((n) => !taken.includes(n));
      expect(firstFree({ first, last, taken, ...(from === undefined ? {} : { from }) })).toBe(walked);
    }
  });

  it('fills a subnet once, skips what is reserved, and says when it is full', () => {
    const taken: number[] = [];
    const next = () => firstFreeOf(0x0a000000, 16, { first: 4, last: 1 }, taken);
    for (let i = 0; i < 11; i++) expect(take(taken, next()!)).toBe(true);
    expect(taken).toEqual(Array.from({ length: 11 }, (_, i) => 0x0a000004 + i));
    expect(next()).toBeUndefined();
    expect(release(taken, 0x0a000007)).toBe(true);
    expect(release(taken, 0x0a000007)).toBe(false);
    expect(next()).toBe(0x0a000007);
  });

  it('does not walk what is taken', () => {
    const taken = Array.from({ length: 65_000 }, (_, i) => i);
    let found = 0;
    for (let i = 0; i < 10_000; i++) found += firstFree({ first: 0, last: 65_535, taken })!;
    expect(found).toBe(65_000 * 10_000);
  });
});

describe('names', () => {
  it('DNS names follow address and region', () => {
    expect(privateDnsName('10.0.0.5', 'us-east-1')).toBe('ip-10-0-0-5.ec2.internal');
    expect(privateDnsName('10.0.0.5', 'eu-west-1')).toBe('ip-10-0-0-5.eu-west-1.compute.internal');
    expect(publicDnsName('1.2.3.4', 'us-east-1')).toBe('ec2-1-2-3-4.compute-1.amazonaws.com');
    expect(publicDnsName('1.2.3.4', 'eu-west-1')).toBe('ec2-1-2-3-4.eu-west-1.compute.amazonaws.com');
    expect(publicDnsName('1.2.3.4', 'cn-north-1')).toBe('ec2-1-2-3-4.cn-north-1.compute.amazonaws.com.cn');
  });

  it('MAC addresses are locally administered and unicast', () => {
    expect(macAddress(0x123456789an)).toBe('02:12:34:56:78:9a');
    for (let zone = 0; zone < 8; zone++) expect(Number.parseInt(macAddress(1n, zone).slice(0, 2), 16) & 3).toBe(2);
  });
});
