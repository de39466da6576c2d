/** Where the statements of a policy stand in its text, as the simulator answers it: lines and columns from 1. */
export interface Position {
  readonly Line: number;
  readonly Column: number;
}

export interface Span {
  readonly start: Position;
  readonly end: Position;
}

/** In the order of the statements; `text` is valid JSON. */
export function statementPositions(text: string): Span[] {
  const spans: Span[] = [];
  const opened: number[] = [];
  let inStatements = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '"') {
      const end = endOfString(text, i);
      // A member of the document itself, not of a statement.
      if (opened.length === 1 && text.slice(i + 1, end) === 'Statement') inStatements = true;
      else if (opened.length === 1 && /^\s*:/.test(text.slice(end + 1))) inStatements = false;
      i = end;
    } else if (c === '{' || c === '[') opened.push(i);
    else if (c === '}' || c === ']') {
      const start = opened.pop()!;
      const depth = opened.length;
      const inList = depth === 2 && text[opened[1]!] === '[';
      if (inStatements && c === '}' && (depth === 1 || inList)) spans.push({ start: positionOf(text, start), end: positionOf(text, i + 1) });
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
