import * as sdk from '@aws-sdk/client-ec2';
import { beforeAll, describe, expect, it } from 'vitest';
import { call } from '../../laws/samples/index.ts';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

const CONSUMER = '999999999999';
const balancer = (kind: 'net' | 'gwy', name = 'one') => `arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/${kind}/${name}/0123456789abcdef`;

let fb: Fogbank;
let consumer: Fogbank;
const go = (operation: string, input: Record<string, unknown> = {}) => call(fb, operation, input);
const refused = (operation: string, input: Record<string, unknown> = {}) => refusal(go(operation, input));

interface Service {
  readonly ServiceId: string;
  readonly ServiceName: string;
}

async function service(input: Record<string, unknown> = {}): Promise<Service> {
  const { ServiceConfiguration } = await go('CreateVpcEndpointServiceConfiguration', { NetworkLoadBalancerArns: [balancer('net')], ...input });
  await configuration(ServiceConfiguration.ServiceId);
  return ServiceConfiguration;
}

const configuration = async (id: string) => (await go('DescribeVpcEndpointServiceConfigurations', { ServiceIds: [id] })).ServiceConfigurations[0];
const allow = (ServiceId: string, principal = `arn:aws:iam::${CONSUMER}:root`) => go('ModifyVpcEndpointServicePermissions', { ServiceId, AddAllowedPrincipals: [principal] });
const vpcOf = async (at: Fogbank): Promise<string> => (await call(at, 'CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc.VpcId;
const state = async (at: Fogbank, id: string): Promise<string> => (await call(at, 'DescribeVpcEndpoints', { VpcEndpointIds: [id] })).VpcEndpoints[0].State;
const connections = async (ServiceId: string) => (await go('DescribeVpcEndpointConnections', { Filters: [{ Name: 'service-id', Values: [ServiceId] }] })).VpcEndpointConnections;

async function connect(at: Fogbank, ServiceName: string, extra: Record<string, unknown> = {}): Promise<string> {
  return (await call(at, 'CreateVpcEndpoint', { VpcId: await vpcOf(at), ServiceName, VpcEndpointType: 'Interface', ...extra })).VpcEndpoint.VpcEndpointId;
}

beforeAll(async () => {
  fb = await fogbank();
  consumer = { ...fb, ec2: new sdk.EC2Client(fb.config({ accessKeyId: CONSUMER })) };
});

describe('a service', () => {
  it('is made for load balancers of one kind, and is available', async () => {
    const made = await service();
    expect(await configuration(made.ServiceId)).toMatchObject({
      ServiceName: `com.amazonaws.vpce.us-east-1.${made.ServiceId}`, ServiceState: 'Available', ServiceType: [{ ServiceType: 'Interface' }], AcceptanceRequired: true, SupportedIpAddressTypes: ['ipv4'],
      BaseEndpointDnsNames: [`${made.ServiceId}.us-east-1.vpce.amazonaws.com`], NetworkLoadBalancerArns: [balancer('net')],
    });
    expect((await refused('CreateVpcEndpointServiceConfiguration', {})).code).toBe('MissingParameter');
    expect((await refused('CreateVpcEndpointServiceConfiguration', { NetworkLoadBalancerArns: [balancer('net')], GatewayLoadBalancerArns: [balancer('gwy')] })).code).toBe('InvalidParameterCombination');
    expect((await refused('CreateVpcEndpointServiceConfiguration', { NetworkLoadBalancerArns: [balancer('gwy')] })).code).toBe('InvalidParameter');
  });

  it('changes its balancers, families, Regions and acceptance, but keeps one balancer', async () => {
    const { ServiceId } = await service();
    const modify = (input: Record<string, unknown>) => go('ModifyVpcEndpointServiceConfiguration', { ServiceId, ...input });
    await modify({ AddNetworkLoadBalancerArns: [balancer('net', 'two')], RemoveNetworkLoadBalancerArns: [balancer('net')], AcceptanceRequired: false, AddSupportedIpAddressTypes: ['ipv6'], AddSupportedRegions: ['eu-west-1'] });
    expect(await configuration(ServiceId)).toMatchObject({ NetworkLoadBalancerArns: [balancer('net', 'two')], AcceptanceRequired: false, SupportedIpAddressTypes: ['ipv4', 'ipv6'], SupportedRegions: [{ Region: 'eu-west-1', ServiceState: 'Available' }], RemoteAccessEnabled: true });
    expect((await refusal(modify({ RemoveNetworkLoadBalancerArns: [balancer('net', 'two')] }))).message).toBe('An endpoint service must have at least one load balancer.');
    expect((await refusal(modify({ RemoveNetworkLoadBalancerArns: [balancer('net', 'nine')] }))).code).toBe('InvalidParameter');
    await go('ModifyVpcEndpointServicePayerResponsibility', { ServiceId, PayerResponsibility: 'ServiceOwner' });
    expect((await configuration(ServiceId)).PayerResponsibility).toBe('ServiceOwner');
  });

  it('gives its private name only once it is verified', async () => {
    const { ServiceId, ServiceName } = await service({ PrivateDnsName: 'api.example.com', AcceptanceRequired: false });
    expect((await configuration(ServiceId)).PrivateDnsNameConfiguration).toMatchObject({ State: 'pendingVerification', Type: 'TXT' });
    const VpcId = await vpcOf(fb);
    await go('ModifyVpcAttribute', { VpcId, EnableDnsHostnames: { Value: true } });
    const endpoint = { VpcId, ServiceName, VpcEndpointType: 'Interface', PrivateDnsEnabled: true };
    expect((await refused('CreateVpcEndpoint', endpoint)).message).toBe(`Private DNS can't be enabled because the service ${ServiceName} does not provide a private DNS name.`);
    expect(await go('StartVpcEndpointServicePrivateDnsVerification', { ServiceId })).toMatchObject({ ReturnValue: true });
    expect((await go('CreateVpcEndpoint', endpoint)).VpcEndpoint.DnsEntries.at(-1).DnsName).toBe('api.example.com');
    await go('ModifyVpcEndpointServiceConfiguration', { ServiceId, RemovePrivateDnsName: true });
    expect((await configuration(ServiceId)).PrivateDnsName).toBeUndefined();
    expect((await refused('StartVpcEndpointServicePrivateDnsVerification', { ServiceId })).code).toBe('InvalidParameter');
  });

  it('is not deleted while endpoints are connected', async () => {
    const { ServiceId, ServiceName } = await service({ AcceptanceRequired: false });
    const VpcEndpointId = await connect(fb, ServiceName);
    const remove = async () => (await go('DeleteVpcEndpointServiceConfigurations', { ServiceIds: [ServiceId] })).Unsuccessful;
    expect(await remove()).toEqual([{ ResourceId: ServiceId, Error: { Code: 'ExistingVpcEndpointConnections', Message: 'Service has existing active VPC Endpoint connections!' } }]);
    await go('DeleteVpcEndpoints', { VpcEndpointIds: [VpcEndpointId] });
    await go('DescribeVpcEndpoints');
    expect(await connections(ServiceId)).toEqual([]);
    expect(await remove()).toEqual([]);
    expect((await refused('DescribeVpcEndpointServiceConfigurations', { ServiceIds: [ServiceId] })).code).toBe('InvalidVpcEndpointServiceId.NotFound');
    expect((await refused('CreateVpcEndpoint', { VpcId: await vpcOf(fb), ServiceName, VpcEndpointType: 'Interface' })).code).toBe('InvalidServiceName');
    expect(await remove()).toMatchObject([{ Error: { Code: 'InvalidVpcEndpointService.NotFound' } }]);
  });
});

describe('a consumer in another account', () => {
  it('finds the service only with its permission', async () => {
    const { ServiceId, ServiceName } = await service();
    const input = { VpcId: await vpcOf(consumer), ServiceName, VpcEndpointType: 'Interface' };
    expect((await refusal(call(consumer, 'CreateVpcEndpoint', input))).code).toBe('InvalidServiceName');
    const { AddedPrincipals } = await allow(ServiceId);
    expect(AddedPrincipals).toMatchObject([{ PrincipalType: 'Account', Principal: `arn:aws:iam::${CONSUMER}:root`, ServiceId }]);
    expect((await go('DescribeVpcEndpointServicePermissions', { ServiceId })).AllowedPrincipals).toMatchObject([{ ServicePermissionId: AddedPrincipals[0].ServicePermissionId }]);
    expect((await call(consumer, 'DescribeVpcEndpointServices', { ServiceNames: [ServiceName] })).ServiceDetails).toMatchObject([{ Owner: '123456789012', AcceptanceRequired: true, VpcEndpointPolicySupported: false }]);
    await go('ModifyVpcEndpointServicePermissions', { ServiceId, RemoveAllowedPrincipals: [`arn:aws:iam::${CONSUMER}:root`] });
    expect((await refusal(call(consumer, 'DescribeVpcEndpointServices', { ServiceNames: [ServiceName] }))).code).toBe('InvalidServiceName');
    expect((await refused('ModifyVpcEndpointServicePermissions', { ServiceId, AddAllowedPrincipals: ['somebody'] })).code).toBe('InvalidPrincipal');
  });

  it('waits until the owner accepts, and is rejected where the owner wants', async () => {
    const { ServiceId, ServiceName } = await service();
    await allow(ServiceId, '*');
    const id = await connect(consumer, ServiceName);
    expect(await state(consumer, id)).toBe('pendingAcceptance');
    expect(await connections(ServiceId)).toMatchObject([{ VpcEndpointId: id, VpcEndpointOwner: CONSUMER, VpcEndpointRegion: 'us-east-1', VpcEndpointState: 'pendingAcceptance', NetworkLoadBalancerArns: [balancer('net')] }]);
    expect((await go('AcceptVpcEndpointConnections', { ServiceId, VpcEndpointIds: [id, 'vpce-00000000000000000'] })).Unsuccessful).toMatchObject([{ ResourceId: 'vpce-00000000000000000', Error: { Code: 'InvalidVpcEndpoint.NotFound' } }]);
    expect(await state(consumer, id)).toBe('available');
    expect(await connections(ServiceId)).toMatchObject([{ VpcEndpointState: 'available' }]);
    expect((await go('AcceptVpcEndpointConnections', { ServiceId, VpcEndpointIds: [id] })).Unsuccessful).toHaveLength(1);
    await go('RejectVpcEndpointConnections', { ServiceId, VpcEndpointIds: [id] });
    expect([await state(consumer, id), (await connections(ServiceId))[0].VpcEndpointState]).toEqual(['rejected', 'rejected']);
    expect((await refusal(call(consumer, 'ModifyVpcEndpoint', { VpcEndpointId: id, PrivateDnsEnabled: false }))).code).toBe('IncorrectState');
  });

  it('reaches it from another Region that the service supports', async () => {
    const { ServiceId, ServiceName } = await service({ SupportedRegions: ['eu-west-1'], AcceptanceRequired: false });
    const europe: Fogbank = { ...fb, ec2: new sdk.EC2Client(fb.config({ region: 'eu-west-1' })) };
    const asia: Fogbank = { ...fb, ec2: new sdk.EC2Client(fb.config({ region: 'ap-south-1' })) };
    expect((await refusal(connect(asia, ServiceName, { ServiceRegion: 'us-east-1' }))).code).toBe('InvalidServiceName');
    const id = await connect(europe, ServiceName, { ServiceRegion: 'us-east-1' });
    expect(await state(europe, id)).toBe('available');
    expect(await connections(ServiceId)).toMatchObject([{ VpcEndpointId: id, VpcEndpointRegion: 'eu-west-1' }]);
  });

  it('has its charges taken over by the owner', async () => {
    const { ServiceId, ServiceName } = await service({ AcceptanceRequired: false });
    await allow(ServiceId);
    const id = await connect(consumer, ServiceName);
    await go('ModifyVpcEndpointPayerResponsibility', { VpcEndpointId: id, ServiceId, Scope: 'vpc-endpoint-charges', PayerResponsibility: 'vpc-endpoint-service-account' });
    expect((await connections(ServiceId))[0].PayerResponsibilities).toEqual([{ Scope: 'vpc-endpoint-charges', PayerResponsibilityType: 'vpc-endpoint-service-account' }]);
    expect((await refused('ModifyVpcEndpointPayerResponsibility', { VpcEndpointId: 'vpce-00000000000000000', ServiceId, Scope: 'vpc-endpoint-charges', PayerResponsibility: 'vpc-endpoint-account' })).code).toBe('InvalidVpcEndpointId.NotFound');
  });
});

describe('Gateway Load Balancer endpoints', () => {
  it('are targets of routes, which are black holes when they go', async () => {
    const { ServiceName } = await service({ NetworkLoadBalancerArns: undefined, GatewayLoadBalancerArns: [balancer('gwy')], AcceptanceRequired: false });
    const VpcId = await vpcOf(fb);
    const { SubnetId } = (await go('CreateSubnet', { VpcId, CidrBlock: '10.0.0.0/24' })).Subnet;
    const { VpcEndpointId } = (await go('CreateVpcEndpoint', { VpcId, ServiceName, VpcEndpointType: 'GatewayLoadBalancer', SubnetIds: [SubnetId] })).VpcEndpoint;
    const endpoint = (await go('DescribeVpcEndpoints', { VpcEndpointIds: [VpcEndpointId] })).VpcEndpoints[0];
    expect([endpoint.Groups, endpoint.DnsEntries, endpoint.PolicyDocument]).toEqual([[], [], undefined]);
    const { RouteTableId } = (await go('CreateRouteTable', { VpcId })).RouteTable;
    await go('CreateRoute', { RouteTableId, DestinationCidrBlock: '0.0.0.0/0', VpcEndpointId });
    const route = async () => (await go('DescribeRouteTables', { RouteTableIds: [RouteTableId] })).RouteTables[0].Routes[1];
    expect(await route()).toMatchObject({ GatewayId: VpcEndpointId, State: 'active' });
    const { VpcEndpointId: gateway } = (await go('CreateVpcEndpoint', { VpcId, ServiceName: 'com.amazonaws.us-east-1.s3' })).VpcEndpoint;
    expect(await refused('CreateRoute', { RouteTableId, DestinationCidrBlock: '10.9.0.0/16', VpcEndpointId: gateway })).toMatchObject({ code: 'RouteNotSupported' });
    await go('DeleteVpcEndpoints', { VpcEndpointIds: [VpcEndpointId] });
    expect((await route()).State).toBe('blackhole');
  });
});

describe('notifications', () => {
  it('are for a service or an endpoint, and go with it', async () => {
    const { ServiceId } = await service();
    const topic = 'arn:aws:sns:us-east-1:123456789012:events';
    const { ConnectionNotification } = await go('CreateVpcEndpointConnectionNotification', { ServiceId, ConnectionNotificationArn: topic, ConnectionEvents: ['Accept', 'Reject'] });
    const id = ConnectionNotification.ConnectionNotificationId;
    expect(ConnectionNotification).toMatchObject({ ServiceId, ConnectionNotificationType: 'Topic', ConnectionNotificationState: 'Enabled', ConnectionEvents: ['Accept', 'Reject'] });
    await go('ModifyVpcEndpointConnectionNotification', { ConnectionNotificationId: id, ConnectionEvents: ['Delete'] });
    const described = async () => (await go('DescribeVpcEndpointConnectionNotifications', { ConnectionNotificationId: id })).ConnectionNotificationSet;
    expect(await described()).toMatchObject([{ ConnectionEvents: ['Delete'], ConnectionNotificationArn: topic }]);
    expect((await go('DescribeVpcEndpointConnectionNotifications', { Filters: [{ Name: 'service-id', Values: [ServiceId] }] })).ConnectionNotificationSet).toHaveLength(1);
    await go('DeleteVpcEndpointServiceConfigurations', { ServiceIds: [ServiceId] });
    expect(await refusal(described())).toMatchObject({ code: 'InvalidConnectionNotification' });
    expect((await go('DeleteVpcEndpointConnectionNotifications', { ConnectionNotificationIds: [id] })).Unsuccessful).toMatchObject([{ Error: { Code: 'InvalidConnectionNotification' } }]);
  });

  it.each([[{ ConnectionEvents: ['Explode'] }, 'InvalidParameterValue'], [{ ConnectionNotificationArn: 'arn:aws:sns:eu-west-1:123456789012:x' }, 'InvalidParameterValue'], [{ ServiceId: undefined }, 'InvalidParameterCombination']])('CreateVpcEndpointConnectionNotification: refuses %o', async (input, code) => {
    const { ServiceId } = await service();
    expect((await refused('CreateVpcEndpointConnectionNotification', { ServiceId, ConnectionNotificationArn: 'arn:aws:sns:us-east-1:123456789012:x', ConnectionEvents: ['Accept'], ...input })).code).toBe(code);
  });
});
