import type { CapacityReservationBillingRequest } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { AwsError, hours, pageOf, resource, wildcardMatcher, type Context, type Handlers, type Structure } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { capacityReservations } from './capacity-reservations.ts';
import * as reservationErrors from './errors.ts';

type StoredBillingRequest = Wire<CapacityReservationBillingRequest>;

/**
 * Who is asked to pay for the unused capacity of another account's reservation. Requests lie in no account of a customer:
 * both sides see them. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/assign-billing.html
 */
export const billingRequests = resource<StoredBillingRequest>({
  service: 'ec2',
  kind: 'capacity-reservation-billing-request',
  shape: 'CapacityReservationBillingRequest',
  id: { member: 'CapacityReservationId' },
  notFound: (ids) => reservationErrors.noBillingRequest(ids[0]!),
  tags: null,
  state: 'Status',
  // "Requests expire after 12 hours."
  lifecycle: {
    pending: { after: hours(12), paced: false, to: 'expired' },
    // assumed: for how long what has ended is described.
    expired: { after: hours(24), paced: false, to: 'gone' }, rejected: { after: hours(24), paced: false, to: 'gone' }, cancelled: { after: hours(24), paced: false, to: 'gone' }, revoked: { after: hours(24), paced: false, to: 'gone' },
  },
  indexed: ['RequestedBy', 'UnusedReservationBillingOwnerId'],
});

const commons = (ctx: Context): Context => ctx.in('shared', ctx.region);

async function associate(input: Ec2Operations['AssociateCapacityReservationBillingOwner']['input'], ctx: Context): Promise<{ Return: boolean }> {
  const reservation = await ctx.get(capacityReservations, input.CapacityReservationId);
  const owner = input.UnusedReservationBillingOwnerId;
  if (!/^\d{12}$/.test(owner)) throw errors.invalidValue(owner, 'UnusedReservationBillingOwnerId', 'An account ID is expected.');
  if (owner === ctx.account) throw errors.invalidParameterValue('The billing owner must be another account.');
  if (reservation.State !== 'active') throw reservationErrors.invalidReservationState(input.CapacityReservationId, reservation.State!);
  // assumed: that the reservation is shared with the account and both are of one organization is not asked here.
  const there = commons(ctx);
  const known = await there.find(billingRequests, input.CapacityReservationId);
  if (known && /^(pending|accepted)$/.test(known.Status!)) throw errors.incorrectState(`The Capacity Reservation '${input.CapacityReservationId}' has a billing ownership request that is ${known.Status}.`);
  if (known) await there.remove(billingRequests, known);
  await there.create<StoredBillingRequest>(billingRequests, {
    CapacityReservationId: input.CapacityReservationId, RequestedBy: ctx.account, UnusedReservationBillingOwnerId: owner, LastUpdateTime: ctx.now, Status: 'pending', StatusMessage: '',
    CapacityReservationInfo: { InstanceType: reservation.InstanceType, AvailabilityZone: reservation.AvailabilityZone, AvailabilityZoneId: reservation.AvailabilityZoneId, Tenancy: reservation.Tenancy },
  });
  return { Return: true };
}

/** The request about a reservation, where it is in one of these states and this account has this part in it. */
async function requestFor(id: string, part: 'RequestedBy' | 'UnusedReservationBillingOwnerId', states: readonly string[], ctx: Context): Promise<StoredBillingRequest> {
  if (!capacityReservations.wellFormed(id)) throw capacityReservations.malformed!(id);
  const found = await commons(ctx).find(billingRequests, id);
  if (!found || found[part] !== ctx.account || !states.includes(found.Status!)) throw reservationErrors.noBillingRequest(id);
  return found;
}

async function conclude(request: StoredBillingRequest, status: string, ctx: Context): Promise<void> {
  request.LastUpdateTime = ctx.now;
  await commons(ctx).transition(billingRequests, request, status);
}

/** Who pays is the reservation's to show. */
async function setOwner(request: StoredBillingRequest, owner: string | undefined, ctx: Context): Promise<void> {
  const there = ctx.in(request.RequestedBy!, ctx.region);
  const reservation = await there.find(capacityReservations, request.CapacityReservationId!);
  if (!reservation) return;
  if (owner === undefined) delete reservation.UnusedReservationBillingOwnerId;
  else reservation.UnusedReservationBillingOwnerId = owner;
  await there.save(capacityReservations, reservation);
}

async function disassociate(input: Ec2Operations['DisassociateCapacityReservationBillingOwner']['input'], ctx: Context): Promise<{ Return: boolean }> {
  await ctx.get(capacityReservations, input.CapacityReservationId);
  const request = await requestFor(input.CapacityReservationId, 'RequestedBy', ['pending', 'accepted'], ctx);
  if (request.UnusedReservationBillingOwnerId !== input.UnusedReservationBillingOwnerId) throw reservationErrors.noBillingRequest(input.CapacityReservationId);
  // "If you cancel a pending request its status is cancelled; if you revoke an accepted one, revoked."
  const status = request.Status === 'pending' ? 'cancelled' : 'revoked';
  await setOwner(request, undefined, ctx);
  await conclude(request, status, ctx);
  return { Return: true };
}

const FILTERS: Readonly<Record<string, (r: StoredBillingRequest) => string>> = { status: (r) => r.Status!, 'requested-by': (r) => r.RequestedBy!, 'unused-reservation-billing-owner': (r) => r.UnusedReservationBillingOwnerId! };

async function describeRequests(input: Ec2Operations['DescribeCapacityReservationBillingRequests']['input'], ctx: Context): Promise<Ec2Operations['DescribeCapacityReservationBillingRequests']['output']> {
  const tests = (input.Filters ?? []).map(({ Name = '', Values = [] }) => {
    if (!Object.hasOwn(FILTERS, Name)) throw new AwsError('InvalidParameterValue', `The filter '${Name}' is invalid`);
    const accepts = wildcardMatcher(Values);
    return (r: StoredBillingRequest) => accepts(FILTERS[Name]!(r));
  });
  const member = input.Role === 'odcr-owner' ? 'RequestedBy' : 'UnusedReservationBillingOwnerId';
  const all = await commons(ctx).list(billingRequests, { member, value: ctx.account });
  const wanted = all.filter((r) => (!input.CapacityReservationIds?.length || input.CapacityReservationIds.includes(r.CapacityReservationId!)) && tests.every((test) => test(r)));
  const { items, next } = pageOf(wanted, input as Structure, errors.invalidNextToken);
  return { CapacityReservationBillingRequests: items, ...next };
}

export const billingRequestOperations = {
  AssociateCapacityReservationBillingOwner: associate,
  DisassociateCapacityReservationBillingOwner: disassociate,
  AcceptCapacityReservationBillingOwnership: async (input, ctx) => {
    const request = await requestFor(input.CapacityReservationId, 'UnusedReservationBillingOwnerId', ['pending'], ctx);
    await setOwner(request, ctx.account, ctx);
    await conclude(request, 'accepted', ctx);
    return { Return: true };
  },
  RejectCapacityReservationBillingOwnership: async (input, ctx) => {
    await conclude(await requestFor(input.CapacityReservationId, 'UnusedReservationBillingOwnerId', ['pending'], ctx), 'rejected', ctx);
    return { Return: true };
  },
  DescribeCapacityReservationBillingRequests: describeRequests,
} satisfies Handlers<Ec2Operations>;
