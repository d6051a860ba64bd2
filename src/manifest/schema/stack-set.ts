import * as z from 'zod';
import { deployable, manifest } from './deployable.js';
import { RoleName, TemplatePath } from './scalars.js';
import { strict } from './strict.js';

/** What CloudFormation wants to know of a stack set, and of no stack. */
export const stackSetOptions = {
  autoDeployment: strict({ enabled: z.boolean(), retainStacksOnAccountRemoval: z.boolean().optional() }).optional(),
  callAs: z.enum(['self', 'delegated-admin', 'SELF', 'DELEGATED_ADMIN']).optional(),
  administrationRoleArn: z
    .string()
    .regex(/^arn:[a-z-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/, 'write the ARN of an IAM role')
    .max(2048)
    .optional(),
  executionRoleName: RoleName.optional(),
};

export const PermissionModel = z.enum(['service-managed', 'self-managed']);

export const StackSetManifest = manifest(
  'StackSet',
  strict({ template: TemplatePath, permissionModel: PermissionModel, ...stackSetOptions, ...deployable }),
);
export type StackSetManifest = z.infer<typeof StackSetManifest>;
