import type { NetworkInterface } from '@aws-sdk/client-ec2';
import type { Wire } from '../../../protocols/wire-types.ts';
import { quotaValue, resource, type Context, type TagPair } from '../../../src/kit/index.ts';
import { zone } from '../catalog/regions.ts';
import { privateDnsName, publicDnsName } from '../instances/dns-names.ts';
import { releaseAssociation } from '../addresses/addresses.ts';
import { interfaceKeys } from '../condition-keys.ts';
import * as errors from '../errors.ts';
import { UNMANAGED } from '../managed-resources.ts';
import { instances, type StoredInstance } from '../instances/instances.ts';
import { ipv4CountOf, noPrefixesForNew, takePrefixes, type PrefixWish } from './prefixes.ts';
import { giveBackIpv4, takeIpv4, takeIpv6 } from './private-addresses.ts';
import { drawPublicIp } from '../addresses/public-addresses.ts';
import { setRouteState } from '../vpcs/route-tables.ts';
import { securityGroups } from '../security-groups/security-groups.ts';
import { isAssociated } from '../security-groups/vpc-associations.ts';
import type { StoredSubnet } from '../vpcs/subnets.ts';
import { vpcs } from '../vpcs/vpcs.ts';

/** `$` holds whether the interface wants a public address by itself. */
export type StoredInterface = Wire<NetworkInterface> & { $?: { associatePublicIp?: boolean } };
type InstanceInterface = NonNullable<StoredInstance['NetworkInterfaces']>[number];

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html */
export const networkInterfaces = resource<StoredInterface>({
  service: 'ec2',
  kind: 'network-interface',
  shape: 'NetworkInterface',
  id: { member: 'NetworkInterfaceId', prefix: 'eni' },
  notFound: errors.notFound('InvalidNetworkInterfaceID.NotFound', 'networkInterface ID'),
  malformed: errors.malformedId('InvalidNetworkInterfaceId.Malformed', 'eni'),
  tags: 'TagSet',
  references: {
    SubnetId: { kind: 'ec2:subnet' },
    VpcId: { kind: 'ec2:vpc' },
    'Groups.GroupId': { kind: 'ec2:security-group' },
    'Attachment.InstanceId': { kind: 'ec2:instance', onDelete: 'keep' },
  },
  indexed: ['PrivateIpAddresses.PrivateIpAddress', 'Association.PublicIp', 'Attachment.AttachmentId', 'Ipv4Prefixes.Ipv4Prefix'],
  filters: {
    'addresses.private-ip-address': 'PrivateIpAddresses.PrivateIpAddress',
    'addresses.primary': 'PrivateIpAddresses.Primary',
    'addresses.association.public-ip': 'PrivateIpAddresses.Association.PublicIp',
    'addresses.association.owner-id': 'PrivateIpAddresses.Association.IpOwnerId',
    'association.association-id': 'Association.AssociationId',
    'association.allocation-id': 'Association.AllocationId',
    'association.ip-owner-id': 'Association.IpOwnerId',
    'association.public-dns-name': 'Association.PublicDnsName',
    'attachment.instance-owner-id': 'Attachment.InstanceOwnerId',
    'ipv6-addresses.ipv6-address': 'Ipv6Addresses.Ipv6Address',
    'group-id': 'Groups.GroupId',
    'group-name': 'Groups.GroupName',
    'source-dest-check': 'SourceDestCheck',
    'operator.managed': (e) => e.Operator?.Managed ?? false,
  },
  conditionKeys: interfaceKeys,
});

export interface InterfaceWish {
  readonly subnet: StoredSubnet;
  /** Security group ids; empty gives the VPC's default group. */
  readonly groups: readonly string[];
  readonly description?: string | undefined;
  readonly type?: StoredInterface['InterfaceType'];
  readonly primary?: string | undefined;
  readonly secondary?: readonly string[];
  readonly secondaryCount?: number;
  readonly ipv6?: readonly string[];
  readonly ipv6Count?: number;
  readonly ipv4Prefixes?: PrefixWish;
  readonly ipv6Prefixes?: PrefixWish;
  /** Made by a service on the account's behalf (NAT gateways). */
  readonly requester?: string;
  readonly tags?: TagPair[];
}

/** The groups as interfaces and instances show them; each must exist and be of the VPC, or be associated with it. */
export async function groupIdentifiers(ctx: Context, ids: readonly string[], vpcId: string): Promise<{ GroupId: string; GroupName: string }[]> {
  const max = await quotaValue(ctx, 'vpc', 'L-2AFB9258');
  if (ids.length > max) throw errors.limitExceeded('SecurityGroupsPerInterfaceLimitExceeded', 'The maximum number of security groups per interface has been reached.');
  const wanted = ids.length > 0 ? await ctx.getAll(securityGroups, [...new Set(ids)]) : (await ctx.list(securityGroups, { member: 'VpcId', value: vpcId })).filter((g) => g.GroupName === 'default');
  for (const group of wanted) {
    if (group.VpcId !== vpcId && !(await isAssociated(ctx, group.GroupId!, vpcId))) throw errors.invalidParameter(`You have specified two resources that belong to different networks.`);
  }
  return wanted.map((g) => ({ GroupId: g.GroupId!, GroupName: g.GroupName! }));
}

/** An interface with its addresses taken, not yet stored: whoever attaches it at once stores it once. */
export async function planInterface(ctx: Context, wish: InterfaceWish): Promise<StoredInterface> {
  const { subnet } = wish;
  const groups = wish.requester && wish.groups.length === 0 ? [] : await groupIdentifiers(ctx, wish.groups, subnet.VpcId!);
  const wanted = [...(wish.primary ? [wish.primary] : []), ...(wish.secondary ?? [])];
  const addressless = wish.type === 'efa-only';
  const more = addressless ? 0 : (wish.primary ? 0 : 1) + (wish.secondaryCount ?? 0);
  const taken = await takeIpv4(ctx, subnet, wanted, subnet.Ipv6Native ? 0 : more);
  // Without a wanted primary address the subnet's choice comes first, the wanted secondary ones after it.
  const ordered = wish.primary || !wish.secondary?.length ? taken : [...taken.slice(wish.secondary.length), ...wish.secondary];
  const ipv4Prefixes = await takePrefixes(ctx, subnet, 4, wish.ipv4Prefixes ?? {}, noPrefixesForNew);
  const ipv6Prefixes = await takePrefixes(ctx, subnet, 6, wish.ipv6Prefixes ?? {});
  const automatic = wish.ipv6 === undefined && wish.ipv6Count === undefined && subnet.AssignIpv6AddressOnCreation && !addressless ? 1 : 0;
  const ipv6 = await takeIpv6(ctx, subnet, wish.ipv6 ?? [], (wish.ipv6Count ?? 0) + automatic);
  return {
    NetworkInterfaceId: ctx.newId(networkInterfaces), SubnetId: subnet.SubnetId, VpcId: subnet.VpcId, AvailabilityZone: subnet.AvailabilityZone,
    AvailabilityZoneId: zone(ctx.region, subnet.AvailabilityZone!)?.ZoneId, Description: wish.description ?? '', Groups: groups, InterfaceType: wish.type ?? 'interface',
    MacAddress: macAddress(ctx), OwnerId: ctx.account, PrivateIpAddress: ordered[0], ...(ordered[0] ? { PrivateDnsName: privateDnsName(ordered[0], ctx.region) } : {}),
    PrivateIpAddresses: ordered.map((address, i) => privateAddress(ctx, address, i === 0)), Ipv6Addresses: ipv6.map((Ipv6Address) => ({ Ipv6Address, IsPrimaryIpv6: false })),
    RequesterId: wish.requester ?? ctx.principal.userId, RequesterManaged: wish.requester !== undefined, SourceDestCheck: true, TagSet: wish.tags ?? [], Operator: UNMANAGED,
    ...(ipv4Prefixes.length > 0 ? { Ipv4Prefixes: ipv4Prefixes.map((Ipv4Prefix) => ({ Ipv4Prefix })) } : {}), ...(ipv6Prefixes.length > 0 ? { Ipv6Prefixes: ipv6Prefixes.map((Ipv6Prefix) => ({ Ipv6Prefix })) } : {}),
    ...(subnet.OutpostArn === undefined ? {} : { OutpostArn: subnet.OutpostArn }),
    ...(wish.requester === undefined ? { Status: 'available' } : { Status: 'in-use', Attachment: managedAttachment(ctx) }),
  };
}

/** What a service makes for itself it also attaches, to what nobody sees. */
const managedAttachment = (ctx: Context): StoredInterface['Attachment'] => ({
  AttachmentId: `ela-attach-${ctx.ids.hex(17)}`, DeleteOnTermination: false, DeviceIndex: 1, InstanceOwnerId: 'amazon-aws', Status: 'attached', NetworkCardIndex: 0,
});

export const privateAddress = (ctx: Context, address: string, primary: boolean) => ({
  Primary: primary, PrivateIpAddress: address, PrivateDnsName: privateDnsName(address, ctx.region),
});

/** Locally administered, as EC2's are. */
const macAddress = (ctx: Context): string => `0a:${ctx.ids.hex(10).match(/../g)!.join(':')}`;

/** What an instance shows of an interface of its own. */
export function embedded(eni: StoredInterface): InstanceInterface {
  const { Association, Attachment, Description, Groups, Ipv6Addresses, MacAddress, NetworkInterfaceId, OwnerId, PrivateDnsName, PrivateIpAddress, PrivateIpAddresses, SourceDestCheck, Status, SubnetId, VpcId, InterfaceType, Ipv4Prefixes, Ipv6Prefixes, ConnectionTrackingConfiguration: tracking, Operator } = eni;
  const shown = (a: StoredInterface['Association']) => a && { IpOwnerId: a.IpOwnerId, PublicDnsName: a.PublicDnsName, PublicIp: a.PublicIp, ...(a.CustomerOwnedIp === undefined ? {} : { CustomerOwnedIp: a.CustomerOwnedIp }) };
  return {
    Attachment: Attachment && { AttachmentId: Attachment.AttachmentId, AttachTime: Attachment.AttachTime, DeleteOnTermination: Attachment.DeleteOnTermination, DeviceIndex: Attachment.DeviceIndex, NetworkCardIndex: Attachment.NetworkCardIndex, Status: Attachment.Status, ...(Attachment.EnaSrdSpecification ? { EnaSrdSpecification: Attachment.EnaSrdSpecification } : {}), ...(Attachment.EnaQueueCount === undefined ? {} : { EnaQueueCount: Attachment.EnaQueueCount }) },
    Description, Groups, Ipv6Addresses, MacAddress, NetworkInterfaceId, OwnerId, PrivateDnsName, PrivateIpAddress, SourceDestCheck, Status, SubnetId, VpcId, InterfaceType, Operator,
    PrivateIpAddresses: PrivateIpAddresses?.map((a) => ({ ...a, ...(a.Association ? { Association: shown(a.Association) } : {}) })),
    ...(Association ? { Association: shown(Association) } : {}), ...(Ipv4Prefixes ? { Ipv4Prefixes } : {}), ...(Ipv6Prefixes ? { Ipv6Prefixes } : {}), ...(tracking ? { ConnectionTrackingConfiguration: tracking } : {}),
  };
}

/** Puts what an instance shows of its interfaces in step with them. */
export function mirror(instance: StoredInstance, eni: StoredInterface): void {
  const others = (instance.NetworkInterfaces ?? []).filter((n) => n.NetworkInterfaceId !== eni.NetworkInterfaceId);
  const all = eni.Attachment?.InstanceId === instance.InstanceId ? [...others, embedded(eni)] : others;
  instance.NetworkInterfaces = all.sort((a, b) => a.Attachment!.DeviceIndex! - b.Attachment!.DeviceIndex!);
  if (eni.Attachment?.DeviceIndex !== 0 || eni.Attachment.InstanceId !== instance.InstanceId) return;
  instance.PrivateIpAddress = eni.PrivateIpAddress;
  instance.SecurityGroups = eni.Groups;
  instance.SourceDestCheck = eni.SourceDestCheck;
  instance.PublicIpAddress = eni.Association?.PublicIp;
  instance.PublicDnsName = eni.Association?.PublicDnsName ?? '';
  instance.Ipv6Address = eni.Ipv6Addresses?.[0]?.Ipv6Address;
}

/** Stores a changed interface, and what its instance shows of it. */
export async function saveInterface(ctx: Context, eni: StoredInterface): Promise<void> {
  await ctx.save(networkInterfaces, eni);
  const instanceId = eni.Attachment?.InstanceId;
  const instance = instanceId === undefined ? undefined : await ctx.find(instances, instanceId);
  if (!instance) return;
  mirror(instance, eni);
  await ctx.save(instances, instance);
}

export function attachmentOf(ctx: Context, instanceId: string, deviceIndex: number, deleteOnTermination: boolean, networkCardIndex = 0): NonNullable<StoredInterface['Attachment']> {
  return {
    AttachmentId: `eni-attach-${ctx.ids.hex(17)}`, AttachTime: ctx.wholeSecond, DeleteOnTermination: deleteOnTermination, DeviceIndex: deviceIndex, NetworkCardIndex: networkCardIndex,
    InstanceId: instanceId, InstanceOwnerId: ctx.account, Status: 'attached',
  };
}

/** Gives an interface's primary address a public one; an Elastic IP brings its own ids. */
export async function associatePublicIp(ctx: Context, eni: StoredInterface, elastic?: { publicIp?: string | undefined; customerOwnedIp?: string | undefined; allocationId: string; associationId: string; privateIp?: string }): Promise<void> {
  const vpc = await ctx.get(vpcs, eni.VpcId!);
  const publicIp = elastic?.publicIp ?? (elastic?.customerOwnedIp === undefined ? await drawPublicIp(ctx) : undefined);
  const association = {
    ...(publicIp === undefined ? { CustomerOwnedIp: elastic!.customerOwnedIp } : { PublicIp: publicIp, PublicDnsName: vpc.$.enableDnsHostnames ? publicDnsName(publicIp, ctx.region) : '' }),
    ...(elastic ? { IpOwnerId: ctx.account, AllocationId: elastic.allocationId, AssociationId: elastic.associationId } : { IpOwnerId: 'amazon' }),
  };
  const privateIp = elastic?.privateIp ?? eni.PrivateIpAddress;
  const address = eni.PrivateIpAddresses!.find((a) => a.PrivateIpAddress === privateIp)!;
  address.Association = association;
  if (address.Primary) eni.Association = association;
}

/** Takes the public or customer-owned address from a private one of the interface; the interface is not saved. */
export function clearAssociation(eni: StoredInterface, gone: Pick<NonNullable<StoredInterface['Association']>, 'PublicIp' | 'CustomerOwnedIp'>): void {
  const meant = (a: StoredInterface['Association']): boolean => a !== undefined && a.PublicIp === gone.PublicIp && a.CustomerOwnedIp === gone.CustomerOwnedIp;
  for (const address of eni.PrivateIpAddresses ?? []) if (meant(address.Association)) delete address.Association;
  if (meant(eni.Association)) delete eni.Association;
}

/** Removes an interface; its addresses go back to the subnet, routes through it become black holes. */
export async function removeInterface(ctx: Context, eni: StoredInterface): Promise<void> {
  await setRouteState(ctx, 'NetworkInterfaceId', eni.NetworkInterfaceId!, 'blackhole');
  for (const { Association } of eni.PrivateIpAddresses ?? []) if (Association?.AllocationId) await releaseAssociation(ctx, Association.AllocationId);
  await ctx.remove(networkInterfaces, await ctx.get(networkInterfaces, eni.NetworkInterfaceId!));
  await giveBackIpv4(ctx, eni.SubnetId!, ipv4CountOf(eni));
}
