import { readJsonFixture } from '../../../fixtures/load.ts';
import type { IamOperations } from '../../../fixtures/models/iam.ts';
import type { Context } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { requestOf, type StoredRequest } from './stored.ts';
import { statementsOf } from './templates.ts';

type Answer = IamOperations['GetHumanReadableSummary']['output'];

let names: Readonly<Record<string, string>> | undefined;
const serviceName = (prefix: string): string => (names ??= readJsonFixture<Record<string, string>>('iam/services.json'))[prefix.toLowerCase()] ?? prefix;

/** 'DeleteBucketPolicy' is "delete bucket policy". */
const words = (action: string): string => action.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();

const joined = (parts: readonly string[]): string => (parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`);

function duration(seconds: number): string {
  const [amount, unit] = seconds % 3600 === 0 ? [seconds / 3600, 'hour'] : seconds % 60 === 0 ? [seconds / 60, 'minute'] : [seconds, 'second'];
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`;
}

function sentences(policy: string): string[] {
  return statementsOf(policy).map(({ effect, actions, resources, conditions }) => {
    const byService = new Map<string, string[]>();
    for (const action of actions) {
      const [prefix = '', name = '*'] = action.split(':');
      byService.set(serviceName(prefix), [...(byService.get(serviceName(prefix)) ?? []), name === '*' ? 'do everything' : words(name)]);
    }
    const what = [...byService].map(([service, done]) => `${joined(done)} in ${service}`);
    const where = resources.includes('*') ? 'on all resources' : `on ${joined(resources)}`;
    const keys = Object.values(conditions).flatMap((one) => Object.keys(one));
    return `${effect === 'Deny' ? 'It may not' : 'It may'} ${joined(what)}, ${where}${keys.length === 0 ? '' : `, under conditions on ${joined(keys)}`}.`;
  });
}

/** AWS lets a language model write it; here it is made from the policy. */
function summary({ RequestorName, SessionDuration, PermissionPolicy, RolePermissionRestrictionArns: boundaries = [] }: StoredRequest): string {
  return [
    `${RequestorName} asks for temporary access to your account for ${duration(SessionDuration!)}.`, ...sentences(PermissionPolicy!),
    ...(boundaries.length === 0 ? [] : [`Roles that it makes stay after that, and are limited by ${joined(boundaries)}.`]),
  ].join(' ');
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetHumanReadableSummary.html */
export async function humanReadableSummary(input: IamOperations['GetHumanReadableSummary']['input'], ctx: Context): Promise<Answer> {
  const [, account, id] = /^arn:aws:iam::(\d{12}):delegation-request\/([\w-]+)$/.exec(input.EntityArn) ?? [];
  // assumed: the text.
  if (id === undefined) throw errors.invalidInput(`The entity ${input.EntityArn} is not supported.`);
  const request = await requestOf(ctx, id);
  if (account !== (request.OwnerAccountId ?? ctx.account)) throw errors.noSuchEntity(`The delegation request with id ${id} cannot be found.`);
  const locale = input.Locale ?? 'en';
  if (!/^en([-_][A-Za-z]{2})?$/.test(locale)) return { Locale: locale, SummaryState: 'NOT_SUPPORTED' };
  return { SummaryContent: summary(request), Locale: locale, SummaryState: 'AVAILABLE' };
}
