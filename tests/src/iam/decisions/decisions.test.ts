import { describe, expect, it } from 'vitest';
import { ordered } from './ordered.ts';
import { plainOperators } from './plain-operators.ts';
import { decided, type Row } from './rows.ts';
import { sets } from './sets.ts';
import { strings } from './strings.ts';

/** Every decision that is written down, by theme. What they expect is what AWS's documentation says. */

const THEMES: Readonly<Record<string, readonly Row[]>> = { strings, sets, 'numbers and dates': ordered, 'other operators': plainOperators };

for (const [theme, rows] of Object.entries(THEMES)) {
  describe(theme, () => {
    it.each(rows.map((row) => [row.name, row] as const))('%s', (_, row) => {
      expect(decided(row)).toBe(row.expected);
    });
  });
}
