import { AwsError, type ProtocolName } from '../../protocols/types.ts';
import type { Decision } from './evaluate.ts';
import { listed, type PolicyType, type Statement } from './policies.ts';

/** Refusals in AWS's words. https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */

const KINDS: Readonly<Record<PolicyType, string>> = {
  identity: 'identity-based policy', resource: 'resource-based policy', boundary: 'permissions boundary', session: 'session policy', scp: 'service control policy', rcp: 'resource control policy',
};
const article = (kind: string): string => (/^[aeiou]/.test(kind) ? `an ${kind}` : `a ${kind}`);

/** "because no identity-based policy allows the ec2:RunInstances action", "with an explicit deny in a permissions boundary: arn:…" */
export function because(decision: Decision, action: string): string {
  const kind = KINDS[decision.type];
  if (decision.outcome === 'implicitDeny') return `because no ${kind} allows the ${action} action`;
  const { policy } = decision;
  return `with an explicit deny in ${article(kind)}${policy?.source.managed ? `: ${policy.source.name}` : ''}`;
}

export interface Denied {
  readonly callerArn: string;
  readonly action: string;
  readonly resource: string;
  /** What is said of the resource instead. */
  readonly named?: string | undefined;
  readonly decision: Decision;
}

/** "User: arn:… is not authorized to perform: iam:ListUsers on resource: arn:… because …" */
export function denialText({ callerArn, action, resource, named = resource === '*' ? undefined : resource, decision }: Denied): string {
  const on = named === undefined ? '' : ` on resource: ${named}`;
  return `User: ${callerArn} is not authorized to perform: ${action}${on} ${because(decision, action)}`;
}

/** In the code and status of the service's protocol. EC2's text carries what happened, sealed. */
export function accessDenied(protocol: ProtocolName, denied: Denied, encoded: () => string): AwsError {
  const text = denialText(denied);
  switch (protocol) {
    case 'ec2Query':
      return new AwsError('UnauthorizedOperation', `You are not authorized to perform this operation. ${text}${denied.resource === '*' ? '' : `. Encoded authorization failure message: ${encoded()}`}`, 403);
    case 'awsQuery':
      return new AwsError('AccessDenied', text, 403);
    default:
      return new AwsError('AccessDeniedException', text, 400);
  }
}

const itemsOf = (values: readonly string[]) => ({ items: values.map((value) => ({ value })) });
const conditionItems = (conditions: readonly (readonly [string, readonly string[]])[]) => ({ items: conditions.map(([key, values]) => ({ key, values: itemsOf(values) })) });

/** The principal is who called, a role without its session. assumed: what a statement says by NotAction or NotResource is not shown. */
function matched({ sid, effect, text }: Statement, callerId: string) {
  const conditions = Object.values((text.Condition ?? {}) as Record<string, Record<string, unknown>>).flatMap((tests) => Object.entries(tests));
  return {
    statementId: sid ?? '', effect: effect.toUpperCase(), principals: itemsOf([callerId.split(':')[0]!]), principalGroups: { items: [] },
    actions: itemsOf(listed(text.Action)), resources: itemsOf(listed(text.Resource)), conditions: conditionItems(conditions.map(([key, values]) => [key, listed(values).map(String)] as const)),
  };
}

/** What DecodeAuthorizationMessage shows. https://docs.aws.amazon.com/cli/latest/reference/sts/decode-authorization-message.html#examples */
export function failureMessage({ callerArn, action, resource, decision }: Denied, caller: { id: string; name: string | undefined }, keys: readonly (readonly [string, readonly string[]])[]): string {
  return JSON.stringify({
    allowed: false, explicitDeny: decision.outcome === 'explicitDeny', matchedStatements: { items: decision.statement ? [matched(decision.statement, caller.id)] : [] }, failures: { items: [] },
    context: {
      principal: { id: caller.id, ...(caller.name === undefined ? {} : { name: caller.name }), arn: callerArn }, action, resource,
      conditions: conditionItems(keys),
    },
  });
}
