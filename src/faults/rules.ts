/** Faults are data: what they match, what they do, when. One stage of the pipeline and one place among the steps look at them. */
export interface FaultRule {
  /** All that are given must match; `*` and `?` are wildcards. */
  readonly match?: FaultMatch;
  readonly effect: FaultEffect;
  readonly when?: FaultSchedule;
}

export interface FaultMatch {
  /** 'ec2' */
  readonly service?: string;
  /** 'RunInstances', 'Describe*' */
  readonly operation?: string;
  readonly account?: string;
  readonly region?: string;
  /** Where the call would place something, or where the resource is whose step is due or whose status is asked for. */
  readonly zone?: string;
  /** The caller's ARN. */
  readonly principal?: string;
  /** By member of the input: `{ "InstanceType": "t3.*" }`; lists match by any element. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** An id that the input names, or the id of the resource whose step is due or whose status is asked for. */
  readonly resource?: string;
  /** 'Tier=web', 'Tier=*': a tag of a resource that the input names, or of the one whose step is due. */
  readonly tag?: string;
  /** Of a step or a status check: the kind, 'ec2:instance'. */
  readonly kind?: string;
}

export interface FaultEffect {
  /** AWS's code; text and status are AWS's where they are known. */
  readonly error?: string;
  readonly message?: string;
  readonly status?: number;
  /** Holds the answer back, in real milliseconds. */
  readonly latencyMs?: number;
  /**
   * What was made within so many milliseconds of Fogbank's time is not found yet, and what was deleted within them is
   * still described. https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html
   */
  readonly lagMs?: number;
  /** Breaks the connection instead of answering, or in the middle of the answer. What the call did stands. */
  readonly connection?: 'reset' | 'truncate';
  /** Sends the next step of a resource to another state: a volume that goes to 'error', an instance to 'terminated'. */
  readonly step?: { readonly to: string; readonly set?: Readonly<Record<string, unknown>> };
  /** Lets a status check of a running instance fail for as long as the rule is in force. */
  readonly impaired?: StatusCheck;
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-system-instance-status-check.html */
const STATUS_CHECKS = ['instance', 'system', 'attached-ebs'] as const;
export type StatusCheck = (typeof STATUS_CHECKS)[number];

export interface FaultSchedule {
  /** Of those that match, this share, drawn from the seed: above 0, at most 1. */
  readonly rate?: number;
  /** Only the first so many that match. */
  readonly first?: number;
  /** Every n-th that matches. */
  readonly every?: number;
  /** ISO 8601, on Fogbank's clock. */
  readonly after?: string;
  readonly until?: string;
}

interface Shape {
  readonly [member: string]: 'string' | 'number' | 'object' | 'strings' | readonly string[];
}

const MATCH: Shape = { service: 'string', operation: 'string', account: 'string', region: 'string', zone: 'string', principal: 'string', parameters: 'strings', resource: 'string', tag: 'string', kind: 'string' };
const EFFECT: Shape = { error: 'string', message: 'string', status: 'number', latencyMs: 'number', lagMs: 'number', connection: ['reset', 'truncate'], step: 'object', impaired: STATUS_CHECKS };
const WHEN: Shape = { rate: 'number', first: 'number', every: 'number', after: 'string', until: 'string' };

/** What matches only one sort of occasion. */
const OF_CALLS = ['operation', 'principal', 'parameters'] as const;
const OF_RESOURCES = ['kind'] as const;

/** The first thing that is wrong with a rule, as a sentence; undefined where nothing is. */
export function problemOf(rule: Readonly<Record<string, unknown>>): string | undefined {
  for (const key of Object.keys(rule)) if (!['match', 'effect', 'when'].includes(key)) return `a fault has match, effect and when, not ${key}`;
  const wrong = problemIn('match', rule.match, MATCH) ?? problemIn('effect', rule.effect, EFFECT) ?? problemIn('when', rule.when, WHEN);
  if (wrong !== undefined) return wrong;
  const { effect, when = {} } = rule as unknown as FaultRule;
  if (!effect || Object.keys(effect).length === 0) return 'effect is missing: error, latencyMs, lagMs, connection, step or impaired';
  if ((effect.message ?? effect.status) !== undefined && effect.error === undefined) return 'message and status go with an error';
  if (effect.status !== undefined && !(effect.status >= 400 && effect.status <= 599)) return 'status must be from 400 to 599';
  if (effect.latencyMs !== undefined && !(effect.latencyMs >= 0 && effect.latencyMs <= 600_000)) return 'latencyMs must be from 0 to 600000';
  if (effect.lagMs !== undefined && !(effect.lagMs > 0 && effect.lagMs <= 3_600_000)) return 'lagMs must be above 0 and at most 3600000';
  if (effect.step !== undefined && typeof effect.step.to !== 'string') return 'step needs to, the state that the resource goes to';
  const match = rule.match as FaultMatch | undefined ?? {};
  const ofResource = effect.step !== undefined || effect.impaired !== undefined;
  const other = ofResource && Object.keys(effect).find((name) => name !== 'step' && name !== 'impaired');
  if (other) return `effect.${other} is of calls: it needs a fault of its own`;
  const idle = (ofResource ? OF_CALLS : OF_RESOURCES).find((name) => match[name] !== undefined);
  if (idle !== undefined) return `match.${idle} is of ${ofResource ? 'calls; a step and a status check are of a resource' : 'steps and status checks; this effect is of calls'}`;
  if (when.rate !== undefined && !(when.rate > 0 && when.rate <= 1)) return 'rate must be above 0 and at most 1';
  for (const name of ['first', 'every'] as const) if (when[name] !== undefined && !(Number.isInteger(when[name]) && when[name]! > 0)) return `${name} must be a whole number above 0`;
  for (const name of ['after', 'until'] as const) if (when[name] !== undefined && Number.isNaN(Date.parse(when[name]!))) return `${name} must be a time in ISO 8601`;
  return undefined;
}

function problemIn(part: string, value: unknown, shape: Shape): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return `${part} must be an object`;
  for (const [key, given] of Object.entries(value)) {
    const wanted = Object.hasOwn(shape, key) ? shape[key]! : undefined;
    if (wanted === undefined) return `${part} has no ${key}; there are ${Object.keys(shape).join(', ')}`;
    const fits = Array.isArray(wanted) ? wanted.includes(given as string)
      : wanted === 'strings' ? typeof given === 'object' && given !== null && Object.values(given).every((v) => typeof v === 'string')
      : typeof given === wanted && given !== null;
    if (!fits) return `${part}.${key} must be ${Array.isArray(wanted) ? `one of ${wanted.join(', ')}` : wanted === 'strings' ? 'an object of strings' : `a${wanted === 'object' ? 'n' : ''} ${wanted as string}`}`;
  }
  return undefined;
}
