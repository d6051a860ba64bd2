import type { PropertyDifference, StackResourceDrift } from '@aws-sdk/client-cloudformation';
import { digestOf } from '../model/canonical.js';
import { namedSecrets, redactDifferences, shortenDifference } from '../model/drift-redaction.js';
import type { Difference, Sighting } from '../model/drift.js';
import type { LogicalId } from '../model/identifiers.js';
import type { ResourceDrifts } from '../reconciler/ports.js';

/** More than these of one resource are told as one difference of the whole. */
const MOST_DIFFERENCES = 50;

/** What a detection found, by what it says of a resource. */
export type Found = {
  readonly modified: readonly StackResourceDrift[];
  readonly deleted: readonly StackResourceDrift[];
  /** CloudFormation tried, or knows why it did not. */
  readonly unread: readonly StackResourceDrift[];
  /** Types of which at least one was compared. */
  readonly checked: readonly string[];
};

export function resourceDrifts(listed: readonly StackResourceDrift[]): Found {
  const withStatus = (...statuses: readonly string[]) =>
    listed.filter(({ StackResourceDriftStatus: status }) => statuses.includes(status ?? ''));
  const compared = withStatus('IN_SYNC', 'MODIFIED', 'DELETED');
  return {
    modified: withStatus('MODIFIED'),
    deleted: withStatus('DELETED'),
    unread: [
      ...withStatus('UNKNOWN'),
      ...withStatus('NOT_CHECKED', 'UNSUPPORTED').filter(({ DriftStatusReason }) => DriftStatusReason !== undefined),
    ],
    checked: [...new Set(compared.map(({ ResourceType }) => ResourceType ?? ''))].sort(),
  };
}

/** `secrets`: by logical id, pointers to what the template gives as a secret; null where nobody knows, and then no value is shown. */
export function sightingsOf(
  { modified, deleted, unread, checked }: Found,
  nested: string | null,
  secrets: ReadonlyMap<LogicalId, readonly string[]> | null,
): ResourceDrifts {
  const subjectOf = ({ LogicalResourceId: id = '' }: StackResourceDrift): string =>
    nested === null ? id : `${nested}.${id}`;
  const sighting = (drift: StackResourceDrift, kind: 'changed' | 'deleted'): Sighting => ({
    layer: 'resource',
    subject: subjectOf(drift),
    resourceType: drift.ResourceType ?? null,
    physicalId: drift.PhysicalResourceId ?? null,
    kind,
    differences: kind === 'changed' ? differencesOf(drift, secrets) : [],
  });
  const sightings = [
    ...modified.map((drift) => sighting(drift, 'changed')),
    ...deleted.map((drift) => sighting(drift, 'deleted')),
  ];
  return {
    type: 'drifts',
    sightings: sightings.sort((one, other) => byText(one.subject, other.subject)),
    checked,
    unread: unread
      .map((drift) => ({
        subject: subjectOf(drift),
        reason: drift.DriftStatusReason ?? 'CloudFormation gives no reason',
      }))
      .sort((one, other) => byText(one.subject, other.subject)),
  };
}

function differencesOf(
  drift: StackResourceDrift,
  secrets: ReadonlyMap<LogicalId, readonly string[]> | null,
): readonly Difference[] {
  const differences = (drift.PropertyDifferences ?? []).map(differenceOf);
  const paths =
    secrets === null
      ? ['']
      : [
          ...(secrets.get(drift.LogicalResourceId as LogicalId) ?? []),
          ...namedSecrets(parsed(drift.ExpectedProperties)),
          ...namedSecrets(parsed(drift.ActualProperties)),
        ];
  const redacted = [...redactDifferences(differences, paths)].sort((one, other) => byText(one.path, other.path));
  return redacted.length > MOST_DIFFERENCES ? [whole(redacted)] : redacted.map(shortenDifference);
}

function differenceOf({ PropertyPath, ExpectedValue, ActualValue, DifferenceType }: PropertyDifference): Difference {
  return {
    path: PropertyPath ?? '',
    expected: DifferenceType === 'ADD' ? null : (ExpectedValue ?? null),
    actual: DifferenceType === 'REMOVE' ? null : (ActualValue ?? null),
  };
}

/** So many differences say no more one by one; that they are others next time is still seen. */
function whole(differences: readonly Difference[]): Difference {
  const summary = (side: 'expected' | 'actual'): string => {
    const values = differences.map((difference) => [difference.path, difference[side]]);
    return `${differences.length} properties, SHA-256 ${digestOf(values).slice(0, 16)}`;
  };
  return { path: '', expected: summary('expected'), actual: summary('actual') };
}

function parsed(properties: string | undefined): unknown {
  try {
    return JSON.parse(properties ?? 'null');
  } catch {
    return null;
  }
}

function byText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
