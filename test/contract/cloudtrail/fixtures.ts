import { CreateStackCommand, DescribeStacksCommand, type CloudFormationClient } from '@aws-sdk/client-cloudformation';
import {
  LookupEventsCommand,
  type CloudTrailClient,
  type Event,
  type LookupAttributeKey,
  type LookupEventsCommandInput,
} from '@aws-sdk/client-cloudtrail';
import type { Aws, SimulatedAws } from '../specification.js';

export const PERSON = { role: 'AdministratorAccess', session: 'j.doe' } as const;

export const queueTemplate = (QueueName: string): string =>
  JSON.stringify({ Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName, DelaySeconds: 0 } } } });

/** A stack of one queue, once it stands. */
export async function standing(
  aws: Aws,
  client: CloudFormationClient = aws.cloudFormation(),
  TemplateBody = queueTemplate(aws.unique('queue')),
): Promise<{ readonly name: string; readonly id: string }> {
  const StackName = aws.unique('trailed');
  const Capabilities = ['CAPABILITY_NAMED_IAM' as const];
  const { StackId } = await client.send(new CreateStackCommand({ StackName, TemplateBody, Capabilities }));
  await aws.until(
    () => client.send(new DescribeStacksCommand({ StackName })),
    ({ Stacks }) => Stacks![0]!.StackStatus === 'CREATE_COMPLETE',
  );
  return { name: StackName, id: StackId! };
}

/** Time passes until what was done can be looked up; an emulator shows it at once. */
export function later(aws: Aws, seconds = 150): void {
  if ('simulator' in aws) (aws as SimulatedAws).simulator.world.clock.advance(seconds);
}

export const by = (AttributeKey: LookupAttributeKey, AttributeValue: string) => ({
  LookupAttributes: [{ AttributeKey, AttributeValue }],
});

/** One look, never more than one a second. */
export async function lookup(
  aws: Aws,
  input: LookupEventsCommandInput,
  client: CloudTrailClient = aws.cloudTrail(),
): Promise<readonly Event[]> {
  later(aws, 1);
  return (await client.send(new LookupEventsCommand(input))).Events ?? [];
}

export const namesOf = (events: readonly Event[]): readonly string[] => events.map(({ EventName }) => EventName!);

type Record = {
  readonly userIdentity: {
    readonly type: string;
    readonly arn: string;
    readonly invokedBy?: string;
    readonly sessionContext?: object;
  };
  readonly errorCode?: string;
  readonly eventTime: string;
};

/** CloudTrail's own record of an event. */
export const recordOf = (event: Event | undefined): Record => JSON.parse(event!.CloudTrailEvent!) as Record;
