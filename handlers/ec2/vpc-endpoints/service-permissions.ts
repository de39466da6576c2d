import type { AllowedPrincipal } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { describes, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { invalidPrincipal } from './errors.ts';
import { endpointServices } from './service-configurations.ts';

export type StoredPermission = Wire<AllowedPrincipal>;

/** Who may find a service and ask for a connection. https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html#add-remove-permissions */
export const servicePermissions = resource<StoredPermission>({
  service: 'ec2',
  kind: 'vpc-endpoint-service-permission',
  shape: 'AllowedPrincipal',
  id: { member: 'ServicePermissionId', prefix: 'vpce-svc-perm' },
  notFound: errors.notFound('InvalidVpcEndpointServicePermissionId.NotFound', 'VPC endpoint service permission ID'),
  references: { ServiceId: { kind: 'ec2:vpc-endpoint-service', onDelete: 'cascade' } },
});

const TYPES: readonly (readonly [RegExp, NonNullable<StoredPermission['PrincipalType']>])[] = [
  [/^\*$/, 'All'], [/^arn:aws:iam::\d{12}:root$/, 'Account'], [/^arn:aws:iam::\d{12}:user\/.+$/, 'User'], [/^arn:aws:iam::\d{12}:role\/.+$/, 'Role'],
  [/^arn:aws:organizations::\d{12}:ou\/.+$/, 'OrganizationUnit'], [/^[a-z0-9.-]+\.amazonaws\.com$/, 'Service'],
];

function typeOf(principal: string): NonNullable<StoredPermission['PrincipalType']> {
  const found = TYPES.find(([form]) => form.test(principal));
  if (!found) throw invalidPrincipal(principal);
  return found[1];
}

/** Whether the caller may use a service of `owner`: the owner's account always may. */
export async function mayConnect(owner: Context, caller: Context, serviceId: string): Promise<boolean> {
  if (owner.account === caller.account) return true;
  const { account, arn, name, type } = caller.principal;
  const role = type === 'role-session' ? `arn:aws:iam::${account}:role/${name}` : arn;
  const allowed = (await owner.list(servicePermissions, { member: 'ServiceId', value: serviceId })).map((p) => p.Principal!);
  return allowed.some((p) => p === '*' || p === `arn:aws:iam::${caller.account}:root` || p === arn || p === role);
}

async function modify(input: Ec2Operations['ModifyVpcEndpointServicePermissions']['input'], ctx: Context): Promise<Ec2Operations['ModifyVpcEndpointServicePermissions']['output']> {
  await ctx.get(endpointServices, input.ServiceId);
  const added = [...new Set(input.AddAllowedPrincipals ?? [])];
  const removed = new Set(input.RemoveAllowedPrincipals ?? []);
  if (added.length + removed.size === 0) throw errors.missingParameter('addAllowedPrincipals or removeAllowedPrincipals');
  const plans = added.map((Principal) => ({ Principal, PrincipalType: typeOf(Principal) }));
  const present = await ctx.list(servicePermissions, { member: 'ServiceId', value: input.ServiceId });
  for (const permission of present) if (removed.has(permission.Principal!)) await ctx.remove(servicePermissions, permission);
  const made = [];
  for (const plan of plans) {
    if (present.some((p) => p.Principal === plan.Principal && !removed.has(plan.Principal))) continue;
    const { Tags: _tags, ...shown } = await ctx.create(servicePermissions, { ...plan, ServicePermissionId: ctx.newId(servicePermissions), ServiceId: input.ServiceId, Tags: [] } satisfies StoredPermission);
    made.push(shown);
  }
  return { AddedPrincipals: made, ReturnValue: true };
}

export const servicePermissionOperations = {
  ModifyVpcEndpointServicePermissions: modify,
  DescribeVpcEndpointServicePermissions: describes(servicePermissions, {
    prepare: async (input, ctx) => {
      await ctx.get(endpointServices, input.ServiceId);
      return input;
    },
    visible: (permission, input) => permission.ServiceId === input.ServiceId,
  }),
} satisfies Handlers<Ec2Operations>;
