import type { World } from '../../kernel/contract.js';
import { DEFAULT_EXECUTION_ROLE } from './account-gate.js';
import { sameValues, setParameters } from './parameters.js';
import type { SentParameter } from './parameters.js';
import { invalid } from '../../templates/refusal.js';
import type { AutoDeployment, Content, PermissionModel } from './stack-set.js';
import { checkTemplate, declaredParameters, templateText } from './template.js';
import type { TemplateSource } from './template.js';

export type SentContent = TemplateSource & {
  readonly Description?: string;
  readonly UsePreviousTemplate?: boolean;
  readonly Parameters?: readonly SentParameter[];
  readonly Capabilities?: readonly string[];
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
  readonly AdministrationRoleARN?: string;
  readonly ExecutionRoleName?: string;
  readonly PermissionModel?: PermissionModel;
  readonly AutoDeployment?: {
    readonly Enabled?: boolean;
    readonly RetainStacksOnAccountRemoval?: boolean;
    readonly DependsOn?: readonly string[];
  };
  readonly ManagedExecution?: { readonly Active?: boolean };
};

const NO_AUTO_DEPLOYMENT: AutoDeployment = { enabled: false, retainStacks: false, dependsOn: [] };

const tagsOf = (sent: NonNullable<SentContent['Tags']>): Readonly<Record<string, string>> =>
  Object.fromEntries(sent.map(({ Key, Value }) => [Key, Value]));

function autoDeploymentOf(
  sent: SentContent['AutoDeployment'],
  model: PermissionModel,
  otherwise: AutoDeployment,
): AutoDeployment {
  if (sent === undefined) return otherwise;
  if (model === 'SELF_MANAGED')
    throw invalid('AutoDeployment can only be specified for StackSets with the SERVICE_MANAGED permission model');
  if (sent.Enabled !== true && sent.RetainStacksOnAccountRemoval !== undefined)
    throw invalid('RetainStacksOnAccountRemoval can only be specified when AutoDeployment is enabled');
  return {
    enabled: sent.Enabled === true,
    retainStacks: sent.RetainStacksOnAccountRemoval === true,
    dependsOn: sent.DependsOn ?? [],
  };
}

function checkRoles(sent: SentContent, model: PermissionModel): void {
  if (
    model === 'SERVICE_MANAGED' &&
    (sent.AdministrationRoleARN !== undefined || sent.ExecutionRoleName !== undefined)
  ) {
    throw invalid(
      'AdministrationRoleARN and ExecutionRoleName cannot be specified for StackSets with the SERVICE_MANAGED permission model',
    );
  }
}

export function newContent(world: World, sent: SentContent): Content {
  const permissionModel = sent.PermissionModel ?? 'SELF_MANAGED';
  const template = templateText(world, sent);
  if (template === undefined) throw invalid('Either Template URL or Template Body must be specified.');
  const capabilities = sent.Capabilities ?? [];
  checkTemplate(template, permissionModel, capabilities);
  checkRoles(sent, permissionModel);
  const declared = declaredParameters(template);
  return {
    description: sent.Description,
    template,
    declared,
    parameters: setParameters(sent.Parameters ?? [], new Map(), declared),
    capabilities,
    tags: tagsOf(sent.Tags ?? []),
    permissionModel,
    administrationRoleArn: sent.AdministrationRoleARN,
    executionRoleName: sent.ExecutionRoleName ?? DEFAULT_EXECUTION_ROLE,
    autoDeployment: autoDeploymentOf(sent.AutoDeployment, permissionModel, NO_AUTO_DEPLOYMENT),
    managedExecution: sent.ManagedExecution?.Active === true,
  };
}

/** Absent tags and execution role stay as they are; absent parameters fall back to their defaults, as in a stack. */
export function updatedContent(world: World, before: Content, sent: SentContent): Content {
  const permissionModel = sent.PermissionModel ?? before.permissionModel;
  if (sent.UsePreviousTemplate === true && (sent.TemplateBody !== undefined || sent.TemplateURL !== undefined))
    throw invalid('UsePreviousTemplate cannot be specified together with a template');
  const template = sent.UsePreviousTemplate === true ? before.template : templateText(world, sent);
  if (template === undefined)
    throw invalid('Either Template URL, Template Body or UsePreviousTemplate must be specified.');
  if (
    before.administrationRoleArn !== undefined &&
    sent.AdministrationRoleARN === undefined &&
    permissionModel === 'SELF_MANAGED'
  ) {
    throw invalid(
      'AdministrationRoleARN must be specified, because the stack set has a customized administration role',
    );
  }
  const capabilities = sent.Capabilities ?? [];
  checkTemplate(template, permissionModel, capabilities);
  checkRoles(sent, permissionModel);
  const declared = template === before.template ? before.declared : declaredParameters(template);
  return {
    description: sent.Description ?? before.description,
    template,
    declared,
    parameters: setParameters(sent.Parameters ?? [], before.parameters, declared),
    capabilities,
    tags: sent.Tags === undefined ? before.tags : tagsOf(sent.Tags),
    permissionModel,
    administrationRoleArn: sent.AdministrationRoleARN,
    executionRoleName: sent.ExecutionRoleName ?? before.executionRoleName,
    autoDeployment: autoDeploymentOf(sent.AutoDeployment, permissionModel, before.autoDeployment),
    managedExecution: sent.ManagedExecution?.Active ?? before.managedExecution,
  };
}

export type ContentChange = {
  readonly template: boolean;
  readonly parameters: boolean;
  readonly managedExecution: boolean;
};

export const contentChange = (before: Content, after: Content): ContentChange => ({
  template: before.template !== after.template,
  parameters: !sameValues(before.parameters, after.parameters),
  managedExecution: before.managedExecution !== after.managedExecution,
});

/** Whether a repeated CreateStackSet asks for what the stack set still is. */
export function sameContent(left: Content, right: Content): boolean {
  const change = contentChange(left, right);
  const rest = ({
    description,
    capabilities,
    tags,
    permissionModel,
    administrationRoleArn,
    executionRoleName,
    autoDeployment,
  }: Content): string =>
    JSON.stringify([
      description,
      capabilities,
      Object.entries(tags).sort(),
      permissionModel,
      administrationRoleArn,
      executionRoleName,
      autoDeployment,
    ]);
  return !change.template && !change.parameters && !change.managedExecution && rest(left) === rest(right);
}
