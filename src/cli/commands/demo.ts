import type { ExitCode } from '../../reconciler/outcome.js';
import type { Context } from '../context.js';
import type { RunProgram } from '../registration.js';

/** The main job as a story, on a simulated Organization; needs nothing, and leaves its ledger behind to be read. */
export async function run(options: { readonly runProgram: RunProgram }, context: Context): Promise<ExitCode> {
  const { runDemo } = await import('../demo/story.js');
  return runDemo(context, options.runProgram);
}
