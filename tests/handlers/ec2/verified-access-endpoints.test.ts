import { beforeAll, expect, it } from 'vitest';
import { fogbank, type Fogbank } from '../../support/fogbank.ts';
import { as, type Caller } from '../../support/others.ts';

let fb: Fogbank;
let ec2: Caller;
let VpcId: string;
let subnets: string[];
let VerifiedAccessInstanceId: string;
let VerifiedAccessGroupId: string;
let SecurityGroupIds: string[];
let NetworkInterfaceId: string;
const pass = (seconds: number) => fb.machine.clock.advance(seconds * 1000);
const WEB = { ApplicationDomain: 'app.example.com', DomainCertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555', EndpointDomainPrefix: 'app' };
const BALANCER = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/0123456789abcdef';
const common = () => ({ VerifiedAccessGroupId, AttachmentType: 'vpc', SecurityGroupIds });
const balanced = (options: Record<string, unknown> = {}) => ({ ...common(), ...WEB, EndpointType: 'load-balancer', LoadBalancerOptions: { LoadBalancerArn: BALANCER, Protocol: 'https', Port: 443, SubnetIds: subnets, ...options } });
const ranged = (options: Record<string, unknown> = {}) => ({ ...common(), EndpointType: 'cidr', CidrOptions: { Cidr: '10.0.1.7/24', SubnetIds: [subnets[0]], PortRanges: [{ FromPort: 22, ToPort: 22 }], ...options } });
const make = async (input: Record<string, unknown>): Promise<string> => {
  const { VerifiedAccessEndpoint } = await ec2.go('CreateVerifiedAccessEndpoint', input);
  pass(600);
  return VerifiedAccessEndpoint.VerifiedAccessEndpointId;
};
const one = async (id: string) => (await ec2.go('DescribeVerifiedAccessEndpoints', { VerifiedAccessEndpointIds: [id] })).VerifiedAccessEndpoints[0];

beforeAll(async () => {
  fb = await fogbank({ pace: 'realistic' });
  fb.machine.clock.hold();
  ec2 = as(fb);
  VpcId = (await ec2.go('CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc.VpcId;
  subnets = [];
  for (const n of [1, 2]) subnets.push((await ec2.go('CreateSubnet', { VpcId, CidrBlock: `10.0.${n}.0/24`, AvailabilityZone: `us-east-1${'ab'[n - 1]}` })).Subnet.SubnetId);
  SecurityGroupIds = [(await ec2.go('CreateSecurityGroup', { VpcId, GroupName: 'va', Description: 'va' })).GroupId];
  NetworkInterfaceId = (await ec2.go('CreateNetworkInterface', { SubnetId: subnets[0], PrivateIpAddress: '10.0.1.77' })).NetworkInterface.NetworkInterfaceId;
  VerifiedAccessInstanceId = (await ec2.go('CreateVerifiedAccessInstance', { CidrEndpointsCustomSubDomain: 'va.example.com' })).VerifiedAccessInstance.VerifiedAccessInstanceId;
  VerifiedAccessGroupId = (await ec2.go('CreateVerifiedAccessGroup', { VerifiedAccessInstanceId })).VerifiedAccessGroup.VerifiedAccessGroupId;
});

it('an endpoint of a load balancer comes, changes and goes, and holds what it is made of', async () => {
  const { VerifiedAccessEndpoint: made } = await ec2.go('CreateVerifiedAccessEndpoint', { ...balanced(), PolicyDocument: 'permit(principal, action, resource);', Description: 'web' });
  const id = made.VerifiedAccessEndpointId as string;
  expect(made).toMatchObject({
    VerifiedAccessInstanceId, VerifiedAccessGroupId, EndpointType: 'load-balancer', AttachmentType: 'vpc', Status: { Code: 'pending' }, ApplicationDomain: 'app.example.com', SecurityGroupIds,
    LoadBalancerOptions: { LoadBalancerArn: BALANCER, Protocol: 'https', Port: 443, SubnetIds: subnets },
  });
  expect(made.EndpointDomain).toMatch(new RegExp(`^app\\.edge-[0-9a-f]{17}\\.${VerifiedAccessInstanceId}\\.prod\\.verified-access\\.us-east-1\\.amazonaws\\.com$`));
  expect(made.DeviceValidationDomain).toBeUndefined();
  expect(await ec2.refused('ModifyVerifiedAccessEndpoint', { VerifiedAccessEndpointId: id, Description: 'x' })).toMatchObject({ code: 'IncorrectState', message: `The Verified Access endpoint '${id}' is in the 'pending' state.` });
  pass(600);
  expect((await one(id)).Status.Code).toBe('active');
  expect(await ec2.go('GetVerifiedAccessEndpointPolicy', { VerifiedAccessEndpointId: id })).toMatchObject({ PolicyEnabled: true, PolicyDocument: 'permit(principal, action, resource);' });
  expect(await ec2.go('ModifyVerifiedAccessEndpointPolicy', { VerifiedAccessEndpointId: id, PolicyEnabled: false })).toMatchObject({ PolicyEnabled: false });

  for (const [operation, input] of [['DeleteSecurityGroup', { GroupId: SecurityGroupIds[0] }], ['DeleteSubnet', { SubnetId: subnets[1] }], ['DeleteVerifiedAccessGroup', { VerifiedAccessGroupId }]] as const) {
    expect((await ec2.refused(operation, input)).code).toBe('DependencyViolation');
  }
  expect((await ec2.go('ModifyVerifiedAccessEndpoint', { VerifiedAccessEndpointId: id, LoadBalancerOptions: { Protocol: 'http', Port: 80, SubnetIds: [subnets[0]] } })).VerifiedAccessEndpoint).toMatchObject({
    Status: { Code: 'updating' }, LoadBalancerOptions: { LoadBalancerArn: BALANCER, Protocol: 'http', Port: 80, SubnetIds: [subnets[0]] },
  });
  pass(300);
  expect((await ec2.refused('ModifyVerifiedAccessEndpoint', { VerifiedAccessEndpointId: id, LoadBalancerOptions: { Protocol: 'https' } })).message).toContain('LoadBalancerOptions.Port');
  expect((await ec2.refused('ModifyVerifiedAccessEndpoint', { VerifiedAccessEndpointId: id, NetworkInterfaceOptions: { Port: 80 } })).code).toBe('InvalidParameterCombination');

  expect((await ec2.go('DeleteVerifiedAccessEndpoint', { VerifiedAccessEndpointId: id })).VerifiedAccessEndpoint.Status.Code).toBe('deleting');
  expect((await ec2.refused('DeleteVerifiedAccessEndpoint', { VerifiedAccessEndpointId: id })).code).toBe('IncorrectState');
  pass(300);
  expect((await one(id)).DeletionTime).toBeDefined();
  expect((await one(id)).Status.Code).toBe('deleted');
  pass(3600);
  expect((await ec2.refused('DescribeVerifiedAccessEndpoints', { VerifiedAccessEndpointIds: [id] })).code).toBe('InvalidVerifiedAccessEndpointId.NotFound');
});

it.each([
  [{ LoadBalancerArn: undefined }, 'MissingParameter'], [{ LoadBalancerArn: 'arn:aws:elasticloadbalancing:us-west-2:123456789012:loadbalancer/app/web/0123456789abcdef' }, 'InvalidParameterValue'], [{ Port: undefined }, 'MissingParameter'],
  [{ Protocol: undefined }, 'MissingParameter'], [{ PortRanges: [{ FromPort: 1, ToPort: 2 }] }, 'InvalidParameterValue'], [{ Protocol: 'tcp' }, 'InvalidParameterValue'], [{ Protocol: 'tcp', Port: undefined }, 'MissingParameter'],
  [{ Protocol: 'tcp', Port: undefined, PortRanges: [{ FromPort: 1, ToPort: 2 }] }, 'InvalidParameterValue'], [{ SubnetIds: [] }, 'MissingParameter'], [{ SubnetIds: ['subnet-00000000000000000'] }, 'InvalidSubnetID.NotFound'],
])('CreateVerifiedAccessEndpoint: refuses a load balancer with %j', async (options, code) => {
  expect((await ec2.refused('CreateVerifiedAccessEndpoint', balanced(options))).code).toBe(code);
});

it.each([
  [{ ApplicationDomain: undefined }, 'MissingParameter'], [{ ApplicationDomain: 'nowhere' }, 'InvalidParameterValue'], [{ DomainCertificateArn: 'certificate' }, 'InvalidParameterValue'], [{ EndpointDomainPrefix: 'a.b' }, 'InvalidParameterValue'],
  [{ SecurityGroupIds: [] }, 'MissingParameter'], [{ SecurityGroupIds: ['sg-00000000000000000'] }, 'InvalidGroup.NotFound'], [{ EndpointType: 'rds' }, 'InvalidParameterCombination'], [{ LoadBalancerOptions: undefined }, 'MissingParameter'],
  [{ VerifiedAccessGroupId: 'vagr-00000000000000000' }, 'InvalidVerifiedAccessGroupId.NotFound'], [{ PolicyDocument: 'no' }, 'InvalidParameterValue'],
])('CreateVerifiedAccessEndpoint: refuses %j', async (input, code) => {
  expect((await ec2.refused('CreateVerifiedAccessEndpoint', { ...balanced(), ...input })).code).toBe(code);
});

it('CreateVerifiedAccessEndpoint: refuses subnets of one zone and of two networks', async () => {
  const same = (await ec2.go('CreateSubnet', { VpcId, CidrBlock: '10.0.3.0/24', AvailabilityZone: 'us-east-1a' })).Subnet.SubnetId;
  expect((await ec2.refused('CreateVerifiedAccessEndpoint', balanced({ SubnetIds: [subnets[0], same] }))).message).toBe('Only one subnet per Availability Zone may be specified');
  const { Vpc } = await ec2.go('CreateVpc', { CidrBlock: '10.1.0.0/16' });
  const far = (await ec2.go('CreateSubnet', { VpcId: Vpc.VpcId, CidrBlock: '10.1.0.0/24', AvailabilityZone: 'us-east-1c' })).Subnet.SubnetId;
  expect((await ec2.refused('CreateVerifiedAccessEndpoint', balanced({ SubnetIds: [subnets[0], far] }))).message).toBe(`The subnets ${subnets[0]} and ${far} belong to different networks`);
  expect((await ec2.refused('CreateVerifiedAccessEndpoint', balanced({ SubnetIds: [far] }))).code).toBe('InvalidParameter');
});

it('an endpoint leads to an interface by TCP, without a name of its own', async () => {
  const tcp = { ...common(), EndpointType: 'network-interface', NetworkInterfaceOptions: { NetworkInterfaceId, Protocol: 'tcp', PortRanges: [{ FromPort: 22, ToPort: 30 }] } };
  expect((await ec2.refused('CreateVerifiedAccessEndpoint', { ...tcp, ...WEB })).code).toBe('InvalidParameterCombination');
  expect((await ec2.refused('CreateVerifiedAccessEndpoint', { ...tcp, NetworkInterfaceOptions: { ...tcp.NetworkInterfaceOptions, PortRanges: [{ FromPort: 30, ToPort: 22 }] } })).message).toContain('30-22');
  const id = await make(tcp);
  expect((await one(id)).EndpointDomain).toMatch(/^edge-/);
  await ec2.go('ModifyVerifiedAccessEndpoint', { VerifiedAccessEndpointId: id, NetworkInterfaceOptions: { PortRanges: [{ FromPort: 443, ToPort: 443 }] } });
  pass(300);
  expect((await one(id)).NetworkInterfaceOptions).toEqual({ NetworkInterfaceId, Protocol: 'tcp', PortRanges: [{ FromPort: 443, ToPort: 443 }] });
  expect((await ec2.refused('ModifyVerifiedAccessEndpoint', { VerifiedAccessEndpointId: id, NetworkInterfaceOptions: { Protocol: 'http', Port: 80 } })).code).toBe('InvalidParameterValue');
  expect((await ec2.refused('GetVerifiedAccessEndpointTargets', { VerifiedAccessEndpointId: id })).message).toBe(`The Verified Access endpoint ${id} is not a network CIDR endpoint`);
});

it('an endpoint leads to one database', async () => {
  const options = { RdsDbInstanceArn: 'arn:aws:rds:us-east-1:123456789012:db:orders', Port: 5432, SubnetIds: subnets };
  const wish = (over: Record<string, unknown> = {}) => ({ ...common(), EndpointType: 'rds', RdsOptions: { ...options, ...over } });
  for (const [over, code] of [[{ RdsDbInstanceArn: undefined }, 'InvalidParameterCombination'], [{ RdsDbProxyArn: 'arn:aws:rds:us-east-1:123456789012:db-proxy:p' }, 'InvalidParameterCombination'], [{ Protocol: 'https' }, 'InvalidParameterValue'], [{ Port: undefined }, 'MissingParameter'], [{ RdsDbInstanceArn: 'orders' }, 'InvalidParameterValue']] as const) {
    expect((await ec2.refused('CreateVerifiedAccessEndpoint', wish(over))).code).toBe(code);
  }
  expect((await one(await make(wish()))).RdsOptions).toEqual({ ...options, Protocol: 'tcp' });
});

it('an endpoint of a range has the addresses of its VPC that it covers, and is in the client configuration', async () => {
  const plain = (await ec2.go('CreateVerifiedAccessInstance')).VerifiedAccessInstance.VerifiedAccessInstanceId;
  const { VerifiedAccessGroup } = await ec2.go('CreateVerifiedAccessGroup', { VerifiedAccessInstanceId: plain });
  expect((await ec2.refused('CreateVerifiedAccessEndpoint', { ...ranged(), VerifiedAccessGroupId: VerifiedAccessGroup.VerifiedAccessGroupId })).message).toContain('has no custom subdomain');
  expect((await ec2.refused('CreateVerifiedAccessEndpoint', ranged({ Cidr: '2001:db8::/32' }))).code).toBe('InvalidParameterValue');
  expect((await ec2.refused('CreateVerifiedAccessEndpoint', ranged({ PortRanges: [] }))).code).toBe('MissingParameter');
  const { VerifiedAccessEndpoint: made } = await ec2.go('CreateVerifiedAccessEndpoint', ranged());
  const id = made.VerifiedAccessEndpointId as string;
  expect(made.CidrOptions).toEqual({ Cidr: '10.0.1.0/24', SubnetIds: [subnets[0]], PortRanges: [{ FromPort: 22, ToPort: 22 }], Protocol: 'tcp' });
  expect((await ec2.go('GetVerifiedAccessEndpointTargets', { VerifiedAccessEndpointId: id })).VerifiedAccessEndpointTargets).toEqual([]);
  pass(600);
  expect((await ec2.go('GetVerifiedAccessEndpointTargets', { VerifiedAccessEndpointId: id })).VerifiedAccessEndpointTargets).toEqual([
    { VerifiedAccessEndpointId: id, VerifiedAccessEndpointTargetIpAddress: '10.0.1.77', VerifiedAccessEndpointTargetDns: 'ip-10-0-1-77.va.example.com' },
  ]);

  const native = { Issuer: 'https://id.example.com', AuthorizationEndpoint: 'https://id.example.com/a', TokenEndpoint: 'https://id.example.com/t', UserInfoEndpoint: 'https://id.example.com/u', PublicSigningKeyEndpoint: 'https://id.example.com/k', ClientId: 'client', ClientSecret: 'hush', Scope: 'openid' };
  const { VerifiedAccessTrustProvider } = await ec2.go('CreateVerifiedAccessTrustProvider', { TrustProviderType: 'user', UserTrustProviderType: 'oidc', NativeApplicationOidcOptions: native, PolicyReferenceName: 'idp' });
  await ec2.go('AttachVerifiedAccessTrustProvider', { VerifiedAccessInstanceId, VerifiedAccessTrustProviderId: VerifiedAccessTrustProvider.VerifiedAccessTrustProviderId });
  const exported = await ec2.go('ExportVerifiedAccessInstanceClientConfiguration', { VerifiedAccessInstanceId });
  const { Scope, ...others } = native;
  expect(exported).toMatchObject({ Version: '1.0', VerifiedAccessInstanceId, Region: 'us-east-1', DeviceTrustProviders: [], UserTrustProvider: { Type: 'oidc', Scopes: Scope, PkceEnabled: true, ...others } });
  expect(exported.OpenVpnConfigurations[0].Routes).toEqual([{ Cidr: '10.0.1.0/24' }]);
  expect(Buffer.from(exported.OpenVpnConfigurations[0].Config, 'base64').toString()).toContain(`remote ${VerifiedAccessInstanceId}.`);
  expect((await ec2.go('ExportVerifiedAccessInstanceClientConfiguration', { VerifiedAccessInstanceId: plain })).OpenVpnConfigurations).toEqual([]);
});

it('an endpoint has a name for devices where its instance trusts a provider of them, and moves between groups', async () => {
  const trusting = (await ec2.go('CreateVerifiedAccessInstance')).VerifiedAccessInstance.VerifiedAccessInstanceId;
  const { VerifiedAccessTrustProvider } = await ec2.go('CreateVerifiedAccessTrustProvider', { TrustProviderType: 'device', DeviceTrustProviderType: 'jamf', DeviceOptions: { TenantId: 't' }, PolicyReferenceName: 'jamf' });
  await ec2.go('AttachVerifiedAccessTrustProvider', { VerifiedAccessInstanceId: trusting, VerifiedAccessTrustProviderId: VerifiedAccessTrustProvider.VerifiedAccessTrustProviderId });
  const { VerifiedAccessGroup } = await ec2.go('CreateVerifiedAccessGroup', { VerifiedAccessInstanceId: trusting });
  const id = await make({ ...balanced(), VerifiedAccessGroupId: VerifiedAccessGroup.VerifiedAccessGroupId });
  const { DeviceValidationDomain, EndpointDomain } = await one(id);
  expect(DeviceValidationDomain).toBe(`device.${EndpointDomain}`);
  await ec2.go('ModifyVerifiedAccessEndpoint', { VerifiedAccessEndpointId: id, VerifiedAccessGroupId });
  expect(await one(id)).toMatchObject({ VerifiedAccessGroupId, VerifiedAccessInstanceId });
  await ec2.go('DeleteVerifiedAccessGroup', { VerifiedAccessGroupId: VerifiedAccessGroup.VerifiedAccessGroupId });
  const listed = (await ec2.go('DescribeVerifiedAccessEndpoints', { VerifiedAccessInstanceId, VerifiedAccessGroupId })).VerifiedAccessEndpoints.map((e: { VerifiedAccessEndpointId: string }) => e.VerifiedAccessEndpointId);
  expect(listed).toContain(id);
  expect((await ec2.go('DescribeVerifiedAccessEndpoints', { VerifiedAccessInstanceId: trusting })).VerifiedAccessEndpoints).toEqual([]);
});
