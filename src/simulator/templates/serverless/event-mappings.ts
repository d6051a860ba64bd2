import { isObject, type Json, type JsonObject } from '../json.js';
import { refusedEvent } from '../serverless-refusal.js';
import { awsPolicy } from './managed-policies.js';
import { picked, shapes, type Shapes } from './properties.js';
import { allowed, inlinePolicy } from './role.js';
import type { EventSource, Target } from './target.js';
import { isGiven, isIntrinsic } from './values.js';
import { made, type Produced, type Work } from './work.js';

const COMMON: Readonly<Record<string, string>> = {
  any: 'StartingPosition StartingPositionTimestamp KmsKeyArn',
  integer:
    'BatchSize MaximumBatchingWindowInSeconds MaximumRetryAttempts MaximumRecordAgeInSeconds ParallelizationFactor TumblingWindowInSeconds',
  boolean: 'Enabled BisectBatchOnFunctionError',
  map: 'DestinationConfig FilterCriteria ScalingConfig ProvisionedPollerConfig SchemaRegistryConfig MetricsConfig LoggingConfig',
  list: 'Topics Queues SourceAccessConfigurations FunctionResponseTypes KafkaBootstrapServers',
  string: 'SecretsManagerKmsKeyId ConsumerGroupId',
};

/** Streams and queues that Lambda polls: the property that names them, and the managed policy that polling needs. */
export const POLLED: Readonly<
  Record<string, { readonly source: string; readonly policy: string; readonly shapes: Shapes }>
> = {
  Kinesis: stream('AWSLambdaKinesisExecutionRole'),
  DynamoDB: stream('AWSLambdaDynamoDBExecutionRole'),
  SQS: {
    source: 'Queue',
    policy: 'AWSLambdaSQSQueueExecutionRole',
    shapes: shapes({ ...COMMON, any: `${COMMON['any']} Queue*` }),
  },
};

function stream(policy: string): { source: string; policy: string; shapes: Shapes } {
  const any = 'Stream* StartingPosition* StartingPositionTimestamp KmsKeyArn';
  return { source: 'Stream', policy, shapes: shapes({ ...COMMON, any }) };
}

/** What polling adds to the function's role. */
export type RoleAddition = { readonly managed: string; readonly inline: JsonObject | undefined };

/** An event source mapping, and what the function's role needs for it. */
export function polled(
  work: Work,
  type: string,
  event: EventSource,
  target: Target,
): { readonly made: Produced; readonly role: RoleAddition } {
  const { source, policy } = POLLED[type]!;
  const { id, properties } = event;
  checkFilters(event);
  if (isGiven(properties['ConsumerGroupId']))
    throw refusedEvent(id, `Property ConsumerGroupId not defined for resource of type ${type}.`);
  const failure = onFailure(event);
  const resource = made('AWS::Lambda::EventSourceMapping', target.attributes, {
    FunctionName: target.name,
    EventSourceArn: properties[source],
    ...picked(
      properties,
      'BatchSize Enabled MaximumBatchingWindowInSeconds MaximumRetryAttempts BisectBatchOnFunctionError MaximumRecordAgeInSeconds ParallelizationFactor StartingPosition StartingPositionTimestamp Topics Queues SourceAccessConfigurations TumblingWindowInSeconds FunctionResponseTypes FilterCriteria KmsKeyArn ScalingConfig ProvisionedPollerConfig MetricsConfig LoggingConfig',
    ),
    SelfManagedEventSource: isGiven(properties['KafkaBootstrapServers'])
      ? { Endpoints: { KafkaBootstrapServers: properties['KafkaBootstrapServers'] } }
      : undefined,
    DestinationConfig: failure?.config,
  });
  const managed = awsPolicy(work.partition, `service-role/${policy}`);
  return { made: [[id, resource]], role: { managed, inline: failure?.policy } };
}

function checkFilters({ name, properties }: EventSource): void {
  const criteria = properties['FilterCriteria'];
  if (!isObject(criteria) || isIntrinsic(criteria)) return;
  const keys = Object.keys(criteria).join(' ');
  if (keys !== '' && keys !== 'Filters') throw refusedEvent(name, 'FilterCriteria field has a wrong format');
}

/** Where records go that could not be handled, without the type that tells what the role needs for it. */
function onFailure({
  id,
  properties,
}: EventSource): { readonly config: JsonObject; readonly policy: JsonObject | undefined } | undefined {
  const config = properties['DestinationConfig'];
  if (!isObject(config) || !isGiven(config)) return undefined;
  const failure = config['OnFailure'];
  if (!isObject(failure)) throw refusedEvent(id, "Property 'DestinationConfig.OnFailure' should be a map.");
  const { Type, ...rest } = failure;
  if (!isGiven(Type)) return { config, policy: undefined };
  if (typeof Type !== 'string' || !['SQS', 'SNS', 'S3', 'Kafka'].includes(Type))
    throw refusedEvent(id, "The only valid values for 'Type' are 'SQS', 'SNS', 'S3', and 'Kafka'");
  return { config: { ...config, OnFailure: rest }, policy: destinationPolicy(id, Type, rest['Destination'] ?? null) };
}

/** What a role needs to write to a destination of a type; nothing for a type that needs nothing. */
export function destinationPolicy(id: string, type: string, destination: Json): JsonObject | undefined {
  switch (type) {
    case 'SQS':
      return inlinePolicy(`${id}SQSPolicy`, allowed('sqs:SendMessage', destination));
    case 'SNS':
      return inlinePolicy(`${id}SNSPolicy`, allowed('sns:publish', destination));
    case 'EventBridge':
      return inlinePolicy(`${id}EventBridgePolicy`, allowed('events:PutEvents', destination));
    case 'Lambda':
      return inlinePolicy(`${id}LambdaPolicy`, allowed('lambda:InvokeFunction', destination));
    case 'S3':
    case 'S3Bucket':
      return inlinePolicy(
        `${id}S3Policy`,
        allowed('s3:PutObject', { 'Fn::Join': ['/', [destination, '*']] }),
        allowed('s3:ListBucket', destination),
      );
    default:
      return undefined;
  }
}

/** A role with what an event source needs, unless it has it. */
export function roleWith(role: JsonObject, { managed, inline }: RoleAddition): JsonObject {
  const properties = role['Properties'] as JsonObject;
  const arns = properties['ManagedPolicyArns'] as readonly Json[];
  const policies = (properties['Policies'] ?? []) as readonly Json[];
  const documents = policies.map((policy) => (isObject(policy) ? JSON.stringify(policy['PolicyDocument']) : undefined));
  const added =
    inline === undefined || documents.includes(JSON.stringify(inline['PolicyDocument']))
      ? policies
      : [...policies, inline];
  return {
    ...role,
    Properties: {
      ...properties,
      ManagedPolicyArns: arns.includes(managed) ? arns : [...arns, managed],
      ...(added.length === 0 ? {} : { Policies: added }),
    },
  };
}
