import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Context } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { networkInterfaces } from '../network-interfaces/network-interfaces.ts';
import { formatCidr, parseCidr } from '../vpcs/cidr.ts';
import { subnets } from '../vpcs/subnets.ts';

/**
 * What an endpoint leads to, by its type. The same is checked of a new endpoint and of one that is changed.
 * https://docs.aws.amazon.com/verified-access/latest/ug/verified-access-endpoints.html
 */
type Wishes = Ec2Operations['CreateVerifiedAccessEndpoint']['input'];
export type OptionsMember = 'LoadBalancerOptions' | 'NetworkInterfaceOptions' | 'RdsOptions' | 'CidrOptions';
export type Options<M extends OptionsMember = OptionsMember> = NonNullable<Wishes[M]>;

export const OPTIONS: Readonly<Record<Wishes['EndpointType'], OptionsMember>> = { 'load-balancer': 'LoadBalancerOptions', 'network-interface': 'NetworkInterfaceOptions', rds: 'RdsOptions', cidr: 'CidrOptions' };

/** What is checked, and the VPC in which it is. */
interface Checked<T> {
  readonly options: T;
  readonly vpcId: string;
}

/** The options that belong to the type of an endpoint; those of another type are refused. */
export function optionsFor<T extends object>(type: Wishes['EndpointType'], given: Partial<Record<OptionsMember, T>>): T | undefined {
  const member = OPTIONS[type];
  const other = Object.values(OPTIONS).find((name) => name !== member && given[name] !== undefined);
  if (other !== undefined) throw general.invalidParameterCombination(`${other} cannot be specified for an endpoint of type ${type}`);
  return given[member];
}

interface Ports {
  readonly Protocol?: string;
  readonly Port?: number;
  readonly PortRanges?: readonly { readonly FromPort?: number; readonly ToPort?: number }[];
}

function checkRanges(name: OptionsMember, ranges: Ports['PortRanges']): void {
  if (!ranges?.length) throw general.missingParameter(`${name}.PortRanges`);
  for (const { FromPort, ToPort } of ranges) {
    if (FromPort === undefined || ToPort === undefined) throw general.missingParameter(`${name}.PortRanges.${FromPort === undefined ? 'FromPort' : 'ToPort'}`);
    if (FromPort > ToPort) throw general.invalidValue(`${FromPort}-${ToPort}`, `${name}.PortRanges`, 'The first port must not be greater than the last.');
  }
}

/** HTTP and HTTPS have a port, TCP has ranges of ports. */
function checkPorts(name: OptionsMember, { Protocol, Port, PortRanges }: Ports): void {
  if (Protocol === undefined) throw general.missingParameter(`${name}.Protocol`);
  if (Protocol === 'tcp') {
    if (Port !== undefined) throw general.invalidParameterValue(`${name}.Port cannot be specified for the protocol tcp. Specify PortRanges instead.`);
    checkRanges(name, PortRanges);
    return;
  }
  if (PortRanges?.length) throw general.invalidParameterValue(`${name}.PortRanges can be specified only for the protocol tcp.`);
  if (Port === undefined) throw general.missingParameter(`${name}.Port`);
}

function tcpOnly(name: OptionsMember, protocol: string | undefined): 'tcp' {
  if (protocol !== undefined && protocol !== 'tcp') throw general.invalidValue(protocol, `${name}.Protocol`, 'The only protocol of this endpoint type is tcp.');
  return 'tcp';
}

/** Subnets of one VPC, no two of one zone; they have IPv4, which is all that Verified Access speaks. */
async function vpcOfSubnets(ctx: Context, name: OptionsMember, ids: readonly string[] | undefined): Promise<string> {
  if (!ids?.length) throw general.missingParameter(`${name}.SubnetIds`);
  const found = await ctx.getAll(subnets, ids);
  const [first] = found;
  const elsewhere = found.find((s) => s.VpcId !== first!.VpcId);
  if (elsewhere) throw general.invalidParameterValue(`The subnets ${first!.SubnetId} and ${elsewhere.SubnetId} belong to different networks`);
  if (new Set(found.map((s) => s.AvailabilityZone)).size < found.length) throw general.invalidParameterValue('Only one subnet per Availability Zone may be specified');
  const without = found.find((s) => s.CidrBlock === undefined);
  if (without) throw general.invalidParameterValue(`Subnet ${without.SubnetId} has no IPv4 CIDR block`);
  return first!.VpcId!;
}

// assumed: load balancers, databases and certificates exist when their ARNs are well formed and of this Region.
const arnOf = (ctx: Context, service: string, resource: string): RegExp => new RegExp(`^arn:aws[a-z-]*:${service}:${ctx.region}:\\d{12}:${resource}$`);

export function checkArn(ctx: Context, arn: string, parameter: string, service: string, resource: string): void {
  if (!arnOf(ctx, service, resource).test(arn)) throw general.invalidValue(arn, parameter, 'It is not a valid ARN of this Region.');
}

async function loadBalancer(ctx: Context, wish: Options<'LoadBalancerOptions'>): Promise<Checked<Options<'LoadBalancerOptions'>>> {
  const name = 'LoadBalancerOptions';
  if (wish.LoadBalancerArn === undefined) throw general.missingParameter(`${name}.LoadBalancerArn`);
  checkArn(ctx, wish.LoadBalancerArn, `${name}.LoadBalancerArn`, 'elasticloadbalancing', 'loadbalancer/(app|net)/[^/]+/[0-9a-f]+');
  checkPorts(name, wish);
  if (wish.Protocol === 'tcp' && wish.LoadBalancerArn.includes(':loadbalancer/app/')) throw general.invalidValue('tcp', `${name}.Protocol`, 'An Application Load Balancer has HTTP and HTTPS only.');
  return { options: wish, vpcId: await vpcOfSubnets(ctx, name, wish.SubnetIds) };
}

async function networkInterface(ctx: Context, wish: Options<'NetworkInterfaceOptions'>): Promise<Checked<Options<'NetworkInterfaceOptions'>>> {
  const name = 'NetworkInterfaceOptions';
  if (wish.NetworkInterfaceId === undefined) throw general.missingParameter(`${name}.NetworkInterfaceId`);
  checkPorts(name, wish);
  const eni = await ctx.get(networkInterfaces, wish.NetworkInterfaceId);
  if (eni.PrivateIpAddress === undefined) throw general.invalidParameterValue(`Network interface ${wish.NetworkInterfaceId} has no private IPv4 address`);
  return { options: wish, vpcId: eni.VpcId! };
}

const DATABASES = { RdsDbInstanceArn: 'db', RdsDbClusterArn: 'cluster', RdsDbProxyArn: 'db-proxy' } as const;

async function database(ctx: Context, wish: Options<'RdsOptions'>): Promise<Checked<Options<'RdsOptions'>>> {
  const name = 'RdsOptions';
  const given = (Object.keys(DATABASES) as (keyof typeof DATABASES)[]).filter((member) => wish[member] !== undefined);
  if (given.length !== 1) throw general.invalidParameterCombination(`Exactly one of ${Object.keys(DATABASES).join(', ')} must be specified`);
  checkArn(ctx, wish[given[0]!]!, `${name}.${given[0]}`, 'rds', `${DATABASES[given[0]!]}:[A-Za-z0-9-]+`);
  if (wish.Port === undefined) throw general.missingParameter(`${name}.Port`);
  return { options: { ...wish, Protocol: tcpOnly(name, wish.Protocol) }, vpcId: await vpcOfSubnets(ctx, name, wish.SubnetIds) };
}

async function network(ctx: Context, wish: Options<'CidrOptions'>): Promise<Checked<Options<'CidrOptions'>>> {
  const name = 'CidrOptions';
  if (wish.Cidr === undefined) throw general.missingParameter(`${name}.Cidr`);
  const cidr = parseCidr(wish.Cidr);
  if (!cidr || cidr.version !== 4) throw general.invalidValue(wish.Cidr, `${name}.Cidr`, 'This is not a valid IPv4 CIDR block.');
  checkRanges(name, wish.PortRanges);
  return { options: { ...wish, Cidr: formatCidr(cidr), Protocol: tcpOnly(name, wish.Protocol) }, vpcId: await vpcOfSubnets(ctx, name, wish.SubnetIds) };
}

export function checkOptions(ctx: Context, type: Wishes['EndpointType'], wish: Options): Promise<Checked<Options>> {
  if (type === 'load-balancer') return loadBalancer(ctx, wish);
  if (type === 'network-interface') return networkInterface(ctx, wish);
  return type === 'rds' ? database(ctx, wish) : network(ctx, wish);
}

/** Options with some of them changed: another protocol has no use for the ports of the one before. */
export function changedOptions(present: Options & Ports, wish: Options & Ports): Options {
  const { Port, PortRanges, ...others } = present;
  const same = wish.Protocol === undefined || wish.Protocol === present.Protocol;
  return { ...others, ...(same && Port !== undefined && { Port }), ...(same && PortRanges !== undefined && { PortRanges }), ...wish };
}
