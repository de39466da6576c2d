import { beforeAll, describe, expect, it } from 'vitest';
import { image } from '../../laws/samples/sample.ts';
import { fogbank, type Fogbank } from '../../support/fogbank.ts';
import { as, type Caller } from '../../support/others.ts';

let fb: Fogbank;
let go: Caller['go'];
let refused: Caller['refused'];
let VpcId: string;
let next = 0;

beforeAll(async () => {
  fb = await fogbank();
  ({ go, refused } = as(fb));
  VpcId = (await go('CreateVpc', { CidrBlock: '10.0.0.0/16', AmazonProvidedIpv6CidrBlock: true })).Vpc.VpcId;
});

const subnet = async (over: Record<string, unknown> = {}) => (await go('CreateSubnet', { VpcId, CidrBlock: `10.0.${next++}.0/24`, AvailabilityZone: 'us-east-1a', ...over })).Subnet;
const eni = async (SubnetId: string, over: Record<string, unknown> = {}) => (await go('CreateNetworkInterface', { SubnetId, ...over })).NetworkInterface;
const free = async (SubnetId: string): Promise<number> => (await go('DescribeSubnets', { SubnetIds: [SubnetId] })).Subnets[0].AvailableIpAddressCount;
const shown = async (id: string) => (await go('DescribeNetworkInterfaces', { NetworkInterfaceIds: [id] })).NetworkInterfaces[0];
const ipv6Of = async (n: number) => (await go('DescribeVpcs', { VpcIds: [VpcId] })).Vpcs[0].Ipv6CidrBlockAssociationSet[0].Ipv6CidrBlock.replace(/00::\/56$/, `${n.toString(16).padStart(2, '0')}::/64`);

describe('IPv4 prefixes', () => {
  it('take sixteen addresses each, which nobody else gets, and give them back', async () => {
    const { SubnetId } = await subnet({ CidrBlock: `10.0.${next++}.0/26` });
    const made = await eni(SubnetId, { Ipv4PrefixCount: 2 });
    expect(made.Ipv4Prefixes.map((p: { Ipv4Prefix: string }) => p.Ipv4Prefix.split('.')[3])).toEqual(['16/28', '32/28']);
    expect(await free(SubnetId)).toBe(59 - 1 - 32);
    const [block] = made.Ipv4Prefixes[0].Ipv4Prefix.split('.16/');
    expect((await refused('CreateNetworkInterface', { SubnetId, PrivateIpAddress: `${block}.20` })).code).toBe('InvalidIPAddress.InUse');
    const others: string[] = [];
    for (let i = 0; i < 26; i++) others.push((await eni(SubnetId)).PrivateIpAddress);
    expect(others.map((a) => Number(a.split('.')[3])).every((n) => n < 16 || n > 47)).toBe(true);
    expect((await refused('CreateNetworkInterface', { SubnetId })).code).toBe('InsufficientFreeAddressesInSubnet');
    expect(await refused('AssignPrivateIpAddresses', { NetworkInterfaceId: made.NetworkInterfaceId, Ipv4PrefixCount: 1 })).toMatchObject({ code: 'InsufficientCidrBlocks', message: 'The specified subnet does not have enough free cidr blocks to satisfy the request.' });
    await go('UnassignPrivateIpAddresses', { NetworkInterfaceId: made.NetworkInterfaceId, Ipv4Prefixes: [`${block}.16/28`] });
    expect(await free(SubnetId)).toBe(16);
    await go('DeleteNetworkInterface', { NetworkInterfaceId: made.NetworkInterfaceId });
    expect(await free(SubnetId)).toBe(33);
  });

  it('come from a reservation for prefixes where there is one, and keep off an explicit one', async () => {
    const { SubnetId, CidrBlock } = await subnet();
    const start = CidrBlock.replace('.0/24', '');
    await go('CreateSubnetCidrReservation', { SubnetId, Cidr: `${start}.128/27`, ReservationType: 'prefix' });
    await go('CreateSubnetCidrReservation', { SubnetId, Cidr: `${start}.16/28`, ReservationType: 'explicit' });
    const { NetworkInterfaceId } = await eni(SubnetId, { PrivateIpAddress: `${start}.4` });
    const { AssignedIpv4Prefixes } = await go('AssignPrivateIpAddresses', { NetworkInterfaceId, Ipv4PrefixCount: 3 });
    expect(AssignedIpv4Prefixes.map((p: { Ipv4Prefix: string }) => p.Ipv4Prefix)).toEqual([`${start}.128/28`, `${start}.144/28`, `${start}.32/28`]);
    expect((await go('AssignPrivateIpAddresses', { NetworkInterfaceId, Ipv4Prefixes: [`${start}.16/28`] })).AssignedIpv4Prefixes).toEqual([{ Ipv4Prefix: `${start}.16/28` }]);
  });

  it.each([
    [{ Ipv4Prefixes: ['10.0.0.0/27'] }, 'InvalidParameterValue'], [{ Ipv4Prefixes: ['10.0.0.8/28'] }, 'InvalidParameterValue'], [{ Ipv4Prefixes: ['10.200.0.0/28'] }, 'InvalidParameterValue'],
    [{ Ipv4PrefixCount: 1, Ipv4Prefixes: ['10.0.0.16/28'] }, 'InvalidParameterCombination'], [{ Ipv4PrefixCount: 1, SecondaryPrivateIpAddressCount: 1 }, 'InvalidParameterCombination'],
  ])('AssignPrivateIpAddresses: refuses %j and takes nothing', async (over, code) => {
    const { SubnetId } = await subnet();
    const { NetworkInterfaceId } = await eni(SubnetId);
    expect((await refused('AssignPrivateIpAddresses', { NetworkInterfaceId, ...over })).code).toBe(code);
    expect(await free(SubnetId)).toBe(250);
  });

  it('an address moves from another interface where the caller allows it, but not a primary one', async () => {
    const { SubnetId } = await subnet();
    const [one, two] = [await eni(SubnetId, { SecondaryPrivateIpAddressCount: 1 }), await eni(SubnetId)];
    const PrivateIpAddresses = [one.PrivateIpAddresses[1].PrivateIpAddress];
    expect(await refused('AssignPrivateIpAddresses', { NetworkInterfaceId: two.NetworkInterfaceId, PrivateIpAddresses })).toMatchObject({ code: 'InvalidParameterValue', message: `[${PrivateIpAddresses[0]}] assigned, but move is not allowed.` });
    await go('AssignPrivateIpAddresses', { NetworkInterfaceId: two.NetworkInterfaceId, PrivateIpAddresses, AllowReassignment: true });
    expect((await shown(one.NetworkInterfaceId)).PrivateIpAddresses).toHaveLength(1);
    expect((await shown(two.NetworkInterfaceId)).PrivateIpAddresses).toHaveLength(2);
    expect((await refused('AssignPrivateIpAddresses', { NetworkInterfaceId: two.NetworkInterfaceId, PrivateIpAddresses: [one.PrivateIpAddress], AllowReassignment: true })).code).toBe('InvalidIPAddress.InUse');
    expect(await free(SubnetId)).toBe(248);
  });
});

it('IPv6 prefixes are /80 blocks of the subnet, in which no address is given', async () => {
  const { SubnetId } = await subnet({ Ipv6CidrBlock: await ipv6Of(next) });
  const { NetworkInterfaceId, Ipv6Prefixes } = await eni(SubnetId, { Ipv6PrefixCount: 2 });
  expect(Ipv6Prefixes).toHaveLength(2);
  const prefix = Ipv6Prefixes[0].Ipv6Prefix as string;
  expect(prefix).toMatch(/\/80$/);
  expect((await refused('AssignIpv6Addresses', { NetworkInterfaceId, Ipv6Addresses: [prefix.replace(/:?:?\/80$/, '::7')] })).code).toBe('InvalidIPAddress.InUse');
  expect((await refused('AssignIpv6Addresses', { NetworkInterfaceId: (await eni(SubnetId)).NetworkInterfaceId, Ipv6Prefixes: [prefix] })).code).toBe('InvalidIPAddress.InUse');
  expect((await go('UnassignIpv6Addresses', { NetworkInterfaceId, Ipv6Prefixes: [prefix] })).UnassignedIpv6Prefixes).toEqual([prefix]);
  expect((await shown(NetworkInterfaceId)).Ipv6Prefixes).toHaveLength(1);
});

describe('attributes', () => {
  const modify = (NetworkInterfaceId: string, over: Record<string, unknown>) => go('ModifyNetworkInterfaceAttribute', { NetworkInterfaceId, ...over });

  it('connection tracking timeouts stay within AWS\'s bounds', async () => {
    const { SubnetId } = await subnet();
    const { NetworkInterfaceId, ConnectionTrackingConfiguration } = await eni(SubnetId, { ConnectionTrackingSpecification: { TcpEstablishedTimeout: 60 } });
    expect(ConnectionTrackingConfiguration).toEqual({ TcpEstablishedTimeout: 60 });
    await modify(NetworkInterfaceId, { ConnectionTrackingSpecification: { UdpTimeout: 45 } });
    expect((await shown(NetworkInterfaceId)).ConnectionTrackingConfiguration).toEqual({ TcpEstablishedTimeout: 60, UdpTimeout: 45 });
    expect((await refused('ModifyNetworkInterfaceAttribute', { NetworkInterfaceId, ConnectionTrackingSpecification: { UdpStreamTimeout: 181 } })).code).toBe('InvalidParameterValue');
  });

  it('the first IPv6 address becomes the primary one and stays it', async () => {
    const { SubnetId } = await subnet({ Ipv6CidrBlock: await ipv6Of(next) });
    const { NetworkInterfaceId } = await eni(SubnetId);
    expect((await refused('ModifyNetworkInterfaceAttribute', { NetworkInterfaceId, EnablePrimaryIpv6: true })).code).toBe('InvalidParameterCombination');
    await go('AssignIpv6Addresses', { NetworkInterfaceId, Ipv6AddressCount: 2 });
    await modify(NetworkInterfaceId, { EnablePrimaryIpv6: true });
    const { Ipv6Addresses } = await shown(NetworkInterfaceId);
    expect(Ipv6Addresses.map((a: { IsPrimaryIpv6: boolean }) => a.IsPrimaryIpv6)).toEqual([true, false]);
    expect((await refused('ModifyNetworkInterfaceAttribute', { NetworkInterfaceId, EnablePrimaryIpv6: false })).code).toBe('UnsupportedOperation');
    expect((await refused('UnassignIpv6Addresses', { NetworkInterfaceId, Ipv6Addresses: [Ipv6Addresses[0].Ipv6Address] })).code).toBe('UnsupportedOperation');
  });

  it('ENA Express and queues are of an attachment to a type that has them', async () => {
    const { SubnetId } = await subnet();
    const { NetworkInterfaceId } = await eni(SubnetId);
    expect((await refused('ModifyNetworkInterfaceAttribute', { NetworkInterfaceId, EnaSrdSpecification: { EnaSrdEnabled: true } })).code).toBe('IncorrectState');
    const launch = async (InstanceType: string) => (await go('RunInstances', { ImageId: await image(fb), InstanceType, MinCount: 1, MaxCount: 1, SubnetId })).Instances[0].InstanceId;
    const small = await launch('t3.micro');
    expect((await refused('AttachNetworkInterface', { NetworkInterfaceId, InstanceId: small, DeviceIndex: 1, EnaSrdSpecification: { EnaSrdEnabled: true } })).code).toBe('UnsupportedOperation');
    const large = await launch('c6i.32xlarge');
    const express = { EnaSrdEnabled: true, EnaSrdUdpSpecification: { EnaSrdUdpEnabled: true } };
    await go('AttachNetworkInterface', { NetworkInterfaceId, InstanceId: large, DeviceIndex: 1, EnaSrdSpecification: express });
    expect((await shown(NetworkInterfaceId)).Attachment.EnaSrdSpecification).toEqual(express);
    await modify(NetworkInterfaceId, { EnaSrdSpecification: { EnaSrdEnabled: false } });
    expect((await shown(NetworkInterfaceId)).Attachment.EnaSrdSpecification).toEqual({ EnaSrdEnabled: false, EnaSrdUdpSpecification: { EnaSrdUdpEnabled: false } });
    expect((await refused('ModifyNetworkInterfaceAttribute', { NetworkInterfaceId, EnaSrdSpecification: { EnaSrdUdpSpecification: { EnaSrdUdpEnabled: true } } })).code).toBe('InvalidParameterCombination');
  });

  it('RunInstances: gives prefixes, which the instance shows, as many as its type takes', async () => {
    const { SubnetId } = await subnet();
    const launch = (n: number) => ({ ImageId: '', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, NetworkInterfaces: [{ DeviceIndex: 0, SubnetId, Ipv4PrefixCount: n }] });
    const ImageId = await image(fb);
    const { Instances } = await go('RunInstances', { ...launch(1), ImageId });
    expect(Instances[0].NetworkInterfaces[0].Ipv4Prefixes).toHaveLength(1);
    expect(await free(SubnetId)).toBe(251 - 17);
    expect(await refused('RunInstances', { ...launch(2), ImageId })).toMatchObject({ code: 'PrivateIpAddressLimitExceeded', message: 'Number of private addresses will exceed limit.' });
    await go('TerminateInstances', { InstanceIds: [Instances[0].InstanceId] });
    await go('DescribeInstances');
    expect(await free(SubnetId)).toBe(251);
  });

  it('a public address is associated and taken away again', async () => {
    const { SubnetId } = await subnet();
    const { InstanceId, NetworkInterfaces: [{ NetworkInterfaceId }] } = (await go('RunInstances', { ImageId: await image(fb), InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, SubnetId })).Instances[0];
    await go('DescribeInstances', { InstanceIds: [InstanceId] });
    await modify(NetworkInterfaceId, { AssociatePublicIpAddress: true });
    const { PublicIpAddress } = (await go('DescribeInstances', { InstanceIds: [InstanceId] })).Reservations[0].Instances[0];
    expect(PublicIpAddress).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    expect((await go('DescribeNetworkInterfaceAttribute', { NetworkInterfaceId, Attribute: 'associatePublicIpAddress' })).AssociatePublicIpAddress).toBe(true);
    await modify(NetworkInterfaceId, { AssociatePublicIpAddress: false });
    expect((await shown(NetworkInterfaceId)).Association).toBeUndefined();
  });

  it('EFA-only interfaces have no address, and EFA needs a type that has it', async () => {
    const { SubnetId } = await subnet();
    const made = await eni(SubnetId, { InterfaceType: 'efa-only' });
    expect([made.InterfaceType, made.PrivateIpAddress, made.PrivateIpAddresses]).toEqual(['efa-only', undefined, []]);
    expect((await refused('CreateNetworkInterface', { SubnetId, InterfaceType: 'efa-only', PrivateIpAddress: '10.0.0.9' })).code).toBe('InvalidParameterCombination');
    const { InstanceId } = (await go('RunInstances', { ImageId: await image(fb), InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, SubnetId })).Instances[0];
    expect((await refused('AttachNetworkInterface', { NetworkInterfaceId: made.NetworkInterfaceId, InstanceId, DeviceIndex: 1 })).code).toBe('UnsupportedOperation');
  });

  it('an interface has as many security groups as the quota says', async () => {
    const strict = as(await fogbank({ quotas: 'enforce' }));
    const [{ VpcId: home }] = (await strict.go('DescribeVpcs')).Vpcs;
    const [{ SubnetId }] = (await strict.go('DescribeSubnets')).Subnets;
    const Groups: string[] = [];
    for (let i = 0; i < 6; i++) Groups.push((await strict.go('CreateSecurityGroup', { VpcId: home, GroupName: `g${i}`, Description: 'd' })).GroupId);
    expect(await strict.refused('CreateNetworkInterface', { SubnetId, Groups })).toMatchObject({ code: 'SecurityGroupsPerInterfaceLimitExceeded' });
    expect((await strict.go('CreateNetworkInterface', { SubnetId, Groups: Groups.slice(1) })).NetworkInterface.Groups).toHaveLength(5);
  });
});

it('trunks have branches by VLAN or GRE key, each once, and are not deleted before', async () => {
  const { SubnetId } = await subnet();
  const trunk = (await eni(SubnetId, { InterfaceType: 'trunk' })).NetworkInterfaceId;
  const [one, two] = [(await eni(SubnetId)).NetworkInterfaceId, (await eni(SubnetId)).NetworkInterfaceId];
  const made = (await go('AssociateTrunkInterface', { TrunkInterfaceId: trunk, BranchInterfaceId: one, VlanId: 7 })).InterfaceAssociation;
  expect(made).toMatchObject({ InterfaceProtocol: 'VLAN', VlanId: 7, TrunkInterfaceId: trunk, BranchInterfaceId: one });
  for (const [over, code] of [
    [{ BranchInterfaceId: one, VlanId: 8 }, 'Resource.AlreadyAssociated'], [{ BranchInterfaceId: two, VlanId: 7 }, 'InvalidParameterValue'], [{ BranchInterfaceId: two, VlanId: 7, GreKey: 1 }, 'InvalidParameterCombination'],
    [{ BranchInterfaceId: two }, 'InvalidParameterCombination'], [{ BranchInterfaceId: trunk, VlanId: 9 }, 'InvalidParameterValue'], [{ TrunkInterfaceId: two, BranchInterfaceId: one, VlanId: 9 }, 'InvalidParameterValue'],
  ] as const) expect((await refused('AssociateTrunkInterface', { TrunkInterfaceId: trunk, ...over })).code).toBe(code);
  await go('AssociateTrunkInterface', { TrunkInterfaceId: trunk, BranchInterfaceId: two, GreKey: 99 });
  expect((await go('DescribeTrunkInterfaceAssociations', { Filters: [{ Name: 'interface-protocol', Values: ['GRE'] }] })).InterfaceAssociations).toMatchObject([{ GreKey: 99 }]);
  expect((await refused('DeleteNetworkInterface', { NetworkInterfaceId: one })).code).toBe('DependencyViolation');
  expect((await go('DisassociateTrunkInterface', { AssociationId: made.AssociationId })).Return).toBe(true);
  await go('DeleteNetworkInterface', { NetworkInterfaceId: one });
});

it('permissions are for one account, and go with their interface', async () => {
  const { SubnetId } = await subnet();
  const { NetworkInterfaceId } = await eni(SubnetId);
  const grant = { NetworkInterfaceId, AwsAccountId: '999999999999', Permission: 'INSTANCE-ATTACH' };
  const { NetworkInterfacePermissionId } = (await go('CreateNetworkInterfacePermission', grant)).InterfacePermission;
  expect((await refused('CreateNetworkInterfacePermission', grant)).code).toBe('InvalidPermission.Duplicate');
  expect((await refused('CreateNetworkInterfacePermission', { ...grant, AwsAccountId: '888888888888' })).code).toBe('UnsupportedOperation');
  expect((await refused('CreateNetworkInterfacePermission', { ...grant, AwsAccountId: 'them' })).code).toBe('InvalidParameterValue');
  await go('CreateNetworkInterfacePermission', { ...grant, Permission: 'EIP-ASSOCIATE' });
  const list = async () => (await go('DescribeNetworkInterfacePermissions', { Filters: [{ Name: 'network-interface-permission.network-interface-id', Values: [NetworkInterfaceId] }] })).NetworkInterfacePermissions;
  expect((await list()).map((p: { PermissionState: { State: string } }) => p.PermissionState.State)).toEqual(['GRANTED', 'GRANTED']);
  await go('DeleteNetworkInterfacePermission', { NetworkInterfacePermissionId });
  expect((await refused('DescribeNetworkInterfacePermissions', { NetworkInterfacePermissionIds: ['eni-perm-00000000000000000'] })).code).toBe('InvalidPermissionID.NotFound');
  expect(await list()).toHaveLength(1);
  await go('DeleteNetworkInterface', { NetworkInterfaceId });
  expect(await list()).toEqual([]);
});

it('ModifyPublicIpDnsNameOptions: names what the interface has', async () => {
  const [{ SubnetId }] = (await go('DescribeSubnets', { Filters: [{ Name: 'default-for-az', Values: ['true'] }] })).Subnets;
  const { NetworkInterfaceId } = await eni(SubnetId);
  expect((await refused('ModifyPublicIpDnsNameOptions', { NetworkInterfaceId, HostnameType: 'public-ipv4-dns-name' })).code).toBe('InvalidParameterValue');
  const { AllocationId } = await go('AllocateAddress', {});
  await go('AssociateAddress', { AllocationId, NetworkInterfaceId });
  expect((await go('ModifyPublicIpDnsNameOptions', { NetworkInterfaceId, HostnameType: 'public-ipv4-dns-name' })).Successful).toBe(true);
  const { PublicIpDnsNameOptions, PublicDnsName } = await shown(NetworkInterfaceId);
  expect(PublicIpDnsNameOptions).toMatchObject({ DnsHostnameType: 'public-ipv4-dns-name', PublicIpv4DnsName: PublicDnsName });
});

/** https://github.com/aws/amazon-vpc-cni-k8s/issues/3105, https://github.com/aws/amazon-vpc-cni-k8s/pull/1773 */
it('a subnet without room refuses interfaces, their addresses and launches in their own words', async () => {
  const { SubnetId } = await subnet({ CidrBlock: `10.0.${next++}.0/28` });
  const { NetworkInterfaceId } = await eni(SubnetId, { SecondaryPrivateIpAddressCount: 9 });
  const full = { code: 'InsufficientFreeAddressesInSubnet', message: 'The specified subnet does not have enough free addresses to satisfy the request.' };
  expect(await refused('AssignPrivateIpAddresses', { NetworkInterfaceId, SecondaryPrivateIpAddressCount: 2 })).toMatchObject(full);
  expect(await refused('CreateNetworkInterface', { SubnetId, Ipv4PrefixCount: 1 })).toMatchObject({ code: 'InvalidParameterValue', message: "There aren't sufficient free Ipv4 addresses or prefixes" });
  await eni(SubnetId);
  expect(await refused('CreateNetworkInterface', { SubnetId })).toMatchObject(full);
  expect(await refused('RunInstances', { ImageId: await image(fb), InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, SubnetId })).toMatchObject({ code: full.code, message: `There are not enough free addresses in subnet '${SubnetId}' to satisfy the requested number of instances.` });
});
