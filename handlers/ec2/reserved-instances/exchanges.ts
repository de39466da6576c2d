import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Context, Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import * as reservedErrors from './errors.ts';
import { findOffering, type Offering } from './offerings.ts';
import { activeOnes, boughtOf, reservedInstances, retire, type StoredReserved } from './reserved-instances.ts';

type Quote = Ec2Operations['GetReservedInstancesExchangeQuote']['output'];
type Input = Ec2Operations['AcceptReservedInstancesExchangeQuote']['input'];

interface Value {
  readonly hourlyUsd: number;
  readonly upfrontUsd: number;
  readonly totalUsd: number;
}

interface Exchange {
  readonly sources: readonly { readonly reserved: StoredReserved; readonly value: Value }[];
  readonly targets: readonly { readonly offering: Offering; readonly count: number; readonly value: Value }[];
  readonly dueUsd: number;
  readonly failure: string | undefined;
}

const HOUR_MS = 3_600_000;
const shownValue = ({ hourlyUsd, upfrontUsd, totalUsd }: Value) => ({ HourlyPrice: hourlyUsd.toFixed(6), RemainingUpfrontValue: upfrontUsd.toFixed(6), RemainingTotalValue: totalUsd.toFixed(6) });
const sum = (values: readonly Value[]): Value => values.reduce((a, b) => ({ hourlyUsd: a.hourlyUsd + b.hourlyUsd, upfrontUsd: a.upfrontUsd + b.upfrontUsd, totalUsd: a.totalUsd + b.totalUsd }), { hourlyUsd: 0, upfrontUsd: 0, totalUsd: 0 });

/** What is left of what was paid and is still to be paid. */
function worth(one: { FixedPrice?: number | undefined; RecurringCharges?: readonly { Amount?: number | undefined }[] | undefined }, count: number, share: number, hoursLeft: number): Value {
  const hourlyUsd = (one.RecurringCharges?.[0]?.Amount ?? 0) * count;
  const upfrontUsd = one.FixedPrice! * count * share;
  return { hourlyUsd, upfrontUsd, totalUsd: upfrontUsd + hourlyUsd * hoursLeft };
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ri-convertible-exchange.html */
async function exchangeOf(input: Input, ctx: Context): Promise<Exchange> {
  const found = await activeOnes(input.ReservedInstanceIds, ctx);
  if (found.length === 0) throw errors.missingParameter('ReservedInstanceId');
  const sources = found.map((reserved) => {
    const leftMs = Date.parse(reserved.End!) - ctx.nowMs;
    return { reserved, value: worth(reserved, reserved.InstanceCount!, leftMs / (reserved.Duration! * 1000), leftMs / HOUR_MS) };
  });
  const have = sum(sources.map((s) => s.value));
  // What is taken instead ends when what is given would have ended.
  const leftMs = Math.max(...found.map((reserved) => Date.parse(reserved.End!))) - ctx.nowMs;
  if (!input.TargetConfigurations?.length) throw errors.missingParameter('TargetConfiguration');
  const targets = input.TargetConfigurations.map(({ OfferingId, InstanceCount }) => {
    const offering = findOffering(OfferingId, ctx.region);
    if (!offering) throw reservedErrors.invalidOffering(OfferingId);
    const value = (count: number) => worth(offering, count, leftMs / (offering.Duration! * 1000), leftMs / HOUR_MS);
    // Without a count it is the least that is worth as much as what is given for it.
    const count = InstanceCount ?? Math.max(1, Math.ceil(have.totalUsd / input.TargetConfigurations!.length / value(1).totalUsd));
    return { offering, count, value: value(count) };
  });
  const want = sum(targets.map((t) => t.value));
  const fixed = sources.find((s) => s.reserved.OfferingClass !== 'convertible') ?? targets.find((t) => t.offering.OfferingClass !== 'convertible');
  const failure = fixed ? 'Only Convertible Reserved Instances can be exchanged for other Convertible Reserved Instances.' : want.totalUsd < have.totalUsd ? 'The value of the target configuration is lower than that of the Reserved Instances to be exchanged.' : undefined;
  return { sources, targets, dueUsd: Math.max(0, want.upfrontUsd - have.upfrontUsd), failure };
}

async function quote(input: Input, ctx: Context): Promise<Quote> {
  const exchange = await exchangeOf(input, ctx);
  return {
    CurrencyCode: 'USD', IsValidExchange: exchange.failure === undefined, PaymentDue: exchange.dueUsd.toFixed(6), ...(exchange.failure === undefined ? {} : { ValidationFailureReason: exchange.failure }),
    OutputReservedInstancesWillExpireAt: exchange.sources.map((s) => s.reserved.End!).sort().at(-1)!,
    ReservedInstanceValueRollup: shownValue(sum(exchange.sources.map((s) => s.value))), ReservedInstanceValueSet: exchange.sources.map((s) => ({ ReservedInstanceId: s.reserved.ReservedInstancesId, ReservationValue: shownValue(s.value) })),
    TargetConfigurationValueRollup: shownValue(sum(exchange.targets.map((t) => t.value))),
    TargetConfigurationValueSet: exchange.targets.map((t) => ({ TargetConfiguration: { OfferingId: t.offering.ReservedInstancesOfferingId, InstanceCount: t.count }, ReservationValue: shownValue(t.value) })),
  };
}

async function accept(input: Input, ctx: Context): Promise<{ ExchangeId: string }> {
  const exchange = await exchangeOf(input, ctx);
  if (exchange.failure !== undefined) throw reservedErrors.invalidInput(exchange.failure);
  const ends = exchange.sources.map((s) => s.reserved.End!).sort().at(-1)!;
  for (const { reserved } of exchange.sources) await retire(reserved, ctx);
  for (const { offering, count } of exchange.targets) await ctx.create(reservedInstances, { ...boughtOf(offering, count, ctx.nowMs, 'payment-pending', ctx), End: ends });
  return { ExchangeId: `riex-${ctx.ids.uuid()}` };
}

export const exchangeOperations = { GetReservedInstancesExchangeQuote: quote, AcceptReservedInstancesExchangeQuote: accept } satisfies Handlers<Ec2Operations>;
