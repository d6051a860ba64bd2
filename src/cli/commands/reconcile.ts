import type { Schedule } from '../../model/schedule.js';
import { nextTime } from '../../reconciler/schedule.js';
import { EXIT } from '../../reconciler/outcome.js';
import type { ExitCode, Planned } from '../../reconciler/outcome.js';
import { requireApprovable } from '../approval.js';
import type { Context } from '../context.js';
import { explainFailure } from '../failure.js';
import { withSession } from '../opening.js';
import { revisionSource } from '../options.js';
import { reconcileOnce } from '../pass.js';
import type { PassOptions } from '../pass.js';

export type ReconcileOptions = PassOptions & { readonly watch: boolean };

/** Makes AWS true to the desired state once, or again and again until it is interrupted. */
export async function run(options: ReconcileOptions, context: Context): Promise<ExitCode> {
  requireApprovable(options, context);
  const source = revisionSource(options, context);
  if (!options.watch) {
    return withSession({ ...options, source }, context, async (session) => {
      return (await reconcileOnce(session, 'reconcile', options, context)).code;
    });
  }
  // The installation is opened anew for each pass, because a branch that was named moves on in between.
  let schedule: Schedule | null = null;
  let code: ExitCode = EXIT.done;
  while (!context.signal.aborted) {
    try {
      code = await withSession({ ...options, source }, context, async (session) => {
        schedule = session.controller.reconcile;
        const pass = await reconcileOnce(session, 'watch', options, context);
        if (pass.quiet !== null && options.output !== 'json') sayQuiet(pass.quiet, context);
        return pass.code;
      });
    } catch (error) {
      // One pass that goes wrong does not end a watch that has once begun.
      if (schedule === null) throw error;
      const failure = explainFailure(error, { env: context.env, interrupted: context.signal.aborted });
      context.stderr.write(failure.text);
      code = failure.code;
    }
    if (schedule === null) return code;
    const now = context.clock.now();
    const next = nextTime(schedule, now);
    if (next === null) return code;
    await pause(next.getTime() - now.getTime(), context);
  }
  return code;
}

function sayQuiet(planned: Planned, context: Context): void {
  const unchanged = String(planned.plan?.unchanged ?? 0);
  context.stdout.write(`${context.clock.now().toISOString()} nothing to do, ${unchanged} unchanged\n`);
}

/** Ends early where it is interrupted, which is the end of the watch and no failure of it. */
async function pause(milliseconds: number, context: Context): Promise<void> {
  try {
    await context.clock.sleep(milliseconds, context.signal);
  } catch (error) {
    if (!context.signal.aborted) throw error;
  }
}
