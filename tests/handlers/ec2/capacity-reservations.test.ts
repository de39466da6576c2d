import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { call } from '../../laws/samples/index.ts';
import { image } from '../../laws/samples/sample.ts';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';
import { as, type Caller } from '../../support/others.ts';

let fb: Fogbank;
let ImageId: string;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const go = (operation: string, input: Record<string, unknown> = {}) => call(fb, operation, input);
const refused = (operation: string, input: Record<string, unknown> = {}) => refusal(go(operation, input));
const wanted = { InstanceType: 'm5.large', InstancePlatform: 'Linux/UNIX', AvailabilityZone: 'us-east-1a', InstanceCount: 2 };
const reserve = async (more: Record<string, unknown> = {}) => (await go('CreateCapacityReservation', { ...wanted, ...more })).CapacityReservation;
const seen = async (id: string) => (await go('DescribeCapacityReservations', { CapacityReservationIds: [id] })).CapacityReservations[0];
const run = async (n: number, more: Record<string, unknown> = {}) => (await go('RunInstances', { ImageId, InstanceType: 'm5.large', MinCount: n, MaxCount: n, Placement: { AvailabilityZone: 'us-east-1a' }, ...more })).Instances as { InstanceId: string; CapacityReservationId?: string; CapacityReservationSpecification: object }[];
const target = (CapacityReservationId: string) => ({ CapacityReservationSpecification: { CapacityReservationTarget: { CapacityReservationId } } });
const instance = async (id: string) => (await go('DescribeInstances', { InstanceIds: [id] })).Reservations[0].Instances[0];
const at = (ms: number) => new Date(fb.machine.clock.now() + ms);

beforeAll(async () => {
  fb = await fogbank({ seed: 'reservations' });
  fb.machine.clock.hold();
  ImageId = await image(fb);
});

beforeEach(async () => {
  for (const { CapacityReservationId, State } of (await go('DescribeCapacityReservations')).CapacityReservations) if (State === 'active') await go('CancelCapacityReservation', { CapacityReservationId });
});

describe('CreateCapacityReservation', () => {
  it('reserves at once, for any matching instance', async () => {
    const made = await reserve({ TagSpecifications: [{ ResourceType: 'capacity-reservation', Tags: [{ Key: 'a', Value: 'b' }] }] });
    expect(made).toMatchObject({
      State: 'active', TotalInstanceCount: 2, AvailableInstanceCount: 2, InstanceMatchCriteria: 'open', EndDateType: 'unlimited', Tenancy: 'default', OwnerId: '123456789012', AvailabilityZone: 'us-east-1a', AvailabilityZoneId: expect.stringMatching(/^use1-az/),
      CapacityReservationArn: `arn:aws:ec2:us-east-1:123456789012:capacity-reservation/${made.CapacityReservationId}`, Tags: [{ Key: 'a', Value: 'b' }],
    });
  });

  it.each([
    [{ InstanceCount: 0 }, 'InvalidParameterValue'], [{ InstanceType: 'nonsense.large' }, 'InvalidParameterValue'], [{ AvailabilityZone: 'us-east-1z' }, 'InvalidParameterValue'], [{ AvailabilityZone: undefined }, 'MissingParameter'],
    [{ EndDateType: 'limited' }, 'InvalidParameterCombination'], [{ EndDateType: 'unlimited', EndDate: new Date(4e12) }, 'InvalidParameterCombination'], [{ EndDate: new Date(0) }, 'InvalidParameterValue'], [{ AvailabilityZoneId: 'use1-az1' }, 'InvalidParameterCombination'],
    [{ CommitmentDuration: 1_209_600 }, 'InvalidParameterCombination'], [{ InstanceType: 'm7i.large', AvailabilityZone: 'us-east-1e' }, 'Unsupported'],
  ])('refuses %j', async (more, code) => {
    expect((await refusal(reserve(more))).code).toBe(code);
  });

  it('expires at its end date, and its instances run on', async () => {
    const { CapacityReservationId } = await reserve({ EndDateType: 'limited', EndDate: at(2 * HOUR) });
    const [one] = await run(1);
    expect(one!.CapacityReservationId).toBe(CapacityReservationId);
    fb.machine.clock.advance(2 * HOUR);
    expect(await seen(CapacityReservationId)).toMatchObject({ State: 'expired', AvailableInstanceCount: 0 });
    expect(await instance(one!.InstanceId)).toMatchObject({ State: { Name: 'running' } });
    expect((await instance(one!.InstanceId)).CapacityReservationId).toBeUndefined();
    fb.machine.clock.advance(HOUR);
    expect(await refused('DescribeCapacityReservations', { CapacityReservationIds: [CapacityReservationId] })).toMatchObject({ code: 'InvalidCapacityReservationId.NotFound', message: `The capacity reservation ID '${CapacityReservationId}' does not exist` });
  });

  it('for later: is assessed, scheduled, active at its start, and committed', async () => {
    const later = { StartDate: at(10 * DAY), CommitmentDuration: 14 * 86_400, DeliveryPreference: 'incremental', InstanceMatchCriteria: 'targeted', InstanceCount: 16 };
    for (const wrong of [{ StartDate: at(DAY) }, { CommitmentDuration: 60 }, { InstanceCount: 2 }]) expect((await refusal(reserve({ ...later, ...wrong }))).code).toBe('InvalidParameterValue');
    expect((await refusal(reserve({ ...later, InstanceMatchCriteria: 'open' }))).code).toBe('InvalidParameterCombination');
    const made = await reserve(later);
    expect(made.State).toBe('assessing');
    expect((await seen(made.CapacityReservationId)).State).toBe('scheduled');
    expect((await refusal(run(1, target(made.CapacityReservationId)))).code).toBe('InvalidCapacityReservationState');
    fb.machine.clock.advance(10 * DAY);
    expect(await seen(made.CapacityReservationId)).toMatchObject({ State: 'active', CommitmentInfo: { CommittedInstanceCount: 16 } });
    expect((await refused('CancelCapacityReservation', { CapacityReservationId: made.CapacityReservationId })).code).toBe('UnsupportedOperation');
    expect((await refused('ModifyCapacityReservation', { CapacityReservationId: made.CapacityReservationId, InstanceCount: 2 })).code).toBe('InvalidParameterValue');
    fb.machine.clock.advance(14 * DAY);
    await go('CancelCapacityReservation', { CapacityReservationId: made.CapacityReservationId });
  });
});

describe('instances and reservations', () => {
  it('an open reservation takes matching instances until it is full; the others run outside', async () => {
    const { CapacityReservationId } = await reserve();
    const made = await run(3);
    expect(made.map((i) => i.CapacityReservationId)).toEqual([CapacityReservationId, CapacityReservationId, undefined]);
    expect(await seen(CapacityReservationId)).toMatchObject({ TotalInstanceCount: 2, AvailableInstanceCount: 0 });
    expect(await go('GetCapacityReservationUsage', { CapacityReservationId })).toMatchObject({ TotalInstanceCount: 2, AvailableInstanceCount: 0, State: 'active', InstanceUsages: [{ AccountId: '123456789012', UsedInstanceCount: 2 }] });
    await go('TerminateInstances', { InstanceIds: [made[0]!.InstanceId] });
    expect((await seen(CapacityReservationId)).AvailableInstanceCount).toBe(1);
  });

  it('takes no instance that differs or does not want it', async () => {
    const { CapacityReservationId } = await reserve();
    for (const more of [{ InstanceType: 'm5.xlarge' }, { Placement: { AvailabilityZone: 'us-east-1b' } }, { Placement: { AvailabilityZone: 'us-east-1a', Tenancy: 'dedicated' } }, { CapacityReservationSpecification: { CapacityReservationPreference: 'none' } }, { InstanceMarketOptions: { MarketType: 'spot' } }]) {
      expect((await run(1, more))[0]!.CapacityReservationId).toBeUndefined();
    }
    expect((await seen(CapacityReservationId)).AvailableInstanceCount).toBe(2);
  });

  it('a targeted one takes only who names it, and as many as it has room for', async () => {
    const { CapacityReservationId } = await reserve({ InstanceMatchCriteria: 'targeted' });
    expect((await run(1))[0]!.CapacityReservationId).toBeUndefined();
    const [one] = await run(1, target(CapacityReservationId));
    expect(one).toMatchObject({ CapacityReservationId, CapacityReservationSpecification: { CapacityReservationTarget: { CapacityReservationId } } });
    expect(await refusal(run(2, target(CapacityReservationId)))).toMatchObject({ code: 'ReservationCapacityExceeded' });
    expect((await refusal(run(1, { ...target(CapacityReservationId), InstanceType: 'm5.xlarge' }))).code).toBe('ReservationCapacityExceeded');
    expect((await refusal(run(1, target('cr-00000000000000000')))).code).toBe('InvalidCapacityReservationId.NotFound');
  });

  it('capacity-reservations-only is refused where none has room', async () => {
    const only = { CapacityReservationSpecification: { CapacityReservationPreference: 'capacity-reservations-only' } };
    expect((await refusal(run(1, only))).code).toBe('ReservationCapacityExceeded');
    const { CapacityReservationId } = await reserve();
    expect((await run(1, only))[0]!.CapacityReservationId).toBe(CapacityReservationId);
  });

  it('a stopped instance gives its place back and takes one when it starts', async () => {
    const { CapacityReservationId } = await reserve({ InstanceCount: 1 });
    const [one] = await run(1);
    await go('StopInstances', { InstanceIds: [one!.InstanceId] });
    expect((await seen(CapacityReservationId)).AvailableInstanceCount).toBe(1);
    expect((await instance(one!.InstanceId)).CapacityReservationId).toBeUndefined();
    await go('StartInstances', { InstanceIds: [one!.InstanceId] });
    expect((await instance(one!.InstanceId)).CapacityReservationId).toBe(CapacityReservationId);
  });
});

describe('changes', () => {
  it('ModifyCapacityReservation: changes count, end and criteria, and not below what is used', async () => {
    const { CapacityReservationId } = await reserve();
    await run(2);
    expect((await refused('ModifyCapacityReservation', { CapacityReservationId, InstanceCount: 1 })).code).toBe('InvalidParameterValue');
    await go('ModifyCapacityReservation', { CapacityReservationId, InstanceCount: 5, EndDateType: 'limited', EndDate: at(HOUR), InstanceMatchCriteria: 'targeted' });
    expect(await seen(CapacityReservationId)).toMatchObject({ TotalInstanceCount: 5, AvailableInstanceCount: 3, EndDateType: 'limited', InstanceMatchCriteria: 'targeted' });
    await go('ModifyCapacityReservation', { CapacityReservationId, EndDateType: 'unlimited' });
    fb.machine.clock.advance(2 * HOUR);
    expect(await seen(CapacityReservationId)).toMatchObject({ State: 'active', EndDateType: 'unlimited' });
    await go('CancelCapacityReservation', { CapacityReservationId });
    expect((await seen(CapacityReservationId)).State).toBe('cancelled');
    expect((await refused('ModifyCapacityReservation', { CapacityReservationId, InstanceCount: 1 })).code).toBe('InvalidCapacityReservationState');
    expect((await refused('CancelCapacityReservation', { CapacityReservationId })).code).toBe('InvalidCapacityReservationState');
  });

  it('CreateCapacityReservationBySplitting: takes free capacity first, then running instances of an open one', async () => {
    const source = (await reserve({ InstanceCount: 4 })).CapacityReservationId;
    const ran = await run(3);
    expect((await refused('CreateCapacityReservationBySplitting', { SourceCapacityReservationId: source, InstanceCount: 4 })).code).toBe('InvalidParameterValue');
    const { SourceCapacityReservation, DestinationCapacityReservation, InstanceCount } = await go('CreateCapacityReservationBySplitting', { SourceCapacityReservationId: source, InstanceCount: 2 });
    expect(InstanceCount).toBe(2);
    expect(SourceCapacityReservation).toMatchObject({ CapacityReservationId: source, TotalInstanceCount: 2, AvailableInstanceCount: 0 });
    expect(DestinationCapacityReservation).toMatchObject({ TotalInstanceCount: 2, AvailableInstanceCount: 1, InstanceType: 'm5.large' });
    expect((await instance(ran[0]!.InstanceId)).CapacityReservationId).toBe(DestinationCapacityReservation.CapacityReservationId);
  });

  it('MoveCapacityReservationInstances: is between reservations alike; the emptied one is cancelled', async () => {
    const [from, to, other] = [await reserve(), await reserve(), await reserve({ InstanceType: 'c5.large' })].map((r) => r.CapacityReservationId);
    expect((await refused('MoveCapacityReservationInstances', { SourceCapacityReservationId: from, DestinationCapacityReservationId: other, InstanceCount: 1 })).message).toBe('The source and the destination Capacity Reservation must have the same InstanceType.');
    await go('MoveCapacityReservationInstances', { SourceCapacityReservationId: from, DestinationCapacityReservationId: to, InstanceCount: 2 });
    expect((await seen(from)).State).toBe('cancelled');
    expect(await seen(to)).toMatchObject({ TotalInstanceCount: 4, AvailableInstanceCount: 4 });
  });

  it('GetGroupsForCapacityReservation: there are none', async () => {
    const { CapacityReservationId } = await reserve();
    expect((await go('GetGroupsForCapacityReservation', { CapacityReservationId })).CapacityReservationGroups).toEqual([]);
  });
});

describe('billing ownership', () => {
  let other: Caller;
  const UnusedReservationBillingOwnerId = '999999999999';
  beforeAll(() => void (other = as(fb, { accessKeyId: UnusedReservationBillingOwnerId })));
  const requests = async (caller: Caller, Role: string, id: string) => (await caller.go('DescribeCapacityReservationBillingRequests', { Role, CapacityReservationIds: [id] })).CapacityReservationBillingRequests;

  it('is asked for, accepted by the other account, and revoked', async () => {
    const { CapacityReservationId } = await reserve();
    await go('AssociateCapacityReservationBillingOwner', { CapacityReservationId, UnusedReservationBillingOwnerId });
    expect(await requests(other, 'unused-reservation-billing-owner', CapacityReservationId)).toMatchObject([{ Status: 'pending', RequestedBy: '123456789012', UnusedReservationBillingOwnerId, CapacityReservationInfo: { InstanceType: 'm5.large', AvailabilityZone: 'us-east-1a' } }]);
    expect((await refused('AcceptCapacityReservationBillingOwnership', { CapacityReservationId })).code).toBe('InvalidCapacityReservationBillingRequest.NotFound');
    await other.go('AcceptCapacityReservationBillingOwnership', { CapacityReservationId });
    expect((await seen(CapacityReservationId)).UnusedReservationBillingOwnerId).toBe(UnusedReservationBillingOwnerId);
    expect((await refused('AssociateCapacityReservationBillingOwner', { CapacityReservationId, UnusedReservationBillingOwnerId })).code).toBe('IncorrectState');
    await go('DisassociateCapacityReservationBillingOwner', { CapacityReservationId, UnusedReservationBillingOwnerId });
    expect((await seen(CapacityReservationId)).UnusedReservationBillingOwnerId).toBeUndefined();
    expect((await requests(as(fb), 'odcr-owner', CapacityReservationId))[0].Status).toBe('revoked');
  });

  it('is rejected, cancelled, or expires after twelve hours', async () => {
    const { CapacityReservationId } = await reserve();
    const ask = () => go('AssociateCapacityReservationBillingOwner', { CapacityReservationId, UnusedReservationBillingOwnerId });
    const status = async () => (await requests(as(fb), 'odcr-owner', CapacityReservationId))[0].Status;
    await ask();
    await other.go('RejectCapacityReservationBillingOwnership', { CapacityReservationId });
    expect(await status()).toBe('rejected');
    await ask();
    await go('DisassociateCapacityReservationBillingOwner', { CapacityReservationId, UnusedReservationBillingOwnerId });
    expect(await status()).toBe('cancelled');
    await ask();
    fb.machine.clock.advance(12 * HOUR);
    expect(await status()).toBe('expired');
  });
});

describe('fleets of reservations', () => {
  const specifications = [
    { InstanceType: 'm5.2xlarge', InstancePlatform: 'Linux/UNIX', Weight: 4, AvailabilityZone: 'us-east-1a', Priority: 1 }, { InstanceType: 'm5.large', InstancePlatform: 'Linux/UNIX', Weight: 1, AvailabilityZone: 'us-east-1b', Priority: 2 },
  ];
  const create = (more: Record<string, unknown> = {}) => go('CreateCapacityReservationFleet', { TotalTargetCapacity: 10, InstanceTypeSpecifications: specifications, ...more });
  const fleet = async (id: string) => (await go('DescribeCapacityReservationFleets', { CapacityReservationFleetIds: [id] })).CapacityReservationFleets[0];

  it('reserve the first type as often as its weight needs, and name their reservations', async () => {
    const made = await create({ TagSpecifications: [{ ResourceType: 'capacity-reservation-fleet', Tags: [{ Key: 'a', Value: 'b' }] }] });
    expect(made).toMatchObject({ State: 'submitted', TotalTargetCapacity: 10, TotalFulfilledCapacity: 12, FleetCapacityReservations: [{ InstanceType: 'm5.2xlarge', TotalInstanceCount: 3, FulfilledCapacity: 12, Weight: 4 }] });
    expect(await fleet(made.CapacityReservationFleetId)).toMatchObject({ State: 'active', TotalFulfilledCapacity: 12 });
    const id = made.FleetCapacityReservations[0].CapacityReservationId;
    expect(await seen(id)).toMatchObject({ CapacityReservationFleetId: made.CapacityReservationFleetId, State: 'active', Tags: [{ Key: 'a', Value: 'b' }] });
    expect((await refused('ModifyCapacityReservation', { CapacityReservationId: id, InstanceCount: 1 })).code).toBe('UnsupportedOperation');
    const { SuccessfulFleetCancellations } = await go('CancelCapacityReservationFleets', { CapacityReservationFleetIds: [made.CapacityReservationFleetId] });
    expect(SuccessfulFleetCancellations).toEqual([{ CapacityReservationFleetId: made.CapacityReservationFleetId, PreviousFleetState: 'active', CurrentFleetState: 'cancelling' }]);
    expect((await fleet(made.CapacityReservationFleetId)).State).toBe('cancelled');
    expect((await seen(id)).State).toBe('cancelled');
    expect((await go('CancelCapacityReservationFleets', { CapacityReservationFleetIds: ['crf-00000000000000000'] })).FailedFleetCancellations[0].CancelCapacityReservationFleetError.Code).toBe('InvalidCapacityReservationFleetId.NotFound');
  });

  it('take the next type where the first has no capacity, and are partially fulfilled where nothing is left', async () => {
    const fault = fb.machine.world.faults.add({ match: { operation: 'CreateCapacityReservation', zone: 'us-east-1a' }, effect: { error: 'InsufficientInstanceCapacity' } });
    expect((await create()).FleetCapacityReservations).toMatchObject([{ InstanceType: 'm5.large', TotalInstanceCount: 10 }]);
    const none = await create({ InstanceTypeSpecifications: [specifications[0]] });
    expect((await fleet(none.CapacityReservationFleetId)).State).toBe('failed');
    fb.machine.world.faults.remove(fault.id);
  });

  it('ModifyCapacityReservationFleet: grows, shrinks, and ends when it says', async () => {
    const { CapacityReservationFleetId } = await create({ InstanceTypeSpecifications: [specifications[1]] });
    await go('ModifyCapacityReservationFleet', { CapacityReservationFleetId, TotalTargetCapacity: 14, EndDate: at(HOUR) });
    expect(await fleet(CapacityReservationFleetId)).toMatchObject({ State: 'active', TotalFulfilledCapacity: 14 });
    await go('ModifyCapacityReservationFleet', { CapacityReservationFleetId, TotalTargetCapacity: 3 });
    expect(await fleet(CapacityReservationFleetId)).toMatchObject({ TotalFulfilledCapacity: 3 });
    fb.machine.clock.advance(HOUR);
    expect((await fleet(CapacityReservationFleetId)).State).toBe('expired');
  });
});

describe('DescribeCapacityReservationTopology', () => {
  it('tells the nodes of types that have a topology', async () => {
    const zone = (await go('DescribeInstanceTypeOfferings', { LocationType: 'availability-zone', Filters: [{ Name: 'instance-type', Values: ['p4d.24xlarge'] }] })).InstanceTypeOfferings[0].Location;
    const { CapacityReservationId } = await reserve({ InstanceType: 'p4d.24xlarge', AvailabilityZone: zone });
    await reserve();
    const { CapacityReservations } = await go('DescribeCapacityReservationTopology');
    expect(CapacityReservations).toMatchObject([{ CapacityReservationId, InstanceType: 'p4d.24xlarge', State: 'active', AvailabilityZone: zone, NetworkNodes: [expect.stringMatching(/^nn-[0-9a-f]{17}$/), expect.any(String), expect.any(String)] }]);
  });
});

describe('capacity blocks', () => {
  const ask = { InstanceType: 'p5.48xlarge', InstanceCount: 2, CapacityDurationHours: 48 };
  const offerings = async (more: Record<string, unknown> = {}) => (await go('DescribeCapacityBlockOfferings', { ...ask, ...more })).CapacityBlockOfferings;

  it('DescribeCapacityBlockOfferings: offers the earliest of each zone, from 11:30 to 11:30', async () => {
    const [one] = await offerings();
    expect(one).toMatchObject({ InstanceType: 'p5.48xlarge', InstanceCount: 2, CapacityBlockDurationHours: 48, CurrencyCode: 'USD', Tenancy: 'default' });
    expect(one.StartDate.toISOString()).toMatch(/T11:30:00/);
    expect(one.EndDate.getTime() - one.StartDate.getTime()).toBe(2 * DAY);
    expect(await offerings()).toEqual(expect.arrayContaining([one]));
    expect(await offerings({ EndDateRange: at(HOUR) })).toEqual([]);
    for (const wrong of [{ CapacityDurationHours: 30 }, { CapacityDurationHours: 15 * 24 }, { InstanceCount: 65 }, { InstanceType: 'm5.large' }]) expect((await refused('DescribeCapacityBlockOfferings', { ...ask, ...wrong })).code).toBe('InvalidParameterValue');
  });

  it('are bought, scheduled, used by instances that target them, and cleared half an hour before their end', async () => {
    const [{ CapacityBlockOfferingId, StartDate, EndDate, AvailabilityZone }] = await offerings();
    const { CapacityReservation, CapacityBlocks: [{ CapacityBlockId }] } = await go('PurchaseCapacityBlock', { CapacityBlockOfferingId, InstancePlatform: 'Linux/UNIX', TagSpecifications: [{ ResourceType: 'capacity-block', Tags: [{ Key: 'a', Value: 'b' }] }] });
    const { CapacityReservationId } = CapacityReservation;
    expect(CapacityReservation).toMatchObject({ State: 'payment-pending', ReservationType: 'capacity-block', CapacityBlockId, InstanceMatchCriteria: 'targeted', EndDateType: 'limited' });
    const block = async () => (await go('DescribeCapacityBlocks', { CapacityBlockIds: [CapacityBlockId] })).CapacityBlocks[0];
    expect(await block()).toMatchObject({ State: 'scheduled', CapacityReservationIds: [CapacityReservationId], Tags: [{ Key: 'a', Value: 'b' }] });
    expect((await refused('CancelCapacityReservation', { CapacityReservationId })).code).toBe('UnsupportedOperation');
    fb.machine.clock.advance(StartDate.getTime() - fb.machine.clock.now());
    expect(await block()).toMatchObject({ State: 'active' });
    const launch = { InstanceType: 'p5.48xlarge', Placement: { AvailabilityZone } };
    expect((await refusal(run(1, { ...launch, ...target(CapacityReservationId) }))).code).toBe('InvalidParameterCombination');
    expect((await refusal(run(1, { ...launch, InstanceMarketOptions: { MarketType: 'capacity-block' } }))).code).toBe('InvalidParameterCombination');
    const [one] = await run(1, { ...launch, ...target(CapacityReservationId), InstanceMarketOptions: { MarketType: 'capacity-block' } });
    expect(await instance(one!.InstanceId)).toMatchObject({ InstanceLifecycle: 'capacity-block', CapacityReservationId });
    expect((await go('DescribeCapacityBlockStatus', { CapacityBlockIds: [CapacityBlockId] })).CapacityBlockStatuses).toMatchObject([{ TotalCapacity: 2, TotalAvailableCapacity: 1, TotalUnavailableCapacity: 1, InterconnectStatus: 'ok' }]);
    fb.machine.clock.advance(EndDate.getTime() - HOUR / 2 - fb.machine.clock.now());
    expect((await instance(one!.InstanceId)).State.Name).toMatch(/shutting-down|terminated/);
    expect((await block()).State).toBe('active');
    fb.machine.clock.advance(HOUR / 2);
    expect((await block()).State).toBe('expired');
    expect((await refused('PurchaseCapacityBlock', { CapacityBlockOfferingId, InstancePlatform: 'Linux/UNIX' })).code).toBe('InvalidCapacityBlockOfferingId.NotFound');
  });
});
