import { AwsError } from '../kernel/contract.js';

export const SERVERLESS_TRANSFORM = 'AWS::Serverless-2016-10-31';

/** The transform's refusal of a document, in the words in which CloudFormation passes it on; equal problems count once. */
export function refusedDocument(problems: readonly string[]): AwsError {
  const different = [...new Set(problems)];
  const sentences = different.map((problem) => ` ${problem}`).join('');
  return new AwsError(
    'ValidationError',
    `Transform ${SERVERLESS_TRANSFORM} failed with: Invalid Serverless Application Specification document. ` +
      `Number of errors found: ${different.length}.${sentences}`,
  );
}

/** One problem of a document. The transform goes on with the next resource after it, and reports all of them together. */
export class ServerlessProblem extends AwsError {
  constructor(
    readonly problem: string,
    readonly of: 'resource' | 'event' | 'template',
  ) {
    super('ValidationError', refusedDocument([problem]).message);
  }
}

/** A problem of a resource; where the simulator alone cannot expand something, `why` says so. */
export const refusedResource = (logicalId: string, why: string): ServerlessProblem =>
  new ServerlessProblem(`Resource with id [${logicalId}] is invalid. ${why}`, 'resource');

export const refusedEvent = (name: string, why: string): ServerlessProblem =>
  new ServerlessProblem(`Event with id [${name}] is invalid. ${why}`, 'event');

export const refusedTemplate = (why: string): ServerlessProblem =>
  new ServerlessProblem(`Structure of the SAM template is invalid. ${why}`, 'template');

/** A problem that ends the transform at once. */
export const refusedStructure = (why: string): AwsError =>
  refusedDocument([`Structure of the SAM template is invalid. ${why}`]);

/** The sentence for what AWS expands and the simulator does not. */
export const notExpanded = (what: string): string => `The simulator does not expand ${what}.`;
