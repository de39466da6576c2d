import { beforeAll, describe, expect, it } from 'vitest';
import { fogbank, type Fogbank } from '../../support/fogbank.ts';
import { image } from '../../laws/samples/sample.ts';
import { installOutpost } from '../../laws/samples/local-gateways.ts';
import { as, type Caller } from '../../support/others.ts';

let fb: Fogbank;
let ec2: Caller;
const pass = (seconds: number) => fb.machine.clock.advance(seconds * 1000);

beforeAll(async () => {
  fb = await fogbank({ pace: 'realistic' });
  fb.machine.clock.hold();
  ec2 = as(fb);
});

let blocks = 0;
/** A VPC that reaches a local gateway by a table of it. */
async function joined(LocalGatewayRouteTableId: string): Promise<{ vpc: string; association: string; block: number }> {
  const block = ++blocks;
  const vpc = (await ec2.go('CreateVpc', { CidrBlock: `10.${block}.0.0/16` })).Vpc.VpcId as string;
  const { LocalGatewayRouteTableVpcAssociation: made } = await ec2.go('CreateLocalGatewayRouteTableVpcAssociation', { LocalGatewayRouteTableId, VpcId: vpc });
  pass(5);
  return { vpc, association: made.LocalGatewayRouteTableVpcAssociationId, block };
}

const routes = async (LocalGatewayRouteTableId: string, ...Filters: object[]) => (await ec2.go('SearchLocalGatewayRoutes', { LocalGatewayRouteTableId, Filters })).Routes;

describe('an Outpost', () => {
  it('is in no account until one is delivered, and comes with its local gateway, group, interfaces, table and links', async () => {
    expect((await ec2.go('DescribeLocalGateways')).LocalGateways).toEqual([]);
    const { outpost: OutpostArn, localGateway: LocalGatewayId, routeTable, virtualInterfaceGroup } = await installOutpost(fb);
    expect(OutpostArn).toMatch(/^arn:aws:outposts:us-east-1:123456789012:outpost\/op-[0-9a-f]{17}$/);
    expect((await ec2.go('DescribeLocalGateways')).LocalGateways).toEqual([{ LocalGatewayId, OutpostArn, OwnerId: '123456789012', State: 'available', Tags: [] }]);
    const { OutpostLags: lags } = await ec2.go('DescribeOutpostLags', { Filters: [{ Name: 'outpost-id', Values: [OutpostArn.split('/')[1]] }, { Name: 'vlan', Values: ['200'] }] });
    expect(lags).toHaveLength(2);
    const { ServiceLinkVirtualInterfaces: links } = await ec2.go('DescribeServiceLinkVirtualInterfaces', { Filters: [{ Name: 'outpost-lag-id', Values: [lags[0].OutpostLagId] }, { Name: 'state', Values: ['available'] }] });
    expect(lags[0]).toMatchObject({ OutpostArn, State: 'available', ServiceLinkVirtualInterfaceIds: [links[0].ServiceLinkVirtualInterfaceId] });
    const { LocalGatewayVirtualInterfaces: interfaces } = await ec2.go('DescribeLocalGatewayVirtualInterfaces', { Filters: [{ Name: 'vlan', Values: ['100'] }, { Name: 'local-gateway-id', Values: [LocalGatewayId] }] });
    expect(interfaces.map((i: { OutpostLagId: string }) => i.OutpostLagId).sort()).toEqual(lags.map((l: { OutpostLagId: string }) => l.OutpostLagId).sort());
    expect((await ec2.go('DescribeServiceLinkVirtualInterfaces', { Filters: [{ Name: 'local-gateway-virtual-interface-id', Values: lags[0].LocalGatewayVirtualInterfaceIds }] })).ServiceLinkVirtualInterfaces).toEqual(links);
    expect((await ec2.go('DescribeLocalGatewayVirtualInterfaceGroups')).LocalGatewayVirtualInterfaceGroups).toMatchObject([
      { LocalGatewayVirtualInterfaceGroupId: virtualInterfaceGroup, LocalGatewayVirtualInterfaceIds: interfaces.map((i: { LocalGatewayVirtualInterfaceId: string }) => i.LocalGatewayVirtualInterfaceId), ConfigurationState: 'available' },
    ]);
    expect((await ec2.go('DescribeLocalGatewayRouteTables')).LocalGatewayRouteTables).toMatchObject([{ LocalGatewayRouteTableId: routeTable, OutpostArn, Mode: 'direct-vpc-routing', State: 'available' }]);
    expect((await ec2.go('DescribeLocalGatewayRouteTableVirtualInterfaceGroupAssociations', { Filters: [{ Name: 'local-gateway-route-table-virtual-interface-group-id', Values: [virtualInterfaceGroup] }] })).LocalGatewayRouteTableVirtualInterfaceGroupAssociations)
      .toMatchObject([{ LocalGatewayRouteTableId: routeTable, State: 'associated' }]);
  });

  it('is of the account and Region to which it is delivered, in a zone that there is', async () => {
    const { localGateway } = await installOutpost(fb, { zone: 'eu-west-1b', region: 'eu-west-1', account: '111122223333' });
    expect((await as(fb, { accessKeyId: '111122223333', region: 'eu-west-1' }).go('DescribeLocalGateways')).LocalGateways).toMatchObject([{ LocalGatewayId: localGateway, OwnerId: '111122223333' }]);
    expect((await as(fb, { region: 'eu-west-1' }).go('DescribeLocalGateways')).LocalGateways).toEqual([]);
    await expect(installOutpost(fb, { zone: 'us-east-1x' })).rejects.toThrow("outpost install: The zone 'us-east-1x' does not exist.");
    await expect(installOutpost(fb, { account: '12' })).rejects.toThrow("outpost install: '12' is no account id of twelve digits");
    await expect(installOutpost(fb, { region: 'moon-1' })).rejects.toThrow("outpost install: there is no region 'moon-1'");
  });

  it('has the subnets, instances, interfaces and volumes that are placed on it', async () => {
    const { outpost: OutpostArn, routeTable } = await installOutpost(fb);
    const { vpc: VpcId, block } = await joined(routeTable);
    expect(await ec2.refused('CreateSubnet', { VpcId, CidrBlock: `10.${block}.1.0/24`, AvailabilityZone: 'us-east-1b', OutpostArn })).toMatchObject({ code: 'InvalidParameterValue', message: `The Outpost '${OutpostArn}' is not in the Availability Zone 'us-east-1b'` });
    expect((await ec2.refused('CreateSubnet', { VpcId, CidrBlock: `10.${block}.1.0/24`, AvailabilityZone: 'us-east-1a', OutpostArn: `${OutpostArn}0` })).message).toContain('does not exist');
    const { Subnet } = await ec2.go('CreateSubnet', { VpcId, CidrBlock: `10.${block}.1.0/24`, AvailabilityZone: 'us-east-1a', OutpostArn });
    expect((await ec2.go('DescribeSubnets', { Filters: [{ Name: 'outpost-arn', Values: [OutpostArn] }] })).Subnets).toMatchObject([{ SubnetId: Subnet.SubnetId, OutpostArn }]);
    const { Instances: [instance] } = await ec2.go('RunInstances', { ImageId: await image(fb), InstanceType: 'm5.large', MinCount: 1, MaxCount: 1, SubnetId: Subnet.SubnetId });
    expect(instance.OutpostArn).toBe(OutpostArn);
    expect((await ec2.go('DescribeNetworkInterfaces', { NetworkInterfaceIds: [instance.NetworkInterfaces[0].NetworkInterfaceId] })).NetworkInterfaces[0].OutpostArn).toBe(OutpostArn);
    expect((await ec2.go('DescribeVolumes', { Filters: [{ Name: 'attachment.instance-id', Values: [instance.InstanceId] }] })).Volumes).toMatchObject([{ OutpostArn }]);
  });
});

describe('a local gateway route table', () => {
  it('comes, has one group of virtual interfaces, and goes when nothing is of it', async () => {
    const { localGateway: LocalGatewayId, routeTable, virtualInterfaceGroup } = await installOutpost(fb);
    const { LocalGatewayRouteTable: table } = await ec2.go('CreateLocalGatewayRouteTable', { LocalGatewayId });
    expect(table).toMatchObject({ LocalGatewayRouteTableArn: `arn:aws:ec2:us-east-1:123456789012:local-gateway-route-table/${table.LocalGatewayRouteTableId}`, State: 'pending', Mode: 'direct-vpc-routing' });
    const { LocalGatewayRouteTableId } = table;
    const wish = { LocalGatewayRouteTableId, LocalGatewayVirtualInterfaceGroupId: virtualInterfaceGroup };
    expect(await ec2.refused('CreateLocalGatewayRouteTableVirtualInterfaceGroupAssociation', wish)).toMatchObject({ code: 'IncorrectState', message: `The local gateway route table '${LocalGatewayRouteTableId}' is in the 'pending' state.` });
    pass(5);
    expect((await ec2.refused('CreateLocalGatewayRouteTableVirtualInterfaceGroupAssociation', wish)).code).toBe('Resource.AlreadyAssociated');
    const other = await installOutpost(fb);
    expect(await ec2.refused('CreateLocalGatewayRouteTableVirtualInterfaceGroupAssociation', { ...wish, LocalGatewayVirtualInterfaceGroupId: other.virtualInterfaceGroup }))
      .toMatchObject({ code: 'InvalidParameterValue', message: `${other.virtualInterfaceGroup} does not belong to the local gateway ${LocalGatewayId}` });
    const [held] = (await ec2.go('DescribeLocalGatewayRouteTableVirtualInterfaceGroupAssociations', { Filters: [{ Name: 'local-gateway-route-table-id', Values: [routeTable] }] })).LocalGatewayRouteTableVirtualInterfaceGroupAssociations;
    const { LocalGatewayRouteTableVirtualInterfaceGroupAssociationId: id } = held;
    expect((await ec2.refused('DeleteLocalGatewayRouteTable', { LocalGatewayRouteTableId: routeTable })).code).toBe('DependencyViolation');
    const gone = await ec2.go('DeleteLocalGatewayRouteTableVirtualInterfaceGroupAssociation', { LocalGatewayRouteTableVirtualInterfaceGroupAssociationId: id });
    expect(gone.LocalGatewayRouteTableVirtualInterfaceGroupAssociation).toMatchObject({ LocalGatewayRouteTableVirtualInterfaceGroupAssociationId: id, State: 'disassociating' });
    pass(5);
    expect((await ec2.go('CreateLocalGatewayRouteTableVirtualInterfaceGroupAssociation', wish)).LocalGatewayRouteTableVirtualInterfaceGroupAssociation.State).toBe('associating');
    expect((await ec2.go('DeleteLocalGatewayRouteTable', { LocalGatewayRouteTableId: routeTable })).LocalGatewayRouteTable).toMatchObject({ LocalGatewayRouteTableId: routeTable, State: 'deleting' });
    expect((await ec2.refused('DeleteLocalGatewayRouteTable', { LocalGatewayRouteTableId: routeTable })).code).toBe('IncorrectState');
    pass(5);
    expect(await ec2.refused('DescribeLocalGatewayRouteTables', { LocalGatewayRouteTableIds: [routeTable] })).toMatchObject({ code: 'InvalidLocalGatewayRouteTableID.NotFound', message: `The local gateway route table ID '${routeTable}' does not exist` });
  });

  it('is the one of its gateway by which a VPC reaches this', async () => {
    const { localGateway: LocalGatewayId, routeTable } = await installOutpost(fb);
    const { vpc: VpcId, association } = await joined(routeTable);
    const { LocalGatewayRouteTable: second } = await ec2.go('CreateLocalGatewayRouteTable', { LocalGatewayId });
    pass(5);
    expect(await ec2.refused('CreateLocalGatewayRouteTableVpcAssociation', { LocalGatewayRouteTableId: second.LocalGatewayRouteTableId, VpcId }))
      .toMatchObject({ code: 'Resource.AlreadyAssociated', message: `${VpcId} is already associated with association-id ${association}` });
    expect((await ec2.refused('DeleteVpc', { VpcId })).code).toBe('DependencyViolation');
    await ec2.go('DeleteLocalGatewayRouteTableVpcAssociation', { LocalGatewayRouteTableVpcAssociationId: association });
    pass(5);
    await ec2.go('DeleteVpc', { VpcId });
  });
});

describe('virtual interfaces', () => {
  it('make their group complete, have a VLAN of their LAG for themselves, and hold the group', async () => {
    const { localGateway: LocalGatewayId } = await installOutpost(fb);
    const { LocalGatewayVirtualInterfaceGroup: made } = await ec2.go('CreateLocalGatewayVirtualInterfaceGroup', { LocalGatewayId, LocalBgpAsnExtended: 4_200_000_000 });
    const { LocalGatewayVirtualInterfaceGroupId } = made;
    pass(5);
    const group = async () => (await ec2.go('DescribeLocalGatewayVirtualInterfaceGroups', { LocalGatewayVirtualInterfaceGroupIds: [LocalGatewayVirtualInterfaceGroupId] })).LocalGatewayVirtualInterfaceGroups[0];
    expect(await group()).toMatchObject({ ConfigurationState: 'incomplete', LocalBgpAsnExtended: 4_200_000_000, LocalGatewayVirtualInterfaceIds: [] });
    const [first, ...more] = (await ec2.go('DescribeLocalGatewayVirtualInterfaces', { Filters: [{ Name: 'local-gateway-id', Values: [LocalGatewayId] }] })).LocalGatewayVirtualInterfaces;
    expect(more).toHaveLength(1);
    const wish = { LocalGatewayVirtualInterfaceGroupId, OutpostLagId: first.OutpostLagId, Vlan: 300, LocalAddress: '172.16.0.2/30', PeerAddress: '172.16.0.1/30', PeerBgpAsn: 65_010 };
    const refused = (over: object) => ec2.refused('CreateLocalGatewayVirtualInterface', { ...wish, ...over });
    expect(await refused({ Vlan: 100 })).toMatchObject({ code: 'InvalidParameterValue', message: `Value (100) for parameter vlan is invalid. It is in use on the Outpost LAG ${first.OutpostLagId}.` });
    for (const over of [{ Vlan: 0 }, { Vlan: 4095 }, { LocalAddress: 'fd00::1' }, { PeerAddress: '172.16.0.1/33' }, { PeerAddress: '172.16.0.2/30' }, { PeerBgpAsn: 0 }]) expect((await refused(over)).code).toBe('InvalidParameterValue');
    expect((await refused({ PeerBgpAsnExtended: 4_200_000_000 })).code).toBe('InvalidParameterCombination');
    expect((await refused({ PeerBgpAsn: undefined })).code).toBe('MissingParameter');
    const { LocalGatewayVirtualInterface: vif } = await ec2.go('CreateLocalGatewayVirtualInterface', wish);
    expect(vif).toMatchObject({ LocalGatewayId, Vlan: 300, PeerBgpAsn: 65_010, ConfigurationState: 'pending' });
    const { LocalGatewayVirtualInterfaceId } = vif;
    expect(await group()).toMatchObject({ ConfigurationState: 'available', LocalGatewayVirtualInterfaceIds: [LocalGatewayVirtualInterfaceId] });
    expect((await ec2.refused('DeleteLocalGatewayVirtualInterfaceGroup', { LocalGatewayVirtualInterfaceGroupId })).code).toBe('DependencyViolation');
    pass(5);
    expect((await ec2.go('DeleteLocalGatewayVirtualInterface', { LocalGatewayVirtualInterfaceId })).LocalGatewayVirtualInterface.ConfigurationState).toBe('deleting');
    pass(5);
    expect((await ec2.go('DeleteLocalGatewayVirtualInterfaceGroup', { LocalGatewayVirtualInterfaceGroupId })).LocalGatewayVirtualInterfaceGroup.ConfigurationState).toBe('deleting');
  });
});

describe('routes', () => {
  it('to a group of virtual interfaces are static, active after a moment, and black holes without the association', async () => {
    const { routeTable: LocalGatewayRouteTableId, virtualInterfaceGroup: LocalGatewayVirtualInterfaceGroupId } = await installOutpost(fb);
    const wish = { LocalGatewayRouteTableId, DestinationCidrBlock: '172.16.9.9/16', LocalGatewayVirtualInterfaceGroupId };
    const { Route } = await ec2.go('CreateLocalGatewayRoute', wish);
    expect(Route).toMatchObject({ DestinationCidrBlock: '172.16.0.0/16', LocalGatewayVirtualInterfaceGroupId, Type: 'static', State: 'pending', OwnerId: '123456789012' });
    expect(await ec2.refused('CreateLocalGatewayRoute', wish)).toMatchObject({ code: 'RouteAlreadyExists' });
    pass(2);
    expect(await routes(LocalGatewayRouteTableId, { Name: 'route-search.longest-prefix-match', Values: ['172.16.3.4'] })).toMatchObject([{ DestinationCidrBlock: '172.16.0.0/16', State: 'active' }]);
    expect(await routes(LocalGatewayRouteTableId, { Name: 'route-search.supernet-of-match', Values: ['172.16.4.0/24'] }, { Name: 'type', Values: ['propagated'] })).toEqual([]);
    expect((await ec2.refused('SearchLocalGatewayRoutes', { LocalGatewayRouteTableId, Filters: [{ Name: 'colour', Values: ['x'] }] })).message).toBe("The filter 'colour' is invalid");
    const [held] = (await ec2.go('DescribeLocalGatewayRouteTableVirtualInterfaceGroupAssociations', { Filters: [{ Name: 'local-gateway-route-table-id', Values: [LocalGatewayRouteTableId] }] })).LocalGatewayRouteTableVirtualInterfaceGroupAssociations;
    await ec2.go('DeleteLocalGatewayRouteTableVirtualInterfaceGroupAssociation', { LocalGatewayRouteTableVirtualInterfaceGroupAssociationId: held.LocalGatewayRouteTableVirtualInterfaceGroupAssociationId });
    expect(await routes(LocalGatewayRouteTableId)).toMatchObject([{ State: 'blackhole' }]);
    expect((await ec2.go('DeleteLocalGatewayRoute', { LocalGatewayRouteTableId, DestinationCidrBlock: '172.16.0.0/16' })).Route.State).toBe('deleting');
    pass(2);
    expect(await ec2.refused('DeleteLocalGatewayRoute', { LocalGatewayRouteTableId, DestinationCidrBlock: '172.16.0.0/16' })).toMatchObject({ code: 'InvalidRoute.NotFound' });
  });

  it('to an interface are for those on the Outpost, active while its instance runs', async () => {
    const { outpost: OutpostArn, routeTable: LocalGatewayRouteTableId, virtualInterfaceGroup } = await installOutpost(fb);
    const { vpc: VpcId, block } = await joined(LocalGatewayRouteTableId);
    const subnet = async (third: number, over: object) => (await ec2.go('CreateSubnet', { VpcId, CidrBlock: `10.${block}.${third}.0/24`, AvailabilityZone: 'us-east-1a', ...over })).Subnet.SubnetId as string;
    const far = (await ec2.go('CreateNetworkInterface', { SubnetId: await subnet(1, {}) })).NetworkInterface.NetworkInterfaceId;
    const wish = { LocalGatewayRouteTableId, DestinationCidrBlock: '192.0.2.0/24' };
    expect(await ec2.refused('CreateLocalGatewayRoute', { ...wish, NetworkInterfaceId: far }))
      .toMatchObject({ code: 'InvalidParameterValue', message: `The network interface ${far} is not of an Outpost subnet in a VPC that is associated with the local gateway route table ${LocalGatewayRouteTableId}` });
    expect((await ec2.refused('CreateLocalGatewayRoute', wish)).code).toBe('MissingParameter');
    expect((await ec2.refused('CreateLocalGatewayRoute', { ...wish, NetworkInterfaceId: far, LocalGatewayVirtualInterfaceGroupId: virtualInterfaceGroup })).code).toBe('InvalidParameterCombination');
    const SubnetId = await subnet(2, { OutpostArn });
    expect(await routes(LocalGatewayRouteTableId)).toMatchObject([{ DestinationCidrBlock: `10.${block}.2.0/24`, SubnetId, Type: 'propagated', State: 'active' }]);
    const { Instances: [{ InstanceId, NetworkInterfaces: [{ NetworkInterfaceId }] }] } = await ec2.go('RunInstances', { ImageId: await image(fb), InstanceType: 'm5.large', MinCount: 1, MaxCount: 1, SubnetId });
    await ec2.go('CreateLocalGatewayRoute', { ...wish, NetworkInterfaceId });
    pass(60);
    const found = async () => (await routes(LocalGatewayRouteTableId, { Name: 'route-search.exact-match', Values: ['192.0.2.0/24'] }))[0];
    expect(await found()).toMatchObject({ NetworkInterfaceId, SubnetId, State: 'active' });
    await ec2.go('StopInstances', { InstanceIds: [InstanceId] });
    pass(300);
    expect((await found()).State).toBe('blackhole');
    const { Route } = await ec2.go('ModifyLocalGatewayRoute', { ...wish, LocalGatewayVirtualInterfaceGroupId: virtualInterfaceGroup });
    expect(Route).toMatchObject({ LocalGatewayVirtualInterfaceGroupId: virtualInterfaceGroup });
    expect(Route.NetworkInterfaceId).toBeUndefined();
    expect((await found()).State).toBe('active');
  });

  it('of a VPC lead to a local gateway that it is associated with, and are black holes when the association goes', async () => {
    const { localGateway: LocalGatewayId, routeTable } = await installOutpost(fb);
    const { vpc: VpcId, association } = await joined(routeTable);
    const stranger = (await ec2.go('CreateVpc', { CidrBlock: '10.200.0.0/16' })).Vpc.VpcId;
    const tableOf = async (vpc: string) => (await ec2.go('CreateRouteTable', { VpcId: vpc })).RouteTable.RouteTableId as string;
    expect(await ec2.refused('CreateRoute', { RouteTableId: await tableOf(stranger), DestinationCidrBlock: '172.16.0.0/12', LocalGatewayId }))
      .toMatchObject({ code: 'InvalidParameterValue', message: `route table and local gateway ${LocalGatewayId} belong to different networks` });
    const RouteTableId = await tableOf(VpcId);
    await ec2.go('CreateRoute', { RouteTableId, DestinationCidrBlock: '172.16.0.0/12', LocalGatewayId });
    const route = async () => (await ec2.go('DescribeRouteTables', { RouteTableIds: [RouteTableId] })).RouteTables[0].Routes[1];
    expect(await route()).toEqual({ DestinationCidrBlock: '172.16.0.0/12', LocalGatewayId, Origin: 'CreateRoute', State: 'active' });
    await ec2.go('DeleteLocalGatewayRouteTableVpcAssociation', { LocalGatewayRouteTableVpcAssociationId: association });
    expect((await route()).State).toBe('blackhole');
    pass(5);
    await ec2.go('CreateLocalGatewayRouteTableVpcAssociation', { LocalGatewayRouteTableId: routeTable, VpcId });
    pass(5);
    expect((await route()).State).toBe('active');
  });
});

describe('a pool of customer-owned addresses', () => {
  it('has blocks that do not overlap, whose addresses are allocated to interfaces on the Outpost', async () => {
    const { outpost: OutpostArn, routeTable: LocalGatewayRouteTableId, localGateway: LocalGatewayId } = await installOutpost(fb, { mode: 'coip' });
    const { LocalGatewayRouteTable: direct } = await ec2.go('CreateLocalGatewayRouteTable', { LocalGatewayId });
    pass(5);
    expect(await ec2.refused('CreateCoipPool', { LocalGatewayRouteTableId: direct.LocalGatewayRouteTableId })).toMatchObject({ code: 'InvalidParameterValue', message: `The local gateway route table ${direct.LocalGatewayRouteTableId} is not in the coip mode` });
    const { CoipPool: pool } = await ec2.go('CreateCoipPool', { LocalGatewayRouteTableId });
    const CoipPoolId = pool.PoolId as string;
    expect(pool).toMatchObject({ PoolArn: `arn:aws:ec2:us-east-1:123456789012:coip-pool/${CoipPoolId}`, PoolCidrs: [] });
    expect((await ec2.refused('AllocateAddress', { CustomerOwnedIpv4Pool: CoipPoolId })).code).toBe('InsufficientAddressCapacity');
    expect((await ec2.go('CreateCoipCidr', { CoipPoolId, Cidr: '198.51.100.0/29' })).CoipCidr).toEqual({ CoipPoolId, Cidr: '198.51.100.0/29', LocalGatewayRouteTableId });
    expect((await ec2.refused('CreateCoipCidr', { CoipPoolId, Cidr: '198.51.100.4/30' })).message).toContain(`It overlaps with a CIDR block of the pool ${CoipPoolId}.`);
    expect(await routes(LocalGatewayRouteTableId)).toMatchObject([{ DestinationCidrBlock: '198.51.100.0/29', CoipPoolId, Type: 'propagated' }]);
    const given = await ec2.go('AllocateAddress', { CustomerOwnedIpv4Pool: CoipPoolId, Address: '198.51.100.3' });
    expect(given).toMatchObject({ CustomerOwnedIp: '198.51.100.3', CustomerOwnedIpv4Pool: CoipPoolId, Domain: 'vpc' });
    expect(given.PublicIp).toBeUndefined();
    const { AllocationId } = given;
    expect((await ec2.refused('AllocateAddress', { CustomerOwnedIpv4Pool: CoipPoolId, Address: '198.51.100.3' })).code).toBe('InvalidIPAddress.InUse');
    expect((await ec2.refused('AllocateAddress', { CustomerOwnedIpv4Pool: CoipPoolId, PublicIpv4Pool: 'amazon' })).code).toBe('InvalidParameterCombination');
    expect(await ec2.go('GetCoipPoolUsage', { PoolId: CoipPoolId, Filters: [{ Name: 'coip-address-usage.co-ip', Values: ['198.51.100.*'] }] }))
      .toMatchObject({ CoipPoolId, LocalGatewayRouteTableId, CoipAddressUsages: [{ AllocationId, AwsAccountId: '123456789012', CoIp: '198.51.100.3' }] });
    const { vpc: VpcId, block } = await joined(LocalGatewayRouteTableId);
    const interfaceOn = async (third: number, over: object): Promise<string> => {
      const { Subnet } = await ec2.go('CreateSubnet', { VpcId, CidrBlock: `10.${block}.${third}.0/24`, AvailabilityZone: 'us-east-1a', ...over });
      return (await ec2.go('CreateNetworkInterface', { SubnetId: Subnet.SubnetId })).NetworkInterface.NetworkInterfaceId;
    };
    expect((await ec2.refused('AssociateAddress', { AllocationId, NetworkInterfaceId: await interfaceOn(1, {}) })).message).toContain(`The addresses of the pool ${CoipPoolId} are for network interfaces on its Outpost`);
    const NetworkInterfaceId = await interfaceOn(2, { OutpostArn });
    const { AssociationId } = await ec2.go('AssociateAddress', { AllocationId, NetworkInterfaceId });
    const association = async () => (await ec2.go('DescribeNetworkInterfaces', { NetworkInterfaceIds: [NetworkInterfaceId] })).NetworkInterfaces[0].Association;
    expect(await association()).toEqual({ AllocationId, AssociationId, CustomerOwnedIp: '198.51.100.3', IpOwnerId: '123456789012' });
    expect(await ec2.refused('ReleaseAddress', { AllocationId })).toMatchObject({ message: expect.stringContaining('198.51.100.3') });
    expect((await ec2.refused('DeleteCoipCidr', { CoipPoolId, Cidr: '198.51.100.0/29' })).code).toBe('DependencyViolation');
    expect((await ec2.refused('DeleteCoipPool', { CoipPoolId })).code).toBe('DependencyViolation');
    await ec2.go('DisassociateAddress', { AssociationId });
    expect(await association()).toBeUndefined();
    await ec2.go('ReleaseAddress', { AllocationId });
    await ec2.go('DeleteCoipCidr', { CoipPoolId, Cidr: '198.51.100.0/29' });
    expect((await ec2.refused('DeleteCoipCidr', { CoipPoolId, Cidr: '198.51.100.0/29' })).code).toBe('InvalidParameterValue');
    expect((await ec2.go('DeleteCoipPool', { CoipPoolId })).CoipPool).toMatchObject({ PoolId: CoipPoolId, PoolCidrs: [] });
    expect(await ec2.refused('GetCoipPoolUsage', { PoolId: CoipPoolId })).toMatchObject({ code: 'InvalidPoolID.NotFound', message: `The pool ID '${CoipPoolId}' does not exist` });
  });
});

it('everything that came with an Outpost goes with its local gateway when that is deleted from outside', async () => {
  const { localGateway, virtualInterfaceGroup } = await installOutpost(fb);
  const response = await fetch(`${fb.endpoint}/_fogbank/resources?id=${localGateway}`, { method: 'DELETE' });
  expect(((await response.json()) as { deleted: { id: string }[] }).deleted.map((d) => d.id)).toEqual(expect.arrayContaining([localGateway, virtualInterfaceGroup]));
  expect((await ec2.refused('DescribeLocalGateways', { LocalGatewayIds: [localGateway] })).code).toBe('InvalidLocalGatewayID.NotFound');
});
