import type { Address, ManifestAddress } from '../model/address.js';
import type { Artifact } from '../model/artifact.js';
import { sha256 } from '../model/canonical.js';
import type { Controller, Deployment, Desired, ExcludedAccount } from '../model/desired.js';
import { hasErrors } from '../model/diagnostic.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { DesiredFiles } from '../model/files.js';
import type { Observation } from '../model/observed.js';
import type { Organization } from '../model/organization.js';
import type { Plan, Scope } from '../model/plan.js';
import type { Announced } from '../model/action.js';
import type { Subject } from '../model/step.js';
import { targetOf } from '../model/address.js';
import type { Entry } from '../model/recorded.js';
import { plan } from './plan.js';
import type { ArtifactSource, Clock, Drivers, Ledger, OrganizationSource, Progress } from './ports.js';
import { predict } from './predict.js';
import { joinUnits } from './units.js';
import type { Unit } from './units.js';

/** Selectors laid over the organization; the pure room `organization/expand` does it. */
export type Expand = (
  desired: readonly Desired[],
  organization: Organization,
  controller: Controller,
  scope: Scope,
) => {
  readonly deployments: ReadonlyMap<ManifestAddress, readonly Deployment[]>;
  readonly excluded: readonly ExcludedAccount[];
  readonly diagnostics: readonly Diagnostic[];
};

export type SurveyPorts = {
  readonly controller: Controller;
  readonly desired: readonly Desired[];
  readonly files: DesiredFiles;
  readonly organization: OrganizationSource;
  readonly expand: Expand;
  readonly needsTags: (desired: readonly Desired[]) => boolean;
  readonly artifacts: ArtifactSource;
  readonly drivers: Drivers;
  readonly ledger: Ledger;
  readonly clock: Clock;
  /** Called at the beginning of each survey: what was listed before counts no more. */
  readonly lookAgain: () => void;
};

export type SurveyWatch = { readonly signal: AbortSignal; readonly progress: (event: Progress) => void };

/** Everything that a plan was made of, kept for carrying it out. */
export type Survey = {
  readonly plan: Plan;
  readonly units: readonly Unit[];
  readonly observed: ReadonlyMap<Address, Observation>;
  readonly organization: Organization;
  /** When it was looked at, in milliseconds since the epoch. */
  readonly at: number;
};
export type Surveyed = { readonly survey: Survey | null; readonly diagnostics: readonly Diagnostic[] };

/** An account younger than this whose roles cannot be assumed yet is not ready, rather than failed. */
const READY_WITHIN = 24 * 60 * 60 * 1000;

/** Discover, expand, resolve, observe, plan. Reads only. */
export async function survey(ports: SurveyPorts, scope: Scope, watch: SurveyWatch): Promise<Surveyed> {
  ports.lookAgain();
  // Read while discovery waits for the rates that Organizations allows; a failure is told where the entries are needed.
  const inventory = ports.ledger.inventory();
  inventory.catch(() => undefined);
  const discovered = await ports.organization.discover(
    { tags: ports.needsTags(ports.desired) },
    { signal: watch.signal, progress: (accounts) => watch.progress({ type: 'discovering', accounts }) },
  );
  if (discovered.value === null) return { survey: null, diagnostics: discovered.diagnostics };
  const organization = discovered.value;

  const expanded = ports.expand(ports.desired, organization, ports.controller, scope);
  const resolved = resolveArtifacts(ports);
  const checked = checkAll(ports, expanded.deployments, resolved.artifacts);
  const diagnostics = [...discovered.diagnostics, ...expanded.diagnostics, ...resolved.diagnostics, ...checked];
  if (hasErrors(diagnostics)) return { survey: null, diagnostics };

  const entries = await inventory;
  const emptied = emptiedState(ports, entries);
  if (emptied !== null) return { survey: null, diagnostics: [...diagnostics, emptied] };
  const units = joinUnits(
    { desired: ports.desired, deployments: expanded.deployments, artifacts: resolved.artifacts },
    entries,
    ports.drivers,
    scope,
  );
  const observed = withNewAccounts(await observeAll(units, ports, watch), organization, ports.clock.now());
  const predicted: ReadonlyMap<Address, Announced> = await predict(units, observed, ports.drivers, watch.signal);

  const planned = plan({
    installation: ports.controller.name,
    revision: ports.files.revision,
    lockSha256: sha256(ports.files.files.get('evenkeel.lock.yaml') ?? ''),
    scope,
    now: ports.clock.now(),
    organization,
    excluded: expanded.excluded,
    units,
    observed,
    predicted,
  });
  return { survey: { plan: planned, units, observed, organization, at: ports.clock.now().getTime() }, diagnostics };
}

/** Nothing parsed never leads to a delete: a Controller alone is more often a wrong folder than the wish that all should go. */
function emptiedState(ports: SurveyPorts, entries: readonly Entry[]): Diagnostic | null {
  const standing = entries.filter((entry) => entry.recorded !== null).length;
  if (ports.desired.length > 0 || standing === 0) return null;
  return {
    code: 'EK6026',
    severity: 'error',
    message: `the desired state holds no manifest but the Controller, and the ledger knows ${String(standing)} that stand in AWS`,
    remedy:
      'look whether this is the revision, repository and folder that was meant; what is to go can go while another manifest stays',
  };
}

function resolveArtifacts(ports: SurveyPorts): {
  readonly artifacts: ReadonlyMap<ManifestAddress, Artifact>;
  readonly diagnostics: readonly Diagnostic[];
} {
  const artifacts = new Map<ManifestAddress, Artifact>();
  const diagnostics: Diagnostic[] = [];
  for (const desired of ports.desired) {
    const resolved = ports.artifacts.resolve(desired, ports.files);
    diagnostics.push(...resolved.diagnostics);
    if (resolved.value !== null) artifacts.set(desired.address, resolved.value);
  }
  return { artifacts, diagnostics };
}

function checkAll(
  ports: SurveyPorts,
  deployments: ReadonlyMap<ManifestAddress, readonly Deployment[]>,
  artifacts: ReadonlyMap<ManifestAddress, Artifact>,
): Diagnostic[] {
  return ports.desired.flatMap((desired) => {
    const artifact = artifacts.get(desired.address);
    const driver = ports.drivers.get(desired.driver);
    if (artifact === undefined || driver === undefined) return [];
    return driver.check(desired, artifact, deployments.get(desired.address) ?? []);
  });
}

/** Every driver looks at its own units at the same time; how far they are is told as one number. */
async function observeAll(
  units: readonly Unit[],
  ports: SurveyPorts,
  watch: SurveyWatch,
): Promise<ReadonlyMap<Address, Observation>> {
  const subjectsOf = new Map<string, Subject[]>();
  for (const { subject } of units) subjectsOf.set(subject.driver, [...(subjectsOf.get(subject.driver) ?? []), subject]);
  const progress = new Map<string, readonly [number, number]>();
  const observed = new Map<Address, Observation>();
  await Promise.all(
    [...ports.drivers].map(async ([kind, driver]) => {
      const subjects = subjectsOf.get(kind);
      if (subjects === undefined) return;
      const answers = await driver.observe(subjects, {
        signal: watch.signal,
        freshness: 'reuse',
        progress: (done, of) => {
          progress.set(kind, [done, of]);
          const sums = [...progress.values()].reduce(([sum, total], [one, all]) => [sum + one, total + all] as const, [
            0, 0,
          ] as const);
          watch.progress({ type: 'observing', done: sums[0], of: sums[1] });
        },
      });
      for (const [address, observation] of answers) observed.set(address, observation);
    }),
  );
  return observed;
}

/** A role that cannot be assumed is expected of an account that has just been made. */
function withNewAccounts(
  observed: ReadonlyMap<Address, Observation>,
  organization: Organization,
  now: Date,
): ReadonlyMap<Address, Observation> {
  const young = new Map(
    organization.accounts.flatMap(({ id, joinedAt }) =>
      joinedAt !== null && now.getTime() - joinedAt < READY_WITHIN ? [[id, joinedAt + READY_WITHIN] as const] : [],
    ),
  );
  if (young.size === 0) return observed;
  return new Map(
    [...observed].map(([address, observation]) => {
      const target = targetOf(address);
      const deadline = target === null ? undefined : young.get(target.account);
      if (observation.type !== 'unknown' || observation.cause !== 'unreachable' || deadline === undefined)
        return [address, observation];
      return [address, { ...observation, cause: 'not-ready', diagnostic: notReady(observation.diagnostic, deadline) }];
    }),
  );
}

function notReady({ remedy, ...unreachable }: Diagnostic, deadline: number): Diagnostic {
  const until = new Date(deadline).toISOString().slice(0, 16);
  return {
    ...unreachable,
    code: 'EK6012',
    severity: 'warning',
    remedy: `wait, and reconcile again: the account is new, so this is no failure before ${until}Z; if it lasts, ${remedy}`,
  };
}
