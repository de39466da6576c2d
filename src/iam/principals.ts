import type { Principal } from '../identity/principals.ts';

/**
 * The Principal element. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 * How a caller is named decides what else must allow: themselves (`self`: a user, a session, anyone), the role behind a
 * session (`role`), or the account, which delegates to its own policies (`account`).
 */
export type Naming = 'self' | 'role' | 'account';

export interface PrincipalMatcher {
  /** How the statement names the caller; undefined where it is not about them. */
  names(caller: Caller): Naming | undefined;
}

/** A caller by all their names. */
export interface Caller {
  readonly account: string;
  /** A user's, a session's, root's. */
  readonly arn: string;
  /** A session's role; of a federated user the user who made the session. */
  readonly roleArn?: string;
  /** AIDA…, AROA…; of a session its role's. */
  readonly uniqueId?: string;
  /** The identity provider of a federated caller. */
  readonly federated?: string;
  readonly service?: string;
  readonly anonymous?: boolean;
}

export function callerOf(principal: Principal, roleArn?: string): Caller {
  return {
    account: principal.account, arn: principal.arn, ...(roleArn === undefined ? {} : { roleArn }), uniqueId: principal.userId.split(':')[0]!,
    ...(principal.session?.federatedProvider === undefined ? {} : { federated: principal.session.federatedProvider }),
  };
}

const listed = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [String(value)]);

export function compilePrincipals(principal: unknown, notPrincipal: unknown): PrincipalMatcher | undefined {
  if (principal === undefined && notPrincipal === undefined) return undefined;
  const match = naming(principal ?? notPrincipal);
  if (principal !== undefined) return { names: match };
  // assumed: who is named in whatever way is excepted, the whole account where its root is named.
  return { names: (caller) => (match(caller) === undefined ? 'self' : undefined) };
}

function naming(element: unknown): (caller: Caller) => Naming | undefined {
  if (element === '*') return () => 'self';
  const { AWS, Service, Federated } = element as Record<string, unknown>;
  const aws = AWS === undefined ? [] : listed(AWS);
  const services = Service === undefined ? [] : listed(Service);
  const federated = Federated === undefined ? [] : listed(Federated);
  return (caller) => {
    if (caller.service !== undefined) return services.includes(caller.service) ? 'self' : undefined;
    if (caller.federated !== undefined && federated.includes(caller.federated)) return 'self';
    let best: Naming | undefined;
    for (const name of aws) {
      const found = named(name, caller);
      if (found === 'self') return found;
      if (found !== undefined && best !== 'role') best = found;
    }
    return best;
  };
}

const ACCOUNT_ID = /^\d{12}$/;

function named(principal: string, caller: Caller): Naming | undefined {
  if (principal === '*') return 'self';
  if (caller.anonymous) return undefined;
  const name = ACCOUNT_ID.test(principal) ? `arn:aws:iam::${principal}:root` : principal;
  if (name === caller.arn) return 'self';
  if (name === caller.roleArn) return 'role';
  // AWS keeps the unique id in place of an ARN, so that a namesake made later is not meant.
  if (name === caller.uniqueId) return caller.roleArn === undefined ? 'self' : 'role';
  if (name === `arn:aws:iam::${caller.account}:root`) return 'account';
  return undefined;
}
