import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { AwsError, quotaValue, type Context, type Handlers } from '../../../src/kit/index.ts';
import { contains, formatCidr, overlaps, parseCidr, type Cidr } from './cidr.ts';
import * as errors from '../errors.ts';
import { networkInterfaces } from '../network-interfaces/network-interfaces.ts';
import { keepFormerBlock } from './former-blocks.ts';
import { openAclsToIpv6 } from './network-acls.ts';
import { syncLocalRoutes } from './route-tables.ts';
import { importVpc } from '../ipam/imports.ts';
import { freeBlock, giveBlock } from '../ipam/vpc-allocations.ts';
import { openDefaultGroupToIpv6 } from '../security-groups/security-groups.ts';
import { planSubnetIpv6, subnetIpv6Association, subnets } from './subnets.ts';
import { cidrAssociation, planIpv4, planIpv6, vpcs, type StoredVpc } from './vpcs.ts';

/** Further blocks of VPCs and subnets. https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html */


const range = (text: string): Cidr => parseCidr(text)!;

/** Blocks that a VPC may not add, by the range of its first block. https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html#add-cidr-block-restrictions */
const RESTRICTED: readonly { readonly first: readonly Cidr[]; readonly forbidden: readonly Cidr[] }[] = [
  { first: [range('10.0.0.0/8')], forbidden: [range('172.16.0.0/12'), range('192.168.0.0/16'), range('198.19.0.0/16')] },
  { first: [range('169.254.0.0/16')], forbidden: [range('169.254.0.0/16')] },
  { first: [range('172.16.0.0/12')], forbidden: [range('10.0.0.0/8'), range('172.31.0.0/16'), range('192.168.0.0/16'), range('198.19.0.0/16')] },
  { first: [range('192.168.0.0/16')], forbidden: [range('10.0.0.0/8'), range('172.16.0.0/12'), range('198.19.0.0/16')] },
  { first: [range('198.19.0.0/16')], forbidden: [range('10.0.0.0/8'), range('172.16.0.0/12'), range('192.168.0.0/16')] },
];

type AssociateInput = Ec2Operations['AssociateVpcCidrBlock']['input'];
type AssociateOutput = Ec2Operations['AssociateVpcCidrBlock']['output'];

const wantsIpv6 = (input: AssociateInput): boolean =>
  input.AmazonProvidedIpv6CidrBlock === true || [input.Ipv6Pool, input.Ipv6CidrBlock, input.Ipv6IpamPoolId, input.Ipv6NetmaskLength, input.Ipv6CidrBlockNetworkBorderGroup].some((value) => value !== undefined);
const wantsIpv4 = (input: AssociateInput): boolean => [input.CidrBlock, input.Ipv4IpamPoolId, input.Ipv4NetmaskLength].some((value) => value !== undefined);

async function associateVpcBlock(input: AssociateInput, ctx: Context): Promise<AssociateOutput> {
  const vpc = await ctx.get(vpcs, input.VpcId);
  // assumed: one block a call, with this code.
  if (wantsIpv4(input) && wantsIpv6(input)) throw errors.invalidParameterCombination('Only one CIDR block can be associated in a request.');
  const output = wantsIpv6(input) ? await associateVpcIpv6(input, vpc, ctx) : await associateVpcIpv4(input, vpc, ctx);
  await saveBlocks(ctx, vpc);
  await importVpc(ctx, vpc);
  return output;
}

async function associateVpcIpv6(input: AssociateInput, vpc: StoredVpc, ctx: Context): Promise<AssociateOutput> {
  const present = (vpc.Ipv6CidrBlockAssociationSet ??= []);
  await checkRoom(ctx, vpc.VpcId!, present.length, 'L-085A6257');
  const { association, planned } = await planIpv6(ctx, input, vpc.Tags ?? []);
  if (!association) throw errors.missingParameter('amazonProvidedIpv6CidrBlock');
  await giveBlock(ctx, planned, 'vpc', vpc.VpcId!);
  present.push(association);
  if (present.length === 1) {
    await openAclsToIpv6(ctx, vpc.VpcId!);
    await openDefaultGroupToIpv6(ctx, vpc.VpcId!);
  }
  return { VpcId: vpc.VpcId, Ipv6CidrBlockAssociation: { ...association, Ipv6CidrBlockState: { State: 'associating' } } };
}

async function associateVpcIpv4(input: AssociateInput, vpc: StoredVpc, ctx: Context): Promise<AssociateOutput> {
  if (!wantsIpv4(input)) throw errors.missingParameter('cidrBlock');
  const { block, planned } = await planIpv4(ctx, input, vpc.Tags ?? []);
  await checkRoom(ctx, vpc.VpcId!, vpc.CidrBlockAssociationSet!.length, 'L-83CA0A9D');
  refuseBlock(vpc, range(block), input.CidrBlock ?? block);
  await giveBlock(ctx, planned, 'vpc', vpc.VpcId!);
  const made = cidrAssociation(ctx, block);
  vpc.CidrBlockAssociationSet!.push(made);
  return { VpcId: vpc.VpcId, CidrBlockAssociation: { ...made, CidrBlockState: { State: 'associating' } } };
}

async function checkRoom(ctx: Context, vpcId: string, present: number, quota: string): Promise<void> {
  const max = await quotaValue(ctx, 'vpc', quota);
  // https://github.com/getmoto/moto/blob/5.2.1/tests/test_ec2/test_vpcs.py has the text as AWS answered it.
  if (present >= max) throw errors.limitExceeded('CidrLimitExceeded', `This network ${vpcId} has met its maximum number of allowed CIDRs: ${max}`);
}

function refuseBlock(vpc: StoredVpc, cidr: Cidr, text: string): void {
  const present = vpc.CidrBlockAssociationSet!.map((a) => range(a.CidrBlock!));
  if (present.some((p) => overlaps(p, cidr))) throw errors.invalidVpcConflict(text);
  for (const { first, forbidden } of RESTRICTED) {
    if (first.some((f) => contains(f, range(vpc.CidrBlock!))) && forbidden.some((f) => overlaps(f, cidr))) {
      throw errors.invalidParameterValue(`The CIDR '${text}' is restricted. Use a CIDR from the same private address range as the current VPC CIDR, or use a publicly-routable CIDR. For additional restrictions, see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html#add-cidr-block-restrictions`);
    }
  }
}

async function saveBlocks(ctx: Context, vpc: StoredVpc): Promise<void> {
  await ctx.save(vpcs, vpc);
  await syncLocalRoutes(ctx, vpc);
}

async function disassociateVpcBlock(input: Ec2Operations['DisassociateVpcCidrBlock']['input'], ctx: Context): Promise<Ec2Operations['DisassociateVpcCidrBlock']['output']> {
  const id = input.AssociationId;
  for (const vpc of await ctx.list(vpcs)) {
    const v4 = vpc.CidrBlockAssociationSet?.find((a) => a.AssociationId === id);
    const v6 = vpc.Ipv6CidrBlockAssociationSet?.find((a) => a.AssociationId === id);
    if (!v4 && !v6) continue;
    if (v4?.CidrBlock === vpc.CidrBlock) throw errors.operationNotPermitted(`The vpc CIDR block with association ID ${id} may not be disassociated. It is the primary IPv4 CIDR block of the VPC`);
    const block = range((v4?.CidrBlock ?? v6?.Ipv6CidrBlock)!);
    const used = (await ctx.list(subnets, { member: 'VpcId', value: vpc.VpcId! })).some((s) => [s.CidrBlock, ...(s.Ipv6CidrBlockAssociationSet ?? []).map((a) => a.Ipv6CidrBlock)].some((b) => b && overlaps(range(b), block)));
    if (used) throw new AwsError('InvalidCidrBlock.InUse', `The vpc ${vpc.VpcId} currently has a subnet within CIDR block ${formatCidr(block)}`);
    vpc.CidrBlockAssociationSet = vpc.CidrBlockAssociationSet!.filter((a) => a !== v4);
    vpc.Ipv6CidrBlockAssociationSet = vpc.Ipv6CidrBlockAssociationSet?.filter((a) => a !== v6);
    await saveBlocks(ctx, vpc);
    await keepFormerBlock(ctx, { VpcId: vpc.VpcId! }, { ipv4: v4, ipv6: v6 });
    await freeBlock(ctx, 'vpc', vpc.VpcId!, formatCidr(block));
    return {
      VpcId: vpc.VpcId,
      ...(v4 ? { CidrBlockAssociation: { ...v4, CidrBlockState: { State: 'disassociating' } } } : {}),
      ...(v6 ? { Ipv6CidrBlockAssociation: { ...v6, Ipv6CidrBlockState: { State: 'disassociating' } } } : {}),
    };
  }
  throw new AwsError('InvalidVpcCidrBlockAssociationID.NotFound', `The vpc CIDR block association ID '${id}' does not exist`);
}

export const cidrBlockOperations = {
  AssociateVpcCidrBlock: associateVpcBlock,
  DisassociateVpcCidrBlock: disassociateVpcBlock,
  AssociateSubnetCidrBlock: async (input, ctx) => {
    const subnet = await ctx.get(subnets, input.SubnetId);
    if (subnet.Ipv6CidrBlockAssociationSet!.length > 0) throw errors.limitExceeded('CidrLimitExceeded', `This subnet '${input.SubnetId}' has met its maximum number of allowed CIDRs: 1`);
    const { cidr, planned } = await planSubnetIpv6(ctx, input, await ctx.get(vpcs, subnet.VpcId!), subnet.Tags ?? []);
    if (!cidr) throw errors.missingParameter('ipv6CidrBlock');
    await giveBlock(ctx, planned, 'subnet', input.SubnetId);
    const made = subnetIpv6Association(ctx, formatCidr(cidr), planned);
    subnet.Ipv6CidrBlockAssociationSet = [made];
    await ctx.save(subnets, subnet);
    return { SubnetId: subnet.SubnetId, Ipv6CidrBlockAssociation: { ...made, Ipv6CidrBlockState: { State: 'associating' } } };
  },
  DisassociateSubnetCidrBlock: async (input, ctx) => {
    for (const subnet of await ctx.list(subnets)) {
      const found = subnet.Ipv6CidrBlockAssociationSet?.find((a) => a.AssociationId === input.AssociationId);
      if (!found) continue;
      const used = (await ctx.list(networkInterfaces, { member: 'SubnetId', value: subnet.SubnetId! })).some((e) => e.Ipv6Addresses?.length);
      if (used) throw new AwsError('InvalidCidrBlock.InUse', `The subnet ${subnet.SubnetId} has addresses of CIDR block ${found.Ipv6CidrBlock} in use`);
      subnet.Ipv6CidrBlockAssociationSet = [];
      await ctx.save(subnets, subnet);
      await keepFormerBlock(ctx, { SubnetId: subnet.SubnetId! }, { ipv6: found });
      await freeBlock(ctx, 'subnet', subnet.SubnetId!, found.Ipv6CidrBlock!);
      return { SubnetId: subnet.SubnetId, Ipv6CidrBlockAssociation: { ...found, Ipv6CidrBlockState: { State: 'disassociating' } } };
    }
    throw new AwsError('InvalidSubnetCidrBlockAssociationID.NotFound', `The subnet CIDR block association ID '${input.AssociationId}' does not exist`);
  },
} satisfies Handlers<Ec2Operations>;
