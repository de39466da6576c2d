import type { Vpc } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { AwsError, creates, deletes, describes, modifies, resource, seconds, specifiedTags, type Context, type Handlers } from '../../../src/kit/index.ts';
import { drawFromIpv6Pool } from '../addresses/ipv6-pools.ts';
import { checkBorderGroup } from '../addresses/network-border-groups.ts';
import { importVpc } from '../ipam/imports.ts';
import { giveBlock, planBlock, poolTraits, type BlockWish, type Planned } from '../ipam/vpc-allocations.ts';
import { formatCidr, parseCidr, type Cidr } from './cidr.ts';
import { defaultDhcpOptions } from './dhcp-options.ts';
import { encryptNew } from './account-encryption-controls.ts';
import { withVpcBlocking } from './block-public-access.ts';
import { vpcKeys } from '../condition-keys.ts';
import { withEncryption } from './encryption-controls.ts';
import * as errors from '../errors.ts';
import { withFormerVpcBlocks } from './former-blocks.ts';
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
  untagged: 'absent',
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

export function ipv6Association(ctx: Context, block: string): Ipv6Block {
  return {
    AssociationId: `vpc-cidr-assoc-${ctx.ids.hex(17)}`, Ipv6CidrBlock: block, Ipv6CidrBlockState: { State: 'associated' as const },
    NetworkBorderGroup: ctx.region, Ipv6Pool: 'Amazon', IpSource: 'amazon' as const, Ipv6AddressAttribute: 'public' as const,
  };
}

type CreateInput = Ec2Operations['CreateVpc']['input'];

/** Its IPv4 block is the caller's, or a pool's. https://docs.aws.amazon.com/vpc/latest/ipam/create-vpc-ipam.html */
export async function planIpv4(ctx: Context, input: Pick<CreateInput, 'CidrBlock' | 'Ipv4IpamPoolId' | 'Ipv4NetmaskLength'>, tags: BlockWish['tags']): Promise<{ block: string; planned?: Planned }> {
  const { CidrBlock, Ipv4IpamPoolId: poolId, Ipv4NetmaskLength: length } = input;
  if (poolId === undefined) {
    if (length !== undefined) throw errors.invalidParameterCombination('The parameter ipv4NetmaskLength can only be used with ipv4IpamPoolId.');
    if (CidrBlock === undefined) throw new AwsError('MissingParameter', "Either 'cidrBlock' or 'ipv4IpamPoolId' should be provided.");
    return { block: formatCidr(vpcCidr(CidrBlock)) };
  }
  const planned = await planBlock(ctx, { poolId, cidr: CidrBlock === undefined ? undefined : formatCidr(vpcCidr(CidrBlock)), length, family: 'ipv4', tags });
  return { block: formatCidr(vpcCidr(formatCidr(planned.cidr))), planned };
}

/** Its IPv6 block, where it wants one: Amazon's, of a pool of addresses that were brought, or of an IPAM pool. */
export async function planIpv6(ctx: Context, input: Pick<CreateInput, 'AmazonProvidedIpv6CidrBlock' | 'Ipv6Pool' | 'Ipv6CidrBlock' | 'Ipv6IpamPoolId' | 'Ipv6NetmaskLength' | 'Ipv6CidrBlockNetworkBorderGroup'>, tags: BlockWish['tags']): Promise<{ association?: Ipv6Block; planned?: Planned }> {
  const { Ipv6Pool: pool, Ipv6CidrBlock: cidr, Ipv6IpamPoolId: poolId, Ipv6NetmaskLength: length } = input;
  const amazon = input.AmazonProvidedIpv6CidrBlock === true;
  if ([amazon, pool !== undefined, poolId !== undefined].filter(Boolean).length > 1) throw errors.invalidParameterCombination('Only one of amazonProvidedIpv6CidrBlock, ipv6Pool and ipv6IpamPoolId can be used.');
  if (cidr !== undefined && pool === undefined && poolId === undefined) throw errors.invalidParameterCombination('The parameter ipv6CidrBlock can only be used with ipv6Pool or ipv6IpamPoolId.');
  if (length !== undefined && poolId === undefined) throw errors.invalidParameterCombination('The parameter ipv6NetmaskLength can only be used with ipv6IpamPoolId.');
  // "You must set AmazonProvidedIpv6CidrBlock to true to use this parameter."
  if (input.Ipv6CidrBlockNetworkBorderGroup !== undefined && !amazon) throw errors.invalidParameterCombination('The parameter ipv6CidrBlockNetworkBorderGroup can only be used with amazonProvidedIpv6CidrBlock.');
  const group = { NetworkBorderGroup: await checkBorderGroup(ctx, input.Ipv6CidrBlockNetworkBorderGroup) };
  if (amazon) return { association: { ...ipv6Association(ctx, amazonIpv6Block(ctx)), ...group } };
  if (pool !== undefined) return { association: { ...ipv6Association(ctx, await drawFromIpv6Pool(ctx, pool, cidr)), ...group, Ipv6Pool: pool, IpSource: 'byoip' } };
  if (poolId === undefined) return {};
  const planned = await planBlock(ctx, { poolId, cidr, length, family: 'ipv6', tags });
  // "The IPv6 netmask length is between /44 and /60 in increments of /4." https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
  if (planned.cidr.prefix < 44 || planned.cidr.prefix > 60 || planned.cidr.prefix % 4 !== 0) throw errors.invalidVpcRange(formatCidr(planned.cidr));
  return { association: { ...ipv6Association(ctx, formatCidr(planned.cidr)), ...group, ...poolTraits(planned) }, planned };
}

type Ipv6Block = NonNullable<StoredVpc['Ipv6CidrBlockAssociationSet']>[number];

async function planVpc(input: CreateInput, ctx: Context): Promise<Partial<StoredVpc>> {
  const tags = specifiedTags(input.TagSpecifications as never, 'vpc');
  const { block, planned } = await planIpv4(ctx, input, tags);
  const ipv6 = await planIpv6(ctx, input, tags);
  const vpc = await vpcDocument(ctx, block, { isDefault: false, tenancy: input.InstanceTenancy ?? 'default', ipv6: ipv6.association, dnsHostnames: false });
  const id = ctx.newId(vpcs);
  for (const given of [planned, ipv6.planned]) await giveBlock(ctx, given, 'vpc', id);
  return { VpcId: id, ...vpc };
}

interface VpcWish {
  readonly isDefault: boolean;
  readonly tenancy: string;
  readonly ipv6?: Ipv6Block | undefined;
  readonly dnsHostnames: boolean;
}

async function vpcDocument(ctx: Context, block: string, wish: VpcWish): Promise<Partial<StoredVpc>> {
  return {
    CidrBlock: block, CidrBlockAssociationSet: [cidrAssociation(ctx, block)], DhcpOptionsId: await defaultDhcpOptions(ctx),
    InstanceTenancy: wish.tenancy as StoredVpc['InstanceTenancy'], IsDefault: wish.isDefault, OwnerId: ctx.account, State: 'pending',
    Ipv6CidrBlockAssociationSet: wish.ipv6 ? [wish.ipv6] : undefined,
    $: { enableDnsSupport: true, enableDnsHostnames: wish.dnsHostnames, enableNetworkAddressUsageMetrics: false },
  };
}

export const hasIpv6 = (vpc: StoredVpc): boolean => (vpc.Ipv6CidrBlockAssociationSet ?? []).length > 0;

/** What every VPC is born with. */
export async function furnish(vpc: StoredVpc, ctx: Context): Promise<void> {
  await createMainTable(ctx, vpc);
  await createDefaultAcl(ctx, vpc);
  await createDefaultGroup(ctx, vpc);
}

export async function createDefaultVpcDocument(ctx: Context): Promise<StoredVpc> {
  const planned = await vpcDocument(ctx, '172.31.0.0/16', { isDefault: true, tenancy: 'default', dnsHostnames: true });
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
    await importVpc(ctx, vpc);
    // A creation answers the empty set, a listing does not; a block is on its way, and Amazon's is told by the listing only. https://docs.aws.amazon.com/cli/latest/reference/ec2/create-vpc.html#examples
    vpc.Ipv6CidrBlockAssociationSet = (vpc.Ipv6CidrBlockAssociationSet ?? []).map((a) => ({ ...a, ...(input.AmazonProvidedIpv6CidrBlock ? { Ipv6CidrBlock: '' } : {}), Ipv6CidrBlockState: { State: 'associating' } }));
  }),
  DescribeVpcs: describes(vpcs, { ids: 'VpcIds', idsName: 'vpcSet', complete: withFormerVpcBlocks, project: async (vpc, ctx) => withEncryption(await withVpcBlocking(vpc, ctx), ctx) }),
  /** "You can only change it to default." https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcTenancy.html */
  ModifyVpcTenancy: modifies(vpcs, { id: 'VpcId' }, (vpc, input) => {
    if (input.InstanceTenancy !== 'default') throw errors.unsupportedTenancy(input.InstanceTenancy);
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
