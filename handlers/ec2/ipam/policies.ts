import type { IpamPolicy, IpamPolicyAllocationRule, IpamPolicyDocument } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, GLOBAL, pageOf, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import { setting } from '../account-settings.ts';
import * as general from '../errors.ts';
import { filtered } from '../regions.ts';
import * as errors from './errors.ts';
import { ipams } from './ipams.ts';
import { arnOf, comesAndGoes, ready } from './lifecycles.ts';
import { pools } from './pools.ts';

type Document = Wire<IpamPolicyDocument>;
/** `$` holds what the policy says for each Region and type of resource. */
export type StoredPolicy = Wire<IpamPolicy> & { $: { documents: Document[] } };

/** From which pools AWS's services take public addresses. https://docs.aws.amazon.com/vpc/latest/ipam/define-public-ipv4-allocation-strategy-with-ipam-policies.html */
export const policies = resource<StoredPolicy>({
  service: 'ec2',
  kind: 'ipam-policy',
  shape: 'IpamPolicy',
  id: { member: 'IpamPolicyId', prefix: 'ipam-policy' },
  notFound: errors.missing('InvalidIpamPolicyId', 'ipam-policy'),
  malformed: general.malformedId('InvalidIpamPolicyId.Malformed', 'ipam-policy'),
  arn: (policy, account) => `arn:aws:ec2::${account}:ipam-policy/${policy.IpamPolicyId}`,
  state: 'State',
  lifecycle: comesAndGoes,
  references: { IpamId: { kind: 'ec2:ipam', onDelete: 'cascade' } },
});

interface Enabled {
  readonly policyId: string;
  readonly region: string;
}

/** The one policy that is in force in an account, wherever its home is. */
const enabledPolicy = setting<Enabled | null>('ipam-policy', null);
const everywhere = (ctx: Context): Context => ctx.in(ctx.account, GLOBAL);

/** The pools from which a type of resource gets its addresses here, in the order of the rules. */
export async function poolsByPolicy(ctx: Context, type: NonNullable<Document['ResourceType']>): Promise<string[]> {
  const enabled = await enabledPolicy.of(everywhere(ctx));
  const policy = enabled === null ? undefined : await ctx.in(ctx.account, enabled.region).find(policies, enabled.policyId);
  const document = policy?.$.documents.find((d) => d.Locale === ctx.region && d.ResourceType === type);
  return (document?.AllocationRules ?? []).map((r) => r.SourceIpamPoolId!);
}

function refuseOrganization(target: string | undefined): void {
  if (target !== undefined) throw errors.noOrganization();
}

async function checkRules(ctx: Context, given: readonly Wire<IpamPolicyAllocationRule>[] | undefined, locale: string): Promise<Wire<IpamPolicyAllocationRule>[]> {
  for (const { SourceIpamPoolId: id } of given ?? []) {
    if (id === undefined) throw general.missingParameter('allocationRules.sourceIpamPoolId');
    const pool = await ctx.get(pools, id);
    if (pool.IpamScopeType !== 'public' || pool.AddressFamily !== 'ipv4' || pool.Locale !== locale) throw general.invalidParameterValue(`The pool ${id} is not a public IPv4 pool with the locale ${locale}.`);
  }
  return (given ?? []).map(({ SourceIpamPoolId }) => ({ SourceIpamPoolId: SourceIpamPoolId! }));
}

async function modifyRules(input: Ec2Operations['ModifyIpamPolicyAllocationRules']['input'], ctx: Context): Promise<Ec2Operations['ModifyIpamPolicyAllocationRules']['output']> {
  const policy = await ready(ctx, policies, input.IpamPolicyId);
  const ipam = await ctx.get(ipams, policy.IpamId!);
  if (!ipam.OperatingRegions!.some((r) => r.RegionName === input.Locale)) throw general.invalidValue(input.Locale, 'locale', 'The locale must be one of the operating Regions of the IPAM.');
  const document: Document = { IpamPolicyId: input.IpamPolicyId, Locale: input.Locale, ResourceType: input.ResourceType, AllocationRules: await checkRules(ctx, input.AllocationRules, input.Locale) };
  const others = policy.$.documents.filter((d) => d.Locale !== input.Locale || d.ResourceType !== input.ResourceType);
  policy.$.documents = document.AllocationRules!.length > 0 ? [...others, document] : others;
  await ctx.transition(policies, policy, 'modify-in-progress');
  return { IpamPolicyDocument: document };
}

async function planPolicy(input: Ec2Operations['CreateIpamPolicy']['input'], ctx: Context): Promise<Partial<StoredPolicy>> {
  await ready(ctx, ipams, input.IpamId);
  const id = ctx.newId(policies);
  return { IpamPolicyId: id, IpamPolicyArn: arnOf(ctx, 'ipam-policy', id), IpamPolicyRegion: ctx.region, OwnerId: ctx.account, IpamId: input.IpamId, State: 'create-in-progress', Tags: [], $: { documents: [] } };
}

export const policyOperations = {
  CreateIpamPolicy: creates(policies, planPolicy),
  DescribeIpamPolicies: describes(policies, { ids: 'IpamPolicyIds' }),
  ModifyIpamPolicyAllocationRules: modifyRules,
  GetIpamPolicyAllocationRules: async (input, ctx) => {
    const { documents } = (await ctx.get(policies, input.IpamPolicyId)).$;
    const asked = documents.filter((d) => (input.Locale === undefined || d.Locale === input.Locale) && (input.ResourceType === undefined || d.ResourceType === input.ResourceType));
    const { items, next } = pageOf(filtered(asked, input.Filters, { locale: (d) => d.Locale, 'resource-type': (d) => d.ResourceType }), input);
    return { IpamPolicyDocuments: items, ...next };
  },
  EnableIpamPolicy: async (input, ctx) => {
    refuseOrganization(input.OrganizationTargetId);
    await ready(ctx, policies, input.IpamPolicyId);
    await enabledPolicy.set(everywhere(ctx), { policyId: input.IpamPolicyId, region: ctx.region });
    return { IpamPolicyId: input.IpamPolicyId };
  },
  GetEnabledIpamPolicy: async (_input, ctx) => {
    const enabled = await enabledPolicy.of(everywhere(ctx));
    return enabled === null ? { IpamPolicyEnabled: false } : { IpamPolicyEnabled: true, IpamPolicyId: enabled.policyId, ManagedBy: 'account' };
  },
  /** Without an organization there are no targets. */
  GetIpamPolicyOrganizationTargets: async (input, ctx) => {
    await ctx.get(policies, input.IpamPolicyId);
    const none: { OrganizationTargetId: string }[] = [];
    const { items, next } = pageOf(filtered(none, input.Filters, { 'organization-target-id': (t) => t.OrganizationTargetId }), input);
    return { OrganizationTargets: items, ...next };
  },
  DisableIpamPolicy: async (input, ctx) => {
    refuseOrganization(input.OrganizationTargetId);
    await ctx.get(policies, input.IpamPolicyId);
    const enabled = await enabledPolicy.of(everywhere(ctx));
    // assumed: the code of a policy that is not in force.
    if (enabled?.policyId !== input.IpamPolicyId) throw general.incorrectState(`The policy ${input.IpamPolicyId} is not enabled.`);
    await enabledPolicy.set(everywhere(ctx), null);
    return { Return: true };
  },
  DeleteIpamPolicy: async (input, ctx) => {
    const policy = await ready(ctx, policies, input.IpamPolicyId);
    if ((await enabledPolicy.of(everywhere(ctx)))?.policyId === input.IpamPolicyId) throw general.dependencyViolation(`The policy ${input.IpamPolicyId} is enabled and cannot be deleted.`);
    return { IpamPolicy: await ctx.transition(policies, policy, 'delete-in-progress') };
  },
} satisfies Handlers<Ec2Operations>;
