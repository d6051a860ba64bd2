import { isObject, type Json, type JsonObject } from '../json.js';
import { refusedEvent, refusedResource } from '../serverless-refusal.js';
import { checkProperties, shapes } from './properties.js';
import { permission, type EventSource, type Target } from './target.js';
import { asList, conditional, ref, shown } from './values.js';
import { ownAttributes, type Produced, type Work } from './work.js';

/** A bucket that notifies is read anew by the transform, which knows these properties and no others. */
const BUCKET = shapes({
  any: 'AccessControl AccelerateConfiguration AnalyticsConfigurations BucketEncryption BucketName CorsConfiguration IntelligentTieringConfigurations InventoryConfigurations LifecycleConfiguration LoggingConfiguration MetricsConfigurations NotificationConfiguration ObjectLockConfiguration ObjectLockEnabled OwnershipControls PublicAccessBlockConfiguration ReplicationConfiguration Tags VersioningConfiguration WebsiteConfiguration',
});

/** The bucket that an event names; it must be in the same template. */
export function bucketId(work: Work, { name, properties }: EventSource): string {
  const bucket = properties['Bucket'];
  if (isObject(bucket) && bucket['Ref'] !== undefined) {
    const id = bucket['Ref'];
    if (typeof id !== 'string') throw refusedEvent(name, "'Ref' value in S3 events is not a valid string.");
    if (work.authored.has(id)) return id;
  }
  throw refusedEvent(name, 'S3 events must reference an S3 bucket in the same template.');
}

/** The bucket's notifications, and the permission that must stand before S3 takes them. */
export function bucketEvent(work: Work, event: EventSource, target: Target): Produced {
  const id = bucketId(work, event);
  const allowed = permission(target, event.id, 's3.amazonaws.com', { SourceAccount: ref('AWS::AccountId') });
  const authored = work.authored.get(id)!;
  const waiting = target.attributes['Condition'] === undefined ? dependent : tagged;
  const bucket = notifying(id, waiting(id, authored, allowed[0], target), event, target);
  work.authored.set(id, bucket);
  if (bucket['Type'] !== 'AWS::S3::Bucket')
    throw refusedResource(
      id,
      `Resource has incorrect Type; expected 'AWS::S3::Bucket', got '${shown(bucket['Type'])}'`,
    );
  const properties = bucket['Properties'] as JsonObject;
  checkProperties(id, 'AWS::S3::Bucket', properties, BUCKET);
  return [allowed, [id, { Type: 'AWS::S3::Bucket', ...ownAttributes(bucket), Properties: properties }]];
}

function dependent(_: string, bucket: JsonObject, permissionId: string): JsonObject {
  const before = bucket['DependsOn'];
  const waits = before === undefined ? [] : asList(before);
  return waits.includes(permissionId) ? bucket : { ...bucket, DependsOn: [...waits, permissionId] };
}

/** A resource cannot depend on one that may not be there; a tag that refers to it under its condition does the same. */
function tagged(id: string, bucket: JsonObject, permissionId: string, target: Target): JsonObject {
  const properties = isObject(bucket['Properties']) ? bucket['Properties'] : {};
  const tags = properties['Tags'] ?? [];
  if (!Array.isArray(tags)) throw refusedResource(id, "Property 'Tags' should be a list.");
  const tag = {
    Key: `sam:ConditionalDependsOn:${permissionId}`,
    Value: conditional(target.attributes['Condition']!, ref(permissionId), 'no dependency'),
  };
  return { ...bucket, Properties: { ...properties, Tags: [...(tags as readonly Json[]), tag] } };
}

function notifying(id: string, bucket: JsonObject, { properties: event }: EventSource, target: Target): JsonObject {
  const properties = isObject(bucket['Properties']) ? bucket['Properties'] : {};
  const before = properties['NotificationConfiguration'] ?? {};
  if (!isObject(before)) throw refusedResource(id, "Property 'NotificationConfiguration' should be a map.");
  const known = before['LambdaConfigurations'] ?? [];
  if (!Array.isArray(known)) throw refusedResource(id, 'Invalid type for LambdaConfigurations. Must be a list.');
  const condition = target.attributes['Condition'];
  const configurations = asList(event['Events']!).map((Event): Json => {
    const one = { Function: target.arn, ...(event['Filter'] === undefined ? {} : { Filter: event['Filter'] }), Event };
    return condition === undefined ? one : conditional(condition, one);
  });
  const LambdaConfigurations = configurations.reduce<readonly Json[]>(
    (list, one) => (list.some((other) => JSON.stringify(other) === JSON.stringify(one)) ? list : [...list, one]),
    known as readonly Json[],
  );
  return {
    ...bucket,
    Properties: { ...properties, NotificationConfiguration: { ...before, LambdaConfigurations } },
  };
}
