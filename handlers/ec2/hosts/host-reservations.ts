import { createHash } from 'node:crypto';
import type { HostReservation } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { describes, isoTime, pageOf, resource, seconds, specifiedTags, wildcardMatcher, type Context, type Handlers, type Structure } from '../../../src/kit/index.ts';
import { instanceTypeNames } from '../catalog/instance-types.ts';
import { offeredTypes } from '../catalog/instance-type-offerings.ts';
import { onDemandUsdPerHour } from '../catalog/prices.ts';
import * as errors from '../errors.ts';
import * as hostErrors from './errors.ts';
import { hosts, typesOf, vcpusOf, type StoredHost } from './hosts.ts';

type StoredHostReservation = Wire<HostReservation>;
type Offering = NonNullable<Ec2Operations['DescribeHostReservationOfferings']['output']['OfferingSet']>[number];

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/how-dedicated-hosts-work.html */
export const hostReservations = resource<StoredHostReservation>({
  service: 'ec2',
  kind: 'host-reservation',
  shape: 'HostReservation',
  id: { member: 'HostReservationId', prefix: 'hr' },
  notFound: errors.notFound('InvalidHostReservationID.NotFound', 'host reservation ID'),
  malformed: errors.malformedId('InvalidHostReservationID.Malformed', 'hr'),
  state: 'State',
  lifecycle: {
    'payment-pending': { after: seconds(60), to: 'active' },
    active: { after: (r, nowMs) => Math.max(0, Date.parse(r.End!) - nowMs), paced: false, to: 'retired' },
  },
  // Without a reservation hosts are On-Demand again.
  entering: {
    retired: async (reservation, ctx) => {
      for (const id of reservation.HostIdSet ?? []) {
        const host = await ctx.find(hosts, id);
        if (host?.HostReservationId !== reservation.HostReservationId) continue;
        delete host!.HostReservationId;
        await ctx.save(hosts, host!);
      }
    },
  },
});

const YEAR_SECONDS = 31_536_000;
const TERMS = [[YEAR_SECONDS, 0.7], [3 * YEAR_SECONDS, 0.48]] as const;
/** assumed: how much of the price is paid at once, and what that saves. */
const PAYMENTS = [['NoUpfront', 0, 1], ['PartialUpfront', 0.5, 0.95], ['AllUpfront', 1, 0.93]] as const;
/** assumed: a host costs a tenth more than the instances that fill it. */
const HOST_FACTOR = 1.1;

const familyOf = (host: StoredHost): string => host.HostProperties!.InstanceFamily ?? host.HostProperties!.InstanceType!.split('.')[0]!;

const hostUsdPerHour = (family: string, region: string): number => {
  const largest = typesOf(family).reduce((best, type) => (vcpusOf(type) > vcpusOf(best) ? type : best));
  return onDemandUsdPerHour(largest, region)! * HOST_FACTOR;
};

/** Every offering of a Region: each family, term and way of payment, the same at every look. */
function offeringsOf(region: string): Offering[] {
  const offered = new Set(offeredTypes(region));
  const families = [...new Set(instanceTypeNames().filter((type) => offered.has(type)).map((type) => type.slice(0, type.indexOf('.'))))].filter((family) => typesOf(family).length > 0);
  return families.flatMap((family) => TERMS.flatMap(([Duration, share]) => PAYMENTS.map(([PaymentOption, upfront, factor]) => {
    const totalUsd = hostUsdPerHour(family, region) * share * factor * (Duration / 3600);
    return {
      OfferingId: `hro-${createHash('sha256').update(`${region}|${family}|${Duration}|${PaymentOption}`).digest('hex').slice(0, 17)}`, InstanceFamily: family, Duration, PaymentOption,
      HourlyPrice: ((totalUsd * (1 - upfront)) / (Duration / 3600)).toFixed(3), UpfrontPrice: (totalUsd * upfront).toFixed(3),
    };
  })));
}

const OFFERING_FILTERS: Readonly<Record<string, (o: Offering) => string>> = { 'instance-family': (o) => o.InstanceFamily!, 'payment-option': (o) => o.PaymentOption! };

async function describeOfferings(input: Ec2Operations['DescribeHostReservationOfferings']['input'], ctx: Context): Promise<Ec2Operations['DescribeHostReservationOfferings']['output']> {
  const tests = (input.Filter ?? []).map(({ Name = '', Values = [] }) => {
    if (!Object.hasOwn(OFFERING_FILTERS, Name)) throw errors.invalidParameterValue(`The filter '${Name}' is invalid`);
    const accepts = wildcardMatcher(Values);
    return (o: Offering) => accepts(OFFERING_FILTERS[Name]!(o));
  });
  const found = offeringsOf(ctx.region).filter((o) => (input.OfferingId === undefined || o.OfferingId === input.OfferingId) && o.Duration! >= (input.MinDuration ?? 0) && o.Duration! <= (input.MaxDuration ?? Number.MAX_SAFE_INTEGER) && tests.every((test) => test(o)));
  if (input.OfferingId !== undefined && found.length === 0) throw hostErrors.offeringNotFound(input.OfferingId);
  const { items, next } = pageOf(found, input as never as Structure, errors.invalidNextToken);
  return { OfferingSet: items, ...next };
}

interface Purchase {
  readonly offering: Offering;
  readonly hosts: readonly StoredHost[];
  readonly hourlyUsd: number;
  readonly upfrontUsd: number;
}

/** What a purchase would come to; refused where the hosts are not what the offering is for. */
async function planPurchase(offeringId: string, ids: readonly string[], ctx: Context): Promise<Purchase> {
  const offering = offeringsOf(ctx.region).find((o) => o.OfferingId === offeringId);
  if (!offering) throw hostErrors.offeringNotFound(offeringId);
  const found = await ctx.getAll(hosts, [...new Set(ids)]);
  for (const host of found) {
    if (host.State !== 'available') throw hostErrors.invalidHostState(host.HostId!, host.State!);
    if (host.HostReservationId !== undefined) throw hostErrors.hostReserved(host.HostId!);
    if (familyOf(host) !== offering.InstanceFamily) throw hostErrors.invalidHostConfiguration(`The Dedicated Host '${host.HostId}' is of the family ${familyOf(host)}, not of ${offering.InstanceFamily}.`);
  }
  return { offering, hosts: found, hourlyUsd: Number(offering.HourlyPrice) * found.length, upfrontUsd: Number(offering.UpfrontPrice) * found.length };
}

const shown = ({ offering, hosts: of }: Purchase, id?: string) => ({
  Duration: offering.Duration, HostIdSet: of.map((h) => h.HostId!), HourlyPrice: offering.HourlyPrice, InstanceFamily: offering.InstanceFamily, PaymentOption: offering.PaymentOption, UpfrontPrice: offering.UpfrontPrice, ...(id === undefined ? {} : { HostReservationId: id }),
});

const totals = (purchase: Purchase) => ({ TotalHourlyPrice: purchase.hourlyUsd.toFixed(3), TotalUpfrontPrice: purchase.upfrontUsd.toFixed(3) });

async function purchaseReservation(input: Ec2Operations['PurchaseHostReservation']['input'], ctx: Context): Promise<Ec2Operations['PurchaseHostReservation']['output']> {
  const tags = specifiedTags(input.TagSpecifications as never, 'host-reservation');
  const purchase = await planPurchase(input.OfferingId, input.HostIdSet, ctx);
  if (input.CurrencyCode !== undefined && input.LimitPrice === undefined) throw errors.invalidParameterCombination('CurrencyCode can be specified only with LimitPrice.');
  // "The specified limit is checked against the total upfront cost of the reservation."
  if (input.LimitPrice !== undefined && !(purchase.upfrontUsd <= Number(input.LimitPrice))) throw hostErrors.limitPriceExceeded();
  const id = ctx.newId(hostReservations);
  const { offering } = purchase;
  await ctx.create<StoredHostReservation>(hostReservations, {
    HostReservationId: id, HostIdSet: purchase.hosts.map((h) => h.HostId!), Count: purchase.hosts.length, Duration: offering.Duration, Start: ctx.now, End: isoTime(ctx.nowMs + offering.Duration! * 1000), HourlyPrice: offering.HourlyPrice, UpfrontPrice: offering.UpfrontPrice,
    InstanceFamily: offering.InstanceFamily, OfferingId: offering.OfferingId, PaymentOption: offering.PaymentOption, State: 'payment-pending', Tags: tags,
  });
  for (const host of purchase.hosts) await ctx.save(hosts, { ...host, HostReservationId: id });
  return { ...(input.ClientToken === undefined ? {} : { ClientToken: input.ClientToken }), Purchase: [shown(purchase, id)], ...totals(purchase) };
}

export const hostReservationOperations = {
  DescribeHostReservationOfferings: describeOfferings,
  GetHostReservationPurchasePreview: async (input, ctx) => {
    const purchase = await planPurchase(input.OfferingId, input.HostIdSet, ctx);
    return { Purchase: [shown(purchase)], ...totals(purchase) };
  },
  PurchaseHostReservation: purchaseReservation,
  DescribeHostReservations: describes(hostReservations, { ids: 'HostReservationIdSet', prepare: (input) => ({ ...input, Filters: input.Filter }) }),
} satisfies Handlers<Ec2Operations>;
