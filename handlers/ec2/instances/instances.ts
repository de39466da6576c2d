import type { Instance } from '@aws-sdk/client-ec2';
import type { Wire } from '../../../protocols/wire-types.ts';
import { hours, resource, seconds, type Context } from '../../../src/kit/index.ts';
import { instanceKeys } from '../condition-keys.ts';
import * as errors from '../errors.ts';
import { associatePublicIp, mirror, networkInterfaces, removeInterface, saveInterface } from '../network-interfaces/network-interfaces.ts';
import { volumes } from '../volumes/volumes.ts';
import { interfaceFilters } from './interface-filters.ts';
import { vcpuQuota, vcpusOf, vcpuTerm } from './vcpu-quotas.ts';

/** `$` holds what AWS keeps and shows only through attributes: user data, and the reservation that DescribeInstances groups by. */
export type StoredInstance = Wire<Instance> & { $: InstanceAttributes };

export interface InstanceAttributes {
  reservationId: string;
  userData?: string | undefined;
  disableApiTermination: boolean;
  disableApiStop: boolean;
  shutdownBehavior: 'stop' | 'terminate';
  /** `standard` or `unlimited`, of burstable types. */
  credits?: string | undefined;
  /** Since when it runs. */
  runningSince?: string;
  firstRunningAt?: string;
  /** The administrator's password of a Windows instance, for the holder of its key pair. */
  passwordData?: string;
  /** The endorsement keys of its TPM, in DER. */
  endorsementKeys?: Record<string, string>;
  /** What was in memory is kept until it starts again. */
  hibernated?: boolean;
  /** Whether the primary interface gets a public address at each start. */
  autoPublicIp: boolean;
  /** Its interfaces, while filters look at them. */
  interfaces?: readonly object[];
  /** While it runs: what it counts to its quota. */
  vcpus?: string;
  /** The fleet that keeps it. */
  fleet?: { readonly kind: string; readonly id: string };
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceState.html */
export const STATE_CODES: Readonly<Record<string, number>> = { pending: 0, running: 16, 'shutting-down': 32, terminated: 48, stopping: 64, stopped: 80 };

/** What an instance counts to its quota: nothing where it does not run. */
function countVcpus(instance: StoredInstance, running: boolean): void {
  const row = running && instance.Placement?.Tenancy !== 'host' ? vcpuQuota(instance.InstanceType!, instance.InstanceLifecycle === 'spot') : undefined;
  if (row) instance.$.vcpus = vcpuTerm(row, vcpusOf(instance.InstanceType!));
  else delete instance.$.vcpus;
}

const coded = (instance: StoredInstance): void => {
  countVcpus(instance, /^(pending|running)$/.test(instance.State!.Name!));
  instance.State!.Code = STATE_CODES[instance.State!.Name!]!;
};

/** What stops or ends gives back what it had claimed. */
async function leaving(instance: StoredInstance, ctx: Context): Promise<void> {
  coded(instance);
  // Imported when it is needed: claims know of launches, which know of instances.
  const { released } = await import('./launch-claims.ts');
  await released(instance, ctx);
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html */
export const instances = resource<StoredInstance>({
  service: 'ec2',
  kind: 'instance',
  shape: 'Instance',
  untagged: 'absent',
  id: { member: 'InstanceId', prefix: 'i' },
  notFound: errors.notFound('InvalidInstanceID.NotFound', 'instance ID'),
  malformed: errors.malformedId('InvalidInstanceID.Malformed', 'i'),
  state: 'State.Name',
  lifecycle: {
    pending: { after: seconds(10), to: 'running' },
    stopping: { after: seconds(30), to: 'stopped' },
    'shutting-down': { after: seconds(30), to: 'terminated' },
    // "Terminated instances remain visible for about an hour."
    terminated: { after: hours(1), to: 'gone', paced: false },
  },
  entering: {
    pending: (instance) => {
      coded(instance);
      instance.StateReason = { Code: 'pending', Message: 'pending' };
      delete instance.$.hibernated;
    },
    running: (instance, ctx) => {
      coded(instance);
      delete instance.StateReason;
      instance.$.runningSince = ctx.now;
      instance.$.firstRunningAt ??= ctx.now;
    },
    stopping: leaving, 'shutting-down': leaving,
    stopped: async (instance, ctx) => {
      await leaving(instance, ctx);
      await dropPublicIp(instance, ctx);
    },
    terminated: async (instance, ctx) => {
      await leaving(instance, ctx);
      await dismantle(instance, ctx);
    },
  },
  // "It must contain no instances": https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/delete-placement-group.html
  references: { 'Placement.GroupId': { kind: 'ec2:placement-group', onDelete: (i) => (i.State!.Name === 'terminated' ? 'keep' : 'refuse') } },
  indexed: ['State.Name', 'SubnetId', 'ImageId', 'CapacityReservationId', 'Placement.HostId', '$.vcpus'],
  filters: {
    affinity: 'Placement.Affinity', architecture: 'Architecture', 'availability-zone': 'Placement.AvailabilityZone', 'availability-zone-id': 'Placement.AvailabilityZoneId',
    'block-device-mapping.attach-time': 'BlockDeviceMappings.Ebs.AttachTime', 'block-device-mapping.delete-on-termination': 'BlockDeviceMappings.Ebs.DeleteOnTermination',
    'block-device-mapping.status': 'BlockDeviceMappings.Ebs.Status', 'block-device-mapping.volume-id': 'BlockDeviceMappings.Ebs.VolumeId', 'dns-name': 'PublicDnsName',
    'group-id': 'SecurityGroups.GroupId', 'group-name': 'SecurityGroups.GroupName', 'instance.group-id': 'SecurityGroups.GroupId', 'instance.group-name': 'SecurityGroups.GroupName',
    'host-id': 'Placement.HostId', 'iam-instance-profile.name': (i) => i.IamInstanceProfile?.Arn?.split('/').at(-1), 'instance-state-code': 'State.Code', 'instance-state-name': 'State.Name',
    'instance-lifecycle': 'InstanceLifecycle', 'ip-address': 'PublicIpAddress', 'ipv6-address': 'NetworkInterfaces.Ipv6Addresses.Ipv6Address', 'launch-index': 'AmiLaunchIndex',
    'metadata-options.http-tokens': 'MetadataOptions.HttpTokens', 'monitoring-state': 'Monitoring.State', 'owner-id': (i) => i.NetworkInterfaces?.[0]?.OwnerId, 'placement-group-name': 'Placement.GroupName',
    'placement-partition-number': 'Placement.PartitionNumber', platform: 'Platform', 'product-code': 'ProductCodes.ProductCodeId', 'product-code.type': 'ProductCodes.ProductCodeType',
    reason: 'StateTransitionReason', 'requester-id': () => undefined, 'reservation-id': '$.reservationId', 'state-reason-code': 'StateReason.Code', 'state-reason-message': 'StateReason.Message',
    tenancy: 'Placement.Tenancy', 'outpost-arn': 'OutpostArn', 'metadata-options.http-protocol-ipv4': (i) => i.MetadataOptions?.HttpEndpoint, 'network-interface.group-id': 'NetworkInterfaces.Groups.GroupId', 'network-interface.group-name': 'NetworkInterfaces.Groups.GroupName',
    'network-interface.addresses.private-ip-address': 'NetworkInterfaces.PrivateIpAddresses.PrivateIpAddress', 'network-interface.addresses.primary': 'NetworkInterfaces.PrivateIpAddresses.Primary',
    'network-interface.addresses.association.public-ip': 'NetworkInterfaces.PrivateIpAddresses.Association.PublicIp', 'network-interface.addresses.association.ip-owner-id': 'NetworkInterfaces.PrivateIpAddresses.Association.IpOwnerId',
    'network-interface.association.public-ip': 'NetworkInterfaces.Association.PublicIp', 'network-interface.association.ip-owner-id': 'NetworkInterfaces.Association.IpOwnerId',
    'network-interface.ipv6-addresses.ipv6-address': 'NetworkInterfaces.Ipv6Addresses.Ipv6Address', 'operator.managed': (i) => i.Operator?.Managed ?? false, ...interfaceFilters,
  },
  conditionKeys: instanceKeys,
});

/** A stopped instance loses the public address that EC2 gave it; an Elastic IP stays. */
async function dropPublicIp(instance: StoredInstance, ctx: Context): Promise<void> {
  for (const { NetworkInterfaceId } of instance.NetworkInterfaces ?? []) {
    const eni = await ctx.find(networkInterfaces, NetworkInterfaceId!);
    if (!eni?.Association || eni.Association.AllocationId) continue;
    delete eni.Association;
    for (const address of eni.PrivateIpAddresses ?? []) if (!address.Association?.AllocationId) delete address.Association;
    await ctx.save(networkInterfaces, eni);
    mirror(instance, eni);
  }
}

/** A started instance gets a new one where its launch asked for it. */
export async function givePublicIp(instance: StoredInstance, ctx: Context): Promise<void> {
  const primary = instance.NetworkInterfaces?.find((n) => n.Attachment?.DeviceIndex === 0);
  if (!instance.$.autoPublicIp || !primary) return;
  const eni = await ctx.get(networkInterfaces, primary.NetworkInterfaceId!);
  if (eni.Association) return;
  await associatePublicIp(ctx, eni);
  await ctx.save(networkInterfaces, eni);
  mirror(instance, eni);
}

/** What a terminated instance had goes with it or is free again. */
async function dismantle(instance: StoredInstance, ctx: Context): Promise<void> {
  for (const { NetworkInterfaceId } of instance.NetworkInterfaces ?? []) {
    const attached = await ctx.find(networkInterfaces, NetworkInterfaceId!);
    if (!attached) continue;
    const doomed = attached.Attachment?.DeleteOnTermination === true;
    delete attached.Attachment;
    attached.Status = 'available';
    await saveInterface(ctx, attached);
    if (!doomed) continue;
    await removeInterface(ctx, await ctx.get(networkInterfaces, NetworkInterfaceId!));
  }
  for (const { Ebs } of instance.BlockDeviceMappings ?? []) {
    const volume = await ctx.find(volumes, Ebs!.VolumeId!);
    if (!volume) continue;
    volume.Attachments = volume.Attachments!.filter((a) => a.InstanceId !== instance.InstanceId);
    if (Ebs!.DeleteOnTermination) await ctx.remove(volumes, volume);
    else await ctx.transition(volumes, volume, volume.Attachments.length > 0 ? 'in-use' : 'available');
  }
  instance.NetworkInterfaces = [];
  instance.BlockDeviceMappings = [];
  instance.SecurityGroups = [];
  instance.PublicDnsName = '';
  instance.PrivateDnsName = '';
  for (const member of ['VpcId', 'SubnetId', 'PrivateIpAddress', 'PublicIpAddress', 'IamInstanceProfile', 'SourceDestCheck', 'Ipv6Address'] as const) delete instance[member];
}
