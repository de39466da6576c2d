import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { creates, describes, hours, isoTime, pageOf, specifiedTags, type Context, type Handlers, type Structure } from '../../../src/kit/index.ts';
import { instanceTypeLimits } from '../catalog/instance-types.ts';
import { instanceTypeOffered, offeredZones } from '../catalog/instance-type-offerings.ts';
import { zone, zonesOf } from '../catalog/regions.ts';
import * as errors from '../errors.ts';
import { instances } from '../instances/instances.ts';
import { capacityReservations, roomIn, usersOf, withRoom, type StoredReservation } from './capacity-reservations.ts';
import * as reservationErrors from './errors.ts';

type CreateInput = Ec2Operations['CreateCapacityReservation']['input'];

const INSTANCES_MAX = 1000;
const DAY_MS = hours(24);
/** "You can request a future-dated Capacity Reservation between 5 and 120 days in advance." */
const [START_DAYS_MIN, START_DAYS_MAX] = [5, 120];
/** "The minimum commitment duration is 14 days", and 32 vCPUs. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/cr-concepts.html */
const COMMITMENT_DAYS_MIN = 14;
const FUTURE_VCPUS_MIN = 32;

/** The zone of a request, by name or id. */
export function zoneOf(input: { AvailabilityZone?: string | undefined; AvailabilityZoneId?: string | undefined }, region: string): { name: string; id: string } {
  if (input.AvailabilityZone !== undefined && input.AvailabilityZoneId !== undefined) throw errors.invalidParameterCombination('Either AvailabilityZone or AvailabilityZoneId can be specified, but not both');
  const wanted = input.AvailabilityZone ?? input.AvailabilityZoneId;
  if (wanted === undefined) throw errors.missingParameter('AvailabilityZone or AvailabilityZoneId');
  const found = zone(region, wanted);
  if (!found) throw errors.invalidParameterValue(`Invalid availability zone: [${wanted}]. Valid zones: ${zonesOf(region).map((z) => z.ZoneName).join(', ')}`);
  return { name: found.ZoneName!, id: found.ZoneId! };
}

export function checkCount(count: number): void {
  if (count < 1 || count > INSTANCES_MAX) throw errors.invalidValue(count, 'instanceCount', `Valid values are from 1 to ${INSTANCES_MAX}.`);
}

/** "You must provide an EndDate value if EndDateType is limited. Omit EndDate if EndDateType is unlimited." */
function checkEnd(endDate: string | undefined, type: string | undefined, ctx: Context): void {
  if (type === 'limited' && endDate === undefined) throw errors.invalidParameterCombination('EndDate is required when EndDateType is limited.');
  if (type !== 'limited' && endDate !== undefined) throw errors.invalidParameterCombination('EndDate can be specified only when EndDateType is limited.');
  if (endDate !== undefined && Date.parse(endDate) <= ctx.nowMs) throw errors.invalidParameterValue('The end date must be in the future.');
}

/** What a reservation for later has to keep to; its commitment. */
function commitmentOf(input: CreateInput, ctx: Context): Partial<StoredReservation> {
  const { StartDate, CommitmentDuration: seconds } = input;
  if (StartDate === undefined) {
    if (seconds !== undefined || input.DeliveryPreference !== undefined) throw errors.invalidParameterCombination('CommitmentDuration and DeliveryPreference can be specified only for future-dated Capacity Reservations.');
    return { State: 'active', StartDate: ctx.now };
  }
  const startMs = Date.parse(StartDate);
  if (startMs < ctx.nowMs + START_DAYS_MIN * DAY_MS || startMs > ctx.nowMs + START_DAYS_MAX * DAY_MS) throw errors.invalidParameterValue(`The start date must be from ${START_DAYS_MIN} to ${START_DAYS_MAX} days in the future.`);
  if (seconds === undefined || input.DeliveryPreference === undefined) throw errors.missingParameter('CommitmentDuration and DeliveryPreference');
  if (seconds * 1000 < COMMITMENT_DAYS_MIN * DAY_MS) throw errors.invalidParameterValue(`The commitment duration must be at least ${COMMITMENT_DAYS_MIN} days.`);
  if (input.InstanceMatchCriteria !== 'targeted') throw errors.invalidParameterCombination('Future-dated Capacity Reservations must have the instance match criteria targeted.');
  if (!/^[cmritg]\d/.test(input.InstanceType)) throw errors.unsupported(`Future-dated Capacity Reservations are not supported for the instance type ${input.InstanceType}.`);
  if (instanceTypeLimits(input.InstanceType)!.vcpus * input.InstanceCount < FUTURE_VCPUS_MIN) throw errors.invalidParameterValue(`Future-dated Capacity Reservations must have at least ${FUTURE_VCPUS_MIN} vCPUs.`);
  if (input.EndDate !== undefined && Date.parse(input.EndDate) < startMs + seconds * 1000) throw errors.invalidParameterValue('The end date must not lie within the commitment duration.');
  return {
    State: 'assessing', StartDate, OriginalStartDate: StartDate, DeliveryPreference: input.DeliveryPreference,
    CommitmentInfo: { CommittedInstanceCount: input.InstanceCount, CommitmentEndDate: isoTime(startMs + seconds * 1000), CommitmentDuration: seconds },
  };
}

/** A reservation that may be made, without its id. */
export function planReservationOf(input: CreateInput, ctx: Context): Partial<StoredReservation> {
  checkCount(input.InstanceCount);
  const place = zoneOf(input, ctx.region);
  if (!instanceTypeLimits(input.InstanceType)) throw errors.invalidParameterValue(`Invalid value '${input.InstanceType}' for InstanceType.`);
  if (!instanceTypeOffered(ctx.region, place.name, input.InstanceType)) throw errors.typeNotOffered(input.InstanceType, place.name, offeredZones(ctx.region, input.InstanceType));
  const endType = input.EndDateType ?? (input.EndDate === undefined ? 'unlimited' : 'limited');
  checkEnd(input.EndDate, endType, ctx);
  const id = ctx.newId(capacityReservations);
  return {
    CapacityReservationId: id, OwnerId: ctx.account, CapacityReservationArn: `arn:aws:ec2:${ctx.region}:${ctx.account}:capacity-reservation/${id}`, AvailabilityZone: place.name, AvailabilityZoneId: place.id,
    InstanceType: input.InstanceType as StoredReservation['InstanceType'], InstancePlatform: input.InstancePlatform, Tenancy: input.Tenancy ?? 'default', TotalInstanceCount: input.InstanceCount, AvailableInstanceCount: input.InstanceCount,
    EbsOptimized: input.EbsOptimized ?? false, EphemeralStorage: input.EphemeralStorage ?? false, EndDateType: endType, InstanceMatchCriteria: input.InstanceMatchCriteria ?? 'open', CreateDate: ctx.now, ReservationType: 'default', CapacityAllocations: [],
    ...(input.EndDate === undefined ? {} : { EndDate: input.EndDate }), ...commitmentOf(input, ctx),
  };
}

// ---- changing ----

const requireState = (reservation: StoredReservation, ...states: string[]): void => {
  if (!states.includes(reservation.State!)) throw reservationErrors.invalidReservationState(reservation.CapacityReservationId!, reservation.State!);
};

/** "You can't modify a Capacity Reservation after it expires or after you have explicitly canceled it." https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/capacity-reservations-modify.html */
async function modify(input: Ec2Operations['ModifyCapacityReservation']['input'], ctx: Context): Promise<Ec2Operations['ModifyCapacityReservation']['output']> {
  const reservation = await ctx.get(capacityReservations, input.CapacityReservationId);
  requireState(reservation, 'active', 'scheduled', 'assessing');
  if (reservation.ReservationType === 'capacity-block') throw errors.unsupportedOperation('Capacity Blocks cannot be modified.');
  if (reservation.CapacityReservationFleetId !== undefined) throw errors.unsupportedOperation(`The Capacity Reservation '${input.CapacityReservationId}' belongs to the fleet '${reservation.CapacityReservationFleetId}' and cannot be modified on its own.`);
  if (input.Accept === true) {
    // "Reserved. Capacity Reservations you have created are accepted by default."
    if (Object.keys(input).some((name) => !['CapacityReservationId', 'Accept', 'DryRun'].includes(name))) throw errors.invalidParameterCombination('Accept cannot be specified with other parameters.');
    return { Return: true };
  }
  const committed = reservation.CommitmentInfo;
  if (input.InstanceCount !== undefined) {
    checkCount(input.InstanceCount);
    const used = (await usersOf(input.CapacityReservationId, ctx)).length;
    if (input.InstanceCount < used) throw errors.invalidParameterValue(`The instance count must not be less than the number of instances that run in the Capacity Reservation (${used}).`);
    if (committed && input.InstanceCount < committed.CommittedInstanceCount! && Date.parse(committed.CommitmentEndDate!) > ctx.nowMs) throw errors.invalidParameterValue('The instance count must not be less than the committed instance count.');
    reservation.TotalInstanceCount = input.InstanceCount;
  }
  if (input.EndDateType !== undefined || input.EndDate !== undefined) {
    const type = input.EndDateType ?? (input.EndDate === undefined ? reservation.EndDateType : 'limited');
    checkEnd(input.EndDate, type, ctx);
    if (committed && input.EndDate !== undefined && Date.parse(input.EndDate) < Date.parse(committed.CommitmentEndDate!)) throw errors.invalidParameterValue('The end date must not lie within the commitment duration.');
    reservation.EndDateType = type;
    if (input.EndDate === undefined) delete reservation.EndDate;
    else reservation.EndDate = input.EndDate;
  }
  if (input.InstanceMatchCriteria !== undefined) {
    if (reservation.InstanceMatchCriteria === 'targeted' && input.InstanceMatchCriteria === 'open' && committed) throw errors.invalidParameterCombination('Future-dated Capacity Reservations must have the instance match criteria targeted.');
    reservation.InstanceMatchCriteria = input.InstanceMatchCriteria;
  }
  // The end on the clock is the new one.
  await ctx.transition(capacityReservations, reservation, reservation.State!);
  return { Return: true };
}

async function cancel(input: Ec2Operations['CancelCapacityReservation']['input'], ctx: Context): Promise<Ec2Operations['CancelCapacityReservation']['output']> {
  const reservation = await ctx.get(capacityReservations, input.CapacityReservationId);
  requireState(reservation, 'active', 'assessing', 'scheduled');
  if (reservation.ReservationType === 'capacity-block') throw errors.unsupportedOperation('Capacity Blocks cannot be canceled.');
  // "You can't cancel a future-dated Capacity Reservation during the commitment duration."
  if (reservation.State !== 'assessing' && reservation.CommitmentInfo && Date.parse(reservation.CommitmentInfo.CommitmentEndDate!) > ctx.nowMs) throw errors.unsupportedOperation('A future-dated Capacity Reservation cannot be canceled during its commitment duration.');
  await ctx.transition(capacityReservations, reservation, 'cancelled');
  return { Return: true };
}

// ---- splitting and moving ----

/** Takes capacity of one reservation into another: what is free first, then instances of an open one. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/capacity-reservations-move.html */
async function moveCapacity(source: StoredReservation, destination: StoredReservation, count: number, ctx: Context): Promise<void> {
  const users = await usersOf(source.CapacityReservationId!, ctx);
  const occupied = Math.max(0, count - (source.TotalInstanceCount! - users.length));
  if (occupied > 0 && source.InstanceMatchCriteria !== 'open') throw errors.invalidParameterValue(`The Capacity Reservation '${source.CapacityReservationId}' has only ${count - occupied} available instances.`);
  for (const instance of users.slice(0, occupied)) await ctx.save(instances, { ...instance, CapacityReservationId: destination.CapacityReservationId! });
  source.TotalInstanceCount = source.TotalInstanceCount! - count;
  destination.TotalInstanceCount = destination.TotalInstanceCount! + count;
}

async function split(input: Ec2Operations['CreateCapacityReservationBySplitting']['input'], ctx: Context): Promise<Ec2Operations['CreateCapacityReservationBySplitting']['output']> {
  const tags = specifiedTags(input.TagSpecifications as never, 'capacity-reservation');
  const source = await ctx.get(capacityReservations, input.SourceCapacityReservationId);
  requireState(source, 'active');
  if (source.ReservationType === 'capacity-block' || source.CommitmentInfo) throw errors.unsupportedOperation(`The Capacity Reservation '${input.SourceCapacityReservationId}' cannot be split.`);
  checkCount(input.InstanceCount);
  if (input.InstanceCount >= source.TotalInstanceCount!) throw errors.invalidParameterValue('The instance count must be less than the total instance count of the source Capacity Reservation.');
  const id = ctx.newId(capacityReservations);
  const { CapacityReservationFleetId: _fleet, ...same } = source;
  const made = await ctx.create<StoredReservation>(capacityReservations, {
    ...same, CapacityReservationId: id, CapacityReservationArn: `arn:aws:ec2:${ctx.region}:${ctx.account}:capacity-reservation/${id}`, TotalInstanceCount: 0, CreateDate: ctx.now, StartDate: ctx.now, Tags: tags,
  });
  await moveCapacity(source, made, input.InstanceCount, ctx);
  await ctx.save(capacityReservations, source);
  await ctx.save(capacityReservations, made);
  return { SourceCapacityReservation: await withRoom(source, ctx), DestinationCapacityReservation: await withRoom(made, ctx), InstanceCount: input.InstanceCount };
}

const ALIKE = ['InstanceType', 'InstancePlatform', 'AvailabilityZone', 'Tenancy', 'PlacementGroupArn', 'EndDate', 'InstanceMatchCriteria', 'EbsOptimized'] as const;

async function move(input: Ec2Operations['MoveCapacityReservationInstances']['input'], ctx: Context): Promise<Ec2Operations['MoveCapacityReservationInstances']['output']> {
  const source = await ctx.get(capacityReservations, input.SourceCapacityReservationId);
  const destination = await ctx.get(capacityReservations, input.DestinationCapacityReservationId);
  if (input.SourceCapacityReservationId === input.DestinationCapacityReservationId) throw errors.invalidParameterCombination('The source and the destination Capacity Reservation must be different.');
  requireState(source, 'active');
  requireState(destination, 'active');
  for (const one of [source, destination]) if (one.ReservationType === 'capacity-block' || one.CommitmentInfo || one.CapacityReservationFleetId) throw errors.unsupportedOperation(`Capacity of the Capacity Reservation '${one.CapacityReservationId}' cannot be moved.`);
  const differs = ALIKE.find((name) => source[name] !== destination[name]);
  if (differs) throw errors.invalidParameterValue(`The source and the destination Capacity Reservation must have the same ${differs}.`);
  checkCount(input.InstanceCount);
  if (input.InstanceCount > source.TotalInstanceCount!) throw errors.invalidParameterValue('The instance count must not exceed the total instance count of the source Capacity Reservation.');
  await moveCapacity(source, destination, input.InstanceCount, ctx);
  await ctx.save(capacityReservations, destination);
  // "If you move all of the instances, the source Capacity Reservation is automatically cancelled."
  if (source.TotalInstanceCount === 0) await ctx.transition(capacityReservations, source, 'cancelled');
  else await ctx.save(capacityReservations, source);
  return { SourceCapacityReservation: await withRoom(source, ctx), DestinationCapacityReservation: await withRoom(destination, ctx), InstanceCount: input.InstanceCount };
}

export const reservationOperations = {
  CreateCapacityReservation: creates(capacityReservations, planReservationOf),
  CreateCapacityReservationBySplitting: split,
  DescribeCapacityReservations: describes(capacityReservations, { ids: 'CapacityReservationIds', complete: withRoom }),
  ModifyCapacityReservation: modify,
  MoveCapacityReservationInstances: move,
  CancelCapacityReservation: cancel,
  GetCapacityReservationUsage: async (input, ctx) => {
    const reservation = await ctx.get(capacityReservations, input.CapacityReservationId);
    const used = (await usersOf(input.CapacityReservationId, ctx)).length;
    const { items, next } = pageOf(used > 0 ? [{ AccountId: ctx.account, UsedInstanceCount: used }] : [], input as Structure, errors.invalidNextToken);
    return {
      CapacityReservationId: input.CapacityReservationId, InstanceType: reservation.InstanceType, TotalInstanceCount: reservation.TotalInstanceCount, AvailableInstanceCount: await roomIn(reservation, ctx), State: reservation.State, InstanceUsages: items, ...next,
    };
  },
  // Groups are resource groups, which nothing here makes.
  GetGroupsForCapacityReservation: async (input, ctx) => {
    await ctx.get(capacityReservations, input.CapacityReservationId);
    const { items, next } = pageOf([], input as Structure, errors.invalidNextToken);
    return { CapacityReservationGroups: items, ...next };
  },
} satisfies Handlers<Ec2Operations>;
