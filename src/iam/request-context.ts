import type { Principal } from '../identity/principals.ts';
import type { RequestContext } from './conditions.ts';

export type KeyValue = string | number | boolean | undefined | readonly string[];

const listed = (value: KeyValue): readonly string[] | undefined => (value === undefined ? undefined : typeof value === 'object' ? value : [String(value)]);

/** Condition keys, over those of what lies beneath. */
export class Keys implements RequestContext {
  private readonly own = new Map<string, readonly string[]>();

  constructor(private readonly beneath?: RequestContext, entries: Readonly<Record<string, KeyValue>> = {}) {
    for (const key in entries) this.set(key, entries[key]);
  }

  /** What has no value is no key of the request. */
  set(key: string, value: KeyValue): this {
    const values = listed(value);
    if (values) this.own.set(key.toLowerCase(), values);
    return this;
  }

  values(key: string): readonly string[] | undefined {
    return this.own.get(key) ?? this.beneath?.values(key);
  }

  /** In the order in which they were set; those beneath come first. */
  entries(): [string, readonly string[]][] {
    return [...(this.beneath instanceof Keys ? this.beneath.entries() : []), ...this.own];
  }
}

export interface CallFacts {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly region: string | undefined;
  readonly sourceIp: string | undefined;
  readonly userAgent: string | undefined;
}

const PRINCIPAL_TYPES: Readonly<Record<Principal['type'], string>> = { root: 'Account', user: 'User', 'role-session': 'AssumedRole', 'federated-user': 'FederatedUser', anonymous: 'Anonymous' };

type Session = NonNullable<Principal['session']>;

/** Of every call. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
const OF_CALLS: Readonly<Record<string, (caller: Principal, call: CallFacts, arn: string) => KeyValue>> = {
  'aws:currenttime': (_caller, { at }) => new Date(Math.floor(at)).toISOString(),
  'aws:epochtime': (_caller, { at }) => Math.floor(at / 1000),
  'aws:requestedregion': (_caller, { region }) => region,
  'aws:sourceip': (_caller, { sourceIp }) => sourceIp,
  'aws:useragent': (_caller, { userAgent }) => userAgent,
  // Clients reach AWS over TLS; a policy that insists on it must not refuse them here.
  'aws:securetransport': () => true,
  'aws:principalarn': (_caller, _call, arn) => arn,
  'aws:principalaccount': ({ account }) => account,
  'aws:principaltype': ({ type }) => PRINCIPAL_TYPES[type],
  'aws:userid': ({ userId }) => userId,
  'aws:username': ({ type, name }) => (type === 'user' ? name : undefined),
  'aws:principalisawsservice': () => false,
  'aws:viaawsservice': () => false,
  'aws:resourceaccount': ({ account }) => account,
};

/** Long-term credentials have none of these: not even `aws:MultiFactorAuthPresent`. */
const OF_SESSIONS: Readonly<Record<string, (session: Session, call: CallFacts) => KeyValue>> = {
  'aws:tokenissuetime': ({ issuedAt }) => new Date(Math.floor(issuedAt)).toISOString(),
  'aws:multifactorauthpresent': ({ mfaAt }) => mfaAt !== undefined,
  'aws:multifactorauthage': ({ mfaAt }, { at }) => (mfaAt === undefined ? undefined : Math.floor((at - mfaAt) / 1000)),
  'aws:sourceidentity': ({ sourceIdentity }) => sourceIdentity,
  'aws:federatedprovider': ({ federatedProvider }) => federatedProvider,
};

/** What is known of the caller and the call. Policies ask for few of these keys: each is made when it is asked for. */
class GlobalKeys extends Keys {
  constructor(private readonly principal: Principal, private readonly arn: string, private readonly call: CallFacts, entries: Readonly<Record<string, KeyValue>>) {
    super(undefined, entries);
  }

  override values(key: string): readonly string[] | undefined {
    return super.values(key) ?? listed(this.made(key));
  }

  override entries(): [string, readonly string[]][] {
    const made = [...Object.keys(OF_CALLS), ...Object.keys(OF_SESSIONS)].map((key) => [key, listed(this.made(key))] as const);
    return [...made.filter((one): one is [string, readonly string[]] => one[1] !== undefined), ...super.entries()];
  }

  private made(key: string): KeyValue {
    const { principal, call } = this;
    if (Object.hasOwn(OF_CALLS, key)) return OF_CALLS[key]!(principal, call, this.arn);
    return principal.session && Object.hasOwn(OF_SESSIONS, key) ? OF_SESSIONS[key]!(principal.session, call) : undefined;
  }
}

export function globalKeys(principal: Principal, arn: string, tags: Readonly<Record<string, string>>, call: CallFacts): Keys {
  const keys = new GlobalKeys(principal, arn, call, principal.session?.claims ?? {});
  for (const name in tags) keys.set(`aws:PrincipalTag/${name}`, tags[name]);
  return keys;
}
