import { beforeAll, describe, expect, it } from 'vitest';
import { call } from '../../laws/samples/index.ts';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

let fb: Fogbank;
const go = (operation: string, input: Record<string, unknown> = {}) => call(fb, operation, input);
const refused = (operation: string, input: Record<string, unknown> = {}) => refusal(go(operation, input));

beforeAll(async () => {
  fb = await fogbank();
});

describe('default VPC', () => {
  it('is there with a public subnet in every zone, and a route to the internet', async () => {
    const { Vpcs } = await go('DescribeVpcs', { Filters: [{ Name: 'is-default', Values: ['true'] }] });
    expect(Vpcs).toHaveLength(1);
    expect(Vpcs[0]).toMatchObject({ CidrBlock: '172.31.0.0/16', State: 'available', InstanceTenancy: 'default', OwnerId: '123456789012' });
    const { Subnets } = await go('DescribeSubnets', { Filters: [{ Name: 'vpc-id', Values: [Vpcs[0].VpcId] }] });
    expect(Subnets.map((s: { AvailabilityZone: string }) => s.AvailabilityZone)).toEqual(['a', 'b', 'c', 'd', 'e', 'f'].map((z) => `us-east-1${z}`));
    expect(Subnets.every((s: { AvailableIpAddressCount: number; MapPublicIpOnLaunch: boolean; DefaultForAz: boolean }) => s.AvailableIpAddressCount === 4091 && s.MapPublicIpOnLaunch && s.DefaultForAz)).toBe(true);
    const { RouteTables } = await go('DescribeRouteTables', { Filters: [{ Name: 'vpc-id', Values: [Vpcs[0].VpcId] }] });
    expect(RouteTables[0].Routes.map((r: { DestinationCidrBlock: string; GatewayId: string }) => [r.DestinationCidrBlock, r.GatewayId.slice(0, 4)])).toEqual([['172.31.0.0/16', 'loca'], ['0.0.0.0/0', 'igw-']]);
  });

  it('is another one in another region and another account', async () => {
    const [mine] = (await go('DescribeVpcs')).Vpcs;
    const { EC2Client, DescribeVpcsCommand } = await import('@aws-sdk/client-ec2');
    for (const config of [fb.config({ region: 'eu-west-1' }), fb.config({ accessKeyId: '999999999999' })]) {
      const { Vpcs } = await new EC2Client(config).send(new DescribeVpcsCommand({}));
      expect(Vpcs!.map((v) => [v.CidrBlock, v.IsDefault])).toEqual([['172.31.0.0/16', true]]);
      expect(Vpcs![0]!.VpcId).not.toBe(mine.VpcId);
    }
  });

  it('is made again only where there is none', async () => {
    expect(await refused('CreateDefaultVpc')).toMatchObject({ code: 'DefaultVpcAlreadyExists', message: 'A Default VPC already exists for this account in this region.' });
  });
});

describe('tags that are not there', () => {
  it('are an empty list of most kinds, and nothing at all of some', async () => {
    const { Vpc } = await go('CreateVpc', { CidrBlock: '10.77.0.0/16' });
    expect(Vpc.Ipv6CidrBlockAssociationSet).toEqual([]);
    const ofVpc = { Filters: [{ Name: 'vpc-id', Values: [Vpc.VpcId] }] };
    const shown = async () => (await go('DescribeVpcs', { VpcIds: [Vpc.VpcId] })).Vpcs[0];
    expect((await go('DescribeRouteTables', ofVpc)).RouteTables[0].Tags).toEqual([]);
    expect((await go('DescribeNetworkAcls', ofVpc)).NetworkAcls[0].Tags).toEqual([]);
    expect((await go('DescribeSecurityGroups', ofVpc)).SecurityGroups[0].Tags).toBeUndefined();
    expect((await shown()).Tags).toBeUndefined();
    expect((await shown()).Ipv6CidrBlockAssociationSet).toBeUndefined();
    await go('CreateTags', { Resources: [Vpc.VpcId], Tags: [{ Key: 'a', Value: 'b' }] });
    expect((await shown()).Tags).toEqual([{ Key: 'a', Value: 'b' }]);
    await go('DeleteTags', { Resources: [Vpc.VpcId] });
    expect((await shown()).Tags).toBeUndefined();
  });

  it('are asked for by the names that the server gives them', async () => {
    expect(await refusal(go('CreateTags', { Tags: [{ Key: 'a', Value: 'b' }] }))).toMatchObject({ code: 'MissingParameter', message: 'The request must contain the parameter resourceIdSet' });
  });
});

it('gateways and templates begin at a whole second, volumes at a millisecond', async () => {
  const { clock } = fb.machine;
  clock.hold();
  clock.advance((1790 - (clock.now() % 1000)) % 1000);
  const { SubnetId } = (await go('DescribeSubnets')).Subnets[0];
  const times = [
    (await go('CreateTransitGateway')).TransitGateway.CreationTime, (await go('CreateNatGateway', { SubnetId, ConnectivityType: 'private' })).NatGateway.CreateTime,
    (await go('CreateLaunchTemplate', { LaunchTemplateName: 'whole', LaunchTemplateData: { InstanceType: 't3.micro' } })).LaunchTemplate.CreateTime,
  ];
  expect(times.map((time: Date) => time.getMilliseconds())).toEqual([0, 0, 0]);
  expect((await go('CreateVolume', { Size: 1, AvailabilityZone: 'us-east-1a' })).CreateTime.getMilliseconds()).toBe(790);
  clock.run();
});

describe('VPCs', () => {
  it.each([['10.0.0.0/8', 'InvalidVpc.Range'], ['10.0.0.0/29', 'InvalidVpc.Range'], ['10.0.0.0', 'InvalidParameterValue'], ['300.0.0.0/16', 'InvalidParameterValue']])('CreateVpc: refuses %s', async (CidrBlock, code) => {
    expect((await refused('CreateVpc', { CidrBlock })).code).toBe(code);
  });

  it('DescribeNetworkAcls: does not mind how long an id is', async () => {
    expect(await refused('DescribeNetworkAcls', { NetworkAclIds: ['acl-000000000000'] })).toMatchObject({ code: 'InvalidNetworkAclID.NotFound', message: "The networkAcl ID 'acl-000000000000' does not exist" });
    expect((await refused('DescribeNetworkAcls', { NetworkAclIds: ['vpc-000000000000'] })).code).toBe('InvalidNetworkAclId.Malformed');
  });

  it('clears host bits', async () => {
    expect((await go('CreateVpc', { CidrBlock: '100.68.0.18/18' })).Vpc.CidrBlock).toBe('100.68.0.0/18');
  });

  const rulesFor = async (VpcId: string) => {
    const Filters = [{ Name: 'vpc-id', Values: [VpcId] }];
    const acls = (await go('DescribeNetworkAcls', { Filters })).NetworkAcls as { IsDefault: boolean; Entries: { Egress: boolean; RuleNumber: number; RuleAction: string; Ipv6CidrBlock?: string }[] }[];
    const inbound = (isDefault: boolean) => acls.filter((a) => a.IsDefault === isDefault).flatMap((a) => a.Entries.filter((e) => !e.Egress).map((e) => [e.RuleNumber, e.RuleAction, e.Ipv6CidrBlock]));
    const groups = (await go('DescribeSecurityGroups', { Filters })).SecurityGroups as { GroupName: string; IpPermissionsEgress: { Ipv6Ranges: { CidrIpv6: string }[] }[] }[];
    return { standard: inbound(true), own: inbound(false), out: Object.fromEntries(groups.map((g) => [g.GroupName, g.IpPermissionsEgress.flatMap((p) => p.Ipv6Ranges.map((r) => r.CidrIpv6))])) };
  };

  it('with IPv6 lets IPv6 through its default ACL, and out of every group', async () => {
    const { VpcId } = (await go('CreateVpc', { CidrBlock: '10.0.0.0/16', AmazonProvidedIpv6CidrBlock: true })).Vpc;
    await go('CreateNetworkAcl', { VpcId });
    await go('CreateSecurityGroup', { VpcId, GroupName: 'web', Description: 'd' });
    expect(await rulesFor(VpcId)).toEqual({
      standard: [[100, 'allow', undefined], [101, 'allow', '::/0'], [32_767, 'deny', undefined], [32_768, 'deny', '::/0']], own: [[32_767, 'deny', undefined], [32_768, 'deny', '::/0']], out: { default: ['::/0'], web: ['::/0'] },
    });
  });

  it('that gets IPv6 later opens what nobody changed', async () => {
    const vpc = async () => (await go('CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc.VpcId as string;
    const [plain, changed] = [await vpc(), await vpc()];
    const [{ NetworkAclId }] = (await go('DescribeNetworkAcls', { Filters: [{ Name: 'vpc-id', Values: [changed] }] })).NetworkAcls;
    await go('DeleteNetworkAclEntry', { NetworkAclId, RuleNumber: 100, Egress: false });
    const [{ GroupId }] = (await go('DescribeSecurityGroups', { Filters: [{ Name: 'vpc-id', Values: [changed] }] })).SecurityGroups;
    await go('RevokeSecurityGroupEgress', { GroupId, IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }] });
    for (const VpcId of [plain, changed]) await go('AssociateVpcCidrBlock', { VpcId, AmazonProvidedIpv6CidrBlock: true });
    expect(await rulesFor(plain)).toMatchObject({ standard: [[100, 'allow', undefined], [101, 'allow', '::/0'], [32_767, 'deny', undefined], [32_768, 'deny', '::/0']], out: { default: ['::/0'] } });
    expect(await rulesFor(changed)).toMatchObject({ standard: [[32_767, 'deny', undefined], [32_768, 'deny', '::/0']], out: { default: [] } });
    expect((await refused('DeleteNetworkAclEntry', { NetworkAclId, RuleNumber: 32_768, Egress: false })).code).toBe('InvalidNetworkAclEntry.NotFound');
  });

  it('has no more blocks than the quota, in AWS’s words', async () => {
    const limited = await fogbank({ quotas: 'enforce' });
    const { VpcId } = (await call(limited, 'CreateVpc', { CidrBlock: '10.10.0.0/24' })).Vpc;
    for (const i of [1, 2, 3, 4]) await call(limited, 'AssociateVpcCidrBlock', { VpcId, CidrBlock: `10.10.${i}.0/24` });
    expect(await refusal(call(limited, 'AssociateVpcCidrBlock', { VpcId, CidrBlock: '10.10.5.0/24' }))).toMatchObject({ code: 'CidrLimitExceeded', message: `This network ${VpcId} has met its maximum number of allowed CIDRs: 5` });
  });

  it('is not made with a tag specification that has no tags', async () => {
    expect(await refused('CreateVpc', { CidrBlock: '10.0.0.0/16', TagSpecifications: [{ ResourceType: 'vpc', Tags: [] }] })).toMatchObject({ code: 'InvalidParameterValue', message: 'Tag specification must have at least one tag' });
  });

  it('comes with a main route table, a default ACL and a default group, which go with it', async () => {
    const { VpcId } = (await go('CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc;
    const Filters = [{ Name: 'vpc-id', Values: [VpcId] }];
    const [table] = (await go('DescribeRouteTables', { Filters })).RouteTables;
    expect(table.Associations).toMatchObject([{ Main: true, RouteTableId: table.RouteTableId, AssociationState: { State: 'associated' } }]);
    const [acl] = (await go('DescribeNetworkAcls', { Filters })).NetworkAcls;
    expect(acl.Entries.map((e: { Egress: boolean; RuleNumber: number; RuleAction: string }) => [e.Egress, e.RuleNumber, e.RuleAction])).toEqual([[true, 100, 'allow'], [true, 32767, 'deny'], [false, 100, 'allow'], [false, 32767, 'deny']]);
    const [group] = (await go('DescribeSecurityGroups', { Filters })).SecurityGroups;
    expect(group).toMatchObject({
      GroupName: 'default', IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: group.GroupId, UserId: '123456789012' }] }], IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    });
    await go('DeleteVpc', { VpcId });
    for (const [operation, list] of [['DescribeRouteTables', 'RouteTables'], ['DescribeNetworkAcls', 'NetworkAcls'], ['DescribeSecurityGroups', 'SecurityGroups']] as const) expect((await go(operation, { Filters }))[list]).toEqual([]);
  });

  it('DeleteVpc: is refused while a subnet, a group, a gateway or a table of its own is there', async () => {
    const { VpcId } = (await go('CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc;
    const { SubnetId } = (await go('CreateSubnet', { VpcId, CidrBlock: '10.0.0.0/24' })).Subnet;
    const expectRefusal = async () => expect(await refused('DeleteVpc', { VpcId })).toMatchObject({ code: 'DependencyViolation', message: `The vpc '${VpcId}' has dependencies and cannot be deleted.` });
    await expectRefusal();
    await go('DeleteSubnet', { SubnetId });
    const { GroupId } = await go('CreateSecurityGroup', { VpcId, GroupName: 'g', Description: 'd' });
    await expectRefusal();
    await go('DeleteSecurityGroup', { GroupId });
    const { InternetGatewayId } = (await go('CreateInternetGateway')).InternetGateway;
    await go('AttachInternetGateway', { VpcId, InternetGatewayId });
    await expectRefusal();
    expect((await refused('DeleteInternetGateway', { InternetGatewayId })).code).toBe('DependencyViolation');
    await go('DetachInternetGateway', { VpcId, InternetGatewayId });
    const { RouteTableId } = (await go('CreateRouteTable', { VpcId })).RouteTable;
    await expectRefusal();
    await go('DeleteRouteTable', { RouteTableId });
    await go('DeleteVpc', { VpcId });
    expect((await refused('DescribeVpcs', { VpcIds: [VpcId] })).code).toBe('InvalidVpcID.NotFound');
  });

  it('AssociateVpcCidrBlock: refuses overlaps and restricted ranges, and routes what it takes', async () => {
    const { VpcId } = (await go('CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc;
    expect((await refused('AssociateVpcCidrBlock', { VpcId, CidrBlock: '10.0.128.0/20' })).code).toBe('InvalidVpc.Conflict');
    expect((await refused('AssociateVpcCidrBlock', { VpcId, CidrBlock: '192.168.0.0/16' })).code).toBe('InvalidParameterValue');
    const { CidrBlockAssociation } = await go('AssociateVpcCidrBlock', { VpcId, CidrBlock: '10.1.0.0/16' });
    expect(CidrBlockAssociation.CidrBlockState.State).toBe('associating');
    const [table] = (await go('DescribeRouteTables', { Filters: [{ Name: 'vpc-id', Values: [VpcId] }] })).RouteTables;
    expect(table.Routes.map((r: { DestinationCidrBlock: string }) => r.DestinationCidrBlock)).toEqual(['10.0.0.0/16', '10.1.0.0/16']);
    const { SubnetId } = (await go('CreateSubnet', { VpcId, CidrBlock: '10.1.0.0/24' })).Subnet;
    expect((await refused('DisassociateVpcCidrBlock', { AssociationId: CidrBlockAssociation.AssociationId })).code).toBe('InvalidCidrBlock.InUse');
    await go('DeleteSubnet', { SubnetId });
    await go('DisassociateVpcCidrBlock', { AssociationId: CidrBlockAssociation.AssociationId });
    const shown = async () => (await go('DescribeVpcs', { VpcIds: [VpcId] })).Vpcs[0].CidrBlockAssociationSet.map((a: { CidrBlock: string; CidrBlockState: { State: string } }) => [a.CidrBlock, a.CidrBlockState.State]);
    expect(await shown()).toEqual([['10.0.0.0/16', 'associated'], ['10.1.0.0/16', 'disassociated']]);
    await go('AssociateVpcCidrBlock', { VpcId, CidrBlock: '10.1.0.0/16' });
    expect(await shown()).toEqual([['10.0.0.0/16', 'associated'], ['10.1.0.0/16', 'disassociated'], ['10.1.0.0/16', 'associated']]);
  });

  it('DisassociateVpcCidrBlock, DisassociateSubnetCidrBlock: the block is described for an hour more', async () => {
    const own = await fogbank();
    const ask = (operation: string, input: Record<string, unknown> = {}) => call(own, operation, input);
    const { VpcId } = (await ask('CreateVpc', { CidrBlock: '10.0.0.0/16', AmazonProvidedIpv6CidrBlock: true })).Vpc;
    const { Ipv6CidrBlockAssociationSet: [first] } = (await ask('DescribeVpcs', { VpcIds: [VpcId] })).Vpcs[0];
    const { SubnetId, Ipv6CidrBlockAssociationSet: [inSubnet] } = (await ask('CreateSubnet', { VpcId, CidrBlock: '10.0.0.0/24', Ipv6CidrBlock: first.Ipv6CidrBlock.replace('/56', '/64') })).Subnet;
    expect(await refusal(ask('CreateSubnet', { VpcId, CidrBlock: '10.0.1.0/24', Ipv6CidrBlock: inSubnet.Ipv6CidrBlock }))).toMatchObject({ code: 'InvalidSubnet.Conflict', message: `The IPv6 CIDR '${inSubnet.Ipv6CidrBlock}' conflicts with another subnet` });
    const states = (described: { Ipv6CidrBlockAssociationSet: { Ipv6CidrBlockState: { State: string } }[] }) => described.Ipv6CidrBlockAssociationSet.map((a) => a.Ipv6CidrBlockState.State);
    const gone = { Name: 'ipv6-cidr-block-association.state', Values: ['disassociated'] };

    await ask('DisassociateSubnetCidrBlock', { AssociationId: inSubnet.AssociationId });
    expect((await ask('DescribeSubnets', { Filters: [gone] })).Subnets.map((s: { SubnetId: string }) => s.SubnetId)).toEqual([SubnetId]);
    await ask('DisassociateVpcCidrBlock', { AssociationId: first.AssociationId });
    await ask('AssociateVpcCidrBlock', { VpcId, AmazonProvidedIpv6CidrBlock: true });
    expect((await ask('DescribeVpcs', { Filters: [gone] })).Vpcs.map(states)).toEqual([['disassociated', 'associated']]);

    own.machine.clock.advance(61 * 60_000);
    expect(states((await ask('DescribeVpcs', { VpcIds: [VpcId] })).Vpcs[0])).toEqual(['associated']);
    expect((await ask('DescribeSubnets', { SubnetIds: [SubnetId] })).Subnets[0].Ipv6CidrBlockAssociationSet).toEqual([]);
  });
});

describe('subnets and addresses', () => {
  let VpcId: string;
  beforeAll(async () => {
    VpcId = (await go('CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc.VpcId;
  });

  it.each([['10.0.0.0/29', 'InvalidSubnet.Range'], ['10.1.0.0/24', 'InvalidSubnet.Range'], ['nonsense', 'InvalidParameterValue']])('CreateSubnet: refuses %s', async (CidrBlock, code) => {
    expect((await refused('CreateSubnet', { VpcId, CidrBlock })).code).toBe(code);
  });

  it('CreateSubnet: refuses an overlap and an unknown zone', async () => {
    await go('CreateSubnet', { VpcId, CidrBlock: '10.0.8.0/24' });
    expect(await refused('CreateSubnet', { VpcId, CidrBlock: '10.0.8.128/25' })).toMatchObject({ code: 'InvalidSubnet.Conflict', message: "The CIDR '10.0.8.128/25' conflicts with another subnet" });
    expect((await refused('CreateSubnet', { VpcId, CidrBlock: '10.0.9.0/24', AvailabilityZone: 'us-east-1z' })).code).toBe('InvalidParameterValue');
  });

  it('gives each address once, counts what is left, and refuses when full', async () => {
    const { SubnetId, AvailableIpAddressCount } = (await go('CreateSubnet', { VpcId, CidrBlock: '10.0.16.0/28' })).Subnet;
    expect(AvailableIpAddressCount).toBe(11);
    const made: { NetworkInterfaceId: string; PrivateIpAddress: string }[] = [];
    for (let i = 0; i < 11; i++) made.push((await go('CreateNetworkInterface', { SubnetId })).NetworkInterface);
    expect(new Set(made.map((e) => e.PrivateIpAddress)).size).toBe(11);
    expect(made.map((e) => Number(e.PrivateIpAddress.split('.')[3])).every((n) => n >= 4 && n <= 14)).toBe(true);
    expect((await refused('CreateNetworkInterface', { SubnetId })).code).toBe('InsufficientFreeAddressesInSubnet');
    expect((await refused('DeleteSubnet', { SubnetId })).code).toBe('DependencyViolation');
    await go('DeleteNetworkInterface', { NetworkInterfaceId: made[0]!.NetworkInterfaceId });
    expect((await go('DescribeSubnets', { SubnetIds: [SubnetId] })).Subnets[0].AvailableIpAddressCount).toBe(1);
    expect((await go('CreateNetworkInterface', { SubnetId })).NetworkInterface.PrivateIpAddress).toBe(made[0]!.PrivateIpAddress);
  });

  it('refuses an address that is taken, reserved or of another subnet', async () => {
    const { SubnetId } = (await go('CreateSubnet', { VpcId, CidrBlock: '10.0.17.0/24' })).Subnet;
    await go('CreateNetworkInterface', { SubnetId, PrivateIpAddress: '10.0.17.10' });
    expect((await refused('CreateNetworkInterface', { SubnetId, PrivateIpAddress: '10.0.17.10' })).code).toBe('InvalidIPAddress.InUse');
    expect((await refused('CreateNetworkInterface', { SubnetId, PrivateIpAddress: '10.0.17.3' })).code).toBe('InvalidParameterValue');
    expect((await refused('CreateNetworkInterface', { SubnetId, PrivateIpAddress: '10.0.18.10' })).code).toBe('InvalidParameterValue');
  });

  it('refuses groups of another VPC', async () => {
    const { SubnetId } = (await go('CreateSubnet', { VpcId, CidrBlock: '10.0.19.0/24' })).Subnet;
    const other = (await go('CreateVpc', { CidrBlock: '10.9.0.0/16' })).Vpc.VpcId;
    const { GroupId } = await go('CreateSecurityGroup', { VpcId: other, GroupName: 'elsewhere', Description: 'd' });
    expect((await refused('CreateNetworkInterface', { SubnetId, Groups: [GroupId] })).code).toBe('InvalidParameter');
  });
});

describe('routes', () => {
  it('refuses what exists, what is local and whom the VPC does not know; black holes stay', async () => {
    const { VpcId } = (await go('CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc;
    const { RouteTableId } = (await go('CreateRouteTable', { VpcId })).RouteTable;
    const { InternetGatewayId: GatewayId } = (await go('CreateInternetGateway')).InternetGateway;
    const route = { RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId };
    expect((await refused('CreateRoute', route)).code).toBe('InvalidParameterValue');
    await go('AttachInternetGateway', { VpcId, InternetGatewayId: GatewayId });
    expect(await go('CreateRoute', route)).toMatchObject({ Return: true });
    expect(await go('CreateRoute', route)).toMatchObject({ Return: true });
    const { SubnetId } = (await go('CreateSubnet', { VpcId, CidrBlock: '10.0.1.0/24' })).Subnet;
    const { NatGatewayId } = (await go('CreateNatGateway', { SubnetId, ConnectivityType: 'private' })).NatGateway;
    expect((await refused('CreateRoute', { RouteTableId, DestinationCidrBlock: '0.0.0.0/0', NatGatewayId })).code).toBe('RouteAlreadyExists');
    expect((await go('DescribeNetworkInterfaces', { Filters: [{ Name: 'description', Values: [`Interface for NAT Gateway ${NatGatewayId}`] }] })).NetworkInterfaces).toMatchObject([{ RequesterId: expect.stringMatching(/^\d{12}$/), RequesterManaged: true, Operator: { Managed: false } }]);
    await go('ReplaceRoute', { RouteTableId, DestinationCidrBlock: '0.0.0.0/0', NatGatewayId });
    await go('DeleteNatGateway', { NatGatewayId });
    const [table] = (await go('DescribeRouteTables', { RouteTableIds: [RouteTableId] })).RouteTables;
    expect(table.Routes[1]).toMatchObject({ NatGatewayId, State: 'blackhole', Origin: 'CreateRoute' });
    expect((await refused('DeleteRoute', { RouteTableId, DestinationCidrBlock: '10.0.0.0/16' })).code).toBe('InvalidParameterValue');
    expect((await refused('DeleteRoute', { RouteTableId, DestinationCidrBlock: '192.168.0.0/24' })).code).toBe('InvalidRoute.NotFound');
    const { AssociationId } = await go('AssociateRouteTable', { RouteTableId, SubnetId });
    expect((await refused('DeleteRouteTable', { RouteTableId })).code).toBe('DependencyViolation');
    await go('DisassociateRouteTable', { AssociationId });
    await go('DeleteRouteTable', { RouteTableId });
  });

  it('within the VPC traffic for a whole subnet may go by a NAT gateway or an interface, and nothing else', async () => {
    const { VpcId } = (await go('CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc;
    const { RouteTableId } = (await go('CreateRouteTable', { VpcId })).RouteTable;
    const { InternetGatewayId: GatewayId } = (await go('CreateInternetGateway')).InternetGateway;
    await go('AttachInternetGateway', { VpcId, InternetGatewayId: GatewayId });
    const { SubnetId } = (await go('CreateSubnet', { VpcId, CidrBlock: '10.0.1.0/24' })).Subnet;
    const { NetworkInterfaceId } = (await go('CreateNetworkInterface', { SubnetId })).NetworkInterface;
    const { NatGatewayId } = (await go('CreateNatGateway', { SubnetId, ConnectivityType: 'private' })).NatGateway;
    const [local, whole, half] = ['10.0.0.0/16', '10.0.1.0/24', '10.0.1.0/25'].map((DestinationCidrBlock) => ({ RouteTableId, DestinationCidrBlock }));
    expect(await refused('CreateRoute', { ...whole, GatewayId })).toMatchObject({ code: 'InvalidParameterValue', message: expect.stringContaining('can target only an interface') });
    expect(await refused('CreateRoute', { ...half, NetworkInterfaceId })).toMatchObject({ code: 'InvalidParameterValue', message: expect.stringContaining('10.0.1.0/25') });
    await go('CreateRoute', { ...whole, NatGatewayId });
    expect((await refused('ReplaceRoute', { ...whole, GatewayId })).code).toBe('InvalidParameterValue');
    expect((await refused('ReplaceRoute', { ...local, GatewayId })).code).toBe('InvalidParameterValue');
    await go('ReplaceRoute', { ...local, NetworkInterfaceId });
    await go('ReplaceRoute', { ...local, LocalTarget: true });
  });
});

describe('gateways and Elastic IPs', () => {
  it('a NAT gateway holds its subnet and address until it is deleted, and is described afterwards', async () => {
    const { VpcId } = (await go('CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc;
    const { SubnetId } = (await go('CreateSubnet', { VpcId, CidrBlock: '10.0.1.0/24' })).Subnet;
    const { AllocationId, PublicIp } = await go('AllocateAddress', { Domain: 'vpc' });
    expect((await go('DescribeAddresses', { AllocationIds: [AllocationId], Filters: [{ Name: 'domain', Values: ['vpc'] }] })).Addresses).toMatchObject([{ PublicIp }]);
    const failed = (await go('CreateNatGateway', { SubnetId, AllocationId })).NatGateway;
    expect(failed).toMatchObject({ State: 'failed', FailureCode: 'Gateway.NotAttached' });
    const { InternetGatewayId } = (await go('CreateInternetGateway')).InternetGateway;
    await go('AttachInternetGateway', { VpcId, InternetGatewayId });
    const { NatGatewayId } = (await go('CreateNatGateway', { SubnetId, AllocationId })).NatGateway;
    const [gateway] = (await go('DescribeNatGateways', { NatGatewayIds: [NatGatewayId] })).NatGateways;
    expect(gateway).toMatchObject({ State: 'available', NatGatewayAddresses: [{ AllocationId, PublicIp, IsPrimary: true }] });
    expect((await refused('ReleaseAddress', { AllocationId })).code).toBe('InvalidIPAddress.InUse');
    expect((await refused('DeleteSubnet', { SubnetId })).code).toBe('DependencyViolation');
    expect((await refused('DetachInternetGateway', { VpcId, InternetGatewayId })).code).toBe('DependencyViolation');
    expect((await refused('CreateNatGateway', { SubnetId, AllocationId })).code).toBe('Resource.AlreadyAssociated');
    await go('DeleteNatGateway', { NatGatewayId });
    expect((await go('DescribeNatGateways', { Filter: [{ Name: 'nat-gateway-id', Values: [NatGatewayId] }] })).NatGateways[0].State).toBe('deleted');
    await go('ReleaseAddress', { AllocationId });
    await go('DeleteSubnet', { SubnetId });
    fb.machine.clock.advance(3_600_001);
    expect((await refused('DescribeNatGateways', { NatGatewayIds: [NatGatewayId] })).code).toBe('NatGatewayNotFound');
  });

  it('an address moves to another interface, unless the caller forbids it', async () => {
    const { VpcId } = (await go('CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc;
    const { SubnetId } = (await go('CreateSubnet', { VpcId, CidrBlock: '10.0.1.0/24' })).Subnet;
    const [one, two] = [(await go('CreateNetworkInterface', { SubnetId })).NetworkInterface, (await go('CreateNetworkInterface', { SubnetId })).NetworkInterface];
    const { AllocationId, PublicIp } = await go('AllocateAddress', { Domain: 'vpc' });
    await go('AssociateAddress', { AllocationId, NetworkInterfaceId: one.NetworkInterfaceId });
    expect((await refused('AssociateAddress', { AllocationId, NetworkInterfaceId: two.NetworkInterfaceId, AllowReassociation: false })).code).toBe('Resource.AlreadyAssociated');
    const { AssociationId } = await go('AssociateAddress', { AllocationId, NetworkInterfaceId: two.NetworkInterfaceId });
    const { NetworkInterfaces } = await go('DescribeNetworkInterfaces', { NetworkInterfaceIds: [one.NetworkInterfaceId, two.NetworkInterfaceId] });
    expect(NetworkInterfaces.map((e: { Association?: { PublicIp: string } }) => e.Association?.PublicIp)).toEqual([undefined, PublicIp]);
    await go('DisassociateAddress', { AssociationId });
    expect((await go('DescribeAddresses', { Filters: [{ Name: 'public-ip', Values: [PublicIp] }, { Name: 'domain', Values: ['vpc'] }] })).Addresses[0].AssociationId).toBeUndefined();
    expect((await refused('DisassociateAddress', { AssociationId })).code).toBe('InvalidAssociationID.NotFound');
  });
});

/** https://docs.aws.amazon.com/cli/latest/reference/ec2/create-vpc.html#examples, https://docs.aws.amazon.com/cli/latest/reference/ec2/create-subnet.html#examples */
it('an IPv6 block is on its way when it is asked for, and there when it is looked for', async () => {
  const { Vpc } = await go('CreateVpc', { CidrBlock: '10.77.0.0/16', AmazonProvidedIpv6CidrBlock: true });
  expect(Vpc.Ipv6CidrBlockAssociationSet).toMatchObject([{ Ipv6CidrBlock: '', Ipv6CidrBlockState: { State: 'associating' } }]);
  const [{ Ipv6CidrBlock, Ipv6CidrBlockState }] = (await go('DescribeVpcs', { VpcIds: [Vpc.VpcId] })).Vpcs[0].Ipv6CidrBlockAssociationSet;
  expect(Ipv6CidrBlockState).toEqual({ State: 'associated' });
  const { Subnet } = await go('CreateSubnet', { VpcId: Vpc.VpcId, CidrBlock: '10.77.0.0/24', Ipv6CidrBlock: Ipv6CidrBlock.replace('/56', '/64') });
  expect(Subnet.Ipv6CidrBlockAssociationSet).toMatchObject([{ Ipv6CidrBlock: Ipv6CidrBlock.replace('/56', '/64'), Ipv6CidrBlockState: { State: 'associating' } }]);
  expect((await go('DescribeSubnets', { SubnetIds: [Subnet.SubnetId] })).Subnets[0].Ipv6CidrBlockAssociationSet[0].Ipv6CidrBlockState).toEqual({ State: 'associated' });
});

it('an empty id is none', async () => {
  expect(await refused('DeleteVpc', { VpcId: '' })).toMatchObject({ code: 'MissingParameter', message: 'The request must contain the parameter vpcId' });
});
