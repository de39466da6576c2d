import { beforeAll, expect, it } from 'vitest';
import { findImages, Simulation } from './simulation.ts';

// A taste of `npm run simulate`, which takes longer and has as many lives as wanted.
beforeAll(findImages);

const life = (seed: number, interrupted: boolean) => new Simulation({ seed, steps: 1500, data: ':memory:', interrupted }).run();

it.each([1, 2])('seed %i: what must hold of a world holds after each step of a random life', async (seed) => {
  const { wrong, answered, succeeded } = await life(seed, true);
  expect(wrong).toEqual([]);
  // A life in which everything is refused shows nothing.
  expect(answered).toBeGreaterThan(200);
  expect(succeeded.size).toBeGreaterThan(50);
});

it('forks and restores are not seen: the same calls have the same answers, and leave the same state, byte for byte', async () => {
  const [interrupted, plain] = [await life(3, true), await life(3, false)];
  expect(interrupted.wrong).toEqual([]);
  expect([interrupted.answers, interrupted.digest]).toEqual([plain.answers, plain.digest]);
  const other = await life(4, false);
  expect(other.digest).not.toBe(plain.digest);
});
