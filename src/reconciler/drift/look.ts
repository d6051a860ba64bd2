import type { Address } from '../../model/address.js';
import type { DriftLayer, DriftMethod, Sighting } from '../../model/drift.js';

/** What one method found when it looked at one layer of one stack. Findings that it could have seen, and did not, are gone. */
export type Look = {
  /** The deployment; a stack set's own address where its definition was looked at. */
  readonly address: Address;
  /** Null for the deployment's own stack; else which nested one, as in SeenStack. Its subjects begin with this and a dot. */
  readonly nested: string | null;
  readonly layer: DriftLayer;
  readonly method: DriftMethod;
  /** ISO 8601. */
  readonly at: string;
  /** When this method looked before; null where it never did. */
  readonly before: string | null;
  readonly sightings: readonly Sighting[];
  /** Subjects that it could not read: that it does not show them says nothing. */
  readonly unread?: readonly string[];
  /** It could not see all of its subject: a difference that it does not show may stand all the same. */
  readonly isPartial?: true;
  /** Nothing stands there, is wanted or recorded any more: all that was known of it has gone. */
  readonly ends?: true;
};
