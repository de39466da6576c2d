import type { ServiceDetail } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { pageOf, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import { awsEndpointServices } from '../catalog/endpoint-services.ts';
import { isRegion } from '../catalog/regions.ts';
import * as errors from '../errors.ts';
import { filtered } from '../regions.ts';
import { invalidFilter, serviceNotFound } from './errors.ts';
import { mayConnect } from './service-permissions.ts';
import { endpointServices, type StoredService } from './service-configurations.ts';

export type Detail = Wire<ServiceDetail>;

/** A service that an endpoint may be made for; `owner` is the account of one that is not AWS's own. */
export interface EndpointService {
  readonly detail: Detail;
  readonly owner?: string;
}

interface ServiceOwner {
  readonly ServiceName: string;
  readonly ServiceId: string;
  readonly Owner: string;
}

/** Service names are known all over a Region, whoever's service it is: this says whose. */
export const serviceOwners = resource<ServiceOwner>({
  service: 'ec2',
  kind: 'vpc-endpoint-service-name',
  shape: 'ServiceDetail',
  id: { member: 'ServiceName' },
  notFound: (ids) => serviceNotFound(ids[0]!),
  tags: null,
});

/** Where a Region's service names are kept: in no customer's account. */
const directory = (ctx: Context, region: string): Context => ctx.in('amazon', region);

export async function publish(ctx: Context, service: StoredService): Promise<void> {
  await directory(ctx, ctx.region).create(serviceOwners, { ServiceName: service.ServiceName!, ServiceId: service.ServiceId!, Owner: ctx.account });
}

export async function withdraw(ctx: Context, service: StoredService): Promise<void> {
  const place = directory(ctx, ctx.region);
  const found = await place.find(serviceOwners, service.ServiceName!);
  if (found) await place.remove(serviceOwners, found);
}

/** What consumers see of somebody's service. */
const detailOf = (service: StoredService, owner: string, region: string): Detail => ({
  ServiceName: service.ServiceName, ServiceId: service.ServiceId, ServiceType: service.ServiceType, ServiceRegion: region, AvailabilityZones: service.AvailabilityZones, AvailabilityZoneIds: service.AvailabilityZoneIds,
  Owner: owner, BaseEndpointDnsNames: service.BaseEndpointDnsNames, VpcEndpointPolicySupported: false, AcceptanceRequired: service.AcceptanceRequired, ManagesVpcEndpoints: service.ManagesVpcEndpoints,
  Tags: service.Tags ?? [], SupportedIpAddressTypes: service.SupportedIpAddressTypes, ...(service.PayerResponsibility ? { PayerResponsibility: service.PayerResponsibility } : {}),
  ...(service.PrivateDnsName ? { PrivateDnsName: service.PrivateDnsName, PrivateDnsNames: [{ PrivateDnsName: service.PrivateDnsName }], PrivateDnsNameVerificationState: service.PrivateDnsNameConfiguration?.State } : {}),
});

/** Somebody's service, where this account may use it from this Region. */
async function offered(ctx: Context, { ServiceId, Owner }: ServiceOwner, region: string): Promise<EndpointService | undefined> {
  const owner = ctx.in(Owner, region);
  const service = await owner.find(endpointServices, ServiceId);
  if (service?.ServiceState !== 'Available') return undefined;
  const here = region === ctx.region || service.SupportedRegions?.some((r) => r.Region === ctx.region);
  return here && (await mayConnect(owner, ctx, ServiceId)) ? { detail: detailOf(service, Owner, region), owner: Owner } : undefined;
}

/** Every service of this name; S3 is one with gateways and another with interfaces. */
export async function servicesNamed(ctx: Context, name: string, region: string): Promise<EndpointService[]> {
  const own = awsEndpointServices(region).filter((s) => s.ServiceName === name);
  // assumed: AWS's own services are reached from their own Region alone.
  if (own.length > 0) return region === ctx.region ? own.map((detail) => ({ detail })) : [];
  const listed = await directory(ctx, region).find(serviceOwners, name);
  const found = listed && (await offered(ctx, listed, region));
  return found ? [found] : [];
}

async function describeServices(input: Ec2Operations['DescribeVpcEndpointServices']['input'], ctx: Context): Promise<Ec2Operations['DescribeVpcEndpointServices']['output']> {
  const regions = input.ServiceRegions?.length ? [...new Set(input.ServiceRegions)] : [ctx.region];
  const all: Detail[] = [];
  for (const region of regions) {
    if (!isRegion(region)) throw errors.invalidValue(region, 'serviceRegion');
    if (region === ctx.region) all.push(...awsEndpointServices(region));
    for (const listed of await directory(ctx, region).list(serviceOwners)) {
      const found = await offered(ctx, listed, region);
      if (found) all.push(found.detail);
    }
  }
  const missing = (input.ServiceNames ?? []).find((name) => !all.some((s) => s.ServiceName === name));
  if (missing !== undefined) throw serviceNotFound(missing);
  const asked = input.ServiceNames?.length ? all.filter((s) => input.ServiceNames!.includes(s.ServiceName!)) : all;
  const found = filtered(asked, input.Filters, {
    owner: (s) => s.Owner, 'service-name': (s) => s.ServiceName, 'service-region': (s) => s.ServiceRegion, 'service-type': (s) => s.ServiceType?.map((t) => t.ServiceType), 'supported-ip-address-types': (s) => s.SupportedIpAddressTypes,
  }, invalidFilter);
  const { items, next } = pageOf(found, input);
  return { ServiceNames: [...new Set(items.map((s) => s.ServiceName!))], ServiceDetails: items, ...next };
}

export const endpointServiceListingOperations = { DescribeVpcEndpointServices: describeServices } satisfies Handlers<Ec2Operations>;
