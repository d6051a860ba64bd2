import { isObject, type Json, type JsonObject } from '../json.js';
import { refusedEvent } from '../serverless-refusal.js';
import type { EventSource } from './target.js';
import { getAtt, ref } from './values.js';
import { made, type Produced } from './work.js';

/** The queue for events that could not be delivered: its ARN, and the queue itself where it is made here. */
type DeadLetters = { readonly arn: Json; readonly made: Produced };

/** Undefined where the event has none. `policyFor` is the rule that may write to a queue made here; schedules write through their role. */
export function deadLetters(
  { id, properties }: EventSource,
  attributes: JsonObject,
  policyFor: Json | undefined,
): DeadLetters | undefined {
  const config = properties['DeadLetterConfig'];
  if (!isObject(config)) return undefined;
  const { Arn, Type, QueueLogicalId } = config;
  if (Arn !== undefined && Type !== undefined)
    throw refusedEvent(id, "You can either define 'Arn' or 'Type' property of DeadLetterConfig.");
  if (Type !== undefined && Type !== 'SQS')
    throw refusedEvent(id, "The only valid value for 'Type' property of DeadLetterConfig is 'SQS'.");
  if (Arn === undefined && Type === undefined)
    throw refusedEvent(id, "No 'Arn' or 'Type' property provided for DeadLetterConfig.");
  if (Arn !== undefined && Arn !== null) return { arn: Arn, made: [] };
  if (QueueLogicalId !== undefined && typeof QueueLogicalId !== 'string')
    throw refusedEvent(id, 'QueueLogicalId must be a string');
  const queueId = QueueLogicalId === undefined || QueueLogicalId === '' ? `${id}Queue` : QueueLogicalId;
  const arn = getAtt(queueId, 'Arn');
  const queue = [queueId, made('AWS::SQS::Queue', attributes, {})] as const;
  if (policyFor === undefined) return { arn, made: [queue] };
  const policy = made('AWS::SQS::QueuePolicy', attributes, {
    PolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Action: 'sqs:SendMessage',
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Resource: arn,
          Condition: { ArnEquals: { 'aws:SourceArn': policyFor } },
        },
      ],
    },
    Queues: [ref(queueId)],
  });
  return { arn, made: [queue, [`${id}QueuePolicy`, policy]] };
}
