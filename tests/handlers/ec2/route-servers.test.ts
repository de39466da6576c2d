import { beforeAll, expect, it } from 'vitest';
import { fogbank, type Fogbank } from '../../support/fogbank.ts';
import { as, type Caller } from '../../support/others.ts';

let fb: Fogbank;
let ec2: Caller;
let VpcId: string;
let SubnetId: string;
let RouteTableId: string;
const pass = (seconds: number) => fb.machine.clock.advance(seconds * 1000);
const server = async (id: string) => (await ec2.go('DescribeRouteServers', { RouteServerIds: [id] })).RouteServers[0];
const create = async (input: Record<string, unknown> = {}): Promise<string> => {
  const { RouteServer } = await ec2.go('CreateRouteServer', { AmazonSideAsn: 65_000, ...input });
  pass(20);
  return RouteServer.RouteServerId;
};
const serving = async (): Promise<string> => {
  const RouteServerId = await create();
  await ec2.go('AssociateRouteServer', { RouteServerId, VpcId });
  pass(20);
  return RouteServerId;
};
const endpointIn = async (RouteServerId: string, subnet = SubnetId): Promise<string> => {
  const { RouteServerEndpoint } = await ec2.go('CreateRouteServerEndpoint', { RouteServerId, SubnetId: subnet });
  pass(180);
  return RouteServerEndpoint.RouteServerEndpointId;
};
const endpoint = async (id: string) => (await ec2.go('DescribeRouteServerEndpoints', { RouteServerEndpointIds: [id] })).RouteServerEndpoints[0];

beforeAll(async () => {
  fb = await fogbank({ pace: 'realistic' });
  fb.machine.clock.hold();
  ec2 = as(fb);
  VpcId = (await ec2.go('CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc.VpcId;
  SubnetId = (await ec2.go('CreateSubnet', { VpcId, CidrBlock: '10.0.1.0/24', AvailabilityZone: 'us-east-1a' })).Subnet.SubnetId;
  RouteTableId = (await ec2.go('CreateRouteTable', { VpcId })).RouteTable.RouteTableId;
});

it('a route server is made, changed and deleted in its time', async () => {
  const { RouteServer: made } = await ec2.go('CreateRouteServer', { AmazonSideAsn: 4_294_967_295, PersistRoutes: 'enable', PersistRoutesDuration: 2, SnsNotificationsEnabled: true });
  const RouteServerId = made.RouteServerId as string;
  expect(made).toMatchObject({ State: 'pending', AmazonSideAsn: 4_294_967_295, PersistRoutesState: 'enabled', PersistRoutesDuration: 2, SnsNotificationsEnabled: true });
  expect(made.SnsTopicArn).toMatch(/^arn:aws:sns:us-east-1:123456789012:/);
  expect(await ec2.refused('ModifyRouteServer', { RouteServerId, SnsNotificationsEnabled: false })).toMatchObject({ code: 'IncorrectState', message: `The route server '${RouteServerId}' is in the 'pending' state.` });
  pass(20);
  expect(await server(RouteServerId)).toMatchObject({ State: 'available', PersistRoutesState: 'enabled' });
  expect(await ec2.go('GetRouteServerRoutingDatabase', { RouteServerId })).toMatchObject({ AreRoutesPersisted: false, Routes: [] });

  expect((await ec2.go('ModifyRouteServer', { RouteServerId, PersistRoutesDuration: 5 })).RouteServer).toMatchObject({ State: 'modifying', PersistRoutesState: 'modifying', PersistRoutesDuration: 5 });
  pass(20);
  expect((await ec2.go('ModifyRouteServer', { RouteServerId, PersistRoutes: 'reset' })).RouteServer).toMatchObject({ PersistRoutesState: 'resetting' });
  pass(20);
  expect((await ec2.go('ModifyRouteServer', { RouteServerId, PersistRoutes: 'disable', SnsNotificationsEnabled: false })).RouteServer).toMatchObject({ PersistRoutesState: 'disabling', SnsNotificationsEnabled: false });
  pass(20);
  const after = await server(RouteServerId);
  expect(after).toMatchObject({ State: 'available', PersistRoutesState: 'disabled' });
  expect([after.SnsTopicArn, after.PersistRoutesDuration]).toEqual([undefined, undefined]);

  expect((await ec2.go('DeleteRouteServer', { RouteServerId })).RouteServer.State).toBe('deleting');
  pass(20);
  expect((await server(RouteServerId)).State).toBe('deleted');
  expect((await ec2.refused('DeleteRouteServer', { RouteServerId })).code).toBe('IncorrectState');
  pass(3600);
  expect(await ec2.refused('DescribeRouteServers', { RouteServerIds: [RouteServerId] })).toMatchObject({ code: 'InvalidRouteServerId.NotFound', message: `The route server ID '${RouteServerId}' does not exist` });
});

it.each([
  [{ AmazonSideAsn: 0 }, 'InvalidParameterValue'], [{ AmazonSideAsn: 4_294_967_296 }, 'InvalidParameterValue'], [{ PersistRoutes: 'reset' }, 'InvalidParameterValue'],
  [{ PersistRoutes: 'enable' }, 'MissingParameter'], [{ PersistRoutes: 'enable', PersistRoutesDuration: 6 }, 'InvalidParameterValue'], [{ PersistRoutesDuration: 2 }, 'InvalidParameterCombination'],
  [{ PersistRoutes: 'disable', PersistRoutesDuration: 2 }, 'InvalidParameterCombination'], [{ PersistRoutes: 'sometimes' }, 'InvalidParameterValue'],
])('CreateRouteServer: refuses %j', async (input, code) => {
  expect((await ec2.refused('CreateRouteServer', { AmazonSideAsn: 65_000, ...input })).code).toBe(code);
});

it.each([
  [{}, 'MissingParameter'], [{ PersistRoutes: 'reset' }, 'InvalidParameterValue'], [{ PersistRoutesDuration: 1 }, 'InvalidParameterCombination'], [{ PersistRoutes: 'enable' }, 'MissingParameter'],
])('ModifyRouteServer: refuses %j of a server that persists nothing', async (input, code) => {
  const RouteServerId = await create();
  expect((await ec2.refused('ModifyRouteServer', { RouteServerId, ...input })).code).toBe(code);
  expect((await server(RouteServerId)).State).toBe('available');
});

it('a route server serves one VPC, which has it until it is left', async () => {
  const RouteServerId = await create();
  expect(await ec2.refused('GetRouteServerAssociations', { RouteServerId })).toMatchObject({ code: 'InvalidRouteServerId.NotAssociated', message: `Route Server ${RouteServerId} is not associated with a VPC.` });
  const { Vpc } = await ec2.go('CreateVpc', { CidrBlock: '10.9.0.0/16' });
  expect((await ec2.refused('AssociateRouteServer', { RouteServerId, VpcId: 'vpc-00000000000000000' })).code).toBe('InvalidVpcID.NotFound');
  expect(await ec2.go('AssociateRouteServer', { RouteServerId, VpcId: Vpc.VpcId })).toMatchObject({ RouteServerAssociation: { RouteServerId, VpcId: Vpc.VpcId, State: 'associating' } });
  expect((await ec2.refused('DisassociateRouteServer', { RouteServerId, VpcId: Vpc.VpcId })).code).toBe('IncorrectState');
  pass(20);
  expect((await ec2.go('GetRouteServerAssociations', { RouteServerId })).RouteServerAssociations).toEqual([{ RouteServerId, VpcId: Vpc.VpcId, State: 'associated' }]);
  expect((await ec2.refused('AssociateRouteServer', { RouteServerId, VpcId })).code).toBe('InvalidRouteServerId.AlreadyAssociated');
  expect((await ec2.refused('DisassociateRouteServer', { RouteServerId, VpcId })).code).toBe('InvalidRouteServerId.NotAssociated');
  expect((await ec2.refused('DeleteRouteServer', { RouteServerId })).code).toBe('DependencyViolation');
  expect((await ec2.refused('DeleteVpc', { VpcId: Vpc.VpcId })).code).toBe('DependencyViolation');
  expect((await ec2.go('DisassociateRouteServer', { RouteServerId, VpcId: Vpc.VpcId })).RouteServerAssociation.State).toBe('disassociating');
  pass(20);
  expect((await ec2.refused('GetRouteServerAssociations', { RouteServerId })).code).toBe('InvalidRouteServerId.NotAssociated');
  await ec2.go('DeleteVpc', { VpcId: Vpc.VpcId });
  await ec2.go('DeleteRouteServer', { RouteServerId });
});

it('propagation is enabled for a table of the VPC, and disabled before it is left', async () => {
  const RouteServerId = await create();
  expect((await ec2.refused('EnableRouteServerPropagation', { RouteServerId, RouteTableId })).code).toBe('InvalidRouteServerId.NotAssociated');
  await ec2.go('AssociateRouteServer', { RouteServerId, VpcId });
  expect((await ec2.refused('EnableRouteServerPropagation', { RouteServerId, RouteTableId })).code).toBe('IncorrectState');
  pass(20);
  const { Vpc } = await ec2.go('CreateVpc', { CidrBlock: '10.8.0.0/16' });
  const elsewhere = (await ec2.go('CreateRouteTable', { VpcId: Vpc.VpcId })).RouteTable.RouteTableId;
  expect(await ec2.refused('EnableRouteServerPropagation', { RouteServerId, RouteTableId: elsewhere })).toMatchObject({ code: 'InvalidParameterValue', message: `Route table ${elsewhere} and Route Server ${RouteServerId} belong to different networks` });
  expect((await ec2.refused('GetRouteServerPropagations', { RouteServerId })).code).toBe('InvalidRouteServerId.NotPropagated');

  expect(await ec2.go('EnableRouteServerPropagation', { RouteServerId, RouteTableId })).toMatchObject({ RouteServerPropagation: { RouteServerId, RouteTableId, State: 'pending' } });
  pass(20);
  expect((await ec2.go('GetRouteServerPropagations', { RouteServerId, RouteTableId })).RouteServerPropagations).toEqual([{ RouteServerId, RouteTableId, State: 'available' }]);
  expect((await ec2.refused('EnableRouteServerPropagation', { RouteServerId, RouteTableId })).code).toBe('InvalidRouteServerId.AlreadyPropagated');
  expect(await ec2.refused('DisassociateRouteServer', { RouteServerId, VpcId })).toMatchObject({ code: 'IncorrectState', message: `Route Server ${RouteServerId} cannot be disassociated while the propagation to route table ${RouteTableId} exists.` });
  expect((await ec2.refused('DeleteRouteTable', { RouteTableId })).code).toBe('DependencyViolation');

  expect((await ec2.go('DisableRouteServerPropagation', { RouteServerId, RouteTableId })).RouteServerPropagation.State).toBe('deleting');
  expect((await ec2.refused('DisableRouteServerPropagation', { RouteServerId, RouteTableId })).code).toBe('IncorrectState');
  pass(20);
  expect((await ec2.refused('DisableRouteServerPropagation', { RouteServerId, RouteTableId })).code).toBe('InvalidRouteServerId.NotPropagated');
  await ec2.go('DisassociateRouteServer', { RouteServerId, VpcId });
});

it('an endpoint has an interface in its subnet while it is there', async () => {
  const RouteServerId = await serving();
  const { RouteServerEndpoint: made } = await ec2.go('CreateRouteServerEndpoint', { RouteServerId, SubnetId });
  const id = made.RouteServerEndpointId as string;
  expect(made).toMatchObject({ RouteServerId, VpcId, SubnetId, State: 'pending' });
  expect(made.EniId).toBeUndefined();
  expect((await ec2.refused('DeleteRouteServerEndpoint', { RouteServerEndpointId: id })).code).toBe('IncorrectState');
  pass(180);
  const { State, EniId, EniAddress } = await endpoint(id);
  expect(State).toBe('available');
  const { NetworkInterfaces: [eni] } = await ec2.go('DescribeNetworkInterfaces', { NetworkInterfaceIds: [EniId] });
  expect(eni).toMatchObject({ SubnetId, PrivateIpAddress: EniAddress, Status: 'in-use', RequesterManaged: true, Groups: [] });
  expect((await ec2.refused('DeleteNetworkInterface', { NetworkInterfaceId: EniId })).code).toBe('InvalidParameterValue');
  expect((await ec2.refused('DisassociateRouteServer', { RouteServerId, VpcId })).message).toContain(`route server endpoint ${id}`);
  expect((await ec2.go('DeleteRouteServerEndpoint', { RouteServerEndpointId: id })).RouteServerEndpoint.State).toBe('deleting');
  pass(120);
  expect((await endpoint(id)).State).toBe('deleted');
  expect((await ec2.refused('DescribeNetworkInterfaces', { NetworkInterfaceIds: [EniId] })).code).toBe('InvalidNetworkInterfaceID.NotFound');
  await ec2.go('DisassociateRouteServer', { RouteServerId, VpcId });
  pass(20);
  await ec2.go('DeleteRouteServer', { RouteServerId });
});

it('an endpoint fails in a subnet that has no address left', async () => {
  const RouteServerId = await serving();
  const { Subnet } = await ec2.go('CreateSubnet', { VpcId, CidrBlock: '10.0.2.0/28' });
  await ec2.go('CreateNetworkInterface', { SubnetId: Subnet.SubnetId, SecondaryPrivateIpAddressCount: 10 });
  const id = await endpointIn(RouteServerId, Subnet.SubnetId);
  expect(await endpoint(id)).toMatchObject({ State: 'failed', FailureReason: 'The specified subnet does not have enough free addresses to satisfy the request.' });
  await ec2.go('DeleteRouteServerEndpoint', { RouteServerEndpointId: id });
  pass(120);
  expect((await endpoint(id)).State).toBe('deleted');
});

it('CreateRouteServerEndpoint: refuses a subnet that the route server does not serve', async () => {
  const RouteServerId = await serving();
  const { Vpc } = await ec2.go('CreateVpc', { CidrBlock: '10.7.0.0/16' });
  const { Subnet } = await ec2.go('CreateSubnet', { VpcId: Vpc.VpcId, CidrBlock: '10.7.0.0/24' });
  expect((await ec2.refused('CreateRouteServerEndpoint', { RouteServerId, SubnetId: Subnet.SubnetId })).message).toBe(`Subnet ${Subnet.SubnetId} and Route Server ${RouteServerId} belong to different networks`);
  expect((await ec2.refused('CreateRouteServerEndpoint', { RouteServerId: await create(), SubnetId })).code).toBe('InvalidRouteServerId.NotAssociated');
  expect((await ec2.refused('CreateRouteServerEndpoint', { RouteServerId: 'rs-00000000000000000', SubnetId })).code).toBe('InvalidRouteServerId.NotFound');
});

it('a peer holds its endpoint, and its sessions are down', async () => {
  const RouteServerId = await serving();
  const RouteServerEndpointId = await endpointIn(RouteServerId);
  const { EniId, EniAddress } = await endpoint(RouteServerEndpointId);
  const wish = { RouteServerEndpointId, PeerAddress: '10.0.1.250', BgpOptions: { PeerAsn: 65_200 } };
  for (const [over, code] of [
    [{ PeerAddress: '10.0.1' }, 'InvalidParameterValue'], [{ PeerAddress: EniAddress }, 'InvalidParameterValue'], [{ BgpOptions: { PeerAsn: 0 } }, 'InvalidParameterValue'],
    [{ RouteServerEndpointId: 'rse-00000000000000000' }, 'InvalidRouteServerEndpointId.NotFound'],
  ] as const) expect((await ec2.refused('CreateRouteServerPeer', { ...wish, ...over })).code).toBe(code);
  const { RouteServerPeer: made } = await ec2.go('CreateRouteServerPeer', wish);
  expect(made).toMatchObject({
    State: 'pending', RouteServerId, VpcId, SubnetId, EndpointEniId: EniId, EndpointEniAddress: EniAddress, PeerAddress: '10.0.1.250', BgpOptions: { PeerAsn: 65_200, PeerLivenessDetection: 'bgp-keepalive' },
    BgpStatus: { Status: 'down' }, BfdStatus: { Status: 'down' },
  });
  expect((await ec2.refused('CreateRouteServerPeer', wish)).message).toContain('has a peer of this address');
  expect((await ec2.refused('DeleteRouteServerPeer', { RouteServerPeerId: made.RouteServerPeerId })).code).toBe('IncorrectState');
  pass(20);
  expect((await ec2.refused('DeleteRouteServerEndpoint', { RouteServerEndpointId })).code).toBe('DependencyViolation');
  expect((await ec2.go('DeleteRouteServerPeer', { RouteServerPeerId: made.RouteServerPeerId })).RouteServerPeer.State).toBe('deleting');
  expect((await ec2.refused('DeleteRouteServerEndpoint', { RouteServerEndpointId })).code).toBe('DependencyViolation');
  pass(20);
  expect((await ec2.go('DescribeRouteServerPeers', { Filters: [{ Name: 'state', Values: ['deleted'] }] })).RouteServerPeers).toMatchObject([{ RouteServerPeerId: made.RouteServerPeerId }]);
  await ec2.go('CreateRouteServerPeer', wish);
});

it.each(['DescribeRouteServerEndpoints', 'DescribeRouteServerPeers'])('%s: has no filter for the route server', async (operation) => {
  expect(await ec2.refused(operation, { Filters: [{ Name: 'route-server-id', Values: ['rs-00000000000000000'] }] })).toMatchObject({ code: 'InvalidParameterValue', message: "The filter 'route-server-id' is invalid" });
});
