/** Grey pictures as baseline JPEG files. https://www.w3.org/Graphics/JPEG/itu-t81.pdf */

export interface Picture {
  /** Multiples of eight, both. */
  readonly width: number;
  readonly height: number;
  /** A byte a pixel, row by row. */
  readonly pixels: Uint8Array;
}

const EDGE = 8;
/** One step for every frequency: text stays sharp. */
const STEP = 12;

/** Places of a block by rising frequency: along the diagonals, to and fro. */
const ZIGZAG = Array.from({ length: EDGE * EDGE }, (_, i) => ({ row: Math.floor(i / EDGE), column: i % EDGE }))
  .sort((a, b) => a.row + a.column - (b.row + b.column) || ((a.row + a.column) % 2 === 0 ? b.row - a.row : a.row - b.row))
  .map(({ row, column }) => row * EDGE + column);

const COSINES = Array.from({ length: EDGE * EDGE }, (_, i) => {
  const [frequency, at] = [Math.floor(i / EDGE), i % EDGE];
  return (frequency === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * at + 1) * frequency * Math.PI) / (2 * EDGE));
});

/** The frequencies of a block, in steps. */
function frequencies(block: Float64Array): Int16Array {
  const half = new Float64Array(EDGE * EDGE);
  const out = new Int16Array(EDGE * EDGE);
  const sum = (frequency: number, value: (at: number) => number): number => {
    let all = 0;
    for (let at = 0; at < EDGE; at++) all += COSINES[frequency * EDGE + at]! * value(at);
    return all;
  };
  for (let row = 0; row < EDGE; row++) for (let u = 0; u < EDGE; u++) half[row * EDGE + u] = sum(u, (x) => block[row * EDGE + x]!);
  for (let v = 0; v < EDGE; v++) for (let u = 0; u < EDGE; u++) out[v * EDGE + u] = Math.round(sum(v, (y) => half[y * EDGE + u]!) / STEP);
  return out;
}

// Codes of one length each: four bits for the size of a first value, eight for a run of zeros and the size of what follows.
const FIRST_SIZES = Array.from({ length: 12 }, (_, size) => size);
const RUN_SIZES = [0x00, 0xf0, ...Array.from({ length: 160 }, (_, i) => (Math.floor(i / 10) << 4) | ((i % 10) + 1))];
const RUN_CODES = new Map(RUN_SIZES.map((symbol, code) => [symbol, code]));

class Bits {
  private readonly bytes: number[] = [];
  private held = 0;
  private count = 0;

  put(value: number, length: number): void {
    for (let i = length - 1; i >= 0; i--) {
      this.held = (this.held << 1) | ((value >> i) & 1);
      if (++this.count < 8) continue;
      // A byte of ones is followed by one of zeros, so that it is no marker.
      this.bytes.push(this.held, ...(this.held === 0xff ? [0] : []));
      this.held = this.count = 0;
    }
  }

  end(): number[] {
    while (this.count > 0) this.put(1, 1);
    return this.bytes;
  }
}

const sizeOf = (value: number): number => 32 - Math.clz32(Math.abs(value));
/** Negative values are written as what is missing to the largest of their size. */
const bitsOf = (value: number, size: number): number => (value < 0 ? value + (1 << size) - 1 : value);

function putBlock(bits: Bits, values: Int16Array, before: number): void {
  const change = values[0]! - before;
  bits.put(sizeOf(change), 4);
  bits.put(bitsOf(change, sizeOf(change)), sizeOf(change));
  let zeros = 0;
  for (const place of ZIGZAG.slice(1)) {
    const value = values[place]!;
    if (value === 0) {
      zeros++;
      continue;
    }
    for (; zeros > 15; zeros -= 16) bits.put(RUN_CODES.get(0xf0)!, 8);
    bits.put(RUN_CODES.get((zeros << 4) | sizeOf(value))!, 8);
    bits.put(bitsOf(value, sizeOf(value)), sizeOf(value));
    zeros = 0;
  }
  if (zeros > 0) bits.put(RUN_CODES.get(0x00)!, 8);
}

const segment = (marker: number, ...content: number[]): number[] => [0xff, marker, (content.length + 2) >> 8, (content.length + 2) & 255, ...content];
/** How many codes there are of each length, from 1 to 16. */
const lengths = (length: number, count: number): number[] => Array.from({ length: 16 }, (_, i) => (i === length - 1 ? count : 0));

export function jpegOf({ width, height, pixels }: Picture): Buffer {
  const bits = new Bits();
  const block = new Float64Array(EDGE * EDGE);
  let before = 0;
  for (let top = 0; top < height; top += EDGE) {
    for (let left = 0; left < width; left += EDGE) {
      for (let i = 0; i < block.length; i++) block[i] = pixels[(top + Math.floor(i / EDGE)) * width + left + (i % EDGE)]! - 128;
      const values = frequencies(block);
      putBlock(bits, values, before);
      before = values[0]!;
    }
  }
  return Buffer.from([
    0xff, 0xd8, ...segment(0xe0, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0), ...segment(0xdb, 0, ...Array<number>(EDGE * EDGE).fill(STEP)),
    ...segment(0xc0, 8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0), ...segment(0xc4, 0x00, ...lengths(4, FIRST_SIZES.length), ...FIRST_SIZES),
    ...segment(0xc4, 0x10, ...lengths(8, RUN_SIZES.length), ...RUN_SIZES), ...segment(0xda, 1, 1, 0x00, 0, 63, 0), ...bits.end(), 0xff, 0xd9,
  ]);
}
