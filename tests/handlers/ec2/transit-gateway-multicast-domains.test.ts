import { beforeAll, describe, expect, it } from 'vitest';
import { call } from '../../laws/samples/index.ts';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

let fb: Fogbank;
const go = (operation: string, input: Record<string, unknown> = {}) => call(fb, operation, input);
const refused = async (operation: string, input: Record<string, unknown> = {}) => {
  const { code, message } = await refusal(go(operation, input));
  return `${code}: ${message}`;
};

interface Place {
  readonly TransitGatewayId: string;
  readonly VpcId: string;
  readonly SubnetId: string;
  readonly TransitGatewayAttachmentId: string;
}

async function place(): Promise<Place> {
  const { TransitGatewayId } = (await go('CreateTransitGateway', { Options: { MulticastSupport: 'enable' } })).TransitGateway;
  const { VpcId } = (await go('CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc;
  const { SubnetId } = (await go('CreateSubnet', { VpcId, CidrBlock: '10.0.0.0/24' })).Subnet;
  const { TransitGatewayAttachmentId } = (await go('CreateTransitGatewayVpcAttachment', { TransitGatewayId, VpcId, SubnetIds: [SubnetId] })).TransitGatewayVpcAttachment;
  return { TransitGatewayId, VpcId, SubnetId, TransitGatewayAttachmentId };
}
const domain = async (TransitGatewayId: string, Options?: Record<string, unknown>) => (await go('CreateTransitGatewayMulticastDomain', { TransitGatewayId, ...(Options ? { Options } : {}) })).TransitGatewayMulticastDomain.TransitGatewayMulticastDomainId as string;
const eni = async (SubnetId: string) => (await go('CreateNetworkInterface', { SubnetId })).NetworkInterface.NetworkInterfaceId as string;

beforeAll(async () => {
  fb = await fogbank();
});

describe('domains', () => {
  it('have an ARN and their options, and need a gateway with multicast', async () => {
    const { TransitGatewayId } = await place();
    const made = (await go('CreateTransitGatewayMulticastDomain', { TransitGatewayId, Options: { Igmpv2Support: 'enable' } })).TransitGatewayMulticastDomain;
    expect(made).toMatchObject({
      State: 'pending', OwnerId: '123456789012', TransitGatewayMulticastDomainArn: `arn:aws:ec2:us-east-1:123456789012:transit-gateway-multicast-domain/${made.TransitGatewayMulticastDomainId}`,
      Options: { Igmpv2Support: 'enable', StaticSourcesSupport: 'disable', AutoAcceptSharedAssociations: 'disable' },
    });
    const plain = (await go('CreateTransitGateway', {})).TransitGateway.TransitGatewayId;
    expect(await refused('CreateTransitGatewayMulticastDomain', { TransitGatewayId: plain })).toBe(`UnsupportedOperation: Multicast support is not enabled for ${plain}.`);
  });
});

describe('associations', () => {
  it('a subnet is in one domain, which it keeps, as the association keeps the subnet', async () => {
    const { TransitGatewayId, VpcId, SubnetId, TransitGatewayAttachmentId } = await place();
    const [TransitGatewayMulticastDomainId, other] = [await domain(TransitGatewayId), await domain(TransitGatewayId)];
    const named = { TransitGatewayMulticastDomainId, TransitGatewayAttachmentId, SubnetIds: [SubnetId] };
    const resource = { TransitGatewayAttachmentId, ResourceId: VpcId, ResourceType: 'vpc', ResourceOwnerId: '123456789012' };
    expect((await go('AssociateTransitGatewayMulticastDomain', named)).Associations).toEqual({ TransitGatewayMulticastDomainId, ...resource, Subnets: [{ SubnetId, State: 'associating' }] });
    expect(await refused('AssociateTransitGatewayMulticastDomain', { ...named, TransitGatewayMulticastDomainId: other })).toBe(`Resource.AlreadyAssociated: Subnet ${SubnetId} is already associated to a multicast domain.`);
    const list = async (Name: string, Value: string) => (await go('GetTransitGatewayMulticastDomainAssociations', { TransitGatewayMulticastDomainId, Filters: [{ Name, Values: [Value] }] })).MulticastDomainAssociations;
    expect(await list('subnet-id', SubnetId)).toEqual([{ ...resource, Subnet: { SubnetId, State: 'associated' } }]);
    expect(await list('state', 'disassociating')).toEqual([]);
    expect(await refused('DeleteTransitGatewayMulticastDomain', { TransitGatewayMulticastDomainId })).toBe(`IncorrectState: ${TransitGatewayMulticastDomainId} has non-deleted Multicast Domain Associations: ${SubnetId}.`);
    for (const operation of ['AcceptTransitGatewayMulticastDomainAssociations', 'RejectTransitGatewayMulticastDomainAssociations']) {
      expect(await refused(operation, named)).toBe(`IncorrectState: ${SubnetId} is in invalid state`);
      expect(await refused(operation, { TransitGatewayAttachmentId, SubnetIds: [SubnetId] })).toBe('MissingParameter: The request must contain the parameter TransitGatewayMulticastDomainId');
    }
    expect(await refused('DisassociateTransitGatewayMulticastDomain', { ...named, TransitGatewayMulticastDomainId: other })).toBe(`InvalidTransitGatewayMulticastDomainAssociation.NotFound: Subnet ${SubnetId} is not associated with Transit Gateway Multicast Domain ${other}.`);
    expect((await go('DisassociateTransitGatewayMulticastDomain', named)).Associations.Subnets).toEqual([{ SubnetId, State: 'disassociating' }]);
    expect((await go('DeleteTransitGatewayMulticastDomain', { TransitGatewayMulticastDomainId })).TransitGatewayMulticastDomain.State).toBe('deleting');
    expect(await refused('DeleteTransitGatewayMulticastDomain', { TransitGatewayMulticastDomainId })).toMatch(/^InvalidTransitGatewayMulticastDomainId.NotFound/);
  });

  it('AssociateTransitGatewayMulticastDomain: refuses a subnet of another VPC and an attachment of another gateway', async () => {
    const [mine, other] = [await place(), await place()];
    const TransitGatewayMulticastDomainId = await domain(mine.TransitGatewayId);
    const associate = (over: Partial<Place> & { SubnetIds?: string[] }) => refused('AssociateTransitGatewayMulticastDomain', { TransitGatewayMulticastDomainId, TransitGatewayAttachmentId: mine.TransitGatewayAttachmentId, SubnetIds: [mine.SubnetId], ...over });
    expect(await associate({ SubnetIds: [mine.SubnetId, other.SubnetId] })).toBe(`InvalidSubnetID.NotFound: Subnet ${other.SubnetId} was deleted or does not exist.`);
    expect(await associate({ TransitGatewayAttachmentId: other.TransitGatewayAttachmentId })).toMatch(/^InvalidTransitGatewayAttachmentID.NotFound/);
    expect((await go('GetTransitGatewayMulticastDomainAssociations', { TransitGatewayMulticastDomainId })).MulticastDomainAssociations).toEqual([]);
  });
});

describe('groups', () => {
  let at: Place;
  let TransitGatewayMulticastDomainId: string;
  beforeAll(async () => {
    at = await place();
    TransitGatewayMulticastDomainId = await domain(at.TransitGatewayId, { StaticSourcesSupport: 'enable' });
    await go('AssociateTransitGatewayMulticastDomain', { TransitGatewayMulticastDomainId, TransitGatewayAttachmentId: at.TransitGatewayAttachmentId, SubnetIds: [at.SubnetId] });
  });
  const search = async (...filters: [string, string][]) => (await go('SearchTransitGatewayMulticastGroups', { TransitGatewayMulticastDomainId, Filters: filters.map(([Name, Value]) => ({ Name, Values: [Value] })) })).MulticastGroups;
  const group = (GroupIpAddress: string, ...NetworkInterfaceIds: string[]) => ({ TransitGatewayMulticastDomainId, GroupIpAddress, NetworkInterfaceIds });

  it('members and sources are registered, found, and deregistered', async () => {
    const [one, two] = [await eni(at.SubnetId), await eni(at.SubnetId)];
    expect((await go('RegisterTransitGatewayMulticastGroupMembers', group('224.0.0.1', one, two))).RegisteredMulticastGroupMembers).toEqual({ TransitGatewayMulticastDomainId, GroupIpAddress: '224.0.0.1', RegisteredNetworkInterfaceIds: [one, two] });
    expect((await go('RegisterTransitGatewayMulticastGroupSources', group('224.0.0.1', one))).RegisteredMulticastGroupSources).toEqual({ TransitGatewayMulticastDomainId, GroupIpAddress: '224.0.0.1', RegisteredNetworkInterfaceIds: [one] });
    await go('RegisterTransitGatewayMulticastGroupMembers', group('ff05::1', one));
    await go('RegisterTransitGatewayMulticastGroupMembers', group('224.0.0.1', one));
    const resource = { TransitGatewayAttachmentId: at.TransitGatewayAttachmentId, SubnetId: at.SubnetId, ResourceId: at.VpcId, ResourceType: 'vpc', ResourceOwnerId: '123456789012' };
    expect(await search(['is-group-source', 'true'])).toEqual([{ ...resource, GroupIpAddress: '224.0.0.1', NetworkInterfaceId: one, GroupMember: false, GroupSource: true, SourceType: 'static' }]);
    expect((await search(['group-ip-address', '224.0.0.1'], ['is-group-member', 'true'], ['member-type', 'static'])).map((g: { NetworkInterfaceId: string }) => g.NetworkInterfaceId)).toEqual([one, two]);
    expect(await refused('DeregisterTransitGatewayMulticastGroupSources', group('224.0.0.1', two))).toMatch(/^TransitGatewayMulticastGroupSource.NotFound/);
    expect((await go('DeregisterTransitGatewayMulticastGroupSources', group('224.0.0.1', one))).DeregisteredMulticastGroupSources.DeregisteredNetworkInterfaceIds).toEqual([one]);
    expect((await go('DeregisterTransitGatewayMulticastGroupMembers', { TransitGatewayMulticastDomainId, GroupIpAddress: '224.0.0.1' })).DeregisteredMulticastGroupMembers.DeregisteredNetworkInterfaceIds).toEqual([one, two]);
    expect(await search(['is-group-member', 'true'])).toMatchObject([{ GroupIpAddress: 'ff05::1' }]);
    await go('DeleteNetworkInterface', { NetworkInterfaceId: one });
    expect(await search(['is-group-member', 'true'])).toEqual([]);
    expect(await refused('DeregisterTransitGatewayMulticastGroupMembers', { TransitGatewayMulticastDomainId })).toMatch(/^TransitGatewayMulticastGroupMember.NotFound/);
  });

  it.each([['10.0.0.1'], ['nonsense'], ['2001:db8::1']])('RegisterTransitGatewayMulticastGroupMembers: refuses the group %s', async (GroupIpAddress) => {
    expect(await refused('RegisterTransitGatewayMulticastGroupMembers', group(GroupIpAddress, await eni(at.SubnetId)))).toBe(`InvalidParameterValue: Value (${GroupIpAddress}) for parameter GroupIpAddress is invalid. This is not a valid multicast IP address.`);
  });

  it('refuses interfaces outside the domain, no group, and sources of a domain without static ones', async () => {
    const { SubnetId } = (await go('CreateSubnet', { VpcId: at.VpcId, CidrBlock: '10.0.9.0/24' })).Subnet;
    expect(await refused('RegisterTransitGatewayMulticastGroupMembers', group('224.0.0.1', await eni(at.SubnetId), await eni(SubnetId)))).toBe(`InvalidTransitGatewayMulticastDomainAssociation.NotFound: Subnet ${SubnetId} is not associated with Transit Gateway Multicast Domain ${TransitGatewayMulticastDomainId}.`);
    expect(await refused('RegisterTransitGatewayMulticastGroupMembers', group('224.0.0.1', 'eni-00000000000000000'))).toMatch(/^InvalidNetworkInterfaceID.NotFound/);
    expect(await refused('RegisterTransitGatewayMulticastGroupMembers', { TransitGatewayMulticastDomainId, NetworkInterfaceIds: [await eni(at.SubnetId)] })).toMatch(/^MissingParameter/);
    expect(await refused('RegisterTransitGatewayMulticastGroupSources', { ...group('224.0.0.1', await eni(at.SubnetId)), TransitGatewayMulticastDomainId: await domain(at.TransitGatewayId) })).toMatch(/^UnsupportedOperation: Static sources support is not enabled/);
    expect(await search()).toEqual([]);
  });

  it('go with the association of their subnet, and the association with the attachment', async () => {
    await go('RegisterTransitGatewayMulticastGroupMembers', group('224.0.0.1', await eni(at.SubnetId)));
    expect(await search()).toHaveLength(1);
    await go('DeleteTransitGatewayVpcAttachment', { TransitGatewayAttachmentId: at.TransitGatewayAttachmentId });
    expect(await search()).toEqual([]);
    expect((await go('GetTransitGatewayMulticastDomainAssociations', { TransitGatewayMulticastDomainId })).MulticastDomainAssociations).toEqual([]);
  });
});
