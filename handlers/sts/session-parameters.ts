import { deflateRawSync } from 'node:zlib';
import { checkPolicy } from '../../src/iam/index.ts';
import type { Context, Session } from '../../src/kit/index.ts';
import * as errors from './errors.ts';

/** What a call may give its session. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html */
export interface Given {
  readonly Policy?: string | undefined;
  readonly PolicyArns?: readonly { readonly arn?: string | undefined }[] | undefined;
  readonly Tags?: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined;
  readonly TransitiveTagKeys?: readonly string[] | undefined;
  readonly SourceIdentity?: string | undefined;
}

export interface Passed {
  readonly session: Omit<Session, 'issuedAt'>;
  /** Only where something was passed that is packed. */
  readonly answer: { PackedPolicySize?: number };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const POLICY_ARNS_MAX = 10;
const TAGS_MAX = 50;
/** What policies and tags may take once packed. AWS does not publish it. */
// assumed: compressed bytes stand for AWS's own packing, and this many of them are a hundred percent.
const PACKED_BYTES_MAX = 2048;

/** Checks what is given, and makes of it what the session keeps. `ctx` is of the account whose policies may be named. */
export async function passed(given: Given, ctx: Context): Promise<Passed> {
  if (given.Policy !== undefined) checkPolicy(given.Policy, 'identity');
  const policyArns = await managedPolicies(given.PolicyArns ?? [], ctx);
  const inherited = inheritedTags(ctx);
  const tags = sessionTags(given.Tags ?? [], given.TransitiveTagKeys ?? [], inherited);
  const transitive = [...inherited.keys, ...(given.TransitiveTagKeys ?? [])];
  const sourceIdentity = sourceIdentityOf(given.SourceIdentity, ctx);
  const percent = packedSize(given);
  if (percent !== undefined && percent > 100) throw errors.packedPolicyTooLarge(percent);
  return {
    session: {
      ...(given.Policy === undefined ? {} : { policies: [given.Policy] }), ...(policyArns.length === 0 ? {} : { policyArns }), ...(Object.keys(tags).length === 0 ? {} : { tags }),
      ...(transitive.length === 0 ? {} : { transitiveTagKeys: transitive }), ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    },
    answer: percent === undefined ? {} : { PackedPolicySize: percent },
  };
}

async function managedPolicies(given: NonNullable<Given['PolicyArns']>, ctx: Context): Promise<string[]> {
  // assumed: the code and text.
  if (given.length > POLICY_ARNS_MAX) throw errors.validationError(`1 validation error detected: Value at 'policyArns' failed to satisfy constraint: Member must have length less than or equal to ${POLICY_ARNS_MAX}`);
  const arns = given.map(({ arn = '' }) => arn);
  for (const arn of arns) {
    // "The managed policies must exist in the same account as the role."
    const [, account] = /^arn:aws:iam::(aws|\d{12}):policy\/.+$/.exec(arn) ?? [];
    if (account === undefined) throw errors.validationError(`${arn} is invalid`);
    // assumed: the text. AWS's own policies are in a catalog that only iam reads: a session that names one that AWS has not got is given nothing by it.
    if (account !== 'aws' && (account !== ctx.account || !(await ctx.findForeign('iam:policy', arn)))) throw errors.malformedPolicyDocument(`The session policy ${arn} does not exist.`);
  }
  return arns;
}

/** Transitive tags of the calling session go along the chain. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_role-chaining */
function inheritedTags(ctx: Context): { keys: readonly string[]; tags: Record<string, string> } {
  const { tags = {}, transitiveTagKeys: keys = [] } = ctx.principal.session ?? {};
  const wanted = new Set(keys.map((key) => key.toLowerCase()));
  return { keys, tags: Object.fromEntries(Object.entries(tags).filter(([key]) => wanted.has(key.toLowerCase()))) };
}

function sessionTags(given: NonNullable<Given['Tags']>, transitive: readonly string[], inherited: { keys: readonly string[]; tags: Record<string, string> }): Record<string, string> {
  const own = new Map<string, string>();
  const fixed = new Set(inherited.keys.map((key) => key.toLowerCase()));
  for (const { Key = '' } of given) {
    // assumed: the text.
    if (/^aws:/i.test(Key)) throw errors.invalidParameterValue('System tags cannot be specified as session tags.');
    if (own.has(Key.toLowerCase())) throw errors.invalidParameterValue('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
    if (fixed.has(Key.toLowerCase())) throw errors.invalidParameterValue('One of the specified tag keys can\'t be set because it conflicts with a transitive tag key from the calling session.');
    own.set(Key.toLowerCase(), Key);
  }
  for (const key of transitive) {
    if (fixed.has(key.toLowerCase())) throw errors.invalidParameterValue('One of the specified transitive tag keys can\'t be set because it conflicts with a transitive tag key from the calling session.');
    if (!own.has(key.toLowerCase())) throw errors.invalidParameterValue('The specified transitive tag key must be included in the requested tags.');
  }
  const tags = { ...inherited.tags, ...Object.fromEntries(given.map(({ Key = '', Value = '' }) => [Key, Value])) };
  // assumed: the text. Inherited tags count too.
  if (Object.keys(tags).length > TAGS_MAX) throw errors.invalidParameterValue(`You can pass up to ${TAGS_MAX} session tags.`);
  return tags;
}

/** "After the source identity is set, the value cannot be changed." https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html */
function sourceIdentityOf(given: string | undefined, ctx: Context): string | undefined {
  const present = ctx.principal.session?.sourceIdentity;
  if (given === undefined) return present;
  if (/^aws:/i.test(given)) throw errors.validationError('Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"');
  // assumed: the text.
  if (present !== undefined && present !== given) throw errors.accessDenied('The source identity of the calling session cannot be changed.');
  return given;
}

/** Percent of what is allotted; undefined where nothing is packed. */
function packedSize({ Policy, PolicyArns = [], Tags = [] }: Given): number | undefined {
  if (Policy === undefined && PolicyArns.length === 0 && Tags.length === 0) return undefined;
  const policy = Policy === undefined ? '' : JSON.stringify(JSON.parse(Policy));
  const text = [policy, ...PolicyArns.map((p) => p.arn ?? ''), ...Tags.map((t) => `${t.Key ?? ''}=${t.Value ?? ''}`)].join('\n');
  return Math.ceil((deflateRawSync(text, { level: 9 }).length / PACKED_BYTES_MAX) * 100);
}
