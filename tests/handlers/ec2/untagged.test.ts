import { beforeAll, describe, expect, it } from 'vitest';
import { call } from '../../laws/samples/index.ts';
import { fogbank, type Fogbank } from '../../support/fogbank.ts';

let fb: Fogbank;
let VpcId: string;
let CustomerGatewayId: string;
let VpnGatewayId: string;
const go = (operation: string, input: Record<string, unknown> = {}) => call(fb, operation, input);

beforeAll(async () => {
  fb = await fogbank();
  VpcId = (await go('CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc.VpcId;
  CustomerGatewayId = (await go('CreateCustomerGateway', { Type: 'ipsec.1', BgpAsn: 65000, PublicIp: '9.8.7.6' })).CustomerGateway.CustomerGatewayId;
  VpnGatewayId = (await go('CreateVpnGateway', { Type: 'ipsec.1' })).VpnGateway.VpnGatewayId;
  await go('CreateInternetGateway');
  await go('CreateTransitGateway');
  await go('CreateDhcpOptions', { DhcpConfigurations: [{ Key: 'domain-name', Values: ['a.example'] }] });
  await go('CreateVpnConnection', { Type: 'ipsec.1', CustomerGatewayId, VpnGatewayId });
  await go('CreateNatGateway', { ConnectivityType: 'private', SubnetId: (await go('CreateSubnet', { VpcId, CidrBlock: '10.0.0.0/24' })).Subnet.SubnetId });
});

/** https://docs.aws.amazon.com/cli/latest/reference/ec2/describe-route-tables.html and its neighbours show the empty lists. */
describe('what has no tags', () => {
  it.each([
    ['DescribeInternetGateways', 'InternetGateways'], ['DescribeRouteTables', 'RouteTables'], ['DescribeNetworkAcls', 'NetworkAcls'],
    ['DescribeDhcpOptions', 'DhcpOptions'], ['DescribeVpnGateways', 'VpnGateways'], ['DescribeCustomerGateways', 'CustomerGateways'], ['DescribeVpnConnections', 'VpnConnections'],
    ['DescribeTransitGateways', 'TransitGateways'], ['DescribeTransitGatewayRouteTables', 'TransitGatewayRouteTables'],
  ])('%s: has an empty list of them', async (operation, list) => {
    const tags = (await go(operation))[list].map((item: { Tags?: unknown }) => item.Tags);
    expect(tags.length).toBeGreaterThan(0);
    expect(tags.every((given: unknown) => Array.isArray(given) && given.length === 0)).toBe(true);
  });

  it.each([['DescribeVpcs', 'Vpcs'], ['DescribeSubnets', 'Subnets'], ['DescribeSecurityGroups', 'SecurityGroups'], ['DescribeNatGateways', 'NatGateways']])('%s: has none', async (operation, list) => {
    expect((await go(operation))[list].every((item: object) => !('Tags' in item && item.Tags !== undefined))).toBe(true);
  });
});
