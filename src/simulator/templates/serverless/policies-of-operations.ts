import { grant, single, template, where, type PolicyTemplate } from './policy-template.js';

const READ_PARAMETERS = 'GetParameters GetParameter GetParametersByPath';
const CLUSTER = 'cluster/{clusterId}';

const onCluster = (actions: string): PolicyTemplate =>
  template('ClusterId', grant('elasticmapreduce', actions, CLUSTER));
const onClusterAlone = (action: string): PolicyTemplate =>
  template('ClusterId', single(grant('elasticmapreduce', action, CLUSTER)));
const STEPS = 'stateMachine:{stateMachineName}';

/** Policy templates for keys, secrets, messages, functions and the running of other services. */
export const OPERATION_POLICIES: Readonly<Record<string, PolicyTemplate>> = {
  AMIDescribePolicy: template('', grant('ec2', 'DescribeImages')),
  AWSSecretsManagerGetSecretValuePolicy: template(
    'SecretArn',
    grant('secretsmanager', 'GetSecretValue', '={secretArn}'),
  ),
  AWSSecretsManagerRotationPolicy: template(
    'FunctionName',
    where(
      grant('secretsmanager', 'DescribeSecret GetSecretValue PutSecretValue UpdateSecretVersionStage', 'secret:*'),
      'StringEquals',
      'secretsmanager:resource/AllowRotationLambdaArn',
      'arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:{functionName}',
    ),
    grant('secretsmanager', 'GetRandomPassword'),
  ),
  AcmGetCertificatePolicy: template('CertificateArn', grant('acm', 'GetCertificate', '={certificateArn}')),
  CloudFormationDescribeStacksPolicy: template('', grant('cloudformation', 'DescribeStacks', 'stack/*')),
  CloudWatchDashboardPolicy: template('', grant('cloudwatch', 'GetDashboard ListDashboards PutDashboard ListMetrics')),
  CloudWatchDescribeAlarmHistoryPolicy: template('', grant('cloudwatch', 'DescribeAlarmHistory')),
  CloudWatchPutMetricPolicy: template('', grant('cloudwatch', 'PutMetricData')),
  CodePipelineLambdaExecutionPolicy: template('', grant('codepipeline', 'PutJobSuccessResult PutJobFailureResult')),
  CodePipelineReadOnlyPolicy: template(
    'PipelineName',
    grant('codepipeline', 'ListPipelineExecutions', '{pipelinename}'),
  ),
  CostExplorerReadOnlyPolicy: template(
    '',
    grant(
      'ce',
      'GetCostAndUsage GetDimensionValues GetReservationCoverage GetReservationPurchaseRecommendation GetReservationUtilization GetTags',
    ),
  ),
  EC2CopyImagePolicy: template('ImageId', grant('ec2', 'CopyImage', 'image/{imageId}')),
  EC2DescribePolicy: template('', grant('ec2', 'DescribeRegions DescribeInstances')),
  EKSDescribePolicy: template('', grant('eks', 'DescribeCluster ListClusters')),
  EcsRunTaskPolicy: template('TaskDefinition', grant('ecs', 'RunTask', 'task-definition/{taskDefinition}')),
  ElasticMapReduceAddJobFlowStepsPolicy: onClusterAlone('AddJobFlowSteps'),
  ElasticMapReduceCancelStepsPolicy: onClusterAlone('CancelSteps'),
  ElasticMapReduceModifyInstanceFleetPolicy: onCluster('ModifyInstanceFleet ListInstanceFleets'),
  ElasticMapReduceModifyInstanceGroupsPolicy: onCluster('ModifyInstanceGroups ListInstanceGroups'),
  ElasticMapReduceSetTerminationProtectionPolicy: onClusterAlone('SetTerminationProtection'),
  ElasticMapReduceTerminateJobFlowsPolicy: onClusterAlone('TerminateJobFlows'),
  EventBridgePutEventsPolicy: template(
    'EventBusName',
    single(grant('events', 'PutEvents', 'event-bus/{eventBusName}')),
  ),
  FilterLogEventsPolicy: template(
    'LogGroupName',
    grant('logs', 'FilterLogEvents', 'log-group:{logGroupName}:log-stream:*'),
  ),
  KMSDecryptPolicy: template('KeyId', single(grant('kms', 'Decrypt', 'key/{keyId}'))),
  KMSEncryptPolicy: template('KeyId', single(grant('kms', 'Encrypt', 'key/{keyId}'))),
  KMSEncryptPolicy_v2: template(
    'KeyId',
    grant(
      'kms',
      'Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext',
      'key/{keyId}',
    ),
  ),
  LambdaInvokePolicy: template('FunctionName', grant('lambda', 'InvokeFunction', 'function:{functionName}*')),
  OrganizationsListAccountsPolicy: template('', grant('organizations', 'ListAccounts')),
  Route53ChangeResourceRecordSetsPolicy: template(
    'HostedZoneId',
    grant('route53', 'ChangeResourceRecordSets', '::hostedzone/{HostedZoneId}'),
  ),
  SNSCrudPolicy: template(
    'TopicName',
    grant('sns', 'ListSubscriptionsByTopic CreateTopic SetTopicAttributes Subscribe Publish', '{topicName}*'),
  ),
  SNSPublishMessagePolicy: template('TopicName', grant('sns', 'Publish', '{topicName}')),
  SQSPollerPolicy: template(
    'QueueName',
    grant(
      'sqs',
      'ChangeMessageVisibility ChangeMessageVisibilityBatch DeleteMessage DeleteMessageBatch GetQueueAttributes ReceiveMessage',
      '{queueName}',
    ),
  ),
  SQSSendMessagePolicy: template('QueueName', grant('sqs', 'SendMessage*', '{queueName}')),
  SSMParameterReadPolicy: template(
    'ParameterName',
    grant('ssm', 'DescribeParameters'),
    grant('ssm', READ_PARAMETERS, 'parameter/{parameterName}'),
  ),
  SSMParameterWithSlashPrefixReadPolicy: template(
    'ParameterName',
    grant('ssm', 'DescribeParameters'),
    grant('ssm', READ_PARAMETERS, 'parameter{parameterName}'),
  ),
  ServerlessRepoReadWriteAccessPolicy: template(
    '',
    grant(
      'serverlessrepo',
      'CreateApplication CreateApplicationVersion UpdateApplication GetApplication ListApplications ListApplicationVersions ListApplicationDependencies',
      ['applications/*'],
    ),
  ),
  StepFunctionsCallbackPolicy: template(
    'StateMachineName',
    grant('states', 'SendTaskFailure SendTaskHeartbeat SendTaskSuccess', STEPS),
  ),
  StepFunctionsExecutionPolicy: template('StateMachineName', grant('states', 'StartExecution', STEPS)),
  StepFunctionsExecutionPolicy_v2: template(
    'StateMachineName',
    grant('states', 'StartExecution StartSyncExecution', STEPS),
  ),
  VPCAccessPolicy: template(
    '',
    grant('ec2', 'CreateNetworkInterface DeleteNetworkInterface DescribeNetworkInterfaces DetachNetworkInterface'),
  ),
};
