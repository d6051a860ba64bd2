import { sha256 } from '../model/canonical.js';
import type { Desired } from '../model/desired.js';
import type { Attribution } from '../model/drift.js';
import type { Known, ObservedMember } from '../model/observed.js';
import type { Change } from '../model/plan.js';
import type { HistoryEvent, Recorded, RecordedMember } from '../model/recorded.js';
import type { MemberSettings, Settings } from '../model/settings.js';
import type { TargetKey } from '../model/target.js';
import { unreachable } from '../model/unreachable.js';
import { REASON_WORDS } from './describe-wording.js';
import { diffSettings } from './diff.js';
import type { Unit } from './units.js';

/**
 * What is written once it was verified: the wanted settings, and the marks by which the next reconcile sees that nobody touched it.
 * Of a unit that nothing wants, what is left in AWS; null where nothing of it was recorded.
 */
export function recordOf(unit: Unit, observed: Known, verified: Verified, by: Attribution): Recorded | null {
  const before = unit.entry?.recorded ?? null;
  const members = membersOf(unit, observed);
  if (unit.wanted === null || unit.desired === null) {
    if (before === null) return null;
    return { ...before, settings: holding(before.settings, members), members, observedSha256: observed.sha256, ...by };
  }
  const { settings, artifactSha256, observedSha256, nested } = definitionOf(unit, before, observed, verified);
  return {
    driver: unit.subject.driver,
    stackName: before?.identity === observed.identity ? before.stackName : unit.subject.stackName,
    identity: observed.identity,
    settings: holding(settings, members),
    members,
    artifactSha256,
    observedSha256,
    ...nestedIn(nested),
    deletion: unit.desired.deletion,
    ...neededBy(unit.desired),
    ...by,
  };
}

function neededBy({ references, dependsOn }: Desired): Pick<Recorded, 'needs'> {
  const manifests = [
    ...references.map(({ reference }) => reference.manifest),
    ...dependsOn.map(({ manifest }) => manifest),
  ];
  return manifests.length === 0 ? {} : { needs: [...new Set(manifests)].sort() };
}

/** What was verified of a unit: all of it, or only members, while its own definition was out of scope or has drifted. */
export type Verified = 'whole' | 'members';

function definitionOf(unit: Unit, before: Recorded | null, observed: Known, verified: Verified): Definition {
  const wanted = unit.wanted!;
  if (verified === 'members' && before !== null) return before;
  const seen = { artifactSha256: wanted.artifact.sha256, observedSha256: observed.sha256, nested: observed.nested };
  const isAsWanted = verified === 'whole' || diffSettings(wanted.settings, observed.settings, null).length === 0;
  if (!isAsWanted) return { ...seen, settings: observed.settings };
  const declared = unit.declared ?? wanted.settings;
  // What is accepted is not what is recorded: without a mark it is compared each time.
  const isAccepted = diffSettings(declared, wanted.settings, declared).length > 0;
  return { ...seen, ...(isAccepted ? { observedSha256: UNMARKED } : {}), settings: declared };
}

const UNMARKED = sha256('');

type Definition = Pick<Recorded, 'settings' | 'artifactSha256' | 'observedSha256' | 'nested'>;

/** What has no nested stacks says nothing of them. */
function nestedIn(nested: Recorded['nested']): Pick<Recorded, 'nested'> {
  return nested === undefined || Object.keys(nested).length === 0 ? {} : { nested };
}

function holding(settings: Settings, members: Recorded['members']): Settings {
  return {
    ...settings,
    members: Object.fromEntries(Object.entries(members).map(([key, member]) => [key, member.settings])),
  };
}

/** What stands of what is wanted, and what is left in AWS of what is not: recorded before, or begun and never removed. */
function membersOf(unit: Unit, observed: Known): Recorded['members'] {
  const wanted = unit.wanted?.settings.members ?? {};
  const before = unit.entry?.recorded?.members ?? {};
  const step = unit.entry?.step;
  const begun = step === undefined || step.type === 'idle' ? [] : step.reach.targets;
  const keys = new Set([...(Object.keys(before) as TargetKey[]), ...begun, ...(Object.keys(wanted) as TargetKey[])]);
  const members: Record<TargetKey, RecordedMember> = {};
  for (const key of keys) {
    const seen = observed.members[key];
    if (seen === undefined) continue;
    const settings = wanted[key];
    const isVerified = settings !== undefined && seen.strayed.length === 0;
    members[key] = isVerified ? verifiedMember(settings, seen) : (before[key] ?? leftBehind(seen));
  }
  return members;
}

function verifiedMember(settings: MemberSettings, seen: ObservedMember): RecordedMember {
  const identity = seen.condition === 'unresolved' ? null : seen.identity;
  return { settings, identity, operation: seen.operation, sha256: seen.sha256, ...nestedIn(seen.nested) };
}

/** Nobody has verified it, so its marks are those of nothing. */
function leftBehind(seen: ObservedMember): RecordedMember {
  return { settings: seen.settings, identity: seen.identity, operation: null, sha256: sha256('') };
}

type Event = Omit<HistoryEvent, 'address' | 'sequence' | 'previousSha256'>;
type MemberEvent = Omit<HistoryEvent, 'sequence' | 'previousSha256'>;

/** How a change that ended reads in the history of its address. */
export function eventOf(change: Change, by: Attribution): Event {
  return { ...by, event: pastTense(change.action), summary: REASON_WORDS[change.reason], fields: change.fields };
}

export function failureEvent(reason: string, by: Attribution): Event {
  return { ...by, event: 'failed', summary: reason, fields: [] };
}

export function memberEvents(change: Change, by: Attribution): MemberEvent[] {
  return change.members.map((member) => ({
    ...by,
    address: member.address,
    event: pastTense(member.action),
    summary: REASON_WORDS[member.reason],
    fields: member.fields,
  }));
}

function pastTense(action: Change['action']): HistoryEvent['event'] {
  switch (action) {
    case 'create':
      return 'created';
    case 'update':
      return 'updated';
    case 'replace':
      return 'replaced';
    case 'delete':
      return 'deleted';
    case 'adopt':
      return 'adopted';
    case 'forget':
      return 'forgotten';
    default:
      return unreachable(action);
  }
}
