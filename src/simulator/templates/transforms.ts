import { AwsError } from '../kernel/contract.js';
import { invalid } from './refusal.js';
import type { JsonObject } from './json.js';
import { expandServerless, type ServerlessContext } from './serverless.js';
import { LANGUAGE_EXTENSIONS } from './functions.js';

export const SERVERLESS = 'AWS::Serverless-2016-10-31';

/** What AWS has besides, and the simulator does not carry out. */
const FOREIGN = new Set([
  'AWS::CodeDeployBlueGreen',
  'AWS::Include',
  'AWS::SecretsManager-2020-07-23',
  'AWS::SecretsManager-2024-09-16',
  'AWS::ServiceCatalog',
]);

/** The document after its transforms, in their order; language extensions are functions that the evaluator knows anyway. */
export function transformed(
  document: JsonObject,
  transforms: readonly string[],
  context: ServerlessContext,
): JsonObject {
  let result = document;
  for (const transform of transforms) {
    if (transform === LANGUAGE_EXTENSIONS) continue;
    if (FOREIGN.has(transform))
      throw new AwsError('NotImplemented', `The simulator does not carry out the transform ${transform}.`, 501);
    if (transform !== SERVERLESS) throw invalid(`No transform named ${transform} found.`);
    result = expandServerless(result, context) as JsonObject;
  }
  return Object.fromEntries(Object.entries(result).filter(([section]) => section !== 'Transform'));
}
