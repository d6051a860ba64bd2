import type { Aws } from '../aws/contract.js';
import { credentialsDiagnostic } from '../aws/credentials.js';
import { fillBucket } from '../blocks/artifact-bucket.js';
import { targetOf } from '../model/address.js';
import type { Controller, Desired } from '../model/desired.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { AccountId, Region } from '../model/identifiers.js';
import type { TargetKey } from '../model/target.js';
import { parseTargetKey } from '../model/target.js';
import { expand } from '../organization/expand.js';
import type { SnapshotOutcome } from '../reconciler/describe-snapshot.js';
import type { Clock, Ledger, OrganizationSource } from '../reconciler/ports.js';
import { gapsOf } from '../snapshot/gaps.js';
import { takeSnapshot } from '../snapshot/snapshot.js';
import type { SessionWatch } from './session.js';

export type SnapshotSources = {
  readonly aws: Aws;
  readonly controller: Controller;
  readonly desired: readonly Desired[];
  readonly organization: OrganizationSource;
  readonly ledger: Pick<Ledger, 'inventory'>;
  readonly clock: Clock;
};

/** Reads the organization as `plan` would, and everything in it that a plan could ask for: in the Regions of the desired state, of the ledger, and those named. */
export async function snapshot(
  sources: SnapshotSources,
  regions: readonly Region[],
  watch: SessionWatch,
): Promise<SnapshotOutcome> {
  const { aws, controller, desired, organization, clock } = sources;
  let controllerAccount: AccountId;
  try {
    controllerAccount = await aws.controllerAccount();
  } catch (error) {
    if (watch.signal.aborted) throw error;
    return { snapshot: null, gaps: [], diagnostics: [credentialsDiagnostic(error)] };
  }
  const discovered = await organization.discover(
    { tags: true },
    { signal: watch.signal, progress: (accounts) => watch.progress({ type: 'discovering', accounts }) },
  );
  if (discovered.value === null) return { snapshot: null, gaps: [], diagnostics: discovered.diagnostics };
  const recorded = await recordedRegions(sources.ledger);
  const taken = await takeSnapshot(
    {
      aws,
      controller,
      controllerAccount,
      organization: discovered.value,
      regions: [...regions, ...desiredRegions(desired, controller), ...recorded.regions],
      bucketIn: (region) => fillBucket(controller.artifactBucket, controllerAccount, region),
      clock,
    },
    watch,
  );
  const { deployments } = expand(desired, discovered.value, controller, { type: 'all' });
  const wanted = { desired, deployments: [...deployments.values()].flat() };
  return {
    snapshot: taken.snapshot,
    gaps: gapsOf(taken.snapshot, taken.read, wanted),
    diagnostics: [...discovered.diagnostics, ...recorded.diagnostics],
  };
}

function desiredRegions(desired: readonly Desired[], { partition }: Controller): readonly Region[] {
  return desired.flatMap(({ targets }) =>
    targets
      .filter(({ partitions }) => partitions?.includes(partition) ?? true)
      .flatMap((target) => [...target.regions]),
  );
}

/** Where something was deployed that is no longer wanted: a plan looks there too. An installation that has no ledger yet has nothing there. */
async function recordedRegions(
  ledger: Pick<Ledger, 'inventory'>,
): Promise<{ readonly regions: readonly Region[]; readonly diagnostics: readonly Diagnostic[] }> {
  try {
    const entries = await ledger.inventory();
    const regions = entries.flatMap(({ address, recorded }) => {
      const target = targetOf(address);
      const members = Object.keys(recorded?.members ?? {}) as TargetKey[];
      return [...(target === null ? [] : [target]), ...members.map(parseTargetKey)].map(({ region }) => region);
    });
    return { regions, diagnostics: [] };
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (name === 'ResourceNotFoundException') return { regions: [], diagnostics: [] };
    const message = error instanceof Error ? error.message : String(error);
    const diagnostic: Diagnostic = {
      code: 'EK6019',
      severity: 'warning',
      message: `the ledger could not be read, so that Regions which only it knows are not in the snapshot: ${name}: ${message}`,
      remedy: 'name them with --regions, or let the controller read its table',
    };
    return { regions: [], diagnostics: [diagnostic] };
  }
}
