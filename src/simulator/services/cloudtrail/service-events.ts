/** What is done to a resource. */
export type Doing = 'create' | 'update' | 'delete';
export type ServiceEvent = { readonly source: string; readonly name: string };

type Names = {
  readonly create: string;
  readonly update: string;
  readonly delete: string;
  /** What changes a property by itself, where that is another call. */
  readonly properties?: Readonly<Record<string, string>>;
};

/** The calls that resources are made and changed by, where their names do not follow from the type's. */
const NAMES: Readonly<Record<string, Names>> = {
  'AWS::SQS::Queue': {
    create: 'CreateQueue',
    update: 'SetQueueAttributes',
    delete: 'DeleteQueue',
    properties: { Tags: 'TagQueue' },
  },
  'AWS::SNS::Topic': {
    create: 'CreateTopic',
    update: 'SetTopicAttributes',
    delete: 'DeleteTopic',
    properties: { Tags: 'TagResource' },
  },
  'AWS::SSM::Parameter': {
    create: 'PutParameter',
    update: 'PutParameter',
    delete: 'DeleteParameter',
    properties: { Tags: 'AddTagsToResource' },
  },
  'AWS::Lambda::Function': {
    create: 'CreateFunction20150331',
    update: 'UpdateFunctionConfiguration20150331v2',
    delete: 'DeleteFunction20150331',
    properties: { Code: 'UpdateFunctionCode20150331v2', Tags: 'TagResource20170331v2' },
  },
  'AWS::IAM::Role': {
    create: 'CreateRole',
    update: 'UpdateRole',
    delete: 'DeleteRole',
    properties: {
      AssumeRolePolicyDocument: 'UpdateAssumeRolePolicy',
      Policies: 'PutRolePolicy',
      ManagedPolicyArns: 'AttachRolePolicy',
      PermissionsBoundary: 'PutRolePermissionsBoundary',
      Tags: 'TagRole',
    },
  },
  'AWS::IAM::Policy': { create: 'PutRolePolicy', update: 'PutRolePolicy', delete: 'DeleteRolePolicy' },
  'AWS::IAM::ManagedPolicy': { create: 'CreatePolicy', update: 'CreatePolicyVersion', delete: 'DeletePolicy' },
  'AWS::Logs::LogGroup': {
    create: 'CreateLogGroup',
    update: 'PutRetentionPolicy',
    delete: 'DeleteLogGroup',
    properties: { Tags: 'TagResource', KmsKeyId: 'AssociateKmsKey' },
  },
  'AWS::Events::Rule': {
    create: 'PutRule',
    update: 'PutRule',
    delete: 'DeleteRule',
    properties: { Targets: 'PutTargets' },
  },
  'AWS::S3::Bucket': {
    create: 'CreateBucket',
    update: 'PutBucketPolicy',
    delete: 'DeleteBucket',
    properties: {
      BucketEncryption: 'PutBucketEncryption',
      LifecycleConfiguration: 'PutBucketLifecycle',
      PublicAccessBlockConfiguration: 'PutBucketPublicAccessBlock',
      Tags: 'PutBucketTagging',
      VersioningConfiguration: 'PutBucketVersioning',
    },
  },
  'AWS::KMS::Key': {
    create: 'CreateKey',
    update: 'UpdateKeyDescription',
    delete: 'ScheduleKeyDeletion',
    properties: { KeyPolicy: 'PutKeyPolicy' },
  },
};

/** Services whose name in an event is not their name in a type. */
const SOURCES: Readonly<Record<string, string>> = {
  ApplicationAutoScaling: 'autoscaling',
  CloudWatch: 'monitoring',
  StepFunctions: 'states',
};

/** Services that stand in one Region of a partition only: their events are there. */
const GLOBAL = new Set(['iam.amazonaws.com', 'cloudfront.amazonaws.com', 'route53.amazonaws.com']);
const GLOBAL_REGIONS: Readonly<Record<string, string>> = {
  aws: 'us-east-1',
  'aws-us-gov': 'us-gov-west-1',
  'aws-cn': 'cn-northwest-1',
};

/** The call that does it to a resource of the type; of an update, by the first property that it changes. */
export function serviceEvent(type: string, doing: Doing, properties: readonly string[] = []): ServiceEvent {
  const [, service = '', kind = ''] = type.split('::');
  const source = `${(SOURCES[service] ?? service).toLowerCase()}.amazonaws.com`;
  const names = NAMES[type];
  if (names === undefined) return { source, name: `${doing.charAt(0).toUpperCase()}${doing.slice(1)}${kind}` };
  const own = doing === 'update' ? names.properties?.[properties[0] ?? ''] : undefined;
  return { source, name: own ?? names[doing] };
}

/** Where CloudTrail shows an event of that source. */
export function eventRegion(source: string, region: string, partition: string): string {
  return GLOBAL.has(source) ? (GLOBAL_REGIONS[partition] ?? region) : region;
}
