import type { ManagedPrefixList, PrefixListEntry } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, deletes, describes, pageOf, resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import { awsPrefixLists, type AwsPrefixList } from '../catalog/prefix-lists.ts';
import * as errors from '../errors.ts';
import { filtered } from '../regions.ts';
import { formatCidr, parseCidr } from '../vpcs/cidr.ts';
import { awsPrefixListNotFound, invalidModification, maxEntriesExceeded, prefixListNotFound, prefixListState, versionMismatch } from './errors.ts';
import { refuseGrowth } from './references.ts';

type Entry = Wire<PrefixListEntry>;
/** `$.versions` holds the entries of each version by its number. */
export type StoredPrefixList = Wire<ManagedPrefixList> & { $?: { versions: Record<string, Entry[]> } };

/** https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html */
export const prefixLists = resource<StoredPrefixList>({
  service: 'ec2',
  kind: 'prefix-list',
  shape: 'ManagedPrefixList',
  id: { member: 'PrefixListId', prefix: 'pl' },
  notFound: prefixListNotFound,
  malformed: errors.malformedId('InvalidPrefixListId.Malformed', 'pl'),
  // assumed: AWS refuses the deletion of a list that is used with this code.
  inUse: errors.hasDependencies('prefix list'),
  state: 'State',
  lifecycle: {
    'create-in-progress': { after: seconds(3), to: 'create-complete' },
    'modify-in-progress': { after: seconds(3), to: 'modify-complete' },
    'restore-in-progress': { after: seconds(3), to: 'restore-complete' },
    'delete-in-progress': { after: seconds(3), to: 'gone' },
  },
});

// https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-quotas-managed-prefix-lists
const ENTRIES_MAX = 1000;
const ENTRIES_A_CALL_MAX = 100;
const VERSIONS_MAX = 1000;
const NAME_LENGTH_MAX = 255;
const DESCRIPTION_LENGTH_MAX = 255;

const awsDocument = (region: string, list: AwsPrefixList): StoredPrefixList => ({
  PrefixListId: list.id, PrefixListName: list.name, AddressFamily: list.family, State: 'create-complete', OwnerId: 'AWS', Tags: [],
  PrefixListArn: `arn:aws:ec2:${region}:aws:prefix-list/${list.id}`,
});

const awsList = (ctx: Context, id: string): AwsPrefixList | undefined => awsPrefixLists(ctx.region).find((l) => l.id === id);

/** The account's own list or one of AWS's, for what refers to it; the error of an unknown one. */
export async function prefixListOf(ctx: Context, id: string): Promise<StoredPrefixList> {
  const aws = awsList(ctx, id);
  const list = aws ? awsDocument(ctx.region, aws) : await ctx.get(prefixLists, id);
  if (list.State === 'delete-in-progress') throw prefixListNotFound([id]);
  return list;
}

/** The blocks that a list has now. */
export async function blocksOf(ctx: Context, id: string): Promise<string[]> {
  const aws = awsList(ctx, id);
  if (aws) return [...aws.cidrs];
  const list = await ctx.find(prefixLists, id);
  return ((list && entriesAt(list, list.Version!)) ?? []).map((entry) => entry.Cidr!);
}

function checkName(name: string): void {
  if (name.length > NAME_LENGTH_MAX) throw errors.invalidValue(name, 'prefixListName', `Value is too long. Must not exceed ${NAME_LENGTH_MAX} characters.`);
  if (name.startsWith('com.amazonaws')) throw errors.invalidValue(name, 'prefixListName', 'The name cannot start with com.amazonaws.');
}

function checkSize(size: number): void {
  if (size < 1 || size > ENTRIES_MAX) throw errors.invalidValue(size, 'maxEntries', `Must specify a max size between 1 and ${ENTRIES_MAX}.`);
}

/** Entries as they are kept: of the list's family, each CIDR once. */
function entriesOf(given: readonly { Cidr?: string; Description?: string }[], family: string): Entry[] {
  if (given.length > ENTRIES_A_CALL_MAX) throw errors.invalidParameterValue(`The number of entries per request cannot exceeds limit (${ENTRIES_A_CALL_MAX}).`);
  const seen = new Set<string>();
  return given.map(({ Cidr = '', Description }) => {
    const cidr = parseCidr(Cidr);
    if (!cidr || cidr.version !== (family === 'IPv4' ? 4 : 6)) throw errors.invalidParameterValue(`The CIDR (${Cidr}) is not a valid ${family} CIDR block.`);
    const written = formatCidr(cidr);
    if (seen.has(written)) throw errors.invalidParameterValue(`Request cannot contain duplicate Cidr ${written}`);
    seen.add(written);
    if ((Description?.length ?? 0) > DESCRIPTION_LENGTH_MAX) throw errors.invalidValue(Description, 'description', `Value is too long. Must not exceed ${DESCRIPTION_LENGTH_MAX} characters.`);
    return { Cidr: written, ...(Description ? { Description } : {}) };
  });
}

function planList(input: Ec2Operations['CreateManagedPrefixList']['input'], ctx: Context): Partial<StoredPrefixList> {
  checkName(input.PrefixListName);
  checkSize(input.MaxEntries);
  if (input.AddressFamily !== 'IPv4' && input.AddressFamily !== 'IPv6') throw errors.invalidValue(input.AddressFamily, 'addressFamily', 'Valid values are IPv4 and IPv6.');
  const entries = entriesOf(input.Entries ?? [], input.AddressFamily);
  if (entries.length > input.MaxEntries) throw maxEntriesExceeded();
  const id = ctx.newId(prefixLists);
  return {
    PrefixListId: id, PrefixListName: input.PrefixListName, AddressFamily: input.AddressFamily, MaxEntries: input.MaxEntries, Version: 1, OwnerId: ctx.account,
    State: 'create-in-progress', PrefixListArn: `arn:aws:ec2:${ctx.region}:${ctx.account}:prefix-list/${id}`, Tags: [], $: { versions: { 1: entries } },
  };
}

/** The account's own list in a state in which it may be changed. */
async function changeable(ctx: Context, id: string): Promise<StoredPrefixList> {
  // assumed: AWS's own lists cannot be changed, with this code.
  if (awsList(ctx, id)) throw errors.unsupportedOperation(`The prefix list '${id}' is managed by AWS and cannot be modified.`);
  const list = await ctx.get(prefixLists, id);
  if (list.State!.endsWith('-in-progress')) throw prefixListState(id, list.State!);
  return list;
}

const entriesAt = (list: StoredPrefixList, version: number): Entry[] | undefined => list.$!.versions[String(version)];

/** A change of entries is a version; the oldest one goes when there are too many. */
function addVersion(list: StoredPrefixList, entries: Entry[]): void {
  list.Version = list.Version! + 1;
  list.$!.versions[String(list.Version)] = entries;
  delete list.$!.versions[String(list.Version - VERSIONS_MAX)];
}

/** Puts a whole set of entries in the place of the present ones: a resolver keeps the list. */
export async function replaceEntries(ctx: Context, list: StoredPrefixList, cidrs: readonly string[]): Promise<void> {
  const present = entriesAt(list, list.Version!) ?? [];
  if (present.length === cidrs.length && present.every((e) => cidrs.includes(e.Cidr!))) return;
  addVersion(list, cidrs.map((Cidr) => ({ Cidr })));
  await ctx.save(prefixLists, list);
}

function changedEntries(list: StoredPrefixList, input: Ec2Operations['ModifyManagedPrefixList']['input']): Entry[] {
  const added = entriesOf(input.AddEntries ?? [], list.AddressFamily!);
  const removed = entriesOf(input.RemoveEntries ?? [], list.AddressFamily!).map((e) => e.Cidr!);
  const both = added.find((e) => removed.includes(e.Cidr!));
  if (both) throw errors.invalidParameterValue(`Request cannot contain Cidr ${both.Cidr} in both AddPrefixListEntries and RemovePrefixListEntries`);
  const present = entriesAt(list, list.Version!)!;
  const unknown = removed.find((cidr) => !present.some((e) => e.Cidr === cidr));
  if (unknown !== undefined) throw invalidModification(`The prefix list ${list.PrefixListId} has no entry with Cidr ${unknown}`);
  // assumed: an entry that is there already gets the new description.
  const kept = present.filter((e) => !removed.includes(e.Cidr!)).map((e) => added.find((a) => a.Cidr === e.Cidr) ?? e);
  const entries = [...kept, ...added.filter((a) => !kept.some((e) => e.Cidr === a.Cidr))];
  if (entries.length > list.MaxEntries!) throw maxEntriesExceeded();
  return entries;
}

async function modifyList(input: Ec2Operations['ModifyManagedPrefixList']['input'], ctx: Context): Promise<Ec2Operations['ModifyManagedPrefixList']['output']> {
  const list = await changeable(ctx, input.PrefixListId);
  const changes = (input.AddEntries?.length ?? 0) + (input.RemoveEntries?.length ?? 0) > 0;
  const sync = input.IpamPrefixListResolverSyncEnabled;
  // assumed: the codes and texts of these two.
  if (sync !== undefined && list.IpamPrefixListResolverTargetId === undefined) throw errors.invalidParameterCombination(`The prefix list ${list.PrefixListId} has no IPAM prefix list resolver target.`);
  if (changes && (sync ?? list.IpamPrefixListResolverSyncEnabled) === true) throw errors.unsupportedOperation(`The entries of the prefix list ${list.PrefixListId} are managed by an IPAM prefix list resolver.`);
  if (changes && input.MaxEntries !== undefined) throw errors.invalidParameterCombination('You cannot modify the entries and the maximum entries for the prefix list in the same request.');
  if (!changes && input.MaxEntries === undefined && input.PrefixListName === undefined && sync === undefined) throw errors.missingParameter('addEntries, removeEntries, maxEntries or prefixListName');
  if (changes && input.CurrentVersion === undefined) throw errors.missingParameter('currentVersion');
  if (input.CurrentVersion !== undefined && input.CurrentVersion !== list.Version) throw versionMismatch();
  if (input.PrefixListName !== undefined) checkName(input.PrefixListName);
  if (changes) addVersion(list, changedEntries(list, input));
  if (input.PrefixListName !== undefined) list.PrefixListName = input.PrefixListName;
  if (sync !== undefined) list.IpamPrefixListResolverSyncEnabled = sync;
  delete list.StateMessage;
  if (input.MaxEntries !== undefined) {
    checkSize(input.MaxEntries);
    if (input.MaxEntries < entriesAt(list, list.Version!)!.length) throw maxEntriesExceeded();
    const refusing = await refuseGrowth(ctx, list, input.MaxEntries);
    if (refusing.length > 0) {
      list.StateMessage = `The following resources do not support the new maximum size: ${refusing.slice(0, 10).join(', ')}`;
      return { PrefixList: await ctx.transition(prefixLists, list, 'modify-failed') };
    }
    list.MaxEntries = input.MaxEntries;
  }
  return { PrefixList: await ctx.transition(prefixLists, list, 'modify-in-progress') };
}

const deletesList = deletes<StoredPrefixList, { PrefixListId: string }, object>(prefixLists, { id: 'PrefixListId', to: 'delete-in-progress' });

export const prefixListOperations = {
  CreateManagedPrefixList: creates(prefixLists, planList),
  DescribeManagedPrefixLists: describes(prefixLists, { ids: 'PrefixListIds', also: (ctx) => awsPrefixLists(ctx.region).map((list) => awsDocument(ctx.region, list)) }),
  ModifyManagedPrefixList: modifyList,
  RestoreManagedPrefixListVersion: async (input, ctx) => {
    const list = await changeable(ctx, input.PrefixListId);
    if (input.CurrentVersion !== list.Version) throw versionMismatch();
    const entries = entriesAt(list, input.PreviousVersion);
    if (!entries) throw errors.invalidValue(input.PreviousVersion, 'previousVersion', `The prefix list ${input.PrefixListId} has no such version.`);
    addVersion(list, entries);
    return { PrefixList: await ctx.transition(prefixLists, list, 'restore-in-progress') };
  },
  GetManagedPrefixListEntries: async (input, ctx) => {
    const aws = awsList(ctx, input.PrefixListId);
    const list = aws ? undefined : await ctx.get(prefixLists, input.PrefixListId);
    const entries = aws ? aws.cidrs.map((Cidr) => ({ Cidr })) : entriesAt(list!, input.TargetVersion ?? list!.Version!);
    if (!entries || (aws && input.TargetVersion !== undefined)) throw errors.invalidValue(input.TargetVersion, 'targetVersion', `The prefix list ${input.PrefixListId} has no such version.`);
    const { items, next } = pageOf(entries, input);
    return { Entries: items, ...next };
  },
  /** The lists of AWS alone. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribePrefixLists.html */
  DescribePrefixLists: async (input, ctx) => {
    const all = awsPrefixLists(ctx.region).map((l) => ({ PrefixListId: l.id, PrefixListName: l.name, Cidrs: [...l.cidrs] }));
    const missing = (input.PrefixListIds ?? []).filter((id) => !all.some((l) => l.PrefixListId === id));
    if (missing.length > 0) throw awsPrefixListNotFound(missing);
    const asked = input.PrefixListIds?.length ? all.filter((l) => input.PrefixListIds!.includes(l.PrefixListId)) : all;
    const found = filtered(asked, input.Filters, { 'prefix-list-id': (l) => l.PrefixListId, 'prefix-list-name': (l) => l.PrefixListName });
    const { items, next } = pageOf(found, input);
    return { PrefixLists: items, ...next };
  },
  DeleteManagedPrefixList: async (input, ctx) => {
    await changeable(ctx, input.PrefixListId);
    await deletesList(input, ctx);
    return { PrefixList: await ctx.find(prefixLists, input.PrefixListId) };
  },
} satisfies Handlers<Ec2Operations>;
