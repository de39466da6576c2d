import type { Address } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { AwsError, describes, pagePosition, pageToken, resource, specifiedTags, type Context, type Handlers, type Structure } from '../../../src/kit/index.ts';
import { addressKeys } from '../condition-keys.ts';
import * as errors from '../errors.ts';
import { instances } from '../instances/instances.ts';
import { associatePublicIp, clearAssociation, networkInterfaces, saveInterface, type StoredInterface } from '../network-interfaces/network-interfaces.ts';
import { drawPublicIp } from './public-addresses.ts';

/** `$` holds the reverse DNS name (PTR record). */
export type StoredAddress = Wire<Address> & { $?: { domainName?: string } };

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/elastic-ip-addresses-eip.html */
export const addresses = resource<StoredAddress>({
  service: 'ec2',
  kind: 'elastic-ip',
  shape: 'Address',
  id: { member: 'AllocationId', prefix: 'eipalloc' },
  notFound: errors.notFound('InvalidAllocationID.NotFound', 'allocation ID'),
  malformed: errors.malformedId('InvalidAllocationID.Malformed', 'eipalloc'),
  references: { NetworkInterfaceId: { kind: 'ec2:network-interface', onDelete: 'keep' } },
  indexed: ['PublicIp', 'AssociationId', 'InstanceId'],
  conditionKeys: addressKeys,
});

async function allocate(input: Ec2Operations['AllocateAddress']['input'], ctx: Context): Promise<Ec2Operations['AllocateAddress']['output']> {
  for (const name of ['PublicIpv4Pool', 'CustomerOwnedIpv4Pool', 'IpamPoolId', 'Address'] as const) {
    if (input[name] !== undefined) throw errors.unsupportedOperation(`The parameter ${name} is not supported by Fogbank yet.`);
  }
  if (input.Domain !== undefined && input.Domain !== 'vpc') throw errors.invalidParameterValue(`Invalid value '${input.Domain}' for domain.`);
  if (input.NetworkBorderGroup !== undefined && input.NetworkBorderGroup !== ctx.region) throw errors.invalidParameterValue(`Invalid value '${input.NetworkBorderGroup}' for networkBorderGroup.`);
  const address: StoredAddress = {
    AllocationId: ctx.newId(addresses), PublicIp: await drawPublicIp(ctx), Domain: 'vpc', NetworkBorderGroup: ctx.region, PublicIpv4Pool: 'amazon',
    Tags: specifiedTags(input.TagSpecifications as never, 'elastic-ip'),
  };
  await ctx.create(addresses, address);
  return { AllocationId: address.AllocationId, PublicIp: address.PublicIp, Domain: 'vpc', NetworkBorderGroup: ctx.region, PublicIpv4Pool: 'amazon' };
}

async function byPublicIp(ctx: Context, publicIp: string): Promise<StoredAddress> {
  const [found] = await ctx.list(addresses, { member: 'PublicIp', value: publicIp });
  if (!found) throw new AwsError('InvalidAddress.NotFound', `Address '${publicIp}' not found.`);
  return found;
}

async function byEither(ctx: Context, input: { AllocationId?: string; PublicIp?: string }): Promise<StoredAddress> {
  if (input.AllocationId !== undefined) return ctx.get(addresses, input.AllocationId);
  if (input.PublicIp !== undefined) return byPublicIp(ctx, input.PublicIp);
  throw errors.missingParameter('allocationId');
}

async function interfaceFor(input: Ec2Operations['AssociateAddress']['input'], ctx: Context): Promise<StoredInterface> {
  if (input.InstanceId !== undefined && input.NetworkInterfaceId !== undefined) throw errors.invalidParameterCombination('You may specify either an instance ID or a network interface ID, but not both');
  if (input.NetworkInterfaceId !== undefined) return ctx.get(networkInterfaces, input.NetworkInterfaceId);
  if (input.InstanceId === undefined) throw errors.missingParameter('instanceId or networkInterfaceId');
  const instance = await ctx.get(instances, input.InstanceId);
  // An address needs an instance with an interface: from pending to stopped.
  if (!['pending', 'running', 'stopping', 'stopped'].includes(instance.State!.Name!)) throw new AwsError('InvalidInstanceID', `The pending instance '${input.InstanceId}' is not in a valid state for this operation.`);
  const attached = instance.NetworkInterfaces ?? [];
  if (attached.length > 1) throw new AwsError('InvalidInstanceID', `There are multiple interfaces attached to instance '${input.InstanceId}'. Please specify an interface ID for the operation instead.`);
  return ctx.get(networkInterfaces, attached[0]!.NetworkInterfaceId!);
}

async function associate(input: Ec2Operations['AssociateAddress']['input'], ctx: Context): Promise<{ AssociationId: string }> {
  const address = await byEither(ctx, input);
  const eni = await interfaceFor(input, ctx);
  // assumed: interfaces that AWS made are as little the caller's to give an address as to take one from.
  if (eni.RequesterManaged) throw errors.authFailure('You do not have permission to access the specified resource.');
  const privateIp = input.PrivateIpAddress ?? eni.PrivateIpAddress!;
  const held = eni.PrivateIpAddresses!.find((a) => a.PrivateIpAddress === privateIp);
  if (!held) throw errors.invalidParameterValue(`The private IP address ${privateIp} is not assigned to ${eni.NetworkInterfaceId}`);
  const again = address.NetworkInterfaceId === eni.NetworkInterfaceId && address.PrivateIpAddress === privateIp;
  if (again) return { AssociationId: address.AssociationId! };
  // In a VPC an association moves unless the caller forbids it.
  if (input.AllowReassociation === false && address.AssociationId) throw errors.resourceAlreadyAssociated(`resource ${address.AllocationId} is already associated with associate-id ${address.AssociationId}`);
  if (held.Association?.AllocationId && input.AllowReassociation === false) throw errors.resourceAlreadyAssociated(`resource ${eni.NetworkInterfaceId} is already associated with associate-id ${held.Association.AssociationId}`);
  if (address.AssociationId) await releaseAssociation(ctx, address.AllocationId!);
  if (held.Association?.AllocationId) await releaseAssociation(ctx, held.Association.AllocationId);
  return { AssociationId: await bind(ctx, await ctx.get(addresses, address.AllocationId!), eni.NetworkInterfaceId!, privateIp) };
}

/** Ties an address to an interface; both sides and the instance show it. */
export async function bind(ctx: Context, address: StoredAddress, interfaceId: string, privateIp?: string): Promise<string> {
  const eni = await ctx.get(networkInterfaces, interfaceId);
  const associationId = `eipassoc-${ctx.ids.hex(17)}`;
  await associatePublicIp(ctx, eni, { publicIp: address.PublicIp!, allocationId: address.AllocationId!, associationId, ...(privateIp ? { privateIp } : {}) });
  await saveInterface(ctx, eni);
  Object.assign(address, {
    AssociationId: associationId, NetworkInterfaceId: interfaceId, NetworkInterfaceOwnerId: ctx.account, PrivateIpAddress: privateIp ?? eni.PrivateIpAddress,
    ...(eni.Attachment?.InstanceId ? { InstanceId: eni.Attachment.InstanceId } : {}),
  });
  await ctx.save(addresses, address);
  return associationId;
}

/** Frees an address from whatever has it; nothing where nobody has. */
export async function releaseAssociation(ctx: Context, allocationId: string): Promise<void> {
  const address = await ctx.find(addresses, allocationId);
  if (!address?.AssociationId) return;
  const eni = await ctx.find(networkInterfaces, address.NetworkInterfaceId!);
  for (const member of ['AssociationId', 'NetworkInterfaceId', 'NetworkInterfaceOwnerId', 'PrivateIpAddress', 'InstanceId'] as const) delete address[member];
  await ctx.save(addresses, address);
  if (!eni) return;
  clearAssociation(eni, address.PublicIp!);
  await saveInterface(ctx, eni);
}

async function disassociate(input: Ec2Operations['DisassociateAddress']['input'], ctx: Context): Promise<Record<string, never>> {
  if (input.AssociationId === undefined && input.PublicIp === undefined) throw errors.missingParameter('associationId');
  const [address] = input.AssociationId !== undefined ? await ctx.list(addresses, { member: 'AssociationId', value: input.AssociationId }) : [await byPublicIp(ctx, input.PublicIp!)];
  if (!address) throw errors.associationNotFound(input.AssociationId!);
  const eni = address.NetworkInterfaceId === undefined ? undefined : await ctx.find(networkInterfaces, address.NetworkInterfaceId);
  if (eni?.RequesterManaged) throw errors.authFailure(`You do not have permission to access the specified resource.`);
  await releaseAssociation(ctx, address.AllocationId!);
  return {};
}

const attributeOf = (address: StoredAddress) => ({
  PublicIp: address.PublicIp, AllocationId: address.AllocationId, ...(address.$?.domainName ? { PtrRecord: address.$.domainName } : {}),
});

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Elastic_Addressing_Reverse_DNS.html */
async function describeAttributes(input: Ec2Operations['DescribeAddressesAttribute']['input'], ctx: Context): Promise<Ec2Operations['DescribeAddressesAttribute']['output']> {
  const found = input.AllocationIds?.length ? await ctx.getAll(addresses, input.AllocationIds) : await ctx.list(addresses);
  const from = pagePosition(input.NextToken, input as Structure, (token) => errors.invalidValue(` ${token} `, 'NextToken', 'The token is invalid.'));
  const to = from + (input.MaxResults ?? found.length);
  return { Addresses: found.slice(from, to).map(attributeOf), ...(to < found.length ? { NextToken: pageToken(to, input as Structure) } : {}) };
}

export const addressOperations = {
  AllocateAddress: allocate,
  /** By allocation ids, by addresses, or by filters. */
  DescribeAddresses: describes(addresses, {
    ids: 'AllocationIds',
    prepare: async (input, ctx) => {
      const byIp = [];
      for (const publicIp of input.PublicIps ?? []) byIp.push((await byPublicIp(ctx, publicIp)).AllocationId!);
      return { ...input, AllocationIds: [...(input.AllocationIds ?? []), ...byIp] };
    },
  }),
  DescribeAddressesAttribute: describeAttributes,
  ModifyAddressAttribute: async (input, ctx) => {
    const address = await ctx.get(addresses, input.AllocationId);
    if (input.DomainName === undefined) throw errors.missingParameter('domainName');
    address.$ = { ...address.$, domainName: `${input.DomainName.replace(/\.$/, '')}.` };
    await ctx.save(addresses, address);
    return { Address: attributeOf(address) };
  },
  ResetAddressAttribute: async (input, ctx) => {
    const address = await ctx.get(addresses, input.AllocationId);
    const before = attributeOf(address);
    delete address.$?.domainName;
    await ctx.save(addresses, address);
    return { Address: before };
  },
  AssociateAddress: associate,
  DisassociateAddress: disassociate,
  ReleaseAddress: async (input, ctx) => {
    const address = await byEither(ctx, input);
    if (address.AssociationId) throw new AwsError('InvalidIPAddress.InUse', `Address ${address.PublicIp} is in use.`);
    await ctx.remove(addresses, address);
    return {};
  },
} satisfies Handlers<Ec2Operations>;
