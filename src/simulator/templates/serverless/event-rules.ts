import { isObject, type Json, type JsonObject } from '../json.js';
import { refusedEvent } from '../serverless-refusal.js';
import { deadLetters } from './event-dead-letters.js';
import { picked } from './properties.js';
import type { EventSource, Target } from './target.js';
import { getAtt, isGiven } from './values.js';
import { made, type Produced } from './work.js';

const LONGEST_TARGET_ID = 64;

/** What a rule is about, and how its target is written. */
export type RuleParts = {
  readonly matched: JsonObject;
  readonly suffix: string;
  /** The role that EventBridge starts the target in; a function needs none. */
  readonly role: Json | undefined;
  readonly targetProperties: string;
  /** Whether the event may name the target's id itself. */
  readonly namesTarget: boolean;
};

/** A rule of EventBridge with one target, and its queue for what could not be delivered. */
export function rule(event: EventSource, target: Target, parts: RuleParts): Produced {
  const { id, properties } = event;
  const letters = deadLetters(event, target.attributes, getAtt(id, 'Arn'));
  const named = isObject(properties['Target']) && parts.namesTarget ? properties['Target']['Id'] : undefined;
  const resource = made('AWS::Events::Rule', target.attributes, {
    ...parts.matched,
    State: state(event),
    Targets: [
      {
        Arn: target.arn,
        Id: named ?? targetId(id, parts.suffix),
        ...(parts.role === undefined ? {} : { RoleArn: parts.role }),
        ...picked(properties, parts.targetProperties),
        ...(letters === undefined ? {} : { DeadLetterConfig: { Arn: letters.arn } }),
      },
    ],
  });
  return [[id, resource], ...(letters?.made ?? [])];
}

const targetId = (id: string, suffix: string): string =>
  id.length + suffix.length <= LONGEST_TARGET_ID
    ? id + suffix
    : id.slice(0, LONGEST_TARGET_ID - suffix.length) + suffix;

function state({ name, properties }: EventSource): Json | undefined {
  const { State, Enabled } = properties;
  if (isGiven(State) && Enabled !== undefined && Enabled !== null)
    throw refusedEvent(name, 'State and Enabled Properties cannot both be specified.');
  if (isGiven(State)) return State;
  if (Enabled === undefined || Enabled === null) return undefined;
  return isGiven(Enabled) ? 'ENABLED' : 'DISABLED';
}

/** What a schedule's rule matches. */
export const scheduled = (properties: JsonObject): JsonObject => ({
  ScheduleExpression: properties['Schedule']!,
  ...picked(properties, 'Name Description'),
});

/** What a pattern's rule matches. */
export const patterned = (properties: JsonObject): JsonObject => ({
  ...picked(properties, 'EventBusName'),
  ...(properties['Pattern'] === undefined ? {} : { EventPattern: properties['Pattern'] }),
  ...(properties['RuleName'] === undefined ? {} : { Name: properties['RuleName'] }),
});
