import { beforeAll, describe, expect, it } from 'vitest';
import { call } from '../../laws/samples/index.ts';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

let fb: Fogbank;
let VpcId: string;
const go = (operation: string, input: Record<string, unknown> = {}) => call(fb, operation, input);
const refused = (operation: string, input: Record<string, unknown> = {}) => refusal(go(operation, input));
let count = 0;
const group = async (): Promise<string> => (await go('CreateSecurityGroup', { VpcId, GroupName: `g${++count}`, Description: 'a group' })).GroupId;
const https = [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'all' }] }];

beforeAll(async () => {
  fb = await fogbank({ quotas: 'enforce' });
  VpcId = (await go('CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc.VpcId;
});

describe('CreateSecurityGroup', () => {
  it.each([[{ GroupName: 'default', Description: 'd' }, 'InvalidParameterValue'], [{ GroupName: 'sg-x', Description: 'd' }, 'InvalidParameterValue'], [{ GroupName: 'x', Description: '' }, 'MissingParameter']])('refuses %j', async (input, code) => {
    expect((await refused('CreateSecurityGroup', { VpcId, ...input })).code).toBe(code);
  });

  it('refuses the name of another group of the VPC', async () => {
    await go('CreateSecurityGroup', { VpcId, GroupName: 'twice', Description: 'd' });
    expect(await refused('CreateSecurityGroup', { VpcId, GroupName: 'twice', Description: 'd' })).toMatchObject({ code: 'InvalidGroup.Duplicate', message: `The security group 'twice' already exists for VPC '${VpcId}'` });
  });
});

describe('rules', () => {
  it('have ids, join into permissions, and are refused twice', async () => {
    const GroupId = await group();
    const { SecurityGroupRules } = await go('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: [...https, { IpProtocol: '6', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '10.0.0.5/8' }] }] });
    expect(SecurityGroupRules).toMatchObject([{ IpProtocol: 'tcp', FromPort: 443, CidrIpv4: '0.0.0.0/0', Description: 'all', IsEgress: false }, { CidrIpv4: '10.0.0.0/8' }]);
    const [shown] = (await go('DescribeSecurityGroups', { GroupIds: [GroupId] })).SecurityGroups;
    expect(shown.IpPermissions).toEqual([{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, UserIdGroupPairs: [], IpRanges: [{ Description: 'all', CidrIp: '0.0.0.0/0' }, { CidrIp: '10.0.0.0/8' }], Ipv6Ranges: [], PrefixListIds: [] }]);
    expect(await refused('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: https })).toMatchObject({
      code: 'InvalidPermission.Duplicate', message: 'the specified rule "peer: 0.0.0.0/0, TCP, from port: 443, to port: 443, ALLOW" already exists',
    });
    const twice = [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, IpRanges: [{ CidrIp: '10.0.0.5/8' }, { CidrIp: '10.0.0.0/8' }] }];
    expect(await refused('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: twice })).toMatchObject({ code: 'InvalidParameterValue', message: 'The same permission must not appear multiple times' });
  });

  it('may be given in the old form', async () => {
    const GroupId = await group();
    await go('AuthorizeSecurityGroupIngress', { GroupId, IpProtocol: 'udp', FromPort: 53, ToPort: 53, CidrIp: '10.0.0.0/8' });
    await go('RevokeSecurityGroupIngress', { GroupId, IpProtocol: 'udp', FromPort: 53, ToPort: 53, CidrIp: '10.0.0.0/8' });
    expect((await go('DescribeSecurityGroups', { GroupIds: [GroupId] })).SecurityGroups[0].IpPermissions).toEqual([]);
  });

  it.each([
    [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 70, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    [{ IpProtocol: 'tcp', FromPort: 80, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 70_000, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, IpRanges: [{ CidrIp: '10.0.0/8' }] }],
    [{ IpProtocol: 'nonsense', FromPort: 80, ToPort: 80, IpRanges: [{ CidrIp: '10.0.0.0/8' }] }],
  ])('are refused where they make no sense: %j', async (permission) => {
    const GroupId = await group();
    expect((await refused('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: [permission] })).code).toBe('InvalidParameterValue');
    expect((await go('DescribeSecurityGroupRules', { Filters: [{ Name: 'group-id', Values: [GroupId] }] })).SecurityGroupRules).toHaveLength(1);
  });

  it('are at most 60 in a direction', async () => {
    const GroupId = await group();
    const IpRanges = Array.from({ length: 60 }, (_, i) => ({ CidrIp: `10.0.${i}.0/24` }));
    await go('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: [{ ...https[0], IpRanges }] });
    expect((await refused('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: https })).code).toBe('RulesPerSecurityGroupLimitExceeded');
  });

  it('are changed and revoked by id', async () => {
    const GroupId = await group();
    const [rule] = (await go('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: https })).SecurityGroupRules;
    const SecurityGroupRuleId = rule.SecurityGroupRuleId;
    await go('ModifySecurityGroupRules', { GroupId, SecurityGroupRules: [{ SecurityGroupRuleId, SecurityGroupRule: { IpProtocol: 'tcp', FromPort: 8443, ToPort: 8443, CidrIpv4: '10.0.0.0/8' } }] });
    expect((await go('DescribeSecurityGroupRules', { SecurityGroupRuleIds: [SecurityGroupRuleId] })).SecurityGroupRules[0]).toMatchObject({ FromPort: 8443, CidrIpv4: '10.0.0.0/8' });
    await go('UpdateSecurityGroupRuleDescriptionsIngress', { GroupId, SecurityGroupRuleDescriptions: [{ SecurityGroupRuleId, Description: 'internal' }] });
    expect((await go('DescribeSecurityGroups', { GroupIds: [GroupId] })).SecurityGroups[0].IpPermissions[0].IpRanges).toEqual([{ CidrIp: '10.0.0.0/8', Description: 'internal' }]);
    const { RevokedSecurityGroupRules } = await go('RevokeSecurityGroupIngress', { GroupId, SecurityGroupRuleIds: [SecurityGroupRuleId] });
    expect(RevokedSecurityGroupRules).toMatchObject([{ SecurityGroupRuleId }]);
    expect((await refused('RevokeSecurityGroupIngress', { GroupId, IpPermissions: https })).code).toBe('InvalidPermission.NotFound');
  });
});

describe('ModifySecurityGroupRules', () => {
  it.each([
    [{ FromPort: 1, ToPort: 2, CidrIpv4: '10.0.0.0/8' }, 'InvalidParameterValue', `Invalid value 'null' for protocol. VPC security group rules must specify protocols explicitly.`],
    [{ IpProtocol: 'udp', ToPort: 2, CidrIpv4: '10.0.0.0/8' }, 'InvalidParameterValue', 'Invalid value for portRange. Must specify both from and to ports with TCP/UDP.'],
    [{ IpProtocol: 'udp', FromPort: 1, ToPort: 2 }, 'MissingParameter', 'The request must contain exactly one of: cidrIp, cidrIpv6, prefixListId, or referencedGroupId'],
    [{ IpProtocol: 'udp', FromPort: 1, ToPort: 2, CidrIpv4: '10.0.0.0/8', CidrIpv6: '::/0' }, 'InvalidParameterCombination', 'Only one of cidrIp, cidrIpv6, prefixListId, or referencedGroupId can be specified'],
  ])('refuses %j', async (SecurityGroupRule, code, message) => {
    const GroupId = await group();
    const [{ SecurityGroupRuleId }] = (await go('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: https })).SecurityGroupRules;
    expect(await refused('ModifySecurityGroupRules', { GroupId, SecurityGroupRules: [{ SecurityGroupRuleId, SecurityGroupRule }] })).toMatchObject({ code, message });
  });
});

describe('DescribeSecurityGroupRules', () => {
  it('refuses to filter by what is no group’s id', async () => {
    expect(await refused('DescribeSecurityGroupRules', { Filters: [{ Name: 'group-id', Values: ['foobar'] }] })).toMatchObject({ code: 'InvalidGroupId.Malformed', message: `The security group ID 'foobar' is malformed` });
    expect((await go('DescribeSecurityGroupRules', { Filters: [{ Name: 'group-id', Values: ['sg-005216b55886f0fdc'] }] })).SecurityGroupRules).toEqual([]);
  });
});

describe('DeleteSecurityGroup', () => {
  it('is refused for the default group, and while another group or an interface refers to it', async () => {
    const [byDefault] = (await go('DescribeSecurityGroups', { Filters: [{ Name: 'vpc-id', Values: [VpcId] }, { Name: 'group-name', Values: ['default'] }] })).SecurityGroups;
    expect((await refused('DeleteSecurityGroup', { GroupId: byDefault.GroupId })).code).toBe('CannotDelete');
    const [web, db] = [await group(), await group()];
    await go('AuthorizeSecurityGroupIngress', { GroupId: db, IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: web }] }] });
    await go('AuthorizeSecurityGroupIngress', { GroupId: web, IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: web }] }] });
    expect(await refused('DeleteSecurityGroup', { GroupId: web })).toMatchObject({ code: 'DependencyViolation', message: `resource ${web} has a dependent object` });
    const { SubnetId } = (await go('CreateSubnet', { VpcId, CidrBlock: '10.0.1.0/24' })).Subnet;
    const { NetworkInterfaceId } = (await go('CreateNetworkInterface', { SubnetId, Groups: [db] })).NetworkInterface;
    expect((await refused('DeleteSecurityGroup', { GroupId: db })).code).toBe('DependencyViolation');
    await go('DeleteNetworkInterface', { NetworkInterfaceId });
    await go('DeleteSecurityGroup', { GroupId: db });
    await go('DeleteSecurityGroup', { GroupId: web });
  });
});
