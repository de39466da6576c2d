import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { call } from '../../laws/samples/index.ts';
import { image } from '../../laws/samples/sample.ts';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

let fb: Fogbank;
let ImageId: string;
const go = (operation: string, input: Record<string, unknown> = {}) => call(fb, operation, input);
const refused = (operation: string, input: Record<string, unknown> = {}) => refusal(go(operation, input));
const HOUR = 3_600_000;

/** The zone, type and price of the cheapest pool of a type now. */
async function pricesOf(type: string): Promise<{ zone: string; usd: number }[]> {
  const { SpotPriceHistory } = await go('DescribeSpotPriceHistory', { InstanceTypes: [type], ProductDescriptions: ['Linux/UNIX'], StartTime: new Date(fb.machine.clock.now()) });
  return SpotPriceHistory.map((p: { AvailabilityZone: string; SpotPrice: string }) => ({ zone: p.AvailabilityZone, usd: Number(p.SpotPrice) })).sort((a: { usd: number }, b: { usd: number }) => a.usd - b.usd);
}
const request = async (input: Record<string, unknown> = {}, specification: Record<string, unknown> = {}) =>
  (await go('RequestSpotInstances', { LaunchSpecification: { ImageId, InstanceType: 'm5.large', ...specification }, ...input })).SpotInstanceRequests;
const seen = async (id: string) => (await go('DescribeSpotInstanceRequests', { SpotInstanceRequestIds: [id] })).SpotInstanceRequests[0];
const instanceOf = async (id: string) => (await go('DescribeInstances', { InstanceIds: [id] })).Reservations[0].Instances[0];

beforeAll(async () => {
  fb = await fogbank({ seed: 'spot' });
  fb.machine.clock.hold();
  ImageId = await image(fb);
});

describe('DescribeSpotPriceHistory', () => {
  it('gives one current price a zone, between 20 % and 90 % of the On-Demand price', async () => {
    const prices = await pricesOf('m5.large');
    expect(prices.map((p) => p.zone).sort()).toEqual(['a', 'b', 'c', 'd', 'f'].map((z) => `us-east-1${z}`));
    for (const { usd } of prices) expect(usd / 0.096).toSatisfy((share: number) => share >= 0.19 && share <= 0.91);
    expect(await pricesOf('m5.large')).toEqual(prices);
  });

  it('gives four changes a day of a pool, newest first, and the one before the start', async () => {
    const now = fb.machine.clock.now();
    const { SpotPriceHistory } = await go('DescribeSpotPriceHistory', { InstanceTypes: ['c5.large'], AvailabilityZone: 'us-east-1a', ProductDescriptions: ['Windows'], StartTime: new Date(now - 48 * HOUR), EndTime: new Date(now) });
    expect(SpotPriceHistory).toHaveLength(9);
    const times = SpotPriceHistory.map((p: { Timestamp: Date }) => p.Timestamp.getTime());
    expect(times).toEqual([...times].sort((a: number, b: number) => b - a));
    expect(times.at(-1)).toBeLessThanOrEqual(now - 48 * HOUR);
    expect(new Set(SpotPriceHistory.map((p: { SpotPrice: string }) => p.SpotPrice)).size).toBeGreaterThan(1);
  });

  it('pages to the same whole', async () => {
    const input = { InstanceTypes: ['m5.large', 'c5.large'], StartTime: new Date(fb.machine.clock.now() - 30 * HOUR) };
    const whole = (await go('DescribeSpotPriceHistory', input)).SpotPriceHistory;
    const pages = [];
    let NextToken: string | undefined;
    do {
      const page = await go('DescribeSpotPriceHistory', { ...input, MaxResults: 50, NextToken });
      pages.push(...page.SpotPriceHistory);
      NextToken = page.NextToken;
    } while (NextToken);
    expect(pages).toEqual(whole);
    expect(whole.length).toBeGreaterThan(200);
  });

  it('selects by filters', async () => {
    const Filters = [{ Name: 'instance-type', Values: ['m5.l*'] }, { Name: 'product-description', Values: ['SUSE Linux (Amazon VPC)'] }, { Name: 'availability-zone', Values: ['us-east-1b'] }];
    const { SpotPriceHistory: [price, ...more] } = await go('DescribeSpotPriceHistory', { Filters, StartTime: new Date(fb.machine.clock.now()) });
    expect(price).toMatchObject({ InstanceType: 'm5.large', ProductDescription: 'SUSE Linux', AvailabilityZone: 'us-east-1b' });
    expect(more).toEqual([]);
    expect((await go('DescribeSpotPriceHistory', { Filters: [...Filters, { Name: 'spot-price', Values: [price.SpotPrice] }] })).SpotPriceHistory.length).toBeGreaterThan(0);
    expect(await refused('DescribeSpotPriceHistory', { Filters: [{ Name: 'color', Values: ['x'] }] })).toMatchObject({ code: 'InvalidParameterValue', message: "The filter 'color' is invalid" });
  });

  it('is the same market for the same seed, and another for another', async () => {
    const same = await fogbank({ seed: 'spot' });
    const other = await fogbank({ seed: 'other' });
    const at = new Date(fb.machine.clock.now());
    const read = async (of: Fogbank) => (await call(of, 'DescribeSpotPriceHistory', { InstanceTypes: ['r5.large'], StartTime: at, EndTime: at })).SpotPriceHistory;
    expect(await read(same)).toEqual(await read(fb));
    expect(await read(other)).not.toEqual(await read(fb));
  });
});

describe('RequestSpotInstances', () => {
  it('takes an empty price for none: the On-Demand price is the highest then', async () => {
    const [[none], [empty]] = [await request(), await request({ SpotPrice: '' })];
    expect(empty.SpotPrice).toBe(none.SpotPrice);
  });

  it('is pending, then fulfilled by an instance that names its request', async () => {
    const [made] = await request({ TagSpecifications: [{ ResourceType: 'spot-instances-request', Tags: [{ Key: 'Tier', Value: 'web' }] }] });
    expect(made).toMatchObject({ State: 'open', Status: { Code: 'pending-evaluation' }, Type: 'one-time', SpotPrice: '0.096000', ProductDescription: 'Linux/UNIX', InstanceInterruptionBehavior: 'terminate', Tags: [{ Key: 'Tier', Value: 'web' }] });
    expect(made.SpotInstanceRequestId).toMatch(/^sir-[0-9a-f]{8}$/);
    expect(made.ValidUntil.getTime() - made.CreateTime.getTime()).toBe(7 * 24 * HOUR);
    const fulfilled = await seen(made.SpotInstanceRequestId);
    for (const time of [made.CreateTime, fulfilled.Status.UpdateTime]) expect(time.getMilliseconds()).toBe(0);
    expect(fulfilled).toMatchObject({ State: 'active', Status: { Code: 'fulfilled', Message: 'Your spot request is fulfilled.' }, LaunchedAvailabilityZone: (await pricesOf('m5.large'))[0]!.zone });
    expect(await instanceOf(fulfilled.InstanceId)).toMatchObject({ InstanceLifecycle: 'spot', SpotInstanceRequestId: made.SpotInstanceRequestId, InstanceType: 'm5.large' });
  });

  it.each([
    [{ SpotPrice: 'cheap' }, {}, 'InvalidParameterValue'], [{ SpotPrice: '0' }, {}, 'InvalidParameterValue'], [{ InstanceCount: 0 }, {}, 'InvalidParameterValue'], [{ ValidUntil: new Date(0) }, {}, 'InvalidTime'],
    [{ BlockDurationMinutes: 60 }, {}, 'UnsupportedOperation'], [{ InstanceInterruptionBehavior: 'stop' }, {}, 'InvalidParameterCombination'], [{}, { ImageId: 'ami-00000000000000000' }, 'InvalidAMIID.NotFound'],
    [{}, { SubnetId: 'subnet-00000000000000000' }, 'InvalidSubnetID.NotFound'], [{}, { SecurityGroupIds: ['sg-00000000000000000'] }, 'InvalidGroup.NotFound'], [{}, { InstanceType: 'u-6tb1.112xlarge' }, 'Unsupported'],
  ])('refuses %j %j', async (input, specification, code) => {
    expect((await refusal(request(input, specification))).code).toBe(code);
  });

  it('waits while the price is too low, and is fulfilled when the market comes down', async () => {
    const [cheapest] = await pricesOf('r5.xlarge');
    const [made] = await request({ Type: 'persistent', SpotPrice: (cheapest!.usd * 0.99).toFixed(4) }, { InstanceType: 'r5.xlarge' });
    expect(await seen(made.SpotInstanceRequestId)).toMatchObject({ State: 'open', Status: { Code: 'price-too-low' } });
    for (let day = 0; day < 90 && (await seen(made.SpotInstanceRequestId)).State === 'open'; day++) fb.machine.clock.advance(24 * HOUR);
    expect(await seen(made.SpotInstanceRequestId)).toMatchObject({ State: 'active', Status: { Code: 'fulfilled' } });
  });

  it('expires unfulfilled at ValidUntil', async () => {
    const [made] = await request({ SpotPrice: '0.0001', ValidUntil: new Date(fb.machine.clock.now() + HOUR) });
    fb.machine.clock.advance(HOUR);
    expect(await seen(made.SpotInstanceRequestId)).toMatchObject({ State: 'closed', Status: { Code: 'schedule-expired' } });
    fb.machine.clock.advance(49 * HOUR);
    expect((await refused('DescribeSpotInstanceRequests', { SpotInstanceRequestIds: [made.SpotInstanceRequestId] })).code).toBe('InvalidSpotInstanceRequestID.NotFound');
  });

  it('is not evaluated before ValidFrom', async () => {
    const [made] = await request({ ValidFrom: new Date(fb.machine.clock.now() + 2 * HOUR) });
    fb.machine.clock.advance(HOUR);
    expect(await seen(made.SpotInstanceRequestId)).toMatchObject({ State: 'open', Status: { Code: 'not-scheduled-yet' } });
    fb.machine.clock.advance(2 * HOUR);
    expect(await seen(made.SpotInstanceRequestId)).toMatchObject({ State: 'active' });
  });

  it('waits for capacity while a fault takes it away', async () => {
    const fault = fb.machine.world.faults.add({ match: { operation: 'RunInstances' }, effect: { error: 'InsufficientInstanceCapacity' } });
    const made = await request({ InstanceCount: 2 });
    expect(await seen(made[1].SpotInstanceRequestId)).toMatchObject({ State: 'open', Status: { Code: 'capacity-not-available' } });
    fb.machine.world.faults.remove(fault.id);
    fb.machine.clock.advance(HOUR);
    expect((await seen(made[1].SpotInstanceRequestId)).State).toBe('active');
  });

  it('launches a group together or not at all', async () => {
    const fault = fb.machine.world.faults.add({ match: { operation: 'RunInstances' }, effect: { error: 'InsufficientInstanceCapacity' }, when: { every: 2 } });
    const made = await request({ InstanceCount: 2, LaunchGroup: 'together' });
    expect(await seen(made[0].SpotInstanceRequestId)).toMatchObject({ State: 'open', Status: { Code: 'launch-group-constraint' } });
    expect(await seen(made[1].SpotInstanceRequestId)).toMatchObject({ State: 'open', Status: { Code: 'launch-group-constraint' } });
    fb.machine.world.faults.remove(fault.id);
    fb.machine.clock.advance(HOUR);
    for (const { SpotInstanceRequestId } of made) expect(await seen(SpotInstanceRequestId)).toMatchObject({ State: 'active', Status: { Code: 'fulfilled' } });
  });
});

describe('interruptions', () => {
  let limit: { zone: string; usd: number };
  /** Goes on until the price of the pool exceeds the limit, and back to just after it. */
  const until = async (done: () => Promise<boolean>) => {
    for (let n = 0; n < 2000 && !(await done()); n++) fb.machine.clock.advance(HOUR / 4);
    expect(await done()).toBe(true);
  };
  beforeEach(async () => {
    [limit] = (await pricesOf('m5.xlarge')) as [{ zone: string; usd: number }];
  });
  const bid = (type: string, behaviour: string) => request({ Type: type, InstanceInterruptionBehavior: behaviour, SpotPrice: (limit.usd + 0.0001).toFixed(4) }, { InstanceType: 'm5.xlarge', Placement: { AvailabilityZone: limit.zone } });

  it('end a one-time request and its instance two minutes after a notice', async () => {
    const id = (await bid('one-time', 'terminate'))[0].SpotInstanceRequestId;
    await until(async () => (await seen(id)).Status.Code !== 'fulfilled');
    const over = await seen(id);
    fb.machine.clock.advance(120_000);
    const after = await seen(id);
    expect(over.Status.Code).toMatch(/marked-for-termination|instance-terminated-by-price/);
    expect(after).toMatchObject({ State: 'closed', Status: { Code: 'instance-terminated-by-price' } });
    expect(await instanceOf(after.InstanceId)).toMatchObject({ State: { Name: expect.stringMatching(/shutting-down|terminated/) }, StateReason: { Code: 'Server.SpotInstanceTermination' } });
  });

  it('send a persistent request back to open, and it is fulfilled again', async () => {
    const id = (await bid('persistent', 'terminate'))[0].SpotInstanceRequestId;
    const first = (await seen(id)).InstanceId;
    await until(async () => (await seen(id)).State === 'open');
    expect((await seen(id)).InstanceId).toBeUndefined();
    await until(async () => (await seen(id)).State === 'active');
    expect((await seen(id)).InstanceId).not.toBe(first);
  });

  it('stop an instance and start it again when the price allows', async () => {
    const id = (await bid('persistent', 'stop'))[0].SpotInstanceRequestId;
    const { InstanceId } = await seen(id);
    await until(async () => (await seen(id)).State === 'disabled');
    expect((await seen(id)).Status.Code).toBe('instance-stopped-by-price');
    expect((await refused('StartInstances', { InstanceIds: [InstanceId] })).code).toMatch(/IncorrectSpotRequestState|IncorrectInstanceState/);
    await until(async () => (await seen(id)).State === 'active');
    expect(await instanceOf(InstanceId)).toMatchObject({ State: { Name: 'running' } });
  });
});

describe('what users do', () => {
  it('TerminateInstances: closes a one-time request and reopens a persistent one', async () => {
    const [once] = await request();
    const [again] = await request({ Type: 'persistent' });
    const ids = [(await seen(once.SpotInstanceRequestId)).InstanceId, (await seen(again.SpotInstanceRequestId)).InstanceId];
    await go('TerminateInstances', { InstanceIds: ids });
    expect(await seen(once.SpotInstanceRequestId)).toMatchObject({ State: 'closed', Status: { Code: 'instance-terminated-by-user' } });
    const renewed = await seen(again.SpotInstanceRequestId);
    expect(renewed).toMatchObject({ State: 'active', Status: { Code: 'fulfilled' } });
    expect(renewed.InstanceId).not.toBe(ids[1]);
  });

  it('StopInstances: is for persistent requests only; StartInstances fulfils them again', async () => {
    const [once] = await request();
    const { InstanceId } = await seen(once.SpotInstanceRequestId);
    expect(await refused('StopInstances', { InstanceIds: [InstanceId] })).toMatchObject({
      code: 'UnsupportedOperation',
      message: `You can't stop the Spot Instance '${InstanceId}' because it is associated with a one-time Spot Instance request. You can only stop Spot Instances associated with persistent Spot Instance requests.`,
    });
    const [lasting] = await request({ Type: 'persistent' });
    const { InstanceId: other } = await seen(lasting.SpotInstanceRequestId);
    await go('StopInstances', { InstanceIds: [other] });
    expect(await seen(lasting.SpotInstanceRequestId)).toMatchObject({ State: 'disabled', Status: { Code: 'instance-stopped-by-user' } });
    await go('StartInstances', { InstanceIds: [other] });
    expect(await seen(lasting.SpotInstanceRequestId)).toMatchObject({ State: 'active', Status: { Code: 'fulfilled' }, InstanceId: other });
  });

  it('CancelSpotInstanceRequests: leaves the instance running, and cancels what waits', async () => {
    const [made] = await request();
    const { InstanceId } = await seen(made.SpotInstanceRequestId);
    expect((await go('CancelSpotInstanceRequests', { SpotInstanceRequestIds: [made.SpotInstanceRequestId] })).CancelledSpotInstanceRequests).toEqual([{ SpotInstanceRequestId: made.SpotInstanceRequestId, State: 'cancelled' }]);
    expect(await seen(made.SpotInstanceRequestId)).toMatchObject({ State: 'cancelled', Status: { Code: 'request-canceled-and-instance-running' } });
    expect((await instanceOf(InstanceId)).State.Name).toBe('running');
    await go('TerminateInstances', { InstanceIds: [InstanceId] });
    expect(await seen(made.SpotInstanceRequestId)).toMatchObject({ State: 'cancelled', Status: { Code: 'instance-terminated-by-user' } });
    const [waiting] = await request({ SpotPrice: '0.0001' });
    await go('CancelSpotInstanceRequests', { SpotInstanceRequestIds: [waiting.SpotInstanceRequestId] });
    expect(await seen(waiting.SpotInstanceRequestId)).toMatchObject({ State: 'cancelled', Status: { Code: 'canceled-before-fulfillment' } });
    expect((await refused('CancelSpotInstanceRequests', { SpotInstanceRequestIds: ['sir-00000000'] })).message).toBe("The spot instance request ID 'sir-00000000' does not exist");
  });

  it('CancelSpotInstanceRequests: terminates an instance that is stopped', async () => {
    const [made] = await request({ Type: 'persistent' });
    const { InstanceId } = await seen(made.SpotInstanceRequestId);
    await go('StopInstances', { InstanceIds: [InstanceId] });
    await go('CancelSpotInstanceRequests', { SpotInstanceRequestIds: [made.SpotInstanceRequestId] });
    expect((await instanceOf(InstanceId)).State.Name).toMatch(/shutting-down|terminated/);
  });
});

describe('RunInstances with spot options', () => {
  const run = (SpotOptions?: Record<string, unknown>, more: Record<string, unknown> = {}) => go('RunInstances', { ImageId, InstanceType: 'm5.large', MinCount: 1, MaxCount: 2, InstanceMarketOptions: { MarketType: 'spot', ...(SpotOptions ? { SpotOptions } : {}) }, ...more });

  it('gives each instance a fulfilled request, with its tags', async () => {
    const { Instances } = await run({ MaxPrice: '0.095' }, { TagSpecifications: [{ ResourceType: 'spot-instances-request', Tags: [{ Key: 'a', Value: 'b' }] }] });
    expect(Instances).toHaveLength(2);
    for (const { InstanceId, InstanceLifecycle, SpotInstanceRequestId } of Instances) {
      expect(InstanceLifecycle).toBe('spot');
      expect(await seen(SpotInstanceRequestId)).toMatchObject({ InstanceId, State: 'active', Status: { Code: 'fulfilled' }, SpotPrice: '0.095000', Type: 'one-time', Tags: [{ Key: 'a', Value: 'b' }] });
    }
    expect((await go('DescribeInstances', { Filters: [{ Name: 'spot-instance-request-id', Values: [Instances[0].SpotInstanceRequestId] }] })).Reservations[0].Instances[0].InstanceId).toBe(Instances[0].InstanceId);
  });

  it('refuses a maximum below the price, and options that do not go together', async () => {
    const low = await refusal(run({ MaxPrice: '0.0001' }));
    expect(low.code).toBe('SpotMaxPriceTooLow');
    expect(low.message).toMatch(/^Your Spot request price of 0.0001 is lower than the minimum required Spot request fulfillment price of 0\.\d+\.$/);
    expect((await refusal(run({ InstanceInterruptionBehavior: 'stop' }))).code).toBe('InvalidParameterCombination');
    expect((await refusal(run({ ValidUntil: new Date(fb.machine.clock.now() + HOUR) }))).code).toBe('InvalidParameterCombination');
    expect((await refusal(go('RunInstances', { ImageId, MinCount: 1, MaxCount: 1, InstanceMarketOptions: { SpotOptions: { MaxPrice: '1' } } }))).code).toBe('InvalidParameterCombination');
  });

  it('counts to the quota of spot instances', async () => {
    const limited = await fogbank({ quotas: 'enforce' });
    const id = await image(limited);
    const market = { InstanceMarketOptions: { MarketType: 'spot' } };
    await refusal(call(limited, 'RunInstances', { ImageId: id, InstanceType: 'm5.24xlarge', MinCount: 16, MaxCount: 16, ...market })).then((r) => expect(r).toMatchObject({ code: 'MaxSpotInstanceCountExceeded', message: 'Max spot instance count exceeded' }));
    expect((await call(limited, 'RunInstances', { ImageId: id, InstanceType: 'm5.24xlarge', MinCount: 1, MaxCount: 16, ...market })).Instances).toHaveLength(15);
    expect((await call(limited, 'RunInstances', { ImageId: id, InstanceType: 'm5.24xlarge', MinCount: 1, MaxCount: 1 })).Instances).toHaveLength(1);
  });
});
