// Bundles the processes of the benchmark, runs them, and exits 1 where a limit is broken.
//   node test/bench/run.mjs [--output json] [--cpu-prof DIR]
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const { values } = parseArgs({
  options: { output: { type: 'string', default: 'table' }, 'cpu-prof': { type: 'string' } },
});
const root = fileURLToPath(new URL('../..', import.meta.url));
// Inside the project, so that packages are found from there.
mkdirSync(join(root, '.evenkeel'), { recursive: true });
const bundle = mkdtempSync(join(root, '.evenkeel', 'bench-'));
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
process.env.AWS_EC2_METADATA_DISABLED = 'true';
try {
  await build({
    entryPoints: ['bench', 'report', 'limits', 'aws-process', 'reconciler-process'].map((name) =>
      join(root, 'test', 'bench', `${name}.ts`),
    ),
    outdir: bundle,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: true,
    logLevel: 'warning',
  });
  const load = (name) => import(join(bundle, `${name}.js`));
  const [{ bench }, { reportOf }, { isBroken }] = await Promise.all([load('bench'), load('report'), load('limits')]);
  const profiles = values['cpu-prof'] === undefined ? null : resolve(values['cpu-prof']);
  const rows = await bench({ bundle, profiles, say: (text) => process.stderr.write(`${text} …\n`) });
  process.stdout.write(values.output === 'json' ? `${JSON.stringify(rows, null, 2)}\n` : `${reportOf(rows)}\n`);
  process.exitCode = rows.some((row) => row.limits.some(isBroken)) ? 1 : 0;
} finally {
  rmSync(bundle, { recursive: true, force: true });
}
