import { interruptible } from './interruption.js';
import { processContext } from './process-context.js';
import { runProgram } from './program.js';

/** Whoever reads our output may stop early, as `head` does; that is no failure of ours. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await runProgram(process.argv.slice(2), processContext(interruptible(process)));
