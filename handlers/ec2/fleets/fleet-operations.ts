import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { describes, specifiedTags, wildcardMatcher, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { templateOf, versionOf } from '../instances/launch-templates.ts';
import { checkSchedule, spotPrice } from '../spot/spot-request-operations.ts';
import { strategyOf, type Strategy } from './allocation.ts';
import type { LaunchError, LaunchSource } from './candidates.ts';
import * as fleetErrors from './errors.ts';
import { activeInstances, historyOf } from './fleet-histories.ts';
import { end, fleets, planOf, startsAtMs, withCapacity, type StoredFleet } from './fleets.ts';
import { checkRequirements, type Requirements } from './instance-requirements.ts';
import { enrol, launchUnits, type Launched } from './launching.ts';
import { dropLost, remember } from './members.ts';

type CreateInput = Ec2Operations['CreateFleet']['input'];
type ConfigInput = NonNullable<CreateInput['LaunchTemplateConfigs']>[number];
type TargetInput = NonNullable<CreateInput['TargetCapacitySpecification']>;
type Target = NonNullable<StoredFleet['TargetCapacitySpecification']>;
type DeleteError = NonNullable<Ec2Operations['DeleteFleets']['output']['UnsuccessfulFleetDeletions']>[number];

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/fleet-quotas.html */
const TARGET_MAX = 10_000;
const OVERRIDES_MAX = 300;
const DELETIONS_MAX = 100;

// ---- what a request may say ----

/** What is left of the total after both shares is of the default type. */
function targetOf(wanted: TargetInput, before?: Target): Target {
  const total = wanted.TotalTargetCapacity;
  const usual = wanted.DefaultTargetCapacityType ?? before?.DefaultTargetCapacityType ?? 'on-demand';
  const { OnDemandTargetCapacity: onDemand, SpotTargetCapacity: spot } = wanted;
  if (total < 0 || (onDemand ?? 0) < 0 || (spot ?? 0) < 0) throw fleetErrors.invalidTargetCapacity('Target capacities must not be negative.');
  if (total > TARGET_MAX) throw fleetErrors.invalidTargetCapacity(`The target capacity of a fleet is at most ${TARGET_MAX}.`);
  if ((onDemand ?? 0) + (spot ?? 0) > total) throw fleetErrors.invalidTargetCapacity('The sum of OnDemandTargetCapacity and SpotTargetCapacity must not exceed TotalTargetCapacity.');
  const OnDemandTargetCapacity = onDemand ?? (usual === 'on-demand' ? total - (spot ?? 0) : 0);
  const SpotTargetCapacity = spot ?? (usual === 'on-demand' ? 0 : total - OnDemandTargetCapacity);
  const rest = total - OnDemandTargetCapacity - SpotTargetCapacity;
  return {
    TotalTargetCapacity: total, OnDemandTargetCapacity: OnDemandTargetCapacity + (usual === 'on-demand' ? rest : 0), SpotTargetCapacity: SpotTargetCapacity + (usual === 'on-demand' ? 0 : rest), DefaultTargetCapacityType: usual === 'capacity-block' ? 'on-demand' : usual,
    ...((wanted.TargetCapacityUnitType ?? before?.TargetCapacityUnitType) === undefined ? {} : { TargetCapacityUnitType: wanted.TargetCapacityUnitType ?? before?.TargetCapacityUnitType }),
  };
}

/** Templates that exist, and overrides that do not contradict themselves; answered as descriptions show them. */
async function configsOf(configs: readonly ConfigInput[] | undefined, { TargetCapacityUnitType: unit, OnDemandTargetCapacity: onDemand }: NonNullable<StoredFleet['TargetCapacitySpecification']>, ctx: Context): Promise<{ shown: NonNullable<StoredFleet['LaunchTemplateConfigs']>; unshown: NonNullable<StoredFleet['$']['unshown']> }> {
  if (!configs?.length) throw errors.missingParameter('LaunchTemplateConfigs');
  if (configs.reduce((count, config) => count + (config.Overrides?.length ?? 0), 0) > OVERRIDES_MAX) throw fleetErrors.invalidFleetConfig(`A fleet has at most ${OVERRIDES_MAX} overrides.`);
  const shown = [];
  const unshown: NonNullable<StoredFleet['$']['unshown']> = {};
  for (const [at, { LaunchTemplateSpecification: named, Overrides = [] }] of configs.entries()) {
    if (!named) throw errors.missingParameter('LaunchTemplateConfigs.LaunchTemplateSpecification');
    // "You must specify a value, otherwise the request fails."
    if (named.Version === undefined) throw errors.missingParameter('LaunchTemplateConfigs.LaunchTemplateSpecification.Version');
    const template = await templateOf(ctx, named);
    const { LaunchTemplateData: data } = await versionOf(ctx, template, named.Version);
    // Packer's fleets are of Spot Instances, and so are their templates: https://github.com/hashicorp/packer-plugin-amazon/blob/main/common/step_run_spot_instance.go
    // assumed: code and text for other fleets; which market an instance is of is the fleet's to say.
    const market = data?.InstanceMarketOptions?.MarketType;
    if (market !== undefined && (market !== 'spot' || onDemand)) throw fleetErrors.invalidFleetConfig('A launch template that is used by a fleet must not specify InstanceMarketOptions.');
    for (const [number, override] of Overrides.entries()) {
      checkOverride(override, unit);
      const { KeyName, IamInstanceProfile, MetadataOptions, Placement } = override;
      const hidden = Object.fromEntries(Object.entries({ KeyName, IamInstanceProfile, MetadataOptions, Placement }).filter(([, value]) => value !== undefined));
      if (Object.keys(hidden).length > 0) unshown[`${at}/${number}`] = hidden;
    }
    const { LaunchTemplateSpecificationUserData: userData, ...specification } = named;
    if (userData !== undefined) throw errors.unsupportedOperation('The parameter LaunchTemplateSpecificationUserData is not supported by Fogbank yet.');
    shown.push({
      LaunchTemplateSpecification: specification,
      Overrides: Overrides.map(({ KeyName: _key, IamInstanceProfile: _profile, MetadataOptions: _metadata, Placement: place, ...rest }) => ({ ...rest, ...(place ? { Placement: { GroupName: place.GroupName ?? '' } } : {}) })),
    });
  }
  return { shown: shown as NonNullable<StoredFleet['LaunchTemplateConfigs']>, unshown };
}

interface Overriding {
  readonly InstanceType?: string | undefined;
  readonly InstanceRequirements?: object | undefined;
  readonly AvailabilityZone?: string | undefined;
  readonly AvailabilityZoneId?: string | undefined;
  readonly WeightedCapacity?: number | undefined;
  readonly MaxPrice?: string | undefined;
}

/** An override of either kind of fleet. */
export function checkOverride(override: Overriding, unit: string | undefined): void {
  if (override.InstanceType !== undefined && override.InstanceRequirements !== undefined) throw errors.invalidParameterCombination('InstanceType and InstanceRequirements cannot be specified together.');
  if (override.AvailabilityZone !== undefined && override.AvailabilityZoneId !== undefined) throw errors.invalidParameterCombination('Either AvailabilityZone or AvailabilityZoneId can be specified, but not both.');
  if (override.InstanceRequirements !== undefined) checkRequirements(override.InstanceRequirements as Requirements);
  if (override.WeightedCapacity !== undefined && override.WeightedCapacity <= 0) throw fleetErrors.invalidFleetConfig('WeightedCapacity must be greater than 0.');
  if (override.MaxPrice !== undefined) spotPrice(override.MaxPrice);
  // "TargetCapacityUnitType can only be specified when InstanceRequirements is specified."
  if (unit !== undefined && unit !== 'units' && override.InstanceRequirements === undefined) throw errors.invalidParameterCombination('TargetCapacityUnitType can only be specified when InstanceRequirements is specified.');
}

const STRATEGIES: Readonly<Record<'SpotOptions' | 'OnDemandOptions', readonly Strategy[]>> = {
  SpotOptions: ['capacity-optimized', 'capacity-optimized-prioritized', 'diversified', 'lowest-price', 'price-capacity-optimized'],
  OnDemandOptions: ['lowest-price', 'prioritized'],
};

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFleet.html */
function checkOptions(input: CreateInput, type: string, ctx: Context): void {
  checkSchedule(input, ctx);
  const { SpotOptions: spot, OnDemandOptions: onDemand } = input;
  for (const [name, options] of [['SpotOptions', spot], ['OnDemandOptions', onDemand]] as const) {
    if (!options) continue;
    const { SingleInstanceType: oneType, SingleAvailabilityZone: oneZone, MinTargetCapacity: min, MaxTotalPrice: max } = options;
    // "Supported only for fleets of type instant." False and 0 are what a request that says nothing has; Terraform always sends them.
    if (type !== 'instant' && (oneType || oneZone || min)) throw fleetErrors.invalidFleetConfig(`SingleInstanceType, SingleAvailabilityZone and MinTargetCapacity of ${name} are supported only for fleets of type instant.`);
    // "At least one of the following must be specified: SingleAvailabilityZone | SingleInstanceType"
    if (min && !oneType && !oneZone) throw fleetErrors.invalidFleetConfig(`MinTargetCapacity of ${name} requires SingleAvailabilityZone or SingleInstanceType.`);
    if (max !== undefined) spotPrice(max);
    if (!STRATEGIES[name].includes(strategyOf(options.AllocationStrategy))) throw errors.invalidValue(options.AllocationStrategy!, 'allocationStrategy', `Must be one of: ${STRATEGIES[name].join(', ')}.`);
  }
  if (spot?.InstancePoolsToUseCount !== undefined && strategyOf(spot.AllocationStrategy) !== 'lowest-price') throw fleetErrors.invalidFleetConfig('InstancePoolsToUseCount is supported only with the lowest-price allocation strategy.');
  if (spot?.InstancePoolsToUseCount !== undefined && spot.InstancePoolsToUseCount < 1) throw errors.invalidValue(spot.InstancePoolsToUseCount, 'SpotOptions.InstancePoolsToUseCount');
  // "Supported only for fleets of type maintain."
  if (spot?.InstanceInterruptionBehavior !== undefined && spot.InstanceInterruptionBehavior !== 'terminate' && type !== 'maintain') throw fleetErrors.invalidFleetConfig('The interruption behaviors stop and hibernate are supported only for fleets of type maintain.');
  if (spot?.MaintenanceStrategies?.CapacityRebalance && type !== 'maintain') throw fleetErrors.invalidFleetConfig('Capacity Rebalancing is supported only for fleets of type maintain.');
  if (onDemand?.CapacityReservationOptions?.UsageStrategy !== undefined && type !== 'instant') throw fleetErrors.invalidFleetConfig('CapacityReservationOptions are supported only for fleets of type instant.');
}

/** AWS spells its default as Spot Fleets do, whatever its model says: Terraform's provider would replace the fleet over any other answer. https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/ec2/consts.go */
const USUAL = 'lowestPrice' as string as 'lowest-price';

const optionsOf = ({ SpotOptions: spot, OnDemandOptions: onDemand }: CreateInput): Pick<StoredFleet, 'SpotOptions' | 'OnDemandOptions'> => ({
  SpotOptions: { ...spot, AllocationStrategy: spot?.AllocationStrategy ?? USUAL, InstanceInterruptionBehavior: spot?.InstanceInterruptionBehavior ?? 'terminate', ...(strategyOf(spot?.AllocationStrategy) === 'lowest-price' ? { InstancePoolsToUseCount: spot?.InstancePoolsToUseCount ?? 1 } : {}) },
  OnDemandOptions: { ...onDemand, AllocationStrategy: onDemand?.AllocationStrategy ?? USUAL },
});

// ---- making ----

async function createFleet(input: CreateInput, ctx: Context): Promise<Ec2Operations['CreateFleet']['output']> {
  const type = input.Type ?? 'maintain';
  const instant = type === 'instant';
  const taggable = instant ? ['fleet', 'instance', 'volume', 'network-interface', 'spot-instances-request'] : ['fleet'];
  const tags = specifiedTags(input.TagSpecifications as never, 'fleet', taggable);
  checkOptions(input, type, ctx);
  const target = targetOf(input.TargetCapacitySpecification!);
  if (instant && target.TotalTargetCapacity === 0) throw fleetErrors.invalidTargetCapacity('The target capacity of an instant fleet must be at least 1.');
  const { shown, unshown } = await configsOf(input.LaunchTemplateConfigs, target, ctx);
  const instanceTags = input.TagSpecifications?.filter((s) => s.ResourceType !== 'fleet');
  const fleet: StoredFleet = {
    FleetId: ctx.newId(fleets), FleetState: instant ? 'active' : 'submitted', ActivityStatus: 'pending_fulfillment', CreateTime: ctx.now, ClientToken: input.ClientToken ?? '',
    ...(instant ? {} : { ExcessCapacityTerminationPolicy: input.ExcessCapacityTerminationPolicy ?? 'termination' }), LaunchTemplateConfigs: shown, TargetCapacitySpecification: target,
    TerminateInstancesWithExpiration: input.TerminateInstancesWithExpiration ?? false, Type: type, ReplaceUnhealthyInstances: input.ReplaceUnhealthyInstances ?? false, ...optionsOf(input), Tags: tags,
    ...(input.ValidFrom === undefined ? {} : { ValidFrom: input.ValidFrom }), ...(input.ValidUntil === undefined ? {} : { ValidUntil: input.ValidUntil }), ...(input.Context === undefined ? {} : { Context: input.Context }),
    $: { members: [], events: [], startAtMs: startsAtMs(input.ValidFrom, ctx), quickLosses: 0, shortages: 0, unshown, ...(instanceTags?.length ? { instanceTags } : {}) },
  };
  remember(fleet, { type: 'fleet', subType: 'submitted' }, ctx);
  if (instant) await launchAtOnce(fleet, ctx);
  await ctx.create(fleets, fleet);
  // Only an instant fleet answers what it launched.
  return { FleetId: fleet.FleetId, ...(instant ? { Errors: fleet.Errors, Instances: fleet.$.launched } : {}) };
}

/** What the caller may not launch is among the errors, pool by pool. https://github.com/aws/karpenter-provider-aws/issues/1488 */
async function launchAtOnce(fleet: StoredFleet, ctx: Context): Promise<void> {
  const plan = { ...(await planOf(fleet, ctx)), asCaller: true };
  const launches = await launchUnits(plan, { spot: plan.spot.units, onDemand: plan.onDemand.units }, { spot: 0, onDemand: 0 }, ctx);
  enrol(fleet, launches, ctx);
  fleet.$.launched = launches.launched.map(instancesOf);
  fleet.Instances = fleet.$.launched.map(({ AvailabilityZone: _zone, AvailabilityZoneId: _id, SubnetId: _subnet, ...rest }) => rest);
  fleet.Errors = launches.refused.map(errorOf);
  fleet.ActivityStatus = launches.refused.length === 0 ? 'fulfilled' : 'error';
}

type Shown = NonNullable<StoredFleet['Instances']>[number]['LaunchTemplateAndOverrides'];

/** The override as it was taken: with the type and place of the pool. */
const taken = (source: LaunchSource, type: string | undefined, place: { subnetId?: string | undefined; zone: string } | undefined): Shown => {
  const { LaunchTemplateSpecification, Overrides } = source.shown as { LaunchTemplateSpecification: object; Overrides: object };
  return { LaunchTemplateSpecification, Overrides: { ...Overrides, ...(type === undefined ? {} : { InstanceType: type }), ...(place === undefined ? {} : place.subnetId === undefined ? { AvailabilityZone: place.zone } : { SubnetId: place.subnetId }) } } as Shown;
};

const instancesOf = ({ candidate, instances }: Launched) => ({
  LaunchTemplateAndOverrides: taken(candidate.source, candidate.type, candidate), Lifecycle: candidate.market, InstanceIds: instances.map((i) => i.InstanceId!), InstanceType: candidate.type as 'm5.large',
  ...(instances[0]?.Platform ? { Platform: 'Windows' as const } : {}), AvailabilityZone: candidate.zone, AvailabilityZoneId: instances[0]?.Placement?.AvailabilityZoneId, SubnetId: instances[0]?.SubnetId,
});

const errorOf = ({ source, market, type, place, code, message }: LaunchError) => ({ LaunchTemplateAndOverrides: taken(source, type, place), Lifecycle: market, ErrorCode: code, ErrorMessage: message });

// ---- changing and ending ----

async function modifyFleet(input: Ec2Operations['ModifyFleet']['input'], ctx: Context): Promise<Ec2Operations['ModifyFleet']['output']> {
  const fleet = await ctx.get(fleets, input.FleetId);
  // "You can only modify an EC2 Fleet request of type maintain." assumed: code.
  if (fleet.Type !== 'maintain') throw errors.unsupportedOperation(`The fleet '${input.FleetId}' cannot be modified: you can only modify a fleet of type maintain.`);
  if (!/^(active|submitted|modifying)$/.test(fleet.FleetState!)) throw errors.incorrectState(`The fleet '${input.FleetId}' is in the state '${fleet.FleetState}' and cannot be modified.`);
  const target = input.TargetCapacitySpecification && targetOf(input.TargetCapacitySpecification, fleet.TargetCapacitySpecification);
  if (input.LaunchTemplateConfigs !== undefined) {
    const { shown, unshown } = await configsOf(input.LaunchTemplateConfigs, target ?? fleet.TargetCapacitySpecification!, ctx);
    fleet.LaunchTemplateConfigs = shown;
    fleet.$.unshown = unshown;
  }
  if (target) fleet.TargetCapacitySpecification = target;
  if (input.ExcessCapacityTerminationPolicy !== undefined) fleet.ExcessCapacityTerminationPolicy = input.ExcessCapacityTerminationPolicy;
  if (input.Context !== undefined) fleet.Context = input.Context;
  remember(fleet, { type: 'fleet', subType: 'modify_in_progress' }, ctx);
  // A fleet that has not begun yet begins with what it is now.
  if (fleet.FleetState === 'submitted') await ctx.save(fleets, fleet);
  else await ctx.transition(fleets, fleet, 'modifying');
  return { Return: true };
}

async function deleteOne(id: string, terminates: boolean, ctx: Context): Promise<{ before: StoredFleet['FleetState']; after: StoredFleet['FleetState'] } | NonNullable<DeleteError['Error']>> {
  if (!fleets.wellFormed(id)) return { Code: 'fleetIdMalformed', Message: `The fleet ID '${id}' is malformed.` };
  const fleet = await ctx.find(fleets, id);
  if (!fleet) return { Code: 'fleetIdDoesNotExist', Message: `The fleet ID '${id}' does not exist.` };
  // What was deleted without its instances may be deleted again with them. https://github.com/getmoto/moto/blob/5.2.1/tests/test_ec2/test_fleets.py
  const again = fleet.FleetState === 'deleted_running' && terminates;
  if (/^(deleted|failed)/.test(fleet.FleetState!) && !again) return { Code: 'fleetNotInDeletableState', Message: `The fleet '${id}' is in the state '${fleet.FleetState}' and cannot be deleted.` };
  await dropLost(fleet, ctx);
  // "A deleted instant fleet with running instances is not supported."
  if (fleet.Type === 'instant' && !terminates && fleet.$.members.length > 0) return { Code: 'fleetNotInDeletableState', Message: `The instant fleet '${id}' has running instances, which have to be terminated with it.` };
  const before = fleet.FleetState;
  await end(fleet, terminates, ctx);
  const after = fleet.FleetState!;
  await ctx.transition(fleets, fleet, after);
  return { before, after };
}

async function deleteFleets(input: Ec2Operations['DeleteFleets']['input'], ctx: Context): Promise<Ec2Operations['DeleteFleets']['output']> {
  if (input.FleetIds.length > DELETIONS_MAX) throw errors.invalidParameterValue(`You can specify up to ${DELETIONS_MAX} fleet IDs in a single request.`);
  const done = [];
  const failed: DeleteError[] = [];
  for (const FleetId of [...new Set(input.FleetIds)]) {
    const result = await deleteOne(FleetId, input.TerminateInstances === true, ctx);
    // assumed: a fleet that had nothing is told as one whose instances are being terminated, or go on.
    if ('before' in result) done.push({ FleetId, PreviousFleetState: result.before, CurrentFleetState: result.after === 'deleted' ? (input.TerminateInstances ? ('deleted_terminating' as const) : ('deleted_running' as const)) : result.after });
    else failed.push({ FleetId, Error: result });
  }
  return { SuccessfulFleetDeletions: done, UnsuccessfulFleetDeletions: failed };
}

const EVENT_NAMES = { instance: 'instance-change', fleet: 'fleet-change', error: 'service-error', information: 'service-error' } as const;

export const fleetOperations = {
  CreateFleet: createFleet,
  // "If a fleet is of type instant, you must specify the fleet ID in the request, otherwise the fleet does not appear in the response."
  DescribeFleets: describes(fleets, { ids: 'FleetIds', complete: withCapacity, visible: (fleet, input) => fleet.Type !== 'instant' || (input.FleetIds?.length ?? 0) > 0 }),
  DescribeFleetInstances: async (input, ctx) => {
    const fleet = await ctx.get(fleets, input.FleetId);
    // "Currently, DescribeFleetInstances does not support fleets of type instant." assumed: code and text.
    if (fleet.Type === 'instant') throw errors.unsupported('DescribeFleetInstances does not support fleets of type instant.');
    const unknown = input.Filters?.find((f) => f.Name !== 'instance-type');
    if (unknown) throw errors.invalidParameterValue(`The filter '${unknown.Name}' is invalid`);
    const tests = (input.Filters ?? []).map((f) => wildcardMatcher(f.Values ?? []));
    return { FleetId: input.FleetId, ...(await activeInstances(fleet, input, (type) => tests.every((test) => test(type)), ctx)) };
  },
  DescribeFleetHistory: async (input, ctx) => {
    const fleet = await ctx.get(fleets, input.FleetId);
    return { FleetId: input.FleetId, ...historyOf(fleet, input, EVENT_NAMES, (event) => EVENT_NAMES[event.type], ctx) } as Ec2Operations['DescribeFleetHistory']['output'];
  },
  ModifyFleet: modifyFleet,
  DeleteFleets: deleteFleets,
} satisfies Handlers<Ec2Operations>;
