import type { CloudFormationClient, Stack } from '@aws-sdk/client-cloudformation';
import pLimit from 'p-limit';
import { classify } from '../aws/errors.js';
import type { NestedStack } from '../model/observed.js';
import { standingTemplate } from './live-template.js';
import type { TemplateMemory } from './live-template.js';
import type { NestedStackSeen } from './seen-stacks.js';
import { stackCondition } from './stack-condition.js';
import { observedParameters, stackFingerprint } from './stack-settings.js';

const CONCURRENT_READS = 4;

type Nested = Readonly<Record<string, NestedStack>>;

export type NestedReader = {
  readonly client: CloudFormationClient;
  readonly templates: TemplateMemory;
  readonly signal: AbortSignal;
};

/**
 * Stacks nested in one of ours, by what leads to each, against the record: nothing is asked about one whose fingerprint has not moved.
 * One that is moving just now is what it was recorded to be, until it is at rest.
 */
export async function observeNested(
  reader: NestedReader,
  nested: readonly NestedStackSeen[],
  recorded: Nested | undefined,
): Promise<Nested> {
  const limit = pLimit(CONCURRENT_READS);
  const found = await Promise.all(
    nested.map(({ path, stack }) =>
      limit(async () => [path, await observeOne(reader, stack, recorded?.[path] ?? null)] as const),
    ),
  );
  return Object.fromEntries(found.flatMap(([path, stack]) => (stack === null ? [] : [[path, stack]])));
}

async function observeOne(
  { client, templates, signal }: NestedReader,
  stack: Stack,
  recorded: NestedStack | null,
): Promise<NestedStack | null> {
  const sha256 = stackFingerprint(stack);
  if (recorded?.sha256 === sha256 || stackCondition(stack.StackStatus) === 'busy') return recorded;
  try {
    return {
      stackId: stack.StackId!,
      sha256,
      template: await standingTemplate(templates, client, stack, signal),
      parameters: observedParameters(stack.Parameters),
      roleArn: stack.RoleARN ?? null,
    };
  } catch (error) {
    // It has gone since it was listed.
    if (classify(error).kind === 'not-found') return null;
    throw error;
  }
}
