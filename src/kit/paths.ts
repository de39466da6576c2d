/** Member paths over documents: 'Attachments.InstanceId' walks into lists and gives every value that it meets. */

export type Getter = (document: object) => unknown[];

const compiled = new Map<string, Getter>();

export function getter(path: string): Getter {
  let found = compiled.get(path);
  if (!found) compiled.set(path, (found = compile(path.split('.'))));
  return found;
}

function compile(parts: readonly string[]): Getter {
  return (document) => {
    const values: unknown[] = [];
    eachValue(document, parts, 0, (value) => values.push(value));
    return values;
  };
}

/** Calls `take` with every value at a path, which begins at `parts[at]`. */
export function eachValue(from: unknown, parts: readonly string[], at: number, take: (value: unknown) => void): void {
  let value = from;
  for (let i = at; i < parts.length; i++) {
    if (Array.isArray(value)) {
      for (const one of value) eachValue(one, parts, i, take);
      return;
    }
    if (value === undefined || value === null) return;
    value = (value as Record<string, unknown>)[parts[i]!];
  }
  if (Array.isArray(value)) value.forEach(take);
  else if (value !== undefined && value !== null) take(value);
}

/** Sets one scalar at a path without lists. */
export function setAt(document: object, path: string, value: unknown): void {
  const parts = path.split('.');
  let at = document as Record<string, unknown>;
  for (const part of parts.slice(0, -1)) at = (at[part] ??= {}) as Record<string, unknown>;
  at[parts.at(-1)!] = value;
}

/**
 * Takes every mention of `value` at `path` out of a document: a list element of scalars or of structures goes whole, a
 * scalar member is deleted.
 */
export function release(document: object, path: string, value: string): void {
  const [head, ...rest] = path.split('.');
  const holder = document as Record<string, unknown>;
  const member = holder[head!];
  if (Array.isArray(member)) {
    holder[head!] = member.filter((item) => (rest.length === 0 ? item !== value : !getter(rest.join('.'))(item as object).includes(value)));
  } else if (rest.length > 0) {
    if (member && typeof member === 'object') release(member, rest.join('.'), value);
  } else if (member === value) {
    delete holder[head!];
  }
}
