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
import { manifestOf, targetOf } from '../model/address.js';
import type { Entry } from '../model/recorded.js';
import { leavingAccepted } from './drift/accepted.js';
import type { Unrevertable } from './drift/reverts.js';
import { unrevertableAmong } from './drift/unrevertable.js';
import { driverChanges } from './driver-change.js';
import { missingDeployments, missingOutputs } from './check-references.js';
import { cycleOf, needsOf } from './needs.js';
import type { Needs } from './needs.js';
import { unitsOutside } from './outside.js';
import type { Outside } from './outside.js';
import { resolveAll } from './outputs.js';
import { changeAhead, plan } from './plan.js';
import type { ArtifactSource, Checks, Clock, Drivers, Ledger, OrganizationSource, Progress } from './ports.js';
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
  /** The same without the scope. */
  readonly everywhere: ReadonlyMap<ManifestAddress, readonly Deployment[]>;
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
  readonly checks: Checks;
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
  /** Who needs whom among the units. */
  readonly needs: Needs;
  /** What a narrowed reconcile refers to and does not change. */
  readonly outside: Outside | null;
  readonly organization: Organization;
  /** What CloudFormation cannot put right of what is recorded as drifted. */
  readonly unrevertable: Unrevertable;
  /** When it was begun, and when all was looked at, in milliseconds since the epoch. */
  readonly began: number;
  readonly at: number;
};
export type Surveyed = { readonly survey: Survey | null; readonly diagnostics: readonly Diagnostic[] };

/** An account younger than this whose roles cannot be assumed yet is not ready, rather than failed. */
const READY_WITHIN = 24 * 60 * 60 * 1000;

/** Discover, expand, resolve, observe, plan. Reads only. */
export async function survey(ports: SurveyPorts, scope: Scope, watch: SurveyWatch): Promise<Surveyed> {
  ports.lookAgain();
  const began = ports.clock.now().getTime();
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
  const diagnostics = [
    ...discovered.diagnostics,
    ...expanded.diagnostics,
    ...resolved.diagnostics,
    ...checked,
    ...missingOutputs(ports.desired, resolved.artifacts),
    ...missingDeployments(ports.desired, expanded.everywhere),
  ];
  if (hasErrors(diagnostics)) return { survey: null, diagnostics };

  const entries = await inventory;
  const emptied = emptiedState(ports, entries);
  if (emptied !== null) return { survey: null, diagnostics: [...diagnostics, emptied] };
  const redirected = driverChanges(ports.desired, entries, organization);
  if (redirected.length > 0) return { survey: null, diagnostics: [...diagnostics, ...redirected] };
  const everywhere = { desired: ports.desired, deployments: expanded.everywhere, artifacts: resolved.artifacts };
  const joined = joinUnits({ ...everywhere, deployments: expanded.deployments }, entries, ports.drivers, scope);
  const needs = needsOf(joined);
  const members = cycleOf(joined, needs);
  if (members !== null) return { survey: null, diagnostics: [...diagnostics, cycleAmong(members, ports.desired)] };

  const { controller, desired, checks } = ports;
  const { artifacts } = resolved;
  const check = { controller, desired, artifacts, deployments: expanded.deployments, entries, now: ports.clock.now() };
  diagnostics.push(...checks.check(check));
  if (hasErrors(diagnostics)) return { survey: null, diagnostics };
  // The rules are read while AWS is looked at.
  const advice = checks.advise(check, watch.signal);

  const elsewhere = scope.type === 'all' ? [] : unitsOutside(joined, needs, everywhere, entries, ports.drivers);
  const now = ports.clock.now();
  const observed = withNewAccounts(await observeAll(joined, ports, watch), organization, now);
  const outside =
    elsewhere.length === 0 ? null : { needs: needsOf(elsewhere), observed: await observeAll(elsewhere, ports, watch) };
  const holds = ports.desired.some(({ rollout }) => rollout.stops) ? await ports.ledger.holds() : [];
  const { units: resolvedUnits, refusals: waiting } = resolveAll(joined, {
    needs,
    observed,
    outside,
    drivers: ports.drivers,
    changeOf: (unit) => changeAhead(unit, observed, { scope, organization, holds, now }),
  });
  const units = resolvedUnits.map((unit) => leavingAccepted(unit, observed.get(unit.subject.address), now));
  const unrevertable = await unrevertableAmong(units);
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
    needs,
    waiting,
    holds,
    predicted,
    unrevertable,
  });
  diagnostics.push(...(await advice));
  const at = ports.clock.now().getTime();
  return {
    survey: { plan: planned, units, observed, needs, outside, organization, unrevertable, began, at },
    diagnostics,
  };
}

/** Units that need one another through explicit targets, which only the organization shows. */
function cycleAmong(members: readonly Address[], desired: readonly Desired[]): Diagnostic {
  const first = desired.find(({ address }) => address === manifestOf(members[0]!))!;
  return {
    code: 'EK2206',
    severity: 'error',
    address: first.address,
    place: first.at('metadata', 'name'),
    message: `these need one another: ${[...members, members[0]!].join(' → ')}`,
    remedy: 'remove one of the references or dependsOn',
  };
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
