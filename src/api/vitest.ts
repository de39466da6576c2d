import { test as base } from 'vitest';
import { startFogbank } from './index.ts';
import type { Fogbank } from './types.ts';

let shared: Promise<Fogbank> | undefined;

/**
 * `test('…', async ({ fogbank }) => …)`: each test has a world of its own, a fork of one that is started once for the
 * file and is never used itself.
 */
export const test = base.extend<{ fogbank: Fogbank }>({
  // vitest reads the fixture's dependencies from its parameter.
  fogbank: async ({}, use) => { // eslint-disable-line no-empty-pattern -- as above
    const own = await (await (shared ??= startFogbank())).fork();
    await use(own);
    await own.stop();
  },
});
