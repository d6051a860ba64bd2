import { error } from '../manifest/issues.js';
import type { Desired } from '../model/desired.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Account } from '../model/organization.js';
import type { Directory } from './expand-directory.js';
import { conditionOf } from './expand-selectors.js';
import { listed } from './expand-targets.js';

export type WaveSource = {
  /** Counted from 0; the first wave that selects the account. */
  readonly at: (account: Account) => number;
  /** What was found in the manifest, and at the targets asked for so far. */
  readonly diagnostics: () => readonly Diagnostic[];
};

/** Which wave of a manifest's rollout each account belongs to. */
export function wavesOf(desired: Desired, directory: Directory): WaveSource {
  const path = (index: number) => ['spec', 'rollout', 'waves', index] as const;
  const waves = desired.rollout.waves.map((wave, index) => conditionOf(wave, path(index), desired.at, directory));
  const used = new Set<number>();
  const left = new Set<Account>();
  return {
    at: (account) => {
      const wave = waves.findIndex((condition) => condition.covers(account));
      if (wave >= 0) used.add(wave);
      else if (waves.length > 0) left.add(account);
      return Math.max(0, wave);
    },
    diagnostics: () => [
      ...waves.flatMap(({ diagnostics }) => diagnostics),
      ...waves.flatMap((condition, index) =>
        used.has(index) || condition.diagnostics.length > 0 ? [] : [idleWave(desired, index)],
      ),
      ...(left.size === 0 ? [] : [leftOut(desired, [...left])]),
    ],
  };
}

function idleWave(desired: Desired, index: number): Diagnostic {
  const place = desired.at('spec', 'rollout', 'waves', index);
  const message = `wave ${index + 1} has no target of its own`;
  return { ...error('EK3009', message, 'correct its conditions, or remove it', place), severity: 'warning' };
}

function leftOut(desired: Desired, accounts: readonly Account[]): Diagnostic {
  const names = listed(accounts.map((account) => `${account.id} (${account.name})`));
  return error(
    'EK3010',
    `no wave of the rollout has account${accounts.length === 1 ? '' : 's'} ${names}`,
    'end the waves with { all: true }',
    desired.at('spec', 'rollout', 'waves'),
  );
}
