import { createHash } from 'node:crypto';
import type { CapacityReservationTopology } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { pageOf, wildcardMatcher, type Context, type Handlers, type Structure } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { capacityReservations, type StoredReservation } from './capacity-reservations.ts';

/** Types whose place in the network EC2 tells. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-topology-prerequisites.html */
const SUPPORTED = /^(p3dn|p4d|p4de|p5|p5e|p5en|p6-b200|p6-b300|p6e-gb200|trn1|trn1n|trn2|trn2u|g6|g6e|gr6|hpc6a|hpc6id|hpc7a|hpc7g|hpc8a)\./;
const NODES_PER_PAGE = 20;

/** assumed: which nodes; those of a zone share the first, those of a type the first two. */
const node = (...parts: readonly string[]): string => `nn-${createHash('sha256').update(parts.join('|')).digest('hex').slice(0, 17)}`;

function topologyOf(reservation: StoredReservation, ctx: Context): CapacityReservationTopology {
  const { AvailabilityZone: zone = '', InstanceType: type = '', CapacityReservationId: id = '' } = reservation;
  return {
    CapacityReservationId: id, ...(reservation.CapacityBlockId === undefined ? {} : { CapacityBlockId: reservation.CapacityBlockId }), State: reservation.State, InstanceType: type,
    NetworkNodes: [node(ctx.region, zone), node(ctx.region, zone, type), ...(reservation.State === 'active' ? [node(ctx.region, zone, type, id)] : [])], AvailabilityZone: zone, AvailabilityZoneId: reservation.AvailabilityZoneId,
  };
}

const FILTERS: Readonly<Record<string, (r: StoredReservation) => string>> = { 'availability-zone': (r) => r.AvailabilityZone!, 'instance-type': (r) => r.InstanceType! };

export const reservationTopologyOperations = {
  // "Capacity Reservations of supported instance types in the states pending and active."
  DescribeCapacityReservationTopology: async (input, ctx) => {
    const tests = (input.Filters ?? []).map(({ Name = '', Values = [] }) => {
      if (!Object.hasOwn(FILTERS, Name)) throw errors.invalidParameterValue(`The filter '${Name}' is invalid`);
      const accepts = wildcardMatcher(Values);
      return (r: StoredReservation) => accepts(FILTERS[Name]!(r));
    });
    const ids = input.CapacityReservationIds ?? [];
    const found = ids.length > 0 ? await ctx.getAll(capacityReservations, ids) : await ctx.list(capacityReservations);
    const shown = found.filter((r) => /^(pending|active)$/.test(r.State!) && SUPPORTED.test(r.InstanceType!) && tests.every((test) => test(r))).map((r) => topologyOf(r, ctx));
    const { items, next } = pageOf(shown, { ...(input as Structure), MaxResults: input.MaxResults ?? NODES_PER_PAGE }, errors.invalidNextToken);
    return { CapacityReservations: items, ...next };
  },
} satisfies Handlers<Ec2Operations>;
