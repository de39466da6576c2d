import { compileConditions, type Condition, type RequestContext } from './conditions.ts';
import { glob, Pattern, resourceMatches, type Resolve } from './patterns.ts';
import { compilePrincipals, type PrincipalMatcher } from './principals.ts';

/** Policies, compiled once for each text. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html */

export type PolicyType = 'identity' | 'resource' | 'boundary' | 'session' | 'scp' | 'rcp';

/** Where a policy comes from, for denials and traces. */
export interface PolicySource {
  readonly type: PolicyType;
  /** Of an inline policy its name, of a managed one its ARN. */
  readonly name: string;
  readonly managed: boolean;
}

export interface Statement {
  /** From 0. */
  readonly index: number;
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  /** `action` in lower case. */
  actionMatches(action: string): boolean;
  resourceMatches(resource: string, resolve: Resolve): boolean;
  /** Whether it may be about any action of a service, by its prefix in lower case. */
  namespaces(prefix: string): boolean;
  readonly principals: PrincipalMatcher | undefined;
  readonly conditions: readonly Condition[];
  /** As it was written, for those who are told of it. */
  readonly text: StatementText;
}

export interface Document {
  readonly statements: readonly Statement[];
  /** The condition keys that it asks for, in lower case, variables too. */
  readonly keys: ReadonlySet<string>;
}

export interface Policy extends Document {
  readonly source: PolicySource;
}

export interface StatementText {
  Sid?: string;
  Effect: 'Allow' | 'Deny';
  Principal?: unknown;
  NotPrincipal?: unknown;
  Action?: string | string[];
  NotAction?: string | string[];
  Resource?: string | string[];
  NotResource?: string | string[];
  Condition?: unknown;
}

const DOCUMENTS_MAX = 10_000;
const ACTIONS_MAX = 1000;
const documents = new Map<string, Document>();

export function policy(source: PolicySource, text: string): Policy {
  return { source, ...document(text) };
}

/** What an account's root has. */
export const everything = (): Policy => policy({ type: 'identity', name: 'everything', managed: false }, '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}');

/** Of a document that the grammar accepts (policy-documents.ts). */
export function document(text: string): Document {
  const known = documents.get(text);
  if (known) return known;
  const compiled = compile(text);
  if (documents.size >= DOCUMENTS_MAX) documents.clear();
  documents.set(text, compiled);
  return compiled;
}

export const listed = <T>(value: T | T[] | undefined): T[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]);

function compile(text: string): Document {
  const { Version, Statement } = JSON.parse(text) as { Version?: string; Statement: StatementText | StatementText[] };
  // Without the version of 2012, ${…} is text. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
  const variables = Version === '2012-10-17';
  const statements = listed(Statement).map((statement, index) => compileStatement(statement, index, variables));
  const keys = new Set(statements.flatMap((statement) => statement.conditions.map((condition) => condition.name)));
  if (variables) for (const [, inside] of text.matchAll(/\$\{\s*([^{},\s]+)[^{}]*\}/g)) keys.add(inside!.toLowerCase());
  return { statements, keys };
}

function compileStatement(statement: StatementText, index: number, variables: boolean): Statement {
  return {
    index, sid: statement.Sid, effect: statement.Effect,
    actionMatches: actions(listed(statement.Action ?? statement.NotAction), statement.Action === undefined),
    resourceMatches: resources(statement, variables),
    namespaces: namespaces(listed(statement.Action ?? statement.NotAction), statement.Action === undefined),
    principals: compilePrincipals(statement.Principal, statement.NotPrincipal),
    conditions: compileConditions(statement.Condition, variables),
    text: statement,
  };
}

/** Actions do not tell cases apart. */
function actions(patterns: string[], not: boolean): Statement['actionMatches'] {
  const compiled = patterns.map((text) => Pattern.parse(text.toLowerCase(), { wildcards: true, variables: false }).resolved(() => undefined)!);
  // The same few actions are asked for again and again.
  const known = new Map<string, boolean>();
  return (action) => {
    let matches = known.get(action);
    if (matches === undefined) {
      matches = compiled.some((pattern) => glob(pattern, action)) !== not;
      if (known.size >= ACTIONS_MAX) known.clear();
      known.set(action, matches);
    }
    return matches;
  };
}

/** `NotAction` leaves a service out only where it names all of it. */
function namespaces(patterns: string[], not: boolean): Statement['namespaces'] {
  return (prefix) => (not
    ? !patterns.some((text) => text === '*' || text.toLowerCase() === `${prefix}:*`)
    : patterns.some((text) => glob(Pattern.parse(text.toLowerCase().split(':')[0]!, { wildcards: true, variables: false }).resolved(() => undefined)!, prefix)));
}

/** A statement of a resource's own policy need not name resources: it is about that one. */
function resources({ Resource, NotResource }: StatementText, variables: boolean): Statement['resourceMatches'] {
  if (Resource === undefined && NotResource === undefined) return () => true;
  const not = Resource === undefined;
  const patterns = listed(Resource ?? NotResource).map((text) => Pattern.parse(text, { wildcards: true, variables }));
  // A variable without a value makes its pattern match nothing.
  return (resource, resolve) => patterns.some((pattern) => {
    const resolved = pattern.resolved(resolve);
    return resolved !== undefined && resourceMatches(resolved, resource);
  }) !== not;
}

export const conditionsHold = (statement: Statement, context: RequestContext, resolve: Resolve): boolean => statement.conditions.every((condition) => condition.holds(context, resolve));
