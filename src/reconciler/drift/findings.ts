import { deploymentAddress, manifestOf, targetOf } from '../../model/address.js';
import type { Address } from '../../model/address.js';
import { STACK_SUBJECT } from '../../model/drift.js';
import type { Difference, FindingKind, Sighting } from '../../model/drift.js';
import type { Known, NestedStack, Observation, ObservedMember } from '../../model/observed.js';
import type { Field, Scope } from '../../model/plan.js';
import type { Recorded, RecordedMember } from '../../model/recorded.js';
import { parseTargetKey } from '../../model/target.js';
import type { TargetKey } from '../../model/target.js';
import { diffParameters, diffSettings } from '../diff.js';
import { isWhole, targetInScope } from '../units.js';
import type { IsActive, Unit } from '../units.js';
import type { Look } from './look.js';
import { differencesOf } from './pointers.js';

/** When something was looked at, and when it was before. */
export type When = { readonly at: string; readonly before: string | null };

export type WalkContext = { readonly scope: Scope; readonly isActive: IsActive; readonly when: When };

/**
 * What the walk says of one unit and of its members, against the record. A layer that could not be looked at gives no look, so that
 * its findings stay; nothing is drift before it is recorded, while a step of ours is in doubt, or once nothing wants it any more.
 */
export function walkLooks(unit: Unit, seen: Observation, context: WalkContext): readonly Look[] {
  const recorded = unit.entry?.recorded ?? null;
  if (recorded === null || unit.entry?.step.type === 'in-doubt') return [];
  const target = targetOf(unit.subject.address);
  // Who may not look into an account knows from the organization that it is suspended.
  if (target !== null && !context.isActive(target.account))
    return [instance(unit.subject.address, 'suspended', recorded.identity, context)];
  if (seen.type === 'unknown') return [];
  const looks = target === null ? setLooks : stackLooks;
  return looks(unit, recorded, seen, context);
}

type Seen = Exclude<Observation, { type: 'unknown' }>;

function stackLooks(unit: Unit, recorded: Recorded, seen: Seen, context: WalkContext): readonly Look[] {
  const { address } = unit.subject;
  if (unit.wanted === null) return [];
  if (seen.type === 'absent' || seen.identity !== recorded.identity)
    return [instance(address, 'missing', recorded.identity, context)];
  if (seen.condition.type === 'stuck') return [instance(address, 'inoperable', recorded.identity, context)];
  if (seen.condition.type !== 'settled') return [];
  const differences = differencesOf(fieldsAgainst(recorded, seen));
  return [
    instance(address, null, recorded.identity, context),
    look(address, null, stackSightings(differences, recorded.identity), context),
    ...nestedLooks(address, recorded.nested, seen.nested, context),
  ];
}

/** What differs from the record; nothing where nobody touched it since it was verified. */
function fieldsAgainst(recorded: Recorded, seen: Known): readonly Field[] {
  if (recorded.observedSha256 === seen.sha256) return [];
  return diffSettings(recorded.settings, seen.settings, recorded.settings);
}

function setLooks(unit: Unit, recorded: Recorded, seen: Seen, context: WalkContext): readonly Look[] {
  const { address } = unit.subject;
  if (seen.type === 'absent')
    return unit.wanted !== null && isWhole(unit, context.scope)
      ? [instance(address, 'missing', recorded.identity, context)]
      : [];
  const own =
    unit.wanted === null || !isWhole(unit, context.scope) || seen.condition.type !== 'settled'
      ? []
      : [
          instance(address, null, recorded.identity, context),
          look(address, null, stackSightings(differencesOf(fieldsAgainst(recorded, seen)), recorded.identity), context),
        ];
  const known = Object.keys(unit.entry?.memberDrift ?? {});
  const keys = [...new Set([...Object.keys(recorded.members), ...Object.keys(seen.members), ...known] as TargetKey[])]
    .filter((key) => targetInScope(key, context.scope))
    .sort();
  return [...own, ...keys.flatMap((key) => memberLooks(unit, recorded, seen, key, context))];
}

function memberLooks(unit: Unit, set: Recorded, seen: Known, key: TargetKey, context: WalkContext): readonly Look[] {
  const address = deploymentAddress(manifestOf(unit.subject.address), parseTargetKey(key));
  const recorded = set.members[key];
  const observed = seen.members[key];
  const isWanted = unit.wanted?.settings.members[key] !== undefined;
  const identity = recorded?.identity ?? observed?.identity ?? null;
  const found = (kind: FindingKind | null): Look => instance(address, kind, identity, context);
  if (!isWanted && recorded === undefined && observed === undefined) return [{ ...found(null), ends: true }];
  if (recorded !== undefined && !context.isActive(parseTargetKey(key).account)) return [found('suspended')];
  if (!isWanted) {
    // Auto-deployment makes instances that no plan made; without it they are somebody's doing.
    const isStray =
      unit.wanted !== null &&
      recorded === undefined &&
      !isReached(unit, key) &&
      unit.wanted.settings.options['autoDeployment'] == null;
    return isStray && observed !== undefined ? [found('unexpected')] : [];
  }
  if (observed === undefined) return recorded === undefined ? [] : [found('missing')];
  if (recorded === undefined) return [];
  switch (observed.condition) {
    case 'busy':
      return [];
    case 'outdated':
      // What waits for its wave, or for a rollout to go on, is pending.
      return definitionMoves(unit, set) || isReached(unit, key) ? [] : [found('outdated')];
    case 'inoperable':
    case 'suspended':
      return [found(observed.condition)];
    // Its stack may be as it should: that is unknown, and no drift.
    case 'unresolved':
      return [];
    case 'settled':
      return [found(null), ...memberStackLooks(address, recorded, observed, context)];
  }
}

/** Whether a step of ours that failed may have left it as it is. */
function isReached({ entry }: Unit, key: TargetKey): boolean {
  return entry !== null && entry.step.type === 'failed' && entry.step.reach.targets.includes(key);
}

function definitionMoves(unit: Unit, set: Recorded): boolean {
  return diffSettings(unit.wanted!.settings, set.settings, set.settings).length > 0;
}

function memberStackLooks(
  address: Address,
  recorded: RecordedMember,
  observed: ObservedMember,
  context: WalkContext,
): readonly Look[] {
  const overrides = diffParameters(
    recorded.settings.parameters,
    observed.settings.parameters,
    recorded.settings.parameters,
  );
  if (observed.layer === 'unknown') {
    const sightings = stackSightings(differencesOf(overrides), observed.identity);
    return sightings.length === 0 ? [] : [{ ...look(address, null, sightings, context), isPartial: true }];
  }
  const differences = [...differencesOf(overrides), ...differencesOf(observed.strayed)];
  const distinct = [...new Map(differences.map((difference) => [difference.path, difference])).values()];
  return [
    look(address, null, stackSightings(distinct, observed.identity), context),
    ...nestedLooks(address, recorded.nested, observed.nested, context),
  ];
}

type Nested = Readonly<Record<string, NestedStack>>;

/** Stacks nested in one: changed past the stack that they belong to. */
function nestedLooks(
  address: Address,
  recorded: Nested | undefined,
  seen: Nested,
  context: WalkContext,
): readonly Look[] {
  if (recorded === undefined) return [];
  return Object.entries(recorded).map(([path, before]) => {
    const after = seen[path];
    const sighting: Sighting = {
      layer: 'stack',
      subject: `${path}.${STACK_SUBJECT}`,
      resourceType: null,
      physicalId: before.stackId,
      kind: 'changed',
      differences: after === undefined ? [] : nestedDifferences(before, after),
    };
    if (after === undefined) return { ...look(address, path, [{ ...sighting, kind: 'deleted' }], context) };
    return look(address, path, sighting.differences.length === 0 ? [] : [sighting], context);
  });
}

function nestedDifferences(before: NestedStack, after: NestedStack): readonly Difference[] {
  if (before.sha256 === after.sha256) return [];
  const template =
    before.template === after.template
      ? []
      : [{ path: 'template', before: after.template.slice(0, 12), after: before.template.slice(0, 12) }];
  const role =
    before.roleArn === after.roleArn ? [] : [{ path: 'options.roleArn', before: after.roleArn, after: before.roleArn }];
  return differencesOf([
    ...template,
    ...diffParameters(before.parameters, after.parameters, before.parameters),
    ...role,
  ]);
}

function look(address: Address, nested: string | null, sightings: readonly Sighting[], { when }: WalkContext): Look {
  return { address, nested, layer: 'stack', method: 'walk', sightings, ...when };
}

function stackSightings(differences: readonly Difference[], physicalId: string | null): readonly Sighting[] {
  if (differences.length === 0) return [];
  return [{ layer: 'stack', subject: STACK_SUBJECT, resourceType: null, physicalId, kind: 'changed', differences }];
}

/** Whether it is there, and as AWS should have left it; null where it is. */
function instance(address: Address, kind: FindingKind | null, physicalId: string | null, { when }: WalkContext): Look {
  const sightings: readonly Sighting[] =
    kind === null
      ? []
      : [{ layer: 'instance', subject: STACK_SUBJECT, resourceType: null, physicalId, kind, differences: [] }];
  return { address, nested: null, layer: 'instance', method: 'walk', sightings, ...when };
}
