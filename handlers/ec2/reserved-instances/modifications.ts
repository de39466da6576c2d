import type { ReservedInstancesModification } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { describes, resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import { instanceTypeOffered } from '../catalog/instance-type-offerings.ts';
import { zone } from '../catalog/regions.ts';
import * as errors from '../errors.ts';
import * as reservedErrors from './errors.ts';
import { activeOnes, reservedInstances, retire, type StoredReserved } from './reserved-instances.ts';

type StoredModification = Wire<ReservedInstancesModification>;
type Target = NonNullable<Ec2Operations['ModifyReservedInstances']['input']['TargetConfigurations']>[number];

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ri-modifying.html */
export const modifications = resource<StoredModification>({
  service: 'ec2',
  kind: 'reserved-instances-modification',
  shape: 'ReservedInstancesModification',
  id: { member: 'ReservedInstancesModificationId', prefix: 'rimod', uuid: true },
  notFound: (ids) => errors.invalidParameterValue(`The Reserved Instances modification ID '${ids.join(', ')}' does not exist`),
  malformed: errors.malformedId('InvalidParameterValue', 'rimod'),
  tags: null,
  state: 'Status',
  lifecycle: { processing: { after: seconds(60), to: 'fulfilled' } },
  entering: { fulfilled: fulfil },
  filters: {
    'reserved-instances-id': 'ReservedInstancesIds.ReservedInstancesId', 'modification-result.reserved-instances-id': 'ModificationResults.ReservedInstancesId',
    'modification-result.target-configuration.availability-zone': 'ModificationResults.TargetConfiguration.AvailabilityZone', 'modification-result.target-configuration.availability-zone-id': 'ModificationResults.TargetConfiguration.AvailabilityZoneId',
    'modification-result.target-configuration.instance-count': 'ModificationResults.TargetConfiguration.InstanceCount', 'modification-result.target-configuration.instance-type': 'ModificationResults.TargetConfiguration.InstanceType',
  },
});

/** "Normalization factors." https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/apply_ri.html#ri-normalization-factor */
const FACTORS: Readonly<Record<string, number>> = { nano: 0.25, micro: 0.5, small: 1, medium: 2, large: 4, xlarge: 8 };

export function footprint(type: string): number | undefined {
  const size = type.split('.')[1] ?? '';
  const many = /^(\d+)xlarge$/.exec(size)?.[1];
  return many === undefined ? FACTORS[size] : Number(many) * 8;
}

const familyOf = (type: string): string => type.split('.')[0]!;
const ALIKE = ['ProductDescription', 'InstanceTenancy', 'OfferingClass', 'OfferingType', 'Duration', 'CurrencyCode'] as const;
const HOUR_LENGTH = '2026-01-01T00'.length;

/** What is modified together has the same attributes and ends in the same hour. */
function checkSources(sources: readonly StoredReserved[]): StoredReserved {
  const first = sources[0]!;
  for (const other of sources) {
    const differs = ALIKE.find((name) => other[name] !== first[name]) ?? (familyOf(other.InstanceType!) === familyOf(first.InstanceType!) ? undefined : 'instance family') ?? (other.End!.slice(0, HOUR_LENGTH) === first.End!.slice(0, HOUR_LENGTH) ? undefined : 'end date');
    if (differs) throw reservedErrors.invalidInput(`The Reserved Instances to be modified must have the same ${differs}.`);
  }
  return first;
}

/** A target, completed by what stays as it is. */
function targetOf(target: Target, first: StoredReserved, region: string): Target {
  const type: string = target.InstanceType ?? first.InstanceType!;
  if (target.InstanceCount === undefined || target.InstanceCount < 1) throw errors.invalidValue(target.InstanceCount, 'instanceCount');
  if (familyOf(type) !== familyOf(first.InstanceType!)) throw reservedErrors.invalidInput(`The instance type ${type} is not of the family ${familyOf(first.InstanceType!)}.`);
  // "Only Linux/UNIX … with default tenancy" may change their size.
  if (type !== first.InstanceType && (!/^Linux/.test(first.ProductDescription!) || first.InstanceTenancy !== 'default')) throw reservedErrors.invalidInput('The instance size can be modified only for Linux/UNIX with default tenancy.');
  const named = target.AvailabilityZone ?? target.AvailabilityZoneId;
  const scope = target.Scope ?? (named === undefined ? first.Scope : 'Availability Zone');
  if (scope === 'Region' && named !== undefined) throw errors.invalidParameterCombination('An Availability Zone cannot be specified with the scope Region.');
  const found = named === undefined ? (scope === 'Region' ? undefined : zone(region, first.AvailabilityZone ?? '')) : zone(region, named);
  if (scope !== 'Region' && !found) throw named === undefined ? errors.missingParameter('AvailabilityZone') : errors.invalidParameterValue(`Invalid availability zone: [${named}]`);
  if (!instanceTypeOffered(region, found?.ZoneName, type)) throw errors.invalidParameterValue(`The instance type ${type} is not offered in ${found?.ZoneName ?? region}.`);
  return { InstanceType: type as Target['InstanceType'], InstanceCount: target.InstanceCount, Scope: scope, Platform: target.Platform ?? 'EC2-VPC', ...(found ? { AvailabilityZone: found.ZoneName, AvailabilityZoneId: found.ZoneId } : {}) };
}

const footprintOf = (type: string, count: number): number => {
  const factor = footprint(type);
  if (factor === undefined) throw reservedErrors.invalidInput(`The size of the instance type ${type} cannot be modified.`);
  return factor * count;
};

/** "The instance size footprint of your modification must equal that of your original reservation." */
function checkFootprint(sources: readonly StoredReserved[], targets: readonly Target[]): void {
  const types = new Set([...sources, ...targets].map((one) => one.InstanceType));
  const size = types.size === 1 ? (_type: string, count: number) => count : footprintOf;
  const sum = (list: readonly { InstanceType?: string | undefined; InstanceCount?: number | undefined }[]) => list.reduce((total, one) => total + size(one.InstanceType!, one.InstanceCount!), 0);
  if (sum(sources) !== sum(targets)) throw reservedErrors.invalidInput('The instance size footprint of the target configurations must equal that of the Reserved Instances to be modified.');
}

async function modify(input: Ec2Operations['ModifyReservedInstances']['input'], ctx: Context): Promise<Ec2Operations['ModifyReservedInstances']['output']> {
  const sources = await activeOnes(input.ReservedInstancesIds, ctx);
  if (sources.length === 0) throw errors.missingParameter('ReservedInstancesId');
  if (input.TargetConfigurations.length === 0) throw errors.missingParameter('ReservedInstancesConfigurationSetItemType');
  const first = checkSources(sources);
  const targets = input.TargetConfigurations.map((target) => targetOf(target, first, ctx.region));
  checkFootprint(sources, targets);
  const id = ctx.newId(modifications);
  for (const source of sources) await ctx.save(reservedInstances, { ...source, $: { modificationId: id } });
  await ctx.create<StoredModification>(modifications, {
    ReservedInstancesModificationId: id, ReservedInstancesIds: sources.map((s) => ({ ReservedInstancesId: s.ReservedInstancesId })), Status: 'processing', CreateDate: ctx.now, UpdateDate: ctx.now, EffectiveDate: ctx.now,
    ModificationResults: targets.map((TargetConfiguration) => ({ TargetConfiguration })), ...(input.ClientToken === undefined ? {} : { ClientToken: input.ClientToken }),
  });
  return { ReservedInstancesModificationId: id };
}

/** "The original reservations are retired, and the new ones start"; they end when those would have ended. */
async function fulfil(modification: StoredModification, ctx: Context): Promise<void> {
  const sources: StoredReserved[] = [];
  for (const { ReservedInstancesId: id } of modification.ReservedInstancesIds ?? []) {
    const source = await ctx.find(reservedInstances, id!);
    if (source?.State === 'active') sources.push(source);
  }
  modification.UpdateDate = ctx.now;
  const first = sources[0];
  // What has ended in the meantime cannot be changed any more.
  if (!first) {
    modification.Status = 'failed';
    modification.StatusMessage = 'The Reserved Instances have expired.';
    return;
  }
  for (const result of modification.ModificationResults ?? []) {
    const { InstanceType, InstanceCount, Scope, AvailabilityZone, AvailabilityZoneId } = result.TargetConfiguration!;
    const share = (footprint(InstanceType!) ?? 1) / (footprint(first.InstanceType!) ?? 1);
    const { AvailabilityZone: _zone, AvailabilityZoneId: _zoneId, $: _, ...same } = first;
    const made = await ctx.create<StoredReserved>(reservedInstances, {
      ...same, ReservedInstancesId: ctx.newId(reservedInstances), State: 'active', InstanceType, InstanceCount, Scope, Start: ctx.now, FixedPrice: first.FixedPrice! * share, Tags: [],
      RecurringCharges: first.RecurringCharges?.map((c) => ({ ...c, Amount: c.Amount! * share })), ...(AvailabilityZone === undefined ? {} : { AvailabilityZone, AvailabilityZoneId }),
    });
    result.ReservedInstancesId = made.ReservedInstancesId;
  }
  for (const source of sources) await retire(source, ctx);
}

export const modificationOperations = {
  ModifyReservedInstances: modify,
  DescribeReservedInstancesModifications: describes(modifications, { ids: 'ReservedInstancesModificationIds' }),
} satisfies Handlers<Ec2Operations>;
