import type { Handler, Service, VirtualClock } from '../../kernel/contract.js';
import type { Sessions } from '../../kernel/sessions.js';
import { lookupEvents } from './lookup.js';
import type { Trail } from './trail.js';

/** CloudTrail's event history. Trails, channels and event data stores are not simulated. */
export function cloudTrailService(trail: Trail, clock: VirtualClock, partition: string, sessions: Sessions): Service {
  const LookupEvents: Handler = lookupEvents(trail, () => clock.now(), partition, sessions);
  return { id: 'cloudtrail', operations: { LookupEvents } };
}
