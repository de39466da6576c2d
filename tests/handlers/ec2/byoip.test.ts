import { beforeAll, describe, expect, it } from 'vitest';
import { fogbank, type Fogbank } from '../../support/fogbank.ts';
import { as, type Caller } from '../../support/others.ts';

let fb: Fogbank;
let go: Caller['go'];
let refused: Caller['refused'];
let ipam: { IpamId: string; PublicDefaultScopeId: string };

beforeAll(async () => {
  fb = await fogbank();
  ({ go, refused } = as(fb));
  ipam = (await go('CreateIpam', { OperatingRegions: [{ RegionName: 'us-east-1' }, { RegionName: 'eu-west-1' }] })).Ipam;
});

const context = (cidr: string, over: { account?: string; until?: string } = {}) => ({ Message: `1|aws|${over.account ?? '123456789012'}|${cidr}|${over.until ?? '29991231'}|SHA256|RSAPSS`, Signature: 'abc-_~' });
const bring = (Cidr: string, over: Record<string, unknown> = {}) => go('ProvisionByoipCidr', { Cidr, CidrAuthorizationContext: context(Cidr), ...over });
const range = async (cidr: string) => (await go('DescribeByoipCidrs', { MaxResults: 100 })).ByoipCidrs.find((r: { Cidr: string }) => r.Cidr === cidr);

describe('address ranges', () => {
  it('become a pool, are advertised and withdrawn, and go when nobody has an address of them', async () => {
    expect((await bring('198.51.100.0/24', { Description: 'ours', PoolTagSpecifications: [{ ResourceType: 'ipv4pool-ec2', Tags: [{ Key: 'k', Value: 'v' }] }] })).ByoipCidr).toMatchObject({ State: 'pending-provision', Cidr: '198.51.100.0/24' });
    const { State, PoolId, StatusMessage } = await range('198.51.100.0/24');
    expect([State, StatusMessage]).toEqual(['provisioned', PoolId]);
    const pool = async () => (await go('DescribePublicIpv4Pools', { PoolIds: [PoolId] })).PublicIpv4Pools[0];
    expect(await pool()).toMatchObject({ Description: 'ours', TotalAddressCount: 256, TotalAvailableAddressCount: 256, PoolAddressRanges: [{ FirstAddress: '198.51.100.0', LastAddress: '198.51.100.255' }], Tags: [{ Key: 'k', Value: 'v' }] });
    const one = await go('AllocateAddress', { PublicIpv4Pool: PoolId });
    expect(one).toMatchObject({ PublicIp: '198.51.100.0', PublicIpv4Pool: PoolId });
    const two = await go('AllocateAddress', { Address: '198.51.100.77' });
    expect(two).toMatchObject({ PublicIp: '198.51.100.77', PublicIpv4Pool: PoolId });
    expect((await refused('AllocateAddress', { Address: '198.51.100.77', PublicIpv4Pool: PoolId })).code).toBe('InvalidIPAddress.InUse');
    expect((await refused('AllocateAddress', { Address: '203.0.113.1', PublicIpv4Pool: PoolId })).code).toBe('InvalidParameterValue');
    expect((await pool()).TotalAvailableAddressCount).toBe(254);
    expect((await refused('EnableAddressTransfer', { AllocationId: one.AllocationId, TransferAccountId: '999999999999' })).code).toBe('UnsupportedOperation');
    expect((await refused('WithdrawByoipCidr', { Cidr: '198.51.100.0/24' })).code).toBe('IncorrectState');
    expect((await go('AdvertiseByoipCidr', { Cidr: '198.51.100.0/24' })).ByoipCidr.State).toBe('pending-advertising');
    expect((await range('198.51.100.0/24')).State).toBe('advertised');
    expect((await refused('DeprovisionByoipCidr', { Cidr: '198.51.100.0/24' })).code).toBe('IncorrectState');
    await go('WithdrawByoipCidr', { Cidr: '198.51.100.0/24' });
    await go('DeprovisionByoipCidr', { Cidr: '198.51.100.0/24' });
    expect((await range('198.51.100.0/24')).State).toBe('failed-deprovision');
    for (const { AllocationId } of [one, two]) await go('ReleaseAddress', { AllocationId });
    await go('DeprovisionByoipCidr', { Cidr: '198.51.100.0/24' });
    expect((await range('198.51.100.0/24')).State).toBe('deprovisioned');
    expect((await refused('DescribePublicIpv4Pools', { PoolIds: [PoolId] })).code).toBe('InvalidPublicIpv4PoolID.NotFound');
    await bring('198.51.100.0/24');
    fb.machine.clock.advance(7_200_000);
    expect((await range('198.51.100.0/24')).State).toBe('provisioned');
  });

  it.each([
    ['192.0.2.0/25', {}, 'InvalidParameterValue'], ['2001:db8:1::/49', {}, 'InvalidParameterValue'], ['nonsense', {}, 'InvalidParameterValue'],
    ['192.0.2.0/24', { CidrAuthorizationContext: undefined }, 'MissingParameter'],
    ['192.0.2.0/24', { CidrAuthorizationContext: context('192.0.2.0/24', { account: '999999999999' }) }, 'InvalidParameterValue'],
    ['192.0.2.0/24', { CidrAuthorizationContext: context('203.0.113.0/24') }, 'InvalidParameterValue'],
    ['192.0.2.0/24', { CidrAuthorizationContext: context('192.0.2.0/24', { until: '20200101' }) }, 'InvalidParameterValue'],
    ['192.0.2.0/24', { CidrAuthorizationContext: { Message: 'hello', Signature: 's' } }, 'InvalidParameterValue'],
    ['192.0.2.0/24', { CidrAuthorizationContext: { ...context('192.0.2.0/24'), Signature: 'a+b/c=' } }, 'InvalidParameterValue'],
    ['192.0.2.0/24', { PubliclyAdvertisable: false }, 'InvalidParameterCombination'],
  ])('ProvisionByoipCidr: refuses %s with %j', async (Cidr, over, code) => {
    expect((await refused('ProvisionByoipCidr', { Cidr, CidrAuthorizationContext: context(Cidr), ...over })).code).toBe(code);
  });

  it('are brought once, to whatever Region', async () => {
    const there = as(fb, { region: 'eu-west-1' });
    await there.go('ProvisionByoipCidr', { Cidr: '203.0.112.0/23', CidrAuthorizationContext: context('203.0.112.0/23') });
    expect((await refused('ProvisionByoipCidr', { Cidr: '203.0.113.0/24', CidrAuthorizationContext: context('203.0.113.0/24') })).code).toBe('InvalidParameterValue');
    expect((await refused('AdvertiseByoipCidr', { Cidr: '203.0.112.0/23' })).code).toBe('InvalidByoipCidr.NotFound');
  });

  it('of IPv6 give VPCs their blocks', async () => {
    await go('ProvisionByoipCidr', { Cidr: '2001:db8:aa00::/48', PubliclyAdvertisable: false });
    const { PoolId, State } = await range('2001:db8:aa00::/48');
    expect(State).toBe('provisioned-not-publicly-advertisable');
    expect((await refused('AdvertiseByoipCidr', { Cidr: '2001:db8:aa00::/48' })).code).toBe('IncorrectState');
    expect((await go('DescribeIpv6Pools', { PoolIds: [PoolId] })).Ipv6Pools).toMatchObject([{ PoolCidrBlocks: [{ Cidr: '2001:db8:aa00::/48' }] }]);
    const { Vpc } = await go('CreateVpc', { CidrBlock: '10.0.0.0/16', Ipv6Pool: PoolId });
    expect(Vpc.Ipv6CidrBlockAssociationSet).toMatchObject([{ Ipv6CidrBlock: '2001:db8:aa00::/56', Ipv6Pool: PoolId, IpSource: 'byoip' }]);
    expect((await refused('CreateVpc', { CidrBlock: '10.0.0.0/16', Ipv6Pool: PoolId, Ipv6CidrBlock: '2001:db8:aa00::/56' })).code).toBe('InvalidVpc.Conflict');
    const { Ipv6CidrBlockAssociation } = await go('AssociateVpcCidrBlock', { VpcId: Vpc.VpcId, Ipv6Pool: PoolId, Ipv6CidrBlock: '2001:db8:aa00:500::/56' });
    expect((await go('GetAssociatedIpv6PoolCidrs', { PoolId })).Ipv6CidrAssociations).toEqual([{ Ipv6Cidr: '2001:db8:aa00::/56', AssociatedResource: Vpc.VpcId }, { Ipv6Cidr: Ipv6CidrBlockAssociation.Ipv6CidrBlock, AssociatedResource: Vpc.VpcId }]);
    expect((await refused('CreateVpc', { CidrBlock: '10.0.0.0/16', Ipv6CidrBlock: '2001:db8:aa00::/56' })).code).toBe('InvalidParameterCombination');
  });
});

describe('ranges of IPAM', () => {
  const publicPool = async (over: Record<string, unknown> = {}) => (await go('CreateIpamPool', { IpamScopeId: ipam.PublicDefaultScopeId, AddressFamily: 'ipv4', Locale: 'us-east-1', AwsService: 'ec2', ...over })).IpamPool.IpamPoolId as string;

  it('are proved by a message or a token, advertised, and deprovisioned when withdrawn', async () => {
    const IpamPoolId = await publicPool();
    expect((await refused('ProvisionIpamPoolCidr', { IpamPoolId, Cidr: '192.0.2.0/24' })).code).toBe('InvalidParameterCombination');
    expect((await refused('ProvisionIpamPoolCidr', { IpamPoolId, Cidr: '192.0.2.0/24', VerificationMethod: 'dns-token' })).code).toBe('MissingParameter');
    const { IpamExternalResourceVerificationTokenId, TokenValue, NotAfter } = (await go('CreateIpamExternalResourceVerificationToken', { IpamId: ipam.IpamId })).IpamExternalResourceVerificationToken;
    expect([TokenValue.length, NotAfter instanceof Date]).toEqual([32, true]);
    await go('ProvisionIpamPoolCidr', { IpamPoolId, Cidr: '192.0.2.0/24', VerificationMethod: 'dns-token', IpamExternalResourceVerificationTokenId });
    expect(await range('192.0.2.0/24')).toMatchObject({ State: 'provisioned', IpamPoolId });
    await go('AdvertiseByoipCidr', { Cidr: '192.0.2.0/24' });
    expect((await refused('DeprovisionIpamPoolCidr', { IpamPoolId, Cidr: '192.0.2.0/24' })).code).toBe('IncorrectState');
    expect((await refused('DeprovisionByoipCidr', { Cidr: '192.0.2.0/24' })).code).toBe('UnsupportedOperation');
    await go('WithdrawByoipCidr', { Cidr: '192.0.2.0/24' });
    await go('DeprovisionIpamPoolCidr', { IpamPoolId, Cidr: '192.0.2.0/24' });
    expect(await range('192.0.2.0/24')).toBeUndefined();
    fb.machine.clock.advance(73 * 3_600_000);
    expect((await go('DescribeIpamExternalResourceVerificationTokens', { Filters: [{ Name: 'status', Values: ['expired'] }] })).IpamExternalResourceVerificationTokens).toHaveLength(1);
    expect((await refused('ProvisionIpamPoolCidr', { IpamPoolId, Cidr: '192.0.2.0/24', VerificationMethod: 'dns-token', IpamExternalResourceVerificationTokenId })).code).toBe('InvalidParameterValue');
  });

  it('fill public IPv4 pools, which give them back', async () => {
    const IpamPoolId = await publicPool();
    await go('ProvisionIpamPoolCidr', { IpamPoolId, Cidr: '192.0.2.0/24', CidrAuthorizationContext: context('192.0.2.0/24') });
    const { PoolId } = await go('CreatePublicIpv4Pool', {});
    expect((await refused('ProvisionPublicIpv4PoolCidr', { IpamPoolId, PoolId, NetmaskLength: 23 })).code).toBe('InvalidParameterValue');
    expect((await go('ProvisionPublicIpv4PoolCidr', { IpamPoolId, PoolId, NetmaskLength: 28 })).PoolAddressRange).toEqual({ FirstAddress: '192.0.2.0', LastAddress: '192.0.2.15', AddressCount: 16, AvailableAddressCount: 16 });
    expect((await go('GetIpamPoolAllocations', { IpamPoolId })).IpamPoolAllocations).toMatchObject([{ ResourceType: 'ec2-public-ipv4-pool', ResourceId: PoolId, Cidr: '192.0.2.0/28' }]);
    const { AllocationId } = await go('AllocateAddress', { PublicIpv4Pool: PoolId });
    expect((await refused('DeletePublicIpv4Pool', { PoolId })).code).toBe('DependencyViolation');
    expect((await refused('DeprovisionPublicIpv4PoolCidr', { PoolId, Cidr: '192.0.2.0/28' })).code).toBe('DependencyViolation');
    await go('ReleaseAddress', { AllocationId });
    expect((await refused('DeprovisionPublicIpv4PoolCidr', { PoolId, Cidr: '192.0.2.16/28' })).code).toBe('InvalidParameterValue');
    expect(await go('DeprovisionPublicIpv4PoolCidr', { PoolId, Cidr: '192.0.2.0/28' })).toMatchObject({ PoolId, DeprovisionedAddresses: ['192.0.2.0/28'] });
    expect((await go('GetIpamPoolAllocations', { IpamPoolId })).IpamPoolAllocations).toEqual([]);
    expect((await go('DeletePublicIpv4Pool', { PoolId })).ReturnValue).toBe(true);
  });

  it('MoveByoipCidrToIpam: makes a range a pool\'s, whose addresses stay with who has them', async () => {
    await bring('192.88.99.0/24');
    const { PoolId } = await range('192.88.99.0/24');
    const { AllocationId } = await go('AllocateAddress', { PublicIpv4Pool: PoolId });
    const IpamPoolId = await publicPool();
    const move = { Cidr: '192.88.99.0/24', IpamPoolId, IpamPoolOwner: '123456789012' };
    expect((await refused('MoveByoipCidrToIpam', { ...move, IpamPoolOwner: '999999999999' })).code).toBe('InvalidIpamPoolId.NotFound');
    expect((await go('MoveByoipCidrToIpam', move)).ByoipCidr).toMatchObject({ IpamPoolId });
    expect((await go('GetIpamPoolCidrs', { IpamPoolId })).IpamPoolCidrs).toMatchObject([{ Cidr: '192.88.99.0/24', State: 'provisioned' }]);
    expect((await go('GetIpamPoolAllocations', { IpamPoolId })).IpamPoolAllocations).toMatchObject([{ ResourceType: 'ec2-public-ipv4-pool', ResourceId: PoolId }]);
    expect((await go('DescribeAddresses', { AllocationIds: [AllocationId] })).Addresses).toHaveLength(1);
    expect((await refused('MoveByoipCidrToIpam', move)).code).toBe('InvalidParameterCombination');
  });
});

it('ASNs are brought once, associated with ranges and named when these are advertised', async () => {
  const asn = (Asn: string, over: Record<string, unknown> = {}) => ({ IpamId: ipam.IpamId, Asn, AsnAuthorizationContext: { Message: `1|aws|123456789012|${Asn}|29991231|SHA256|RSAPSS`, Signature: 's' }, ...over });
  for (const Asn of ['0', 'AS1', '65000', '4294967296']) expect((await refused('ProvisionIpamByoasn', asn(Asn))).code).toBe('InvalidParameterValue');
  expect((await refused('ProvisionIpamByoasn', asn('12345', { AsnAuthorizationContext: { Message: '1|aws|123456789012|54321|29991231|SHA256|RSAPSS', Signature: 's' } }))).code).toBe('InvalidParameterValue');
  expect((await go('ProvisionIpamByoasn', asn('12345'))).Byoasn).toMatchObject({ Asn: '12345', State: 'pending-provision', IpamId: ipam.IpamId });
  expect((await refused('ProvisionIpamByoasn', asn('12345'))).code).toBe('InvalidParameterValue');
  expect((await go('DescribeIpamByoasn')).Byoasns).toMatchObject([{ Asn: '12345', State: 'provisioned' }]);
  await bring('198.18.0.0/24');
  expect((await refused('AdvertiseByoipCidr', { Cidr: '198.18.0.0/24', Asn: '12345' })).code).toBe('InvalidParameterValue');
  expect((await go('AssociateIpamByoasn', { Asn: '12345', Cidr: '198.18.0.0/24' })).AsnAssociation).toMatchObject({ Asn: '12345', Cidr: '198.18.0.0/24', State: 'pending-association' });
  expect((await refused('AssociateIpamByoasn', { Asn: '12345', Cidr: '198.18.0.0/24' })).code).toBe('Resource.AlreadyAssociated');
  expect((await go('AdvertiseByoipCidr', { Cidr: '198.18.0.0/24', Asn: '12345' })).ByoipCidr.AsnAssociations).toMatchObject([{ Asn: '12345', State: 'associated' }]);
  expect((await refused('DeprovisionIpamByoasn', { IpamId: ipam.IpamId, Asn: '12345' })).code).toBe('DependencyViolation');
  await go('DisassociateIpamByoasn', { Asn: '12345', Cidr: '198.18.0.0/24' });
  expect((await refused('DisassociateIpamByoasn', { Asn: '12345', Cidr: '198.18.0.0/24' })).code).toBe('InvalidParameterValue');
  await go('DeprovisionIpamByoasn', { IpamId: ipam.IpamId, Asn: '12345' });
  expect((await go('DescribeIpamByoasn')).Byoasns).toEqual([]);
});
