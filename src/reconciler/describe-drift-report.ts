import { manifestOf, targetOf } from '../model/address.js';
import type { Address, ManifestAddress } from '../model/address.js';
import type { Check, CheckBook, Pass, StackChecks } from '../model/checks.js';
import { DRIFT_METHODS, isOpen } from '../model/drift.js';
import type { DriftMethod, Finding } from '../model/drift.js';
import { grouped } from '../model/grouped.js';
import type { SyncStatus } from '../model/recorded.js';
import { nestedOf } from './drift/transitions.js';
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

/** Something that one method could not look at. */
export type Unchecked = {
  readonly address: Address;
  readonly layer: 'stack' | 'resource';
  readonly state: Extract<SyncStatus, 'NOT_CHECKABLE' | 'NOT_CHECKED' | 'UNKNOWN'>;
  readonly method: DriftMethod;
  /** When it was last looked at; null where it never was. */
  readonly at: string | null;
  /** Why, in AWS's words; null where nothing is known. */
  readonly error: string | null;
  /** Resource types and other parts that cannot be checked; sorted. */
  readonly parts: readonly string[];
  /** Since when a detection is under way; null where none is. */
  readonly pendingSince: string | null;
};

export type DriftReport = {
  readonly deployments: number;
  /** A stack set's own definition is none of the deployments. */
  readonly states: { readonly stack: StateCounts; readonly resource: StateCounts };
  /** Sorted by address and finding. */
  readonly findings: readonly FoundDrift[];
  readonly unchecked: readonly Unchecked[];
  /** Deployments that the newest pass counted and of which neither an index nor a book says anything yet. */
  readonly unnamed: number;
  /** DRIFTED by their rows, and no finding says how. */
  readonly unexplained: readonly Address[];
  /** The check that is longest ago, by method. */
  readonly oldest: Readonly<
    Partial<Record<'template' | 'detection', { readonly address: Address; readonly at: string }>>
  >;
};

/** Of several looks at one layer of one deployment, the one that matters most. */
const WORST: readonly SyncStatus[] = ['DRIFTED', 'UNKNOWN', 'NOT_CHECKED', 'NOT_CHECKABLE', 'IN_SYNC'];

/** What of it is of these addresses only. A pass counts all deployments, and is left out where not all are asked for. */
export function narrowed(facts: LedgerDrift, isMeant: (address: Address) => boolean): LedgerDrift {
  return {
    rows: facts.rows.filter(({ address }) => isMeant(address)),
    books: facts.books.map((book) => ({
      ...book,
      stacks: Object.fromEntries(Object.entries(book.stacks).filter(([, { address }]) => isMeant(address))),
    })),
    pass: facts.pass,
  };
}

/** Deployments by state, findings, and what could not be looked at. Unless `isWhole`, only what the facts name is counted. */
export function driftReport(facts: LedgerDrift, isWhole = true): DriftReport {
  const stacks = facts.books.flatMap((book) => Object.values(book.stacks));
  const checksOf = grouped(stacks, ({ address }) => address);
  const rowOf = new Map(facts.rows.map((row) => [row.address, row]));
  const named = [...new Set<Address>([...checksOf.keys(), ...rowOf.keys()])].filter((each) => targetOf(each) !== null);
  const states = named.map((address) => ({
    stack: stackState(rowOf.get(address), checksOf.get(address) ?? []),
    resource: resourceState(rowOf.get(address), checksOf.get(address) ?? []),
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
  return {
    deployments: named.length + unnamed,
    states: { stack, resource },
    findings: facts.rows.flatMap((row) => foundIn(row, checksOf.get(row.address) ?? [], facts.pass)).sort(byPlace),
    unnamed,
    unchecked: [...facts.rows.flatMap(uncheckedRow), ...stacks.flatMap(uncheckedStack)].sort(byPlace),
    unexplained: facts.rows.filter((row) => isUnexplained(row, facts.rows)).map(({ address }) => address),
    oldest: oldestOf(stacks),
  };
}

/** How each deployment's stack layer stands that the ledger names; the sweep of templates may know more than the walk. */
function stackState(row: LedgerRow | undefined, checks: readonly StackChecks[]): SyncStatus {
  const open = row?.drift.findings.filter(isOpen) ?? [];
  if (open.some(({ layer }) => layer !== 'resource')) return 'DRIFTED';
  const walk = row === undefined || (row.sync === 'DRIFTED' && open.length > 0) ? 'IN_SYNC' : row.sync;
  return worst([
    walk,
    ...checks.flatMap(({ template }) => (template === null ? [] : [unlessDrifted(template.status)])),
  ]);
}

function resourceState(row: LedgerRow | undefined, checks: readonly StackChecks[]): SyncStatus {
  if (row?.drift.findings.some((finding) => finding.layer === 'resource' && isOpen(finding)) === true) return 'DRIFTED';
  if (checks.length === 0) return 'NOT_CHECKED';
  return worst(checks.map(({ detection }) => (detection === null ? 'NOT_CHECKED' : unlessDrifted(detection.status))));
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

function uncheckedRow(row: LedgerRow): readonly Unchecked[] {
  if (row.sync === 'IN_SYNC' || row.sync === 'DRIFTED') return [];
  // A row says when it was last moved, and that is when it was last looked at only where nobody looked since.
  const at = row.sync === 'NOT_CHECKED' ? (row.at ?? null) : null;
  return [{ ...NOTHING_KNOWN, address: row.address, layer: 'stack', state: row.sync, method: 'walk', at }];
}

const NOTHING_KNOWN = { at: null, error: null, parts: [], pendingSince: null } as const;

function uncheckedStack(stack: StackChecks): readonly Unchecked[] {
  const { address, detection, template, pending } = stack;
  const inPart = (check: Check, layer: Unchecked['layer'], method: DriftMethod): readonly Unchecked[] => {
    const { at, status, error } = check;
    const parts = check.notCheckable.map((part) => (stack.nested === null ? part : `${stack.nested}: ${part}`));
    const state = status === 'UNKNOWN' || status === 'NOT_CHECKED' ? status : 'NOT_CHECKABLE';
    if (state === 'NOT_CHECKABLE' && parts.length === 0 && status !== 'NOT_CHECKABLE') return [];
    return [{ address, layer, state, method, at, error, parts, pendingSince: null }];
  };
  const ofResources =
    detection === null
      ? [
          {
            ...NOTHING_KNOWN,
            address,
            layer: 'resource' as const,
            state: 'NOT_CHECKED' as const,
            method: 'detection' as const,
            pendingSince: pending?.since ?? null,
          },
        ]
      : inPart(detection, 'resource', 'detection');
  return [...ofResources, ...(template === null ? [] : inPart(template, 'stack', 'template'))];
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

function oldestOf(stacks: readonly StackChecks[]): DriftReport['oldest'] {
  const oldest: { template?: { address: Address; at: string }; detection?: { address: Address; at: string } } = {};
  for (const stack of stacks) {
    for (const method of ['template', 'detection'] as const) {
      const check = stack[method];
      if (check !== null && (oldest[method] === undefined || check.at < oldest[method].at))
        oldest[method] = { address: stack.address, at: check.at };
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
