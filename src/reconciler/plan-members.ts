import { deploymentAddress, manifestOf } from '../model/address.js';
import type { Address } from '../model/address.js';
import type { ObservedMember } from '../model/observed.js';
import type { DriftFinding, Field, MemberChange, Reason, Refusal, UnknownTarget } from '../model/plan.js';
import type { MemberSettings } from '../model/settings.js';
import { parseTargetKey } from '../model/target.js';
import type { TargetKey } from '../model/target.js';
import { unreachable } from '../model/unreachable.js';
import { diffParameters } from './diff.js';
import { isAccepted } from './drift/accepted.js';
import { contestedStack, tellResources } from './drift/reverts.js';
import { deletionOf, targetInScope } from './units.js';
import type { Unit, UnitContext } from './units.js';

export type MemberPlans = {
  readonly changes: readonly MemberChange[];
  readonly drift: readonly DriftFinding[];
  readonly refusals: readonly Refusal[];
  readonly unknowns: readonly UnknownTarget[];
  readonly departed: readonly string[];
};

type ObservedMembers = Readonly<Record<TargetKey, ObservedMember>>;

/** What becomes of the unit's own definition, and why: an update of it reaches every instance. */
type Definition = 'as-it-is' | 'manifest-changed' | 'drifted';

/**
 * The instances inside a unit: the account × Region grid, hole by hole. Instances that nobody recorded are reported and never deleted.
 */
export function planMembers(
  unit: Unit,
  observed: ObservedMembers,
  context: UnitContext,
  definition: Definition = 'as-it-is',
): MemberPlans {
  const plans = {
    changes: [] as MemberChange[],
    drift: [] as DriftFinding[],
    refusals: [] as Refusal[],
    unknowns: [] as UnknownTarget[],
    departed: [] as string[],
  };
  const wanted = unit.wanted?.settings.members ?? {};
  const keys = [...new Set([...Object.keys(wanted), ...Object.keys(observed)] as TargetKey[])]
    .filter((key) => targetInScope(key, context.scope))
    .sort();
  for (const key of keys) {
    const wantedMember = wanted[key];
    const observedMember = observed[key];
    if (wantedMember === undefined) planUnwantedMember(unit, key, observedMember!, context, plans);
    else if (observedMember === undefined)
      plans.changes.push(
        member(
          unit,
          key,
          'create',
          recordedAt(unit, key) === undefined ? 'new' : 'missing',
          diffParameters(wantedMember.parameters, {}, {}),
        ),
      );
    else planKnownMember(unit, key, wantedMember, observedMember, definition, context, plans);
  }
  return plans;
}

const BESIDE_ACCEPTED = 'an update puts all of an instance right, and would undo drift that the manifest accepts there';

type Plans = {
  changes: MemberChange[];
  drift: DriftFinding[];
  refusals: Refusal[];
  unknowns: UnknownTarget[];
  departed: string[];
};

function planKnownMember(
  unit: Unit,
  key: TargetKey,
  wanted: MemberSettings,
  observed: ObservedMember,
  definition: Definition,
  context: UnitContext,
  plans: Plans,
): void {
  const address = addressOf(unit, key);
  const recorded = recordedAt(unit, key);
  const isPlanned = (field: Field): boolean => !isAccepted(unit.desired, field, context.now);
  const { parameters } = observed.settings;
  const overridden = diffParameters(wanted.parameters, parameters, recorded?.settings.parameters ?? {});
  const fields = overridden.filter(isPlanned);
  const strayed = observed.strayed.filter(isPlanned);
  // No update of an instance leaves out what is accepted there.
  const accepted = [...overridden, ...observed.strayed].filter((field) => !isPlanned(field));
  const state = unit.entry?.memberDrift[key];
  const contested = contestedStack(state, context.now);
  const respond = unit.desired?.driftRespond ?? 'report';
  const tell = (told: readonly Field[]): void => {
    const reason = respond === 'report' ? null : (contested ?? BESIDE_ACCEPTED);
    plans.drift.push({ address, fields: told, ...(reason === null ? {} : { cannot: reason }) });
  };
  const isTold = respond === 'report' || contested !== null || accepted.length > 0;
  if (observed.condition === 'settled') plans.drift.push(...tellResources(address, state, respond === 'revert'));
  switch (observed.condition) {
    case 'inoperable':
      plans.refusals.push(inoperable(address, observed));
      return;
    case 'unresolved':
      plans.unknowns.push({
        address,
        cause: 'listing-failed',
        diagnostic: {
          code: 'EK6021',
          severity: 'warning',
          address,
          message: `the stack set names ${observed.identity ?? 'no stack'}, which the account does not show`,
          remedy: 'look at the stack in that account; nothing is assumed about it',
        },
      });
      return;
    case 'busy':
      // The unit itself is busy then, and waited for: the operation may end with the instance as wanted, outdated or gone.
      plans.changes.push(member(unit, key, 'update', 'interrupted'));
      return;
    // What is wanted is in an ACTIVE account: it was suspended when AWS passed it over.
    case 'suspended':
    case 'outdated':
      plans.changes.push(
        member(
          unit,
          key,
          'update',
          definition !== 'as-it-is' ? definition : fields.length > 0 ? 'manifest-changed' : 'outdated',
          fields,
        ),
      );
      return;
    case 'settled':
      if (definition !== 'as-it-is')
        plans.changes.push(member(unit, key, 'update', definition, [...fields, ...accepted]));
      else if (fields.length > 0) {
        const drifted =
          recorded !== undefined &&
          unit.entry?.step.type === 'idle' &&
          diffParameters(wanted.parameters, recorded.settings.parameters, recorded.settings.parameters).length === 0;
        if (drifted && isTold) tell(fields);
        else
          plans.changes.push(
            drifted
              ? member(unit, key, 'update', 'drifted', fields)
              : member(unit, key, 'update', 'manifest-changed', [...fields, ...accepted]),
          );
      } else if (strayed.length > 0) {
        if (isTold) tell(strayed);
        else plans.changes.push(member(unit, key, 'update', 'drifted', strayed));
      }
      return;
    default:
      unreachable(observed.condition);
  }
}

function planUnwantedMember(
  unit: Unit,
  key: TargetKey,
  observed: ObservedMember,
  context: UnitContext,
  plans: Plans,
): void {
  const account = parseTargetKey(key).account;
  if (!context.isActive(account)) {
    plans.departed.push(account);
    return;
  }
  const begun = unit.entry?.step.type !== 'idle' && unit.entry?.step.reach.targets.includes(key) === true;
  if (recordedAt(unit, key) === undefined && !begun) {
    // Auto-deployment makes instances that no plan made; without it they are somebody's doing.
    if (unit.wanted?.settings.options['autoDeployment'] == null)
      plans.drift.push({
        address: addressOf(unit, key),
        fields: [{ path: 'instance', before: observed.status, after: null }],
      });
    return;
  }
  const action = deletionOf(unit) === 'retain' ? 'forget' : 'delete';
  if (action === 'delete' && observed.condition === 'inoperable')
    plans.refusals.push(inoperable(addressOf(unit, key), observed));
  else plans.changes.push(member(unit, key, action, unit.desired === null ? 'removed' : 'target-left'));
}

/** AWS lets go of such an instance only without its stack, which is for a person to decide. */
function inoperable(address: Address, observed: ObservedMember): Refusal {
  return {
    code: 'EK6007',
    address,
    message: `the stack instance is INOPERABLE (${observed.status})`,
    remedy:
      'delete the stack instance with RetainStacks, repair or delete the stack by hand, then reconcile: where it is wanted it is created anew',
  };
}

function recordedAt(unit: Unit, key: TargetKey) {
  return unit.entry?.recorded?.members[key];
}

function addressOf(unit: Unit, key: TargetKey) {
  return deploymentAddress(manifestOf(unit.subject.address), parseTargetKey(key));
}

function member(
  unit: Unit,
  key: TargetKey,
  action: MemberChange['action'],
  reason: Reason,
  fields: MemberChange['fields'] = [],
): MemberChange {
  return { address: addressOf(unit, key), action, reason, fields };
}
