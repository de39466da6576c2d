/** Where the statements of a policy stand in its text, as the simulator answers it: lines and columns from 1. */
export interface Position {
  readonly Line: number;
  readonly Column: number;
}

export interface Span {
  readonly start: Position;
  readonly end: Position;
}

/**
 * In the order of the statements; `text` is valid JSON. A statement starts behind the bracket that opens `Statement`:
 * a lone one behind its own, the first of a list behind the list's. https://docs.aws.amazon.com/cli/latest/reference/iam/simulate-custom-policy.html#examples,
 * https://docs.aws.amazon.com/cli/latest/reference/iam/simulate-principal-policy.html#examples
 * assumed: every further one of a list starts where the one before it ends.
 */
export function statementPositions(text: string): Span[] {
  const spans: Span[] = [];
  const opened: number[] = [];
  let inStatements = false;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '"') {
      const end = endOfString(text, i);
      // A member of the document itself, not of a statement.
      if (opened.length === 1 && text.slice(i + 1, end) === 'Statement') inStatements = true;
      else if (opened.length === 1 && /^\s*:/.test(text.slice(end + 1))) inStatements = false;
      i = end;
    } else if (c === '{' || c === '[') {
      if (opened.push(i) === 2) start = i + 1;
    } else if (c === '}' || c === ']') {
      opened.pop();
      const depth = opened.length;
      const inList = depth === 2 && text[opened[1]!] === '[';
      if (!inStatements || c !== '}' || (depth !== 1 && !inList)) continue;
      spans.push({ start: positionOf(text, start), end: positionOf(text, i + 1) });
      start = i + 1;
    }
  }
  return spans;
}

function endOfString(text: string, start: number): number {
  let i = start + 1;
  while (text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
  return i;
}

function positionOf(text: string, at: number): Position {
  const before = text.slice(0, at).split('\n');
  return { Line: before.length, Column: before.at(-1)!.length + 1 };
}
