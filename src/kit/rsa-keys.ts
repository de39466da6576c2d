import { checkPrimeSync, createPrivateKey, type KeyObject } from 'node:crypto';

/**
 * RSA keys from a passed-in source of randomness, which Node's own generator does not take: same source, same key.
 * Primes are searched upwards from a random start, sieved by the small primes, and tested by OpenSSL.
 */
export type Random = (bytes: number) => Buffer;

const PUBLIC_EXPONENT = 65_537n;

export function generateRsaKey(bits: number, random: Random): KeyObject {
  const p = prime(bits / 2, random);
  let q = prime(bits / 2, random);
  while (q === p) q = prime(bits / 2, random);
  const d = inverse(PUBLIC_EXPONENT, (p - 1n) * (q - 1n));
  const parts = { n: p * q, e: PUBLIC_EXPONENT, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) };
  const key = Object.fromEntries(Object.entries(parts).map(([name, value]) => [name, unsigned(value).toString('base64url')]));
  return createPrivateKey({ key: { kty: 'RSA', ...key }, format: 'jwk' });
}

/** Both highest bits set, so that the product of two has all its bits. */
function prime(bits: number, random: Random): bigint {
  for (;;) {
    const bytes = Buffer.from(random(bits / 8));
    bytes[0]! |= 0xc0;
    bytes[bytes.length - 1]! |= 1;
    const found = primeFrom(BigInt(`0x${bytes.toString('hex')}`), bits);
    if (found !== undefined) return found;
  }
}

const SMALL_PRIMES = (() => {
  const found: number[] = [];
  for (let n = 3; n < 2000; n += 2) if (found.every((p) => n % p !== 0)) found.push(n);
  return found;
})();
/** A prime is met about every 700 numbers of 1,024 bits; further than this another start is taken. */
const SEARCH_SPAN = 20_000;
/** Of random candidates far fewer pass by mistake than the worst case of 4^-10. */
const CHECKS = 10;

function primeFrom(start: bigint, bits: number): bigint | undefined {
  const residues = SMALL_PRIMES.map((p) => Number(start % BigInt(p)));
  for (let step = 0; step < SEARCH_SPAN; step += 2) {
    if (SMALL_PRIMES.some((p, i) => (residues[i]! + step) % p === 0)) continue;
    const candidate = start + BigInt(step);
    if (candidate >> BigInt(bits) !== 0n) return undefined;
    if ((candidate - 1n) % PUBLIC_EXPONENT !== 0n && checkPrimeSync(candidate, { checks: CHECKS })) return candidate;
  }
  return undefined;
}

/** Extended Euclid. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [value, modulus, 1n, 0n];
  while (b !== 0n) {
    const quotient = a / b;
    [a, b, x, y] = [b, a - quotient * b, y, x - quotient * y];
  }
  return ((x % modulus) + modulus) % modulus;
}

function unsigned(value: bigint): Buffer {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex');
}
