import type { SpotFleetRequestConfig } from '@aws-sdk/client-ec2';
import type { Wire } from '../../../protocols/wire-types.ts';
import { hours, resource, type Context } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { strategyOf } from '../fleets/allocation.ts';
import type { LaunchSource } from '../fleets/candidates.ts';
import { listed, sourceOf } from '../fleets/fleets.ts';
import type { Requirements } from '../fleets/instance-requirements.ts';
import { unitsIn, type FleetPlan } from '../fleets/launching.ts';
import { advanceFleet, endFleet, SUBMISSION_MS, TERMINATION_MS, type FleetKind } from '../fleets/life.ts';
import { living, untilWoken, type FleetMemory } from '../fleets/members.ts';
import { templateOf, versionOf } from '../instances/launch-templates.ts';
import type { RunInput } from '../instances/run-instances.ts';

export type StoredSpotFleet = Wire<SpotFleetRequestConfig> & { $: FleetMemory & { /** The request, where it has a token: the same token again is the same request. */ asked?: string } };
export type SpotFleetConfig = NonNullable<StoredSpotFleet['SpotFleetRequestConfig']>;
export type SpotFleetSpecification = NonNullable<SpotFleetConfig['LaunchSpecifications']>[number];

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-fleet.html */
export const spotFleets = resource<StoredSpotFleet>({
  service: 'ec2',
  kind: 'spot-fleet-request',
  shape: 'SpotFleetRequestConfig',
  untagged: 'absent',
  id: { member: 'SpotFleetRequestId', prefix: 'sfr', uuid: true },
  notFound: errors.notFound('InvalidSpotFleetRequestId.NotFound', 'spot fleet request ID'),
  malformed: errors.malformedId('InvalidSpotFleetRequestId.Malformed', 'sfr'),
  state: 'SpotFleetRequestState',
  lifecycle: {
    submitted: { after: untilWoken, paced: false, to: 'submitted' },
    active: { after: untilWoken, paced: false, to: 'active' },
    modifying: { after: untilWoken, paced: false, to: 'modifying' },
    cancelled_running: { after: untilWoken, paced: false, to: 'cancelled_running' },
    cancelled_terminating: { after: TERMINATION_MS, to: 'cancelled' },
    // "Spot Fleet requests are deleted 48 hours after they are canceled and their instances are terminated."
    cancelled: { after: hours(48), paced: false, to: 'gone' },
    failed: { after: hours(48), paced: false, to: 'gone' },
  },
  entering: { submitted: advance, active: advance, modifying: advance, cancelled_running: advance },
  indexed: ['SpotFleetRequestConfig.ClientToken'],
});

const kind: FleetKind<StoredSpotFleet> = {
  over: 'cancelled',
  state: (fleet) => fleet.SpotFleetRequestState!,
  setState: (fleet, state) => void (fleet.SpotFleetRequestState = state as StoredSpotFleet['SpotFleetRequestState']),
  activity: (fleet) => fleet.ActivityStatus,
  setActivity: (fleet, status) => void (fleet.ActivityStatus = status),
  type: (fleet) => fleet.SpotFleetRequestConfig!.Type,
  validUntil: (fleet) => fleet.SpotFleetRequestConfig!.ValidUntil,
  terminatesAtExpiry: (fleet) => fleet.SpotFleetRequestConfig!.TerminateInstancesWithExpiration === true,
  plan: planOf,
};

function advance(fleet: StoredSpotFleet, ctx: Context): Promise<void> {
  return advanceFleet(kind, fleet, ctx);
}

export const end = (fleet: StoredSpotFleet, terminates: boolean, ctx: Context): Promise<void> => endFleet(kind, fleet, terminates, ctx);

export const startsAtMs = (validFrom: string | undefined, ctx: Context): number => Math.max(ctx.nowMs + ctx.delay(spotFleets, 'submitted', SUBMISSION_MS), Date.parse(validFrom ?? ctx.now));

const usd = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));

async function planOf(fleet: StoredSpotFleet, ctx: Context): Promise<FleetPlan> {
  const config = fleet.SpotFleetRequestConfig!;
  const onDemandUnits = config.OnDemandTargetCapacity ?? 0;
  return {
    kind: spotFleets.storeKind, id: fleet.SpotFleetRequestId!, sources: await sourcesOf(config, ctx), unit: config.TargetCapacityUnitType, fallsBack: config.Type !== 'request',
    shrinks: config.Type === 'maintain' && config.ExcessCapacityTerminationPolicy!.toLowerCase() === 'default', tags: [{ Key: 'aws:ec2spot:fleet-request-id', Value: fleet.SpotFleetRequestId! }],
    onDemand: { units: onDemandUnits, strategy: strategyOf(config.OnDemandAllocationStrategy), maxTotalUsd: usd(config.OnDemandMaxTotalPrice) },
    spot: { units: config.TargetCapacity! - onDemandUnits, strategy: strategyOf(config.AllocationStrategy), pools: config.InstancePoolsToUseCount, maxTotalUsd: usd(config.SpotMaxTotalPrice), behaviour: config.InstanceInterruptionBehavior },
  };
}

async function sourcesOf(config: SpotFleetConfig, ctx: Context): Promise<LaunchSource[]> {
  const sources: LaunchSource[] = (config.LaunchSpecifications ?? []).map((specification) => specified(specification, config.SpotPrice));
  for (const { LaunchTemplateSpecification: named, Overrides } of config.LaunchTemplateConfigs ?? []) {
    const template = await templateOf(ctx, named!);
    const version = await versionOf(ctx, template, named!.Version ?? '$Default');
    const exact = { LaunchTemplateId: template.LaunchTemplateId, Version: String(version.VersionNumber) };
    for (const override of Overrides?.length ? Overrides : [{}]) {
      const source = sourceOf(override, version.LaunchTemplateData as RunInput, exact);
      sources.push({ ...source, maxUsdPerUnit: source.maxUsdPerUnit ?? usd(config.SpotPrice), shown: override });
    }
  }
  return sources;
}

/** A launch specification of the fleet as RunInstances wants it. */
function specified(specification: SpotFleetSpecification, fleetPrice: string | undefined): LaunchSource {
  const { SpotPrice, SubnetId, WeightedCapacity, InstanceRequirements, InstanceType, Placement: place, SecurityGroups, AddressingType: _a, KernelId: _k, RamdiskId: _r, TagSpecifications, ...rest } = specification;
  const run = {
    ...rest, ...(SecurityGroups?.length && !rest.NetworkInterfaces?.length ? { SecurityGroupIds: SecurityGroups.map((g) => g.GroupId!) } : {}), ...(TagSpecifications ? { TagSpecifications } : {}),
    ...(place?.Tenancy || place?.GroupName ? { Placement: { ...(place.Tenancy ? { Tenancy: place.Tenancy } : {}), ...(place.GroupName ? { GroupName: place.GroupName } : {}) } } : {}),
  } as RunInput;
  return {
    run, type: InstanceType, requirements: InstanceRequirements as Requirements | undefined, subnets: listed(SubnetId), zones: listed(place?.AvailabilityZone) ?? listed(place?.AvailabilityZoneId), weight: WeightedCapacity,
    maxUsdPerUnit: usd(SpotPrice || fleetPrice), shown: specification,
  };
}

/** What descriptions show of the capacity that runs. */
export async function withCapacity(fleet: StoredSpotFleet, ctx: Context): Promise<StoredSpotFleet> {
  const present = await living(fleet, ctx);
  const onDemand = unitsIn(present, 'on-demand');
  return { ...fleet, SpotFleetRequestConfig: { ...fleet.SpotFleetRequestConfig!, FulfilledCapacity: unitsIn(present, 'spot') + onDemand, OnDemandFulfilledCapacity: onDemand } };
}
