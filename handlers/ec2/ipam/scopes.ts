import type { IpamScope } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import * as errors from './errors.ts';
import { ipams, type StoredIpam } from './ipams.ts';
import { arnOf, comesAndGoes, ready, withinLimit } from './lifecycles.ts';
import { pools } from './pools.ts';

/** `$` says to which IPAM a scope belongs, whose ARN it shows. */
export type StoredScope = Wire<IpamScope> & { $: { readonly ipamId: string } };

/** https://docs.aws.amazon.com/vpc/latest/ipam/how-it-works-ipam.html */
export const scopes = resource<StoredScope>({
  service: 'ec2',
  kind: 'ipam-scope',
  shape: 'IpamScope',
  id: { member: 'IpamScopeId', prefix: 'ipam-scope' },
  notFound: errors.missing('InvalidIpamScopeId', 'ipam-scope'),
  malformed: general.malformedId('InvalidIpamScopeId.Malformed', 'ipam-scope'),
  arn: (scope, account) => `arn:aws:ec2::${account}:ipam-scope/${scope.IpamScopeId}`,
  state: 'State',
  lifecycle: comesAndGoes,
  references: { '$.ipamId': { kind: 'ec2:ipam', onDelete: 'cascade' } },
  filters: { 'ipam-id': '$.ipamId' },
});

const SCOPES_MAX = 5;

function scopeDocument(ctx: Context, ipam: StoredIpam, type: 'private' | 'public', isDefault: boolean): StoredScope {
  const id = ctx.newId(scopes);
  return {
    IpamScopeId: id, IpamScopeArn: arnOf(ctx, 'ipam-scope', id), IpamArn: ipam.IpamArn, IpamRegion: ctx.region, OwnerId: ctx.account, IpamScopeType: type, IsDefault: isDefault, PoolCount: 0,
    State: 'create-in-progress', Tags: [], $: { ipamId: ipam.IpamId! },
  };
}

export async function createDefaultScopes(ctx: Context, ipam: StoredIpam): Promise<{ PublicDefaultScopeId: string; PrivateDefaultScopeId: string }> {
  const open = await ctx.create(scopes, scopeDocument(ctx, ipam, 'public', true));
  const closed = await ctx.create(scopes, scopeDocument(ctx, ipam, 'private', true));
  return { PublicDefaultScopeId: open.IpamScopeId!, PrivateDefaultScopeId: closed.IpamScopeId! };
}

type External = NonNullable<Ec2Operations['CreateIpamScope']['input']['ExternalAuthorityConfiguration']>;

/** "The Infoblox resource identifier in the format <version>.identity.account.<entity_realm>.<entity_id>." */
function externalAuthority(given: External | undefined): Pick<StoredScope, 'ExternalAuthorityConfiguration'> {
  if (given === undefined) return {};
  if (given.Type === undefined) throw general.missingParameter('externalAuthorityConfiguration.type');
  if (given.ExternalResourceIdentifier === undefined) throw general.missingParameter('externalAuthorityConfiguration.externalResourceIdentifier');
  if (!/^[^.]+\.identity\.account\.[^.]+\.[^.]+$/.test(given.ExternalResourceIdentifier)) throw general.invalidValue(given.ExternalResourceIdentifier, 'externalResourceIdentifier');
  return { ExternalAuthorityConfiguration: { ...given } };
}

async function planScope(input: Ec2Operations['CreateIpamScope']['input'], ctx: Context): Promise<StoredScope> {
  const ipam = await ready(ctx, ipams, input.IpamId);
  const external = externalAuthority(input.ExternalAuthorityConfiguration);
  withinLimit(ctx, 'ipam scopes', (await ctx.list(scopes, { member: '$.ipamId', value: input.IpamId })).length, SCOPES_MAX);
  return { ...scopeDocument(ctx, ipam, 'private', false), ...external, ...(input.Description === undefined ? {} : { Description: input.Description }) };
}

const counted = async (scope: StoredScope, ctx: Context): Promise<StoredScope> => ({ ...scope, PoolCount: (await ctx.list(pools, { member: '$.scopeId', value: scope.IpamScopeId! })).length });

export const scopeOperations = {
  CreateIpamScope: creates(scopes, planScope),
  DescribeIpamScopes: describes(scopes, { ids: 'IpamScopeIds', complete: counted }),
  ModifyIpamScope: async (input, ctx) => {
    const scope = await ready(ctx, scopes, input.IpamScopeId);
    const { Description, ExternalAuthorityConfiguration: external, RemoveExternalAuthorityConfiguration: removed } = input;
    if (Description === undefined && external === undefined && removed === undefined) throw errors.nothingToModify('ipam scope');
    if (external !== undefined && removed === true) throw general.invalidParameterCombination('The request cannot contain both ExternalAuthorityConfiguration and RemoveExternalAuthorityConfiguration.');
    Object.assign(scope, externalAuthority(external));
    if (removed === true) delete scope.ExternalAuthorityConfiguration;
    if (Description !== undefined) scope.Description = Description;
    return { IpamScope: await counted(await ctx.transition(scopes, scope, 'modify-in-progress'), ctx) };
  },
  DeleteIpamScope: async (input, ctx) => {
    const scope = await ready(ctx, scopes, input.IpamScopeId);
    // "You can't delete a default scope." https://docs.aws.amazon.com/vpc/latest/ipam/delete-scope-ipam.html
    if (scope.IsDefault) throw errors.isDefault(input.IpamScopeId, 'delete');
    if ((await ctx.list(pools, { member: '$.scopeId', value: input.IpamScopeId })).length > 0) throw errors.stillHas(input.IpamScopeId, 'pools in the scope');
    return { IpamScope: await counted(await ctx.transition(scopes, scope, 'delete-in-progress'), ctx) };
  },
} satisfies Handlers<Ec2Operations>;
