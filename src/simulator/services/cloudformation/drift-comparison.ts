import { isObject, sameValue, scalarText, type Json, type JsonObject } from '../../templates/json.js';
import { resourceSpec } from '../../templates/resource-spec.js';
import { isCheckable, WRITE_ONLY } from './drift-checkable.js';
import { changedProperties } from './changed-properties.js';
import type { LiveResource } from './stack.js';

export type IgnoredReason = 'MANAGED_BY_AWS' | 'WRITE_ONLY_PROPERTY';
export type DriftFacts = {
  readonly status: 'IN_SYNC' | 'MODIFIED' | 'DELETED' | 'UNSUPPORTED';
  /** Drifted properties that the template speaks of, by name: what was deployed, what stands there. */
  readonly drifted: ReadonlyMap<string, { readonly previous: Json | undefined; readonly actual: Json | undefined }>;
  /** Drift that is left alone, and why; CloudFormation gives no reason for immutable properties. */
  readonly ignored: ReadonlyMap<string, IgnoredReason | 'immutable'>;
};

const NOTHING = { drifted: new Map(), ignored: new Map() } as const;
/** Types that drift detection knows and that drift-aware change sets do not, of those that anybody has met here. */
const NOT_THREE_WAY = new Set([
  'AWS::MSK::Cluster',
  'AWS::RDS::DBProxy',
  'AWS::Redshift::ClusterParameterGroup',
  'AWS::IAM::OIDCProvider',
  'AWS::Organizations::ResourcePolicy',
  'AWS::SNS::TopicInlinePolicy',
  'AWS::Route53::KeySigningKey',
  'AWS::Detective::Graph',
  'AWS::S3::StorageLensGroup',
  'AWS::Neptune::DBParameterGroup',
  'AWS::RolesAnywhere::TrustAnchor',
]);

/** Compares a resource's three states: deployed last, standing there, and desired. */
export function comparedWithActual(before: LiveResource, desired: JsonObject): DriftFacts {
  const { type, actual } = before;
  if (!isCheckable(type) || NOT_THREE_WAY.has(type)) return { status: 'UNSUPPORTED', ...NOTHING };
  if (actual === 'deleted') return { status: 'DELETED', ...NOTHING };
  const spoken = new Set([...Object.keys(before.properties), ...Object.keys(desired)]);
  const drifted = new Map(
    [...spoken].flatMap((name) => {
      const previous = before.properties[name];
      const stands = WRITE_ONLY.get(type)?.has(name) ? previous : standingValue(before, name, desired);
      return sameValue(previous, stands) || (previous === undefined && stands === undefined)
        ? []
        : [[name, { previous, actual: stands }] as const];
    }),
  );
  const ignored = new Map(
    [...spoken].flatMap((name) => {
      const reason = ignoredReason(before, name, desired);
      return reason === undefined ? [] : [[name, reason] as const];
    }),
  );
  return { status: drifted.size > 0 ? 'MODIFIED' : 'IN_SYNC', drifted, ignored };
}

/** What the change set starts from: the actual state, save where drift is left alone. */
export function reconciledBefore(before: LiveResource, desired: JsonObject, facts: DriftFacts): JsonObject {
  const names = new Set([...Object.keys(before.properties), ...Object.keys(desired)]);
  return Object.fromEntries(
    [...names].flatMap((name) => {
      const drifted = facts.drifted.get(name);
      const value = drifted && !facts.ignored.has(name) ? drifted.actual : before.properties[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

/** What stands there once a drift-aware change set has written the desired state. */
export function reconciledAfter(before: LiveResource, desired: JsonObject): JsonObject | 'deleted' {
  const { actual } = before;
  if (actual === 'deleted') return 'deleted';
  const facts = comparedWithActual(before, desired);
  const written = changedProperties(reconciledBefore(before, desired, facts), desired);
  const result: Record<string, Json> = { ...actual };
  for (const name of written) {
    const value = desired[name];
    if (value === undefined) delete result[name];
    else result[name] = name === 'Tags' ? withForeignTags(before, value) : value;
  }
  return result;
}

function ignoredReason(
  before: LiveResource,
  name: string,
  desired: JsonObject,
): IgnoredReason | 'immutable' | undefined {
  const { type, properties } = before;
  if (WRITE_ONLY.get(type)?.has(name)) return 'WRITE_ONLY_PROPERTY';
  if (isManaged(before, name) && sameValue(properties[name], desired[name])) return 'MANAGED_BY_AWS';
  return resourceSpec(type)?.properties.get(name)?.recreation === 'Always' ? 'immutable' : undefined;
}

/** The one property that AWS changes by itself in a resource of the type alone; others hang on other resources. */
function isManaged({ type, properties }: LiveResource, name: string): boolean {
  const upgrades = properties['AutoMinorVersionUpgrade'];
  return type === 'AWS::RDS::DBInstance' && name === 'EngineVersion' && upgrades !== false && upgrades !== 'false';
}

/** The value that stands there; of tags, only those whose keys the template has or had. */
function standingValue({ actual, properties }: LiveResource, name: string, desired: JsonObject): Json | undefined {
  const value = actual === 'deleted' ? undefined : actual[name];
  if (name !== 'Tags' || !Array.isArray(value)) return value;
  const keys = new Set([...tagKeys(properties[name]), ...tagKeys(desired[name])]);
  return (value as readonly Json[]).filter((tag) => isObject(tag) && keys.has(scalarText(tag['Key'] ?? '')));
}

function withForeignTags({ actual, properties }: LiveResource, desired: Json): Json {
  const standing = actual === 'deleted' ? undefined : actual['Tags'];
  if (!Array.isArray(standing) || !Array.isArray(desired)) return desired;
  const ours = new Set([...tagKeys(properties['Tags']), ...tagKeys(desired)]);
  const foreign = (standing as readonly Json[]).filter(
    (tag) => isObject(tag) && !ours.has(scalarText(tag['Key'] ?? '')),
  );
  return [...(desired as readonly Json[]), ...foreign];
}

function tagKeys(tags: Json | undefined): readonly string[] {
  if (!Array.isArray(tags)) return [];
  return (tags as readonly Json[]).filter(isObject).map((tag) => scalarText(tag['Key'] ?? ''));
}
