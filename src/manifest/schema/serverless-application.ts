import * as z from 'zod';
import { bought, perPartition } from './bought.js';
import { manifest } from './deployable.js';
import { strict } from './strict.js';

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
    ...bought,
  }),
);
export type ServerlessApplicationManifest = z.infer<typeof ServerlessApplicationManifest>;
