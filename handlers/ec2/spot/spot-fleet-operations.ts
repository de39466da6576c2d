import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { describes, specifiedTags, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { activeInstances, historyOf } from '../fleets/fleet-histories.ts';
import { checkOverride } from '../fleets/fleet-operations.ts';
import { checkRequirements, type Requirements } from '../fleets/instance-requirements.ts';
import { remember, type FleetEvent } from '../fleets/members.ts';
import { templateOf, versionOf } from '../instances/launch-templates.ts';
import { invalidFleetRequest, invalidToken } from './errors.ts';
import { end, spotFleets, startsAtMs, withCapacity, type SpotFleetConfig, type SpotFleetSpecification, type StoredSpotFleet } from './spot-fleets.ts';
import { checkSchedule, spotPrice } from './spot-request-operations.ts';

type CancelError = NonNullable<Ec2Operations['CancelSpotFleetRequests']['output']['UnsuccessfulFleetRequests']>[number];

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/fleet-quotas.html */
const TARGET_MAX = 10_000;

// ---- what a request may say ----

/**
 * Terraform sends an empty price and an empty name of a profile where a specification has none; it must find the price again.
 * https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/ec2/ec2_spot_fleet_request.go
 */
function withoutEmpty({ IamInstanceProfile, ...rest }: SpotFleetSpecification): SpotFleetSpecification {
  const profile = Object.fromEntries(Object.entries(IamInstanceProfile ?? {}).filter(([, value]) => value));
  return { ...rest, ...(Object.keys(profile).length > 0 ? { IamInstanceProfile: profile } : {}) };
}

function checkSpecification(specification: SpotFleetSpecification): void {
  if (specification.ImageId === undefined) throw errors.missingParameter('SpotFleetRequestConfig.LaunchSpecifications.ImageId');
  if (specification.InstanceType !== undefined && specification.InstanceRequirements !== undefined) throw errors.invalidParameterCombination('InstanceType and InstanceRequirements cannot be specified together.');
  if (specification.InstanceType === undefined && specification.InstanceRequirements === undefined) throw errors.missingParameter('SpotFleetRequestConfig.LaunchSpecifications.InstanceType');
  if (specification.InstanceRequirements) checkRequirements(specification.InstanceRequirements as Requirements);
  if (specification.WeightedCapacity !== undefined && specification.WeightedCapacity <= 0) throw invalidFleetRequest('WeightedCapacity must be greater than 0.');
  if (specification.SpotPrice) spotPrice(specification.SpotPrice);
  specifiedTags(specification.TagSpecifications as never, 'instance');
}

async function checkTemplates(configs: SpotFleetConfig['LaunchTemplateConfigs'], unit: string | undefined, ctx: Context): Promise<void> {
  for (const { LaunchTemplateSpecification: named, Overrides = [] } of configs ?? []) {
    if (!named) throw errors.missingParameter('LaunchTemplateConfigs.LaunchTemplateSpecification');
    // "You must specify a value, otherwise the request fails."
    if (named.Version === undefined) throw errors.missingParameter('LaunchTemplateConfigs.LaunchTemplateSpecification.Version');
    const { LaunchTemplateData: data } = await versionOf(ctx, await templateOf(ctx, named), named.Version);
    // assumed: text; which market an instance is of is the fleet's to say.
    if (data?.InstanceMarketOptions?.MarketType !== undefined) throw invalidFleetRequest('A launch template that is used by a fleet must not specify InstanceMarketOptions.');
    for (const override of Overrides) {
      checkOverride(override, unit);
      if (override.SpotPrice !== undefined) spotPrice(override.SpotPrice);
    }
  }
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SpotFleetRequestConfigData.html */
async function checkConfig(config: SpotFleetConfig, ctx: Context): Promise<void> {
  if (!/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/.test(config.IamFleetRole ?? '')) throw invalidFleetRequest('Parameter: SpotFleetRequestConfig.IamFleetRole is invalid.');
  checkCapacity(config.TargetCapacity!, config.OnDemandTargetCapacity);
  if (config.Type === 'instant') throw invalidFleetRequest('Parameter: SpotFleetRequestConfig.Type is invalid. Valid values: maintain | request');
  // "You must specify one or more launch specifications … or launch template configs", and not both.
  if (Boolean(config.LaunchSpecifications?.length) === Boolean(config.LaunchTemplateConfigs?.length)) throw invalidFleetRequest('Exactly one of LaunchSpecifications and LaunchTemplateConfigs must be specified.');
  checkSchedule(config, ctx);
  for (const price of [config.SpotPrice, config.OnDemandMaxTotalPrice, config.SpotMaxTotalPrice]) if (price !== undefined) spotPrice(price);
  if (config.InstancePoolsToUseCount !== undefined && (config.AllocationStrategy ?? 'lowestPrice') !== 'lowestPrice') throw invalidFleetRequest('InstancePoolsToUseCount is supported only with the lowestPrice allocation strategy.');
  if ((config.InstanceInterruptionBehavior ?? 'terminate') !== 'terminate' && config.Type === 'request') throw invalidFleetRequest('The interruption behaviors stop and hibernate are supported only for fleets of type maintain.');
  // Priorities lie in overrides of launch templates. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-fleet-allocation-strategy.html
  if (config.AllocationStrategy === 'capacityOptimizedPrioritized' && config.LaunchSpecifications?.length) throw invalidFleetRequest('capacityOptimizedPrioritized is supported only with launch templates.');
  checkExcessPolicy(config.ExcessCapacityTerminationPolicy);
  config.LaunchSpecifications?.forEach(checkSpecification);
  await checkTemplates(config.LaunchTemplateConfigs, config.TargetCapacityUnitType, ctx);
}

/**
 * Clients that spell it `Default` and `NoTermination` are heard, and answered in their own spelling.
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/spot_fleet_request
 */
function checkExcessPolicy(policy: string | undefined): void {
  if (policy !== undefined && !['default', 'notermination'].includes(policy.toLowerCase())) throw errors.invalidValue(policy, 'excessCapacityTerminationPolicy', 'Must be one of: default, noTermination.');
}

function checkCapacity(total: number, onDemand = 0): void {
  if (total < 0 || total > TARGET_MAX) throw invalidFleetRequest(`TargetCapacity must be from 0 to ${TARGET_MAX}.`);
  if (onDemand < 0 || onDemand > total) throw invalidFleetRequest('OnDemandTargetCapacity must be from 0 to TargetCapacity.');
}

// ---- making, changing, ending ----

async function requestSpotFleet(input: Ec2Operations['RequestSpotFleet']['input'], ctx: Context): Promise<Ec2Operations['RequestSpotFleet']['output']> {
  const { TagSpecifications, ...given } = input.SpotFleetRequestConfig as SpotFleetConfig;
  const wanted: SpotFleetConfig = given.LaunchSpecifications ? { ...given, LaunchSpecifications: given.LaunchSpecifications.map(withoutEmpty) } : given;
  const tags = specifiedTags(TagSpecifications as never, 'spot-fleet-request');
  const asked = JSON.stringify(input.SpotFleetRequestConfig);
  // The token lies within the configuration, where nobody else looks for it.
  const [same] = wanted.ClientToken === undefined ? [] : await ctx.list(spotFleets, { member: 'SpotFleetRequestConfig.ClientToken', value: wanted.ClientToken });
  if (same && same.$.asked !== asked) throw invalidToken();
  if (same) return { SpotFleetRequestId: same.SpotFleetRequestId };
  await checkConfig(wanted, ctx);
  const config: SpotFleetConfig = {
    ...wanted, Type: wanted.Type ?? 'maintain', AllocationStrategy: wanted.AllocationStrategy ?? 'lowestPrice', OnDemandAllocationStrategy: wanted.OnDemandAllocationStrategy ?? 'lowestPrice', ExcessCapacityTerminationPolicy: wanted.ExcessCapacityTerminationPolicy ?? 'default',
    OnDemandTargetCapacity: wanted.OnDemandTargetCapacity ?? 0, TerminateInstancesWithExpiration: wanted.TerminateInstancesWithExpiration ?? false, ReplaceUnhealthyInstances: wanted.ReplaceUnhealthyInstances ?? false,
    InstanceInterruptionBehavior: wanted.InstanceInterruptionBehavior ?? 'terminate', ...((wanted.AllocationStrategy ?? 'lowestPrice') === 'lowestPrice' ? { InstancePoolsToUseCount: wanted.InstancePoolsToUseCount ?? 1 } : {}),
  };
  const fleet: StoredSpotFleet = {
    SpotFleetRequestId: ctx.newId(spotFleets), SpotFleetRequestState: 'submitted', ActivityStatus: 'pending_fulfillment', CreateTime: ctx.now, SpotFleetRequestConfig: config, Tags: tags,
    $: { members: [], events: [], startAtMs: startsAtMs(wanted.ValidFrom, ctx), quickLosses: 0, shortages: 0, ...(wanted.ClientToken === undefined ? {} : { asked }) },
  };
  remember(fleet, { type: 'fleet', subType: 'submitted' }, ctx);
  await ctx.create(spotFleets, fleet);
  return { SpotFleetRequestId: fleet.SpotFleetRequestId };
}

async function modify(input: Ec2Operations['ModifySpotFleetRequest']['input'], ctx: Context): Promise<Ec2Operations['ModifySpotFleetRequest']['output']> {
  const fleet = await ctx.get(spotFleets, input.SpotFleetRequestId);
  const config = fleet.SpotFleetRequestConfig!;
  // "To modify your Spot Fleet, it must be of type maintain." assumed: code.
  if (config.Type !== 'maintain') throw invalidFleetRequest(`The spot fleet request '${input.SpotFleetRequestId}' cannot be modified: it is not of type maintain.`);
  if (!/^(active|submitted)$/.test(fleet.SpotFleetRequestState!)) throw errors.incorrectState(`The spot fleet request '${input.SpotFleetRequestId}' is in the state '${fleet.SpotFleetRequestState}' and cannot be modified.`);
  const total = input.TargetCapacity ?? config.TargetCapacity!;
  const onDemand = input.OnDemandTargetCapacity ?? config.OnDemandTargetCapacity!;
  checkCapacity(total, onDemand);
  checkExcessPolicy(input.ExcessCapacityTerminationPolicy);
  if (input.LaunchTemplateConfigs !== undefined) {
    if (config.LaunchSpecifications?.length) throw invalidFleetRequest('The launch template configs of a fleet that was made with launch specifications cannot be modified.');
    await checkTemplates(input.LaunchTemplateConfigs, config.TargetCapacityUnitType, ctx);
    config.LaunchTemplateConfigs = input.LaunchTemplateConfigs;
  }
  Object.assign(config, { TargetCapacity: total, OnDemandTargetCapacity: onDemand, ExcessCapacityTerminationPolicy: input.ExcessCapacityTerminationPolicy ?? config.ExcessCapacityTerminationPolicy, ...(input.Context === undefined ? {} : { Context: input.Context }) });
  remember(fleet, { type: 'fleet', subType: 'modify_in_progress' }, ctx);
  if (fleet.SpotFleetRequestState === 'submitted') await ctx.save(spotFleets, fleet);
  else await ctx.transition(spotFleets, fleet, 'modifying');
  return { Return: true };
}

type Cancelled = { readonly before: StoredSpotFleet['SpotFleetRequestState']; readonly after: StoredSpotFleet['SpotFleetRequestState'] };

async function cancelOne(id: string, terminates: boolean, ctx: Context): Promise<Cancelled | NonNullable<CancelError['Error']>> {
  if (!spotFleets.wellFormed(id)) return { Code: 'fleetRequestIdMalformed', Message: `The spot fleet request ID '${id}' is malformed.` };
  const fleet = await ctx.find(spotFleets, id);
  if (!fleet) return { Code: 'fleetRequestIdDoesNotExist', Message: `The spot fleet request ID '${id}' does not exist.` };
  const before = fleet.SpotFleetRequestState!;
  // Instances that a cancellation left running may still be ended by another.
  if (/^(cancelled|cancelled_terminating|failed)$/.test(before) || (before === 'cancelled_running' && !terminates)) return { Code: 'fleetRequestNotInCancellableState', Message: `The spot fleet request '${id}' is in the state '${before}' and cannot be cancelled.` };
  await end(fleet, terminates, ctx);
  const after = fleet.SpotFleetRequestState!;
  await ctx.transition(spotFleets, fleet, after);
  return { before, after: after === 'cancelled' ? (terminates ? 'cancelled_terminating' : 'cancelled_running') : after };
}

// ---- histories ----

/** Requests and records spell an EventType differently. */
const EVENT_NAMES = { instance: 'instanceChange', fleet: 'fleetRequestChange', error: 'error', information: 'Information' } as const;
const asked = (event: FleetEvent): string => (event.type === 'information' ? 'information' : EVENT_NAMES[event.type]);

export const spotFleetOperations = {
  RequestSpotFleet: requestSpotFleet,
  DescribeSpotFleetRequests: describes(spotFleets, { ids: 'SpotFleetRequestIds', complete: withCapacity }),
  DescribeSpotFleetInstances: async (input, ctx) => ({
    SpotFleetRequestId: input.SpotFleetRequestId, ...(await activeInstances(await ctx.get(spotFleets, input.SpotFleetRequestId), input, () => true, ctx)),
  }),
  DescribeSpotFleetRequestHistory: async (input, ctx) => {
    const fleet = await ctx.get(spotFleets, input.SpotFleetRequestId);
    return { SpotFleetRequestId: input.SpotFleetRequestId, ...historyOf(fleet, input, EVENT_NAMES, asked, ctx) } as Ec2Operations['DescribeSpotFleetRequestHistory']['output'];
  },
  ModifySpotFleetRequest: modify,
  CancelSpotFleetRequests: async (input, ctx) => {
    const done = [];
    const failed: CancelError[] = [];
    for (const SpotFleetRequestId of [...new Set(input.SpotFleetRequestIds)]) {
      const result = await cancelOne(SpotFleetRequestId, input.TerminateInstances === true, ctx);
      if ('before' in result) done.push({ SpotFleetRequestId, PreviousSpotFleetRequestState: result.before, CurrentSpotFleetRequestState: result.after });
      else failed.push({ SpotFleetRequestId, Error: result });
    }
    return { SuccessfulFleetRequests: done, UnsuccessfulFleetRequests: failed };
  },
} satisfies Handlers<Ec2Operations>;
