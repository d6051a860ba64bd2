import { canonicalJson } from '../../model/canonical.js';
import type { IgnoreRule } from '../../model/desired.js';
import { findingKey, STACK_SUBJECT } from '../../model/drift.js';
import type {
  Acceptance,
  Actor,
  Attribution,
  Difference,
  DriftMethod,
  DriftState,
  Finding,
  Sighting,
} from '../../model/drift.js';
import type { HistoryEvent } from '../../model/recorded.js';
import type { Look } from './look.js';
import { ruleFor } from './rules.js';
import { summaryOf } from './wording.js';

export type Happening = Omit<HistoryEvent, 'address' | 'sequence' | 'previousSha256'>;
export type Laid = { readonly drift: DriftState; readonly happenings: readonly Happening[] };

export type LayContext = {
  readonly rules: readonly IgnoreRule[];
  readonly by: Attribution;
  /** Who did what appeared or changed, by finding key; absent where nobody is known. */
  readonly actors: ReadonlyMap<string, Actor>;
};

const DAY = 24 * 60 * 60 * 1000;
/** Put right so often in a day, it is left alone. */
export const FLAPS = 3;

/**
 * Lays looks at one address over what was known: what appeared, changed, was accepted or is gone is a happening each. A finding is
 * gone when a method that had seen it looks again and does not; a look that could not have seen it says nothing of it.
 * Answers `before` itself where nothing moved.
 */
export function lay(before: DriftState, looks: readonly Look[], context: LayContext): Laid {
  const findings = new Map(before.findings.map((finding) => [findingKey(finding), finding]));
  const happenings: Happening[] = [];
  let hasMoved = false;
  for (const look of looks) {
    const seen = new Map(look.sightings.map((sighting) => [findingKey(sighting), sighting]));
    for (const [key, finding] of findings) {
      if (seen.has(key) || !couldSee(look, finding)) continue;
      findings.delete(key);
      hasMoved ||= finding.layer === 'resource';
      happenings.push(happening('gone', finding, look.before ?? finding.changedAt, context.by));
    }
    for (const [key, sighting] of seen) {
      const known = findings.get(key);
      const reverted = before.reverted[key] ?? [];
      const laid =
        known === undefined ? appeared(sighting, look, reverted, context) : met(known, sighting, look, context);
      findings.set(key, laid.finding);
      hasMoved ||= sighting.layer === 'resource' && laid.finding.changedAt !== known?.changedAt;
      if (laid.event !== null) happenings.push(happening(laid.event, laid.finding, look.at, context.by));
    }
  }
  if (hasMoved) tryAgain(findings);
  for (const [key, finding] of findings) {
    const accepted = acceptance(finding, context);
    if (canonicalJson(accepted) === canonicalJson(finding.accepted)) continue;
    const judged = { ...finding, accepted };
    findings.set(key, judged);
    if ((accepted === null) === (finding.accepted === null)) continue;
    // What was only now seen for the first time has said so above.
    happenings.push(happening(accepted === null ? 'appeared' : 'accepted', judged, context.by.at, context.by));
  }
  const after = [...findings.values()].sort((one, other) => (findingKey(one) < findingKey(other) ? -1 : 1));
  if (canonicalJson(after) === canonicalJson(before.findings)) return { drift: before, happenings: [] };
  return { drift: { findings: after, reverted: recent(before.reverted, context.by.at) }, happenings };
}

/** Something has moved in the stack that a drift-aware change set would write as a whole: what could not be put right before may be now. */
function tryAgain(findings: Map<string, Finding>): void {
  for (const [key, finding] of findings)
    if (finding.layer === 'resource') findings.set(key, { ...finding, unrevertable: null });
}

/** What a change has put right leaves the findings; how often is remembered for a day. */
export function putRight(
  before: DriftState,
  isRight: (finding: Finding) => 'reverted' | 'gone' | 'nothing-to-revert' | null,
  by: Attribution,
): Laid {
  const findings: Finding[] = [];
  const happenings: Happening[] = [];
  const reverted: Record<string, readonly string[]> = { ...recent(before.reverted, by.at) };
  for (const finding of before.findings) {
    const how = isRight(finding);
    if (how === null) findings.push(finding);
    else if (how === 'nothing-to-revert') findings.push({ ...finding, unrevertable: NOTHING_TO_REVERT });
    else {
      happenings.push(happening(how, finding, by.at, by));
      const key = findingKey(finding);
      if (how === 'reverted') reverted[key] = [...(reverted[key] ?? []), by.at];
    }
  }
  if (canonicalJson(findings) === canonicalJson(before.findings)) return { drift: before, happenings: [] };
  return { drift: { findings, reverted }, happenings };
}

const NOTHING_TO_REVERT = 'CloudFormation computed a drift-aware change set for it and found nothing to change';

type Met = { readonly finding: Finding; readonly event: 'appeared' | 'changed' | null };

function appeared(sighting: Sighting, look: Look, reverted: readonly string[], { by, actors }: LayContext): Met {
  const finding: Finding = {
    ...sighting,
    seenBy: { [look.method]: look.at },
    firstSeen: look.at,
    changedAt: look.at,
    notBefore: look.before,
    actor: actors.get(findingKey(sighting)) ?? null,
    accepted: null,
    contestedSince: isFlapping(reverted, by.at) ? look.at : null,
    unrevertable: null,
  };
  return { finding, event: 'appeared' };
}

function met(known: Finding, sighting: Sighting, look: Look, { actors }: LayContext): Met {
  const seenBy = known.seenBy[look.method] === undefined ? { ...known.seenBy, [look.method]: look.at } : known.seenBy;
  const actor = known.actor ?? actors.get(findingKey(sighting)) ?? null;
  const isNew = actor !== null && known.actor === null;
  const differences = known.kind === sighting.kind ? differencesNow(known, sighting, look) : sighting.differences;
  if (known.kind === sighting.kind && canonicalJson(differences) === canonicalJson(known.differences))
    return { finding: { ...known, seenBy, actor }, event: isNew ? 'changed' : null };
  return {
    finding: {
      ...known,
      ...sighting,
      differences,
      seenBy,
      changedAt: look.at,
      notBefore: look.before,
      actor: actors.get(findingKey(sighting)) ?? null,
      unrevertable: null,
    },
    event: 'changed',
  };
}

/** What a look shows, and what it cannot have seen of what is known: a template that only the sweep reads is no change to the walk. */
function differencesNow(known: Finding, sighting: Sighting, look: Look): readonly Difference[] {
  const shown = new Set(sighting.differences.map(({ path }) => path));
  const isOutOfSight = (path: string): boolean =>
    look.isPartial === true || (path === TEMPLATE && look.method === 'walk' && known.seenBy.template !== undefined);
  const unseen = known.differences.filter(({ path }) => !shown.has(path) && isOutOfSight(path));
  if (unseen.length === 0) return sighting.differences;
  return [...sighting.differences, ...unseen].sort((one, other) => (one.path < other.path ? -1 : 1));
}

const TEMPLATE = '/Template';

/** A look sees what is of its layer and of its own stack, and only what its method once showed can vanish from it. */
function couldSee(look: Look, finding: Finding): boolean {
  if (look.ends === true) return true;
  return (
    finding.layer === look.layer &&
    nestedOf(finding.subject) === look.nested &&
    finding.seenBy[look.method] !== undefined &&
    look.unread?.includes(finding.subject) !== true
  );
}

/** Which nested stack a subject is in; null for the deployment's own. */
export function nestedOf(subject: string): string | null {
  const own = subject.endsWith(STACK_SUBJECT) ? subject.length - STACK_SUBJECT.length : subject.lastIndexOf('.') + 1;
  return own <= 0 ? null : subject.slice(0, own - 1);
}

/** Accepted is what rules cover in every difference; that a resource is gone, only a rule for all of it. */
function acceptance(finding: Finding, { rules, by }: LayContext): Acceptance | null {
  if (finding.layer === 'instance') return null;
  const paths = finding.differences.length === 0 ? ['/'] : finding.differences.map(({ path }) => path);
  const now = new Date(by.at);
  const covering = paths.map((path) => ruleFor(rules, finding.subject, path, now));
  const [first] = covering;
  if (first == null || covering.includes(null)) return null;
  // Of several rules, the one that ends first says until when.
  const ends = covering
    .flatMap((rule) => (rule?.expires == null ? [] : [rule]))
    .sort((one, other) => (one.expires! < other.expires! ? -1 : 1));
  const { reason, expires } = ends[0] ?? first;
  return { reason, expires };
}

/** Whether it was put right so often of late that it is left alone when it comes back. */
export function isFlapping(reverted: readonly string[], at: string): boolean {
  return reverted.filter((time) => isWithinADay(time, at)).length >= FLAPS;
}

/** Before or after: a clock that was put back has written times to come, and they count no longer than others. */
function isWithinADay(time: string, at: string): boolean {
  return Math.abs(Date.parse(at) - Date.parse(time)) < DAY;
}

function recent(reverted: DriftState['reverted'], at: string): DriftState['reverted'] {
  return Object.fromEntries(
    Object.entries(reverted)
      .map(([key, times]) => [key, times.filter((time) => isWithinADay(time, at))] as const)
      .filter(([, times]) => times.length > 0),
  );
}

function happening(event: HistoryEvent['event'], finding: Finding, lastSeen: string, by: Attribution): Happening {
  const { layer, subject, resourceType, kind, firstSeen, notBefore, actor } = finding;
  return {
    ...by,
    event,
    summary: summaryOf(event, finding),
    fields: finding.differences.map(({ path, expected, actual }) => ({ path, before: expected, after: actual })),
    finding: {
      key: findingKey(finding),
      layer,
      subject,
      resourceType,
      kind,
      methods: (Object.keys(finding.seenBy) as DriftMethod[]).sort(),
      firstSeen,
      lastSeen,
      notBefore,
      actor,
    },
  };
}
