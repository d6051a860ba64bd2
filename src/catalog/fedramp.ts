/** The day up to which AWS's list of services in scope is known here; what AWS publishes decides. */
export const FEDRAMP_AS_OF = '2025-01-31';
export const FEDRAMP_LIST = 'https://aws.amazon.com/compliance/services-in-scope/FedRAMP/';

/** `high`: authorised in GovCloud at High, and in the US East and West Regions at Moderate; `moderate`: the latter only. */
export type FedrampScope = 'high' | 'moderate' | 'unknown';
export type ServiceScope = { readonly service: string; readonly fedramp: FedrampScope };

/** By the second part of a resource type; a service that is not here is one of which nothing is known. */
const SERVICES: Readonly<Record<string, ServiceScope>> = {
  ApiGateway: { service: 'Amazon API Gateway', fedramp: 'high' },
  ApiGatewayV2: { service: 'Amazon API Gateway', fedramp: 'high' },
  Athena: { service: 'Amazon Athena', fedramp: 'high' },
  AutoScaling: { service: 'Amazon EC2 Auto Scaling', fedramp: 'high' },
  Backup: { service: 'AWS Backup', fedramp: 'high' },
  CertificateManager: { service: 'AWS Certificate Manager', fedramp: 'high' },
  CloudFormation: { service: 'AWS CloudFormation', fedramp: 'high' },
  CloudFront: { service: 'Amazon CloudFront', fedramp: 'moderate' },
  CloudTrail: { service: 'AWS CloudTrail', fedramp: 'high' },
  CloudWatch: { service: 'Amazon CloudWatch', fedramp: 'high' },
  CodeBuild: { service: 'AWS CodeBuild', fedramp: 'high' },
  CodeDeploy: { service: 'AWS CodeDeploy', fedramp: 'high' },
  Cognito: { service: 'Amazon Cognito', fedramp: 'high' },
  Config: { service: 'AWS Config', fedramp: 'high' },
  DynamoDB: { service: 'Amazon DynamoDB', fedramp: 'high' },
  EC2: { service: 'Amazon EC2 and VPC', fedramp: 'high' },
  ECR: { service: 'Amazon ECR', fedramp: 'high' },
  ECS: { service: 'Amazon ECS', fedramp: 'high' },
  EFS: { service: 'Amazon EFS', fedramp: 'high' },
  EKS: { service: 'Amazon EKS', fedramp: 'high' },
  ElasticLoadBalancingV2: { service: 'Elastic Load Balancing', fedramp: 'high' },
  Events: { service: 'Amazon EventBridge', fedramp: 'high' },
  Glue: { service: 'AWS Glue', fedramp: 'high' },
  GuardDuty: { service: 'Amazon GuardDuty', fedramp: 'high' },
  IAM: { service: 'AWS IAM', fedramp: 'high' },
  KMS: { service: 'AWS KMS', fedramp: 'high' },
  Kinesis: { service: 'Amazon Kinesis Data Streams', fedramp: 'high' },
  KinesisFirehose: { service: 'Amazon Data Firehose', fedramp: 'high' },
  Lambda: { service: 'AWS Lambda', fedramp: 'high' },
  Logs: { service: 'Amazon CloudWatch Logs', fedramp: 'high' },
  OpenSearchService: { service: 'Amazon OpenSearch Service', fedramp: 'high' },
  Organizations: { service: 'AWS Organizations', fedramp: 'high' },
  RDS: { service: 'Amazon RDS', fedramp: 'high' },
  Redshift: { service: 'Amazon Redshift', fedramp: 'high' },
  S3: { service: 'Amazon S3', fedramp: 'high' },
  SNS: { service: 'Amazon SNS', fedramp: 'high' },
  SQS: { service: 'Amazon SQS', fedramp: 'high' },
  SSM: { service: 'AWS Systems Manager', fedramp: 'high' },
  SecretsManager: { service: 'AWS Secrets Manager', fedramp: 'high' },
  SecurityHub: { service: 'AWS Security Hub', fedramp: 'high' },
  StepFunctions: { service: 'AWS Step Functions', fedramp: 'high' },
  WAFv2: { service: 'AWS WAF', fedramp: 'high' },
};

/** What SAM makes of its own types. */
const SERVERLESS: Readonly<Record<string, string>> = {
  Api: 'ApiGateway',
  Application: 'CloudFormation',
  Function: 'Lambda',
  HttpApi: 'ApiGatewayV2',
  LayerVersion: 'Lambda',
  SimpleTable: 'DynamoDB',
  StateMachine: 'StepFunctions',
};

/** The service behind a resource type, and where it is in scope; null where the type belongs to no service, as a custom resource does. */
export function serviceOf(resourceType: string): ServiceScope | null {
  const [owner, service = '', resource = ''] = resourceType.split('::');
  if (owner !== 'AWS' || service === 'CDK' || resourceType === 'AWS::CloudFormation::CustomResource') return null;
  const name = service === 'Serverless' && Object.hasOwn(SERVERLESS, resource) ? SERVERLESS[resource]! : service;
  return Object.hasOwn(SERVICES, name) ? SERVICES[name]! : { service: `AWS::${name}`, fedramp: 'unknown' };
}
