import type * as z from 'zod';
import { deployable, manifest, stackOnly } from './deployable.js';
import { TemplatePath } from './scalars.js';
import { strict } from './strict.js';

export const StackManifest = manifest('Stack', strict({ template: TemplatePath, ...deployable, ...stackOnly }));
export type StackManifest = z.infer<typeof StackManifest>;
