import type { Call } from './calls.ts';

interface Statement {
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

export interface LeastPolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

/** EC2 gives another id on the next run. */
const DRAWN_ID = /^(arn:aws:ec2:[^:]*:[^:]*:[a-z-]+\/)[a-z]+(?:-[a-z]+)*-[0-9a-f]{8,17}$/;
/** Terraform's `name_prefix` puts the time behind a name: 26 digits. https://developer.hashicorp.com/terraform/plugin/sdkv2/resources */
const DRAWN_NAME = /\d{26}/g;
/** A passed role is passed to one service: that is kept. */
const KEPT_KEYS = ['iam:passedtoservice'];

/** The least policy that allows what these calls did: one statement for all actions on the same resources. */
export function leastPolicy(calls: readonly Call[]): LeastPolicy {
  const resourcesOf = new Map<string, { action: string; condition: Statement['Condition']; resources: Set<string> }>();
  for (const { judgements } of calls) {
    for (const { permission: { action, resource, keys } } of judgements) {
      const condition = conditionOf(keys);
      const name = `${action} ${JSON.stringify(condition ?? null)}`;
      let found = resourcesOf.get(name);
      if (!found) resourcesOf.set(name, (found = { action, condition, resources: new Set() }));
      found.resources.add(resource.replace(DRAWN_ID, '$1*').replace(DRAWN_NAME, '*'));
    }
  }
  const statements = new Map<string, { Effect: 'Allow'; Action: string[]; Resource: string[]; Condition?: Statement['Condition'] }>();
  for (const { action, condition, resources } of [...resourcesOf.values()].sort((a, b) => (a.action < b.action ? -1 : 1))) {
    const Resource = [...resources].sort();
    const name = JSON.stringify([Resource, condition ?? null]);
    const same = statements.get(name);
    if (same) same.Action.push(action);
    else statements.set(name, { Effect: 'Allow', Action: [action], Resource, ...(condition ? { Condition: condition } : {}) });
  }
  return { Version: '2012-10-17', Statement: [...statements.values()] };
}

function conditionOf(keys: Readonly<Record<string, unknown>>): Statement['Condition'] {
  const kept = Object.entries(keys).filter(([key, value]) => KEPT_KEYS.includes(key.toLowerCase()) && value !== undefined);
  return kept.length === 0 ? undefined : { StringEquals: Object.fromEntries(kept.map(([key, value]) => [key, [String(value)]])) };
}
