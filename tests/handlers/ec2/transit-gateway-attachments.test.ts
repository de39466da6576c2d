import { AcceptTransitGatewayPeeringAttachmentCommand, CreateTransitGatewayCommand, DeleteTransitGatewayPeeringAttachmentCommand, DescribeTransitGatewayPeeringAttachmentsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { beforeAll, describe, expect, it } from 'vitest';
import { call } from '../../laws/samples/index.ts';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

let fb: Fogbank;
const go = (operation: string, input: Record<string, unknown> = {}) => call(fb, operation, input);
const refused = async (operation: string, input: Record<string, unknown> = {}) => {
  const { code, message } = await refusal(go(operation, input));
  return `${code}: ${message}`;
};
const gateway = async (Options?: Record<string, unknown>) => (await go('CreateTransitGateway', Options ? { Options } : {})).TransitGateway;

let drawn = 0;
async function network(ipv6 = false): Promise<{ VpcId: string; a: string; a2: string; b: string }> {
  const n = ++drawn;
  const { VpcId } = (await go('CreateVpc', { CidrBlock: `10.${n}.0.0/16`, AmazonProvidedIpv6CidrBlock: ipv6 })).Vpc;
  const block = ipv6 ? (await go('DescribeVpcs', { VpcIds: [VpcId] })).Vpcs[0].Ipv6CidrBlockAssociationSet[0].Ipv6CidrBlock.replace('00::/56', '') : undefined;
  const subnet = async (i: number, zone: string) => (await go('CreateSubnet', { VpcId, CidrBlock: `10.${n}.${i}.0/24`, AvailabilityZone: zone, ...(block ? { Ipv6CidrBlock: `${block}0${i}::/64` } : {}) })).Subnet.SubnetId as string;
  return { VpcId, a: await subnet(1, 'us-east-1a'), a2: await subnet(2, 'us-east-1a'), b: await subnet(3, 'us-east-1b') };
}
const attach = async (TransitGatewayId: string, VpcId: string, SubnetIds: string[], Options?: Record<string, unknown>) => (await go('CreateTransitGatewayVpcAttachment', { TransitGatewayId, VpcId, SubnetIds, ...(Options ? { Options } : {}) })).TransitGatewayVpcAttachment;
const interfacesOf = async (VpcId: string) => (await go('DescribeNetworkInterfaces', { Filters: [{ Name: 'vpc-id', Values: [VpcId] }, { Name: 'interface-type', Values: ['transit_gateway'] }] })).NetworkInterfaces;

beforeAll(async () => {
  fb = await fogbank();
});

describe('VPC attachments', () => {
  it('has its own defaults, an interface in each subnet, the gateway\'s default association and propagation', async () => {
    const { TransitGatewayId, Options } = await gateway();
    const { VpcId, a, b } = await network();
    const made = await attach(TransitGatewayId, VpcId, [a, b]);
    expect(made).toMatchObject({ State: 'pending', VpcOwnerId: '123456789012', SubnetIds: [a, b], Options: { DnsSupport: 'enable', SecurityGroupReferencingSupport: 'enable', Ipv6Support: 'disable', ApplianceModeSupport: 'disable' } });
    const TransitGatewayAttachmentId = made.TransitGatewayAttachmentId;
    const interfaces = await interfacesOf(VpcId);
    expect(interfaces).toHaveLength(2);
    expect(interfaces[0]).toMatchObject({ SubnetId: a, Status: 'in-use', RequesterManaged: true, Description: `Network Interface for Transit Gateway Attachment ${TransitGatewayAttachmentId}` });
    const [general] = (await go('DescribeTransitGatewayAttachments', { TransitGatewayAttachmentIds: [TransitGatewayAttachmentId] })).TransitGatewayAttachments;
    expect(general).toMatchObject({
      State: 'available', ResourceType: 'vpc', ResourceId: VpcId, ResourceOwnerId: '123456789012', TransitGatewayOwnerId: '123456789012', NatGatewaySupport: 'disabled',
      Association: { TransitGatewayRouteTableId: Options.AssociationDefaultRouteTableId, State: 'associated' },
    });
    const byTable = (Values: string[]) => go('DescribeTransitGatewayAttachments', { Filters: [{ Name: 'association.transit-gateway-route-table-id', Values }] });
    expect((await byTable([Options.AssociationDefaultRouteTableId])).TransitGatewayAttachments).toHaveLength(1);
    expect((await byTable(['tgw-rtb-0'])).TransitGatewayAttachments).toEqual([]);
    expect((await go('GetTransitGatewayAttachmentPropagations', { TransitGatewayAttachmentId })).TransitGatewayAttachmentPropagations).toEqual([{ TransitGatewayRouteTableId: Options.PropagationDefaultRouteTableId, State: 'enabled' }]);
  });

  it('CreateTransitGatewayVpcAttachment: refuses subnets of one zone, of another VPC, none, and a second attachment', async () => {
    const { TransitGatewayId } = await gateway();
    const [mine, other] = [await network(), await network()];
    const create = (SubnetIds: string[]) => refused('CreateTransitGatewayVpcAttachment', { TransitGatewayId, VpcId: mine.VpcId, SubnetIds });
    expect(await create([mine.a, mine.a2])).toBe('DuplicateSubnetsInSameZone: Duplicate Subnets for same AZ');
    expect(await create([mine.a, mine.a])).toBe('DuplicateSubnetsInSameZone: Duplicate Subnets for same AZ');
    expect(await create([other.a])).toBe(`InvalidSubnetID.NotFound: Subnet ${other.a} was deleted or does not exist.`);
    expect(await create(['subnet-1'])).toMatch(/^InvalidSubnetID.Malformed/);
    expect(await refused('CreateTransitGatewayVpcAttachment', { TransitGatewayId, VpcId: mine.VpcId, SubnetIds: [mine.a], Options: { Ipv6Support: 'enable' } })).toBe(`InvalidParameterValue: The subnet '${mine.a}' has no IPv6 CIDR block`);
    expect(await interfacesOf(mine.VpcId)).toEqual([]);
    await attach(TransitGatewayId, mine.VpcId, [mine.a]);
    expect(await create([mine.b])).toBe(`DuplicateTransitGatewayAttachment: ${TransitGatewayId} has non-deleted Transit Gateway Attachments with same VPC ID.`);
  });

  it('ModifyTransitGatewayVpcAttachment: moves subnets and gives addresses, and keeps one subnet at least', async () => {
    const { TransitGatewayId } = await gateway();
    const { VpcId, a, a2, b } = await network(true);
    const { TransitGatewayAttachmentId } = await attach(TransitGatewayId, VpcId, [a]);
    expect(await refused('ModifyTransitGatewayVpcAttachment', { TransitGatewayAttachmentId, RemoveSubnetIds: [b] })).toBe(`InvalidSubnetID.NotFound: ${b} is not attached but supplied in RemoveSubnets`);
    expect(await refused('ModifyTransitGatewayVpcAttachment', { TransitGatewayAttachmentId, RemoveSubnetIds: [a] })).toBe('InsufficientSubnetsException: Insufficient Subnets');
    expect(await refused('ModifyTransitGatewayVpcAttachment', { TransitGatewayAttachmentId, AddSubnetIds: [a2] })).toMatch(/^DuplicateSubnetsInSameZone/);
    const { TransitGatewayVpcAttachment } = await go('ModifyTransitGatewayVpcAttachment', { TransitGatewayAttachmentId, AddSubnetIds: [a2, b], RemoveSubnetIds: [a], Options: { Ipv6Support: 'enable', ApplianceModeSupport: 'enable' } });
    expect(TransitGatewayVpcAttachment).toMatchObject({ State: 'modifying', SubnetIds: [a2, b], Options: { Ipv6Support: 'enable', ApplianceModeSupport: 'enable', DnsSupport: 'enable' } });
    expect((await interfacesOf(VpcId)).map((e: { SubnetId: string; Ipv6Addresses: unknown[] }) => [e.SubnetId, e.Ipv6Addresses.length])).toEqual([[a2, 1], [b, 1]]);
    await go('ModifyTransitGatewayVpcAttachment', { TransitGatewayAttachmentId, Options: { Ipv6Support: 'disable' } });
    expect((await interfacesOf(VpcId)).map((e: { Ipv6Addresses: unknown[] }) => e.Ipv6Addresses.length)).toEqual([0, 0]);
  });

  it('keeps gateway, VPC and subnet until it is deleted; then it is described and exists for nobody', async () => {
    const { TransitGatewayId } = await gateway();
    const { VpcId, a } = await network();
    const { TransitGatewayAttachmentId } = await attach(TransitGatewayId, VpcId, [a]);
    expect(await refused('DeleteTransitGateway', { TransitGatewayId })).toBe(`IncorrectState: ${TransitGatewayId} has non-deleted VPC Attachments: ${TransitGatewayAttachmentId}.`);
    expect(await refused('DeleteSubnet', { SubnetId: a })).toMatch(/^DependencyViolation/);
    expect(await refused('DeleteVpc', { VpcId })).toMatch(/^DependencyViolation/);
    expect((await go('DeleteTransitGatewayVpcAttachment', { TransitGatewayAttachmentId })).TransitGatewayVpcAttachment.State).toBe('deleting');
    expect((await go('DescribeTransitGatewayVpcAttachments', { Filters: [{ Name: 'vpc-id', Values: [VpcId] }] })).TransitGatewayVpcAttachments).toMatchObject([{ State: 'deleted' }]);
    expect(await refused('DeleteTransitGatewayVpcAttachment', { TransitGatewayAttachmentId })).toBe(`InvalidTransitGatewayAttachmentID.NotFound: Transit Gateway VPC Attachment ${TransitGatewayAttachmentId} was deleted or does not exist.`);
    expect(await interfacesOf(VpcId)).toEqual([]);
    await attach(TransitGatewayId, VpcId, [a]);
    expect(await refused('DescribeTransitGatewayAttachments', { TransitGatewayAttachmentIds: ['tgw-attach-1'] })).toBe('InvalidTransitGatewayAttachmentID.Malformed: Invalid Transit Gateway Attachment id.');
  });

  it('is not there to be accepted or rejected by its own owner', async () => {
    const { VpcId, a } = await network();
    const { TransitGatewayAttachmentId } = await attach((await gateway()).TransitGatewayId, VpcId, [a]);
    for (const operation of ['AcceptTransitGatewayVpcAttachment', 'RejectTransitGatewayVpcAttachment']) expect(await refused(operation, { TransitGatewayAttachmentId })).toBe(`IncorrectState: ${TransitGatewayAttachmentId} is in invalid state`);
  });
});

describe('routes of a VPC to a gateway', () => {
  it('are accepted only while the VPC is attached, are black holes without, and live again with an attachment', async () => {
    const { TransitGatewayId } = await gateway();
    const { VpcId, a } = await network();
    const { RouteTableId } = (await go('CreateRouteTable', { VpcId })).RouteTable;
    const route = { RouteTableId, DestinationCidrBlock: '10.0.0.0/8', TransitGatewayId };
    expect(await refused('CreateRoute', route)).toBe(`InvalidTransitGatewayID.NotFound: The transitGateway ID '${TransitGatewayId}' does not exist`);
    expect(await refused('CreateRoute', { ...route, TransitGatewayId: 'tgw-1' })).toMatch(/^InvalidTransitGatewayID.Malformed/);
    const { TransitGatewayAttachmentId } = await attach(TransitGatewayId, VpcId, [a]);
    await go('CreateRoute', route);
    const routes = async () => (await go('DescribeRouteTables', { Filters: [{ Name: 'route.transit-gateway-id', Values: [TransitGatewayId] }] })).RouteTables[0].Routes.slice(1);
    expect(await routes()).toMatchObject([{ TransitGatewayId, State: 'active', Origin: 'CreateRoute' }]);
    await go('DeleteTransitGatewayVpcAttachment', { TransitGatewayAttachmentId });
    expect(await routes()).toMatchObject([{ TransitGatewayId, State: 'blackhole' }]);
    await attach(TransitGatewayId, VpcId, [a]);
    expect(await routes()).toMatchObject([{ TransitGatewayId, State: 'active' }]);
  });
});

describe('peering attachments', () => {
  it('across accounts and Regions: both ends see one attachment, the accepter accepts, either end deletes', async () => {
    const { TransitGatewayId } = await gateway();
    const there = new EC2Client(fb.config({ accessKeyId: '999999999999', region: 'eu-west-1' }));
    const PeerTransitGatewayId = (await there.send(new CreateTransitGatewayCommand({}))).TransitGateway!.TransitGatewayId!;
    const peer = { TransitGatewayId, PeerTransitGatewayId, PeerAccountId: '999999999999', PeerRegion: 'eu-west-1' };
    const made = (await go('CreateTransitGatewayPeeringAttachment', { ...peer, TagSpecifications: [{ ResourceType: 'transit-gateway-attachment', Tags: [{ Key: 'k', Value: 'v' }] }] })).TransitGatewayPeeringAttachment;
    const { TransitGatewayAttachmentId } = made;
    const info = { RequesterTgwInfo: { TransitGatewayId, OwnerId: '123456789012', Region: 'us-east-1' }, AccepterTgwInfo: { TransitGatewayId: PeerTransitGatewayId, OwnerId: '999999999999', Region: 'eu-west-1' } };
    expect(made).toMatchObject({ State: 'initiatingRequest', ...info, Options: { DynamicRouting: 'disable' }, Tags: [{ Key: 'k', Value: 'v' }] });
    const far = async () => (await there.send(new DescribeTransitGatewayPeeringAttachmentsCommand({ TransitGatewayAttachmentIds: [TransitGatewayAttachmentId] }))).TransitGatewayPeeringAttachments!;
    const near = async () => (await go('DescribeTransitGatewayPeeringAttachments', { Filters: [{ Name: 'remote-owner-id', Values: ['999999999999'] }] })).TransitGatewayPeeringAttachments;
    expect(await far()).toMatchObject([{ State: 'pendingAcceptance', ...info, Tags: [] }]);
    expect(await near()).toMatchObject([{ State: 'pendingAcceptance', ...info }]);
    expect(await refused('AcceptTransitGatewayPeeringAttachment', { TransitGatewayAttachmentId })).toMatch(/^IncorrectState/);
    expect(await refused('CreateTransitGatewayPeeringAttachment', peer)).toBe(`DuplicateTransitGatewayAttachment: ${TransitGatewayId} has non-deleted Transit Gateway Attachments with same Peer Transit Gateway ID.`);
    const accepted = await there.send(new AcceptTransitGatewayPeeringAttachmentCommand({ TransitGatewayAttachmentId }));
    expect(accepted.TransitGatewayPeeringAttachment!.State).toBe('pending');
    expect([(await far())[0]!.State, (await near())[0].State]).toEqual(['available', 'available']);
    expect(await refused('DeleteTransitGateway', { TransitGatewayId })).toBe(`IncorrectState: ${TransitGatewayId} has non-deleted Transit Gateway Cross Region Peering Attachments: ${TransitGatewayAttachmentId}.`);
    expect((await there.send(new DeleteTransitGatewayPeeringAttachmentCommand({ TransitGatewayAttachmentId }))).TransitGatewayPeeringAttachment!.State).toBe('deleting');
    expect([(await far())[0]!.State, (await near())[0].State]).toEqual(['deleted', 'deleted']);
    await go('DeleteTransitGateway', { TransitGatewayId });
  });

  it('in one account and Region: the accepter has an attachment of its own, which may be rejected', async () => {
    const [one, two] = [await gateway(), await gateway()];
    const made = (await go('CreateTransitGatewayPeeringAttachment', { TransitGatewayId: one.TransitGatewayId, PeerTransitGatewayId: two.TransitGatewayId, PeerAccountId: '123456789012', PeerRegion: 'us-east-1' })).TransitGatewayPeeringAttachment;
    const mine = made.TransitGatewayAttachmentId;
    const theirs = made.AccepterTransitGatewayAttachmentId;
    expect(theirs).toMatch(/^tgw-attach-/);
    expect(theirs).not.toBe(mine);
    expect((await go('RejectTransitGatewayPeeringAttachment', { TransitGatewayAttachmentId: theirs })).TransitGatewayPeeringAttachment.State).toBe('rejecting');
    expect((await go('DescribeTransitGatewayAttachments', { TransitGatewayAttachmentIds: [mine, theirs] })).TransitGatewayAttachments.map((a: { State: string; ResourceId: string }) => [a.State, a.ResourceId])).toEqual([['rejected', two.TransitGatewayId], ['rejected', one.TransitGatewayId]]);
    await go('DeleteTransitGateway', { TransitGatewayId: one.TransitGatewayId });
  });

  it('CreateTransitGatewayPeeringAttachment: refuses a peer that is unknown, in no Region, of no account, or itself', async () => {
    const { TransitGatewayId } = await gateway();
    const create = (over: Record<string, unknown>) => refused('CreateTransitGatewayPeeringAttachment', { TransitGatewayId, PeerTransitGatewayId: 'tgw-00000000000000000', PeerAccountId: '123456789012', PeerRegion: 'us-east-1', ...over });
    // A Region at which nobody has looked yet has no gateways, and stays as it is.
    expect(await create({ PeerRegion: 'ap-south-1' })).toBe('InvalidTransitGatewayID.NotFound: Transit Gateway tgw-00000000000000000 was deleted or does not exist.');
    expect(await create({ PeerRegion: 'moon-1' })).toMatch(/^InvalidParameterValue: Value \(moon-1\) for parameter PeerRegion/);
    expect(await create({ PeerAccountId: 'me' })).toMatch(/^InvalidParameterValue: Value \(me\) for parameter PeerAccountId/);
    expect(await create({ PeerTransitGatewayId: TransitGatewayId })).toMatch(/^InvalidParameterValue/);
  });

  it('an attachment of one type is no attachment of another', async () => {
    const { VpcId, a } = await network();
    const { TransitGatewayAttachmentId } = await attach((await gateway()).TransitGatewayId, VpcId, [a]);
    expect(await refused('DescribeTransitGatewayPeeringAttachments', { TransitGatewayAttachmentIds: [TransitGatewayAttachmentId] })).toBe(`InvalidTransitGatewayAttachmentID.NotFound: Transit Gateway Peering Attachment ${TransitGatewayAttachmentId} was deleted or does not exist.`);
    expect(await refused('DeleteTransitGatewayConnect', { TransitGatewayAttachmentId })).toBe(`InvalidTransitGatewayAttachmentID.NotFound: Transit Gateway Connect ${TransitGatewayAttachmentId} was deleted or does not exist.`);
  });
});

describe('Connect attachments and peers', () => {
  async function tunnel(blocks: string[] = ['10.200.0.0/24']): Promise<{ TransitGatewayId: string; transport: string; TransitGatewayAttachmentId: string }> {
    const { TransitGatewayId } = await gateway({ AmazonSideAsn: 64600, ...(blocks.length > 0 ? { TransitGatewayCidrBlocks: blocks } : {}) });
    const { VpcId, a } = await network();
    const transport = (await attach(TransitGatewayId, VpcId, [a])).TransitGatewayAttachmentId;
    const { TransitGatewayAttachmentId } = (await go('CreateTransitGatewayConnect', { TransportTransitGatewayAttachmentId: transport, Options: { Protocol: 'gre' } })).TransitGatewayConnect;
    return { TransitGatewayId, transport, TransitGatewayAttachmentId };
  }

  it('goes over a VPC attachment, which it keeps', async () => {
    const { TransitGatewayId, transport, TransitGatewayAttachmentId } = await tunnel();
    expect((await go('DescribeTransitGatewayConnects', { Filters: [{ Name: 'transport-transit-gateway-attachment-id', Values: [transport] }, { Name: 'options.protocol', Values: ['gre'] }] })).TransitGatewayConnects).toMatchObject([{ TransitGatewayAttachmentId, TransitGatewayId, State: 'available', TransportTransitGatewayAttachmentId: transport, Options: { Protocol: 'gre' } }]);
    expect(await refused('DeleteTransitGatewayVpcAttachment', { TransitGatewayAttachmentId: transport })).toBe(`IncorrectState: ${transport} has non-deleted Connect Attachments: ${TransitGatewayAttachmentId}.`);
    expect(await refused('ModifyTransitGateway', { TransitGatewayId, Options: { AmazonSideAsn: 64700 } })).toBe(`IncorrectState: ${TransitGatewayId} has non-deleted Connect Attachments: ${TransitGatewayAttachmentId}.`);
    expect(await refused('CreateTransitGatewayConnect', { TransportTransitGatewayAttachmentId: TransitGatewayAttachmentId, Options: { Protocol: 'gre' } })).toMatch(/^InvalidParameterValue/);
  });

  it('a peer has two sessions a block, the first free address of the gateway, and the gateway\'s ASN where it names none', async () => {
    const { TransitGatewayAttachmentId } = await tunnel();
    const peer = (await go('CreateTransitGatewayConnectPeer', { TransitGatewayAttachmentId, PeerAddress: '10.1.1.1', InsideCidrBlocks: ['169.254.6.0/29', 'fd00::/125'] })).TransitGatewayConnectPeer;
    const session = { TransitGatewayAsn: 64600, PeerAsn: 64600, BgpStatus: 'down' };
    expect(peer).toMatchObject({
      State: 'pending',
      ConnectPeerConfiguration: {
        TransitGatewayAddress: '10.200.0.1', PeerAddress: '10.1.1.1', InsideCidrBlocks: ['169.254.6.0/29', 'fd00::/125'], Protocol: 'gre',
        BgpConfigurations: [
          { ...session, PeerAddress: '169.254.6.1', TransitGatewayAddress: '169.254.6.2' }, { ...session, PeerAddress: '169.254.6.1', TransitGatewayAddress: '169.254.6.3' },
          { ...session, PeerAddress: 'fd00::1', TransitGatewayAddress: 'fd00::2' }, { ...session, PeerAddress: 'fd00::1', TransitGatewayAddress: 'fd00::3' },
        ],
      },
    });
    const second = (await go('CreateTransitGatewayConnectPeer', { TransitGatewayAttachmentId, PeerAddress: '10.1.1.2', InsideCidrBlocks: ['169.254.6.8/29'], BgpOptions: { PeerAsn: 65001 } })).TransitGatewayConnectPeer;
    expect(second.ConnectPeerConfiguration).toMatchObject({ TransitGatewayAddress: '10.200.0.2', BgpConfigurations: [{ PeerAsn: 65001 }, { PeerAsn: 65001 }] });
    expect(await refused('DeleteTransitGatewayConnect', { TransitGatewayAttachmentId })).toMatch(/^IncorrectState: .* has non-deleted Connect Peers: /);
    for (const { TransitGatewayConnectPeerId } of [peer, second]) await go('DeleteTransitGatewayConnectPeer', { TransitGatewayConnectPeerId });
    expect((await go('DescribeTransitGatewayConnectPeers', { TransitGatewayConnectPeerIds: [peer.TransitGatewayConnectPeerId] })).TransitGatewayConnectPeers).toMatchObject([{ State: 'deleted' }]);
    expect((await go('DeleteTransitGatewayConnect', { TransitGatewayAttachmentId })).TransitGatewayConnect.State).toBe('deleting');
  });

  it.each([
    [{ InsideCidrBlocks: ['169.254.0.0/29'] }, 'Value (169.254.0.0/29) for parameter InsideCidrBlocks is invalid'],
    [{ InsideCidrBlocks: ['169.254.6.0/28'] }, 'Value (169.254.6.0/28) for parameter InsideCidrBlocks is invalid'],
    [{ InsideCidrBlocks: ['10.0.0.0/29'] }, 'Value (10.0.0.0/29) for parameter InsideCidrBlocks is invalid'],
    [{ InsideCidrBlocks: ['fd00::/125'] }, 'InsideCidrBlocks must hold one IPv4 CIDR block'],
    [{ PeerAddress: 'somewhere' }, 'Value (somewhere) for parameter PeerAddress is invalid'],
    [{ PeerAddress: '2001:db8::1' }, 'The transit gateway has no IPv6 CIDR block.'],
    [{ TransitGatewayAddress: '10.201.0.1' }, 'Value (10.201.0.1) for parameter TransitGatewayAddress is invalid'],
    [{ BgpOptions: { PeerAsn: 0 } }, 'Value (0) for parameter PeerAsn is invalid'],
  ])('CreateTransitGatewayConnectPeer: refuses %j', async (over, message) => {
    const { TransitGatewayAttachmentId } = await tunnel();
    const answer = await refused('CreateTransitGatewayConnectPeer', { TransitGatewayAttachmentId, PeerAddress: '10.1.1.1', InsideCidrBlocks: ['169.254.6.0/29'], ...over });
    expect(answer).toContain(`InvalidParameterValue: ${message}`);
  });

  it('has four peers at most, no block twice, and keeps the CIDR block of its addresses', async () => {
    const { TransitGatewayId, TransitGatewayAttachmentId } = await tunnel();
    const peer = (n: number) => ({ TransitGatewayAttachmentId, PeerAddress: '10.1.1.1', InsideCidrBlocks: [`169.254.6.${8 * n}/29`] });
    for (let n = 0; n < 4; n++) await go('CreateTransitGatewayConnectPeer', peer(n));
    expect(await refused('CreateTransitGatewayConnectPeer', peer(3))).toContain('The CIDR block is used by another Connect peer of the transit gateway.');
    expect(await refused('CreateTransitGatewayConnectPeer', peer(4))).toMatch(/^TransitGatewayConnectPeerLimitExceeded/);
    expect(await refused('ModifyTransitGateway', { TransitGatewayId, Options: { RemoveTransitGatewayCidrBlocks: ['10.200.0.0/24'] } })).toMatch(/^IncorrectState: 10.200.0.0\/24 is used by tgw-connect-peer-/);
  });
});

describe('NAT configurations', () => {
  const rule = { RuleNumber: 1, MatchSourceCidr: '10.0.0.0/24', NatCidr: '100.64.0.0/24' };

  it('is disabled at first, needs rules, and installs system routes where the attachment propagates', async () => {
    const { TransitGatewayId, Options } = await gateway();
    const { VpcId, a } = await network();
    const { TransitGatewayAttachmentId } = await attach(TransitGatewayId, VpcId, [a]);
    const modify = (input: Record<string, unknown>) => go('ModifyTransitGatewayAttachmentNatConfiguration', { TransitGatewayAttachmentId, ...input });
    const get = () => go('GetTransitGatewayAttachmentNatConfiguration', { TransitGatewayAttachmentId });
    const system = async () => (await go('SearchTransitGatewayRoutes', { TransitGatewayRouteTableId: Options.PropagationDefaultRouteTableId, Filters: [{ Name: 'type', Values: ['system'] }] })).Routes;
    expect(await get()).toMatchObject({ NatGatewaySupport: 'disabled', NatSystemRouteSupport: 'enable', NatGatewayRules: [] });
    expect(await refused('ModifyTransitGatewayAttachmentNatConfiguration', { TransitGatewayAttachmentId, NatGatewaySupport: 'enable' })).toMatch(/^InvalidParameterCombination/);
    expect(await modify({ NatGatewaySupport: 'enable', NatGatewayRules: [rule] })).toMatchObject({ NatGatewaySupport: 'enabling', NatGatewayRules: [{ ...rule, State: 'pending' }] });
    expect(await get()).toMatchObject({ NatGatewaySupport: 'enabled', NatGatewayRules: [{ ...rule, State: 'activated' }] });
    expect(await system()).toMatchObject([{ DestinationCidrBlock: '100.64.0.0/24', State: 'active', TransitGatewayAttachments: [{ ResourceId: VpcId }] }]);
    expect((await go('DescribeTransitGatewayAttachments', { TransitGatewayAttachmentIds: [TransitGatewayAttachmentId] })).TransitGatewayAttachments[0].NatGatewaySupport).toBe('enabled');
    expect(await refused('ModifyTransitGatewayAttachmentNatConfiguration', { TransitGatewayAttachmentId, ResetNatGatewayRules: true })).toMatch(/^InvalidParameterCombination/);
    expect(await modify({ NatGatewaySupport: 'disable', ResetNatGatewayRules: true })).toMatchObject({ NatGatewaySupport: 'disabling', NatGatewayRules: [] });
    expect(await get()).toMatchObject({ NatGatewaySupport: 'disabled' });
    expect(await system()).toEqual([]);
    expect(await modify({ NatGatewayRules: [rule] })).toMatchObject({ NatGatewaySupport: 'disabled', NatGatewayRules: [{ State: 'deactivated' }] });
  });

  it.each([
    [[{ ...rule, RuleNumber: 0 }], 'Value (0) for parameter RuleNumber'],
    [[{ ...rule, MatchSourceCidr: '224.0.0.0/24' }], 'Value (224.0.0.0/24) for parameter MatchSourceCidr'],
    [[{ ...rule, NatCidr: '8.8.8.0/24' }], 'Value (8.8.8.0/24) for parameter NatCidr'],
    [[{ ...rule, NatCidr: '100.64.0.0/25' }], 'same prefix length'],
    [[rule, { ...rule, MatchSourceCidr: '10.0.1.0/24', NatCidr: '100.64.1.0/24' }], 'Each rule number must be unique'],
    [[rule, { ...rule, RuleNumber: 2, MatchSourceCidr: '10.0.1.0/24' }], 'overlaps with that of another rule'],
  ])('refuses the rules %j', async (NatGatewayRules, message) => {
    const { VpcId, a } = await network();
    const { TransitGatewayAttachmentId } = await attach((await gateway()).TransitGatewayId, VpcId, [a]);
    expect(await refused('ModifyTransitGatewayAttachmentNatConfiguration', { TransitGatewayAttachmentId, NatGatewayRules })).toContain(message);
    expect((await go('GetTransitGatewayAttachmentNatConfiguration', { TransitGatewayAttachmentId })).NatGatewayRules).toEqual([]);
  });
});

it('an attachment that is pending cannot be routed to, nor changed; one that is going keeps its subnet until it is gone', async () => {
  const slow = await fogbank({ pace: 'realistic' });
  slow.machine.clock.hold();
  const send = (operation: string, input: Record<string, unknown>) => call(slow, operation, input);
  const wait = (seconds: number) => slow.machine.clock.advance(seconds * 1000);
  const { TransitGatewayId } = (await send('CreateTransitGateway', {})).TransitGateway;
  const { VpcId } = (await send('CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc;
  const { SubnetId } = (await send('CreateSubnet', { VpcId, CidrBlock: '10.0.0.0/24' })).Subnet;
  wait(90);
  const { TransitGatewayAttachmentId } = (await send('CreateTransitGatewayVpcAttachment', { TransitGatewayId, VpcId, SubnetIds: [SubnetId] })).TransitGatewayVpcAttachment;
  const table = (await send('DescribeRouteTables', { Filters: [{ Name: 'vpc-id', Values: [VpcId] }] })).RouteTables[0].RouteTableId;
  const route = () => send('CreateRoute', { RouteTableId: table, DestinationCidrBlock: '10.0.0.0/8', TransitGatewayId });
  expect((await refusal(route())).code).toBe('InvalidTransitGatewayID.NotFound');
  expect(await refusal(send('ModifyTransitGatewayVpcAttachment', { TransitGatewayAttachmentId, Options: { DnsSupport: 'disable' } }))).toMatchObject({ code: 'IncorrectState', message: `${TransitGatewayAttachmentId} is in invalid state` });
  wait(60);
  await route();
  await send('DeleteTransitGatewayVpcAttachment', { TransitGatewayAttachmentId });
  expect((await refusal(send('DeleteSubnet', { SubnetId }))).code).toBe('DependencyViolation');
  wait(60);
  await send('DeleteSubnet', { SubnetId });
  expect((await send('DescribeRouteTables', { RouteTableIds: [table] })).RouteTables[0].Routes[1].State).toBe('blackhole');
});
