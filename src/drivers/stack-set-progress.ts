import { targetOf } from '../model/address.js';
import type { ObservedMember } from '../model/observed.js';
import type { MemberChange } from '../model/plan.js';
import type { Step } from '../model/step.js';
import type { Target } from '../model/target.js';
import { targetKey } from '../model/target.js';
import { parameterDifference } from './comparison.js';
import type { Difference } from './comparison.js';
import { isOfStep } from './outcomes.js';

/** What has still to be done for one member that the plan names. */
export type MemberWork =
  | { readonly type: 'nothing' }
  | { readonly type: 'remove'; readonly retain: boolean }
  | { readonly type: 'create' }
  /** Its overrides are not the wanted ones. */
  | { readonly type: 'override' }
  /** It does not have, or no longer has, what the stack set says. */
  | { readonly type: 'refresh' }
  /** An operation of this very step has ended without bringing it about. */
  | { readonly type: 'failed'; readonly operation: string; readonly status: string }
  | { readonly type: 'inoperable'; readonly status: string };

export type PendingMember = { readonly target: Target; readonly change: MemberChange; readonly work: MemberWork };

/** The members that the plan names and the scope allows; nobody else's are touched. */
export function pendingMembers(step: Step): PendingMember[] {
  return step.change.members.flatMap((change) => {
    const target = targetOf(change.address);
    if (target === null || (step.scope.type === 'account' && step.scope.account !== target.account)) return [];
    return [{ target, change, work: workOf(step, change, target) }];
  });
}

function workOf(step: Step, change: MemberChange, target: Target): MemberWork {
  const observed = step.observed.type === 'known' ? step.observed.members[targetKey(target)] : undefined;
  const removing = change.action === 'delete' || change.action === 'forget';
  if (observed === undefined) return removing ? { type: 'nothing' } : { type: 'create' };
  if (observed.operation !== null && isOfStep(observed.operation, step.token) && isFailure(observed))
    return { type: 'failed', operation: observed.operation, status: observed.status };
  if (removing)
    return observed.condition === 'inoperable' && change.action === 'delete'
      ? { type: 'inoperable', status: observed.status }
      : { type: 'remove', retain: change.action === 'forget' };
  return workOnExisting(step, observed, target);
}

function workOnExisting(step: Step, observed: ObservedMember, target: Target): MemberWork {
  const difference = overrideDifference(step, observed, target);
  const isOurs = isOfStep(observed.operation, step.token);
  // A secret cannot be observed: that an operation of this step came last on it is how it is known to be done.
  const overrides = difference.paths.length > 0 || (difference.secrets.length > 0 && !isOurs);
  switch (observed.condition) {
    case 'inoperable':
      return { type: 'inoperable', status: observed.status };
    // The plan names it because its account is ACTIVE again.
    case 'suspended':
    case 'outdated':
      // One that never had a stack is created by whichever operation comes, so it comes with its overrides.
      return overrides && observed.identity === null ? { type: 'override' } : { type: 'refresh' };
    case 'settled':
      if (overrides) return { type: 'override' };
      return observed.strayed.length > 0 ? { type: 'refresh' } : { type: 'nothing' };
    case 'busy':
    case 'unresolved':
      return overrides && observed.condition === 'unresolved' ? { type: 'override' } : { type: 'nothing' };
  }
}

function overrideDifference(step: Step, observed: ObservedMember, target: Target): Difference {
  const key = targetKey(target);
  const wanted = step.wanted?.settings.members[key]?.parameters ?? {};
  return parameterDifference(
    wanted,
    observed.settings.parameters,
    step.subject.recorded?.members[key]?.settings.parameters ?? {},
  );
}

/** AWS's words for an operation that ended badly on this instance. */
function isFailure(observed: ObservedMember): boolean {
  return (
    (observed.condition === 'outdated' && /\/(FAILED|CANCELLED)\b/.test(observed.status)) ||
    observed.condition === 'inoperable'
  );
}
