import { describe, expect, it } from 'vitest';
import { actionsAndResources } from './actions-and-resources.ts';
import { addressesAndArns } from './addresses-and-arns.ts';
import { ordered } from './ordered.ts';
import { plainOperators } from './plain-operators.ts';
import { policyTypes } from './policy-types.ts';
import { principals } from './principals.ts';
import { decided, type Row } from './rows.ts';
import { sets } from './sets.ts';
import { strings } from './strings.ts';
import { variables } from './variables.ts';

/** Every decision that is written down, by theme. What they expect is what AWS's documentation says. */

const THEMES: Readonly<Record<string, readonly Row[]>> = { strings, sets, 'numbers and dates': ordered, 'other operators': plainOperators, 'addresses and ARNs': addressesAndArns, variables, 'actions and resources': actionsAndResources, principals, 'policy types': policyTypes };

for (const [theme, rows] of Object.entries(THEMES)) {
  describe(theme, () => {
    it.each(rows.map((row) => [row.name, row] as const))('%s', (_, row) => {
      expect(decided(row)).toBe(row.expected);
    });
  });
}
