import type { SubnetCidrReservation } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { AwsError, creates, resource, wildcardMatcher, type Context, type Handlers } from '../../../src/kit/index.ts';
import { contains, formatCidr, overlaps, parseCidr } from './cidr.ts';
import * as errors from '../errors.ts';
import { subnets } from './subnets.ts';

export type StoredReservation = Wire<SubnetCidrReservation>;

/** https://docs.aws.amazon.com/vpc/latest/userguide/subnet-cidr-reservation.html */
export const subnetCidrReservations = resource<StoredReservation>({
  service: 'ec2',
  kind: 'subnet-cidr-reservation',
  shape: 'SubnetCidrReservation',
  id: { member: 'SubnetCidrReservationId', prefix: 'scr' },
  notFound: (ids) => new AwsError('InvalidSubnetCidrReservationID.NotFound', `The subnet CIDR reservation ID '${ids[0]}' does not exist`),
  malformed: errors.malformedId('InvalidSubnetCidrReservationId.Malformed', 'scr'),
  references: { SubnetId: { kind: 'ec2:subnet', onDelete: 'cascade' } },
});

async function planReservation(input: Ec2Operations['CreateSubnetCidrReservation']['input'], ctx: Context): Promise<Partial<StoredReservation>> {
  const subnet = await ctx.get(subnets, input.SubnetId);
  const cidr = parseCidr(input.Cidr);
  if (!cidr) throw errors.invalidParameterValue(`Value (${input.Cidr}) for parameter cidr is invalid. This is not a valid CIDR block.`);
  const blocks = [subnet.CidrBlock, ...(subnet.Ipv6CidrBlockAssociationSet ?? []).map((a) => a.Ipv6CidrBlock)].flatMap((b) => (b ? [parseCidr(b)!] : []));
  if (!blocks.some((b) => contains(b, cidr))) throw errors.invalidParameterValue(`The CIDR '${input.Cidr}' is not within the CIDR of subnet ${input.SubnetId}.`);
  const present = await ctx.list(subnetCidrReservations, { member: 'SubnetId', value: input.SubnetId });
  if (present.some((r) => overlaps(parseCidr(r.Cidr!)!, cidr))) throw new AwsError('InvalidSubnetCidrReservation.Conflict', `The CIDR '${input.Cidr}' conflicts with another reservation of the subnet`);
  if (!['prefix', 'explicit'].includes(input.ReservationType)) throw errors.invalidValue(input.ReservationType, 'reservationType');
  return { SubnetId: input.SubnetId, Cidr: formatCidr(cidr), ReservationType: input.ReservationType, OwnerId: ctx.account, Description: input.Description, Tags: [] };
}

export const subnetCidrReservationOperations = {
  CreateSubnetCidrReservation: creates(subnetCidrReservations, planReservation),
  GetSubnetCidrReservations: async (input, ctx) => {
    await ctx.get(subnets, input.SubnetId);
    if (input.NextToken !== undefined) throw errors.invalidValue(` ${input.NextToken} `, 'NextToken', 'The token is invalid.');
    const tests = (input.Filters ?? []).map(({ Name = '', Values = [] }) => {
      const accepts = wildcardMatcher(Values);
      if (Name === 'reservationType') return (r: StoredReservation) => accepts(r.ReservationType!);
      if (Name === 'subnet-id') return (r: StoredReservation) => accepts(r.SubnetId!);
      if (Name.startsWith('tag:')) return (r: StoredReservation) => r.Tags?.some((t) => t.Key === Name.slice(4) && accepts(t.Value ?? '')) ?? false;
      if (Name === 'tag-key') return (r: StoredReservation) => r.Tags?.some((t) => accepts(t.Key ?? '')) ?? false;
      throw errors.invalidParameterValue(`The filter '${Name}' is invalid`);
    });
    const all = (await ctx.list(subnetCidrReservations, { member: 'SubnetId', value: input.SubnetId })).filter((r) => tests.every((test) => test(r)));
    return {
      SubnetIpv4CidrReservations: all.filter((r) => !r.Cidr!.includes(':')),
      SubnetIpv6CidrReservations: all.filter((r) => r.Cidr!.includes(':')),
    };
  },
  DeleteSubnetCidrReservation: async (input, ctx) => {
    const reservation = await ctx.get(subnetCidrReservations, input.SubnetCidrReservationId);
    await ctx.remove(subnetCidrReservations, reservation);
    return { DeletedSubnetCidrReservation: reservation };
  },
} satisfies Handlers<Ec2Operations>;
