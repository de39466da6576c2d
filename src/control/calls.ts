import type { Member, OperationModel, Shape, Structure, Json } from '../../protocols/types.ts';
import { isoTime } from '../clock/clock.ts';
import { because } from '../iam/denials.ts';
import { trace, type StatementTrace } from '../iam/trace.ts';
import type { Judgement } from '../kit/access.ts';
import type { Change } from '../kit/journal.ts';
import type { Exchange } from '../pipeline/exchange.ts';

/** One call: who, what, with which outcome, and what was decided on its way. CloudTrail's events are made of these. */
export interface Call {
  readonly requestId: string;
  /** ISO 8601. */
  readonly at: string;
  readonly account: string;
  readonly region: string;
  readonly principal: string;
  readonly sourceIp: string | undefined;
  readonly userAgent: string | undefined;
  readonly service: string;
  readonly operation: string;
  /** The code of the error that was answered. */
  readonly error: string | undefined;
  /** Secrets masked. Absent where they were too long to keep. */
  readonly parameters: Structure | undefined;
  readonly changes: readonly Change[];
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

/** All that are given must hold. */
export interface CallFilter {
  /** An ARN; of a role's, its sessions' calls. */
  readonly principal?: string;
  readonly account?: string;
  readonly region?: string;
  readonly service?: string;
  readonly operation?: string;
  /** A code; '*' for any. */
  readonly error?: string;
  /** An id that the call names or changes. */
  readonly resource?: string;
  /** ISO 8601. */
  readonly since?: string;
  /** The last so many. */
  readonly limit?: number;
}

const CALLS_MAX = 5000;
/** Of parameters, in one call and in all. */
const BYTES_MAX = 64 * 1024;
const ALL_BYTES_MAX = 16 * 1024 * 1024;

/** What is remembered of a call: made into a Call when somebody asks. */
interface Noted {
  readonly requestId: string;
  readonly at: number;
  readonly sourceIp: string | undefined;
  /** One after another, as `inOneList` has them: thousands of calls are remembered, and the garbage collector has to look at each object of theirs. */
  readonly changes: readonly (string | undefined)[];
  readonly principal: string;
  readonly account: string;
  readonly region: string;
  readonly userAgent: string | undefined;
  readonly service: string;
  readonly operation: OperationModel;
  /** As JSON, which takes a tenth of the room. */
  readonly input: string;
  readonly error: string | undefined;
  readonly judgements: readonly Judgement[];
}

/** The last calls that had a caller, in memory. Traces, texts and masks are made when somebody asks. */
export class CallLog {
  /** A ring: the call of number n is at n % CALLS_MAX. */
  private readonly calls: (Noted | undefined)[] = [];
  private first = 0;
  private next = 0;
  private bytes = 0;
  private readonly listeners = new Set<(call: Call) => void>();

  note({ requestId, at, sourceIp, changes, principal, region, model, operation, input, ctx, request }: Exchange, error: string | undefined): void {
    if (!principal || !operation || region === undefined) return;
    const noted: Noted = {
      requestId, at, sourceIp, changes: changes === undefined || changes.length === 0 ? NOTHING : inOneList(changes), principal: principal.arn, account: principal.account, region, userAgent: ctx?.call.userAgent, service: model!.service, operation,
      input: input === undefined || request.body.length > BYTES_MAX ? '' : JSON.stringify(input), error, judgements: ctx === undefined || ctx.judgements.length === 0 ? NOTHING : ctx.judgements,
    };
    if (this.next - this.first === CALLS_MAX) this.forgetFirst();
    this.calls[this.next++ % CALLS_MAX] = noted;
    this.bytes += noted.input.length;
    while (this.bytes > ALL_BYTES_MAX) this.forgetFirst();
    if (this.listeners.size > 0) for (const listener of this.listeners) listener(shown(noted));
  }

  find(requestId: string): Call | undefined {
    const noted = this.inOrder().findLast((call) => call.requestId === requestId);
    return noted && shown(noted);
  }

  /** In the order in which they ended. */
  select(filter: CallFilter): Call[] {
    const role = filter.principal === undefined ? null : /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(filter.principal);
    const sessions = role && `arn:aws:sts::${role[1]}:assumed-role/${role[2]}/`;
    const matches = (call: Noted): boolean =>
      (filter.principal === undefined || call.principal === filter.principal || (sessions !== null && call.principal.startsWith(sessions)))
      && (['account', 'region', 'service'] as const).every((name) => filter[name] === undefined || call[name] === filter[name])
      && (filter.operation === undefined || call.operation.name === filter.operation)
      && (filter.error === undefined || (filter.error === '*' ? call.error !== undefined : call.error === filter.error))
      && (filter.since === undefined || call.at >= Date.parse(filter.since))
      && (filter.resource === undefined || call.changes.some((told, i) => i % CHANGE_MEMBERS.length === ID && told === filter.resource) || call.input.includes(`"${filter.resource}"`));
    const found = this.inOrder().filter(matches);
    return (filter.limit === undefined ? found : found.slice(-filter.limit)).map(shown);
  }

  clear(): void {
    this.calls.length = 0;
    this.first = this.next = this.bytes = 0;
  }

  private forgetFirst(): void {
    const slot = this.first++ % CALLS_MAX;
    this.bytes -= this.calls[slot]!.input.length;
    this.calls[slot] = undefined;
  }

  private inOrder(): Noted[] {
    return Array.from({ length: this.next - this.first }, (_, i) => this.calls[(this.first + i) % CALLS_MAX]!);
  }

  /** Tells every call from now on; the answer ends that. */
  listen(listener: (call: Call) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }
}

const NOTHING: readonly never[] = [];

/** What a change says that its call does not. */
const CHANGE_MEMBERS = ['account', 'region', 'kind', 'id', 'change', 'from', 'state'] as const satisfies (keyof Change)[];
const ID = CHANGE_MEMBERS.indexOf('id');

function inOneList(changes: readonly Change[]): (string | undefined)[] {
  const list: (string | undefined)[] = [];
  for (const { account, region, kind, id, change, from, state } of changes) list.push(account, region, kind, id, change, from, state);
  return list;
}

function changesOf({ at, requestId, changes }: Noted): Change[] {
  const all: Change[] = [];
  for (let i = 0; i < changes.length; i += CHANGE_MEMBERS.length) {
    const told = CHANGE_MEMBERS.map((member, n) => [member, changes[i + n]]).filter(([, value]) => value !== undefined);
    all.push({ at, requestId, ...(Object.fromEntries(told) as Omit<Change, 'at' | 'requestId'>) });
  }
  return all;
}

const shown = (noted: Noted): Call => {
  const { operation, input, ...rest } = noted;
  return { ...rest, at: isoTime(noted.at), operation: operation.name, parameters: input === '' ? undefined : (masked(operation.input, JSON.parse(input) as Structure) as Structure), changes: changesOf(noted) };
};

/** Names of what the models do not mark as sensitive and nobody should read in a log. */
const SECRET = /(Password|SecretAccessKey|SecretString|SecretBinary|PrivateKey|SessionToken|AuthenticationCode\d?|SAMLAssertion|WebIdentityToken|PreSharedKey)$/;
const MASK = '***';

function masked(shape: Shape, value: Json | undefined): Json | undefined {
  if (typeof value !== 'object' || value === null) return value;
  if (shape.type === 'list') return (value as Json[]).map((one) => hidden(shape.member, one) as Json);
  if (shape.type !== 'structure' && shape.type !== 'union') return value;
  return Object.fromEntries(Object.entries(value as Structure).map(([name, one]) => {
    const member = shape.members.get(name);
    return [name, member ? hidden(member, one) : one];
  }));
}

const hidden = (member: Member, value: Json | undefined): Json | undefined => (value !== undefined && (member.sensitive || SECRET.test(member.name)) ? MASK : masked(member.target, value));

export function explain({ permission, question, policies, decision }: Judgement): Explained {
  const { action, resource } = permission;
  const { context } = question;
  const entries = 'entries' in context ? (context as { entries(): [string, readonly string[]][] }).entries() : [];
  return { action, resource, outcome: decision.outcome, because: decision.outcome === 'allowed' ? undefined : because(decision, action), context: Object.fromEntries(entries), statements: trace(question, policies) };
}
