import { error } from '../manifest/issues.js';
import type { Desired } from '../model/desired.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Partition, Region } from '../model/identifiers.js';
import type { Account } from '../model/organization.js';
import type { Directory } from './expand-directory.js';
import { conditionOf, isMeantFor } from './expand-selectors.js';
import type { Condition } from './expand-selectors.js';

export type Targets = {
  /** By account id and then by Region, each pair once. */
  readonly targets: readonly { readonly account: Account; readonly region: Region }[];
  readonly excluded: readonly Account[];
  readonly diagnostics: readonly Diagnostic[];
};

/** A manifest's selectors united over the organization. */
export function targetsOf(desired: Desired, directory: Directory, partition: Partition): Targets {
  const regionsByAccount = new Map<Account, Set<Region>>();
  const excluded = new Set<Account>();
  const diagnostics: Diagnostic[] = [];
  desired.targets.forEach((selector, index) => {
    if (!isMeantFor(selector, partition)) return;
    const path = ['spec', 'targets', index];
    const condition = conditionOf(selector, path, desired.at, directory);
    const selected = select(condition, directory.accounts);
    for (const { account, regions } of selected.active) {
      const known = regionsByAccount.get(account) ?? new Set();
      regions.forEach((region) => known.add(region));
      regionsByAccount.set(account, known);
    }
    selected.inactive.forEach((account) => excluded.add(account));
    for (const diagnostic of condition.diagnostics) diagnostics.push(diagnostic);
    if (condition.diagnostics.length > 0 || selected.active.length > 0) return;
    diagnostics.push(nothingSelected(selected, desired.at(...path)));
  });
  const targets = directory.accounts.flatMap((account) =>
    [...(regionsByAccount.get(account) ?? [])].sort().map((region) => ({ account, region })),
  );
  return { targets, excluded: [...excluded], diagnostics };
}

type Selected = {
  readonly active: readonly { readonly account: Account; readonly regions: readonly Region[] }[];
  readonly inactive: readonly Account[];
  readonly covered: number;
};

function select(condition: Condition, accounts: readonly Account[]): Selected {
  const covered = accounts.filter((account) => condition.covers(account));
  const remaining = covered
    .map((account) => ({
      account,
      regions: (condition.regions ?? []).filter((region) => !condition.isExcepted(account, region)),
    }))
    .filter(({ regions }) => regions.length > 0);
  return {
    active: remaining.filter(({ account }) => account.state === 'ACTIVE'),
    inactive: remaining.filter(({ account }) => account.state !== 'ACTIVE').map(({ account }) => account),
    covered: covered.length,
  };
}

const NAMED = 5;

function nothingSelected({ inactive, covered }: Selected, place: Diagnostic['place'] & {}): Diagnostic {
  if (inactive.length > 0) {
    const named = listed(inactive.map((account) => `${account.id} (${account.state})`));
    const message = `the selector selects only accounts that are not ACTIVE: ${named}`;
    return error('EK3006', message, 'remove the selector, or wait until one of them is ACTIVE', place);
  }
  const message =
    covered > 0
      ? 'the selector selects nothing: all that it covers is excepted'
      : 'the selector selects nothing: no account meets all of its conditions';
  return error('EK3005', message, 'correct its conditions, or remove the selector', place);
}

/** The first few of many, and how many more there are. */
export function listed(items: readonly string[]): string {
  const more = items.length - NAMED;
  return more > 0 ? `${items.slice(0, NAMED).join(', ')} and ${more} more` : items.join(', ');
}
