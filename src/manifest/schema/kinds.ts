import { ConstructManifest } from './construct.js';
import { ControllerManifest } from './controller.js';
import { ServerlessApplicationManifest } from './serverless-application.js';
import { SolutionManifest } from './solution.js';
import { StackManifest } from './stack.js';
import { StackSetManifest } from './stack-set.js';

/** Every kind of manifest and what it may say. */
export const KINDS = {
  Controller: ControllerManifest,
  StackSet: StackSetManifest,
  Stack: StackManifest,
  ServerlessApplication: ServerlessApplicationManifest,
  Solution: SolutionManifest,
  Construct: ConstructManifest,
} as const;

export type Kind = keyof typeof KINDS;

export const isKind = (text: unknown): text is Kind => typeof text === 'string' && Object.hasOwn(KINDS, text);
