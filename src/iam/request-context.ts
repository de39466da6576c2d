import type { Principal } from '../identity/principals.ts';
import type { RequestContext } from './conditions.ts';

export type KeyValue = string | number | boolean | undefined | readonly string[];

/** Condition keys, over those of what lies beneath. */
export class Keys implements RequestContext {
  private readonly own = new Map<string, readonly string[]>();

  constructor(private readonly beneath?: RequestContext, entries: Readonly<Record<string, KeyValue>> = {}) {
    for (const key in entries) this.set(key, entries[key]);
  }

  /** What has no value is no key of the request. */
  set(key: string, value: KeyValue): this {
    if (value === undefined) return this;
    this.own.set(key.toLowerCase(), typeof value === 'object' ? value : [String(value)]);
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

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
export function globalKeys(principal: Principal, arn: string, tags: Readonly<Record<string, string>>, call: CallFacts): Keys {
  const time = new Date(Math.floor(call.at));
  const { session } = principal;
  const keys = new Keys(undefined, {
    'aws:CurrentTime': time.toISOString(), 'aws:EpochTime': Math.floor(call.at / 1000), 'aws:RequestedRegion': call.region, 'aws:SourceIp': call.sourceIp, 'aws:UserAgent': call.userAgent,
    // Clients reach AWS over TLS; a policy that insists on it must not refuse them here.
    'aws:SecureTransport': true,
    'aws:PrincipalArn': arn, 'aws:PrincipalAccount': principal.account, 'aws:PrincipalType': PRINCIPAL_TYPES[principal.type], 'aws:userid': principal.userId,
    'aws:username': principal.type === 'user' ? principal.name : undefined, 'aws:PrincipalIsAWSService': false, 'aws:ViaAWSService': false, 'aws:ResourceAccount': principal.account,
  });
  for (const name in tags) keys.set(`aws:PrincipalTag/${name}`, tags[name]);
  if (session) sessionKeys(keys, session, call.at);
  return keys;
}

/** Long-term credentials have none of these: not even `aws:MultiFactorAuthPresent`. */
function sessionKeys(keys: Keys, session: NonNullable<Principal['session']>, at: number): void {
  keys.set('aws:TokenIssueTime', new Date(Math.floor(session.issuedAt)).toISOString());
  keys.set('aws:MultiFactorAuthPresent', session.mfaAt !== undefined);
  if (session.mfaAt !== undefined) keys.set('aws:MultiFactorAuthAge', Math.floor((at - session.mfaAt) / 1000));
  keys.set('aws:SourceIdentity', session.sourceIdentity);
  keys.set('aws:FederatedProvider', session.federatedProvider);
  for (const [claim, value] of Object.entries(session.claims ?? {})) keys.set(claim, value);
}
