import type { Chapter } from '../specification.js';
import { createStack } from './create-stack.js';
import { customResources } from './custom-resources.js';
import { deleteStack } from './delete-stack.js';
import { describeStacks, listStacks } from './describe-stacks.js';
import { describeAccountLimits, exportSubject, listExports, listImports } from './exports.js';
import { intrinsicFunctions } from './functions.js';
import { paging } from './paging.js';
import { parameters } from './parameters.js';
import { getStackPolicy, setStackPolicy, updateTerminationProtection } from './protection.js';
import { cancelUpdateStack, continueUpdateRollback, rollbackStack } from './recovery.js';
import { describeEvents, describeStackEvents } from './events.js';
import { describeStackResource, describeStackResources, listStackResources } from './resources.js';
import { serviceRole } from './service-role.js';
import { signals } from './signals.js';
import { stackStatuses } from './statuses.js';
import { getTemplate, getTemplateSummary, validateTemplate } from './template-reads.js';
import { templates } from './templates.js';
import { updateStack } from './update-stack.js';

export const stacksChapters: readonly Chapter[] = [
  stackStatuses,
  templates,
  intrinsicFunctions,
  parameters,
  paging,
  createStack,
  updateStack,
  deleteStack,
  describeStacks,
  listStacks,
  describeStackEvents,
  describeEvents,
  describeStackResource,
  describeStackResources,
  listStackResources,
  getTemplate,
  getTemplateSummary,
  validateTemplate,
  updateTerminationProtection,
  setStackPolicy,
  getStackPolicy,
  cancelUpdateStack,
  continueUpdateRollback,
  rollbackStack,
  listExports,
  listImports,
  describeAccountLimits,
  exportSubject,
  serviceRole,
  signals,
  customResources,
];
