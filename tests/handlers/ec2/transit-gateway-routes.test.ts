import { AcceptTransitGatewayPeeringAttachmentCommand, CreateTransitGatewayCommand, DescribeTransitGatewayRouteTableAnnouncementsCommand, EC2Client, EnableTransitGatewayRouteTablePropagationCommand, GetTransitGatewayRouteTablePropagationsCommand, SearchTransitGatewayRoutesCommand } from '@aws-sdk/client-ec2';
import { beforeAll, describe, expect, it } from 'vitest';
import { SERVICES } from '../../../src/main.ts';
import { call } from '../../laws/samples/index.ts';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

let fb: Fogbank;
const go = (operation: string, input: Record<string, unknown> = {}) => call(fb, operation, input);
const refused = async (operation: string, input: Record<string, unknown> = {}) => {
  const { code, message } = await refusal(go(operation, input));
  return `${code}: ${message}`;
};
const PLAIN = { DefaultRouteTableAssociation: 'disable', DefaultRouteTablePropagation: 'disable' };
const gateway = async (Options: Record<string, unknown> = PLAIN) => (await go('CreateTransitGateway', { Options })).TransitGateway.TransitGatewayId as string;
const tableOf = async (TransitGatewayId: string) => (await go('CreateTransitGatewayRouteTable', { TransitGatewayId })).TransitGatewayRouteTable.TransitGatewayRouteTableId as string;

async function attach(TransitGatewayId: string, CidrBlock: string, ipv6 = false): Promise<{ VpcId: string; id: string }> {
  const { VpcId } = (await go('CreateVpc', { CidrBlock, AmazonProvidedIpv6CidrBlock: ipv6 })).Vpc;
  const block = ipv6 ? (await go('DescribeVpcs', { VpcIds: [VpcId] })).Vpcs[0].Ipv6CidrBlockAssociationSet[0].Ipv6CidrBlock.replace('/56', '/64') : undefined;
  const { SubnetId } = (await go('CreateSubnet', { VpcId, CidrBlock: CidrBlock.replace(/\/.*/, '/24'), ...(block ? { Ipv6CidrBlock: block } : {}) })).Subnet;
  const made = await go('CreateTransitGatewayVpcAttachment', { TransitGatewayId, VpcId, SubnetIds: [SubnetId], ...(ipv6 ? { Options: { Ipv6Support: 'enable' } } : {}) });
  return { VpcId, id: made.TransitGatewayVpcAttachment.TransitGatewayAttachmentId };
}

interface Route {
  readonly DestinationCidrBlock: string;
  readonly State: string;
  readonly Type: string;
  readonly TransitGatewayAttachments?: { TransitGatewayAttachmentId: string; ResourceId: string; ResourceType: string }[];
}
const find = async (TransitGatewayRouteTableId: string, ...filters: [string, ...string[]][]): Promise<Route[]> =>
  (await go('SearchTransitGatewayRoutes', { TransitGatewayRouteTableId, Filters: filters.map(([Name, ...Values]) => ({ Name, Values })) })).Routes;
const all = (tableId: string) => find(tableId, ['type', '*']);
const destinations = (routes: Route[]) => routes.map((r) => r.DestinationCidrBlock);

beforeAll(async () => {
  fb = await fogbank();
});

describe('associations', () => {
  it('an attachment has one, which keeps its table', async () => {
    const id = await gateway();
    const { VpcId, id: TransitGatewayAttachmentId } = await attach(id, '10.0.0.0/16');
    const [TransitGatewayRouteTableId, other] = [await tableOf(id), await tableOf(id)];
    const { Association } = await go('AssociateTransitGatewayRouteTable', { TransitGatewayRouteTableId, TransitGatewayAttachmentId });
    expect(Association).toEqual({ TransitGatewayRouteTableId, TransitGatewayAttachmentId, ResourceId: VpcId, ResourceType: 'vpc', State: 'associating' });
    expect(await refused('AssociateTransitGatewayRouteTable', { TransitGatewayRouteTableId: other, TransitGatewayAttachmentId })).toBe(`Resource.AlreadyAssociated: Transit Gateway Attachment ${TransitGatewayAttachmentId} is already associated to a route table.`);
    const list = async (...Values: string[]) => (await go('GetTransitGatewayRouteTableAssociations', { TransitGatewayRouteTableId, Filters: [{ Name: 'resource-id', Values }] })).Associations;
    expect(await list(VpcId)).toEqual([{ TransitGatewayAttachmentId, ResourceId: VpcId, ResourceType: 'vpc', State: 'associated' }]);
    expect(await list('vpc-0')).toEqual([]);
    expect((await go('GetTransitGatewayRouteTableAssociations', { TransitGatewayRouteTableId: other })).Associations).toEqual([]);
    expect(await refused('DeleteTransitGatewayRouteTable', { TransitGatewayRouteTableId })).toBe(`IncorrectState: ${TransitGatewayRouteTableId} has associated attachments`);
    expect(await refused('DisassociateTransitGatewayRouteTable', { TransitGatewayRouteTableId: other, TransitGatewayAttachmentId })).toBe(`InvalidAssociation.NotFound: Transit Gateway Attachment ${TransitGatewayAttachmentId} is not associated with route table ${other}.`);
    expect((await go('DisassociateTransitGatewayRouteTable', { TransitGatewayRouteTableId, TransitGatewayAttachmentId })).Association.State).toBe('disassociating');
    expect(await list(VpcId)).toEqual([]);
    expect((await go('DeleteTransitGatewayRouteTable', { TransitGatewayRouteTableId })).TransitGatewayRouteTable.State).toBe('deleting');
  });

  it('an attachment of another gateway is one that does not exist', async () => {
    const TransitGatewayRouteTableId = await tableOf(await gateway());
    const { id: TransitGatewayAttachmentId } = await attach(await gateway(), '10.0.0.0/16');
    for (const operation of ['AssociateTransitGatewayRouteTable', 'EnableTransitGatewayRouteTablePropagation']) {
      expect(await refused(operation, { TransitGatewayRouteTableId, TransitGatewayAttachmentId })).toBe(`InvalidTransitGatewayAttachmentID.NotFound: Transit Gateway Attachment ${TransitGatewayAttachmentId} was deleted or does not exist.`);
    }
    expect(await refused('CreateTransitGatewayRoute', { TransitGatewayRouteTableId, TransitGatewayAttachmentId, DestinationCidrBlock: '10.0.0.0/8' })).toMatch(/^InvalidTransitGatewayAttachmentID.NotFound/);
  });

  it('comes and goes on the clock', async () => {
    const slow = await fogbank({ pace: 'realistic' });
    slow.machine.clock.hold();
    const send = (operation: string, input: Record<string, unknown> = {}) => call(slow, operation, input);
    const { TransitGatewayId } = (await send('CreateTransitGateway', { Options: PLAIN })).TransitGateway;
    const { VpcId } = (await send('CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc;
    const { SubnetId } = (await send('CreateSubnet', { VpcId, CidrBlock: '10.0.0.0/24' })).Subnet;
    slow.machine.clock.advance(90_000);
    const { TransitGatewayRouteTableId } = (await send('CreateTransitGatewayRouteTable', { TransitGatewayId })).TransitGatewayRouteTable;
    const { TransitGatewayAttachmentId } = (await send('CreateTransitGatewayVpcAttachment', { TransitGatewayId, VpcId, SubnetIds: [SubnetId] })).TransitGatewayVpcAttachment;
    slow.machine.clock.advance(60_000);
    const both = { TransitGatewayRouteTableId, TransitGatewayAttachmentId };
    const states = async () => (await send('GetTransitGatewayRouteTableAssociations', { TransitGatewayRouteTableId })).Associations.map((a: { State: string }) => a.State);
    await send('AssociateTransitGatewayRouteTable', both);
    expect(await states()).toEqual(['associating']);
    slow.machine.clock.advance(10_000);
    expect(await states()).toEqual(['associated']);
    await send('DisassociateTransitGatewayRouteTable', both);
    expect((await refusal(send('DisassociateTransitGatewayRouteTable', both))).code).toBe('IncorrectState');
    expect((await refusal(send('DeleteTransitGatewayRouteTable', { TransitGatewayRouteTableId }))).code).toBe('IncorrectState');
    slow.machine.clock.advance(20_000);
    expect(await states()).toEqual([]);
    await send('DeleteTransitGatewayRouteTable', { TransitGatewayRouteTableId });
  });
});

describe('propagations', () => {
  it('route the blocks of a VPC, which come and go with it, and which a static route overrules', async () => {
    const id = await gateway();
    const TransitGatewayRouteTableId = await tableOf(id);
    const { VpcId, id: TransitGatewayAttachmentId } = await attach(id, '10.0.0.0/16');
    const both = { TransitGatewayRouteTableId, TransitGatewayAttachmentId };
    expect(await refused('DisableTransitGatewayRouteTablePropagation', both)).toBe(`TransitGatewayRouteTablePropagation.NotFound: Propagation ${TransitGatewayAttachmentId} does not exist in Transit Gateway Route Table ${TransitGatewayRouteTableId}.`);
    expect((await go('EnableTransitGatewayRouteTablePropagation', both)).Propagation).toEqual({ ...both, ResourceId: VpcId, ResourceType: 'vpc', State: 'enabled' });
    expect(await refused('EnableTransitGatewayRouteTablePropagation', both)).toBe(`TransitGatewayRouteTablePropagation.Duplicate: Propagation ${TransitGatewayAttachmentId} already exists in Transit Gateway Route Table ${TransitGatewayRouteTableId}.`);
    expect(await all(TransitGatewayRouteTableId)).toEqual([{ DestinationCidrBlock: '10.0.0.0/16', Type: 'propagated', State: 'active', TransitGatewayAttachments: [{ TransitGatewayAttachmentId, ResourceId: VpcId, ResourceType: 'vpc' }] }]);
    await go('AssociateVpcCidrBlock', { VpcId, CidrBlock: '10.5.0.0/16' });
    expect(destinations(await all(TransitGatewayRouteTableId))).toEqual(['10.0.0.0/16', '10.5.0.0/16']);
    await go('CreateTransitGatewayRoute', { TransitGatewayRouteTableId, DestinationCidrBlock: '10.5.0.0/16', Blackhole: true });
    expect((await all(TransitGatewayRouteTableId)).map((r) => [r.DestinationCidrBlock, r.Type, r.State])).toEqual([['10.5.0.0/16', 'static', 'blackhole'], ['10.0.0.0/16', 'propagated', 'active']]);
    expect((await go('GetTransitGatewayRouteTablePropagations', { TransitGatewayRouteTableId })).TransitGatewayRouteTablePropagations).toEqual([{ TransitGatewayAttachmentId, ResourceId: VpcId, ResourceType: 'vpc', State: 'enabled' }]);
    expect((await go('DisableTransitGatewayRouteTablePropagation', both)).Propagation.State).toBe('disabled');
    expect(destinations(await all(TransitGatewayRouteTableId))).toEqual(['10.5.0.0/16']);
  });

  it('leave out a VPC whose range overlaps that of an earlier one, and IPv6 where it is not supported', async () => {
    const id = await gateway({ DefaultRouteTableAssociation: 'enable' });
    const TransitGatewayRouteTableId = (await go('DescribeTransitGateways', { TransitGatewayIds: [id] })).TransitGateways[0].Options.PropagationDefaultRouteTableId;
    const first = await attach(id, '10.0.0.0/16');
    await attach(id, '10.0.128.0/20');
    const third = await attach(id, '10.1.0.0/16', true);
    const routes = await all(TransitGatewayRouteTableId);
    expect(routes.map((r) => r.TransitGatewayAttachments![0]!.ResourceId)).toEqual([first.VpcId, third.VpcId, third.VpcId]);
    expect(destinations(routes).slice(0, 2)).toEqual(['10.0.0.0/16', '10.1.0.0/16']);
    expect(routes[2]!.DestinationCidrBlock).toMatch(/::\/56$/);
    await go('ModifyTransitGatewayVpcAttachment', { TransitGatewayAttachmentId: third.id, Options: { Ipv6Support: 'disable' } });
    expect(await all(TransitGatewayRouteTableId)).toHaveLength(2);
  });
});

describe('static routes', () => {
  let id: string;
  let TransitGatewayRouteTableId: string;
  let TransitGatewayAttachmentId: string;
  beforeAll(async () => {
    id = await gateway();
    TransitGatewayRouteTableId = await tableOf(id);
    ({ id: TransitGatewayAttachmentId } = await attach(id, '10.0.0.0/16'));
  });
  const route = (DestinationCidrBlock: string, over: Record<string, unknown> = {}) => ({ TransitGatewayRouteTableId, DestinationCidrBlock, TransitGatewayAttachmentId, ...over });

  it('are made once, replaced, and deleted; a replacement adds what is not there', async () => {
    expect((await go('CreateTransitGatewayRoute', route('192.168.0.9/16'))).Route).toMatchObject({ DestinationCidrBlock: '192.168.0.0/16', Type: 'static', State: 'active', TransitGatewayAttachments: [{ TransitGatewayAttachmentId }] });
    expect(await refused('CreateTransitGatewayRoute', route('192.168.0.0/16'))).toBe(`RouteAlreadyExists: Route 192.168.0.0/16 already exists in Transit Gateway Route Table ${TransitGatewayRouteTableId}.`);
    expect((await go('ReplaceTransitGatewayRoute', route('192.168.0.0/16', { TransitGatewayAttachmentId: undefined, Blackhole: true }))).Route).toEqual({ DestinationCidrBlock: '192.168.0.0/16', Type: 'static', State: 'blackhole' });
    expect((await go('ReplaceTransitGatewayRoute', route('2001:db8::/32'))).Route.State).toBe('active');
    expect(await find(TransitGatewayRouteTableId, ['state', 'blackhole'])).toHaveLength(1);
    for (const DestinationCidrBlock of ['192.168.0.0/16', '2001:db8::/32']) expect((await go('DeleteTransitGatewayRoute', { TransitGatewayRouteTableId, DestinationCidrBlock })).Route).toEqual({ DestinationCidrBlock, Type: 'static', State: 'deleted' });
    expect(await refused('DeleteTransitGatewayRoute', { TransitGatewayRouteTableId, DestinationCidrBlock: '192.168.0.0/16' })).toBe(`InvalidRoute.NotFound: The route 192.168.0.0/16 does not exist in Transit Gateway Route Table ${TransitGatewayRouteTableId}.`);
    expect(await all(TransitGatewayRouteTableId)).toEqual([]);
  });

  it.each([
    ['no CIDR', { DestinationCidrBlock: 'nonsense' }, /^InvalidParameterValue/],
    ['no target', { TransitGatewayAttachmentId: undefined }, /^MissingParameter: The request must contain the parameter TransitGatewayAttachmentId/],
    ['both targets', { Blackhole: true }, /^InvalidParameterCombination/],
    ['a malformed attachment', { TransitGatewayAttachmentId: 'tgw-attach-1' }, /^InvalidTransitGatewayAttachmentID.Malformed/],
    ['an unknown table', { TransitGatewayRouteTableId: 'tgw-rtb-00000000000000000' }, /^InvalidRouteTableID.NotFound: Transit Gateway Route Table tgw-rtb-00000000000000000 was deleted or does not exist\./],
    ['a malformed table', { TransitGatewayRouteTableId: 'tgw-rtb-1' }, /^InvalidRouteTableId.Malformed: Invalid Transit Gateway Route Table id tgw-rtb-1\./],
  ])('CreateTransitGatewayRoute: refuses %s', async (_what, over, expected) => {
    expect(await refused('CreateTransitGatewayRoute', route('172.16.0.0/12', over))).toMatch(expected);
  });

  it('an empty attachment id beside Blackhole is none', async () => {
    expect((await go('CreateTransitGatewayRoute', route('172.20.0.0/16', { TransitGatewayAttachmentId: '', Blackhole: true }))).Route.State).toBe('blackhole');
    await go('DeleteTransitGatewayRoute', { TransitGatewayRouteTableId, DestinationCidrBlock: '172.20.0.0/16' });
  });

  it('a Connect attachment has none', async () => {
    const connect = (await go('CreateTransitGatewayConnect', { TransportTransitGatewayAttachmentId: TransitGatewayAttachmentId, Options: { Protocol: 'gre' } })).TransitGatewayConnect.TransitGatewayAttachmentId;
    expect(await refused('CreateTransitGatewayRoute', route('172.16.0.0/12', { TransitGatewayAttachmentId: connect }))).toMatch(/^UnsupportedOperation/);
    await go('DeleteTransitGatewayConnect', { TransitGatewayAttachmentId: connect });
  });

  it('stay as black holes when their attachment goes', async () => {
    await go('CreateTransitGatewayRoute', route('172.16.0.0/12'));
    await go('DeleteTransitGatewayVpcAttachment', { TransitGatewayAttachmentId });
    expect(await all(TransitGatewayRouteTableId)).toEqual([{ DestinationCidrBlock: '172.16.0.0/12', Type: 'static', State: 'blackhole' }]);
    expect(await refused('CreateTransitGatewayRoute', route('172.32.0.0/12'))).toMatch(/^InvalidTransitGatewayAttachmentID.NotFound/);
  });
});

describe('SearchTransitGatewayRoutes', () => {
  let tableId: string;
  let VpcId: string;
  let attachmentId: string;
  beforeAll(async () => {
    const id = await gateway();
    tableId = await tableOf(id);
    ({ VpcId, id: attachmentId } = await attach(id, '10.0.0.0/16'));
    await go('EnableTransitGatewayRouteTablePropagation', { TransitGatewayRouteTableId: tableId, TransitGatewayAttachmentId: attachmentId });
    for (const DestinationCidrBlock of ['10.0.0.0/8', '10.0.1.0/29', '10.0.1.0/31', '192.168.0.0/24', '192.168.1.0/24', '192.168.2.0/24']) await go('CreateTransitGatewayRoute', { TransitGatewayRouteTableId: tableId, DestinationCidrBlock, Blackhole: true });
  });

  it.each<[string, string[], string[]]>([
    ['route-search.exact-match', ['10.0.0.0/16'], ['10.0.0.0/16']],
    ['route-search.exact-match', ['10.0.0.0/15'], []],
    ['route-search.longest-prefix-match', ['10.0.1.1'], ['10.0.1.0/31']],
    ['route-search.longest-prefix-match', ['10.0.1.5', '192.168.1.1'], ['10.0.1.0/29', '192.168.1.0/24']],
    ['route-search.longest-prefix-match', ['11.0.0.0'], []],
    ['route-search.supernet-of-match', ['10.0.1.0/30'], ['10.0.0.0/8', '10.0.1.0/29', '10.0.0.0/16']],
    ['route-search.subnet-of-match', ['10.0.1.0/29'], ['10.0.1.0/29', '10.0.1.0/31']],
    ['type', ['propagated'], ['10.0.0.0/16']],
    ['state', ['active'], ['10.0.0.0/16']],
    ['attachment.resource-type', ['vpc'], ['10.0.0.0/16']],
    ['attachment.resource-type', ['vpn'], []],
    ['prefix-list-id', ['pl-1'], []],
  ])('%s %j finds %j', async (Name, Values, expected) => {
    expect(destinations(await find(tableId, [Name, ...Values]))).toEqual(expected);
  });

  it('joins filters, finds by attachment and resource, and refuses unknown filters', async () => {
    expect(await find(tableId, ['attachment.resource-id', VpcId], ['type', 'static'])).toEqual([]);
    expect(destinations(await find(tableId, ['attachment.resource-id', VpcId], ['attachment.transit-gateway-attachment-id', attachmentId]))).toEqual(['10.0.0.0/16']);
    expect(await refused('SearchTransitGatewayRoutes', { TransitGatewayRouteTableId: tableId, Filters: [{ Name: 'nonsense', Values: ['x'] }] })).toBe("InvalidParameterValue: The filter 'nonsense' is invalid");
  });

  it('tells whether there are more, and goes on from its token', async () => {
    const Filters = [{ Name: 'type', Values: ['static', 'propagated'] }];
    const page = (NextToken?: string) => go('SearchTransitGatewayRoutes', { TransitGatewayRouteTableId: tableId, Filters, MaxResults: 5, NextToken });
    const first = await page();
    expect([first.Routes.length, first.AdditionalRoutesAvailable]).toEqual([5, true]);
    const second = await page(first.NextToken);
    expect([second.Routes.length, second.AdditionalRoutesAvailable, second.NextToken]).toEqual([2, false, undefined]);
    expect(await refused('SearchTransitGatewayRoutes', { TransitGatewayRouteTableId: tableId, Filters, MaxResults: 5, NextToken: 'bm9uc2Vuc2U' })).toMatch(/^InvalidParameterValue/);
  });
});

describe('peerings and announcements', () => {
  it('a peering is routed by static routes, and by what the other end announces where it is dynamic', async () => {
    const there = new EC2Client(fb.config({ accessKeyId: '999999999999', region: 'eu-west-1' }));
    const far = (await there.send(new CreateTransitGatewayCommand({}))).TransitGateway!;
    const farTable = far.Options!.PropagationDefaultRouteTableId!;
    const id = await gateway();
    const TransitGatewayRouteTableId = await tableOf(id);
    const { id: vpcAttachment } = await attach(id, '10.7.0.0/16');
    await go('EnableTransitGatewayRouteTablePropagation', { TransitGatewayRouteTableId, TransitGatewayAttachmentId: vpcAttachment });
    const peerWith = async (DynamicRouting: string) => {
      const peer = { TransitGatewayId: id, PeerTransitGatewayId: far.TransitGatewayId, PeerAccountId: '999999999999', PeerRegion: 'eu-west-1', Options: { DynamicRouting } };
      const { TransitGatewayAttachmentId } = (await go('CreateTransitGatewayPeeringAttachment', peer)).TransitGatewayPeeringAttachment;
      await there.send(new AcceptTransitGatewayPeeringAttachmentCommand({ TransitGatewayAttachmentId }));
      return TransitGatewayAttachmentId as string;
    };
    const still = await peerWith('disable');
    expect(await refused('EnableTransitGatewayRouteTablePropagation', { TransitGatewayRouteTableId, TransitGatewayAttachmentId: still })).toMatch(/^UnsupportedOperation/);
    expect((await go('CreateTransitGatewayRoute', { TransitGatewayRouteTableId, TransitGatewayAttachmentId: still, DestinationCidrBlock: '10.8.0.0/16' })).Route.TransitGatewayAttachments).toEqual([{ TransitGatewayAttachmentId: still, ResourceId: far.TransitGatewayId, ResourceType: 'peering' }]);
    expect(await refused('CreateTransitGatewayRouteTableAnnouncement', { TransitGatewayRouteTableId, PeeringAttachmentId: still })).toMatch(/^UnsupportedOperation/);
    await go('DeleteTransitGatewayPeeringAttachment', { TransitGatewayAttachmentId: still });

    const PeeringAttachmentId = await peerWith('enable');
    const { TransitGatewayRouteTableAnnouncement: outgoing } = await go('CreateTransitGatewayRouteTableAnnouncement', { TransitGatewayRouteTableId, PeeringAttachmentId });
    expect(outgoing).toMatchObject({ AnnouncementDirection: 'outgoing', TransitGatewayId: id, PeerTransitGatewayId: far.TransitGatewayId, TransitGatewayRouteTableId, PeeringAttachmentId, State: 'pending' });
    const incoming = (await there.send(new DescribeTransitGatewayRouteTableAnnouncementsCommand({}))).TransitGatewayRouteTableAnnouncements!;
    expect(incoming).toMatchObject([{ AnnouncementDirection: 'incoming', TransitGatewayId: far.TransitGatewayId, PeerTransitGatewayId: id, PeeringAttachmentId, State: 'available' }]);
    const announcement = incoming[0]!.TransitGatewayRouteTableAnnouncementId!;
    await there.send(new EnableTransitGatewayRouteTablePropagationCommand({ TransitGatewayRouteTableId: farTable, TransitGatewayRouteTableAnnouncementId: announcement }));
    const farRoutes = async () => (await there.send(new SearchTransitGatewayRoutesCommand({ TransitGatewayRouteTableId: farTable, Filters: [{ Name: 'type', Values: ['propagated'] }] }))).Routes;
    expect(await farRoutes()).toEqual([{ DestinationCidrBlock: '10.7.0.0/16', Type: 'propagated', State: 'active', TransitGatewayRouteTableAnnouncementId: announcement, TransitGatewayAttachments: [{ TransitGatewayAttachmentId: PeeringAttachmentId, ResourceId: id, ResourceType: 'peering' }] }]);
    expect(await refused('DeleteTransitGatewayRouteTable', { TransitGatewayRouteTableId })).toMatch(/^IncorrectState: .* has non-deleted Transit Gateway Route Table Announcements/);
    expect(await refused('CreateTransitGatewayRouteTableAnnouncement', { TransitGatewayRouteTableId, PeeringAttachmentId })).toMatch(/^Resource.AlreadyAssociated/);
    await go('DeleteTransitGatewayRouteTableAnnouncement', { TransitGatewayRouteTableAnnouncementId: outgoing.TransitGatewayRouteTableAnnouncementId });
    expect(await farRoutes()).toEqual([]);
    expect((await there.send(new GetTransitGatewayRouteTablePropagationsCommand({ TransitGatewayRouteTableId: farTable }))).TransitGatewayRouteTablePropagations).toEqual([]);
    await go('DeleteTransitGatewayRouteTable', { TransitGatewayRouteTableId });
  });
});

describe('prefix list references', () => {
  it('refuses a list that does not exist, and a reference that is not there', async () => {
    const TransitGatewayRouteTableId = await tableOf(await gateway());
    const both = { TransitGatewayRouteTableId, PrefixListId: 'pl-00000000000000000' };
    expect(await refused('CreateTransitGatewayPrefixListReference', { ...both, Blackhole: true })).toBe("InvalidPrefixListID.NotFound: The prefix list ID 'pl-00000000000000000' does not exist");
    expect(await refused('DeleteTransitGatewayPrefixListReference', both)).toBe(`InvalidPrefixListID.NotFound: The prefix list reference pl-00000000000000000 does not exist in Transit Gateway Route Table ${TransitGatewayRouteTableId}.`);
    expect((await go('GetTransitGatewayPrefixListReferences', { TransitGatewayRouteTableId })).TransitGatewayPrefixListReferences).toEqual([]);
  });

  // Prefix lists are another family's kind.
  it.runIf(SERVICES.some((s) => s.operations.CreateManagedPrefixList))('route a list to an attachment or nowhere, and lose the attachment with it', async () => {
    const id = await gateway();
    const TransitGatewayRouteTableId = await tableOf(id);
    const { VpcId, id: TransitGatewayAttachmentId } = await attach(id, '10.0.0.0/16');
    const { PrefixListId } = (await go('CreateManagedPrefixList', { PrefixListName: 'l', MaxEntries: 1, AddressFamily: 'IPv4' })).PrefixList;
    const both = { TransitGatewayRouteTableId, PrefixListId };
    const made = (await go('CreateTransitGatewayPrefixListReference', { ...both, Blackhole: true })).TransitGatewayPrefixListReference;
    expect(made).toEqual({ ...both, PrefixListOwnerId: '123456789012', State: 'pending', Blackhole: true });
    expect(await refused('CreateTransitGatewayPrefixListReference', { ...both, Blackhole: true })).toMatch(/^RouteAlreadyExists/);
    const attachment = { TransitGatewayAttachmentId, ResourceId: VpcId, ResourceType: 'vpc' };
    expect((await go('ModifyTransitGatewayPrefixListReference', { ...both, TransitGatewayAttachmentId })).TransitGatewayPrefixListReference).toMatchObject({ State: 'modifying', Blackhole: false, TransitGatewayAttachment: attachment });
    expect((await go('GetTransitGatewayPrefixListReferences', { TransitGatewayRouteTableId, Filters: [{ Name: 'attachment.resource-id', Values: [VpcId] }] })).TransitGatewayPrefixListReferences).toMatchObject([{ State: 'available' }]);
    expect(await find(TransitGatewayRouteTableId, ['prefix-list-id', PrefixListId])).toMatchObject([{ PrefixListId, State: 'active', TransitGatewayAttachments: [attachment] }]);
    await go('DeleteTransitGatewayVpcAttachment', { TransitGatewayAttachmentId });
    expect((await go('GetTransitGatewayPrefixListReferences', { TransitGatewayRouteTableId, Filters: [{ Name: 'is-blackhole', Values: ['true'] }] })).TransitGatewayPrefixListReferences).toHaveLength(1);
    expect((await go('DeleteTransitGatewayPrefixListReference', both)).TransitGatewayPrefixListReference.State).toBe('deleting');
    expect((await go('GetTransitGatewayPrefixListReferences', { TransitGatewayRouteTableId })).TransitGatewayPrefixListReferences).toEqual([]);
  });
});
