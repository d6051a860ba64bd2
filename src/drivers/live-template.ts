import { GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import type { CloudFormationClient, Stack } from '@aws-sdk/client-cloudformation';
import type { Sha256 } from '../model/identifiers.js';
import { templateSha256 } from '../model/template.js';
import { stackFingerprint } from './stack-settings.js';

/** Fingerprint → digest of the template that stands there: what has been read once is not read again. */
export type TemplateMemory = Map<Sha256, Sha256>;

/** The template as it was given, before transforms. */
export async function originalTemplate(
  client: CloudFormationClient,
  stackId: string,
  abortSignal: AbortSignal,
): Promise<string> {
  const answer = await client.send(new GetTemplateCommand({ StackName: stackId, TemplateStage: 'Original' }), {
    abortSignal,
  });
  return answer.TemplateBody ?? '';
}

/** The digest of the template of a stack at rest; one GetTemplate for each fingerprint. */
export async function standingTemplate(
  templates: TemplateMemory,
  client: CloudFormationClient,
  stack: Stack,
  signal: AbortSignal,
): Promise<Sha256> {
  const fingerprint = stackFingerprint(stack);
  const remembered = templates.get(fingerprint);
  if (remembered !== undefined) return remembered;
  const digest = templateSha256(await originalTemplate(client, stack.StackId!, signal));
  templates.set(fingerprint, digest);
  return digest;
}
