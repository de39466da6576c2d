/**
 * The words in which awsQuery, awsJson and rpcv2Cbor services report violations, all of one request in one message:
 * "1 validation error detected: Value 'x' at 'roleName' failed to satisfy constraint: Member must have length less than or equal
 * to 64" (seen in https://github.com/NixOS/nixops/issues/328). EC2 has words of its own.
 */
import type { Limits, Member, Violation } from './types.ts';
import type { PathSpelling } from './validation.ts';

const lowerFirst = (name: string): string => name[0].toLowerCase() + name.slice(1);
const join = (path: string, step: string): string => (path === '' ? step : `${path}.${step}`);

// assumed: 'tags.1.member.key' for items, and the like for a map's entries; the small first letter is what AWS's answers show.
export const lowerCamelPaths: PathSpelling = {
  member: (path: string, member: Member) => join(path, lowerFirst(member.name)),
  item: (path, number) => `${path}.${number}.member`,
  entry: (path, key) => `${path}.${key}.member`,
};

export function constraintMessage(violations: readonly Violation[]): string {
  const count = violations.length;
  return `${count} validation error${count === 1 ? '' : 's'} detected: ${violations.map(sentence).join('; ')}`;
}

function sentence(violation: Violation): string {
  const value = violation.kind === 'missing' || violation.kind === 'unknown' ? 'Value null' : quoted(violation.value);
  return `${value} at '${violation.path}' failed to satisfy constraint: ${constraint(violation)}`;
}

/** A sensitive value is left out: "Value at 'password' failed ...". */
const quoted = (value: string): string => (value === '***' ? 'Value' : `Value '${value}'`);

function constraint(violation: Violation): string {
  switch (violation.kind) {
    case 'missing':
    case 'unknown':
      return 'Member must not be null';
    case 'type':
      return `Member must be of type ${violation.expected}`;
    case 'enum':
      return enumText(violation.allowed);
    case 'pattern':
      return patternText(violation.pattern);
    case 'items':
      return itemsText(violation.limits);
    default:
      return boundText(violation.kind === 'length' ? 'length' : 'value', violation);
  }
}

const enumText = (allowed: readonly string[]): string => `Member must satisfy enum value set: [${allowed.join(', ')}]`;
const patternText = (pattern: string): string => `Member must satisfy regular expression pattern: ${pattern}`;
const boundText = (what: 'length' | 'value', { min, max }: { min?: number; max?: number }): string =>
  max !== undefined ? `Member must have ${what} less than or equal to ${max}` : `Member must have ${what} greater than or equal to ${min}`;

/**
 * What every item must satisfy, all of it, whichever part an item breaks: "Member must satisfy constraint: [Member must satisfy enum
 * value set: [x86_64, arm64], Member must not be null]" (quoted in https://github.com/localstack/localstack/pull/7675).
 */
function itemsText({ enum: allowed, min, max, pattern }: Limits): string {
  const parts: string[] = [];
  if (max !== undefined) parts.push(boundText('length', { max }));
  if (min !== undefined) parts.push(boundText('length', { min }));
  if (pattern !== undefined) parts.push(patternText(pattern));
  if (allowed) parts.push(enumText(allowed));
  return `Member must satisfy constraint: [${[...parts, 'Member must not be null'].join(', ')}]`;
}
