/** Random values of a shape, from a seed: the same seed gives the same values on every machine. */
import type { Json, Member, Shape, Structure, StructureShape } from '../../../protocols/index.ts';

/** https://en.wikipedia.org/wiki/Mulberry32: enough for tests. */
export function randomSource(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const words = ['plain', 'a & b', '<tag attr="x">', "it's", 'ünï©ode 💾', 'a+b=c%20d', 'line\nbreak', ']]>', '100%', 'tab\there', '0', 'true'];
const depthMax = 5;

export class RandomValues {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = randomSource(seed);
  }

  #below(bound: number): number {
    return Math.floor(this.#random() * bound);
  }

  /** Every member at the top with `all`; else about half, and always the required ones and the idempotency token. */
  structure(shape: StructureShape, all = false, depth = 0): Structure {
    const structure: Structure = {};
    const members = [...shape.members.values()].filter(({ target }) => hasContent(target));
    if (shape.type === 'union') {
      const member = members[this.#below(members.length)];
      structure[member.name] = this.value(member, depth + 1);
      return structure;
    }
    for (const member of members) {
      const wanted = all || member.required || member.idempotencyToken || this.#random() < 0.5;
      if (wanted && (depth < depthMax || isScalar(member.target))) structure[member.name] = this.value(member, depth + 1);
    }
    // The Query protocols cannot carry a structure without members inside another.
    if (depth > 0 && Object.keys(structure).length === 0 && members.length > 0) {
      const member = members.find(({ target }) => isScalar(target)) ?? members[members.length - 1];
      structure[member.name] = this.value(member, depth + 1);
    }
    return structure;
  }

  value(member: Member, depth: number): Json {
    const { target } = member;
    switch (target.type) {
      case 'structure':
      case 'union':
        return this.structure(target, false, depth);
      case 'list':
        return Array.from({ length: depth > depthMax ? 1 : 1 + this.#below(3) }, () => this.value(target.member, depth + 1));
      case 'map': {
        const entries: Structure = {};
        for (let count = 1 + this.#below(3); count > 0; count--) {
          const key = target.key.target.limits.enum ? this.value(target.key, depth) : `key ${this.#below(1000)} & more`;
          entries[String(key)] = this.value(target.value, depth + 1);
        }
        return entries;
      }
      default:
        return this.#scalar(target);
    }
  }

  #scalar({ type, limits }: Shape): Json {
    switch (type) {
      case 'boolean':
        return this.#random() < 0.5;
      case 'integer':
        return this.#below(2 ** 31) - 2 ** 30;
      case 'long':
        return this.#below(2 ** 50) - 2 ** 49;
      case 'float':
      case 'double':
        return this.#below(1_000_000) / 64;
      case 'timestamp':
        return new Date(1_500_000_000_000 + this.#below(2 ** 31) * (this.#random() < 0.5 ? 1000 : 1)).toISOString();
      case 'blob':
        return Buffer.from(Array.from({ length: 1 + this.#below(20) }, () => this.#below(256))).toString('base64');
      default:
        return limits.enum ? limits.enum[this.#below(limits.enum.length)] : words[this.#below(words.length)];
    }
  }
}

const isScalar = (shape: Shape): boolean => !('members' in shape) && !('member' in shape) && !('key' in shape);

/** The Query protocols cannot say that a structure is there when it has nothing in it. */
function hasContent(shape: Shape): boolean {
  if (!('members' in shape)) return true;
  return shape.type === 'structure' ? shape.members.size > 0 : [...shape.members.values()].some(({ target }) => hasContent(target));
}
