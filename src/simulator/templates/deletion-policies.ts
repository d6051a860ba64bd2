import { scalarText, type Json } from './json.js';
import { invalid } from './refusal.js';

/** By the User Guide, DeletionPolicy attribute. */
const WITH_SNAPSHOTS = new Set([
  'AWS::DocDB::DBCluster',
  'AWS::EC2::Volume',
  'AWS::ElastiCache::CacheCluster',
  'AWS::ElastiCache::ReplicationGroup',
  'AWS::Neptune::DBCluster',
  'AWS::RDS::DBCluster',
  'AWS::RDS::DBInstance',
  'AWS::Redshift::Cluster',
]);
const DELETION_POLICIES = ['Delete', 'Retain', 'Snapshot', 'RetainExceptOnCreate'];

/** What becomes of a resource that leaves the stack; `Delete` where the template does not say, refused where the type cannot. */
export function checkedPolicy(logicalId: string, type: string, member: string, value: Json | undefined): string {
  if (value === undefined) return 'Delete';
  const known = typeof value === 'string' && DELETION_POLICIES.includes(value);
  if (!known) throw invalid(`Template error: Unrecognized ${member} ${scalarText(value)} for ${logicalId}`);
  if (value === 'Snapshot' && !WITH_SNAPSHOTS.has(type)) {
    throw invalid(`Template error: resource type ${type} does not support deletion policy Snapshot`);
  }
  return value;
}
