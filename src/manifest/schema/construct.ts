import * as z from 'zod';
import { deployable, manifest, stackOnly, via } from './deployable.js';
import { Text } from './scalars.js';
import { strict } from './strict.js';

export const ConstructManifest = manifest(
  'Construct',
  strict({
    construct: z.string().regex(/^aws-[a-z0-9-]{1,100}$/, 'write the name of a pattern such as aws-eventbridge-lambda'),
    version: Text,
    props: z.record(z.string(), z.json()).optional(),
    ...via,
    ...deployable,
    ...stackOnly,
  }),
);
