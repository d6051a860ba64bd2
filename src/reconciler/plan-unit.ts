import type { Known, Observation } from '../model/observed.js';
import type { DriftFinding, Field, Reason } from '../model/plan.js';
import type { Entry } from '../model/recorded.js';
import { unreachable } from '../model/unreachable.js';
import { diffSettings, shownParameter } from './diff.js';
import { isAccepted } from './drift/accepted.js';
import { contestedStack, planReverts } from './drift/reverts.js';
import { planMembers } from './plan-members.js';
import { planUnwanted } from './plan-removal.js';
import { change, foreign, isOurs, NOTHING, refused, somebodyElses } from './unit-plan.js';
import type { Busy, UnitPlan } from './unit-plan.js';
import { isWhole } from './units.js';
import type { Unit, UnitContext } from './units.js';

/** What is to be done about one unit: desired × observed × recorded × in doubt. */
export function planUnit(unit: Unit, observed: Observation, context: UnitContext): UnitPlan {
  if (unit.wanted === null) return planUnwanted(unit, observed, context);
  switch (observed.type) {
    case 'unknown':
      return {
        ...NOTHING,
        unknowns: [{ address: unit.subject.address, cause: observed.cause, diagnostic: observed.diagnostic }],
      };
    case 'absent':
      return planAbsent(unit, context);
    case 'known':
      return planKnown(unit, observed, context);
    default:
      return unreachable(observed);
  }
}

function planAbsent(unit: Unit, context: UnitContext): UnitPlan {
  const entry = unit.entry;
  const reason: Reason = entry?.step.type === 'in-doubt' ? 'interrupted' : entry?.recorded ? 'missing' : 'new';
  const members = planMembers(unit, {}, context).changes;
  return {
    ...NOTHING,
    change: change(unit, null, { action: 'create', reason, fields: givenParameters(unit), members, context }),
  };
}

function planKnown(unit: Unit, observed: Known, context: UnitContext): UnitPlan {
  const { desired, entry } = unit;
  if (observed.ownership === 'theirs') {
    if (desired?.adopt !== true && entry?.recorded?.identity === observed.identity)
      return refused(
        'EK6006',
        unit,
        `the tags of ${unit.subject.stackName} do not say any more that it is ours, and nothing is changed that is not`,
        'put evenkeel:installation and evenkeel:address back, or write "adopt: true" beside stackName',
      );
    if (desired?.adopt !== true)
      return refused(
        'EK6006',
        unit,
        foreign(unit, observed),
        `choose another stackName, or write "adopt: true" beside stackName to take it over`,
      );
    if (observed.condition.type !== 'settled')
      return refused(
        'EK6007',
        unit,
        `${unit.subject.stackName} cannot be adopted while it is ${observed.status}`,
        'wait until its operation has ended, or repair it first',
      );
    return {
      ...NOTHING,
      change: change(unit, observed, {
        action: 'adopt',
        reason: 'adopted',
        fields: fieldsOf(unit, observed),
        members: planMembers(unit, observed.members, context, 'manifest-changed').changes,
        context,
      }),
    };
  }
  if (isRenamed(unit, observed))
    return refused(
      'EK6025',
      unit,
      `stackName is ${unit.subject.stackName} now, and ${observed.identity} is recorded: CloudFormation renames nothing`,
      `write stackName: ${entry!.recorded!.stackName} again; or remove the manifest, reconcile, and add it under the new name`,
    );
  switch (observed.condition.type) {
    case 'busy':
      return planBusy(unit, observed, observed.condition, context);
    case 'stuck':
      return refused('EK6007', unit, `${unit.subject.stackName} is ${observed.status}`, observed.condition.remedy);
    case 'failed-creation':
    case 'review':
      return {
        ...NOTHING,
        change: change(unit, observed, {
          action: 'replace',
          reason: interrupted(entry) ? 'interrupted' : 'failed-creation',
          fields: [],
          context,
        }),
      };
    case 'settled':
      return planSettled(unit, observed, context);
    default:
      return unreachable(observed.condition);
  }
}

function planSettled(unit: Unit, observed: Known, context: UnitContext): UnitPlan {
  const { desired, entry } = unit;
  // Narrowed to one account, what belongs to the whole unit is left for a whole reconcile.
  const differing = isWhole(unit, context.scope)
    ? fieldsOf(unit, observed).filter((field) => !isAccepted(desired, field, context.now))
    : [];
  const strayed = differing.length > 0 && manifestUnchanged(unit, differing);
  const contested = contestedStack(entry?.drift, context.now);
  const isTold = strayed && (desired?.driftRespond === 'report' || contested !== null);
  const fields = isTold ? [] : differing;
  const definition = fields.length === 0 ? 'as-it-is' : strayed ? 'drifted' : 'manifest-changed';
  const members = planMembers(unit, observed.members, context, definition);
  const resources = planReverts(unit, context.unrevertable, { isStackLeft: isTold });
  const told: DriftFinding = { address: unit.subject.address, fields: differing };
  const rest = {
    ...NOTHING,
    refusals: members.refusals,
    unknowns: members.unknowns,
    departed: members.departed,
    drift: [
      ...(isTold
        ? [contested === null || desired?.driftRespond === 'report' ? told : { ...told, cannot: contested }]
        : []),
      ...resources.drift,
      ...members.drift,
    ],
  };
  if (fields.length + members.changes.length + resources.reverts.length === 0) return rest;
  const reason: Reason =
    strayed && fields.length > 0
      ? 'drifted'
      : fields.length > 0
        ? interrupted(entry)
          ? 'interrupted'
          : entry?.recorded
            ? 'manifest-changed'
            : 'unrecorded'
        : resources.reverts.length > 0
          ? 'drifted'
          : 'members';
  return {
    ...rest,
    change: change(unit, observed, {
      action: 'update',
      reason,
      fields: [...fields, ...resources.fields],
      members: members.changes,
      reverts: resources.reverts,
      context,
    }),
  };
}

function isRenamed({ entry, subject }: Unit, observed: Known): boolean {
  const recorded = entry?.recorded;
  return recorded != null && recorded.identity === observed.identity && recorded.stackName !== subject.stackName;
}

/** An operation of ours that outlived its controller is waited for; what differs is not known before it is at rest. */
function planBusy(unit: Unit, observed: Known, condition: Busy, context: UnitContext): UnitPlan {
  if (!isOurs(unit, condition)) return somebodyElses(unit, observed);
  const members = planMembers(unit, observed.members, context).changes;
  return { ...NOTHING, change: change(unit, observed, { action: 'update', reason: 'interrupted', members, context }) };
}

/**
 * Every field that differs says the same in the record as in the manifest, so AWS is what moved, and nobody here moved it:
 * a change that was begun and never verified may be what is seen.
 */
function manifestUnchanged(unit: Unit, fields: readonly Field[]): boolean {
  const recorded = unit.entry?.recorded;
  if (recorded == null || unit.wanted === null || unit.entry?.step.type !== 'idle') return false;
  const moved = new Set(
    diffSettings(unit.wanted.settings, recorded.settings, recorded.settings).map((field) => field.path),
  );
  return fields.every((field) => !moved.has(field.path));
}

/** What nobody touched since it was verified is as it was recorded, however AWS may write it. */
function fieldsOf(unit: Unit, observed: Known): Field[] {
  if (unit.wanted === null) return [];
  const recorded = unit.entry?.recorded ?? null;
  const isUntouched = recorded !== null && recorded.observedSha256 === observed.sha256;
  return diffSettings(
    unit.wanted.settings,
    isUntouched ? recorded.settings : observed.settings,
    recorded?.settings ?? null,
  );
}

/** What a new unit is given: the parameters that its manifest sets. */
function givenParameters(unit: Unit): Field[] {
  const { settings, deployments } = unit.wanted!;
  const given = new Set(
    deployments.flatMap(({ parameters, references }) => [...Object.keys(parameters), ...Object.keys(references)]),
  );
  return Object.entries(settings.parameters)
    .filter(([name]) => given.has(name))
    .map(([name, value]) => ({ path: `parameters.${name}`, before: null, after: shownParameter(value) }));
}

function interrupted(entry: Entry | null): boolean {
  return entry?.step.type === 'in-doubt';
}
