/**
 * Documents with parameters: `@{name}` stands for a value, `"@Enabled": "name"` keeps a statement or leaves it out.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/temporary-delegation-policy-templates.html
 */
export type Values = Readonly<Record<string, readonly string[]>>;

type Node = string | number | boolean | null | readonly Node[] | { readonly [key: string]: Node };

const PLACEHOLDER = /@\{([^{}]+)\}/g;
const ENABLED = '@Enabled';

/** Every parameter that a text mentions. */
export const placeholdersOf = (text: string): string[] => [...new Set([...text.matchAll(PLACEHOLDER)].map((match) => match[1]!))];

const isObject = (node: Node | undefined): node is { readonly [key: string]: Node } => typeof node === 'object' && node !== null && !Array.isArray(node);

/** Parameters whose value alone is asked for: whether it is "True". */
export function switchesOf(text: string): string[] {
  const found = new Set<string>();
  const visit = (node: Node): void => {
    if (Array.isArray(node)) node.forEach(visit);
    else if (isObject(node)) for (const [key, value] of Object.entries(node)) key === ENABLED ? found.add(String(value).replace(/^!/, '')) : visit(value);
  };
  visit(JSON.parse(text) as Node);
  return [...found];
}

/** Every combination of the values of what a text mentions; the text itself where it mentions nothing. */
export function combinations(text: string, values: Values): string[] {
  return placeholdersOf(text).reduce<string[]>((texts, name) => texts.flatMap((one) => (values[name] ?? []).map((value) => one.replaceAll(`@{${name}}`, value))), [text]);
}

/** A document with its parameters replaced: statements that are switched off are gone, and a text of several values is a list. */
export function rendered(text: string, values: Values): string {
  const visit = (node: Node): Node => {
    if (typeof node === 'string') {
      const all = combinations(node, values);
      return all.length === 1 ? all[0]! : all;
    }
    if (Array.isArray(node)) return node.filter((item: Node) => !isObject(item) || isOn(item, values)).flatMap((item: Node) => (typeof item === 'string' ? combinations(item, values) : [visit(item)]));
    if (isObject(node)) return Object.fromEntries(Object.entries(node).filter(([key]) => key !== ENABLED).map(([key, value]) => [combinations(key, values)[0] ?? key, visit(value)]));
    return node;
  };
  return JSON.stringify(visit(JSON.parse(text) as Node));
}

function isOn(statement: { readonly [key: string]: Node }, values: Values): boolean {
  if (statement[ENABLED] === undefined) return true;
  const name = String(statement[ENABLED]);
  const on = values[name.replace(/^!/, '')]?.[0] === 'True';
  return name.startsWith('!') ? !on : on;
}

/** What stands in the way of rendering: the first parameter without a value that the document cannot do without. */
export function missingValue(text: string, values: Values): string | undefined {
  const kept = JSON.parse(text) as { Statement?: Node };
  const statements = (Array.isArray(kept.Statement) ? kept.Statement : [kept.Statement ?? {}]) as Node[];
  const needed = statements.filter((statement) => !isObject(statement) || isOn(statement, values)).flatMap((statement) => placeholdersOf(JSON.stringify(statement)));
  return needed.find((name) => values[name] === undefined);
}
