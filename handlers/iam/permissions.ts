import { permission, reference, requestTagKeys, type ActionReference, type KeyValue, type Permission } from '../../src/iam/index.ts';
import { AwsError, type AnyResource, type Context, type Structure } from '../../src/kit/index.ts';
import { accountPropertyPermissions } from './account-properties.ts';
import { DELEGATION_ACTIONS, delegationPermissions } from './delegation/access.ts';
import { arnOf } from './entities.ts';
import { groups } from './groups.ts';
import { instanceProfiles } from './instance-profiles.ts';
import { accessReportPermissions } from './organizations-access-reports.ts';
import { roleTemplatePermissions } from './role-templates.ts';
import { roles } from './roles.ts';
import { serverCertificates } from './server-certificates.ts';
import { linkedRoleName } from './service-linked-roles.ts';
import { users } from './users.ts';

/** What each call of IAM must be allowed. https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html */

interface Named {
  readonly member: string;
  readonly resource?: AnyResource;
}

/** How a call names its resources, by their type in the authorization reference. */
const NAMED: Readonly<Record<string, Named>> = {
  user: { member: 'UserName', resource: users },
  group: { member: 'GroupName', resource: groups },
  role: { member: 'RoleName', resource: roles },
  'instance-profile': { member: 'InstanceProfileName', resource: instanceProfiles },
  'server-certificate': { member: 'ServerCertificateName', resource: serverCertificates },
  policy: { member: 'PolicyName' },
  'saml-provider': { member: 'Name' },
};
const ARN_MEMBERS = ['PolicyArn', 'SAMLProviderArn', 'OpenIDConnectProviderArn', 'SerialNumber', 'Arn', 'PolicySourceArn', 'DeletionTaskId'];

/** Calls whose resources or conditions are none of these: their own files say what they need. */
const OWN: Readonly<Record<string, (operation: string, input: Structure, ctx: Context) => Permission[] | Promise<Permission[]>>> = {
  ...Object.fromEntries(DELEGATION_ACTIONS.map((name) => [name, delegationPermissions])),
  AcquireRole: roleTemplatePermissions, GetRoleTemplateVersion: roleTemplatePermissions, GetAccountProperties: accountPropertyPermissions, PutAccountProperties: accountPropertyPermissions,
  GenerateOrganizationsAccessReport: accessReportPermissions, GetOrganizationsAccessReport: accessReportPermissions,
};

export async function permissions(operation: string, input: Structure, ctx: Context): Promise<Permission[]> {
  refuseWithoutMfa(ctx);
  const own = OWN[operation];
  if (own) return own(operation, input, ctx);
  const action = reference('iam').action(operation);
  if (!action) return [];
  const needed: Permission[] = [];
  for (const { name: type } of action.resources) {
    const found = await target(type, operation, input, ctx);
    if (found) needed.push({ named: found.named, ...permission(action, found.arn, action.resources.find((r) => r.name === type), { ...tagKeys(found.document), ...requestKeys(input, found.document) }) });
  }
  if (needed.length === 0) {
    const { arn, named } = listed(operation, input, ctx) ?? { arn: '*', named: '*' };
    needed.push({ named, ...permission(action, arn, undefined, requestKeys(input, undefined)) });
  }
  return [...needed, ...(await dependents(operation, input, needed, ctx))];
}

/** "You cannot call any IAM API operations unless MFA authentication information is included in the request." https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html */
function refuseWithoutMfa({ principal: { type, session } }: Context): void {
  // A partner acts with what was delegated, as nobody's session token would.
  const fromSessionToken = session !== undefined && session.delegation === undefined && (type === 'user' || type === 'federated-user');
  if (fromSessionToken && (session.mfaAt === undefined || type === 'federated-user')) throw new AwsError('InvalidClientTokenId', 'The security token included in the request is invalid', 403);
}

interface Target {
  readonly arn: string;
  /** Refusals say what was asked for by its name as "role deploy", and say the ARN of what is made and of the caller. https://github.com/aws/aws-cdk/issues/27067 */
  readonly named?: string;
  readonly document?: Structure | undefined;
}

/** What lists list: they are about the path, as if it were one of what lies under it. https://github.com/aws/aws-sam-cli/issues/394 */
const LISTED: Readonly<Record<string, string>> = {
  ListUsers: 'user', ListGroups: 'group', ListRoles: 'role', ListPolicies: 'policy', ListInstanceProfiles: 'instance-profile', ListServerCertificates: 'server-certificate', ListVirtualMFADevices: 'mfa',
};

function listed(operation: string, input: Structure, ctx: Context): Target | undefined {
  const type = LISTED[operation];
  const path = (input.PathPrefix as string | undefined) ?? '/';
  return type === undefined ? undefined : { arn: arnOf(ctx, type, path, ''), ...(type === 'policy' ? { named: `policy path ${path}` } : {}) };
}

async function target(type: string, operation: string, input: Structure, ctx: Context): Promise<Target | undefined> {
  for (const member of ARN_MEMBERS) {
    const arn = input[member];
    if (typeof arn === 'string' && arn.split(':')[5]?.startsWith(`${type}/`)) return { ...(member === 'PolicyArn' ? { named: `policy ${arn}` } : {}), ...(await byArn(arn, ctx)) };
  }
  if (type === 'mfa' && typeof input.VirtualMFADeviceName === 'string') return { arn: arnOf(ctx, 'mfa', (input.Path as string | undefined) ?? '/', input.VirtualMFADeviceName) };
  if (type === 'oidc-provider' && typeof input.Url === 'string') return { arn: arnOf(ctx, type, '/', input.Url.replace(/^https:\/\//, '')) };
  if (operation === 'CreateServiceLinkedRole') return { arn: arnOf(ctx, 'role', `/aws-service-role/${String(input.AWSServiceName)}/`, linkedRoleName(input) ?? '*') };
  const named = NAMED[type];
  if (!named) return undefined;
  const name = input[named.member];
  if (typeof name === 'string') return { ...(MAKERS.has(operation) ? {} : { named: `${type.replace('-', ' ')} ${name}` }), ...(await byName(type, named, name, (input.Path as string | undefined) ?? '/', ctx)) };
  // Calls that may leave the user out are about who calls; one about any principal has its ARN.
  if (type !== 'user' || input.Arn !== undefined || input.PolicySourceArn !== undefined) return undefined;
  return { arn: ctx.principal.arn, document: ctx.principal.type === 'user' ? ((await ctx.find(users, ctx.principal.userId)) as Structure | undefined) : undefined };
}

async function byName(type: string, { resource }: Named, name: string, path: string, ctx: Context): Promise<Target> {
  const found = resource && (await ctx.list(resource, { member: '$.lower', value: name.toLowerCase() }))[0];
  return found ? { arn: found.Arn as string, document: found as Structure } : { arn: arnOf(ctx, type, path, name) };
}

async function byArn(arn: string, ctx: Context): Promise<Target> {
  const [kind, ...names] = arn.split(':').slice(5).join(':').split('/');
  const name = names.at(-1)!;
  const resource = ctx.world.registry.resource(`iam:${kind!}`);
  if (!resource) return { arn };
  const found = resource.linked.has('$.lower') && kind !== 'policy' ? (await ctx.list(resource, { member: '$.lower', value: name.toLowerCase() }))[0] : await ctx.find(resource, arn);
  return { arn, document: found as Structure | undefined };
}

function tagKeys(document: Structure | undefined): Record<string, KeyValue> {
  const keys: Record<string, KeyValue> = {};
  for (const { Key, Value } of (document?.Tags ?? []) as unknown as { Key: string; Value: string }[]) keys[`aws:ResourceTag/${Key}`] = keys[`iam:ResourceTag/${Key}`] = Value;
  return keys;
}

function requestKeys(input: Structure, document: Structure | undefined): Record<string, KeyValue> {
  const bound = (document?.PermissionsBoundary as { PermissionsBoundaryArn?: string } | undefined)?.PermissionsBoundaryArn;
  const tags = input.Tags as { Key?: string; Value?: string }[] | undefined;
  return {
    ...requestTagKeys(tags), ...(Array.isArray(input.TagKeys) ? { 'aws:TagKeys': input.TagKeys as string[] } : {}),
    'iam:PermissionsBoundary': (input.PermissionsBoundary as string | undefined) ?? bound, 'iam:PolicyARN': input.PolicyArn as string | undefined, 'iam:AWSServiceName': input.AWSServiceName as string | undefined,
    'iam:ServiceSpecificCredentialServiceName': input.ServiceName as string | undefined, 'iam:ServiceSpecificCredentialAgeDays': input.CredentialAgeDays === undefined ? undefined : String(input.CredentialAgeDays),
  };
}

const TAGGING: Readonly<Record<string, string>> = {
  CreateUser: 'TagUser', CreateRole: 'TagRole', CreatePolicy: 'TagPolicy', CreateInstanceProfile: 'TagInstanceProfile', CreateOpenIDConnectProvider: 'TagOpenIDConnectProvider',
  CreateSAMLProvider: 'TagSAMLProvider', CreateVirtualMFADevice: 'TagMFADevice', UploadServerCertificate: 'TagServerCertificate',
};

/** What is made has a path, and so an ARN, before it is found by its name. */
const MAKERS: ReadonlySet<string> = new Set([...Object.keys(TAGGING), 'CreateGroup']);

/**
 * Tags at creation, and roles that are handed on. What is tagged as it is made has those tags already: Karpenter's controller policy
 * allows iam:TagInstanceProfile by aws:ResourceTag alone, and with it makes tagged profiles.
 * https://karpenter.sh/docs/reference/cloudformation/#allowscopedinstanceprofiletagactions
 */
async function dependents(operation: string, input: Structure, made: readonly Permission[], ctx: Context): Promise<Permission[]> {
  const tagging = TAGGING[operation];
  const tags = input.Tags as { Key?: string; Value?: string }[] | undefined;
  if (tagging && tags && tags.length > 0) {
    const action = reference('iam').action(tagging) as ActionReference;
    return made.map(({ resource }) => permission(action, resource, action.resources[0], { ...tagKeys(input), ...requestTagKeys(tags) }));
  }
  // "The caller of this operation must be granted the PassRole permission": https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddRoleToInstanceProfile.html
  if (operation !== 'AddRoleToInstanceProfile') return [];
  const role = await byName('role', NAMED.role!, input.RoleName as string, '/', ctx);
  return [permission(reference('iam').action('PassRole')!, role.arn, undefined, { 'iam:PassedToService': 'ec2.amazonaws.com', 'iam:AssociatedResourceArn': made[0]!.resource })];
}
