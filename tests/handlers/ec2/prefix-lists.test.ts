import { beforeAll, describe, expect, it } from 'vitest';
import { call } from '../../laws/samples/index.ts';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

let fb: Fogbank;
const go = (operation: string, input: Record<string, unknown> = {}) => call(fb, operation, input);
const refused = (operation: string, input: Record<string, unknown> = {}) => refusal(go(operation, input));

const entries = async (PrefixListId: string, TargetVersion?: number) => (await go('GetManagedPrefixListEntries', { PrefixListId, TargetVersion })).Entries;
const one = async (id: string) => (await go('DescribeManagedPrefixLists', { PrefixListIds: [id] })).PrefixLists[0];

async function list(Entries: { Cidr: string; Description?: string }[] = [], MaxEntries = 5): Promise<string> {
  const { PrefixListId } = (await go('CreateManagedPrefixList', { PrefixListName: 'offices', AddressFamily: 'IPv4', MaxEntries, Entries })).PrefixList;
  await one(PrefixListId);
  return PrefixListId;
}

beforeAll(async () => {
  fb = await fogbank({ quotas: 'enforce' });
});

describe('a prefix list', () => {
  it('is created, and then complete', async () => {
    const { PrefixList } = await go('CreateManagedPrefixList', { PrefixListName: 'offices', AddressFamily: 'IPv4', MaxEntries: 2, Entries: [{ Cidr: '10.0.0.7/24', Description: 'hq' }] });
    expect(PrefixList).toMatchObject({ State: 'create-in-progress', Version: 1, MaxEntries: 2, OwnerId: '123456789012', PrefixListArn: `arn:aws:ec2:us-east-1:123456789012:prefix-list/${PrefixList.PrefixListId}` });
    expect((await one(PrefixList.PrefixListId)).State).toBe('create-complete');
    expect(await entries(PrefixList.PrefixListId)).toEqual([{ Cidr: '10.0.0.0/24', Description: 'hq' }]);
  });

  it.each([
    [{ PrefixListName: 'com.amazonaws.mine' }, 'InvalidParameterValue'], [{ MaxEntries: 0 }, 'InvalidParameterValue'], [{ MaxEntries: 1001 }, 'InvalidParameterValue'], [{ AddressFamily: 'IPv5' }, 'InvalidParameterValue'],
    [{ Entries: [{ Cidr: '2001:db8::/56' }] }, 'InvalidParameterValue'], [{ Entries: [{ Cidr: '10.0.0.0/24' }, { Cidr: '10.0.0.1/24' }] }, 'InvalidParameterValue'],
    [{ MaxEntries: 1, Entries: [{ Cidr: '10.0.0.0/24' }, { Cidr: '10.0.1.0/24' }] }, 'PrefixListMaxEntriesExceeded'],
  ])('CreateManagedPrefixList: refuses %o', async (input, code) => {
    expect((await refused('CreateManagedPrefixList', { PrefixListName: 'x', AddressFamily: 'IPv4', MaxEntries: 5, ...input })).code).toBe(code);
  });

  it('has a version for each change of its entries, and goes back to earlier ones', async () => {
    const id = await list([{ Cidr: '10.0.0.0/24' }, { Cidr: '10.0.1.0/24', Description: 'old' }]);
    const modify = (input: Record<string, unknown>) => go('ModifyManagedPrefixList', { PrefixListId: id, ...input });
    expect((await modify({ CurrentVersion: 1, AddEntries: [{ Cidr: '10.0.2.0/24' }], RemoveEntries: [{ Cidr: '10.0.0.0/24' }] })).PrefixList).toMatchObject({ State: 'modify-in-progress', Version: 2 });
    expect(await refused('ModifyManagedPrefixList', { PrefixListId: id, CurrentVersion: 1, AddEntries: [{ Cidr: '10.0.3.0/24' }] })).toMatchObject({ code: 'PrefixListVersionMismatch', message: 'The prefix list has the incorrect version number.' });
    expect(await entries(id)).toEqual([{ Cidr: '10.0.1.0/24', Description: 'old' }, { Cidr: '10.0.2.0/24' }]);
    expect(await entries(id, 1)).toEqual([{ Cidr: '10.0.0.0/24' }, { Cidr: '10.0.1.0/24', Description: 'old' }]);
    await modify({ PrefixListName: 'renamed' });
    expect(await one(id)).toMatchObject({ PrefixListName: 'renamed', Version: 2, State: 'modify-complete' });
    expect((await go('RestoreManagedPrefixListVersion', { PrefixListId: id, PreviousVersion: 1, CurrentVersion: 2 })).PrefixList).toMatchObject({ State: 'restore-in-progress', Version: 3 });
    expect(await entries(id)).toEqual(await entries(id, 1));
    expect((await refused('RestoreManagedPrefixListVersion', { PrefixListId: id, PreviousVersion: 9, CurrentVersion: 3 })).code).toBe('InvalidParameterValue');
  });

  it('ModifyManagedPrefixList: refuses what does not go together', async () => {
    const id = await list([{ Cidr: '10.0.0.0/24' }], 2);
    const modify = (input: Record<string, unknown>) => refused('ModifyManagedPrefixList', { PrefixListId: id, CurrentVersion: 1, ...input });
    expect(await modify({ AddEntries: [{ Cidr: '10.0.1.0/24' }], MaxEntries: 9 })).toMatchObject({ code: 'InvalidParameterCombination', message: 'You cannot modify the entries and the maximum entries for the prefix list in the same request.' });
    expect((await modify({ AddEntries: [{ Cidr: '10.0.1.0/24' }], RemoveEntries: [{ Cidr: '10.0.1.0/24' }] })).message).toBe('Request cannot contain Cidr 10.0.1.0/24 in both AddPrefixListEntries and RemovePrefixListEntries');
    expect((await modify({ RemoveEntries: [{ Cidr: '10.9.0.0/24' }] })).code).toBe('InvalidPrefixListModification');
    expect((await modify({ AddEntries: [{ Cidr: '10.0.1.0/24' }, { Cidr: '10.0.2.0/24' }] })).code).toBe('PrefixListMaxEntriesExceeded');
    expect((await modify({ CurrentVersion: undefined, AddEntries: [{ Cidr: '10.0.1.0/24' }] })).code).toBe('MissingParameter');
    expect((await modify({})).code).toBe('MissingParameter');
    expect((await one(id)).Version).toBe(1);
  });

  it('refuses changes while one is under way', async () => {
    const slow = await fogbank({ pace: 'realistic' });
    const { PrefixListId } = (await call(slow, 'CreateManagedPrefixList', { PrefixListName: 'x', AddressFamily: 'IPv4', MaxEntries: 1 })).PrefixList;
    expect(await refusal(call(slow, 'ModifyManagedPrefixList', { PrefixListId, PrefixListName: 'y' })))
      .toMatchObject({ code: 'IncorrectState', message: `The request cannot be completed while the prefix list (${PrefixListId}) is in the current state (create-in-progress)` });
  });
});

describe('AWS’s own lists', () => {
  it('are there, with their entries, and cannot be changed', async () => {
    const [s3] = (await go('DescribeManagedPrefixLists', { Filters: [{ Name: 'prefix-list-name', Values: ['com.amazonaws.us-east-1.s3'] }] })).PrefixLists;
    expect(s3).toMatchObject({ OwnerId: 'AWS', PrefixListId: 'pl-63a5400a', PrefixListArn: 'arn:aws:ec2:us-east-1:aws:prefix-list/pl-63a5400a' });
    const [same] = (await go('DescribePrefixLists', { Filters: [{ Name: 'prefix-list-name', Values: [s3.PrefixListName] }] })).PrefixLists;
    expect(same.Cidrs).toEqual((await entries(s3.PrefixListId)).map((e: { Cidr: string }) => e.Cidr));
    expect((await refused('ModifyManagedPrefixList', { PrefixListId: s3.PrefixListId, PrefixListName: 'mine' })).code).toBe('UnsupportedOperation');
    expect((await refused('DescribePrefixLists', { PrefixListIds: ['pl-00000000'] })).code).toBe('InvalidPrefixListId.NotFound');
  });
});

describe('references', () => {
  it('hold the list, count for its size, and refuse to outgrow a quota', async () => {
    const id = await list([], 10);
    const { VpcId } = (await go('CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc;
    const { GroupId } = await go('CreateSecurityGroup', { VpcId, GroupName: 'g', Description: 'd' });
    const { RouteTableId } = (await go('CreateRouteTable', { VpcId })).RouteTable;
    const { InternetGatewayId } = (await go('CreateInternetGateway')).InternetGateway;
    await go('AttachInternetGateway', { VpcId, InternetGatewayId });
    const permission = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, PrefixListIds: [{ PrefixListId: id, Description: 'offices' }] }];
    await go('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: permission });
    await go('CreateRoute', { RouteTableId, DestinationPrefixListId: id, GatewayId: InternetGatewayId });
    expect((await go('DescribeSecurityGroups', { GroupIds: [GroupId] })).SecurityGroups[0].IpPermissions[0].PrefixListIds).toEqual([{ PrefixListId: id, Description: 'offices' }]);
    expect((await go('GetManagedPrefixListAssociations', { PrefixListId: id })).PrefixListAssociations.map((a: { ResourceId: string }) => a.ResourceId).sort()).toEqual([GroupId, RouteTableId].sort());
    expect((await refused('DeleteManagedPrefixList', { PrefixListId: id })).code).toBe('DependencyViolation');
    const { PrefixList } = await go('ModifyManagedPrefixList', { PrefixListId: id, MaxEntries: 61 });
    expect(PrefixList).toMatchObject({ State: 'modify-failed', MaxEntries: 10, StateMessage: `The following resources do not support the new maximum size: ${GroupId}` });
    await go('ModifyManagedPrefixList', { PrefixListId: id, MaxEntries: 60 });
    expect((await refused('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: [{ IpProtocol: 'tcp', FromPort: 1, ToPort: 1, IpRanges: [{ CidrIp: '10.0.0.0/8' }] }] })).code).toBe('RulesPerSecurityGroupLimitExceeded');
    await go('RevokeSecurityGroupIngress', { GroupId, IpPermissions: permission });
    await go('DeleteRoute', { RouteTableId, DestinationPrefixListId: id });
    expect((await go('DeleteManagedPrefixList', { PrefixListId: id })).PrefixList.State).toBe('delete-in-progress');
    expect((await refused('DescribeManagedPrefixLists', { PrefixListIds: [id] })).code).toBe('InvalidPrefixListID.NotFound');
  });

  it.each([['AuthorizeSecurityGroupIngress', 'pl-00000000000000000', 'InvalidPrefixListID.NotFound'], ['AuthorizeSecurityGroupIngress', 'nonsense', 'InvalidPrefixListId.Malformed']])('%s: refuses %s', async (operation, PrefixListId, code) => {
    const { GroupId } = await go('CreateSecurityGroup', { GroupName: `g-${PrefixListId}`, Description: 'd' });
    expect((await refused(operation, { GroupId, IpPermissions: [{ IpProtocol: '-1', PrefixListIds: [{ PrefixListId }] }] })).code).toBe(code);
  });

  it('ModifySecurityGroupRules: takes a list in the place of a block', async () => {
    const id = await list();
    const { GroupId } = await go('CreateSecurityGroup', { GroupName: 'modified', Description: 'd' });
    const { SecurityGroupRules: [rule] } = await go('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '10.0.0.0/8' }] }] });
    await go('ModifySecurityGroupRules', { GroupId, SecurityGroupRules: [{ SecurityGroupRuleId: rule.SecurityGroupRuleId, SecurityGroupRule: { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, PrefixListId: id } }] });
    const [changed] = (await go('DescribeSecurityGroupRules', { SecurityGroupRuleIds: [rule.SecurityGroupRuleId] })).SecurityGroupRules;
    expect([changed.PrefixListId, changed.CidrIpv4]).toEqual([id, undefined]);
  });
});
