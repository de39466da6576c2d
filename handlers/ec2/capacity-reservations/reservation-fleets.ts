import type { CapacityReservationFleet } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { describes, hours, resource, seconds, specifiedTags, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { capacityReservations, usersOf, type StoredReservation } from './capacity-reservations.ts';
import * as reservationErrors from './errors.ts';
import { planReservationOf } from './reservation-operations.ts';

type StoredReservationFleet = Wire<CapacityReservationFleet> & { $: { specifications: Specification[] } };
type CreateInput = Ec2Operations['CreateCapacityReservationFleet']['input'];
type Specification = NonNullable<CreateInput['InstanceTypeSpecifications']>[number];
type Made = NonNullable<StoredReservationFleet['InstanceTypeSpecifications']>[number];

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/cr-fleets.html */
export const reservationFleets = resource<StoredReservationFleet>({
  service: 'ec2',
  kind: 'capacity-reservation-fleet',
  shape: 'CapacityReservationFleet',
  id: { member: 'CapacityReservationFleetId', prefix: 'crf' },
  notFound: errors.notFound('InvalidCapacityReservationFleetId.NotFound', 'capacity reservation fleet ID'),
  malformed: errors.malformedId('InvalidCapacityReservationFleetId.Malformed', 'crf'),
  state: 'State',
  lifecycle: {
    submitted: { after: seconds(5), to: 'active' },
    modifying: { after: seconds(5), to: 'active' },
    active: { after: expiry, paced: false, to: 'expired' },
    partially_fulfilled: { after: expiry, paced: false, to: 'expired' },
    cancelling: { after: seconds(5), to: 'cancelled' },
    // assumed: for how long what has ended is described.
    expired: { after: hours(1), paced: false, to: 'gone' },
    cancelled: { after: hours(1), paced: false, to: 'gone' },
    failed: { after: hours(1), paced: false, to: 'gone' },
  },
  entering: { active: async (fleet, ctx) => settle(fleet, ctx), expired: async (fleet, ctx) => end(fleet, 'expired', ctx), cancelled: async (fleet, ctx) => end(fleet, 'cancelled', ctx) },
});

function expiry(fleet: StoredReservationFleet, nowMs: number): number | undefined {
  return fleet.EndDate === undefined ? undefined : Math.max(0, Date.parse(fleet.EndDate) - nowMs);
}

const ownReservation = async (made: Made, ctx: Context): Promise<StoredReservation | undefined> => {
  const found = await ctx.find(capacityReservations, made.CapacityReservationId!);
  return found && /^(active|pending)$/.test(found.State!) ? found : undefined;
};

/** What its reservations hold now. */
async function counted(fleet: StoredReservationFleet, ctx: Context): Promise<StoredReservationFleet> {
  const specifications: Made[] = [];
  for (const made of fleet.InstanceTypeSpecifications ?? []) {
    const count = (await ownReservation(made, ctx))?.TotalInstanceCount ?? 0;
    specifications.push({ ...made, TotalInstanceCount: count, FulfilledCapacity: count * made.Weight! });
  }
  return { ...fleet, InstanceTypeSpecifications: specifications, TotalFulfilledCapacity: specifications.reduce((sum, made) => sum + made.FulfilledCapacity!, 0) };
}

/** A fleet that got less than it wanted says so. */
async function settle(fleet: StoredReservationFleet, ctx: Context): Promise<void> {
  const { TotalFulfilledCapacity: have } = await counted(fleet, ctx);
  if (have! < fleet.TotalTargetCapacity!) fleet.State = have === 0 && fleet.TotalTargetCapacity! > 0 ? 'failed' : 'partially_fulfilled';
}

async function end(fleet: StoredReservationFleet, state: 'expired' | 'cancelled', ctx: Context): Promise<void> {
  for (const made of fleet.InstanceTypeSpecifications ?? []) {
    const reservation = await ownReservation(made, ctx);
    if (reservation) await ctx.transition(capacityReservations, reservation, state);
  }
}

// ---- reserving ----

const byPriority = (a: Specification, b: Specification): number => (a.Priority ?? 0) - (b.Priority ?? 0);

/** "Prioritized: attempts to create Capacity Reservations … in order of priority", as many instances as the missing capacity needs, rounded up. */
async function reserve(fleet: StoredReservationFleet, missing: number, ctx: Context): Promise<void> {
  let left = missing;
  for (const specification of [...fleet.$.specifications].sort(byPriority)) {
    if (left <= 0) return;
    const weight = specification.Weight ?? 1;
    const count = Math.ceil(left / weight);
    const outcome = await ctx.attempt(() => reserveOne(fleet, specification, count, ctx));
    // What one type cannot give the next one may.
    if ('done' in outcome) left -= count * weight;
  }
}

async function reserveOne(fleet: StoredReservationFleet, specification: Specification, count: number, ctx: Context): Promise<void> {
  await ctx.world.faults.admit({ service: 'ec2', operation: 'CreateCapacityReservation', account: ctx.account, region: ctx.region, principal: ctx.principal.arn, input: { ...specification } as never, zone: async () => specification.AvailabilityZone ?? fleet.AvailabilityZone }, ctx.nowMs);
  const present = (fleet.InstanceTypeSpecifications ??= []).find((made) => made.InstanceType === specification.InstanceType && made.InstancePlatform === specification.InstancePlatform);
  const known = present && (await ownReservation(present, ctx));
  if (known) {
    known.TotalInstanceCount = known.TotalInstanceCount! + count;
    await ctx.save(capacityReservations, known);
    return;
  }
  const place = specification.AvailabilityZone ?? specification.AvailabilityZoneId ?? fleet.AvailabilityZone ?? fleet.AvailabilityZoneId;
  const planned = planReservationOf({
    InstanceType: specification.InstanceType!, InstancePlatform: specification.InstancePlatform!, InstanceCount: count, EbsOptimized: specification.EbsOptimized, Tenancy: fleet.Tenancy, InstanceMatchCriteria: 'open',
    AvailabilityZone: place, ...(fleet.EndDate === undefined ? {} : { EndDate: fleet.EndDate, EndDateType: 'limited' }),
  }, ctx);
  const made = await ctx.create<StoredReservation>(capacityReservations, { ...planned, CapacityReservationFleetId: fleet.CapacityReservationFleetId!, Tags: fleet.Tags } as StoredReservation);
  fleet.InstanceTypeSpecifications.push({
    CapacityReservationId: made.CapacityReservationId, AvailabilityZone: made.AvailabilityZone, AvailabilityZoneId: made.AvailabilityZoneId, InstanceType: specification.InstanceType, InstancePlatform: made.InstancePlatform, TotalInstanceCount: count,
    FulfilledCapacity: count * (specification.Weight ?? 1), EbsOptimized: made.EbsOptimized, CreateDate: ctx.now, Weight: specification.Weight ?? 1, Priority: specification.Priority ?? 0,
  });
}

function checkSpecifications(input: CreateInput): Specification[] {
  const list = input.InstanceTypeSpecifications ?? [];
  if (list.length === 0) throw errors.missingParameter('InstanceTypeSpecifications');
  for (const { InstanceType, InstancePlatform, Weight, AvailabilityZone, AvailabilityZoneId } of list) {
    if (InstanceType === undefined) throw errors.missingParameter('InstanceTypeSpecifications.InstanceType');
    if (InstancePlatform === undefined) throw errors.missingParameter('InstanceTypeSpecifications.InstancePlatform');
    if (Weight !== undefined && !(Weight > 0 && Weight <= 999)) throw errors.invalidValue(Weight, 'InstanceTypeSpecifications.Weight', 'Valid values are from 0.001 to 999.');
    if ((AvailabilityZone ?? AvailabilityZoneId ?? input.AvailabilityZone ?? input.AvailabilityZoneId) === undefined) throw errors.missingParameter('InstanceTypeSpecifications.AvailabilityZone');
  }
  return list;
}

async function createFleet(input: CreateInput, ctx: Context): Promise<Ec2Operations['CreateCapacityReservationFleet']['output']> {
  const tags = specifiedTags(input.TagSpecifications as never, 'capacity-reservation-fleet');
  if (input.TotalTargetCapacity < 1) throw errors.invalidValue(input.TotalTargetCapacity, 'TotalTargetCapacity');
  if (input.AllocationStrategy !== undefined && input.AllocationStrategy !== 'prioritized') throw errors.invalidValue(input.AllocationStrategy, 'AllocationStrategy', 'Valid values: prioritized');
  const specifications = checkSpecifications(input);
  if (input.EndDate !== undefined && Date.parse(input.EndDate) <= ctx.nowMs) throw errors.invalidParameterValue('The end date must be in the future.');
  const id = ctx.newId(reservationFleets);
  const fleet: StoredReservationFleet = {
    CapacityReservationFleetId: id, CapacityReservationFleetArn: `arn:aws:ec2:${ctx.region}:${ctx.account}:capacity-reservation-fleet/${id}`, State: 'submitted', TotalTargetCapacity: input.TotalTargetCapacity, Tenancy: input.Tenancy ?? 'default', CreateTime: ctx.now,
    InstanceMatchCriteria: input.InstanceMatchCriteria ?? 'open', AllocationStrategy: input.AllocationStrategy ?? 'prioritized', InstanceTypeSpecifications: [], Tags: tags, $: { specifications },
    ...(input.EndDate === undefined ? {} : { EndDate: input.EndDate }), ...(input.AvailabilityZone === undefined ? {} : { AvailabilityZone: input.AvailabilityZone }), ...(input.AvailabilityZoneId === undefined ? {} : { AvailabilityZoneId: input.AvailabilityZoneId }),
  };
  await reserve(fleet, input.TotalTargetCapacity, ctx);
  await ctx.create(reservationFleets, fleet);
  const { InstanceTypeSpecifications, TotalFulfilledCapacity } = await counted(fleet, ctx);
  const { InstanceTypeSpecifications: _own, CapacityReservationFleetArn: _arn, AvailabilityZone: _zone, AvailabilityZoneId: _zoneId, ...shown } = fleet;
  return { ...shown, TotalFulfilledCapacity, FleetCapacityReservations: InstanceTypeSpecifications };
}

// ---- changing ----

/** Gives back capacity that is too much, of the lowest priority first, and none that instances use. */
async function reduce(fleet: StoredReservationFleet, surplus: number, ctx: Context): Promise<void> {
  let left = surplus;
  for (const made of [...fleet.InstanceTypeSpecifications!].sort((a, b) => (b.Priority ?? 0) - (a.Priority ?? 0))) {
    const reservation = await ownReservation(made, ctx);
    if (!reservation) continue;
    const used = (await usersOf(made.CapacityReservationId!, ctx)).length;
    const gone = Math.min(Math.floor(left / made.Weight!), reservation.TotalInstanceCount! - used);
    if (gone <= 0) continue;
    left -= gone * made.Weight!;
    reservation.TotalInstanceCount = reservation.TotalInstanceCount! - gone;
    if (reservation.TotalInstanceCount === 0) await ctx.transition(capacityReservations, reservation, 'cancelled');
    else await ctx.save(capacityReservations, reservation);
  }
}

async function modifyFleet(input: Ec2Operations['ModifyCapacityReservationFleet']['input'], ctx: Context): Promise<{ Return: boolean }> {
  const fleet = await ctx.get(reservationFleets, input.CapacityReservationFleetId);
  if (!/^(active|partially_fulfilled|submitted|modifying)$/.test(fleet.State!)) throw reservationErrors.invalidReservationState(input.CapacityReservationFleetId, fleet.State!);
  if (input.EndDate !== undefined && input.RemoveEndDate === true) throw errors.invalidParameterCombination('EndDate and RemoveEndDate cannot be specified together.');
  if (input.EndDate !== undefined && Date.parse(input.EndDate) <= ctx.nowMs) throw errors.invalidParameterValue('The end date must be in the future.');
  if (input.TotalTargetCapacity !== undefined && input.TotalTargetCapacity < 1) throw errors.invalidValue(input.TotalTargetCapacity, 'TotalTargetCapacity');
  if (input.EndDate !== undefined) fleet.EndDate = input.EndDate;
  if (input.RemoveEndDate === true) delete fleet.EndDate;
  if (input.EndDate !== undefined || input.RemoveEndDate === true) {
    for (const made of fleet.InstanceTypeSpecifications!) {
      const reservation = await ownReservation(made, ctx);
      if (!reservation) continue;
      if (fleet.EndDate === undefined) delete reservation.EndDate;
      else reservation.EndDate = fleet.EndDate;
      reservation.EndDateType = fleet.EndDate === undefined ? 'unlimited' : 'limited';
      await ctx.transition(capacityReservations, reservation, reservation.State!);
    }
  }
  if (input.TotalTargetCapacity !== undefined) {
    const { TotalFulfilledCapacity: have } = await counted(fleet, ctx);
    fleet.TotalTargetCapacity = input.TotalTargetCapacity;
    if (input.TotalTargetCapacity > have!) await reserve(fleet, input.TotalTargetCapacity - have!, ctx);
    else await reduce(fleet, have! - input.TotalTargetCapacity, ctx);
  }
  await ctx.transition(reservationFleets, fleet, 'modifying');
  return { Return: true };
}

async function cancelFleets(input: Ec2Operations['CancelCapacityReservationFleets']['input'], ctx: Context): Promise<Ec2Operations['CancelCapacityReservationFleets']['output']> {
  const done = [];
  const failed = [];
  for (const CapacityReservationFleetId of [...new Set(input.CapacityReservationFleetIds)]) {
    const fleet = reservationFleets.wellFormed(CapacityReservationFleetId) ? await ctx.find(reservationFleets, CapacityReservationFleetId) : undefined;
    if (!fleet || /^(cancell|expired|failed)/.test(fleet.State!)) {
      const error = fleet ? reservationErrors.invalidReservationState(CapacityReservationFleetId, fleet.State!) : reservationFleets.notFound([CapacityReservationFleetId]);
      failed.push({ CapacityReservationFleetId, CancelCapacityReservationFleetError: { Code: error.code, Message: error.message } });
      continue;
    }
    const before = fleet.State!;
    await ctx.transition(reservationFleets, fleet, 'cancelling');
    done.push({ CapacityReservationFleetId, PreviousFleetState: before, CurrentFleetState: 'cancelling' as const });
  }
  return { SuccessfulFleetCancellations: done, FailedFleetCancellations: failed };
}

export const reservationFleetOperations = {
  CreateCapacityReservationFleet: createFleet,
  DescribeCapacityReservationFleets: describes(reservationFleets, { ids: 'CapacityReservationFleetIds', complete: counted }),
  ModifyCapacityReservationFleet: modifyFleet,
  CancelCapacityReservationFleets: cancelFleets,
} satisfies Handlers<Ec2Operations>;
