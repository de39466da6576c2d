import { describe, expect, it } from 'vitest';
import { actionsAndResources } from './actions-and-resources.ts';
import { addressesAndArns } from './addresses-and-arns.ts';
import { ec2Examples } from './ec2-examples.ts';
import { iamExamples } from './iam-examples.ts';
import { ordered } from './ordered.ts';
import { plainOperators } from './plain-operators.ts';
import { policyTypes } from './policy-types.ts';
import { principals } from './principals.ts';
import { decided, type Row } from './rows.ts';
import { sets } from './sets.ts';
import { strings } from './strings.ts';
import { variables } from './variables.ts';

/** Every decision that is written down, by theme. What they expect is what AWS's documentation says. */

const THEMES: Readonly<Record<string, readonly Row[]>> = {
  'string operators': strings, 'keys with several values': sets, 'numbers and dates': ordered, 'other operators': plainOperators,
  'addresses and ARNs': addressesAndArns, 'policy variables': variables, 'actions and resources': actionsAndResources, principals,
  'policy types': policyTypes, 'EC2\'s example policies': ec2Examples, 'IAM\'s example policies': iamExamples,
};
const ALL = Object.values(THEMES).flat();

describe('the decisions that are written down', () => {
  it('are more than two and a half thousand', () => {
    expect(ALL.length).toBeGreaterThanOrEqual(2700);
  });

  it.each(Object.entries(THEMES))('ask nothing twice under one name: %s', (_, rows) => {
    const names = rows.map((row) => `${row.name} ${JSON.stringify([row.policies, row.context])}`);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });

  it('all say where AWS documents them, or why they are assumed', () => {
    expect(ALL.filter(({ source }) => !/^(https:\/\/docs\.aws\.amazon\.com\/\S+|assumed: .+)$/.test(source)).map((row) => row.name)).toEqual([]);
  });

  it('know every outcome', () => {
    const types = ['identity', 'resource', 'boundary', 'session', 'scp', 'rcp'];
    const outcomes = ['allowed', ...types.flatMap((type) => [`explicitDeny:${type}`, `implicitDeny:${type}`])];
    expect(outcomes.filter((outcome) => !ALL.some((row) => row.expected === outcome))).toEqual([]);
  });
});

for (const [theme, rows] of Object.entries(THEMES)) {
  describe(theme, () => {
    it.each(rows.map((row) => [row.name, row] as const))('%s', (_, row) => {
      expect(decided(row)).toBe(row.expected);
    });
  });
}
