import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Context } from '../../../src/kit/index.ts';
import { isRegion } from '../catalog/regions.ts';
import * as general from '../errors.ts';
import { vpcs } from '../vpcs/vpcs.ts';
import { allocationsOf } from './allocations.ts';
import { ipams } from './ipams.ts';
import { NO_LOCALE, type StoredPool } from './pools.ts';
import type { StoredScope } from './scopes.ts';

type CreateInput = Ec2Operations['CreateIpamPool']['input'];

export const BITS = { ipv4: 32, ipv6: 128 } as const;

/** What a new pool may be, given its scope and the pool that it takes from. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateIpamPool.html */
export async function checkNewPool(ctx: Context, input: CreateInput, scope: StoredScope, source: StoredPool | undefined): Promise<void> {
  if (source && source.$.scopeId !== input.IpamScopeId) throw general.invalidParameterCombination(`The source pool ${source.IpamPoolId} is in another scope.`);
  if (source && source.AddressFamily !== input.AddressFamily) throw general.invalidParameterCombination(`The address family of the source pool ${source.IpamPoolId} is ${source.AddressFamily}.`);
  if (input.Locale !== undefined && input.Locale !== NO_LOCALE) await checkLocale(ctx, input.Locale, scope);
  // "If the source pool has a locale, the pool has the same one." https://docs.aws.amazon.com/vpc/latest/ipam/create-subpool-ipam.html
  if (source && source.Locale !== NO_LOCALE && input.Locale !== undefined && input.Locale !== source.Locale) throw general.invalidParameterCombination(`The locale of the source pool ${source.IpamPoolId} is ${source.Locale}.`);
  checkPublic(input, scope, source);
}

async function checkLocale(ctx: Context, locale: string, scope: StoredScope): Promise<void> {
  const ipam = await ctx.get(ipams, scope.$.ipamId);
  if (!isRegion(locale)) throw general.invalidValue(locale, 'locale', 'The locale is not a Region.');
  if (!ipam.OperatingRegions!.some((r) => r.RegionName === locale)) throw general.invalidValue(locale, 'locale', 'The locale must be one of the operating Regions of the IPAM.');
}

/** Public space is Amazon's or brought along; only the latter may be advertised. */
function checkPublic(input: CreateInput, scope: StoredScope, source: StoredPool | undefined): void {
  const open = scope.IpamScopeType === 'public';
  const brought = open && (source?.PublicIpSource ?? input.PublicIpSource ?? 'byoip') === 'byoip';
  // assumed: the texts of these but the second one.
  if (!open && input.PublicIpSource !== undefined) throw general.invalidParameterCombination('The request can only contain PublicIpSource if the scope is public.');
  if (input.PubliclyAdvertisable !== undefined && !(input.AddressFamily === 'ipv6' && brought)) throw general.invalidParameterCombination('The request can only contain PubliclyAdvertisable if the AddressFamily is IPv6 and PublicIpSource is byoip.');
  if (input.PubliclyAdvertisable === undefined && input.AddressFamily === 'ipv6' && brought) throw general.invalidParameterCombination('The request must contain PubliclyAdvertisable if the AddressFamily is IPv6 and PublicIpSource is byoip.');
  if (!open && input.AwsService !== undefined) throw general.invalidParameterCombination('The request can only contain AwsService if the scope is public.');
  if (open && input.AutoImport === true) throw general.invalidParameterCombination('The request can only contain AutoImport if the scope is private.');
  if (source && input.PublicIpSource !== undefined && input.PublicIpSource !== source.PublicIpSource) throw general.invalidParameterCombination(`The PublicIpSource of the source pool ${source.IpamPoolId} is ${source.PublicIpSource}.`);
}

interface RuleInput {
  readonly AllocationMinNetmaskLength?: number;
  readonly AllocationMaxNetmaskLength?: number;
  readonly AllocationDefaultNetmaskLength?: number;
  readonly AllocationResourceTags?: readonly ResourceTag[];
  readonly AddAllocationResourceTags?: readonly ResourceTag[];
  readonly RemoveAllocationResourceTags?: readonly ResourceTag[];
}
interface ResourceTag {
  readonly Key?: string;
  readonly Value?: string;
}
type Rules = Pick<StoredPool, 'AllocationMinNetmaskLength' | 'AllocationMaxNetmaskLength' | 'AllocationDefaultNetmaskLength' | 'AllocationResourceTags'>;

/** A pool's rules with what is asked for; together they must make sense. */
export function allocationRules(input: RuleInput, present: Partial<StoredPool>, family: 'ipv4' | 'ipv6'): Rules {
  const rules: Rules = {};
  for (const name of ['AllocationMinNetmaskLength', 'AllocationMaxNetmaskLength', 'AllocationDefaultNetmaskLength'] as const) {
    const length = input[name] ?? present[name];
    if (length === undefined) continue;
    if (length < 0 || length > BITS[family]) throw general.invalidValue(length, name, `Possible netmask lengths are 0 - ${BITS[family]}.`);
    rules[name] = length;
  }
  const { AllocationMinNetmaskLength: min = 0, AllocationMaxNetmaskLength: max = BITS[family], AllocationDefaultNetmaskLength: usual } = rules;
  if (min > max) throw general.invalidParameterCombination('The minimum netmask length must be less than the maximum netmask length.');
  if (usual !== undefined && (usual < min || usual > max)) throw general.invalidParameterCombination('The default netmask length must be between the minimum and the maximum netmask length.');
  return { ...rules, AllocationResourceTags: resourceTags(input, present) };
}

function resourceTags(input: RuleInput, present: Partial<StoredPool>): Rules['AllocationResourceTags'] {
  const byKey = new Map((present.AllocationResourceTags ?? []).map((t) => [t.Key!, t.Value ?? '']));
  for (const { Key = '', Value = '' } of input.RemoveAllocationResourceTags ?? []) if (byKey.get(Key) === Value) byKey.delete(Key);
  for (const { Key = '', Value = '' } of [...(input.AllocationResourceTags ?? []), ...(input.AddAllocationResourceTags ?? [])]) {
    if (Key === '') throw general.invalidParameterValue('Tag key cannot be empty');
    byKey.set(Key, Value);
  }
  return [...byKey].map(([Key, Value]) => ({ Key, Value }));
}

/** A pool that plans a VPC's subnets. https://docs.aws.amazon.com/vpc/latest/ipam/tutorials-subnet-planning.html */
export async function checkSourceResource(ctx: Context, input: CreateInput, source: StoredPool | undefined, locale: string): Promise<StoredPool['SourceResource']> {
  const given = input.SourceResource;
  if (given === undefined) return undefined;
  const { ResourceId, ResourceOwner, ResourceRegion, ResourceType } = given;
  for (const [name, value] of Object.entries({ ResourceId, ResourceOwner, ResourceRegion, ResourceType })) if (value === undefined) throw general.missingParameter(`sourceResource.${name}`);
  if (!source) throw general.invalidParameterCombination('The request can only contain SourceResource with SourceIpamPoolId.');
  if (locale !== ResourceRegion) throw general.invalidParameterCombination(`The locale of a pool with a source resource must be the Region of the resource, ${ResourceRegion}.`);
  if (ResourceOwner !== ctx.account) throw vpcs.notFound([ResourceId!]);
  await ctx.in(ctx.account, ResourceRegion).get(vpcs, ResourceId!);
  if (!(await allocationsOf(ctx, source)).some((a) => a.ResourceId === ResourceId)) throw general.invalidParameterCombination(`The resource ${ResourceId} has no allocation in the source pool ${source.IpamPoolId}.`);
  return { ResourceId, ResourceOwner, ResourceRegion, ResourceType };
}
