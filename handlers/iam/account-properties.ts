import type { IamOperations } from '../../fixtures/models/iam.ts';
import { permission, reference, type Permission } from '../../src/iam/index.ts';
import { resource, type Context, type Handlers, type Structure } from '../../src/kit/index.ts';
import { serviceLinkedRole } from './catalog/service-linked-roles.ts';
import { arnOf } from './entities.ts';
import * as errors from './errors.ts';
import { linkedRoleOf, makeLinkedRole } from './service-linked-roles.ts';

/** What switches features of IAM for a whole account: there is one, role manager. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_role-manager_enable-use.html */
interface AccountProperties {
  AccountId: string;
  Properties: Record<string, string>;
}

export const accountProperties = resource<AccountProperties>({
  service: 'iam',
  kind: 'account-properties',
  global: true,
  shape: 'GetAccountPropertiesResponse',
  id: { member: 'AccountId' },
  notFound: ([account]) => errors.noSuchEntity(`Account ${account} has no properties.`),
  tags: null,
});

const NAMESPACE = 'RoleManager';
const ENABLED = `${NAMESPACE}/Enabled`;
const PRINCIPAL = 'role-manager.iam.amazonaws.com';

type Given = IamOperations['PutAccountProperties']['input']['Properties'];

const namespacesOf = (given: Given): string[] => [...new Set(Object.keys(given).map((key) => key.split('/')[0]!))].sort();

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutAccountProperties.html */
function enabledBy(given: Given): boolean {
  for (const key of Object.keys(given).sort()) if (!/^[A-Za-z][A-Za-z0-9_-]*\/[A-Za-z0-9_-]+$/.test(key)) throw errors.invalidInput(`Property key must be in format Namespace/PropertyName: ${key}`);
  const [namespace, ...others] = namespacesOf(given);
  if (others.length > 0) throw errors.invalidInput('All properties must belong to the same namespace');
  if (namespace !== NAMESPACE) throw errors.invalidInput(`Unsupported namespace: ${namespace ?? ''}`);
  const value = given[ENABLED];
  if (value === undefined) throw errors.invalidInput(`${NAMESPACE} namespace requires Enabled property`);
  if (value !== 'true' && value !== 'false') throw errors.invalidInput("Enabled must be 'true' or 'false'");
  return value === 'true';
}

async function put(input: IamOperations['PutAccountProperties']['input'], ctx: Context): Promise<void> {
  const enabled = enabledBy(input.Properties);
  // Role manager works with a role of its own, which stays when it is switched off.
  if (enabled && !(await linkedRoleOf(ctx, PRINCIPAL))) await makeLinkedRole(ctx, serviceLinkedRole(PRINCIPAL)!);
  const properties = { AccountId: ctx.account, Properties: { [ENABLED]: String(enabled) } };
  await ((await ctx.find(accountProperties, ctx.account)) ? ctx.save(accountProperties, properties) : ctx.create(accountProperties, properties));
}

/** Who enables role manager must be allowed to make its role, whether it is there already or not. */
export function accountPropertyPermissions(operation: string, input: Structure, ctx: Context): Permission[] {
  const action = reference('iam').action(operation)!;
  const given = (input.Properties ?? {}) as Given;
  const namespaces = operation === 'PutAccountProperties' ? namespacesOf(given) : [NAMESPACE];
  const needed = [permission(action, '*', undefined, { 'iam:AccountPropertyNamespaces': namespaces })];
  if (given[ENABLED] !== 'true') return needed;
  const role = arnOf(ctx, 'role', `/aws-service-role/${PRINCIPAL}/`, serviceLinkedRole(PRINCIPAL)!.roleName);
  const linking = reference('iam').action('CreateServiceLinkedRole')!;
  return [...needed, permission(linking, role, linking.resources[0], { 'iam:AWSServiceName': PRINCIPAL })];
}

export const accountPropertyOperations = {
  GetAccountProperties: async (_input, ctx) => ({ Properties: (await ctx.find(accountProperties, ctx.account))?.Properties ?? { [ENABLED]: 'false' } }),
  PutAccountProperties: put,
} satisfies Handlers<IamOperations>;
