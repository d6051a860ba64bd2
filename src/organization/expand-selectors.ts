import { error } from '../manifest/issues.js';
import { tagOf } from '../manifest/references.js';
import type { Path } from '../manifest/raw.js';
import type { AccountSelector, At, TargetSelector } from '../model/desired.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { AccountId, OrganizationalUnitId, Partition, Region } from '../model/identifiers.js';
import type { Account } from '../model/organization.js';
import { unreachable } from '../model/unreachable.js';
import type { Directory } from './expand-directory.js';

/** A selector laid over one organization: whether it holds for an account in a Region, and what is wrong with it. */
export type Condition = {
  readonly covers: (account: Account) => boolean;
  readonly isExcepted: (account: Account, region: Region) => boolean;
  readonly regions: readonly Region[] | null;
  readonly diagnostics: readonly Diagnostic[];
};

type Selector = AccountSelector & {
  readonly regions?: readonly Region[] | undefined;
  readonly except?: TargetSelector['except'] | undefined;
};

/** Whether a selector is for this partition at all; what it names is in another organization otherwise. */
export function isMeantFor(
  selector: { readonly partitions?: readonly Partition[] | undefined },
  partition: Partition,
): boolean {
  return selector.partitions?.includes(partition) ?? true;
}

export function conditionOf(selector: Selector, path: Path, at: At, directory: Directory): Condition {
  const accounts = accountsOf(selector, path, at, directory);
  const { except } = selector;
  if (except === undefined) {
    return { ...accounts, isExcepted: () => false, regions: selector.regions ?? null };
  }
  const excepted = accountsOf(except, [...path, 'except'], at, directory);
  return {
    covers: accounts.covers,
    isExcepted: (account, region) => (except.regions?.includes(region) ?? true) && excepted.covers(account),
    regions: selector.regions ?? null,
    diagnostics: [...accounts.diagnostics, ...excepted.diagnostics],
  };
}

type Accounts = Pick<Condition, 'covers' | 'diagnostics'>;

/** Every condition that is present must hold. */
function accountsOf(selector: AccountSelector, path: Path, at: At, directory: Directory): Accounts {
  const diagnostics: Diagnostic[] = [];
  const conditions: ((account: Account) => boolean)[] = [];
  if (selector.organizationalUnits !== undefined) {
    const units = new Set<OrganizationalUnitId>();
    selector.organizationalUnits.forEach((reference, index) => {
      const found = directory.units(reference);
      if (found.type === 'found') found.units.forEach((unit) => units.add(unit));
      else diagnostics.push(noUnit(reference, found.nearest, at(...path, 'organizationalUnits', index)));
    });
    conditions.push((account) => units.has(account.parentId));
  }
  if (selector.accounts !== undefined) {
    const ids = new Set<AccountId>();
    selector.accounts.forEach((reference, index) => {
      const found = directory.account(reference);
      if (found.type === 'found') ids.add(found.account.id);
      else diagnostics.push(noAccount(reference, found, at(...path, 'accounts', index)));
    });
    conditions.push((account) => ids.has(account.id));
  }
  if (selector.tags !== undefined) {
    const tags = Object.entries(selector.tags);
    conditions.push((account) => tags.every(([key, values]) => hasTag(account, key, values)));
  }
  return { covers: (account) => conditions.every((holds) => holds(account)), diagnostics };
}

/** The tags of an account that can be no target need not have been read. */
function hasTag(account: Account, key: string, values: readonly string[]): boolean {
  if (account.tags === null && account.state !== 'ACTIVE') return false;
  const value = tagOf(account, key);
  return value !== undefined && values.includes(value);
}

function noUnit(reference: string, nearest: string, place: Diagnostic['place'] & {}): Diagnostic {
  const message = `no organizational unit matches ${reference}`;
  return error('EK3001', message, `did you mean ${nearest}?`, place);
}

type NoAccount = Exclude<ReturnType<Directory['account']>, { readonly type: 'found' }>;

function noAccount(reference: string, lookup: NoAccount, place: Diagnostic['place'] & {}): Diagnostic {
  switch (lookup.type) {
    case 'not-in-organization': {
      const remedy = 'correct the id, or remove it if the account has left';
      return error('EK3002', `account ${reference} is not in the organization`, remedy, place);
    }
    case 'unknown-name': {
      const remedy = lookup.nearest === null ? 'write an account id' : `did you mean ${lookup.nearest}?`;
      return error('EK3003', `no account is named ${reference}`, remedy, place);
    }
    case 'ambiguous': {
      const ids = lookup.candidates.map((account) => `${account.id} (${account.state})`).join(', ');
      const message = `${lookup.candidates.length} accounts are named ${reference}: ${ids}`;
      return error('EK3004', message, 'write the id of the one that is meant', place);
    }
    default:
      return unreachable(lookup);
  }
}
