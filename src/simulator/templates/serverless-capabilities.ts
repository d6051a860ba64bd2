import { iamCapability } from './capabilities.js';
import type { JsonObject } from './json.js';
import { readResources } from './sections.js';

/** The resource types for which the Serverless Application Repository, and nobody else, asks CAPABILITY_RESOURCE_POLICY. */
const RESOURCE_POLICIES = new Set([
  'AWS::Lambda::Permission',
  'AWS::Lambda::LayerVersionPermission',
  'AWS::Events::EventBusPolicy',
  'AWS::IAM::Policy',
  'AWS::ApplicationAutoScaling::ScalingPolicy',
  'AWS::S3::BucketPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::SNS::TopicPolicy',
]);

const NESTED = new Set(['AWS::Serverless::Application', 'AWS::CloudFormation::Stack']);

/** What the Serverless Application Repository lists as RequiredCapabilities, judged on the expanded template. */
export function applicationCapabilities(expanded: JsonObject): readonly string[] {
  const resources = [...readResources(expanded['Resources']).values()];
  const { capability } = iamCapability(resources);
  return [
    ...(capability === undefined ? [] : [capability]),
    ...(resources.some(({ type }) => RESOURCE_POLICIES.has(type)) ? ['CAPABILITY_RESOURCE_POLICY'] : []),
    ...(resources.some(({ type }) => NESTED.has(type)) ? ['CAPABILITY_AUTO_EXPAND'] : []),
  ];
}
