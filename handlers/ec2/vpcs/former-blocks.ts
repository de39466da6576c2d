import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { hours, resource, type Context } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import type { StoredSubnet } from './subnets.ts';
import type { StoredVpc } from './vpcs.ts';

type Disassociated = Ec2Operations['DisassociateVpcCidrBlock']['output'];
type Ipv4Block = NonNullable<Disassociated['CidrBlockAssociation']>;
type Ipv6Block = NonNullable<Disassociated['Ipv6CidrBlockAssociation']>;

interface FormerBlock {
  readonly AssociationId: string;
  readonly VpcId?: string | undefined;
  readonly SubnetId?: string | undefined;
  readonly State: 'disassociated';
  readonly $: { readonly ipv4?: Ipv4Block | undefined; readonly ipv6?: Ipv6Block | undefined };
}

/**
 * A block that was taken from a VPC or subnet is still described there, "disassociated for a long time (1+ hour)".
 * https://github.com/lyft/cni-ipvlan-vpc-k8s/issues/49
 * It is kept beside its owner, for nothing but a description has to know of it.
 */
export const formerBlocks = resource<FormerBlock>({
  service: 'ec2',
  kind: 'former-cidr-block',
  shape: 'VpcCidrBlockAssociation',
  id: { member: 'AssociationId' },
  notFound: errors.notFound('InvalidVpcCidrBlockAssociationID.NotFound', 'association ID'),
  tags: null,
  state: 'State',
  lifecycle: { disassociated: { after: hours(1), to: 'gone', paced: false } },
  references: { VpcId: { kind: 'ec2:vpc', onDelete: 'cascade' }, SubnetId: { kind: 'ec2:subnet', onDelete: 'cascade' } },
});

type Owner = { readonly VpcId: string } | { readonly SubnetId: string };

export async function keepFormerBlock(ctx: Context, owner: Owner, { ipv4, ipv6 }: FormerBlock['$']): Promise<void> {
  await ctx.create(formerBlocks, {
    AssociationId: (ipv4 ?? ipv6)!.AssociationId!,
    State: 'disassociated',
    $: { ipv4: ipv4 && { ...ipv4, CidrBlockState: { State: 'disassociated' } }, ipv6: ipv6 && { ...ipv6, Ipv6CidrBlockState: { State: 'disassociated' } } },
    ...owner,
  });
}

const formerOf = async (ctx: Context, member: 'VpcId' | 'SubnetId', value: string): Promise<FormerBlock['$'][]> =>
  (await ctx.list(formerBlocks, { member, value })).map((block) => block.$);

/** Former blocks come before those that followed them: https://github.com/hashicorp/terraform/issues/12895; the first IPv4 block, which cannot be taken, before them all. */
export async function withFormerVpcBlocks(vpc: StoredVpc, ctx: Context): Promise<StoredVpc> {
  const former = await formerOf(ctx, 'VpcId', vpc.VpcId!);
  if (former.length === 0) return vpc;
  const [first, ...further] = vpc.CidrBlockAssociationSet!;
  return {
    ...vpc,
    CidrBlockAssociationSet: [first!, ...former.flatMap(({ ipv4 }) => ipv4 ?? []), ...further],
    Ipv6CidrBlockAssociationSet: [...former.flatMap(({ ipv6 }) => ipv6 ?? []), ...(vpc.Ipv6CidrBlockAssociationSet ?? [])],
  };
}

export async function withFormerSubnetBlocks(subnet: StoredSubnet, ctx: Context): Promise<StoredSubnet> {
  const former = await formerOf(ctx, 'SubnetId', subnet.SubnetId!);
  return former.length === 0 ? subnet : { ...subnet, Ipv6CidrBlockAssociationSet: [...former.flatMap(({ ipv6 }) => ipv6 ?? []), ...subnet.Ipv6CidrBlockAssociationSet!] };
}
