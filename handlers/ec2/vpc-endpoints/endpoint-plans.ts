import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Context } from '../../../src/kit/index.ts';
import { isRegion, zonesOf } from '../catalog/regions.ts';
import * as errors from '../errors.ts';
import { groupIdentifiers } from '../network-interfaces/network-interfaces.ts';
import { vpcs, type StoredVpc } from '../vpcs/vpcs.ts';
import { nameEndpoint, serveSubnets } from './endpoint-interfaces.ts';
import { changeDnsOptions, checkAddressType, checkPolicy, checkPrivateDns, FULL_ACCESS } from './endpoint-options.ts';
import { notForType, serviceNotFound, typeMismatch } from './errors.ts';
import { addGatewayRoutes } from './gateway-routes.ts';
import { servicesNamed, type EndpointService } from './services.ts';
import { endpointState, vpcEndpoints, type EndpointFacts, type StoredEndpoint } from './vpc-endpoints.ts';

/** What CreateVpcEndpoint makes. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html */

type Input = Ec2Operations['CreateVpcEndpoint']['input'];
export type EndpointType = NonNullable<Input['VpcEndpointType']>;

const LATTICE = ['SubnetIds', 'SecurityGroupIds', 'PrivateDnsEnabled', 'DnsOptions', 'IpAddressType', 'SubnetConfigurations'];

/** Members that only some types of endpoints have. */
export const MEMBERS: Readonly<Record<EndpointType, readonly string[]>> = {
  Gateway: ['ServiceName', 'RouteTableIds', 'PolicyDocument', 'IpAddressType', 'DnsOptions'],
  Interface: ['ServiceName', 'ServiceRegion', 'PolicyDocument', ...LATTICE],
  GatewayLoadBalancer: ['ServiceName', 'SubnetIds', 'IpAddressType', 'SubnetConfigurations'],
  Resource: ['ResourceConfigurationArn', ...LATTICE],
  ServiceNetwork: ['ServiceNetworkArn', ...LATTICE],
  Tunnel: ['ResourceConfigurationArn', ...LATTICE],
};

const RESTRICTED = [...new Set(Object.values(MEMBERS).flat())];

/** Refuses what is given and is of another type of endpoint; false and empty lists say nothing. */
export function refuseStrangers(given: object, type: EndpointType, nameOf: (member: string) => string = (m) => m): void {
  for (const [member, value] of Object.entries(given)) {
    const name = nameOf(member);
    const says = value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);
    if (says && RESTRICTED.includes(name) && !MEMBERS[type].includes(name)) throw notForType(member, type);
  }
}

async function serviceFor(ctx: Context, input: Input, type: EndpointType): Promise<{ found: EndpointService; gatewayAndInterface: boolean }> {
  if (input.ServiceName === undefined) throw errors.missingParameter('serviceName');
  const region = input.ServiceRegion ?? ctx.region;
  if (!isRegion(region)) throw errors.invalidValue(region, 'serviceRegion');
  const services = await servicesNamed(ctx, input.ServiceName, region);
  if (services.length === 0) throw serviceNotFound(input.ServiceName);
  const types = services.flatMap((s) => s.detail.ServiceType!.map((t) => t.ServiceType!));
  const found = services.find((s) => s.detail.ServiceType!.some((t) => t.ServiceType === type));
  if (!found) throw typeMismatch(type, types);
  return { found, gatewayAndInterface: type === 'Interface' && types.includes('Gateway') && found.detail.PrivateDnsNames !== undefined };
}

const factsOf = (ctx: Context, { detail, owner }: EndpointService, gatewayAndInterface: boolean): EndpointFacts => ({
  label: ctx.ids.hex(8), base: detail.BaseEndpointDnsNames?.[0],
  // Only a verified name is used. https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html
  privateNames: detail.PrivateDnsNameVerificationState === 'verified' ? detail.PrivateDnsNames!.map((n) => n.PrivateDnsName!) : [],
  gatewayAndInterface, addressTypes: detail.SupportedIpAddressTypes ?? ['ipv4'], zones: detail.AvailabilityZones ?? [],
  ...(owner === undefined ? {} : { service: { account: owner, region: detail.ServiceRegion!, id: detail.ServiceId! } }),
});

const commonOf = (ctx: Context, vpc: StoredVpc, type: EndpointType): Partial<StoredEndpoint> => ({
  VpcEndpointId: ctx.newId(vpcEndpoints), VpcEndpointType: type, VpcId: vpc.VpcId, OwnerId: ctx.account, RequesterManaged: false, CreationTimestamp: ctx.now, PrivateDnsEnabled: false,
  RouteTableIds: [], SubnetIds: [], Groups: [], NetworkInterfaceIds: [], DnsEntries: [], Tags: [],
});

async function planGateway(input: Input, vpc: StoredVpc, ctx: Context): Promise<StoredEndpoint> {
  const { found } = await serviceFor(ctx, input, 'Gateway');
  const endpoint: StoredEndpoint = {
    ...commonOf(ctx, vpc, 'Gateway'), ServiceName: input.ServiceName, ServiceRegion: ctx.region, State: endpointState('available'), IpAddressType: input.IpAddressType ?? 'ipv4',
    PolicyDocument: input.PolicyDocument === undefined ? FULL_ACCESS.Gateway : checkPolicy(input.PolicyDocument), DnsOptions: { DnsRecordIpType: 'service-defined' },
    RouteTableIds: [...new Set(input.RouteTableIds ?? [])], $: { ...factsOf(ctx, found, false), base: undefined },
  };
  changeDnsOptions(endpoint, input.DnsOptions);
  checkAddressType(endpoint);
  await addGatewayRoutes(ctx, endpoint, endpoint.RouteTableIds!);
  return endpoint;
}

/** Addresses, groups, names: what every endpoint with interfaces has. */
async function furnish(endpoint: StoredEndpoint, input: Input, vpc: StoredVpc, ctx: Context): Promise<StoredEndpoint> {
  changeDnsOptions(endpoint, input.DnsOptions);
  checkAddressType(endpoint);
  await checkPrivateDns(ctx, endpoint, vpc);
  if (endpoint.VpcEndpointType !== 'GatewayLoadBalancer') endpoint.Groups = await groupIdentifiers(ctx, input.SecurityGroupIds ?? [], vpc.VpcId!);
  await serveSubnets(ctx, endpoint, input.SubnetIds ?? [], input.SubnetConfigurations ?? []);
  await nameEndpoint(ctx, endpoint);
  return endpoint;
}

async function planServed(input: Input, vpc: StoredVpc, type: 'Interface' | 'GatewayLoadBalancer', ctx: Context): Promise<StoredEndpoint> {
  const { found, gatewayAndInterface } = await serviceFor(ctx, input, type);
  if (input.PolicyDocument !== undefined && !found.detail.VpcEndpointPolicySupported) throw errors.invalidParameter(`The service ${input.ServiceName} does not support endpoint policies.`);
  const addressType = input.IpAddressType ?? 'ipv4';
  return furnish({
    ...commonOf(ctx, vpc, type), ServiceName: input.ServiceName, ServiceRegion: found.detail.ServiceRegion, State: endpointState(found.detail.AcceptanceRequired ? 'pendingAcceptance' : 'pending'),
    IpAddressType: addressType, PrivateDnsEnabled: input.PrivateDnsEnabled ?? false,
    ...(type === 'Interface' ? { PolicyDocument: input.PolicyDocument === undefined ? FULL_ACCESS.Interface : checkPolicy(input.PolicyDocument), DnsOptions: { DnsRecordIpType: addressType } } : {}),
    $: { ...factsOf(ctx, found, gatewayAndInterface), ...(type === 'Interface' ? {} : { base: undefined }) },
  }, input, vpc, ctx);
}

// assumed: service networks and resource configurations of VPC Lattice exist when their ARNs are well formed.
const LATTICE_ARNS = { ServiceNetworkArn: /^arn:aws:vpc-lattice:[a-z0-9-]+:\d{12}:servicenetwork\/sn-[0-9a-f]+$/, ResourceConfigurationArn: /^arn:aws:vpc-lattice:[a-z0-9-]+:\d{12}:resourceconfiguration\/rcfg-[0-9a-f]+$/ };

async function planLattice(input: Input, vpc: StoredVpc, type: 'Resource' | 'ServiceNetwork' | 'Tunnel', ctx: Context): Promise<StoredEndpoint> {
  const member = type === 'ServiceNetwork' ? 'ServiceNetworkArn' : 'ResourceConfigurationArn';
  const arn = input[member];
  if (arn === undefined) throw errors.missingParameter(member);
  if (!LATTICE_ARNS[member].test(arn)) throw errors.invalidValue(arn, member);
  const addressType = input.IpAddressType ?? 'ipv4';
  const zones = zonesOf(ctx.region).map((z) => z.ZoneName!);
  return furnish({
    ...commonOf(ctx, vpc, type), [member]: arn, State: endpointState('pending'), IpAddressType: addressType, PrivateDnsEnabled: input.PrivateDnsEnabled ?? false, DnsOptions: { DnsRecordIpType: addressType },
    ServiceRegion: ctx.region, $: { label: ctx.ids.hex(8), privateNames: [], gatewayAndInterface: false, addressTypes: ['ipv4', 'ipv6'], zones },
  }, input, vpc, ctx);
}

export async function planEndpoint(input: Input, ctx: Context): Promise<StoredEndpoint> {
  const type = input.VpcEndpointType ?? 'Gateway';
  const vpc = await ctx.get(vpcs, input.VpcId);
  refuseStrangers(input, type);
  if (type === 'Gateway') return planGateway(input, vpc, ctx);
  if (type === 'Interface' || type === 'GatewayLoadBalancer') return planServed(input, vpc, type, ctx);
  return planLattice(input, vpc, type, ctx);
}
