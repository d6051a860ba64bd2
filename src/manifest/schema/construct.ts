import * as z from 'zod';
import { bought } from './bought.js';
import { manifest } from './deployable.js';
import { strict } from './strict.js';

export const ConstructManifest = manifest(
  'Construct',
  strict({
    construct: z.string().regex(/^aws-[a-z0-9-]{1,100}$/, 'write the name of a pattern such as aws-eventbridge-lambda'),
    /** Exact, because what is synthesised depends on it. */
    version: z.string().regex(/^\d+\.\d+\.\d+$/, 'write one exact version such as 2.41.0'),
    props: z.record(z.string(), z.json()).optional(),
    ...bought,
  }),
);
export type ConstructManifest = z.infer<typeof ConstructManifest>;
