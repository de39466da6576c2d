/**
 * Whether a text has the form of Cedar policies: what is said of whom, of what and of when, with brackets that fit. What
 * the conditions compare is not looked at. https://docs.cedarpolicy.com/policies/syntax-policy.html
 */
export function isCedar(text: string): boolean {
  const tokens = tokensOf(text);
  if (!tokens || tokens.length === 0) return false;
  let at = 0;
  while (at < tokens.length) {
    const end = policyFrom(tokens, at);
    if (end === undefined) return false;
    at = end;
  }
  return true;
}

const TOKEN = /\s+|\/\/[^\n]*|("(?:[^"\\]|\\.)*"|[A-Za-z_][A-Za-z0-9_]*|\d+|::|&&|\|\||==|!=|<=|>=|[-+*<>!@(){}[\],;.:?=])/y;

/** Undefined where something is no token. */
function tokensOf(text: string): string[] | undefined {
  const out: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (!match) return undefined;
    if (match[1] !== undefined) out.push(match[1]);
  }
  return out;
}

const PAIRS: Readonly<Record<string, string>> = { '(': ')', '{': '}', '[': ']' };
const CLOSING = new Set(Object.values(PAIRS));

/** Where the bracket that opens at `at` closes. */
function closingOf(tokens: readonly string[], at: number): number | undefined {
  const open: string[] = [];
  for (let i = at; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (PAIRS[token] !== undefined) open.push(PAIRS[token]);
    else if (CLOSING.has(token) && open.pop() !== token) return undefined;
    if (open.length === 0) return i;
  }
  return undefined;
}

/** Of whom, what and on what a policy speaks: `principal, action, resource`, each maybe narrowed. */
function isScope(tokens: readonly string[]): boolean {
  const parts: string[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (PAIRS[token] !== undefined) depth++;
    if (CLOSING.has(token)) depth--;
    if (token === ',' && depth === 0) parts.push([]);
    else parts.at(-1)!.push(token);
  }
  return parts.length === 3 && ['principal', 'action', 'resource'].every((name, i) => parts[i]![0] === name && (parts[i]!.length === 1 || (parts[i]!.length > 2 && ['==', 'in', 'is'].includes(parts[i]![1]!))));
}

/** The end of the policy that begins at `start`. */
function policyFrom(tokens: readonly string[], start: number): number | undefined {
  let at = start;
  // Annotations come first: @id("…").
  while (tokens[at] === '@') {
    const end = tokens[at + 2] === '(' ? closingOf(tokens, at + 2) : at + 1;
    if (end === undefined || !/^\w+$/.test(tokens[at + 1] ?? '')) return undefined;
    at = end + 1;
  }
  if (!['permit', 'forbid'].includes(tokens[at] ?? '') || tokens[at + 1] !== '(') return undefined;
  const end = closingOf(tokens, at + 1);
  if (end === undefined || !isScope(tokens.slice(at + 2, end))) return undefined;
  at = end + 1;
  while (tokens[at] === 'when' || tokens[at] === 'unless') {
    const close = tokens[at + 1] === '{' ? closingOf(tokens, at + 1) : undefined;
    if (close === undefined || close === at + 2) return undefined;
    at = close + 1;
  }
  return tokens[at] === ';' ? at + 1 : undefined;
}
