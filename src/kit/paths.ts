/** Member paths over documents: 'Attachments.InstanceId' walks into lists and gives every value that it meets. */

export type Getter = (document: object) => unknown[];

const compiled = new Map<string, Getter>();

export function getter(path: string): Getter {
  let found = compiled.get(path);
  if (!found) compiled.set(path, (found = compile(path.split('.'))));
  return found;
}

function compile(parts: string[]): Getter {
  if (parts.length === 1) {
    const only = parts[0]!;
    return (document) => flat((document as Record<string, unknown>)[only]);
  }
  return (document) => {
    let level: unknown[] = [document];
    for (const part of parts) {
      const next: unknown[] = [];
      for (const value of level) {
        const member = (value as Record<string, unknown>)[part];
        if (Array.isArray(member)) next.push(...member);
        else if (member !== undefined && member !== null) next.push(member);
      }
      level = next;
    }
    return level;
  };
}

const flat = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]);

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
