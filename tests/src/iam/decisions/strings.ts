import { conditions, GUIDE, type Condition } from './rows.ts';

/** The six string operators. */

const OPERATORS = `${GUIDE}/reference_policies_elements_condition_operators.html#Conditions_String`;
const IF_EXISTS = `${GUIDE}/reference_policies_elements_condition_operators.html#Conditions_IfExists`;
const MANY = `${GUIDE}/reference_policies_condition-logic-multiple-context-keys-or-values.html`;

interface Sample {
  readonly what: string;
  readonly values: unknown;
  /** Undefined where the request has no such key. */
  readonly given: string | undefined;
  /** Whether they match exactly, but for case, and with wildcards. */
  readonly equals: boolean;
  readonly ignoreCase: boolean;
  readonly like: boolean;
  readonly source?: string;
}

const all = { equals: true, ignoreCase: true, like: true };
const none = { equals: false, ignoreCase: false, like: false };
const onlyLike = { ...none, like: true };
const onlyIgnoreCase = { ...none, ignoreCase: true };

const SAMPLES: readonly Sample[] = [
  { what: 'where both are the same', values: 'blue', given: 'blue', ...all },
  { what: 'where they differ', values: 'blue', given: 'red', ...none },
  { what: 'where only their case differs', values: 'Blue', given: 'bLUE', ...onlyIgnoreCase },
  { what: 'where the policy has the beginning of the value alone', values: 'blu', given: 'blue', ...none },
  { what: 'where the value has the beginning of the policy\'s alone', values: 'blue', given: 'blu', ...none },
  { what: 'where a star stands for the end', values: 'bl*', given: 'blue', ...onlyLike },
  { what: 'where a star stands for nothing', values: 'blue*', given: 'blue', ...onlyLike },
  { what: 'where stars stand about the middle', values: '*lu*', given: 'blue', ...onlyLike },
  { what: 'where a star alone meets a value', values: '*', given: 'blue', ...onlyLike },
  { what: 'where a question mark stands for one character', values: 'bl?e', given: 'blue', ...onlyLike },
  { what: 'where a question mark would have to stand for none', values: 'blue?', given: 'blue', ...none },
  { what: 'where a question mark would have to stand for two', values: 'b?e', given: 'blue', ...none },
  { what: 'where the wildcard\'s text differs in case', values: 'BL*', given: 'blue', ...none },
  { what: 'where a star has to reach over slashes and colons', values: 'a*z', given: 'a/b:c/z', ...onlyLike },
  { what: 'where the value itself is the star that the policy has', values: 'b*', given: 'b*', ...all },
  { what: 'where the wildcard is in the value and not in the policy', values: 'blue', given: 'bl*', ...none },
  { what: 'where the second of the policy\'s values is the one', values: ['red', 'blue'], given: 'blue', ...all, source: MANY },
  { what: 'where none of the policy\'s values is the one', values: ['red', 'green'], given: 'blue', ...none, source: MANY },
  { what: 'where one of the policy\'s values has a wildcard', values: ['red', 'b*'], given: 'blue', ...onlyLike, source: MANY },
  { what: 'where both are empty', values: '', given: '', ...all },
  { what: 'where the policy\'s value is empty', values: '', given: 'blue', ...none },
  { what: 'where the value has a space more', values: 'blue', given: 'blue ', ...none },
  { what: 'where the policy\'s value is a number of the same digits', values: 7, given: '7', ...all, source: 'assumed: numbers in documents are their text, as with strings of digits' },
  { what: 'where the policy\'s value is a boolean of the same word', values: true, given: 'true', ...all, source: 'assumed: booleans in documents are their text' },
];

/** Negated operators hold where theirs do not. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
function ofSample({ what, values, given, source = OPERATORS, ...matches }: Sample): Condition[] {
  const pairs: [string, boolean][] = [
    ['StringEquals', matches.equals], ['StringNotEquals', !matches.equals],
    ['StringEqualsIgnoreCase', matches.ignoreCase], ['StringNotEqualsIgnoreCase', !matches.ignoreCase],
    ['StringLike', matches.like], ['StringNotLike', !matches.like],
  ];
  return pairs.flatMap(([operator, holds]): Condition[] => [
    [what, operator, values, given, holds, source],
    [what, `${operator}IfExists`, values, given, holds, source === OPERATORS ? IF_EXISTS : source],
  ]);
}

const NAMES = ['StringEquals', 'StringEqualsIgnoreCase', 'StringLike'] as const;
const NEGATED = ['StringNotEquals', 'StringNotEqualsIgnoreCase', 'StringNotLike'] as const;

/** A missing key matches nothing; `IfExists` does not mind. */
const MISSING: readonly Condition[] = [
  ...NAMES.map((operator): Condition => ['where the request has no such key', operator, 'blue', undefined, false]),
  ...NEGATED.map((operator): Condition => ['where the request has no such key', operator, 'blue', undefined, true]),
  ...[...NAMES, ...NEGATED].map((operator): Condition => ['where the request has no such key', `${operator}IfExists`, 'blue', undefined, true, IF_EXISTS]),
  ['where the request has no such key, whatever the star', 'StringLike', '*', undefined, false],
  ['where the request has no such key, whatever the star', 'StringNotLike', '*', undefined, true],
];

const SPELLING: readonly Condition[] = [
  ['in small letters', 'stringequals', 'blue', 'blue', true, `${GUIDE}/reference_policies_elements_condition.html`],
  ['in capitals', 'STRINGNOTLIKE', 'bl*', 'blue', false, 'assumed: names of operators do not tell cases apart, as the other elements\' values'],
];

export const strings = conditions('aws:PrincipalTag/colour', OPERATORS, [...SAMPLES.flatMap(ofSample), ...MISSING, ...SPELLING]);
