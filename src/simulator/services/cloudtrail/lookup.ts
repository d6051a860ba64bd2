import { AwsError, type Handler } from '../../kernel/contract.js';
import type { Sessions } from '../../kernel/sessions.js';
import type { TrailEvent } from '../../kernel/trail.js';
import { fingerprint } from '../../templates/fingerprint.js';
import { eventTime, recordOf, userName } from './record.js';
import type { Trail } from './trail.js';

type Input = {
  readonly LookupAttributes?: readonly { readonly AttributeKey: string; readonly AttributeValue: string }[];
  readonly StartTime?: Date;
  readonly EndTime?: Date;
  readonly EventCategory?: string;
  readonly MaxResults?: number;
  readonly NextToken?: string;
};

const LARGEST_PAGE = 50;
/** Milliseconds. */
const REMEMBERED = 90 * 24 * 3600 * 1000;

/** What each attribute is compared with. */
const ATTRIBUTES: Readonly<Record<string, (event: TrailEvent) => readonly string[]>> = {
  AccessKeyId: ({ accessKeyId }) => [accessKeyId],
  EventId: ({ id }) => [id],
  EventName: ({ name }) => [name],
  EventSource: ({ source }) => [source],
  ReadOnly: ({ readOnly }) => [String(readOnly)],
  ResourceName: ({ resources }) => resources.map(({ name }) => name),
  ResourceType: ({ resources }) => resources.map(({ type }) => type),
  Username: (event) => [userName(event)],
};

/** Events of the caller's account and Region, newest first. */
export function lookupEvents(trail: Trail, now: () => Date, partition: string, sessions: Sessions): Handler {
  return (input: Input, call) => {
    const wanted = attributeOf(input);
    const size = pageSize(input);
    checkTimes(input);
    if (input.EventCategory !== undefined && input.EventCategory !== 'insight')
      throw new AwsError('InvalidEventCategoryException', `${input.EventCategory} is not a category of events.`);
    const oldest = Math.max(now().getTime() - REMEMBERED, input.StartTime?.getTime() ?? 0);
    const newest = input.EndTime?.getTime() ?? Infinity;
    const found =
      input.EventCategory === 'insight'
        ? []
        : trail.shown(call.principal.accountId, call.region).filter((event) => {
            const at = eventTime(event).getTime();
            return at >= oldest && at <= newest && wanted(event);
          });
    const begin = beginning(found, input);
    const page = found.slice(begin, begin + size);
    const isLast = begin + page.length >= found.length;
    return {
      Events: page.map((event) => viewOf(event, partition, sessions)),
      ...(isLast ? {} : { NextToken: tokenOf(input, page.at(-1)!) }),
    };
  };
}

function viewOf(event: TrailEvent, partition: string, sessions: Sessions) {
  return {
    EventId: event.id,
    EventName: event.name,
    ReadOnly: String(event.readOnly),
    ...(event.accessKeyId === '' ? {} : { AccessKeyId: event.accessKeyId }),
    EventTime: eventTime(event),
    EventSource: event.source,
    Username: userName(event),
    Resources: event.resources.map(({ type, name }) => ({ ResourceType: type, ResourceName: name })),
    CloudTrailEvent: JSON.stringify(recordOf(event, partition, sessions)),
  };
}

function attributeOf({ LookupAttributes = [] }: Input): (event: TrailEvent) => boolean {
  const [attribute, ...more] = LookupAttributes;
  if (attribute === undefined) return () => true;
  const { AttributeKey, AttributeValue } = attribute;
  const values = Object.hasOwn(ATTRIBUTES, AttributeKey) ? ATTRIBUTES[AttributeKey] : undefined;
  if (more.length > 0 || values === undefined || AttributeValue === '')
    throw new AwsError(
      'InvalidLookupAttributesException',
      'Lookup attributes are not valid: one is allowed, with a value.',
    );
  return (event) => values(event).includes(AttributeValue);
}

function pageSize({ MaxResults = LARGEST_PAGE }: Input): number {
  if (MaxResults >= 1 && MaxResults <= LARGEST_PAGE) return MaxResults;
  throw new AwsError(
    'InvalidMaxResultsException',
    `MaxResults is ${MaxResults}: it has to be from 1 to ${LARGEST_PAGE}.`,
  );
}

function checkTimes({ StartTime, EndTime }: Input): void {
  if (StartTime !== undefined && EndTime !== undefined && StartTime > EndTime)
    throw new AwsError('InvalidTimeRangeException', 'The start time is after the end time.');
}

/** A page goes on after the event that was the last; what has come since does not move it. */
function tokenOf(input: Input, { sequence }: TrailEvent): string {
  return Buffer.from(`${sequence}/${questionOf(input)}`).toString('base64');
}

function beginning(found: readonly TrailEvent[], input: Input): number {
  if (input.NextToken === undefined) return 0;
  const [sequence = '', question] = Buffer.from(input.NextToken, 'base64').toString().split('/');
  if (question !== questionOf(input) || !/^\d+$/.test(sequence))
    throw new AwsError('InvalidNextTokenException', 'The token belongs to another question.');
  const last = found.findIndex((event) => event.sequence === Number(sequence));
  return last < 0 ? found.length : last + 1;
}

const questionOf = (input: Input): string =>
  fingerprint(JSON.stringify({ ...input, NextToken: undefined, MaxResults: undefined }), 16, 'lower');
