import type { IpamPrefixListResolverRuleRequest } from '@aws-sdk/client-ec2';
import type { Wire } from '../../../protocols/wire-types.ts';
import type { Context } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { contains, formatCidr, parseCidr } from '../vpcs/cidr.ts';
import { poolCidrs } from './pool-cidrs.ts';
import type { Rule, StoredResolver } from './prefix-list-resolvers.ts';
import { resourcesOf } from './resource-cidrs.ts';
import { scopes } from './scopes.ts';

/** Which CIDRs a resolver chooses. https://docs.aws.amazon.com/vpc/latest/ipam/automate-prefix-list-updates.html */

type Condition = NonNullable<Rule['Conditions']>[number];
type Family = 'ipv4' | 'ipv6';

const versionOf = (family: Family): 4 | 6 => (family === 'ipv4' ? 4 : 6);

/** Rules as they are kept: each with what its type needs, and nothing else. */
export async function checkRules(ctx: Context, given: readonly Wire<IpamPrefixListResolverRuleRequest>[] | undefined, family: Family, ipamId: string): Promise<Rule[]> {
  const rules: Rule[] = [];
  for (const rule of given ?? []) rules.push(await checkRule(ctx, rule, family, ipamId));
  return rules;
}

async function checkRule(ctx: Context, rule: Wire<IpamPrefixListResolverRuleRequest>, family: Family, ipamId: string): Promise<Rule> {
  // assumed: the texts of all of these.
  if (rule.RuleType === 'static-cidr') {
    if (rule.StaticCidr === undefined) throw general.missingParameter('rules.staticCidr');
    if (rule.IpamScopeId !== undefined || rule.ResourceType !== undefined || rule.Conditions?.length) throw general.invalidParameterCombination('A rule of the type static-cidr can only contain StaticCidr.');
    return { RuleType: rule.RuleType, StaticCidr: formatCidr(rangeOf(rule.StaticCidr, family)) };
  }
  if (rule.StaticCidr !== undefined) throw general.invalidParameterCombination(`A rule of the type ${rule.RuleType} cannot contain StaticCidr.`);
  if (rule.IpamScopeId === undefined) throw general.missingParameter('rules.ipamScopeId');
  if ((await ctx.get(scopes, rule.IpamScopeId)).$.ipamId !== ipamId) throw general.invalidParameterCombination(`The scope ${rule.IpamScopeId} is of another IPAM.`);
  if (rule.RuleType === 'ipam-resource-cidr' && rule.ResourceType === undefined) throw general.missingParameter('rules.resourceType');
  if (rule.RuleType === 'ipam-pool-cidr' && rule.ResourceType !== undefined) throw general.invalidParameterCombination('A rule of the type ipam-pool-cidr cannot contain ResourceType.');
  const Conditions = (rule.Conditions ?? []).map((condition) => checkCondition(condition, family));
  return { RuleType: rule.RuleType, IpamScopeId: rule.IpamScopeId, ...(rule.ResourceType === undefined ? {} : { ResourceType: rule.ResourceType }), Conditions };
}

function checkCondition(condition: Condition, family: Family): Condition {
  const { Operation, ...about } = condition;
  if (Operation === undefined) throw general.missingParameter('rules.conditions.operation');
  if (Object.values(about).filter((v) => v !== undefined).length !== 1) throw general.invalidParameterCombination('A condition must be about exactly one thing.');
  if ((Operation === 'subnet-of') !== (condition.Cidr !== undefined)) throw general.invalidParameterCombination('The operation subnet-of is for a condition about a CIDR, and the others are not.');
  return { ...condition, ...(condition.Cidr === undefined ? {} : { Cidr: formatCidr(rangeOf(condition.Cidr, family)) }) };
}

function rangeOf(text: string, family: Family) {
  const cidr = parseCidr(text);
  if (!cidr || cidr.version !== versionOf(family)) throw general.invalidValue(text, 'cidr', `This is not a valid ${family} CIDR block.`);
  return cidr;
}

/** What conditions look at, of a resource or of a pool's block. */
interface Candidate {
  readonly cidr: string;
  readonly poolId?: string | undefined;
  readonly resourceId?: string | undefined;
  readonly owner?: string | undefined;
  readonly region?: string | undefined;
  readonly tags: readonly { Key?: string; Value?: string }[];
}

function meets(candidate: Candidate, condition: Condition): boolean {
  if (condition.Cidr !== undefined) return contains(parseCidr(condition.Cidr)!, parseCidr(candidate.cidr)!);
  const tag = condition.ResourceTag;
  const equal = tag
    ? candidate.tags.some((t) => t.Key === tag.Key && (tag.Value === undefined || t.Value === tag.Value))
    : (condition.IpamPoolId ?? condition.ResourceId ?? condition.ResourceOwner ?? condition.ResourceRegion)
      === (condition.IpamPoolId !== undefined ? candidate.poolId : condition.ResourceId !== undefined ? candidate.resourceId : condition.ResourceOwner !== undefined ? candidate.owner : candidate.region);
  return condition.Operation === 'equals' ? equal : !equal;
}

async function candidatesOf(ctx: Context, rule: Rule): Promise<Candidate[]> {
  const scope = await ctx.find(scopes, rule.IpamScopeId!);
  if (!scope) return [];
  if (rule.RuleType === 'ipam-pool-cidr') {
    const blocks = (await ctx.list(poolCidrs, { member: '$.scopeId', value: rule.IpamScopeId! })).filter((c) => c.State === 'provisioned');
    return blocks.map((c) => ({ cidr: c.Cidr!, poolId: c.$.poolId, owner: ctx.account, region: ctx.region, tags: [] }));
  }
  return (await resourcesOf(ctx, scope)).filter((r) => r.ResourceType === rule.ResourceType && r.ManagementState !== 'ignored')
    .map((r) => ({ cidr: r.ResourceCidr!, poolId: r.IpamPoolId, resourceId: r.ResourceId, owner: r.ResourceOwnerId, region: r.ResourceRegion, tags: r.ResourceTags ?? [] }));
}

/** Everything that some rule chooses, each once: "If a rule has multiple conditions, the CIDR has to match every condition of that rule." */
export async function resolveRules(ctx: Context, resolver: StoredResolver): Promise<string[]> {
  const found = new Set<string>();
  for (const rule of resolver.$.rules) {
    if (rule.RuleType === 'static-cidr') found.add(rule.StaticCidr!);
    else for (const candidate of await candidatesOf(ctx, rule)) if (rule.Conditions!.every((c) => meets(candidate, c))) found.add(candidate.cidr);
  }
  return [...found].filter((cidr) => parseCidr(cidr)!.version === versionOf(resolver.AddressFamily!)).sort();
}
