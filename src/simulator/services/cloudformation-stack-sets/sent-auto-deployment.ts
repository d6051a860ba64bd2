import { invalid } from '../../templates/refusal.js';
import type { AutoDeployment, PermissionModel } from './stack-set.js';

export type SentAutoDeployment = {
  readonly Enabled?: boolean;
  readonly RetainStacksOnAccountRemoval?: boolean;
  readonly DependsOn?: readonly string[];
};

const NONE: AutoDeployment = { enabled: false, retainStacks: false, dependsOn: [] };
const MOST_DEPENDENCIES = 10;

/** What a call says of automatic deployment, or what stood before: it must be said once of service-managed stack sets, and never of others. */
export function autoDeploymentOf(
  sent: SentAutoDeployment | undefined,
  model: PermissionModel,
  otherwise: AutoDeployment | undefined,
): AutoDeployment {
  if (sent === undefined) {
    if (otherwise === undefined && model === 'SERVICE_MANAGED')
      throw invalid('AutoDeployment must be specified for StackSets with the SERVICE_MANAGED permission model');
    return otherwise ?? NONE;
  }
  if (model === 'SELF_MANAGED')
    throw invalid('AutoDeployment can only be specified for StackSets with the SERVICE_MANAGED permission model');
  if (sent.Enabled !== true && sent.RetainStacksOnAccountRemoval !== undefined)
    throw invalid('RetainStacksOnAccountRemoval can only be specified when AutoDeployment is enabled');
  if ((sent.DependsOn?.length ?? 0) > MOST_DEPENDENCIES)
    throw invalid(`A StackSet can depend on at most ${MOST_DEPENDENCIES} StackSets`);
  return {
    enabled: sent.Enabled === true,
    retainStacks: sent.RetainStacksOnAccountRemoval === true,
    dependsOn: sent.DependsOn ?? [],
  };
}
