import { AwsError } from '../../protocols/types.ts';
import type { IdSource } from '../ids/source.ts';
import { wildcardMatcher } from '../kit/filters.ts';
import type { FaultMatch, FaultRule, StatusCheck } from './rules.ts';

/** What a fault may match. */
export interface Occasion {
  readonly service?: string;
  readonly operation?: string;
  readonly account: string;
  readonly region: string;
  readonly principal?: string;
  readonly input?: Readonly<Record<string, unknown>>;
  readonly kind?: string;
  readonly id?: string;
  /** Asked for only where a rule names a zone. */
  readonly zone?: () => Promise<string | undefined>;
  /** Asked for only where a rule names a tag: 'key=value' each. */
  readonly tags?: () => Promise<readonly string[]>;
}

export interface Fault extends FaultRule {
  readonly id: string;
  /** When it was made, ISO 8601. */
  readonly since: string;
  /** How often it matched, and how often it then struck. */
  readonly matched: number;
  readonly struck: number;
}

/** What a world keeps of its faults: how far the drawing has come is a part of it. */
export interface FaultState {
  readonly rules: readonly Fault[];
  readonly made: number;
  readonly position: number;
}

/** The state that a resource goes to instead, and what it then says of itself. */
export type Redirection = NonNullable<FaultRule['effect']['step']>;

/** A status check that does not pass, and since when (ISO 8601). */
export interface Impairment {
  readonly check: StatusCheck;
  readonly since: string;
}

/** What becomes of an answer on its way. */
export interface Transport {
  readonly delayMs: number;
  readonly connection: 'reset' | 'truncate' | undefined;
  /** How far behind what is read is. */
  readonly lagMs: number;
}

const KNOWN: Readonly<Record<string, { message: string | ((occasion: Occasion) => Promise<string>); status: number }>> = {
  RequestLimitExceeded: { message: 'Request limit exceeded.', status: 503 },
  Throttling: { message: 'Rate exceeded', status: 400 },
  ThrottlingException: { message: 'Rate exceeded', status: 400 },
  ServiceUnavailable: { message: 'The request has failed due to a temporary failure of the server.', status: 503 },
  Unavailable: { message: 'The server is overloaded and cannot handle the request.', status: 503 },
  InternalError: { message: 'An internal error has occurred', status: 500 },
  InternalFailure: { message: 'The request processing has failed because of an unknown error, exception or failure.', status: 500 },
  InsufficientInstanceCapacity: { message: noCapacity, status: 500 },
  InsufficientFreeAddressesInSubnet: { message: 'There are not enough free addresses in the subnet to satisfy the requested number of instances.', status: 400 },
  InstanceLimitExceeded: { message: 'You have requested more instances than your current instance limit allows for the specified instance type.', status: 400 },
};

/** As EC2 words it, but for the zones to try instead. https://github.com/runs-on/runs-on/issues/73 */
async function noCapacity({ input, zone }: Occasion): Promise<string> {
  const [type, where] = [input?.InstanceType, await zone?.()];
  if (typeof type !== 'string' || where === undefined) return 'There is no Spot or On-Demand capacity available that matches your request.';
  return `We currently do not have sufficient ${type} capacity in the Availability Zone you requested (${where}). Our system will be working on provisioning additional capacity.`;
}

/** The rules that are in force, in order. Drawn from a stream of their own, so that a fault changes no resource's id. */
export class Faults {
  private rules: (Fault & { matched: number; struck: number })[] = [];
  private made = 0;
  /** Whether they differ from what the world has kept of them. */
  changed = false;

  constructor(private readonly chance: IdSource, private readonly now: () => string) {}

  get none(): boolean {
    return this.rules.length === 0;
  }

  /** Whether a rule lets readers lag behind. */
  get lags(): boolean {
    return this.rules.some((rule) => rule.effect.lagMs !== undefined);
  }

  add(rule: FaultRule): Fault {
    const fault = { ...rule, id: `fault-${++this.made}`, since: this.now(), matched: 0, struck: 0 };
    this.rules.push(fault);
    this.changed = true;
    return fault;
  }

  list(): readonly Fault[] {
    return this.rules;
  }

  remove(id: string): boolean {
    const before = this.rules.length;
    this.rules = this.rules.filter((rule) => rule.id !== id);
    this.changed = true;
    return this.rules.length < before;
  }

  clear(): void {
    this.rules = [];
    this.changed = true;
  }

  state(): FaultState {
    return { rules: this.rules, made: this.made, position: this.chance.position };
  }

  /** Goes on from what `state` gave, or from the beginning. */
  restore(state: FaultState | undefined): void {
    this.rules = (state?.rules ?? []).map((rule) => ({ ...rule }));
    this.made = state?.made ?? 0;
    this.chance.rewind(state?.position ?? 0);
    this.changed = false;
  }

  /** Throws the error of the first rule that strikes with one; gives what happens to the answer otherwise. */
  async admit(occasion: Occasion, nowMs: number): Promise<Transport | undefined> {
    let delayMs = 0;
    let lagMs = 0;
    let connection: Transport['connection'];
    for (const rule of this.rules) {
      const { error, message, status, latencyMs, lagMs: behind, connection: broken, step, impaired } = rule.effect;
      if ((step ?? impaired) !== undefined || !(await this.strikes(rule, occasion, nowMs))) continue;
      delayMs += latencyMs ?? 0;
      lagMs = Math.max(lagMs, behind ?? 0);
      connection ??= broken;
      if (error !== undefined) {
        const known = KNOWN[error];
        const text = message ?? (typeof known?.message === 'function' ? await known.message(occasion) : known?.message);
        throw new FaultError(error, text ?? `${error} (a fault of this Fogbank)`, status ?? known?.status ?? 400, { delayMs, connection, lagMs });
      }
    }
    return delayMs > 0 || lagMs > 0 || connection ? { delayMs, connection, lagMs } : undefined;
  }

  /** Where a step goes instead, and what the resource then says of it. */
  async redirect(occasion: Occasion, nowMs: number): Promise<Redirection | undefined> {
    for (const rule of this.rules) {
      if (rule.effect.step !== undefined && (await this.strikes(rule, occasion, nowMs))) return rule.effect.step;
    }
    return undefined;
  }

  /** The status checks of a resource that do not pass, for who describes them. */
  async impairments(occasion: Occasion, nowMs: number): Promise<Impairment[]> {
    const found: Impairment[] = [];
    for (const rule of this.rules) {
      const check = rule.effect.impaired;
      if (check !== undefined && (await this.strikes(rule, occasion, nowMs))) found.push({ check, since: rule.when?.after ?? rule.since });
    }
    return found;
  }

  private async strikes(rule: Fault & { matched: number; struck: number }, occasion: Occasion, nowMs: number): Promise<boolean> {
    const { after, until, first, every, rate } = rule.when ?? {};
    if ((after !== undefined && nowMs < Date.parse(after)) || (until !== undefined && nowMs >= Date.parse(until))) return false;
    if (!(await matches(rule.match ?? {}, occasion))) return false;
    rule.matched++;
    this.changed = true;
    if (first !== undefined && rule.matched > first) return false;
    if (every !== undefined && rule.matched % every !== 0) return false;
    if (rate !== undefined && this.chance.below(1_000_000) >= rate * 1_000_000) return false;
    rule.struck++;
    return true;
  }
}

/** An error that a rule asked for, with what happens to its answer. */
export class FaultError extends AwsError {
  constructor(code: string, message: string, status: number, readonly transport: Transport) {
    super(code, message, status);
  }
}

const like = (pattern: string, text: string | undefined): boolean => text !== undefined && wildcardMatcher([pattern])(text);

async function matches(match: FaultMatch, occasion: Occasion): Promise<boolean> {
  for (const name of ['service', 'operation', 'account', 'region', 'principal', 'kind'] as const) {
    if (match[name] !== undefined && !like(match[name], occasion[name])) return false;
  }
  for (const [member, pattern] of Object.entries(match.parameters ?? {})) if (!texts(occasion.input?.[member]).some((text) => like(pattern, text))) return false;
  if (match.resource !== undefined && ![occasion.id, ...texts(occasion.input)].some((text) => like(match.resource!, text))) return false;
  if (match.tag !== undefined && !((await occasion.tags?.()) ?? []).some((tag) => like(match.tag!, tag))) return false;
  return match.zone === undefined || like(match.zone, await occasion.zone?.());
}

/** Every scalar in a value, as text. */
function texts(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  return typeof value === 'object' ? Object.values(value).flatMap(texts) : [String(value)];
}
