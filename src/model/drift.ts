import type { Revision, RunId } from './identifiers.js';
import type { Shown } from './plan.js';

/**
 * Where a deployment differs from what Evenkeel made of it:
 * - `stack`: somebody changed the stack through CloudFormation.
 * - `resource`: somebody changed a resource behind CloudFormation's back.
 * - `instance`: the stack, or the stack set's instance, is not there, or not as AWS should have left it.
 */
export const DRIFT_LAYERS = ['stack', 'resource', 'instance'] as const;
export type DriftLayer = (typeof DRIFT_LAYERS)[number];

/**
 * How it was seen:
 * - `walk`: the DescribeStacks walk and the listing of instances, against the record.
 * - `template`: the sweep that reads each template with GetTemplate and compares all of the stack with the record.
 * - `detection`: CloudFormation's own drift detection.
 */
export const DRIFT_METHODS = ['walk', 'template', 'detection'] as const;
export type DriftMethod = (typeof DRIFT_METHODS)[number];

/** The subject of what belongs to the stack, or the stack set, and to none of its resources. No logical id has colons. */
export const STACK_SUBJECT = 'AWS::CloudFormation::Stack';

/**
 * One value that differs; both redacted in the model. `path` is a JSON pointer: into a resource's properties (`/VisibilityTimeout`),
 * or of the stack `/Template`, `/Parameters/X`, `/Tags/x`, `/RoleARN`, `/EnableTerminationProtection`; empty for the whole.
 */
export type Difference = { readonly path: string; readonly expected: Shown; readonly actual: Shown };

/** `changed`: `differences` say how. `deleted`: a resource. All others are of the layer `instance`. */
export type FindingKind = 'changed' | 'deleted' | 'missing' | 'outdated' | 'inoperable' | 'suspended' | 'unexpected';

/** What was seen by one look at one subject, before it is laid over what was known. */
export type Sighting = {
  readonly layer: DriftLayer;
  /** STACK_SUBJECT, a logical id, or for a nested stack's resource `Child.LogicalId`. */
  readonly subject: string;
  /** `AWS::SQS::Queue`; null where it is not a resource. */
  readonly resourceType: string | null;
  /** How CloudTrail may name it; null where it has none. */
  readonly physicalId: string | null;
  readonly kind: FindingKind;
  /** Sorted by path. Empty for all kinds but `changed`. */
  readonly differences: readonly Difference[];
};

/** Who did it, in CloudTrail's words. */
export type Actor = {
  /** ARN of the user or of the role's session. */
  readonly principal: string;
  /** `sqs.amazonaws.com:SetQueueAttributes`. */
  readonly event: string;
  /** ISO 8601. */
  readonly at: string;
  readonly sourceIpAddress: string | null;
  readonly eventId: string;
};

/** What `ignore` said of it. */
export type Acceptance = { readonly reason: string; /** ISO date or time. */ readonly expires: string | null };

/** An open difference of one subject, from when it was first seen until it is gone. */
export type Finding = Sighting & {
  /** By method, when it first saw this. */
  readonly seenBy: Readonly<Partial<Record<DriftMethod, string>>>;
  readonly firstSeen: string;
  /** When it last came to be what it is now. */
  readonly changedAt: string;
  /** The newest look by that method that did not show it yet: the change is younger. Null where there was none. */
  readonly notBefore: string | null;
  /** Null where nobody is known, or CloudTrail was not asked. */
  readonly actor: Actor | null;
  /** Every difference is under an `ignore` rule. */
  readonly accepted: Acceptance | null;
  /** Since when it is left alone because it keeps coming back. */
  readonly contestedSince: string | null;
  /** Why the newest attempt at putting it right changed nothing; then it is not tried again while it stays as it is. */
  readonly unrevertable: string | null;
};

/** What a ledger's row says of drift at its address. */
export type DriftState = {
  /** Sorted by `findingKey`. */
  readonly findings: readonly Finding[];
  /** By key, when it was put right (ISO 8601), for as long as the flap detector looks back. */
  readonly reverted: Readonly<Record<string, readonly string[]>>;
};

export const NO_DRIFT: DriftState = { findings: [], reverted: {} };

/** What makes two sightings at one address the same finding. */
export function findingKey({ layer, subject }: Pick<Sighting, 'layer' | 'subject'>): string {
  return `${layer}:${subject}`;
}

/** A finding that is neither accepted nor gone: what makes a deployment DRIFTED. */
export function isOpen(finding: Finding): boolean {
  return finding.accepted === null;
}

/** What a history event about a finding adds to every event's own words. */
export type FindingEvent = {
  readonly key: string;
  readonly layer: DriftLayer;
  readonly subject: string;
  readonly resourceType: string | null;
  readonly kind: FindingKind;
  readonly methods: readonly DriftMethod[];
  readonly firstSeen: string;
  /** The newest look that showed it. */
  readonly lastSeen: string;
  /** The newest look that did not show it yet; null where there was none. */
  readonly notBefore: string | null;
  readonly actor: Actor | null;
};

/** By whom the ledger was moved. */
export type Attribution = { readonly revision: Revision; readonly run: RunId; readonly at: string };
