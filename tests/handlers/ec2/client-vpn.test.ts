import { beforeAll, describe, expect, it } from 'vitest';
import { call } from '../../laws/samples/index.ts';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';
import { iamCalls } from '../../support/iam.ts';
import { as } from '../../support/others.ts';

let fb: Fogbank;
let VpcId: string;
let subnet: string;
let other: string;
const go = (operation: string, input: Record<string, unknown> = {}) => call(fb, operation, input);
const refused = (operation: string, input: Record<string, unknown> = {}) => refusal(go(operation, input));

const certificate = (n: number) => `arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-4000-8000-00000000000${n}`;
const mutual = { Type: 'certificate-authentication', MutualAuthentication: { ClientRootCertificateChainArn: certificate(2) } };
const basic = { ClientCidrBlock: '172.20.0.0/22', ServerCertificateArn: certificate(1), AuthenticationOptions: [mutual], ConnectionLogOptions: { Enabled: false } };
const make = async (over: Record<string, unknown> = {}): Promise<string> => (await go('CreateClientVpnEndpoint', { ...basic, ...over })).ClientVpnEndpointId;
const shown = async (id: string) => (await go('DescribeClientVpnEndpoints', { ClientVpnEndpointIds: [id] })).ClientVpnEndpoints[0];
const networks = async (id: string) => (await go('DescribeClientVpnTargetNetworks', { ClientVpnEndpointId: id })).ClientVpnTargetNetworks;
const routes = async (id: string) => (await go('DescribeClientVpnRoutes', { ClientVpnEndpointId: id })).Routes;
const defaultGroup = async (vpc: string) => (await go('DescribeSecurityGroups', { Filters: [{ Name: 'vpc-id', Values: [vpc] }, { Name: 'group-name', Values: ['default'] }] })).SecurityGroups[0].GroupId;

beforeAll(async () => {
  fb = await fogbank();
  VpcId = (await go('CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc.VpcId;
  subnet = (await go('CreateSubnet', { VpcId, CidrBlock: '10.0.0.0/24', AvailabilityZone: 'us-east-1a' })).Subnet.SubnetId;
  other = (await go('CreateSubnet', { VpcId, CidrBlock: '10.0.1.0/24', AvailabilityZone: 'us-east-1b' })).Subnet.SubnetId;
});

describe('endpoints', () => {
  it('have AWS\'s defaults, and wait for a target network', async () => {
    const made = await go('CreateClientVpnEndpoint', basic);
    expect(made).toMatchObject({ ClientVpnEndpointId: expect.stringMatching(/^cvpn-endpoint-[0-9a-f]{17}$/), Status: { Code: 'pending-associate' }, DnsName: `*.${made.ClientVpnEndpointId}.prod.clientvpn.us-east-1.amazonaws.com` });
    expect(await shown(made.ClientVpnEndpointId)).toMatchObject({
      Status: { Code: 'pending-associate' }, VpnProtocol: 'openvpn', TransportProtocol: 'udp', VpnPort: 443, SplitTunnel: false, SessionTimeoutHours: 24, DisconnectOnSessionTimeout: true, DnsServers: [], AssociatedTargetNetworks: [],
      AuthenticationOptions: [{ Type: 'certificate-authentication', MutualAuthentication: { ClientRootCertificateChain: certificate(2) } }], ConnectionLogOptions: { Enabled: false },
      ClientConnectOptions: { Enabled: false, Status: { Code: 'applied' } }, ClientLoginBannerOptions: { Enabled: false }, ClientRouteEnforcementOptions: { Enforced: false }, EndpointIpAddressType: 'ipv4', TrafficIpAddressType: 'ipv4',
    });
    expect(await shown(made.ClientVpnEndpointId)).not.toHaveProperty('SelfServicePortalUrl');
  });

  it('stand in a VPC with its default group, or with the groups that are named', async () => {
    const id = await make({ VpcId });
    expect(await shown(id)).toMatchObject({ VpcId, SecurityGroupIds: [await defaultGroup(VpcId)] });
    const { GroupId } = await go('CreateSecurityGroup', { VpcId, GroupName: 'clients', Description: 'd' });
    await go('ModifyClientVpnEndpoint', { ClientVpnEndpointId: id, VpcId, SecurityGroupIds: [GroupId] });
    expect((await shown(id)).SecurityGroupIds).toEqual([GroupId]);
    expect(await refused('DeleteSecurityGroup', { GroupId })).toMatchObject({ code: 'DependencyViolation', message: `resource ${GroupId} has a dependent object` });
    expect(await refused('DeleteVpc', { VpcId })).toMatchObject({ code: 'DependencyViolation' });
    expect(await refused('ModifyClientVpnEndpoint', { ClientVpnEndpointId: id, SecurityGroupIds: [GroupId] })).toMatchObject({ code: 'InvalidParameterValue', message: 'Security Groups cannot be modified without specifying Vpc Id' });
    await go('DeleteClientVpnEndpoint', { ClientVpnEndpointId: id });
    await go('DeleteSecurityGroup', { GroupId });
  });

  it.each([
    ['a block that is too large', { ClientCidrBlock: '172.16.0.0/11' }, 'InvalidParameterValue', 'Value (172.16.0.0/11) for parameter clientCidrBlock is invalid. The size of the CIDR block must be from /22 to /12.'],
    ['a block that is too small', { ClientCidrBlock: '172.16.0.0/23' }, 'InvalidParameterValue', undefined],
    ['no block', { ClientCidrBlock: undefined }, 'MissingParameter', 'The request must contain the parameter ClientCidrBlock'],
    ['a block for IPv6 alone', { TrafficIpAddressType: 'ipv6' }, 'InvalidParameterCombination', undefined],
    ['another port', { VpnPort: 8443 }, 'InvalidParameterValue', 'Value (8443) for parameter vpnPort is invalid. Valid values: 443, 1194'],
    ['another session time', { SessionTimeoutHours: 9 }, 'InvalidParameterValue', 'Value (9) for parameter sessionTimeoutHours is invalid. Valid values: 8, 10, 12, 24'],
    ['three DNS servers', { DnsServers: ['10.0.0.1', '10.0.0.2', '10.0.0.3'] }, 'InvalidParameterValue', 'A Client VPN endpoint can have up to 2 DNS servers.'],
    ['a certificate of another Region', { ServerCertificateArn: certificate(1).replace('us-east-1', 'eu-west-1') }, 'InvalidParameterValue', undefined],
    ['what is no certificate', { ServerCertificateArn: 'certificate' }, 'InvalidParameterValue', 'Certificate certificate is not a valid certificate ARN'],
    ['no authentication', { AuthenticationOptions: [] }, 'MissingParameter', undefined],
    ['certificates without a chain', { AuthenticationOptions: [{ Type: 'certificate-authentication' }] }, 'MissingParameter', 'The request must contain the parameter ClientRootCertificateChainArn'],
    ['certificates twice', { AuthenticationOptions: [mutual, mutual] }, 'InvalidParameterCombination', undefined],
    ['an unknown SAML provider', { AuthenticationOptions: [{ Type: 'federated-authentication', FederatedAuthentication: { SAMLProviderArn: 'arn:aws:iam::123456789012:saml-provider/none' } }] }, 'InvalidParameterValue', undefined],
    ['logs without a group', { ConnectionLogOptions: { Enabled: true } }, 'MissingParameter', 'The request must contain the parameter CloudwatchLogGroup'],
    ['a banner without text', { ClientLoginBannerOptions: { Enabled: true } }, 'MissingParameter', undefined],
    ['a connect handler of another name', { ClientConnectOptions: { Enabled: true, LambdaFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:other' } }, 'InvalidParameterValue', undefined],
    ['groups without a VPC', { SecurityGroupIds: ['sg-00000000000000000'] }, 'InvalidParameterValue', 'Security Groups cannot be specified without specifying Vpc Id'],
    ['an unknown VPC', { VpcId: 'vpc-00000000000000000' }, 'InvalidVpcID.NotFound', undefined],
    ['trust providers while posture is disabled', { DevicePostureOptions: { Enabled: false, TrustProviders: [{ TrustProviderType: 'jamf', TenantId: 't' }] } }, 'InvalidParameterCombination', undefined],
  ])('CreateClientVpnEndpoint: refuses %s', async (_what, over, code, message) => {
    const answer = await refused('CreateClientVpnEndpoint', { ...basic, ...over });
    expect(answer).toMatchObject({ code, status: 400, ...(message && { message }) });
  });

  it('ModifyClientVpnEndpoint: changes what is given and leaves the rest', async () => {
    const id = await make({ Description: 'first', DnsServers: ['10.0.0.2'], DevicePostureOptions: { TrustProviders: [{ TrustProviderType: 'jamf', TenantId: 'tenant', PublicSigningKeyUrl: 'https://keys.example.com/jamf' }] } });
    await go('ModifyClientVpnEndpoint', { ClientVpnEndpointId: id, VpnPort: 1194, SplitTunnel: true, ConnectionLogOptions: { Enabled: true, CloudwatchLogGroup: 'vpn' }, ClientLoginBannerOptions: { Enabled: true, BannerText: 'hello' }, SelfServicePortal: 'enabled' });
    const changed = await shown(id);
    expect(changed).toMatchObject({
      Description: 'first', VpnPort: 1194, SplitTunnel: true, DnsServers: ['10.0.0.2'], ConnectionLogOptions: { Enabled: true, CloudwatchLogGroup: 'vpn', CloudwatchLogStream: expect.stringMatching(new RegExp(`^${id}-us-east-1-\\d{4}/\\d{2}/\\d{2}-`)) },
      ClientLoginBannerOptions: { Enabled: true, BannerText: 'hello' }, SelfServicePortalUrl: `https://self-service.clientvpn.amazonaws.com/endpoints/${id}`, DevicePostureOptions: { TrustProviders: [{ TrustProviderType: 'jamf', TenantId: 'tenant', PublicSigningKeyUrl: 'https://keys.example.com/jamf' }] },
    });
    await go('ModifyClientVpnEndpoint', { ClientVpnEndpointId: id, Description: '', DnsServers: { Enabled: false }, DevicePostureOptions: { Enabled: false }, SelfServicePortal: 'disabled' });
    const again = await shown(id);
    expect(again).toMatchObject({ Description: '', DnsServers: [], VpnPort: 1194 });
    expect(again).not.toHaveProperty('DevicePostureOptions');
    expect(again).not.toHaveProperty('SelfServicePortalUrl');
    expect(await refused('ModifyClientVpnEndpoint', { ClientVpnEndpointId: id, Description: 'no', VpnPort: 22 })).toMatchObject({ code: 'InvalidParameterValue' });
    expect((await shown(id)).Description).toBe('');
    expect(await refused('ModifyClientVpnEndpoint', { ClientVpnEndpointId: id, TransitGatewayConfiguration: { TransitGatewayId: 'tgw-00000000000000000' } })).toMatchObject({ code: 'UnsupportedOperation' });
  });

  it('are told as unknown when they are, and after their deletion', async () => {
    const unknown = 'cvpn-endpoint-00000000000000000';
    for (const [operation, more] of [['DescribeClientVpnTargetNetworks', {}], ['DescribeClientVpnRoutes', {}], ['DescribeClientVpnAuthorizationRules', {}], ['DescribeClientVpnConnections', {}], ['DeleteClientVpnEndpoint', {}], ['ExportClientVpnClientConfiguration', {}], ['AssociateClientVpnTargetNetwork', { SubnetId: subnet }]] as const) {
      expect(await refused(operation, { ClientVpnEndpointId: unknown, ...more }), operation).toMatchObject({ code: 'InvalidClientVpnEndpointId.NotFound', message: `Endpoint ${unknown} does not exist` });
    }
    const id = await make();
    expect(await go('DeleteClientVpnEndpoint', { ClientVpnEndpointId: id })).toMatchObject({ Status: { Code: 'deleting' } });
    expect(await shown(id)).toMatchObject({ Status: { Code: 'deleted' }, DeletionTime: expect.any(String) });
    expect(await refused('DeleteClientVpnEndpoint', { ClientVpnEndpointId: id })).toMatchObject({ code: 'InvalidClientVpnEndpointId.NotFound' });
    fb.machine.clock.advance(3_600_001);
    expect(await refused('DescribeClientVpnEndpoints', { ClientVpnEndpointIds: [id] })).toMatchObject({ code: 'InvalidClientVpnEndpointId.NotFound' });
  });
});

describe('target networks', () => {
  it('make an endpoint available, take an address and bring the route to the VPC; the last one takes all of it along', async () => {
    const id = await make();
    const free = async () => (await go('DescribeSubnets', { SubnetIds: [subnet] })).Subnets[0].AvailableIpAddressCount;
    const before = await free();
    const { AssociationId, Status } = await go('AssociateClientVpnTargetNetwork', { ClientVpnEndpointId: id, SubnetId: subnet });
    expect([AssociationId, Status]).toEqual([expect.stringMatching(/^cvpn-assoc-[0-9a-f]{17}$/), { Code: 'associating' }]);
    const group = await defaultGroup(VpcId);
    expect(await networks(id)).toMatchObject([{ AssociationId, VpcId, TargetNetworkId: subnet, ClientVpnEndpointId: id, Status: { Code: 'associated' }, SecurityGroups: [group] }]);
    expect(await shown(id)).toMatchObject({ Status: { Code: 'available' }, VpcId, SecurityGroupIds: [group], AssociatedTargetNetworks: [{ NetworkId: subnet, NetworkType: 'vpc' }] });
    expect(await routes(id)).toMatchObject([{ DestinationCidr: '10.0.0.0/16', TargetSubnet: subnet, Type: 'Nat', Origin: 'associate', Status: { Code: 'active' } }]);
    expect(await free()).toBe(before - 1);
    const [eni] = (await go('DescribeNetworkInterfaces', { Filters: [{ Name: 'description', Values: [`*${id}*`] }] })).NetworkInterfaces;
    expect(eni).toMatchObject({ SubnetId: subnet, RequesterManaged: true, Status: 'in-use', Groups: [{ GroupId: group }] });
    expect(await refused('DeleteClientVpnEndpoint', { ClientVpnEndpointId: id })).toMatchObject({ code: 'ClientVpnEndpointAssociationExists', message: `The endpoint that you're trying to delete has associations ${AssociationId}` });
    expect(await refused('DeleteSubnet', { SubnetId: subnet })).toMatchObject({ code: 'DependencyViolation' });
    const { GroupId } = await go('CreateSecurityGroup', { VpcId, GroupName: 'applied', Description: 'd' });
    expect((await go('ApplySecurityGroupsToClientVpnTargetNetwork', { ClientVpnEndpointId: id, VpcId, SecurityGroupIds: [GroupId] })).SecurityGroupIds).toEqual([GroupId]);
    expect((await networks(id))[0].SecurityGroups).toEqual([GroupId]);
    expect((await go('DescribeNetworkInterfaces', { NetworkInterfaceIds: [eni.NetworkInterfaceId] })).NetworkInterfaces[0].Groups).toEqual([{ GroupId, GroupName: 'applied' }]);
    await go('CreateClientVpnRoute', { ClientVpnEndpointId: id, DestinationCidrBlock: '0.0.0.0/0', TargetVpcSubnetId: subnet });
    expect(await go('DisassociateClientVpnTargetNetwork', { ClientVpnEndpointId: id, AssociationId })).toMatchObject({ AssociationId, Status: { Code: 'disassociating' } });
    expect(await free()).toBe(before);
    expect(await routes(id)).toEqual([]);
    const after = await shown(id);
    expect(after).toMatchObject({ Status: { Code: 'pending-associate' }, AssociatedTargetNetworks: [] });
    expect(after).not.toHaveProperty('VpcId');
    expect(await refused('DisassociateClientVpnTargetNetwork', { ClientVpnEndpointId: id, AssociationId })).toMatchObject({ code: 'InvalidClientVpnAssociationIdNotFound' });
    await go('DeleteSecurityGroup', { GroupId });
    await go('DeleteClientVpnEndpoint', { ClientVpnEndpointId: id });
  });

  it('are one in each zone, of one VPC, away from the clients\' addresses', async () => {
    const id = await make({ ClientCidrBlock: '10.64.0.0/12' });
    await go('AssociateClientVpnTargetNetwork', { ClientVpnEndpointId: id, SubnetId: subnet });
    const twin = (await go('CreateSubnet', { VpcId, CidrBlock: '10.0.2.0/24', AvailabilityZone: 'us-east-1a' })).Subnet.SubnetId;
    const small = (await go('CreateSubnet', { VpcId, CidrBlock: '10.0.3.0/28', AvailabilityZone: 'us-east-1c' })).Subnet.SubnetId;
    const away = (await go('CreateVpc', { CidrBlock: '10.64.0.0/16' })).Vpc.VpcId;
    const foreign = (await go('CreateSubnet', { VpcId: away, CidrBlock: '10.64.0.0/24', AvailabilityZone: 'us-east-1d' })).Subnet.SubnetId;
    const associate = (SubnetId: string | undefined, endpoint = id) => refused('AssociateClientVpnTargetNetwork', { ClientVpnEndpointId: endpoint, SubnetId });
    expect(await associate(subnet)).toMatchObject({ code: 'InvalidClientVpnDuplicateAssociationException' });
    expect(await associate(twin)).toMatchObject({ code: 'InvalidClientVpnSubnetId.DuplicateAz' });
    expect(await associate(small)).toMatchObject({ code: 'InvalidParameterValue' });
    expect(await associate(foreign)).toMatchObject({ code: 'InvalidClientVpnSubnetId.NotFound' });
    expect(await associate('subnet-00000000000000000')).toMatchObject({ code: 'InvalidClientVpnSubnetId.NotFound' });
    expect(await associate('nowhere')).toMatchObject({ code: 'InvalidSubnetID.Malformed' });
    expect(await associate(undefined)).toMatchObject({ code: 'MissingParameter', message: 'The request must contain the parameter SubnetId' });
    expect(await associate(foreign, await make({ ClientCidrBlock: '10.64.0.0/12' }))).toMatchObject({ code: 'InvalidClientVpnSubnetId.OverlappingCidr' });
    expect(await refused('ModifyClientVpnEndpoint', { ClientVpnEndpointId: id, VpcId: away })).toMatchObject({ code: 'IncorrectState' });
    expect(await refused('ApplySecurityGroupsToClientVpnTargetNetwork', { ClientVpnEndpointId: await make(), VpcId, SecurityGroupIds: [await defaultGroup(VpcId)] })).toMatchObject({ code: 'InvalidClientVpnActiveAssociationNotFound' });
    const second = await go('AssociateClientVpnTargetNetwork', { ClientVpnEndpointId: id, SubnetId: other });
    expect((await go('DescribeClientVpnTargetNetworks', { ClientVpnEndpointId: id, AssociationIds: [second.AssociationId] })).ClientVpnTargetNetworks).toMatchObject([{ TargetNetworkId: other }]);
    expect((await go('DescribeClientVpnTargetNetworks', { ClientVpnEndpointId: id, Filters: [{ Name: 'target-network-id', Values: [subnet] }] })).ClientVpnTargetNetworks).toHaveLength(1);
    expect(await refused('DescribeClientVpnTargetNetworks', { ClientVpnEndpointId: id, AssociationIds: ['cvpn-assoc-00000000000000000'] })).toMatchObject({ code: 'InvalidClientVpnAssociationIdNotFound' });
    await go('DisassociateClientVpnTargetNetwork', { ClientVpnEndpointId: id, AssociationId: second.AssociationId });
    expect(await shown(id)).toMatchObject({ Status: { Code: 'available' }, VpcId });
    expect((await routes(id)).map((r: { TargetSubnet: string }) => r.TargetSubnet)).toEqual([subnet]);
  });

  it('take their time', async () => {
    const slow = await fogbank({ pace: 'realistic' });
    slow.machine.clock.hold();
    const at = (operation: string, input: Record<string, unknown> = {}) => call(slow, operation, input);
    const vpc = (await at('CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc.VpcId;
    const { SubnetId } = (await at('CreateSubnet', { VpcId: vpc, CidrBlock: '10.0.0.0/24' })).Subnet;
    const { ClientVpnEndpointId } = await at('CreateClientVpnEndpoint', { ...basic, ClientConnectOptions: { Enabled: true, LambdaFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:AWSClientVPN-check' } });
    const { AssociationId } = await at('AssociateClientVpnTargetNetwork', { ClientVpnEndpointId, SubnetId });
    const endpoint = async () => (await at('DescribeClientVpnEndpoints')).ClientVpnEndpoints[0];
    expect((await endpoint()).Status.Code).toBe('pending-associate');
    expect(await refusal(at('CreateClientVpnRoute', { ClientVpnEndpointId, DestinationCidrBlock: '0.0.0.0/0', TargetVpcSubnetId: SubnetId }))).toMatchObject({ code: 'InvalidClientVpnActiveAssociationNotFound' });
    slow.machine.clock.advance(300_000);
    expect((await endpoint()).Status.Code).toBe('available');
    await at('ModifyClientVpnEndpoint', { ClientVpnEndpointId, ClientConnectOptions: { Enabled: false } });
    expect((await endpoint()).ClientConnectOptions).toEqual({ Enabled: false, Status: { Code: 'applying' } });
    slow.machine.clock.advance(30_000);
    expect((await endpoint()).ClientConnectOptions.Status.Code).toBe('applied');
    await at('DisassociateClientVpnTargetNetwork', { ClientVpnEndpointId, AssociationId });
    expect(await refusal(at('DeleteClientVpnEndpoint', { ClientVpnEndpointId }))).toMatchObject({ code: 'ClientVpnEndpointAssociationExists' });
    slow.machine.clock.advance(180_000);
    expect((await endpoint()).Status.Code).toBe('pending-associate');
    expect((await at('DescribeClientVpnTargetNetworks', { ClientVpnEndpointId })).ClientVpnTargetNetworks).toMatchObject([{ Status: { Code: 'disassociated' } }]);
    slow.machine.clock.advance(60_000);
    expect((await at('DescribeClientVpnTargetNetworks', { ClientVpnEndpointId })).ClientVpnTargetNetworks).toEqual([]);
  });
});

describe('routes and rules', () => {
  let id: string;
  beforeAll(async () => {
    id = await make({ ClientCidrBlock: '172.24.0.0/22' });
    await go('AssociateClientVpnTargetNetwork', { ClientVpnEndpointId: id, SubnetId: subnet });
  });

  it('a route leads through a target network, or stays among the clients', async () => {
    const route = (DestinationCidrBlock: string, TargetVpcSubnetId?: string) => ({ ClientVpnEndpointId: id, DestinationCidrBlock, TargetVpcSubnetId });
    expect(await go('CreateClientVpnRoute', { ...route('192.168.8.9/16', subnet), Description: 'office' })).toMatchObject({ Status: { Code: 'creating' } });
    await go('CreateClientVpnRoute', route('172.24.0.0/22', 'local'));
    const found = (await go('DescribeClientVpnRoutes', { ClientVpnEndpointId: id, Filters: [{ Name: 'origin', Values: ['add-route'] }] })).Routes;
    expect(found).toMatchObject([{ DestinationCidr: '192.168.0.0/16', TargetSubnet: subnet, Description: 'office', Status: { Code: 'active' } }, { DestinationCidr: '172.24.0.0/22', TargetSubnet: 'local' }]);
    expect(await refused('CreateClientVpnRoute', route('192.168.0.0/16', subnet))).toMatchObject({ code: 'InvalidClientVpnDuplicateRoute', message: 'Route already exists' });
    expect(await refused('CreateClientVpnRoute', route('10.0.0.0/16', subnet))).toMatchObject({ code: 'InvalidClientVpnDuplicateRoute' });
    expect(await refused('CreateClientVpnRoute', route('0.0.0.0/0', other))).toMatchObject({ code: 'InvalidClientVpnActiveAssociationNotFound' });
    expect(await refused('CreateClientVpnRoute', route('0.0.0.0/0'))).toMatchObject({ code: 'MissingParameter' });
    expect(await refused('CreateClientVpnRoute', route('0.0.0.0/0', 'local'))).toMatchObject({ code: 'InvalidParameterValue' });
    expect(await refused('CreateClientVpnRoute', route('172.24.1.0/24', subnet))).toMatchObject({ code: 'InvalidParameterValue' });
    expect(await refused('CreateClientVpnRoute', route('::/0', subnet))).toMatchObject({ code: 'InvalidParameterValue' });
    expect(await refused('DeleteClientVpnRoute', route('10.0.0.0/16', subnet))).toMatchObject({ code: 'OperationNotPermitted' });
    expect(await refused('DeleteClientVpnRoute', route('10.9.0.0/16', subnet))).toMatchObject({ code: 'InvalidClientVpnRouteNotFound' });
    expect(await go('DeleteClientVpnRoute', route('192.168.0.0/16'))).toMatchObject({ Status: { Code: 'deleting' } });
    expect((await routes(id)).map((r: { DestinationCidr: string }) => r.DestinationCidr)).toEqual(['10.0.0.0/16', '172.24.0.0/22']);
  });

  it('a rule is for everybody or for one group', async () => {
    const rules = async () => (await go('DescribeClientVpnAuthorizationRules', { ClientVpnEndpointId: id })).AuthorizationRules;
    const to = { ClientVpnEndpointId: id, TargetNetworkCidr: '10.0.0.0/16' };
    expect(await go('AuthorizeClientVpnIngress', { ...to, AuthorizeAllGroups: true, Description: 'all' })).toMatchObject({ Status: { Code: 'authorizing' } });
    await go('AuthorizeClientVpnIngress', { ...to, AccessGroupId: 'S-1-5-21' });
    expect(await rules()).toMatchObject([{ DestinationCidr: '10.0.0.0/16', AccessAll: true, GroupId: '', Description: 'all', Status: { Code: 'active' } }, { AccessAll: false, GroupId: 'S-1-5-21' }]);
    expect((await go('DescribeClientVpnAuthorizationRules', { ClientVpnEndpointId: id, Filters: [{ Name: 'group-id', Values: ['S-*'] }] })).AuthorizationRules).toHaveLength(1);
    expect(await refused('AuthorizeClientVpnIngress', { ...to, AuthorizeAllGroups: true })).toMatchObject({ code: 'InvalidClientVpnDuplicateAuthorizationRule' });
    expect(await refused('AuthorizeClientVpnIngress', to)).toMatchObject({ code: 'MissingParameter', message: 'You must specify either access-group-id or authorize-all-groups' });
    expect(await refused('AuthorizeClientVpnIngress', { ...to, AuthorizeAllGroups: true, AccessGroupId: 'g' })).toMatchObject({ code: 'InvalidParameterCombination' });
    expect(await refused('AuthorizeClientVpnIngress', { ...to, TargetNetworkCidr: 'nowhere', AuthorizeAllGroups: true })).toMatchObject({ code: 'InvalidParameterValue' });
    expect(await go('RevokeClientVpnIngress', { ...to, RevokeAllGroups: true })).toMatchObject({ Status: { Code: 'revoking' } });
    expect(await rules()).toMatchObject([{ GroupId: 'S-1-5-21' }]);
    expect(await refused('RevokeClientVpnIngress', { ...to, RevokeAllGroups: true })).toMatchObject({ code: 'InvalidClientVpnEndpointAuthorizationRuleNotFound' });
  });
});

const CRL = `-----BEGIN X509 CRL-----
MIIBhzBxAgEBMA0GCSqGSIb3DQEBCwUAMBkxFzAVBgNVBAMMDmNhLmV4YW1wbGUu
Y29tFw0yNjExMjExNjAxNTlaFw0zNjExMTgxNjAxNTlaMBQwEgIBARcNMjYxMTIx
MTYwMTU5WqAOMAwwCgYDVR0UBAMCAQIwDQYJKoZIhvcNAQELBQADggEBAKNkrblB
48NbVPSqRYdLZ91U6RYmsSlQJKh0SntmK9nlN2r50A1JGPoJ7vdNaRICKMkj/QOT
MdcO2FT5WJv904B6gvK8KQSpLQHm2FDL5W1RJN5iMgG+QdkpoVs2aUkdOlW/qVkl
AdVP2MCicpjPjjTM3ugGVR2mgijkkayENLoJrwMAY8NUT3s8FALmqhTtzBTqF5ie
/aM0cEIuUjLSqLjH1MbbL5Z5iG0iaEKzYRdbkmGcCYfUlB7gIhFRBgrYy6XB2zZ3
0vkJH1hi+5kJuSFlcL8WLEqoWc8AYdwowpmekQx/d+iNzIy+rmHnpvf0Ok11axAK
II7+kUQFXg5OL7o=
-----END X509 CRL-----`;

describe('clients', () => {
  it('a revocation list is read before it is kept', async () => {
    const id = await make();
    expect((await go('ExportClientVpnClientCertificateRevocationList', { ClientVpnEndpointId: id })).CertificateRevocationList).toBeUndefined();
    const body = CRL.split('\n').slice(1, -1).join('');
    for (const nonsense of ['nonsense', CRL.replaceAll('X509 CRL', 'CERTIFICATE'), `-----BEGIN X509 CRL-----\n${body.slice(0, 200)}\n-----END X509 CRL-----`, '-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----']) {
      expect(await refused('ImportClientVpnClientCertificateRevocationList', { ClientVpnEndpointId: id, CertificateRevocationList: nonsense })).toMatchObject({ code: 'InvalidParameterValue', message: 'The certificate revocation list is not a valid X.509 CRL in PEM format' });
    }
    expect(await go('ImportClientVpnClientCertificateRevocationList', { ClientVpnEndpointId: id, CertificateRevocationList: CRL })).toMatchObject({ Return: true });
    expect(await go('ExportClientVpnClientCertificateRevocationList', { ClientVpnEndpointId: id })).toMatchObject({ CertificateRevocationList: CRL, Status: { Code: 'active' } });
  });

  it('a client\'s file names the endpoint', async () => {
    const id = await make({ TransportProtocol: 'tcp', VpnPort: 1194, AuthenticationOptions: [mutual, { Type: 'directory-service-authentication', ActiveDirectory: { DirectoryId: 'd-0123456789' } }] });
    const lines = (await go('ExportClientVpnClientConfiguration', { ClientVpnEndpointId: id })).ClientConfiguration.split('\n');
    expect(lines).toEqual(expect.arrayContaining(['client', 'dev tun', 'proto tcp', `remote ${id}.prod.clientvpn.us-east-1.amazonaws.com 1194`, 'remote-random-hostname', 'cipher AES-256-GCM', '<ca>', '</ca>', 'auth-user-pass', 'reneg-sec 0']));
  });

  it('nobody is connected', async () => {
    const id = await make();
    expect((await go('DescribeClientVpnConnections', { ClientVpnEndpointId: id, Filters: [{ Name: 'username', Values: ['x'] }] })).Connections).toEqual([]);
    expect(await refused('DescribeClientVpnConnections', { ClientVpnEndpointId: id, Filters: [{ Name: 'nonsense', Values: ['x'] }] })).toMatchObject({ code: 'InvalidParameterValue', message: "The filter 'nonsense' is invalid" });
    expect(await refused('TerminateClientVpnConnections', { ClientVpnEndpointId: id, ConnectionId: 'cvpn-connection-0' })).toMatchObject({ code: 'InvalidClientVpnConnection.IdNotFound' });
    expect(await refused('TerminateClientVpnConnections', { ClientVpnEndpointId: id, Username: 'ann' })).toMatchObject({ code: 'InvalidClientVpnConnection.UserNotFound' });
    expect(await refused('TerminateClientVpnConnections', { ClientVpnEndpointId: id })).toMatchObject({ code: 'MissingParameter' });
  });

  it('an authorization policy is Cedar, and changes in parts', async () => {
    const ClientVpnEndpointId = await make();
    const get = () => go('GetClientVpnEndpointAuthorizationPolicy', { ClientVpnEndpointId });
    const modify = (input: Record<string, unknown>) => go('ModifyClientVpnEndpointAuthorizationPolicy', { ClientVpnEndpointId, ...input });
    const PolicyDocument = '// who may\n@id("one") permit(principal in Group::"staff", action, resource) when { context.jamf.risk == "LOW" && [1, 2].contains(3) };';
    expect(await refusal(get())).toMatchObject({ code: 'InvalidClientVpnEndpointAuthorizationPolicy.NotFound' });
    expect(await refusal(modify({ Description: 'd' }))).toMatchObject({ code: 'MissingParameter' });
    for (const nonsense of ['{"Version": "2012-10-17"}', 'permit(principal, action, resource)', 'permit(principal, action);', 'permit(principal, action, resource) when { (true };', 'allow(principal, action, resource);', 'permit(principal, action, resource) when {};']) {
      expect(await refusal(modify({ PolicyDocument: nonsense })), nonsense).toMatchObject({ code: 'InvalidParameterValue' });
    }
    expect(await modify({ PolicyDocument })).toMatchObject({ Status: 'creating' });
    expect(await modify({ Description: 'd', ShadowMode: 'enabled' })).toMatchObject({ Status: 'updating' });
    expect(await get()).toMatchObject({ ClientVpnEndpointId, PolicyDocument, Description: 'd', ShadowMode: 'enabled', Status: 'active' });
    expect(await go('DeleteClientVpnEndpointAuthorizationPolicy', { ClientVpnEndpointId })).toMatchObject({ Status: 'deleting' });
    expect(await refusal(get())).toMatchObject({ code: 'InvalidClientVpnEndpointAuthorizationPolicy.NotFound' });
  });
});

describe('transit gateways', () => {
  const gateway = async (Options = {}) => (await go('CreateTransitGateway', { Options })).TransitGateway.TransitGatewayId;

  it('an endpoint is attached to its gateway, whose table leads to its clients', async () => {
    const TransitGatewayId = await gateway({ TransitGatewayCidrBlocks: ['10.99.0.0/24'] });
    const id = await make({ TransitGatewayConfiguration: { TransitGatewayId, AvailabilityZones: ['us-east-1a'] } });
    const endpoint = await shown(id);
    const { TransitGatewayAttachmentId } = endpoint.TransitGatewayConfiguration;
    expect(endpoint).toMatchObject({ Status: { Code: 'available' }, TransitGatewayConfiguration: { TransitGatewayId, AvailabilityZones: ['us-east-1a'], AvailabilityZoneIds: [expect.stringMatching(/^use1-az/)] } });
    expect((await go('DescribeTransitGatewayAttachments', { Filters: [{ Name: 'resource-type', Values: ['client-vpn'] }] })).TransitGatewayAttachments).toMatchObject([{ TransitGatewayAttachmentId, ResourceId: id, State: 'available', Association: { State: 'associated' } }]);
    const [table] = (await go('DescribeTransitGatewayRouteTables', { Filters: [{ Name: 'transit-gateway-id', Values: [TransitGatewayId] }] })).TransitGatewayRouteTables;
    const { Routes } = await go('SearchTransitGatewayRoutes', { TransitGatewayRouteTableId: table.TransitGatewayRouteTableId, Filters: [{ Name: 'attachment.resource-type', Values: ['client-vpn'] }] });
    expect(Routes).toMatchObject([{ DestinationCidrBlock: '172.20.0.0/22', Type: 'propagated', State: 'active' }]);
    await go('CreateClientVpnRoute', { ClientVpnEndpointId: id, DestinationCidrBlock: '10.0.0.0/8' });
    expect(await routes(id)).toMatchObject([{ DestinationCidr: '10.0.0.0/8', TransitGatewayAttachmentId }]);
    expect(await refused('DeleteTransitGateway', { TransitGatewayId })).toMatchObject({ code: 'IncorrectState', message: `${TransitGatewayId} has non-deleted Client VPN Attachments: ${TransitGatewayAttachmentId}.` });
    expect(await refused('AssociateClientVpnTargetNetwork', { ClientVpnEndpointId: id, AvailabilityZone: 'us-east-1a' })).toMatchObject({ code: 'InvalidClientVpnSubnetId.DuplicateAz' });
    expect(await refused('AssociateClientVpnTargetNetwork', { ClientVpnEndpointId: id, SubnetId: subnet })).toMatchObject({ code: 'MissingParameter' });
    await go('AssociateClientVpnTargetNetwork', { ClientVpnEndpointId: id, AvailabilityZone: 'us-east-1b' });
    for (const operation of ['AcceptTransitGatewayClientVpnAttachment', 'RejectTransitGatewayClientVpnAttachment']) expect(await refused(operation, { TransitGatewayAttachmentId })).toMatchObject({ code: 'IncorrectState', message: `${TransitGatewayAttachmentId} is in invalid state` });
    expect((await go('DeleteTransitGatewayClientVpnAttachment', { TransitGatewayAttachmentId })).TransitGatewayClientVpnAttachment).toMatchObject({ TransitGatewayAttachmentId, TransitGatewayId, ClientVpnEndpointId: id, ClientVpnOwnerId: '123456789012', State: 'deleting' });
    expect((await shown(id)).Status.Code).toBe('pending');
    await go('DeleteClientVpnEndpoint', { ClientVpnEndpointId: id });
    await go('DeleteTransitGateway', { TransitGatewayId });
  });

  it('an endpoint with a gateway has no VPC, and its gateway is its own account\'s', async () => {
    const TransitGatewayId = await gateway({ TransitGatewayCidrBlocks: ['10.99.0.0/24'] });
    const at = (over: Record<string, unknown>) => refused('CreateClientVpnEndpoint', { ...basic, ...over });
    expect(await at({ VpcId, TransitGatewayConfiguration: { TransitGatewayId } })).toMatchObject({ code: 'InvalidParameterCombination' });
    expect(await at({ TransitGatewayConfiguration: { TransitGatewayId, AvailabilityZones: ['us-east-1a'], AvailabilityZoneIds: ['use1-az1'] } })).toMatchObject({ code: 'InvalidParameterCombination' });
    expect(await at({ TransitGatewayConfiguration: { TransitGatewayId, AvailabilityZones: ['us-east-1z'] } })).toMatchObject({ code: 'InvalidZone.NotFound' });
    expect(await at({ TransitGatewayConfiguration: { TransitGatewayId: await gateway() } })).toMatchObject({ code: 'InvalidParameterValue' });
    const theirs = (await as(fb, { accessKeyId: '999999999999' }).go('CreateTransitGateway')).TransitGateway.TransitGatewayId;
    expect(await at({ TransitGatewayConfiguration: { TransitGatewayId: theirs } })).toMatchObject({ code: 'InvalidTransitGatewayID.NotFound' });
    const id = await make({ TransitGatewayConfiguration: { TransitGatewayId } });
    expect((await shown(id)).Status.Code).toBe('pending-associate');
    await go('DeleteClientVpnEndpoint', { ClientVpnEndpointId: id });
    await go('DeleteTransitGateway', { TransitGatewayId });
  });
});

describe('limits and ends', () => {
  it('five endpoints are the most in a Region, and one that is deleted counts no more', async () => {
    const strict = await fogbank({ quotas: 'enforce' });
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.push((await call(strict, 'CreateClientVpnEndpoint', basic)).ClientVpnEndpointId);
    expect(await refusal(call(strict, 'CreateClientVpnEndpoint', basic))).toMatchObject({ code: 'ClientVpnEndpointLimitExceeded', status: 400 });
    await call(strict, 'DeleteClientVpnEndpoint', { ClientVpnEndpointId: ids[0] });
    expect((await call(strict, 'DescribeClientVpnEndpoints', { ClientVpnEndpointIds: [ids[0]] })).ClientVpnEndpoints).toMatchObject([{ Status: { Code: 'deleted' } }]);
    await call(strict, 'CreateClientVpnEndpoint', basic);
  });

  it('a VPC that is to go altogether takes its endpoints along, with all that they hold', async () => {
    const vpc = (await go('CreateVpc', { CidrBlock: '10.5.0.0/16' })).Vpc.VpcId;
    const { SubnetId } = (await go('CreateSubnet', { VpcId: vpc, CidrBlock: '10.5.0.0/24' })).Subnet;
    const id = await make();
    await go('AssociateClientVpnTargetNetwork', { ClientVpnEndpointId: id, SubnetId });
    await go('AuthorizeClientVpnIngress', { ClientVpnEndpointId: id, TargetNetworkCidr: '10.5.0.0/16', AuthorizeAllGroups: true });
    const { deleted } = await (await fetch(`${fb.endpoint}/_fogbank/resources?vpc=${vpc}`, { method: 'DELETE' })).json() as { deleted: { kind: string; id: string }[] };
    expect(deleted.map((d) => d.id)).toEqual(expect.arrayContaining([vpc, SubnetId, id]));
    expect(await refused('DescribeClientVpnEndpoints', { ClientVpnEndpointIds: [id] })).toMatchObject({ code: 'InvalidClientVpnEndpointId.NotFound' });
    expect((await go('DescribeNetworkInterfaces', { Filters: [{ Name: 'vpc-id', Values: [vpc] }] })).NetworkInterfaces).toEqual([]);
  });
});

it('a policy asks what an endpoint trusts, and a connection what its tunnels are like', async () => {
  const iam = iamCalls(() => fb.iam).go;
  await iam('CreateUser', { UserName: 'asked' });
  const { AccessKey } = await iam('CreateAccessKey', { UserName: 'asked' });
  const allow = (Action: string[], Condition?: object) => ({ Effect: 'Allow', Action, Resource: '*', ...(Condition && { Condition }) });
  await iam('PutUserPolicy', { UserName: 'asked', PolicyName: 'p', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [
    allow(['ec2:CreateClientVpnEndpoint', 'ec2:ModifyClientVpnEndpoint'], { StringEquals: { 'ec2:ServerCertificateArn': certificate(1) } }),
    allow(['ec2:CreateVpnConnection'], { StringEqualsIfExists: { 'ec2:GatewayType': 'TGW', 'ec2:Phase1EncryptionAlgorithms': 'AES256' } }),
  ] }) });
  const user = as(fb, { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey });
  const { ClientVpnEndpointId } = await user.go('CreateClientVpnEndpoint', basic);
  await user.go('ModifyClientVpnEndpoint', { ClientVpnEndpointId, Description: 'mine' });
  expect(await user.refused('CreateClientVpnEndpoint', { ...basic, ServerCertificateArn: certificate(3) })).toMatchObject({ code: 'UnauthorizedOperation' });
  const { CustomerGatewayId } = (await go('CreateCustomerGateway', { Type: 'ipsec.1', BgpAsn: 65001, IpAddress: '198.51.100.7' })).CustomerGateway;
  const wish = (Value: string, over = {}) => ({ Type: 'ipsec.1', CustomerGatewayId, Options: { TunnelOptions: [{ Phase1EncryptionAlgorithms: [{ Value }] }] }, ...over });
  await user.go('CreateVpnConnection', wish('AES256'));
  expect(await user.refused('CreateVpnConnection', wish('AES128'))).toMatchObject({ code: 'UnauthorizedOperation' });
  expect(await user.refused('CreateVpnConnection', wish('AES256', { VpnGatewayId: (await go('CreateVpnGateway', { Type: 'ipsec.1' })).VpnGateway.VpnGatewayId }))).toMatchObject({ code: 'UnauthorizedOperation' });
});
