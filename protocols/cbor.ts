/**
 * As much of CBOR (https://www.rfc-editor.org/rfc/rfc8949.html) as Smithy's protocol uses: integers, floats, text, bytes, arrays, maps,
 * timestamps (tag 1), both definite and indefinite lengths. Any other input ends in one AwsError.
 */
import { AwsError } from './types.ts';

export class CborTimestamp {
  constructor(readonly seconds: number) {}
}

const depthMax = 64;
const stop = Symbol('break');

export function decodeCbor(bytes: Buffer): unknown {
  const reader = new Reader(bytes);
  const value = reader.value(0);
  if (value === stop || !reader.atEnd) throw malformed();
  return value;
}

const malformed = (): AwsError => new AwsError('SerializationException', 'The request body is not valid CBOR');

class Reader {
  #at = 0;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  value(depth: number): unknown {
    if (depth > depthMax) throw malformed();
    const head = this.#take(1)[0];
    const major = head >> 5;
    const info = head & 31;
    if (major === 7) return this.#simple(info);
    const indefinite = info === 31;
    if (indefinite && (major < 2 || major > 5)) throw malformed();
    const size = indefinite ? Infinity : this.#size(info);
    switch (major) {
      case 0:
        return size;
      case 1:
        return -1 - size;
      case 2:
        return indefinite ? Buffer.concat(this.#chunks(2)) : this.#take(size);
      case 3:
        return (indefinite ? Buffer.concat(this.#chunks(3)) : this.#take(size)).toString('utf8');
      case 4:
        return this.#array(size, depth);
      case 5:
        return this.#map(size, depth);
      default:
        return this.#tagged(size, depth);
    }
  }

  #take(count: number): Buffer {
    const end = this.#at + count;
    if (end > this.#bytes.length) throw malformed();
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  #size(info: number): number {
    if (info < 24) return info;
    switch (info) {
      case 24:
        return this.#take(1)[0];
      case 25:
        return this.#take(2).readUInt16BE();
      case 26:
        return this.#take(4).readUInt32BE();
      case 27:
        return Number(this.#take(8).readBigUInt64BE());
      default:
        throw malformed();
    }
  }

  #chunks(major: number): Buffer[] {
    const chunks: Buffer[] = [];
    for (;;) {
      const head = this.#take(1)[0];
      if (head === 0xff) return chunks;
      if (head >> 5 !== major || (head & 31) === 31) throw malformed();
      chunks.push(this.#take(this.#size(head & 31)));
    }
  }

  #array(size: number, depth: number): unknown[] {
    const items: unknown[] = [];
    while (items.length < size) {
      const item = this.value(depth + 1);
      if (item === stop) {
        if (size === Infinity) return items;
        throw malformed();
      }
      items.push(item);
    }
    return items;
  }

  #map(size: number, depth: number): Record<string, unknown> {
    const entries = Object.create(null) as Record<string, unknown>;
    for (let count = 0; count < size; count++) {
      const key = this.value(depth + 1);
      if (key === stop && size === Infinity) return entries;
      if (typeof key !== 'string') throw malformed();
      const value = this.value(depth + 1);
      if (value === stop) throw malformed();
      entries[key] = value;
    }
    return entries;
  }

  #tagged(tag: number, depth: number): unknown {
    const value = this.value(depth + 1);
    if (tag !== 1) throw malformed();
    if (typeof value !== 'number') throw malformed();
    return new CborTimestamp(value);
  }

  #simple(info: number): unknown {
    switch (info) {
      case 20:
        return false;
      case 21:
        return true;
      case 22:
      case 23:
        return null;
      case 25:
        return halfFloat(this.#take(2).readUInt16BE());
      case 26:
        return this.#take(4).readFloatBE();
      case 27:
        return this.#take(8).readDoubleBE();
      case 31:
        return stop;
      default:
        throw malformed();
    }
  }
}

/** https://www.rfc-editor.org/rfc/rfc8949.html#name-half-precision */
function halfFloat(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  const sign = bits >> 15 ? -1 : 1;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

export function encodeCbor(value: unknown): Buffer {
  const pieces: Buffer[] = [];
  write(value, pieces);
  return Buffer.concat(pieces);
}

function write(value: unknown, pieces: Buffer[]): void {
  if (typeof value === 'string') {
    const text = Buffer.from(value, 'utf8');
    pieces.push(head(3, text.length), text);
  } else if (typeof value === 'number') {
    pieces.push(number(value));
  } else if (typeof value === 'boolean') {
    pieces.push(Buffer.of(value ? 0xf5 : 0xf4));
  } else if (value === null || value === undefined) {
    pieces.push(Buffer.of(0xf6));
  } else if (value instanceof CborTimestamp) {
    pieces.push(Buffer.of(0xc1), number(value.seconds));
  } else if (value instanceof Uint8Array) {
    pieces.push(head(2, value.length), Buffer.from(value));
  } else if (Array.isArray(value)) {
    pieces.push(head(4, value.length));
    for (const item of value) write(item, pieces);
  } else {
    const entries = Object.entries(value as Record<string, unknown>);
    pieces.push(head(5, entries.length));
    for (const [key, entry] of entries) {
      write(key, pieces);
      write(entry, pieces);
    }
  }
}

function number(value: number): Buffer {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return value >= 0 ? head(0, value) : head(1, -1 - value);
  const float = Buffer.alloc(9);
  float[0] = 0xfb;
  float.writeDoubleBE(value, 1);
  return float;
}

function head(major: number, size: number): Buffer {
  const type = major << 5;
  if (size < 24) return Buffer.of(type | size);
  if (size < 0x100) return Buffer.of(type | 24, size);
  if (size < 0x10000) return Buffer.of(type | 25, size >> 8, size & 255);
  const long = size >= 2 ** 32;
  const bytes = Buffer.alloc(long ? 9 : 5);
  bytes[0] = type | (long ? 27 : 26);
  if (long) bytes.writeBigUInt64BE(BigInt(size), 1);
  else bytes.writeUInt32BE(size, 1);
  return bytes;
}
