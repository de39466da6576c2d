import { conditions, GUIDE, type Condition } from './rows.ts';

/** Numbers and dates: what is less, equal or greater, and what cannot be compared. */

const NUMBERS = `${GUIDE}/reference_policies_elements_condition_operators.html#Conditions_Numeric`;
const DATES = `${GUIDE}/reference_policies_elements_condition_operators.html#Conditions_Date`;
const IF_EXISTS = `${GUIDE}/reference_policies_elements_condition_operators.html#Conditions_IfExists`;

type Relation = 'less' | 'equal' | 'greater' | 'incomparable';

interface Sample {
  readonly given: string;
  readonly value: unknown;
  /** What the request's value is beside the policy's. */
  readonly is: Relation;
  readonly source?: string;
}

const operators = (kind: string): [operator: string, relations: readonly Relation[]][] => [
  [`${kind}Equals`, ['equal']],
  [`${kind}NotEquals`, ['less', 'greater', 'incomparable']],
  [`${kind}LessThan`, ['less']],
  [`${kind}LessThanEquals`, ['less', 'equal']],
  [`${kind}GreaterThan`, ['greater']],
  [`${kind}GreaterThanEquals`, ['greater', 'equal']],
];

const ofSamples = (kind: string, samples: readonly Sample[]): Condition[] => samples.flatMap(({ given, value, is, source }) => operators(kind)
  .map(([operator, relations]): Condition => [`where ${JSON.stringify(given)} meets ${JSON.stringify(value)}`, operator, value, given, relations.includes(is), source]));

const missing = (kind: string, value: string): Condition[] => operators(kind).flatMap(([operator, relations]): Condition[] => [
  // Nothing is less than, equal to or greater than what is missing: only the negation holds.
  ['where the request has no such key', operator, value, undefined, relations.includes('incomparable')],
  ['where the request has no such key', `${operator}IfExists`, value, undefined, true, IF_EXISTS],
]);

const UNREADABLE = 'assumed: what is no number or date compares with nothing, and only negations hold';
const ZONELESS = 'assumed: a time without a zone is in UTC';

const numeric: readonly Condition[] = [
  ...ofSamples('Numeric', [
    { given: '5', value: '10', is: 'less' },
    { given: '10', value: '10', is: 'equal' },
    { given: '11', value: '10', is: 'greater' },
    { given: '9', value: '10', is: 'less' },
    { given: '10', value: 10, is: 'equal' },
    { given: '10', value: '10.0', is: 'equal' },
    { given: '1.5', value: '1.25', is: 'greater' },
    { given: '0.1', value: '.1', is: 'equal', source: 'assumed: a decimal may begin with its point' },
    { given: '-3', value: '-2', is: 'less' },
    { given: '-2', value: '2', is: 'less' },
    { given: '0', value: '-0', is: 'equal', source: 'assumed: zero has no sign' },
    { given: '3600', value: '3600.5', is: 'less' },
    { given: 'ten', value: '10', is: 'incomparable', source: UNREADABLE },
    { given: '10', value: 'ten', is: 'incomparable', source: UNREADABLE },
    { given: '', value: '0', is: 'incomparable', source: UNREADABLE },
    { given: '0x10', value: '16', is: 'incomparable', source: UNREADABLE },
    { given: '10', value: '1*', is: 'incomparable' },
  ]),
  ...missing('Numeric', '10'),
  ['where one of several values is equal', 'NumericEquals', ['1', '2', '3'], '2', true],
  ['where one of several values is equal', 'NumericNotEquals', ['1', '2', '3'], '2', false],
  ['where the largest of several values is larger', 'NumericLessThan', ['1', '5'], '3', true],
  ['where the key is there and the number is not', 'NumericEqualsIfExists', '1', '2', false, IF_EXISTS],
];

const date: readonly Condition[] = [
  ...ofSamples('Date', [
    { given: '2026-06-01T00:00:00Z', value: '2026-07-01T00:00:00Z', is: 'less' },
    { given: '2026-07-01T00:00:00Z', value: '2026-07-01T00:00:00Z', is: 'equal' },
    { given: '2026-07-01T00:00:01Z', value: '2026-07-01T00:00:00Z', is: 'greater' },
    { given: '2026-07-01T00:00:00Z', value: '2026-07-01', is: 'equal' },
    { given: '2026-07-01T08:00:00Z', value: '2026-07-01', is: 'greater' },
    { given: '2026-06-30T23:59:59Z', value: '2026-07-01', is: 'less' },
    { given: '2026-07-01T00:00:00Z', value: '2026-07', is: 'equal' },
    { given: '2026-07-01T00:00:00.000Z', value: '2026-07-01T00:00Z', is: 'equal' },
    { given: '2026-07-01T00:00:00.500Z', value: '2026-07-01T00:00:00Z', is: 'greater' },
    { given: '2026-07-01T00:00:00Z', value: '2026-07-01T02:00:00+02:00', is: 'equal' },
    { given: '2026-07-01T00:00:00Z', value: '2026-06-30T20:00:00-05:00', is: 'less' },
    { given: '2026-07-01T00:00:00Z', value: '2026-07-01T00:00:00', is: 'equal', source: ZONELESS },
    { given: '2026-07-01T00:00:00Z', value: '1782864000', is: 'equal' },
    { given: '2026-07-01T00:00:00Z', value: 1782864000, is: 'equal' },
    { given: '2026-07-01T00:00:00Z', value: '1782863999', is: 'greater' },
    { given: '1782864000', value: '2026-07-01T00:00:01Z', is: 'less' },
    { given: '1782864000', value: '1782864000', is: 'equal' },
    { given: 'tomorrow', value: '2026-07-01', is: 'incomparable', source: UNREADABLE },
    { given: '2026-07-01T00:00:00Z', value: 'tomorrow', is: 'incomparable', source: UNREADABLE },
    { given: '2026-07-01T00:00:00Z', value: '2026-13-01', is: 'incomparable', source: UNREADABLE },
    { given: '2026-07-01T00:00:00Z', value: '2026-*', is: 'incomparable' },
  ]),
  ...missing('Date', '2026-07-01'),
  ['where the key is there and the date is not', 'DateGreaterThanIfExists', '2026-07-01', '2026-06-01', false, IF_EXISTS],
];

export const ordered = [...conditions('s3:max-keys', NUMBERS, numeric), ...conditions('aws:CurrentTime', DATES, date)];
