import { memberOf, isObject, type Json, type JsonObject } from '../json.js';
import { notExpanded, refusedEvent, refusedResource, ServerlessProblem } from '../serverless-refusal.js';
import { apiEvent, linkedApi } from './event-api.js';
import { eventOrder } from './event-order.js';
import { bucketEvent, bucketId } from './event-bucket.js';
import { alexaEvent, iotEvent, logsEvent } from './event-callers.js';
import { httpApiEvent, linkedHttpApi } from './event-http-api.js';
import { POLLED, polled, type RoleAddition } from './event-mappings.js';
import { patterned, rule, scheduled } from './event-rules.js';
import { schedule } from './event-schedule.js';
import { FUNCTION_EVENTS } from './event-shapes.js';
import { topicEvent } from './event-topic.js';
import { userPoolEvent, userPoolId } from './event-user-pool.js';
import { checkId, checkProperties, type Shapes } from './properties.js';
import { permission, type EventSource, type Target } from './target.js';
import { getAtt } from './values.js';
import type { Produced, Work } from './work.js';

/** Known to AWS, and not to the simulator. */
const NOT_YET = new Set(['MSK', 'MQ', 'SelfManagedKafka', 'DocumentDB']);

export type TypedEvent = EventSource & { readonly type: string };

/** The events of a function or state machine, checked against their types and for what they name, in their own order. */
export const linkedEvents = (
  work: Work,
  ownerId: string,
  events: Json | undefined,
  known: Readonly<Record<string, Shapes>>,
): readonly TypedEvent[] =>
  asOwners(ownerId, () => {
    const read = readEvents(work, ownerId, events, known);
    for (const event of read) linkEvent(work, event);
    return read;
  });

/** Tells problems of events as their owner's. */
export function asOwners<Result>(ownerId: string, attempt: () => Result): Result {
  try {
    return attempt();
  } catch (error) {
    throw error instanceof ServerlessProblem && error.of === 'event' ? refusedResource(ownerId, error.problem) : error;
  }
}

function readEvents(
  work: Work,
  ownerId: string,
  events: Json | undefined,
  known: Readonly<Record<string, Shapes>>,
): readonly TypedEvent[] {
  if (!isObject(events)) return [];
  const names = work.ordersEvents ? eventOrder(events) : Object.keys(events);
  return names.map((name) => {
    const event = events[name]!;
    const written: JsonObject = isObject(event) ? event : {};
    const type = written['Type'];
    const shaped = typeof type === 'string' ? (memberOf(known, type) ?? memberOf(POLLED_SHAPES, type)) : undefined;
    if (
      typeof type !== 'string' ||
      shaped === undefined ||
      (known !== FUNCTION_EVENTS && memberOf(known, type) === undefined)
    ) {
      if (typeof type === 'string' && NOT_YET.has(type))
        throw refusedEvent(name, notExpanded(`events of type ${type}`));
      const shown =
        type === undefined || type === null ? 'None' : typeof type === 'string' ? type : JSON.stringify(type);
      throw refusedEvent(name, `Resource dict has missing or invalid value for key Type. Event Type is: ${shown}.`);
    }
    const id = `${ownerId}${name}`;
    const properties = isObject(written['Properties']) ? written['Properties'] : {};
    checkId(id);
    checkProperties(id, type, properties, shaped);
    return { name, id, type, properties };
  });
}

const POLLED_SHAPES: Readonly<Record<string, Shapes>> = Object.fromEntries(
  Object.entries(POLLED).map(([type, { shapes }]) => [type, shapes]),
);

/** Refuses an event that names something which is not in the template. */
function linkEvent(work: Work, event: TypedEvent): void {
  if (event.type === 'S3') bucketId(work, event);
  if (event.type === 'Cognito') userPoolId(work, event);
  if (event.type === 'Api') linkedApi(work, event);
  if (event.type === 'HttpApi') linkedHttpApi(work, event);
}

/** The order in which a function's events are expanded: by path, or by name. */
export const inEventOrder = (events: readonly TypedEvent[]): readonly TypedEvent[] => {
  const keyOf = ({ properties, name }: TypedEvent): string => {
    const path = properties['Path'];
    return typeof path === 'string' ? path : name;
  };
  return [...events].sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : keyOf(left) > keyOf(right) ? 1 : 0));
};

type Expanded = { readonly made: Produced; readonly role: RoleAddition | undefined };

/** What one event of a function makes, and what the function's role needs for it. */
export function functionEvent(work: Work, event: TypedEvent, target: Target): Expanded {
  if (memberOf(POLLED, event.type) !== undefined) return polled(work, event.type, event, target);
  if (event.type === 'SNS') return topicEvent(work, event, target);
  return { made: pushed(work, event, target), role: undefined };
}

function pushed(work: Work, event: TypedEvent, target: Target): Produced {
  switch (event.type) {
    case 'Schedule':
      return called(event, target, scheduled(event.properties), 'Input RetryPolicy', false);
    case 'CloudWatchEvent':
    case 'EventBridgeRule':
      return called(event, target, patterned(event.properties), 'Input InputPath RetryPolicy InputTransformer', true);
    case 'ScheduleV2':
      return schedule(event, target, 'function');
    case 'S3':
      return bucketEvent(work, event, target);
    case 'Api':
      return apiEvent(work, event, target, linkedApi(work, event));
    case 'HttpApi':
      return httpApiEvent(work, event, target);
    case 'AlexaSkill':
      return alexaEvent(event, target);
    case 'IoTRule':
      return iotEvent(work, event, target);
    case 'Cognito':
      return userPoolEvent(work, event, target);
    case 'CloudWatchLogs':
      return logsEvent(work, event, target);
    default:
      throw refusedEvent(event.name, notExpanded(`events of type ${event.type}`));
  }
}

function called(
  event: TypedEvent,
  target: Target,
  matched: JsonObject,
  targetProperties: string,
  namesTarget: boolean,
): Produced {
  const parts = { matched, suffix: 'LambdaTarget', role: undefined, targetProperties, namesTarget };
  const allowed = permission(target, event.id, 'events.amazonaws.com', { SourceArn: getAtt(event.id, 'Arn') });
  return [...rule(event, target, parts), allowed];
}
