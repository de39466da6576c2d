import { beforeAll, describe, expect, it } from 'vitest';
import { call } from '../../laws/samples/index.ts';
import { image } from '../../laws/samples/sample.ts';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

let fb: Fogbank;
let ImageId: string;
const MINUTE = 60_000;
const IamFleetRole = 'arn:aws:iam::123456789012:role/aws-ec2-spot-fleet-tagging-role';
const go = (operation: string, input: Record<string, unknown> = {}) => call(fb, operation, input);
const refused = (operation: string, input: Record<string, unknown> = {}) => refusal(go(operation, input));
const spec = (InstanceType: string, more: Record<string, unknown> = {}) => ({ ImageId, InstanceType, ...more });
const request = async (config: Record<string, unknown>) => (await go('RequestSpotFleet', { SpotFleetRequestConfig: { IamFleetRole, TargetCapacity: 2, LaunchSpecifications: [spec('m5.large')], ...config } })).SpotFleetRequestId as string;
const seen = async (id: string) => (await go('DescribeSpotFleetRequests', { SpotFleetRequestIds: [id] })).SpotFleetRequestConfigs[0];
const active = async (id: string) => (await go('DescribeSpotFleetInstances', { SpotFleetRequestId: id })).ActiveInstances as { InstanceId: string; InstanceType: string; SpotInstanceRequestId?: string }[];
const instance = async (id: string) => (await go('DescribeInstances', { InstanceIds: [id] })).Reservations[0].Instances[0];

beforeAll(async () => {
  fb = await fogbank({ seed: 'spot-fleets' });
  fb.machine.clock.hold();
  ImageId = await image(fb);
});

describe('RequestSpotFleet', () => {
  it('takes an empty price and an empty profile of a specification for none', async () => {
    const fleet = await seen(await request({ LaunchSpecifications: [spec('m5.large', { SpotPrice: '', IamInstanceProfile: { Name: '' } })] }));
    expect(fleet).toMatchObject({ ActivityStatus: 'fulfilled' });
    expect(fleet.SpotFleetRequestConfig.LaunchSpecifications[0].SpotPrice).toBe('');
  });

  it('takes and shows the excess capacity policy as Terraform spells it', async () => {
    expect((await seen(await request({ ExcessCapacityTerminationPolicy: 'Default' }))).SpotFleetRequestConfig.ExcessCapacityTerminationPolicy).toBe('Default');
    expect((await refused('RequestSpotFleet', { SpotFleetRequestConfig: { IamFleetRole, TargetCapacity: 1, LaunchSpecifications: [spec('m5.large')], ExcessCapacityTerminationPolicy: 'never' } })).code).toBe('InvalidParameterValue');
  });

  it('is submitted, then active, and launches spot instances that carry its id', async () => {
    const id = await request({ LaunchSpecifications: [spec('m5.large', { TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Tier', Value: 'web' }] }] })], TagSpecifications: [{ ResourceType: 'spot-fleet-request', Tags: [{ Key: 'a', Value: 'b' }] }] });
    expect(id).toMatch(/^sfr-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(await seen(id)).toMatchObject({
      SpotFleetRequestState: 'active', ActivityStatus: 'fulfilled', Tags: [{ Key: 'a', Value: 'b' }],
      SpotFleetRequestConfig: { Type: 'maintain', AllocationStrategy: 'lowestPrice', InstancePoolsToUseCount: 1, ExcessCapacityTerminationPolicy: 'default', FulfilledCapacity: 2, OnDemandFulfilledCapacity: 0, TargetCapacity: 2, IamFleetRole },
    });
    for (const { InstanceId, SpotInstanceRequestId } of await active(id)) {
      expect(await instance(InstanceId)).toMatchObject({ InstanceLifecycle: 'spot', SpotInstanceRequestId, Tags: expect.arrayContaining([{ Key: 'aws:ec2spot:fleet-request-id', Value: id }, { Key: 'Tier', Value: 'web' }]) });
    }
  });

  it('has an On-Demand base', async () => {
    const id = await request({ TargetCapacity: 3, OnDemandTargetCapacity: 1 });
    expect((await seen(id)).SpotFleetRequestConfig).toMatchObject({ FulfilledCapacity: 3, OnDemandFulfilledCapacity: 1 });
    expect((await active(id)).filter((i) => i.SpotInstanceRequestId === undefined)).toHaveLength(1);
  });

  it('launches from templates with overrides, diversified', async () => {
    const { LaunchTemplateId } = (await go('CreateLaunchTemplate', { LaunchTemplateName: 'base', LaunchTemplateData: { ImageId } })).LaunchTemplate;
    const Overrides = ['m5.large', 'c5.large', 'r5.large'].map((InstanceType) => ({ InstanceType, AvailabilityZone: 'us-east-1a' }));
    const id = await request({ TargetCapacity: 3, LaunchSpecifications: undefined, AllocationStrategy: 'diversified', LaunchTemplateConfigs: [{ LaunchTemplateSpecification: { LaunchTemplateId, Version: '1' }, Overrides }] });
    expect((await active(id)).map((i) => i.InstanceType).sort()).toEqual(['c5.large', 'm5.large', 'r5.large']);
  });

  it('goes to the subnets and zones that a specification lists', async () => {
    const id = await request({ TargetCapacity: 2, AllocationStrategy: 'diversified', LaunchSpecifications: [spec('m5.large', { Placement: { AvailabilityZone: 'us-east-1a, us-east-1b' } })] });
    const zones = [];
    for (const { InstanceId } of await active(id)) zones.push((await instance(InstanceId)).Placement.AvailabilityZone);
    expect(zones.sort()).toEqual(['us-east-1a', 'us-east-1b']);
  });

  it('waits while its price is too low', async () => {
    const id = await request({ SpotPrice: '0.0001' });
    expect(await seen(id)).toMatchObject({ SpotFleetRequestState: 'active', ActivityStatus: 'error' });
    expect(await active(id)).toEqual([]);
    const { HistoryRecords } = await go('DescribeSpotFleetRequestHistory', { SpotFleetRequestId: id, StartTime: new Date(fb.machine.clock.now() - MINUTE), EventType: 'error' });
    expect(HistoryRecords[0]).toMatchObject({ EventType: 'error', EventInformation: { EventDescription: expect.stringContaining('SpotMaxPriceTooLow') } });
  });

  it('pays its price a unit: weights raise what an instance may cost', async () => {
    const id = await request({ SpotPrice: '0.05', TargetCapacity: 4, LaunchSpecifications: [spec('m5.xlarge', { WeightedCapacity: 4 })] });
    const [one] = await active(id);
    const { SpotInstanceRequests } = await go('DescribeSpotInstanceRequests', { SpotInstanceRequestIds: [one!.SpotInstanceRequestId] });
    expect(SpotInstanceRequests[0].SpotPrice).toBe('0.200000');
  });

  it.each([
    ['a role that is none', { IamFleetRole: 'me' }, 'InvalidSpotFleetRequestConfig'], ['an instant type', { Type: 'instant' }, 'InvalidSpotFleetRequestConfig'], ['nothing to launch', { LaunchSpecifications: undefined }, 'InvalidSpotFleetRequestConfig'],
    ['more On-Demand than capacity', { OnDemandTargetCapacity: 5 }, 'InvalidSpotFleetRequestConfig'], ['a price that is none', { SpotPrice: 'x' }, 'InvalidParameterValue'], ['a past end', { ValidUntil: new Date(0) }, 'InvalidTime'],
    ['priorities without templates', { AllocationStrategy: 'capacityOptimizedPrioritized' }, 'InvalidSpotFleetRequestConfig'],
  ])('refuses %s', async (_what, config, code) => {
    expect((await refusal(request(config))).code).toBe(code);
  });
});

describe('a fleet in its life', () => {
  it('replaces what is terminated, and tells it', async () => {
    const id = await request({});
    const [first] = await active(id);
    await go('TerminateInstances', { InstanceIds: [first!.InstanceId] });
    const after = await active(id);
    expect(after).toHaveLength(2);
    expect(after.map((i) => i.InstanceId)).not.toContain(first!.InstanceId);
    const { HistoryRecords } = await go('DescribeSpotFleetRequestHistory', { SpotFleetRequestId: id, StartTime: new Date(fb.machine.clock.now() - MINUTE), EventType: 'instanceChange' });
    expect(HistoryRecords.map((r: { EventInformation: { EventSubType: string } }) => r.EventInformation.EventSubType)).toEqual(['launched', 'launched', 'terminated', 'launched']);
  });

  it('ModifySpotFleetRequest: grows and shrinks; refuses what is not maintained', async () => {
    const id = await request({ TargetCapacity: 1 });
    expect((await go('ModifySpotFleetRequest', { SpotFleetRequestId: id, TargetCapacity: 3 })).Return).toBe(true);
    expect(await active(id)).toHaveLength(3);
    await go('ModifySpotFleetRequest', { SpotFleetRequestId: id, TargetCapacity: 1 });
    expect(await active(id)).toHaveLength(1);
    const once = await request({ Type: 'request' });
    expect((await refused('ModifySpotFleetRequest', { SpotFleetRequestId: once, TargetCapacity: 3 })).code).toBe('InvalidSpotFleetRequestConfig');
  });

  it('CancelSpotFleetRequests: ends instances or lets them run, and says what it cannot cancel', async () => {
    const [ends, runs] = [await request({}), await request({})];
    const [one] = await active(ends);
    expect(await go('CancelSpotFleetRequests', { SpotFleetRequestIds: [ends, 'sfr-x'], TerminateInstances: true })).toMatchObject({
      SuccessfulFleetRequests: [{ SpotFleetRequestId: ends, CurrentSpotFleetRequestState: 'cancelled_terminating', PreviousSpotFleetRequestState: 'active' }],
      UnsuccessfulFleetRequests: [{ SpotFleetRequestId: 'sfr-x', Error: { Code: 'fleetRequestIdMalformed' } }],
    });
    expect((await instance(one!.InstanceId)).State.Name).toMatch(/shutting-down|terminated/);
    expect((await seen(ends)).SpotFleetRequestState).toBe('cancelled');
    expect((await go('CancelSpotFleetRequests', { SpotFleetRequestIds: [runs], TerminateInstances: false })).SuccessfulFleetRequests[0].CurrentSpotFleetRequestState).toBe('cancelled_running');
    expect(await active(runs)).toHaveLength(2);
    await go('TerminateInstances', { InstanceIds: (await active(runs)).map((i) => i.InstanceId) });
    expect((await seen(runs)).SpotFleetRequestState).toBe('cancelled');
    fb.machine.clock.advance(49 * 60 * MINUTE);
    expect(await refused('DescribeSpotFleetRequests', { SpotFleetRequestIds: [runs] })).toMatchObject({ code: 'InvalidSpotFleetRequestId.NotFound', message: `The spot fleet request ID '${runs}' does not exist` });
  });

  it('expires at ValidUntil', async () => {
    const id = await request({ ValidUntil: new Date(fb.machine.clock.now() + 5 * MINUTE), TerminateInstancesWithExpiration: true });
    const [one] = await active(id);
    fb.machine.clock.advance(5 * MINUTE);
    expect((await seen(id)).SpotFleetRequestState).toMatch(/^cancelled/);
    expect((await instance(one!.InstanceId)).State.Name).toMatch(/shutting-down|terminated/);
  });
});

describe('GetSpotPlacementScores', () => {
  const InstanceTypes = ['m5.large', 'c5.large', 'r5.large', 'm5.xlarge'];

  it('scores Regions from 1 to 10, the best first, the same every time', async () => {
    const { SpotPlacementScores } = await go('GetSpotPlacementScores', { InstanceTypes, TargetCapacity: 3000 });
    expect(SpotPlacementScores).toHaveLength(10);
    const scores = SpotPlacementScores.map((s: { Score: number }) => s.Score);
    expect(scores).toEqual([...scores].sort((a: number, b: number) => b - a));
    expect(scores.every((s: number) => s >= 1 && s <= 10)).toBe(true);
    expect((await go('GetSpotPlacementScores', { InstanceTypes, TargetCapacity: 3000 })).SpotPlacementScores).toEqual(SpotPlacementScores);
  });

  it('scores zones of one Region; less capacity is wanted, the better', async () => {
    const scored = async (TargetCapacity: number) => (await go('GetSpotPlacementScores', { InstanceTypes, TargetCapacity, SingleAvailabilityZone: true, RegionNames: ['us-east-1'] })).SpotPlacementScores as { AvailabilityZoneId: string; Score: number }[];
    const [few, many] = [await scored(1), await scored(100_000)];
    expect(few).toHaveLength(6);
    expect(few[0]!.AvailabilityZoneId).toMatch(/^use1-az\d$/);
    expect(few[0]!.Score).toBe(10);
    expect(many[0]!.Score).toBeLessThan(3);
  });

  it('is low for one or two types, and takes attributes', async () => {
    expect((await go('GetSpotPlacementScores', { InstanceTypes: ['m5.large'], TargetCapacity: 1, RegionNames: ['us-east-1'] })).SpotPlacementScores).toEqual([{ Region: 'us-east-1', Score: 3 }]);
    const InstanceRequirementsWithMetadata = { ArchitectureTypes: ['arm64'], InstanceRequirements: { VCpuCount: { Min: 2 }, MemoryMiB: { Min: 4096 } } };
    expect((await go('GetSpotPlacementScores', { InstanceRequirementsWithMetadata, TargetCapacity: 1, RegionNames: ['eu-west-1'] })).SpotPlacementScores).toEqual([{ Region: 'eu-west-1', Score: 10 }]);
    expect((await refused('GetSpotPlacementScores', { InstanceTypes, InstanceRequirementsWithMetadata, TargetCapacity: 1 })).code).toBe('InvalidParameterCombination');
    expect((await refused('GetSpotPlacementScores', { InstanceTypes: ['nonsense.large'], TargetCapacity: 1 })).code).toBe('InvalidInstanceType');
  });
});
