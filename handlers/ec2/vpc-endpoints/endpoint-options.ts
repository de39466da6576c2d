import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Context } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import type { StoredVpc } from '../vpcs/vpcs.ts';
import { inboundNeedsGateway, invalidPolicy, privateDnsConflict, privateDnsNeedsAttributes, privateDnsUnavailable } from './errors.ts';
import { vpcEndpoints, type StoredEndpoint } from './vpc-endpoints.ts';

/** Policies, address families and DNS of endpoints: what creation and change check alike. */

const POLICY_LENGTH_MAX = 20_480;

export const FULL_ACCESS = {
  Gateway: '{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}',
  Interface: '{\n  "Statement": [\n    {\n      "Action": "*", \n      "Effect": "Allow", \n      "Principal": "*", \n      "Resource": "*"\n    }\n  ]\n}',
} as const;

/** https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html */
export function checkPolicy(text: string): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw invalidPolicy();
  }
  const statements = [(parsed as { Statement?: unknown } | null)?.Statement].flat();
  const valid = statements.length > 0 && statements.every((s) => typeof s === 'object' && s !== null && ['Allow', 'Deny'].includes((s as { Effect?: string }).Effect ?? '') && 'Principal' in s);
  if (!valid || text.length > POLICY_LENGTH_MAX) throw invalidPolicy();
  return text;
}

const NEEDS: Readonly<Record<string, readonly string[]>> = { ipv4: ['ipv4'], ipv6: ['ipv6'], dualstack: ['ipv4', 'ipv6'] };

export function checkAddressType(endpoint: StoredEndpoint): void {
  const type = endpoint.IpAddressType!;
  if (!NEEDS[type]!.every((t) => endpoint.$.addressTypes.includes(t))) throw errors.invalidParameter(`The VPC endpoint service ${endpoint.ServiceName ?? ''} does not support the IP address type ${type}.`);
  const records = endpoint.DnsOptions?.DnsRecordIpType;
  if (records !== undefined && records !== 'service-defined' && type !== 'dualstack' && records !== type) throw errors.invalidParameter(`The DNS record IP type ${records} is not compatible with the IP address type ${type}.`);
}

type Wished = Ec2Operations['CreateVpcEndpoint']['input']['DnsOptions'];

const PREFERENCES = ['ALL_DOMAINS', 'VERIFIED_DOMAINS_ONLY', 'VERIFIED_DOMAINS_AND_SPECIFIED_DOMAINS', 'SPECIFIED_DOMAINS_ONLY'];
const DOMAINS_MAX = 10;

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DnsOptionsSpecification.html */
export function changeDnsOptions(endpoint: StoredEndpoint, wished: Wished): void {
  if (!wished) return;
  const lattice = ['Resource', 'ServiceNetwork', 'Tunnel'].includes(endpoint.VpcEndpointType!);
  const { PrivateDnsPreference: preference, PrivateDnsSpecifiedDomains: domains = [] } = wished;
  if (preference !== undefined || domains.length > 0) {
    if (!lattice) throw errors.invalidParameter(`PrivateDnsPreference and PrivateDnsSpecifiedDomains are not supported for endpoints of type ${endpoint.VpcEndpointType}.`);
    if (!endpoint.PrivateDnsEnabled) throw errors.invalidParameter('PrivateDnsPreference is supported only when private DNS is enabled.');
    if (preference !== undefined && !PREFERENCES.includes(preference)) throw errors.invalidValue(preference, 'privateDnsPreference');
    if (domains.length > 0 !== Boolean(preference?.includes('SPECIFIED_DOMAINS')) || domains.length > DOMAINS_MAX) throw errors.invalidParameterCombination('PrivateDnsSpecifiedDomains must be specified with the preferences VERIFIED_DOMAINS_AND_SPECIFIED_DOMAINS and SPECIFIED_DOMAINS_ONLY, and only with them.');
  }
  if (wished.PrivateDnsOnlyForInboundResolverEndpoint && !endpoint.$.gatewayAndInterface) throw errors.invalidParameter(`PrivateDnsOnlyForInboundResolverEndpoint is not supported for the service ${endpoint.ServiceName ?? ''}.`);
  endpoint.DnsOptions = { ...endpoint.DnsOptions, ...wished };
}

/** Private names need the VPC's DNS, and belong to one endpoint of a VPC. */
export async function checkPrivateDns(ctx: Context, endpoint: StoredEndpoint, vpc: StoredVpc): Promise<void> {
  if (!endpoint.PrivateDnsEnabled) return;
  const { privateNames, gatewayAndInterface } = endpoint.$;
  if (privateNames.length === 0 && endpoint.VpcEndpointType === 'Interface') throw privateDnsUnavailable(endpoint.ServiceName!);
  if (!vpc.$.enableDnsSupport || !vpc.$.enableDnsHostnames) throw privateDnsNeedsAttributes(vpc.VpcId!);
  const others = (await ctx.list(vpcEndpoints, { member: 'VpcId', value: vpc.VpcId! })).filter((e) => e.VpcEndpointId !== endpoint.VpcEndpointId && !['deleting', 'deleted'].includes(e.State!));
  const taken = new Set(others.filter((e) => e.PrivateDnsEnabled).flatMap((e) => e.$.privateNames));
  const clash = privateNames.find((name) => taken.has(name));
  if (clash !== undefined) throw privateDnsConflict(clash, vpc.VpcId!);
  if (!gatewayAndInterface) return;
  endpoint.DnsOptions = { PrivateDnsOnlyForInboundResolverEndpoint: true, ...endpoint.DnsOptions };
  const gateway = others.some((e) => e.VpcEndpointType === 'Gateway' && e.ServiceName === endpoint.ServiceName);
  if (endpoint.DnsOptions.PrivateDnsOnlyForInboundResolverEndpoint && !gateway) throw inboundNeedsGateway(vpc.VpcId!);
}
