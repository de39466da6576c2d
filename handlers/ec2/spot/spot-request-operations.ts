import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { describes, hours, isoTime, specifiedTags, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { instances } from '../instances/instances.ts';
import type { LaunchPlace } from '../instances/launch-interfaces.ts';
import { planLaunch, type RunInput } from '../instances/run-instances.ts';
import { groupIdentifiers } from '../network-interfaces/network-interfaces.ts';
import { onDemandUsdPerHour } from '../catalog/prices.ts';
import * as spotErrors from './errors.ts';
import { hasSpot, productOf, usdText } from './market.ts';
import { EVALUATION_MS } from './spot-fulfilment.ts';
import { setStatus, spotRequests, type StoredSpotRequest } from './spot-requests.ts';

type RequestInput = Ec2Operations['RequestSpotInstances']['input'];

/** "For a one-time request … by default, the request is valid for 7 days from the date the request was created." */
const ONE_TIME_VALID_MS = hours(24 * 7);

/** A price as callers write it; refused where it is none. */
export function spotPrice(text: string): number {
  if (!/^\d{1,9}(\.\d{1,6})?0*$/.test(text) || Number(text) <= 0) throw spotErrors.invalidSpotPrice(text);
  return Number(text);
}

/** What of a schedule cannot be. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RequestSpotInstances.html */
export function checkSchedule({ ValidFrom, ValidUntil }: { ValidFrom?: string | undefined; ValidUntil?: string | undefined }, ctx: Context): void {
  if (ValidFrom !== undefined && Date.parse(ValidFrom) < ctx.nowMs) throw spotErrors.invalidTime(`The specified ValidFrom time '${ValidFrom}' is in the past.`);
  if (ValidUntil !== undefined && Date.parse(ValidUntil) <= ctx.nowMs) throw spotErrors.invalidTime(`The specified ValidUntil time '${ValidUntil}' is in the past.`);
  if (ValidFrom !== undefined && ValidUntil !== undefined && Date.parse(ValidUntil) <= Date.parse(ValidFrom)) throw spotErrors.invalidTime('ValidUntil must be after ValidFrom.');
}

/** "The default is a one-time request"; only persistent ones may stop or hibernate. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/interruption-behavior.html */
export function checkInterruption(type: string | undefined, behaviour: string | undefined, hibernation: boolean | undefined): void {
  if (behaviour === undefined || behaviour === 'terminate') return;
  // assumed: code and text.
  if (type !== 'persistent') throw errors.invalidParameterCombination(`The interruption behavior '${behaviour}' requires a persistent Spot Instance request.`);
  if (behaviour === 'hibernate' && hibernation === false) throw errors.invalidParameterCombination(`The interruption behavior 'hibernate' requires that hibernation is enabled.`);
}

/** Spot Instances with a defined duration ended in 2022. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-history.html */
export function refuseBlocks(minutes: number | undefined): void {
  if (minutes !== undefined && minutes !== 0) throw errors.unsupportedOperation('Spot Instances with a defined duration (also known as Spot blocks) are no longer available.');
}

/** What RunInstances is asked when a request is fulfilled. */
function launchOf({ LaunchSpecification: spec }: RequestInput): RunInput {
  if (!spec) throw errors.missingParameter('LaunchSpecification');
  if (spec.ImageId === undefined) throw errors.missingParameter('LaunchSpecification.ImageId');
  const { Placement: place, ...rest } = spec;
  return { ...rest, InstanceType: spec.InstanceType ?? 'm1.small', ...(place ? { Placement: { ...place } as RunInput['Placement'] } : {}), MinCount: 1, MaxCount: 1 } as RunInput;
}

async function requestSpotInstances(input: RequestInput, ctx: Context): Promise<Ec2Operations['RequestSpotInstances']['output']> {
  const tags = specifiedTags(input.TagSpecifications as never, 'spot-instances-request');
  const count = input.InstanceCount ?? 1;
  if (count < 1) throw errors.invalidValue(count, 'instanceCount', 'Must be greater than 0.');
  refuseBlocks(input.BlockDurationMinutes);
  checkSchedule(input, ctx);
  const type = input.Type ?? 'one-time';
  checkInterruption(type, input.InstanceInterruptionBehavior, undefined);
  const run = launchOf(input);
  // assumed: what would fail a launch for its parameters is refused at once, as EC2 does for images, groups and subnets.
  const { image, limits, place } = await planLaunch(run, ctx);
  if (!limits || !hasSpot(run.InstanceType!)) throw errors.unsupported(`Spot instances are not supported for this instance type (${run.InstanceType}).`);
  const product = productOf(image.PlatformDetails);
  // An empty price is none: https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/ec2/ec2_spot_instance_request.go sends it for a request without a price.
  const price = input.SpotPrice ? spotPrice(input.SpotPrice) : onDemandUsdPerHour(run.InstanceType!, ctx.region, product)!;
  const specification = await described(input, run, place, ctx);
  const until = input.ValidUntil ?? (type === 'one-time' ? isoTime(Date.parse(ctx.wholeSecond) + ONE_TIME_VALID_MS) : undefined);
  const made: StoredSpotRequest[] = [];
  for (let n = 0; n < count; n++) {
    const request: StoredSpotRequest = {
      SpotInstanceRequestId: newRequestId(ctx), SpotPrice: usdText(price), Type: type, State: 'open', CreateTime: ctx.wholeSecond, ProductDescription: product as StoredSpotRequest['ProductDescription'],
      InstanceInterruptionBehavior: input.InstanceInterruptionBehavior ?? 'terminate', LaunchSpecification: specification, Tags: tags,
      ...(input.LaunchGroup === undefined ? {} : { LaunchGroup: input.LaunchGroup }), ...(input.AvailabilityZoneGroup === undefined ? {} : { AvailabilityZoneGroup: input.AvailabilityZoneGroup }),
      ...(input.ValidFrom === undefined ? {} : { ValidFrom: input.ValidFrom }), ...(until === undefined ? {} : { ValidUntil: until }),
      $: { launch: run, evaluateAtMs: Math.max(ctx.nowMs + ctx.delay(spotRequests, 'open', EVALUATION_MS), Date.parse(input.ValidFrom ?? ctx.now)) },
    };
    setStatus(request, input.ValidFrom === undefined ? 'pending-evaluation' : 'not-scheduled-yet', ctx);
    made.push(await ctx.create(spotRequests, request));
  }
  return { SpotInstanceRequests: made };
}

/** Such ids are short. */
export const newRequestId = (ctx: Context): string => `sir-${ctx.ids.hex(8)}`;

/** The specification as requests show it: groups with their names. */
async function described(input: RequestInput, run: RunInput, place: LaunchPlace, ctx: Context): Promise<StoredSpotRequest['LaunchSpecification']> {
  const { SecurityGroupIds: _ids, SecurityGroups: _names, ...rest } = input.LaunchSpecification!;
  const shown = run.NetworkInterfaces?.length ? [] : await groupIdentifiers(ctx, place.groups, place.subnet.VpcId!);
  return { ...rest, InstanceType: run.InstanceType, SecurityGroups: shown, Monitoring: { Enabled: rest.Monitoring?.Enabled ?? false } } as StoredSpotRequest['LaunchSpecification'];
}

/** "Canceling a Spot Instance request does not terminate running Spot Instances associated with the request." */
async function cancel(request: StoredSpotRequest, ctx: Context): Promise<'active' | 'cancelled' | 'closed' | 'completed' | 'open'> {
  if (request.State === 'closed' || request.State === 'failed') return 'closed';
  if (request.State === 'cancelled') return 'cancelled';
  const { State: before, InstanceId: id } = request;
  setStatus(request, before === 'active' ? 'request-canceled-and-instance-running' : before === 'disabled' ? 'instance-terminated-by-user' : 'canceled-before-fulfillment', ctx);
  delete request.$.interruptAtMs;
  delete request.$.wakeAtMs;
  await ctx.transition(spotRequests, request, 'cancelled');
  // "If you cancel a request with a stopped Spot Instance, the instance is terminated."
  const instance = before === 'disabled' ? await ctx.find(instances, id!) : undefined;
  if (instance && /^stopp(ed|ing)$/.test(instance.State!.Name!)) await ctx.transition(instances, instance, 'shutting-down');
  return 'cancelled';
}

export const spotRequestOperations = {
  RequestSpotInstances: requestSpotInstances,
  DescribeSpotInstanceRequests: describes(spotRequests, { ids: 'SpotInstanceRequestIds' }),
  CancelSpotInstanceRequests: async (input, ctx) => {
    const found = await ctx.getAll(spotRequests, [...new Set(input.SpotInstanceRequestIds)]);
    const CancelledSpotInstanceRequests = [];
    for (const request of found) CancelledSpotInstanceRequests.push({ SpotInstanceRequestId: request.SpotInstanceRequestId, State: await cancel(request, ctx) });
    return { CancelledSpotInstanceRequests };
  },
} satisfies Handlers<Ec2Operations>;
