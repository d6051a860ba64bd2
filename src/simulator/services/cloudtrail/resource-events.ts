import type { Principal } from '../../kernel/contract.js';
import type { TrailEntry } from '../../kernel/trail.js';
import type { Place } from '../../templates/pseudo-parameters.js';
import { eventRegion, serviceEvent, type Doing } from './service-events.js';
import type { Trail } from './trail.js';

/** A resource that something is done to. */
export type TouchedResource = {
  readonly type: string;
  readonly physicalId: string;
  /** Null where the type has none. */
  readonly arn: string | null;
  readonly place: Place;
};

/** On whose word CloudFormation works on a stack. */
export type Order = Pick<TrailEntry, 'principal' | 'accessKeyId'>;

export const CLOUDFORMATION = 'cloudformation.amazonaws.com';

/** Writes down that CloudFormation made, changed or deleted a resource on somebody's behalf. */
export function recordServiceCall(trail: Trail, resource: TouchedResource, doing: Doing, order: Order): void {
  trail.record({ ...entryOf(resource, doing, []), ...order, userAgent: CLOUDFORMATION, invokedBy: CLOUDFORMATION });
}

/** Writes down that somebody changed or deleted a resource by hand; `event` is `SetQueueAttributes` where the call is known better. */
export function recordHand(
  trail: Trail,
  resource: TouchedResource,
  hand: {
    readonly doing: Doing;
    readonly properties: readonly string[];
    readonly principal: Principal;
    readonly userAgent: string;
    readonly event: string | undefined;
  },
): void {
  const { doing, properties, principal, userAgent, event } = hand;
  const entry = entryOf(resource, doing, properties);
  trail.record({ ...entry, name: event ?? entry.name, principal, accessKeyId: '', userAgent, invokedBy: null });
}

function entryOf(
  { type, physicalId, arn, place }: TouchedResource,
  doing: Doing,
  properties: readonly string[],
): Omit<TrailEntry, 'principal' | 'accessKeyId' | 'userAgent' | 'invokedBy'> {
  const { source, name } = serviceEvent(type, doing, properties);
  const names = arn === null || arn === physicalId ? [physicalId] : [physicalId, arn];
  return {
    account: place.accountId,
    region: eventRegion(source, place.region, place.partition),
    source,
    name,
    resources: names.map((each) => ({ type, name: each })),
    readOnly: false,
    requestId: null,
    request: null,
    response: null,
    error: null,
  };
}
