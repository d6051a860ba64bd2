import { targetOf } from '../model/address.js';
import type { Address } from '../model/address.js';
import type { Known, Observation } from '../model/observed.js';
import type { Reason, Refusal } from '../model/plan.js';
import { planMembers } from './plan-members.js';
import { change, foreign, isOurs, NOTHING, refused, somebodyElses } from './unit-plan.js';
import type { UnitPlan } from './unit-plan.js';
import { deletionOf } from './units.js';
import type { Unit, UnitContext } from './units.js';

/** The manifest or the target is gone. Deleting needs the tags and the record; without the one or the other nothing is touched. */
export function planUnwanted(unit: Unit, observed: Observation, context: UnitContext): UnitPlan {
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
