import { targetOf, type Address } from '../model/address.js';
import type { Entry, HistoryHead, JournalStep, Recorded, RecordedMember, SyncStatus } from '../model/recorded.js';
import { NO_DRIFT, isOpen, type DriftState } from '../model/drift.js';
import type { MemberSettings } from '../model/settings.js';
import type { TargetKey } from '../model/target.js';
import type { EntryWrite, LedgerRow } from '../reconciler/ports.js';
import type { Bodies } from './bodies.js';
import { accountIndexKey, notInSyncIndexKey, rowKey, type ItemKey } from './keys.js';
import { LedgerError } from './ledger-error.js';
import type { Item } from './table.js';

/** A unit's row is an entry; a member's row is the part of its unit's record that stands at one target. */
export type Role = 'unit' | 'member';

/** What a unit's record says of one target; null where it says nothing. */
export type Member = {
  readonly member: RecordedMember | null;
  readonly settings: MemberSettings | null;
  readonly drift: DriftState;
};

export const NO_MEMBER: Member = { member: null, settings: null, drift: NO_DRIFT };

/** Whether there is nothing to say of it. */
export function isNothing({ member, settings, drift }: Member): boolean {
  return member === null && settings === null && isQuiet(drift);
}

function isQuiet({ findings, reverted }: DriftState): boolean {
  return findings.length === 0 && Object.keys(reverted).length === 0;
}

export function roleOf(item: Item): Role {
  return item['role'] as Role;
}

export function addressOf(item: Item): Address {
  return item['address'] as Address;
}

/** Whether a row stands for nothing in AWS and nothing begun: it is kept for its history and its generation. */
export function isVacant(item: Item): boolean {
  return item['status'] === 'absent';
}

export async function memberOf(bodies: Bodies, item: Item): Promise<Member> {
  return isVacant(item) ? NO_MEMBER : bodies.open<Member>(item);
}

/** A record without its members, and these one by one: no item grows with the number of accounts. */
export function splitRecord({ recorded, memberDrift }: Pick<EntryWrite, 'recorded' | 'memberDrift'>): {
  readonly common: Recorded | null;
  readonly members: ReadonlyMap<TargetKey, Member>;
} {
  const standing = recorded?.members ?? {};
  const settings = recorded?.settings.members ?? {};
  const targets = new Set([standing, settings, memberDrift].flatMap((each) => Object.keys(each) as TargetKey[]));
  const members = [...targets].map(
    (target) =>
      [
        target,
        {
          member: standing[target] ?? null,
          settings: settings[target] ?? null,
          drift: memberDrift[target] ?? NO_DRIFT,
        },
      ] as const,
  );
  return {
    common: recorded === null ? null : { ...recorded, settings: { ...recorded.settings, members: {} }, members: {} },
    members: new Map(members),
  };
}

export function joinRecord(common: Recorded, members: ReadonlyMap<TargetKey, Member>): Recorded {
  const recorded: Record<TargetKey, RecordedMember> = {};
  const settings: Record<TargetKey, MemberSettings> = {};
  for (const [target, part] of members) {
    if (part.member !== null) recorded[target] = part.member;
    if (part.settings !== null) settings[target] = part.settings;
  }
  return { ...common, settings: { ...common.settings, members: settings }, members: recorded };
}

/** What a unit's row holds besides what is asked of it by index: the journal too, for it names every target that a change reaches. */
type UnitBody = { readonly recorded: Recorded | null; readonly step: JournalStep; readonly drift: DriftState };

type Sync = Pick<EntryWrite, 'sync' | 'drift' | 'memberDrift'>;

/** An open finding makes DRIFTED of what its writer takes for good; what a writer does not know stays unknown. */
export function unitSync({ sync, ...found }: Sync): SyncStatus {
  return sync === 'IN_SYNC' && isAnyOpen(found) ? 'DRIFTED' : sync;
}

/**
 * What a member is that has no open finding of its own. As much as its unit, because nobody looks at the one without the other; except that
 * a finding elsewhere says nothing against it. Where the unit is DRIFTED and no finding says whose it is, it may be any member's.
 */
export function quietMemberSync(unit: Sync): SyncStatus {
  const sync = unitSync(unit);
  return sync === 'DRIFTED' && isAnyOpen(unit) ? 'IN_SYNC' : sync;
}

export function memberSync({ drift }: Member, quiet: SyncStatus): SyncStatus {
  return hasOpen(drift) ? 'DRIFTED' : quiet;
}

function isAnyOpen({ drift, memberDrift }: Pick<Sync, 'drift' | 'memberDrift'>): boolean {
  return hasOpen(drift) || Object.values(memberDrift).some(hasOpen);
}

function hasOpen({ findings }: DriftState): boolean {
  return findings.some(isOpen);
}

/** The row of a unit, without version, generation and head. */
export async function unitItem(
  bodies: Bodies,
  write: Pick<EntryWrite, 'address' | 'step' | 'sync' | 'drift'>,
  common: Recorded | null,
): Promise<ItemKey & Item> {
  const status = statusOf(common, write.step);
  const at = write.step.type === 'idle' ? common?.at : write.step.at;
  const item = {
    ...rowKey(write.address),
    address: write.address,
    role: 'unit' satisfies Role,
    sync: write.sync,
    status,
    at,
    ...shownDrift(write.drift),
    ...(status === 'absent' ? {} : { ...byAccount(write.address), ...whereNotQuiet(write) }),
  };
  return bodies.seal(item, { recorded: common, step: write.step, drift: write.drift } satisfies UnitBody);
}

/** The row of a unit of which there is nothing but a history. */
export function blankUnitItem(bodies: Bodies, address: Address): Promise<ItemKey & Item> {
  return unitItem(bodies, { address, step: { type: 'idle' }, sync: 'NOT_CHECKED', drift: NO_DRIFT }, null);
}

/** The row of a member, without version, generation and head. */
export async function memberItem(
  bodies: Bodies,
  address: Address,
  part: Member,
  { at, quiet }: { readonly at: string | undefined; readonly quiet: SyncStatus },
): Promise<ItemKey & Item> {
  const item = { ...rowKey(address), address, role: 'member' satisfies Role };
  if (isNothing(part)) return { ...item, status: 'absent' };
  const sync = memberSync(part, quiet);
  const status = part.member === null && part.settings === null ? 'unrecorded' : 'deployed';
  return bodies.seal(
    {
      ...item,
      sync,
      status,
      at,
      ...shownDrift(part.drift),
      ...byAccount(address),
      ...whereNotQuiet({ address, sync, drift: part.drift }),
    },
    part,
  );
}

/** What is not in sync, and what is only because somebody accepted how it differs: nobody shall have to look for that. */
function whereNotQuiet({ address, sync, drift }: Pick<EntryWrite, 'address' | 'sync' | 'drift'>): Item {
  return sync === 'IN_SYNC' && drift.findings.length === 0 ? {} : notInSyncIndexKey(address);
}

/** What the indexes show of drift without the body: as much as fits beside everything else. */
function shownDrift(drift: DriftState): Item {
  if (isQuiet(drift)) return {};
  const shown = JSON.stringify(drift);
  return { drift: shown.length <= LARGEST_SHOWN ? shown : JSON.stringify(abridged(drift)) };
}

const LARGEST_SHOWN = 32 * 1024;
const MOST_SHOWN = 20;

/** Some findings without their values, the open ones first; the body has all of them. */
function abridged({ findings, reverted }: DriftState): DriftState {
  const first = [...findings].sort((one, other) => Number(isOpen(other)) - Number(isOpen(one))).slice(0, MOST_SHOWN);
  const some = first.map((finding) => ({
    ...finding,
    differences: finding.differences.slice(0, MOST_SHOWN).map(({ path }) => ({ path, expected: null, actual: null })),
  }));
  return { findings: some, reverted };
}

/** What an index shows of a row. */
export function ledgerRow(item: Item): LedgerRow {
  return {
    address: addressOf(item),
    role: roleOf(item),
    sync: (item['sync'] as SyncStatus | undefined) ?? 'UNKNOWN',
    status: item['status'] as string,
    at: (item['at'] as string | undefined) ?? '',
    drift: NO_DRIFT,
    ...(item['drift'] === undefined ? {} : readDrift(item['drift'])),
  };
}

/** Somebody may have edited it: then nobody knows. */
function readDrift(shown: unknown): Pick<LedgerRow, 'drift'> | Pick<LedgerRow, 'sync'> {
  try {
    const drift = JSON.parse(String(shown)) as Partial<DriftState> | null;
    if (Array.isArray(drift?.findings) && drift.reverted !== undefined) return { drift: drift as DriftState };
  } catch {
    // Not even JSON.
  }
  return { sync: 'UNKNOWN' };
}

function byAccount(address: Address): Item {
  const target = targetOf(address);
  return target === null ? {} : accountIndexKey(target.account, address);
}

function statusOf(recorded: Recorded | null, step: JournalStep): string {
  if (step.type !== 'idle') return step.type;
  return recorded === null ? 'absent' : 'deployed';
}

function isUnitBody(body: Partial<UnitBody> | null): body is UnitBody {
  return body?.recorded !== undefined && body.step?.type !== undefined && Array.isArray(body.drift?.findings);
}

export async function entryOf(bodies: Bodies, item: Item, members: ReadonlyMap<TargetKey, Member>): Promise<Entry> {
  const body = await bodies.open<Partial<UnitBody> | null>(item);
  if (!isUnitBody(body))
    throw new LedgerError(
      `the item ${String(item['pk'])} ${String(item['sk'])} holds no entry: somebody edited it. Restore it from a backup from before`,
    );
  const { recorded, step, drift } = body;
  const drifted = [...members].filter(([, part]) => !isQuiet(part.drift));
  return {
    address: addressOf(item),
    recorded: recorded === null ? null : joinRecord(recorded, members),
    step,
    sync: item['sync'] as SyncStatus,
    drift,
    memberDrift: Object.fromEntries(drifted.map(([target, part]) => [target, part.drift])),
    generation: item['generation'] as number,
    version: item['version'] as number,
    historyHead: (item['historyHead'] as HistoryHead | undefined) ?? null,
  };
}
