import { beforeAll, expect, it } from 'vitest';
import { call } from '../../laws/samples/index.ts';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

let fb: Fogbank;
const go = (operation: string, input: Record<string, unknown> = {}) => call(fb, operation, input);
const refused = (operation: string, input: Record<string, unknown> = {}) => refusal(go(operation, input));
const vpc = async (CidrBlock: string): Promise<string> => (await go('CreateVpc', { CidrBlock })).Vpc.VpcId;
const group = async (VpcId: string, GroupName: string): Promise<string> => (await go('CreateSecurityGroup', { VpcId, GroupName, Description: 'd' })).GroupId;

beforeAll(async () => {
  fb = await fogbank();
});

it('an associated group serves in the other VPC, and is held there by its interfaces', async () => {
  const [home, away] = [await vpc('10.0.0.0/16'), await vpc('10.1.0.0/16')];
  const GroupId = await group(home, 'shared');
  const { SubnetId } = (await go('CreateSubnet', { VpcId: away, CidrBlock: '10.1.0.0/24' })).Subnet;
  const use = () => go('CreateNetworkInterface', { SubnetId, Groups: [GroupId] });
  expect((await refusal(use())).code).toBe('InvalidParameter');
  expect(await go('AssociateSecurityGroupVpc', { GroupId, VpcId: away })).toMatchObject({ State: 'associating' });
  const described = async () => (await go('DescribeSecurityGroupVpcAssociations', { Filters: [{ Name: 'group-id', Values: [GroupId] }] })).SecurityGroupVpcAssociations;
  expect(await described()).toEqual([{ GroupId, VpcId: away, State: 'associated', GroupOwnerId: '123456789012', VpcOwnerId: '123456789012' }]);
  expect((await go('GetSecurityGroupsForVpc', { VpcId: away, Filters: [{ Name: 'primary-vpc-id', Values: [home] }] })).SecurityGroupForVpcs).toMatchObject([{ GroupId, PrimaryVpcId: home }]);
  const { NetworkInterfaceId } = (await use()).NetworkInterface;
  expect((await refused('DisassociateSecurityGroupVpc', { GroupId, VpcId: away })).code).toBe('DependencyViolation');
  await go('DeleteNetworkInterface', { NetworkInterfaceId });
  expect(await go('DisassociateSecurityGroupVpc', { GroupId, VpcId: away })).toMatchObject({ State: 'disassociating' });
  expect(await described()).toEqual([]);
  expect((await refusal(use())).code).toBe('InvalidParameter');
  expect((await go('GetSecurityGroupsForVpc', { VpcId: away })).SecurityGroupForVpcs.map((g: { GroupName: string }) => g.GroupName)).toEqual(['default']);
});

it('groups that serve in one VPC may refer to each other', async () => {
  const [home, away] = [await vpc('10.2.0.0/16'), await vpc('10.3.0.0/16')];
  const [shared, local] = [await group(home, 'shared'), await group(away, 'local')];
  const authorize = () => go('AuthorizeSecurityGroupIngress', { GroupId: local, IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: shared }] }] });
  expect((await refusal(authorize())).code).toBe('InvalidGroup.NotFound');
  await go('AssociateSecurityGroupVpc', { GroupId: shared, VpcId: away });
  await authorize();
  expect((await refused('DeleteSecurityGroup', { GroupId: shared })).code).toBe('DependencyViolation');
});

it('AssociateSecurityGroupVpc: refuses a default group, the group’s own VPC, and a VPC with a group of that name', async () => {
  const [home, away] = [await vpc('10.4.0.0/16'), await vpc('10.5.0.0/16')];
  const GroupId = await group(home, 'named');
  await group(away, 'named');
  const [{ GroupId: byDefault }] = (await go('DescribeSecurityGroups', { Filters: [{ Name: 'vpc-id', Values: [home] }, { Name: 'group-name', Values: ['default'] }] })).SecurityGroups;
  expect((await refused('AssociateSecurityGroupVpc', { GroupId: byDefault, VpcId: away })).code).toBe('InvalidParameterValue');
  expect((await refused('AssociateSecurityGroupVpc', { GroupId, VpcId: home })).code).toBe('InvalidParameterValue');
  expect((await refused('AssociateSecurityGroupVpc', { GroupId, VpcId: away })).code).toBe('InvalidGroup.Duplicate');
  expect((await refused('DisassociateSecurityGroupVpc', { GroupId, VpcId: away })).code).toBe('InvalidSecurityGroupVpcAssociation.NotFound');
});

it('ValidateSecurityGroupQuotasForInterface: an interface has at most five groups', async () => {
  const home = await vpc('10.6.0.0/16');
  const ids: string[] = [];
  for (let n = 0; n < 6; n++) ids.push(await group(home, `g${n}`));
  expect((await go('ValidateSecurityGroupQuotasForInterface', { SecurityGroupIds: ids.slice(0, 5) })).Valid).toBe(true);
  expect((await go('ValidateSecurityGroupQuotasForInterface', { SecurityGroupIds: ids })).Valid).toBe(false);
});
