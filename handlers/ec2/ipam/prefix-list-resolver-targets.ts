import type { IpamPrefixListResolverTarget } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import { isRegion } from '../catalog/regions.ts';
import * as general from '../errors.ts';
import { prefixLists, replaceEntries, type StoredPrefixList } from '../prefix-lists/prefix-lists.ts';
import * as errors from './errors.ts';
import { arnOf, ready } from './lifecycles.ts';
import { resolvers, type StoredResolver } from './prefix-list-resolvers.ts';

export type StoredTarget = Wire<IpamPrefixListResolverTarget>;

/** A prefix list that a resolver keeps. https://docs.aws.amazon.com/vpc/latest/ipam/automate-prefix-list-updates.html */
export const targets = resource<StoredTarget>({
  service: 'ec2',
  kind: 'ipam-prefix-list-resolver-target',
  shape: 'IpamPrefixListResolverTarget',
  id: { member: 'IpamPrefixListResolverTargetId', prefix: 'ipam-pl-resolver-target' },
  notFound: errors.missing('InvalidIpamPrefixListResolverTargetId', 'ipam-prefix-list-resolver-target'),
  malformed: general.malformedId('InvalidIpamPrefixListResolverTargetId.Malformed', 'ipam-pl-resolver-target'),
  arn: (target, account) => `arn:aws:ec2::${account}:ipam-prefix-list-resolver-target/${target.IpamPrefixListResolverTargetId}`,
  state: 'State',
  lifecycle: {
    'create-in-progress': { after: seconds(10), to: 'sync-in-progress' },
    'modify-in-progress': { after: seconds(10), to: 'sync-in-progress' },
    'sync-in-progress': { after: seconds(5), to: 'sync-complete' },
    'delete-in-progress': { after: seconds(10), to: 'gone' },
  },
  entering: { 'sync-complete': (target, ctx) => sync(ctx, target), 'delete-in-progress': (target, ctx) => letGo(ctx, target) },
  references: { IpamPrefixListResolverId: { kind: 'ec2:ipam-prefix-list-resolver', onDelete: 'cascade' } },
});

const listOf = async (ctx: Context, target: StoredTarget): Promise<{ place: Context; list: StoredPrefixList | undefined }> => {
  const place = ctx.in(ctx.account, target.PrefixListRegion!);
  return { place, list: await place.find(prefixLists, target.PrefixListId!) };
};

/** Puts into the list what the resolver's version says; the target is not saved. */
async function sync(ctx: Context, target: StoredTarget, known?: StoredResolver): Promise<void> {
  const resolver = known ?? (await ctx.find(resolvers, target.IpamPrefixListResolverId!));
  const { place, list } = await listOf(ctx, target);
  const version = target.TrackLatestVersion ? resolver?.$.last : target.DesiredVersion;
  const cidrs = resolver?.$.versions[String(version)];
  if (!list || !cidrs) return fail(target, !list ? `The prefix list ${target.PrefixListId} does not exist.` : `The resolver has no version ${version}.`);
  if (list.IpamPrefixListResolverSyncEnabled === false || target.LastSyncedVersion === version) return;
  if (cidrs.length > list.MaxEntries!) return fail(target, `The version ${version} has more entries than the prefix list ${target.PrefixListId} may have.`);
  await replaceEntries(place, list, cidrs);
  target.LastSyncedVersion = version!;
  if (target.TrackLatestVersion) target.DesiredVersion = version!;
  delete target.StateMessage;
}

const fail = (target: StoredTarget, why: string): void => void Object.assign(target, { State: 'sync-failed', StateMessage: why });

/** After a new version: those that follow the latest one do so. */
export async function syncTargets(ctx: Context, resolver: StoredResolver): Promise<void> {
  for (const target of await ctx.list(targets, { member: 'IpamPrefixListResolverId', value: resolver.IpamPrefixListResolverId! })) {
    if (target.State !== 'sync-complete' || !target.TrackLatestVersion) continue;
    await sync(ctx, target, resolver);
    await ctx.save(targets, target);
  }
}

/** The list is its owner's again, with the entries that it has. */
async function letGo(ctx: Context, target: StoredTarget): Promise<void> {
  const { place, list } = await listOf(ctx, target);
  if (!list || list.IpamPrefixListResolverTargetId !== target.IpamPrefixListResolverTargetId) return;
  delete list.IpamPrefixListResolverTargetId;
  delete list.IpamPrefixListResolverSyncEnabled;
  await place.save(prefixLists, list);
}

function checkVersions(desired: number | undefined, track: boolean, resolver: StoredResolver): void {
  if (track && desired !== undefined) throw general.invalidParameterCombination('The request cannot contain DesiredVersion with TrackLatestVersion.');
  if (!track && desired === undefined) throw general.missingParameter('desiredVersion');
  if (desired !== undefined && !resolver.$.versions[String(desired)]) throw general.invalidValue(desired, 'desiredVersion', 'The resolver has no such version.');
}

async function planTarget(input: Ec2Operations['CreateIpamPrefixListResolverTarget']['input'], ctx: Context): Promise<Partial<StoredTarget>> {
  const resolver = await ready(ctx, resolvers, input.IpamPrefixListResolverId);
  if (!isRegion(input.PrefixListRegion)) throw general.invalidValue(input.PrefixListRegion, 'prefixListRegion', 'The Region does not exist.');
  const list = await ctx.in(ctx.account, input.PrefixListRegion).get(prefixLists, input.PrefixListId);
  if (list.AddressFamily!.toLowerCase() !== resolver.AddressFamily) throw general.invalidParameterCombination(`The address family of the prefix list ${input.PrefixListId} is ${list.AddressFamily}.`);
  // assumed: one resolver a list, with this code.
  if (list.IpamPrefixListResolverTargetId !== undefined) throw general.resourceAlreadyAssociated(`The prefix list ${input.PrefixListId} already has the resolver target ${list.IpamPrefixListResolverTargetId}`);
  checkVersions(input.DesiredVersion, input.TrackLatestVersion, resolver);
  const id = ctx.newId(targets);
  return {
    IpamPrefixListResolverTargetId: id, IpamPrefixListResolverTargetArn: arnOf(ctx, 'ipam-prefix-list-resolver-target', id), IpamPrefixListResolverId: input.IpamPrefixListResolverId, OwnerId: ctx.account, PrefixListId: input.PrefixListId,
    PrefixListRegion: input.PrefixListRegion, ...(input.DesiredVersion === undefined ? {} : { DesiredVersion: input.DesiredVersion }), TrackLatestVersion: input.TrackLatestVersion, State: 'create-in-progress', Tags: [],
  };
}

/** The list shows whose it is. */
async function takeOver(target: StoredTarget, _input: unknown, ctx: Context): Promise<void> {
  const { place, list } = await listOf(ctx, target);
  await place.save(prefixLists, { ...list!, IpamPrefixListResolverTargetId: target.IpamPrefixListResolverTargetId!, IpamPrefixListResolverSyncEnabled: true });
}

export const resolverTargetOperations = {
  CreateIpamPrefixListResolverTarget: creates(targets, planTarget, takeOver),
  DescribeIpamPrefixListResolverTargets: describes(targets, {
    ids: 'IpamPrefixListResolverTargetIds',
    prepare: async (input, ctx) => {
      if (input.IpamPrefixListResolverId !== undefined) await ctx.get(resolvers, input.IpamPrefixListResolverId);
      return input;
    },
    visible: (target, input) => input.IpamPrefixListResolverId === undefined || target.IpamPrefixListResolverId === input.IpamPrefixListResolverId,
  }),
  ModifyIpamPrefixListResolverTarget: async (input, ctx) => {
    const target = await ready(ctx, targets, input.IpamPrefixListResolverTargetId);
    if (input.DesiredVersion === undefined && input.TrackLatestVersion === undefined) throw errors.nothingToModify('ipam prefix list resolver target');
    const track = input.TrackLatestVersion ?? (input.DesiredVersion === undefined ? target.TrackLatestVersion! : false);
    checkVersions(input.DesiredVersion, track, (await ctx.find(resolvers, target.IpamPrefixListResolverId!))!);
    target.TrackLatestVersion = track;
    if (input.DesiredVersion !== undefined) target.DesiredVersion = input.DesiredVersion;
    return { IpamPrefixListResolverTarget: await ctx.transition(targets, target, 'modify-in-progress') };
  },
  DeleteIpamPrefixListResolverTarget: async (input, ctx) => {
    const target = await ready(ctx, targets, input.IpamPrefixListResolverTargetId);
    return { IpamPrefixListResolverTarget: await ctx.transition(targets, target, 'delete-in-progress') };
  },
} satisfies Handlers<Ec2Operations>;
