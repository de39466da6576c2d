import { beforeAll, describe, expect, it } from 'vitest';
import { call } from '../../laws/samples/index.ts';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

let fb: Fogbank;
const go = (operation: string, input: Record<string, unknown> = {}) => call(fb, operation, input);
const refused = (operation: string, input: Record<string, unknown> = {}) => refusal(go(operation, input));

async function net(): Promise<{ VpcId: string; RouteTableId: string }> {
  const { VpcId } = (await go('CreateVpc', { CidrBlock: '10.0.0.0/16', AmazonProvidedIpv6CidrBlock: true })).Vpc;
  return { VpcId, RouteTableId: (await go('CreateRouteTable', { VpcId })).RouteTable.RouteTableId };
}

const stateOf = async (RouteTableId: string, member: string): Promise<string> => (await go('DescribeRouteTables', { RouteTableIds: [RouteTableId] })).RouteTables[0].Routes.find((r: Record<string, unknown>) => r[member])?.State;

beforeAll(async () => {
  fb = await fogbank();
});

describe('egress-only internet gateways', () => {
  it('carry IPv6 alone, one a VPC, and leave black holes', async () => {
    const { VpcId, RouteTableId } = await net();
    const { EgressOnlyInternetGatewayId } = (await go('CreateEgressOnlyInternetGateway', { VpcId })).EgressOnlyInternetGateway;
    expect((await refused('CreateEgressOnlyInternetGateway', { VpcId })).message).toBe(`Network ${VpcId} already has an egress-only internet gateway attached`);
    await go('CreateRoute', { RouteTableId, DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId });
    expect((await refused('CreateRoute', { RouteTableId, DestinationCidrBlock: '0.0.0.0/0', EgressOnlyInternetGatewayId })).code).toBe('InvalidParameterValue');
    const other = await net();
    expect((await refused('CreateRoute', { RouteTableId: other.RouteTableId, DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId })).message).toBe(`route table and egress-only internet gateway ${EgressOnlyInternetGatewayId} belong to different networks`);
    expect((await refused('DeleteVpc', { VpcId })).code).toBe('DependencyViolation');
    expect(await go('DeleteEgressOnlyInternetGateway', { EgressOnlyInternetGatewayId })).toMatchObject({ ReturnCode: true });
    expect(await stateOf(RouteTableId, 'EgressOnlyInternetGatewayId')).toBe('blackhole');
    expect(await refused('DeleteEgressOnlyInternetGateway', { EgressOnlyInternetGatewayId })).toMatchObject({ code: 'InvalidGatewayID.NotFound', message: `The eigw ID '${EgressOnlyInternetGatewayId}' does not exist` });
  });

  it('are made once for a client token', async () => {
    const { VpcId } = await net();
    const first = await go('CreateEgressOnlyInternetGateway', { VpcId, ClientToken: 'again' });
    expect(first.ClientToken).toBe('again');
    expect((await go('CreateEgressOnlyInternetGateway', { VpcId, ClientToken: 'again' })).EgressOnlyInternetGateway).toEqual(first.EgressOnlyInternetGateway);
  });
});

describe('carrier gateways', () => {
  it('are routed to, and leave black holes', async () => {
    const { VpcId, RouteTableId } = await net();
    const { CarrierGatewayId, State } = (await go('CreateCarrierGateway', { VpcId })).CarrierGateway;
    expect(State).toBe('pending');
    await go('CreateRoute', { RouteTableId, DestinationCidrBlock: '0.0.0.0/0', CarrierGatewayId });
    expect(await stateOf(RouteTableId, 'CarrierGatewayId')).toBe('active');
    expect((await refused('CreateCarrierGateway', { VpcId })).code).toBe('InvalidParameterValue');
    expect((await go('DeleteCarrierGateway', { CarrierGatewayId })).CarrierGateway.State).toBe('deleting');
    expect(await stateOf(RouteTableId, 'CarrierGatewayId')).toBe('blackhole');
    expect((await refused('CreateRoute', { RouteTableId, DestinationCidrBlock: '10.9.0.0/16', CarrierGatewayId })).code).toBe('InvalidCarrierGatewayID.NotFound');
  });
});

describe('NAT gateways with several addresses', () => {
  const one = async (id: string) => (await go('DescribeNatGateways', { NatGatewayIds: [id] })).NatGateways[0];
  const elastic = async (): Promise<string> => (await go('AllocateAddress', { Domain: 'vpc' })).AllocationId;
  let SubnetId: string;
  beforeAll(async () => {
    const { VpcId } = await net();
    SubnetId = (await go('CreateSubnet', { VpcId, CidrBlock: '10.0.0.0/24' })).Subnet.SubnetId;
    const { InternetGatewayId } = (await go('CreateInternetGateway')).InternetGateway;
    await go('AttachInternetGateway', { VpcId, InternetGatewayId });
  });

  it('public ones tie an Elastic IP to each, and give it back', async () => {
    const [first, second, third] = [await elastic(), await elastic(), await elastic()];
    const { NatGatewayId } = (await go('CreateNatGateway', { SubnetId, AllocationId: first, SecondaryAllocationIds: [second], SecondaryPrivateIpAddresses: ['10.0.0.50'] })).NatGateway;
    expect((await one(NatGatewayId)).NatGatewayAddresses).toMatchObject([{ AllocationId: first, IsPrimary: true }, { AllocationId: second, PrivateIp: '10.0.0.50', IsPrimary: false, Status: 'succeeded' }]);
    expect((await refused('AssociateNatGatewayAddress', { NatGatewayId, AllocationIds: [second] })).code).toBe('Resource.AlreadyAssociated');
    const added = await go('AssociateNatGatewayAddress', { NatGatewayId, AllocationIds: [third] });
    expect(added.NatGatewayAddresses).toMatchObject([{ AllocationId: third, Status: 'associating' }]);
    const [, , held] = (await one(NatGatewayId)).NatGatewayAddresses;
    expect((await go('DescribeAddresses', { AllocationIds: [third] })).Addresses[0]).toMatchObject({ AssociationId: held.AssociationId, PrivateIpAddress: held.PrivateIp });
    expect((await go('DisassociateNatGatewayAddress', { NatGatewayId, AssociationIds: [held.AssociationId] })).NatGatewayAddresses).toMatchObject([{ Status: 'disassociating' }]);
    expect((await one(NatGatewayId)).NatGatewayAddresses).toHaveLength(2);
    await go('ReleaseAddress', { AllocationId: third });
    const [primary] = (await one(NatGatewayId)).NatGatewayAddresses;
    expect((await refused('DisassociateNatGatewayAddress', { NatGatewayId, AssociationIds: [primary.AssociationId] })).code).toBe('InvalidParameter');
    expect((await refused('AssignPrivateNatGatewayAddress', { NatGatewayId, PrivateIpAddressCount: 1 })).message).toBe(`The NAT gateway ${NatGatewayId} is not a private one.`);
    await go('DeleteNatGateway', { NatGatewayId });
    await one(NatGatewayId);
    await go('ReleaseAddress', { AllocationId: second });
  });

  it('private ones take private addresses, within the limit', async () => {
    const before = (await go('DescribeSubnets', { SubnetIds: [SubnetId] })).Subnets[0].AvailableIpAddressCount;
    const { NatGatewayId } = (await go('CreateNatGateway', { SubnetId, ConnectivityType: 'private', SecondaryPrivateIpAddressCount: 2 })).NatGateway;
    expect((await one(NatGatewayId)).NatGatewayAddresses).toHaveLength(3);
    await go('AssignPrivateNatGatewayAddress', { NatGatewayId, PrivateIpAddresses: ['10.0.0.99'] });
    expect((await refused('AssignPrivateNatGatewayAddress', { NatGatewayId, PrivateIpAddressCount: 5 })).code).toBe('NatGatewayAddressLimitExceeded');
    expect((await refused('AssignPrivateNatGatewayAddress', { NatGatewayId, PrivateIpAddresses: ['10.0.0.99'] })).code).toBe('InvalidIPAddress.InUse');
    await go('UnassignPrivateNatGatewayAddress', { NatGatewayId, PrivateIpAddresses: ['10.0.0.99'] });
    expect((await refused('UnassignPrivateNatGatewayAddress', { NatGatewayId, PrivateIpAddresses: ['10.0.0.99'] })).code).toBe('InvalidParameterValue');
    expect((await go('DescribeSubnets', { SubnetIds: [SubnetId] })).Subnets[0].AvailableIpAddressCount).toBe(before - 3);
  });

  it.each<[Record<string, unknown>, string]>([
    [{ ConnectivityType: 'private', SecondaryAllocationIds: ['eipalloc-00000000'] }, 'InvalidParameter'], [{ ConnectivityType: 'private', SecondaryPrivateIpAddresses: ['10.0.0.9'], SecondaryPrivateIpAddressCount: 1 }, 'InvalidParameterCombination'],
    [{ SecondaryPrivateIpAddressCount: 1 }, 'InvalidParameter'], [{ SecondaryPrivateIpAddresses: ['10.0.0.9'] }, 'InvalidParameterCombination'],
  ])('CreateNatGateway: refuses %o', async (input, code) => {
    const AllocationId = input.ConnectivityType === 'private' ? undefined : await elastic();
    expect((await refused('CreateNatGateway', { SubnetId, AllocationId, ...input })).code).toBe(code);
  });
});
