import type { Chapter } from '../specification.js';
import { createChangeSet } from './create-change-set.js';
import { deleteChangeSet, listChangeSets } from './delete-change-set.js';
import { describeStackDriftDetectionStatus, detectStackDrift } from './detect-stack-drift.js';
import { describeChangeSet } from './describe-change-set.js';
import { driftAware } from './drift-aware.js';
import { executeChangeSet } from './execute-change-set.js';
import { imports } from './imports.js';
import { nestedChangeSets } from './nested-change-sets.js';
import { nestedStacks } from './nested-stacks.js';
import { replacement } from './replacement.js';
import { describeStackResourceDrifts, detectStackResourceDrift } from './resource-drifts.js';

export const changeSetsChapters: readonly Chapter[] = [
  createChangeSet,
  describeChangeSet,
  replacement,
  executeChangeSet,
  deleteChangeSet,
  listChangeSets,
  nestedStacks,
  nestedChangeSets,
  imports,
  driftAware,
  detectStackDrift,
  describeStackDriftDetectionStatus,
  describeStackResourceDrifts,
  detectStackResourceDrift,
];
