import { targetOf, type Address } from '../model/address.js';
import type { Entry, HistoryHead, JournalStep, Recorded, RecordedMember, SyncStatus } from '../model/recorded.js';
import type { MemberSettings } from '../model/settings.js';
import type { TargetKey } from '../model/target.js';
import type { EntryWrite } from '../reconciler/ports.js';
import type { Bodies } from './bodies.js';
import { accountIndexKey, notInSyncIndexKey, rowKey, type ItemKey } from './keys.js';
import type { Item } from './table.js';

/** A unit's row is an entry; a member's row is the part of its unit's record that stands at one target. */
export type Role = 'unit' | 'member';

/** What a unit's record says of one target; null where it says nothing. */
export type Member = { readonly member: RecordedMember | null; readonly settings: MemberSettings | null };

export const NO_MEMBER: Member = { member: null, settings: null };

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
export function splitRecord(recorded: Recorded): {
  readonly common: Recorded;
  readonly members: ReadonlyMap<TargetKey, Member>;
} {
  const targets = new Set([...Object.keys(recorded.members), ...Object.keys(recorded.settings.members)] as TargetKey[]);
  const members = [...targets].map(
    (target) =>
      [
        target,
        { member: recorded.members[target] ?? null, settings: recorded.settings.members[target] ?? null },
      ] as const,
  );
  return {
    common: { ...recorded, settings: { ...recorded.settings, members: {} }, members: {} },
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
type UnitBody = { readonly recorded: Recorded | null; readonly step: JournalStep };

/** The row of a unit, without version, generation and head. */
export async function unitItem(
  bodies: Bodies,
  write: Pick<EntryWrite, 'address' | 'step' | 'sync'>,
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
    ...(status === 'absent'
      ? {}
      : { ...byAccount(write.address), ...(write.sync === 'IN_SYNC' ? {} : notInSyncIndexKey(write.address)) }),
  };
  return bodies.seal(item, { recorded: common, step: write.step } satisfies UnitBody);
}

/** The row of a unit of which there is nothing but a history. */
export function blankUnitItem(bodies: Bodies, address: Address): Promise<ItemKey & Item> {
  return unitItem(bodies, { address, step: { type: 'idle' }, sync: 'NOT_CHECKED' }, null);
}

/** The row of a member, without version, generation and head. */
export async function memberItem(
  bodies: Bodies,
  address: Address,
  part: Member,
  at: string | undefined,
): Promise<ItemKey & Item> {
  const item = { ...rowKey(address), address, role: 'member' satisfies Role };
  if (part.member === null && part.settings === null) return { ...item, status: 'absent' };
  return bodies.seal({ ...item, status: 'deployed', at, ...byAccount(address) }, part);
}

function byAccount(address: Address): Item {
  const target = targetOf(address);
  return target === null ? {} : accountIndexKey(target.account, address);
}

function statusOf(recorded: Recorded | null, step: JournalStep): string {
  if (step.type !== 'idle') return step.type;
  return recorded === null ? 'absent' : 'deployed';
}

export async function entryOf(bodies: Bodies, item: Item, members: ReadonlyMap<TargetKey, Member>): Promise<Entry> {
  const { recorded, step } = await bodies.open<UnitBody>(item);
  return {
    address: addressOf(item),
    recorded: recorded === null ? null : joinRecord(recorded, members),
    step,
    sync: item['sync'] as SyncStatus,
    generation: item['generation'] as number,
    version: item['version'] as number,
    historyHead: (item['historyHead'] as HistoryHead | undefined) ?? null,
  };
}
