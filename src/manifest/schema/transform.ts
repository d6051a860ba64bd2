import * as z from 'zod';
import { PermissionsBoundary, Tags } from './scalars.js';
import { strict } from './strict.js';

/** What is written into a template that does not provide for it. */
export const Transform = strict({
  tags: Tags.optional(),
  permissionsBoundary: PermissionsBoundary.optional(),
  rolePath: z
    .string()
    .max(512)
    .regex(/^\/(?:[\w+=,.@-]+\/)*$/, 'write a path that begins and ends with a slash, such as /evenkeel/')
    .optional(),
});
