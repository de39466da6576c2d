import type { ServiceQuotasOperations } from '../../fixtures/models/service-quotas.ts';
import { quotaRow, type Context, type Handlers, type QuotaRow } from '../../src/kit/index.ts';
import * as errors from './errors.ts';
import { keep, kept, quotas } from './quotas.ts';

const TAGS_MAX = 50;

/** Tags stand at applied quotas of the caller's account. https://docs.aws.amazon.com/servicequotas/latest/userguide/sq-tagging.html */
function rowAt(arn: string, ctx: Context): QuotaRow {
  const [, region, account, service, code] = /^arn:aws:servicequotas:([^:]*):(\d{12}):([^/]+)\/([^/]+)$/.exec(arn) ?? [];
  if (account === undefined) throw errors.illegalArgument('The specified ARN is invalid.');
  const row = quotaRow(service!, code!);
  if (!row || account !== ctx.account || (region !== '' && region !== ctx.region)) throw quotas.notFound([]);
  return row;
}

export const tagOperations = {
  TagResource: async (input, ctx) => {
    const row = rowAt(input.ResourceARN, ctx);
    const tags = new Map(((await kept(row, ctx))?.Tags ?? []).map((tag) => [tag.Key, tag]));
    for (const tag of input.Tags) {
      if (tag.Key.startsWith('aws:')) throw errors.tagPolicyViolation('Tag keys that begin with aws: are reserved for AWS.');
      tags.set(tag.Key, tag);
    }
    if (tags.size > TAGS_MAX) throw errors.tooManyTags();
    await keep(row, ctx, (quota) => {
      quota.Tags = [...tags.values()];
    });
    return {};
  },
  ListTagsForResource: async (input, ctx) => ({ Tags: (await kept(rowAt(input.ResourceARN, ctx), ctx))?.Tags ?? [] }),
  UntagResource: async (input, ctx) => {
    const row = rowAt(input.ResourceARN, ctx);
    if (!(await kept(row, ctx))?.Tags) return {};
    await keep(row, ctx, (quota) => {
      quota.Tags = quota.Tags!.filter((tag) => !input.TagKeys.includes(tag.Key));
    });
    return {};
  },
} satisfies Handlers<ServiceQuotasOperations>;
