import type { Ipam } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import * as errors from './errors.ts';
import { arnOf, changedRegions, comesAndGoes, operatingRegions, ready, withinLimit } from './lifecycles.ts';
import { deletePool, pools } from './pools.ts';
import { policies } from './policies.ts';
import { resolvers } from './prefix-list-resolvers.ts';
import { associateDiscovery, associations } from './resource-discovery-associations.ts';
import { createDiscovery, discoveries } from './resource-discoveries.ts';
import { dropOverrides } from './resource-overrides.ts';
import { createDefaultScopes, scopes } from './scopes.ts';

export type StoredIpam = Wire<Ipam>;

/** https://docs.aws.amazon.com/vpc/latest/ipam/what-it-is-ipam.html */
export const ipams = resource<StoredIpam>({
  service: 'ec2',
  kind: 'ipam',
  shape: 'Ipam',
  id: { member: 'IpamId', prefix: 'ipam' },
  notFound: errors.missing('InvalidIpamId', 'ipam'),
  malformed: general.malformedId('InvalidIpamId.Malformed', 'ipam'),
  arn: (ipam, account) => `arn:aws:ec2::${account}:ipam/${ipam.IpamId}`,
  state: 'State',
  lifecycle: comesAndGoes,
  entering: {
    'delete-in-progress': async (ipam, ctx) => {
      for (const { RegionName } of ipam.OperatingRegions!) await dropOverrides(ctx.in(ctx.account, RegionName!), ipam.IpamId!);
    },
  },
});

const IPAMS_MAX = 1;

async function planIpam(input: Ec2Operations['CreateIpam']['input'], ctx: Context): Promise<Partial<StoredIpam>> {
  const regions = operatingRegions(ctx, input.OperatingRegions);
  withinLimit(ctx, 'ipams', (await ctx.list(ipams)).length, IPAMS_MAX);
  const id = ctx.newId(ipams);
  return {
    IpamId: id, IpamArn: arnOf(ctx, 'ipam', id), OwnerId: ctx.account, IpamRegion: ctx.region, ...(input.Description === undefined ? {} : { Description: input.Description }),
    // assumed: who names no tier gets the one that all had before there were two.
    OperatingRegions: regions, Tier: input.Tier ?? 'advanced', EnablePrivateGua: input.EnablePrivateGua ?? false, MeteredAccount: input.MeteredAccount ?? 'ipam-owner',
    ScopeCount: 2, ResourceDiscoveryAssociationCount: 1, State: 'create-in-progress', Tags: [],
  };
}

/** What every IPAM is born with: a private and a public scope, and a resource discovery of its own account. */
async function furnish(ipam: StoredIpam, _input: unknown, ctx: Context): Promise<void> {
  Object.assign(ipam, await createDefaultScopes(ctx, ipam));
  const discovery = await createDiscovery(ctx, { ipamId: ipam.IpamId!, regions: ipam.OperatingRegions!, tags: [] });
  const association = await associateDiscovery(ctx, ipam, discovery, { isDefault: true, tags: [] });
  Object.assign(ipam, { DefaultResourceDiscoveryId: discovery.IpamResourceDiscoveryId, DefaultResourceDiscoveryAssociationId: association.IpamResourceDiscoveryAssociationId });
  await ctx.save(ipams, ipam);
}

/** How many scopes and discoveries an IPAM has is counted when somebody looks. */
async function counted(ipam: StoredIpam, ctx: Context): Promise<StoredIpam> {
  const of = { member: '$.ipamId', value: ipam.IpamId! };
  return {
    ...ipam, ScopeCount: (await ctx.list(scopes, of)).length,
    ResourceDiscoveryAssociationCount: (await ctx.list(associations, { member: 'IpamId', value: ipam.IpamId! })).length,
  };
}

async function modifyIpam(input: Ec2Operations['ModifyIpam']['input'], ctx: Context): Promise<Ec2Operations['ModifyIpam']['output']> {
  const ipam = await ready(ctx, ipams, input.IpamId);
  const given = [input.Description, input.AddOperatingRegions, input.RemoveOperatingRegions, input.Tier, input.EnablePrivateGua, input.MeteredAccount];
  if (given.every((value) => value === undefined)) throw errors.nothingToModify('ipam');
  ipam.OperatingRegions = changedRegions(ctx, ipam.OperatingRegions!, input.AddOperatingRegions, input.RemoveOperatingRegions);
  const used = (await ctx.list(pools, { member: '$.ipamId', value: input.IpamId })).find((p) => p.Locale !== 'None' && !ipam.OperatingRegions!.some((r) => r.RegionName === p.Locale));
  if (used) throw errors.stillHas(input.IpamId, `pools with the locale ${used.Locale}`);
  for (const name of ['Description', 'Tier', 'EnablePrivateGua', 'MeteredAccount'] as const) if (input[name] !== undefined) Object.assign(ipam, { [name]: input[name] });
  await discoverIn(ctx, ipam);
  return { Ipam: await counted(await ctx.transition(ipams, ipam, 'modify-in-progress'), ctx) };
}

/** The default discovery looks where its IPAM works. */
async function discoverIn(ctx: Context, ipam: StoredIpam): Promise<void> {
  const discovery = await ctx.find(discoveries, ipam.DefaultResourceDiscoveryId!);
  if (discovery) await ctx.save(discoveries, { ...discovery, OperatingRegions: ipam.OperatingRegions });
}

async function deleteIpam(input: Ec2Operations['DeleteIpam']['input'], ctx: Context): Promise<Ec2Operations['DeleteIpam']['output']> {
  const ipam = await ready(ctx, ipams, input.IpamId);
  const of = { member: '$.ipamId', value: input.IpamId };
  const [allPools, allScopes] = [await ctx.list(pools, of), await ctx.list(scopes, of)];
  // "You cannot delete the IPAM with this option if there is a pool in your public scope."
  const kept = input.Cascade === true ? allPools.filter((p) => p.IpamScopeType === 'public') : allPools;
  if (kept.length > 0) throw errors.stillHas(input.IpamId, 'pools in the ipam');
  if (input.Cascade !== true && allScopes.some((s) => !s.IsDefault)) throw errors.stillHas(input.IpamId, 'scopes in the ipam');
  if (input.Cascade !== true && (await ctx.list(associations, { member: 'IpamId', value: input.IpamId })).some((a) => !a.IsDefault)) throw errors.stillHas(input.IpamId, 'resource discovery associations in the ipam');
  if ((await ctx.list(policies, { member: 'IpamId', value: input.IpamId })).length > 0) throw errors.stillHas(input.IpamId, 'policies in the ipam');
  if ((await ctx.list(resolvers, of)).length > 0) throw errors.stillHas(input.IpamId, 'prefix list resolvers in the ipam');
  // Those that take from others go before them.
  for (const pool of allPools.sort((a, b) => b.PoolDepth! - a.PoolDepth!)) await deletePool(ctx, pool);
  const answered = await counted(await ctx.transition(ipams, ipam, 'delete-in-progress'), ctx);
  return { Ipam: answered };
}



export const ipamOperations = {
  CreateIpam: creates(ipams, planIpam, furnish),
  DescribeIpams: describes(ipams, { ids: 'IpamIds', complete: counted }),
  ModifyIpam: modifyIpam,
  DeleteIpam: deleteIpam,
} satisfies Handlers<Ec2Operations>;
