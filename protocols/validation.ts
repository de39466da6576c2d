/**
 * The model's constraints on an input that is already well-typed. A checker is compiled for each structure on first use; what it
 * finds are violations with paths in the protocol's own spelling. The words for them are the protocol's (ec2-query.ts) or the
 * ones that most AWS services share (constraint-texts.ts).
 */
import type { Json, Limits, Member, Shape, Structure, StructureShape, Violation } from './types.ts';

/** How a protocol spells the way to a value. */
export interface PathSpelling {
  readonly member: (path: string, member: Member) => string;
  /** `number` counts from 1. */
  readonly item: (path: string, number: number) => string;
  readonly entry: (path: string, key: string) => string;
}

/** Violations of a list's items that the list's own path reports: see `itemsConstraint`. */
export type Check = (value: Json, path: string, found: Violation[]) => void;

/** More would only make the answer long; AWS too stops somewhere. */
const violationsMax = 100;

/** A text that is too long and longer than this is not held against a pattern. */
const patternCharactersMax = 1024;

const enumsLeft = new Map<string, Set<string>>();

/**
 * Names members whose enum a handler checks with a code of its own: 'InstanceType' wherever it stands, or
 * 'TagSpecification.ResourceType' in that structure only.
 */
export function leaveEnumsToHandlers(service: string, members: readonly string[]): void {
  const known = enumsLeft.get(service) ?? new Set();
  for (const member of members) known.add(member);
  enumsLeft.set(service, known);
}

const presenceLeft = new Map<string, ReadonlySet<string>>();

/** Names required members, each in its structure, that a request may lack under conditions which a handler checks. */
export function leavePresenceToHandlers(service: string, members: readonly string[]): void {
  presenceLeft.set(service, new Set([...(presenceLeft.get(service) ?? []), ...members]));
}

export class ConstraintCompiler {
  readonly #spelling: PathSpelling;
  /** Lists report their items' limits as one constraint of the list, as the shared texts do. */
  readonly #itemsTogether: boolean;
  /** An empty text is as good as none. */
  readonly #emptyIsMissing: boolean;
  readonly #structures = new WeakMap<StructureShape, Check>();

  constructor(spelling: PathSpelling, itemsTogether: boolean, emptyIsMissing = false) {
    this.#spelling = spelling;
    this.#itemsTogether = itemsTogether;
    this.#emptyIsMissing = emptyIsMissing;
  }

  violations(service: string, shape: StructureShape, input: Structure): Violation[] {
    const found: Violation[] = [];
    this.#structure(service, shape)(input, '', found);
    return found;
  }

  #structure(service: string, shape: StructureShape): Check {
    let check = this.#structures.get(shape);
    if (!check) {
      check = this.#compileStructure(service, shape);
      this.#structures.set(shape, check);
    }
    return check;
  }

  #compileStructure(service: string, shape: StructureShape): Check {
    const required = [...shape.members.values()].filter((member) => member.required && presenceLeft.get(service)?.has(`${shape.name}.${member.name}`) !== true);
    const checks = new Map<string, Check>();
    const checkOf = (member: Member): Check => {
      const left = enumsLeft.get(service);
      const enumLeft = left?.has(member.name) === true || left?.has(`${shape.name}.${member.name}`) === true;
      return this.#value(service, member.target, enumLeft, member.sensitive === true);
    };
    return (value, path, found) => {
      const structure = value as Structure;
      for (const member of required) {
        const given = structure[member.name];
        if (given === undefined || (this.#emptyIsMissing && given === '')) found.push({ kind: 'missing', path: this.#spelling.member(path, member) });
      }
      for (const name of Object.keys(structure)) {
        const member = shape.members.get(name);
        const memberValue = structure[name];
        if (!member || memberValue === undefined || memberValue === null || found.length >= violationsMax) continue;
        let check = checks.get(name);
        if (!check) checks.set(name, (check = checkOf(member)));
        if (check !== nothing) check(memberValue, this.#spelling.member(path, member), found);
      }
    };
  }

  #value(service: string, shape: Shape, enumLeft: boolean, sensitive: boolean): Check {
    switch (shape.type) {
      case 'structure':
      case 'union':
        return this.#structure(service, shape);
      case 'list':
        return this.#list(service, shape, enumLeft);
      case 'map':
        return this.#map(service, shape, enumLeft);
      default:
        return scalarCheck(shape, enumLeft, sensitive);
    }
  }

  #list(service: string, list: Shape & { type: 'list' }, enumLeft: boolean): Check {
    const { target } = list.member;
    const item = this.#value(service, target, enumLeft, list.member.sensitive === true);
    const length = lengthCheck(list.limits, (value) => (value as Json[]).length);
    const together = this.#itemsTogether && !('member' in target) && !('members' in target) && !('key' in target);
    return (value, path, found) => {
      length?.(value, path, found);
      if (item === nothing) return;
      if (together) {
        const ofItems: Violation[] = [];
        for (const entry of value as Json[]) item(entry, path, ofItems);
        if (ofItems.length > 0) found.push({ kind: 'items', path, value: javaText(value), limits: target.limits });
        return;
      }
      (value as Json[]).forEach((entry, index) => found.length < violationsMax && item(entry, this.#spelling.item(path, index + 1), found));
    };
  }

  #map(service: string, map: Shape & { type: 'map' }, enumLeft: boolean): Check {
    const key = this.#value(service, map.key.target, enumLeft, false);
    const item = this.#value(service, map.value.target, enumLeft, map.value.sensitive === true);
    const length = lengthCheck(map.limits, (value) => Object.keys(value as Structure).length);
    return (value, path, found) => {
      length?.(value, path, found);
      for (const [name, entry] of Object.entries(value as Structure)) {
        if (found.length >= violationsMax || entry === undefined || entry === null) continue;
        key(name, path, found);
        item(entry, this.#spelling.entry(path, name), found);
      }
    };
  }
}

/** The check of a value that nothing limits, compared by identity to skip the work around it. */
const nothing: Check = () => {};

function scalarCheck(shape: Shape, enumLeft: boolean, sensitive: boolean): Check {
  const { limits, type } = shape;
  const text = (value: Json): string => (sensitive ? '***' : String(value));
  const checks: Check[] = [];
  const allowed = limits.enum;
  if (allowed && !enumLeft) {
    const known = new Set(allowed);
    checks.push((value, path, found) => {
      if (!known.has(value as string)) found.push({ kind: 'enum', path, value: text(value), allowed });
    });
  }
  const numeric = type === 'integer' || type === 'long' || type === 'float' || type === 'double';
  const range = numeric
    ? rangeCheck(limits)
    : lengthCheck(limits, type === 'blob' ? (value) => decodedLength(value as string) : (value) => codePoints(value as string), text);
  if (range && (numeric || type === 'string' || type === 'blob')) checks.push(range);
  const pattern = type === 'string' && limits.pattern !== undefined ? patternOf(limits.pattern) : undefined;
  if (pattern && limits.pattern !== undefined) {
    const source = limits.pattern;
    checks.push((value, path, found) => {
      // AWS reports both: https://github.com/ansible-collections/amazon.aws/blob/main/tests/integration/targets/sts_assume_role/tasks/main.yml
      // has it of 18 characters where 6 are allowed. A text far too long may cost a pattern dearly.
      const tooLong = limits.max !== undefined && (value as string).length > Math.max(2 * limits.max, patternCharactersMax);
      if (!tooLong && !pattern.test(value as string)) found.push({ kind: 'pattern', path, value: text(value), pattern: source });
    });
  }
  if (checks.length === 0) return nothing;
  return checks.length === 1 ? checks[0] : (value, path, found) => checks.forEach((check) => check(value, path, found));
}

function lengthCheck({ min, max }: Limits, lengthOf: (value: Json) => number, text: (value: Json) => string = javaText): Check | undefined {
  if (min === undefined && max === undefined) return undefined;
  return (value, path, found) => {
    const length = lengthOf(value);
    if (max !== undefined && length > max) found.push({ kind: 'length', path, value: text(value), max });
    else if (min !== undefined && length < min) found.push({ kind: 'length', path, value: text(value), min });
  };
}

function rangeCheck({ min, max }: Limits): Check | undefined {
  if (min === undefined && max === undefined) return undefined;
  return (value, path, found) => {
    if (max !== undefined && (value as number) > max) found.push({ kind: 'range', path, value: String(value), max });
    else if (min !== undefined && (value as number) < min) found.push({ kind: 'range', path, value: String(value), min });
  };
}

/** The whole value must match; a pattern that only Java understands is not checked. */
export function patternOf(source: string): RegExp | undefined {
  // Without the flag \p{L} would mean the letter p, and refuse what AWS accepts.
  for (const flags of source.includes('\\p{') ? ['u'] : ['u', '']) {
    try {
      return new RegExp(`^(?:${source})$`, flags);
    } catch {
      // Not valid with these flags: try the next.
    }
  }
  return undefined;
}

function codePoints(text: string): number {
  let length = text.length;
  for (let index = 0; index < text.length - 1; index++) {
    const unit = text.charCodeAt(index);
    if (unit >= 0xd800 && unit < 0xdc00) length--;
  }
  return length;
}

const decodedLength = (base64: string): number => Math.floor((base64.replace(/=+$/, '').length * 3) / 4);

/** A value as Java prints it, which is how AWS's messages quote lists and structures: [a, b], {k=v}. */
export function javaText(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${value.map(javaText).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `{${Object.entries(value).map(([key, entry]) => `${key}=${javaText(entry)}`).join(', ')}}`;
}
