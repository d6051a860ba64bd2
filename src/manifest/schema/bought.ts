import * as z from 'zod';
import { deployable, stackOnly } from './deployable.js';
import { PartitionName } from './scalars.js';
import { PermissionModel, stackSetOptions } from './stack-set.js';

/** One value, or one for each partition where they differ. */
export const perPartition = <Value extends z.ZodType<string>>(value: Value) =>
  z.union([value, z.partialRecord(PartitionName, value)]);

/** How a building block that somebody else publishes may be deployed; a stack set's options make sense with `via: stack-set` only. */
export const bought = {
  via: z.enum(['stack', 'stack-set']).optional(),
  permissionModel: PermissionModel.optional(),
  ...stackSetOptions,
  ...deployable,
  ...stackOnly,
};
