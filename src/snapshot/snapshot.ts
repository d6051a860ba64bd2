import pLimit from 'p-limit';
import type { Aws } from '../aws/contract.js';
import type { Controller } from '../model/desired.js';
import type { AccountId, Region } from '../model/identifiers.js';
import type { Organization } from '../model/organization.js';
import { SNAPSHOT_FORMAT_VERSION } from '../model/snapshot.js';
import type { Snapshot } from '../model/snapshot.js';
import type { Target } from '../model/target.js';
import type { Clock, Progress } from '../reconciler/ports.js';
import { organizationRecords } from './organization-records.js';
import { byText } from './records.js';
import { readPlace } from './read-stacks.js';
import type { ReadPlace } from './read-stacks.js';
import { readStackSets } from './read-stack-sets.js';
import type { InstanceTemplates } from './read-stack-sets.js';
import { createTemplateShelf } from './template-shelf.js';

const PLACES_AT_ONCE = 16;
const CALLS_AT_ONCE = 32;

export type SnapshotParts = {
  readonly aws: Aws;
  readonly controller: Controller;
  readonly controllerAccount: AccountId;
  readonly organization: Organization;
  /** Each ACTIVE account is read in each of them. */
  readonly regions: readonly Region[];
  /** The installation's bucket in a Region. */
  readonly bucketIn: (region: Region) => string;
  readonly clock: Clock;
};

export type SnapshotWatch = { readonly signal: AbortSignal; readonly progress: (event: Progress) => void };

/** What was read, and the places that were not with the reason. Reads, and changes nothing. */
export async function takeSnapshot(
  parts: SnapshotParts,
  { signal, progress }: SnapshotWatch,
): Promise<{ readonly snapshot: Snapshot; readonly read: readonly ReadPlace[] }> {
  const { aws, controller, controllerAccount, organization, clock } = parts;
  const takenAt = clock.now().toISOString();
  const regions = [...new Set(parts.regions)].sort(byText);
  const shelf = createTemplateShelf();
  const turn = pLimit(CALLS_AT_ONCE);
  const known: InstanceTemplates = new Map();

  // Stack sets first: what most of their instances' stacks look like follows from them.
  const callers = controllerAccount === organization.managementAccountId ? SELF : BOTH;
  const stackSets = await Promise.all(
    callers.map((callAs) => readStackSets({ aws, account: controllerAccount, shelf, turn, signal }, callAs, known)),
  );

  const targets = placesOf(organization, regions);
  const atOnce = pLimit(PLACES_AT_ONCE);
  let done = 0;
  const read = await Promise.all(
    targets.map((target) =>
      atOnce(async () => {
        signal.throwIfAborted();
        const place = await readPlace({ aws, shelf, turn, known, signal }, target);
        done += 1;
        progress({ type: 'observing', done, of: targets.length });
        return place;
      }),
    ),
  );
  const places = read.map(({ place }) => place);
  const snapshot: Snapshot = {
    formatVersion: SNAPSHOT_FORMAT_VERSION,
    takenAt,
    partition: controller.partition,
    controller: controllerAccount,
    ...organizationRecords({ organization, controller, controllerAccount, places, stackSets }),
    buckets: regions.map((region) => ({ name: parts.bucketIn(region), account: controllerAccount, region })),
    templates: shelf.sorted(),
    places,
    stackSets,
  };
  return { snapshot, read };
}

/** The management account is no delegated administrator of its own: what it sees as itself is all. */
const SELF = ['SELF'] as const;
const BOTH = ['SELF', 'DELEGATED_ADMIN'] as const;

function placesOf({ accounts }: Organization, regions: readonly Region[]): readonly Target[] {
  return accounts
    .filter(({ state }) => state === 'ACTIVE')
    .flatMap(({ id }) => regions.map((region) => ({ account: id, region })));
}
