import { resourceTagKeys, type KeyValue } from '../../src/iam/index.ts';
import type { Context } from '../../src/kit/index.ts';
import type { StoredAddress } from './addresses.ts';
import type { StoredImage } from './images.ts';
import type { StoredInstance } from './instances.ts';
import type { StoredKeyPair } from './key-pairs.ts';
import type { StoredInterface } from './network-interfaces.ts';
import type { StoredGroup } from './security-groups.ts';
import type { StoredSnapshot } from './snapshots.ts';
import type { StoredSubnet } from './subnets.ts';
import type { StoredVolume } from './volumes.ts';
import type { StoredVpc } from './vpcs.ts';

/**
 * The values of condition keys that a resource's state gives. Which of them an action has is the authorization
 * reference's to say. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html#amazonec2-policy-keys
 */
export type KeyValues = Record<string, KeyValue>;

const arn = (ctx: Context, type: string, id: string | undefined): string | undefined => (id ? `arn:aws:ec2:${ctx.region}:${ctx.account}:${type}/${id}` : undefined);
/** Snapshots and images are no account's in their ARNs. */
export const sharedArn = (ctx: Context, type: string, id: string | undefined): string | undefined => (id ? `arn:aws:ec2:${ctx.region}::${type}/${id}` : undefined);
export const vpcKey = (ctx: Context, vpcId: string | undefined): KeyValue => arn(ctx, 'vpc', vpcId);
export const subnetKey = (ctx: Context, subnetId: string | undefined): KeyValue => arn(ctx, 'subnet', subnetId);

export const instanceKeys = (i: StoredInstance): KeyValues => ({
  'ec2:InstanceID': i.InstanceId, 'ec2:InstanceType': i.InstanceType, 'ec2:AvailabilityZone': i.Placement?.AvailabilityZone, 'ec2:AvailabilityZoneId': i.Placement?.AvailabilityZoneId,
  'ec2:EbsOptimized': i.EbsOptimized, 'ec2:Tenancy': i.Placement?.Tenancy, 'ec2:RootDeviceType': i.RootDeviceType, 'ec2:InstanceProfile': i.IamInstanceProfile?.Arn, 'ec2:InstanceMarketType': 'on-demand',
  'ec2:MetadataHttpTokens': i.MetadataOptions?.HttpTokens, 'ec2:MetadataHttpEndpoint': i.MetadataOptions?.HttpEndpoint, 'ec2:MetadataHttpPutResponseHopLimit': i.MetadataOptions?.HttpPutResponseHopLimit,
  'ec2:InstanceMetadataTags': i.MetadataOptions?.InstanceMetadataTags, 'ec2:InstanceAutoRecovery': i.MaintenanceOptions?.AutoRecovery, 'ec2:InstanceBandwidthWeighting': i.NetworkPerformanceOptions?.BandwidthWeighting,
});

export const volumeKeys = (v: StoredVolume, ctx: Context): KeyValues => ({
  'ec2:VolumeID': v.VolumeId, 'ec2:VolumeSize': v.Size, 'ec2:VolumeType': v.VolumeType, 'ec2:VolumeIops': v.Iops, 'ec2:VolumeThroughput': v.Throughput, 'ec2:Encrypted': v.Encrypted,
  'ec2:KmsKeyId': v.KmsKeyId, 'ec2:AvailabilityZone': v.AvailabilityZone, 'ec2:AvailabilityZoneId': v.AvailabilityZoneId, 'ec2:ParentSnapshot': sharedArn(ctx, 'snapshot', v.SnapshotId),
});

export const imageKeys = (i: StoredImage): KeyValues => ({
  'ec2:ImageID': i.ImageId, 'ec2:ImageType': 'machine', 'ec2:Owner': i.ImageOwnerAlias ?? i.OwnerId, 'ec2:Public': i.Public, 'ec2:RootDeviceType': i.RootDeviceType,
});

/** By the kind's name, which is the resource type's. */
const BY_KIND: Readonly<Record<string, (document: never, ctx: Context) => KeyValues>> = {
  instance: instanceKeys,
  volume: volumeKeys,
  image: imageKeys,
  vpc: (v: StoredVpc) => ({ 'ec2:VpcID': v.VpcId, 'ec2:Tenancy': v.InstanceTenancy }),
  subnet: (s: StoredSubnet, ctx: Context) => ({ 'ec2:SubnetID': s.SubnetId, 'ec2:Vpc': vpcKey(ctx, s.VpcId), 'ec2:AvailabilityZone': s.AvailabilityZone, 'ec2:AvailabilityZoneId': s.AvailabilityZoneId }),
  'security-group': (g: StoredGroup, ctx: Context) => ({ 'ec2:SecurityGroupID': g.GroupId, 'ec2:Vpc': vpcKey(ctx, g.VpcId) }),
  'network-interface': (e: StoredInterface, ctx: Context) => ({
    'ec2:NetworkInterfaceID': e.NetworkInterfaceId, 'ec2:Subnet': subnetKey(ctx, e.SubnetId), 'ec2:Vpc': vpcKey(ctx, e.VpcId), 'ec2:AvailabilityZone': e.AvailabilityZone, 'ec2:AvailabilityZoneId': e.AvailabilityZoneId,
  }),
  'elastic-ip': (a: StoredAddress) => ({ 'ec2:AllocationId': a.AllocationId, 'ec2:Domain': a.Domain, 'ec2:PublicIpAddress': a.PublicIp }),
  'key-pair': (k: StoredKeyPair) => ({ 'ec2:KeyPairName': k.KeyName, 'ec2:KeyPairType': k.KeyType }),
  snapshot: (s: StoredSnapshot, ctx: Context) => ({ 'ec2:SnapshotID': s.SnapshotId, 'ec2:Owner': s.OwnerId, 'ec2:ParentVolume': arn(ctx, 'volume', s.VolumeId), 'ec2:VolumeSize': s.VolumeSize, 'ec2:Encrypted': s.Encrypted, 'ec2:SnapshotTime': s.StartTime }),
  'route-table': (r: { RouteTableId?: string; VpcId?: string }, ctx: Context) => ({ 'ec2:RouteTableID': r.RouteTableId, 'ec2:Vpc': vpcKey(ctx, r.VpcId) }),
  'network-acl': (a: { NetworkAclId?: string; VpcId?: string }, ctx: Context) => ({ 'ec2:NetworkAclID': a.NetworkAclId, 'ec2:Vpc': vpcKey(ctx, a.VpcId) }),
  'internet-gateway': (g: { InternetGatewayId?: string }) => ({ 'ec2:InternetGatewayID': g.InternetGatewayId }),
  'dhcp-options': (d: { DhcpOptionsId?: string }) => ({ 'ec2:DhcpOptionsID': d.DhcpOptionsId }),
};

/** What the state of a resource says, its tags included. */
export function stateKeys(kind: string, document: object, ctx: Context): KeyValues {
  const { Tags, TagSet } = document as { Tags?: { Key?: string; Value?: string }[]; TagSet?: { Key?: string; Value?: string }[] };
  return { ...resourceTagKeys(Tags ?? TagSet, 'ec2'), ...(BY_KIND[kind]?.(document as never, ctx) ?? {}) };
}
