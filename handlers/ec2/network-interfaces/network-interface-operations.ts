import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { describes, specifiedTags, type Context, type Handlers } from '../../../src/kit/index.ts';
import { instanceTypeLimits } from '../catalog/instance-types.ts';
import * as errors from '../errors.ts';
import { instances, type StoredInstance } from '../instances/instances.ts';
import { checkFits, connectionTracking, enaExpress, enaQueues, makePrimaryIpv6, OPTIONS } from './interface-options.ts';
import { attachmentOf, groupIdentifiers, mirror, networkInterfaces, planInterface, removeInterface, saveInterface, type StoredInterface } from './network-interfaces.ts';
import { checkPrefixWish } from './prefixes.ts';
import { releaseAssociation } from '../addresses/addresses.ts';
import { setRouteState } from '../vpcs/route-tables.ts';
import { subnets } from '../vpcs/subnets.ts';

type CreateInput = Ec2Operations['CreateNetworkInterface']['input'];

function checkCreation(input: CreateInput): void {
  if (input.Operator !== undefined) throw errors.unsupportedOperation('The parameter Operator is reserved for AWS.');
  const listed = input.PrivateIpAddresses ?? [];
  if (listed.length > 0 && input.SecondaryPrivateIpAddressCount !== undefined) throw errors.invalidParameterCombination('The parameters privateIpAddresses and secondaryPrivateIpAddressCount may not be used together');
  const secondary = listed.some((a) => !a.Primary) || input.SecondaryPrivateIpAddressCount !== undefined;
  const ipv6 = (input.Ipv6Addresses?.length ?? 0) > 0 || input.Ipv6AddressCount !== undefined;
  checkPrefixWish(4, { wanted: input.Ipv4Prefixes?.map((p) => p.Ipv4Prefix!), count: input.Ipv4PrefixCount }, secondary);
  checkPrefixWish(6, { wanted: input.Ipv6Prefixes?.map((p) => p.Ipv6Prefix!), count: input.Ipv6PrefixCount }, ipv6);
  // "EFA-only network interfaces do not support IP addresses."
  const addressed = secondary || ipv6 || listed.length > 0 || [input.PrivateIpAddress, input.Ipv4Prefixes, input.Ipv4PrefixCount, input.Ipv6Prefixes, input.Ipv6PrefixCount].some((v) => v !== undefined);
  if (input.InterfaceType === 'efa-only' && addressed) throw errors.invalidParameterCombination('A network interface of the type efa-only cannot have IP addresses.');
}

async function createInterface(input: CreateInput, ctx: Context): Promise<Ec2Operations['CreateNetworkInterface']['output']> {
  checkCreation(input);
  const tags = specifiedTags(input.TagSpecifications as never, 'network-interface');
  const tracking = connectionTracking(input.ConnectionTrackingSpecification);
  const subnet = await ctx.get(subnets, input.SubnetId);
  const listed = input.PrivateIpAddresses ?? [];
  const primary = input.PrivateIpAddress ?? listed.find((a) => a.Primary)?.PrivateIpAddress;
  const eni = await planInterface(ctx, {
    subnet, groups: input.Groups ?? [], description: input.Description, type: (input.InterfaceType as StoredInterface['InterfaceType']) ?? 'interface', primary, tags,
    secondary: listed.filter((a) => !a.Primary && a.PrivateIpAddress !== primary).map((a) => a.PrivateIpAddress!),
    secondaryCount: input.SecondaryPrivateIpAddressCount ?? 0, ipv6: input.Ipv6Addresses?.map((a) => a.Ipv6Address!), ipv6Count: input.Ipv6AddressCount,
    ipv4Prefixes: { wanted: input.Ipv4Prefixes?.map((p) => p.Ipv4Prefix!), count: input.Ipv4PrefixCount }, ipv6Prefixes: { wanted: input.Ipv6Prefixes?.map((p) => p.Ipv6Prefix!), count: input.Ipv6PrefixCount },
  });
  Object.assign(eni, tracking);
  if (input.EnablePrimaryIpv6 === true) makePrimaryIpv6(eni);
  await ctx.create(networkInterfaces, eni);
  // The answer shows it pending (a status that the model's enum lacks); the next description shows it available.
  return { NetworkInterface: { ...eni, Status: 'pending' as 'available' }, ClientToken: input.ClientToken };
}

function checkSlot(instance: StoredInstance, index: number): void {
  const attached = instance.NetworkInterfaces ?? [];
  if (attached.some((n) => n.Attachment?.DeviceIndex === index)) throw errors.invalidParameterValue(`Instance '${instance.InstanceId}' already has an interface attached at device index '${index}'.`);
  const max = instanceTypeLimits(instance.InstanceType!)!.maxInterfaces;
  if (attached.length >= max) throw errors.limitExceeded('AttachmentLimitExceeded', `Interface count ${attached.length + 1} exceeds the limit for ${instance.InstanceType}`);
}

async function attachInterface(input: Ec2Operations['AttachNetworkInterface']['input'], ctx: Context): Promise<Ec2Operations['AttachNetworkInterface']['output']> {
  const eni = await ctx.get(networkInterfaces, input.NetworkInterfaceId);
  const instance = await ctx.get(instances, input.InstanceId);
  if (eni.Attachment) throw errors.interfaceInUse(input.NetworkInterfaceId, eni.Attachment.InstanceId);
  if (eni.AvailabilityZone !== instance.Placement?.AvailabilityZone) throw errors.invalidParameterCombination('You may not attach a network interface to an instance if they are not in the same availability zone');
  if (!['running', 'stopped'].includes(instance.State!.Name!)) throw errors.incorrectInstanceState(`Instance '${input.InstanceId}' is not in a state in which an interface can be attached: ${instance.State!.Name}`);
  checkSlot(instance, input.DeviceIndex);
  checkFits(eni, instance.InstanceType!);
  const options = { ...enaExpress(input.EnaSrdSpecification, instance.InstanceType!), ...enaQueues(input.EnaQueueCount, instance.InstanceType!) };
  eni.Attachment = { ...attachmentOf(ctx, input.InstanceId, input.DeviceIndex, false, input.NetworkCardIndex ?? 0), ...options };
  eni.Status = 'in-use';
  await saveInterface(ctx, eni);
  await setRouteState(ctx, 'NetworkInterfaceId', input.NetworkInterfaceId, 'active');
  return { AttachmentId: eni.Attachment.AttachmentId, NetworkCardIndex: eni.Attachment.NetworkCardIndex };
}

async function detachInterface(input: Ec2Operations['DetachNetworkInterface']['input'], ctx: Context): Promise<Record<string, never>> {
  const [eni] = await ctx.list(networkInterfaces, { member: 'Attachment.AttachmentId', value: input.AttachmentId });
  if (!eni) throw errors.attachmentIdNotFound(input.AttachmentId);
  // assumed: the text; that the interfaces of services cannot be detached: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/requester-managed-eni.html
  if (eni.RequesterManaged) throw errors.operationNotPermitted(`You are not allowed to manage '${input.AttachmentId.replace(/-[^-]*$/, '')}' attachments.`);
  if (eni.Attachment!.DeviceIndex === 0) throw errors.operationNotPermitted('The network interface at device index 0 cannot be detached.');
  const instance = await ctx.find(instances, eni.Attachment!.InstanceId!);
  delete eni.Attachment;
  eni.Status = 'available';
  await ctx.save(networkInterfaces, eni);
  await setRouteState(ctx, 'NetworkInterfaceId', eni.NetworkInterfaceId!, 'blackhole');
  if (instance) {
    mirror(instance, eni);
    await ctx.save(instances, instance);
  }
  return {};
}

async function modifyAttribute(input: Ec2Operations['ModifyNetworkInterfaceAttribute']['input'], ctx: Context): Promise<Record<string, never>> {
  const eni = await ctx.get(networkInterfaces, input.NetworkInterfaceId);
  const given = Object.keys(input).filter((n) => n !== 'NetworkInterfaceId' && input[n as keyof typeof input] !== undefined);
  if (given.length === 0) throw errors.missingParameter('attribute');
  if (given.length > 1) throw errors.invalidParameterCombination('Fields for multiple attribute types specified');
  if (input.Description) eni.Description = input.Description.Value ?? '';
  else if (input.SourceDestCheck) eni.SourceDestCheck = input.SourceDestCheck.Value ?? true;
  else if (input.Groups) eni.Groups = await groupIdentifiers(ctx, input.Groups, eni.VpcId!);
  else {
    const instance = eni.Attachment?.InstanceId === undefined ? undefined : await ctx.find(instances, eni.Attachment.InstanceId);
    await OPTIONS[given[0]!]!({ eni, instance, input, ctx });
  }
  await saveInterface(ctx, eni);
  return {};
}

const ATTRIBUTES: Readonly<Record<string, (eni: StoredInterface) => object>> = {
  description: (e) => ({ Description: { Value: e.Description } }),
  groupSet: (e) => ({ Groups: e.Groups }),
  sourceDestCheck: (e) => ({ SourceDestCheck: { Value: e.SourceDestCheck } }),
  attachment: (e) => (e.Attachment ? { Attachment: e.Attachment } : {}),
  associatePublicIpAddress: (e) => ({ AssociatePublicIpAddress: e.$?.associatePublicIp ?? false }),
};

export const networkInterfaceOperations = {
  CreateNetworkInterface: createInterface,
  DescribeNetworkInterfaces: describes(networkInterfaces, { ids: 'NetworkInterfaceIds', idsName: 'networkInterfaceIdSet' }),
  AttachNetworkInterface: attachInterface,
  DetachNetworkInterface: detachInterface,
  DescribeNetworkInterfaceAttribute: async (input, ctx) => {
    const eni = await ctx.get(networkInterfaces, input.NetworkInterfaceId);
    if (input.Attribute === undefined) throw errors.missingParameter('attribute');
    return { NetworkInterfaceId: input.NetworkInterfaceId, ...ATTRIBUTES[input.Attribute]!(eni) };
  },
  ModifyNetworkInterfaceAttribute: modifyAttribute,
  ResetNetworkInterfaceAttribute: async (input, ctx) => {
    const eni = await ctx.get(networkInterfaces, input.NetworkInterfaceId);
    if (input.SourceDestCheck === undefined) throw errors.missingParameter('sourceDestCheck');
    eni.SourceDestCheck = true;
    await saveInterface(ctx, eni);
    return {};
  },
  DeleteNetworkInterface: async (input, ctx) => {
    const eni = await ctx.get(networkInterfaces, input.NetworkInterfaceId);
    if (eni.Attachment || eni.Status === 'in-use') throw errors.interfaceInUse(input.NetworkInterfaceId);
    await ctx.refuseWhileReferred(networkInterfaces, input.NetworkInterfaceId);
    if (eni.Association?.AllocationId) await releaseAssociation(ctx, eni.Association.AllocationId);
    await removeInterface(ctx, eni);
    return {};
  },
} satisfies Handlers<Ec2Operations>;
