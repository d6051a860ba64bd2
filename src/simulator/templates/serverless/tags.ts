import { isObject, type Json, type JsonObject } from '../json.js';
import { refusedResource } from '../serverless-refusal.js';
import { isGiven, tagList } from './values.js';
import type { Produced } from './work.js';

const RESERVED = ['lambda:createdBy', 'serverlessrepo:applicationId', 'serverlessrepo:semanticVersion'];

/** The transform's own tag. */
export function createdBy(logicalId: string, family: 'lambda', tags: Json | undefined): readonly JsonObject[] {
  const taken = isObject(tags) ? RESERVED.find((name) => tags[name] !== undefined) : undefined;
  if (taken === undefined) return [{ Key: `${family}:createdBy`, Value: 'SAM' }];
  throw refusedResource(
    logicalId,
    `${taken} is a reserved Tag key name and cannot be set on your resource. Please change the tag key in the input.`,
  );
}

const TAGGED = new Set([
  'AWS::Lambda::Function',
  'AWS::IAM::Role',
  'AWS::SQS::Queue',
  'AWS::SNS::Topic',
  'AWS::S3::Bucket',
  'AWS::IoT::TopicRule',
  'AWS::StepFunctions::StateMachine',
]);

/** All that was made, with the tags of what it was made for instead of its own, where `PropagateTags` asks for it. */
export function propagated(made: Produced, properties: JsonObject): Produced {
  const { Tags, PropagateTags } = properties;
  if (!isGiven(PropagateTags) || !isGiven(Tags)) return made;
  return made.map(([id, resource]) =>
    TAGGED.has(String(resource['Type'] as string))
      ? [id, { ...resource, Properties: { ...(resource['Properties'] as JsonObject), Tags: tagList(Tags) } }]
      : [id, resource],
  );
}
