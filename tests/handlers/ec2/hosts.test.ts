import { beforeAll, describe, expect, it } from 'vitest';
import { call } from '../../laws/samples/index.ts';
import { image } from '../../laws/samples/sample.ts';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

let fb: Fogbank;
let ImageId: string;
const HOUR = 3_600_000;
const go = (operation: string, input: Record<string, unknown> = {}) => call(fb, operation, input);
const refused = (operation: string, input: Record<string, unknown> = {}) => refusal(go(operation, input));
const allocate = async (more: Record<string, unknown> = {}) => (await go('AllocateHosts', { InstanceType: 'm5.large', AvailabilityZone: 'us-east-1a', Quantity: 1, AutoPlacement: 'off', ...more })).HostIds[0] as string;
const seen = async (id: string) => (await go('DescribeHosts', { HostIds: [id] })).Hosts[0];
const run = async (Placement: Record<string, unknown>, more: Record<string, unknown> = {}) => (await go('RunInstances', { ImageId, InstanceType: 'm5.large', MinCount: 1, MaxCount: 1, Placement, ...more })).Instances as { InstanceId: string; Placement: Record<string, string> }[];
const instance = async (id: string) => (await go('DescribeInstances', { InstanceIds: [id] })).Reservations[0].Instances[0];

beforeAll(async () => {
  fb = await fogbank({ seed: 'hosts' });
  fb.machine.clock.hold();
  ImageId = await image(fb);
});

describe('AllocateHosts', () => {
  it('gives hosts with the capacity of their type', async () => {
    const { HostIds } = await go('AllocateHosts', { InstanceType: 'm5.xlarge', AvailabilityZone: 'us-east-1b', Quantity: 2, TagSpecifications: [{ ResourceType: 'dedicated-host', Tags: [{ Key: 'a', Value: 'b' }] }] });
    expect(HostIds).toHaveLength(2);
    expect(await seen(HostIds[0])).toMatchObject({
      State: 'available', AutoPlacement: 'on', HostRecovery: 'off', HostMaintenance: 'on', AvailabilityZone: 'us-east-1b', OwnerId: '123456789012', AllowsMultipleInstanceTypes: 'off', Tags: [{ Key: 'a', Value: 'b' }], Instances: [],
      HostProperties: { InstanceType: 'm5.xlarge', Cores: 48, Sockets: 2, TotalVCpus: 96 }, AvailableCapacity: { AvailableVCpus: 96, AvailableInstanceCapacity: [{ InstanceType: 'm5.xlarge', TotalCapacity: 24, AvailableCapacity: 24 }] },
    });
    await go('ReleaseHosts', { HostIds });
  });

  it('a host of a family takes every type of it', async () => {
    const id = await allocate({ InstanceType: undefined, InstanceFamily: 'm5' });
    const host = await seen(id);
    expect(host).toMatchObject({ AllowsMultipleInstanceTypes: 'on', HostProperties: { InstanceFamily: 'm5', TotalVCpus: 96 } });
    await run({ Tenancy: 'host', HostId: id }, { InstanceType: 'm5.8xlarge' });
    await run({ Tenancy: 'host', HostId: id }, { InstanceType: 'm5.large' });
    const capacity = (await seen(id)).AvailableCapacity;
    expect(capacity.AvailableVCpus).toBe(96 - 32 - 2);
    expect(capacity.AvailableInstanceCapacity).toEqual(expect.arrayContaining([{ InstanceType: 'm5.8xlarge', TotalCapacity: 3, AvailableCapacity: 1 }, { InstanceType: 'm5.large', TotalCapacity: 48, AvailableCapacity: 31 }]));
  });

  it.each([
    [{ InstanceFamily: 'm5' }, 'InvalidParameterCombination'], [{ InstanceType: undefined }, 'MissingParameter'], [{ InstanceType: 'nonsense.large' }, 'InvalidParameterValue'], [{ InstanceType: 't1.micro' }, 'InvalidHostConfiguration'],
    [{ AvailabilityZone: 'us-east-1z' }, 'InvalidParameterValue'], [{ Quantity: 0 }, 'InvalidParameterValue'], [{ InstanceType: 'm7i.large', AvailabilityZone: 'us-east-1e' }, 'Unsupported'],
  ])('refuses %j', async (more, code) => {
    expect((await refusal(allocate(more))).code).toBe(code);
  });
});

describe('instances on hosts', () => {
  it('RunInstances: places on the named host, in its zone, until it is full', async () => {
    const id = await allocate({ InstanceType: 'm5.12xlarge', AvailabilityZone: 'us-east-1c' });
    const [one] = await run({ HostId: id }, { InstanceType: 'm5.12xlarge' });
    expect(one!.Placement).toMatchObject({ HostId: id, Tenancy: 'host', Affinity: 'default', AvailabilityZone: 'us-east-1c' });
    expect(await refusal(run({ HostId: id, Tenancy: 'host' }, { InstanceType: 'm5.12xlarge', MinCount: 2, MaxCount: 2 }))).toMatchObject({ code: 'InsufficientCapacityOnHost' });
    await run({ HostId: id, Tenancy: 'host' }, { InstanceType: 'm5.12xlarge' });
    expect((await seen(id)).AvailableCapacity).toMatchObject({ AvailableVCpus: 0, AvailableInstanceCapacity: [{ AvailableCapacity: 0, TotalCapacity: 2 }] });
    expect((await seen(id)).Instances).toHaveLength(2);
    expect((await go('DescribeInstances', { Filters: [{ Name: 'host-id', Values: [id] }] })).Reservations).toHaveLength(2);
  });

  it('RunInstances: places by itself where a host allows it', async () => {
    expect((await refusal(run({ Tenancy: 'host', AvailabilityZone: 'us-east-1d' }))).code).toBe('InsufficientCapacityOnHost');
    const closed = await allocate({ AvailabilityZone: 'us-east-1d' });
    expect((await refusal(run({ Tenancy: 'host', AvailabilityZone: 'us-east-1d' }))).code).toBe('InsufficientCapacityOnHost');
    await go('ModifyHosts', { HostIds: [closed], AutoPlacement: 'on' });
    expect((await run({ Tenancy: 'host', AvailabilityZone: 'us-east-1d' }))[0]!.Placement.HostId).toBe(closed);
  });

  it('RunInstances: refuses what does not fit together', async () => {
    const id = await allocate();
    expect((await refusal(run({ HostId: id, Tenancy: 'dedicated' }))).code).toBe('InvalidParameterCombination');
    expect((await refusal(run({ Affinity: 'host' }))).code).toBe('InvalidParameterCombination');
    expect((await refusal(run({ HostId: id }, { InstanceType: 'm5.xlarge' }))).code).toBe('InvalidHostConfiguration');
    expect((await refusal(run({ HostId: id, AvailabilityZone: 'us-east-1b' }))).code).toBe('InvalidParameterValue');
    expect((await refusal(run({ HostId: id }, { InstanceMarketOptions: { MarketType: 'spot' } }))).code).toBe('Unsupported');
    expect((await refusal(run({ HostId: 'h-00000000000000000' }))).message).toBe("The host ID 'h-00000000000000000' does not exist");
  });

  it('a stopped instance leaves its host, unless it is bound to it', async () => {
    const id = await allocate({ AutoPlacement: 'on', AvailabilityZone: 'us-east-1f' });
    const [free] = await run({ HostId: id, Tenancy: 'host' });
    const [bound] = await run({ HostId: id, Tenancy: 'host', Affinity: 'host' });
    await go('StopInstances', { InstanceIds: [free!.InstanceId, bound!.InstanceId] });
    expect((await instance(free!.InstanceId)).Placement.HostId).toBeUndefined();
    expect((await instance(bound!.InstanceId)).Placement).toMatchObject({ HostId: id, Affinity: 'host' });
    const other = await allocate({ AutoPlacement: 'on', AvailabilityZone: 'us-east-1f' });
    expect((await go('ReleaseHosts', { HostIds: [id] })).Unsuccessful).toEqual([{ ResourceId: id, Error: { Code: 'Client.InvalidHost.Occupied', Message: `Dedicated host '${id}' cannot be released as it is occupied.` } }]);
    await go('TerminateInstances', { InstanceIds: [bound!.InstanceId] });
    await go('DescribeHosts');
    expect((await go('ReleaseHosts', { HostIds: [id] })).Successful).toEqual([id]);
    await go('StartInstances', { InstanceIds: [free!.InstanceId] });
    expect((await instance(free!.InstanceId)).Placement.HostId).toBe(other);
  });

  it('ModifyInstancePlacement: the affinity may change at any time, the host and the tenancy while the instance is stopped', async () => {
    const [first, second] = [await allocate(), await allocate()];
    const InstanceId = (await run({ Tenancy: 'host', HostId: first }))[0]!.InstanceId;
    const modify = (change: Record<string, unknown>) => go('ModifyInstancePlacement', { InstanceId, ...change });
    const placement = async () => (await instance(InstanceId)).Placement;
    await placement();
    expect(await modify({ Affinity: 'host' })).toMatchObject({ Return: true });
    expect((await refused('ModifyInstancePlacement', { InstanceId, HostId: second })).code).toBe('IncorrectInstanceState');
    await go('StopInstances', { InstanceIds: [InstanceId] });
    expect(await placement()).toMatchObject({ HostId: first, Affinity: 'host' });
    await modify({ Affinity: 'default' });
    expect(await placement()).not.toHaveProperty('HostId');
    await modify({ HostId: second, Affinity: 'host' });
    await go('StartInstances', { InstanceIds: [InstanceId] });
    expect(await placement()).toMatchObject({ Tenancy: 'host', HostId: second, Affinity: 'host' });
    await go('StopInstances', { InstanceIds: [InstanceId] });
    await placement();
    await modify({ Tenancy: 'dedicated' });
    const moved = await placement();
    expect(moved.Tenancy).toBe('dedicated');
    for (const member of ['HostId', 'Affinity']) expect(moved).not.toHaveProperty(member);
    expect((await refused('ModifyInstancePlacement', { InstanceId, HostId: first })).code).toBe('InvalidParameterCombination');
    await modify({ Tenancy: 'host', HostId: first });
    expect(await placement()).toMatchObject({ Tenancy: 'host', HostId: first, Affinity: 'default' });
  });

  it.each([
    [{ Affinity: 'host' }, {}, 'InvalidParameterCombination'], [{ HostId: 'h-00000000000000000' }, { Tenancy: 'host' }, 'InvalidHostID.NotFound'], [{ Tenancy: 'default' }, { Tenancy: 'host' }, 'InvalidRequest'],
  ])('ModifyInstancePlacement: refuses %j of an instance with %j', async (change, place, code) => {
    const HostId = await allocate();
    const InstanceId = (await run('Tenancy' in place ? { ...place, HostId } : {}))[0]!.InstanceId;
    await instance(InstanceId);
    await go('StopInstances', { InstanceIds: [InstanceId] });
    await instance(InstanceId);
    expect((await refused('ModifyInstancePlacement', { InstanceId, ...change })).code).toBe(code);
  });
});

describe('a host in its life', () => {
  it('ModifyHosts: changes settings, and what an empty host is for', async () => {
    const id = await allocate();
    expect((await go('ModifyHosts', { HostIds: [id, 'h-00000000000000000'], HostRecovery: 'on', HostMaintenance: 'off', InstanceFamily: 'm5' }))).toMatchObject({ Successful: [id], Unsuccessful: [{ ResourceId: 'h-00000000000000000', Error: { Code: 'Client.InvalidHostID.NotFound' } }] });
    expect(await seen(id)).toMatchObject({ HostRecovery: 'on', HostMaintenance: 'off', HostProperties: { InstanceFamily: 'm5' }, AllowsMultipleInstanceTypes: 'on' });
    await run({ HostId: id });
    expect((await go('ModifyHosts', { HostIds: [id], InstanceType: 'm5.large' })).Unsuccessful[0].Error.Code).toBe('Client.InvalidHost.Occupied');
    expect((await go('ModifyHosts', { HostIds: [id], InstanceFamily: 'c5' })).Unsuccessful[0].Error.Code).toBe('Client.InvalidHostConfiguration');
  });

  it('ReleaseHosts: releases, and it is forgotten an hour later', async () => {
    const id = await allocate();
    await go('ReleaseHosts', { HostIds: [id] });
    expect(await seen(id)).toMatchObject({ State: 'released', ReleaseTime: expect.any(Date) });
    expect((await go('ReleaseHosts', { HostIds: [id] })).Unsuccessful[0].Error.Code).toBe('Client.InvalidHostID.NotFound');
    fb.machine.clock.advance(HOUR);
    expect((await refused('DescribeHosts', { HostIds: [id] })).code).toBe('InvalidHostID.NotFound');
  });

  it('a Mac host stays for a day at least, and has its versions of macOS', async () => {
    const zone = (await go('DescribeInstanceTypeOfferings', { LocationType: 'availability-zone', Filters: [{ Name: 'instance-type', Values: ['mac2.metal'] }] })).InstanceTypeOfferings[0].Location;
    const id = await allocate({ InstanceType: 'mac2.metal', AvailabilityZone: zone });
    expect((await go('DescribeMacHosts')).MacHosts).toEqual([{ HostId: id, MacOSLatestSupportedVersions: expect.arrayContaining(['14.8.1']) }]);
    expect((await go('DescribeMacHosts', { Filters: [{ Name: 'instance-type', Values: ['mac1.metal'] }] })).MacHosts).toEqual([]);
    expect((await go('ReleaseHosts', { HostIds: [id] })).Unsuccessful[0].Error.Code).toBe('Client.HostMinAllocationPeriodUnexpired');
    fb.machine.clock.advance(24 * HOUR);
    expect((await go('ReleaseHosts', { HostIds: [id] })).Successful).toEqual([id]);
  });
});

describe('host reservations', () => {
  const YEAR = 31_536_000;
  const offering = async (family: string, option = 'PartialUpfront') => (await go('DescribeHostReservationOfferings', { Filter: [{ Name: 'instance-family', Values: [family] }, { Name: 'payment-option', Values: [option] }], MaxDuration: YEAR })).OfferingSet;

  it('DescribeHostReservationOfferings: selects by family, payment and term', async () => {
    const [one, ...more] = await offering('m5');
    expect(more).toEqual([]);
    expect(one).toMatchObject({ InstanceFamily: 'm5', Duration: YEAR, PaymentOption: 'PartialUpfront', OfferingId: expect.stringMatching(/^hro-[0-9a-f]{17}$/) });
    expect((await go('DescribeHostReservationOfferings', { OfferingId: one.OfferingId })).OfferingSet).toEqual([one]);
    expect((await refused('DescribeHostReservationOfferings', { OfferingId: 'hro-00000000000000000' })).code).toBe('InvalidHostReservationOfferingID.NotFound');
    expect((await go('DescribeHostReservationOfferings', { MaxResults: 5 })).OfferingSet).toHaveLength(5);
  });

  it('are previewed, bought, active and retired; a reserved host stays', async () => {
    const [{ OfferingId, UpfrontPrice, HourlyPrice }] = await offering('m5');
    const HostIdSet = [await allocate(), await allocate()];
    const preview = await go('GetHostReservationPurchasePreview', { OfferingId, HostIdSet });
    expect(preview).toMatchObject({ TotalUpfrontPrice: (2 * Number(UpfrontPrice)).toFixed(3), TotalHourlyPrice: (2 * Number(HourlyPrice)).toFixed(3), Purchase: [{ HostIdSet, InstanceFamily: 'm5' }] });
    expect((await refused('PurchaseHostReservation', { OfferingId, HostIdSet, LimitPrice: '1', CurrencyCode: 'USD' })).code).toBe('InvalidLimitPrice');
    const { Purchase: [{ HostReservationId }] } = await go('PurchaseHostReservation', { OfferingId, HostIdSet });
    const reservation = async () => (await go('DescribeHostReservations', { HostReservationIdSet: [HostReservationId] })).HostReservationSet[0];
    expect(await reservation()).toMatchObject({ State: 'active', Count: 2, HostIdSet, OfferingId });
    expect((await seen(HostIdSet[0]!)).HostReservationId).toBe(HostReservationId);
    expect((await go('ReleaseHosts', { HostIds: [HostIdSet[0]] })).Unsuccessful[0].Error.Code).toBe('Client.InvalidHost.Reserved');
    expect((await refused('PurchaseHostReservation', { OfferingId, HostIdSet })).code).toBe('InvalidHost.Reserved');
    fb.machine.clock.advance(YEAR * 1000);
    expect((await reservation()).State).toBe('retired');
    expect((await go('ReleaseHosts', { HostIds: HostIdSet })).Successful).toEqual(HostIdSet);
  });

  it('are for hosts of their family only', async () => {
    const [{ OfferingId }] = await offering('c5');
    expect((await refused('GetHostReservationPurchasePreview', { OfferingId, HostIdSet: [await allocate()] })).code).toBe('InvalidHostConfiguration');
  });
});
