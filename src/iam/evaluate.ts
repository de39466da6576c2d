import { conditionsHold, type Policy, type PolicyType, type Statement } from './policies.ts';
import type { RequestContext } from './conditions.ts';
import type { Caller, Naming } from './principals.ts';
import type { Resolve } from './patterns.ts';

/**
 * Whether a request is allowed, in the order that AWS documents.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 * Pure: policies, caller and context come in, a decision goes out.
 */
export interface Question {
  /** 'ec2:RunInstances' */
  readonly action: string;
  /** An ARN, or '*' where the action knows no resources. */
  readonly resource: string;
  /** The resource's account; the caller's own where the action knows no resources. */
  readonly resourceAccount: string;
  /** Of roles (trust policies) and KMS keys: without their own policy's grant nobody may, whatever else allows. */
  readonly resourceMustGrant?: boolean;
  readonly caller: Caller;
  readonly context: RequestContext;
}

/** All that may speak to a question. What is absent does not limit; what is an empty list allows nothing. */
export interface Policies {
  /** By level: root, organizational units, account. Each level must allow. */
  readonly scps?: readonly (readonly Policy[])[];
  readonly rcps?: readonly (readonly Policy[])[];
  readonly identity: readonly Policy[];
  readonly boundary?: readonly Policy[];
  readonly session?: readonly Policy[];
  /** What AWS itself limits a session by, besides the session's own policies: what was delegated, what a context allows. Each must allow. */
  readonly limits?: readonly Policy[];
  readonly resource?: readonly Policy[];
}

export interface Decision {
  readonly outcome: 'allowed' | 'explicitDeny' | 'implicitDeny';
  /** The kind of policy that decided: that denies, or that should have allowed. */
  readonly type: PolicyType;
  readonly policy?: Policy;
  readonly statement?: Statement;
}

interface Found {
  readonly policy: Policy;
  readonly statement: Statement;
  readonly naming: Naming;
}

export function decide(question: Question, policies: Policies): Decision {
  const ask = new Asking(question);
  const scps = policies.scps ?? [];
  const rcps = policies.rcps ?? [];
  for (const list of [...scps, ...rcps, policies.resource ?? [], policies.identity, policies.boundary ?? [], policies.session ?? [], policies.limits ?? []]) {
    const denial = ask.first(list, 'Deny');
    if (denial) return { outcome: 'explicitDeny', type: denial.policy.source.type, policy: denial.policy, statement: denial.statement };
  }
  for (const level of rcps) if (!ask.first(level, 'Allow')) return { outcome: 'implicitDeny', type: 'rcp' };
  for (const level of scps) if (!ask.first(level, 'Allow')) return { outcome: 'implicitDeny', type: 'scp' };
  const { caller } = question;
  if (caller.anonymous || caller.service !== undefined) return withoutIdentity(ask, policies);
  return caller.account === question.resourceAccount ? withinAccount(ask, policies, question.resourceMustGrant) : acrossAccounts(ask, policies);
}

/** Services and anonymous callers have no account whose policies could allow anything: the resource decides. */
function withoutIdentity(ask: Asking, policies: Policies): Decision {
  const granted = ask.firstGrant(policies.resource ?? []);
  return granted ? { outcome: 'allowed', type: 'resource', policy: granted.policy, statement: granted.statement } : { outcome: 'implicitDeny', type: 'resource' };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-single-account.html */
function withinAccount(ask: Asking, policies: Policies, resourceMustGrant = false): Decision {
  const granted = ask.firstGrant(policies.resource ?? []);
  if (resourceMustGrant && !granted) return { outcome: 'implicitDeny', type: 'resource' };
  // Who is named themselves needs nothing else.
  if (granted?.naming === 'self') return { outcome: 'allowed', type: 'resource', policy: granted.policy, statement: granted.statement };
  const own = ask.first(policies.identity, 'Allow');
  // A grant to the role is limited by its boundary and session policies, a grant to the account is none.
  const base = own ?? (granted?.naming === 'role' ? granted : undefined);
  if (!base) return { outcome: 'implicitDeny', type: 'identity' };
  return limited(ask, policies) ?? { outcome: 'allowed', type: base.policy.source.type, policy: base.policy, statement: base.statement };
}

/** Both accounts must allow. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html */
function acrossAccounts(ask: Asking, policies: Policies): Decision {
  if (!ask.firstGrant(policies.resource ?? [])) return { outcome: 'implicitDeny', type: 'resource' };
  const own = ask.first(policies.identity, 'Allow');
  if (!own) return { outcome: 'implicitDeny', type: 'identity' };
  return limited(ask, policies) ?? { outcome: 'allowed', type: 'identity', policy: own.policy, statement: own.statement };
}

/** Boundaries and session policies give nothing: they only refuse. */
function limited(ask: Asking, { boundary, session, limits }: Policies): Decision | undefined {
  if (boundary && !ask.first(boundary, 'Allow')) return { outcome: 'implicitDeny', type: 'boundary' };
  if (session && !ask.first(session, 'Allow')) return { outcome: 'implicitDeny', type: 'session' };
  if (limits?.some((limit) => !ask.first([limit], 'Allow'))) return { outcome: 'implicitDeny', type: 'session' };
  return undefined;
}

/** One question, put to many statements. */
class Asking {
  private readonly action: string;
  private readonly resolve: Resolve;

  constructor(private readonly question: Question) {
    this.action = question.action.toLowerCase();
    this.resolve = resolver(question.context);
  }

  first(policies: readonly Policy[], effect: Statement['effect']): Found | undefined {
    for (const policy of policies) {
      for (const statement of policy.statements) {
        if (statement.effect !== effect) continue;
        const naming = this.about(statement);
        if (naming) return { policy, statement, naming };
      }
    }
    return undefined;
  }

  /** The grant that needs least besides itself. */
  firstGrant(policies: readonly Policy[]): Found | undefined {
    let best: Found | undefined;
    for (const policy of policies) {
      for (const statement of policy.statements) {
        if (statement.effect !== 'Allow') continue;
        const naming = this.about(statement);
        if (naming === 'self') return { policy, statement, naming };
        if (naming && best?.naming !== 'role') best = { policy, statement, naming };
      }
    }
    return best;
  }

  private about(statement: Statement): Naming | undefined {
    const { resource, caller, context } = this.question;
    if (!statement.actionMatches(this.action) || !statement.resourceMatches(resource, this.resolve)) return undefined;
    const naming = statement.principals ? statement.principals.names(caller) : 'self';
    return naming && conditionsHold(statement, context, this.resolve) ? naming : undefined;
  }
}

/** Variables take a key's value where it has exactly one. */
export const resolver = (context: RequestContext): Resolve => (key) => {
  const values = context.values(key);
  return values?.length === 1 ? values[0] : undefined;
};
