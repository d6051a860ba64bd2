import type { Json, JsonObject } from './json.js';

const on = (actions: readonly string[], ...resources: Json[]): Json => ({
  Effect: 'Allow',
  Action: actions,
  Resource: resources.length === 1 ? resources[0]! : resources,
});
const arn = (pattern: string, variables: JsonObject): Json => ({
  'Fn::Sub': [`arn:\${AWS::Partition}:${pattern}`, variables],
});

const inRegion = (service: string, rest: string, variables: JsonObject): Json =>
  arn(`${service}:\${AWS::Region}:\${AWS::AccountId}:${rest}`, variables);

const dynamo = (actions: string) => {
  const names = actions.split(' ').map((action) => `dynamodb:${action}`);
  return ({ TableName = '' }: JsonObject): Json => {
    const variables = { tableName: TableName };
    return on(
      names,
      inRegion('dynamodb', 'table/${tableName}', variables),
      inRegion('dynamodb', 'table/${tableName}/index/*', variables),
    );
  };
};

const bucket = (actions: string) => {
  const names = actions.split(' ').map((action) => `s3:${action}`);
  return ({ BucketName = '' }: JsonObject): Json => {
    const variables = { bucketName: BucketName };
    return on(names, arn('s3:::${bucketName}', variables), arn('s3:::${bucketName}/*', variables));
  };
};

const READ_ITEMS = 'GetItem Scan Query BatchGetItem DescribeTable';
const WRITE_ITEMS = 'PutItem UpdateItem BatchWriteItem';
const READ_OBJECTS = 'GetObject ListBucket GetBucketLocation GetObjectVersion GetLifecycleConfiguration';
const WRITE_OBJECTS = 'PutObject PutObjectAcl PutLifecycleConfiguration';

/** The policy templates that the simulator knows, by name: parameters in, statement out. */
export const POLICY_TEMPLATES: Readonly<Record<string, (parameters: JsonObject) => Json>> = {
  AWSSecretsManagerGetSecretValuePolicy: ({ SecretArn = '' }) => on(['secretsmanager:GetSecretValue'], SecretArn),
  CloudWatchPutMetricPolicy: () => on(['cloudwatch:PutMetricData'], '*'),
  DynamoDBCrudPolicy: dynamo(`${READ_ITEMS} ${WRITE_ITEMS} DeleteItem ConditionCheckItem`),
  DynamoDBReadPolicy: dynamo(READ_ITEMS),
  DynamoDBWritePolicy: dynamo(WRITE_ITEMS),
  EC2DescribePolicy: () => on(['ec2:DescribeRegions', 'ec2:DescribeInstances'], '*'),
  EventBridgePutEventsPolicy: ({ EventBusName = '' }) =>
    on(['events:PutEvents'], inRegion('events', 'event-bus/${eventBusName}', { eventBusName: EventBusName })),
  KMSDecryptPolicy: ({ KeyId = '' }) => on(['kms:Decrypt'], inRegion('kms', 'key/${keyId}', { keyId: KeyId })),
  LambdaInvokePolicy: ({ FunctionName = '' }) =>
    on(['lambda:InvokeFunction'], inRegion('lambda', 'function:${functionName}*', { functionName: FunctionName })),
  S3CrudPolicy: bucket(`${READ_OBJECTS} ${WRITE_OBJECTS} DeleteObject`),
  S3ReadPolicy: bucket(READ_OBJECTS),
  S3WritePolicy: bucket(WRITE_OBJECTS),
  SNSPublishMessagePolicy: ({ TopicName = '' }) =>
    on(['sns:Publish'], inRegion('sns', '${topicName}', { topicName: TopicName })),
  SQSPollerPolicy: ({ QueueName = '' }) =>
    on(
      'ChangeMessageVisibility DeleteMessage GetQueueAttributes ReceiveMessage'
        .split(' ')
        .map((action) => `sqs:${action}`),
      inRegion('sqs', '${queueName}', { queueName: QueueName }),
    ),
  SQSSendMessagePolicy: ({ QueueName = '' }) =>
    on(['sqs:SendMessage'], inRegion('sqs', '${queueName}', { queueName: QueueName })),
  SSMParameterReadPolicy: ({ ParameterName = '' }) =>
    on(
      ['ssm:GetParameter', 'ssm:GetParameters', 'ssm:GetParametersByPath'],
      inRegion('ssm', 'parameter/${parameterName}', { parameterName: ParameterName }),
    ),
  StepFunctionsExecutionPolicy: ({ StateMachineName = '' }) =>
    on(
      ['states:StartExecution'],
      inRegion('states', 'stateMachine:${stateMachineName}', { stateMachineName: StateMachineName }),
    ),
  VPCAccessPolicy: () =>
    on(
      'CreateNetworkInterface DeleteNetworkInterface DescribeNetworkInterfaces DetachNetworkInterface'
        .split(' ')
        .map((action) => `ec2:${action}`),
      '*',
    ),
};
