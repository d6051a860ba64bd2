import { deploymentAddress, manifestOf, targetOf } from '../../model/address.js';
import type { Address } from '../../model/address.js';
import type { DriverKind } from '../../model/desired.js';
import type { Sha256 } from '../../model/identifiers.js';
import type { Known, NestedStack, Observation, SeenStack } from '../../model/observed.js';
import { parseTargetKey } from '../../model/target.js';
import type { Target, TargetKey } from '../../model/target.js';
import type { Survey } from '../survey.js';
import { targetInScope } from '../units.js';
import type { Unit } from '../units.js';

/** One stack that can be checked, nested ones apart from those that they are nested in. */
export type Watched = {
  /** The deployment that it belongs to. */
  readonly address: Address;
  readonly target: Target;
  readonly driver: DriverKind;
  readonly stack: SeenStack;
  /** Under what is known which of its resource types cannot be checked: its artifact, or a nested stack's own template; null where nothing is recorded. */
  readonly artifactSha256: Sha256 | null;
  /** Whether the record says what should stand there, and no step of ours is open. */
  readonly isComparable: boolean;
  readonly unit: Unit;
  readonly seen: Known;
};

export type Watching = {
  readonly stacks: readonly Watched[];
  /** Deployments, and stack sets, of which nobody knows this time which stacks they have. */
  readonly unseen: ReadonlySet<Address>;
};

/** Every stack of ours that stands, is wanted, and was looked at. Pure. */
export function watchedOf({ units, observed, plan }: Pick<Survey, 'units' | 'observed' | 'plan'>): Watching {
  const stacks: Watched[] = [];
  const unseen = new Set<Address>();
  for (const unit of units) {
    const { address } = unit.subject;
    const { watched, isSeen } = ownStacks(unit, observed.get(address));
    for (const each of watched) stacks.push(each);
    if (!isSeen) unseen.add(address);
    for (const member of memberStacks(unit, observed.get(address))) {
      if (!targetInScope(member.key, plan.scope)) continue;
      for (const each of member.watched) stacks.push(each);
      if (member.watched.length === 0) unseen.add(member.address);
    }
  }
  return { stacks, unseen };
}

type Own = { readonly watched: readonly Watched[]; readonly isSeen: boolean };
const NOTHING: Own = { watched: [], isSeen: true };
const UNSEEN: Own = { watched: [], isSeen: false };

/** The stacks of one deployment as an observation shows them. */
export function ownStacks(unit: Unit, seen: Observation | undefined): Own {
  const { address, driver } = unit.subject;
  if (unit.wanted === null) return NOTHING;
  if (seen === undefined || seen.type === 'unknown') return UNSEEN;
  if (seen.type === 'absent' || seen.ownership === 'theirs') return NOTHING;
  const target = targetOf(address);
  if (target === null) return NOTHING;
  // A stack that is stuck has its resources all the same, and CloudFormation says which of its states it can check.
  const isStanding = seen.condition.type === 'settled' || seen.condition.type === 'stuck';
  if (!isStanding || seen.stacks.length === 0) return UNSEEN;
  const recorded = unit.entry?.recorded ?? null;
  const isComparable =
    recorded?.identity === seen.identity && seen.condition.type === 'settled' && unit.entry?.step.type === 'idle';
  const watched = seen.stacks.map((stack) => ({
    address,
    target,
    driver,
    stack,
    artifactSha256: digestOf(stack, recorded?.artifactSha256, recorded?.nested),
    isComparable: isComparable && isRecorded(stack, recorded.nested),
    unit,
    seen,
  }));
  return { watched, isSeen: true };
}

type Member = { readonly address: Address; readonly key: TargetKey; readonly watched: readonly Watched[] };

function memberStacks(unit: Unit, seen: Observation | undefined): readonly Member[] {
  const { subject, entry, wanted } = unit;
  if (targetOf(subject.address) !== null || wanted === null) return [];
  if (seen?.type !== 'known' || seen.ownership === 'theirs') return [];
  return (Object.keys(seen.members) as TargetKey[]).map((key) => {
    const target = parseTargetKey(key);
    const address = deploymentAddress(manifestOf(subject.address), target);
    const { condition, layer, stacks } = seen.members[key]!;
    if (condition !== 'settled' || layer === 'unknown') return { address, key, watched: [] };
    const recorded = entry?.recorded?.members[key];
    const isComparable = recorded !== undefined && entry?.step.type === 'idle';
    const watched = stacks.map((stack) => ({
      address,
      target,
      driver: subject.driver,
      stack,
      artifactSha256: digestOf(stack, entry?.recorded?.artifactSha256, recorded?.nested),
      isComparable: isComparable && isRecorded(stack, recorded.nested),
      unit,
      seen,
    }));
    return { address, key, watched };
  });
}

type Nested = Readonly<Record<string, NestedStack>> | undefined;

function digestOf({ nested }: SeenStack, artifact: Sha256 | undefined, recorded: Nested): Sha256 | null {
  return (nested === null ? artifact : recorded?.[nested]?.template) ?? null;
}

function isRecorded({ nested, stackId }: SeenStack, recorded: Nested): boolean {
  return nested === null || recorded?.[nested]?.stackId === stackId;
}
