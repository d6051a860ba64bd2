// Runs vitest and closes with its counts on a line of their own: what a machine reads.
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @returns {{ status: number, passed: number, failed: number, skipped: number }} */
export function runVitest(args) {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-test-'));
  const report = join(folder, 'report.json');
  const { status } = spawnSync(
    process.execPath,
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...args,
    ],
    { stdio: 'inherit' },
  );
  const counts = { status: status ?? 1, passed: 0, failed: 0, skipped: 0 };
  try {
    const json = JSON.parse(readFileSync(report, 'utf8'));
    const unloaded = json.testResults.filter(
      (file) => file.status === 'failed' && file.assertionResults.length === 0,
    ).length;
    Object.assign(counts, {
      passed: json.numPassedTests,
      failed: json.numFailedTests + unloaded,
      skipped: json.numPendingTests + json.numTodoTests,
    });
  } catch {
    counts.failed = 1;
  }
  rmSync(folder, { recursive: true, force: true });
  if (counts.status !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}

export function close(counts) {
  if (process.env.EVENKEEL_COUNTS) appendFileSync(process.env.EVENKEEL_COUNTS, `${JSON.stringify(counts)}\n`);
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  process.exitCode = counts.status;
}

if (import.meta.url === `file://${process.argv[1]}`) close(runVitest(process.argv.slice(2)));
