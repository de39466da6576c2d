import type { ServiceConfiguration } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import { isRegion, zonesOf } from '../catalog/regions.ts';
import * as errors from '../errors.ts';
import { connectionsOf } from './connections.ts';
import { unsuccessful } from './errors.ts';
import { publish, withdraw } from './services.ts';

export type StoredService = Wire<ServiceConfiguration>;

/** https://docs.aws.amazon.com/vpc/latest/privatelink/create-endpoint-service.html */
export const endpointServices = resource<StoredService>({
  service: 'ec2',
  kind: 'vpc-endpoint-service',
  shape: 'ServiceConfiguration',
  id: { member: 'ServiceId', prefix: 'vpce-svc' },
  notFound: (ids) => errors.notFound('InvalidVpcEndpointServiceId.NotFound', 'VpcEndpointService Id')(ids),
  malformed: errors.malformedId('InvalidVpcEndpointServiceId.Malformed', 'vpce-svc'),
  state: 'ServiceState',
  lifecycle: { Pending: { after: seconds(5), to: 'Available' }, Deleting: { after: seconds(5), to: 'gone' } },
  entering: { Deleting: (service, ctx) => withdraw(ctx, service) },
  conditionKeys: (s, ctx) => ({ 'ec2:VpceServicePrivateDnsName': s.PrivateDnsName, 'ec2:VpceServiceRegion': ctx.region, 'ec2:VpceSupportedRegion': (s.SupportedRegions ?? []).map((r) => r.Region!) }),
});

// assumed: a load balancer exists when its ARN is well formed and of this Region.
const BALANCERS = { NetworkLoadBalancerArns: 'net', GatewayLoadBalancerArns: 'gwy' } as const;

function checkBalancers(member: keyof typeof BALANCERS, arns: readonly string[], ctx: Context): void {
  const form = new RegExp(`^arn:aws:elasticloadbalancing:${ctx.region}:\\d{12}:loadbalancer/${BALANCERS[member]}/[^/]+/[0-9a-f]+$`);
  const wrong = arns.find((arn) => !form.test(arn));
  if (wrong !== undefined) throw errors.invalidParameter(`Invalid value '${wrong}' for ${member}.`);
}

function checkAddressTypes(types: readonly string[]): ('ipv4' | 'ipv6')[] {
  return [...new Set(types)].map((type) => {
    if (type !== 'ipv4' && type !== 'ipv6') throw errors.invalidValue(type, 'supportedIpAddressType');
    return type;
  });
}

function regionsOf(names: readonly string[]): { Region: string; ServiceState: string }[] {
  const wrong = names.find((name) => !isRegion(name));
  if (wrong !== undefined) throw errors.invalidValue(wrong, 'supportedRegion');
  return [...new Set(names)].map((Region) => ({ Region, ServiceState: 'Available' }));
}

/** The owner proves with a TXT record that the domain is theirs. https://docs.aws.amazon.com/vpc/latest/privatelink/verify-domains.html */
const unverified = (ctx: Context) => ({ State: 'pendingVerification' as const, Type: 'TXT', Value: `vpce:${ctx.ids.hex(20)}`, Name: `_${ctx.ids.hex(20)}` });

const DOMAIN = /^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i;

function checkDomain(name: string): void {
  if (!DOMAIN.test(name) || name.length > 255) throw errors.invalidValue(name, 'privateDnsName', 'It is not a valid domain name.');
}

function planService(input: Ec2Operations['CreateVpcEndpointServiceConfiguration']['input'], ctx: Context): Partial<StoredService> {
  const [networks, gateways] = [input.NetworkLoadBalancerArns ?? [], input.GatewayLoadBalancerArns ?? []];
  if (networks.length + gateways.length === 0) throw errors.missingParameter('networkLoadBalancerArns or gatewayLoadBalancerArns');
  if (networks.length > 0 && gateways.length > 0) throw errors.invalidParameterCombination('Network Load Balancers and Gateway Load Balancers may not be specified on the same service');
  checkBalancers('NetworkLoadBalancerArns', networks, ctx);
  checkBalancers('GatewayLoadBalancerArns', gateways, ctx);
  const types = checkAddressTypes(input.SupportedIpAddressTypes ?? ['ipv4']);
  if (input.PrivateDnsName !== undefined) {
    if (gateways.length > 0) throw errors.invalidParameterCombination('A private DNS name is not supported for Gateway Load Balancer endpoint services');
    checkDomain(input.PrivateDnsName);
  }
  const id = ctx.newId(endpointServices);
  // assumed: a load balancer is in every Availability Zone of the Region.
  const zones = zonesOf(ctx.region).filter((z) => z.ZoneType === 'availability-zone');
  return {
    ServiceId: id, ServiceName: `com.amazonaws.vpce.${ctx.region}.${id}`, ServiceType: [{ ServiceType: networks.length > 0 ? 'Interface' : 'GatewayLoadBalancer' }], ServiceState: 'Pending',
    AvailabilityZones: zones.map((z) => z.ZoneName!), AvailabilityZoneIds: zones.map((z) => z.ZoneId!), AcceptanceRequired: input.AcceptanceRequired ?? true, ManagesVpcEndpoints: false,
    ...(networks.length > 0 ? { NetworkLoadBalancerArns: networks } : { GatewayLoadBalancerArns: gateways }), SupportedIpAddressTypes: types, BaseEndpointDnsNames: [`${id}.${ctx.region}.vpce.amazonaws.com`],
    ...(input.PrivateDnsName === undefined ? {} : { PrivateDnsName: input.PrivateDnsName, PrivateDnsNameConfiguration: unverified(ctx) }),
    SupportedRegions: regionsOf(input.SupportedRegions ?? []), RemoteAccessEnabled: (input.SupportedRegions?.length ?? 0) > 0, Tags: [],
  };
}

type ModifyInput = Ec2Operations['ModifyVpcEndpointServiceConfiguration']['input'];

const without = <T>(present: readonly T[] | undefined, removed: readonly T[] | undefined, added: readonly T[] | undefined): T[] =>
  [...new Set([...(present ?? []), ...(added ?? [])])].filter((item) => !removed?.includes(item));

function changeBalancers(service: StoredService, input: ModifyInput, ctx: Context): void {
  const [member, other] = service.NetworkLoadBalancerArns ? (['NetworkLoadBalancerArns', 'GatewayLoadBalancerArns'] as const) : (['GatewayLoadBalancerArns', 'NetworkLoadBalancerArns'] as const);
  if (input[`Add${other}`]?.length || input[`Remove${other}`]?.length) throw errors.invalidParameterCombination('Network Load Balancers and Gateway Load Balancers may not be specified on the same service');
  checkBalancers(member, input[`Add${member}`] ?? [], ctx);
  const unknown = (input[`Remove${member}`] ?? []).find((arn) => !service[member]!.includes(arn));
  if (unknown !== undefined) throw errors.invalidParameter(`The load balancer ${unknown} is not associated with the service ${service.ServiceId}.`);
  const left = without(service[member], input[`Remove${member}`], input[`Add${member}`]);
  if (left.length === 0) throw errors.invalidParameter('An endpoint service must have at least one load balancer.');
  service[member] = left;
}

async function modifyService(input: ModifyInput, ctx: Context): Promise<{ Return: boolean }> {
  const service = await ctx.get(endpointServices, input.ServiceId);
  if (input.PrivateDnsName !== undefined && input.RemovePrivateDnsName) throw errors.invalidParameterCombination('The parameters privateDnsName and removePrivateDnsName may not be used together');
  if (input.PrivateDnsName !== undefined) {
    if (service.GatewayLoadBalancerArns) throw errors.invalidParameterCombination('A private DNS name is not supported for Gateway Load Balancer endpoint services');
    checkDomain(input.PrivateDnsName);
    if (input.PrivateDnsName !== service.PrivateDnsName) Object.assign(service, { PrivateDnsName: input.PrivateDnsName, PrivateDnsNameConfiguration: unverified(ctx) });
  }
  if (input.RemovePrivateDnsName) {
    delete service.PrivateDnsName;
    delete service.PrivateDnsNameConfiguration;
  }
  changeBalancers(service, input, ctx);
  if (input.AcceptanceRequired !== undefined) service.AcceptanceRequired = input.AcceptanceRequired;
  service.SupportedIpAddressTypes = without(service.SupportedIpAddressTypes, checkAddressTypes(input.RemoveSupportedIpAddressTypes ?? []), checkAddressTypes(input.AddSupportedIpAddressTypes ?? []));
  if (service.SupportedIpAddressTypes.length === 0) throw errors.invalidParameter('An endpoint service must support at least one IP address type.');
  service.SupportedRegions = regionsOf(without((service.SupportedRegions ?? []).map((r) => r.Region!), input.RemoveSupportedRegions, input.AddSupportedRegions));
  service.RemoteAccessEnabled = service.SupportedRegions.length > 0;
  await ctx.save(endpointServices, service);
  return { Return: true };
}

async function deleteServices(input: Ec2Operations['DeleteVpcEndpointServiceConfigurations']['input'], ctx: Context): Promise<Ec2Operations['DeleteVpcEndpointServiceConfigurations']['output']> {
  const failed = [];
  for (const id of input.ServiceIds) {
    const service = await ctx.find(endpointServices, id);
    if (!service) failed.push(unsuccessful(id, 'InvalidVpcEndpointService.NotFound', `The VpcEndpointService Id '${id}' does not exist`));
    else if ((await connectionsOf(ctx, id)).some((c) => !['rejected', 'failed', 'deleted'].includes(c.VpcEndpointState!))) {
      failed.push(unsuccessful(id, 'ExistingVpcEndpointConnections', 'Service has existing active VPC Endpoint connections!'));
    } else if (service.ServiceState !== 'Deleting') await ctx.transition(endpointServices, service, 'Deleting');
  }
  return { Unsuccessful: failed };
}

export const serviceConfigurationOperations = {
  CreateVpcEndpointServiceConfiguration: creates(endpointServices, planService, (service, _input, ctx) => publish(ctx, service)),
  DescribeVpcEndpointServiceConfigurations: describes(endpointServices, { ids: 'ServiceIds' }),
  ModifyVpcEndpointServiceConfiguration: modifyService,
  /** assumed: the TXT record is there, since Fogbank asks no name server. */
  StartVpcEndpointServicePrivateDnsVerification: async (input, ctx) => {
    const service = await ctx.get(endpointServices, input.ServiceId);
    if (!service.PrivateDnsNameConfiguration) throw errors.invalidParameter(`The service ${input.ServiceId} has no private DNS name.`);
    service.PrivateDnsNameConfiguration.State = 'verified';
    await ctx.save(endpointServices, service);
    return { ReturnValue: true };
  },
  ModifyVpcEndpointServicePayerResponsibility: async (input, ctx) => {
    const service = await ctx.get(endpointServices, input.ServiceId);
    service.PayerResponsibility = input.PayerResponsibility;
    await ctx.save(endpointServices, service);
    return { ReturnValue: true };
  },
  DeleteVpcEndpointServiceConfigurations: deleteServices,
} satisfies Handlers<Ec2Operations>;
