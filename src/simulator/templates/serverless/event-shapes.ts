import { shapes, type Shapes } from './properties.js';

const PATTERN = shapes({
  string: 'EventBusName RuleName Input InputPath State',
  map: 'Pattern DeadLetterConfig RetryPolicy Target InputTransformer',
  boolean: 'Enabled',
});

/** A schedule of EventBridge Scheduler, of a function or a state machine. */
const SCHEDULE_V2: Shapes = shapes({
  string:
    'PermissionsBoundary ScheduleExpression* Name State Description StartDate EndDate ScheduleExpressionTimezone GroupName KmsKeyArn Input RoleArn',
  map: 'FlexibleTimeWindow DeadLetterConfig RetryPolicy',
  'boolean!': 'OmitName',
});

/** The properties of a function's events by type. */
export const FUNCTION_EVENTS: Readonly<Record<string, Shapes>> = {
  Schedule: shapes({
    string: 'Schedule* RuleName Input State Name Description',
    boolean: 'Enabled',
    map: 'DeadLetterConfig RetryPolicy',
  }),
  ScheduleV2: SCHEDULE_V2,
  CloudWatchEvent: PATTERN,
  EventBridgeRule: PATTERN,
  S3: shapes({ string: 'Bucket*', 'string|strings!': 'Events*', 'map of string': 'Filter' }),
  SNS: shapes({
    string: 'Topic* Region',
    any: 'FilterPolicy FilterPolicyScope',
    'boolean|map': 'SqsSubscription',
    map: 'RedrivePolicy',
  }),
  Api: shapes({
    string: 'Path* Method* RestApiId* Stage ResponseTransferMode',
    map: 'Auth RequestModel',
    list: 'RequestParameters',
    integer: 'TimeoutInMillis',
  }),
  HttpApi: shapes({
    string: 'Path Method ApiId Stage PayloadFormatVersion',
    map: 'Auth RouteSettings',
    integer: 'TimeoutInMillis',
  }),
  AlexaSkill: shapes({ string: 'SkillId' }),
  IoTRule: shapes({ string: 'Sql* AwsIotSqlVersion' }),
  Cognito: shapes({ string: 'UserPool*', 'string|strings!': 'Trigger*' }),
  CloudWatchLogs: shapes({ string: 'LogGroupName* FilterPattern*' }),
};

const STATE_MACHINE_PATTERN = shapes({
  string: 'EventBusName RuleName Input InputPath State',
  map: 'Pattern DeadLetterConfig RetryPolicy InputTransformer',
  'map!': 'Target',
});

/** The properties of a state machine's events by type. */
export const STATE_MACHINE_EVENTS: Readonly<Record<string, Shapes>> = {
  Schedule: shapes({
    string: 'Schedule* Input State Name Description',
    boolean: 'Enabled',
    map: 'DeadLetterConfig RetryPolicy',
    'map!': 'Target',
    'string!': 'RoleArn',
  }),
  ScheduleV2: SCHEDULE_V2,
  CloudWatchEvent: STATE_MACHINE_PATTERN,
  EventBridgeRule: STATE_MACHINE_PATTERN,
  Api: shapes({ string: 'Path* Method* RestApiId* Stage', map: 'Auth', 'boolean!': 'UnescapeMappingTemplate' }),
};
