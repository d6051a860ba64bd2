// Bundles the processes of the benchmark, runs them, and exits 1 where a limit is broken.
//   node test/bench/run.mjs [reconcile] [load] [wire] [drift] [--output json] [--cpu-prof DIR]
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    output: { type: 'string', default: 'table' },
    'cpu-prof': { type: 'string' },
  },
});
const PROCESSES = [
  ...['bench', 'report', 'limits', 'aws-process', 'reconciler-process'],
  ...['load', 'load-process', 'wire', 'wire-process', 'drift', 'drift-process'],
];
const wanted = positionals.length === 0 ? ['reconcile', 'load', 'wire', 'drift'] : positionals;
const root = fileURLToPath(new URL('../..', import.meta.url));
// Inside the project, so that packages are found from there.
mkdirSync(join(root, '.evenkeel'), { recursive: true });
const bundle = mkdtempSync(join(root, '.evenkeel', 'bench-'));
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
process.env.AWS_EC2_METADATA_DISABLED = 'true';
try {
  await build({
    entryPoints: PROCESSES.map((name) => join(root, 'test', 'bench', `${name}.ts`)),
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
  const parts = ['bench', 'report', 'limits', 'load', 'wire', 'drift'];
  const [
    { bench },
    { reportOf },
    { isBroken },
    { benchLoad, loadReport },
    { benchWire, wireReport },
    { benchDrift, driftReport },
  ] = await Promise.all(parts.map(load));
  const profiles = values['cpu-prof'] === undefined ? null : resolve(values['cpu-prof']);
  const options = { bundle, profiles, say: (text) => process.stderr.write(`${text} …\n`) };
  const found = [];
  if (wanted.includes('reconcile')) {
    const rows = await bench(options);
    found.push({ rows, report: reportOf(rows) });
  }
  if (wanted.includes('load')) {
    const row = await benchLoad(options);
    found.push({ rows: [row], report: loadReport(row) });
  }
  if (wanted.includes('wire')) {
    const row = await benchWire(options);
    found.push({ rows: [row], report: wireReport(row) });
  }
  if (wanted.includes('drift')) {
    const row = await benchDrift(options);
    found.push({ rows: [row], report: driftReport(row) });
  }
  const rows = found.flatMap((each) => each.rows);
  const reports = found.map(({ report }) => report).join('\n');
  process.stdout.write(values.output === 'json' ? `${JSON.stringify(rows, null, 2)}\n` : `${reports}\n`);
  process.exitCode = rows.some((row) => row.limits.some(isBroken)) ? 1 : 0;
} finally {
  rmSync(bundle, { recursive: true, force: true });
}
