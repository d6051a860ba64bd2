import * as z from 'zod';
import { deployable, manifest, stackOnly, via } from './deployable.js';
import { PartitionName } from './scalars.js';
import { strict } from './strict.js';

/** One value, or one for each partition where they differ. */
const perPartition = <Value extends z.ZodType<string>>(value: Value) =>
  z.union([value, z.partialRecord(PartitionName, value)]);

const ApplicationArn = z
  .string()
  .regex(
    /^arn:[a-z-]+:serverlessrepo:[a-z0-9-]+:\d{12}:applications\/[a-zA-Z0-9-]{1,140}$/,
    'write the ARN of an application, as the Serverless Application Repository shows it',
  );

/** Exact, because a range would make what is deployed depend on the day. */
const ExactVersion = z
  .string()
  .regex(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/, 'write one exact version such as 1.7.0');

export const ServerlessApplicationManifest = manifest(
  'ServerlessApplication',
  strict({
    application: perPartition(ApplicationArn),
    version: perPartition(ExactVersion),
    ...via,
    ...deployable,
    ...stackOnly,
  }),
);
export type ServerlessApplicationManifest = z.infer<typeof ServerlessApplicationManifest>;
