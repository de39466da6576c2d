import type { Subnet } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, deletes, describes, resource, seconds, specifiedTags, type Context, type Handlers } from '../../../src/kit/index.ts';
import { zone } from '../catalog/regions.ts';
import { withSubnetBlocking } from './block-public-access.ts';
import { contains, formatCidr, overlaps, parseCidr, sizeOf, type Cidr } from './cidr.ts';
import { subnetKeys } from '../condition-keys.ts';
import * as errors from '../errors.ts';
import { giveBlock, planSubnetBlock, poolTraits, textOf, type BlockWish, type Planned } from '../ipam/vpc-allocations.ts';
import { outpostIn } from '../local-gateways/local-gateways.ts';
import { zonesFor } from '../zone-groups.ts';
import { withFormerSubnetBlocks } from './former-blocks.ts';
import { associateDefaultAcl } from './network-acls.ts';
import { vpcs, type StoredVpc } from './vpcs.ts';

export type StoredSubnet = Wire<Subnet>;

const IPV6_BLOCK = 'Ipv6CidrBlockAssociationSet.Ipv6CidrBlock';

/** https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html */
export const subnets = resource<StoredSubnet>({
  service: 'ec2',
  kind: 'subnet',
  shape: 'Subnet',
  untagged: 'absent',
  id: { member: 'SubnetId', prefix: 'subnet' },
  notFound: errors.notFound('InvalidSubnetID.NotFound', 'subnet ID'),
  malformed: errors.malformedId('InvalidSubnetID.Malformed', 'subnet'),
  inUse: errors.hasDependencies('subnet'),
  state: 'State',
  lifecycle: { pending: { after: seconds(1), to: 'available' } },
  references: { VpcId: { kind: 'ec2:vpc' } },
  indexed: ['CidrBlock', IPV6_BLOCK],
  filters: {
    availabilityZone: 'AvailabilityZone', availabilityZoneId: 'AvailabilityZoneId', cidr: 'CidrBlock', cidrBlock: 'CidrBlock', defaultForAz: 'DefaultForAz',
    'ipv6-cidr-block-association.ipv6-cidr-block': IPV6_BLOCK,
    'ipv6-cidr-block-association.association-id': 'Ipv6CidrBlockAssociationSet.AssociationId',
    'ipv6-cidr-block-association.state': 'Ipv6CidrBlockAssociationSet.Ipv6CidrBlockState.State',
  },
  conditionKeys: subnetKeys,
});

/** "The first four IP addresses and the last IP address in each subnet CIDR block are not available." https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html */
export const RESERVED_FIRST = 4n;
export const usableAddresses = (cidr: Cidr): number => Number(sizeOf(cidr)) - 5;

type CreateInput = Ec2Operations['CreateSubnet']['input'];
type Tags = BlockWish['tags'];

/** Its IPv4 block is the caller's, or that of a pool which plans the VPC. https://docs.aws.amazon.com/vpc/latest/ipam/tutorials-subnet-planning.html */
async function planSubnetIpv4(ctx: Context, input: CreateInput, vpc: StoredVpc, tags: Tags): Promise<{ cidr?: Cidr; planned?: Planned }> {
  const { CidrBlock, Ipv4IpamPoolId: poolId, Ipv4NetmaskLength: length } = input;
  if (input.Ipv6Native === true) {
    if (CidrBlock !== undefined || poolId !== undefined) throw errors.invalidParameterCombination('An IPv6-native subnet cannot have an IPv4 CIDR block.');
    return {};
  }
  if (poolId === undefined && length !== undefined) throw errors.invalidParameterCombination('The parameter ipv4NetmaskLength can only be used with ipv4IpamPoolId.');
  if (poolId === undefined && CidrBlock === undefined) throw errors.missingParameter('cidrBlock');
  const planned = poolId === undefined ? undefined : await planSubnetBlock(ctx, { poolId, cidr: CidrBlock, length, family: 'ipv4', tags }, vpc.VpcId!);
  return { cidr: await subnetCidr(textOf(planned) ?? CidrBlock!, vpc, ctx), ...(planned ? { planned } : {}) };
}

export async function planSubnetIpv6(ctx: Context, input: Pick<CreateInput, 'Ipv6CidrBlock' | 'Ipv6IpamPoolId' | 'Ipv6NetmaskLength'>, vpc: StoredVpc, tags: Tags): Promise<{ cidr?: Cidr; planned?: Planned }> {
  const { Ipv6CidrBlock: text, Ipv6IpamPoolId: poolId, Ipv6NetmaskLength: length } = input;
  if (poolId === undefined && length !== undefined) throw errors.invalidParameterCombination('The parameter ipv6NetmaskLength can only be used with ipv6IpamPoolId.');
  const planned = poolId === undefined ? undefined : await planSubnetBlock(ctx, { poolId, cidr: text, length, family: 'ipv6', tags }, vpc.VpcId!);
  const wanted = textOf(planned) ?? text;
  return wanted === undefined ? {} : { cidr: await subnetIpv6(wanted, vpc, ctx), ...(planned ? { planned } : {}) };
}

async function planSubnet(input: CreateInput, ctx: Context): Promise<Partial<StoredSubnet>> {
  const vpc = await ctx.get(vpcs, input.VpcId);
  const tags = specifiedTags(input.TagSpecifications as never, 'subnet');
  const native = input.Ipv6Native === true;
  const ipv4 = await planSubnetIpv4(ctx, input, vpc, tags);
  const ipv6 = await planSubnetIpv6(ctx, input, vpc, tags);
  if (native && !ipv6.cidr) throw errors.missingParameter('ipv6CidrBlock');
  const subnet = subnetDocument(ctx, { vpcId: input.VpcId, zoneName: await subnetZone(input, ctx), cidr: ipv4.cidr, ipv6: ipv6.cidr, planned: ipv6.planned, native, isDefault: false });
  if (input.OutpostArn !== undefined) subnet.OutpostArn = (await outpostIn(ctx, input.OutpostArn, subnet.AvailabilityZone!)).OutpostArn;
  for (const { planned } of [ipv4, ipv6]) await giveBlock(ctx, planned, 'subnet', subnet.SubnetId!);
  return subnet;
}

/** Zones that need an opt-in are for accounts that have opted in. */
export async function subnetZone(input: Pick<CreateInput, 'AvailabilityZone' | 'AvailabilityZoneId'>, ctx: Context): Promise<string> {
  const usable = (await zonesFor(ctx)).filter((z) => z.OptInStatus !== 'not-opted-in');
  const wanted = input.AvailabilityZone ?? input.AvailabilityZoneId;
  if (wanted === undefined) return usable[0]!.ZoneName!;
  const found = usable.find((z) => z.ZoneName === wanted || z.ZoneId === wanted);
  if (!found) throw errors.invalidSubnetZone(wanted, usable.map((z) => z.ZoneName!));
  return found.ZoneName!;
}

/** Whether another subnet of the VPC has a part of it; a VPC has up to 200, so only their blocks are read. */
async function isUsed(ctx: Context, vpc: StoredVpc, member: string, cidr: Cidr): Promise<boolean> {
  return (await ctx.values(subnets, member, { member: 'VpcId', value: vpc.VpcId! })).some((block) => overlaps(parseCidr(block)!, cidr));
}

/** A /16 to a /28 inside one of the VPC's blocks, clear of every other subnet. */
async function subnetCidr(text: string, vpc: StoredVpc, ctx: Context): Promise<Cidr> {
  const cidr = parseCidr(text);
  if (!cidr || cidr.version !== 4) throw errors.invalidCidr(text);
  const blocks = (vpc.CidrBlockAssociationSet ?? []).filter((a) => a.CidrBlockState?.State === 'associated').map((a) => parseCidr(a.CidrBlock!)!);
  if (cidr.prefix < 16 || cidr.prefix > 28 || !blocks.some((b) => contains(b, cidr))) throw errors.invalidSubnetRange(text);
  if (await isUsed(ctx, vpc, 'CidrBlock', cidr)) throw errors.subnetConflict(text);
  return cidr;
}

/** A /64 (or another multiple of four from /44) inside one of the VPC's IPv6 blocks. */
async function subnetIpv6(text: string, vpc: StoredVpc, ctx: Context): Promise<Cidr> {
  const cidr = parseCidr(text);
  if (!cidr || cidr.version !== 6) throw errors.invalidParameterValue(`Value (${text}) for parameter ipv6CidrBlock is invalid. This is not a valid IPv6 CIDR block.`);
  const blocks = (vpc.Ipv6CidrBlockAssociationSet ?? []).filter((a) => a.Ipv6CidrBlockState?.State === 'associated').map((a) => parseCidr(a.Ipv6CidrBlock!)!);
  if (cidr.prefix < 44 || cidr.prefix > 64 || cidr.prefix % 4 !== 0 || !blocks.some((b) => contains(b, cidr))) throw errors.invalidSubnetRange(text);
  if (await isUsed(ctx, vpc, IPV6_BLOCK, cidr)) throw errors.subnetConflict(text, 'IPv6 CIDR');
  return cidr;
}

interface SubnetWish {
  readonly vpcId: string;
  readonly zoneName: string;
  readonly cidr: Cidr | undefined;
  readonly ipv6?: Cidr | undefined;
  /** The pool that gave the IPv6 block. */
  readonly planned?: Planned | undefined;
  readonly native: boolean;
  readonly isDefault: boolean;
}

function subnetDocument(ctx: Context, wish: SubnetWish): StoredSubnet {
  const id = ctx.newId(subnets);
  const placed = zone(ctx.region, wish.zoneName)!;
  return {
    SubnetId: id, SubnetArn: `arn:aws:ec2:${ctx.region}:${ctx.account}:subnet/${id}`, VpcId: wish.vpcId, OwnerId: ctx.account, State: wish.isDefault ? 'available' : 'pending',
    AvailabilityZone: placed.ZoneName, AvailabilityZoneId: placed.ZoneId, CidrBlock: wish.cidr && formatCidr(wish.cidr),
    AvailableIpAddressCount: wish.cidr ? usableAddresses(wish.cidr) : 0, DefaultForAz: wish.isDefault, MapPublicIpOnLaunch: wish.isDefault,
    MapCustomerOwnedIpOnLaunch: false, AssignIpv6AddressOnCreation: wish.native, EnableDns64: false, Ipv6Native: wish.native,
    Ipv6CidrBlockAssociationSet: wish.ipv6 ? [subnetIpv6Association(ctx, formatCidr(wish.ipv6), wish.planned)] : [],
    PrivateDnsNameOptionsOnLaunch: { HostnameType: wish.native ? 'resource-name' : 'ip-name', EnableResourceNameDnsARecord: false, EnableResourceNameDnsAAAARecord: false },
    BlockPublicAccessStates: { InternetGatewayBlockMode: 'off' },
  };
}

export function subnetIpv6Association(ctx: Context, block: string, planned?: Planned) {
  const { Ipv6AddressAttribute, IpSource } = planned ? poolTraits(planned) : { Ipv6AddressAttribute: 'public' as const, IpSource: 'amazon' as const };
  return { AssociationId: `subnet-cidr-assoc-${ctx.ids.hex(17)}`, Ipv6CidrBlock: block, Ipv6CidrBlockState: { State: 'associated' as const }, Ipv6AddressAttribute, IpSource };
}

/** A default subnet: a /20 of 172.31.0.0/16 for each zone. https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc-components.html */
export async function createDefaultSubnet(ctx: Context, vpc: StoredVpc, zoneName: string): Promise<StoredSubnet> {
  const present = (await ctx.list(subnets, { member: 'VpcId', value: vpc.VpcId! })).map((s) => parseCidr(s.CidrBlock!)!);
  const block = parseCidr(vpc.CidrBlock!)!;
  for (let i = 0n; i < 16n; i++) {
    const cidr: Cidr = { version: 4, base: block.base + i * 4096n, prefix: 20 };
    if (present.some((p) => overlaps(p, cidr))) continue;
    const subnet = await ctx.create(subnets, subnetDocument(ctx, { vpcId: vpc.VpcId!, zoneName, cidr, native: false, isDefault: true }));
    await associateDefaultAcl(ctx, subnet);
    return subnet;
  }
  throw errors.insufficientCidrBlocks();
}

type ModifyInput = Ec2Operations['ModifySubnetAttribute']['input'];

const CHANGES: Readonly<Record<string, (subnet: StoredSubnet, input: ModifyInput) => void>> = {
  MapPublicIpOnLaunch: (s, i) => void (s.MapPublicIpOnLaunch = i.MapPublicIpOnLaunch!.Value ?? false),
  AssignIpv6AddressOnCreation: (s, i) => {
    if (i.AssignIpv6AddressOnCreation!.Value && !s.Ipv6CidrBlockAssociationSet?.length) {
      throw errors.invalidParameterValue(`Invalid value 'true' for AssignIpv6AddressOnCreation. Subnet must have an IPv6 CIDR block associated first.`);
    }
    s.AssignIpv6AddressOnCreation = i.AssignIpv6AddressOnCreation!.Value ?? false;
  },
  EnableDns64: (s, i) => void (s.EnableDns64 = i.EnableDns64!.Value ?? false),
  PrivateDnsHostnameTypeOnLaunch: (s, i) => void (s.PrivateDnsNameOptionsOnLaunch!.HostnameType = i.PrivateDnsHostnameTypeOnLaunch!),
  EnableResourceNameDnsARecordOnLaunch: (s, i) => void (s.PrivateDnsNameOptionsOnLaunch!.EnableResourceNameDnsARecord = i.EnableResourceNameDnsARecordOnLaunch!.Value ?? false),
  EnableResourceNameDnsAAAARecordOnLaunch: (s, i) => void (s.PrivateDnsNameOptionsOnLaunch!.EnableResourceNameDnsAAAARecord = i.EnableResourceNameDnsAAAARecordOnLaunch!.Value ?? false),
};

export const subnetOperations = {
  CreateSubnet: creates(subnets, planSubnet, async (subnet, _input, ctx) => {
    await associateDefaultAcl(ctx, subnet);
    // https://docs.aws.amazon.com/cli/latest/reference/ec2/create-subnet.html#examples
    for (const block of subnet.Ipv6CidrBlockAssociationSet ?? []) block.Ipv6CidrBlockState = { State: 'associating' };
  }),
  DescribeSubnets: describes(subnets, { ids: 'SubnetIds', complete: withFormerSubnetBlocks, project: withSubnetBlocking }),
  /** One attribute a call. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifySubnetAttribute.html */
  ModifySubnetAttribute: async (input, ctx) => {
    const subnet = await ctx.get(subnets, input.SubnetId);
    const given = Object.keys(CHANGES).filter((name) => input[name as keyof ModifyInput] !== undefined);
    if (given.length === 0) throw errors.missingParameter('attribute');
    if (given.length > 1) throw errors.invalidParameterCombination('Fields for multiple attribute types specified');
    CHANGES[given[0]!]!(subnet, input);
    await ctx.save(subnets, subnet);
    return {};
  },
  DeleteSubnet: deletes(subnets, { id: 'SubnetId' }),
  CreateDefaultSubnet: async (input, ctx) => {
    const vpc = (await ctx.list(vpcs)).find((v) => v.IsDefault);
    if (!vpc) throw errors.defaultVpcDoesNotExist();
    const wanted = input.AvailabilityZone ?? input.AvailabilityZoneId;
    if (wanted === undefined) throw errors.missingParameter('availabilityZone');
    const placed = zone(ctx.region, wanted);
    if (!placed) throw errors.invalidAvailabilityZone(wanted);
    const present = (await ctx.list(subnets, { member: 'VpcId', value: vpc.VpcId! })).find((s) => s.DefaultForAz && s.AvailabilityZone === placed.ZoneName);
    if (present) throw errors.defaultSubnetExists(present.SubnetId!, placed.ZoneName!);
    return { Subnet: await createDefaultSubnet(ctx, vpc, placed.ZoneName!) };
  },
} satisfies Handlers<Ec2Operations>;
