import type { Address } from '../model/address.js';
import { digestOf } from '../model/canonical.js';
import type { ExcludedAccount } from '../model/desired.js';
import type { AccountId, Revision, Sha256 } from '../model/identifiers.js';
import type { Observation } from '../model/observed.js';
import type { Organization } from '../model/organization.js';
import type { Plan, Refusal, Scope } from '../model/plan.js';
import type { Announced } from '../model/action.js';

import { targetKey } from '../model/target.js';
import { EVENKEEL_VERSION } from '../model/version.js';
import { isSuspended } from './guard.js';
import { planUnit } from './plan-unit.js';
import type { UnitPlan } from './unit-plan.js';
import type { Unit } from './units.js';

export type PlanInput = {
  readonly installation: string;
  readonly revision: Revision;
  readonly lockSha256: Sha256;
  readonly scope: Scope;
  readonly now: Date;
  readonly organization: Organization;
  readonly excluded: readonly ExcludedAccount[];
  readonly units: readonly Unit[];
  readonly observed: ReadonlyMap<Address, Observation>;
  /** What CloudFormation would replace and remove, by unit; only units whose template or parameters change are in it. */
  readonly predicted: ReadonlyMap<Address, Announced>;
};

const NOTHING_PREDICTED: Announced = { replaces: [], removes: [] };

/** Desired × observed × recorded × in doubt → what is to be done. A value: the same input gives the same digest. */
export function plan(input: PlanInput): Plan {
  const active = new Set(
    input.organization.accounts.filter((account) => account.state === 'ACTIVE').map((account) => account.id as string),
  );
  const parts = sparingClaimed(
    input.units.map((unit) => ({ unit, part: partOf(unit, input, (account) => active.has(account)) })),
    input.observed,
  );
  const departed = new Set(parts.flatMap(({ part }) => part.departed));
  const body: Omit<Plan, 'digest'> = {
    schemaVersion: 1,
    evenkeelVersion: EVENKEEL_VERSION,
    installation: input.installation,
    revision: input.revision,
    lockSha256: input.lockSha256,
    scope: input.scope,
    targetsSha256: digestOf(
      input.units.flatMap((unit) => (unit.wanted?.deployments ?? []).map((deployment) => deployment.address)).sort(),
    ),
    changes: parts.flatMap(({ part }) => (part.change === null ? [] : [part.change])),
    drift: parts.flatMap(({ part }) => part.drift),
    refusals: parts.flatMap(({ part }) => part.refusals),
    unknowns: parts.flatMap(({ part }) => part.unknowns),
    excluded: [...input.excluded, ...departedAccounts(departed, input)],
    unchanged: parts.reduce((sum, { unit, part }) => sum + unchangedIn(unit, part), 0),
  };
  return { ...body, digest: digestOf(body) };
}

type Part = { readonly unit: Unit; readonly part: UnitPlan };

/** A manifest that was renamed asks for the very stack that its old name would delete: what somebody wants is never deleted for somebody else. */
function sparingClaimed(parts: readonly Part[], observed: PlanInput['observed']): readonly Part[] {
  const identityOf = ({ unit }: Part): string | null => {
    const seen = observed.get(unit.subject.address);
    return seen?.type === 'known' ? seen.identity : null;
  };
  const claims = new Map(parts.filter(({ unit }) => unit.wanted !== null).map((part) => [identityOf(part), part]));
  return parts.map((each) => {
    const { change } = each.part;
    const identity = identityOf(each);
    const claim = identity === null ? undefined : claims.get(identity);
    if (claim === undefined || each.unit.wanted !== null || change === null || change.action === 'forget') return each;
    if (claim.part.change?.action === 'adopt')
      return {
        ...each,
        part: { ...each.part, change: { ...change, action: 'forget', members: [], replaces: [], removes: [] } },
      };
    const refusal: Refusal = {
      code: 'EK6027',
      address: each.unit.subject.address,
      message: `${each.unit.subject.stackName} is asked for by ${claim.unit.subject.address} now, and is not deleted for it`,
      remedy: `write "adopt: true" and stackName: ${each.unit.subject.stackName} in that manifest to keep the stack under its new address; or give it another stackName`,
    };
    return { ...each, part: { ...each.part, change: null, refusals: [...each.part.refusals, refusal] } };
  });
}

/** A suspended manifest is looked at like any other, and what would have been done is refused by name. */
function partOf(unit: Unit, input: PlanInput, isActive: (account: string) => boolean): UnitPlan {
  const observed = input.observed.get(unit.subject.address);
  if (observed === undefined) throw new Error(`nothing was observed of ${unit.subject.address}`);
  const part = planUnit(unit, observed, {
    scope: input.scope,
    isActive,
    predicted: input.predicted.get(unit.subject.address) ?? NOTHING_PREDICTED,
  });
  const suspension = unit.desired?.suspend ?? null;
  if (part.change === null || suspension === null || !isSuspended(suspension, input.now)) return part;
  const until = suspension.until === null ? '' : ` until ${suspension.until}`;
  return {
    ...part,
    change: null,
    refusals: [
      ...part.refusals,
      {
        code: 'EK6005',
        address: unit.subject.address,
        message: `${part.change.action} is held back: suspended by ${suspension.by}${until} (${suspension.reason})`,
        remedy: `${suspension.by} can lift it: remove "suspend" from the manifest`,
      },
    ],
  };
}

/** Accounts that are gone from the organization, or not ACTIVE, and still stand in the record: named here, and nothing there is touched. */
function departedAccounts(departed: ReadonlySet<string>, input: PlanInput): ExcludedAccount[] {
  const known = new Map(input.organization.accounts.map((account) => [account.id as string, account]));
  const named = new Set(input.excluded.map((account) => account.id as string));
  return [...departed]
    .filter((id) => !named.has(id))
    .sort()
    .map((id) => ({
      id: id as AccountId,
      name: known.get(id)?.name ?? '',
      state: known.get(id)?.state ?? 'NOT_IN_ORGANIZATION',
    }));
}

function unchangedIn(unit: Unit, part: UnitPlan): number {
  const deployments = unit.wanted?.deployments ?? [];
  if (part.refusals.length > 0 && part.change === null && deployments.length <= 1) return 0;
  const touched = new Set<string>(
    [...part.drift, ...part.unknowns, ...(part.change?.members ?? [])].map((finding) => finding.address),
  );
  const whole = part.change !== null || touched.has(unit.subject.address);
  return deployments.filter(
    (deployment) =>
      !touched.has(deployment.address) &&
      !(
        whole &&
        (unit.wanted?.settings.members[targetKey(deployment.target)] === undefined || part.change?.fields.length !== 0)
      ),
  ).length;
}
