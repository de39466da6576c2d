import { beforeAll, describe, expect, it } from 'vitest';
import { matches } from '../../../handlers/ec2/fleets/instance-requirements.ts';
import { call } from '../../laws/samples/index.ts';
import { image } from '../../laws/samples/sample.ts';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

let fb: Fogbank;
let LaunchTemplateId: string;
const MINUTE = 60_000;
const go = (operation: string, input: Record<string, unknown> = {}) => call(fb, operation, input);
const refused = (operation: string, input: Record<string, unknown> = {}) => refusal(go(operation, input));

const template = async (name: string, LaunchTemplateData: Record<string, unknown>) => (await go('CreateLaunchTemplate', { LaunchTemplateName: name, LaunchTemplateData })).LaunchTemplate.LaunchTemplateId as string;
const configs = (...Overrides: Record<string, unknown>[]) => [{ LaunchTemplateSpecification: { LaunchTemplateId, Version: '$Latest' }, Overrides }];
const create = (TargetCapacitySpecification: Record<string, unknown>, overrides: Record<string, unknown>[], more: Record<string, unknown> = {}) => go('CreateFleet', { LaunchTemplateConfigs: configs(...overrides), TargetCapacitySpecification, ...more });
const seen = async (id: string) => (await go('DescribeFleets', { FleetIds: [id] })).Fleets[0];
const active = async (FleetId: string) => (await go('DescribeFleetInstances', { FleetId })).ActiveInstances as { InstanceId: string; InstanceType: string; SpotInstanceRequestId?: string }[];
const instance = async (id: string) => (await go('DescribeInstances', { InstanceIds: [id] })).Reservations[0].Instances[0];
const types = (list: readonly { InstanceType: string }[]) => list.map((i) => i.InstanceType).sort();
const spot = (n: number) => ({ TotalTargetCapacity: n, DefaultTargetCapacityType: 'spot' });
const onDemand = (n: number) => ({ TotalTargetCapacity: n, DefaultTargetCapacityType: 'on-demand' });
const kept = async (n: number, market: (n: number) => object, overrides: Record<string, unknown>[], more: Record<string, unknown> = {}) => (await create(market(n) as never, overrides, more)).FleetId as string;

beforeAll(async () => {
  fb = await fogbank({ seed: 'fleets' });
  fb.machine.clock.hold();
  LaunchTemplateId = await template('web', { ImageId: await image(fb), InstanceType: 'm5.large', TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Tier', Value: 'web' }] }] });
});

describe('a maintained fleet', () => {
  it('is submitted, then active and fulfilled by instances that carry its id', async () => {
    const { FleetId, Instances = [] } = await create(spot(2), [{ InstanceType: 'm5.large' }, { InstanceType: 'c5.large' }], { TagSpecifications: [{ ResourceType: 'fleet', Tags: [{ Key: 'a', Value: 'b' }] }] });
    expect(FleetId).toMatch(/^fleet-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(Instances).toEqual([]);
    const fleet = await seen(FleetId);
    expect(fleet).toMatchObject({
      FleetState: 'active', ActivityStatus: 'fulfilled', FulfilledCapacity: 2, FulfilledOnDemandCapacity: 0, Type: 'maintain', ExcessCapacityTerminationPolicy: 'termination', Tags: [{ Key: 'a', Value: 'b' }],
      TargetCapacitySpecification: { TotalTargetCapacity: 2, OnDemandTargetCapacity: 0, SpotTargetCapacity: 2, DefaultTargetCapacityType: 'spot' }, SpotOptions: { AllocationStrategy: 'lowestPrice', InstancePoolsToUseCount: 1 }, OnDemandOptions: { AllocationStrategy: 'lowestPrice' },
    });
    for (const { InstanceId, SpotInstanceRequestId } of await active(FleetId)) {
      expect(await instance(InstanceId)).toMatchObject({ InstanceLifecycle: 'spot', SpotInstanceRequestId, Tags: expect.arrayContaining([{ Key: 'aws:ec2:fleet-id', Value: FleetId }, { Key: 'Tier', Value: 'web' }]) });
    }
  });

  it('replaces what is terminated', async () => {
    const id = await kept(2, onDemand, [{ InstanceType: 'm5.large' }]);
    const before = await active(id);
    await go('TerminateInstances', { InstanceIds: [before[0]!.InstanceId] });
    const after = await active(id);
    expect(after).toHaveLength(2);
    expect(after.map((i) => i.InstanceId)).toContain(before[1]!.InstanceId);
    expect(after.map((i) => i.InstanceId)).not.toContain(before[0]!.InstanceId);
    const { HistoryRecords } = await go('DescribeFleetHistory', { FleetId: id, StartTime: new Date(fb.machine.clock.now() - MINUTE) });
    const subTypes = HistoryRecords.map((r: { EventType: string; EventInformation: { EventSubType: string } }) => `${r.EventType} ${r.EventInformation.EventSubType}`);
    expect(subTypes).toEqual(['fleet-change submitted', 'fleet-change active', 'instance-change launched', 'instance-change launched', 'fleet-change progress', 'instance-change terminated', 'instance-change launched']);
    expect((await go('DescribeFleetHistory', { FleetId: id, StartTime: new Date(fb.machine.clock.now() - MINUTE), EventType: 'instance-change', MaxResults: 2 })).HistoryRecords).toHaveLength(2);
  });

  it('replaces once a minute what dies again and again', async () => {
    const id = await kept(1, onDemand, [{ InstanceType: 'm5.large' }]);
    for (let n = 0; n < 4; n++) await go('TerminateInstances', { InstanceIds: (await active(id)).map((i) => i.InstanceId) });
    expect(await active(id)).toEqual([]);
    fb.machine.clock.advance(MINUTE);
    expect(await active(id)).toHaveLength(1);
  });

  it('ModifyFleet: grows, shrinks, and keeps what is too much where it must not end it', async () => {
    const id = await kept(1, spot, [{ InstanceType: 'm5.large' }]);
    await go('ModifyFleet', { FleetId: id, TargetCapacitySpecification: { TotalTargetCapacity: 4 } });
    expect(await seen(id)).toMatchObject({ FleetState: 'active', FulfilledCapacity: 4, TargetCapacitySpecification: { SpotTargetCapacity: 4, DefaultTargetCapacityType: 'spot' } });
    await go('ModifyFleet', { FleetId: id, TargetCapacitySpecification: { TotalTargetCapacity: 2 } });
    expect(await active(id)).toHaveLength(2);
    await go('ModifyFleet', { FleetId: id, TargetCapacitySpecification: { TotalTargetCapacity: 1 }, ExcessCapacityTerminationPolicy: 'no-termination' });
    expect(await active(id)).toHaveLength(2);
  });

  it('spreads over the two markets as it is told', async () => {
    const id = await kept(5, () => ({ TotalTargetCapacity: 5, OnDemandTargetCapacity: 2, SpotTargetCapacity: 2, DefaultTargetCapacityType: 'spot' }), [{ InstanceType: 'm5.large' }]);
    expect(await seen(id)).toMatchObject({ FulfilledCapacity: 5, FulfilledOnDemandCapacity: 2, TargetCapacitySpecification: { OnDemandTargetCapacity: 2, SpotTargetCapacity: 3 } });
  });

  it('counts weights: as many units as the target, at least', async () => {
    const id = await kept(10, onDemand, [{ InstanceType: 'm5.xlarge', WeightedCapacity: 4 }]);
    expect(await seen(id)).toMatchObject({ FulfilledCapacity: 12 });
    expect(await active(id)).toHaveLength(3);
  });

  it('takes another pool where a zone has no capacity, and waits where none has', async () => {
    const fault = fb.machine.world.faults.add({ match: { operation: 'RunInstances', zone: 'us-east-1a' }, effect: { error: 'InsufficientInstanceCapacity' } });
    const id = await kept(1, onDemand, [{ InstanceType: 'm5.large', AvailabilityZone: 'us-east-1a', Priority: 0 }, { InstanceType: 'm5.large', AvailabilityZone: 'us-east-1b', Priority: 1 }], { OnDemandOptions: { AllocationStrategy: 'prioritized' } });
    expect((await instance((await active(id))[0]!.InstanceId)).Placement.AvailabilityZone).toBe('us-east-1b');
    const waiting = await kept(1, onDemand, [{ InstanceType: 'm5.large', AvailabilityZone: 'us-east-1a' }]);
    expect(await seen(waiting)).toMatchObject({ FleetState: 'active', ActivityStatus: 'error', FulfilledCapacity: 0 });
    fb.machine.world.faults.remove(fault.id);
    fb.machine.clock.advance(MINUTE);
    expect(await seen(waiting)).toMatchObject({ ActivityStatus: 'fulfilled', FulfilledCapacity: 1 });
  });

  it('begins at ValidFrom and ends at ValidUntil, with its instances where it says so', async () => {
    const now = fb.machine.clock.now();
    const id = await kept(1, onDemand, [{ InstanceType: 'm5.large' }], { ValidFrom: new Date(now + 10 * MINUTE), ValidUntil: new Date(now + 20 * MINUTE), TerminateInstancesWithExpiration: true });
    expect(await seen(id)).toMatchObject({ FleetState: 'submitted', FulfilledCapacity: 0 });
    fb.machine.clock.advance(10 * MINUTE);
    const [running] = await active(id);
    fb.machine.clock.advance(10 * MINUTE);
    expect((await seen(id)).FleetState).toMatch(/^deleted/);
    expect((await instance(running!.InstanceId)).State.Name).toMatch(/shutting-down|terminated/);
  });

  it('DeleteFleets: lets instances run or ends them, and tells what it cannot delete', async () => {
    const [runs, ends] = [await kept(1, onDemand, [{ InstanceType: 'm5.large' }]), await kept(1, onDemand, [{ InstanceType: 'm5.large' }])];
    const [one] = await active(runs);
    const [other] = await active(ends);
    expect(await go('DeleteFleets', { FleetIds: [runs, 'fleet-1', 'fleet-00000000-0000-4000-8000-000000000000'], TerminateInstances: false })).toMatchObject({
      SuccessfulFleetDeletions: [{ FleetId: runs, PreviousFleetState: 'active', CurrentFleetState: 'deleted_running' }],
      UnsuccessfulFleetDeletions: [{ FleetId: 'fleet-1', Error: { Code: 'fleetIdMalformed' } }, { Error: { Code: 'fleetIdDoesNotExist', Message: "The fleet ID 'fleet-00000000-0000-4000-8000-000000000000' does not exist." } }],
    });
    expect((await seen(runs)).FleetState).toBe('deleted_running');
    await go('TerminateInstances', { InstanceIds: [one!.InstanceId] });
    expect((await seen(runs)).FleetState).toBe('deleted');
    const twice = await kept(1, onDemand, [{ InstanceType: 'm5.large' }]);
    const [last] = await active(twice);
    for (const [TerminateInstances, CurrentFleetState] of [[false, 'deleted_running'], [true, 'deleted_terminating']]) expect((await go('DeleteFleets', { FleetIds: [twice], TerminateInstances })).SuccessfulFleetDeletions).toMatchObject([{ CurrentFleetState }]);
    expect((await instance(last!.InstanceId)).State.Name).toMatch(/shutting-down|terminated/);
    expect((await go('DeleteFleets', { FleetIds: [ends], TerminateInstances: true })).SuccessfulFleetDeletions[0].CurrentFleetState).toBe('deleted_terminating');
    expect((await instance(other!.InstanceId)).State.Name).toMatch(/shutting-down|terminated/);
    expect((await seen(ends)).FleetState).toBe('deleted');
    expect((await go('DeleteFleets', { FleetIds: [ends], TerminateInstances: true })).UnsuccessfulFleetDeletions[0].Error.Code).toBe('fleetNotInDeletableState');
  });

  it('goes on trying when its template has gone', async () => {
    const mine = await template('short-lived', { ImageId: await image(fb), InstanceType: 'm5.large' });
    const { FleetId } = await go('CreateFleet', { LaunchTemplateConfigs: [{ LaunchTemplateSpecification: { LaunchTemplateId: mine, Version: '$Default' } }], TargetCapacitySpecification: onDemand(1) });
    await go('DeleteLaunchTemplate', { LaunchTemplateId: mine });
    await go('TerminateInstances', { InstanceIds: (await active(FleetId)).map((i) => i.InstanceId) });
    fb.machine.clock.advance(MINUTE);
    expect(await seen(FleetId)).toMatchObject({ FleetState: 'active', ActivityStatus: 'error', FulfilledCapacity: 0 });
  });
});

describe('a request fleet', () => {
  it('launches once and does not replace', async () => {
    const id = await kept(2, spot, [{ InstanceType: 'm5.large' }], { Type: 'request' });
    const before = await active(id);
    expect(before).toHaveLength(2);
    await go('TerminateInstances', { InstanceIds: [before[0]!.InstanceId] });
    fb.machine.clock.advance(10 * MINUTE);
    expect((await active(id)).map((i) => i.InstanceId)).toEqual([before[1]!.InstanceId]);
    expect((await refused('ModifyFleet', { FleetId: id, TargetCapacitySpecification: { TotalTargetCapacity: 3 } })).code).toBe('UnsupportedOperation');
  });
});

describe('an instant fleet', () => {
  it('answers its instances by pool, and is seen only by its id', async () => {
    const { FleetId, Instances, Errors } = await create(onDemand(2), [{ InstanceType: 'm5.large', AvailabilityZone: 'us-east-1b' }], { Type: 'instant', TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Run', Value: '7' }] }] });
    expect(Errors).toEqual([]);
    expect(Instances).toMatchObject([{ Lifecycle: 'on-demand', InstanceType: 'm5.large', AvailabilityZone: 'us-east-1b', LaunchTemplateAndOverrides: { LaunchTemplateSpecification: { LaunchTemplateId, Version: '1' }, Overrides: { InstanceType: 'm5.large', AvailabilityZone: 'us-east-1b' } } }]);
    expect(Instances[0].InstanceIds).toHaveLength(2);
    expect((await instance(Instances[0].InstanceIds[0])).Tags).toEqual(expect.arrayContaining([{ Key: 'Run', Value: '7' }, { Key: 'Tier', Value: 'web' }]));
    expect((await seen(FleetId)).Instances[0].InstanceIds).toEqual(Instances[0].InstanceIds);
    expect((await go('DescribeFleets')).Fleets.map((f: { FleetId: string }) => f.FleetId)).not.toContain(FleetId);
    expect((await go('DeleteFleets', { FleetIds: [FleetId], TerminateInstances: false })).UnsuccessfulFleetDeletions[0].Error.Code).toBe('fleetNotInDeletableState');
  });

  it('lists the errors of pools that gave nothing, and launches from the others', async () => {
    const fault = fb.machine.world.faults.add({ match: { operation: 'RunInstances', zone: 'us-east-1a' }, effect: { error: 'InsufficientInstanceCapacity' } });
    const { Instances, Errors } = await create(onDemand(1), [{ InstanceType: 'm5.large', AvailabilityZone: 'us-east-1a', Priority: 1 }, { InstanceType: 'c5.large', AvailabilityZone: 'us-east-1b', Priority: 2 }], { Type: 'instant', OnDemandOptions: { AllocationStrategy: 'prioritized' } });
    expect(Errors).toMatchObject([{ ErrorCode: 'InsufficientInstanceCapacity', Lifecycle: 'on-demand', LaunchTemplateAndOverrides: { Overrides: { AvailabilityZone: 'us-east-1a', InstanceType: 'm5.large' } } }]);
    expect(Instances).toMatchObject([{ InstanceType: 'c5.large', AvailabilityZone: 'us-east-1b' }]);
    fb.machine.world.faults.remove(fault.id);
  });

  it('launches nothing where a minimum cannot be reached', async () => {
    const count = async () => (await go('DescribeInstances')).Reservations.length as number;
    const before = await count();
    const { Instances } = await create(onDemand(4), [{ InstanceType: 'm5.large', AvailabilityZone: 'us-east-1a' }, { InstanceType: 'm5.large', AvailabilityZone: 'us-east-1b' }], { Type: 'instant', OnDemandOptions: { SingleInstanceType: true, MinTargetCapacity: 3, MaxTotalPrice: '0.2' } });
    expect(Instances).toEqual([]);
    expect(await count()).toBe(before);
    const enough = await create(onDemand(4), [{ InstanceType: 'm5.large' }], { Type: 'instant', OnDemandOptions: { SingleInstanceType: true, MinTargetCapacity: 2, MaxTotalPrice: '0.2' } });
    expect(enough.Instances.flatMap((i: { InstanceIds: string[] }) => i.InstanceIds)).toHaveLength(2);
  });

  it('spends no more than its total price', async () => {
    const { Instances } = await create(onDemand(10), [{ InstanceType: 'm5.large' }], { Type: 'instant', OnDemandOptions: { MaxTotalPrice: '0.3' } });
    expect(Instances.flatMap((i: { InstanceIds: string[] }) => i.InstanceIds)).toHaveLength(3);
  });

  it('uses open Capacity Reservations first where it is told to', async () => {
    const reserved = { InstanceType: 'c5.xlarge', InstancePlatform: 'Linux/UNIX', AvailabilityZone: 'us-east-1c', InstanceCount: 1 };
    const { CapacityReservationId } = (await go('CreateCapacityReservation', reserved)).CapacityReservation;
    const overrides = [{ InstanceType: 'm5.large', AvailabilityZone: 'us-east-1a' }, { InstanceType: 'c5.xlarge', AvailabilityZone: 'us-east-1c' }];
    const { Instances } = await create(onDemand(3), overrides, { Type: 'instant', OnDemandOptions: { CapacityReservationOptions: { UsageStrategy: 'use-capacity-reservations-first' } } });
    expect(Instances.map((i: { InstanceType: string; InstanceIds: string[] }) => [i.InstanceType, i.InstanceIds.length])).toEqual([['c5.xlarge', 1], ['m5.large', 2]]);
    expect((await instance(Instances[0].InstanceIds[0])).CapacityReservationId).toBe(CapacityReservationId);
  });

  it('keeps to one type and one zone', async () => {
    const { Instances } = await create(spot(6), [{ InstanceType: 'm5.large' }, { InstanceType: 'c5.large' }], { Type: 'instant', SpotOptions: { AllocationStrategy: 'diversified', SingleInstanceType: true, SingleAvailabilityZone: true } });
    expect(new Set(Instances.map((i: { InstanceType: string; AvailabilityZone: string }) => `${i.InstanceType} ${i.AvailabilityZone}`)).size).toBe(1);
  });

  it('has a maximum price refused pool by pool', async () => {
    const { Instances, Errors } = await create(spot(1), [{ InstanceType: 'm5.large', MaxPrice: '0.0001', AvailabilityZone: 'us-east-1a' }], { Type: 'instant' });
    expect(Instances).toEqual([]);
    expect(Errors).toMatchObject([{ ErrorCode: 'SpotMaxPriceTooLow', Lifecycle: 'spot' }]);
  });
});

describe('a fleet of Spot Instances from a template of Spot Instances', () => {
  const launch = async (name: string, MaxPrice: string) => {
    await template(name, { ImageId: await image(fb), InstanceType: 'm5.large', InstanceMarketOptions: { MarketType: 'spot', SpotOptions: { MaxPrice } } });
    return go('CreateFleet', { Type: 'instant', LaunchTemplateConfigs: [{ LaunchTemplateSpecification: { LaunchTemplateName: name, Version: '1' } }], TargetCapacitySpecification: spot(1) });
  };

  it('launches at the price of its template', async () => {
    const { Instances } = await launch('dear', '10');
    expect(await instance(Instances[0].InstanceIds[0])).toMatchObject({ InstanceLifecycle: 'spot', InstanceType: 'm5.large' });
  });

  it('does not launch above it', async () => {
    const { Instances, Errors } = await launch('cheap', '0.0001');
    expect(Instances).toEqual([]);
    expect(new Set(Errors.map((e: { ErrorCode: string }) => e.ErrorCode))).toEqual(new Set(['SpotMaxPriceTooLow']));
  });
});

describe('allocation strategies', () => {
  const instant = async (strategy: string, n: number, overrides: Record<string, unknown>[], more: Record<string, unknown> = {}) =>
    (await create(spot(n), overrides, { Type: 'instant', SpotOptions: { AllocationStrategy: strategy, ...more } })).Instances as { InstanceType: string; InstanceIds: string[]; AvailabilityZone: string }[];
  const three = [{ InstanceType: 'm5.large' }, { InstanceType: 'c5.large' }, { InstanceType: 'r5.large' }];

  it('lowest-price takes the cheapest pool, or as many of the cheapest as it is told', async () => {
    const { SpotPriceHistory } = await go('DescribeSpotPriceHistory', { InstanceTypes: three.map((t) => t.InstanceType), ProductDescriptions: ['Linux/UNIX'], StartTime: new Date(fb.machine.clock.now()) });
    const cheapest = SpotPriceHistory.map((p: { SpotPrice: string; InstanceType: string; AvailabilityZone: string }) => ({ usd: Number(p.SpotPrice), pool: `${p.InstanceType} ${p.AvailabilityZone}` })).sort((a: { usd: number }, b: { usd: number }) => a.usd - b.usd);
    const got = await instant('lowest-price', 3, three);
    expect(got.map((i) => `${i.InstanceType} ${i.AvailabilityZone}`)).toEqual([cheapest[0].pool]);
    expect((await instant('lowestPrice', 3, three)).map((i) => `${i.InstanceType} ${i.AvailabilityZone}`)).toEqual([cheapest[0].pool]);
    const spread = await instant('lowest-price', 4, three, { InstancePoolsToUseCount: 2 });
    expect(spread.map((i) => i.InstanceIds.length)).toEqual([2, 2]);
    expect(spread.map((i) => `${i.InstanceType} ${i.AvailabilityZone}`).sort()).toEqual([cheapest[0].pool, cheapest[1].pool].sort());
  });

  it('diversified spreads over all pools', async () => {
    const got = await instant('diversified', 3, three.map((t) => ({ ...t, AvailabilityZone: 'us-east-1a' })));
    expect(types(got)).toEqual(['c5.large', 'm5.large', 'r5.large']);
  });

  it.each(['capacity-optimized', 'capacity-optimized-prioritized', 'price-capacity-optimized'])('%s takes one pool, the same every time', async (strategy) => {
    const [first, again] = [await instant(strategy, 2, three), await instant(strategy, 2, three)];
    expect(first).toHaveLength(1);
    expect(again[0]).toMatchObject({ InstanceType: first[0]!.InstanceType, AvailabilityZone: first[0]!.AvailabilityZone });
  });
});

describe('attribute-based selection', () => {
  const requirements = { VCpuCount: { Min: 2, Max: 4 }, MemoryMiB: { Min: 4096, Max: 16384 } };

  it('launches a type that matches, of the image\'s architecture', async () => {
    const { Instances, Errors } = await create(spot(1), [{ InstanceRequirements: { ...requirements, CpuManufacturers: ['amd'] } }], { Type: 'instant' });
    expect(Errors).toEqual([]);
    const { InstanceTypes: [info] } = await go('DescribeInstanceTypes', { InstanceTypes: [Instances[0].InstanceType] });
    expect(info).toMatchObject({ ProcessorInfo: { Manufacturer: 'AMD', SupportedArchitectures: expect.arrayContaining(['x86_64']) }, BurstablePerformanceSupported: false });
    expect(info.VCpuInfo.DefaultVCpus).toBeGreaterThanOrEqual(2);
  });

  it('counts capacity in vCPUs', async () => {
    const id = await kept(8, (n) => ({ ...onDemand(n), TargetCapacityUnitType: 'vcpu' }), [{ InstanceRequirements: { ...requirements, VCpuCount: { Min: 4, Max: 4 } } }]);
    expect(await active(id)).toHaveLength(2);
    expect((await seen(id)).FulfilledCapacity).toBe(8);
  });

  it('has an error where nothing matches', async () => {
    const { Errors } = await create(spot(1), [{ InstanceRequirements: { VCpuCount: { Min: 5000 }, MemoryMiB: { Min: 1 } } }], { Type: 'instant' });
    expect(Errors).toMatchObject([{ ErrorCode: 'InvalidFleetConfig' }]);
  });

  it.each([
    ['m5.large', {}, true], ['t3.large', {}, false], ['t3.large', { BurstablePerformance: 'included' }, true], ['m5.large', { BurstablePerformance: 'required' }, false], ['m5.large', { ExcludedInstanceTypes: ['m5.*'] }, false],
    ['m5.large', { AllowedInstanceTypes: ['c*'] }, false], ['m5d.large', { LocalStorage: 'excluded' }, false], ['m5d.large', { LocalStorage: 'required', LocalStorageTypes: ['ssd'] }, true], ['m5d.large', { LocalStorageTypes: ['hdd'] }, false],
    ['m5.large', { CpuManufacturers: ['amd'] }, false], ['m6g.large', { CpuManufacturers: ['amazon-web-services'] }, true], ['m5.large', { InstanceGenerations: ['previous'] }, false], ['m5.large', { MemoryGiBPerVCpu: { Min: 4, Max: 4 } }, true],
    ['m5.large', { MemoryGiBPerVCpu: { Max: 2 } }, false], ['g4dn.xlarge', { AcceleratorTypes: ['gpu'], AcceleratorNames: ['t4'], AcceleratorManufacturers: ['nvidia'] }, true], ['g4dn.xlarge', { AcceleratorCount: { Max: 0 } }, false],
    ['m5.large', { AcceleratorTypes: ['gpu'] }, false], ['m5.large', { AcceleratorCount: { Max: 0 } }, true], ['g4dn.xlarge', { AcceleratorTotalMemoryMiB: { Min: 16384 } }, true], ['m5.large', { NetworkInterfaceCount: { Min: 15 } }, false],
    ['m5.large', { BaselineEbsBandwidthMbps: { Min: 100_000 } }, false], ['m5.large', { NetworkBandwidthGbps: { Min: 100 } }, false], ['m5.large', { RequireHibernateSupport: true }, true], ['m5.large', { RequireEncryptionInTransit: true }, false],
    ['m5n.large', { RequireEncryptionInTransit: true }, true], ['m5.metal', { VCpuCount: { Min: 1 }, MemoryMiB: { Min: 1 } }, false], ['m5.metal', { VCpuCount: { Min: 1 }, MemoryMiB: { Min: 1 }, BareMetal: 'required' }, true], ['nonsense.large', {}, false],
    ['m5.large', { BaselinePerformanceFactors: { Cpu: { References: [{ InstanceFamily: 'm7i' }] } } }, false],
  ] as const)('matches: %s and %j: %s', (type, more, expected) => {
    expect(matches(type, { VCpuCount: { Min: 2, Max: 8 }, MemoryMiB: { Min: 4096, Max: 65536 }, ...more } as never)).toBe(expected);
  });
});

it('false and nothing for what only instant fleets have say as much as silence', async () => {
  const none = { MinTargetCapacity: 0, SingleAvailabilityZone: false, SingleInstanceType: false };
  for (const Type of ['maintain', 'request', 'instant']) expect((await create(onDemand(1), [{ InstanceType: 'm5.large' }], { Type, OnDemandOptions: none, SpotOptions: none })).FleetId).toMatch(/^fleet-/);
});

describe('CreateFleet refuses', () => {
  it.each([
    ['no template version', { LaunchTemplateConfigs: [{ LaunchTemplateSpecification: { LaunchTemplateName: 'web' } }] }, 'MissingParameter'],
    ['an unknown template', { LaunchTemplateConfigs: [{ LaunchTemplateSpecification: { LaunchTemplateName: 'nobody', Version: '1' } }] }, 'InvalidLaunchTemplateName.NotFoundException'],
    ['shares above the total', { TargetCapacitySpecification: { TotalTargetCapacity: 1, OnDemandTargetCapacity: 1, SpotTargetCapacity: 1 } }, 'InvalidTargetCapacitySpecification'],
    ['an instant fleet of nothing', { Type: 'instant', TargetCapacitySpecification: { TotalTargetCapacity: 0 } }, 'InvalidTargetCapacitySpecification'],
    ['a minimum of a fleet that is not instant', { SpotOptions: { MinTargetCapacity: 1, SingleInstanceType: true } }, 'InvalidFleetConfig'],
    ['a minimum without one zone or type', { Type: 'instant', SpotOptions: { MinTargetCapacity: 1 } }, 'InvalidFleetConfig'],
    ['a past end', { ValidUntil: new Date(0) }, 'InvalidTime'],
    ['stopping in a request fleet', { Type: 'request', SpotOptions: { InstanceInterruptionBehavior: 'stop' } }, 'InvalidFleetConfig'],
    ['an unknown strategy', { SpotOptions: { AllocationStrategy: 'cheapest' } }, 'InvalidParameterValue'],
    ['a strategy for spot only', { OnDemandOptions: { AllocationStrategy: 'diversified' } }, 'InvalidParameterValue'],
    ['pools without lowest-price', { SpotOptions: { AllocationStrategy: 'diversified', InstancePoolsToUseCount: 2 } }, 'InvalidFleetConfig'],
    ['instance tags of a maintained fleet', { TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'a', Value: 'b' }] }] }, 'InvalidParameterValue'],
  ])('%s', async (_what, input, code) => {
    expect((await refused('CreateFleet', { LaunchTemplateConfigs: configs(), TargetCapacitySpecification: spot(1), ...input })).code).toBe(code);
  });

  it('overrides that contradict themselves', async () => {
    for (const override of [{ InstanceType: 'm5.large', InstanceRequirements: { VCpuCount: { Min: 1 }, MemoryMiB: { Min: 1 } } }, { AvailabilityZone: 'us-east-1a', AvailabilityZoneId: 'use1-az1' }]) expect((await refusal(create(spot(1), [override]))).code).toBe('InvalidParameterCombination');
    expect((await refusal(create(spot(1), [{ InstanceType: 'm5.large', WeightedCapacity: 0 }]))).code).toBe('InvalidFleetConfig');
  });

  it('a template that chooses its market itself', async () => {
    await template('spotty', { InstanceMarketOptions: { MarketType: 'spot' } });
    expect((await refused('CreateFleet', { LaunchTemplateConfigs: [{ LaunchTemplateSpecification: { LaunchTemplateName: 'spotty', Version: '1' } }], TargetCapacitySpecification: onDemand(1) })).code).toBe('InvalidFleetConfig');
  });
});
