import { isObject, scalarText, type Json, type JsonObject } from './json.js';
import { picked } from './serverless-properties.js';
import { refusedResource } from './serverless-refusal.js';

/** The function that an event calls: its logical id, and the alias that stands before it where there is one. */
export type Invoked = {
  readonly logicalId: string;
  readonly aliasId: string | undefined;
  readonly condition: Json | undefined;
};

/** Resources that are added, and what a bucket of the same template is to notify. */
export type EventParts = {
  readonly resources: Readonly<Record<string, JsonObject>>;
  readonly notifications: readonly BucketNotification[];
};
export type BucketNotification = {
  readonly bucketId: string;
  readonly permissionId: string;
  readonly configurations: readonly JsonObject[];
};

const arnOf = ({ logicalId, aliasId }: Invoked): Json =>
  aliasId === undefined ? { 'Fn::GetAtt': [logicalId, 'Arn'] } : { Ref: aliasId };

const conditional = ({ condition }: Invoked): JsonObject => (condition === undefined ? {} : { Condition: condition });

const permission = (invoked: Invoked, principal: string, source: JsonObject): JsonObject => ({
  Type: 'AWS::Lambda::Permission',
  ...conditional(invoked),
  Properties: {
    Action: 'lambda:InvokeFunction',
    FunctionName: { Ref: invoked.aliasId ?? invoked.logicalId },
    Principal: principal,
    ...source,
  },
});

function state(properties: JsonObject): JsonObject {
  if (properties['State'] !== undefined) return { State: properties['State'] };
  if (properties['Enabled'] === undefined) return {};
  return { State: properties['Enabled'] === true ? 'ENABLED' : 'DISABLED' };
}

/** Both schedules and patterns become a rule with one target, and a permission for that rule. */
function rule(invoked: Invoked, id: string, properties: JsonObject, own: JsonObject): EventParts {
  const target = isObject(properties['Target']) ? properties['Target']['Id'] : undefined;
  return {
    notifications: [],
    resources: {
      [id]: {
        Type: 'AWS::Events::Rule',
        ...conditional(invoked),
        Properties: {
          ...picked(properties, ['Description', 'Name']),
          ...own,
          ...state(properties),
          Targets: [
            {
              Arn: arnOf(invoked),
              Id: target ?? `${id}LambdaTarget`.slice(-64),
              ...picked(properties, ['Input', 'InputPath', 'InputTransformer', 'RetryPolicy']),
              ...(isObject(properties['DeadLetterConfig'])
                ? { DeadLetterConfig: picked(properties['DeadLetterConfig'], ['Arn']) }
                : {}),
            },
          ],
        },
      },
      [`${id}Permission`]: permission(invoked, 'events.amazonaws.com', { SourceArn: { 'Fn::GetAtt': [id, 'Arn'] } }),
    },
  };
}

function topic(invoked: Invoked, id: string, properties: JsonObject): EventParts {
  const TopicArn = properties['Topic'] ?? '';
  return {
    notifications: [],
    resources: {
      [id]: {
        Type: 'AWS::SNS::Subscription',
        ...conditional(invoked),
        Properties: {
          Endpoint: arnOf(invoked),
          Protocol: 'lambda',
          TopicArn,
          ...picked(properties, ['Region', 'FilterPolicy', 'FilterPolicyScope', 'RedrivePolicy']),
        },
      },
      [`${id}Permission`]: permission(invoked, 'sns.amazonaws.com', { SourceArn: TopicArn }),
    },
  };
}

function bucket(invoked: Invoked, id: string, properties: JsonObject): EventParts {
  const bucketId = isObject(properties['Bucket']) ? properties['Bucket']['Ref'] : properties['Bucket'];
  if (typeof bucketId !== 'string')
    throw refusedResource(
      invoked.logicalId,
      `Event with id [${id}] is invalid. S3 events must reference an S3 bucket in the same template.`,
    );
  const events = Array.isArray(properties['Events'])
    ? (properties['Events'] as readonly Json[])
    : [properties['Events'] ?? ''];
  return {
    resources: {
      [`${id}Permission`]: permission(invoked, 's3.amazonaws.com', { SourceAccount: { Ref: 'AWS::AccountId' } }),
    },
    notifications: [
      {
        bucketId,
        permissionId: `${id}Permission`,
        configurations: events.map((event) => ({
          Event: event,
          Function: arnOf(invoked),
          ...picked(properties, ['Filter']),
        })),
      },
    ],
  };
}

/** What one event source of a function expands to; its logical ids begin with the function's and the event's names. */
export function eventParts(invoked: Invoked, name: string, event: JsonObject): EventParts {
  const id = `${invoked.logicalId}${name}`;
  const properties = isObject(event['Properties']) ? event['Properties'] : {};
  const type = event['Type'] === undefined ? '' : scalarText(event['Type']);
  switch (type) {
    case 'Schedule':
      return rule(invoked, id, properties, { ScheduleExpression: properties['Schedule'] ?? '' });
    case 'CloudWatchEvent':
    case 'EventBridgeRule':
      return rule(invoked, id, properties, {
        ...picked(properties, ['EventBusName']),
        EventPattern: properties['Pattern'] ?? {},
      });
    case 'SNS':
      return topic(invoked, id, properties);
    case 'S3':
      return bucket(invoked, id, properties);
    default:
      throw refusedResource(
        invoked.logicalId,
        `Event with id [${name}] is invalid. The simulator does not expand events of type ${type}.`,
      );
  }
}
