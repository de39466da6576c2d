import { AwsError, minutes, type Context } from '../../../src/kit/index.ts';
import { instanceTypeOffered } from '../catalog/instance-type-offerings.ts';
import { admitLaunch } from '../launch-faults.ts';
import { givePublicIp, instances, type StoredInstance } from '../instances/instances.ts';
import { runInstances } from '../instances/run-instances.ts';
import { launchPlace } from '../instances/launch-interfaces.ts';
import { subnets } from '../vpcs/subnets.ts';
import { defaultVpc } from '../vpcs/vpcs.ts';
import { Market, type Pool } from './market.ts';
import { setStatus, spotRequests, type SpotStatus, type StoredSpotRequest } from './spot-requests.ts';

/** "A two-minute warning" before EC2 interrupts. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html */
const NOTICE_MS = minutes(2);
/** assumed: how soon a request is looked at again that nothing but capacity or a limit holds up. */
const RETRY_MS = minutes(15);

/** Does with a request what is to be done now, and says when to look again. */
export async function advance(request: StoredSpotRequest, ctx: Context): Promise<void> {
  delete request.$.wakeAtMs;
  if (request.State === 'open') await evaluate(request, ctx);
  if (request.State === 'active') await watch(request, ctx);
  else if (request.State === 'disabled') await revive(request, ctx);
}

const wake = (request: StoredSpotRequest, atMs: number | undefined): void => {
  if (atMs !== undefined) request.$.wakeAtMs = Math.min(request.$.wakeAtMs ?? Number.MAX_SAFE_INTEGER, Math.floor(atMs));
};

const validUntilMs = (request: StoredSpotRequest): number | undefined => (request.ValidUntil === undefined ? undefined : Date.parse(request.ValidUntil));

// ---- open requests ----

async function evaluate(request: StoredSpotRequest, ctx: Context): Promise<void> {
  const until = validUntilMs(request);
  if (until !== undefined && ctx.nowMs >= until) {
    request.State = 'closed';
    return setStatus(request, 'schedule-expired', ctx);
  }
  wake(request, until);
  if (!request.$.reviewed || ctx.nowMs < Math.floor(request.$.evaluateAtMs)) {
    request.$.reviewed = true;
    return wake(request, request.$.evaluateAtMs);
  }
  const group = request.LaunchGroup === undefined ? [request] : await openGroup(request, ctx);
  const outcome = await ctx.attempt(() => fulfilAll(group, ctx));
  if ('done' in outcome) {
    for (const other of group) if (other !== request) await ctx.transition(spotRequests, other, 'active');
    return;
  }
  for (const one of group) Object.assign(one, { State: 'open', InstanceId: undefined, LaunchedAvailabilityZone: undefined, LaunchedAvailabilityZoneId: undefined });
  await postpone(request, outcome.refused, group.length > 1, ctx);
}

/** A launch group's open requests are fulfilled together or not at all. */
async function openGroup(request: StoredSpotRequest, ctx: Context): Promise<StoredSpotRequest[]> {
  const all = await ctx.list(spotRequests, { member: 'LaunchGroup', value: request.LaunchGroup! });
  return all.map((one) => (one.SpotInstanceRequestId === request.SpotInstanceRequestId ? request : one)).filter((one) => one.State === 'open');
}

/** Why a request has to wait: not an answer to anybody. */
class Postponed extends AwsError {
  constructor(readonly because: SpotStatus, readonly untilMs?: number) {
    super(because, because);
  }
}

async function fulfilAll(group: readonly StoredSpotRequest[], ctx: Context): Promise<void> {
  for (const request of group) await fulfil(request, ctx);
}

async function fulfil(request: StoredSpotRequest, ctx: Context): Promise<void> {
  const market = Market.of(ctx);
  const pools = await poolsFor(request, ctx);
  const [best] = pools.map((pool) => ({ pool, usd: market.usdPerHour(pool, ctx.nowMs) })).sort((a, b) => a.usd - b.usd);
  if (!best) throw new Postponed(request.AvailabilityZoneGroup === undefined ? 'constraint-not-fulfillable' : 'az-group-constraint');
  const maxUsd = Number(request.SpotPrice);
  if (best.usd > maxUsd) {
    const turns = pools.map((pool) => market.nextMs(pool, ctx.nowMs, maxUsd, 'within')).filter((at) => at !== undefined);
    throw new Postponed('price-too-low', turns.length > 0 ? Math.min(...turns) : undefined);
  }
  const { zone } = best.pool;
  const launch = request.$.launch;
  await admitLaunch(ctx, launch, zone);
  const placed = launch.SubnetId !== undefined || launch.NetworkInterfaces?.length ? launch : { ...launch, Placement: { ...launch.Placement, AvailabilityZone: zone } };
  const { Instances: [instance] = [] } = await runInstances({ ...placed, MinCount: 1, MaxCount: 1 }, ctx, { spotRequestId: request.SpotInstanceRequestId! });
  Object.assign(request, { State: 'active', InstanceId: instance!.InstanceId, LaunchedAvailabilityZone: instance!.Placement!.AvailabilityZone, LaunchedAvailabilityZoneId: instance!.Placement!.AvailabilityZoneId });
  request.$.pool = { type: best.pool.type, zone };
  delete request.Fault;
  setStatus(request, 'fulfilled', ctx);
}

/** The pools from which a request may be fulfilled: those of its zone, or of every zone where it may go. */
async function poolsFor(request: StoredSpotRequest, ctx: Context): Promise<Pool[]> {
  const { launch } = request.$;
  const type: string = launch.InstanceType!;
  const fixed = launch.SubnetId ?? launch.NetworkInterfaces?.length ?? launch.Placement?.AvailabilityZone;
  const zones = fixed === undefined ? await defaultZones(ctx) : [(await launchPlace(launch, ctx, () => true)).subnet.AvailabilityZone!];
  const together = await groupZone(request, ctx);
  return zones.filter((zone) => (together ?? zone) === zone && instanceTypeOffered(ctx.region, zone, type)).map((zone) => ({ type, zone, product: request.ProductDescription! }));
}

async function defaultZones(ctx: Context): Promise<string[]> {
  const vpc = await defaultVpc(ctx);
  return vpc ? (await ctx.list(subnets, { member: 'VpcId', value: vpc.VpcId! })).filter((subnet) => subnet.DefaultForAz).map((subnet) => subnet.AvailabilityZone!) : [];
}

/** "If you specify the same Availability Zone group for all Spot Instance requests, all Spot Instances are launched in the same Availability Zone." */
async function groupZone(request: StoredSpotRequest, ctx: Context): Promise<string | undefined> {
  if (request.AvailabilityZoneGroup === undefined) return undefined;
  const others = await ctx.list(spotRequests, { member: 'AvailabilityZoneGroup', value: request.AvailabilityZoneGroup });
  return others.find((other) => other.State === 'active' && other.SpotInstanceRequestId !== request.SpotInstanceRequestId)?.LaunchedAvailabilityZone;
}

const CAPACITY = /^Insufficient|^Unsupported$/;
const LIMITS = /LimitExceeded$|CountExceeded$/;

/** What holds a request up says how long it waits, or that it has failed. */
async function postpone(request: StoredSpotRequest, refused: AwsError, grouped: boolean, ctx: Context): Promise<void> {
  if (refused instanceof Postponed) {
    setStatus(request, grouped ? 'launch-group-constraint' : refused.because, ctx);
    return wake(request, refused.untilMs ?? (refused.because === 'price-too-low' ? undefined : ctx.nowMs + RETRY_MS));
  }
  const waits = CAPACITY.test(refused.code) ? 'capacity-not-available' : LIMITS.test(refused.code) || refused.status >= 500 ? 'limit-exceeded' : undefined;
  if (waits) {
    setStatus(request, grouped ? 'launch-group-constraint' : waits, ctx);
    return wake(request, ctx.nowMs + RETRY_MS);
  }
  request.State = 'failed';
  delete request.$.wakeAtMs;
  request.Fault = { Code: refused.code, Message: refused.message };
  setStatus(request, 'bad-parameters', ctx);
}

// ---- fulfilled requests ----

const poolOf = (request: StoredSpotRequest): Pool => ({ ...request.$.pool!, product: request.ProductDescription! });

/** An instance is interrupted two minutes after the price has gone over what the request pays at most. */
async function watch(request: StoredSpotRequest, ctx: Context): Promise<void> {
  const at = request.$.interruptAtMs;
  if (at !== undefined && ctx.nowMs >= at) return interrupt(request, 'price', ctx);
  if (at !== undefined) return wake(request, at);
  const maxUsd = Number(request.SpotPrice);
  const market = Market.of(ctx);
  if (market.usdPerHour(poolOf(request), ctx.nowMs) <= maxUsd) return wake(request, market.nextMs(poolOf(request), ctx.nowMs, maxUsd, 'above'));
  request.$.interruptAtMs = Math.floor(ctx.nowMs) + NOTICE_MS;
  setStatus(request, request.InstanceInterruptionBehavior === 'terminate' ? 'marked-for-termination' : 'marked-for-stop', ctx);
  wake(request, request.$.interruptAtMs);
}

type Cause = 'price' | 'launch-group';

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/interruption-behavior.html */
async function interrupt(request: StoredSpotRequest, cause: Cause, ctx: Context): Promise<void> {
  const instance = await ctx.find(instances, request.InstanceId!);
  delete request.$.interruptAtMs;
  if (request.InstanceInterruptionBehavior === 'terminate') {
    if (instance) await takeBack(instance, 'shutting-down', 'Server.SpotInstanceTermination', ctx);
    await ended(request, cause === 'price' ? 'instance-terminated-by-price' : 'instance-terminated-launch-group-constraint', ctx);
  } else {
    if (instance) await takeBack(instance, 'stopping', 'Server.SpotInstanceShutdown', ctx);
    request.State = 'disabled';
    setStatus(request, 'instance-stopped-by-price', ctx);
    await revive(request, ctx);
  }
  if (cause === 'price' && request.LaunchGroup !== undefined) await interruptGroup(request, ctx);
}

/** "If one of the instances of a launch group is terminated by EC2, all are." */
async function interruptGroup(request: StoredSpotRequest, ctx: Context): Promise<void> {
  for (const other of await ctx.list(spotRequests, { member: 'LaunchGroup', value: request.LaunchGroup! })) {
    if (other.SpotInstanceRequestId === request.SpotInstanceRequestId || other.State !== 'active') continue;
    await interrupt(other, 'launch-group', ctx);
    await ctx.transition(spotRequests, other, other.State);
  }
}

async function takeBack(instance: StoredInstance, to: string, code: string, ctx: Context): Promise<void> {
  if (!/^(pending|running)$/.test(instance.State!.Name!)) return;
  instance.StateReason = { Code: code, Message: `${code}: ${to === 'stopping' ? 'Spot instance shutdown' : 'Spot instance termination'}` };
  instance.StateTransitionReason = code;
  await ctx.transition(instances, instance, to);
}

/** A request whose instance is gone: a persistent one is evaluated again, a one-time one is over. */
export async function ended(request: StoredSpotRequest, status: SpotStatus, ctx: Context): Promise<void> {
  setStatus(request, status, ctx);
  delete request.$.interruptAtMs;
  delete request.$.wakeAtMs;
  if (request.State === 'cancelled') return;
  request.State = request.Type === 'persistent' ? 'open' : 'closed';
  if (request.State === 'closed') return;
  for (const member of ['InstanceId', 'LaunchedAvailabilityZone', 'LaunchedAvailabilityZoneId'] as const) delete request[member];
  request.$.evaluateAtMs = ctx.nowMs + ctx.delay(spotRequests, 'open', EVALUATION_MS);
  request.$.reviewed = false;
  wake(request, request.$.evaluateAtMs);
}

/** assumed: how long a request is being reviewed. */
export const EVALUATION_MS = 3000;

/** What EC2 has stopped it starts again when the price allows. */
async function revive(request: StoredSpotRequest, ctx: Context): Promise<void> {
  if (request.Status?.Code !== 'instance-stopped-by-price') return;
  const maxUsd = Number(request.SpotPrice);
  const market = Market.of(ctx);
  const instance = await ctx.find(instances, request.InstanceId!);
  if (market.usdPerHour(poolOf(request), ctx.nowMs) > maxUsd) return wake(request, market.nextMs(poolOf(request), ctx.nowMs, maxUsd, 'within'));
  // It is still stopping.
  if (instance?.State!.Name === 'stopping') return wake(request, ctx.nowMs + NOTICE_MS);
  if (instance?.State!.Name !== 'stopped') return;
  const outcome = await ctx.attempt(() => startAgain(instance, ctx));
  if ('refused' in outcome) return wake(request, ctx.nowMs + RETRY_MS);
  request.State = 'active';
  setStatus(request, 'fulfilled', ctx);
  await watch(request, ctx);
}

async function startAgain(instance: StoredInstance, ctx: Context): Promise<void> {
  delete instance.StateReason;
  instance.StateTransitionReason = '';
  instance.LaunchTime = ctx.wholeSecond;
  await givePublicIp(instance, ctx);
  await ctx.transition(instances, instance, 'pending');
}
