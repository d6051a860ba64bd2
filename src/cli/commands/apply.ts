import type { Plan } from '../../model/plan.js';
import { EXIT } from '../../reconciler/outcome.js';
import type { ExitCode, Planned } from '../../reconciler/outcome.js';
import { requireApprovable } from '../approval.js';
import { UsageError } from '../context.js';
import type { Context } from '../context.js';
import { withSession } from '../opening.js';
import { revisionSource } from '../options.js';
import { applyShown, reconcileOnce, showPlan } from '../pass.js';
import type { PassOptions } from '../pass.js';
import { readPlanFile } from '../plan-file.js';

export type ApplyOptions = PassOptions & { readonly plan: string | null };

/** Applies a plan that was written before, exactly its changes and each only while it still comes out the same; or plans, asks and applies. */
export async function run(options: ApplyOptions, context: Context): Promise<ExitCode> {
  requireApprovable(options, context);
  if (options.plan !== null && options.account !== undefined) {
    throw new UsageError('a plan file says itself which accounts it is for: leave --account out');
  }
  const plan = options.plan === null ? null : await readPlanFile(options.plan, context);
  return withSession({ ...options, source: revisionSource(options, context) }, context, async (session) => {
    if (plan === null) return (await reconcileOnce(session, 'apply', options, context)).code;
    requireSameInstallation(plan, session.controller.name);
    const planned: Planned = { plan, diagnostics: [], verdict: { blocks: [], budgets: [] }, accountNames: {} };
    showPlan(planned, options, context);
    if (plan.changes.length === 0) {
      context.stderr.write('The plan has no changes, so there is nothing to apply.\n');
      return EXIT.done;
    }
    return applyShown(planned, options, context, (watch) => session.applyFile(plan, watch));
  });
}

function requireSameInstallation(plan: Plan, name: string): void {
  if (plan.installation === name) return;
  throw new UsageError(
    `the plan is one of the installation ${plan.installation}, and this is ${name}: name it with --installation, or plan again here`,
  );
}
