import type { ReservedInstancesListing } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { describes, hours, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import * as reservedErrors from './errors.ts';
import { activeOnes, reservedInstances } from './reserved-instances.ts';

type StoredListing = Wire<ReservedInstancesListing>;
type Counts = NonNullable<StoredListing['InstanceCounts']>;

/** What is for sale in the Marketplace; nobody buys it here. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ri-market-general.html */
export const listings = resource<StoredListing>({
  service: 'ec2',
  kind: 'reserved-instances-listing',
  shape: 'ReservedInstancesListing',
  id: { member: 'ReservedInstancesListingId' },
  notFound: (ids) => reservedErrors.invalidInput(`The Reserved Instances listing ID '${ids.join(', ')}' does not exist.`),
  tags: null,
  state: 'Status',
  references: { ReservedInstancesId: { kind: 'ec2:reserved-instances', onDelete: 'cascade' } },
});

const DAY_MS = hours(24);
const MONTH_MS = 30 * DAY_MS;
/** "You can list … only after … they have been active for at least 30 days", with at least a month left. */
const ACTIVE_MIN_MS = 30 * DAY_MS;

const counts = (available: number, cancelled: number): Counts => [
  { State: 'available', InstanceCount: available }, { State: 'sold', InstanceCount: 0 }, { State: 'cancelled', InstanceCount: cancelled }, { State: 'pending', InstanceCount: 0 },
];

/** A price for each month that is left: as stated, and as before where nothing is stated. */
function schedules(wanted: NonNullable<Ec2Operations['CreateReservedInstancesListing']['input']['PriceSchedules']>, months: number): NonNullable<StoredListing['PriceSchedules']> {
  const stated = new Map<number, number>();
  for (const { Term, Price, CurrencyCode } of wanted) {
    if (Term === undefined || Price === undefined) throw errors.missingParameter('PriceSchedules.Term and PriceSchedules.Price');
    if (CurrencyCode !== undefined && CurrencyCode !== 'USD') throw errors.invalidValue(CurrencyCode, 'priceSchedules.currencyCode');
    if (Price < 0) throw errors.invalidValue(Price, 'priceSchedules.price');
    if (Term < 1 || Term > months) throw reservedErrors.invalidInput(`The term ${Term} must be from 1 to the months that remain (${months}).`);
    stated.set(Term, Price);
  }
  if (!stated.has(months)) throw reservedErrors.invalidInput(`There must be a price for the term ${months}.`);
  const out = [];
  let price = 0;
  for (let term = months; term >= 1; term--) {
    price = stated.get(term) ?? price;
    out.push({ Term: term, Price: price, CurrencyCode: 'USD' as const, Active: term === months });
  }
  return out;
}

async function createListing(input: Ec2Operations['CreateReservedInstancesListing']['input'], ctx: Context): Promise<Ec2Operations['CreateReservedInstancesListing']['output']> {
  const [reserved] = await activeOnes([input.ReservedInstancesId], ctx);
  // "Only Standard Reserved Instances … with the scope of an Availability Zone can be sold."
  if (reserved!.OfferingClass !== 'standard' || reserved!.Scope === 'Region') throw reservedErrors.invalidInput('Only Standard Reserved Instances with the scope of an Availability Zone can be listed.');
  const leftMs = Date.parse(reserved!.End!) - ctx.nowMs;
  if (ctx.nowMs - Date.parse(reserved!.Start!) < ACTIVE_MIN_MS) throw reservedErrors.invalidInput('Reserved Instances can be listed only after they have been active for 30 days.');
  if (leftMs < MONTH_MS) throw reservedErrors.invalidInput('Reserved Instances can be listed only while at least one month of their term remains.');
  const present = (await ctx.list(listings, { member: 'ReservedInstancesId', value: input.ReservedInstancesId })).find((l) => l.Status === 'active');
  if (present) throw reservedErrors.invalidInput(`The Reserved Instances '${input.ReservedInstancesId}' are listed already.`);
  if (input.InstanceCount < 1 || input.InstanceCount > reserved!.InstanceCount!) throw errors.invalidValue(input.InstanceCount, 'instanceCount');
  const listing = await ctx.create<StoredListing>(listings, {
    ReservedInstancesListingId: ctx.ids.uuid(), ReservedInstancesId: input.ReservedInstancesId, Status: 'active', StatusMessage: 'ACTIVE', CreateDate: ctx.now, UpdateDate: ctx.now, ClientToken: input.ClientToken,
    InstanceCounts: counts(input.InstanceCount, 0), PriceSchedules: schedules(input.PriceSchedules, Math.floor(leftMs / MONTH_MS)), Tags: [],
  });
  return { ReservedInstancesListings: [listing] };
}

async function cancelListing(input: Ec2Operations['CancelReservedInstancesListing']['input'], ctx: Context): Promise<Ec2Operations['CancelReservedInstancesListing']['output']> {
  const listing = await ctx.get(listings, input.ReservedInstancesListingId);
  if (listing.Status !== 'active') throw reservedErrors.invalidInput(`The Reserved Instances listing '${input.ReservedInstancesListingId}' is not active.`);
  Object.assign(listing, { StatusMessage: 'CANCELLED', UpdateDate: ctx.now, InstanceCounts: counts(0, listing.InstanceCounts!.find((c) => c.State === 'available')!.InstanceCount!) });
  await ctx.transition(listings, listing, 'cancelled');
  return { ReservedInstancesListings: [listing] };
}

export const listingOperations = {
  CreateReservedInstancesListing: createListing,
  CancelReservedInstancesListing: cancelListing,
  DescribeReservedInstancesListings: describes(listings, {
    prepare: async (input, ctx) => {
      if (input.ReservedInstancesId !== undefined) await ctx.get(reservedInstances, input.ReservedInstancesId);
      if (input.ReservedInstancesListingId !== undefined) await ctx.get(listings, input.ReservedInstancesListingId);
      return input;
    },
    visible: (l, input) => (input.ReservedInstancesId === undefined || l.ReservedInstancesId === input.ReservedInstancesId) && (input.ReservedInstancesListingId === undefined || l.ReservedInstancesListingId === input.ReservedInstancesListingId),
  }),
} satisfies Handlers<Ec2Operations>;
