import { beforeAll, describe, expect, it } from 'vitest';
import { fogbank, type Fogbank } from '../../support/fogbank.ts';
import { as, type Caller } from '../../support/others.ts';

let fb: Fogbank;
let go: Caller['go'];
let refused: Caller['refused'];
let ipam: { IpamId: string; PrivateDefaultScopeId: string; PublicDefaultScopeId: string };

beforeAll(async () => {
  fb = await fogbank();
  ({ go, refused } = as(fb));
  ipam = (await go('CreateIpam', { OperatingRegions: [{ RegionName: 'us-east-1' }, { RegionName: 'eu-west-1' }] })).Ipam;
});

const pool = async (over: Record<string, unknown> = {}): Promise<string> => (await go('CreateIpamPool', { IpamScopeId: ipam.PrivateDefaultScopeId, AddressFamily: 'ipv4', Locale: 'us-east-1', ...over })).IpamPool.IpamPoolId;
/** A scope of its own: tests that provision do not stand in each other's way. */
const scope = async (): Promise<string> => (await go('CreateIpamScope', { IpamId: ipam.IpamId })).IpamScope.IpamScopeId;
const filled = async (cidr: string, over: Record<string, unknown> = {}): Promise<string> => {
  const id = await pool({ IpamScopeId: await scope(), ...over });
  await go('ProvisionIpamPoolCidr', { IpamPoolId: id, Cidr: cidr });
  return id;
};
const cidrs = async (IpamPoolId: string) => (await go('GetIpamPoolCidrs', { IpamPoolId })).IpamPoolCidrs;
const allocated = async (IpamPoolId: string) => (await go('GetIpamPoolAllocations', { IpamPoolId })).IpamPoolAllocations;

describe('IPAMs', () => {
  it('CreateIpam: makes two default scopes, a default resource discovery and its association', async () => {
    const [shown] = (await go('DescribeIpams', { IpamIds: [ipam.IpamId] })).Ipams;
    expect(shown).toMatchObject({ State: 'create-complete', IpamRegion: 'us-east-1', Tier: 'advanced', ResourceDiscoveryAssociationCount: 1, IpamArn: `arn:aws:ec2::123456789012:ipam/${ipam.IpamId}`, MeteredAccount: 'ipam-owner' });
    const scopes = (await go('DescribeIpamScopes', { IpamScopeIds: [shown.PublicDefaultScopeId, shown.PrivateDefaultScopeId] })).IpamScopes;
    expect(scopes.map((s: { IpamScopeType: string; IsDefault: boolean }) => [s.IpamScopeType, s.IsDefault])).toEqual([['public', true], ['private', true]]);
    const [discovery] = (await go('DescribeIpamResourceDiscoveries', { IpamResourceDiscoveryIds: [shown.DefaultResourceDiscoveryId] })).IpamResourceDiscoveries;
    expect(discovery).toMatchObject({ IsDefault: true, State: 'create-complete', OperatingRegions: [{ RegionName: 'us-east-1' }, { RegionName: 'eu-west-1' }] });
    const [association] = (await go('DescribeIpamResourceDiscoveryAssociations', { IpamResourceDiscoveryAssociationIds: [shown.DefaultResourceDiscoveryAssociationId] })).IpamResourceDiscoveryAssociations;
    expect(association).toMatchObject({ IsDefault: true, State: 'associate-complete', ResourceDiscoveryStatus: 'active', IpamId: ipam.IpamId });
    expect((await refused('DeleteIpamScope', { IpamScopeId: shown.PrivateDefaultScopeId })).code).toBe('OperationNotPermitted');
    expect((await refused('DeleteIpamResourceDiscovery', { IpamResourceDiscoveryId: shown.DefaultResourceDiscoveryId })).code).toBe('OperationNotPermitted');
  });

  it('CreateIpam: is refused for a second time in a Region where quotas hold', async () => {
    const strict = as(await fogbank({ quotas: 'enforce' }));
    await strict.go('CreateIpam', {});
    expect(await strict.refused('CreateIpam', {})).toMatchObject({ code: 'ResourceLimitExceeded', message: "You've reached the limit for ipams. You have created 1 ipams and you are limited to 1." });
  });

  it('CreateIpam: refuses Regions that do not exist, and to leave out its own', async () => {
    expect((await refused('CreateIpam', { OperatingRegions: [{ RegionName: 'mars-1' }] })).code).toBe('InvalidParameterValue');
    expect((await refused('CreateIpam', { OperatingRegions: [{ RegionName: 'eu-west-1' }] })).code).toBe('InvalidParameterValue');
  });

  it('ModifyIpam: refuses an empty change, and to leave a Region in which a pool is used', async () => {
    expect(await refused('ModifyIpam', { IpamId: ipam.IpamId })).toMatchObject({ code: 'InvalidParameterCombination', message: 'The request must contain a modification to the ipam' });
    const { IpamId, PrivateDefaultScopeId } = (await go('CreateIpam', { OperatingRegions: [{ RegionName: 'us-east-1' }, { RegionName: 'eu-west-1' }] })).Ipam;
    await pool({ IpamScopeId: PrivateDefaultScopeId, Locale: 'eu-west-1' });
    expect((await refused('ModifyIpam', { IpamId, RemoveOperatingRegions: [{ RegionName: 'eu-west-1' }] })).code).toBe('DependencyViolation');
    expect((await refused('ModifyIpam', { IpamId, RemoveOperatingRegions: [{ RegionName: 'us-east-1' }] })).code).toBe('InvalidParameterValue');
    await go('ModifyIpam', { IpamId, AddOperatingRegions: [{ RegionName: 'us-west-2' }], Description: 'more' });
    const [shown] = (await go('DescribeIpams', { IpamIds: [IpamId] })).Ipams;
    expect(shown).toMatchObject({ State: 'modify-complete', Description: 'more', OperatingRegions: [{ RegionName: 'us-east-1' }, { RegionName: 'eu-west-1' }, { RegionName: 'us-west-2' }] });
    const [discovery] = (await go('DescribeIpamResourceDiscoveries', { IpamResourceDiscoveryIds: [shown.DefaultResourceDiscoveryId] })).IpamResourceDiscoveries;
    expect(discovery.OperatingRegions).toHaveLength(3);
  });

  it('DeleteIpam: is refused while it has pools or scopes, and takes all private ones along where it cascades', async () => {
    const { IpamId, PrivateDefaultScopeId, PublicDefaultScopeId, DefaultResourceDiscoveryId } = (await go('CreateIpam', {})).Ipam;
    const { IpamScopeId } = (await go('CreateIpamScope', { IpamId })).IpamScope;
    expect((await refused('DeleteIpam', { IpamId })).code).toBe('DependencyViolation');
    const top = await pool({ IpamScopeId: PrivateDefaultScopeId });
    await go('ProvisionIpamPoolCidr', { IpamPoolId: top, Cidr: '10.0.0.0/8' });
    const below = await pool({ IpamScopeId: PrivateDefaultScopeId, SourceIpamPoolId: top });
    await go('ProvisionIpamPoolCidr', { IpamPoolId: below, NetmaskLength: 16 });
    const { VpcId } = (await go('CreateVpc', { Ipv4IpamPoolId: below, Ipv4NetmaskLength: 24 })).Vpc;
    const open = await pool({ IpamScopeId: PublicDefaultScopeId });
    expect((await refused('DeleteIpam', { IpamId, Cascade: true })).code).toBe('DependencyViolation');
    await go('DeleteIpamPool', { IpamPoolId: open });
    expect((await go('DeleteIpam', { IpamId, Cascade: true })).Ipam.State).toBe('delete-in-progress');
    expect(await refused('DescribeIpams', { IpamIds: [IpamId] })).toMatchObject({ code: 'InvalidIpamId.NotFound', message: `The ipam ID '${IpamId}' does not exist` });
    for (const [operation, given, code] of [
      ['DescribeIpamScopes', { IpamScopeIds: [IpamScopeId] }, 'InvalidIpamScopeId.NotFound'], ['DescribeIpamPools', { IpamPoolIds: [below] }, 'InvalidIpamPoolId.NotFound'],
      ['DescribeIpamResourceDiscoveries', { IpamResourceDiscoveryIds: [DefaultResourceDiscoveryId] }, 'InvalidIpamResourceDiscoveryId.NotFound'],
    ] as const) expect((await refused(operation, given)).code).toBe(code);
    expect((await go('DescribeVpcs', { VpcIds: [VpcId] })).Vpcs).toHaveLength(1);
  });
});

describe('pools', () => {
  it.each([
    [{ PubliclyAdvertisable: true }, 'InvalidParameterCombination', 'The request can only contain PubliclyAdvertisable if the AddressFamily is IPv6 and PublicIpSource is byoip.'],
    [{ AwsService: 'ec2' }, 'InvalidParameterCombination', 'The request can only contain AwsService if the scope is public.'],
    [{ Locale: 'us-west-2' }, 'InvalidParameterValue', 'Value (us-west-2) for parameter locale is invalid. The locale must be one of the operating Regions of the IPAM.'],
    [{ AllocationMinNetmaskLength: 24, AllocationMaxNetmaskLength: 16 }, 'InvalidParameterCombination', 'The minimum netmask length must be less than the maximum netmask length.'],
    [{ AllocationMaxNetmaskLength: 24, AllocationDefaultNetmaskLength: 25 }, 'InvalidParameterCombination', 'The default netmask length must be between the minimum and the maximum netmask length.'],
    [{ AllocationDefaultNetmaskLength: 33 }, 'InvalidParameterValue', 'Value (33) for parameter AllocationDefaultNetmaskLength is invalid. Possible netmask lengths are 0 - 32.'],
    [{ SourceIpamPoolId: 'ipam-pool-00000000000000000' }, 'InvalidIpamPoolId.NotFound', "The ipam-pool ID 'ipam-pool-00000000000000000' does not exist"],
  ])('CreateIpamPool: refuses %j', async (over, code, message) => {
    expect(await refused('CreateIpamPool', { IpamScopeId: ipam.PrivateDefaultScopeId, AddressFamily: 'ipv4', Locale: 'us-east-1', ...over })).toMatchObject({ code, message });
  });

  it('CreateIpamPool: stands below its source, with its family, scope and locale', async () => {
    const top = await pool();
    const made = (await go('CreateIpamPool', { IpamScopeId: ipam.PrivateDefaultScopeId, AddressFamily: 'ipv4', SourceIpamPoolId: top })).IpamPool;
    expect(made).toMatchObject({ PoolDepth: 2, Locale: 'us-east-1', SourceIpamPoolId: top, State: 'create-in-progress', IpamScopeType: 'private', IpamPoolArn: `arn:aws:ec2::123456789012:ipam-pool/${made.IpamPoolId}` });
    expect((await refused('CreateIpamPool', { IpamScopeId: ipam.PrivateDefaultScopeId, AddressFamily: 'ipv6', SourceIpamPoolId: top })).code).toBe('InvalidParameterCombination');
    expect((await refused('CreateIpamPool', { IpamScopeId: await scope(), AddressFamily: 'ipv4', SourceIpamPoolId: top })).code).toBe('InvalidParameterCombination');
    expect((await refused('CreateIpamPool', { IpamScopeId: ipam.PrivateDefaultScopeId, AddressFamily: 'ipv4', SourceIpamPoolId: top, Locale: 'eu-west-1' })).code).toBe('InvalidParameterCombination');
  });

  it('ModifyIpamPool: changes rules together, and refuses an empty change', async () => {
    const id = await pool({ AllocationMinNetmaskLength: 16, AllocationMaxNetmaskLength: 28, AllocationDefaultNetmaskLength: 24, AllocationResourceTags: [{ Key: 'a', Value: '1' }] });
    expect(await refused('ModifyIpamPool', { IpamPoolId: id })).toMatchObject({ code: 'InvalidParameterCombination', message: 'The request must contain a modification to the ipam pool' });
    expect((await refused('ModifyIpamPool', { IpamPoolId: id, AllocationMaxNetmaskLength: 20 })).code).toBe('InvalidParameterCombination');
    const changed = (await go('ModifyIpamPool', { IpamPoolId: id, ClearAllocationDefaultNetmaskLength: true, AllocationMaxNetmaskLength: 20, AddAllocationResourceTags: [{ Key: 'b', Value: '2' }], RemoveAllocationResourceTags: [{ Key: 'a', Value: '1' }] })).IpamPool;
    expect(changed).toMatchObject({ State: 'modify-in-progress', AllocationMaxNetmaskLength: 20, AllocationResourceTags: [{ Key: 'b', Value: '2' }] });
    expect(changed.AllocationDefaultNetmaskLength).toBeUndefined();
  });

  it('DeleteIpamPool: is refused while CIDRs are provisioned or pools stand below', async () => {
    const id = await filled('10.0.0.0/16');
    expect(await refused('DeleteIpamPool', { IpamPoolId: id })).toMatchObject({ code: 'DependencyViolation', message: `The specified action is not valid for ${id}. There are one or more pool cidrs provisioned in the pool.` });
    await go('DeprovisionIpamPoolCidr', { IpamPoolId: id, Cidr: '10.0.0.0/16' });
    expect(await cidrs(id)).toEqual([]);
    await go('DeleteIpamPool', { IpamPoolId: id });
    expect((await refused('GetIpamPoolCidrs', { IpamPoolId: id })).code).toBe('InvalidIpamPoolId.NotFound');
  });
});

describe('provisioning', () => {
  it('takes time, and fails for what another pool of the scope has', async () => {
    const slow = await fogbank({ pace: 'realistic', clock: 'held' });
    const there = as(slow);
    const { PrivateDefaultScopeId } = (await there.go('CreateIpam', {})).Ipam;
    slow.machine.clock.advance(60_000);
    const make = async () => (await there.go('CreateIpamPool', { IpamScopeId: PrivateDefaultScopeId, AddressFamily: 'ipv4' })).IpamPool.IpamPoolId;
    const [one, two] = [await make(), await make()];
    expect((await there.refused('ProvisionIpamPoolCidr', { IpamPoolId: one, Cidr: '10.0.0.0/16' })).code).toBe('IncorrectState');
    slow.machine.clock.advance(60_000);
    expect((await there.go('ProvisionIpamPoolCidr', { IpamPoolId: one, Cidr: '10.0.0.0/16' })).IpamPoolCidr).toMatchObject({ State: 'pending-provision', Cidr: '10.0.0.0/16', NetmaskLength: 16 });
    await there.go('ProvisionIpamPoolCidr', { IpamPoolId: two, Cidr: '10.0.128.0/17' });
    expect((await there.go('GetIpamPoolCidrs', { IpamPoolId: one })).IpamPoolCidrs[0].State).toBe('pending-provision');
    slow.machine.clock.advance(60_000);
    expect((await there.go('GetIpamPoolCidrs', { IpamPoolId: one })).IpamPoolCidrs[0].State).toBe('provisioned');
    expect((await there.go('GetIpamPoolCidrs', { IpamPoolId: two })).IpamPoolCidrs[0]).toMatchObject({ State: 'failed-provision', FailureReason: { Code: 'cidr-not-available' } });
    await there.go('DeleteIpamPool', { IpamPoolId: two });
  });

  it('gives a pool a part of its source, by CIDR or by length, which the source shows as allocated', async () => {
    const top = await filled('10.0.0.0/16');
    const below = { IpamScopeId: (await go('DescribeIpamPools', { IpamPoolIds: [top] })).IpamPools[0].IpamScopeArn.split('/')[1], SourceIpamPoolId: top };
    const [one, two] = [await pool(below), await pool(below)];
    await go('ProvisionIpamPoolCidr', { IpamPoolId: one, Cidr: '10.0.0.0/20' });
    expect((await go('ProvisionIpamPoolCidr', { IpamPoolId: two, NetmaskLength: 20 })).IpamPoolCidr.Cidr).toBeUndefined();
    expect((await cidrs(two))[0]).toMatchObject({ Cidr: '10.0.16.0/20', NetmaskLength: 20, State: 'provisioned' });
    await go('ProvisionIpamPoolCidr', { IpamPoolId: two, Cidr: '10.0.8.0/24' });
    await go('ProvisionIpamPoolCidr', { IpamPoolId: two, Cidr: '10.9.0.0/24' });
    expect((await cidrs(two)).map((c: { State: string }) => c.State)).toEqual(['provisioned', 'failed-provision', 'failed-provision']);
    expect((await allocated(top)).map((a: Record<string, string>) => [a.Cidr, a.ResourceType, a.ResourceId, a.ResourceRegion])).toEqual([['10.0.0.0/20', 'ipam-pool', one, 'us-east-1'], ['10.0.16.0/20', 'ipam-pool', two, 'us-east-1']]);
    await go('DeprovisionIpamPoolCidr', { IpamPoolId: one, Cidr: '10.0.0.0/20' });
    expect(await allocated(top)).toHaveLength(1);
    await go('DeprovisionIpamPoolCidr', { IpamPoolId: two, Cidr: '10.9.0.0/24' });
    expect(await cidrs(two)).toHaveLength(2);
    expect((await refused('DeleteIpamPool', { IpamPoolId: two })).code).toBe('DependencyViolation');
    expect((await go('DeleteIpamPool', { IpamPoolId: top, Cascade: true })).IpamPool.State).toBe('delete-in-progress');
    expect((await refused('DescribeIpamPools', { IpamPoolIds: [two] })).code).toBe('InvalidIpamPoolId.NotFound');
  });

  it.each([
    [{}, 'InvalidParameterCombination'], [{ Cidr: '10.0.0.0/16', NetmaskLength: 16 }, 'InvalidParameterCombination'], [{ NetmaskLength: 16 }, 'InvalidParameterCombination'], [{ Cidr: '2001:db8::/48' }, 'InvalidParameterValue'],
    [{ Cidr: '10.0.0.0/16', CidrAuthorizationContext: { Message: 'm', Signature: 's' } }, 'InvalidParameterCombination'],
  ])('ProvisionIpamPoolCidr: refuses %j for a top-level private pool', async (over, code) => {
    expect((await refused('ProvisionIpamPoolCidr', { IpamPoolId: await pool(), ...over })).code).toBe(code);
  });

  it('private IPv6 is unique local, or the account\'s own where the IPAM allows it', async () => {
    const { IpamId, PrivateDefaultScopeId } = (await go('CreateIpam', {})).Ipam;
    const id = await pool({ IpamScopeId: PrivateDefaultScopeId, AddressFamily: 'ipv6' });
    await go('ProvisionIpamPoolCidr', { IpamPoolId: id, Cidr: 'fd80:1::/32' });
    expect((await refused('ProvisionIpamPoolCidr', { IpamPoolId: id, Cidr: '2001:db8::/48' })).code).toBe('InvalidParameterValue');
    await go('ModifyIpam', { IpamId, EnablePrivateGua: true });
    await go('ProvisionIpamPoolCidr', { IpamPoolId: id, Cidr: '2001:db8::/48' });
    const { Vpc } = await go('CreateVpc', { CidrBlock: '10.0.0.0/16', Ipv6IpamPoolId: id, Ipv6CidrBlock: 'fd80:1:0:100::/56' });
    expect(Vpc.Ipv6CidrBlockAssociationSet).toMatchObject([{ Ipv6CidrBlock: 'fd80:1:0:100::/56', IpSource: 'none', Ipv6AddressAttribute: 'private' }]);
    expect((await go('GetIpamResourceCidrs', { IpamScopeId: PrivateDefaultScopeId, ResourceId: Vpc.VpcId })).IpamResourceCidrs.map((r: { ManagementState: string }) => r.ManagementState)).toEqual(['unmanaged', 'managed']);
  });

  it('DeprovisionIpamPoolCidr: fails while something is allocated', async () => {
    const id = await filled('10.0.0.0/16');
    const { IpamPoolAllocationId } = (await go('AllocateIpamPoolCidr', { IpamPoolId: id, NetmaskLength: 24 })).IpamPoolAllocation;
    expect((await go('DeprovisionIpamPoolCidr', { IpamPoolId: id, Cidr: '10.0.0.0/16' })).IpamPoolCidr.State).toBe('pending-deprovision');
    expect((await cidrs(id))[0]).toMatchObject({ State: 'failed-deprovision', FailureReason: { Message: 'The CIDR has one or more allocations.' } });
    await go('ReleaseIpamPoolAllocation', { IpamPoolId: id, Cidr: '10.0.0.0/24', IpamPoolAllocationId });
    await go('DeprovisionIpamPoolCidr', { IpamPoolId: id, Cidr: '10.0.0.0/16' });
    expect(await cidrs(id)).toEqual([]);
    expect((await refused('DeprovisionIpamPoolCidr', { IpamPoolId: id, Cidr: '10.0.0.0/16' })).code).toBe('InvalidParameterValue');
  });

  it('Amazon gives public IPv6 by length alone', async () => {
    const id = await pool({ IpamScopeId: ipam.PublicDefaultScopeId, AddressFamily: 'ipv6', PublicIpSource: 'amazon', AwsService: 'ec2' });
    expect((await refused('ProvisionIpamPoolCidr', { IpamPoolId: id, NetmaskLength: 50 })).code).toBe('InvalidParameterValue');
    await go('ProvisionIpamPoolCidr', { IpamPoolId: id, NetmaskLength: 52 });
    const [{ Cidr }] = await cidrs(id);
    expect(Cidr).toMatch(/^2600:1f.*\/52$/);
    const { Vpc } = await go('CreateVpc', { CidrBlock: '10.0.0.0/16', Ipv6IpamPoolId: id, Ipv6NetmaskLength: 56 });
    expect(Vpc.Ipv6CidrBlockAssociationSet).toMatchObject([{ Ipv6Pool: 'IPAM Managed', IpSource: 'amazon', Ipv6AddressAttribute: 'public' }]);
    expect((await allocated(id)).map((a: { Cidr: string }) => a.Cidr)).toEqual([Vpc.Ipv6CidrBlockAssociationSet[0].Ipv6CidrBlock]);
  });
});

describe('allocations', () => {
  it('finds the first free block, keeps off what is disallowed, and shows what it would give next', async () => {
    const id = await filled('10.0.0.0/16', { AllocationDefaultNetmaskLength: 24 });
    const next = async (over: Record<string, unknown> = {}) => (await go('AllocateIpamPoolCidr', { IpamPoolId: id, ...over })).IpamPoolAllocation;
    expect(await next()).toMatchObject({ Cidr: '10.0.0.0/24', ResourceType: 'custom', ResourceOwner: '123456789012' });
    expect((await next({ NetmaskLength: 28 })).Cidr).toBe('10.0.1.0/28');
    expect((await next({ NetmaskLength: 24, DisallowedCidrs: ['10.0.2.0/23'] })).Cidr).toBe('10.0.4.0/24');
    expect((await next({ NetmaskLength: 24, AllowedCidrs: ['10.0.128.0/20', '10.0.64.0/20'] })).Cidr).toBe('10.0.64.0/24');
    const preview = await next({ PreviewNextCidr: true });
    expect([preview.Cidr, preview.IpamPoolAllocationId]).toEqual(['10.0.2.0/24', undefined]);
    expect((await next()).Cidr).toBe('10.0.2.0/24');
    expect((await next({ Cidr: '10.0.200.0/24', Description: 'mine' })).Cidr).toBe('10.0.200.0/24');
    expect(await allocated(id)).toHaveLength(6);
  });

  it.each([
    [{}, 'InvalidParameterCombination', 'The request cannot contain empty CIDR and Netmask Length for a pool with no default allocation netmask length set. Exactly one of them should be provided.'],
    [{ Cidr: '10.0.0.0/24', NetmaskLength: 24 }, 'InvalidParameterCombination', undefined],
    [{ Cidr: '10.0.0.0/24', DisallowedCidrs: ['10.0.1.0/24'] }, 'InvalidParameterCombination', undefined],
    [{ NetmaskLength: 17 }, 'InvalidParameterValue', undefined],
    [{ Cidr: '10.1.0.0/24' }, 'InvalidParameterValue', undefined],
    [{ Cidr: '10.0.9.0/25' }, 'InvalidParameterValue', undefined],
    [{ NetmaskLength: 18, DisallowedCidrs: ['10.0.0.0/8'] }, 'InvalidParameterValue', 'The allocation size is too big for the pool.'],
  ])('AllocateIpamPoolCidr: refuses %j', async (over, code, message) => {
    const id = await filled('10.0.0.0/16', { AllocationMinNetmaskLength: 18, AllocationMaxNetmaskLength: 28 });
    await go('AllocateIpamPoolCidr', { IpamPoolId: id, Cidr: '10.0.9.0/24' });
    const refusal = await refused('AllocateIpamPoolCidr', { IpamPoolId: id, ...over });
    expect(refusal.code).toBe(code);
    if (message !== undefined) expect(refusal.message).toBe(message);
    expect(await allocated(id)).toHaveLength(1);
  });

  it('are described, changed and tagged by their id', async () => {
    const id = await filled('10.0.0.0/16');
    const { IpamPoolAllocationId } = (await go('AllocateIpamPoolCidr', { IpamPoolId: id, NetmaskLength: 24, TagSpecifications: [{ ResourceType: 'ipam-pool-allocation', Tags: [{ Key: 'for', Value: 'lab' }] }] })).IpamPoolAllocation;
    expect(IpamPoolAllocationId).toMatch(/^ipam-pool-alloc-[0-9a-f]{33}$/);
    expect((await go('ModifyIpamPoolAllocation', { IpamPoolAllocationId, Description: 'lab' })).IpamPoolAllocation.Description).toBe('lab');
    const find = async (Filters: unknown[]) => (await go('DescribeIpamPoolAllocations', { Filters })).IpamPoolAllocations.map((a: { IpamPoolAllocationId: string }) => a.IpamPoolAllocationId);
    expect(await find([{ Name: 'tag:for', Values: ['lab'] }])).toEqual([IpamPoolAllocationId]);
    await go('CreateTags', { Resources: [IpamPoolAllocationId], Tags: [{ Key: 'more', Value: 'x' }] });
    expect(await find([{ Name: 'tag-key', Values: ['more'] }])).toEqual([IpamPoolAllocationId]);
    expect((await go('GetIpamPoolAllocations', { IpamPoolId: id, IpamPoolAllocationId })).IpamPoolAllocations).toHaveLength(1);
    expect((await refused('GetIpamPoolAllocations', { IpamPoolId: id, IpamPoolAllocationId: `ipam-pool-alloc-${'0'.repeat(33)}` })).code).toBe('InvalidIpamPoolAllocationId.NotFound');
    expect(await refused('ReleaseIpamPoolAllocation', { IpamPoolId: id, IpamPoolAllocationId, Cidr: '10.0.1.0/24' })).toMatchObject({ code: 'InvalidParameterCombination', message: `No allocation found for ${IpamPoolAllocationId}` });
  });

  it('are made where the pool has its locale', async () => {
    const id = await filled('10.0.0.0/16', { Locale: 'eu-west-1' });
    expect((await refused('AllocateIpamPoolCidr', { IpamPoolId: id, NetmaskLength: 24 })).code).toBe('InvalidParameterValue');
    const there = as(fb, { region: 'eu-west-1' });
    expect((await there.go('DescribeIpamPools', { IpamPoolIds: [id] })).IpamPools).toMatchObject([{ IpamRegion: 'us-east-1', Locale: 'eu-west-1' }]);
    expect((await there.go('AllocateIpamPoolCidr', { IpamPoolId: id, NetmaskLength: 24 })).IpamPoolAllocation.Cidr).toBe('10.0.0.0/24');
    const { VpcId } = (await there.go('CreateVpc', { Ipv4IpamPoolId: id, Ipv4NetmaskLength: 24 })).Vpc;
    expect((await there.go('GetIpamPoolAllocations', { IpamPoolId: id })).IpamPoolAllocations).toMatchObject([{ ResourceType: 'custom' }, { ResourceType: 'vpc', ResourceId: VpcId, ResourceRegion: 'eu-west-1', Cidr: '10.0.1.0/24' }]);
    expect((await as(fb, { region: 'us-west-2' }).refused('CreateVpc', { Ipv4IpamPoolId: id, Ipv4NetmaskLength: 24 })).code).toBe('InvalidIpamPoolId.NotFound');
    expect((await as(fb, { accessKeyId: '999999999999', region: 'eu-west-1' }).refused('CreateVpc', { Ipv4IpamPoolId: id, Ipv4NetmaskLength: 24 })).code).toBe('InvalidIpamPoolId.NotFound');
  });
});

describe('VPCs and subnets of pools', () => {
  it('CreateVpc: takes its block of a pool, and gives it back when it goes', async () => {
    const id = await filled('10.0.0.0/16', { AllocationDefaultNetmaskLength: 24 });
    const { VpcId, CidrBlock } = (await go('CreateVpc', { Ipv4IpamPoolId: id })).Vpc;
    expect(CidrBlock).toBe('10.0.0.0/24');
    expect(await allocated(id)).toMatchObject([{ ResourceType: 'vpc', ResourceId: VpcId, ResourceOwner: '123456789012', Cidr: '10.0.0.0/24' }]);
    const [{ IpamPoolAllocationId }] = await allocated(id);
    expect((await refused('ReleaseIpamPoolAllocation', { IpamPoolId: id, IpamPoolAllocationId, Cidr: '10.0.0.0/24' })).code).toBe('InvalidParameterCombination');
    expect((await refused('CreateVpc', { Ipv4IpamPoolId: id, CidrBlock: '10.0.0.0/24' })).code).toBe('InvalidParameterValue');
    const { CidrBlockAssociation } = await go('AssociateVpcCidrBlock', { VpcId, Ipv4IpamPoolId: id, Ipv4NetmaskLength: 25 });
    expect(CidrBlockAssociation.CidrBlock).toBe('10.0.1.0/25');
    expect(await allocated(id)).toHaveLength(2);
    await go('DisassociateVpcCidrBlock', { AssociationId: CidrBlockAssociation.AssociationId });
    expect(await allocated(id)).toHaveLength(1);
    await go('DeleteVpc', { VpcId });
    expect(await allocated(id)).toEqual([]);
  });

  it('CreateVpc: refuses a pool without a locale, one whose tags it lacks, and to say nothing of its block', async () => {
    expect(await refused('CreateVpc', {})).toMatchObject({ code: 'MissingParameter', message: "Either 'cidrBlock' or 'ipv4IpamPoolId' should be provided." });
    expect((await refused('CreateVpc', { CidrBlock: '10.0.0.0/16', Ipv4NetmaskLength: 24 })).code).toBe('InvalidParameterCombination');
    expect((await refused('CreateVpc', { Ipv4IpamPoolId: await filled('10.0.0.0/16', { Locale: undefined }), Ipv4NetmaskLength: 24 })).code).toBe('InvalidParameterValue');
    const id = await filled('10.0.0.0/16', { AllocationResourceTags: [{ Key: 'env', Value: 'lab' }] });
    const tagged = (value: string) => ({ TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'env', Value: value }] }] });
    expect(await refused('CreateVpc', { Ipv4IpamPoolId: id, Ipv4NetmaskLength: 24, ...tagged('prod') })).toMatchObject({ message: 'The resource is missing one or more of the resource tags required by the IPAM pool.' });
    expect((await go('CreateVpc', { Ipv4IpamPoolId: id, Ipv4NetmaskLength: 24, ...tagged('lab') })).Vpc.CidrBlock).toBe('10.0.0.0/24');
    expect(await refused('CreateVpc', { Ipv4IpamPoolId: id, Ipv4NetmaskLength: 16, ...tagged('lab') })).toMatchObject({ code: 'InvalidParameterValue', message: 'The allocation size is too big for the pool.' });
  });

  it('CreateSubnet: takes its block of a pool that plans the VPC', async () => {
    const top = await filled('10.0.0.0/16');
    const { VpcId } = (await go('CreateVpc', { Ipv4IpamPoolId: top, Ipv4NetmaskLength: 20 })).Vpc;
    expect(await refused('CreateSubnet', { VpcId, Ipv4IpamPoolId: top, Ipv4NetmaskLength: 24 })).toMatchObject({ message: `IpamPool '${top}' is missing a source resource` });
    const IpamScopeId = (await go('DescribeIpamPools', { IpamPoolIds: [top] })).IpamPools[0].IpamScopeArn.split('/')[1];
    const SourceResource = { ResourceId: VpcId, ResourceOwner: '123456789012', ResourceRegion: 'us-east-1', ResourceType: 'vpc' };
    const planner = await pool({ IpamScopeId, SourceIpamPoolId: top, SourceResource });
    await go('ProvisionIpamPoolCidr', { IpamPoolId: planner, NetmaskLength: 20 });
    expect(await cidrs(planner)).toMatchObject([{ Cidr: '10.0.0.0/20', State: 'provisioned' }]);
    const one = (await go('CreateSubnet', { VpcId, Ipv4IpamPoolId: planner, Ipv4NetmaskLength: 24 })).Subnet;
    const two = (await go('CreateSubnet', { VpcId, Ipv4IpamPoolId: planner, Ipv4NetmaskLength: 24 })).Subnet;
    expect([one.CidrBlock, two.CidrBlock]).toEqual(['10.0.0.0/24', '10.0.1.0/24']);
    await go('DeleteSubnet', { SubnetId: one.SubnetId });
    expect(await allocated(planner)).toMatchObject([{ ResourceType: 'subnet', ResourceId: two.SubnetId }]);
    expect(await allocated(top)).toHaveLength(1);
  });

  it('a pool that imports takes in VPCs that lie in its range, before and after', async () => {
    const early = (await go('CreateVpc', { CidrBlock: '10.77.0.0/20' })).Vpc.VpcId;
    const id = await filled('10.77.0.0/16', { AutoImport: true });
    const late = (await go('CreateVpc', { CidrBlock: '10.77.16.0/20' })).Vpc.VpcId;
    await go('CreateVpc', { CidrBlock: '10.77.0.0/21' });
    expect((await allocated(id)).map((a: { ResourceId: string }) => a.ResourceId)).toEqual([early, late]);
    expect((await go('AllocateIpamPoolCidr', { IpamPoolId: id, NetmaskLength: 20 })).IpamPoolAllocation.Cidr).toBe('10.77.32.0/20');
  });
});
