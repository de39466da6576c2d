import { because } from '../iam/denials.ts';
import { trace, type StatementTrace } from '../iam/trace.ts';
import type { Judgement } from '../kit/access.ts';
import type { Exchange } from '../pipeline/exchange.ts';

/** One call and what was decided on its way. */
export interface Call {
  readonly requestId: string;
  /** ISO 8601. */
  readonly at: string;
  readonly principal: string;
  readonly service: string;
  readonly operation: string;
  /** The code of the error that was answered. */
  readonly error: string | undefined;
  readonly judgements: readonly Judgement[];
}

export interface Explained {
  readonly action: string;
  readonly resource: string;
  readonly outcome: string;
  /** AWS's words; only of refusals. */
  readonly because: string | undefined;
  readonly context: Readonly<Record<string, readonly string[]>>;
  readonly statements: readonly StatementTrace[];
}

const CALLS_MAX = 5000;

/** The last calls for which something was decided, in memory. Traces are made when somebody asks. */
export class CallLog {
  private calls = new Map<string, Call>();

  note({ requestId, at, principal, model, operation, ctx }: Exchange, error: string | undefined): void {
    if (!principal || !ctx || ctx.judgements.length === 0) return;
    this.calls.set(requestId, { requestId, at: new Date(at).toISOString(), principal: principal.arn, service: model!.service, operation: operation!.name, error, judgements: ctx.judgements });
    if (this.calls.size > CALLS_MAX) this.calls.delete(this.calls.keys().next().value!);
  }

  find(requestId: string): Call | undefined {
    return this.calls.get(requestId);
  }

  /** Of a principal by its ARN: of a role's ARN all its sessions'. */
  of(principal: string): Call[] {
    const role = /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(principal);
    const beginning = role && `arn:aws:sts::${role[1]}:assumed-role/${role[2]}/`;
    return [...this.calls.values()].filter((call) => call.principal === principal || (beginning !== null && call.principal.startsWith(beginning)));
  }

  clear(): void {
    this.calls.clear();
  }
}

export function explain({ permission, question, policies, decision }: Judgement): Explained {
  const { action, resource } = permission;
  const { context } = question;
  const entries = 'entries' in context ? (context as { entries(): [string, readonly string[]][] }).entries() : [];
  return { action, resource, outcome: decision.outcome, because: decision.outcome === 'allowed' ? undefined : because(decision, action), context: Object.fromEntries(entries), statements: trace(question, policies) };
}
