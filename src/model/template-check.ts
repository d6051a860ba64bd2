import type { ManifestAddress } from './address.js';
import type { Artifact } from './artifact.js';
import type { Controller, Deployment, Desired } from './desired.js';
import type { Entry } from './recorded.js';

/** Everything that the templates of a desired state are judged by before anything is deployed. */
export type TemplateCheck = {
  readonly controller: Controller;
  readonly desired: readonly Desired[];
  readonly artifacts: ReadonlyMap<ManifestAddress, Artifact>;
  /** Null where nobody has asked AWS which accounts there are: what differs between accounts is not judged then. */
  readonly deployments: ReadonlyMap<ManifestAddress, readonly Deployment[]> | null;
  /** Null where nobody has asked the ledger. */
  readonly entries: readonly Entry[] | null;
  readonly now: Date;
};
