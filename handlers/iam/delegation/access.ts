import { permission, policy, reference, type Permission, type Policy } from '../../../src/iam/index.ts';
import type { Context, Structure } from '../../../src/kit/index.ts';
import { arnOf, delegationRequests, everywhere, type StoredRequest } from './stored.ts';

/** Who may do what with a delegation request. https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies-temporary-delegation.html#temporary-delegation-managing-permissions */
const OF_OWNER = ['GetDelegationRequest', 'GetHumanReadableSummary', 'UpdateDelegationRequest', 'RejectDelegationRequest', 'SendDelegationToken', 'AssociateDelegationRequest'];
const OF_ANYBODY = ['GetDelegationRequest', 'GetHumanReadableSummary', 'AssociateDelegationRequest'];

/** Actions that are about one request; the reference does not have UpdateDelegationRequest, the guide has. */
export const DELEGATION_ACTIONS = ['CreateDelegationRequest', 'AcceptDelegationRequest', 'ListDelegationRequests', ...OF_OWNER];

/** What AWS gives by itself: to the owner, or to whoever has the link of what nobody owns. */
function given(actions: readonly string[], principal: string): Policy {
  return policy({ type: 'resource', name: 'delegation request', managed: false }, JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: principal === '*' ? '*' : { AWS: principal }, Action: actions.map((name) => `iam:${name}`) }] }));
}

const givenBy = (request: StoredRequest): Policy => (request.OwnerId === undefined ? given(OF_ANYBODY, '*') : given(OF_OWNER, request.OwnerId));

export async function delegationPermissions(operation: string, input: Structure, ctx: Context): Promise<Permission[]> {
  const action = reference('iam').action(operation);
  const named = (resource: string, keys: Permission['keys'] = {}): Permission => (action ? permission(action, resource, action.resources[0], keys) : { action: `iam:${operation}`, resource, keys: {} });
  if (operation === 'ListDelegationRequests') {
    const owner = input.OwnerId as string | undefined;
    return [{ ...named('*', { 'iam:DelegationRequestOwner': owner }), ...(owner === ctx.principal.arn && { resourcePolicies: [given([operation], owner)] }) }];
  }
  if (operation === 'CreateDelegationRequest') {
    const { PolicyTemplateArn } = (input.Permissions ?? {}) as { PolicyTemplateArn?: string };
    return [named(`arn:aws:iam::${ctx.account}:delegation-request/*`, { 'iam:DelegationDuration': input.SessionDuration as number, 'iam:NotificationChannel': input.NotificationChannel as string, 'iam:TemplateArn': PolicyTemplateArn })];
  }
  const id = (input.DelegationRequestId as string | undefined) ?? String(input.EntityArn).split('/').at(-1)!;
  const request = await everywhere(ctx).find(delegationRequests, id);
  if (!request) return [named(`arn:aws:iam::${ctx.account}:delegation-request/${id}`)];
  const owner = request.OwnerAccountId;
  return [{ ...named(arnOf(request, ctx.account)), ...(owner !== undefined && { resourceAccount: owner }), ...((owner === undefined || owner === ctx.account) && { resourcePolicies: [givenBy(request)] }) }];
}
