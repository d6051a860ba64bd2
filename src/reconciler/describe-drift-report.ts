import { manifestOf, targetOf } from '../model/address.js';
import type { Address, ManifestAddress } from '../model/address.js';
import type { Check, CheckBook, Pass, StackChecks } from '../model/checks.js';
import { DRIFT_METHODS, isOpen } from '../model/drift.js';
import type { DriftMethod, Finding } from '../model/drift.js';
import { grouped } from '../model/grouped.js';
import type { SyncStatus } from '../model/recorded.js';
import type { TargetKey } from '../model/target.js';
import { nestedOf } from './drift/transitions.js';
import { isInDoubt, isOutdated, uncheckedRow, uncheckedStack, waitingSince } from './describe-drift-doubts.js';
import type { Believed, Unchecked } from './describe-drift-doubts.js';
import type { LedgerRow } from './ports.js';

/** All that the ledger knows of drift. */
export type LedgerDrift = {
  /** What is not in sync, and what has a finding. */
  readonly rows: readonly LedgerRow[];
  readonly books: readonly CheckBook[];
  /** Null before the first. */
  readonly pass: Pass | null;
};

export const SYNC_STATES: readonly SyncStatus[] = ['IN_SYNC', 'DRIFTED', 'NOT_CHECKABLE', 'NOT_CHECKED', 'UNKNOWN'];
export type StateCounts = Readonly<Record<SyncStatus, number>>;

/** A finding where it is, with the newest look of each method that saw it. */
export type FoundDrift = {
  readonly address: Address;
  readonly finding: Finding;
  readonly lastSeen: Readonly<Partial<Record<DriftMethod, string>>>;
};

export type DriftReport = {
  readonly deployments: number;
  /** Deployments of which a part could not be checked, or has not been checked in time. */
  readonly inPart: number;
  /** A stack set's own definition is none of the deployments. */
  readonly states: { readonly stack: StateCounts; readonly resource: StateCounts };
  /** Sorted by address and finding. */
  readonly findings: readonly FoundDrift[];
  readonly unchecked: readonly Unchecked[];
  /** Deployments that the newest pass counted and of which neither an index nor a book says anything yet. */
  readonly unnamed: number;
  /** DRIFTED by their rows, and no finding says how. */
  readonly unexplained: readonly Address[];
  /** The look that is longest ago, by method. One that failed saw nothing, and is none. */
  readonly oldest: Oldest;
  /** Who waits longest for a first look, by method, and since when. */
  readonly waiting: Oldest;
};

type Oldest = Readonly<Partial<Record<'template' | 'detection', { readonly address: Address; readonly at: string }>>>;

/** Of several looks at one layer of one deployment, the one that matters most. */
const WORST: readonly SyncStatus[] = ['DRIFTED', 'UNKNOWN', 'NOT_CHECKED', 'NOT_CHECKABLE', 'IN_SYNC'];

/** What of it is of these addresses, and places, only. A pass counts all deployments, and is left out where not all are asked for. */
export function narrowed(
  facts: LedgerDrift,
  isMeant: (address: Address) => boolean,
  isMeantPlace: (target: TargetKey) => boolean = () => false,
): LedgerDrift {
  return {
    rows: facts.rows.filter(({ address }) => isMeant(address)),
    // A book that cannot be relied on does not say what it is about.
    books: facts.books
      .filter(({ unreadable, target }) => unreadable === undefined || isMeantPlace(target))
      .map((book) => ({
        ...book,
        stacks: Object.fromEntries(Object.entries(book.stacks).filter(([, { address }]) => isMeant(address))),
      })),
    pass: facts.pass,
  };
}

/** Deployments by state, findings, and what could not be looked at. Unless `isWhole`, only what the facts name is counted. */
export function driftReport(facts: LedgerDrift, isWhole = true, since: Believed = null): DriftReport {
  const stacks = facts.books.flatMap((book) => Object.values(book.stacks));
  const checksOf = grouped(stacks, ({ address }) => address);
  const rowOf = new Map(facts.rows.map((row) => [row.address, row]));
  const named = [...new Set<Address>([...checksOf.keys(), ...rowOf.keys()])].filter((each) => targetOf(each) !== null);
  const states = named.map((address) => ({
    stack: stackState(rowOf.get(address), checksOf.get(address) ?? []),
    resource: resourceState(rowOf.get(address), checksOf.get(address) ?? [], since),
  }));
  const unnamed = isWhole ? Math.max(0, (facts.pass?.deployments ?? 0) - named.length) : 0;
  const unseen = states.filter(({ stack }) => stack === 'UNKNOWN').length;
  const unnamedUnseen = Math.min(unnamed, Math.max(0, (facts.pass?.unknown ?? 0) - unseen));
  const stack = { ...counts(states.map((each) => each.stack)) };
  const resource = { ...counts(states.map((each) => each.resource)) };
  // The pass looked at them, and the index of what is not in sync does not name them.
  stack.IN_SYNC += unnamed - unnamedUnseen;
  stack.UNKNOWN += unnamedUnseen;
  resource.NOT_CHECKED += unnamed;
  const unchecked = [
    ...facts.rows.flatMap(uncheckedRow),
    ...stacks.flatMap((each) => uncheckedStack(each, rowOf.get(each.address), since)),
  ].sort(byPlace);
  const doubted = new Set<Address>([
    ...named.filter((_, index) => isInDoubt(states[index]!.stack) || isInDoubt(states[index]!.resource)),
    // What drifted may hide what could not be looked at beside it.
    ...unchecked.flatMap(({ address, state }) => (state === 'UNKNOWN' && targetOf(address) !== null ? [address] : [])),
  ]);
  return {
    deployments: named.length + unnamed,
    inPart: unnamed + doubted.size,
    states: { stack, resource },
    findings: facts.rows.flatMap((row) => foundIn(row, checksOf.get(row.address) ?? [], facts.pass)).sort(byPlace),
    unnamed,
    unchecked,
    unexplained: facts.rows.filter((row) => isUnexplained(row, facts.rows)).map(({ address }) => address),
    oldest: oldestOf(stacks, lookedAt),
    waiting: oldestOf(stacks, waitingSince),
  };
}

/** How each deployment's stack layer stands that the ledger names; the sweep of templates may know more than the walk. */
function stackState(row: LedgerRow | undefined, checks: readonly StackChecks[]): SyncStatus {
  const open = row?.drift.findings.filter(isOpen) ?? [];
  if (open.some(({ layer }) => layer !== 'resource')) return 'DRIFTED';
  const walk = row === undefined || (row.sync === 'DRIFTED' && open.length > 0) ? 'IN_SYNC' : row.sync;
  return worst([
    walk,
    // Until the sweep has come to it, the walk's word is all there is, and no small one.
    ...checks.flatMap(({ template }) =>
      template === null || template.status === 'NOT_CHECKED' ? [] : [unlessDrifted(template.status)],
    ),
  ]);
}

function resourceState(row: LedgerRow | undefined, checks: readonly StackChecks[], since: Believed): SyncStatus {
  if (row?.drift.findings.some((finding) => finding.layer === 'resource' && isOpen(finding)) === true) return 'DRIFTED';
  if (checks.length === 0) return 'NOT_CHECKED';
  return worst(
    checks.map(({ detection }) =>
      detection === null || isOutdated(detection, row, since) ? 'NOT_CHECKED' : unlessDrifted(detection.status),
    ),
  );
}

/** What a check once said is drift is told by the findings, which know what came since: accepted, or put right. */
function unlessDrifted(status: SyncStatus): SyncStatus {
  return status === 'DRIFTED' ? 'IN_SYNC' : status;
}

function worst(states: readonly SyncStatus[]): SyncStatus {
  return WORST.find((state) => states.includes(state)) ?? 'IN_SYNC';
}

function counts(states: readonly SyncStatus[]): Record<SyncStatus, number> {
  const counted = { IN_SYNC: 0, DRIFTED: 0, NOT_CHECKABLE: 0, NOT_CHECKED: 0, UNKNOWN: 0 };
  for (const state of states) counted[state] += 1;
  return counted;
}

function foundIn(row: LedgerRow, checks: readonly StackChecks[], pass: Pass | null): readonly FoundDrift[] {
  return row.drift.findings.map((finding) => {
    const check = checks.find(({ nested }) => nested === nestedOf(finding.subject));
    const newest: Readonly<Record<DriftMethod, string | null>> = {
      walk: row.sync === 'UNKNOWN' ? null : (pass?.at ?? null),
      template: lookedAt(check?.template),
      detection: lookedAt(check?.detection),
    };
    const lastSeen = DRIFT_METHODS.flatMap((method) => {
      const first = finding.seenBy[method];
      const last = newest[method];
      if (first === undefined) return [];
      return [[method, last === null || last < first ? first : last] as const];
    });
    return { address: row.address, finding, lastSeen: Object.fromEntries(lastSeen) };
  });
}

/** A look that failed saw nothing. */
function lookedAt(check: Check | null | undefined): string | null {
  return check == null || check.status === 'UNKNOWN' || check.status === 'NOT_CHECKED' ? null : check.at;
}

/** A stack set is DRIFTED where one of its instances is, whose own row says how. */
function isUnexplained(row: LedgerRow, rows: readonly LedgerRow[]): boolean {
  if (row.sync !== 'DRIFTED' || row.drift.findings.some(isOpen)) return false;
  const manifest: ManifestAddress = manifestOf(row.address);
  return (
    row.address !== manifest ||
    !rows.some((other) => other.role === 'member' && manifestOf(other.address) === manifest && other.sync === 'DRIFTED')
  );
}

function oldestOf(stacks: readonly StackChecks[], timeOf: (check: Check | null) => string | null): Oldest {
  const oldest: { template?: { address: Address; at: string }; detection?: { address: Address; at: string } } = {};
  for (const stack of stacks) {
    for (const method of ['template', 'detection'] as const) {
      const at = timeOf(stack[method]);
      if (at !== null && (oldest[method] === undefined || at < oldest[method].at))
        oldest[method] = { address: stack.address, at };
    }
  }
  return oldest;
}

function byPlace(
  left: { readonly address: Address; readonly finding?: Finding },
  right: { readonly address: Address; readonly finding?: Finding },
): number {
  const one = `${left.address} ${left.finding?.layer ?? ''} ${left.finding?.subject ?? ''}`;
  const other = `${right.address} ${right.finding?.layer ?? ''} ${right.finding?.subject ?? ''}`;
  return one === other ? 0 : one < other ? -1 : 1;
}
