import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { describes, specifiedTags, type Context, type Handlers } from '../../../src/kit/index.ts';
import { instanceTypeLimits } from '../catalog/instance-types.ts';
import * as errors from '../errors.ts';
import { instances, type StoredInstance } from '../instances/instances.ts';
import {
  attachmentOf, clearAssociation, groupIdentifiers, mirror, networkInterfaces, planInterface, privateAddress, removeInterface, saveInterface, type StoredInterface,
} from './network-interfaces.ts';
import { giveBackIpv4, ipv4Of, takeIpv4, takeIpv6 } from './private-addresses.ts';
import { releaseAssociation } from '../addresses/addresses.ts';
import { setRouteState } from '../vpcs/route-tables.ts';
import { subnets } from '../vpcs/subnets.ts';

const UNSUPPORTED = ['Ipv4Prefixes', 'Ipv4PrefixCount', 'Ipv6Prefixes', 'Ipv6PrefixCount', 'ConnectionTrackingSpecification', 'Operator'] as const;

async function createInterface(input: Ec2Operations['CreateNetworkInterface']['input'], ctx: Context): Promise<Ec2Operations['CreateNetworkInterface']['output']> {
  for (const name of UNSUPPORTED) if (input[name] !== undefined) throw errors.unsupportedOperation(`The parameter ${name} is not supported by Fogbank yet.`);
  const tags = specifiedTags(input.TagSpecifications as never, 'network-interface');
  const subnet = await ctx.get(subnets, input.SubnetId);
  const listed = input.PrivateIpAddresses ?? [];
  const primary = input.PrivateIpAddress ?? listed.find((a) => a.Primary)?.PrivateIpAddress;
  if (listed.length > 0 && input.SecondaryPrivateIpAddressCount !== undefined) throw errors.invalidParameterCombination('The parameters privateIpAddresses and secondaryPrivateIpAddressCount may not be used together');
  const eni = await planInterface(ctx, {
    subnet, groups: input.Groups ?? [], description: input.Description, type: (input.InterfaceType as StoredInterface['InterfaceType']) ?? 'interface', primary, tags,
    secondary: listed.filter((a) => !a.Primary && a.PrivateIpAddress !== primary).map((a) => a.PrivateIpAddress!),
    secondaryCount: input.SecondaryPrivateIpAddressCount ?? 0, ipv6: input.Ipv6Addresses?.map((a) => a.Ipv6Address!), ipv6Count: input.Ipv6AddressCount,
  });
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
  if (input.EnaSrdSpecification !== undefined || input.EnaQueueCount !== undefined) throw errors.unsupportedOperation('ENA options of an attachment are not supported by Fogbank yet.');
  if (eni.Attachment) throw errors.interfaceInUse(input.NetworkInterfaceId, eni.Attachment.InstanceId);
  if (eni.AvailabilityZone !== instance.Placement?.AvailabilityZone) throw errors.invalidParameterCombination('You may not attach a network interface to an instance if they are not in the same availability zone');
  if (!['running', 'stopped'].includes(instance.State!.Name!)) throw errors.incorrectInstanceState(`Instance '${input.InstanceId}' is not in a state in which an interface can be attached: ${instance.State!.Name}`);
  checkSlot(instance, input.DeviceIndex);
  eni.Attachment = attachmentOf(ctx, input.InstanceId, input.DeviceIndex, false, input.NetworkCardIndex ?? 0);
  eni.Status = 'in-use';
  await saveInterface(ctx, eni);
  await setRouteState(ctx, 'NetworkInterfaceId', input.NetworkInterfaceId, 'active');
  return { AttachmentId: eni.Attachment.AttachmentId, NetworkCardIndex: eni.Attachment.NetworkCardIndex };
}

async function detachInterface(input: Ec2Operations['DetachNetworkInterface']['input'], ctx: Context): Promise<Record<string, never>> {
  const [eni] = await ctx.list(networkInterfaces, { member: 'Attachment.AttachmentId', value: input.AttachmentId });
  if (!eni) throw errors.attachmentIdNotFound(input.AttachmentId);
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
  else if (input.Attachment) {
    if (!eni.Attachment || eni.Attachment.AttachmentId !== input.Attachment.AttachmentId) throw errors.attachmentIdNotFound(input.Attachment.AttachmentId ?? '');
    eni.Attachment.DeleteOnTermination = input.Attachment.DeleteOnTermination ?? eni.Attachment.DeleteOnTermination;
  } else throw errors.unsupportedOperation(`The parameter ${given[0]} is not supported by Fogbank yet.`);
  await saveInterface(ctx, eni);
  return {};
}

const ATTRIBUTES: Readonly<Record<string, (eni: StoredInterface) => object>> = {
  description: (e) => ({ Description: { Value: e.Description } }),
  groupSet: (e) => ({ Groups: e.Groups }),
  sourceDestCheck: (e) => ({ SourceDestCheck: { Value: e.SourceDestCheck } }),
  attachment: (e) => (e.Attachment ? { Attachment: e.Attachment } : {}),
  associatePublicIpAddress: () => ({ AssociatePublicIpAddress: false }),
};

async function assignPrivate(input: Ec2Operations['AssignPrivateIpAddresses']['input'], ctx: Context): Promise<Ec2Operations['AssignPrivateIpAddresses']['output']> {
  if (input.Ipv4Prefixes !== undefined || input.Ipv4PrefixCount !== undefined) throw errors.unsupportedOperation('IPv4 prefixes are not supported by Fogbank yet.');
  const eni = await ctx.get(networkInterfaces, input.NetworkInterfaceId);
  const wanted = input.PrivateIpAddresses ?? [];
  if (wanted.length === 0 && input.SecondaryPrivateIpAddressCount === undefined) throw errors.missingParameter('secondaryPrivateIpAddressCount or privateIpAddresses');
  if (wanted.length > 0 && input.SecondaryPrivateIpAddressCount !== undefined) throw errors.invalidParameterCombination('The parameters privateIpAddresses and secondaryPrivateIpAddressCount may not be used together');
  const kept = wanted.filter((a) => !ipv4Of(eni).includes(a));
  const taken = await takeIpv4(ctx, await ctx.get(subnets, eni.SubnetId!), kept, input.SecondaryPrivateIpAddressCount ?? 0);
  eni.PrivateIpAddresses!.push(...taken.map((a) => privateAddress(ctx, a, false)));
  await saveInterface(ctx, eni);
  return { NetworkInterfaceId: eni.NetworkInterfaceId, AssignedPrivateIpAddresses: taken.map((PrivateIpAddress) => ({ PrivateIpAddress })) };
}

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
  AssignPrivateIpAddresses: assignPrivate,
  UnassignPrivateIpAddresses: async (input, ctx) => {
    const eni = await ctx.get(networkInterfaces, input.NetworkInterfaceId);
    const gone = input.PrivateIpAddresses ?? [];
    if (gone.length === 0) throw errors.missingParameter('privateIpAddress');
    for (const address of gone) {
      const held = eni.PrivateIpAddresses!.find((a) => a.PrivateIpAddress === address);
      if (!held || held.Primary) throw errors.invalidParameterValue(`Some of the specified addresses are not assigned to interface ${input.NetworkInterfaceId}`);
      if (held.Association?.AllocationId) await releaseAssociation(ctx, held.Association.AllocationId);
      if (held.Association) clearAssociation(eni, held.Association.PublicIp!);
    }
    eni.PrivateIpAddresses = eni.PrivateIpAddresses!.filter((a) => !gone.includes(a.PrivateIpAddress!));
    await saveInterface(ctx, eni);
    await giveBackIpv4(ctx, eni.SubnetId!, gone.length);
    return {};
  },
  AssignIpv6Addresses: async (input, ctx) => {
    if (input.Ipv6Prefixes !== undefined || input.Ipv6PrefixCount !== undefined) throw errors.unsupportedOperation('IPv6 prefixes are not supported by Fogbank yet.');
    const eni = await ctx.get(networkInterfaces, input.NetworkInterfaceId);
    const taken = await takeIpv6(ctx, await ctx.get(subnets, eni.SubnetId!), input.Ipv6Addresses ?? [], input.Ipv6AddressCount ?? 0);
    eni.Ipv6Addresses = [...(eni.Ipv6Addresses ?? []), ...taken.map((Ipv6Address) => ({ Ipv6Address, IsPrimaryIpv6: false }))];
    await saveInterface(ctx, eni);
    return { NetworkInterfaceId: eni.NetworkInterfaceId, AssignedIpv6Addresses: taken };
  },
  UnassignIpv6Addresses: async (input, ctx) => {
    const eni = await ctx.get(networkInterfaces, input.NetworkInterfaceId);
    const gone = input.Ipv6Addresses ?? [];
    if (!gone.every((a) => eni.Ipv6Addresses?.some((h) => h.Ipv6Address === a))) throw errors.invalidParameterValue(`Some of the specified addresses are not assigned to interface ${input.NetworkInterfaceId}`);
    eni.Ipv6Addresses = eni.Ipv6Addresses!.filter((a) => !gone.includes(a.Ipv6Address!));
    await saveInterface(ctx, eni);
    return { NetworkInterfaceId: eni.NetworkInterfaceId, UnassignedIpv6Addresses: gone };
  },
  DeleteNetworkInterface: async (input, ctx) => {
    const eni = await ctx.get(networkInterfaces, input.NetworkInterfaceId);
    if (eni.Attachment || eni.Status === 'in-use') throw errors.interfaceInUse(input.NetworkInterfaceId);
    if (eni.Association?.AllocationId) await releaseAssociation(ctx, eni.Association.AllocationId);
    await removeInterface(ctx, eni);
    return {};
  },
} satisfies Handlers<Ec2Operations>;
