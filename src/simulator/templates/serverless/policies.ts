import { CONTENT_POLICIES } from './policies-of-content.js';
import { DATA_POLICIES } from './policies-of-data.js';
import { OPERATION_POLICIES } from './policies-of-operations.js';
import type { PolicyTemplate } from './policy-template.js';

/** The policy templates by name. */
export const POLICY_TEMPLATES: Readonly<Record<string, PolicyTemplate>> = {
  ...DATA_POLICIES,
  ...OPERATION_POLICIES,
  ...CONTENT_POLICIES,
};
