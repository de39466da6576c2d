import type { Tag } from '@aws-sdk/client-ssm';
import type { SsmOperations } from '../../fixtures/models/ssm.ts';
import type { Wire } from '../../protocols/wire-types.ts';
import type { Context, Handlers } from '../../src/kit/index.ts';
import * as errors from './errors.ts';
import { parsed } from './names.ts';
import { parameters, type StoredParameter } from './parameters.ts';

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_AddTagsToResource.html */
const TAGS_MAX = 50;

/** The later value of a key is the one that stays. */
export function checkedTags(tags: readonly Wire<Tag>[], present: readonly Wire<Tag>[] = []): Wire<Tag>[] {
  const joined = new Map(present.map((tag) => [tag.Key, tag]));
  for (const tag of tags) {
    // assumed: code and text.
    if (/^aws:/i.test(tag.Key!)) throw errors.validation('Tag keys that begin with aws: are reserved for AWS.');
    joined.set(tag.Key, { Key: tag.Key, Value: tag.Value });
  }
  if (joined.size > TAGS_MAX) throw errors.tooManyTags();
  return [...joined.values()];
}

/** Of the resources of Systems Manager only parameters are here: none of another type is there. */
async function tagged({ ResourceType: type, ResourceId: id }: { ResourceType: string; ResourceId: string }, ctx: Context): Promise<StoredParameter> {
  const which = type === 'Parameter' ? parsed(id, ctx) : undefined;
  const found = which && which.selector === undefined && (await ctx.find(parameters, which.path));
  if (!found) throw errors.invalidResourceId();
  return found;
}

export const tagOperations = {
  AddTagsToResource: async (input, ctx) => {
    const parameter = await tagged(input, ctx);
    parameter.Tags = checkedTags(input.Tags, parameter.Tags);
    await ctx.save(parameters, parameter);
    return {};
  },
  RemoveTagsFromResource: async (input, ctx) => {
    const parameter = await tagged(input, ctx);
    parameter.Tags = (parameter.Tags ?? []).filter((tag) => !input.TagKeys.includes(tag.Key!));
    await ctx.save(parameters, parameter);
    return {};
  },
  ListTagsForResource: async (input, ctx) => ({ TagList: (await tagged(input, ctx)).Tags ?? [] }),
} satisfies Handlers<SsmOperations>;
