import * as z from 'zod';
import { IgnoreRule } from './ignore-rule.js';
import { Concurrency, Moment, Name, Parameters, RegionName, StackNameText, Tags, Text, Tolerance } from './scalars.js';
import { Override, Target, WaveSelector } from './selectors.js';
import { strict } from './strict.js';
import { Transform } from './transform.js';

export const API_VERSION = 'evenkeel/v1';

export const Metadata = strict({
  name: Name,
  description: z.string().max(1024).optional(),
  labels: z.record(z.string().min(1).max(128), z.string().max(256)).optional(),
  controls: z
    .array(
      z.string().regex(/^[A-Z]{2}-\d{1,2}(\(\d{1,2}\))?$/, 'write a NIST SP 800-53 control such as CM-7 or AC-2(1)'),
    )
    .optional(),
});

const Rollout = strict({
  waves: z.array(WaveSelector).min(1).optional(),
  maxConcurrent: Concurrency.optional(),
  failureTolerance: Tolerance.optional(),
  concurrencyMode: z.enum(['soft', 'strict']).optional(),
  regionOrder: z.array(RegionName).min(1).optional(),
  regionConcurrency: z.enum(['sequential', 'parallel']).optional(),
});

const Drift = strict({
  respond: z.enum(['report', 'revert']).optional(),
  ignore: z.array(IgnoreRule).max(500).optional(),
});

const DEPENDENCY = /^(StackSet|Stack|ServerlessApplication|Solution|Construct)\/[a-z][a-z0-9-]{0,62}(@same)?$/;

/** What every kind that deploys something may say in its `spec`. */
export const deployable = {
  parameters: Parameters.optional(),
  overrides: z.array(Override).optional(),
  acknowledge: z
    .array(z.enum(['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND', 'CAPABILITY_RESOURCE_POLICY']))
    .optional(),
  transform: Transform.optional(),
  stackName: StackNameText.optional(),
  adopt: z.boolean().optional(),
  tags: Tags.optional(),
  targets: z.array(Target).min(1),
  rollout: Rollout.optional(),
  drift: Drift.optional(),
  deletion: z.enum(['delete', 'retain']).optional(),
  dependsOn: z.array(z.string().regex(DEPENDENCY, 'write Kind/name or Kind/name@same')).optional(),
  suspend: strict({ by: Text, reason: Text, until: Moment.optional() }).optional(),
};

/** A stack set has no termination protection of its own or of its instances, so only stacks are asked for it. */
export const stackOnly = { terminationProtection: z.boolean().optional() };

/** One manifest of a kind: a document that says nothing that is not known. */
export function manifest<Kind extends string, Spec extends z.ZodType>(kind: Kind, spec: Spec) {
  return strict({ apiVersion: z.literal(API_VERSION), kind: z.literal(kind), metadata: Metadata, spec });
}
