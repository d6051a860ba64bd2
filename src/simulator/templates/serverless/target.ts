import type { Json, JsonObject } from '../json.js';
import { namedId } from './identity.js';
import { made } from './work.js';

/** What an event calls: a function, the alias before it, or a state machine. */
export type Target = {
  readonly logicalId: string;
  readonly arn: JsonObject;
  /** How Lambda is told which function it is: a function's name, an alias's ARN. */
  readonly name: JsonObject;
  /** Condition and retention, which everything that is made for it shares. */
  readonly attributes: JsonObject;
};

/** An event of a function or state machine: its own name, and the logical id that what it makes begins with. */
export type EventSource = {
  readonly name: string;
  readonly id: string;
  readonly properties: JsonObject;
};

export type PermissionSource = {
  readonly SourceArn?: Json | undefined;
  readonly SourceAccount?: Json | undefined;
  readonly EventSourceToken?: Json | undefined;
};

/** Leave for a service to call the function; a suffix tells stages of an API apart. */
export function permission(
  target: Target,
  prefix: string,
  principal: string,
  source: PermissionSource,
  suffix = '',
): readonly [string, JsonObject] {
  const id = suffix === '' ? `${prefix}Permission` : namedId(`${prefix}Permission`, suffix);
  const resource = made('AWS::Lambda::Permission', target.attributes, {
    Action: 'lambda:InvokeFunction',
    FunctionName: target.name,
    Principal: principal,
    ...source,
  });
  return [id, resource];
}
