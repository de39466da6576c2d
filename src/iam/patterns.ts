/**
 * Text with `*`, `?` and policy variables. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 * Compiled once for each policy; matching never backtracks further than the last star.
 */

/** What stands for the wildcards once variables are in their place; a value that a variable brings is never a wildcard. */
const STAR = '\uE000';
const ONE = '\uE001';
const RESERVED = /[\uE000\uE001]/g;

interface Variable {
  /** Lower case. */
  readonly key: string;
  readonly fallback: string | undefined;
}

/** The value of a condition key of this request, where it has one alone. */
export type Resolve = (key: string) => string | undefined;

export class Pattern {
  private readonly parts: readonly (string | Variable)[];
  /** The whole, where no variable is in it. */
  private readonly fixed: string | undefined;
  private readonly wild: boolean;

  private constructor(parts: (string | Variable)[]) {
    this.parts = parts;
    this.fixed = parts.every((part) => typeof part === 'string') ? parts.join('') : undefined;
    this.wild = parts.some((part) => typeof part === 'string' && /[\uE000\uE001]/.test(part));
  }

  /** `wildcards` says whether `*` and `?` have their meaning, `variables` whether `${…}` has. */
  static parse(text: string, { wildcards, variables }: { wildcards: boolean; variables: boolean }): Pattern {
    const literal = (piece: string) => {
      const clean = piece.replace(RESERVED, '\uFFFD');
      return wildcards ? clean.replaceAll('*', STAR).replaceAll('?', ONE) : clean;
    };
    if (!variables || !text.includes('${')) return new Pattern([literal(text)]);
    const parts: (string | Variable)[] = [];
    let from = 0;
    for (const match of text.matchAll(/\$\{([^{}]*)\}/g)) {
      parts.push(literal(text.slice(from, match.index)));
      parts.push(variable(match[1]!));
      from = match.index + match[0].length;
    }
    parts.push(literal(text.slice(from)));
    return new Pattern(parts);
  }

  /** The pattern of this request; undefined where a variable has no value and no default. */
  resolved(resolve: Resolve): string | undefined {
    if (this.fixed !== undefined) return this.fixed;
    let out = '';
    for (const part of this.parts) {
      const text = typeof part === 'string' ? part : (resolve(part.key)?.replace(RESERVED, '\uFFFD') ?? part.fallback);
      if (text === undefined) return undefined;
      out += text;
    }
    return out;
  }

  matches(text: string, resolve: Resolve): boolean {
    const pattern = this.resolved(resolve);
    return pattern !== undefined && (this.wild ? glob(pattern, text) : pattern === text);
  }
}

/** `${*}`, `${?}` and `${$}` are the characters themselves; `${key, 'default'}` has a default. */
function variable(inside: string): string | Variable {
  if (inside === '*' || inside === '?' || inside === '$') return inside;
  const withDefault = /^\s*([^,]+?)\s*,\s*'([^']*)'\s*$/.exec(inside);
  return withDefault ? { key: withDefault[1]!.toLowerCase(), fallback: withDefault[2]! } : { key: inside.trim().toLowerCase(), fallback: undefined };
}

/** Greedy, with one place to go back to: the work is at most the product of the lengths. */
export function glob(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let mark = 0;
  while (t < text.length) {
    const c = pattern[p];
    if (c === STAR) {
      star = p++;
      mark = t;
    } else if (c !== undefined && (c === ONE || c === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++mark;
    } else return false;
  }
  while (pattern[p] === STAR) p++;
  return p === pattern.length;
}

const ARN_PARTS = 6;

/** The six parts of an ARN; the last one may hold colons. */
function arnParts(arn: string): string[] | undefined {
  const parts = arn.split(':');
  if (parts.length < ARN_PARTS) return undefined;
  return [...parts.slice(0, ARN_PARTS - 1), parts.slice(ARN_PARTS - 1).join(':')];
}

/**
 * Part by part: a wildcard does not reach over the colons between them.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
export function arnMatches(pattern: string, arn: string): boolean {
  if (pattern === STAR) return true;
  const wanted = arnParts(pattern);
  // "arn:aws:ec2:*": what is left out is whatever it may be.
  if (!wanted) return pattern.endsWith(STAR) && glob(pattern, arn);
  const given = arnParts(arn);
  return given !== undefined && wanted.every((part, i) => glob(part, given[i]!));
}

/**
 * What the Resource element means: part by part as above, but a star that ends a part may reach over the colons behind it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html#reference_policies_elements_resource_wildcards
 */
export function resourceMatches(pattern: string, arn: string): boolean {
  if (pattern === STAR) return true;
  const wanted = arnParts(pattern) ?? pattern.split(':');
  const last = wanted.pop()!;
  const given = arn.split(':');
  /** Where in `given` the next part of the pattern may begin. */
  let starts = [0];
  for (const part of wanted) {
    const matched = starts.filter((i) => i < given.length && glob(part, given[i]!));
    if (matched.length === 0) return false;
    starts = part.endsWith(STAR) ? given.map((_, i) => i).slice(matched[0]! + 1) : matched.map((i) => i + 1);
  }
  return starts.some((i) => i < given.length && glob(last, given.slice(i).join(':')));
}
