import type { Ec2Operations } from '../../fixtures/models/ec2.ts';
import { AwsError, checkTags, mergeTags, pagePosition, pageToken, tagMember, wildcardMatcher, type AnyResource, type Context, type Handlers, type Structure, type TagPair } from '../../src/kit/index.ts';
import * as errors from './errors.ts';

/**
 * Ids name their kind by their prefix; one of no kind and one that is malformed are told so in the same words.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTags.html, https://github.com/kubernetes/cloud-provider-aws/pull/1387
 */
async function tagged(ctx: Context, ids: readonly string[]): Promise<{ resource: AnyResource; document: Record<string, unknown>; member: string }[]> {
  if (ids.length === 0) throw errors.missingParameter('resourceIdSet');
  const found = [];
  for (const id of [...new Set(ids)]) {
    const resource = ctx.world.registry.resourceOfId('ec2', id);
    const member = resource && tagMember(resource);
    if (!resource || !member || !resource.wellFormed(id)) throw new AwsError('InvalidID', `The ID '${id}' is not valid`);
    found.push({ resource, document: (await ctx.get(resource, id)) as Record<string, unknown>, member });
  }
  return found;
}

interface TagRow {
  readonly Key: string;
  readonly Value: string;
  readonly ResourceId: string;
  readonly ResourceType: string;
}

const TAG_FILTERS: Readonly<Record<string, (row: TagRow) => string>> = {
  key: (row) => row.Key,
  value: (row) => row.Value,
  'resource-id': (row) => row.ResourceId,
  'resource-type': (row) => row.ResourceType,
};

async function describeTags(input: Ec2Operations['DescribeTags']['input'], ctx: Context): Promise<Ec2Operations['DescribeTags']['output']> {
  const tests = (input.Filters ?? []).map(({ Name = '', Values = [] }) => {
    const accepts = wildcardMatcher(Values);
    const tag = /^tag:(.+)$/s.exec(Name)?.[1];
    if (tag !== undefined) return (row: TagRow) => row.Key === tag && accepts(row.Value);
    const read = Object.hasOwn(TAG_FILTERS, Name) ? TAG_FILTERS[Name]! : undefined;
    if (!read) throw errors.invalidParameterValue(`The filter '${Name}' is invalid`);
    return (row: TagRow) => accepts(read(row));
  });
  const rows: TagRow[] = [];
  for (const stored of await ctx.world.store.allTagged(ctx.account, ctx.region)) {
    const resource = ctx.world.registry.resource(stored.kind);
    if (resource?.service !== 'ec2') continue;
    const document = stored.read() as object;
    for (const { key, value } of resource.tagsOf(document)) rows.push({ Key: key, Value: value, ResourceId: stored.id, ResourceType: resource.kind });
  }
  const selected = rows.filter((row) => tests.every((test) => test(row)));
  const from = pagePosition(input.NextToken, input as Structure, (token) => errors.invalidValue(` ${token} `, 'NextToken', 'The token is invalid.'));
  const to = from + (input.MaxResults ?? selected.length);
  return { Tags: selected.slice(from, to) as Ec2Operations['DescribeTags']['output']['Tags'], ...(to < selected.length ? { NextToken: pageToken(to, input as Structure) } : {}) };
}

export const tagOperations = {
  CreateTags: async (input, ctx) => {
    const tags = (input.Tags ?? []) as TagPair[];
    if (tags.length === 0) throw errors.missingParameter('tagSet');
    checkTags(tags);
    for (const { resource, document, member } of await tagged(ctx, input.Resources)) {
      document[member] = mergeTags((document[member] as TagPair[] | undefined) ?? [], tags);
      await ctx.save(resource, document);
    }
    return {};
  },
  DescribeTags: describeTags,
  /** A key with a value deletes that tag only if it has this value; without tags all of the caller's go. */
  DeleteTags: async (input, ctx) => {
    for (const { resource, document, member } of await tagged(ctx, input.Resources)) {
      const present = (document[member] as TagPair[] | undefined) ?? [];
      const gone = (tag: TagPair) => !input.Tags?.length || input.Tags.some((t) => t.Key === tag.Key && (t.Value === undefined || t.Value === tag.Value));
      document[member] = present.filter((tag) => /^aws:/.test(tag.Key ?? '') || !gone(tag));
      await ctx.save(resource, document);
    }
    return {};
  },
} satisfies Handlers<Ec2Operations>;
