import { arnMatches, glob, Pattern, type Resolve } from './patterns.ts';

/**
 * Condition blocks. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 * and, for keys with several values, https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */

/** The condition keys of a request. Names are in lower case. */
export interface RequestContext {
  /** Undefined where the request has no such key. */
  values(key: string): readonly string[] | undefined;
}

export interface Condition {
  /** As the policy spells them, for traces. */
  readonly operator: string;
  readonly key: string;
  readonly expected: readonly string[];
  /** Lower case. */
  readonly name: string;
  holds(context: RequestContext, resolve: Resolve): boolean;
}

type Compare = (given: string, expected: string) => boolean;

interface Operator {
  readonly compare: Compare;
  /** Whether `*` and `?` in the policy's values have their meaning. */
  readonly wildcards?: true;
  readonly variables?: true;
}

const number = (text: string): number => (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text.trim()) ? Number(text) : NaN);

/** ISO 8601 as https://www.w3.org/TR/NOTE-datetime has it, or seconds since 1970. */
function date(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const [whole, time, zone] = /^\d{4}-\d{2}(?:-\d{2}(T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?)?$/.exec(text) ?? [];
  // assumed: a time without a zone is in UTC.
  return whole === undefined ? NaN : Date.parse(time !== undefined && zone === undefined ? `${whole}Z` : whole);
}

const ordered = (read: (text: string) => number, holds: (given: number, expected: number) => boolean): Operator => ({
  compare: (given, expected) => {
    const [a, b] = [read(given), read(expected)];
    return !Number.isNaN(a) && !Number.isNaN(b) && holds(a, b);
  },
});

const lower = (compare: Compare): Compare => (given, expected) => compare(given.toLowerCase(), expected.toLowerCase());
const equal: Compare = (given, expected) => given === expected;
const like: Compare = (given, expected) => glob(expected, given);
const arn: Operator = { wildcards: true, variables: true, compare: (given, expected) => arnMatches(expected, given) };

/** The positive operators; `Not` turns one round. */
const OPERATORS: Readonly<Record<string, Operator>> = {
  stringequals: { variables: true, compare: equal },
  stringequalsignorecase: { variables: true, compare: lower(equal) },
  stringlike: { wildcards: true, variables: true, compare: like },
  numericequals: ordered(number, (a, b) => a === b),
  numericlessthan: ordered(number, (a, b) => a < b),
  numericlessthanequals: ordered(number, (a, b) => a <= b),
  numericgreaterthan: ordered(number, (a, b) => a > b),
  numericgreaterthanequals: ordered(number, (a, b) => a >= b),
  dateequals: ordered(date, (a, b) => a === b),
  datelessthan: ordered(date, (a, b) => a < b),
  datelessthanequals: ordered(date, (a, b) => a <= b),
  dategreaterthan: ordered(date, (a, b) => a > b),
  dategreaterthanequals: ordered(date, (a, b) => a >= b),
  bool: { variables: true, compare: lower(equal) },
  binaryequals: { compare: (given, expected) => Buffer.from(given, 'base64').equals(Buffer.from(expected, 'base64')) },
  ipaddress: { compare: (given, expected) => inRange(given, expected) },
  arnequals: arn,
  arnlike: arn,
};

const SPELLING = /^(forallvalues:|foranyvalue:)?(.+?)(ifexists)?$/;

/** One condition for each operator and key; undefined operators throw, since no valid document has one. */
export function compileConditions(block: unknown, variables: boolean): Condition[] {
  const out: Condition[] = [];
  for (const [operator, keys] of Object.entries((block ?? {}) as Record<string, Record<string, unknown>>)) {
    for (const [key, values] of Object.entries(keys)) out.push(compile(operator, key, (Array.isArray(values) ? values : [values]).map(String), variables));
  }
  return out;
}

function compile(operator: string, key: string, expected: readonly string[], variables: boolean): Condition {
  const [, quantifier, base, ifExists] = SPELLING.exec(operator.toLowerCase())!;
  const name = key.toLowerCase();
  const shown = { operator, key, expected, name };
  if (base === 'null') return { ...shown, holds: (context) => expected.some((e) => (e.toLowerCase() === 'true') === ((context.values(name)?.length ?? 0) === 0)) };
  const { positive, negated } = sign(base!);
  const known = OPERATORS[positive];
  if (!known) throw new Error(`there is no condition operator ${operator}`);
  const patterns = expected.map((text) => Pattern.parse(text, { wildcards: known.wildcards === true, variables: variables && known.variables === true }));
  const any = (given: string, resolve: Resolve) => patterns.some((pattern) => {
    const resolved = pattern.resolved(resolve);
    return resolved !== undefined && known.compare(given, resolved);
  });
  const one = (given: string, resolve: Resolve) => any(given, resolve) !== negated;
  return {
    ...shown,
    holds: (context, resolve) => {
      const given = context.values(name);
      // A set of nothing but empty strings is an empty set.
      const empty = given === undefined || (quantifier === undefined ? given.length === 0 : given.every((value) => value === ''));
      if (quantifier === 'forallvalues:') return empty || given.every((value) => one(value, resolve));
      if (empty) return ifExists !== undefined || (negated && quantifier === undefined);
      if (quantifier === 'foranyvalue:') return given.some((value) => one(value, resolve));
      // assumed: a key with several values and no set operator holds where one of them does, and its negation where none does.
      return given.some((value) => any(value, resolve)) !== negated;
    },
  };
}

/** 'stringnotlike' is 'stringlike', negated; 'notipaddress' puts the word first. */
function sign(base: string): { positive: string; negated: boolean } {
  const positive = base.replace(/^not(?=ipaddress$)|(?<=^(?:string|numeric|date|arn))not/, '');
  return { positive, negated: positive !== base };
}

// ---- addresses ----

interface Address {
  readonly bits: number;
  readonly value: bigint;
}

function address(text: string): Address | undefined {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) {
    const parts = text.split('.').map(Number);
    return parts.every((part) => part <= 255) ? { bits: 32, value: parts.reduce((all, part) => (all << 8n) | BigInt(part), 0n) } : undefined;
  }
  const halves = text.split('::');
  if (halves.length > 2 || !/^[0-9a-fA-F:]+$/.test(text)) return undefined;
  const [head, tail] = halves.map((half) => (half ? half.split(':') : [])) as [string[], string[] | undefined];
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array<string>(missing).fill('0'), ...(tail ?? [])];
  return groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group)) ? { bits: 128, value: groups.reduce((all, group) => (all << 16n) | BigInt(`0x${group}`), 0n) } : undefined;
}

function inRange(text: string, range: string): boolean {
  const [, base, length] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(range) ?? [];
  const given = address(text);
  const network = address(base ?? '');
  if (!given || !network || given.bits !== network.bits) return false;
  const prefix = length === undefined ? network.bits : Number(length);
  if (prefix > network.bits) return false;
  const shift = BigInt(network.bits - prefix);
  return given.value >> shift === network.value >> shift;
}
