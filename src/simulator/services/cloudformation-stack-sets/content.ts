import { DEFAULT_ADMINISTRATION_ROLE } from './account-gate.js';
import type { World } from '../../kernel/contract.js';
import { DEFAULT_EXECUTION_ROLE } from './account-gate.js';
import { checkTags } from '../cloudformation/requests.js';
import { NOTHING_BEFORE, sameValues, setParameters } from './parameters.js';
import type { SentParameter } from './parameters.js';
import { invalid } from '../../templates/refusal.js';
import { autoDeploymentOf, type SentAutoDeployment } from './sent-auto-deployment.js';
import type { Content, PermissionModel } from './stack-set.js';
import { constraint } from './refusals.js';
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
  readonly AutoDeployment?: SentAutoDeployment;
  readonly ManagedExecution?: { readonly Active?: boolean };
};

function tagsOf(sent: NonNullable<SentContent['Tags']>): Readonly<Record<string, string>> {
  checkTags(sent);
  return Object.fromEntries(sent.map(({ Key, Value }) => [Key, Value]));
}

const DESCRIPTION_LIMIT = 1024;

function checkMembers({ Description, ExecutionRoleName }: SentContent): void {
  if (Description !== undefined && (Description === '' || Description.length > DESCRIPTION_LIMIT)) {
    throw constraint(
      Description.slice(0, 100),
      'description',
      `Member must have length between 1 and ${DESCRIPTION_LIMIT}`,
    );
  }
  if (ExecutionRoleName !== undefined && !/^[a-zA-Z_0-9+=,.@-]{1,64}$/.test(ExecutionRoleName)) {
    throw constraint(
      ExecutionRoleName,
      'executionRoleName',
      'Member must satisfy regular expression pattern: [a-zA-Z_0-9+=,.@-]+',
    );
  }
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
  checkMembers(sent);
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
    parameters: setParameters(sent.Parameters ?? [], NOTHING_BEFORE, declared),
    capabilities,
    tags: tagsOf(sent.Tags ?? []),
    permissionModel,
    administrationRoleArn: sent.AdministrationRoleARN,
    executionRoleName: sent.ExecutionRoleName ?? DEFAULT_EXECUTION_ROLE,
    autoDeployment: autoDeploymentOf(sent.AutoDeployment, permissionModel, undefined),
    managedExecution: sent.ManagedExecution?.Active === true,
  };
}

/** AWS's default role is no customized one, whether or not somebody named it. */
const isCustomized = (administrationRoleArn: string | undefined): boolean =>
  administrationRoleArn !== undefined && !administrationRoleArn.endsWith(`:role/${DEFAULT_ADMINISTRATION_ROLE}`);

/** Absent tags and execution role stay as they are; absent parameters fall back to their defaults, as in a stack. */
export function updatedContent(world: World, before: Content, sent: SentContent): Content {
  checkMembers(sent);
  const permissionModel = sent.PermissionModel ?? before.permissionModel;
  if (sent.UsePreviousTemplate === true && (sent.TemplateBody !== undefined || sent.TemplateURL !== undefined))
    throw invalid('UsePreviousTemplate cannot be specified together with a template');
  const template = sent.UsePreviousTemplate === true ? before.template : templateText(world, sent);
  if (template === undefined)
    throw invalid('Either Template URL, Template Body or UsePreviousTemplate must be specified.');
  if (
    isCustomized(before.administrationRoleArn) &&
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
    parameters: setParameters(
      sent.Parameters ?? [],
      { values: before.parameters, declared: before.declared },
      declared,
    ),
    capabilities,
    tags: sent.Tags === undefined ? before.tags : tagsOf(sent.Tags),
    permissionModel,
    administrationRoleArn: sent.AdministrationRoleARN,
    executionRoleName: sent.ExecutionRoleName ?? before.executionRoleName,
    autoDeployment: autoDeploymentOf(
      sent.AutoDeployment,
      permissionModel,
      permissionModel === before.permissionModel ? before.autoDeployment : undefined,
    ),
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
