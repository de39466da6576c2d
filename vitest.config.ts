import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    pool: 'threads',
    // The files of a worker share its modules: loading them for each file took two thirds of the time.
    isolate: false,
  },
});
