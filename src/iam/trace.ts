import type { Policies, Question } from './evaluate.ts';
import { resolver } from './evaluate.ts';
import type { Policy, PolicyType } from './policies.ts';

/** How each statement spoke to a question: for people who ask why. Made when it is asked for. */
export interface StatementTrace {
  readonly type: PolicyType;
  readonly policy: string;
  /** Its Sid, or its number from 1. */
  readonly statement: string;
  readonly effect: 'Allow' | 'Deny';
  readonly matched: boolean;
  /** What did not match first: 'action', 'resource', 'principal' or 'condition'. */
  readonly missed?: 'action' | 'resource' | 'principal' | 'condition';
  /** Of the conditions those that failed. */
  readonly conditions?: readonly { operator: string; key: string; expected: readonly string[]; actual: readonly string[] | null }[];
}

export function trace(question: Question, policies: Policies): StatementTrace[] {
  const all = [...(policies.scps ?? []).flat(), ...(policies.rcps ?? []).flat(), ...(policies.resource ?? []), ...policies.identity, ...(policies.boundary ?? []), ...(policies.session ?? []), ...(policies.limits ?? [])];
  return all.flatMap((policy) => traceOf(question, policy));
}

function traceOf({ action, resource, caller, context }: Question, policy: Policy): StatementTrace[] {
  const resolve = resolver(context);
  return policy.statements.map((statement) => {
    const base = { type: policy.source.type, policy: policy.source.name, statement: statement.sid ?? `#${statement.index + 1}`, effect: statement.effect };
    const missed = (what: StatementTrace['missed']) => ({ ...base, matched: false, missed: what! });
    if (!statement.actionMatches(action.toLowerCase())) return missed('action');
    if (!statement.resourceMatches(resource, resolve)) return missed('resource');
    if (statement.principals && !statement.principals.names(caller)) return missed('principal');
    const failed = statement.conditions.filter((condition) => !condition.holds(context, resolve));
    if (failed.length === 0) return { ...base, matched: true };
    return { ...missed('condition'), conditions: failed.map(({ operator, key, expected, name }) => ({ operator, key, expected, actual: context.values(name) ?? null })) };
  });
}
