import type { CreateFleetInstance, FleetData } from '@aws-sdk/client-ec2';
import type { Wire } from '../../../protocols/wire-types.ts';
import { hours, resource, type Context } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { templateOf, versionOf } from '../instances/launch-templates.ts';
import type { RunInput } from '../instances/run-instances.ts';
import { strategyOf } from './allocation.ts';
import type { LaunchSource } from './candidates.ts';
import type { Requirements } from './instance-requirements.ts';
import { unitsIn, type FleetPlan } from './launching.ts';
import { advanceFleet, endFleet, SUBMISSION_MS, TERMINATION_MS, type FleetKind } from './life.ts';
import { living, untilWoken, type FleetMemory } from './members.ts';

export type StoredFleet = Wire<FleetData> & { $: FleetMemory & InstantMemory };

interface InstantMemory {
  /** What an instant fleet gives its instances. */
  instanceTags?: RunInput['TagSpecifications'];
  /** What an instant fleet has launched, as CreateFleet answers it. */
  launched?: Wire<CreateFleetInstance>[];
  /** What overrides say and descriptions leave out, by the numbers of configuration and override. */
  unshown?: Record<string, Partial<RunInput>>;
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/manage-ec2-fleet.html#EC2-fleet-states */
export const fleets = resource<StoredFleet>({
  service: 'ec2',
  kind: 'fleet',
  shape: 'FleetData',
  id: { member: 'FleetId', prefix: 'fleet', uuid: true },
  notFound: errors.notFound('InvalidFleetId.NotFound', 'fleet ID'),
  malformed: errors.malformedId('InvalidFleetId.Malformed', 'fleet'),
  state: 'FleetState',
  lifecycle: {
    submitted: { after: untilWoken, paced: false, to: 'submitted' },
    active: { after: untilWoken, paced: false, to: 'active' },
    modifying: { after: untilWoken, paced: false, to: 'modifying' },
    deleted_running: { after: untilWoken, paced: false, to: 'deleted_running' },
    deleted_terminating: { after: TERMINATION_MS, to: 'deleted' },
    // assumed: as long as spot fleets are described.
    deleted: { after: hours(48), paced: false, to: 'gone' },
    failed: { after: hours(48), paced: false, to: 'gone' },
  },
  entering: { submitted: advance, active: advance, modifying: advance, deleted_running: advance },
});

const kind: FleetKind<StoredFleet> = {
  over: 'deleted',
  state: (fleet) => fleet.FleetState!,
  setState: (fleet, state) => void (fleet.FleetState = state as StoredFleet['FleetState']),
  activity: (fleet) => fleet.ActivityStatus,
  setActivity: (fleet, status) => void (fleet.ActivityStatus = status),
  type: (fleet) => fleet.Type,
  validUntil: (fleet) => fleet.ValidUntil,
  terminatesAtExpiry: (fleet) => fleet.TerminateInstancesWithExpiration === true,
  plan: planOf,
};

function advance(fleet: StoredFleet, ctx: Context): Promise<void> {
  return advanceFleet(kind, fleet, ctx);
}

export const end = (fleet: StoredFleet, terminates: boolean, ctx: Context): Promise<void> => endFleet(kind, fleet, terminates, ctx);

/** When a fleet that is made now begins to launch. */
export const startsAtMs = (validFrom: string | undefined, ctx: Context): number => Math.max(ctx.nowMs + ctx.delay(fleets, 'submitted', SUBMISSION_MS), Date.parse(validFrom ?? ctx.now));

// ---- what a fleet wants ----

export async function planOf(fleet: StoredFleet, ctx: Context): Promise<FleetPlan> {
  const target = fleet.TargetCapacitySpecification!;
  const { SpotOptions: spot, OnDemandOptions: onDemand } = fleet;
  return {
    kind: fleets.storeKind, id: fleet.FleetId!, sources: await sourcesOf(fleet, ctx), unit: target.TargetCapacityUnitType, fallsBack: fleet.Type !== 'request',
    shrinks: fleet.Type === 'maintain' && fleet.ExcessCapacityTerminationPolicy === 'termination', tags: [{ Key: 'aws:ec2:fleet-id', Value: fleet.FleetId! }],
    onDemand: {
      units: target.OnDemandTargetCapacity!, strategy: strategyOf(onDemand?.AllocationStrategy), singleType: onDemand?.SingleInstanceType, singleZone: onDemand?.SingleAvailabilityZone,
      minUnits: onDemand?.MinTargetCapacity, maxTotalUsd: usd(onDemand?.MaxTotalPrice), reservedFirst: onDemand?.CapacityReservationOptions?.UsageStrategy === 'use-capacity-reservations-first',
    },
    spot: {
      units: target.SpotTargetCapacity!, strategy: strategyOf(spot?.AllocationStrategy), pools: spot?.InstancePoolsToUseCount, singleType: spot?.SingleInstanceType, singleZone: spot?.SingleAvailabilityZone,
      minUnits: spot?.MinTargetCapacity, maxTotalUsd: usd(spot?.MaxTotalPrice), behaviour: spot?.InstanceInterruptionBehavior,
    },
  };
}

const usd = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));

type Config = NonNullable<StoredFleet['LaunchTemplateConfigs']>[number];
type Override = NonNullable<Config['Overrides']>[number];

async function sourcesOf(fleet: StoredFleet, ctx: Context): Promise<LaunchSource[]> {
  const sources: LaunchSource[] = [];
  for (const [at, { LaunchTemplateSpecification: named, Overrides }] of (fleet.LaunchTemplateConfigs ?? []).entries()) {
    const template = await templateOf(ctx, named!);
    const version = await versionOf(ctx, template, named!.Version ?? '$Default');
    const shownTemplate = { LaunchTemplateId: template.LaunchTemplateId, Version: String(version.VersionNumber) };
    const data = version.LaunchTemplateData as RunInput & { InstanceRequirements?: Requirements };
    for (const [number, override] of (Overrides?.length ? Overrides : [{} as Override]).entries()) {
      const { run, ...source } = sourceOf(override, data, shownTemplate);
      sources.push({ ...source, run: { ...run, ...fleet.$.unshown?.[`${at}/${number}`] }, shown: { LaunchTemplateSpecification: shownTemplate, Overrides: override } });
    }
  }
  const extra = fleet.$.instanceTags;
  return extra ? sources.map((source) => ({ ...source, run: { ...source.run, TagSpecifications: extra } })) : sources;
}

export const listed = (text: string | undefined): string[] | undefined => (text ? text.split(',').map((one) => one.trim()) : undefined);

/** A template's launch with an override over it; the template itself is applied by RunInstances. */
export function sourceOf(override: Override & { SpotPrice?: string | undefined }, data: RunInput & { InstanceRequirements?: Requirements }, template: { LaunchTemplateId?: string | undefined; Version: string }): Omit<LaunchSource, 'shown'> {
  const { Placement: place, BlockDeviceMappings: devices, ImageId } = override;
  const own = Object.fromEntries(Object.entries({ ImageId, Placement: place?.GroupName ? { GroupName: place.GroupName } : undefined, BlockDeviceMappings: devices }).filter(([, value]) => value !== undefined));
  const type = override.InstanceType ?? (override.InstanceRequirements ? undefined : data.InstanceType);
  const maxPrice = override.MaxPrice ?? override.SpotPrice ?? data.InstanceMarketOptions?.SpotOptions?.MaxPrice;
  return {
    run: { ImageId: data.ImageId, NetworkInterfaces: data.NetworkInterfaces, SubnetId: data.SubnetId, Placement: data.Placement, ...own, LaunchTemplate: template } as RunInput, type,
    requirements: type === undefined ? ((override.InstanceRequirements ?? data.InstanceRequirements) as Requirements | undefined) : undefined, subnets: listed(override.SubnetId),
    zones: listed(override.AvailabilityZone) ?? listed(override.AvailabilityZoneId), weight: override.WeightedCapacity, priority: override.Priority, maxUsdPerUnit: usd(maxPrice || undefined),
  };
}

/** What DescribeFleets shows of the capacity that runs. */
export async function withCapacity(fleet: StoredFleet, ctx: Context): Promise<StoredFleet> {
  const present = await living(fleet, ctx);
  const onDemand = unitsIn(present, 'on-demand');
  return { ...fleet, FulfilledCapacity: unitsIn(present, 'spot') + onDemand, FulfilledOnDemandCapacity: onDemand };
}
