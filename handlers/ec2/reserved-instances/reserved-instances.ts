import type { ReservedInstances } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { describes, hours, isoTime, resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import * as reservedErrors from './errors.ts';
import { findOffering, type Offering } from './offerings.ts';

export type StoredReserved = Wire<ReservedInstances> & {
  $?: {
    /** A modification that is under way. */
    modificationId?: string | undefined;
  };
};

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ri-market-concepts-buying.html#ri-states */
export const reservedInstances = resource<StoredReserved>({
  service: 'ec2',
  kind: 'reserved-instances',
  shape: 'ReservedInstances',
  id: { member: 'ReservedInstancesId', uuid: true },
  notFound: reservedErrors.invalidReservedInstances,
  malformed: (id) => reservedErrors.invalidReservedInstances([id]),
  state: 'State',
  lifecycle: {
    queued: { after: (r, nowMs) => Math.max(0, Date.parse(r.Start!) - nowMs), paced: false, to: 'payment-pending' },
    'payment-pending': { after: seconds(60), to: 'active' },
    active: { after: (r, nowMs) => Math.max(0, Date.parse(r.End!) - nowMs), paced: false, to: 'retired' },
    // assumed: for how long a deleted purchase is described.
    'queued-deleted': { after: hours(1), paced: false, to: 'gone' },
  },
  filters: { 'usage-price': 'UsagePrice', 'fixed-price': 'FixedPrice' },
  conditionKeys: (r) => ({ 'ec2:InstanceType': r.InstanceType, 'ec2:ReservedInstancesOfferingType': r.OfferingType, 'ec2:Tenancy': r.InstanceTenancy, 'ec2:AvailabilityZone': r.AvailabilityZone }),
});

/** A term ends a second before it is over, on the whole second. https://docs.aws.amazon.com/cli/latest/reference/ec2/describe-reserved-instances.html#examples */
const lastSecondOf = (startMs: number, seconds: number): string => isoTime((Math.floor(startMs / 1000) + seconds - 1) * 1000);

/** What was bought of an offering from a time on. */
export function boughtOf(offering: Offering, count: number, startMs: number, state: StoredReserved['State'], ctx: Context): StoredReserved {
  return {
    ReservedInstancesId: ctx.newId(reservedInstances), State: state, InstanceCount: count, InstanceType: offering.InstanceType, ProductDescription: offering.ProductDescription, InstanceTenancy: offering.InstanceTenancy, OfferingClass: offering.OfferingClass,
    OfferingType: offering.OfferingType, Duration: offering.Duration, CurrencyCode: 'USD', FixedPrice: offering.FixedPrice, UsagePrice: offering.UsagePrice, RecurringCharges: offering.RecurringCharges, Scope: offering.Scope, Start: isoTime(startMs),
    End: lastSecondOf(startMs, offering.Duration!), ...(offering.AvailabilityZone === undefined ? {} : { AvailabilityZone: offering.AvailabilityZone, AvailabilityZoneId: offering.AvailabilityZoneId }),
  };
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ri-market-concepts-buying.html */
async function purchase(input: Ec2Operations['PurchaseReservedInstancesOffering']['input'], ctx: Context): Promise<Ec2Operations['PurchaseReservedInstancesOffering']['output']> {
  const offering = findOffering(input.ReservedInstancesOfferingId, ctx.region);
  if (!offering) throw reservedErrors.invalidOffering(input.ReservedInstancesOfferingId);
  if (input.InstanceCount < 1) throw errors.invalidValue(input.InstanceCount, 'instanceCount');
  const { LimitPrice: limit } = input;
  if (limit?.CurrencyCode !== undefined && limit.CurrencyCode !== 'USD') throw errors.invalidValue(limit.CurrencyCode, 'limitPrice.currencyCode');
  if (limit?.Amount !== undefined && offering.FixedPrice! * input.InstanceCount > limit.Amount) throw reservedErrors.limitPriceExceeded();
  const atMs = input.PurchaseTime === undefined ? undefined : Date.parse(input.PurchaseTime);
  if (atMs !== undefined) {
    if (atMs <= ctx.nowMs) throw errors.invalidParameterValue('The purchase time must be in the future.');
    // "You can queue purchases … for Reserved Instances with the scope Region", up to three years ahead.
    if (offering.Scope !== 'Region') throw reservedErrors.invalidInput('Purchases can be queued only for Reserved Instances with the scope Region.');
    if (atMs > ctx.nowMs + hours(24 * 365 * 3)) throw errors.invalidParameterValue('The purchase time must be at most three years in the future.');
  }
  const bought = boughtOf(offering, input.InstanceCount, atMs ?? ctx.nowMs, atMs === undefined ? 'payment-pending' : 'queued', ctx);
  await ctx.create(reservedInstances, bought);
  return { ReservedInstancesId: bought.ReservedInstancesId };
}

type Failure = NonNullable<Ec2Operations['DeleteQueuedReservedInstances']['output']['FailedQueuedPurchaseDeletions']>[number];

async function deleteQueued(input: Ec2Operations['DeleteQueuedReservedInstances']['input'], ctx: Context): Promise<Ec2Operations['DeleteQueuedReservedInstances']['output']> {
  const done = [];
  const failed: Failure[] = [];
  for (const ReservedInstancesId of [...new Set(input.ReservedInstancesIds)]) {
    const found = await ctx.find(reservedInstances, ReservedInstancesId);
    if (!found) failed.push({ ReservedInstancesId, Error: { Code: 'reserved-instances-id-invalid', Message: `The ID '${ReservedInstancesId}' for the Reserved Instances is not valid.` } });
    else if (found.State !== 'queued') failed.push({ ReservedInstancesId, Error: { Code: 'reserved-instances-not-in-queued-state', Message: `The Reserved Instances '${ReservedInstancesId}' are not queued.` } });
    else {
      await ctx.transition(reservedInstances, found, 'queued-deleted');
      done.push({ ReservedInstancesId });
    }
  }
  return { SuccessfulQueuedPurchaseDeletions: done, FailedQueuedPurchaseDeletions: failed };
}

/** Those of a request, all active. */
export async function activeOnes(ids: readonly string[], ctx: Context): Promise<StoredReserved[]> {
  const found = await ctx.getAll(reservedInstances, [...new Set(ids)]);
  for (const one of found) {
    if (one.State !== 'active') throw reservedErrors.invalidInput(`The Reserved Instances '${one.ReservedInstancesId}' are not active.`);
    if (one.$?.modificationId !== undefined) throw reservedErrors.invalidInput(`The Reserved Instances '${one.ReservedInstancesId}' are being modified.`);
  }
  return found;
}

/** They end now, and others begin in their place. */
export async function retire(one: StoredReserved, ctx: Context): Promise<void> {
  one.End = ctx.now;
  delete one.$;
  await ctx.transition(reservedInstances, one, 'retired');
}

export const reservedInstancesOperations = {
  PurchaseReservedInstancesOffering: purchase,
  DescribeReservedInstances: describes(reservedInstances, {
    ids: 'ReservedInstancesIds',
    visible: (r, input) => (input.OfferingClass === undefined || r.OfferingClass === input.OfferingClass) && (input.OfferingType === undefined || r.OfferingType === input.OfferingType),
  }),
  DeleteQueuedReservedInstances: deleteQueued,
} satisfies Handlers<Ec2Operations>;
