import { STACK_SUBJECT } from '../../model/drift.js';
import type { Sighting } from '../../model/drift.js';

/** What is known of drift that is to be put right. */
export type ToRevert = Pick<Sighting, 'layer' | 'subject' | 'resourceType' | 'kind' | 'differences'> & {
  /** Whether the stack belongs to a stack set's instance. */
  readonly within: 'stack' | 'instance';
};

/** Why CloudFormation cannot put it right, in a sentence for people; null where it can. Pure. */
export type Revertability = (drift: ToRevert) => string | null;

/**
 * Types that drift detection knows and drift-aware change sets do not, as far as is known; the change set itself says so of the others.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/drift-aware-change-sets.html
 */
const NOT_TAKEN: ReadonlySet<string> = new Set([
  'AWS::Detective::Graph',
  'AWS::IAM::OIDCProvider',
  'AWS::MSK::Cluster',
  'AWS::Neptune::DBParameterGroup',
  'AWS::Organizations::ResourcePolicy',
  'AWS::RDS::DBProxy',
  'AWS::Redshift::ClusterParameterGroup',
  'AWS::RolesAnywhere::TrustAnchor',
  'AWS::Route53::KeySigningKey',
  'AWS::S3::StorageLensGroup',
  'AWS::SNS::TopicInlinePolicy',
]);

let loading: Promise<Revertability> | null = null;

/** Loads the resource schemas, once: they cost more memory than all the rest, so it is asked for only where there is such drift. */
export function loadRevertability(): Promise<Revertability> {
  loading ??= immutability().then((isImmutable) => (drift) => reasonAgainst(drift, isImmutable));
  return loading;
}

type IsImmutable = (type: string, property: string) => boolean;

function reasonAgainst(drift: ToRevert, isImmutable: IsImmutable): string | null {
  const { layer, subject, resourceType, kind, differences, within } = drift;
  if (layer !== 'resource' || subject.endsWith(STACK_SUBJECT)) return null;
  if (within === 'instance')
    return 'it belongs to an instance of a stack set, and a change set of its own would part the instance from its stack set';
  if (subject.includes('.')) return 'it belongs to a nested stack, and only its root stack can be updated';
  if (kind === 'deleted') return 'it was deleted, and CloudFormation brings back properties, not resources';
  if (resourceType === null) return null;
  if (NOT_TAKEN.has(resourceType)) return `drift-aware change sets do not take ${resourceType}`;
  const properties = [...new Set(differences.map(({ path }) => path.split('/')[1] ?? ''))];
  const fixed = properties.filter((property) => property !== '' && isImmutable(resourceType, property));
  if (fixed.length === 0 || fixed.length < properties.length) return null;
  return fixed.length === 1
    ? `${fixed[0]} is fixed when the resource is made, and drift-aware change sets leave it as it is`
    : `${fixed.join(', ')} are fixed when the resource is made, and drift-aware change sets leave them as they are`;
}

/** By the schemas that replacements are predicted from. */
async function immutability(): Promise<IsImmutable> {
  const { fullDiff, ResourceImpact } = await import('@aws-cdk/cloudformation-diff');
  const known = new Map<string, boolean>();
  return (type, property) => {
    const key = `${type} ${property}`;
    const answer = known.get(key) ?? impactOf(type, property) === ResourceImpact.WILL_REPLACE;
    known.set(key, answer);
    return answer;
  };

  function impactOf(Type: string, property: string): string | undefined {
    const template = (value: string) => ({ Resources: { Resource: { Type, Properties: { [property]: value } } } });
    let impact: string | undefined;
    fullDiff(template('a'), template('b')).resources.forEachDifference((_, difference) => {
      impact = difference.changeImpact;
    });
    return impact;
  }
}
