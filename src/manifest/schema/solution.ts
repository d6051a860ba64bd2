import * as z from 'zod';
import { deployable, manifest, stackOnly, via } from './deployable.js';
import { Text } from './scalars.js';
import { advice, strict } from './strict.js';

export const SolutionManifest = manifest(
  'Solution',
  strict({
    template: z
      .string()
      .max(1024)
      .regex(/^https:\/\/[^\s]+$/, 'write an https URL')
      .optional(),
    solution: z
      .string()
      .regex(/^SO\d{4}[a-z]?$/, 'write the id of an AWS solution such as SO0111')
      .optional(),
    version: Text.optional(),
    ...via,
    ...deployable,
    ...stackOnly,
  })
    .refine(
      (spec) => (spec.template === undefined) !== (spec.solution === undefined),
      advice('a Solution has either a template or a solution', 'keep one of template and solution'),
    )
    .refine(
      (spec) => spec.solution === undefined || spec.version !== undefined,
      advice('the solution has no version', 'add version'),
    ),
);
