import type { Vpc } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, deletes, describes, modifies, resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import { formatCidr, parseCidr, type Cidr } from './cidr.ts';
import { defaultDhcpOptions } from './dhcp-options.ts';
import { encryptNew } from './account-encryption-controls.ts';
import { withVpcBlocking } from './block-public-access.ts';
import { vpcKeys } from '../condition-keys.ts';
import { withEncryption } from './encryption-controls.ts';
import * as errors from '../errors.ts';
import { createMainTable } from './route-tables.ts';
import { createDefaultAcl } from './network-acls.ts';
import { createDefaultGroup } from '../security-groups/security-groups.ts';

export interface VpcAttributes {
  enableDnsSupport: boolean;
  enableDnsHostnames: boolean;
  enableNetworkAddressUsageMetrics: boolean;
}

export type StoredVpc = Wire<Vpc> & { $: VpcAttributes };

/** https://docs.aws.amazon.com/vpc/latest/userguide/configure-your-vpc.html */
export const vpcs = resource<StoredVpc>({
  service: 'ec2',
  kind: 'vpc',
  shape: 'Vpc',
  id: { member: 'VpcId', prefix: 'vpc' },
  notFound: errors.notFound('InvalidVpcID.NotFound', 'vpc ID'),
  malformed: errors.malformedId('InvalidVpcID.Malformed', 'vpc'),
  inUse: errors.hasDependencies('vpc'),
  state: 'State',
  lifecycle: { pending: { after: seconds(1), to: 'available' } },
  references: { DhcpOptionsId: { kind: 'ec2:dhcp-options' } },
  filters: {
    cidr: 'CidrBlock',
    'cidr-block-association.cidr-block': 'CidrBlockAssociationSet.CidrBlock',
    'cidr-block-association.association-id': 'CidrBlockAssociationSet.AssociationId',
    'cidr-block-association.state': 'CidrBlockAssociationSet.CidrBlockState.State',
    'ipv6-cidr-block-association.ipv6-cidr-block': 'Ipv6CidrBlockAssociationSet.Ipv6CidrBlock',
    'ipv6-cidr-block-association.ipv6-pool': 'Ipv6CidrBlockAssociationSet.Ipv6Pool',
    'ipv6-cidr-block-association.association-id': 'Ipv6CidrBlockAssociationSet.AssociationId',
    'ipv6-cidr-block-association.state': 'Ipv6CidrBlockAssociationSet.Ipv6CidrBlockState.State',
    'is-default': 'IsDefault',
    isDefault: 'IsDefault',
    'cidr-block': 'CidrBlock',
  },
  conditionKeys: vpcKeys,
});

/** A VPC's IPv4 block is a /16 to a /28. https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html */
export function vpcCidr(text: string): Cidr {
  const cidr = parseCidr(text);
  if (!cidr || cidr.version !== 4) throw errors.invalidCidr(text);
  if (cidr.prefix < 16 || cidr.prefix > 28) throw errors.invalidVpcRange(text);
  return cidr;
}

/** Amazon's own /56, drawn from the range that the region's VPCs get. */
export const amazonIpv6Block = (ctx: Context): string =>
  formatCidr({ version: 6, base: ((0x2600n << 112n) | (0x1f18n << 96n) | (BigInt(`0x${ctx.ids.hex(6)}`) << 72n)), prefix: 56 });

export function cidrAssociation(ctx: Context, block: string) {
  return { AssociationId: `vpc-cidr-assoc-${ctx.ids.hex(17)}`, CidrBlock: block, CidrBlockState: { State: 'associated' as const } };
}

export function ipv6Association(ctx: Context, block: string) {
  return {
    AssociationId: `vpc-cidr-assoc-${ctx.ids.hex(17)}`, Ipv6CidrBlock: block, Ipv6CidrBlockState: { State: 'associated' as const },
    NetworkBorderGroup: ctx.region, Ipv6Pool: 'Amazon', IpSource: 'amazon' as const, Ipv6AddressAttribute: 'public' as const,
  };
}

async function planVpc(input: Ec2Operations['CreateVpc']['input'], ctx: Context): Promise<Partial<StoredVpc>> {
  for (const name of ['Ipv4IpamPoolId', 'Ipv6IpamPoolId', 'Ipv6Pool', 'Ipv6CidrBlock', 'Ipv4NetmaskLength', 'Ipv6NetmaskLength'] as const) {
    if (input[name] !== undefined) throw errors.unsupportedOperation(`The parameter ${name} is not supported by Fogbank yet.`);
  }
  if (input.CidrBlock === undefined) throw errors.missingParameter('cidrBlock');
  const block = formatCidr(vpcCidr(input.CidrBlock));
  return vpcDocument(ctx, block, {
    isDefault: false, tenancy: input.InstanceTenancy ?? 'default', ipv6: input.AmazonProvidedIpv6CidrBlock === true, dnsHostnames: false,
  });
}

interface VpcWish {
  readonly isDefault: boolean;
  readonly tenancy: string;
  readonly ipv6: boolean;
  readonly dnsHostnames: boolean;
}

async function vpcDocument(ctx: Context, block: string, wish: VpcWish): Promise<Partial<StoredVpc>> {
  return {
    CidrBlock: block, CidrBlockAssociationSet: [cidrAssociation(ctx, block)], DhcpOptionsId: await defaultDhcpOptions(ctx),
    InstanceTenancy: wish.tenancy as StoredVpc['InstanceTenancy'], IsDefault: wish.isDefault, OwnerId: ctx.account, State: 'pending',
    Ipv6CidrBlockAssociationSet: wish.ipv6 ? [ipv6Association(ctx, amazonIpv6Block(ctx))] : undefined,
    $: { enableDnsSupport: true, enableDnsHostnames: wish.dnsHostnames, enableNetworkAddressUsageMetrics: false },
  };
}

/** What every VPC is born with. */
export async function furnish(vpc: StoredVpc, ctx: Context): Promise<void> {
  await createMainTable(ctx, vpc);
  await createDefaultAcl(ctx, vpc);
  await createDefaultGroup(ctx, vpc.VpcId!);
}

export async function createDefaultVpcDocument(ctx: Context): Promise<StoredVpc> {
  const planned = await vpcDocument(ctx, '172.31.0.0/16', { isDefault: true, tenancy: 'default', ipv6: false, dnsHostnames: true });
  const vpc = await ctx.create(vpcs, { ...planned, VpcId: ctx.newId(vpcs), State: 'available' } as StoredVpc);
  await furnish(vpc, ctx);
  return vpc;
}

export async function defaultVpc(ctx: Context): Promise<StoredVpc | undefined> {
  return (await ctx.list(vpcs)).find((v) => v.IsDefault);
}

const ATTRIBUTES = { enableDnsSupport: 'EnableDnsSupport', enableDnsHostnames: 'EnableDnsHostnames', enableNetworkAddressUsageMetrics: 'EnableNetworkAddressUsageMetrics' } as const;

export const vpcOperations = {
  CreateVpc: creates(vpcs, planVpc, async (vpc, input, ctx) => {
    await furnish(vpc, ctx);
    await encryptNew(ctx, vpc.VpcId!, input.VpcEncryptionControl);
  }),
  DescribeVpcs: describes(vpcs, { ids: 'VpcIds', idsName: 'vpcSet', project: async (vpc, ctx) => withEncryption(await withVpcBlocking(vpc, ctx), ctx) }),
  /** "You can only change it to default." https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcTenancy.html */
  ModifyVpcTenancy: modifies(vpcs, { id: 'VpcId' }, (vpc, input) => {
    vpc.InstanceTenancy = input.InstanceTenancy;
    return { ReturnValue: true };
  }),
  DescribeVpcAttribute: async (input, ctx) => {
    const vpc = await ctx.get(vpcs, input.VpcId);
    const member = ATTRIBUTES[input.Attribute as keyof typeof ATTRIBUTES];
    return { VpcId: vpc.VpcId, [member]: { Value: vpc.$[input.Attribute as keyof VpcAttributes] } };
  },
  ModifyVpcAttribute: async (input, ctx) => {
    const vpc = await ctx.get(vpcs, input.VpcId);
    const given = (Object.keys(ATTRIBUTES) as (keyof VpcAttributes)[]).filter((name) => input[ATTRIBUTES[name]] !== undefined);
    if (given.length === 0) throw errors.missingParameter('attribute');
    if (given.length > 1) throw errors.invalidParameterCombination('Fields for multiple attribute types specified');
    const name = given[0]!;
    vpc.$[name] = input[ATTRIBUTES[name]]!.Value ?? false;
    await ctx.save(vpcs, vpc);
    return {};
  },
  DeleteVpc: deletes(vpcs, { id: 'VpcId' }),
} satisfies Handlers<Ec2Operations>;
