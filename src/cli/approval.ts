import type { Plan } from '../model/plan.js';
import { extentOf } from '../reconciler/describe-plan.js';
import { UsageError } from './context.js';
import type { Context } from './context.js';
import type { ApprovalOptions, SourceOptions } from './options.js';
import { visibleText } from './render/visible-text.js';

/** Refuses at once what could not be approved later: nobody to ask, or a folder that no revision names. */
export function requireApprovable(options: ApprovalOptions & SourceOptions, context: Context): void {
  if (options.path !== undefined && !options.allowPath) {
    throw new UsageError(
      'what --path reads is in no commit, so nobody could look up later what was applied: commit it and use --revision, or add --allow-path',
    );
  }
  if (!options.yes && !context.stdin.isTTY) {
    throw new UsageError(
      'there is no terminal to ask for approval: read the plan with "evenkeel plan", then add --yes',
    );
  }
}

/** True where `--yes` or a person says yes; anything but the whole word is a no. */
export async function isApproved(plan: Plan, options: ApprovalOptions, context: Context): Promise<boolean> {
  if (options.yes) return true;
  const answer = await context.stdin.readLine(`Apply ${visibleText(extentOf(plan))}? Only 'yes' is taken: `);
  if (answer?.trim() === 'yes') return true;
  context.stderr.write('Nothing was changed.\n');
  return false;
}
