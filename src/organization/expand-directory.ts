import { closest } from 'fastest-levenshtein';
import picomatch from 'picomatch';
import type { AccountId, OrganizationalUnitId } from '../model/identifiers.js';
import type { Account, Organization } from '../model/organization.js';

export type UnitLookup =
  | { readonly type: 'found'; readonly units: ReadonlySet<OrganizationalUnitId> }
  | { readonly type: 'none'; readonly nearest: string };

export type AccountLookup =
  | { readonly type: 'found'; readonly account: Account }
  | { readonly type: 'not-in-organization' }
  | { readonly type: 'ambiguous'; readonly candidates: readonly Account[] }
  | { readonly type: 'unknown-name'; readonly nearest: string | null };

/** The organization as selectors ask for it; each lookup is made once, however many manifests make it. */
export type Directory = {
  /** Sorted by id. */
  readonly accounts: readonly Account[];
  readonly units: (reference: string) => UnitLookup;
  readonly account: (reference: string) => AccountLookup;
};

export function directoryOf(organization: Organization): Directory {
  const accounts = [...organization.accounts].sort((left, right) => (left.id < right.id ? -1 : 1));
  const byId = new Map(accounts.map((account) => [account.id, account]));
  const byName = new Map<string, readonly Account[]>();
  for (const account of accounts) byName.set(account.name, [...(byName.get(account.name) ?? []), account]);
  return {
    accounts,
    units: remembered((reference) => findUnits(organization, reference)),
    account: remembered((reference) => findAccount(byId, byName, reference)),
  };
}

function remembered<T>(find: (reference: string) => T): (reference: string) => T {
  const known = new Map<string, T>();
  return (reference) => {
    const before = known.get(reference);
    if (before !== undefined) return before;
    const found = find(reference);
    known.set(reference, found);
    return found;
  };
}

function findAccount(
  byId: ReadonlyMap<AccountId, Account>,
  byName: ReadonlyMap<string, readonly Account[]>,
  reference: string,
): AccountLookup {
  if (/^\d{12}$/.test(reference)) {
    const account = byId.get(reference as AccountId);
    return account === undefined ? { type: 'not-in-organization' } : { type: 'found', account };
  }
  const [account, ...others] = byName.get(reference) ?? [];
  if (account === undefined) {
    const names = [...byName.keys()];
    return { type: 'unknown-name', nearest: names.length === 0 ? null : closest(reference, names) };
  }
  return others.length === 0 ? { type: 'found', account } : { type: 'ambiguous', candidates: [account, ...others] };
}

const DESCENDANTS = '/**';

/** A path that is spelled exactly so is that unit, whatever characters its name has; `<id>/**` is a unit and all below it. */
function findUnits({ units }: Organization, reference: string): UnitLookup {
  const tail = reference.endsWith(DESCENDANTS) ? DESCENDANTS : '';
  const head = reference.slice(0, reference.length - tail.length);
  const isId = !reference.startsWith('/');
  const base = units.find((unit) => (isId ? unit.id === head : unit.path === (head || '/')));
  const isMatch = base === undefined ? globOf(reference) : below(base.path, tail !== '');
  const found = units.filter((unit) => isMatch(unit.path)).map((unit) => unit.id);
  if (found.length > 0) return { type: 'found', units: new Set(found) };
  const nearest = closest(
    head,
    units.map((unit) => (isId ? unit.id : unit.path)),
  );
  return { type: 'none', nearest: nearest === '/' && tail !== '' ? DESCENDANTS : `${nearest}${tail}` };
}

const below =
  (base: string, descendants: boolean) =>
  (path: string): boolean =>
    path === base || (descendants && path.startsWith(base === '/' ? '/' : `${base}/`));

/** Without the leading slash, because a leading `**` stands for the top too, so that X is found there. Names may hold what picomatch would take for syntax. */
function globOf(reference: string): (path: string) => boolean {
  const pattern = reference.replace(/^\//, '').replace(/[()|\\]/g, '\\$&');
  const options = { dot: true, nonegate: true, noextglob: true, nobracket: true };
  const matches = picomatch(pattern, options);
  return (path) => path !== '/' && matches(path.slice(1));
}
