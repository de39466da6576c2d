// Bundles the program into dist/, so that it starts on any supported Node without a loader.
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: { cli: 'src/cli/index.ts', main: 'src/main.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  external: ['better-sqlite3'],
  // Bundled CommonJS packages ask for Node's own modules by require.
  banner: { js: "import { createRequire as fogbankRequire } from 'node:module'; const require = fogbankRequire(import.meta.url);" },
  logLevel: 'warning',
});
