import type { ObservedMember } from '../model/observed.js';
import type { Step, Wanted } from '../model/step.js';
import { targetKey } from '../model/target.js';
import type { Target, TargetKey } from '../model/target.js';
import type { PendingMember } from './stack-set-progress.js';

/** Which wave each wanted target belongs to; empty where the manifest has none. */
function wavesIn({ rollout, deployments }: Wanted): ReadonlyMap<TargetKey, number> {
  if (rollout.waves.length === 0) return new Map();
  return new Map(deployments.map(({ target, wave }) => [targetKey(target), wave]));
}

/** The members whose turn it is: of those with something left to do, the ones of the first wave. What is taken away waits for nobody. */
export function inTheirTurn(members: readonly PendingMember[], wanted: Wanted | null): readonly PendingMember[] {
  const waves = wanted === null ? new Map<TargetKey, number>() : wavesIn(wanted);
  if (waves.size === 0) return members;
  const waveOf = ({ target }: PendingMember): number => waves.get(targetKey(target)) ?? 0;
  const toDo = members.filter(
    ({ work }) => work.type === 'create' || work.type === 'override' || work.type === 'refresh',
  );
  const first = Math.min(...toDo.map(waveOf));
  return members.filter((member) => !toDo.includes(member) || waveOf(member) === first);
}

/**
 * Whom a new definition reaches first, so that everybody else waits OUTDATED for the wave that is theirs; null where it reaches all at once.
 * Instances that are still to be made come with the definition that stands by then.
 */
export function reachedFirst({ observed }: Step, wanted: Wanted): readonly Target[] | null {
  const waves = wavesIn(wanted);
  const members: Readonly<Record<TargetKey, ObservedMember>> = observed.type === 'known' ? observed.members : {};
  const existing = wanted.deployments.filter(({ target }) => members[targetKey(target)] !== undefined);
  if (waves.size === 0 || existing.length === 0) return null;
  const first = Math.min(...existing.map(({ wave }) => wave));
  return existing.filter(({ wave }) => wave === first).map(({ target }) => target);
}
