import { createHash, randomBytes } from 'node:crypto';
import { customRandom } from 'nanoid';

const BLOCK_BYTES = 32;

/**
 * The only source of chance. Without a seed it is the system's; with one, the same draws come in the same order, and
 * `position` says how far they have come, so that a restart goes on where the last run stopped.
 */
export class IdSource {
  private pool: Buffer = Buffer.alloc(0);
  private offset = 0;
  private blockIndex = 0;
  private drawn: number;

  constructor(readonly seed: string | undefined, position = 0) {
    this.drawn = position;
    this.rewind(position);
  }

  /** Goes back (or on) to a position; without a seed there is nothing to repeat. */
  rewind(position: number): void {
    if (this.seed === undefined) return;
    this.drawn = position;
    this.blockIndex = Math.floor(position / BLOCK_BYTES);
    this.pool = this.block();
    this.offset = position % BLOCK_BYTES;
  }

  /** Bytes drawn so far; only meaningful with a seed. */
  get position(): number {
    return this.drawn;
  }

  bytes(count: number): Buffer {
    const out = Buffer.allocUnsafe(count);
    for (let filled = 0; filled < count; ) {
      if (this.offset >= this.pool.length) this.refill();
      const taken = Math.min(count - filled, this.pool.length - this.offset);
      this.pool.copy(out, filled, this.offset, this.offset + taken);
      this.offset += taken;
      filled += taken;
    }
    this.drawn += count;
    return out;
  }

  hex(digits: number): string {
    return this.bytes((digits + 1) >> 1).toString('hex').slice(0, digits);
  }

  /** A whole number from 0 up to, not including, `bound` (at most 2^32). */
  below(bound: number): number {
    return Math.floor((this.bytes(4).readUInt32BE(0) / 2 ** 32) * bound);
  }

  uuid(): string {
    const b = this.bytes(16);
    b[6] = (b[6]! & 0x0f) | 0x40;
    b[8] = (b[8]! & 0x3f) | 0x80;
    const h = b.toString('hex');
    return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`;
  }

  /** `length` characters of `alphabet`, each as likely as any other. */
  text(alphabet: string, length: number): string {
    return customRandom(alphabet, length, (size) => this.bytes(size))();
  }

  private refill(): void {
    this.blockIndex++;
    this.pool = this.seed === undefined ? randomBytes(4096) : this.block();
    this.offset = 0;
  }

  private block(): Buffer {
    return createHash('sha256').update(`fogbank\0${this.seed}\0${this.blockIndex}`).digest();
  }
}

/** IAM's unique ids and access key ids: upper-case base 32. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
export const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
