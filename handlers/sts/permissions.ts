import { permission, reference, requestTagKeys, type Permission } from '../../src/iam/index.ts';
import type { Context, Structure } from '../../src/kit/index.ts';
import { targetAccount } from './root-sessions.ts';

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html */

/**
 * "No permissions are required": these say who somebody is. The AssumeRole family asks the role's own policy, which the
 * operations do themselves. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
const FREE = new Set(['GetCallerIdentity', 'GetSessionToken', 'GetAccessKeyInfo', 'AssumeRole', 'AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity']);

export async function permissions(operation: string, input: Structure, ctx: Context): Promise<Permission[]> {
  const sts = reference('sts');
  const action = FREE.has(operation) ? undefined : sts.action(operation);
  if (!action) return [];
  const [type] = action.resources;
  const tags = input.Tags as { Key?: string; Value?: string }[] | undefined;
  const target = operation === 'AssumeRoot' ? targetAccount(String(input.TargetPrincipal)) : undefined;
  const resource = operation === 'GetFederationToken' ? `arn:aws:sts::${ctx.account}:federated-user/${String(input.Name)}` : target === undefined ? '*' : `arn:aws:iam::${target}:root`;
  const token = {
    'sts:TaskPolicyArn': (input.TaskPolicyArn as { arn?: string } | undefined)?.arn, 'sts:IdentityTokenAudience': input.Audience as string[] | undefined, 'sts:SigningAlgorithm': input.SigningAlgorithm as string | undefined, 'sts:DurationSeconds': input.DurationSeconds as number | undefined };
  const needed = [permission(action, resource, type, { ...requestTagKeys(tags), ...token })];
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_permissions-required
  if (tags && tags.length > 0 && operation === 'GetFederationToken') needed.push(permission(sts.action('TagSession')!, resource, undefined, requestTagKeys(tags)));
  // https://docs.aws.amazon.com/STS/latest/APIReference/API_GetWebIdentityToken.html
  if (tags && tags.length > 0 && operation === 'GetWebIdentityToken') needed.push(permission(sts.action('TagGetWebIdentityToken')!, resource, undefined, requestTagKeys(tags)));
  return needed;
}
