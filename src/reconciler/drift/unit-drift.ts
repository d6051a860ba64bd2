import { deploymentAddress, manifestOf, targetOf } from '../../model/address.js';
import type { Address } from '../../model/address.js';
import { findingKey, isOpen, NO_DRIFT } from '../../model/drift.js';
import type { Actor, Attribution, DriftState, Finding } from '../../model/drift.js';
import { grouped } from '../../model/grouped.js';
import type { Change } from '../../model/plan.js';
import type { Entry, Recorded } from '../../model/recorded.js';
import { parseTargetKey, targetKey } from '../../model/target.js';
import type { TargetKey } from '../../model/target.js';
import type { EntryWrite } from '../ports.js';
import type { Unit } from '../units.js';
import type { Look } from './look.js';
import { lay, nestedOf, putRight } from './transitions.js';
import type { Laid } from './transitions.js';

/** What a write of an entry says of drift. */
export type UnitDrift = Pick<EntryWrite, 'drift' | 'memberDrift' | 'events' | 'memberEvents'>;

/** Who did what, by address and finding key. */
export type Actors = ReadonlyMap<Address, ReadonlyMap<string, Actor>>;

/** Lays every look at a unit and at its members over what its entry knows. */
export function layUnit(unit: Unit, looks: readonly Look[], by: Attribution, actors: Actors): UnitDrift {
  const rules = unit.desired?.driftIgnore ?? [];
  const byAddress = grouped(looks, ({ address }) => address);
  return eachOf(unit, looks, (address, before) =>
    lay(before, byAddress.get(address) ?? [], { rules, by, actors: actors.get(address) ?? NOBODY }),
  );
}

const NOBODY: ReadonlyMap<string, Actor> = new Map();

/** What a change that is done has put right. What CloudFormation found nothing to change in stays, and says so. */
export function afterChange(
  unit: Unit,
  change: Change,
  done: { readonly recorded: Recorded | null; readonly nothingReverted: boolean },
  by: Attribution,
): UnitDrift {
  const reverts = new Set<string>(change.reverts ?? []);
  const drifted = new Set<Address>([
    ...(change.reason === 'drifted' ? [change.address] : []),
    ...change.members.filter(({ reason }) => reason === 'drifted').map(({ address }) => address),
  ]);
  const made = new Set<Address>([
    ...(change.action === 'create' || change.action === 'replace' ? [change.address] : []),
    ...change.members.filter(({ action }) => action === 'create').map(({ address }) => address),
  ]);
  const touched = new Set<Address>([
    ...(change.action !== 'update' || change.fields.some(({ path }) => !isOfResource(path)) ? [change.address] : []),
    ...change.members.map(({ address }) => address),
  ]);
  const standingAt = (address: Address): Standing | null => {
    const target = targetOf(address);
    if (done.recorded === null || address === change.address || target === null) return done.recorded;
    return done.recorded.members[targetKey(target)] ?? null;
  };
  return eachOf(unit, [], (address, before) => {
    const standing = standingAt(address);
    // What was made anew has nothing of what was the matter with the one before.
    if (standing === null || made.has(address)) return putRight(before, () => 'gone', by);
    return putRight(
      before,
      (finding) => {
        if (touched.has(address) && !stillNests(standing, finding)) return 'gone';
        if (finding.layer === 'resource') {
          if (address !== change.address || !reverts.has(finding.subject)) return null;
          return done.nothingReverted ? 'nothing-to-revert' : 'reverted';
        }
        if (!touched.has(address) || nestedOf(finding.subject) !== null) return null;
        if (finding.layer === 'stack' && !isOpen(finding)) return null;
        return finding.layer === 'stack' && drifted.has(address) ? 'reverted' : 'gone';
      },
      by,
    );
  });
}

type Standing = Pick<Recorded, 'nested'>;

/** A nested stack that an update took away takes its findings with it. */
function stillNests({ nested = {} }: Standing, { subject }: Finding): boolean {
  const within = nestedOf(subject);
  return within === null || nested[within] !== undefined;
}

/** Nothing stands any more, as was wanted. */
export function ended(unit: Unit, by: Attribution): UnitDrift {
  return {
    ...eachOf(unit, [], (_address, before) => putRight(before, () => 'gone', by)),
    drift: NO_DRIFT,
    memberDrift: {},
  };
}

/** What a change was to put right of its resources, and has been given up. */
export function givenUp({ drift }: Entry, change: Change, why: string): DriftState {
  const reverts = new Set<string>(change.reverts ?? []);
  const findings = drift.findings.map((finding) =>
    finding.layer === 'resource' && reverts.has(finding.subject) ? { ...finding, unrevertable: why } : finding,
  );
  return { ...drift, findings };
}

/** A plan's field that is a property of a resource: no walk shows it. */
export function isOfResource(path: string): boolean {
  return path.startsWith('resources.');
}

/** Whether anything is open at a unit, or at one of its members. */
export function hasOpenDrift({ drift, memberDrift }: Pick<Entry, 'drift' | 'memberDrift'>): boolean {
  return [drift, ...Object.values(memberDrift)].some((state) => state.findings.some(isOpen));
}

function eachOf(
  { entry, subject: { address } }: Unit,
  looks: readonly Look[],
  step: (address: Address, before: DriftState) => Laid,
): UnitDrift {
  const own = step(address, entry?.drift ?? NO_DRIFT);
  if (targetOf(address) !== null)
    return { drift: own.drift, memberDrift: {}, events: own.happenings, memberEvents: [] };
  const before = entry?.memberDrift ?? {};
  const seen = looks.flatMap((look) => (look.address === address ? [] : [targetKey(targetOf(look.address)!)]));
  const keys = [...new Set([...(Object.keys(before) as TargetKey[]), ...seen])].sort();
  const members = keys.map((key) => {
    const member = deploymentAddress(manifestOf(address), parseTargetKey(key));
    return { key, member, laid: step(member, before[key] ?? NO_DRIFT) };
  });
  return {
    drift: own.drift,
    memberDrift: Object.fromEntries(
      members.filter(({ laid }) => !isEmpty(laid.drift)).map(({ key, laid }) => [key, laid.drift]),
    ),
    events: own.happenings,
    memberEvents: members.flatMap(({ member, laid }) =>
      laid.happenings.map((happening) => ({ ...happening, address: member })),
    ),
  };
}

function isEmpty({ findings, reverted }: DriftState): boolean {
  return findings.length === 0 && Object.keys(reverted).length === 0;
}

export type Question = {
  readonly address: Address;
  readonly key: string;
  /** By which CloudTrail may know it. */
  readonly name: string;
  readonly resourceType: string | null;
  readonly after: string | null;
};

/** Findings of which nobody is known yet: what has just been seen, and what is so young that CloudTrail may still tell. */
export function withoutActor(unit: Unit, laid: UnitDrift | null, by: Attribution): readonly Question[] {
  const { address } = unit.subject;
  const { drift = NO_DRIFT, memberDrift = {} } = laid ?? unit.entry ?? {};
  const states: readonly (readonly [Address, DriftState])[] = [
    [address, drift],
    ...Object.entries(memberDrift).map(
      ([key, state]) => [deploymentAddress(manifestOf(address), parseTargetKey(key as TargetKey)), state] as const,
    ),
  ];
  const moved = new Set([
    ...(laid?.events ?? []).map(({ finding }) => `${address} ${finding?.key ?? ''}`),
    ...(laid?.memberEvents ?? []).map((event) => `${event.address} ${event.finding?.key ?? ''}`),
  ]);
  return states.flatMap(([at, { findings }]) =>
    findings.flatMap((finding) => {
      if (finding.actor !== null || finding.physicalId === null || targetOf(at) === null) return [];
      const key = findingKey(finding);
      const isYoung = Math.abs(Date.parse(by.at) - Date.parse(finding.changedAt)) < TRAIL_DELAY;
      if (!isYoung && !moved.has(`${at} ${key}`)) return [];
      const { physicalId: name, resourceType, notBefore: after } = finding;
      return [{ address: at, key, name, resourceType, after }];
    }),
  );
}

/** Milliseconds within which CloudTrail shows what happened; a look may be of a clock that is ahead. */
const TRAIL_DELAY = 60 * 60 * 1000;
