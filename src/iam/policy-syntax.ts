import { AwsError } from '../../protocols/types.ts';

/** What all policies are made of. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
export type Node = { [member: string]: unknown };

const STATEMENT_MEMBERS = ['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'];

export const malformed = (message: string): AwsError => new AwsError('MalformedPolicyDocument', message);
export const syntaxError = (): AwsError => malformed('Syntax errors in policy.');

export const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);
export const listed = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

/** A document and its statements, one at least, with no members but those of the grammar. */
export function parsed(text: string, notJson: string): { document: Node; statements: Node[] } {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw malformed(notJson);
  }
  if (!isNode(document) || !Object.keys(document).every((m) => ['Version', 'Id', 'Statement'].includes(m))) throw syntaxError();
  const statements = listed(document.Statement);
  if (document.Statement === undefined || statements.length === 0) throw syntaxError();
  for (const statement of statements) if (!isNode(statement) || !Object.keys(statement).every((m) => STATEMENT_MEMBERS.includes(m))) throw syntaxError();
  return { document, statements: statements as Node[] };
}

/** The one of two members that is there. */
export function one(statement: Node, ...members: [string, string]): unknown {
  const given = members.filter((m) => statement[m] !== undefined);
  if (given.length > 1) throw syntaxError();
  return given.length === 0 ? undefined : statement[given[0]!];
}

export function texts(value: unknown): string[] {
  const all = listed(value);
  if (all.length === 0 || !all.every((v) => typeof v === 'string')) throw syntaxError();
  return all as string[];
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const OPERATOR = /^(ForAllValues:|ForAnyValue:)?(String(Not)?(Equals|EqualsIgnoreCase|Like)|Numeric(Not)?Equals|Numeric(Less|Greater)Than(Equals)?|Date(Not)?Equals|Date(Less|Greater)Than(Equals)?|Bool|BinaryEquals|(Not)?IpAddress|Arn(Not)?(Equals|Like)|Null)(IfExists)?$/i;

export const isOperator = (name: string): boolean => OPERATOR.test(name);
