import type { Awaitable, Store } from '../store/store.ts';
import type { Context } from './context.ts';

/**
 * What is arranged with AWS outside of any API, or published by AWS itself: the control API puts it here, handlers read it.
 * Of an organisation only what other services ask it for, until Organizations is there.
 */
export interface Arrangements {
  /** By ARN: what a partner may ask customers for. https://docs.aws.amazon.com/IAM/latest/UserGuide/temporary-delegation-policy-templates.html */
  'delegation-template': { readonly arn: string; readonly account: string; readonly policy: string };
  /** By account: a partner who has been onboarded. */
  'delegation-partner': { readonly account: string; readonly name: string };
  /** By ARN: the versions of a role template, as GetRoleTemplateVersion shows them. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_role-template.html */
  'role-template': { readonly versions: readonly Readonly<Record<string, unknown>>[] };
  /** By id. */
  organization: Organization;
  /** By account: the id of its organisation. */
  membership: { readonly organization: string };
}

export interface Organization {
  readonly Id: string;
  readonly FeatureSet: 'ALL' | 'CONSOLIDATED_BILLING';
  readonly MasterAccountId: string;
  /** `o-…/r-…/ou-…/<account>`, by account; the management account is among them. */
  readonly paths: Readonly<Record<string, string>>;
  /** Who manages IAM for the management account. */
  readonly delegatedAdministrators: readonly string[];
  /** Service control policies by id, JSON. */
  readonly policies: Readonly<Record<string, string>>;
}

const nameOf = (kind: keyof Arrangements, id: string): string => `arranged/${kind}/${id}`;

export const arrange = <Kind extends keyof Arrangements>(store: Store, kind: Kind, id: string, what: Arrangements[Kind]): Awaitable<void> => store.putFact(nameOf(kind, id), JSON.stringify(what));

export async function arranged<Kind extends keyof Arrangements>(store: Store, kind: Kind, id: string): Promise<Arrangements[Kind] | undefined> {
  const text = await store.fact(nameOf(kind, id));
  return text === undefined ? undefined : (JSON.parse(text) as Arrangements[Kind]);
}

/** The organisation of an account, where it is in one. */
export async function organizationOf(store: Store, account: string): Promise<Organization | undefined> {
  const membership = await arranged(store, 'membership', account);
  const found = membership && (await arranged(store, 'organization', membership.organization));
  return found && Object.hasOwn(found.paths, account) ? found : undefined;
}

/** What a trusted context provider says of somebody. Providers get it encrypted from STS; here the control API makes it. */
export interface ContextAssertion {
  readonly provider: string;
  readonly contexts: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly expires: number;
}

export const sealContext = (store: Store, assertion: ContextAssertion): string => store.seal(JSON.stringify({ assertion }));

/** Undefined where it is none of ours. */
export function contextAssertion(ctx: Context, text: string): ContextAssertion | undefined {
  try {
    return (JSON.parse(ctx.unseal(text)) as { assertion?: ContextAssertion }).assertion;
  } catch {
    return undefined;
  }
}
