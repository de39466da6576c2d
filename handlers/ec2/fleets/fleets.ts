import type { CreateFleetInstance, FleetData } from '@aws-sdk/client-ec2';
import type { Wire } from '../../../protocols/wire-types.ts';
import { hours, minutes, resource, seconds, type Context } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { templateOf, versionOf } from '../instances/launch-templates.ts';
import type { RunInput } from '../instances/run-instances.ts';
import type { Strategy } from './allocation.ts';
import type { LaunchSource } from './candidates.ts';
import type { Requirements } from './instance-requirements.ts';
import { resize, unitsIn, type FleetPlan } from './launching.ts';
import { dropLost, living, remember, terminateMembers, toldOnly, untilWoken, wake, type FleetMemory } from './members.ts';

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
    deleted_terminating: { after: seconds(40), to: 'deleted' },
    // assumed: as long as spot fleets are described.
    deleted: { after: hours(48), paced: false, to: 'gone' },
    failed: { after: hours(48), paced: false, to: 'gone' },
  },
  entering: { submitted: advance, active: advance, modifying: advance, deleted_running: advance },
});

/** How soon a fleet tries again to get capacity that was not there. */
const RETRY_MS = minutes(1);
const SUBMISSION_MS = seconds(2);

/** When a fleet that is made now begins to launch. */
export const startsAtMs = (validFrom: string | undefined, ctx: Context): number => Math.max(ctx.nowMs + ctx.delay(fleets, 'submitted', SUBMISSION_MS), Date.parse(validFrom ?? ctx.now));

/** Does with a fleet what is to be done now, and says when to look again. */
export async function advance(fleet: StoredFleet, ctx: Context): Promise<void> {
  delete fleet.$.wakeAtMs;
  if (toldOnly(fleet)) return;
  if (fleet.FleetState === 'deleted_running') {
    await dropLost(fleet, ctx);
    if (fleet.$.members.length === 0) fleet.FleetState = 'deleted';
    return;
  }
  // An instant fleet is what it launched, and no more.
  if (fleet.Type === 'instant') return dropLost(fleet, ctx);
  if (fleet.ValidUntil !== undefined && ctx.nowMs >= Date.parse(fleet.ValidUntil)) return expire(fleet, ctx);
  wake(fleet, fleet.ValidUntil === undefined ? undefined : Date.parse(fleet.ValidUntil));
  if (fleet.FleetState === 'submitted') {
    if (!fleet.$.seen || ctx.nowMs < Math.floor(fleet.$.startAtMs)) {
      fleet.$.seen = true;
      return wake(fleet, fleet.$.startAtMs);
    }
    remember(fleet, { type: 'fleet', subType: 'active' }, ctx);
  }
  if (fleet.FleetState === 'modifying') remember(fleet, { type: 'fleet', subType: 'modify_succeeded' }, ctx);
  fleet.FleetState = 'active';
  await tend(fleet, ctx);
}

async function tend(fleet: StoredFleet, ctx: Context): Promise<void> {
  await dropLost(fleet, ctx);
  if (fleet.Type === 'maintain' || !fleet.$.placed) {
    const before = fleet.ActivityStatus;
    const outcome = await ctx.attempt(async () => resize(fleet, await planOf(fleet, ctx), ctx));
    const reached = 'done' in outcome && outcome.done;
    // Its template may have gone in the meantime.
    if ('refused' in outcome) remember(fleet, { type: 'error', subType: 'launchSpecTemporarilyBlacklisted', description: `${outcome.refused.code}: ${outcome.refused.message}` }, ctx);
    fleet.$.placed = true;
    fleet.ActivityStatus = reached ? 'fulfilled' : 'error';
    if (fleet.ActivityStatus !== before) remember(fleet, { type: 'fleet', subType: reached ? 'progress' : 'error', description: `${fleet.FleetId} is ${reached ? 'fulfilled' : 'short of its target capacity'}` }, ctx);
    if (!reached && fleet.Type === 'maintain') wake(fleet, ctx.nowMs + RETRY_MS);
  }
}

/** "When ValidUntil is reached, no new instance requests are placed"; instances end with the fleet where it says so. */
async function expire(fleet: StoredFleet, ctx: Context): Promise<void> {
  remember(fleet, { type: 'fleet', subType: 'expired' }, ctx);
  await endFleet(fleet, fleet.TerminateInstancesWithExpiration === true, ctx);
}

/** What follows from a fleet's end, without storing it. */
export async function endFleet(fleet: StoredFleet, terminates: boolean, ctx: Context): Promise<void> {
  await dropLost(fleet, ctx);
  const had = fleet.$.members.length > 0;
  if (terminates) await terminateMembers(fleet, fleet.$.members, ctx);
  delete fleet.$.wakeAtMs;
  fleet.FleetState = !had ? 'deleted' : terminates ? 'deleted_terminating' : 'deleted_running';
  if (terminates && had) fleet.ActivityStatus = 'pending_termination';
  remember(fleet, { type: 'fleet', subType: fleet.FleetState }, ctx);
}

// ---- what a fleet wants ----

export async function planOf(fleet: StoredFleet, ctx: Context): Promise<FleetPlan> {
  const target = fleet.TargetCapacitySpecification!;
  const { SpotOptions: spot, OnDemandOptions: onDemand } = fleet;
  return {
    kind: fleets.storeKind, id: fleet.FleetId!, sources: await sourcesOf(fleet, ctx), unit: target.TargetCapacityUnitType, fallsBack: fleet.Type !== 'request',
    shrinks: fleet.Type === 'maintain' && fleet.ExcessCapacityTerminationPolicy === 'termination', tags: [{ Key: 'aws:ec2:fleet-id', Value: fleet.FleetId! }],
    onDemand: {
      units: target.OnDemandTargetCapacity!, strategy: (onDemand?.AllocationStrategy ?? 'lowest-price') as Strategy, singleType: onDemand?.SingleInstanceType, singleZone: onDemand?.SingleAvailabilityZone,
      minUnits: onDemand?.MinTargetCapacity, maxTotalUsd: usd(onDemand?.MaxTotalPrice),
    },
    spot: {
      units: target.SpotTargetCapacity!, strategy: (spot?.AllocationStrategy ?? 'lowest-price') as Strategy, pools: spot?.InstancePoolsToUseCount, singleType: spot?.SingleInstanceType, singleZone: spot?.SingleAvailabilityZone,
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

const listed = (text: string | undefined): string[] | undefined => (text ? text.split(',').map((one) => one.trim()) : undefined);

/** A template's launch with an override over it; the template itself is applied by RunInstances. */
export function sourceOf(override: Override & { SpotPrice?: string | undefined }, data: RunInput & { InstanceRequirements?: Requirements }, template: { LaunchTemplateId?: string | undefined; Version: string }): Omit<LaunchSource, 'shown'> {
  const { Placement: place, BlockDeviceMappings: devices, ImageId } = override;
  const own = Object.fromEntries(Object.entries({ ImageId, Placement: place?.GroupName ? { GroupName: place.GroupName } : undefined, BlockDeviceMappings: devices }).filter(([, value]) => value !== undefined));
  const type = override.InstanceType ?? (override.InstanceRequirements ? undefined : data.InstanceType);
  const maxPrice = override.MaxPrice ?? override.SpotPrice ?? data.InstanceMarketOptions?.SpotOptions?.MaxPrice;
  return {
    run: { ImageId: data.ImageId, NetworkInterfaces: data.NetworkInterfaces, SubnetId: data.SubnetId, Placement: data.Placement, ...own, LaunchTemplate: template } as RunInput, type,
    requirements: type === undefined ? ((override.InstanceRequirements ?? data.InstanceRequirements) as Requirements | undefined) : undefined, subnets: listed(override.SubnetId),
    zones: listed(override.AvailabilityZone) ?? listed(override.AvailabilityZoneId), weight: override.WeightedCapacity, priority: override.Priority, maxUsd: usd(maxPrice || undefined),
  };
}

/** What DescribeFleets shows of the capacity that runs. */
export async function withCapacity(fleet: StoredFleet, ctx: Context): Promise<StoredFleet> {
  const present = await living(fleet, ctx);
  const onDemand = unitsIn(present, 'on-demand');
  return { ...fleet, FulfilledCapacity: unitsIn(present, 'spot') + onDemand, FulfilledOnDemandCapacity: onDemand };
}
