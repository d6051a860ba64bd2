// Bundles the command into dist/: dependencies stay external, heavy rooms become chunks of their own that load on first use.
import { build } from 'esbuild';
import { rmSync } from 'node:fs';

rmSync(new URL('dist', import.meta.url), { recursive: true, force: true });
await build({
  entryPoints: ['src/cli/main.ts'],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  sourcemap: true,
  logLevel: 'warning',
});
