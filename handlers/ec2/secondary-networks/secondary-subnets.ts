import type { SecondaryInterface, SecondarySubnet } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { contains, overlaps, parseCidr } from '../vpcs/cidr.ts';
import { subnetZone } from '../vpcs/subnets.ts';
import { zone } from '../catalog/regions.ts';
import { blockConflict, blockOutside, notModifiable } from './errors.ts';
import { associationOf, blockOf, isGone, life, secondaryNetworks } from './secondary-networks.ts';

export type StoredSecondarySubnet = Wire<SecondarySubnet>;

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecondarySubnet.html */
export const secondarySubnets = resource<StoredSecondarySubnet>({
  service: 'ec2',
  kind: 'secondary-subnet',
  shape: 'SecondarySubnet',
  id: { member: 'SecondarySubnetId', prefix: 'ss' },
  notFound: general.notFound('InvalidSecondarySubnetId.NotFound', 'secondary subnet ID'),
  malformed: general.malformedId('InvalidSecondarySubnetId.Malformed', 'ss'),
  inUse: general.hasDependencies('secondarySubnet'),
  state: 'State',
  ...life,
  references: { SecondaryNetworkId: { kind: 'ec2:secondary-network', onDelete: (s) => (isGone(s) ? 'keep' : 'refuse') } },
});

/** Instances are launched with them, which Fogbank refuses yet: none comes into being. */
export const secondaryInterfaces = resource<Wire<SecondaryInterface>>({
  service: 'ec2',
  kind: 'secondary-interface',
  shape: 'SecondaryInterface',
  // assumed: how their ids begin.
  id: { member: 'SecondaryInterfaceId', prefix: 'si' },
  notFound: general.notFound('InvalidSecondaryInterfaceId.NotFound', 'secondary interface ID'),
  malformed: general.malformedId('InvalidSecondaryInterfaceId.Malformed', 'si'),
  references: { SecondarySubnetId: { kind: 'ec2:secondary-subnet' } },
  filters: { 'private-ipv4-addresses.private-ip-address': 'PrivateIpv4Addresses.PrivateIpAddress' },
});

async function planSubnet(input: Ec2Operations['CreateSecondarySubnet']['input'], ctx: Context): Promise<StoredSecondarySubnet> {
  const { AvailabilityZone, AvailabilityZoneId, SecondaryNetworkId } = input;
  if (AvailabilityZone !== undefined && AvailabilityZoneId !== undefined) throw general.invalidParameterCombination('Only one of AvailabilityZone and AvailabilityZoneId may be specified');
  const network = await ctx.get(secondaryNetworks, SecondaryNetworkId);
  if (network.State !== 'create-complete') throw notModifiable('secondary network', SecondaryNetworkId);
  const cidr = blockOf(input.Ipv4CidrBlock);
  if (!network.Ipv4CidrBlockAssociations!.some((a) => contains(parseCidr(a.CidrBlock!)!, cidr))) throw blockOutside(input.Ipv4CidrBlock, SecondaryNetworkId);
  for (const other of await ctx.list(secondarySubnets, { member: 'SecondaryNetworkId', value: SecondaryNetworkId })) {
    if (!isGone(other) && other.Ipv4CidrBlockAssociations!.some((a) => overlaps(parseCidr(a.CidrBlock!)!, cidr))) throw blockConflict(input.Ipv4CidrBlock, other.SecondarySubnetId!);
  }
  // assumed: without a zone AWS chooses one, as it does for subnets.
  const placed = zone(ctx.region, await subnetZone(input, ctx))!;
  const id = ctx.newId(secondarySubnets);
  return {
    SecondarySubnetId: id, SecondarySubnetArn: `arn:aws:ec2:${ctx.region}:${ctx.account}:secondary-subnet/${id}`, SecondaryNetworkId, SecondaryNetworkType: network.Type, OwnerId: ctx.account,
    AvailabilityZone: placed.ZoneName, AvailabilityZoneId: placed.ZoneId, State: 'create-in-progress', Ipv4CidrBlockAssociations: [associationOf(ctx, 'ss', cidr)],
  };
}

export const secondarySubnetOperations = {
  CreateSecondarySubnet: creates(secondarySubnets, planSubnet),
  DescribeSecondarySubnets: describes(secondarySubnets, { ids: 'SecondarySubnetIds' }),
  DeleteSecondarySubnet: async (input, ctx) => {
    const subnet = await ctx.get(secondarySubnets, input.SecondarySubnetId);
    if (subnet.State !== 'create-complete') throw notModifiable('secondary subnet', input.SecondarySubnetId);
    await ctx.refuseWhileReferred(secondarySubnets, input.SecondarySubnetId);
    return { SecondarySubnet: await ctx.transition(secondarySubnets, subnet, 'delete-in-progress'), ...(input.ClientToken === undefined ? {} : { ClientToken: input.ClientToken }) };
  },
  DescribeSecondaryInterfaces: describes(secondaryInterfaces, { ids: 'SecondaryInterfaceIds' }),
} satisfies Handlers<Ec2Operations>;
