import { resourceTagKeys, type KeyValue } from '../../src/iam/index.ts';
import type { Context } from '../../src/kit/index.ts';
import type { StoredAddress } from './addresses/addresses.ts';
import type { StoredImage } from './images/images.ts';
import type { StoredInstance } from './instances/instances.ts';
import type { StoredKeyPair } from './instances/key-pairs.ts';
import type { StoredInterface } from './network-interfaces/network-interfaces.ts';
import type { StoredGroup } from './security-groups/security-groups.ts';
import type { StoredSnapshot } from './snapshots/snapshots.ts';
import type { StoredSubnet } from './vpcs/subnets.ts';
import type { StoredVolume } from './volumes/volumes.ts';
import type { StoredVpc } from './vpcs/vpcs.ts';

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

export const instanceKeys = (i: StoredInstance, ctx: Context): KeyValues => ({
  'ec2:PlacementGroup': arn(ctx, 'placement-group', i.Placement?.GroupName),
  'ec2:InstanceID': i.InstanceId, 'ec2:InstanceType': i.InstanceType, 'ec2:AvailabilityZone': i.Placement?.AvailabilityZone, 'ec2:AvailabilityZoneId': i.Placement?.AvailabilityZoneId,
  'ec2:EbsOptimized': i.EbsOptimized, 'ec2:Tenancy': i.Placement?.Tenancy, 'ec2:RootDeviceType': i.RootDeviceType, 'ec2:InstanceProfile': i.IamInstanceProfile?.Arn, 'ec2:InstanceMarketType': i.InstanceLifecycle ?? 'on-demand',
  'ec2:MetadataHttpTokens': i.MetadataOptions?.HttpTokens, 'ec2:MetadataHttpEndpoint': i.MetadataOptions?.HttpEndpoint, 'ec2:MetadataHttpPutResponseHopLimit': i.MetadataOptions?.HttpPutResponseHopLimit,
  'ec2:InstanceMetadataTags': i.MetadataOptions?.InstanceMetadataTags, 'ec2:InstanceAutoRecovery': i.MaintenanceOptions?.AutoRecovery, 'ec2:InstanceBandwidthWeighting': i.NetworkPerformanceOptions?.BandwidthWeighting,
  'ec2:CpuOptionsAmdSevSnp': i.CpuOptions?.AmdSevSnp,
});

export const volumeKeys = (v: StoredVolume, ctx: Context): KeyValues => ({
  'ec2:VolumeID': v.VolumeId, 'ec2:VolumeSize': v.Size, 'ec2:VolumeType': v.VolumeType, 'ec2:VolumeIops': v.Iops, 'ec2:VolumeThroughput': v.Throughput, 'ec2:Encrypted': v.Encrypted,
  'ec2:KmsKeyId': v.KmsKeyId, 'ec2:AvailabilityZone': v.AvailabilityZone, 'ec2:AvailabilityZoneId': v.AvailabilityZoneId, 'ec2:ParentSnapshot': sharedArn(ctx, 'snapshot', v.SnapshotId),
  'ec2:ParentVolume': arn(ctx, 'volume', v.SourceVolumeId), 'ec2:VolumeInitializationRate': v.VolumeInitializationRate,
});

export const imageKeys = (i: StoredImage): KeyValues => ({
  'ec2:ImageID': i.ImageId, 'ec2:ImageType': 'machine', 'ec2:Owner': i.ImageOwnerAlias ?? i.OwnerId, 'ec2:Public': i.Public, 'ec2:RootDeviceType': i.RootDeviceType,
});

export const vpcKeys = (v: StoredVpc): KeyValues => ({ 'ec2:VpcID': v.VpcId, 'ec2:Tenancy': v.InstanceTenancy });

export const subnetKeys = (s: StoredSubnet, ctx: Context): KeyValues => ({ 'ec2:SubnetID': s.SubnetId, 'ec2:Vpc': vpcKey(ctx, s.VpcId), 'ec2:AvailabilityZone': s.AvailabilityZone, 'ec2:AvailabilityZoneId': s.AvailabilityZoneId });

export const groupKeys = (g: StoredGroup, ctx: Context): KeyValues => ({ 'ec2:SecurityGroupID': g.GroupId, 'ec2:Vpc': vpcKey(ctx, g.VpcId) });

export const interfaceKeys = (e: StoredInterface, ctx: Context): KeyValues => ({
  'ec2:NetworkInterfaceID': e.NetworkInterfaceId, 'ec2:Subnet': subnetKey(ctx, e.SubnetId), 'ec2:Vpc': vpcKey(ctx, e.VpcId), 'ec2:AvailabilityZone': e.AvailabilityZone, 'ec2:AvailabilityZoneId': e.AvailabilityZoneId,
});

export const addressKeys = (a: StoredAddress): KeyValues => ({ 'ec2:AllocationId': a.AllocationId, 'ec2:Domain': a.Domain, 'ec2:PublicIpAddress': a.PublicIp });

export const keyPairKeys = (k: StoredKeyPair): KeyValues => ({ 'ec2:KeyPairName': k.KeyName, 'ec2:KeyPairType': k.KeyType });

export const snapshotKeys = (s: StoredSnapshot, ctx: Context): KeyValues => ({ 'ec2:SnapshotID': s.SnapshotId, 'ec2:Owner': s.OwnerId, 'ec2:ParentVolume': arn(ctx, 'volume', s.VolumeId), 'ec2:VolumeSize': s.VolumeSize, 'ec2:Encrypted': s.Encrypted, 'ec2:SnapshotTime': s.StartTime });

export const routeTableKeys = (r: { RouteTableId?: string; VpcId?: string }, ctx: Context): KeyValues => ({ 'ec2:RouteTableID': r.RouteTableId, 'ec2:Vpc': vpcKey(ctx, r.VpcId) });

export const networkAclKeys = (a: { NetworkAclId?: string; VpcId?: string }, ctx: Context): KeyValues => ({ 'ec2:NetworkAclID': a.NetworkAclId, 'ec2:Vpc': vpcKey(ctx, a.VpcId) });

export const internetGatewayKeys = (g: { InternetGatewayId?: string }): KeyValues => ({ 'ec2:InternetGatewayID': g.InternetGatewayId });

export const dhcpOptionsKeys = (d: { DhcpOptionsId?: string }): KeyValues => ({ 'ec2:DhcpOptionsID': d.DhcpOptionsId });

/** What the state of a resource says, its tags included. */
export function stateKeys(kind: string, document: object, ctx: Context): KeyValues {
  const { Tags, TagSet } = document as { Tags?: { Key?: string; Value?: string }[]; TagSet?: { Key?: string; Value?: string }[] };
  return { ...resourceTagKeys(Tags ?? TagSet, 'ec2'), ...ctx.world.registry.resource(`ec2:${kind}`)?.conditionKeys?.(document, ctx) };
}
