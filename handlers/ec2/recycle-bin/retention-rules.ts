import { resource, type Context, type Happening, type TagPair } from '../../../src/kit/index.ts';
import { invalidParameterValue } from '../errors.ts';

/** What the Recycle Bin calls the kinds that it keeps. */
export type RecycledType = 'EBS_SNAPSHOT' | 'EC2_IMAGE' | 'EBS_VOLUME';

interface Rule {
  readonly Identifier: string;
  readonly ResourceType: RecycledType;
  readonly RetentionDays: number;
  /** A tag-level rule keeps what has one of these, a Region-level one everything but what has one of its exclusions. */
  readonly ResourceTags: readonly TagPair[];
  readonly ExcludeResourceTags: readonly TagPair[];
}

/**
 * Rules are made by another service's API (rbin), which is not here: the control API puts them.
 * https://docs.aws.amazon.com/ebs/latest/userguide/recycle-bin-create-rule.html
 */
export const retentionRules = resource<Rule>({
  service: 'ec2',
  kind: 'recycle-bin-rule',
  shape: 'SnapshotRecycleBinInfo',
  id: { member: 'Identifier' },
  notFound: (ids) => invalidParameterValue(`There is no retention rule ${ids[0]}`),
  tags: null,
  indexed: ['ResourceType'],
});

const DAYS_MAX: Readonly<Record<RecycledType, number>> = { EBS_SNAPSHOT: 365, EC2_IMAGE: 365, EBS_VOLUME: 7 };
const RULES_MAX = 50;
const EXCLUSIONS_MAX = 5;

/** Two rules that both keep something: it stays for the longer of their times. */
export async function retentionDays(ctx: Context, type: RecycledType, tags: readonly TagPair[]): Promise<number | undefined> {
  const holds = (wanted: readonly TagPair[]) => wanted.some((tag) => tags.some(({ Key, Value }) => Key === tag.Key && Value === tag.Value));
  const rules = (await ctx.list(retentionRules, { member: 'ResourceType', value: type })).filter((r) => (r.ResourceTags.length > 0 ? holds(r.ResourceTags) : !holds(r.ExcludeResourceTags)));
  return rules.length === 0 ? undefined : Math.max(...rules.map((r) => r.RetentionDays));
}

const pairs = (tags: unknown): TagPair[] => Object.entries((tags ?? {}) as Record<string, unknown>).map(([Key, Value]) => ({ Key, Value: String(Value) }));

export const putRetentionRule: Happening = async (given: { type: RecycledType; days: number; tags?: object; exclude?: object }, ctx: Context) => {
  const max = DAYS_MAX[given.type];
  if (!Number.isInteger(given.days) || given.days < 1 || given.days > max) throw invalidParameterValue(`days must be a whole number from 1 to ${max}`);
  const [ResourceTags, ExcludeResourceTags] = [pairs(given.tags), pairs(given.exclude)];
  if (ResourceTags.length > 0 && ExcludeResourceTags.length > 0) throw invalidParameterValue('a rule has tags or exclusions');
  if (ResourceTags.length > RULES_MAX || ExcludeResourceTags.length > EXCLUSIONS_MAX) throw invalidParameterValue(`a rule has at most ${RULES_MAX} tags or ${EXCLUSIONS_MAX} exclusions`);
  const rule = await ctx.create<Rule>(retentionRules, { Identifier: ctx.ids.hex(11), ResourceType: given.type, RetentionDays: given.days, ResourceTags, ExcludeResourceTags });
  return { rule: rule.Identifier };
};

/** What is in the bin already stays for as long as it was to stay. */
export const deleteRetentionRule: Happening = async ({ rule }: { rule: string }, ctx: Context) => {
  await ctx.remove(retentionRules, await ctx.get(retentionRules, rule));
  return { rule };
};
