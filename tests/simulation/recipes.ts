import type { Structure } from '../../protocols/index.ts';
import type { Chance, Names } from './inputs.ts';

type Recipe = (names: Names, random: Chance) => Structure;

const tags = (type: string, random: Chance): Structure => (random.chance(0.3) ? { TagSpecifications: [{ ResourceType: type, Tags: [{ Key: random.pick(['Name', 'Tier']), Value: random.pick(['web', 'db']) }] }] } : {});
const named = (member: string, id: string | undefined): Structure => (id === undefined ? {} : { [member]: id });

const certificate = (names: Names): string => `arn:aws:acm:${names.zones[0]!.slice(0, -1)}:111111111111:certificate/00000000-0000-4000-8000-000000000001`;

/** What makes a world grow: inputs that mostly succeed. Everything else is left to chance. */
export const RECIPES: Readonly<Record<string, Recipe>> = {
  CreateVpc: (names, random) => {
    const pool = random.chance(0.2) ? names.id('IpamPoolId') : undefined;
    return { ...(pool === undefined ? { CidrBlock: `10.${random.below(4)}.0.0/${16 + random.below(4)}` } : { Ipv4IpamPoolId: pool, Ipv4NetmaskLength: 20 + random.below(8) }), ...tags('vpc', random) };
  },
  CreateSubnet: (names, random) => ({ ...named('VpcId', names.id('VpcId')), CidrBlock: `10.${random.below(4)}.${random.below(6)}.0/${24 + random.below(4)}`, ...(random.chance(0.5) ? { AvailabilityZone: random.pick(names.zones) } : {}) }),
  CreateInternetGateway: (_names, random) => tags('internet-gateway', random),
  AttachInternetGateway: (names) => ({ ...named('InternetGatewayId', names.id('InternetGatewayId')), ...named('VpcId', names.id('VpcId')) }),
  CreateNatGateway: (names, random) => ({ ...named('SubnetId', names.id('SubnetId')), ...(random.chance(0.5) ? { ConnectivityType: 'private' } : named('AllocationId', names.id('AllocationId'))) }),
  CreateRouteTable: (names) => named('VpcId', names.id('VpcId')),
  CreateRoute: (names, random) => ({
    ...named('RouteTableId', names.id('RouteTableId')), DestinationCidrBlock: random.pick(['0.0.0.0/0', '172.16.0.0/12', '192.168.0.0/16', '10.9.0.0/16']),
    ...(random.chance(0.5) ? named('GatewayId', names.id('InternetGatewayId')) : random.chance(0.5) ? named('NatGatewayId', names.id('NatGatewayId')) : named('NetworkInterfaceId', names.id('NetworkInterfaceId'))),
  }),
  PutParameter: (_names, random) => ({
    Name: random.pick(['/shop/db/host', '/shop/db/pass', '/shop/name', 'plain']), Value: `value ${random.below(100)}`, Type: random.pick(['String', 'StringList', 'SecureString']),
    ...(random.chance(0.7) ? { Overwrite: true } : { Tags: [{ Key: 'Name', Value: 'web' }] }),
  }),
  AllocateAddress: (_names, random) => tags('elastic-ip', random),
  CreateNetworkInterface: (names, random) => ({ ...named('SubnetId', names.id('SubnetId')), ...(random.chance(0.3) ? { SecondaryPrivateIpAddressCount: 1 + random.below(3) } : {}) }),
  CreateSecurityGroup: (names, random) => ({ ...named('VpcId', names.id('VpcId')), GroupName: `group-${random.below(40)}`, Description: 'a group' }),
  AuthorizeSecurityGroupIngress: (names, random) => ({
    ...named('GroupId', names.id('GroupId')),
    IpPermissions: [{ IpProtocol: 'tcp', FromPort: 20 + random.below(8), ToPort: 30, ...(random.chance(0.6) ? { IpRanges: [{ CidrIp: random.pick(['0.0.0.0/0', '10.0.0.0/8']) }] } : { UserIdGroupPairs: [named('GroupId', names.id('GroupId'))] }) }],
  }),
  RunInstances: (names, random) => ({
    ImageId: random.chance(0.95) ? random.pick(names.images) : 'ami-00000000000000000', InstanceType: random.pick(['t3.micro', 't3.micro', 'm5.large', 't4g.micro']), MinCount: 1, MaxCount: 1 + random.below(3),
    ...(random.chance(0.7) ? named('SubnetId', names.id('SubnetId')) : {}), ...tags('instance', random),
    ...(random.chance(0.2) ? { Placement: { GroupName: `placement-${random.below(4)}` } } : {}),
    ...(random.chance(0.2) ? { InstanceMarketOptions: { MarketType: 'spot' } } : random.chance(0.2) ? { InstanceType: 'm5.large', Placement: { Tenancy: 'host' } } : {}),
  }),
  CreateVolume: (names, random) => ({ AvailabilityZone: random.pick(names.zones), Size: 1 + random.below(20), VolumeType: random.pick(['gp2', 'gp3', 'io1', 'standard']), ...(random.chance(0.2) ? { Iops: 100 + random.below(4000) } : {}) }),
  AttachVolume: (names, random) => ({ ...named('VolumeId', names.id('VolumeId')), ...named('InstanceId', names.id('InstanceId')), Device: `/dev/sd${random.pick(['f', 'g', 'h'])}` }),
  CreateSnapshot: (names) => named('VolumeId', names.id('VolumeId')),
  CreateImage: (names, random) => ({ ...named('InstanceId', names.id('InstanceId')), Name: `image-${random.below(1000)}` }),
  CreateKeyPair: (_names, random) => ({ KeyName: `key-${random.below(30)}`, KeyType: 'ed25519' }),
  CreateLaunchTemplate: (names, random) => ({ LaunchTemplateName: `template-${random.below(30)}`, LaunchTemplateData: { ImageId: random.pick(names.images), InstanceType: 't3.micro' } }),
  CreatePlacementGroup: (_names, random) => ({ GroupName: `placement-${random.below(4)}`, Strategy: random.pick(['cluster', 'spread', 'partition']) }),
  ModifyInstancePlacement: (names, random) => ({ ...named('InstanceId', names.id('InstanceId')), GroupName: random.pick(['', 'placement-0', 'placement-1', 'placement-2']) }),
  DeletePlacementGroup: (_names, random) => ({ GroupName: `placement-${random.below(4)}` }),
  CreateInstanceConnectEndpoint: (names) => named('SubnetId', names.id('SubnetId')),
  CreateInstanceEventWindow: (_names, random) => ({ CronExpression: random.pick(['* 0-4 * * 1', '* 20-23 * * 1,5', '* 0-1 * * 1']) }),
  CreateReplaceRootVolumeTask: (names) => named('InstanceId', names.id('InstanceId')),
  RequestSpotInstances: (names, random) => ({
    LaunchSpecification: { ImageId: random.pick(names.images), InstanceType: random.pick(['m5.large', 't3.micro']) }, InstanceCount: 1 + random.below(2), ...(random.chance(0.5) ? { Type: 'persistent', ...(random.chance(0.5) ? { InstanceInterruptionBehavior: 'stop' } : {}) } : {}),
    ...(random.chance(0.6) ? { SpotPrice: random.pick(['0.03', '0.035', '0.04', '0.05', '0.003', '0.005']) } : {}), ...(random.chance(0.2) ? { LaunchGroup: random.pick(['a', 'b']) } : {}), ...tags('spot-instances-request', random),
  }),
  CreateFleet: (names, random) => ({
    LaunchTemplateConfigs: [{ LaunchTemplateSpecification: { ...named('LaunchTemplateId', names.id('LaunchTemplateId')), Version: '$Latest' }, Overrides: [{ InstanceType: random.pick(['m5.large', 't3.micro']) }, { InstanceType: 'c5.large', WeightedCapacity: 2 }] }],
    TargetCapacitySpecification: { TotalTargetCapacity: 1 + random.below(3), DefaultTargetCapacityType: random.pick(['spot', 'on-demand']) }, Type: random.pick(['instant', 'maintain', 'request']),
  }),
  RequestSpotFleet: (names, random) => ({
    SpotFleetRequestConfig: {
      IamFleetRole: 'arn:aws:iam::123456789012:role/fleet', TargetCapacity: 1 + random.below(3), OnDemandTargetCapacity: random.below(2), Type: random.pick(['maintain', 'request']), AllocationStrategy: random.pick(['lowestPrice', 'diversified', 'capacityOptimized', 'priceCapacityOptimized']),
      LaunchSpecifications: [{ ImageId: random.pick(names.images), InstanceType: 't3.micro' }], ...(random.chance(0.4) ? { SpotPrice: random.pick(['0.003', '0.005']) } : {}),
    },
  }),
  DeleteFleets: (names, random) => ({ FleetIds: [names.id('FleetId') ?? 'fleet-1'], TerminateInstances: random.chance(0.5) }),
  CancelSpotFleetRequests: (names, random) => ({ SpotFleetRequestIds: [names.id('SpotFleetRequestId') ?? 'sfr-1'], TerminateInstances: random.chance(0.5) }),
  CreateCapacityReservation: (names, random) => ({
    InstanceType: random.pick(['m5.large', 't3.micro', 't3.micro']), InstancePlatform: 'Linux/UNIX', AvailabilityZone: random.pick(names.zones), InstanceCount: 1 + random.below(3), ...(random.chance(0.3) ? { InstanceMatchCriteria: 'targeted' } : {}),
  }),
  AllocateHosts: (names, random) => ({ InstanceType: 'm5.large', AvailabilityZone: random.pick(names.zones), Quantity: 1, AutoPlacement: random.pick(['on', 'off']) }),
  TerminateInstances: (names) => ({ InstanceIds: [names.id('InstanceId') ?? 'i-1'] }),
  CreateIpam: (names) => ({ OperatingRegions: [{ RegionName: names.zones[0]!.slice(0, -1) }] }),
  CreateIpamScope: (names) => named('IpamId', names.id('IpamId')),
  CreateIpamPool: (names, random) => ({
    ...named('IpamScopeId', names.id('IpamScopeId')), AddressFamily: random.chance(0.8) ? 'ipv4' : 'ipv6', ...(random.chance(0.7) ? { Locale: names.zones[0]!.slice(0, -1) } : {}),
    ...(random.chance(0.3) ? { AutoImport: true } : {}), ...(random.chance(0.4) ? named('SourceIpamPoolId', names.id('IpamPoolId')) : {}),
  }),
  ProvisionIpamPoolCidr: (names, random) => ({ ...named('IpamPoolId', names.id('IpamPoolId')), ...(random.chance(0.6) ? { Cidr: random.pick(['10.0.0.0/8', '10.0.0.0/14', '10.1.0.0/16', 'fd80::/32']) } : { NetmaskLength: 14 + random.below(6) }) }),
  AllocateIpamPoolCidr: (names, random) => ({ ...named('IpamPoolId', names.id('IpamPoolId')), NetmaskLength: 20 + random.below(9) }),
  AssignPrivateIpAddresses: (names, random) => ({ ...named('NetworkInterfaceId', names.id('NetworkInterfaceId')), ...(random.chance(0.5) ? { Ipv4PrefixCount: 1 + random.below(2) } : { SecondaryPrivateIpAddressCount: 1 }) }),
  EnableAddressTransfer: (names) => ({ ...named('AllocationId', names.id('AllocationId')), TransferAccountId: '999999999999' }),
  CreateRouteServer: (_names, random) => ({ AmazonSideAsn: 65_000 + random.below(9), ...(random.chance(0.3) ? { PersistRoutes: 'enable', PersistRoutesDuration: 1 + random.below(5) } : {}), ...tags('route-server', random) }),
  AssociateRouteServer: (names) => ({ ...named('RouteServerId', names.id('RouteServerId')), ...named('VpcId', names.id('VpcId')) }),
  CreateRouteServerEndpoint: (names) => ({ ...named('RouteServerId', names.id('RouteServerId')), ...named('SubnetId', names.id('SubnetId')) }),
  CreateRouteServerPeer: (names, random) => ({ ...named('RouteServerEndpointId', names.id('RouteServerEndpointId')), PeerAddress: `10.0.1.${random.below(40)}`, BgpOptions: { PeerAsn: 65_100 } }),
  EnableRouteServerPropagation: (names) => ({ ...named('RouteServerId', names.id('RouteServerId')), ...named('RouteTableId', names.id('RouteTableId')) }),
  CreateVerifiedAccessInstance: (_names, random) => ({ CidrEndpointsCustomSubDomain: 'va.example.com', ...tags('verified-access-instance', random) }),
  CreateVerifiedAccessTrustProvider: (_names, random) => ({ TrustProviderType: 'device', DeviceTrustProviderType: random.pick(['jamf', 'crowdstrike']), DeviceOptions: { TenantId: 'tenant' }, PolicyReferenceName: 'devices' }),
  AttachVerifiedAccessTrustProvider: (names) => ({ ...named('VerifiedAccessInstanceId', names.id('VerifiedAccessInstanceId')), ...named('VerifiedAccessTrustProviderId', names.id('VerifiedAccessTrustProviderId')) }),
  CreateVerifiedAccessGroup: (names, random) => ({ ...named('VerifiedAccessInstanceId', names.id('VerifiedAccessInstanceId')), ...(random.chance(0.5) ? { PolicyDocument: 'permit(principal, action, resource);' } : {}) }),
  CreateVerifiedAccessEndpoint: (names, random) => ({
    ...named('VerifiedAccessGroupId', names.id('VerifiedAccessGroupId')), AttachmentType: 'vpc', SecurityGroupIds: [names.id('GroupId') ?? 'sg-1'],
    ...(random.chance(0.5)
      ? { EndpointType: 'cidr', CidrOptions: { Cidr: '10.0.0.0/16', SubnetIds: [names.id('SubnetId') ?? 'subnet-1'], PortRanges: [{ FromPort: 22, ToPort: 22 }] } }
      : { EndpointType: 'network-interface', NetworkInterfaceOptions: { ...named('NetworkInterfaceId', names.id('NetworkInterfaceId')), Protocol: 'tcp', PortRanges: [{ FromPort: 1, ToPort: 1024 }] } }),
  }),
  CreateSecondaryNetwork: (_names, random) => ({ Ipv4CidrBlock: `10.${random.below(4)}.0.0/16`, NetworkType: 'rdma' }),
  CreateSecondarySubnet: (names, random) => ({ ...named('SecondaryNetworkId', names.id('SecondaryNetworkId')), Ipv4CidrBlock: `10.${random.below(4)}.${random.below(6)}.0/24` }),
  CreateTransitGateway: (_names, random) => ({ Options: random.chance(0.5) ? { TransitGatewayCidrBlocks: ['10.99.0.0/24'] } : {}, ...tags('transit-gateway', random) }),
  CreateClientVpnEndpoint: (names, random) => ({
    ClientCidrBlock: random.pick(['172.20.0.0/22', '172.24.0.0/20', '10.0.0.0/14']), ServerCertificateArn: certificate(names), ConnectionLogOptions: { Enabled: false },
    AuthenticationOptions: [{ Type: 'certificate-authentication', MutualAuthentication: { ClientRootCertificateChainArn: certificate(names) } }],
    ...(random.chance(0.3) ? named('VpcId', names.id('VpcId')) : random.chance(0.4) ? { TransitGatewayConfiguration: { ...named('TransitGatewayId', names.id('TransitGatewayId')), AvailabilityZones: [random.pick(names.zones)] } } : {}),
  }),
  AssociateClientVpnTargetNetwork: (names, random) => ({ ...named('ClientVpnEndpointId', names.id('ClientVpnEndpointId')), ...(random.chance(0.8) ? named('SubnetId', names.id('SubnetId')) : { AvailabilityZone: random.pick(names.zones) }) }),
  CreateClientVpnRoute: (names, random) => ({ ...named('ClientVpnEndpointId', names.id('ClientVpnEndpointId')), DestinationCidrBlock: random.pick(['0.0.0.0/0', '192.168.0.0/16']), ...(random.chance(0.8) ? named('TargetVpcSubnetId', names.id('SubnetId')) : {}) }),
  AuthorizeClientVpnIngress: (names, random) => ({ ...named('ClientVpnEndpointId', names.id('ClientVpnEndpointId')), TargetNetworkCidr: random.pick(['0.0.0.0/0', '10.0.0.0/16']), ...(random.chance(0.5) ? { AuthorizeAllGroups: true } : { AccessGroupId: 'S-1-5-21' }) }),
  CreateCustomerGateway: (_names, random) => ({ Type: 'ipsec.1', BgpAsn: 65_001, IpAddress: `198.51.100.${1 + random.below(200)}` }),
  CreateVpnGateway: () => ({ Type: 'ipsec.1' }),
  CreateVpnConcentrator: (names) => ({ Type: 'ipsec.1', ...named('TransitGatewayId', names.id('TransitGatewayId')) }),
  CreateVpnConnection: (names, random) => ({
    Type: 'ipsec.1', ...named('CustomerGatewayId', names.id('CustomerGatewayId')), Options: { StaticRoutesOnly: random.chance(0.3) },
    ...(random.chance(0.4) ? named('VpnGatewayId', names.id('VpnGatewayId')) : random.chance(0.7) ? named('TransitGatewayId', names.id('TransitGatewayId')) : named('VpnConcentratorId', names.id('VpnConcentratorId'))),
  }),
  ModifyVpnConnection: (names, random) => ({ ...named('VpnConnectionId', names.id('VpnConnectionId')), ...(random.chance(0.5) ? named('VpnGatewayId', names.id('VpnGatewayId')) : named('TransitGatewayId', names.id('TransitGatewayId'))) }),
  CreateUser: (_names, random) => ({ UserName: `user-${random.below(30)}` }),
  CreateGroup: (_names, random) => ({ GroupName: `group-${random.below(20)}` }),
  CreateRole: (_names, random) => ({ RoleName: `role-${random.below(30)}` }),
  CreatePolicy: (_names, random) => ({ PolicyName: `policy-${random.below(30)}` }),
  CreateInstanceProfile: (_names, random) => ({ InstanceProfileName: `profile-${random.below(20)}` }),
};
