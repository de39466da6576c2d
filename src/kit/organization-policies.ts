import type { Policies } from '../iam/evaluate.ts';
import { policy, type Policy, type PolicyType } from '../iam/policies.ts';
import type { Awaitable, Store } from '../store/store.ts';

/**
 * Policies of the organisation above an account, from its root to the account itself; every level must allow.
 * A table until Organizations is there. https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
 */
export interface OrganizationPolicies {
  /** Levels of policy documents, JSON. */
  readonly scps?: readonly (readonly string[])[];
  readonly rcps?: readonly (readonly string[])[];
}

const factOf = (account: string): string => `organization-policies/${account}`;

export const putOrganizationPolicies = (store: Store, account: string, policies: OrganizationPolicies): Awaitable<void> => store.putFact(factOf(account), JSON.stringify(policies));

const compiled = new Map<string, Pick<Policies, 'scps' | 'rcps'>>();
const NONE = {};

export function organizationPolicies(store: Store, account: string): Awaitable<Pick<Policies, 'scps' | 'rcps'>> {
  const text = store.fact(factOf(account));
  return text instanceof Promise ? text.then(read) : read(text);
}

/** Compiled once for each text. */
function read(text: string | undefined): Pick<Policies, 'scps' | 'rcps'> {
  if (text === undefined) return NONE;
  let found = compiled.get(text);
  if (!found) {
    const { scps, rcps } = JSON.parse(text) as OrganizationPolicies;
    found = { ...(scps && { scps: levels('scp', scps) }), ...(rcps && { rcps: levels('rcp', rcps) }) };
    if (compiled.size > 100) compiled.clear();
    compiled.set(text, found);
  }
  return found;
}

const levels = (type: PolicyType, all: readonly (readonly string[])[]): Policy[][] =>
  all.map((documents, level) => documents.map((text, i) => policy({ type, name: `${type} ${i + 1} of level ${level + 1}`, managed: false }, text)));
