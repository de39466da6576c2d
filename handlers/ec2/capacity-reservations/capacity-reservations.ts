import type { CapacityReservation } from '@aws-sdk/client-ec2';
import type { Wire } from '../../../protocols/wire-types.ts';
import { hours, isoTime, minutes, resource, type Context } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { instances, type StoredInstance } from '../instances/instances.ts';

export type StoredReservation = Wire<CapacityReservation>;

const until = (time: string | undefined, nowMs: number): number | undefined => (time === undefined ? undefined : Math.max(0, Date.parse(time) - nowMs));

/** "Amazon EC2 begins to terminate the instances 30 minutes before the end time of the Capacity Block." https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/capacity-blocks-how.html */
const CLEARING_MS = minutes(30);

/** When something happens next to an active reservation. */
function nextStop({ EndDate: end, ReservationType: type }: StoredReservation, nowMs: number): string | undefined {
  const clearingMs = Date.parse(end ?? '') - CLEARING_MS;
  return type === 'capacity-block' && clearingMs > nowMs ? isoTime(clearingMs) : end;
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-capacity-reservations.html */
export const capacityReservations = resource<StoredReservation>({
  service: 'ec2',
  kind: 'capacity-reservation',
  shape: 'CapacityReservation',
  id: { member: 'CapacityReservationId', prefix: 'cr' },
  notFound: errors.notFound('InvalidCapacityReservationId.NotFound', 'capacity reservation ID'),
  malformed: errors.malformedId('InvalidCapacityReservationId.Malformed', 'cr'),
  state: 'State',
  lifecycle: {
    'payment-pending': { after: 60_000, to: 'scheduled' },
    // "Amazon EC2 typically takes up to 5 days to assess a request." assumed: a day.
    assessing: { after: hours(24), to: 'scheduled' },
    scheduled: { after: (r, nowMs) => until(r.StartDate, nowMs), paced: false, to: 'active' },
    active: { after: (r, nowMs) => until(nextStop(r, nowMs), nowMs), paced: false, to: 'active' },
    // assumed: for how long what has ended is described.
    expired: { after: hours(1), paced: false, to: 'gone' },
    cancelled: { after: hours(1), paced: false, to: 'gone' },
  },
  // "Instances continue to run as On-Demand Instances."
  entering: { active: stop, expired: letGo, cancelled: letGo },
  references: { CapacityReservationFleetId: { kind: 'ec2:capacity-reservation-fleet', onDelete: 'keep' } },
  indexed: ['InstanceType', 'CapacityBlockId'],
  filters: { 'instance-type': 'InstanceType' },
  conditionKeys: (r) => ({
    'ec2:CapacityReservationFleet': r.CapacityReservationFleetId, 'ec2:AvailabilityZone': r.AvailabilityZone, 'ec2:AvailabilityZoneId': r.AvailabilityZoneId, 'ec2:CreateDate': r.CreateDate, 'ec2:EbsOptimized': r.EbsOptimized,
    'ec2:EndDate': r.EndDate, 'ec2:EndDateType': r.EndDateType, 'ec2:InstanceCount': r.TotalInstanceCount, 'ec2:InstanceMatchCriteria': r.InstanceMatchCriteria, 'ec2:InstancePlatform': r.InstancePlatform,
    'ec2:InstanceType': r.InstanceType, 'ec2:OutpostArn': r.OutpostArn, 'ec2:PlacementGroup': r.PlacementGroupArn, 'ec2:Tenancy': r.Tenancy,
  }),
});

const isUsing = (instance: StoredInstance): boolean => /^(pending|running)$/.test(instance.State!.Name!);

/** The instances that run in a reservation. */
export const usersOf = async (id: string, ctx: Context): Promise<StoredInstance[]> => (await ctx.list(instances, { member: 'CapacityReservationId', value: id })).filter(isUsing);

/** How many more instances a reservation has room for. */
export async function roomIn(reservation: StoredReservation, ctx: Context): Promise<number> {
  return reservation.State === 'active' ? Math.max(0, reservation.TotalInstanceCount! - (await usersOf(reservation.CapacityReservationId!, ctx)).length) : 0;
}

/** What descriptions show beside what is stored. */
export async function withRoom(reservation: StoredReservation, ctx: Context): Promise<StoredReservation> {
  return { ...reservation, AvailableInstanceCount: await roomIn(reservation, ctx) };
}

/** An active reservation whose end has come expires; a block is cleared before. */
async function stop(reservation: StoredReservation, ctx: Context): Promise<void> {
  const endMs = Date.parse(reservation.EndDate ?? '');
  if (reservation.ReservationType === 'capacity-block' && ctx.nowMs >= endMs - CLEARING_MS) await clear(reservation, ctx);
  if (ctx.nowMs < endMs || Number.isNaN(endMs)) return;
  reservation.State = 'expired';
  await letGo(reservation, ctx);
}

async function clear(reservation: StoredReservation, ctx: Context): Promise<void> {
  for (const instance of await usersOf(reservation.CapacityReservationId!, ctx)) {
    // assumed: which reason EC2 gives.
    instance.StateReason = { Code: 'Server.CapacityBlockExpired', Message: 'Server.CapacityBlockExpired: The Capacity Block has ended' };
    instance.StateTransitionReason = 'Server.CapacityBlockExpired';
    await ctx.transition(instances, instance, 'shutting-down');
  }
}

async function letGo(reservation: StoredReservation, ctx: Context): Promise<void> {
  for (const instance of await ctx.list(instances, { member: 'CapacityReservationId', value: reservation.CapacityReservationId! })) {
    delete instance.CapacityReservationId;
    await ctx.save(instances, instance);
  }
}
