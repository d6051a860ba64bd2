import { manifestOf, targetOf } from '../model/address.js';
import type { Address } from '../model/address.js';
import type { Condition, Known, Observation } from '../model/observed.js';
import type { Change, DriftFinding, Field, MemberChange, Reason, Refusal, UnknownTarget } from '../model/plan.js';
import type { Entry } from '../model/recorded.js';
import { unreachable } from '../model/unreachable.js';
import { diffSettings, shownParameter } from './diff.js';
import { planMembers } from './plan-members.js';
import { deletionOf, isWhole } from './units.js';
import type { Unit, UnitContext } from './units.js';

export type UnitPlan = {
  readonly change: Change | null;
  readonly drift: readonly DriftFinding[];
  readonly refusals: readonly Refusal[];
  readonly unknowns: readonly UnknownTarget[];
  /** Accounts that are recorded, no longer wanted, and not ACTIVE: named, and left alone. */
  readonly departed: readonly string[];
};

const NOTHING: UnitPlan = { change: null, drift: [], refusals: [], unknowns: [], departed: [] };

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
        members: planMembers(unit, observed.members, context, true).changes,
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
  const fields = isWhole(unit, context.scope) ? fieldsOf(unit, observed) : [];
  const strayed = fields.length > 0 && manifestUnchanged(unit, fields);
  const members = planMembers(unit, observed.members, context, fields.length > 0 && !strayed);
  const rest = { ...NOTHING, refusals: members.refusals, unknowns: members.unknowns, departed: members.departed };
  if (strayed && desired?.driftRespond === 'report') {
    const drift = [{ address: unit.subject.address, fields }, ...members.drift];
    return {
      ...rest,
      drift,
      change:
        members.changes.length === 0
          ? null
          : change(unit, observed, {
              action: 'update',
              reason: 'members',
              fields: [],
              members: members.changes,
              context,
            }),
    };
  }
  if (fields.length === 0 && members.changes.length === 0) return { ...rest, drift: members.drift };
  const reason: Reason = strayed
    ? 'drifted'
    : fields.length > 0
      ? interrupted(entry)
        ? 'interrupted'
        : entry?.recorded
          ? 'manifest-changed'
          : 'unrecorded'
      : 'members';
  return {
    ...rest,
    drift: members.drift,
    change: change(unit, observed, { action: 'update', reason, fields, members: members.changes, context }),
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

type Busy = Extract<Condition, { type: 'busy' }>;

function isOurs(unit: Unit, { operation }: Busy): boolean {
  return operation !== null && unit.subject.tokens.some((token) => operation.startsWith(token));
}

function somebodyElses(unit: Unit, observed: Known): UnitPlan {
  return refused(
    'EK6008',
    unit,
    `somebody else's operation is running on ${unit.subject.stackName} (${observed.status})`,
    'wait until it has ended; the next reconcile looks again',
  );
}

/** The manifest or the target is gone. Deleting needs the tags and the record; without the one or the other nothing is touched. */
function planUnwanted(unit: Unit, observed: Observation, context: UnitContext): UnitPlan {
  if (isGone(unit, observed)) return NOTHING;
  const target = targetOf(unit.subject.address);
  if (target !== null && !context.isActive(target.account)) return { ...NOTHING, departed: [target.account] };
  if (observed.type === 'unknown')
    return {
      ...NOTHING,
      unknowns: [{ address: unit.subject.address, cause: observed.cause, diagnostic: observed.diagnostic }],
    };
  return observed.type === 'absent' ? NOTHING : planRemoval(unit, observed, context);
}

/** Of what nothing wants any more: whether it is there no longer, though its name may be somebody else's by now. */
export function isGone(unit: Unit, observed: Observation): boolean {
  if (observed.type === 'known')
    return observed.ownership === 'theirs' && observed.identity !== unit.entry?.recorded?.identity;
  return observed.type === 'absent';
}

function planRemoval(unit: Unit, observed: Known, context: UnitContext): UnitPlan {
  const { condition } = observed;
  const removed: Reason = unit.desired === null ? 'removed' : 'target-left';
  if (deletionOf(unit) === 'retain')
    return { ...NOTHING, change: change(unit, observed, { action: 'forget', reason: removed, context }) };
  if (observed.ownership === 'theirs')
    return refused('EK6006', unit, foreign(unit, observed), 'it is left alone; remove it by hand if it is not needed');
  if (unit.entry?.recorded != null && unit.entry.recorded.identity !== observed.identity)
    return refused(
      'EK6015',
      unit,
      `the tags of ${unit.subject.stackName} say that it is ours, and it is not the one that is recorded`,
      'delete it by hand if it is not needed',
    );
  if (unit.entry?.recorded == null && !isNamed(unit, observed))
    return refused(
      'EK6015',
      unit,
      `the tags of ${observed.identity} say that it is ours, and nothing was ever recorded of it`,
      'delete it by hand if it is not needed',
    );
  if (observed.settings.options['terminationProtection'] === true)
    return refused(
      'EK6024',
      unit,
      `${unit.subject.stackName} is protected against termination, and is to be deleted`,
      'whoever protected it can lift that: write terminationProtection: false and reconcile before the manifest goes, or lift it by hand; or write deletion: retain',
    );
  if (condition.type === 'busy' && !isOurs(unit, condition)) return somebodyElses(unit, observed);
  if (condition.type === 'stuck')
    return refused('EK6007', unit, `${unit.subject.stackName} is ${observed.status}`, condition.remedy);
  const reason = condition.type === 'busy' ? 'interrupted' : removed;
  const members = planMembers(unit, observed.members, context);
  const strangers = members.drift.map(({ address }) => unrecordedInstance(unit, address));
  const refusals = [...members.refusals, ...strangers];
  // A stack set cannot go while it holds instances that may not be touched.
  const action = members.departed.length + refusals.length > 0 ? 'update' : 'delete';
  const isIdle = action === 'update' && members.changes.length === 0;
  return {
    ...NOTHING,
    refusals,
    departed: members.departed,
    change: isIdle ? null : change(unit, observed, { action, reason, members: members.changes, context }),
  };
}

/** Whether it has the name under which it was begun; a copy of it carries the same tags. */
function isNamed({ subject }: Unit, { identity }: Known): boolean {
  return identity.includes(`/${subject.stackName}/`) || identity.startsWith(`${subject.stackName}:`);
}

function unrecordedInstance(unit: Unit, address: Address): Refusal {
  return {
    code: 'EK6015',
    address,
    message: `the stack set ${unit.subject.stackName} has an instance that nobody recorded, and cannot be deleted with it`,
    remedy: 'delete the stack instance by hand if it is not needed, then reconcile again',
  };
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
  const given = new Set(deployments.flatMap((deployment) => Object.keys(deployment.parameters)));
  return Object.entries(settings.parameters)
    .filter(([name]) => given.has(name))
    .map(([name, value]) => ({ path: `parameters.${name}`, before: null, after: shownParameter(value) }));
}

function interrupted(entry: Entry | null): boolean {
  return entry?.step.type === 'in-doubt';
}

function foreign(unit: Unit, observed: Known): string {
  const place = targetOf(unit.subject.address);
  return `${unit.subject.stackName}${place === null ? '' : ` in ${place.account}/${place.region}`} exists (${observed.status}) and its tags do not say that it belongs to ${manifestOf(unit.subject.address)}`;
}

function refused(code: Refusal['code'], unit: Unit, message: string, remedy: string): UnitPlan {
  return { ...NOTHING, refusals: [{ code, address: unit.subject.address, message, remedy }] };
}

type ChangeParts = {
  readonly action: Change['action'];
  readonly reason: Reason;
  readonly fields?: readonly Field[];
  readonly members?: readonly MemberChange[];
  readonly context: UnitContext;
};

function change(unit: Unit, observed: Known | null, parts: ChangeParts): Change {
  const { predicted } = parts.context;
  const updates = parts.action === 'update' || parts.action === 'adopt';
  return {
    address: unit.subject.address,
    action: parts.action,
    reason: parts.reason,
    fields: parts.fields ?? [],
    members: parts.members ?? [],
    replaces: updates ? predicted.replaces : [],
    removes: updates ? predicted.removes : [],
    artifactSha256: unit.wanted?.artifact.sha256 ?? null,
    observedSha256: observed?.sha256 ?? null,
    dependsOn: [],
    wave: 0,
  };
}
