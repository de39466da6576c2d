import type { IpamDiscoveredPublicAddress, IpamDiscoveredResourceCidr } from '@aws-sdk/client-ec2';
import type { Wire } from '../../../protocols/wire-types.ts';
import type { Context, TagPair } from '../../../src/kit/index.ts';
import { addresses, type StoredAddress } from '../addresses/addresses.ts';
import { publicIpv4Pools, rangesOf } from '../addresses/public-ipv4-pools.ts';
import { networkInterfaces, type StoredInterface } from '../network-interfaces/network-interfaces.ts';
import { parseCidr, sizeOf } from '../vpcs/cidr.ts';
import { subnets, type StoredSubnet } from '../vpcs/subnets.ts';
import { vpcs, type StoredVpc } from '../vpcs/vpcs.ts';
import { blocksOf } from './imports.ts';
import { shareUsed } from './ranges.ts';

/** What an account has in a Region that IPAM sees. https://docs.aws.amazon.com/vpc/latest/ipam/monitor-cidr-compliance-ipam.html */
export type Discovered = Wire<IpamDiscoveredResourceCidr> & {
  /** In which kind of scope it is found: by default IPv4 of a VPC is private, IPv6 public. */
  readonly scope: 'private' | 'public';
};

export async function discover(place: Context): Promise<Discovered[]> {
  const [allVpcs, allSubnets] = [await place.list(vpcs), await place.list(subnets)];
  return [
    ...allVpcs.flatMap((vpc) => ofVpc(place, vpc, allSubnets.filter((s) => s.VpcId === vpc.VpcId))),
    ...allSubnets.flatMap((subnet) => ofSubnet(place, subnet)),
    ...(await ofPublicPools(place)),
    ...(await place.list(addresses)).map((address) => ofAddress(place, address)),
    ...(await place.list(networkInterfaces)).flatMap((eni) => ofInterface(place, eni)),
  ];
}

const seen = (place: Context) => ({ ResourceRegion: place.region, ResourceOwnerId: place.account, SampleTime: place.now });
const tagsOf = (tags: readonly TagPair[] | undefined) => (tags ?? []).map(({ Key, Value }) => ({ Key: Key!, Value: Value ?? '' }));
const isIpv4 = (block: string): boolean => !block.includes(':');
const sourceOf = (vpc: StoredVpc, block: string): Discovered['IpSource'] => (isIpv4(block) ? 'none' : (vpc.Ipv6CidrBlockAssociationSet!.find((a) => a.Ipv6CidrBlock === block)!.IpSource ?? 'amazon'));

const subnetBlocks = (subnet: StoredSubnet): string[] => [...(subnet.CidrBlock === undefined ? [] : [subnet.CidrBlock]), ...(subnet.Ipv6CidrBlockAssociationSet ?? []).map((a) => a.Ipv6CidrBlock!)];

function ofVpc(place: Context, vpc: StoredVpc, within: readonly StoredSubnet[]): Discovered[] {
  return blocksOf(vpc).map((block) => {
    const IpSource = sourceOf(vpc, block);
    return {
      ...seen(place), ResourceId: vpc.VpcId, ResourceType: 'vpc', ResourceCidr: block, ResourceTags: tagsOf(vpc.Tags), VpcId: vpc.VpcId, IpSource, scope: IpSource === 'none' ? 'private' : 'public',
      IpUsage: shareUsed(parseCidr(block)!, within.flatMap(subnetBlocks).map((b) => parseCidr(b)!).filter((c) => c.version === (isIpv4(block) ? 4 : 6))),
    };
  });
}

function ofSubnet(place: Context, subnet: StoredSubnet): Discovered[] {
  return subnetBlocks(subnet).map((block) => {
    const size = Number(sizeOf(parseCidr(block)!));
    return {
      ...seen(place), ResourceId: subnet.SubnetId, ResourceType: 'subnet', ResourceCidr: block, ResourceTags: tagsOf(subnet.Tags), VpcId: subnet.VpcId, SubnetId: subnet.SubnetId, AvailabilityZoneId: subnet.AvailabilityZoneId,
      IpSource: isIpv4(block) ? 'none' : (subnet.Ipv6CidrBlockAssociationSet![0]!.IpSource ?? 'amazon'), scope: isIpv4(block) || subnet.Ipv6CidrBlockAssociationSet![0]!.IpSource === 'none' ? 'private' : 'public',
      // "The percentage of IPv6 address space in use cannot currently be calculated."
      ...(isIpv4(block) ? { IpUsage: (size - subnet.AvailableIpAddressCount!) / size } : {}),
    };
  });
}

async function ofPublicPools(place: Context): Promise<Discovered[]> {
  const out: Discovered[] = [];
  for (const pool of await place.list(publicIpv4Pools)) {
    for (const { cidr, available } of await rangesOf(place, pool)) {
      const size = Number(sizeOf(parseCidr(cidr)!));
      out.push({ ...seen(place), ResourceId: pool.PoolId, ResourceType: 'public-ipv4-pool', ResourceCidr: cidr, ResourceTags: tagsOf(pool.Tags), IpSource: 'byoip', scope: 'public', IpUsage: (size - available) / size });
    }
  }
  return out;
}

const ofAddress = (place: Context, address: StoredAddress): Discovered => ({
  ...seen(place), ResourceId: address.AllocationId, ResourceType: 'eip', ResourceCidr: `${address.PublicIp}/32`, ResourceTags: tagsOf(address.Tags), IpSource: address.PublicIpv4Pool === 'amazon' ? 'amazon' : 'byoip', scope: 'public',
});

const ofInterface = (place: Context, eni: StoredInterface): Discovered[] => (eni.PrivateIpAddresses ?? []).map((a) => ({
  ...seen(place), ResourceId: eni.NetworkInterfaceId, ResourceType: 'eni', ResourceCidr: `${a.PrivateIpAddress}/32`, ResourceTags: tagsOf(eni.TagSet), IpSource: 'none', scope: 'private', VpcId: eni.VpcId, SubnetId: eni.SubnetId,
  NetworkInterfaceAttachmentStatus: eni.Attachment ? 'in-use' : 'available', AvailabilityZoneId: eni.AvailabilityZoneId,
}));

// ---- public addresses ----

type PublicAddress = Wire<IpamDiscoveredPublicAddress>;

/** Every public IPv4 address of an account in a Region: Elastic IPs, and what interfaces got by themselves. */
export async function discoverPublicAddresses(place: Context): Promise<PublicAddress[]> {
  const interfaces = await place.list(networkInterfaces);
  const out: PublicAddress[] = [];
  for (const address of await place.list(addresses)) {
    if (address.PublicIp === undefined) continue;
    const eni = interfaces.find((e) => e.NetworkInterfaceId === address.NetworkInterfaceId);
    out.push({
      ...common(place, address.PublicIp, eni), AddressAllocationId: address.AllocationId, AddressType: typeOf(address), NetworkBorderGroup: address.NetworkBorderGroup, Tags: { EipTags: tagsOf(address.Tags) },
      ...(address.PublicIpv4Pool === 'amazon' ? {} : { PublicIpv4PoolId: address.PublicIpv4Pool }),
    });
  }
  for (const eni of interfaces) {
    const own = eni.Association?.IpOwnerId === 'amazon' ? eni.Association.PublicIp : undefined;
    if (own !== undefined) out.push({ ...common(place, own, eni), AddressType: 'ec2-public-ip', NetworkBorderGroup: place.region, Tags: { EipTags: [] } });
  }
  return out;
}

const typeOf = (address: StoredAddress): PublicAddress['AddressType'] =>
  address.PublicIpv4Pool === 'amazon' ? 'amazon-owned-eip' : address.$?.contiguous ? 'amazon-owned-contig' : 'byoip';

function common(place: Context, address: string, eni: StoredInterface | undefined): PublicAddress {
  const gateway = /^Interface for NAT Gateway (nat-\w+)$/.exec(eni?.Description ?? '')?.[1];
  return {
    AddressRegion: place.region, Address: address, AddressOwnerId: place.account, AssociationStatus: eni ? 'associated' : 'disassociated', SampleTime: place.now, SecurityGroups: eni?.Groups ?? [],
    ...(eni ? { VpcId: eni.VpcId, SubnetId: eni.SubnetId, NetworkInterfaceId: eni.NetworkInterfaceId, NetworkInterfaceDescription: eni.Description } : {}),
    ...(eni?.Attachment?.InstanceId ? { InstanceId: eni.Attachment.InstanceId } : {}), ...(gateway === undefined ? {} : { Service: 'nat-gateway', ServiceResource: gateway }),
  };
}

