// Holds the simulator's specification, the controller and the ledger against emulators that somebody else wrote.
// Where Python is missing that is said and nothing fails, unless CI=true: there a skip is a failure.
import { install, start } from './emulators.mjs';
import { close, runVitest } from './run.mjs';

process.once('SIGINT', () => process.exit(130));

const problem = install();
if (problem !== null) {
  const failed = process.env.CI === 'true' ? 1 : 0;
  console.log(`peers skipped: ${problem}`);
  close({ status: failed, passed: 0, failed, skipped: 1 });
} else {
  const { environment, stop } = await start();
  try {
    Object.assign(process.env, environment, { EVENKEEL_LEDGER_ENDPOINT: environment.EVENKEEL_MINISTACK });
    close(runVitest(['--config', 'vitest.peers.config.ts', ...process.argv.slice(2)]));
  } finally {
    stop();
  }
}
