import { createHmac } from 'node:crypto';
import { BASE32 } from '../../src/kit/index.ts';

/** Time-based one-time passwords: RFC 6238 over RFC 4226, HMAC-SHA-1, six digits, thirty seconds. */
const STEP_MS = 30_000;
const DIGITS = 6;

function decoded(base32: string): Buffer {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const letter of base32.replace(/=+$/, '').toUpperCase()) {
    held = (held << 5) | BASE32.indexOf(letter);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >> bits) & 255);
    held &= (1 << bits) - 1;
  }
  return Buffer.from(bytes);
}

function codeOf(key: Buffer, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', key).update(counter).digest();
  const offset = mac[mac.length - 1]! & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 10 ** DIGITS).padStart(DIGITS, '0');
}

const stepAt = (nowMs: number): number => Math.floor(nowMs / STEP_MS);

/** 0, -1, 1, -2, 2 …: the likeliest first. */
function* around(window: number): Generator<number> {
  yield 0;
  for (let n = 1; n <= window; n++) yield* [-n, n];
}

// assumed: a code is good for a step before and after its own.
const CODE_WINDOW = 1;

/** `drift` is what `driftOf` found when the device was enabled or resynchronized. */
export function verifyTotp(seedBase32: string, code: string, nowMs: number, drift = 0): boolean {
  const key = decoded(seedBase32);
  for (const d of around(CODE_WINDOW)) if (stepAt(nowMs) + drift + d >= 0 && codeOf(key, stepAt(nowMs) + drift + d) === code) return true;
  return false;
}

/** How many steps the device is ahead of us, by two consecutive codes; undefined where they are not two of its codes. */
export function driftOf(seedBase32: string, first: string, second: string, nowMs: number, window: number): number | undefined {
  const key = decoded(seedBase32);
  for (const drift of around(window)) {
    const step = stepAt(nowMs) + drift;
    if (step > 0 && codeOf(key, step) === second && codeOf(key, step - 1) === first) return drift;
  }
  return undefined;
}
