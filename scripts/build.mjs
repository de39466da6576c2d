// Bundles the program into dist/, so that it starts on any supported Node without a loader.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: { cli: 'src/cli/index.ts', main: 'src/main.ts', index: 'src/api/index.ts', vitest: 'src/api/vitest.ts', jest: 'src/api/jest.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // Comments and spaces cost memory for as long as the program runs; a character beyond Latin-1 among them doubles it all.
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'linked',
  lineLimit: 200,
  external: ['better-sqlite3', 'vitest', '@fastify/ajv-compiler', '@fastify/fast-json-stringify-compiler'],
  // Bundled CommonJS packages ask for Node's own modules by require.
  banner: { js: "import { createRequire as fogbankRequire } from 'node:module'; const require = fogbankRequire(import.meta.url);" },
  logLevel: 'warning',
});

// The public types import nothing, so the file is its own declaration.
const types = readFileSync(new URL('../src/api/types.ts', import.meta.url), 'utf8');
const declare = (file, text) => writeFileSync(new URL(`../dist/${file}.d.ts`, import.meta.url), text);
declare('index', `${types}\n/** Fogbank in this process, for tests: in memory, on a free port, silent. */\nexport declare function startFogbank(options?: FogbankOptions): Promise<Fogbank>;\n`);
declare('jest', `import type { Fogbank, FogbankOptions } from './index.js';\n/** One Fogbank for a file, emptied before each test. */\nexport declare function useFogbank(options?: FogbankOptions): () => Fogbank;\n`);
declare('vitest', `import type { TestAPI } from 'vitest';\nimport type { Fogbank } from './index.js';\n/** Each test has a world of its own. */\nexport declare const test: TestAPI<{ fogbank: Fogbank }>;\n`);
