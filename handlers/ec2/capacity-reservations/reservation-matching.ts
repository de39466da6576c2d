import type { Context } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import type { StoredInstance } from '../instances/instances.ts';
import type { RunInput } from '../instances/run-instances.ts';
import { capacityReservations, roomIn, type StoredReservation } from './capacity-reservations.ts';
import * as reservationErrors from './errors.ts';

/** What an instance and a reservation must have in common. */
export interface Attributes {
  readonly type: string;
  readonly platform: string;
  readonly zone: string;
  readonly tenancy: string;
}

/** What a launch wants of reservations, once it is known that it may. */
export interface ReservationWish {
  readonly preference: 'open' | 'none' | 'capacity-reservations-only';
  readonly targetId?: string | undefined;
  readonly attributes: Attributes;
}

type Specification = NonNullable<RunInput['CapacityReservationSpecification']>;

const matching = (reservation: StoredReservation, { type, platform, zone, tenancy }: Attributes): boolean =>
  reservation.InstanceType === type && reservation.InstancePlatform === platform && reservation.AvailabilityZone === zone && reservation.Tenancy === tenancy;

/** Checks what a launch says of reservations. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/capacity-reservations-launch.html */
export async function planReservation(specification: Specification | undefined, attributes: Attributes, market: string | undefined, ctx: Context): Promise<ReservationWish> {
  const { CapacityReservationPreference: preference, CapacityReservationTarget: target } = specification ?? {};
  if (target?.CapacityReservationResourceGroupArn !== undefined) throw errors.unsupportedOperation('The parameter CapacityReservationResourceGroupArn is not supported by Fogbank yet.');
  const targetId = target?.CapacityReservationId;
  if (targetId !== undefined && preference !== undefined && preference !== 'capacity-reservations-only') throw errors.invalidParameterCombination('CapacityReservationPreference and CapacityReservationTarget cannot be specified together.');
  if (market === 'spot') {
    if (targetId !== undefined) throw errors.invalidParameterCombination('A Capacity Reservation cannot be targeted by a Spot Instance.');
    return { preference: 'none', attributes };
  }
  if (targetId === undefined && market === 'capacity-block') throw errors.invalidParameterCombination('An instance of the market type capacity-block must target a Capacity Block.');
  if (targetId === undefined) return { preference: preference ?? 'open', attributes };
  const reservation = await ctx.get(capacityReservations, targetId);
  if (reservation.State !== 'active') throw reservationErrors.invalidReservationState(targetId, reservation.State!);
  if ((reservation.ReservationType === 'capacity-block') !== (market === 'capacity-block')) throw errors.invalidParameterCombination('A Capacity Block can be targeted only, and only, with the market type capacity-block.');
  // assumed: code and text; the reservation is not compatible.
  if (!matching(reservation, attributes)) throw reservationErrors.capacityExceeded();
  return { preference: 'capacity-reservations-only', targetId, attributes };
}

/** How many of `max` instances a launch may have: as many as its target has room for. */
export async function reservedCount(wish: ReservationWish, min: number, max: number, ctx: Context): Promise<number> {
  if (wish.preference !== 'capacity-reservations-only') return max;
  const reservations = wish.targetId === undefined ? await openMatches(wish, ctx) : [await ctx.get(capacityReservations, wish.targetId)];
  let room = 0;
  for (const reservation of reservations) room += await roomIn(reservation, ctx);
  if (room < min) throw reservationErrors.capacityExceeded();
  return Math.min(room, max);
}

const openMatches = async (wish: ReservationWish, ctx: Context): Promise<StoredReservation[]> =>
  (await ctx.list(capacityReservations, { member: 'InstanceType', value: wish.attributes.type })).filter((r) => r.State === 'active' && r.InstanceMatchCriteria === 'open' && matching(r, wish.attributes));

/** How many instances open reservations have room for: a fleet that uses reservations first looks at it. */
export async function openRoom(attributes: Attributes, ctx: Context): Promise<number> {
  let room = 0;
  for (const reservation of await openMatches({ preference: 'open', attributes }, ctx)) room += await roomIn(reservation, ctx);
  return room;
}

/** The reservation that the next instance runs in: its target, or the first open one that matches and has room. */
export async function takeReservation(wish: ReservationWish, ctx: Context): Promise<Partial<StoredInstance>> {
  if (wish.targetId !== undefined) return { CapacityReservationId: wish.targetId, CapacityReservationSpecification: { CapacityReservationTarget: { CapacityReservationId: wish.targetId } } };
  const shown = { CapacityReservationSpecification: { CapacityReservationPreference: wish.preference } };
  if (wish.preference === 'none') return shown;
  for (const reservation of await openMatches(wish, ctx)) if ((await roomIn(reservation, ctx)) > 0) return { ...shown, CapacityReservationId: reservation.CapacityReservationId! };
  return shown;
}

export const attributesOf = (instance: StoredInstance): Attributes => ({
  type: instance.InstanceType!, platform: instance.PlatformDetails ?? 'Linux/UNIX', zone: instance.Placement!.AvailabilityZone!, tenancy: instance.Placement!.Tenancy ?? 'default',
});

/** An instance that starts again runs in a reservation again, as its specification says. */
export async function retakeReservation(instance: StoredInstance, ctx: Context): Promise<void> {
  const wish = await planReservation(instance.CapacityReservationSpecification as Specification | undefined, attributesOf(instance), instance.InstanceLifecycle, ctx);
  await reservedCount(wish, 1, 1, ctx);
  const { CapacityReservationId: id } = await takeReservation(wish, ctx);
  if (id !== undefined) instance.CapacityReservationId = id;
}
