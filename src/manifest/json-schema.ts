import * as z from 'zod';
import { ConstructManifest } from './schema/construct.js';
import { ControllerManifest } from './schema/controller.js';
import { ServerlessApplicationManifest } from './schema/serverless-application.js';
import { SolutionManifest } from './schema/solution.js';
import { StackManifest } from './schema/stack.js';
import { StackSetManifest } from './schema/stack-set.js';

const AnyManifest = z.discriminatedUnion('kind', [
  ControllerManifest,
  StackSetManifest,
  StackManifest,
  ServerlessApplicationManifest,
  SolutionManifest,
  ConstructManifest,
]);

/** The manifest format as JSON Schema draft-07, for editors: of the same objects that the parser uses. */
export function jsonSchema(): object {
  return { ...z.toJSONSchema(AnyManifest, { io: 'input', target: 'draft-7' }), title: 'An Evenkeel manifest' };
}
