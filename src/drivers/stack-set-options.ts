import type { StackSet } from '@aws-sdk/client-cloudformation';
import type { StackSetOptions } from '../model/desired.js';
import type { Settings } from '../model/settings.js';

const DEFAULT_EXECUTION_ROLE = 'AWSCloudFormationStackSetExecutionRole';
const DEFAULT_ADMINISTRATION_ROLE = ':role/AWSCloudFormationStackSetAdministrationRole';

type Options = Settings['options'];
export type CallAs = 'SELF' | 'DELEGATED_ADMIN';

/** A stack set's options as the manifest says them. AWS's default roles are the same as none. */
export function wantedOptions(options: StackSetOptions): Options {
  return {
    permissionModel: options.permissionModel,
    callAs: options.callAs,
    administrationRoleArn: unlessDefault(options.administrationRoleArn, DEFAULT_ADMINISTRATION_ROLE),
    executionRoleName: unlessDefault(options.executionRoleName, DEFAULT_EXECUTION_ROLE),
    autoDeployment:
      options.autoDeployment === null ? null : autoDeploymentText(options.autoDeployment.retainStacksOnAccountRemoval),
  };
}

/**
 * The same of what AWS shows. `callAs` is how it was asked and cannot be observed. That managed execution is off is shown besides: it is
 * how operations queue, not what stands in the accounts, and so no difference from what is wanted.
 */
export function observedOptions(set: StackSet, callAs: CallAs): Options {
  // AWS shows its own roles for a service-managed set; nobody chose them.
  const ours: Pick<StackSet, 'AdministrationRoleARN' | 'ExecutionRoleName'> =
    set.PermissionModel === 'SERVICE_MANAGED' ? {} : set;
  return {
    permissionModel: set.PermissionModel ?? 'SELF_MANAGED',
    callAs,
    administrationRoleArn: unlessDefault(ours.AdministrationRoleARN ?? null, DEFAULT_ADMINISTRATION_ROLE),
    executionRoleName: unlessDefault(ours.ExecutionRoleName ?? null, DEFAULT_EXECUTION_ROLE),
    autoDeployment:
      set.AutoDeployment?.Enabled === true
        ? autoDeploymentText(set.AutoDeployment.RetainStacksOnAccountRemoval === true)
        : null,
    ...(set.ManagedExecution?.Active === false ? { managedExecution: false } : {}),
  };
}

export function callAsOf(options: Options): CallAs {
  return options['callAs'] === 'DELEGATED_ADMIN' ? 'DELEGATED_ADMIN' : 'SELF';
}

export function isServiceManaged(options: Options): boolean {
  return options['permissionModel'] === 'SERVICE_MANAGED';
}

/** The part of a definition that CreateStackSet and UpdateStackSet both take; `standing` is what the stack set has now, where it is there. */
export function optionInput(options: Options, standing: Options | null = null) {
  const administrationRoleArn = options['administrationRoleArn'] ?? defaultBeside(standing?.['administrationRoleArn']);
  const executionRoleName = options['executionRoleName'];
  return {
    PermissionModel: isServiceManaged(options) ? ('SERVICE_MANAGED' as const) : ('SELF_MANAGED' as const),
    CallAs: callAsOf(options),
    // A customised role must be sent again with every update.
    ...(typeof administrationRoleArn === 'string' ? { AdministrationRoleARN: administrationRoleArn } : {}),
    ...(typeof executionRoleName === 'string' ? { ExecutionRoleName: executionRoleName } : {}),
  };
}

/** A customised role is let go of only by naming AWS's own in its place; both are roles of one account. */
function defaultBeside(customized: Options[string] | undefined): string | null {
  return typeof customized === 'string' ? customized.replace(/:role\/.*$/, DEFAULT_ADMINISTRATION_ROLE) : null;
}

/** Sent apart, because AWS refuses it together with deployment targets. */
export function autoDeploymentInput(options: Options) {
  if (!isServiceManaged(options)) return {};
  const wanted = options['autoDeployment'];
  return {
    AutoDeployment:
      wanted == null ? { Enabled: false } : { Enabled: true, RetainStacksOnAccountRemoval: wanted === RETAIN },
  };
}

const RETAIN = 'retain stacks on account removal';
const autoDeploymentText = (retains: boolean): string => (retains ? RETAIN : 'delete stacks on account removal');
const unlessDefault = (value: string | null, suffix: string): string | null =>
  value !== null && value.endsWith(suffix) ? null : value;
