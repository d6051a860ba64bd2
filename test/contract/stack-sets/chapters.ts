import type { Chapter } from '../specification.js';
import { automaticDeployment, listStackSetAutoDeploymentTargets } from './automatic-deployment.js';
import { deleteStackInstances, updateStackInstances } from './changing-instances.js';
import { createStackInstances } from './create-stack-instances.js';
import { createStackSet } from './create-stack-set.js';
import { delegatedAdministration } from './delegated-administration.js';
import { deploymentTargets } from './deployment-targets.js';
import { detectStackSetDrift, listStackInstanceResourceDrifts } from './drift.js';
import { importStacksToStackSet } from './import-stacks.js';
import { managedExecution } from './managed-execution.js';
import { operationPreferences } from './operation-preferences.js';
import {
  describeStackSetOperation,
  listStackSetOperationResults,
  listStackSetOperations,
  stopStackSetOperation,
} from './operations.js';
import {
  activateOrganizationsAccess,
  deactivateOrganizationsAccess,
  describeOrganizationsAccess,
} from './organizations-access.js';
import { parameterOverrides } from './parameter-overrides.js';
import { describeStackInstance, listStackInstances } from './reading-instances.js';
import { deleteStackSet, describeStackSet, listStackSets } from './reading-stack-sets.js';
import { updateStackSet } from './update-stack-set.js';

export const stackSetsChapters: readonly Chapter[] = [
  createStackSet,
  updateStackSet,
  deleteStackSet,
  describeStackSet,
  listStackSets,
  createStackInstances,
  updateStackInstances,
  deleteStackInstances,
  listStackInstances,
  describeStackInstance,
  describeStackSetOperation,
  listStackSetOperations,
  listStackSetOperationResults,
  stopStackSetOperation,
  deploymentTargets,
  operationPreferences,
  parameterOverrides,
  managedExecution,
  automaticDeployment,
  listStackSetAutoDeploymentTargets,
  delegatedAdministration,
  detectStackSetDrift,
  listStackInstanceResourceDrifts,
  importStacksToStackSet,
  activateOrganizationsAccess,
  describeOrganizationsAccess,
  deactivateOrganizationsAccess,
];
