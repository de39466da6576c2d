import { callerOf, decide, globalKeys, type Policies, type Policy } from '../../../src/iam/index.ts';
import { callerPolicies, identityOf, type Context } from '../../../src/kit/index.ts';
import { statementsOf } from './templates.ts';

/** Every list of policies with its statements changed. */
function mapped(policies: Policies, change: (policy: Policy) => Policy): Policies {
  const each = (list: readonly Policy[]) => list.map(change);
  return {
    identity: each(policies.identity), ...(policies.scps && { scps: policies.scps.map(each) }), ...(policies.boundary && { boundary: each(policies.boundary) }), ...(policies.session && { session: each(policies.session) }),
    ...(policies.limits && { limits: each(policies.limits) }),
  };
}

/** As if no condition held that a statement of this effect has. */
const without = (effect: 'Allow' | 'Deny') => (policy: Policy): Policy => ({ ...policy, statements: policy.statements.filter((s) => s.effect !== effect || s.conditions.length === 0).map((s) => ({ ...s, conditions: [] })) });

/**
 * Whether the caller has what a request asks for. Patterns are asked for as they are written; where conditions decide,
 * nobody knows before the calls are made. https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetDelegationRequest.html
 */
export async function permissionCheck(ctx: Context, policy: string): Promise<'ALLOWED' | 'DENIED' | 'UNSURE'> {
  const policies = await callerPolicies(ctx);
  const [worst, best] = [mapped(policies, without('Allow')), mapped(policies, without('Deny'))];
  const identity = await identityOf(ctx);
  const caller = callerOf(ctx.principal, identity.behind);
  const context = globalKeys(ctx.principal, identity.arn, identity.tags, { at: ctx.nowMs, region: ctx.region, sourceIp: undefined, userAgent: undefined });
  let sure = true;
  for (const { effect, actions, resources } of statementsOf(policy)) {
    if (effect !== 'Allow') continue;
    // What names only what it leaves out cannot be asked for one by one.
    if (actions.length === 0 || resources.length === 0) sure = false;
    for (const action of actions) {
      for (const resource of resources) {
        const question = { action, resource, resourceAccount: ctx.account, caller, context };
        if (decide(question, best).outcome !== 'allowed') return 'DENIED';
        sure &&= decide(question, worst).outcome === 'allowed';
      }
    }
  }
  return sure ? 'ALLOWED' : 'UNSURE';
}
