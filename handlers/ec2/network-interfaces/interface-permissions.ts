import type { NetworkInterfacePermission } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { networkInterfaces } from './network-interfaces.ts';

type StoredPermission = Wire<NetworkInterfacePermission>;

type State = NonNullable<StoredPermission['PermissionState']>['State'];
/**
 * AWS writes states in capitals, whatever its model says, and a permission is granted at once.
 * https://docs.aws.amazon.com/cli/latest/reference/ec2/create-network-interface-permission.html
 */
const GRANTED = 'GRANTED' as string as State;
const REVOKING = 'REVOKING' as string as State & string;

/** Who else may attach an interface to an instance, or give it an address. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkInterfacePermission.html */
export const interfacePermissions = resource<StoredPermission>({
  service: 'ec2',
  kind: 'network-interface-permission',
  shape: 'NetworkInterfacePermission',
  id: { member: 'NetworkInterfacePermissionId', prefix: 'eni-perm' },
  // The code that Terraform's provider waits for.
  notFound: errors.notFound('InvalidPermissionID.NotFound', 'network interface permission ID'),
  malformed: errors.malformedId('InvalidPermissionID.Malformed', 'eni-perm'),
  tags: null,
  state: 'PermissionState.State',
  lifecycle: { REVOKING: { after: seconds(2), to: 'gone' } },
  references: { NetworkInterfaceId: { kind: 'ec2:network-interface', onDelete: 'cascade' } },
  filters: {
    'network-interface-permission.network-interface-permission-id': 'NetworkInterfacePermissionId', 'network-interface-permission.network-interface-id': 'NetworkInterfaceId',
    'network-interface-permission.aws-account-id': 'AwsAccountId', 'network-interface-permission.aws-service': 'AwsService', 'network-interface-permission.permission': 'Permission',
  },
});

async function planPermission(input: Ec2Operations['CreateNetworkInterfacePermission']['input'], ctx: Context): Promise<Partial<StoredPermission>> {
  await ctx.get(networkInterfaces, input.NetworkInterfaceId);
  // "Currently not supported."
  if (input.AwsService !== undefined) throw errors.unsupportedOperation('The parameter AwsService is not supported.');
  if (input.AwsAccountId === undefined) throw errors.missingParameter('awsAccountId');
  if (!/^\d{12}$/.test(input.AwsAccountId)) throw errors.invalidValue(input.AwsAccountId, 'awsAccountId', 'This is not an account ID.');
  const present = await ctx.list(interfacePermissions, { member: 'NetworkInterfaceId', value: input.NetworkInterfaceId });
  // "You can grant permission to a single account only, and only one account at a time."
  // assumed: the code of these two refusals.
  if (present.some((p) => p.Permission === input.Permission && p.AwsAccountId === input.AwsAccountId)) throw errors.permissionDuplicate(`The permission ${input.Permission} is already granted to ${input.AwsAccountId} for ${input.NetworkInterfaceId}`);
  if (present.some((p) => p.AwsAccountId !== input.AwsAccountId)) throw errors.unsupportedOperation(`The network interface ${input.NetworkInterfaceId} already has a permission for another account.`);
  return { NetworkInterfaceId: input.NetworkInterfaceId, AwsAccountId: input.AwsAccountId, Permission: input.Permission, PermissionState: { State: GRANTED } };
}

export const interfacePermissionOperations = {
  CreateNetworkInterfacePermission: creates(interfacePermissions, planPermission),
  DescribeNetworkInterfacePermissions: describes(interfacePermissions, { ids: 'NetworkInterfacePermissionIds' }),
  DeleteNetworkInterfacePermission: async (input, ctx) => {
    const permission = await ctx.get(interfacePermissions, input.NetworkInterfacePermissionId);
    const eni = await ctx.find(networkInterfaces, permission.NetworkInterfaceId!);
    // "By default, you cannot delete the permission if the account for which you're removing the permission has attached the network interface to an instance."
    const theirs = eni?.Attachment?.InstanceOwnerId === permission.AwsAccountId;
    if (theirs && input.Force !== true) throw errors.operationNotPermitted(`The network interface ${permission.NetworkInterfaceId} is attached to an instance of ${permission.AwsAccountId}.`);
    if (permission.PermissionState!.State !== REVOKING) await ctx.transition(interfacePermissions, permission, REVOKING);
    return { Return: true };
  },
} satisfies Handlers<Ec2Operations>;
