import { invalidPolicy } from './errors.ts';

/**
 * Whether a text is made as Cedar policies are: `permit(principal, action, resource) when { … };`, one or several. What
 * the conditions ask is not looked into, apart from its brackets and strings.
 * https://docs.aws.amazon.com/verified-access/latest/ug/auth-policies-policy-statement-struct.html
 */
export function checkCedar(text: string): string {
  const tokens = tokensOf(text);
  if (tokens.length === 0) throw invalidPolicy('it holds no policy');
  let at = 0;
  while (at < tokens.length) at = policyFrom(tokens, at);
  return text;
}

const TOKEN = /\s+|\/\/[^\n]*|("(?:[^"\\\n]|\\.)*"|[A-Za-z_][A-Za-z0-9_]*|\d+|::|==|!=|<=|>=|&&|\|\||[-+*<>!?.,;:=@()[\]{}])/y;

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  const pattern = new RegExp(TOKEN);
  while (pattern.lastIndex < text.length) {
    const from = pattern.lastIndex;
    const found = pattern.exec(text);
    if (!found) throw invalidPolicy(`unexpected input at position ${from}`);
    if (found[1] !== undefined) tokens.push(found[1]);
  }
  return tokens;
}

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** The place behind the bracket that closes the one at `from`. */
function behindBracket(tokens: readonly string[], from: number): number {
  const open: string[] = [];
  for (let at = from; at < tokens.length; at++) {
    const token = tokens[at]!;
    if (CLOSING[token]) open.push(CLOSING[token]);
    else if (/^[)\]}]$/.test(token) && open.pop() !== token) throw invalidPolicy(`unexpected '${token}'`);
    if (open.length === 0) return at + 1;
  }
  throw invalidPolicy(`expected '${open.at(-1)}' before the end`);
}

function expected(tokens: readonly string[], at: number, wanted: readonly string[]): string {
  const token = tokens[at];
  if (token === undefined || !wanted.includes(token)) throw invalidPolicy(`expected ${wanted.map((w) => `'${w}'`).join(' or ')}, found ${token === undefined ? 'the end' : `'${token}'`}`);
  return token;
}

/** `(principal …, action …, resource …)`: each part once, in this order. */
function checkScope(inner: readonly string[]): void {
  const parts: string[][] = [[]];
  let depth = 0;
  for (const token of inner) {
    if (CLOSING[token]) depth++;
    if (/^[)\]}]$/.test(token)) depth--;
    if (token === ',' && depth === 0) parts.push([]);
    else parts.at(-1)!.push(token);
  }
  const names = ['principal', 'action', 'resource'];
  if (parts.length !== names.length) throw invalidPolicy('the scope must name principal, action and resource');
  for (const [i, part] of parts.entries()) {
    expected(part, 0, [names[i]!]);
    if (part.length > 1) expected(part, 1, ['==', 'in', 'is']);
    if (part.length === 2) throw invalidPolicy(`expected an entity after '${part[1]}'`);
  }
}

/** Reads one policy; answers where the next one begins. */
function policyFrom(tokens: readonly string[], start: number): number {
  let at = start;
  while (tokens[at] === '@') {
    expected(tokens, at + 2, ['(']);
    at = behindBracket(tokens, at + 2);
  }
  expected(tokens, at, ['permit', 'forbid']);
  expected(tokens, at + 1, ['(']);
  const behindScope = behindBracket(tokens, at + 1);
  checkScope(tokens.slice(at + 2, behindScope - 1));
  at = behindScope;
  while (expected(tokens, at, ['when', 'unless', ';']) !== ';') {
    expected(tokens, at + 1, ['{']);
    const behind = behindBracket(tokens, at + 1);
    if (behind === at + 3) throw invalidPolicy(`the condition of '${tokens[at]}' is empty`);
    at = behind;
  }
  return at + 1;
}
