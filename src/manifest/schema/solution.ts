import * as z from 'zod';
import { bought, perPartition } from './bought.js';
import { manifest } from './deployable.js';
import { Text } from './scalars.js';
import { advice, strict } from './strict.js';

const TemplateAddress = z
  .string()
  .max(1024)
  .regex(/^https:\/\/[^\s?#@]+$/, 'write an https URL without a query');

export const SolutionManifest = manifest(
  'Solution',
  strict({
    template: perPartition(TemplateAddress).optional(),
    solution: z
      .string()
      .regex(/^SO\d{4}[a-z]?$/, 'write the id of an AWS solution such as SO0111')
      .optional(),
    part: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,62}$/, 'write the name of one of the templates of the solution, such as member-roles')
      .optional(),
    version: perPartition(Text).optional(),
    ...bought,
  })
    .refine(
      (spec) => (spec.template === undefined) !== (spec.solution === undefined),
      advice('a Solution has either a template or a solution', 'keep one of template and solution'),
    )
    .refine(
      (spec) => spec.solution === undefined || spec.version !== undefined,
      advice('the solution has no version', 'add version'),
    )
    .refine(
      (spec) => spec.part === undefined || spec.solution !== undefined,
      advice('part names a template of a solution, and template names one itself', 'remove part'),
    ),
);
export type SolutionManifest = z.infer<typeof SolutionManifest>;
