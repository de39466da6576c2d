import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { pageOf, type Context, type Handlers, type Structure } from '../../../src/kit/index.ts';
import { instanceTypeLimits } from '../catalog/instance-types.ts';
import { instanceTypeOffered } from '../catalog/instance-type-offerings.ts';
import { isRegion, regions, zonesOf } from '../catalog/regions.ts';
import * as errors from '../errors.ts';
import { checkRequirements, matches, unitsOf, type Requirements } from '../fleets/instance-requirements.ts';
import { Market, spotTypes } from './market.ts';

type Input = Ec2Operations['GetSpotPlacementScores']['input'];
type Score = NonNullable<Ec2Operations['GetSpotPlacementScores']['output']['SpotPlacementScores']>[number];

/** "The top 10 scores." https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/how-sps-works.html */
const SCORES_MAX = 10;
/** assumed: how many instances the deepest pool can give. */
const POOL_INSTANCES = 500;
/** "If you specify one or two instance types … the returned placement score will always be low." */
const FEW_TYPES = 2;
const LOW_SCORE = 3;

function typesOf(input: Input, region: string): string[] {
  const all = spotTypes(region);
  if (input.InstanceTypes?.length) {
    const unknown = input.InstanceTypes.filter((type) => !instanceTypeLimits(type));
    if (unknown.length > 0) throw errors.invalidInstanceTypes(unknown);
    return all.filter((type) => input.InstanceTypes!.includes(type));
  }
  const { InstanceRequirements: wanted, ArchitectureTypes: architectures, VirtualizationTypes: virtualizations } = input.InstanceRequirementsWithMetadata!;
  return all.filter((type) => matches(type, (wanted ?? {}) as Requirements) && (!architectures?.length || instanceTypeLimits(type)!.architectures.some((a) => (architectures as string[]).includes(a))) && (!virtualizations?.length || virtualizations.includes('hvm')));
}

/** How much of the target a zone's pools can give, as a share of 1. */
function supply(types: readonly string[], region: string, zone: string, input: Input, ctx: Context): number {
  const market = Market.of(ctx.in(ctx.account, region));
  const units = types.filter((type) => instanceTypeOffered(region, zone, type)).reduce((sum, type) => sum + market.depth({ type, zone, product: 'Linux/UNIX' }, ctx.nowMs) * POOL_INSTANCES * unitsOf(type, input.TargetCapacityUnitType), 0);
  return units / Math.max(1, input.TargetCapacity);
}

/** assumed: AWS says that 10 is "highly likely" and does not say how it counts; here a score grows with supply over demand. */
const scoreOf = (share: number, types: number): number => Math.max(1, Math.min(types <= FEW_TYPES ? LOW_SCORE : 10, Math.round(10 * (1 - Math.exp(-share)))));

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetSpotPlacementScores.html */
async function placementScores(input: Input, ctx: Context): Promise<Ec2Operations['GetSpotPlacementScores']['output']> {
  const wanted = input.InstanceRequirementsWithMetadata;
  if (Boolean(input.InstanceTypes?.length) === Boolean(wanted)) throw errors.invalidParameterCombination('Exactly one of InstanceTypes and InstanceRequirementsWithMetadata must be specified.');
  if (wanted) checkRequirements((wanted.InstanceRequirements ?? {}) as Requirements);
  if (input.TargetCapacity < 1) throw errors.invalidValue(input.TargetCapacity, 'TargetCapacity');
  for (const name of input.RegionNames ?? []) if (!isRegion(name)) throw errors.invalidValue(name, 'RegionName');
  const places = input.RegionNames?.length ? [...new Set(input.RegionNames)] : regions().filter((r) => r.OptInStatus === 'opt-in-not-required').map((r) => r.RegionName!);
  const scores: Score[] = [];
  for (const Region of places) {
    const types = typesOf(input, Region);
    if (types.length === 0) continue;
    const zones = zonesOf(Region).filter((zone) => zone.ZoneType === 'availability-zone' || (input.IncludeLocalZones === true && zone.ZoneType === 'local-zone'));
    const supplies = zones.map((zone) => ({ zone, share: supply(types, Region, zone.ZoneName!, input, ctx) }));
    const asked = input.InstanceTypes?.length ?? types.length;
    if (input.SingleAvailabilityZone) for (const { zone, share } of supplies) scores.push({ Region, AvailabilityZoneId: zone.ZoneId, Score: scoreOf(share, asked) });
    else scores.push({ Region, Score: scoreOf(supplies.reduce((sum, { share }) => sum + share, 0), asked) });
  }
  const best = scores.sort((a, b) => b.Score! - a.Score!).slice(0, SCORES_MAX);
  const { items, next } = pageOf(best, input as never as Structure, errors.invalidNextToken);
  return { SpotPlacementScores: items, ...next };
}

export const placementScoreOperations = { GetSpotPlacementScores: placementScores } satisfies Handlers<Ec2Operations>;
