import { beforeAll, describe, expect, it } from 'vitest';
import { call } from '../../laws/samples/index.ts';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

let fb: Fogbank;
const go = (operation: string, input: Record<string, unknown> = {}) => call(fb, operation, input);
const refused = (operation: string, input: Record<string, unknown> = {}) => refusal(go(operation, input));

const S3 = 'com.amazonaws.us-east-1.s3';
const SSM = 'com.amazonaws.us-east-1.ssm';

interface Net {
  readonly VpcId: string;
  readonly a: string;
  readonly b: string;
}

async function net(dns = true): Promise<Net> {
  const { VpcId } = (await go('CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc;
  if (dns) await go('ModifyVpcAttribute', { VpcId, EnableDnsHostnames: { Value: true } });
  const subnet = async (n: number, zone: string): Promise<string> => (await go('CreateSubnet', { VpcId, CidrBlock: `10.0.${n}.0/24`, AvailabilityZone: `us-east-1${zone}` })).Subnet.SubnetId;
  return { VpcId, a: await subnet(1, 'a'), b: await subnet(2, 'b') };
}

const create = async (input: Record<string, unknown>) => (await go('CreateVpcEndpoint', input)).VpcEndpoint;
const one = async (id: string) => (await go('DescribeVpcEndpoints', { VpcEndpointIds: [id] })).VpcEndpoints[0];
const enis = async (ids: string[]) => (await go('DescribeNetworkInterfaces', { NetworkInterfaceIds: ids })).NetworkInterfaces;
const routes = async (id: string) => (await go('DescribeRouteTables', { RouteTableIds: [id] })).RouteTables[0].Routes;

beforeAll(async () => {
  fb = await fogbank();
});

describe('services', () => {
  it('are AWS’s own, S3 with gateways and with interfaces', async () => {
    const { ServiceNames, ServiceDetails } = await go('DescribeVpcEndpointServices', { ServiceNames: [S3] });
    expect(ServiceNames).toEqual([S3]);
    expect(ServiceDetails.map((s: { ServiceType: { ServiceType: string }[] }) => s.ServiceType[0]!.ServiceType).sort()).toEqual(['Gateway', 'Interface']);
    const [ssm] = (await go('DescribeVpcEndpointServices', { Filters: [{ Name: 'service-name', Values: [SSM] }, { Name: 'service-type', Values: ['Interface'] }] })).ServiceDetails;
    expect(ssm).toMatchObject({ Owner: 'amazon', PrivateDnsName: 'ssm.us-east-1.amazonaws.com', BaseEndpointDnsNames: ['ssm.us-east-1.vpce.amazonaws.com'], AcceptanceRequired: false, VpcEndpointPolicySupported: true });
    expect(ssm.AvailabilityZones).toContain('us-east-1a');
    expect(await refused('DescribeVpcEndpointServices', { ServiceNames: ['com.amazonaws.us-east-1.nope'] })).toMatchObject({ code: 'InvalidServiceName', message: "The Vpc Endpoint Service 'com.amazonaws.us-east-1.nope' does not exist" });
  });

  it('come in pages', async () => {
    const first = await go('DescribeVpcEndpointServices', { MaxResults: 10 });
    expect(first.ServiceDetails).toHaveLength(10);
    const second = await go('DescribeVpcEndpointServices', { MaxResults: 10, NextToken: first.NextToken });
    expect(second.ServiceDetails[0].ServiceId).not.toBe(first.ServiceDetails[0].ServiceId);
  });
});

describe('gateway endpoints', () => {
  it('put a route into each table, and take it away', async () => {
    const { VpcId } = await net();
    const tables: string[] = [];
    for (let i = 0; i < 2; i++) tables.push((await go('CreateRouteTable', { VpcId })).RouteTable.RouteTableId);
    const endpoint = await create({ VpcId, ServiceName: S3, RouteTableIds: [tables[0]] });
    expect(endpoint).toMatchObject({ VpcEndpointType: 'Gateway', State: 'available', RouteTableIds: [tables[0]], PrivateDnsEnabled: false, OwnerId: '123456789012' });
    expect(JSON.parse(endpoint.PolicyDocument).Statement).toEqual([{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }]);
    const route = { DestinationPrefixListId: 'pl-63a5400a', GatewayId: endpoint.VpcEndpointId, State: 'active', Origin: 'CreateRoute' };
    expect(await routes(tables[0]!)).toContainEqual(route);
    expect(await refused('CreateVpcEndpoint', { VpcId, ServiceName: S3, RouteTableIds: [tables[0]] })).toMatchObject({ code: 'RouteAlreadyExists', message: `route table ${tables[0]} already has a route with destination-prefix-list-id pl-63a5400a` });
    expect((await refused('DeleteRoute', { RouteTableId: tables[0], DestinationPrefixListId: 'pl-63a5400a' })).code).toBe('InvalidParameterValue');
    await go('ModifyVpcEndpoint', { VpcEndpointId: endpoint.VpcEndpointId, AddRouteTableIds: [tables[1]], RemoveRouteTableIds: [tables[0]] });
    expect(await routes(tables[0]!)).not.toContainEqual(route);
    expect(await routes(tables[1]!)).toContainEqual(route);
    await go('DeleteRouteTable', { RouteTableId: tables[1] });
    expect((await one(endpoint.VpcEndpointId)).RouteTableIds).toEqual([]);
    expect((await refused('DeleteVpc', { VpcId })).code).toBe('DependencyViolation');
    expect((await go('DeleteVpcEndpoints', { VpcEndpointIds: [endpoint.VpcEndpointId, 'vpce-00000000000000000'] })).Unsuccessful)
      .toEqual([{ ResourceId: 'vpce-00000000000000000', Error: { Code: 'InvalidVpcEndpoint.NotFound', Message: "The Vpc Endpoint Id 'vpce-00000000000000000' does not exist" } }]);
    await go('DescribeVpcEndpoints');
    expect((await refused('DescribeVpcEndpoints', { VpcEndpointIds: [endpoint.VpcEndpointId] })).code).toBe('InvalidVpcEndpointId.NotFound');
  });

  it.each([
    [{ ServiceName: SSM }, 'InvalidParameter', 'Endpoint type (Gateway) does not match available service types ([Interface]).'],
    [{ ServiceName: S3, SecurityGroupIds: ['sg-00000000'] }, 'InvalidParameter', 'The parameter SecurityGroupIds is not supported for endpoints of type Gateway.'],
    [{ ServiceName: S3, PrivateDnsEnabled: true }, 'InvalidParameter', 'The parameter PrivateDnsEnabled is not supported for endpoints of type Gateway.'],
    [{ ServiceName: S3, PolicyDocument: '{' }, 'InvalidPolicyDocument', 'The specified policy document is not a valid JSON policy document.'],
    [{ ServiceName: S3, RouteTableIds: ['rtb-00000000'] }, 'InvalidRouteTableID.NotFound', "The routeTable ID 'rtb-00000000' does not exist"],
    [{}, 'MissingParameter', 'The request must contain the parameter serviceName'],
  ])('CreateVpcEndpoint: refuses %o', async (input, code, message) => {
    const { VpcId } = (await go('CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc;
    expect(await refused('CreateVpcEndpoint', { VpcId, ...input })).toMatchObject({ code, message });
  });
});

describe('interface endpoints', () => {
  it('keep their interfaces: nobody else detaches one', async () => {
    const { VpcId, a } = await net();
    const { NetworkInterfaceIds } = await create({ VpcId, ServiceName: SSM, VpcEndpointType: 'Interface', SubnetIds: [a] });
    const [eni] = await enis(NetworkInterfaceIds);
    expect(eni).toMatchObject({ RequesterManaged: true, Status: 'in-use', Attachment: { InstanceOwnerId: 'amazon-aws', DeviceIndex: 1 } });
    expect(await refused('DetachNetworkInterface', { AttachmentId: eni.Attachment.AttachmentId, Force: true })).toEqual({ code: 'OperationNotPermitted', message: "You are not allowed to manage 'ela-attach' attachments.", status: 400 });
  });

  it('have an interface in each subnet, names, and the default group; these go with them', async () => {
    const { VpcId, a, b } = await net();
    const made = await create({ VpcId, ServiceName: SSM, VpcEndpointType: 'Interface', SubnetIds: [a, b], PrivateDnsEnabled: true, SubnetConfigurations: [{ SubnetId: a, Ipv4: '10.0.1.77' }] });
    expect(made.State).toBe('pending');
    const endpoint = await one(made.VpcEndpointId);
    expect(endpoint).toMatchObject({ State: 'available', SubnetIds: [a, b], Groups: [{ GroupName: 'default' }], IpAddressType: 'ipv4', DnsOptions: { DnsRecordIpType: 'ipv4' } });
    expect(endpoint.DnsEntries.map((d: { DnsName: string }) => d.DnsName.replace(/^vpce-[0-9a-f]+-[0-9a-f]{8}/, '<own>'))).toEqual(['<own>.ssm.us-east-1.vpce.amazonaws.com', '<own>-us-east-1a.ssm.us-east-1.vpce.amazonaws.com', '<own>-us-east-1b.ssm.us-east-1.vpce.amazonaws.com', 'ssm.us-east-1.amazonaws.com']);
    const interfaces = await enis(endpoint.NetworkInterfaceIds);
    expect(interfaces).toHaveLength(2);
    expect(interfaces[0]).toMatchObject({ PrivateIpAddress: '10.0.1.77', SubnetId: a, InterfaceType: 'vpc_endpoint', RequesterManaged: true, Status: 'in-use', Description: `VPC Endpoint Interface ${made.VpcEndpointId}` });
    expect((await refused('DeleteNetworkInterface', { NetworkInterfaceId: endpoint.NetworkInterfaceIds[0] })).code).toBe('InvalidParameterValue');
    expect(await refused('CreateVpcEndpoint', { VpcId, ServiceName: SSM, VpcEndpointType: 'Interface', PrivateDnsEnabled: true }))
      .toMatchObject({ code: 'InvalidParameter', message: `private-dns-enabled cannot be set because there is already a conflicting DNS domain for ssm.us-east-1.amazonaws.com in the VPC ${VpcId}` });
    expect((await refused('DeleteSubnet', { SubnetId: a })).code).toBe('DependencyViolation');
    await go('DeleteVpcEndpoints', { VpcEndpointIds: [made.VpcEndpointId] });
    await go('DescribeVpcEndpoints');
    for (const SubnetId of [a, b]) await go('DeleteSubnet', { SubnetId });
    await go('DeleteVpc', { VpcId });
  });

  it('change their subnets, groups, policy and names', async () => {
    const { VpcId, a, b } = await net();
    const { GroupId } = await go('CreateSecurityGroup', { VpcId, GroupName: 'endpoints', Description: 'd' });
    const { VpcEndpointId, Groups } = await create({ VpcId, ServiceName: SSM, VpcEndpointType: 'Interface', SubnetIds: [a] });
    await go('ModifyVpcEndpoint', {
      VpcEndpointId, AddSubnetIds: [b], RemoveSubnetIds: [a], AddSecurityGroupIds: [GroupId], RemoveSecurityGroupIds: [Groups[0].GroupId], PrivateDnsEnabled: true,
      PolicyDocument: '{"Statement":[{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}]}',
    });
    const changed = await one(VpcEndpointId);
    expect(changed).toMatchObject({ SubnetIds: [b], Groups: [{ GroupId, GroupName: 'endpoints' }], PrivateDnsEnabled: true });
    expect(changed.DnsEntries.at(-1).DnsName).toBe('ssm.us-east-1.amazonaws.com');
    expect(JSON.parse(changed.PolicyDocument).Statement[0].Effect).toBe('Deny');
    expect((await enis(changed.NetworkInterfaceIds)).map((e: { SubnetId: string; Groups: unknown }) => [e.SubnetId, e.Groups])).toEqual([[b, [{ GroupId, GroupName: 'endpoints' }]]]);
    expect((await refused('DeleteSecurityGroup', { GroupId })).code).toBe('DependencyViolation');
    await go('ModifyVpcEndpoint', { VpcEndpointId, ResetPolicy: true, SubnetConfigurations: [{ SubnetId: b, Ipv4: '10.0.2.99' }] });
    const reset = await one(VpcEndpointId);
    expect(JSON.parse(reset.PolicyDocument).Statement[0].Effect).toBe('Allow');
    expect((await enis(reset.NetworkInterfaceIds))[0].PrivateIpAddress).toBe('10.0.2.99');
    expect((await refused('ModifyVpcEndpoint', { VpcEndpointId, RemoveSecurityGroupIds: [GroupId] })).message).toBe('An endpoint must have at least one security group.');
    expect((await refused('ModifyVpcEndpoint', { VpcEndpointId, RemoveSubnetIds: [a] })).code).toBe('InvalidParameter');
  });

  it('CreateVpcEndpoint: refuses a second subnet of a zone, private names without the VPC’s DNS, and other families', async () => {
    const { VpcId, a } = await net(false);
    const again = (await go('CreateSubnet', { VpcId, CidrBlock: '10.0.9.0/24', AvailabilityZone: 'us-east-1a' })).Subnet.SubnetId;
    const make = (input: Record<string, unknown>) => refused('CreateVpcEndpoint', { VpcId, ServiceName: SSM, VpcEndpointType: 'Interface', ...input });
    expect(await make({ SubnetIds: [a, again] })).toMatchObject({ code: 'DuplicateSubnetsInSameZone' });
    expect(await make({ PrivateDnsEnabled: true })).toMatchObject({ code: 'InvalidParameter', message: `Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for ${VpcId}` });
    expect((await make({ SubnetIds: [a], IpAddressType: 'dualstack' })).message).toBe(`The subnet ${a} does not support the IP address type dualstack.`);
    expect((await make({ ServiceName: 'com.amazonaws.us-east-1.textract', IpAddressType: 'ipv6' })).message).toBe('The VPC endpoint service com.amazonaws.us-east-1.textract does not support the IP address type ipv6.');
    expect((await make({ SubnetConfigurations: [{ SubnetId: a }] })).code).toBe('InvalidParameter');
    expect((await go('DescribeNetworkInterfaces', { Filters: [{ Name: 'vpc-id', Values: [VpcId] }] })).NetworkInterfaces).toEqual([]);
  });

  it('to S3 have private names for inbound resolvers alone, beside a gateway', async () => {
    const { VpcId } = await net();
    const input = { VpcId, ServiceName: S3, VpcEndpointType: 'Interface', PrivateDnsEnabled: true };
    expect(await refused('CreateVpcEndpoint', input)).toMatchObject({ code: 'InvalidParameter', message: `To set PrivateDnsOnlyForInboundResolverEndpoint to true, the VPC ${VpcId} must have a Gateway endpoint for the service.` });
    await create({ VpcId, ServiceName: S3 });
    expect((await create(input)).DnsOptions).toEqual({ DnsRecordIpType: 'ipv4', PrivateDnsOnlyForInboundResolverEndpoint: true });
  });

  it('has addresses of both families in a dual-stack subnet', async () => {
    const { VpcId } = (await go('CreateVpc', { CidrBlock: '10.0.0.0/16', AmazonProvidedIpv6CidrBlock: true })).Vpc;
    const block = (await go('DescribeVpcs', { VpcIds: [VpcId] })).Vpcs[0].Ipv6CidrBlockAssociationSet[0].Ipv6CidrBlock as string;
    const { SubnetId } = (await go('CreateSubnet', { VpcId, CidrBlock: '10.0.0.0/24', Ipv6CidrBlock: block.replace('/56', '/64') })).Subnet;
    const { NetworkInterfaceIds, DnsOptions } = await create({ VpcId, ServiceName: SSM, VpcEndpointType: 'Interface', SubnetIds: [SubnetId], IpAddressType: 'dualstack' });
    expect(DnsOptions).toEqual({ DnsRecordIpType: 'dualstack' });
    expect((await enis(NetworkInterfaceIds))[0].Ipv6Addresses).toHaveLength(1);
  });
});

describe('endpoints of VPC Lattice', () => {
  it('lead to a resource configuration, and are described with it', async () => {
    const { VpcId, a } = await net();
    const ResourceConfigurationArn = 'arn:aws:vpc-lattice:us-east-1:123456789012:resourceconfiguration/rcfg-0123456789abcdef0';
    const endpoint = await create({ VpcId, VpcEndpointType: 'Resource', ResourceConfigurationArn, SubnetIds: [a] });
    expect(endpoint).toMatchObject({ VpcEndpointType: 'Resource', ResourceConfigurationArn });
    await one(endpoint.VpcEndpointId);
    const { VpcEndpointAssociations } = await go('DescribeVpcEndpointAssociations', { VpcEndpointIds: [endpoint.VpcEndpointId] });
    expect(VpcEndpointAssociations).toMatchObject([{ VpcEndpointId: endpoint.VpcEndpointId, AssociatedResourceArn: ResourceConfigurationArn, AssociatedResourceAccessibility: 'Accessible' }]);
    expect((await refused('CreateVpcEndpoint', { VpcId, VpcEndpointType: 'ServiceNetwork' })).code).toBe('MissingParameter');
    expect((await refused('CreateVpcEndpoint', { VpcId, VpcEndpointType: 'ServiceNetwork', ServiceNetworkArn: 'arn:aws:s3:::bucket' })).code).toBe('InvalidParameterValue');
    await go('ModifyVpcEndpointPayerResponsibility', { VpcEndpointId: endpoint.VpcEndpointId, Scope: 'resource-gateway-charges', PayerResponsibility: 'resource-gateway-account' });
    expect((await one(endpoint.VpcEndpointId)).PayerResponsibilities).toEqual([{ Scope: 'resource-gateway-charges', PayerResponsibilityType: 'resource-gateway-account' }]);
  });
});
