import type { Event } from '@aws-sdk/client-cloudtrail';
import type { Actor } from '../model/drift.js';
import { isMapping } from '../model/template-resources.js';
import type { Mapping } from '../model/template-resources.js';

const CLOUDFORMATION = 'cloudformation.amazonaws.com';
const OUR_SESSION = /^run-/;
const READS = /^(Get|List|Describe|Head|Lookup|BatchGet|Query|Scan)/;

/**
 * Who did what an event tells of; null where it changed nothing, where a service did it by itself, and where it was Evenkeel or
 * CloudFormation at its work. `ourRoles` are names of roles. The record may have any shape: what it does not say is nobody's doing.
 */
export function actorOf(event: Event, ourRoles: ReadonlySet<string>): Actor | null {
  const record = recordOf(event.CloudTrailEvent);
  if (record === null) return null;
  const identity = isMapping(record['userIdentity']) ? record['userIdentity'] : {};
  const { arn, invokedBy } = identity;
  if (typeof arn !== 'string' || arn === '' || identity['type'] === 'AWSService') return null;
  if (isRead(event, record) || typeof record['errorCode'] === 'string') return null;
  if (record['eventType'] === 'AwsServiceEvent' || invokedBy === CLOUDFORMATION || isOurs(arn, ourRoles)) return null;
  const at = timeOf(record['eventTime'], event.EventTime);
  const source = text(record['eventSource']) ?? event.EventSource;
  const name = text(record['eventName']) ?? event.EventName;
  if (at === null || source === undefined || name === undefined) return null;
  return {
    principal: arn,
    event: `${source}:${name}`,
    at,
    sourceIpAddress: text(record['sourceIPAddress']) ?? null,
    eventId: text(record['eventID']) ?? event.EventId ?? '',
  };
}

function recordOf(body: string | undefined): Mapping | null {
  try {
    const parsed: unknown = JSON.parse(body ?? 'null');
    return isMapping(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

/** Older records do not say it; then the name does. */
function isRead(event: Event, record: Mapping): boolean {
  const said = record['readOnly'] ?? event.ReadOnly;
  if (said === true || said === 'true') return true;
  return said === undefined && READS.test(text(record['eventName']) ?? event.EventName ?? '');
}

/** `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`. */
function isOurs(arn: string, ourRoles: ReadonlySet<string>): boolean {
  const [, role, session] = /:assumed-role\/([^/]+)\/(.+)$/.exec(arn) ?? [];
  return role !== undefined && (ourRoles.has(role) || OUR_SESSION.test(session ?? ''));
}

function timeOf(told: unknown, otherwise: Date | undefined): string | null {
  const at = typeof told === 'string' ? new Date(told) : otherwise;
  return at === undefined || Number.isNaN(at.getTime()) ? null : at.toISOString();
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
