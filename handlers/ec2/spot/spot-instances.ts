import type { Context } from '../../../src/kit/index.ts';
import { specifiedTags } from '../../../src/kit/index.ts';
import { onDemandUsdPerHour } from '../catalog/prices.ts';
import * as errors from '../errors.ts';
import type { StoredInstance } from '../instances/instances.ts';
import type { ClaimedLaunch, Launcher } from '../instances/launch-claims.ts';
import type { RunInput } from '../instances/run-instances.ts';
import * as spotErrors from './errors.ts';
import { hasSpot, Market, productOf, usdText } from './market.ts';
import { ended } from './spot-fulfilment.ts';
import { checkInterruption, checkSchedule, newRequestId, refuseBlocks, spotPrice } from './spot-request-operations.ts';
import { setStatus, spotRequests, type StoredSpotRequest } from './spot-requests.ts';

type SpotOptions = NonNullable<NonNullable<RunInput['InstanceMarketOptions']>['SpotOptions']>;

/** What the spot requests of a launch have in common. */
export interface SpotLaunch {
  readonly request: Omit<StoredSpotRequest, 'SpotInstanceRequestId' | 'InstanceId'>;
}

/** Spot Instances that RunInstances launches have a request each, which is fulfilled at once. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceMarketOptionsRequest.html */
export function planSpot({ input, image, type, place }: ClaimedLaunch, launcher: Launcher, ctx: Context): SpotLaunch {
  const options: SpotOptions = input.InstanceMarketOptions?.SpotOptions ?? {};
  const kind = options.SpotInstanceType ?? 'one-time';
  refuseBlocks(options.BlockDurationMinutes);
  checkSchedule(options, ctx);
  // "The end date of the request … Supported only for persistent requests."
  if (options.ValidUntil !== undefined && kind !== 'persistent') throw errors.invalidParameterCombination('ValidUntil is supported only for persistent Spot Instance requests.');
  // A fleet's requests are one-time ones, whatever an interruption does.
  if (!launcher.fleet) checkInterruption(kind, options.InstanceInterruptionBehavior, input.HibernationOptions?.Configured);
  if (!hasSpot(type)) throw errors.unsupported(`Spot instances are not supported for this instance type (${type}).`);
  if (input.Placement?.Tenancy === 'host') throw errors.unsupported('Spot instances are not supported on Dedicated Hosts.');
  const zone = place.subnet.AvailabilityZone!;
  const product = productOf(image.PlatformDetails);
  const maxUsd = options.MaxPrice === undefined ? onDemandUsdPerHour(type, ctx.region, product)! : spotPrice(options.MaxPrice);
  const priceUsd = Market.of(ctx).usdPerHour({ type, zone, product }, ctx.nowMs);
  if (priceUsd > maxUsd) throw spotErrors.maxPriceTooLow(options.MaxPrice!, String(priceUsd));
  const { MinCount: _min, MaxCount: _max, InstanceMarketOptions: _market, TagSpecifications, ClientToken: _token, ...launch } = input;
  const tags = specifiedTags(TagSpecifications as never, 'spot-instances-request', ['instance', 'volume', 'network-interface', 'spot-instances-request']);
  return {
    request: {
      SpotPrice: usdText(maxUsd), Type: kind, State: 'active', CreateTime: ctx.wholeSecond, ProductDescription: product as StoredSpotRequest['ProductDescription'], InstanceInterruptionBehavior: options.InstanceInterruptionBehavior ?? 'terminate',
      LaunchedAvailabilityZone: zone, LaunchedAvailabilityZoneId: place.subnet.AvailabilityZoneId, LaunchSpecification: specificationOf(input, type, place.subnet.SubnetId!, zone), Tags: tags,
      ...(options.ValidUntil === undefined ? {} : { ValidUntil: options.ValidUntil }),
      $: { launch: { ...launch, InstanceType: type as RunInput['InstanceType'], TagSpecifications: TagSpecifications?.filter((s) => s.ResourceType !== 'spot-instances-request'), MinCount: 1, MaxCount: 1 }, pool: { type, zone }, evaluateAtMs: ctx.nowMs },
    },
  };
}

const specificationOf = (input: RunInput, type: string, subnetId: string, zone: string): StoredSpotRequest['LaunchSpecification'] => ({
  ImageId: input.ImageId, InstanceType: type as never, Monitoring: { Enabled: input.Monitoring?.Enabled ?? false }, Placement: { AvailabilityZone: zone }, EbsOptimized: input.EbsOptimized ?? false,
  ...(input.KeyName === undefined ? {} : { KeyName: input.KeyName }), ...(input.NetworkInterfaces?.length ? {} : { SubnetId: subnetId }), SecurityGroups: (input.SecurityGroupIds ?? []).map((GroupId) => ({ GroupId })),
  ...(input.IamInstanceProfile === undefined ? {} : { IamInstanceProfile: input.IamInstanceProfile }),
});

/** The request of one instance, fulfilled. */
export async function createFulfilled({ request }: SpotLaunch, instanceId: string, ctx: Context): Promise<string> {
  const made = structuredClone({ ...request, SpotInstanceRequestId: newRequestId(ctx), InstanceId: instanceId }) as StoredSpotRequest;
  setStatus(made, 'fulfilled', ctx);
  await ctx.create(spotRequests, made);
  return made.SpotInstanceRequestId!;
}

/** A spot instance that stops or ends says so to its request, unless EC2 itself took it back. */
export async function spotInstanceLeft(instance: StoredInstance, ctx: Context): Promise<void> {
  if (instance.SpotInstanceRequestId === undefined || instance.StateReason?.Code?.startsWith('Server.SpotInstance')) return;
  const request = await ctx.find(spotRequests, instance.SpotInstanceRequestId);
  if (request?.InstanceId !== instance.InstanceId || /^(closed|failed)$/.test(request!.State!)) return;
  if (/^stopp/.test(instance.State!.Name!)) {
    if (request!.State !== 'active') return;
    request!.State = 'disabled';
    setStatus(request!, 'instance-stopped-by-user', ctx);
  } else if (request!.Status?.Code !== 'instance-terminated-by-user') await ended(request!, 'instance-terminated-by-user', ctx);
  else return;
  await ctx.transition(spotRequests, request!, request!.State!);
}

/** "You can only stop Spot Instances associated with persistent Spot Instance requests." https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-spot-instances-request.html#stopping-a-spot-instance */
export async function refuseStopOfOneTime(instance: StoredInstance, ctx: Context): Promise<void> {
  if (instance.SpotInstanceRequestId === undefined) return;
  const request = await ctx.find(spotRequests, instance.SpotInstanceRequestId);
  if (request?.Type !== 'persistent') throw spotErrors.oneTimeNotStoppable(instance.InstanceId!);
}

/** Who stopped a spot instance may start it again; what EC2 stopped only EC2 starts. */
export async function spotInstanceStarts(instance: StoredInstance, ctx: Context): Promise<void> {
  if (instance.SpotInstanceRequestId === undefined) return;
  const request = await ctx.find(spotRequests, instance.SpotInstanceRequestId);
  if (request?.State !== 'disabled' || request.Status?.Code !== 'instance-stopped-by-user') throw spotErrors.incorrectRequestState(instance.InstanceId!);
  const usd = Market.of(ctx).usdPerHour({ ...request.$.pool!, product: request.ProductDescription! }, ctx.nowMs);
  if (usd > Number(request.SpotPrice)) throw spotErrors.maxPriceTooLow(request.SpotPrice!, String(usd));
  setStatus(request, 'fulfilled', ctx);
  await ctx.transition(spotRequests, request, 'active');
}
