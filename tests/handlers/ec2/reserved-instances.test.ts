import { beforeAll, describe, expect, it } from 'vitest';
import { onDemandUsdPerHour, isModelledPrice } from '../../../handlers/ec2/catalog/prices.ts';
import { call } from '../../laws/samples/index.ts';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

let fb: Fogbank;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const YEAR_SECONDS = 31_536_000;
const go = (operation: string, input: Record<string, unknown> = {}) => call(fb, operation, input);
const refused = (operation: string, input: Record<string, unknown> = {}) => refusal(go(operation, input));
const wanted = { InstanceType: 'm5.large', ProductDescription: 'Linux/UNIX', InstanceTenancy: 'default', OfferingClass: 'standard', OfferingType: 'No Upfront', MaxDuration: YEAR_SECONDS };
const offering = async (more: Record<string, unknown> = {}, scope = 'Region') => (await go('DescribeReservedInstancesOfferings', { ...wanted, ...more, Filters: [{ Name: 'scope', Values: [scope] }] })).ReservedInstancesOfferings[0];
const buy = async (more: Record<string, unknown> = {}, InstanceCount = 1, scope = 'Region') => (await go('PurchaseReservedInstancesOffering', { ReservedInstancesOfferingId: (await offering(more, scope)).ReservedInstancesOfferingId, InstanceCount })).ReservedInstancesId as string;
const seen = async (id: string) => (await go('DescribeReservedInstances', { ReservedInstancesIds: [id] })).ReservedInstances[0];
const at = (ms: number) => new Date(fb.machine.clock.now() + ms);

beforeAll(async () => {
  fb = await fogbank({ seed: 'reserved' });
  fb.machine.clock.hold();
});

describe('prices', () => {
  it.each([['m5.large', 0.096], ['m5.24xlarge', 4.608], ['t3.micro', 0.0104], ['c5.xlarge', 0.17], ['r5.2xlarge', 0.504], ['g4dn.xlarge', 0.526], ['m6g.medium', 0.0385]])('of %s on Linux in us-east-1 are AWS\'s', (type, usd) => {
    expect(onDemandUsdPerHour(type, 'us-east-1')).toBeCloseTo(usd, 4);
    expect(isModelledPrice(type)).toBe(false);
  });

  it('of other Regions and platforms are higher, of other types modelled, of no type unknown', () => {
    expect(onDemandUsdPerHour('m5.large', 'sa-east-1')).toBeCloseTo(0.096 * 1.59, 4);
    expect(onDemandUsdPerHour('m5.large', 'us-east-1', 'Windows')).toBeCloseTo(0.188, 4);
    expect(isModelledPrice('u7i-12tb.224xlarge')).toBe(true);
    expect(onDemandUsdPerHour('u7i-12tb.224xlarge', 'us-east-1')).toBeGreaterThan(50);
    expect(onDemandUsdPerHour('nonsense.large', 'us-east-1')).toBeUndefined();
  });
});

describe('DescribeReservedInstancesOfferings', () => {
  it('selects one offering by everything that makes it, and finds it by its id', async () => {
    const one = await offering();
    expect(one).toMatchObject({ InstanceType: 'm5.large', ProductDescription: 'Linux/UNIX', OfferingClass: 'standard', OfferingType: 'No Upfront', Duration: YEAR_SECONDS, FixedPrice: 0, UsagePrice: 0, Scope: 'Region', CurrencyCode: 'USD', Marketplace: false });
    expect(one.RecurringCharges).toEqual([{ Frequency: 'Hourly', Amount: expect.closeTo(0.096 * 0.63, 4) }]);
    expect((await go('DescribeReservedInstancesOfferings', { ReservedInstancesOfferingIds: [one.ReservedInstancesOfferingId] })).ReservedInstancesOfferings).toEqual([one]);
    const all = await offering({ OfferingType: 'All Upfront' }, 'Availability Zone');
    expect(all).toMatchObject({ Scope: 'Availability Zone', AvailabilityZone: 'us-east-1a', AvailabilityZoneId: expect.stringMatching(/^use1-az/), RecurringCharges: [{ Amount: 0 }] });
    expect(all.FixedPrice).toBeCloseTo(0.096 * 0.59 * 8760, 0);
  });

  it('pages, a hundred at a time', async () => {
    const first = await go('DescribeReservedInstancesOfferings', { InstanceType: 'm5.large' });
    expect(first.ReservedInstancesOfferings).toHaveLength(100);
    const second = await go('DescribeReservedInstancesOfferings', { InstanceType: 'm5.large', NextToken: first.NextToken });
    const ids = [...first.ReservedInstancesOfferings, ...second.ReservedInstancesOfferings].map((o: { ReservedInstancesOfferingId: string }) => o.ReservedInstancesOfferingId);
    expect(new Set(ids).size).toBe(200);
  });

  it('refuses what is no offering', async () => {
    expect((await refused('DescribeReservedInstancesOfferings', { ReservedInstancesOfferingIds: ['00000000-0000-4000-8000-000000000000'] })).code).toBe('InvalidParameterValue');
    expect((await refused('PurchaseReservedInstancesOffering', { ReservedInstancesOfferingId: '00000000-0000-4000-8000-000000000000', InstanceCount: 1 })).code).toBe('InvalidReservedInstancesOfferingId');
    expect((await refused('DescribeReservedInstancesOfferings', { Filters: [{ Name: 'color', Values: ['x'] }] })).message).toBe("The filter 'color' is invalid");
  });
});

describe('PurchaseReservedInstancesOffering', () => {
  it('is paid for, active for its term, and retired', async () => {
    const { ReservedInstancesOfferingId } = await offering();
    const slow = await fogbank({ pace: 'realistic', seed: 'reserved' });
    slow.machine.clock.hold();
    const { ReservedInstancesId } = await call(slow, 'PurchaseReservedInstancesOffering', { ReservedInstancesOfferingId, InstanceCount: 3 });
    const state = async () => (await call(slow, 'DescribeReservedInstances', { ReservedInstancesIds: [ReservedInstancesId] })).ReservedInstances[0];
    slow.machine.clock.advance(86);
    const { Start, End } = await state();
    expect(End.getTime()).toBe(Math.floor(Start.getTime() / 1000 + YEAR_SECONDS - 1) * 1000);
    expect(await state()).toMatchObject({ State: 'payment-pending', InstanceCount: 3, InstanceType: 'm5.large', Duration: YEAR_SECONDS });
    slow.machine.clock.advance(60_000);
    expect((await state()).State).toBe('active');
    slow.machine.clock.advance(YEAR_SECONDS * 1000);
    expect((await state()).State).toBe('retired');
  });

  it('has a limit, and a class and type by which it is listed', async () => {
    const dear = await offering({ OfferingType: 'All Upfront' });
    expect((await refused('PurchaseReservedInstancesOffering', { ReservedInstancesOfferingId: dear.ReservedInstancesOfferingId, InstanceCount: 1, LimitPrice: { Amount: 1, CurrencyCode: 'USD' } })).code).toBe('InvalidLimitPrice');
    const id = await buy({ OfferingClass: 'convertible' });
    expect((await go('DescribeReservedInstances', { OfferingClass: 'convertible' })).ReservedInstances.map((r: { ReservedInstancesId: string }) => r.ReservedInstancesId)).toEqual([id]);
    expect((await go('DescribeReservedInstances', { OfferingType: 'All Upfront' })).ReservedInstances).toEqual([]);
    expect((await refused('DescribeReservedInstances', { ReservedInstancesIds: ['x'] })).code).toBe('InvalidReservedInstancesId');
  });

  it('is queued for later, for the Region only, and deleted while it waits', async () => {
    const regional = await offering();
    const zonal = await offering({}, 'Availability Zone');
    const later = { InstanceCount: 1, PurchaseTime: at(10 * DAY) };
    expect((await refused('PurchaseReservedInstancesOffering', { ...later, ReservedInstancesOfferingId: zonal.ReservedInstancesOfferingId })).code).toBe('InvalidInput');
    const buyLater = async () => (await go('PurchaseReservedInstancesOffering', { ...later, ReservedInstancesOfferingId: regional.ReservedInstancesOfferingId })).ReservedInstancesId;
    const [kept, dropped] = [await buyLater(), await buyLater()];
    expect((await seen(kept)).State).toBe('queued');
    const done = await go('DeleteQueuedReservedInstances', { ReservedInstancesIds: [dropped, '00000000-0000-4000-8000-000000000000'] });
    expect(done).toMatchObject({ SuccessfulQueuedPurchaseDeletions: [{ ReservedInstancesId: dropped }], FailedQueuedPurchaseDeletions: [{ Error: { Code: 'reserved-instances-id-invalid' } }] });
    expect((await seen(dropped)).State).toBe('queued-deleted');
    fb.machine.clock.advance(10 * DAY);
    expect((await seen(kept)).State).toBe('active');
    expect((await go('DeleteQueuedReservedInstances', { ReservedInstancesIds: [kept] })).FailedQueuedPurchaseDeletions[0].Error.Code).toBe('reserved-instances-not-in-queued-state');
  });
});

describe('ModifyReservedInstances', () => {
  const modification = async (id: string) => (await go('DescribeReservedInstancesModifications', { ReservedInstancesModificationIds: [id] })).ReservedInstancesModifications[0];

  it('splits by size and zone; the old ones are retired, the new ones end when those would have', async () => {
    const id = await buy({}, 4);
    const before = await seen(id);
    const { ReservedInstancesModificationId } = await go('ModifyReservedInstances', { ReservedInstancesIds: [id], TargetConfigurations: [{ InstanceType: 'm5.xlarge', InstanceCount: 1 }, { InstanceCount: 2, AvailabilityZone: 'us-east-1b' }] });
    expect(ReservedInstancesModificationId).toMatch(/^rimod-/);
    const done = await modification(ReservedInstancesModificationId);
    expect(done).toMatchObject({ Status: 'fulfilled', ReservedInstancesIds: [{ ReservedInstancesId: id }], ModificationResults: [{ TargetConfiguration: { InstanceType: 'm5.xlarge', InstanceCount: 1, Scope: 'Region' } }, { TargetConfiguration: { InstanceType: 'm5.large', AvailabilityZone: 'us-east-1b', Scope: 'Availability Zone' } }] });
    expect((await seen(id)).State).toBe('retired');
    const [larger, zonal] = [await seen(done.ModificationResults[0].ReservedInstancesId), await seen(done.ModificationResults[1].ReservedInstancesId)];
    expect(larger).toMatchObject({ State: 'active', InstanceType: 'm5.xlarge', InstanceCount: 1, Scope: 'Region', End: before.End });
    expect(larger.RecurringCharges[0].Amount).toBeCloseTo(before.RecurringCharges[0].Amount * 2, 5);
    expect(zonal).toMatchObject({ State: 'active', InstanceType: 'm5.large', InstanceCount: 2, AvailabilityZone: 'us-east-1b' });
    expect((await go('DescribeReservedInstancesModifications', { Filters: [{ Name: 'reserved-instances-id', Values: [id] }] })).ReservedInstancesModifications).toHaveLength(1);
  });

  it('merges what is alike', async () => {
    const ids = [await buy({}, 1), await buy({}, 1)];
    const { ReservedInstancesModificationId } = await go('ModifyReservedInstances', { ReservedInstancesIds: ids, TargetConfigurations: [{ InstanceType: 'm5.large', InstanceCount: 2 }] });
    expect((await modification(ReservedInstancesModificationId)).ModificationResults).toHaveLength(1);
  });

  it('refuses another footprint, family or platform', async () => {
    const [linux, windows] = [await buy({}, 2), await buy({ ProductDescription: 'Windows' }, 2)];
    for (const [ids, target, text] of [
      [[linux], { InstanceCount: 3 }, /footprint/], [[linux], { InstanceType: 'c5.large', InstanceCount: 2 }, /family/], [[windows], { InstanceType: 'm5.xlarge', InstanceCount: 1 }, /Linux/], [[linux, windows], { InstanceCount: 4 }, /same ProductDescription/],
    ] as const) expect(await refused('ModifyReservedInstances', { ReservedInstancesIds: ids, TargetConfigurations: [target] })).toMatchObject({ code: 'InvalidInput', message: expect.stringMatching(text) });
  });
});

describe('listings', () => {
  const PriceSchedules = [{ Term: 11, Price: 100, CurrencyCode: 'USD' }, { Term: 5, Price: 40, CurrencyCode: 'USD' }];

  it('are of zonal standard ones that were active for a month, with a price for each month', async () => {
    const [zonal, regional] = [await buy({ OfferingType: 'All Upfront' }, 2, 'Availability Zone'), await buy()];
    expect((await refused('CreateReservedInstancesListing', { ReservedInstancesId: zonal, InstanceCount: 1, PriceSchedules, ClientToken: 'early' })).message).toMatch(/30 days/);
    fb.machine.clock.advance(31 * DAY);
    expect((await refused('CreateReservedInstancesListing', { ReservedInstancesId: regional, InstanceCount: 1, PriceSchedules, ClientToken: 'r' })).code).toBe('InvalidInput');
    const { ReservedInstancesListings: [listing] } = await go('CreateReservedInstancesListing', { ReservedInstancesId: zonal, InstanceCount: 2, PriceSchedules, ClientToken: 'z' });
    expect(listing).toMatchObject({ ReservedInstancesId: zonal, Status: 'active', InstanceCounts: expect.arrayContaining([{ State: 'available', InstanceCount: 2 }]) });
    expect(listing.PriceSchedules.map((p: { Term: number; Price: number }) => [p.Term, p.Price])).toEqual([[11, 100], [10, 100], [9, 100], [8, 100], [7, 100], [6, 100], [5, 40], [4, 40], [3, 40], [2, 40], [1, 40]]);
    expect((await refused('CreateReservedInstancesListing', { ReservedInstancesId: zonal, InstanceCount: 1, PriceSchedules, ClientToken: 'y' })).code).toBe('InvalidInput');
    expect((await go('DescribeReservedInstancesListings', { Filters: [{ Name: 'status', Values: ['active'] }] })).ReservedInstancesListings).toHaveLength(1);
    const { ReservedInstancesListings: [cancelled] } = await go('CancelReservedInstancesListing', { ReservedInstancesListingId: listing.ReservedInstancesListingId });
    expect(cancelled).toMatchObject({ Status: 'cancelled', InstanceCounts: expect.arrayContaining([{ State: 'cancelled', InstanceCount: 2 }, { State: 'available', InstanceCount: 0 }]) });
    expect((await refused('CancelReservedInstancesListing', { ReservedInstancesListingId: listing.ReservedInstancesListingId })).code).toBe('InvalidInput');
    expect((await refused('DescribeReservedInstancesListings', { ReservedInstancesListingId: 'x' })).code).toBe('InvalidInput');
  });
});

describe('exchanges', () => {
  it('are quoted, and replace what is given by what is taken', async () => {
    const id = await buy({ OfferingClass: 'convertible' }, 2);
    const { ReservedInstancesOfferingId: OfferingId } = await offering({ OfferingClass: 'convertible', InstanceType: 'c5.large' });
    const input = { ReservedInstanceIds: [id], TargetConfigurations: [{ OfferingId }] };
    const quote = await go('GetReservedInstancesExchangeQuote', input);
    expect(quote).toMatchObject({ IsValidExchange: true, CurrencyCode: 'USD', PaymentDue: '0.000000', TargetConfigurationValueSet: [{ TargetConfiguration: { OfferingId, InstanceCount: 3 } }] });
    expect(Number(quote.TargetConfigurationValueRollup.RemainingTotalValue)).toBeGreaterThan(Number(quote.ReservedInstanceValueRollup.RemainingTotalValue));
    expect((await go('AcceptReservedInstancesExchangeQuote', input)).ExchangeId).toMatch(/^riex-/);
    expect((await seen(id)).State).toBe('retired');
    expect((await go('DescribeReservedInstances', { Filters: [{ Name: 'instance-type', Values: ['c5.large'] }] })).ReservedInstances).toMatchObject([{ State: 'active', InstanceCount: 3, OfferingClass: 'convertible' }]);
  });

  it('are not valid for less, and for convertible ones only', async () => {
    const id = await buy({ OfferingClass: 'convertible' }, 2);
    const { ReservedInstancesOfferingId: OfferingId } = await offering({ OfferingClass: 'convertible', InstanceType: 't3.micro' });
    const input = { ReservedInstanceIds: [id], TargetConfigurations: [{ OfferingId, InstanceCount: 1 }] };
    expect(await go('GetReservedInstancesExchangeQuote', input)).toMatchObject({ IsValidExchange: false, ValidationFailureReason: expect.stringMatching(/lower/) });
    expect((await refused('AcceptReservedInstancesExchangeQuote', input)).code).toBe('InvalidInput');
    expect((await go('GetReservedInstancesExchangeQuote', { ...input, ReservedInstanceIds: [await buy()] })).IsValidExchange).toBe(false);
  });
});
