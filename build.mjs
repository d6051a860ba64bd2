// Bundles the command into dist/: dependencies stay external, heavy rooms become chunks of their own that load on first use.
import { build } from 'esbuild';
import { rmSync, writeFileSync } from 'node:fs';
import { propIndex } from './build-props.mjs';

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

// The program of the child process that synthesises constructs. The CDK is loaded while it runs, from the folder that it is told.
await build({
  entryPoints: ['src/synthesis/main.ts'],
  outfile: 'dist/synthesis/main.js',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
});

const props = propIndex();
if (props !== null) writeFileSync(new URL('dist/synthesis/props.json', import.meta.url), JSON.stringify(props));
