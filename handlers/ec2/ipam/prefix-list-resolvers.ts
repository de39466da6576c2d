import type { IpamPrefixListResolver, IpamPrefixListResolverRule } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, pageOf, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { filtered } from '../regions.ts';
import * as errors from './errors.ts';
import { ipams } from './ipams.ts';
import { arnOf, comesAndGoes, ready } from './lifecycles.ts';
import { targets, syncTargets } from './prefix-list-resolver-targets.ts';
import { checkRules, resolveRules } from './resolver-rules.ts';

export type Rule = Wire<IpamPrefixListResolverRule>;
/** `$` holds the rules, and by its number what each version came to. */
export type StoredResolver = Wire<IpamPrefixListResolver> & { $: { readonly ipamId: string; rules: Rule[]; versions: Record<string, string[]>; last: number } };

/** https://docs.aws.amazon.com/vpc/latest/ipam/automate-prefix-list-updates.html */
export const resolvers = resource<StoredResolver>({
  service: 'ec2',
  kind: 'ipam-prefix-list-resolver',
  shape: 'IpamPrefixListResolver',
  id: { member: 'IpamPrefixListResolverId', prefix: 'ipam-pl-resolver' },
  notFound: errors.missing('InvalidIpamPrefixListResolverId', 'ipam-prefix-list-resolver'),
  malformed: general.malformedId('InvalidIpamPrefixListResolverId.Malformed', 'ipam-pl-resolver'),
  arn: (resolver, account) => `arn:aws:ec2::${account}:ipam-prefix-list-resolver/${resolver.IpamPrefixListResolverId}`,
  state: 'State',
  lifecycle: comesAndGoes,
  entering: { 'create-complete': (resolver, ctx) => resolve(ctx, resolver), 'modify-complete': (resolver, ctx) => resolve(ctx, resolver) },
  references: { '$.ipamId': { kind: 'ec2:ipam', onDelete: 'cascade' } },
});

/** A new version, where the rules come to something else than before. */
async function resolve(ctx: Context, resolver: StoredResolver): Promise<void> {
  const cidrs = await resolveRules(ctx, resolver);
  const { versions, last } = resolver.$;
  resolver.LastVersionCreationStatus = 'success';
  if (last === 0 || JSON.stringify(versions[String(last)]) !== JSON.stringify(cidrs)) {
    resolver.$.last = last + 1;
    versions[String(last + 1)] = cidrs;
  }
  await syncTargets(ctx, resolver);
}

/**
 * A resolver looked at as it is now.
 * assumed: AWS looks for changes every few minutes; here whoever asks for the versions finds them up to date.
 */
async function current(ctx: Context, id: string): Promise<StoredResolver> {
  const resolver = await ctx.get(resolvers, id);
  if (resolver.State!.endsWith('-complete')) {
    await resolve(ctx, resolver);
    await ctx.save(resolvers, resolver);
  }
  return resolver;
}

async function planResolver(input: Ec2Operations['CreateIpamPrefixListResolver']['input'], ctx: Context): Promise<Partial<StoredResolver>> {
  const ipam = await ready(ctx, ipams, input.IpamId);
  // "The IPAM must be in the Advanced tier to use this feature."
  if (ipam.Tier !== 'advanced') throw general.unsupportedOperation(`The IPAM ${input.IpamId} is not in the Advanced tier.`);
  const rules = await checkRules(ctx, input.Rules, input.AddressFamily, input.IpamId);
  const id = ctx.newId(resolvers);
  return {
    IpamPrefixListResolverId: id, IpamPrefixListResolverArn: arnOf(ctx, 'ipam-prefix-list-resolver', id), IpamArn: ipam.IpamArn, IpamRegion: ctx.region, OwnerId: ctx.account,
    ...(input.Description === undefined ? {} : { Description: input.Description }), AddressFamily: input.AddressFamily, State: 'create-in-progress', LastVersionCreationStatus: 'pending', Tags: [],
    $: { ipamId: input.IpamId, rules, versions: {}, last: 0 },
  };
}

export const resolverOperations = {
  CreateIpamPrefixListResolver: creates(resolvers, planResolver),
  DescribeIpamPrefixListResolvers: describes(resolvers, { ids: 'IpamPrefixListResolverIds' }),
  GetIpamPrefixListResolverRules: async (input, ctx) => {
    const { rules } = (await ctx.get(resolvers, input.IpamPrefixListResolverId)).$;
    const found = filtered(rules, input.Filters, { 'rule-type': (r) => r.RuleType, 'resource-type': (r) => r.ResourceType, 'ipam-scope-id': (r) => r.IpamScopeId, 'static-cidr': (r) => r.StaticCidr });
    const { items, next } = pageOf(found, input);
    return { Rules: items, ...next };
  },
  GetIpamPrefixListResolverVersions: async (input, ctx) => {
    const { versions } = (await current(ctx, input.IpamPrefixListResolverId)).$;
    const asked = input.IpamPrefixListResolverVersions;
    const all = Object.keys(versions).map((version) => ({ Version: Number(version) }));
    const found = filtered(asked?.length ? all.filter((v) => asked.includes(v.Version)) : all, input.Filters, { version: (v) => v.Version });
    const { items, next } = pageOf(found, input);
    return { IpamPrefixListResolverVersions: items, ...next };
  },
  GetIpamPrefixListResolverVersionEntries: async (input, ctx) => {
    const { versions } = (await current(ctx, input.IpamPrefixListResolverId)).$;
    const entries = versions[String(input.IpamPrefixListResolverVersion)];
    if (!entries) throw general.invalidValue(input.IpamPrefixListResolverVersion, 'ipamPrefixListResolverVersion', 'The resolver has no such version.');
    const { items, next } = pageOf(entries.map((Cidr) => ({ Cidr })), input);
    return { Entries: items, ...next };
  },
  ModifyIpamPrefixListResolver: async (input, ctx) => {
    const resolver = await ready(ctx, resolvers, input.IpamPrefixListResolverId);
    if (input.Description === undefined && input.Rules === undefined) throw errors.nothingToModify('ipam prefix list resolver');
    if (input.Rules !== undefined) resolver.$.rules = await checkRules(ctx, input.Rules, resolver.AddressFamily!, resolver.$.ipamId);
    if (input.Description !== undefined) resolver.Description = input.Description;
    return { IpamPrefixListResolver: await ctx.transition(resolvers, resolver, 'modify-in-progress') };
  },
  DeleteIpamPrefixListResolver: async (input, ctx) => {
    const resolver = await ready(ctx, resolvers, input.IpamPrefixListResolverId);
    const used = (await ctx.list(targets, { member: 'IpamPrefixListResolverId', value: input.IpamPrefixListResolverId })).some((t) => t.State !== 'delete-in-progress');
    if (used) throw errors.stillHas(input.IpamPrefixListResolverId, 'targets of the resolver');
    return { IpamPrefixListResolver: await ctx.transition(resolvers, resolver, 'delete-in-progress') };
  },
} satisfies Handlers<Ec2Operations>;
