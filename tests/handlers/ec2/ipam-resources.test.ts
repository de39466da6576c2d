import { beforeAll, describe, expect, it } from 'vitest';
import { fogbank, type Fogbank } from '../../support/fogbank.ts';
import { as, type Caller } from '../../support/others.ts';

interface Row {
  readonly ResourceId: string;
  readonly ResourceType: string;
  readonly ResourceCidr: string;
  readonly ManagementState: string;
  readonly ComplianceStatus: string;
  readonly OverlapStatus: string;
  readonly IpUsage: number;
}

let fb: Fogbank;
let go: Caller['go'];
let refused: Caller['refused'];
let ipam: { IpamId: string; PrivateDefaultScopeId: string; PublicDefaultScopeId: string; DefaultResourceDiscoveryId: string };

beforeAll(async () => {
  fb = await fogbank();
  ({ go, refused } = as(fb));
  ipam = (await go('CreateIpam', { OperatingRegions: [{ RegionName: 'us-east-1' }, { RegionName: 'eu-west-1' }] })).Ipam;
});

const rows = async (over: Record<string, unknown> = {}): Promise<Row[]> => (await go('GetIpamResourceCidrs', { IpamScopeId: ipam.PrivateDefaultScopeId, ...over })).IpamResourceCidrs;
const vpc = async (CidrBlock: string, over: Record<string, unknown> = {}) => (await go('CreateVpc', { CidrBlock, ...over })).Vpc.VpcId as string;

describe('resource CIDRs', () => {
  it('are the VPCs and subnets of every operating Region, with how much of them is used', async () => {
    const VpcId = await vpc('10.50.0.0/16', { TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'Name', Value: 'lab' }] }] });
    const { SubnetId } = (await go('CreateSubnet', { VpcId, CidrBlock: '10.50.0.0/18' })).Subnet;
    expect(await rows({ ResourceId: VpcId })).toMatchObject([{
      ResourceCidr: '10.50.0.0/16', ResourceType: 'vpc', ResourceName: 'lab', ResourceRegion: 'us-east-1', ResourceOwnerId: '123456789012', IpUsage: 0.25, ManagementState: 'unmanaged', ComplianceStatus: 'unmanaged', OverlapStatus: 'nonoverlapping', IpamId: ipam.IpamId,
    }]);
    expect(await rows({ ResourceId: SubnetId })).toMatchObject([{ ResourceCidr: '10.50.0.0/18', ResourceType: 'subnet', VpcId, IpUsage: 5 / 16_384 }]);
    const there = as(fb, { region: 'eu-west-1' });
    const far = (await there.go('CreateVpc', { CidrBlock: '10.51.0.0/16' })).Vpc.VpcId;
    const elsewhere = (await as(fb, { region: 'us-west-2' }).go('CreateVpc', { CidrBlock: '10.52.0.0/16' })).Vpc.VpcId;
    expect((await rows()).map((r) => r.ResourceId)).toEqual(expect.arrayContaining([VpcId, SubnetId, far]));
    expect((await rows()).map((r) => r.ResourceId)).not.toContain(elsewhere);
    expect((await rows({ Filters: [{ Name: 'resource-region', Values: ['eu-west-1'] }, { Name: 'resource-type', Values: ['vpc'] }, { Name: 'resource-cidr', Values: ['10.*'] }] })).map((r) => r.ResourceId)).toEqual([far]);
    expect((await rows({ ResourceTag: { Key: 'Name', Value: 'lab' } })).map((r) => r.ResourceId)).toEqual([VpcId]);
    expect((await refused('GetIpamResourceCidrs', { IpamScopeId: 'ipam-scope-00000000000000000' })).code).toBe('InvalidIpamScopeId.NotFound');
    expect((await refused('GetIpamResourceCidrs', { IpamScopeId: ipam.PrivateDefaultScopeId, Filters: [{ Name: 'nonsense', Values: ['x'] }] })).message).toBe("The filter 'nonsense' is invalid");
  });

  it('overlap where two VPCs have the same addresses, wherever they are', async () => {
    const one = await vpc('10.60.0.0/16');
    const two = (await as(fb, { region: 'eu-west-1' }).go('CreateVpc', { CidrBlock: '10.60.128.0/17' })).Vpc.VpcId;
    for (const ResourceId of [one, two]) expect(await rows({ ResourceId })).toMatchObject([{ OverlapStatus: 'overlapping' }]);
    await as(fb, { region: 'eu-west-1' }).go('DeleteVpc', { VpcId: two });
    expect(await rows({ ResourceId: one })).toMatchObject([{ OverlapStatus: 'nonoverlapping' }]);
  });

  it('are managed by the pool that gave them, and comply with its rules or not', async () => {
    const { IpamScopeId } = (await go('CreateIpamScope', { IpamId: ipam.IpamId })).IpamScope;
    const { IpamPoolId } = (await go('CreateIpamPool', { IpamScopeId, AddressFamily: 'ipv4', Locale: 'us-east-1', AllocationResourceTags: [{ Key: 'env', Value: 'lab' }] })).IpamPool;
    await go('ProvisionIpamPoolCidr', { IpamPoolId, Cidr: '10.0.0.0/8' });
    const { VpcId } = (await go('CreateVpc', { Ipv4IpamPoolId: IpamPoolId, Ipv4NetmaskLength: 24, TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'env', Value: 'lab' }] }] })).Vpc;
    expect(await rows({ IpamScopeId, IpamPoolId })).toMatchObject([{ ResourceId: VpcId, ManagementState: 'managed', ComplianceStatus: 'compliant', IpamPoolId }]);
    expect(await rows({ ResourceId: VpcId })).toEqual([]);
    await go('DeleteTags', { Resources: [VpcId], Tags: [{ Key: 'env' }] });
    expect(await rows({ IpamScopeId })).toMatchObject([{ ComplianceStatus: 'noncompliant' }]);
  });

  it('ModifyIpamResourceCidr: ignores a resource, frees what it had of a pool, and moves what is free to another scope', async () => {
    const { IpamScopeId } = (await go('CreateIpamScope', { IpamId: ipam.IpamId })).IpamScope;
    const { IpamPoolId } = (await go('CreateIpamPool', { IpamScopeId: ipam.PrivateDefaultScopeId, AddressFamily: 'ipv4', Locale: 'us-east-1', AutoImport: true })).IpamPool;
    await go('ProvisionIpamPoolCidr', { IpamPoolId, Cidr: '10.70.0.0/16' });
    const ResourceId = await vpc('10.70.0.0/20');
    const allocated = async () => (await go('GetIpamPoolAllocations', { IpamPoolId })).IpamPoolAllocations.length;
    expect(await allocated()).toBe(1);
    const of = { ResourceId, ResourceCidr: '10.70.0.0/20', ResourceRegion: 'us-east-1', CurrentIpamScopeId: ipam.PrivateDefaultScopeId };
    expect((await go('ModifyIpamResourceCidr', { ...of, Monitored: false })).IpamResourceCidr).toMatchObject({ ManagementState: 'ignored', ComplianceStatus: 'ignored', OverlapStatus: 'ignored' });
    expect(await allocated()).toBe(0);
    await go('ModifyIpamPool', { IpamPoolId, Description: 'looks again' });
    expect(await allocated()).toBe(0);
    expect((await go('ModifyIpamResourceCidr', { ...of, Monitored: true, DestinationIpamScopeId: IpamScopeId })).IpamResourceCidr).toMatchObject({ IpamScopeId, ManagementState: 'unmanaged' });
    expect(await rows({ ResourceId })).toEqual([]);
    expect(await rows({ ResourceId, IpamScopeId })).toHaveLength(1);
    expect((await refused('ModifyIpamResourceCidr', { ...of, Monitored: true })).code).toBe('InvalidParameterValue');
    expect((await refused('ModifyIpamResourceCidr', { ...of, CurrentIpamScopeId: IpamScopeId, Monitored: true, DestinationIpamScopeId: ipam.PublicDefaultScopeId })).code).toBe('InvalidParameterCombination');
  });

  it('public ones are Elastic IPs and IPv6 blocks', async () => {
    const { AllocationId, PublicIp } = await go('AllocateAddress', {});
    const VpcId = await vpc('10.80.0.0/16', { AmazonProvidedIpv6CidrBlock: true });
    const found = await rows({ IpamScopeId: ipam.PublicDefaultScopeId });
    expect(found).toEqual(expect.arrayContaining([expect.objectContaining({ ResourceId: AllocationId, ResourceCidr: `${PublicIp}/32`, ResourceType: 'eip' }), expect.objectContaining({ ResourceId: VpcId, ResourceType: 'vpc' })]));
  });
});

describe('discoveries', () => {
  it('see accounts, resources and public addresses of their Regions', async () => {
    const { IpamResourceDiscoveryId } = (await go('CreateIpamResourceDiscovery', { OperatingRegions: [{ RegionName: 'us-east-1' }] })).IpamResourceDiscovery;
    expect((await go('GetIpamDiscoveredAccounts', { IpamResourceDiscoveryId, DiscoveryRegion: 'us-east-1' })).IpamDiscoveredAccounts).toMatchObject([{ AccountId: '123456789012', DiscoveryRegion: 'us-east-1' }]);
    expect((await refused('GetIpamDiscoveredAccounts', { IpamResourceDiscoveryId, DiscoveryRegion: 'eu-west-1' })).code).toBe('InvalidParameterValue');
    const [{ SubnetId, VpcId }] = (await go('DescribeSubnets', { Filters: [{ Name: 'default-for-az', Values: ['true'] }] })).Subnets;
    const { NetworkInterfaceId, PrivateIpAddress } = (await go('CreateNetworkInterface', { SubnetId, Description: 'watched' })).NetworkInterface;
    const { AllocationId, PublicIp } = await go('AllocateAddress', {});
    await go('AssociateAddress', { AllocationId, NetworkInterfaceId });
    const found = (await go('GetIpamDiscoveredResourceCidrs', { IpamResourceDiscoveryId, ResourceRegion: 'us-east-1', Filters: [{ Name: 'resource-id', Values: [NetworkInterfaceId] }] })).IpamDiscoveredResourceCidrs;
    expect(found).toMatchObject([{ ResourceType: 'eni', ResourceCidr: `${PrivateIpAddress}/32`, NetworkInterfaceAttachmentStatus: 'available', IpSource: 'none', VpcId, SubnetId, IpamResourceDiscoveryId }]);
    const { IpamDiscoveredPublicAddresses, OldestSampleTime } = await go('GetIpamDiscoveredPublicAddresses', { IpamResourceDiscoveryId, AddressRegion: 'us-east-1', Filters: [{ Name: 'address', Values: [PublicIp] }] });
    expect(IpamDiscoveredPublicAddresses).toMatchObject([{ Address: PublicIp, AddressAllocationId: AllocationId, AddressType: 'amazon-owned-eip', AssociationStatus: 'associated', NetworkInterfaceId, NetworkInterfaceDescription: 'watched', VpcId }]);
    expect(OldestSampleTime).toBeInstanceOf(Date);
  });

  it('widen what an IPAM sees, and are not found when they are gone', async () => {
    const { IpamId, PrivateDefaultScopeId } = (await go('CreateIpam', {})).Ipam;
    const { IpamResourceDiscoveryId } = (await go('CreateIpamResourceDiscovery', {})).IpamResourceDiscovery;
    const { IpamResourceDiscoveryAssociationId } = (await go('AssociateIpamResourceDiscovery', { IpamId, IpamResourceDiscoveryId })).IpamResourceDiscoveryAssociation;
    expect((await refused('AssociateIpamResourceDiscovery', { IpamId, IpamResourceDiscoveryId })).code).toBe('Resource.AlreadyAssociated');
    expect((await go('DescribeIpams', { IpamIds: [IpamId] })).Ipams[0].ResourceDiscoveryAssociationCount).toBe(2);
    expect((await refused('DeleteIpam', { IpamId })).code).toBe('DependencyViolation');
    await go('DeleteIpamResourceDiscovery', { IpamResourceDiscoveryId });
    const [shown] = (await go('DescribeIpamResourceDiscoveryAssociations', { IpamResourceDiscoveryAssociationIds: [IpamResourceDiscoveryAssociationId] })).IpamResourceDiscoveryAssociations;
    expect(shown.ResourceDiscoveryStatus).toBe('not-found');
    expect((await go('DisassociateIpamResourceDiscovery', { IpamResourceDiscoveryAssociationId })).IpamResourceDiscoveryAssociation.State).toBe('disassociate-in-progress');
    expect((await refused('DisassociateIpamResourceDiscovery', { IpamResourceDiscoveryAssociationId })).code).toBe('InvalidIpamResourceDiscoveryAssociationId.NotFound');
    expect((await go('GetIpamResourceCidrs', { IpamScopeId: PrivateDefaultScopeId })).IpamResourceCidrs.length).toBeGreaterThan(0);
    await go('DeleteIpam', { IpamId });
  });

  it('ModifyIpamResourceDiscovery: takes entity paths of an organization, and leaves the default Regions alone', async () => {
    const { IpamResourceDiscoveryId } = (await go('CreateIpamResourceDiscovery', {})).IpamResourceDiscovery;
    const path = { OrganizationsEntityPath: 'o-a1b2c3d4e5/r-f6g7h8i9j0example/ou-ghi0-awsccccc/ou-jkl0-awsddddd/' };
    expect((await go('ModifyIpamResourceDiscovery', { IpamResourceDiscoveryId, AddOrganizationalUnitExclusions: [path], AddOperatingRegions: [{ RegionName: 'eu-west-1' }] })).IpamResourceDiscovery).toMatchObject({ OrganizationalUnitExclusions: [path], OperatingRegions: [{ RegionName: 'us-east-1' }, { RegionName: 'eu-west-1' }] });
    expect((await refused('ModifyIpamResourceDiscovery', { IpamResourceDiscoveryId, AddOrganizationalUnitExclusions: [{ OrganizationsEntityPath: 'ou-1' }] })).code).toBe('InvalidParameterValue');
    expect((await refused('ModifyIpamResourceDiscovery', { IpamResourceDiscoveryId: ipam.DefaultResourceDiscoveryId, AddOperatingRegions: [{ RegionName: 'us-west-2' }] })).code).toBe('OperationNotPermitted');
  });

  it('without an organization nobody administers IPAM for it', async () => {
    expect((await refused('EnableIpamOrganizationAdminAccount', { DelegatedAdminAccountId: '999999999999' })).code).toBe('InvalidParameterValue');
    expect((await refused('DisableIpamOrganizationAdminAccount', { DelegatedAdminAccountId: '999999999999' })).code).toBe('IpamOrganizationAccountNotRegistered');
  });
});

describe('prefix list resolvers', () => {
  it('choose CIDRs by rules, and keep prefix lists in step with them', async () => {
    const VpcId = await vpc('10.90.0.0/16', { TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'edge', Value: 'yes' }] }] });
    const rule = (Conditions: unknown[]) => ({ RuleType: 'ipam-resource-cidr', IpamScopeId: ipam.PrivateDefaultScopeId, ResourceType: 'vpc', Conditions });
    const Rules = [{ RuleType: 'static-cidr', StaticCidr: '192.0.2.0/24' }, rule([{ Operation: 'equals', ResourceTag: { Key: 'edge', Value: 'yes' } }, { Operation: 'subnet-of', Cidr: '10.0.0.0/8' }])];
    const { IpamPrefixListResolverId } = (await go('CreateIpamPrefixListResolver', { IpamId: ipam.IpamId, AddressFamily: 'ipv4', Rules })).IpamPrefixListResolver;
    const entries = async (IpamPrefixListResolverVersion: number) => (await go('GetIpamPrefixListResolverVersionEntries', { IpamPrefixListResolverId, IpamPrefixListResolverVersion })).Entries.map((e: { Cidr: string }) => e.Cidr);
    expect(await entries(1)).toEqual(['10.90.0.0/16', '192.0.2.0/24']);
    expect((await go('GetIpamPrefixListResolverRules', { IpamPrefixListResolverId, Filters: [{ Name: 'rule-type', Values: ['static-cidr'] }] })).Rules).toEqual([{ RuleType: 'static-cidr', StaticCidr: '192.0.2.0/24' }]);
    const { PrefixListId } = (await go('CreateManagedPrefixList', { PrefixListName: 'edge', AddressFamily: 'IPv4', MaxEntries: 3 })).PrefixList;
    const { IpamPrefixListResolverTargetId } = (await go('CreateIpamPrefixListResolverTarget', { IpamPrefixListResolverId, PrefixListId, PrefixListRegion: 'us-east-1', TrackLatestVersion: true })).IpamPrefixListResolverTarget;
    const target = async () => (await go('DescribeIpamPrefixListResolverTargets', { IpamPrefixListResolverTargetIds: [IpamPrefixListResolverTargetId] })).IpamPrefixListResolverTargets[0];
    const listed = async () => (await go('GetManagedPrefixListEntries', { PrefixListId })).Entries.map((e: { Cidr: string }) => e.Cidr);
    expect(await target()).toMatchObject({ State: 'sync-complete', LastSyncedVersion: 1, TrackLatestVersion: true });
    expect(await listed()).toEqual(['10.90.0.0/16', '192.0.2.0/24']);
    expect((await refused('ModifyManagedPrefixList', { PrefixListId, CurrentVersion: 2, AddEntries: [{ Cidr: '10.0.0.0/8' }] })).code).toBe('UnsupportedOperation');
    await go('AssociateVpcCidrBlock', { VpcId, CidrBlock: '10.91.0.0/16' });
    expect((await go('GetIpamPrefixListResolverVersions', { IpamPrefixListResolverId })).IpamPrefixListResolverVersions).toEqual([{ Version: 1 }, { Version: 2 }]);
    expect(await listed()).toEqual(['10.90.0.0/16', '10.91.0.0/16', '192.0.2.0/24']);
    await go('AssociateVpcCidrBlock', { VpcId, CidrBlock: '10.92.0.0/16' });
    expect(await entries(2)).toHaveLength(3);
    expect(await target()).toMatchObject({ State: 'sync-failed', LastSyncedVersion: 2 });
    await go('ModifyIpamPrefixListResolverTarget', { IpamPrefixListResolverTargetId, DesiredVersion: 1 });
    expect(await target()).toMatchObject({ State: 'sync-complete', LastSyncedVersion: 1, TrackLatestVersion: false, DesiredVersion: 1 });
    expect((await refused('DeleteIpamPrefixListResolver', { IpamPrefixListResolverId })).code).toBe('DependencyViolation');
    await go('DeleteIpamPrefixListResolverTarget', { IpamPrefixListResolverTargetId });
    await go('ModifyManagedPrefixList', { PrefixListId, CurrentVersion: (await go('DescribeManagedPrefixLists', { PrefixListIds: [PrefixListId] })).PrefixLists[0].Version, AddEntries: [{ Cidr: '10.0.0.0/8' }] });
    await go('DeleteIpamPrefixListResolver', { IpamPrefixListResolverId });
    await go('DeleteVpc', { VpcId });
  });

  it.each([
    [{ RuleType: 'static-cidr' }, 'MissingParameter'], [{ RuleType: 'static-cidr', StaticCidr: '2001:db8::/32' }, 'InvalidParameterValue'], [{ RuleType: 'ipam-pool-cidr' }, 'MissingParameter'],
    [{ RuleType: 'ipam-pool-cidr', StaticCidr: '10.0.0.0/8' }, 'InvalidParameterCombination'], [{ RuleType: 'ipam-pool-cidr', IpamScopeId: 'ipam-scope-00000000000000000' }, 'InvalidIpamScopeId.NotFound'],
  ])('CreateIpamPrefixListResolver: refuses the rule %j', async (rule, code) => {
    expect((await refused('CreateIpamPrefixListResolver', { IpamId: ipam.IpamId, AddressFamily: 'ipv4', Rules: [rule] })).code).toBe(code);
  });

  it('CreateIpamPrefixListResolver: needs the Advanced tier', async () => {
    const { IpamId } = (await go('CreateIpam', { Tier: 'free' })).Ipam;
    expect((await refused('CreateIpamPrefixListResolver', { IpamId, AddressFamily: 'ipv4' })).code).toBe('UnsupportedOperation');
    await go('DeleteIpam', { IpamId });
  });
});

describe('policies', () => {
  it('say from which pools Elastic IPs come, while they are enabled and the pools have some', async () => {
    const { IpamPoolId } = (await go('CreateIpamPool', { IpamScopeId: ipam.PublicDefaultScopeId, AddressFamily: 'ipv4', Locale: 'us-east-1', AwsService: 'ec2', PublicIpSource: 'amazon' })).IpamPool;
    await go('ProvisionIpamPoolCidr', { IpamPoolId, NetmaskLength: 31 });
    const { IpamPolicyId } = (await go('CreateIpamPolicy', { IpamId: ipam.IpamId })).IpamPolicy;
    const rules = { IpamPolicyId, Locale: 'us-east-1', ResourceType: 'eip', AllocationRules: [{ SourceIpamPoolId: IpamPoolId }] };
    expect((await refused('ModifyIpamPolicyAllocationRules', { ...rules, Locale: 'eu-west-1' })).code).toBe('InvalidParameterValue');
    expect((await go('ModifyIpamPolicyAllocationRules', rules)).IpamPolicyDocument).toEqual(rules);
    expect((await go('GetIpamPolicyAllocationRules', { IpamPolicyId })).IpamPolicyDocuments).toEqual([rules]);
    expect((await go('AllocateAddress', {})).PublicIpv4Pool).toBe('amazon');
    await go('EnableIpamPolicy', { IpamPolicyId });
    expect(await go('GetEnabledIpamPolicy')).toMatchObject({ IpamPolicyEnabled: true, IpamPolicyId, ManagedBy: 'account' });
    const three = [await go('AllocateAddress', {}), await go('AllocateAddress', {}), await go('AllocateAddress', {})];
    expect(three.map((a) => a.PublicIpv4Pool)).toEqual([IpamPoolId, IpamPoolId, 'amazon']);
    const last = (address: string) => Number(address.split('.')[3]);
    expect(last(three[1].PublicIp)).toBe(last(three[0].PublicIp) + 1);
    const held = async () => (await go('GetIpamPoolAllocations', { IpamPoolId })).IpamPoolAllocations;
    expect(await held()).toMatchObject([{ ResourceType: 'eip', ResourceId: three[0].AllocationId }, { ResourceType: 'eip', ResourceId: three[1].AllocationId }]);
    await go('ReleaseAddress', { AllocationId: three[0].AllocationId });
    expect(await held()).toHaveLength(1);
    expect((await go('AllocateAddress', { IpamPoolId, Address: three[0].PublicIp })).PublicIp).toBe(three[0].PublicIp);
    expect((await refused('AllocateAddress', { IpamPoolId })).code).toBe('InvalidParameterValue');
    expect((await refused('DeleteIpamPolicy', { IpamPolicyId })).code).toBe('DependencyViolation');
    await go('DisableIpamPolicy', { IpamPolicyId });
    expect((await refused('DisableIpamPolicy', { IpamPolicyId })).code).toBe('IncorrectState');
    expect((await refused('EnableIpamPolicy', { IpamPolicyId, OrganizationTargetId: 'ou-1' })).code).toBe('InvalidParameterValue');
    expect((await go('GetIpamPolicyOrganizationTargets', { IpamPolicyId })).OrganizationTargets).toEqual([]);
    await go('DeleteIpamPolicy', { IpamPolicyId });
  });
});
