import { squarePng } from './png.ts';

/** QR codes of ISO/IEC 18004: byte mode, error correction level M, the smallest version that holds the text, mask 0. */

/** By version from 1: error correction codewords of each block, and blocks. */
const ECC_PER_BLOCK = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, ...Array<number>(19).fill(28)];
const BLOCKS = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49];
const VERSION_MAX = 40;

const sizeOf = (version: number): number => version * 4 + 17;

/** Centres of the alignment patterns. */
function alignments(version: number): number[] {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.floor((version * 8 + count * 3 + 5) / (count * 4 - 4)) * 2;
  const out = [6];
  for (let at = sizeOf(version) - 7; out.length < count; at -= step) out.splice(1, 0, at);
  return out;
}

/** Codewords that data and error correction have together. */
function codewords(version: number): number {
  let modules = (16 * version + 128) * version + 64;
  if (version >= 2) {
    const count = Math.floor(version / 7) + 2;
    modules -= (25 * count - 10) * count - 55;
    if (version >= 7) modules -= 36;
  }
  return modules >> 3;
}

const dataCodewords = (version: number): number => codewords(version) - ECC_PER_BLOCK[version - 1]! * BLOCKS[version - 1]!;

/** In GF(2^8) over x^8 + x^4 + x^3 + x^2 + 1. */
function product(a: number, b: number): number {
  let out = 0;
  for (let bit = 7; bit >= 0; bit--) {
    out = (out << 1) ^ ((out >>> 7) * 0x11d);
    out ^= ((b >>> bit) & 1) * a;
  }
  return out;
}

function generator(degree: number): number[] {
  const out = [...Array<number>(degree - 1).fill(0), 1];
  let root = 1;
  for (let i = 0; i < degree; i++) {
    for (let j = 0; j < degree; j++) out[j] = product(out[j]!, root) ^ (out[j + 1] ?? 0);
    root = product(root, 2);
  }
  return out;
}

function remainder(data: readonly number[], divisor: readonly number[]): number[] {
  const out = divisor.map(() => 0);
  for (const byte of data) {
    const factor = byte ^ out.shift()!;
    out.push(0);
    divisor.forEach((coefficient, i) => (out[i]! ^= product(coefficient, factor)));
  }
  return out;
}

/** Mode, length, text, and padding. */
function message(text: Buffer, version: number): number[] {
  let bits = `0100${text.length.toString(2).padStart(version < 10 ? 8 : 16, '0')}`;
  for (const byte of text) bits += byte.toString(2).padStart(8, '0');
  const capacity = dataCodewords(version) * 8;
  bits += '0'.repeat(Math.min(4, capacity - bits.length));
  bits += '0'.repeat((8 - (bits.length % 8)) % 8);
  const out = bits.match(/.{8}/g)!.map((b) => parseInt(b, 2));
  for (let pad = 0xec; out.length < capacity / 8; pad ^= 0xec ^ 0x11) out.push(pad);
  return out;
}

/** Blocks with their error correction, interleaved. */
function interleaved(data: readonly number[], version: number): number[] {
  const count = BLOCKS[version - 1]!;
  const eccLength = ECC_PER_BLOCK[version - 1]!;
  const divisor = generator(eccLength);
  const short = Math.floor(data.length / count);
  const shortBlocks = count - (data.length % count);
  const blocks: { data: number[]; ecc: number[] }[] = [];
  for (let i = 0, at = 0; i < count; i++) {
    const block = data.slice(at, (at += short + (i < shortBlocks ? 0 : 1)));
    blocks.push({ data: block, ecc: remainder(block, divisor) });
  }
  const out: number[] = [];
  for (let i = 0; i <= short; i++) for (const block of blocks) if (i < block.data.length) out.push(block.data[i]!);
  for (let i = 0; i < eccLength; i++) for (const block of blocks) out.push(block.ecc[i]!);
  return out;
}

/** Modules by row and column; undefined where no function pattern stands. */
type Grid = (boolean | undefined)[][];

function drawSquares(grid: Grid, version: number): void {
  const size = grid.length;
  for (let i = 0; i < size; i++) grid[6]![i] = grid[i]![6] = i % 2 === 0;
  const rings = (cx: number, cy: number, reach: number, dark: (distance: number) => boolean) => {
    for (let dy = -reach; dy <= reach; dy++) {
      for (let dx = -reach; dx <= reach; dx++) {
        const [x, y] = [cx + dx, cy + dy];
        if (x >= 0 && y >= 0 && x < size && y < size) grid[y]![x] = dark(Math.max(Math.abs(dx), Math.abs(dy)));
      }
    }
  };
  for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]] as const) rings(x, y, 4, (d) => d !== 2 && d !== 4);
  const centres = alignments(version);
  const last = centres.at(-1);
  for (const x of centres) {
    for (const y of centres) if (!((x === 6 && y === 6) || (x === 6 && y === last) || (x === last && y === 6))) rings(x, y, 2, (d) => d !== 1);
  }
}

function bch(value: number, shift: number, polynomial: number): number {
  let rest = value;
  const top = Math.floor(Math.log2(polynomial));
  for (let i = 0; i < shift; i++) rest = (rest << 1) ^ ((rest >>> (top - 1)) * polynomial);
  return (value << shift) | rest;
}

/** Level M is 00, mask 0 is 000: what stands for them is the remainder, 0, under its own mask. */
const FORMAT = 0x5412;

function drawFormat(grid: Grid, version: number): void {
  const size = grid.length;
  const bit = (i: number) => ((FORMAT >>> i) & 1) === 1;
  for (let i = 0; i <= 5; i++) grid[i]![8] = bit(i);
  grid[7]![8] = bit(6);
  grid[8]![8] = bit(7);
  grid[8]![7] = bit(8);
  for (let i = 9; i < 15; i++) grid[8]![14 - i] = bit(i);
  for (let i = 0; i < 8; i++) grid[8]![size - 1 - i] = bit(i);
  for (let i = 8; i < 15; i++) grid[size - 15 + i]![8] = bit(i);
  grid[size - 8]![8] = true;
  if (version < 7) return;
  const bits = bch(version, 12, 0x1f25);
  for (let i = 0; i < 18; i++) {
    const dark = ((bits >>> i) & 1) === 1;
    const [a, b] = [size - 11 + (i % 3), Math.floor(i / 3)];
    grid[b]![a] = dark;
    grid[a]![b] = dark;
  }
}

/** In pairs of columns from the right, up and down in turn, past the timing column. */
function drawData(grid: Grid, codes: readonly number[]): void {
  const size = grid.length;
  let at = 0;
  let upward = true;
  for (let right = size - 1; right >= 1; right -= 2, upward = !upward) {
    if (right === 6) right = 5;
    for (let n = 0; n < size; n++) {
      const y = upward ? size - 1 - n : n;
      for (const x of [right, right - 1]) {
        if (grid[y]![x] !== undefined) continue;
        const dark = at < codes.length * 8 && ((codes[at >> 3]! >>> (7 - (at & 7))) & 1) === 1;
        at++;
        grid[y]![x] = dark !== ((x + y) % 2 === 0);
      }
    }
  }
}

/** Dark modules, by row and column; undefined where the text is too long for any QR code. */
export function qrCode(text: string): boolean[][] | undefined {
  const bytes = Buffer.from(text);
  for (let version = 1; version <= VERSION_MAX; version++) {
    const header = 4 + (version < 10 ? 8 : 16);
    if (bytes.length * 8 + header > dataCodewords(version) * 8) continue;
    const grid: Grid = Array.from({ length: sizeOf(version) }, () => Array<boolean | undefined>(sizeOf(version)).fill(undefined));
    drawSquares(grid, version);
    drawFormat(grid, version);
    drawData(grid, interleaved(message(bytes, version), version));
    return grid as boolean[][];
  }
  return undefined;
}

const MODULE_PIXELS = 4;
const QUIET_MODULES = 4;

export function qrCodePng(text: string): Buffer {
  const grid = qrCode(text);
  if (!grid) throw new Error('too long for a QR code');
  const at = (pixel: number) => Math.floor(pixel / MODULE_PIXELS) - QUIET_MODULES;
  return squarePng((grid.length + 2 * QUIET_MODULES) * MODULE_PIXELS, (x, y) => grid[at(y)]?.[at(x)] ?? false);
}
