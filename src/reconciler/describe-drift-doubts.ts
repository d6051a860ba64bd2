import type { Address } from '../model/address.js';
import type { Check, StackChecks } from '../model/checks.js';
import type { DriftMethod } from '../model/drift.js';
import type { SyncStatus } from '../model/recorded.js';
import type { LedgerRow } from './ports.js';

/** Something that one method could not look at. */
export type Unchecked = {
  readonly address: Address;
  readonly layer: 'stack' | 'resource';
  readonly state: Extract<SyncStatus, 'NOT_CHECKABLE' | 'NOT_CHECKED' | 'UNKNOWN'>;
  readonly method: DriftMethod;
  /** When it was last looked at; null where it never was. */
  readonly at: string | null;
  /** Since when it waits for its first look; null where there was one, or nobody waits for any. */
  readonly waitingSince: string | null;
  /** Why, in AWS's words; null where nothing is known. */
  readonly error: string | null;
  /** Resource types and other parts that cannot be checked; sorted. */
  readonly parts: readonly string[];
  /** Since when a detection is under way; null where none is. */
  readonly pendingSince: string | null;
};

/** Looks before this time are too long ago to be believed; null where nobody knows how often there should be one. */
export type Believed = string | null;

/** Neither good nor bad: nobody has looked, or could. */
export function isInDoubt(state: SyncStatus): boolean {
  return state !== 'IN_SYNC' && state !== 'DRIFTED';
}

/** What was seen once says little of a stack that nobody can see any more, or that should have been looked at again. */
export function isOutdated({ at, status }: Check, row: LedgerRow | undefined, since: Believed): boolean {
  return !isInDoubt(status) && (row?.sync === 'UNKNOWN' || (since !== null && at < since));
}

/** What the walk could not see. */
export function uncheckedRow(row: LedgerRow): readonly Unchecked[] {
  if (row.sync === 'IN_SYNC' || row.sync === 'DRIFTED') return [];
  // A row says when it was last moved, and that is when it was last looked at only where nobody looked since.
  const at = row.sync === 'NOT_CHECKED' ? (row.at ?? null) : null;
  return [{ ...NOTHING_KNOWN, address: row.address, layer: 'stack', state: row.sync, method: 'walk', at }];
}

const NOTHING_KNOWN = { at: null, waitingSince: null, error: null, parts: [], pendingSince: null } as const;

/** What the sweep of templates and drift detection could not see, or have not seen yet. */
export function uncheckedStack(stack: StackChecks, row: LedgerRow | undefined, since: Believed): readonly Unchecked[] {
  const { address, detection, template, pending } = stack;
  const resources = { ...NOTHING_KNOWN, address, layer: 'resource', method: 'detection' } as const;
  const sweep = { ...NOTHING_KNOWN, address, layer: 'stack', method: 'template' } as const;
  const pendingSince = pending?.since ?? null;
  if (detection === null)
    return [{ ...resources, state: 'NOT_CHECKED', pendingSince }, ...ofCheck(template, sweep, stack)];
  return [
    ...(isOutdated(detection, row, since)
      ? [{ ...resources, state: 'NOT_CHECKED' as const, at: detection.at, pendingSince }]
      : []),
    ...ofCheck(
      detection,
      { ...resources, pendingSince: waitingSince(detection) === null ? null : pendingSince },
      stack,
    ),
    ...ofCheck(template, sweep, stack),
  ];
}

/** What one look could not see: nothing yet, what it failed at, and what it can never see. */
function ofCheck(check: Check | null, about: Omit<Unchecked, 'state'>, { nested }: StackChecks): readonly Unchecked[] {
  if (check === null) return [];
  const { at, status, error } = check;
  if (status === 'NOT_CHECKED') return [{ ...about, state: status, waitingSince: at }];
  const parts = check.notCheckable.map((part) => (nested === null ? part : `${nested}: ${part}`));
  return [
    // What drifted was found before the look failed at the rest.
    ...(status === 'UNKNOWN' || error !== null ? [{ ...about, state: 'UNKNOWN' as const, at, error }] : []),
    ...(parts.length > 0 || status === 'NOT_CHECKABLE'
      ? [{ ...about, state: 'NOT_CHECKABLE' as const, at, parts }]
      : []),
  ];
}

/** Since when nobody has looked for the first time; null where somebody did. */
export function waitingSince(check: Check | null): string | null {
  return check?.status === 'NOT_CHECKED' ? check.at : null;
}
