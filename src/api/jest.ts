import { startFogbank } from './index.ts';
import type { Fogbank, FogbankOptions } from './types.ts';

declare const beforeAll: (hook: () => Promise<void>) => void;
declare const beforeEach: (hook: () => Promise<void>) => void;
declare const afterAll: (hook: () => Promise<void>) => void;

/** One Fogbank for a file, emptied before each test; for every runner that has jest's hooks. Call it at the top of the file, and the result inside tests. */
export function useFogbank(options?: FogbankOptions): () => Fogbank {
  let fogbank: Fogbank | undefined;
  beforeAll(async () => {
    fogbank = await startFogbank(options);
  });
  beforeEach(async () => {
    fogbank!.faults.clear();
    await fogbank!.reset();
  });
  afterAll(async () => fogbank?.stop());
  return () => {
    if (!fogbank) throw new Error('useFogbank: there is no Fogbank before the tests run');
    return fogbank;
  };
}
