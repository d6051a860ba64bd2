import { standingOf } from '../blocks/versions/newer-versions.js';
import type { VersionSession } from '../blocks/versions/versions-offer.js';
import { npmRegistry } from '../blocks/versions/versions-registry.js';
import type { OutdatedOutcome } from '../reconciler/describe-versions.js';
import { publishersFor } from './lock.js';
import type { Locking } from './lock.js';
import type { Environment, SessionWatch } from './session.js';

export type Versioning = Locking & { readonly env: Environment };

/** Asks every publisher which versions there are of what is pinned; writes nothing. */
export function outdated(on: Versioning, watch: SessionWatch): Promise<OutdatedOutcome> {
  return standingOf(on.state.desired, versionSession(on, watch), (done, of) =>
    watch.progress({ type: 'observing', done, of }),
  );
}

export function versionSession(on: Versioning, watch: SessionWatch): VersionSession {
  return { ...publishersFor(on, watch), registry: npmRegistry(on.env, watch.signal) };
}
