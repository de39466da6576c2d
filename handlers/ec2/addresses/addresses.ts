import type { Address } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { AwsError, describes, pagePosition, pageToken, resource, specifiedTags, type Context, type Handlers, type Structure } from '../../../src/kit/index.ts';
import { addressKeys } from '../condition-keys.ts';
import * as errors from '../errors.ts';
import { instances } from '../instances/instances.ts';
import { drawCustomerOwned, refuseOutOfReach } from '../local-gateways/coip-pools.ts';
import { associatePublicIp, clearAssociation, networkInterfaces, saveInterface, type StoredInterface } from '../network-interfaces/network-interfaces.ts';
import { chooseCidr, poolToUse } from '../ipam/allocations.ts';
import { poolsByPolicy } from '../ipam/policies.ts';
import { giveBlock, type Planned } from '../ipam/vpc-allocations.ts';
import { formatAddress } from '../vpcs/cidr.ts';
import { endTransfer } from './address-transfers.ts';
import { addressInUse, addressNotFound } from './errors.ts';
import { checkBorderGroup } from './network-border-groups.ts';
import { drawPublicIp } from './public-addresses.ts';
import { drawFromPool, poolOfAddress } from './public-ipv4-pools.ts';
import { recover, rememberReleased } from './released-addresses.ts';

/** `$` holds the reverse DNS name (PTR record), and whether the address is of a row that Amazon gave to an IPAM pool. */
export type StoredAddress = Wire<Address> & { $?: { domainName?: string; contiguous?: boolean } };

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/elastic-ip-addresses-eip.html */
export const addresses = resource<StoredAddress>({
  service: 'ec2',
  kind: 'elastic-ip',
  shape: 'Address',
  untagged: 'absent',
  id: { member: 'AllocationId', prefix: 'eipalloc' },
  notFound: errors.notFound('InvalidAllocationID.NotFound', 'allocation ID'),
  malformed: errors.malformedId('InvalidAllocationID.Malformed', 'eipalloc'),
  references: { NetworkInterfaceId: { kind: 'ec2:network-interface', onDelete: 'keep' }, CustomerOwnedIpv4Pool: { kind: 'ec2:coip-pool' } },
  indexed: ['PublicIp', 'AssociationId', 'InstanceId', 'PublicIpv4Pool'],
  // The API's page lists it no more, the CLI's does: https://docs.aws.amazon.com/cli/latest/reference/ec2/describe-addresses.html#examples
  filters: { domain: 'Domain' },
  conditionKeys: addressKeys,
});

type AllocateInput = Ec2Operations['AllocateAddress']['input'];

/** Where a new address comes from: a pool that is named, one that a policy names, what the account had before, or Amazon. */
async function drawAddress(input: AllocateInput, ctx: Context): Promise<Pick<StoredAddress, 'PublicIp' | 'PublicIpv4Pool' | 'CustomerOwnedIp' | 'CustomerOwnedIpv4Pool' | 'NetworkBorderGroup' | '$'> & { readonly planned?: Planned }> {
  if (input.PublicIpv4Pool !== undefined && input.IpamPoolId !== undefined) throw errors.invalidParameterCombination('You may specify either a public IPv4 pool or an IPAM pool, but not both');
  const NetworkBorderGroup = await checkBorderGroup(ctx, input.NetworkBorderGroup);
  const { CustomerOwnedIpv4Pool: own } = input;
  if (own !== undefined && (input.PublicIpv4Pool !== undefined || input.IpamPoolId !== undefined)) throw errors.invalidParameterCombination('A customer-owned IPv4 pool cannot be specified together with another pool');
  if (own !== undefined) return { CustomerOwnedIp: await drawCustomerOwned(ctx, own, input.Address), CustomerOwnedIpv4Pool: own, NetworkBorderGroup };
  if (input.IpamPoolId !== undefined) return { ...(await drawFromIpam(ctx, input.IpamPoolId, input.Address)), NetworkBorderGroup };
  const named = input.PublicIpv4Pool === 'amazon' ? undefined : (input.PublicIpv4Pool ?? (input.Address === undefined ? undefined : (await poolOfAddress(ctx, input.Address))?.PoolId));
  if (named !== undefined) {
    const { publicIp, pool } = await drawFromPool(ctx, named, input.Address);
    if (input.NetworkBorderGroup !== undefined && pool.NetworkBorderGroup !== undefined && pool.NetworkBorderGroup !== NetworkBorderGroup) throw errors.invalidParameterValue(`The network border group of the pool ${named} is ${pool.NetworkBorderGroup}.`);
    return { PublicIp: publicIp, PublicIpv4Pool: named, NetworkBorderGroup: pool.NetworkBorderGroup ?? NetworkBorderGroup };
  }
  if (input.Address !== undefined) return { PublicIp: await recover(ctx, input.Address), PublicIpv4Pool: 'amazon', NetworkBorderGroup };
  // "If the IPAM pool runs out of addresses, the service uses Amazon-provided IP addresses."
  for (const poolId of input.PublicIpv4Pool === undefined ? await poolsByPolicy(ctx, 'eip') : []) {
    const drawn = await drawFromIpam(ctx, poolId, undefined).catch((refused: unknown) => {
      if (refused instanceof AwsError) return undefined;
      throw refused;
    });
    if (drawn) return { ...drawn, NetworkBorderGroup };
  }
  return { PublicIp: await drawPublicIp(ctx), PublicIpv4Pool: 'amazon', NetworkBorderGroup };
}

/** https://docs.aws.amazon.com/vpc/latest/ipam/tutorials-eip-pool.html */
async function drawFromIpam(ctx: Context, poolId: string, wanted: string | undefined): Promise<Pick<StoredAddress, 'PublicIp' | 'PublicIpv4Pool' | '$'> & { readonly planned: Planned }> {
  const pool = await poolToUse(ctx, poolId);
  if (pool.IpamScopeType !== 'public' || pool.AddressFamily !== 'ipv4' || pool.Locale !== ctx.region || pool.AwsService !== 'ec2') throw errors.invalidParameterValue(`The pool ${poolId} is not a public IPv4 pool of this Region for EC2.`);
  const cidr = await chooseCidr(ctx, pool, wanted === undefined ? { length: 32 } : { cidr: `${wanted}/32` });
  return { PublicIp: formatAddress(4, cidr.base), PublicIpv4Pool: poolId, planned: { pool, cidr }, ...(pool.PublicIpSource === 'amazon' ? { $: { contiguous: true } } : {}) };
}

async function allocate(input: AllocateInput, ctx: Context): Promise<Ec2Operations['AllocateAddress']['output']> {
  if (input.Domain !== undefined && input.Domain !== 'vpc') throw errors.invalidParameterValue(`Invalid value '${input.Domain}' for domain.`);
  const Tags = specifiedTags(input.TagSpecifications as never, 'elastic-ip');
  const { planned, ...drawn } = await drawAddress(input, ctx);
  const address: StoredAddress = { AllocationId: ctx.newId(addresses), Domain: 'vpc', ...drawn, Tags };
  await ctx.create(addresses, address);
  if (planned) await giveBlock(ctx, planned, 'eip', address.AllocationId!);
  const { AllocationId, PublicIp, NetworkBorderGroup, PublicIpv4Pool, CustomerOwnedIp, CustomerOwnedIpv4Pool } = address;
  return { AllocationId, PublicIp, Domain: 'vpc', NetworkBorderGroup, PublicIpv4Pool, CustomerOwnedIp, CustomerOwnedIpv4Pool };
}

const ipOf = (address: StoredAddress): string => address.PublicIp ?? address.CustomerOwnedIp!;

/** "If you provide an incorrect network border group, you receive an InvalidAddress.NotFound error." */
async function release(input: Ec2Operations['ReleaseAddress']['input'], ctx: Context): Promise<Record<string, never>> {
  const address = await byEither(ctx, input);
  if (input.NetworkBorderGroup !== undefined && input.NetworkBorderGroup !== address.NetworkBorderGroup) throw addressNotFound(ipOf(address));
  if (address.AssociationId) throw addressInUse(ipOf(address));
  await endTransfer(ctx, address);
  await ctx.remove(addresses, address);
  if (address.PublicIpv4Pool === 'amazon') await rememberReleased(ctx, address.PublicIp!);
  return {};
}

export async function byPublicIp(ctx: Context, publicIp: string): Promise<StoredAddress> {
  const [found] = await ctx.list(addresses, { member: 'PublicIp', value: publicIp });
  if (!found) throw addressNotFound(publicIp);
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
  if (address.CustomerOwnedIpv4Pool !== undefined) await refuseOutOfReach(ctx, address.CustomerOwnedIpv4Pool, eni);
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
  await associatePublicIp(ctx, eni, { publicIp: address.PublicIp, customerOwnedIp: address.CustomerOwnedIp, allocationId: address.AllocationId!, associationId, ...(privateIp ? { privateIp } : {}) });
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
  clearAssociation(eni, address);
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

/**
 * Of the addresses that have the attribute. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Elastic_Addressing_Reverse_DNS.html
 * assumed: an address without a domain name is left out, as the Terraform provider, which waits for that after a reset, has it:
 * https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ec2/ec2_eip_domain_name.go
 */
async function describeAttributes(input: Ec2Operations['DescribeAddressesAttribute']['input'], ctx: Context): Promise<Ec2Operations['DescribeAddressesAttribute']['output']> {
  const asked = input.AllocationIds?.length ? await ctx.getAll(addresses, input.AllocationIds) : await ctx.list(addresses);
  const found = asked.filter((address) => address.$?.domainName !== undefined);
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
  ReleaseAddress: release,
} satisfies Handlers<Ec2Operations>;
