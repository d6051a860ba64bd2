import {
  DeleteStackCommand,
  type CreateChangeSetCommandInput,
  type ResourceToImport,
} from '@aws-sdk/client-cloudformation';
import { type Aws } from '../specification.js';
import { describe, desk, physicalIds, queue, settled, standing, text } from './fixtures.js';

export const CONSIDERATIONS = 'Import AWS resources into a CloudFormation stack, considerations';
export const WORDS = 'the behaviour is documented, the words are those that AWS’s users quote';
export const KEPT = { DeletionPolicy: 'Retain' };

export type Kept = { readonly named: string; readonly url: string };

/** A queue that stands and belongs to no stack: the stack that made it kept it when it was deleted. */
export async function loose(aws: Aws): Promise<Kept> {
  const named = aws.unique('queue');
  const { name, id } = await standing(aws, text({ Queue: queue(named, {}, KEPT) }));
  const { Queue: url } = await physicalIds(aws, name);
  await aws.cloudFormation().send(new DeleteStackCommand({ StackName: name }));
  await aws.until(
    () => describe(aws, id),
    ({ StackStatus }) => StackStatus === 'DELETE_COMPLETE',
  );
  return { named, url: url! };
}

export const target = (LogicalResourceId: string, QueueUrl: string): ResourceToImport => ({
  ResourceType: 'AWS::SQS::Queue',
  LogicalResourceId,
  ResourceIdentifier: { QueueUrl },
});

export const importing = (...ResourcesToImport: ResourceToImport[]): Partial<CreateChangeSetCommandInput> => ({
  ChangeSetType: 'IMPORT',
  ResourcesToImport,
});

/** A stack that has imported the queue. */
export async function imported(aws: Aws, kept: Kept): Promise<string> {
  const name = aws.unique('stack');
  const { made, execute } = desk(aws, name);
  await made(text({ Queue: queue(kept.named, {}, KEPT) }), importing(target('Queue', kept.url)));
  await execute();
  await settled(aws, name);
  return name;
}
