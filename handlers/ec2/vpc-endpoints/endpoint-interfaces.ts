import type { SubnetConfiguration } from '@aws-sdk/client-ec2';
import type { Wire } from '../../../protocols/wire-types.ts';
import type { Context } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { networkInterfaces, planInterface, removeInterface, type StoredInterface } from '../network-interfaces/network-interfaces.ts';
import { subnets, type StoredSubnet } from '../vpcs/subnets.ts';
import { duplicateZone, zoneNotServed } from './errors.ts';
import type { StoredEndpoint } from './vpc-endpoints.ts';

/** The interfaces of an endpoint, one a subnet, and the names that lead to them. */

type Configurations = readonly Wire<SubnetConfiguration>[];

/** Interfaces are the endpoint service's own. assumed: 727180483921 is the account that makes them everywhere. */
const REQUESTER = '727180483921';

const FAMILIES: Readonly<Record<string, (subnet: StoredSubnet) => boolean>> = {
  ipv4: (s) => s.CidrBlock !== undefined, ipv6: (s) => s.Ipv6Native === true, dualstack: (s) => s.CidrBlock !== undefined && (s.Ipv6CidrBlockAssociationSet?.length ?? 0) > 0,
};

/** Subnets of the VPC, each in another zone in which the service is, each with addresses of the endpoint's family. https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html */
async function checkSubnets(ctx: Context, endpoint: StoredEndpoint, ids: readonly string[]): Promise<void> {
  const zones = new Set<string>();
  for (const subnet of await ctx.getAll(subnets, ids)) {
    if (subnet.VpcId !== endpoint.VpcId) throw errors.invalidParameter(`The subnet ${subnet.SubnetId} does not belong to the VPC ${endpoint.VpcId}.`);
    if (!endpoint.$.zones.includes(subnet.AvailabilityZone!)) throw zoneNotServed(endpoint.ServiceName ?? '', subnet.SubnetId!);
    if (zones.has(subnet.AvailabilityZone!)) throw duplicateZone(subnet.SubnetId!);
    zones.add(subnet.AvailabilityZone!);
    if (!FAMILIES[endpoint.IpAddressType!]!(subnet)) throw errors.invalidParameter(`The subnet ${subnet.SubnetId} does not support the IP address type ${endpoint.IpAddressType}.`);
  }
  if (endpoint.VpcEndpointType === 'GatewayLoadBalancer' && ids.length > 1) throw errors.invalidParameter('A Gateway Load Balancer endpoint can have one subnet only.');
}

function checkConfigurations(configurations: Configurations, ids: readonly string[]): void {
  for (const { SubnetId } of configurations) {
    if (SubnetId === undefined) throw errors.missingParameter('subnetConfiguration.subnetId');
    if (!ids.includes(SubnetId)) throw errors.invalidParameter(`The subnet ${SubnetId} of a subnet configuration is not one of the endpoint's subnets.`);
  }
}

async function makeInterface(ctx: Context, endpoint: StoredEndpoint, subnetId: string, wished: Wire<SubnetConfiguration> | undefined): Promise<StoredInterface> {
  const balancer = endpoint.VpcEndpointType === 'GatewayLoadBalancer';
  const eni = await planInterface(ctx, {
    subnet: await ctx.get(subnets, subnetId), groups: (endpoint.Groups ?? []).map((g) => g.GroupId!), description: `VPC Endpoint Interface ${endpoint.VpcEndpointId}`,
    type: balancer ? 'gateway_load_balancer_endpoint' : 'vpc_endpoint', primary: wished?.Ipv4, requester: REQUESTER,
    ...(endpoint.IpAddressType === 'ipv4' ? { ipv6Count: 0 } : wished?.Ipv6 === undefined ? { ipv6Count: 1 } : { ipv6: [wished.Ipv6] }),
  });
  return ctx.create(networkInterfaces, eni);
}

const interfacesOf = (ctx: Context, endpoint: StoredEndpoint): Promise<StoredInterface[]> => ctx.getAll(networkInterfaces, endpoint.NetworkInterfaceIds ?? []);

/** Brings interfaces in step with the subnets that the endpoint is to have; a new configuration of a subnet makes a new interface. */
export async function serveSubnets(ctx: Context, endpoint: StoredEndpoint, wanted: readonly string[], configurations: Configurations): Promise<void> {
  const ids = [...new Set(wanted)];
  await checkSubnets(ctx, endpoint, ids);
  checkConfigurations(configurations, ids);
  const kept: StoredInterface[] = [];
  for (const eni of await interfacesOf(ctx, endpoint)) {
    const wished = configurations.find((c) => c.SubnetId === eni.SubnetId);
    const changed = wished && ((wished.Ipv4 !== undefined && wished.Ipv4 !== eni.PrivateIpAddress) || (wished.Ipv6 !== undefined && !eni.Ipv6Addresses?.some((a) => a.Ipv6Address === wished.Ipv6)));
    if (ids.includes(eni.SubnetId!) && !changed) kept.push(eni);
    else await removeInterface(ctx, eni);
  }
  for (const id of ids) if (!kept.some((e) => e.SubnetId === id)) kept.push(await makeInterface(ctx, endpoint, id, configurations.find((c) => c.SubnetId === id)));
  endpoint.SubnetIds = ids;
  endpoint.NetworkInterfaceIds = kept.map((e) => e.NetworkInterfaceId!);
}

/** The interfaces get the groups of their endpoint. */
export async function shareGroups(ctx: Context, endpoint: StoredEndpoint): Promise<void> {
  for (const eni of await interfacesOf(ctx, endpoint)) {
    eni.Groups = (endpoint.Groups ?? []).map(({ GroupId, GroupName }) => ({ GroupId: GroupId!, GroupName: GroupName! }));
    await ctx.save(networkInterfaces, eni);
  }
}

// assumed: other Regions have the zone of us-east-1.
const HOSTED_ZONE = 'Z7HUB22UULQXV';

/** A name for the endpoint, one for each of its zones, and the service's own names where they are private. https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html#interface-endpoint-dns-hostnames */
export async function nameEndpoint(ctx: Context, endpoint: StoredEndpoint): Promise<void> {
  const { base, label, privateNames } = endpoint.$;
  if (base === undefined) return;
  const own = `${endpoint.VpcEndpointId}-${label}`;
  const zones = (await ctx.getAll(subnets, endpoint.SubnetIds ?? [])).map((s) => s.AvailabilityZone!);
  const hosted = (DnsName: string) => ({ DnsName, HostedZoneId: HOSTED_ZONE });
  // assumed: the private zone's id is drawn from the endpoint's label.
  const secret = (DnsName: string) => ({ DnsName, HostedZoneId: `Z${label.toUpperCase()}PRIVATE` });
  endpoint.DnsEntries = [hosted(`${own}.${base}`), ...zones.map((zone) => hosted(`${own}-${zone}.${base}`)), ...(endpoint.PrivateDnsEnabled ? privateNames.map(secret) : [])];
}
