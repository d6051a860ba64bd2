import { manifestOf, targetOf } from '../model/address.js';
import type { Address, ManifestAddress } from '../model/address.js';
import type { Rollout } from '../model/desired.js';
import type { RolloutPlan, WavePlan } from '../model/plan.js';
import { isPaced, paceOf } from './rollout.js';
import type { UnitPlan } from './unit-plan.js';
import type { Unit } from './units.js';

type Part = { readonly unit: Unit; readonly part: UnitPlan };

/** CloudFormation takes a quarter of the accounts where a stack set's manifest is silent, because we ask it to. */
const STACK_SET_DEFAULT = '25%';

/** The effective numbers of every rollout that the plan moves: of stack sets always, of stacks where the manifest says something. */
export function rolloutsOf(parts: readonly Part[]): readonly RolloutPlan[] {
  const moved = new Map<
    ManifestAddress,
    { readonly rollout: Rollout; readonly isSet: boolean; readonly at: Map<number, Address[]> }
  >();
  for (const { unit, part } of parts) {
    const { wanted, desired } = unit;
    if (wanted === null || desired === null || part.change === null) continue;
    const isSet = targetOf(unit.subject.address) === null;
    if (!isSet && !isPaced(unit)) continue;
    const manifest = manifestOf(unit.subject.address);
    const entry = moved.get(manifest) ?? { rollout: wanted.rollout, isSet, at: new Map<number, Address[]>() };
    moved.set(manifest, entry);
    const waves = new Map(wanted.deployments.map(({ address, wave }) => [address as Address, wave]));
    for (const address of isSet ? part.change.members.map((member) => member.address) : [part.change.address]) {
      const wave = waves.get(address);
      if (wave !== undefined) entry.at.set(wave, [...(entry.at.get(wave) ?? []), address]);
    }
  }
  return [...moved]
    .filter(([, { at }]) => at.size > 0)
    .map(([manifest, { rollout, isSet, at }]) => ({
      manifest,
      waves: [...at]
        .sort(([one], [other]) => one - other)
        .map(([wave, all]) => ({ wave, ...(isSet ? setWave(rollout, all) : stackWave(rollout, all)) })),
    }));
}

type Extent = Omit<WavePlan, 'wave'>;

function stackWave(rollout: Rollout, addresses: readonly Address[]): Extent {
  return { deployments: addresses.length, accounts: accountsIn(addresses), ...paceOf(rollout, addresses.length) };
}

function setWave(rollout: Rollout, addresses: readonly Address[]): Extent {
  const accounts = accountsIn(addresses);
  const asked = { ...rollout, stops: true, maxConcurrent: rollout.maxConcurrent ?? STACK_SET_DEFAULT };
  return { deployments: addresses.length, accounts, ...paceOf(asked, accounts) };
}

function accountsIn(addresses: readonly Address[]): number {
  return new Set(addresses.map((address) => targetOf(address)?.account)).size;
}
