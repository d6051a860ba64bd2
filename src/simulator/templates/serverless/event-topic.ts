import { isObject, type Json, type JsonObject } from '../json.js';
import { refusedEvent } from '../serverless-refusal.js';
import { polled, type RoleAddition } from './event-mappings.js';
import { picked } from './properties.js';
import { permission, type EventSource, type Target } from './target.js';
import { getAtt, isGiven, ref, referredId } from './values.js';
import { made, propertiesOf, type Produced, type Work } from './work.js';

type Parts = { readonly made: Produced; readonly role: RoleAddition | undefined };

/** A subscription that calls the function, or one that fills a queue which the function polls. */
export function topicEvent(work: Work, event: EventSource, target: Target): Parts {
  const { id, name, properties } = event;
  const topic = properties['Topic']!;
  const through = properties['SqsSubscription'];
  if (!isGiven(through)) {
    const allowed = permission(target, id, 'sns.amazonaws.com', { SourceArn: topic });
    return { made: [allowed, [id, subscription(event, target, 'lambda', target.arn)]], role: undefined };
  }
  if (typeof through === 'boolean') return ownQueue(work, event, target);
  if (!isObject(through)) throw refusedEvent(name, "Property 'SqsSubscription' should be a map.");
  const { QueueArn, QueueUrl, QueuePolicyLogicalId, BatchSize } = through;
  if (!isGiven(QueueArn) || !isGiven(QueueUrl)) throw refusedEvent(name, 'No QueueARN or QueueURL provided.');
  const mapping = polling(work, event, target, QueueArn, isGiven(BatchSize) ? BatchSize : 10);
  const policyId = typeof QueuePolicyLogicalId === 'string' ? QueuePolicyLogicalId : `${id}QueuePolicy`;
  return {
    made: [
      ...mapping.made,
      [policyId, queuePolicy(target, topic, QueueArn, QueueUrl)],
      [id, subscription(event, target, 'sqs', QueueArn)],
    ],
    role: mapping.role,
  };
}

function ownQueue(work: Work, event: EventSource, target: Target): Parts {
  const { id, properties } = event;
  const queueId = `${id}Queue`;
  const arn = getAtt(queueId, 'Arn');
  const topicId = referredId(properties['Topic']);
  const fifo = topicId === undefined ? undefined : propertiesOf(work.authored.get(topicId))['FifoTopic'];
  const first = fifo === undefined ? undefined : work.resolve(fifo);
  const mapping = polling(work, event, target, arn, 10);
  return {
    made: [
      ...mapping.made,
      [queueId, made('AWS::SQS::Queue', target.attributes, { FifoQueue: isGiven(first) ? first : undefined })],
      [`${id}QueuePolicy`, queuePolicy(target, properties['Topic']!, arn, ref(queueId))],
      [id, subscription(event, target, 'sqs', arn)],
    ],
    role: mapping.role,
  };
}

const polling = (work: Work, { name, id }: EventSource, target: Target, Queue: Json, BatchSize: Json) =>
  polled(work, 'SQS', { name, id: `${id}EventSourceMapping`, properties: { Queue, BatchSize, Enabled: true } }, target);

const subscription = ({ properties }: EventSource, target: Target, Protocol: string, Endpoint: Json): JsonObject =>
  made('AWS::SNS::Subscription', target.attributes, {
    Protocol,
    Endpoint,
    TopicArn: properties['Topic'],
    ...picked(properties, 'Region FilterPolicy FilterPolicyScope RedrivePolicy'),
  });

const queuePolicy = (target: Target, topic: Json, queueArn: Json, queueUrl: Json): JsonObject =>
  made('AWS::SQS::QueuePolicy', target.attributes, {
    PolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Action: 'sqs:SendMessage',
          Effect: 'Allow',
          Principal: '*',
          Resource: queueArn,
          Condition: { ArnEquals: { 'aws:SourceArn': topic } },
        },
      ],
    },
    Queues: [queueUrl],
  });
