import { conditions, GUIDE, type Condition } from './rows.ts';

/** Keys with several values: ForAllValues, ForAnyValue, and no set operator at all. */

const SETS = `${GUIDE}/reference_policies_condition-single-vs-multi-valued-context-keys.html`;

interface Sample {
  readonly what: string;
  readonly operator: string;
  readonly values: readonly string[];
  /** Undefined where the request has no such key. */
  readonly given: readonly string[] | undefined;
  /** Of each of `given`, whether the operator holds for it alone. */
  readonly each: readonly boolean[];
}

const SAMPLES: readonly Sample[] = [
  { what: 'where the only value is in the set', operator: 'StringEquals', values: ['env', 'team'], given: ['env'], each: [true] },
  { what: 'where the only value is not in the set', operator: 'StringEquals', values: ['env', 'team'], given: ['cost'], each: [false] },
  { what: 'where all values are in the set', operator: 'StringEquals', values: ['env', 'team'], given: ['team', 'env'], each: [true, true] },
  { what: 'where the first value alone is in the set', operator: 'StringEquals', values: ['env', 'team'], given: ['env', 'cost'], each: [true, false] },
  { what: 'where the last value alone is in the set', operator: 'StringEquals', values: ['env', 'team'], given: ['cost', 'env'], each: [false, true] },
  { what: 'where no value is in the set', operator: 'StringEquals', values: ['env', 'team'], given: ['cost', 'owner'], each: [false, false] },
  { what: 'where the values differ from the set in case', operator: 'StringEquals', values: ['env'], given: ['Env', 'ENV'], each: [false, false] },
  { what: 'where the values differ from the set in case alone', operator: 'StringEqualsIgnoreCase', values: ['env'], given: ['Env', 'ENV'], each: [true, true] },
  { what: 'where a wildcard covers all values', operator: 'StringLike', values: ['e*'], given: ['env', 'end'], each: [true, true] },
  { what: 'where a wildcard covers some values', operator: 'StringLike', values: ['e*'], given: ['env', 'team'], each: [true, false] },
  { what: 'where a wildcard covers no value', operator: 'StringLike', values: ['x*'], given: ['env', 'team'], each: [false, false] },
  { what: 'where no value is excluded', operator: 'StringNotEquals', values: ['secret', 'key'], given: ['env', 'team'], each: [true, true] },
  { what: 'where some values are excluded', operator: 'StringNotEquals', values: ['secret', 'key'], given: ['env', 'key'], each: [true, false] },
  { what: 'where all values are excluded', operator: 'StringNotEquals', values: ['secret', 'key'], given: ['key', 'secret'], each: [false, false] },
  { what: 'where a wildcard excludes some values', operator: 'StringNotLike', values: ['sec*'], given: ['secret', 'env'], each: [false, true] },
  { what: 'where case saves no value', operator: 'StringNotEqualsIgnoreCase', values: ['secret'], given: ['SECRET', 'Secret'], each: [false, false] },
  { what: 'where all numbers are small', operator: 'NumericLessThan', values: ['10'], given: ['1', '9'], each: [true, true] },
  { what: 'where some numbers are small', operator: 'NumericLessThan', values: ['10'], given: ['1', '11'], each: [true, false] },
  { what: 'where all ARNs match', operator: 'ArnLike', values: ['arn:aws:sns:*:*:a*'], given: ['arn:aws:sns:r:1:a1', 'arn:aws:sns:r:1:a2'], each: [true, true] },
  { what: 'where some ARNs match', operator: 'ArnLike', values: ['arn:aws:sns:*:*:a*'], given: ['arn:aws:sns:r:1:a1', 'arn:aws:sns:r:1:b'], each: [true, false] },
  { what: 'where some addresses are in the range', operator: 'IpAddress', values: ['10.0.0.0/8'], given: ['10.1.1.1', '11.1.1.1'], each: [true, false] },
  { what: 'where some booleans are true', operator: 'Bool', values: ['true'], given: ['true', 'false'], each: [true, false] },
  { what: 'where the request has no such key', operator: 'StringEquals', values: ['env'], given: undefined, each: [] },
  { what: 'where the request has no such key', operator: 'StringNotEquals', values: ['env'], given: undefined, each: [] },
  { what: 'where the request has no such key', operator: 'StringLike', values: ['*'], given: undefined, each: [] },
  { what: 'where the request has the key without values', operator: 'StringEquals', values: ['env'], given: [], each: [] },
  { what: 'where the request has the key without values', operator: 'StringNotLike', values: ['env'], given: [], each: [] },
  { what: 'where the key has an empty string alone', operator: 'StringEquals', values: ['env'], given: [''], each: [] },
  { what: 'where the key has an empty string alone', operator: 'StringNotEquals', values: ['env'], given: [''], each: [] },
];

/** All of nothing hold, none of nothing do; `each` has nothing where the set is null. */
function ofSample({ what, operator, values, given, each }: Sample): Condition[] {
  const all = each.every(Boolean);
  const any = each.some(Boolean);
  const missing = given === undefined || given.length === 0;
  return [
    [what, `ForAllValues:${operator}`, values, given, all],
    [what, `ForAllValues:${operator}IfExists`, values, given, all],
    [what, `ForAnyValue:${operator}`, values, given, any],
    [what, `ForAnyValue:${operator}IfExists`, values, given, any || each.length === 0, missing ? undefined : given.length === 1 && given[0] === '' ? 'assumed: a null set is no key to IfExists' : undefined],
  ];
}

const NO_SET_OPERATOR = 'assumed: without a set operator, which keys with several values require, one match is enough, and a negation wants none';

const WITHOUT: readonly Condition[] = [
  ['where one of several values matches and there is no set operator', 'StringEquals', 'env', ['env', 'cost'], true, NO_SET_OPERATOR],
  ['where none of several values matches and there is no set operator', 'StringEquals', 'env', ['team', 'cost'], false, NO_SET_OPERATOR],
  ['where one of several values is excluded and there is no set operator', 'StringNotEquals', 'env', ['env', 'cost'], false, NO_SET_OPERATOR],
  ['where none of several values is excluded and there is no set operator', 'StringNotEquals', 'env', ['team', 'cost'], true, NO_SET_OPERATOR],
  ['where the key has no values and there is no set operator', 'StringEquals', 'env', [], false, NO_SET_OPERATOR],
  ['where the key has no values and there is no set operator', 'StringNotEquals', 'env', [], true, NO_SET_OPERATOR],
  ['where an empty string is among others', 'ForAllValues:StringEquals', 'env', ['env', ''], false, 'assumed: an empty string among others is a value'],
  ['where an empty string is the one that matches', 'ForAnyValue:StringEquals', ['', 'env'], ['x', ''], true, 'assumed: an empty string among others is a value'],
  ['in small letters', 'forallvalues:stringequals', 'env', ['env'], true, 'assumed: names of operators do not tell cases apart'],
  ['in small letters', 'foranyvalue:stringequals', 'env', ['team'], false, 'assumed: names of operators do not tell cases apart'],
];

export const sets = conditions('aws:TagKeys', SETS, [...SAMPLES.flatMap(ofSample), ...WITHOUT]);
