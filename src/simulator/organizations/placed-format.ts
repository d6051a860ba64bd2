import { z } from 'zod';

export const accountId = z.string().regex(/^\d{12}$/, 'an account id is a string of twelve digits, in quotes');
export const text = z.string().min(1);
export const texts = z.record(z.string(), z.string());
/** A form, not a calendar: what AWS answered is never refused. */
export const time = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/, 'a time is written 2030-01-31T12:00:00Z');

const unread = z.strictObject({ code: text, message: z.string() });

const stack = z.strictObject({
  id: z
    .string()
    .regex(/^arn:[^:]+:cloudformation:[^:]+:\d{12}:stack\/[^/]+\/.+$/, 'a stack is named by its whole StackId'),
  status: text,
  statusReason: z.string().optional(),
  createdAt: time,
  updatedAt: time.optional(),
  template: z.union([text, unread]),
  description: z.string().optional(),
  parameters: texts.optional(),
  resolved: texts.optional(),
  tags: texts.optional(),
  capabilities: z.array(text).optional(),
  outputs: z
    .array(
      z.strictObject({
        key: text,
        value: z.string(),
        description: z.string().optional(),
        exportName: text.optional(),
      }),
    )
    .optional(),
  roleArn: text.optional(),
  terminationProtection: z.boolean().optional(),
  disableRollback: z.boolean().optional(),
  notificationArns: z.array(text).optional(),
  timeoutInMinutes: z.number().optional(),
  parentId: text.optional(),
  rootId: text.optional(),
  operations: z.array(z.strictObject({ type: text, id: text })).optional(),
  drift: z.strictObject({ status: text, checkedAt: time.optional() }).optional(),
});

const where = { account: accountId, region: text };

/** One account in one Region. */
export const place = z.union([
  z.strictObject({ ...where, stacks: z.array(stack) }),
  z.strictObject({ ...where, unread }),
]);

const instance = z.strictObject({
  ...where,
  unit: text.optional(),
  stackId: text.optional(),
  overrides: texts.optional(),
  status: text,
  detailedStatus: text.optional(),
  reason: z.string().optional(),
  operation: text.optional(),
});

const stackSet = z.union([
  z.strictObject({
    name: text,
    id: text,
    arn: text,
    description: z.string().optional(),
    template: text,
    parameters: texts.optional(),
    capabilities: z.array(text).optional(),
    tags: texts.optional(),
    permissionModel: z.enum(['SELF_MANAGED', 'SERVICE_MANAGED']),
    administrationRoleArn: text.optional(),
    executionRoleName: text.optional(),
    autoDeployment: z
      .strictObject({ enabled: z.boolean(), retainStacks: z.boolean(), dependsOn: z.array(text).optional() })
      .optional(),
    managedExecution: z.boolean(),
    units: z.array(text).optional(),
    instances: z.array(instance),
  }),
  z.strictObject({ name: text, unread }),
]);

const caller = { ...where, callAs: z.enum(['SELF', 'DELEGATED_ADMIN']) };

/** The stack sets that one caller sees. */
export const stackSets = z.union([
  z.strictObject({ ...caller, stackSets: z.array(stackSet) }),
  z.strictObject({ ...caller, unread }),
]);
