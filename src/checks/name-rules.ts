/** Among which stacks a name must be the only one: all of a partition's, all of an account's, or those of one account and Region. */
export type NameScope = 'partition' | 'account' | 'target';

export type NameRule = {
  readonly property: string;
  /** Characters. */
  readonly longest: number;
  readonly scope: NameScope;
  /** As a person calls it. */
  readonly noun: string;
};

const rule = (property: string, longest: number, noun: string, scope: NameScope = 'target'): NameRule => ({
  property,
  longest,
  noun,
  scope,
});

/** Resource type → the name that its author may choose, and what AWS says of it. */
export const NAME_RULES: Readonly<Record<string, NameRule>> = {
  'AWS::S3::Bucket': rule('BucketName', 63, 'bucket', 'partition'),
  'AWS::IAM::Role': rule('RoleName', 64, 'role', 'account'),
  'AWS::IAM::User': rule('UserName', 64, 'user', 'account'),
  'AWS::IAM::Group': rule('GroupName', 128, 'group', 'account'),
  'AWS::IAM::ManagedPolicy': rule('ManagedPolicyName', 128, 'managed policy', 'account'),
  'AWS::IAM::InstanceProfile': rule('InstanceProfileName', 128, 'instance profile', 'account'),
  'AWS::CloudFront::Function': rule('Name', 64, 'CloudFront function', 'account'),
  'AWS::Lambda::Function': rule('FunctionName', 64, 'function'),
  'AWS::Serverless::Function': rule('FunctionName', 64, 'function'),
  'AWS::Lambda::LayerVersion': rule('LayerName', 140, 'layer'),
  'AWS::SNS::Topic': rule('TopicName', 256, 'topic'),
  'AWS::SQS::Queue': rule('QueueName', 80, 'queue'),
  'AWS::Events::Rule': rule('Name', 64, 'rule'),
  'AWS::Events::EventBus': rule('Name', 256, 'event bus'),
  'AWS::Scheduler::Schedule': rule('Name', 64, 'schedule'),
  'AWS::StepFunctions::StateMachine': rule('StateMachineName', 80, 'state machine'),
  'AWS::Serverless::StateMachine': rule('Name', 80, 'state machine'),
  'AWS::Logs::LogGroup': rule('LogGroupName', 512, 'log group'),
  'AWS::CloudWatch::Alarm': rule('AlarmName', 255, 'alarm'),
  'AWS::DynamoDB::Table': rule('TableName', 255, 'table'),
  'AWS::Serverless::SimpleTable': rule('TableName', 255, 'table'),
  'AWS::Kinesis::Stream': rule('Name', 128, 'stream'),
  'AWS::KinesisFirehose::DeliveryStream': rule('DeliveryStreamName', 64, 'delivery stream'),
  'AWS::KMS::Alias': rule('AliasName', 256, 'key alias'),
  'AWS::SecretsManager::Secret': rule('Name', 512, 'secret'),
  'AWS::CloudTrail::Trail': rule('TrailName', 128, 'trail'),
  'AWS::CodeBuild::Project': rule('Name', 150, 'build project'),
  'AWS::ElasticLoadBalancingV2::LoadBalancer': rule('Name', 32, 'load balancer'),
  'AWS::ElasticLoadBalancingV2::TargetGroup': rule('Name', 32, 'target group'),
  'AWS::ECR::Repository': rule('RepositoryName', 256, 'repository'),
  'AWS::Athena::WorkGroup': rule('Name', 128, 'workgroup'),
};
