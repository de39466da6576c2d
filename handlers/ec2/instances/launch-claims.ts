import type { Context, TagPair } from '../../../src/kit/index.ts';
import { planReservation, reservedCount, retakeReservation, takeReservation, type ReservationWish } from '../capacity-reservations/reservation-matching.ts';
import * as errors from '../errors.ts';
import { fleetInstanceLeft } from '../fleets/members.ts';
import { hostedCount, leaveHost, planHost, retakeHost, takeHost, type HostWish } from '../hosts/host-placement.ts';
import type { StoredImage } from '../images/images.ts';
import { createFulfilled, planSpot, spotInstanceLeft, spotInstanceStarts, type SpotLaunch } from '../spot/spot-instances.ts';
import type { StoredInstance } from './instances.ts';
import type { LaunchPlace } from './launch-interfaces.ts';
import type { RunInput } from './run-instances.ts';
import { withinVcpus } from './vcpu-quotas.ts';

/** Who launches, where it is not the caller of RunInstances: a spot request that is fulfilled, a fleet. */
export interface Launcher {
  readonly spotRequestId?: string;
  /** The fleet that keeps the instance: its kind and id. */
  readonly fleet?: { readonly kind: string; readonly id: string };
  /** Tags that only AWS may give. */
  readonly tags?: readonly TagPair[];
}

/** The part of a launch that claims depend on. */
export interface ClaimedLaunch {
  readonly input: RunInput;
  readonly image: StoredImage;
  readonly type: string;
  readonly place: LaunchPlace;
}

/** What the instances of a launch take besides what is their own: room in a quota, a spot request, a reserved or dedicated place. */
export interface Claims {
  /** How many of them there may be, from `min` to `max`. */
  readonly count: (min: number, max: number) => Promise<number>;
  readonly spot?: SpotLaunch;
  readonly spotRequestId?: string;
  readonly reservation: ReservationWish;
  readonly isBlock: boolean;
  readonly host?: HostWish | undefined;
  /** What the instance keeps of them and never shows. */
  readonly kept: Pick<StoredInstance['$'], 'fleet'>;
}

export async function planClaims(launch: ClaimedLaunch, launcher: Launcher, ctx: Context): Promise<Claims> {
  const market = launch.input.InstanceMarketOptions?.MarketType;
  if (launch.input.InstanceMarketOptions?.SpotOptions !== undefined && market !== 'spot') throw errors.invalidParameterCombination('SpotOptions can be specified only where the market type is spot.');
  if (market !== undefined && market !== 'spot' && market !== 'capacity-block') throw errors.unsupportedOperation(`The market type ${market} is not supported by Fogbank yet.`);
  const isSpot = market === 'spot' || launcher.spotRequestId !== undefined;
  const { input, image, type, place } = launch;
  const attributes = { type, platform: image.PlatformDetails ?? 'Linux/UNIX', zone: place.subnet.AvailabilityZone!, tenancy: input.Placement?.Tenancy ?? place.tenancy };
  const reservation = await planReservation(input.CapacityReservationSpecification, attributes, isSpot ? 'spot' : market, ctx);
  const host = await planHost(input.Placement, type, attributes.zone, attributes.tenancy, isSpot, ctx);
  return {
    // What runs on a host of the account's own counts to no quota of vCPUs.
    count: async (min, max) => reservedCount(reservation, min, host ? await hostedCount(host, min, max, ctx) : await withinVcpus(ctx, type, min, max, isSpot), ctx),
    reservation, host, isBlock: market === 'capacity-block', kept: launcher.fleet ? { fleet: launcher.fleet } : {},
    ...(market === 'spot' ? { spot: planSpot(launch, launcher, ctx) } : {}), ...(launcher.spotRequestId === undefined ? {} : { spotRequestId: launcher.spotRequestId }),
  };
}

/** What one instance shows of its claims. */
export async function claim(claims: Claims, instanceId: string, ctx: Context): Promise<Partial<StoredInstance>> {
  const requestId = claims.spotRequestId ?? (claims.spot && (await createFulfilled(claims.spot, instanceId, ctx)));
  return { Placement: await takeHost(claims.host, ctx), ...(requestId === undefined ? {} : { InstanceLifecycle: 'spot' as const, SpotInstanceRequestId: requestId }), ...(claims.isBlock ? { InstanceLifecycle: 'capacity-block' as const } : {}), ...(await takeReservation(claims.reservation, ctx)) };
}

/** An instance that is started again claims anew. */
export async function reclaim(instance: StoredInstance, ctx: Context): Promise<void> {
  if (instance.Placement!.Tenancy !== 'host') await withinVcpus(ctx, instance.InstanceType!, 1, 1, instance.InstanceLifecycle === 'spot');
  await spotInstanceStarts(instance, ctx);
  await retakeReservation(instance, ctx);
  await retakeHost(instance, ctx);
}

/** An instance that stops or ends gives back what it had claimed. */
export async function released(instance: StoredInstance, ctx: Context): Promise<void> {
  delete instance.CapacityReservationId;
  leaveHost(instance);
  await spotInstanceLeft(instance, ctx);
  await fleetInstanceLeft(instance, ctx);
}
