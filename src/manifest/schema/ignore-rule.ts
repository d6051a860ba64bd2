import * as z from 'zod';
import { Moment, Text } from './scalars.js';
import { strict } from './strict.js';

/** A logical id, what leads to one in a nested stack, or the stack itself. */
export const IgnoredResource = z
  .string()
  .max(1024)
  .regex(
    /^(?:[A-Za-z0-9]{1,255}\.){0,5}(?:[A-Za-z0-9]{1,255}|AWS::CloudFormation::Stack)$/,
    'write a logical id such as Queue, Child.Queue for one of a nested stack, or AWS::CloudFormation::Stack for the stack itself',
  );

/** A JSON pointer, each of its names escaped; `/` alone is all of a resource. */
export const IgnoredPath = z
  .string()
  .max(1024)
  .regex(
    /^(?:\/|(?:\/(?:[^~/\p{Cc}]|~[01])+)+)$/u,
    'write a JSON pointer into the properties such as /VisibilityTimeout, with ~1 for a slash and ~0 for a tilde in a name; / alone for all of the resource',
  );

export const IgnoreRule = strict({
  resource: IgnoredResource,
  path: IgnoredPath,
  reason: Text,
  expires: Moment.optional(),
});
export type IgnoreRule = z.infer<typeof IgnoreRule>;
